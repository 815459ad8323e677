//! Invocations of a rotation function, put together from log events that come in any order.
//!
//! Secrets Manager invokes the function once for each step, so an attempt to rotate is four invocations with four
//! request ids: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::log::{Kind, Line, LogEvent, Platform, Report, Status};
use super::rotation::Step;
use super::template::{Said, What};
use super::version::VersionId;
use crate::text::AwsText;

mod attribution;
mod mentions;
mod store;
mod stream;

pub use attribution::{Attribution, Run};
pub use store::{Bound, Dropped, Invocations};

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
    fn place(&self) -> (DateTime<Utc>, u64) {
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
    pub entries: Vec<Arc<Entry>>,
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
    /// Puts an invocation together from its entries in order; with each, whether it came before the request began.
    /// There must be one at least.
    fn of(request_id: AwsText, stream: AwsText, entries: Vec<(Arc<Entry>, bool)>) -> Option<Self> {
        let outcome = outcome(&entries);
        let entries: Vec<Arc<Entry>> = entries.into_iter().map(|(entry, _)| entry).collect();
        let begin = |entry: &Entry| matches!(entry.line.kind, Kind::Platform(Platform::Start)).then_some(());
        let end = |entry: &Entry| is_end(&entry.line.kind).then_some(());
        let own = entries.iter().find(|entry| entry.line.request_id.is_some()).or(entries.first())?.event.at;
        Some(Self {
            step: earliest(&entries, |entry| entry.said.as_ref()?.step).map(|(_, step)| step),
            secret: earliest(&entries, |entry| entry.said.as_ref()?.secret.clone()).map(|(_, secret)| secret),
            version: earliest(&entries, |entry| entry.said.as_ref()?.version.clone()).map(|(_, version)| version),
            started: earliest(&entries, begin).map_or(own, |(at, ())| at),
            ended: earliest(&entries, end).map(|(at, ())| at),
            outcome,
            report: entries.iter().find_map(|entry| match &entry.line.kind {
                Kind::Platform(Platform::Report(report)) => Some(report.clone()),
                _ => None,
            }),
            request_id,
            stream,
            entries,
        })
    }

    /// When its last line was written (UTC).
    pub fn last(&self) -> DateTime<Utc> {
        self.entries.last().map_or(self.started, |entry| entry.event.at)
    }
}

/// Whether the line says that its invocation is over.
fn is_end(kind: &Kind) -> bool {
    matches!(kind, Kind::Platform(Platform::Done(_) | Platform::Report(_) | Platform::TimedOut(_)))
}

/// What the earliest entry tells that tells it; of one millisecond the smallest, so that no order of arrival matters.
fn earliest<T: Ord>(entries: &[Arc<Entry>], of: impl Fn(&Entry) -> Option<T>) -> Option<(DateTime<Utc>, T)> {
    entries.iter().filter_map(|entry| Some((entry.event.at, of(entry)?))).min()
}

fn outcome(entries: &[(Arc<Entry>, bool)]) -> Outcome {
    let lines = || entries.iter().map(|(entry, _)| &entry.line);
    let reports = || {
        lines().filter_map(|line| match &line.kind {
            Kind::Platform(Platform::Done(report) | Platform::Report(report)) => Some(report),
            _ => None,
        })
    };
    let has = |status| reports().any(|report| report.status == Some(status));
    let is_timed_out = |line: &Line| matches!(line.kind, Kind::Platform(Platform::TimedOut(_)));
    if has(Status::Timeout) || lines().any(is_timed_out) {
        return Outcome::TimedOut;
    }
    if let Some(failure) = raised(entries) {
        return Outcome::Failed(failure);
    }
    if has(Status::Error) || has(Status::Failure) {
        let error = reports().find_map(|report| report.error.clone());
        return Outcome::Failed(Failure { error, message: AwsText::default() });
    }
    match said(entries).filter(|_| !has(Status::Success)) {
        Some(failure) => Outcome::Failed(failure),
        None if lines().any(|line| is_end(&line.kind)) => Outcome::Finished,
        None => Outcome::Running,
    }
}

/// The exception that nobody caught. One from before the request counts only if the function was not heard after it:
/// Lambda tries the start once more within the request.
fn raised(entries: &[(Arc<Entry>, bool)]) -> Option<Failure> {
    let was_heard = entries.iter().any(|(entry, is_early)| !is_early && entry.line.kind == Kind::Logged);
    let thrown =
        |(entry, is_early): &&(Arc<Entry>, bool)| entry.line.kind == Kind::Uncaught && !(*is_early && was_heard);
    let failures = entries.iter().filter(thrown).map(|(entry, _)| {
        (entry.event.at, Failure { error: entry.line.error.clone(), message: entry.line.message.clone() })
    });
    failures.min().map(|(_, failure)| failure)
}

/// The line of a template by which a step failed or was refused; the exception that follows it may be missing.
fn said(entries: &[(Arc<Entry>, bool)]) -> Option<Failure> {
    let is_bad = |said: &Said| said.is_template && matches!(said.what, What::Failed | What::Refused);
    let bad = entries.iter().filter(|(entry, _)| entry.said.as_ref().is_some_and(is_bad));
    let failures = bad.map(|(entry, _)| (entry.event.at, Failure { error: None, message: entry.line.message.clone() }));
    failures.min().map(|(_, failure)| failure)
}

#[cfg(test)]
mod tests;
