//! A row of cells that is painted over and over, and becomes a line at the end.

use crate::output::toned::{Line, Tone};

/// Cells of one column each.
#[derive(Debug, Clone)]
pub(in crate::output) struct Cells(Vec<(Tone, char)>);

impl Cells {
    /// So many empty cells.
    pub(in crate::output) fn new(columns: usize) -> Self {
        Self(vec![(Tone::Plain, ' '); columns])
    }

    /// One shape from a column to another, both included.
    pub(in crate::output) fn fill(&mut self, from: usize, to: usize, shape: char, tone: Tone) {
        for cell in self.0.iter_mut().take(to + 1).skip(from) {
            *cell = (tone, shape);
        }
    }

    /// A text from a column on, as far as there is room. Every character is one column wide.
    pub(in crate::output) fn write(&mut self, from: usize, text: &str, tone: Tone) {
        for (cell, c) in self.0.iter_mut().skip(from).zip(text.chars()) {
            *cell = (tone, c);
        }
    }

    /// Whether nothing is painted there.
    pub(in crate::output) fn is_free(&self, column: usize) -> bool {
        self.0.get(column).is_some_and(|(_, c)| *c == ' ')
    }

    /// Whether a letter stands there.
    pub(in crate::output) fn has_letter(&self, column: usize) -> bool {
        self.0.get(column).is_some_and(|(tone, c)| c.is_ascii_alphabetic() && *tone != Tone::Bad)
    }

    /// Shows the cursor in a column.
    pub(in crate::output) fn mark_cursor(&mut self, column: Option<usize>) {
        if let Some(cell) = column.and_then(|column| self.0.get_mut(column)) {
            cell.0 = Tone::Cursor;
        }
    }

    /// The cells as a line; what is empty at its end is left out.
    pub(in crate::output) fn line(&self) -> Line {
        let end = self.0.iter().rposition(|cell| *cell != (Tone::Plain, ' ')).map_or(0, |last| last + 1);
        let mut line = Line::new();
        for (tone, c) in self.0.iter().take(end) {
            match line.last_mut() {
                Some((last, text)) if last == tone => text.push(*c),
                _ => line.push((*tone, c.to_string())),
            }
        }
        line
    }
}
