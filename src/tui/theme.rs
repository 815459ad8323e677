//! Colours by meaning. Every meaning has a letter or a shape too, so that nothing is told by colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::domain::rotation::RotationState;

/// The colours of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// The terminal's own sixteen colours, so that they fit its light or dark.
    #[default]
    Auto,
    /// For light letters on a dark ground.
    Dark,
    /// For dark letters on a light ground, where yellow and cyan can't be read.
    Light,
    /// None: <https://no-color.org>.
    Mono,
}

/// What a colour means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Bad,
    Warn,
    Good,
    Key,
    Demo,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Dark, Self::Light, Self::Mono];

    /// The word for it in commands and in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Mono => "mono",
        }
    }

    /// From its word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.word() == word)
    }

    fn colour(self, meaning: Meaning) -> Style {
        let colour = match (self, meaning) {
            (Self::Mono, _) => return Style::new(),
            (Self::Auto, Meaning::Bad) => Color::Red,
            (Self::Auto, Meaning::Warn) => Color::Yellow,
            (Self::Auto, Meaning::Good) => Color::Green,
            (Self::Auto, Meaning::Key) => Color::Cyan,
            (Self::Auto, Meaning::Demo) => Color::Magenta,
            (Self::Dark, Meaning::Bad) => Color::Indexed(203),
            (Self::Dark, Meaning::Warn) => Color::Indexed(221),
            (Self::Dark, Meaning::Good) => Color::Indexed(114),
            (Self::Dark, Meaning::Key) => Color::Indexed(117),
            (Self::Dark, Meaning::Demo) => Color::Indexed(177),
            (Self::Light, Meaning::Bad) => Color::Indexed(124),
            (Self::Light, Meaning::Warn) => Color::Indexed(130),
            (Self::Light, Meaning::Good) => Color::Indexed(22),
            (Self::Light, Meaning::Key) => Color::Indexed(25),
            (Self::Light, Meaning::Demo) => Color::Indexed(90),
        };
        Style::new().fg(colour)
    }

    /// A secret's state.
    pub fn state(self, state: RotationState) -> Style {
        match state {
            RotationState::Stuck | RotationState::Failed | RotationState::Overdue => self.bad(),
            RotationState::Cancelled | RotationState::Pending | RotationState::Rotating => self.warn(),
            RotationState::Due | RotationState::Ok => self.colour(Meaning::Good),
            RotationState::Off | RotationState::Deleting => self.dim(),
        }
    }

    /// Something is broken.
    pub fn bad(self) -> Style {
        self.colour(Meaning::Bad).add_modifier(Modifier::BOLD)
    }

    /// Something wants a look.
    pub fn warn(self) -> Style {
        self.colour(Meaning::Warn)
    }

    /// Something is as it should be.
    pub fn good(self) -> Style {
        self.colour(Meaning::Good)
    }

    /// Something to press or to do.
    pub fn key(self) -> Style {
        self.colour(Meaning::Key).add_modifier(Modifier::BOLD)
    }

    /// Less important than what stands beside it.
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// The most important words of a line.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What the filter found.
    pub fn found(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    /// Where the cursor is.
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// That this is not an account.
    pub fn demo(self) -> Style {
        self.colour(Meaning::Demo).add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }
}
