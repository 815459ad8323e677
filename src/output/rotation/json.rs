//! The same as JSON: one object a line, each with its `type`. Field names are stable; text from AWS is kept to the letter.

use std::io::{self, Write};

use serde::Serialize;

use crate::domain::change::Change;
use crate::domain::context::Context;
use crate::domain::fault::Fault;
use crate::domain::invocation::{Attribution, Entry, Shown};
use crate::domain::preflight::Check;
use crate::domain::progress::{End, Progress, Proof, StepProgress};
use crate::domain::tail::Range;
use crate::domain::version::{LabelMap, VersionId};
use crate::output::json::FaultJson;
use crate::output::pretty;
use crate::text::{AwsText, rfc3339};

/// One line of what is watched.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event<'a> {
    /// What is asked for.
    Change(Asked<'a>),
    /// A check of the pre-flight.
    Check(CheckJson<'a>),
    /// AWS took the call.
    Accepted(Accepted<'a>),
    /// Where log events come from.
    Source {
        /// In words.
        source: String,
    },
    /// Where the labels sit now.
    Labels {
        /// The labels on each version.
        labels: &'a LabelMap,
    },
    /// A range of which Live Tail sent a sample only.
    Sampled {
        /// Its begin.
        from: String,
        /// Its end.
        until: String,
    },
    /// A range that was read whole.
    Filled {
        /// Its begin.
        from: String,
        /// Its end.
        until: String,
    },
    /// A range of which lines may be missing.
    Unread(Gap),
    /// A log event.
    Line(LogLine<'a>),
    /// A step that is further than it was.
    Step(Step),
    /// Something that can't be learned.
    Fault(FaultJson),
    /// How it ended.
    End(Ended<'a>),
}

/// A change that is asked for.
#[derive(Debug, Serialize)]
pub struct Asked<'a> {
    secret: &'a AwsText,
    name: &'a AwsText,
    region: &'a str,
    account: Option<&'a str>,
    demo: bool,
    change: &'static str,
    sentence: String,
    /// The call that moves a label before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<CallJson>,
    call: String,
    aws_form: String,
    differences: Vec<[String; 3]>,
    undo: String,
}

/// A call that goes before another one.
#[derive(Debug, Serialize)]
pub struct CallJson {
    call: String,
    aws_form: String,
}

impl From<&Change> for CallJson {
    fn from(change: &Change) -> Self {
        Self { call: change.call(), aws_form: change.aws_form() }
    }
}

/// A check of the pre-flight.
#[derive(Debug, Serialize)]
pub struct CheckJson<'a> {
    rule: &'static str,
    grade: &'static str,
    sentence: &'a str,
    next_step: Option<&'a str>,
    permission: Option<&'static str>,
}

impl<'a> From<&'a Check> for CheckJson<'a> {
    fn from(check: &'a Check) -> Self {
        Self {
            rule: check.rule.word(),
            grade: check.grade.word(),
            sentence: &check.sentence,
            next_step: check.next_step.as_deref(),
            permission: check.missing,
        }
    }
}

/// A call that AWS took.
#[derive(Debug, Serialize)]
pub struct Accepted<'a> {
    /// When (UTC).
    pub at: String,
    /// The version that it brings in.
    pub version: Option<&'a VersionId>,
    /// AWS's id of the request.
    pub request_id: Option<&'a AwsText>,
    /// Until when the secret can be restored, where it is marked for deletion now (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<String>,
}

/// A range of which lines may be missing.
#[derive(Debug, Serialize)]
pub struct Gap {
    from: String,
    until: String,
    fault: FaultJson,
}

impl Gap {
    /// From when to when, and why.
    pub fn of(range: &Range, because: &Fault) -> Self {
        Self { from: rfc3339(range.from), until: rfc3339(range.until), fault: because.into() }
    }
}

/// A log event.
#[derive(Debug, Serialize)]
pub struct LogLine<'a> {
    at: String,
    stream: &'a AwsText,
    request_id: Option<&'a AwsText>,
    step: Option<&'static str>,
    level: Option<&'static str>,
    attribution: Option<&'static str>,
    message: AwsText,
}

/// A step.
#[derive(Debug, Serialize)]
pub struct Step {
    attempt: u32,
    #[serde(rename = "step")]
    name: &'static str,
    state: &'static str,
    took_ms: Option<u128>,
    proof: Option<&'static str>,
}

/// How it ended.
#[derive(Debug, Serialize)]
pub struct Ended<'a> {
    /// `succeeded`, `failed` …
    pub outcome: &'a str,
    /// The step.
    pub step: Option<&'static str>,
    /// The attempt, from 1.
    pub attempt: Option<u32>,
    /// How it ended, as a sentence.
    pub sentence: String,
    /// What to do next.
    pub next_step: Option<String>,
}

impl<'a> Asked<'a> {
    /// Of a change.
    pub fn of(change: &'a Change, context: &'a Context, account: Option<&'a str>) -> Self {
        Self::planned(None, change, context, account)
    }

    /// Of a change before which another call moves a label.
    pub fn planned(first: Option<&Change>, change: &'a Change, context: &'a Context, account: Option<&'a str>) -> Self {
        let differences = change.differences_behind(first).into_iter();
        Self {
            secret: &change.on.arn,
            name: &change.name,
            region: &context.region,
            account,
            demo: context.is_demo(),
            change: change.kind.word(),
            sentence: change.sentence(),
            first: first.map(Into::into),
            call: change.call(),
            aws_form: change.aws_form(),
            differences: differences.map(|one| [one.what.to_owned(), one.before, one.after]).collect(),
            undo: change.undo(),
        }
    }
}

impl<'a> LogLine<'a> {
    /// Of a log event; masked unless `raw`.
    pub fn of(shown: &'a Shown, raw: bool) -> Self {
        let message = &shown.entry.event.message;
        Self {
            at: rfc3339(shown.entry.event.at),
            stream: &shown.entry.event.stream,
            request_id: shown.request_id.as_ref(),
            step: shown.step.map(crate::domain::rotation::Step::word),
            level: shown.entry.line.level.map(crate::domain::log::Level::word),
            attribution: Some(match shown.attribution {
                Attribution::ThisRotation => "this-rotation",
                Attribution::ThisSecret => "this-secret",
                Attribution::OtherSecret => "other-secret",
                Attribution::Unattributed { within: true } => "unattributed-within",
                Attribution::Unattributed { within: false } => "unattributed",
            }),
            message: if raw { message.clone() } else { message.masked() },
        }
    }

    /// Of a log event of which nobody asked whose it is.
    pub fn of_anyone(entry: &'a Entry, raw: bool) -> Self {
        let message = &entry.event.message;
        Self {
            at: rfc3339(entry.event.at),
            stream: &entry.event.stream,
            request_id: entry.line.request_id.as_ref(),
            step: entry.said.as_ref().and_then(|said| said.step).map(crate::domain::rotation::Step::word),
            level: entry.line.level.map(crate::domain::log::Level::word),
            attribution: None,
            message: if raw { message.clone() } else { message.masked() },
        }
    }
}

impl Step {
    /// Of a step of an attempt.
    pub fn of(progress: &Progress, step: &StepProgress) -> Self {
        Self {
            attempt: progress.attempt,
            name: step.step.word(),
            state: step.state.word(),
            took_ms: step.took.map(|took| took.as_millis()),
            proof: step.proof.as_ref().map(|proof| match proof {
                Proof::Labels => "labels",
                Proof::Value => "value",
                Proof::Event(_) => "event",
                Proof::Line(_) => "line",
                Proof::Inferred(_) => "inferred",
            }),
        }
    }
}

impl<'a> Ended<'a> {
    /// Of a rotation's end.
    pub fn of(end: &'a End, attempt: u32, sentence: String, next_step: Option<String>) -> Self {
        let step = end.step().map(crate::domain::rotation::Step::word);
        Self { outcome: end.word(), step, attempt: Some(attempt), sentence, next_step }
    }
}

/// Writes one object on a line of its own.
pub fn write_line(out: &mut dyn Write, event: &impl Serialize) -> io::Result<()> {
    pretty::write_compact(out, event)
}
