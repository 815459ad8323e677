//! Lines of text whose pieces say how they are to be read; the dashboard and the commands colour them each in its way.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::domain::rotation::RotationState;

/// How a piece of text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// The most important words of the line.
    Strong,
    /// Less important than what stands beside it.
    Dim,
    /// Something to press or to do.
    Key,
    /// Something is broken.
    Bad,
    /// Something wants a look.
    Warn,
    /// Something is as it should be.
    Good,
    /// Where the cursor is.
    Cursor,
    /// A secret's state.
    State(RotationState),
}

/// A line: its pieces, from left to right.
pub type Line = Vec<(Tone, String)>;

/// The columns that a line takes.
pub fn width(line: &Line) -> usize {
    line.iter().map(|(_, text)| crate::text::width(text)).sum()
}

/// Writes a line, in colour only where the writer shows it.
pub fn write(out: &mut dyn Write, line: &Line) -> io::Result<()> {
    for (tone, text) in line {
        let style = style(*tone);
        write!(out, "{style}{text}{style:#}")?;
    }
    writeln!(out)
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain | Tone::Cursor => Style::new(),
        Tone::Strong => Style::new().bold(),
        Tone::Dim => Style::new().dimmed(),
        Tone::Key => AnsiColor::Cyan.on_default(),
        Tone::Bad => AnsiColor::Red.on_default(),
        Tone::Warn => AnsiColor::Yellow.on_default(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::State(state) => state_style(state),
    }
}

/// The colour of a secret's state.
pub fn state_style(state: RotationState) -> Style {
    match state {
        RotationState::Stuck | RotationState::Failed | RotationState::Overdue => AnsiColor::Red.on_default(),
        RotationState::Cancelled | RotationState::Pending | RotationState::Rotating => AnsiColor::Yellow.on_default(),
        RotationState::Due | RotationState::Ok => AnsiColor::Green.on_default(),
        RotationState::Off | RotationState::Deleting => Style::new().dimmed(),
    }
}
