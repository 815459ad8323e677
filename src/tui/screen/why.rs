//! Where the user is in a diagnosis: the window over it, the lines that are unfolded, what they say that they tested.

use std::collections::BTreeSet;

use super::scroll::Scroll;
use crate::domain::change::Tested;

/// Where the user is.
#[derive(Debug, Clone, Default)]
pub struct Why {
    /// The window.
    pub scroll: Scroll,
    /// The lines of the log that are unfolded, by their number from 0.
    pub unfolded: BTreeSet<usize>,
    /// The version whose password the user says that they logged in with.
    pub tested: Option<Tested>,
}

impl Why {
    /// The next thing that the user may say; at last nothing again.
    pub fn say_next(&mut self) {
        self.tested = match self.tested {
            None => Some(Tested::Pending),
            Some(Tested::Pending) => Some(Tested::Current),
            Some(Tested::Current) => Some(Tested::Previous),
            Some(Tested::Previous) => None,
        };
    }

    /// Unfolds every line, or folds them all again.
    pub fn unfold(&mut self, lines: usize) {
        self.unfolded = if self.unfolded.len() >= lines { BTreeSet::new() } else { (0..lines).collect() };
    }
}
