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
        let Some(wanted) = moved(action, self.top, page) else { return false };
        self.top = wanted.min(lines.saturating_sub(page));
        true
    }
}

/// The place to which an action leads from another one, as if there were no end; `None` if it is no movement.
pub fn moved(action: Action, place: usize, page: usize) -> Option<usize> {
    let half = (page / 2).max(1);
    Some(match action {
        Action::Up => place.saturating_sub(1),
        Action::Down => place + 1,
        Action::HalfUp => place.saturating_sub(half),
        Action::HalfDown => place + half,
        Action::PageUp => place.saturating_sub(page),
        Action::PageDown => place + page,
        Action::Top => 0,
        Action::Bottom => usize::MAX,
        _ => return None,
    })
}
