//! The cursor of the home screen. It holds a secret, not a line: rows that arrive or move don't move it.

use crate::domain::secret::SecretId;
use crate::tui::keymap::Action;
use crate::tui::known::Secrets as Known;

/// Where the user is in the list.
#[derive(Debug, Default)]
pub struct Secrets {
    /// The secret that the user chose; until they choose, the first line is it, whatever comes to stand there.
    chosen: Option<SecretId>,
    /// The line of the window on which it stands, from 0.
    line: usize,
}

impl Secrets {
    /// The selected secret's place in the order.
    pub fn place(&self, known: &Known) -> usize {
        self.chosen.as_ref().and_then(|id| known.place(id)).unwrap_or(0)
    }

    /// The selected secret.
    pub fn selected(&self, known: &Known) -> Option<SecretId> {
        known.at(self.place(known)).map(|secret| secret.id.clone())
    }

    /// The place of the window's first line.
    pub fn top(&self, known: &Known, page: usize) -> usize {
        let line = self.line.min(page.saturating_sub(1));
        self.place(known).saturating_sub(line).min(known.len().saturating_sub(page))
    }

    /// Moves the cursor as the action says. `false`: it is no movement.
    pub fn go(&mut self, action: Action, known: &Known, page: usize) -> bool {
        let place = self.place(known);
        let last = known.len().saturating_sub(1);
        let wanted = match action {
            Action::Up => place.saturating_sub(1),
            Action::Down => place + 1,
            Action::PageUp => place.saturating_sub(page),
            Action::PageDown => place + page,
            Action::Top => 0,
            Action::Bottom => last,
            _ => return false,
        };
        self.put(wanted.min(last), known, page);
        true
    }

    /// Puts the cursor on a place; the window moves only as far as it must.
    fn put(&mut self, place: usize, known: &Known, page: usize) {
        let top = self.top(known, page);
        let top = top.clamp((place + 1).saturating_sub(page), place);
        self.chosen = known.at(place).map(|secret| secret.id.clone());
        self.line = place - top;
    }

    /// After the order has changed: a chosen secret that is gone leaves the cursor on the line where it stood.
    pub fn keep(&mut self, before: usize, known: &Known) {
        if self.chosen.as_ref().is_some_and(|id| known.place(id).is_none()) {
            let place = before.min(known.len().saturating_sub(1));
            self.chosen = known.at(place).map(|secret| secret.id.clone());
        }
    }
}
