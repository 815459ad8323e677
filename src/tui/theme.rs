//! Colours by meaning. Every meaning has a letter or a shape too, so that nothing is told by colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::domain::rotation::RotationState;

/// The colours of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// The terminal's own sixteen colours, so that they fit its light or dark.
    #[default]
    Colour,
    /// None: <https://no-color.org>.
    Mono,
}

impl Theme {
    fn colour(self, colour: Color) -> Style {
        match self {
            Self::Colour => Style::new().fg(colour),
            Self::Mono => Style::new(),
        }
    }

    /// A secret's state.
    pub fn state(self, state: RotationState) -> Style {
        match state {
            RotationState::Overdue => self.bad(),
            RotationState::Cancelled | RotationState::Pending => self.warn(),
            RotationState::Due | RotationState::Ok => self.colour(Color::Green),
            RotationState::Off | RotationState::Deleting => self.dim(),
        }
    }

    /// Something is broken.
    pub fn bad(self) -> Style {
        self.colour(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// Something wants a look.
    pub fn warn(self) -> Style {
        self.colour(Color::Yellow)
    }

    /// Something to press or to do.
    pub fn key(self) -> Style {
        self.colour(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// Less important than what stands beside it.
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// The most important words of a line.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Where the cursor is.
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// That this is not an account.
    pub fn demo(self) -> Style {
        self.colour(Color::Magenta).add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }
}
