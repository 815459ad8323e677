//! Log events of a rotation function, and what one line says: who wrote it, for which request, how grave, what.
//!
//! Formats: <https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html> (Text),
//! <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html> (JSON).

use chrono::{DateTime, Utc};

use crate::text::AwsText;

mod application;
mod json;
mod platform;

pub use platform::{Platform, Report, Status};

/// One event of a log group, as FilterLogEvents and Live Tail send it.
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// CloudWatch's id of it. Live Tail sends none.
    /// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html>
    pub id: Option<AwsText>,
    /// The log stream: one execution environment of the function.
    pub stream: AwsText,
    /// When it happened, UTC, to the millisecond.
    pub at: DateTime<Utc>,
    /// When CloudWatch Logs had it, UTC, where known.
    pub ingested: Option<DateTime<Utc>>,
    /// The text to the letter; it may have several rows.
    pub message: AwsText,
}

/// What the text of one event says. Made of any text; what is of no known form is [`Format::Plain`].
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// In which form it was written.
    pub format: Format,
    /// Who speaks, and of what.
    pub kind: Kind,
    /// How grave it is, where the line says so or its platform event has a level.
    pub level: Option<Level>,
    /// The request that it belongs to. Lines of a function's start, uncaught exceptions and printed text have none.
    pub request_id: Option<AwsText>,
    /// What is said, without level, time, request id and type of error. May be empty: an exception needs no words.
    pub message: AwsText,
    /// The type of the error, where it tells of one.
    pub error: Option<AwsText>,
    /// The rows of the traceback, if it has one apart from the message; separated by `\n`, indented by plain spaces.
    pub trace: Option<AwsText>,
}

/// The form in which a line was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Lambda's text format.
    Text,
    /// Lambda's JSON format, or an object of the function's own with the same keys.
    Json,
    /// Anything else: printed text, other runtimes.
    Plain,
}

/// Who speaks in a line, and of what.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// The function logged or printed it.
    Logged,
    /// An exception that nobody caught: the invocation, or the start of the function, failed by it.
    Uncaught,
    /// Lambda itself tells of the invocation.
    Platform(Platform),
}

/// How grave a line is, in Lambda's words. Python's WARNING is WARN, its CRITICAL is FATAL.
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// TRACE
    Trace,
    /// DEBUG
    Debug,
    /// INFO
    Info,
    /// WARN
    Warn,
    /// ERROR. No proof that the invocation failed: templates log errors on the way to success.
    Error,
    /// FATAL
    Fatal,
}

impl Level {
    /// Every level, the least grave first.
    pub const ALL: [Self; 6] = [Self::Trace, Self::Debug, Self::Info, Self::Warn, Self::Error, Self::Fatal];

    /// The level for a word of Lambda or of Python, whatever its case.
    pub fn from_aws(word: &str) -> Option<Self> {
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        match word {
            _ if is("WARNING") => Some(Self::Warn),
            _ if is("CRITICAL") => Some(Self::Fatal),
            _ => Self::ALL.into_iter().find(|level| is(level.word())),
        }
    }

    /// Lambda's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
        }
    }
}

impl Line {
    /// Reads the text of an event. Never fails.
    pub fn read(event: &LogEvent) -> Self {
        let text = event.message.raw().trim_end_matches(['\n', '\r']);
        let known = json::read(text).or_else(|| platform::read(text)).or_else(|| application::read(text));
        known.unwrap_or_else(|| Self {
            format: Format::Plain,
            kind: Kind::Logged,
            level: None,
            request_id: None,
            message: if text == event.message.raw() { event.message.clone() } else { text.into() },
            error: None,
            trace: None,
        })
    }

    /// The line for people, as text from AWS: type of error and message, then the traceback, separated by `\n`.
    pub fn readable(&self) -> AwsText {
        let head = match &self.error {
            Some(error) if self.kind == Kind::Uncaught && self.message.is_empty() => error.clone(),
            Some(error) if self.kind == Kind::Uncaught => format!("{}: {}", error.raw(), self.message.raw()).into(),
            _ => self.message.clone(),
        };
        match &self.trace {
            Some(trace) => format!("{}\n{}", head.raw(), trace.raw()).into(),
            None => head,
        }
    }
}

/// A request id; an empty one, as lines of a function's start have it, is none.
fn request_id(id: &str) -> Option<AwsText> {
    let id = id.trim();
    (!id.is_empty()).then(|| id.into())
}

/// The rows of a traceback with one kind of row end and of indentation: rows are separated by `\r` where the function
/// is a container image, and indented by no-break spaces.
fn trace(rows: &str) -> Option<AwsText> {
    let rows = rows.trim_matches(['\n', '\r']).replace("\r\n", "\n").replace('\r', "\n").replace('\u{a0}', " ");
    (!rows.is_empty()).then(|| rows.into())
}

#[cfg(test)]
mod tests;
