//! Names of keys: `a`, `G`, `?`, `ctrl-c`, `pgdn`.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::text::is_hostile;

/// Names of the keys that are no single character, beside `f1` to `f12`.
pub const NAMED: [(&str, KeyCode); 16] = [
    ("space", KeyCode::Char(' ')),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
];

/// Letters that `ctrl-` can't stand before: a terminal sends tab, enter and esc for them.
const NO_CTRL: [char; 3] = ['i', 'm', '['];

/// The key of a name.
pub fn parse(name: &str) -> Option<(KeyCode, KeyModifiers)> {
    let Some(rest) = name.strip_prefix("ctrl-") else { return Some((plain(name)?, KeyModifiers::NONE)) };
    match plain(rest)? {
        // Terminals don't tell `ctrl-R` from `ctrl-r`.
        KeyCode::Char(c) if NO_CTRL.contains(&c.to_ascii_lowercase()) => None,
        KeyCode::Char(c) => Some((KeyCode::Char(c.to_ascii_lowercase()), KeyModifiers::CONTROL)),
        code => Some((code, KeyModifiers::CONTROL)),
    }
}

fn plain(name: &str) -> Option<KeyCode> {
    if let Some((_, code)) = NAMED.iter().find(|(named, _)| *named == name) {
        return Some(*code);
    }
    if let Some(number) = (1..=12).find(|number| name == format!("f{number}")) {
        return Some(KeyCode::F(number));
    }
    let mut chars = name.chars();
    let one = chars.next().filter(|c| !c.is_control() && !c.is_whitespace() && !is_hostile(*c))?;
    chars.next().is_none().then_some(KeyCode::Char(one))
}

/// Whether a key event is the key of this name.
pub(super) fn matches(name: &str, key: KeyEvent) -> bool {
    // A capital letter or a sign comes with shift on some terminals and without on others.
    parse(name) == Some((key.code, key.modifiers - KeyModifiers::SHIFT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_terminal_sends_is_no_key() {
        for name in
            ["", " ", "  ", "ctrl-", "ctrl-i", "ctrl-M", "ctrl-[", "rr", "f0", "f13", "f+1", "\u{1b}", "\u{200b}"]
        {
            assert_eq!(parse(name), None, "{name:?}");
        }
    }

    #[test]
    fn every_kind_of_key_has_a_name() {
        let (none, ctrl) = (KeyModifiers::NONE, KeyModifiers::CONTROL);
        for (name, key) in [
            ("r", (KeyCode::Char('r'), none)),
            ("-", (KeyCode::Char('-'), none)),
            ("ö", (KeyCode::Char('ö'), none)),
            ("f", (KeyCode::Char('f'), none)),
            ("f5", (KeyCode::F(5), none)),
            ("space", (KeyCode::Char(' '), none)),
            ("ctrl-R", (KeyCode::Char('r'), ctrl)),
            ("ctrl-space", (KeyCode::Char(' '), ctrl)),
            ("ctrl-left", (KeyCode::Left, ctrl)),
        ] {
            assert_eq!(parse(name), Some(key), "{name}");
        }
        for (name, code) in NAMED {
            assert_eq!(parse(name), Some((code, none)));
            assert!(matches(name, KeyEvent::new(code, KeyModifiers::SHIFT)), "{name}");
        }
    }
}
