//! Where in a file of signatures something stands: the line, the signature, the key.

use toml::de::{DeTable, DeValue};

/// A place in a file.
pub(super) struct Place {
    /// The line, from 1.
    pub(super) line: usize,
    /// The id of the signature, where it has one.
    pub(super) id: Option<String>,
    /// The key; where the text is no TOML, what begins the line.
    pub(super) key: Option<String>,
}

/// The line of a place, from 1.
pub(super) fn line(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// What stands at a place.
pub(super) fn place(text: &str, at: usize) -> Place {
    let (file, _) = DeTable::parse_recoverable(text);
    let entry = entry_at(file.get_ref(), at);
    let key = entry.and_then(|entry| key_at(entry, at)).or_else(|| key_at(file.get_ref(), at));
    Place { line: line(text, at), id: entry.and_then(id_of), key: key.or_else(|| begin_of_line(text, at)) }
}

/// The signature in which a place lies: the last that begins before it. The span of a table is that of its header only.
fn entry_at<'a, 'i>(file: &'a DeTable<'i>, at: usize) -> Option<&'a DeTable<'i>> {
    let (_, value) = file.iter().find(|(key, _)| key.get_ref() == "signature")?;
    let DeValue::Array(entries) = value.get_ref() else { return None };
    match entries.iter().rfind(|entry| entry.span().start <= at)?.get_ref() {
        DeValue::Table(entry) => Some(entry),
        _ => None,
    }
}

fn key_at(table: &DeTable<'_>, at: usize) -> Option<String> {
    let is_there = |span: std::ops::Range<usize>| span.contains(&at);
    let (key, _) = table.iter().find(|(key, value)| is_there(key.span()) || is_there(value.span()))?;
    Some(key.get_ref().to_string())
}

fn id_of(entry: &DeTable<'_>) -> Option<String> {
    let (_, value) = entry.iter().find(|(key, _)| key.get_ref() == "id")?;
    value.get_ref().as_str().map(ToOwned::to_owned)
}

fn begin_of_line(text: &str, at: usize) -> Option<String> {
    let begin = text.get(..at).unwrap_or(text).rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(begin..).unwrap_or_default().lines().next().unwrap_or_default();
    Some(line.split('=').next().unwrap_or_default().trim().to_owned()).filter(|key| !key.is_empty())
}
