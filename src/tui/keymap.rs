//! The one table of keys. The dispatcher, the footer, the help and the README read it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// The line above.
    Up,
    /// The line below.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// The first line.
    Top,
    /// The last line.
    Bottom,
    /// Asks AWS again.
    Refresh,
    /// Shows the keys.
    Help,
    /// Closes what lies on top.
    Dismiss,
    /// Hands the terminal back to the shell.
    Suspend,
    /// Leaves.
    Quit,
    /// Leaves at once.
    Interrupt,
}

/// Where a key has its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere.
    Any,
    /// In the list of secrets.
    Secrets,
    /// In the help.
    Help,
}

impl Scope {
    /// The heading of its keys in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Any => "Everywhere",
            Self::Secrets => "Secrets",
            Self::Help => "Help",
        }
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
    bind(Scope::Secrets, "j down", Action::Down, "down", 4),
    bind(Scope::Secrets, "k up", Action::Up, "up", 4),
    bind(Scope::Secrets, "pgdn ctrl-f", Action::PageDown, "page down", 9),
    bind(Scope::Secrets, "pgup ctrl-b", Action::PageUp, "page up", 9),
    bind(Scope::Secrets, "g home", Action::Top, "first", 9),
    bind(Scope::Secrets, "G end", Action::Bottom, "last", 9),
    bind(Scope::Help, "j down", Action::Down, "down", 2),
    bind(Scope::Help, "k up", Action::Up, "up", 2),
    bind(Scope::Help, "esc q ?", Action::Dismiss, "close", 1),
    bind(Scope::Any, "r", Action::Refresh, "refresh", 3),
    bind(Scope::Any, "?", Action::Help, "help", 1),
    bind(Scope::Any, "q", Action::Quit, "quit", 2),
    bind(Scope::Any, "ctrl-c", Action::Interrupt, "quit at once", 9),
    bind(Scope::Any, "ctrl-z", Action::Suspend, "to the shell; fg comes back", 9),
];

/// The scopes in the order of the help.
pub const SCOPES: [Scope; 3] = [Scope::Secrets, Scope::Any, Scope::Help];

/// How many lines the help has: a title and a gap per scope, a line per binding.
pub fn lines() -> u16 {
    u16::try_from(BINDINGS.len() + 2 * SCOPES.len()).unwrap_or(u16::MAX)
}

/// What a key asks for in a scope; the scope's own keys go before those that hold everywhere.
pub fn action(scope: Scope, key: KeyEvent) -> Option<Action> {
    let in_scope = |wanted: Scope| {
        let mut bindings = BINDINGS.iter().filter(move |binding| binding.scope == wanted);
        bindings.find(|binding| binding.keys.split(' ').any(|name| matches(name, key))).map(|binding| binding.action)
    };
    in_scope(scope).or_else(|| in_scope(Scope::Any))
}

/// Whether a key event is the key of this name.
fn matches(name: &str, key: KeyEvent) -> bool {
    let Some((code, modifiers)) = parse(name) else { return false };
    // A capital letter or a sign comes with shift on some terminals and without on others.
    let held = key.modifiers - KeyModifiers::SHIFT;
    key.code == code && held == modifiers
}

/// The key of a name: `a`, `G`, `?`, `ctrl-c`, `pgdn`.
pub fn parse(name: &str) -> Option<(KeyCode, KeyModifiers)> {
    let (name, modifiers) = match name.strip_prefix("ctrl-") {
        Some(rest) => (rest, KeyModifiers::CONTROL),
        None => (name, KeyModifiers::NONE),
    };
    let code = match name {
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "pgup" => KeyCode::PageUp,
        "pgdn" => KeyCode::PageDown,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "esc" => KeyCode::Esc,
        "enter" => KeyCode::Enter,
        one => KeyCode::Char(one.chars().next().filter(|c| c.len_utf8() == one.len())?),
    };
    Some((code, modifiers))
}

#[cfg(test)]
mod tests {
    use super::*;
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
            (Scope::Secrets, KeyCode::Esc, KeyModifiers::NONE, None),
            (Scope::Help, KeyCode::Esc, KeyModifiers::NONE, Some(Action::Dismiss)),
            (Scope::Help, KeyCode::Char('c'), KeyModifiers::CONTROL, Some(Action::Interrupt)),
            (Scope::Secrets, KeyCode::Char('c'), KeyModifiers::NONE, None),
        ] {
            assert_eq!(action(scope, key(code, modifiers)), expected, "{scope:?} {code:?}");
        }
    }
}
