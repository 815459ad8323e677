//! JSON as it is printed: indented, and whatever could drive a terminal escaped.

use std::borrow::Cow;
use std::io::{self, Write};
use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use crate::text::is_hostile;

/// Writes a value as JSON, ending in a line end.
pub fn write(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)? + "\n";
    out.write_all(screened(&text).as_bytes())
}

/// Writes a value as JSON on one line.
pub(super) fn write_compact(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string(value)? + "\n";
    out.write_all(screened(&text).as_bytes())
}

/// How many items a thread makes JSON of before they are written: a megabyte of secrets.
const PIECE: usize = 1_000;

/// As [`write`], with a long list in the place of an empty one, which is a member of the value under this key. Several
/// threads make JSON of its items, and no more of it is kept than they make at once.
pub(super) fn write_long<T: Sync, J: Serialize>(
    out: &mut dyn Write,
    value: &impl Serialize,
    key: &str,
    items: &[T],
    json: impl Fn(&T) -> J + Sync,
) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)? + "\n";
    // No text within the value can look like this: its quotes would be escaped.
    let place = format!("\n  \"{key}\": [");
    let (before, after) = text.split_once(&place).filter(|_| !items.is_empty()).unwrap_or((&text, ""));
    out.write_all(screened(before).as_bytes())?;
    if after.is_empty() {
        return Ok(());
    }
    out.write_all(place.as_bytes())?;
    write_items(out, items, json)?;
    out.write_all(b"\n  ")?;
    out.write_all(screened(after).as_bytes())
}

/// Writes the inside of a list, a piece for each thread at a time.
fn write_items<T: Sync, J: Serialize>(
    out: &mut dyn Write,
    items: &[T],
    json: impl Fn(&T) -> J + Sync,
) -> io::Result<()> {
    let json = &json;
    let mut texts = vec![Vec::new(); thread::available_parallelism().map_or(1, NonZero::get)];
    // Each item begins with a comma, but for the first of all.
    let mut skipped = 1;
    for items in items.chunks(texts.len() * PIECE) {
        let pieces = items.chunks(PIECE);
        let texts = &mut texts[..pieces.len()];
        thread::scope(|scope| {
            let threads = pieces.zip(texts.iter_mut());
            let threads: Vec<_> =
                threads.map(|(piece, text)| scope.spawn(|| fill(text, piece.iter().map(json)))).collect();
            threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })?;
        for text in texts {
            out.write_all(&text[skipped..])?;
            skipped = 0;
        }
    }
    Ok(())
}

/// Makes JSON of some items of a list that is a member of the whole.
fn fill(text: &mut Vec<u8>, items: impl Iterator<Item = impl Serialize>) -> io::Result<()> {
    text.clear();
    for item in items {
        text.extend_from_slice(b",\n    ");
        let mut indented = PrettyFormatter::new();
        // As within the value and its list.
        indented.begin_object(&mut io::sink())?;
        indented.begin_array(&mut io::sink())?;
        item.serialize(&mut Serializer::with_formatter(&mut *text, indented))?;
    }
    if !is_harmless(text) {
        *text = escaped(str::from_utf8(text).map_err(io::Error::other)?).into_bytes();
    }
    Ok(())
}

/// JSON without anything in it that could drive a terminal.
fn screened(json: &str) -> Cow<'_, str> {
    if is_harmless(json.as_bytes()) { json.into() } else { escaped(json).into() }
}

fn is_harmless(json: &[u8]) -> bool {
    json.is_ascii() && !json.contains(&0x7f)
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

    #[derive(Serialize)]
    struct Frame {
        before: String,
        items: Vec<(String, usize)>,
        after: Option<&'static str>,
    }

    fn assert_same(before: &str, items: Vec<(String, usize)>) {
        let frame = |items| Frame { before: before.to_owned(), items, after: None };
        let mut long = Vec::new();
        write_long(&mut long, &frame(Vec::new()), "items", &items, Clone::clone).unwrap();
        assert_eq!(String::from_utf8(long).unwrap(), text(&frame(items)));
    }

    proptest! {
        #[test]
        fn a_long_list_reads_as_if_it_were_written_at_once(
            before: String,
            items in prop::collection::vec(any::<(String, usize)>(), 0..5),
        ) {
            assert_same(&before, items);
        }
    }

    #[test]
    fn a_list_of_many_pieces_is_whole_and_in_order() {
        let threads = thread::available_parallelism().unwrap().get();
        for count in [PIECE - 1, PIECE, PIECE + 1, 2 * threads * PIECE, 3 * threads * PIECE + 1] {
            let items = (0..count).map(|n| (format!("item {n} \u{202e}日本"), n));
            assert_same("\n  \"items\": [", items.collect());
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
        assert_eq!(write(&mut Gone, &"word").unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        let long = write_long(&mut Gone, &Vec::<u8>::new(), "items", &["word"], |word| *word);
        assert_eq!(long.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
