//! Lines by which Lambda itself tells of an invocation, in the text and in the JSON format.
//!
//! Sources: <https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html>,
//! <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html>

use std::time::Duration;

use serde_json::Value;

use super::{Format, Kind, Level, Line, request_id};
use crate::text::AwsText;

/// What Lambda tells of an invocation.
#[derive(Debug, Clone, PartialEq)]
pub enum Platform {
    /// The execution environment is being started, before any request: INIT_START, platform.initStart.
    InitStart,
    /// How that start went: INIT_REPORT, platform.initReport.
    InitReport(Report),
    /// A request begins: START, platform.start.
    Start,
    /// The function's code is done with the request: END, platform.runtimeDone.
    Done(Report),
    /// What the request took: REPORT, platform.report.
    Report(Report),
    /// `Task timed out after … seconds`. It may come before END, after REPORT or not at all.
    TimedOut(Duration),
    /// Another platform event of the JSON format.
    Other,
}

/// What Lambda measured. Members that a line doesn't tell are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// How it ended. The text format tells only bad ends.
    pub status: Option<Status>,
    /// The type of error, as `Runtime.ExitError`.
    pub error: Option<AwsText>,
    /// How long the request took.
    pub duration: Option<Duration>,
    /// How long AWS bills.
    pub billed: Option<Duration>,
    /// The function's memory in MB.
    pub memory_mb: Option<u64>,
    /// The most that it used, in MB.
    pub max_memory_mb: Option<u64>,
    /// How long the start of the execution environment took, if this request had to wait for it.
    pub init: Option<Duration>,
}

/// How a request, or the start of an execution environment, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// `success`
    Success,
    /// `failure`
    Failure,
    /// `error`
    Error,
    /// `timeout`
    Timeout,
}

impl Status {
    fn from_aws(word: &str) -> Option<Self> {
        let all = [
            ("success", Self::Success),
            ("failure", Self::Failure),
            ("error", Self::Error),
            ("timeout", Self::Timeout),
        ];
        all.into_iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, status)| status)
    }
}

impl Platform {
    /// The level that Lambda gives the event in the JSON format: WARN for bad ends. A time-out is one, in any format.
    /// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>
    fn level(&self) -> Option<Level> {
        let is_bad = |report: &Report| report.status.is_some_and(|status| status != Status::Success);
        match self {
            Self::TimedOut(_) => Some(Level::Warn),
            Self::InitReport(report) | Self::Done(report) | Self::Report(report) if is_bad(report) => Some(Level::Warn),
            Self::InitReport(_) => Some(Level::Debug),
            Self::Done(report) if report.status.is_some() => Some(Level::Debug),
            Self::InitStart | Self::Start | Self::Done(_) | Self::Report(_) => Some(Level::Info),
            Self::Other => None,
        }
    }

    fn line(self, format: Format, id: Option<AwsText>, text: &str) -> Line {
        let error = match &self {
            Self::InitReport(report) | Self::Done(report) | Self::Report(report) => report.error.clone(),
            _ => None,
        };
        let (level, kind) = (self.level(), Kind::Platform(self));
        Line { format, kind, level, request_id: id, message: text.trim_end().into(), error, trace: None }
    }
}

/// Reads a platform line of the text format; `None` if it is none.
pub(super) fn read(text: &str) -> Option<Line> {
    let (word, rest) = text.split_once(' ')?;
    let (platform, id) = match word {
        "INIT_START" => (Platform::InitStart, None),
        "INIT_REPORT" => (Platform::InitReport(fields(rest)), None),
        "START" => (Platform::Start, Some(requested(rest)?)),
        "END" => (Platform::Done(Report::default()), Some(requested(rest)?)),
        "REPORT" => (Platform::Report(fields(rest)), Some(requested(rest)?)),
        _ => {
            let (id, rest) = rest.split_once(" Task timed out after ")?;
            let seconds = rest.trim_end().strip_suffix(" seconds")?.parse().ok()?;
            let is_line = word.ends_with('Z') && !id.contains(char::is_whitespace);
            (Platform::TimedOut(span(is_line.then_some(seconds)?)?), request_id(id))
        }
    };
    Some(platform.line(Format::Text, id, text))
}

/// Makes the line of a platform event of the JSON format: its message is what it is, and the record as AWS wrote it.
pub(super) fn of_record(kind: &str, record: &Value) -> Line {
    let platform = match kind {
        "platform.initStart" => Platform::InitStart,
        "platform.initReport" => Platform::InitReport(measured(record)),
        "platform.start" => Platform::Start,
        "platform.runtimeDone" => Platform::Done(measured(record)),
        "platform.report" => Platform::Report(measured(record)),
        _ => Platform::Other,
    };
    let id = record.get("requestId").and_then(Value::as_str).and_then(request_id);
    platform.line(Format::Json, id, &format!("{kind} {record}"))
}

/// The id in `RequestId: <id> …`.
fn requested(rest: &str) -> Option<AwsText> {
    request_id(rest.strip_prefix("RequestId: ")?.split_whitespace().next()?)
}

/// The fields of a REPORT, separated by tabs.
fn fields(rest: &str) -> Report {
    let field = |name: &str| {
        let mut fields = rest.split('\t').map(str::trim);
        fields.find_map(|field| field.strip_prefix(name)?.strip_prefix(": "))
    };
    let time = |name: &str| field(name)?.strip_suffix(" ms")?.parse().ok().and_then(|ms: f64| span(ms / 1000.0));
    let memory = |name: &str| field(name)?.strip_suffix(" MB")?.parse().ok();
    Report {
        status: field("Status").and_then(Status::from_aws),
        error: field("Error Type").map(Into::into),
        duration: time("Duration"),
        billed: time("Billed Duration"),
        memory_mb: memory("Memory Size"),
        max_memory_mb: memory("Max Memory Used"),
        init: time("Init Duration"),
    }
}

/// The members of a platform event's record.
fn measured(record: &Value) -> Report {
    let words = |key: &str| record.get(key).and_then(Value::as_str);
    let metric = |key: &str| record.get("metrics").and_then(|metrics| metrics.get(key));
    let time = |key: &str| metric(key).and_then(Value::as_f64).and_then(|ms| span(ms / 1000.0));
    let memory = |key: &str| metric(key).and_then(Value::as_u64);
    Report {
        status: words("status").and_then(Status::from_aws),
        error: words("errorType").map(Into::into),
        duration: time("durationMs"),
        billed: time("billedDurationMs"),
        memory_mb: memory("memorySizeMB"),
        max_memory_mb: memory("maxMemoryUsedMB"),
        init: time("initDurationMs"),
    }
}

/// A time in seconds; none if it is no time at all.
fn span(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}
