//! The state of the dashboard: what is known, one struct of cursors per screen, what lies over them.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use ratatui::layout::{Rect, Size};

use super::known::Known;
use super::layout::{self, Areas};
use super::msg::{Effect, Request, Slot, Ticket};
use super::screen::secrets;
use super::theme::Theme;
use crate::domain::fault::Fault;

/// How often an expired sign-in is looked at again: somebody may be signing in in another window.
pub const LOOK_AGAIN: Duration = Duration::from_secs(10);

/// What the dashboard knows before it has asked anything.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// The profile that was asked for by flag.
    pub profile: Option<String>,
    /// The Region that was asked for by flag.
    pub region: Option<String>,
    /// Whether AWS lives in memory.
    pub demo: bool,
    /// The colours.
    pub theme: Theme,
    /// The time, UTC.
    pub now: DateTime<Utc>,
    /// The terminal's size.
    pub size: Size,
}

/// The state of the dashboard.
#[derive(Debug)]
pub struct Model {
    /// What was known at the start.
    pub start: Start,
    /// The time, UTC, as of the last message.
    pub now: DateTime<Utc>,
    /// The terminal's size.
    pub size: Size,
    /// What is known of AWS.
    pub known: Known,
    /// The home screen.
    pub secrets: secrets::Secrets,
    /// What lies over the screen and takes its keys.
    pub overlay: Option<Overlay>,
    /// One line that goes away with the next key.
    pub notice: Option<String>,
    /// When the order of trouble was last put right.
    pub sorted: DateTime<Utc>,
    tickets: u64,
    awaited: HashMap<Slot, Ticket>,
}

/// What lies over a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// The keys, from this line on.
    Help(u16),
}

impl Model {
    /// A dashboard that has asked nothing yet.
    pub fn new(start: Start) -> Self {
        Self {
            now: start.now,
            size: start.size,
            sorted: start.now,
            start,
            known: Known::default(),
            secrets: secrets::Secrets::default(),
            overlay: None,
            notice: None,
            tickets: 0,
            awaited: HashMap::new(),
        }
    }

    /// The areas of the screen; `None` where the terminal is too small for them.
    pub fn areas(&self) -> Option<Areas> {
        layout::areas(Rect::from((ratatui::layout::Position::ORIGIN, self.size)))
    }

    /// Why the list is not there, or not up to date.
    pub fn list_fault(&self) -> Option<&Fault> {
        self.known.context.state.fault().or(self.known.secrets.state.fault())
    }

    /// How many secrets the list shows at once.
    pub fn page(&self) -> usize {
        self.areas().map_or(1, |areas| areas.page(self.list_fault().is_some()))
    }

    /// A request under a new ticket; its reply alone is awaited in that slot from here on.
    pub fn ask(&mut self, slot: Slot, request: Request) -> Effect {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.awaited.insert(slot, ticket);
        Effect::Start(slot, ticket, request)
    }

    /// Ends what runs in a slot; a reply that is under way is late from here on.
    pub fn drop_question(&mut self, slot: Slot) -> Effect {
        self.awaited.remove(&slot);
        Effect::Stop(slot)
    }

    /// Whether the reply under this ticket is the one that the slot waits for.
    pub fn awaits(&self, slot: Slot, ticket: Ticket) -> bool {
        self.awaited.get(&slot) == Some(&ticket)
    }
}
