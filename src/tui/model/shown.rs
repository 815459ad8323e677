//! What of the model is on the screen: the areas, the selected row, and the texts of panels, as they are read by `update`
//! and drawn by `view`.

use ratatui::layout::{Position, Rect};

use super::{Model, Overlay, Screen, Start};
use crate::domain::fault::Fault;
use crate::domain::secret::SecretId;
use crate::tui::known::{Log, Rotation, Row};
use crate::tui::layout::{self, Areas};
use crate::tui::pane::{self, Look};
use crate::tui::{board, history, lanes, proposal, sheet};

impl Model {
    /// The areas of the home screen; `None` where the terminal is too small for them.
    pub fn areas(&self) -> Option<Areas> {
        layout::areas(Rect::from((Position::ORIGIN, self.size)))
    }

    /// Why the list is not there, or not up to date.
    pub fn list_fault(&self) -> Option<&Fault> {
        self.known.context.state.fault().or(self.known.secrets.state.fault())
    }

    /// How many secrets the list shows at once.
    pub fn page(&self) -> usize {
        self.areas().map_or(1, |areas| areas.page(self.list_fault().is_some()))
    }

    /// How many lines a screen of lines shows at once.
    pub fn lines(&self) -> usize {
        let Some(areas) = self.areas() else { return 1 };
        match (self.screen(), self.selected()) {
            (Screen::History, _) => history::areas(self).map_or(1, |areas| areas.page),
            (Screen::Upcoming, _) => layout::rows(areas.body, self.list_fault().is_some()),
            (Screen::Secret, Some(row)) if !self.raw => layout::lines(lanes::drawn(self, row, areas.body).below),
            _ => layout::lines(areas.body),
        }
    }

    /// The rotation that is shown.
    pub fn watched(&self) -> Option<&Rotation> {
        match self.screen() {
            Screen::Watch(number) => self.known.rotations.get(number),
            _ => None,
        }
    }

    /// The log that is shown.
    pub fn log(&self) -> Option<&Log> {
        match self.screen() {
            Screen::Watch(_) => self.watched().map(|rotation| &rotation.log),
            Screen::Log => self.known.log.as_ref().map(|(_, log)| log),
            _ => None,
        }
    }

    /// What is said above the log of the rotation that is shown, and the areas of both.
    pub fn board(&self) -> Option<(Vec<sheet::Line>, Rect, Rect)> {
        let (areas, rotation) = (self.areas()?, self.watched()?);
        let size = (areas.columns(), layout::board_lines(areas.body));
        let mut lines = board::lines(rotation, self.board_wish(size));
        // A picture that is held stays where it is, whatever there is to say above it.
        if let Some(above) = self.pane.held.as_ref().and_then(|held| held.above) {
            lines.resize(above, sheet::Line::new());
        }
        let (above, below) = layout::watch(areas.body, lines.len());
        Some((lines, above, below))
    }

    /// The log that is shown, as it is looked at.
    pub fn look(&self) -> Option<Look<'_>> {
        let board = self.board();
        let body = board.as_ref().map_or_else(|| Some(self.areas()?.body), |(_, _, below)| Some(*below))?;
        let (log, area) = (self.log()?, layout::inside(body));
        let above = board.map(|(lines, ..)| lines.len());
        let since = match self.watched() {
            Some(rotation) => board::since(rotation),
            None => log.from.unwrap_or(self.now),
        };
        let id = self.watched().map(|rotation| &rotation.id).or(self.known.log.as_ref().map(|(id, _)| id));
        let home = id.and_then(SecretId::home);
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let height = height.saturating_sub(pane::notes(log, width).len().min(height / 2));
        Some(Look { log, pane: &self.pane, above, home, since, now: self.now, width, height })
    }

    /// What there is to read of the change that is asked about, and how many lines of it stand on the screen.
    pub fn proposal(&self) -> Option<(proposal::Proposal, usize)> {
        let Some(Overlay::Confirm(confirm)) = &self.overlay else { return None };
        let area = layout::confirm(Rect::from((Position::ORIGIN, self.size)));
        let size = layout::inside(area);
        Some((proposal::proposal(self, confirm, usize::from(size.width)), usize::from(size.height).saturating_sub(1)))
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&Row> {
        self.secrets.selected(&self.known.secrets)
    }

    /// The selected secret.
    pub fn selected_id(&self) -> Option<SecretId> {
        self.selected().map(|row| row.secret.id.clone())
    }

    /// What there is to say about the selected secret, as wide as a screen of lines is.
    pub fn sheet(&self) -> Vec<sheet::Line> {
        let width = self.areas().map_or(1, |areas| areas.columns());
        self.selected().map_or_else(Vec::new, |row| self.sheet_of(row, self.raw, width))
    }

    /// What there is to say about a secret, or AWS's own answer.
    pub fn sheet_of(&self, row: &Row, raw: bool, width: usize) -> Vec<sheet::Line> {
        let story = || lanes::story(self, row).into_iter().chain(history::readers(self, row)).collect();
        let part = if raw { sheet::Part::Raw } else { sheet::Part::Whole(story()) };
        sheet::lines(row, &self.known, part, self.wish(width))
    }

    /// What there is to say about a secret under the list: its timeline is part of it.
    pub fn preview_of(&self, row: &Row, width: usize) -> Vec<sheet::Line> {
        let part = sheet::Part::Preview(lanes::small(self, row, width));
        sheet::lines(row, &self.known, part, self.wish(width))
    }

    /// How what there is to say about a rotation is said, on so many columns and rows.
    pub fn board_wish(&self, size: (usize, usize)) -> board::Wish<'_> {
        board::Wish { keys: &self.start.keymap, ascii: self.start.ascii, size, now: self.now }
    }

    fn wish(&self, width: usize) -> sheet::Wish<'_> {
        let Start { local_times, ascii, .. } = self.start;
        sheet::Wish { keys: &self.start.keymap, local_times, ascii, width, now: self.now }
    }
}
