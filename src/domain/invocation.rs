//! Invocations of a rotation function, put together from log events that come in any order.
//!
//! Secrets Manager invokes the function once for each step, so an attempt to rotate is four invocations with four
//! request ids: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>.

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::log::{Line, LogEvent, Report};
use super::rotation::Step;
use super::template::Said;
use super::version::VersionId;
use crate::text::AwsText;

mod attribution;
mod facts;
mod lines;
pub(super) mod mentions;
mod store;
mod stream;
mod table;

pub use attribution::{Attribution, Run};
pub use lines::{Dealt, Lines, Shown};
pub use store::{Bound, Dropped, Invocations};

/// An event's place among those of its log group: its time (UTC), and the how-many-th it came in. No two have the same.
pub type Place = (DateTime<Utc>, u64);

/// A log event with what was read in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The event.
    pub event: LogEvent,
    /// What its text says.
    pub line: Line,
    /// What it says of the rotation, where it says something.
    pub said: Option<Said>,
    /// ARNs of secrets that a line of the function's own mentions.
    mentions: Box<[AwsText]>,
    /// The how-many-th it came in.
    arrival: u64,
}

impl Entry {
    fn read(event: LogEvent, arrival: u64) -> Self {
        let line = Line::read(&event);
        let said = Said::of(&line);
        let is_own = said.as_ref().is_none_or(|said| !said.is_template);
        let mentions = if is_own { mentions::of(event.message.raw()) } else { Box::default() };
        Self { event, line, said, mentions, arrival }
    }

    /// Its place: by time, and in one millisecond as it came in.
    pub fn place(&self) -> Place {
        (self.event.at, self.arrival)
    }
}

/// One invocation, as far as the lines that are kept of it tell. All times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Invocation {
    /// Its request id.
    pub request_id: AwsText,
    /// The log stream: the execution environment that it ran in.
    pub stream: AwsText,
    /// The step, where a line names it.
    pub step: Option<Step>,
    /// The ARN of the secret that it rotates, where a line says it.
    pub secret: Option<AwsText>,
    /// The version that it brings in (the ClientRequestToken), where a line says it.
    pub version: Option<VersionId>,
    /// When it began: by START, else by its first line.
    pub started: DateTime<Utc>,
    /// When it ended, where a line says that it did. JSON logs at the system log level WARN say nothing of good ends.
    /// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>
    pub ended: Option<DateTime<Utc>>,
    /// How it went.
    pub outcome: Outcome,
    /// What it took, where Lambda reported that.
    pub report: Option<Report>,
    /// Its events in order of time, in one millisecond as they came in. Lines of the function's start come with the
    /// invocation that waited for it.
    pub entries: VecDeque<Arc<Entry>>,
}

/// How an invocation went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// No line says that it ended: it runs, or that line has not arrived, or is not logged.
    Running,
    /// It ended, and no line says that it failed.
    Finished,
    /// It failed.
    Failed(Failure),
    /// Lambda stopped it when its time was up.
    TimedOut,
}

/// Why an invocation failed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// The type of the error, where there is one.
    pub error: Option<AwsText>,
    /// The words; empty where there are none.
    pub message: AwsText,
}

impl Invocation {
    /// When its last line was written (UTC).
    pub fn last(&self) -> DateTime<Utc> {
        self.entries.back().map_or(self.started, |entry| entry.event.at)
    }
}

#[cfg(test)]
mod tests;
