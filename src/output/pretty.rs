//! JSON as it is printed: indented, and whatever could drive a terminal escaped.

use std::io::{self, Write};

use serde::Serialize;

use crate::text::is_hostile;

/// Writes a value as JSON, ending in a line end.
pub fn write(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut screen = Screen { out, text: Vec::with_capacity(2 * FULL) };
    serde_json::to_writer_pretty(&mut screen, value)?;
    screen.write_all(b"\n")?;
    screen.flush()
}

/// How many bytes are looked through at once.
const FULL: usize = 1 << 16;

/// Stands between serde_json and a writer, and escapes what may not pass.
struct Screen<'a> {
    out: &'a mut dyn Write,
    text: Vec<u8>,
}

impl Screen<'_> {
    fn pass(&mut self) -> io::Result<()> {
        if self.text.is_ascii() && !self.text.contains(&0x7f) {
            self.out.write_all(&self.text)?;
        } else {
            // Each write of serde_json is of whole characters, and so is what they add up to.
            let text = str::from_utf8(&self.text).map_err(io::Error::other)?;
            self.out.write_all(escaped(text).as_bytes())?;
        }
        self.text.clear();
        Ok(())
    }
}

impl Write for Screen<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.text.extend_from_slice(bytes);
        if self.text.len() >= FULL { self.pass() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass()?;
        self.out.flush()
    }
}

/// JSON has such characters only inside of strings, so that each can be written as its escape.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\x7f' || is_hostile(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                text.push_str("\\u");
                text.extend(hex(*unit));
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// The four digits of an escape.
fn hex(unit: u16) -> impl Iterator<Item = char> {
    [12, 8, 4, 0].into_iter().filter_map(move |shift| char::from_digit(u32::from(unit >> shift) & 0xf, 16))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(value: &impl Serialize) -> String {
        let mut text = Vec::new();
        write(&mut text, value).unwrap();
        String::from_utf8(text).unwrap()
    }

    proptest! {
        #[test]
        fn hostile_text_is_kept_and_escaped(raw in any::<String>()) {
            let text = text(&raw);
            prop_assert!(!text.trim_end().chars().any(|c| c.is_control() || is_hostile(c)));
            prop_assert_eq!(serde_json::from_str::<String>(&text).unwrap(), raw);
        }
    }

    #[test]
    fn what_could_drive_a_terminal_is_written_as_an_escape() {
        let text = text(&"\x1b]52;c;\x07\u{202e}\u{9b}\u{e0001}\x7f");
        assert_eq!(text.trim_end(), r#""\u001b]52;c;\u0007\u202e\u009b\udb40\udc01\u007f""#);
    }

    #[test]
    fn a_text_of_many_pieces_is_the_same_as_one_of_one_piece() {
        for hostile in ["", "é", "\u{202e}", "\u{e0001}\x7f"] {
            let words: Vec<_> = (0..FULL / 8).map(|n| format!("word {n} {hostile}日本")).collect();
            let whole = serde_json::to_string_pretty(&words).unwrap();
            assert!(whole.len() > 2 * FULL);
            assert_eq!(text(&words), format!("{}\n", escaped(&whole)), "{hostile:?}");
        }
    }

    #[test]
    fn a_reader_that_hung_up_is_told_from_other_failures() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let words = vec!["word"; FULL];
        assert_eq!(write(&mut Gone, &words).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        assert_eq!(write(&mut Gone, &"word").unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
