//! Whose code rotates: one of AWS's templates, and of which strategy, or somebody's own.

use crate::domain::invocation::Entry;
use crate::domain::log::Kind;

/// Whose code rotates, as far as its lines tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// No line tells.
    Unknown,
    /// One of AWS's templates; which strategy it follows isn't said.
    Template,
    /// AWS's template for a single user.
    Single,
    /// AWS's template for users who take turns: the pending version is for the one who isn't in use.
    Alternating,
    /// It says things that no template says.
    Custom,
}

/// What a line tells of its code; `None` if nothing.
pub(super) fn code_of(entry: &Entry) -> Option<Code> {
    if entry.line.kind != Kind::Logged || entry.line.message.raw().starts_with("LAMBDA_WARNING: ") {
        return None;
    }
    let Some(said) = &entry.said else { return Some(Code::Custom) };
    if !said.is_template {
        return Some(Code::Custom);
    }
    let text = entry.line.message.raw();
    let has = |words: &str| text.contains(words);
    Some(match () {
        () if has("Found credentials in environment variables") => return None,
        () if has("Successfully set password for user ") => Code::Single,
        () if has("previous, current, or pending secret of secret") => Code::Single,
        () if has("Successfully set password for ") => Code::Alternating,
        () if has("using current credentials for secret ") => Code::Alternating,
        () if has("using credentials in master secret ") || has("Unable to clone user") => Code::Alternating,
        () => Code::Template,
    })
}

/// What is known of the code after one more line. Lines of both strategies are of neither's template.
pub(super) fn told(known: Code, line: Option<Code>) -> Code {
    match (known, line) {
        (known, None) => known,
        (Code::Single, Some(Code::Alternating)) | (Code::Alternating, Some(Code::Single)) => Code::Custom,
        (known, Some(line)) => known.max(line),
    }
}
