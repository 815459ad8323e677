//! What looks like a secret's value in a text, masked: for showing, copying and saving, never before recognition.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::AwsText;

/// What stands where a value stood.
const MASK: &str = "***";

/// The end of a key whose value is nobody's business, and what stands between it and the value: `=`, or `:` after a
/// key in quotes. Not `:` alone, by which every line of AWS's templates names its step (`setSecret: …`).
static KEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = "password|passwd|pwd|passphrase|secret|token|credentials?|secret_?string|secret_?binary";
    let keys = "(?:api|access|secret|private)[_-]?key";
    let sign = r#"(?:\\*["']\s*(:)\s*|(?:\\*["'])?[ \t]*=+>?[ \t]*)"#;
    Regex::new(&format!("(?i)(?:{words}|{keys}){sign}")).ok()
});

/// Keys that end like one of a value and have none: the id of a version, and the steps.
const HARMLESS: [&str; 5] = ["clientrequesttoken", "createsecret", "setsecret", "testsecret", "finishsecret"];

/// Where a URL's host begins, or a user before it.
static SCHEME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[A-Za-z][A-Za-z0-9+.-]*://").ok());

/// How far is looked for a password in a URL and for what stands before a key, in bytes, so that no text takes long.
const LONGEST: usize = 1_024;

/// A text with every value masked that stands behind a key like `password`, `secret` or `token` (`key = value`,
/// `"key": "value"`, with quotes of any kind, escaped ones too) or behind the user in a URL (`user:password@`).
///
/// It rather takes too much than too little: a bare value reaches to the next white space. ARNs stay: they are names.
pub fn mask(text: &str) -> Cow<'_, str> {
    match assignments(text) {
        Cow::Borrowed(text) => urls(text),
        Cow::Owned(text) => Cow::Owned(urls(&text).into_owned()),
    }
}

impl AwsText {
    /// The text with every value masked, as [`mask`] does it.
    #[must_use]
    pub fn masked(&self) -> Self {
        match mask(self.raw()) {
            Cow::Borrowed(_) => self.clone(),
            Cow::Owned(masked) => masked.into(),
        }
    }
}

/// What is written of a text so far.
#[derive(Default)]
struct Written {
    text: String,
    /// Up to where the original is written.
    at: usize,
    /// Whether a string in double quotes is open, and how many backslashes came last.
    is_open: bool,
    backslashes: usize,
}

impl Written {
    /// Writes the original as it is.
    fn keep(&mut self, text: &str, until: usize) {
        let part = text.get(self.at..until).unwrap_or_default();
        for byte in part.bytes() {
            self.is_open ^= byte == b'"' && self.backslashes.is_multiple_of(2);
            self.backslashes = if byte == b'\\' { self.backslashes + 1 } else { 0 };
        }
        self.text.push_str(part);
        self.at = until;
    }

    fn mask(&mut self, until: usize) {
        self.text.push_str(MASK);
        self.at = until;
    }
}

fn assignments(text: &str) -> Cow<'_, str> {
    let (Some(key), mut written) = (KEY.as_ref(), Written::default()) else { return Cow::Borrowed(text) };
    while let Some(found) = key.captures_at(text, written.at) {
        let (begin, end) = found.get(0).map_or((text.len(), text.len()), |all| (all.start(), all.end()));
        written.keep(text, end);
        if is_harmless(&text[..begin], &text[begin..end]) || is_in_arn(&text[..begin]) {
            continue;
        }
        if let Some((from, until)) = value(text, end, found.get(1).is_some(), written.is_open) {
            written.keep(text, from);
            written.mask(until);
        }
    }
    if written.text.is_empty() {
        return Cow::Borrowed(text);
    }
    written.keep(text, text.len());
    if written.text == text { Cow::Borrowed(text) } else { Cow::Owned(written.text) }
}

/// Whether the key, which begins before the part that was found of it, is one without a value.
fn is_harmless(before: &str, found: &str) -> bool {
    let is_key = |c: &char| c.is_alphanumeric() || *c == '_' || *c == '-';
    let head: Vec<char> = before.chars().rev().take_while(is_key).collect();
    let key = head.into_iter().rev().chain(found.chars().take_while(is_key));
    let key: String = key.filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    HARMLESS.contains(&key.as_str())
}

/// Whether an ARN stands before the key without a break: the name of a secret may look like a key and its value.
fn is_in_arn(before: &str) -> bool {
    near(before).rsplit(|c: char| !is_in_name(c)).next().is_some_and(is_arn)
}

/// Whether a row of source code is being written, as a traceback shows it below the name of the file. What stands there
/// behind a key is the name of a variable, unless it is in quotes.
fn is_source(before: &str) -> bool {
    let file = near(before).rsplit(['\n', '\r']).nth(1).unwrap_or_default().trim_start();
    file.starts_with("File \"") && file.contains("\", line ")
}

fn near(before: &str) -> &str {
    &before[before.ceil_char_boundary(before.len().saturating_sub(LONGEST))..]
}

/// From where to where the value behind a key reaches that begins at `at`; `None` if there is none to be masked.
fn value(text: &str, at: usize, is_json: bool, is_open: bool) -> Option<(usize, usize)> {
    let rest = &text[at..];
    let bare = rest.strip_prefix(['b', 'u', 'r', 'f']).filter(|rest| rest.starts_with(['"', '\''])).unwrap_or(rest);
    let depth = bare.bytes().take_while(|byte| *byte == b'\\').count();
    let (from, until) = match bare.as_bytes().get(depth) {
        Some(quote @ (b'"' | b'\'')) => {
            let from = text.len() - bare.len() + depth + 1;
            (from, closing(text, from, depth, *quote))
        }
        Some(b'{' | b'[' | b'(') if depth == 0 => (at, word(text, balanced(text, at), is_json, is_open)),
        _ if is_source(&text[..at]) => return None,
        _ => (at, word(text, at, is_json, is_open)),
    };
    let value = text.get(from..until)?;
    let is_nothing = ["", "null", "none", "true", "false"].iter().any(|word| value.eq_ignore_ascii_case(word));
    (!is_nothing && !is_arn(value)).then_some((from, until))
}

/// Whether it is an ARN and nothing else, but for what may end a part of a sentence.
fn is_arn(value: &str) -> bool {
    let arn = value.trim_end_matches([',', ';', ')']);
    arn.starts_with("arn:") && arn.matches(':').count() >= 5 && arn.chars().all(is_in_name)
}

fn is_in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_/+=.@!:".contains(c)
}

/// Where a string ends that was opened by a quote behind so many backslashes, and so lies in as many strings that each
/// escape its quotes once more; the end of the text if it was cut off.
fn closing(text: &str, from: usize, depth: usize, quote: u8) -> usize {
    let mut backslashes = 0;
    for (at, byte) in text.bytes().enumerate().skip(from) {
        if byte == quote && backslashes % (2 * (depth + 1)) == depth {
            return at - depth;
        }
        backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
    }
    text.len()
}

/// Where a bare word ends: at white space; in JSON at what may follow a number; in a string in double quotes at its end.
fn word(text: &str, from: usize, is_json: bool, is_open: bool) -> usize {
    let mut backslashes = 0_usize;
    for (at, c) in text.get(from..).unwrap_or_default().char_indices() {
        let goes_on =
            || text[from + at + 1..].chars().next().is_some_and(|c| !c.is_whitespace() && !",}])".contains(c));
        let is_end = is_open && c == '"' && backslashes.is_multiple_of(2) && !goes_on();
        if c.is_whitespace() || is_end || (is_json && ",}]".contains(c)) {
            return from + at;
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
    }
    text.len()
}

/// Where the bracket closes that opens at `from`; the end of the text if it never does.
fn balanced(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut open, mut backslashes) = (from, 0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => at = closing(text, at + 1, backslashes, *byte) + backslashes,
            b'{' | b'[' | b'(' => open += 1,
            b'}' | b']' | b')' if open == 1 => return at + 1,
            b'}' | b']' | b')' => open -= 1,
            _ => {}
        }
        backslashes = if *byte == b'\\' { backslashes + 1 } else { 0 };
        at += 1;
    }
    text.len()
}

fn urls(text: &str) -> Cow<'_, str> {
    let (Some(scheme), mut written) = (SCHEME.as_ref(), Written::default()) else { return Cow::Borrowed(text) };
    for found in scheme.find_iter(text) {
        if let Some((from, until)) = password(text, found.end()).filter(|(from, _)| *from >= written.at) {
            written.keep(text, from);
            written.mask(until);
        }
    }
    if written.text.is_empty() {
        return Cow::Borrowed(text);
    }
    written.keep(text, text.len());
    Cow::Owned(written.text)
}

/// From where to where the password reaches in a URL whose user begins at `at`: up to the last `@`, since a password
/// with an `@` in it is often written as it is.
fn password(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = &text[at..];
    let rest = &rest[..rest.floor_char_boundary(LONGEST)];
    let run = rest.split(|c: char| c.is_whitespace() || "\"'<>`".contains(c)).next().unwrap_or(rest);
    let user = run.rsplit_once('@')?.0;
    let (name, password) = user.split_once(':')?;
    let port = password.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_host = name.contains(['/', '?', '#', '[']) || (port != password && port.starts_with('/'));
    (!is_host && !password.is_empty()).then(|| (at + name.len() + 1, at + user.len()))
}

#[cfg(test)]
mod tests;
