//! The state of the dashboard: what is known, one struct of cursors per screen, what lies over them.

mod shown;

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use ratatui::layout::Size;
use tui_input::Input;

use super::board;
use super::keymap::{Keymap, Scope};
use super::known::{Known, Rotation, Stage as Progress};
use super::msg::{Effect, Request, Slot, Ticket};
use super::screen::confirm::Confirm;
use super::screen::log::Pane;
use super::screen::{history, scroll::Scroll, secrets, timeline, upcoming, why};
use super::theme::Theme;
use crate::domain::handles::Handle;
use crate::domain::secret::SecretId;
use crate::domain::sort::Sort;
use crate::text::zone::Zone;

/// How long a notice stands, if no key takes it away before.
const NOTICE: TimeDelta = TimeDelta::seconds(20);

/// What the dashboard knows before it has asked anything.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the configuration, and none excludes another")]
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// The profile that was asked for by flag.
    pub profile: Option<String>,
    /// The Region that was asked for by flag.
    pub region: Option<String>,
    /// Whether AWS lives in memory.
    pub demo: bool,
    /// Whether nothing in AWS may be changed from here.
    pub read_only: bool,
    /// The colours.
    pub theme: Theme,
    /// Whether borders and shapes are ASCII only.
    pub ascii: bool,
    /// Whether dates are shown in the machine's time zone too.
    pub local_times: bool,
    /// Whether the mouse is taken.
    pub mouse: bool,
    /// Whether the bell rings when a rotation has ended.
    pub bell: bool,
    /// The order of the list at the start.
    pub sort: Sort,
    /// The filter at the start.
    pub filter: String,
    /// The keys as the user has them.
    pub keymap: Keymap,
    /// The time, UTC.
    pub now: DateTime<Utc>,
    /// The terminal's size.
    pub size: Size,
}

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The list.
    Secrets,
    /// The selected secret.
    Secret,
    /// A rotation that is watched, by its number.
    Watch(u32),
    /// The log of the selected secret's function.
    Log,
    /// Why one secret's rotation isn't done.
    Why,
    /// The event history of a secret, or of the account and Region.
    History,
    /// Who notices what.
    Alerts,
    /// What rotates next.
    Upcoming,
    /// The calls of AWS.
    Calls,
}

/// What lies over a screen and takes its keys.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// The keys.
    Help(Scroll),
    /// A command that is being typed.
    Command(Input),
    /// What can be copied of a secret, and the choice.
    Copy(Vec<Handle>, usize),
    /// A change that is asked about.
    Confirm(Box<Confirm>),
    /// The name of a file that log lines are to be saved to.
    Save(Input),
}

/// One line at the foot that goes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub text: String,
    /// When it goes, if no key takes it away before (UTC).
    pub until: DateTime<Utc>,
    /// The rotation that it tells of, by its number.
    pub about: Option<u32>,
}

/// The state of the dashboard.
#[derive(Debug)]
pub struct Model {
    /// What was known and wished for at the start.
    pub start: Start,
    /// The time, UTC, as of the last message.
    pub now: DateTime<Utc>,
    /// The terminal's size.
    pub size: Size,
    /// What is known of AWS.
    pub known: Known,
    /// The way to the screen that is shown: the last one. The first is always the list.
    pub way: Vec<Screen>,
    /// The home screen.
    pub secrets: secrets::Secrets,
    /// The window over one secret's facts.
    pub secret: Scroll,
    /// Where the user is in the selected secret's timeline.
    pub timeline: timeline::Timeline,
    /// Whether AWS's own answer is unfolded.
    pub raw: bool,
    /// The agenda, and where the user is in it.
    pub upcoming: upcoming::Upcoming,
    /// Where the user is in the event history.
    pub history: history::History,
    /// Where the user is in the log that is shown.
    pub pane: Pane,
    /// Whose log that is.
    pub pane_of: Option<Screen>,
    /// Where the user is in a diagnosis.
    pub why: why::Why,
    /// The window over who notices what.
    pub alerts: Scroll,
    /// The window over the calls.
    pub calls: Scroll,
    /// What lies over the screen and takes its keys.
    pub overlay: Option<Overlay>,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// The rotation that the notice told of that stood when the last key was pressed.
    pub told_of: Option<u32>,
    /// Whether the user has left, and only the answer to a call is waited for.
    pub is_leaving: bool,
    tickets: u64,
    awaited: HashMap<Slot, (Ticket, Option<SecretId>)>,
}

impl Model {
    /// A dashboard that has asked nothing yet.
    pub fn new(start: Start) -> Self {
        let known = Known::default();
        let secrets = secrets::Secrets::wished(start.sort, &start.filter, &known.secrets);
        Self {
            now: start.now,
            size: start.size,
            start,
            known,
            way: vec![Screen::Secrets],
            secrets,
            secret: Scroll::default(),
            timeline: timeline::Timeline::default(),
            raw: false,
            upcoming: upcoming::Upcoming::default(),
            history: history::History::default(),
            pane: Pane::default(),
            pane_of: None,
            why: why::Why::default(),
            alerts: Scroll::default(),
            calls: Scroll::default(),
            overlay: None,
            notice: None,
            told_of: None,
            is_leaving: false,
            tickets: 0,
            awaited: HashMap::new(),
        }
    }

    /// The screen that is shown.
    pub fn screen(&self) -> Screen {
        self.way.last().copied().unwrap_or(Screen::Secrets)
    }

    /// Where keys have their meaning now.
    pub fn scope(&self) -> Scope {
        match (&self.overlay, self.screen()) {
            (Some(Overlay::Help(_)), _) => Scope::Help,
            (Some(Overlay::Command(_) | Overlay::Save(_)), _) => Scope::Typing,
            (Some(Overlay::Copy(..)), _) => Scope::Copy,
            (Some(Overlay::Confirm(confirm)), _) if confirm.is_typed() => Scope::ConfirmName,
            (Some(Overlay::Confirm(_)), _) => Scope::Confirm,
            (None, Screen::Watch(_) | Screen::Log) if self.pane.typing => Scope::Typing,
            (None, Screen::Watch(_) | Screen::Log) => Scope::Log,
            (None, Screen::Secrets) if self.secrets.typing => Scope::Typing,
            (None, Screen::Secrets) => Scope::Secrets,
            (None, Screen::Secret) => Scope::Secret,
            (None, Screen::Why) => Scope::Why,
            (None, Screen::History) if self.history.typing => Scope::Typing,
            (None, Screen::History) => Scope::History,
            (None, Screen::Alerts) => Scope::Alerts,
            (None, Screen::Upcoming) => Scope::Upcoming,
            (None, Screen::Calls) => Scope::Calls,
        }
    }

    /// What is said when the dashboard is left: which rotations go on in AWS.
    pub fn goes_on(&self) -> Vec<String> {
        let is_under_way = |rotation: &&Rotation| rotation.is_calling() || rotation.stage == Progress::Following;
        self.known.rotations.iter().filter(is_under_way).map(board::goes_on).collect()
    }

    /// Whether something on the screen counts seconds.
    pub fn counts(&self) -> bool {
        self.watched().is_some_and(Rotation::is_live)
            || (self.screen() == Screen::Why && self.known.fix.as_ref().is_some_and(|fix| fix.end().is_none()))
    }

    /// The clocks by which days and hours are shown.
    pub fn zone(&self) -> Zone {
        if self.start.local_times { Zone::Local } else { Zone::Utc }
    }

    /// Says something for a while.
    pub fn notify(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), until: self.now + NOTICE, about: None });
    }

    /// The same of a rotation, by its number.
    pub fn notify_of(&mut self, text: impl Into<String>, number: u32) {
        self.notice = Some(Notice { text: text.into(), until: self.now + NOTICE, about: Some(number) });
    }

    /// A request under a new ticket; its reply alone is awaited in that slot from here on.
    pub fn ask(&mut self, slot: Slot, request: Request) -> Effect {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        let about = match &request {
            Request::Inspect(id, _) => Some(id.clone()),
            _ => None,
        };
        self.awaited.insert(slot, (ticket, about));
        Effect::Start(slot, ticket, request)
    }

    /// Ends what runs in a slot; a reply that is under way is late from here on.
    pub fn drop_question(&mut self, slot: Slot) -> Effect {
        self.awaited.remove(&slot);
        Effect::Stop(slot)
    }

    /// Whether the reply under this ticket is the one that the slot waits for.
    pub fn awaits(&self, slot: Slot, ticket: Ticket) -> bool {
        self.awaited.get(&slot).is_some_and(|(awaited, _)| *awaited == ticket)
    }

    /// The slot's question has been answered.
    pub fn answered(&mut self, slot: Slot) {
        self.awaited.remove(&slot);
    }

    /// Whether nothing is awaited in a slot.
    pub fn is_free(&self, slot: Slot) -> bool {
        !self.awaited.contains_key(&slot)
    }

    /// Whether a secret is being asked about.
    pub fn is_asked(&self, id: &SecretId) -> bool {
        self.awaited.values().any(|(_, about)| about.as_ref() == Some(id))
    }
}
