//! The window over lines that are read, not chosen.

use crate::tui::keymap::Action;

/// The first line that is shown.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Scroll {
    /// Its number, from 0.
    pub top: usize,
}

impl Scroll {
    /// Moves as the action says, within so many lines. `false`: it is no movement.
    pub fn go(&mut self, action: Action, lines: usize, page: usize) -> bool {
        let half = (page / 2).max(1);
        let wanted = match action {
            Action::Up => self.top.saturating_sub(1),
            Action::Down => self.top + 1,
            Action::HalfUp => self.top.saturating_sub(half),
            Action::HalfDown => self.top + half,
            Action::PageUp => self.top.saturating_sub(page),
            Action::PageDown => self.top + page,
            Action::Top => 0,
            Action::Bottom => lines,
            _ => return false,
        };
        self.top = wanted.min(lines.saturating_sub(page));
        true
    }
}
