//! Lines of the function in the text format: what its logger wrote, and the exception that nobody caught.

use super::{Format, Kind, Level, Line, request_id, trace};

/// The row that begins a traceback.
const TRACEBACK: &str = "Traceback (most recent call last):";

/// Reads a line of the function; `None` if it has neither form.
pub(super) fn read(text: &str) -> Option<Line> {
    logged(text).or_else(|| uncaught(text))
}

/// `[LEVEL]⇥time⇥request id⇥message`. Its request id may be empty.
fn logged(text: &str) -> Option<Line> {
    let (level, rest) = text.strip_prefix('[')?.split_once("]\t")?;
    let (time, rest) = rest.split_once('\t')?;
    let (id, message) = rest.split_once('\t')?;
    let is_time = time.ends_with('Z') && time.starts_with(|c: char| c.is_ascii_digit());
    is_time.then(|| Line {
        format: Format::Text,
        kind: Kind::Logged,
        level: Level::from_aws(level),
        request_id: request_id(id),
        message: message.into(),
        error: None,
        trace: None,
    })
}

/// `[ERROR] Type: message` and the traceback in the same event; no colon where there is no message.
fn uncaught(text: &str) -> Option<Line> {
    let rest = text.strip_prefix("[ERROR] ")?;
    let begin = rest.match_indices(TRACEBACK).map(|(at, _)| at).find(|at| rest[..*at].ends_with(['\n', '\r']));
    let (head, rows) = begin.map_or((rest, ""), |at| rest.split_at(at));
    let head = head.trim_end();
    let (error, message) = head.split_once(": ").or_else(|| head.split_once(':')).unwrap_or((head, ""));
    (is_type(error) && (begin.is_some() || is_error(error))).then(|| Line {
        format: Format::Text,
        kind: Kind::Uncaught,
        level: Some(Level::Error),
        request_id: None,
        message: message.trim().into(),
        error: Some(error.into()),
        trace: trace(rows),
    })
}

/// Whether it can be the name of a Python type or of one of Lambda's errors.
fn is_type(word: &str) -> bool {
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    word.split('.').all(is_name)
}

/// Whether it is the name of an error beyond doubt: without a traceback, other words before a colon are just words.
fn is_error(word: &str) -> bool {
    ["Error", "Exception"].iter().any(|ending| word.ends_with(ending)) || word.starts_with("Runtime.")
}
