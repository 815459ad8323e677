//! Lines of text whose pieces say how they are to be read; the dashboard and the commands colour them each in its way.

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
