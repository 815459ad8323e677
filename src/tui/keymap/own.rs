//! The table of keys with the user's own in it.

use std::collections::{BTreeMap, HashSet};

use crossterm::event::KeyEvent;

use super::{Action, BINDINGS, NAMED, SCOPES, Scope, name};
use crate::config::Rebinding;
use crate::text::safe;

/// A row of the table as the user has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it holds.
    pub scope: Scope,
    /// The names of its keys; none where the user took them away.
    pub keys: Vec<String>,
    /// What they ask for.
    pub action: Action,
    /// What that is, in the footer and the help.
    pub help: &'static str,
    /// The footer drops high numbers first; 9 is never in it.
    pub priority: u8,
}

impl Row {
    /// The key that the footer shows.
    pub fn first_key(&self) -> Option<&str> {
        self.keys.first().map(String::as_str)
    }
}

/// What is wrong with a line of the user's own keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// The keys as the user has them. [`BINDINGS`] is the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    rows: Vec<Row>,
}

impl Default for Keymap {
    fn default() -> Self {
        let row = |binding: &super::Binding| Row {
            scope: binding.scope,
            keys: binding.keys.split_whitespace().map(ToOwned::to_owned).collect(),
            action: binding.action,
            help: binding.help,
            priority: binding.priority,
        };
        Self { rows: BINDINGS.iter().map(row).collect() }
    }
}

impl Keymap {
    /// The default with the keys of some actions replaced, or everything that is wrong with that, by line.
    pub fn with(own: &[Rebinding]) -> Result<Self, Vec<Problem>> {
        let mut keymap = Self::default();
        let mut problems = Vec::new();
        let mut lines = BTreeMap::new();
        for Rebinding { action, keys, line, .. } in own {
            problems.extend(
                keys.iter().filter(|key| name::parse(key).is_none()).map(|key| Problem {
                    line: *line,
                    message: format!("`{}`: `{}` is no key", safe(action), safe(key)),
                }),
            );
            if !keymap.replace(action, keys) {
                problems.push(Problem { line: *line, message: format!("`{}` is no action", safe(action)) });
            }
            lines.insert(action.as_str(), *line);
        }
        problems.extend(keymap.clashes(&lines));
        problems.sort_by_key(|problem| problem.line);
        if problems.is_empty() { Ok(keymap) } else { Err(problems) }
    }

    /// What a key asks for in a scope; the scope's own keys go before those that hold everywhere.
    pub fn action(&self, scope: Scope, key: KeyEvent) -> Option<Action> {
        let in_scope = |wanted: Scope| {
            let mut rows = self.rows.iter().filter(move |row| row.scope == wanted);
            rows.find(|row| row.keys.iter().any(|name| name::matches(name, key))).map(|row| row.action)
        };
        // Leaving at once works everywhere.
        let always = || in_scope(Scope::Any).filter(|action| matches!(action, Action::Interrupt | Action::Suspend));
        in_scope(scope).or_else(|| if scope.takes_any() { in_scope(Scope::Any) } else { always() })
    }

    /// The first key for an action in a scope, where it has one there or everywhere.
    pub fn key(&self, scope: Scope, action: Action) -> &str {
        let is_it = |row: &&Row| row.action == action && (row.scope == scope || row.scope == Scope::Any);
        self.rows.iter().find(is_it).and_then(Row::first_key).unwrap_or("(no key)")
    }

    /// Every row, in the order of the help.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        SCOPES.iter().flat_map(|scope| self.rows.iter().filter(move |row| row.scope == *scope))
    }

    /// Gives an action other keys wherever it has some; false if there is no such action.
    fn replace(&mut self, action: &str, keys: &[String]) -> bool {
        let mut found = false;
        for row in self.rows.iter_mut().filter(|row| row.action.name() == action) {
            row.keys = keys.to_vec();
            found = true;
        }
        found
    }

    /// Keys with two meanings at one place, and whatever would take the way out of the dashboard away.
    fn clashes(&self, lines: &BTreeMap<&str, usize>) -> Vec<Problem> {
        let (mut problems, mut told) = (Vec::new(), HashSet::new());
        let line = |row: &Row| lines.get(row.action.name()).copied();
        for (at, row) in self.rows.iter().enumerate() {
            let own = line(row);
            if row.action == Action::Interrupt && row.keys.is_empty() {
                let message = "`interrupt` needs a key: it is the way out that always works".to_owned();
                problems.push(Problem { line: own.unwrap_or_default(), message });
            }
            for other in &self.rows[at + 1..] {
                // What the table itself has is meant that way.
                let Some(line) = own.max(line(other)) else { continue };
                let Some((key, place)) = row.clash(other) else { continue };
                let (one, two) = (row.action.name(), other.action.name());
                // The same two meet in other places too; once is enough to mend it.
                if !told.insert((one.min(two), one.max(two), key)) {
                    continue;
                }
                let message = format!("`{}` has two meanings ({}): `{one}` and `{two}`", safe(key), place.title());
                problems.push(Problem { line, message });
            }
        }
        problems
    }
}

impl Row {
    /// Whether it leaves at once, and so works even where letters are letters.
    fn leaves(&self) -> bool {
        matches!(self.action, Action::Interrupt | Action::Suspend)
    }

    /// A key that can't mean this and the other at once, and where.
    ///
    /// A key that holds everywhere may have closed what lies on top first, such as `q`; but not the last way out.
    fn clash<'a>(&'a self, other: &Self) -> Option<(&'a str, Scope)> {
        let place = match (self.scope, other.scope) {
            (one, two) if one == two => one,
            (Scope::Any, place) | (place, Scope::Any) if place.takes_any() || self.leaves() || other.leaves() => place,
            _ => return None,
        };
        let either = |action| self.action == action || other.action == action;
        let closes_first = self.scope != other.scope && either(Action::Back) && !either(Action::Interrupt);
        if self.action == other.action || closes_first {
            return None;
        }
        let has = |key: &&String| {
            let wanted = name::parse(key);
            wanted.is_some() && other.keys.iter().any(|key| name::parse(key) == wanted)
        };
        self.keys.iter().find(has).map(|key| (key.as_str(), place))
    }
}

/// The names of all actions, and those of all keys, as an error tells them.
pub fn vocabulary() -> (String, String) {
    let mut actions: Vec<_> = BINDINGS.iter().map(|binding| binding.action.name()).collect();
    actions.sort_unstable();
    actions.dedup();
    let named: Vec<_> = NAMED.iter().map(|(name, _)| *name).collect();
    let keys = format!("a character, {}, f1 to f12, and ctrl- in front of one of them", named.join(", "));
    (actions.join(", "), keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyCode, KeyModifiers};

    fn with(own: &[(&str, &[&str])]) -> Result<Keymap, Vec<(usize, String)>> {
        let rebinding = |(at, (action, keys)): (usize, &(&str, &[&str]))| Rebinding {
            action: (*action).to_owned(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            file: "file".into(),
            line: at + 1,
        };
        let own: Vec<_> = own.iter().enumerate().map(rebinding).collect();
        Keymap::with(&own).map_err(|problems| problems.into_iter().map(|p| (p.line, p.message)).collect())
    }

    fn key(name: &str) -> KeyEvent {
        let (code, modifiers) = name::parse(name).unwrap();
        KeyEvent::new(code, modifiers)
    }

    #[test]
    fn without_keys_of_ones_own_it_is_the_table() {
        let keymap = with(&[]).unwrap();
        assert_eq!(keymap, Keymap::default());
        for binding in BINDINGS {
            for name in binding.keys.split(' ') {
                assert_eq!(keymap.action(binding.scope, key(name)), Some(binding.action), "{name}");
            }
        }
        assert_eq!(keymap.rows().count(), BINDINGS.len());
        // The table binds its own keys to its own actions without a complaint.
        for binding in BINDINGS {
            let keys: Vec<_> = binding.keys.split(' ').collect();
            assert!(with(&[(binding.action.name(), &keys[..1])]).is_ok(), "{}", binding.keys);
        }
    }

    #[test]
    fn own_keys_replace_those_of_the_action_in_every_scope() {
        let keymap =
            with(&[("down", &["z", "ctrl-N"]), ("refresh", &["q"]), ("quit", &["Q", "esc"]), ("top", &[])]).unwrap();
        for (scope, name, action) in [
            (Scope::Secrets, "z", Some(Action::Down)),
            (Scope::Help, "ctrl-n", Some(Action::Down)),
            (Scope::Secrets, "j", None),
            (Scope::Help, "down", None),
            (Scope::Secrets, "q", Some(Action::Refresh)),
            (Scope::Secrets, "esc", Some(Action::Back)),
            (Scope::Help, "esc", Some(Action::Back)),
            (Scope::Secrets, "g", None),
            (Scope::Secrets, "r", None),
        ] {
            assert_eq!(keymap.action(scope, key(name)), action, "{scope:?} {name}");
        }
        let shifted = KeyEvent::new(KeyCode::Char('Q'), KeyModifiers::SHIFT);
        assert_eq!(keymap.action(Scope::Secrets, shifted), Some(Action::Quit));
        let first = |action| keymap.rows().find(|row| row.action == action).and_then(Row::first_key);
        assert_eq!((first(Action::Quit), first(Action::Top)), (Some("Q"), None));
    }

    #[test]
    fn everything_that_is_wrong_is_told_by_line() {
        for (own, expected) in [
            (&[("refrehs", &["x"][..])][..], &[(1, "`refrehs` is no action")][..]),
            (&[("Refresh", &["x"])], &[(1, "`Refresh` is no action")]),
            (&[("a\u{1b}", &["x"])], &[(1, "`a␛` is no action")]),
            (&[("quit", &["ctrl-", "\u{1b}"])], &[(1, "`quit`: `ctrl-` is no key"), (1, "`quit`: `␛` is no key")]),
            (&[("quit", &["rr"]), ("nosuch", &[])], &[(1, "`quit`: `rr` is no key"), (2, "`nosuch` is no action")]),
            (&[("top", &["down"])], &[(1, "`down` has two meanings (Secrets): `down` and `top`")]),
            (&[("up", &["z"]), ("down", &["z"])], &[(2, "`z` has two meanings (Secrets): `down` and `up`")]),
            (&[("help", &["r"])], &[(1, "`r` has two meanings (Everywhere): `refresh` and `help`")]),
            (&[("refresh", &["j"])], &[(1, "`j` has two meanings (Secrets): `down` and `refresh`")]),
            (&[("quit", &["ctrl-C"])], &[(1, "`ctrl-C` has two meanings (Everywhere): `quit` and `interrupt`")]),
            (&[("back", &["ctrl-c"])], &[(1, "`ctrl-c` has two meanings (Secrets): `back` and `interrupt`")]),
            (&[("interrupt", &[])], &[(1, "`interrupt` needs a key: it is the way out that always works")]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(line, message)| (*line, (*message).to_owned())).collect();
            assert_eq!(with(own).unwrap_err(), expected);
        }
    }
}
