//! The one table of keys. The dispatcher, the footer, the help and the README read it.

mod action;
mod name;
mod own;

pub use self::action::Action;
pub use self::name::{NAMED, parse};
pub use self::own::{Keymap, Problem, Row, vocabulary};

/// Where a key has its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere.
    Any,
    /// In the list of secrets.
    Secrets,
    /// Where one secret is shown.
    Secret,
    /// Where it is said why a rotation isn't done.
    Why,
    /// In the agenda.
    Upcoming,
    /// In the event history.
    History,
    /// In a log, and where a rotation is watched.
    Log,
    /// Where it is said who notices what.
    Alerts,
    /// In the list of calls.
    Calls,
    /// In the help.
    Help,
    /// In the list of what can be copied.
    Copy,
    /// Where a change is to be confirmed by a key.
    Confirm,
    /// Where a change is to be confirmed by a name that is typed.
    ConfirmName,
    /// While something is typed: the filter or a command.
    Typing,
}

impl Scope {
    /// Its name for programs. Never changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Secrets => "secrets",
            Self::Secret => "secret",
            Self::Why => "why",
            Self::Upcoming => "upcoming",
            Self::History => "history",
            Self::Log => "log",
            Self::Alerts => "alerts",
            Self::Calls => "calls",
            Self::Help => "help",
            Self::Copy => "copy",
            Self::Confirm => "confirm",
            Self::ConfirmName => "confirm_name",
            Self::Typing => "typing",
        }
    }

    /// The heading of its keys in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Any => "Everywhere",
            Self::Secrets => "Secrets",
            Self::Secret => "One secret",
            Self::Why => "Why, and the ways out",
            Self::Upcoming => "Upcoming",
            Self::History => "History and activity",
            Self::Log => "Rotation and log",
            Self::Alerts => "Alert coverage",
            Self::Calls => "API calls",
            Self::Help => "Help",
            Self::Copy => "Copy",
            Self::Confirm => "Confirm a change",
            Self::ConfirmName => "Confirm a change by name",
            Self::Typing => "While typing",
        }
    }

    /// Whether the keys that hold everywhere hold here too. Where something is typed, letters are letters.
    fn takes_any(self) -> bool {
        !matches!(self, Self::Typing | Self::Copy | Self::Help | Self::Confirm | Self::ConfirmName)
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where it holds.
    pub scope: Scope,
    /// The keys, separated by spaces.
    pub keys: &'static str,
    /// What they ask for.
    pub action: Action,
    /// What that is, in the footer and the help.
    pub help: &'static str,
    /// The footer drops high numbers first; 9 is never in it.
    pub priority: u8,
}

const fn bind(scope: Scope, keys: &'static str, action: Action, help: &'static str, priority: u8) -> Binding {
    Binding { scope, keys, action, help, priority }
}

/// Every key.
pub const BINDINGS: &[Binding] = &[
    bind(Scope::Secrets, "enter", Action::Open, "open", 1),
    bind(Scope::Secrets, "R", Action::Rotate, "rotate", 2),
    bind(Scope::Secrets, "w", Action::Why, "why", 3),
    bind(Scope::Secrets, "f", Action::Watch, "watch", 5),
    bind(Scope::Secrets, "l", Action::Logs, "logs", 4),
    bind(Scope::Secrets, "h", Action::History, "history", 4),
    bind(Scope::Secrets, "T", Action::TestOnly, "test a rotation only", 9),
    bind(Scope::Secrets, "O", Action::Turn, "turn rotation off or on", 9),
    bind(Scope::Secrets, "D", Action::Mark, "delete or restore", 9),
    bind(Scope::Secrets, "/", Action::Filter, "filter", 2),
    bind(Scope::Secrets, "s", Action::Sort, "sort", 5),
    bind(Scope::Secrets, "S", Action::Reverse, "other end first", 9),
    bind(Scope::Secrets, "y", Action::Copy, "copy", 5),
    bind(Scope::Secrets, "j down", Action::Down, "down", 9),
    bind(Scope::Secrets, "k up", Action::Up, "up", 9),
    bind(Scope::Secrets, "ctrl-d", Action::HalfDown, "half a page down", 9),
    bind(Scope::Secrets, "ctrl-u", Action::HalfUp, "half a page up", 9),
    bind(Scope::Secrets, "pgdn ctrl-f space", Action::PageDown, "page down", 9),
    bind(Scope::Secrets, "pgup ctrl-b", Action::PageUp, "page up", 9),
    bind(Scope::Secrets, "g home", Action::Top, "first", 9),
    bind(Scope::Secrets, "G end", Action::Bottom, "last", 9),
    bind(Scope::Secrets, "esc", Action::Back, "take the filter away", 9),
    bind(Scope::Secret, "R", Action::Rotate, "rotate", 2),
    bind(Scope::Secret, "w", Action::Why, "why", 2),
    bind(Scope::Secret, "f", Action::Watch, "watch", 4),
    bind(Scope::Secret, "l", Action::Logs, "logs", 3),
    bind(Scope::Secret, "h", Action::History, "history", 3),
    bind(Scope::Secret, "T", Action::TestOnly, "test a rotation only", 9),
    bind(Scope::Secret, "O", Action::Turn, "turn rotation off or on", 9),
    bind(Scope::Secret, "D", Action::Mark, "delete or restore", 9),
    bind(Scope::Secret, "left", Action::Earlier, "earlier", 6),
    bind(Scope::Secret, "right", Action::Later, "later", 6),
    bind(Scope::Secret, "H", Action::MuchEarlier, "much earlier", 9),
    bind(Scope::Secret, "L", Action::MuchLater, "much later", 9),
    bind(Scope::Secret, "tab ]", Action::NextVersion, "next version", 2),
    bind(Scope::Secret, "shift-tab [", Action::PreviousVersion, "previous version", 9),
    bind(Scope::Secret, "+ =", Action::ZoomIn, "zoom in", 3),
    bind(Scope::Secret, "-", Action::ZoomOut, "zoom out", 3),
    bind(Scope::Secret, "d", Action::Deprecated, "deprecated versions", 5),
    bind(Scope::Secret, "J", Action::Raw, "AWS's own JSON", 2),
    bind(Scope::Secret, "y", Action::Copy, "copy", 3),
    bind(Scope::Secret, "j down", Action::Down, "down", 9),
    bind(Scope::Secret, "k up", Action::Up, "up", 9),
    bind(Scope::Secret, "ctrl-d", Action::HalfDown, "half a page down", 9),
    bind(Scope::Secret, "ctrl-u", Action::HalfUp, "half a page up", 9),
    bind(Scope::Secret, "pgdn ctrl-f space", Action::PageDown, "page down", 9),
    bind(Scope::Secret, "pgup ctrl-b", Action::PageUp, "page up", 9),
    bind(Scope::Secret, "g home", Action::Top, "first line", 9),
    bind(Scope::Secret, "G end", Action::Bottom, "last line", 9),
    bind(Scope::Secret, "esc", Action::Back, "back", 1),
    bind(Scope::Why, "p", Action::Promote, "promote", 2),
    bind(Scope::Why, "d", Action::DropPending, "drop", 2),
    bind(Scope::Why, "t", Action::Say, "what you tested", 3),
    bind(Scope::Why, "e", Action::Evidence, "unfold the lines", 3),
    bind(Scope::Why, "b", Action::RollBack, "roll back", 6),
    bind(Scope::Why, "F", Action::Finish, "finish a plan", 6),
    bind(Scope::Why, "U", Action::Undo, "undo the last fix", 5),
    bind(Scope::Why, "l", Action::Logs, "logs", 4),
    bind(Scope::Why, "f", Action::Watch, "watch", 7),
    bind(Scope::Why, "R", Action::Rotate, "rotate", 4),
    bind(Scope::Why, "h", Action::History, "history", 6),
    bind(Scope::Why, "T", Action::TestOnly, "test a rotation only", 9),
    bind(Scope::Why, "O", Action::Turn, "turn rotation off or on", 9),
    bind(Scope::Why, "1", Action::Nth(1), "unfold line 1", 9),
    bind(Scope::Why, "2", Action::Nth(2), "unfold line 2", 9),
    bind(Scope::Why, "3", Action::Nth(3), "unfold line 3", 9),
    bind(Scope::Why, "4", Action::Nth(4), "unfold line 4", 9),
    bind(Scope::Why, "5", Action::Nth(5), "unfold line 5", 9),
    bind(Scope::Why, "6", Action::Nth(6), "unfold line 6", 9),
    bind(Scope::Why, "7", Action::Nth(7), "unfold line 7", 9),
    bind(Scope::Why, "8", Action::Nth(8), "unfold line 8", 9),
    bind(Scope::Why, "9", Action::Nth(9), "unfold line 9", 9),
    bind(Scope::Why, "j down", Action::Down, "down", 9),
    bind(Scope::Why, "k up", Action::Up, "up", 9),
    bind(Scope::Why, "ctrl-d", Action::HalfDown, "half a page down", 9),
    bind(Scope::Why, "ctrl-u", Action::HalfUp, "half a page up", 9),
    bind(Scope::Why, "pgdn ctrl-f space", Action::PageDown, "page down", 9),
    bind(Scope::Why, "pgup ctrl-b", Action::PageUp, "page up", 9),
    bind(Scope::Why, "g home", Action::Top, "first line", 9),
    bind(Scope::Why, "G end", Action::Bottom, "last line", 9),
    bind(Scope::Why, "esc", Action::Back, "back", 1),
    bind(Scope::Upcoming, "enter", Action::Open, "open", 1),
    bind(Scope::Upcoming, "+ =", Action::ZoomIn, "zoom in", 2),
    bind(Scope::Upcoming, "-", Action::ZoomOut, "zoom out", 2),
    bind(Scope::Upcoming, "j down", Action::Down, "down", 9),
    bind(Scope::Upcoming, "k up", Action::Up, "up", 9),
    bind(Scope::Upcoming, "ctrl-d", Action::HalfDown, "half a page down", 9),
    bind(Scope::Upcoming, "ctrl-u", Action::HalfUp, "half a page up", 9),
    bind(Scope::Upcoming, "pgdn ctrl-f space", Action::PageDown, "page down", 9),
    bind(Scope::Upcoming, "pgup ctrl-b", Action::PageUp, "page up", 9),
    bind(Scope::Upcoming, "g home", Action::Top, "first", 9),
    bind(Scope::Upcoming, "G end", Action::Bottom, "last", 9),
    bind(Scope::Upcoming, "esc h left", Action::Back, "back", 1),
    bind(Scope::History, "enter", Action::Open, "unfold", 1),
    bind(Scope::History, "tab b", Action::ByReader, "by reader", 2),
    bind(Scope::History, "/", Action::Filter, "filter", 2),
    bind(Scope::History, "v", Action::Kind, "next kind", 3),
    bind(Scope::History, "+ =", Action::ZoomIn, "shorter time", 5),
    bind(Scope::History, "-", Action::ZoomOut, "longer time", 4),
    bind(Scope::History, "a", Action::Alerts, "alert coverage", 5),
    bind(Scope::History, "m", Action::Metadata, "reads of metadata", 6),
    bind(Scope::History, "F", Action::NoFunction, "without its function", 7),
    bind(Scope::History, "x", Action::Stop, "stop reading", 9),
    bind(Scope::History, "y", Action::Copy, "copy", 5),
    bind(Scope::History, "S", Action::Save, "save to a file", 7),
    bind(Scope::History, "h", Action::History, "history of the event's secret", 9),
    bind(Scope::History, "w", Action::Why, "why", 9),
    bind(Scope::History, "l", Action::Logs, "logs", 9),
    bind(Scope::History, "D", Action::Mark, "delete or restore", 9),
    bind(Scope::History, "j down", Action::Down, "down", 9),
    bind(Scope::History, "k up", Action::Up, "up", 9),
    bind(Scope::History, "ctrl-d", Action::HalfDown, "half a page down", 9),
    bind(Scope::History, "ctrl-u", Action::HalfUp, "half a page up", 9),
    bind(Scope::History, "pgdn ctrl-f space", Action::PageDown, "page down", 9),
    bind(Scope::History, "pgup ctrl-b", Action::PageUp, "page up", 9),
    bind(Scope::History, "g home", Action::Top, "newest", 9),
    bind(Scope::History, "G end", Action::Bottom, "oldest", 9),
    bind(Scope::History, "esc", Action::Back, "back", 1),
    bind(Scope::Log, "space", Action::Hold, "follow/hold", 2),
    bind(Scope::Log, "e", Action::Evidence, "the line that says why", 2),
    bind(Scope::Log, "a", Action::Whose, "whose lines", 3),
    bind(Scope::Log, "/", Action::Search, "search", 3),
    bind(Scope::Log, "n", Action::NextMatch, "next match", 9),
    bind(Scope::Log, "N", Action::PreviousMatch, "previous match", 9),
    bind(Scope::Log, "v", Action::Level, "level", 5),
    bind(Scope::Log, "s", Action::Step, "step", 6),
    bind(Scope::Log, "enter", Action::Open, "unfold", 5),
    bind(Scope::Log, "J", Action::Raw, "unfold all JSON", 9),
    bind(Scope::Log, "W", Action::Wrap, "break or cut long lines", 9),
    bind(Scope::Log, "t", Action::Stamps, "UTC, local, relative times", 9),
    bind(Scope::Log, "b", Action::Further, "further back", 6),
    bind(Scope::Log, "y", Action::Copy, "copy", 5),
    bind(Scope::Log, "S", Action::Save, "save to a file", 7),
    bind(Scope::Log, "w", Action::Why, "why", 4),
    bind(Scope::Log, "R", Action::Rotate, "rotate", 8),
    bind(Scope::Log, "f", Action::Watch, "watch", 8),
    bind(Scope::Log, "h", Action::History, "history", 9),
    bind(Scope::Log, "T", Action::TestOnly, "test a rotation only", 9),
    bind(Scope::Log, "O", Action::Turn, "turn rotation off or on", 9),
    bind(Scope::Log, "j down", Action::Down, "down", 9),
    bind(Scope::Log, "k up", Action::Up, "up", 9),
    bind(Scope::Log, "ctrl-d", Action::HalfDown, "half a page down", 9),
    bind(Scope::Log, "ctrl-u", Action::HalfUp, "half a page up", 9),
    bind(Scope::Log, "pgdn ctrl-f", Action::PageDown, "page down", 9),
    bind(Scope::Log, "pgup ctrl-b", Action::PageUp, "page up", 9),
    bind(Scope::Log, "g home", Action::Top, "first line", 9),
    bind(Scope::Log, "G end", Action::Bottom, "last line, and follow", 9),
    bind(Scope::Log, "esc", Action::Back, "back", 1),
    bind(Scope::Alerts, "y", Action::Copy, "copy a command", 2),
    bind(Scope::Alerts, "j down", Action::Down, "down", 9),
    bind(Scope::Alerts, "k up", Action::Up, "up", 9),
    bind(Scope::Alerts, "ctrl-d", Action::HalfDown, "half a page down", 9),
    bind(Scope::Alerts, "ctrl-u", Action::HalfUp, "half a page up", 9),
    bind(Scope::Alerts, "pgdn ctrl-f space", Action::PageDown, "page down", 9),
    bind(Scope::Alerts, "pgup ctrl-b", Action::PageUp, "page up", 9),
    bind(Scope::Alerts, "g home", Action::Top, "first line", 9),
    bind(Scope::Alerts, "G end", Action::Bottom, "last line", 9),
    bind(Scope::Alerts, "esc h left", Action::Back, "back", 1),
    bind(Scope::Calls, "j down", Action::Down, "down", 9),
    bind(Scope::Calls, "k up", Action::Up, "up", 9),
    bind(Scope::Calls, "pgdn ctrl-f space", Action::PageDown, "page down", 9),
    bind(Scope::Calls, "pgup ctrl-b", Action::PageUp, "page up", 9),
    bind(Scope::Calls, "g home", Action::Top, "first", 9),
    bind(Scope::Calls, "G end", Action::Bottom, "last", 9),
    bind(Scope::Calls, "esc h left", Action::Back, "back", 1),
    bind(Scope::Any, "r", Action::Refresh, "refresh", 4),
    bind(Scope::Any, "u", Action::Upcoming, "upcoming", 7),
    bind(Scope::Any, "A", Action::Activity, "activity", 8),
    bind(Scope::Any, "c", Action::Calls, "API calls", 7),
    bind(Scope::Any, ":", Action::Command, "commands", 6),
    bind(Scope::Any, "?", Action::Help, "help", 2),
    bind(Scope::Any, "q", Action::Quit, "quit", 3),
    bind(Scope::Any, "ctrl-c", Action::Interrupt, "quit at once", 9),
    bind(Scope::Any, "ctrl-z", Action::Suspend, "to the shell; fg comes back", 9),
    bind(Scope::Typing, "enter", Action::Open, "done", 1),
    bind(Scope::Typing, "tab", Action::Complete, "complete a command", 9),
    bind(Scope::Typing, "down", Action::Down, "next", 9),
    bind(Scope::Typing, "up", Action::Up, "previous", 9),
    bind(Scope::Typing, "esc", Action::Back, "never mind", 1),
    bind(Scope::Copy, "enter y", Action::Open, "copy it", 1),
    bind(Scope::Copy, "j down", Action::Down, "down", 2),
    bind(Scope::Copy, "k up", Action::Up, "up", 2),
    bind(Scope::Copy, "esc q", Action::Back, "never mind", 1),
    bind(Scope::Confirm, "y", Action::Confirm, "yes, do it", 1),
    bind(Scope::Confirm, "tab", Action::NextChoice, "something else", 2),
    bind(Scope::Confirm, "c ctrl-y", Action::CopyForm, "copy the aws form", 3),
    bind(Scope::Confirm, "j down", Action::Down, "down", 9),
    bind(Scope::Confirm, "k up", Action::Up, "up", 9),
    bind(Scope::Confirm, "pgdn", Action::PageDown, "page down", 9),
    bind(Scope::Confirm, "pgup", Action::PageUp, "page up", 9),
    bind(Scope::Confirm, "esc q n", Action::Back, "leave it", 1),
    bind(Scope::ConfirmName, "enter", Action::Open, "do it", 1),
    bind(Scope::ConfirmName, "tab", Action::NextChoice, "something else", 2),
    bind(Scope::ConfirmName, "ctrl-y", Action::CopyForm, "copy the aws form", 3),
    bind(Scope::ConfirmName, "down", Action::Down, "down", 9),
    bind(Scope::ConfirmName, "up", Action::Up, "up", 9),
    bind(Scope::ConfirmName, "pgdn", Action::PageDown, "page down", 9),
    bind(Scope::ConfirmName, "pgup", Action::PageUp, "page up", 9),
    bind(Scope::ConfirmName, "esc", Action::Back, "leave it", 1),
    bind(Scope::Help, "j down", Action::Down, "down", 2),
    bind(Scope::Help, "k up", Action::Up, "up", 2),
    bind(Scope::Help, "ctrl-d", Action::HalfDown, "half a page down", 9),
    bind(Scope::Help, "ctrl-u", Action::HalfUp, "half a page up", 9),
    bind(Scope::Help, "pgdn ctrl-f space", Action::PageDown, "page down", 3),
    bind(Scope::Help, "pgup ctrl-b", Action::PageUp, "page up", 9),
    bind(Scope::Help, "g home", Action::Top, "first", 9),
    bind(Scope::Help, "G end", Action::Bottom, "last", 9),
    bind(Scope::Help, "esc q ?", Action::Back, "close", 1),
];

/// The scopes in the order of the help.
pub const SCOPES: [Scope; 14] = [
    Scope::Secrets,
    Scope::Secret,
    Scope::Why,
    Scope::Log,
    Scope::History,
    Scope::Upcoming,
    Scope::Alerts,
    Scope::Calls,
    Scope::Any,
    Scope::Confirm,
    Scope::ConfirmName,
    Scope::Typing,
    Scope::Copy,
    Scope::Help,
];

/// The line of the help at which a scope's keys begin.
pub fn line_of(scope: Scope) -> usize {
    let before = SCOPES.iter().take_while(|other| **other != scope);
    before.map(|before| BINDINGS.iter().filter(|binding| binding.scope == *before).count() + 2).sum()
}

/// How many lines the help has: a title and a gap per scope, a line per binding.
pub fn lines() -> usize {
    BINDINGS.len() + 2 * SCOPES.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    use std::collections::HashSet;

    #[test]
    fn no_key_has_two_meanings_in_one_scope_and_every_name_is_a_key() {
        let mut taken = HashSet::new();
        for binding in BINDINGS {
            for name in binding.keys.split(' ') {
                assert!(parse(name).is_some(), "{name} is no key");
                assert!(taken.insert((binding.scope, name)), "{name} has two meanings in {:?}", binding.scope);
            }
        }
    }

    #[test]
    fn a_scope_goes_before_everywhere() {
        let key = |code, modifiers| KeyEvent::new(code, modifiers);
        let shift = KeyModifiers::SHIFT;
        for (scope, code, modifiers, expected) in [
            (Scope::Secrets, KeyCode::Char('j'), KeyModifiers::NONE, Some(Action::Down)),
            (Scope::Secrets, KeyCode::Char('G'), shift, Some(Action::Bottom)),
            (Scope::Secrets, KeyCode::Char('?'), shift, Some(Action::Help)),
            (Scope::Secrets, KeyCode::Esc, KeyModifiers::NONE, Some(Action::Back)),
            (Scope::Help, KeyCode::Esc, KeyModifiers::NONE, Some(Action::Back)),
            (Scope::Typing, KeyCode::Char('q'), KeyModifiers::NONE, None),
            (Scope::Help, KeyCode::Char('c'), KeyModifiers::CONTROL, Some(Action::Interrupt)),
            (Scope::Typing, KeyCode::Char('c'), KeyModifiers::CONTROL, Some(Action::Interrupt)),
        ] {
            assert_eq!(Keymap::default().action(scope, key(code, modifiers)), expected, "{scope:?} {code:?}");
        }
    }
}
