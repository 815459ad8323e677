//! Commands that are typed after `:`: which there are, what completes, and what they ask for.

use crate::domain::sort::{Sort, SortBy};
use crate::tui::keymap::Action;
use crate::tui::theme::Theme;

/// What a typed command asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The same as a key.
    Do(Action),
    /// Back to the list.
    Home,
    /// Sorts.
    Sort(Sort),
    /// Filters.
    Filter(String),
    /// Other colours.
    Theme(Theme),
    /// Takes the mouse, or leaves it to the terminal.
    Mouse(bool),
}

/// The commands, with what may follow and what they do.
pub const COMMANDS: &[(&str, &str, &str)] = &[
    ("secrets", "", "the list"),
    ("open", "", "the selected secret"),
    ("filter", "WORDS", "show only what passes"),
    ("sort", "trouble|name|next|last|schedule|pending", "sort; - turns it round"),
    ("refresh", "", "ask AWS again"),
    ("upcoming", "", "what rotates next"),
    ("rotate", "", "rotate the selected secret"),
    ("test", "", "run testSecret of it only"),
    ("rotation", "", "turn its rotation off, or on again"),
    ("delete", "", "mark it for deletion, with a recovery window"),
    ("restore", "", "take the mark for deletion off"),
    ("watch", "", "watch its rotation that runs"),
    ("logs", "", "its function's log"),
    ("why", "", "why its rotation isn't done, and the ways out"),
    ("history", "", "who read it and what was done to it, by CloudTrail"),
    ("activity", "", "the same of the account and Region"),
    ("alerts", "", "does anything notice a deletion, or a failed rotation"),
    ("calls", "", "the calls of AWS"),
    ("copy", "", "choose what to copy"),
    ("theme", "auto|dark|light|mono", "other colours"),
    ("mouse", "on|off", "take the mouse, or leave it to the terminal"),
    ("help", "", "the keys"),
    ("quit", "", "leave"),
];

/// The commands that begin with what is typed.
pub fn matching(typed: &str) -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    let first = typed.split_whitespace().next().unwrap_or_default().to_owned();
    let whole = typed.contains(' ');
    COMMANDS.iter().filter(move |(name, ..)| if whole { *name == first } else { name.starts_with(&first) })
}

/// What is typed, completed as far as it is certain: a command's name, then one of its values.
pub fn complete(typed: &str) -> Option<String> {
    let mut words = typed.split_whitespace();
    let first = words.next().unwrap_or_default();
    if !typed.contains(' ') {
        let (name, values, _) = matching(first).next()?;
        return Some(if values.is_empty() { (*name).to_owned() } else { format!("{name} ") });
    }
    let (name, values, _) = COMMANDS.iter().find(|(name, ..)| *name == first)?;
    let begun = words.next().unwrap_or_default();
    let value = values.split('|').find(|value| value.starts_with(begun) && value.chars().all(char::is_lowercase))?;
    Some(format!("{name} {value}"))
}

/// What is meant; the why not, as a sentence, where nothing is.
pub fn parse(typed: &str) -> Result<Command, String> {
    let (name, value) = typed.trim().split_once(' ').unwrap_or((typed.trim(), ""));
    let value = value.trim();
    let names: Vec<_> = COMMANDS.iter().map(|(name, ..)| *name).collect();
    let name = match matching(name).next() {
        Some((known, ..)) if !name.is_empty() => *known,
        _ => return Err(format!("there is no command `{name}`: {}", names.join(" "))),
    };
    let expected = |values: &str| format!("`:{name}` takes one of {values}");
    match name {
        "secrets" => Ok(Command::Home),
        "open" => Ok(Command::Do(Action::Open)),
        "filter" => Ok(Command::Filter(value.to_owned())),
        "refresh" => Ok(Command::Do(Action::Refresh)),
        "upcoming" => Ok(Command::Do(Action::Upcoming)),
        "rotate" => Ok(Command::Do(Action::Rotate)),
        "test" => Ok(Command::Do(Action::TestOnly)),
        "rotation" => Ok(Command::Do(Action::Turn)),
        "delete" => Ok(Command::Do(Action::Delete)),
        "restore" => Ok(Command::Do(Action::Restore)),
        "watch" => Ok(Command::Do(Action::Watch)),
        "logs" => Ok(Command::Do(Action::Logs)),
        "why" => Ok(Command::Do(Action::Why)),
        "history" => Ok(Command::Do(Action::History)),
        "activity" => Ok(Command::Do(Action::Activity)),
        "alerts" => Ok(Command::Do(Action::Alerts)),
        "calls" => Ok(Command::Do(Action::Calls)),
        "copy" => Ok(Command::Do(Action::Copy)),
        "help" => Ok(Command::Do(Action::Help)),
        "quit" => Ok(Command::Do(Action::Quit)),
        "sort" => {
            Sort::from_word(value).map(Command::Sort).ok_or_else(|| expected(&SortBy::ALL.map(SortBy::word).join(" ")))
        }
        "theme" => Theme::from_word(value).map(Command::Theme).ok_or_else(|| expected("auto dark light mono")),
        _ => match value {
            "on" => Ok(Command::Mouse(true)),
            "off" => Ok(Command::Mouse(false)),
            _ => Err(expected("on off")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_understood() {
        for (name, values, _) in COMMANDS {
            let value = values.split('|').next().unwrap_or_default();
            assert!(parse(&format!("{name} {value}")).is_ok(), "{name} {value}");
        }
    }

    #[test]
    fn tab_completes_names_and_values() {
        for (typed, completed) in [
            ("so", Some("sort ")),
            ("sort ", Some("sort trouble")),
            ("sort na", Some("sort name")),
            ("q", Some("quit")),
            ("mouse of", Some("mouse off")),
            ("x", None),
            ("filter pa", None),
        ] {
            assert_eq!(complete(typed).as_deref(), completed, "{typed}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(parse("nonsense").is_err_and(|why| why.starts_with("there is no command `nonsense`")));
        assert!(parse("sort backwards").is_err_and(|why| why.starts_with("`:sort` takes one of trouble name")));
    }
}
