//! The sentences for a rotation's end, and the few words for what proves a step.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{End, Followed, Progress, Proof};
use crate::domain::invocation::Entry;
use crate::domain::log::{Kind, Platform, Status};
use crate::domain::rotation::Step;
use crate::text::{moment, span};

/// How whoever reads of a rotation's end can look further: on the command line by commands, in the dashboard by keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// Where the log's lines are, as a clause: "`secdash logs NAME` has the lines".
    pub lines: String,
    /// What shows the secret.
    pub secret: String,
    /// What turns its rotation on, as a clause.
    pub turn_on: String,
}

impl End {
    /// The word for it in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Succeeded { .. } => "succeeded",
            Self::Failed { .. } => "failed",
            Self::TimedOut { .. } => "timed-out",
            Self::Removed { .. } => "removed",
            Self::TurnedOff { .. } => "turned-off",
            Self::NeverInvoked { .. } => "never-invoked",
            Self::Silent { .. } => "silent",
        }
    }

    /// Whether how it went is known.
    pub fn is_known(&self, followed: &Followed) -> bool {
        match self {
            Self::Silent { .. } => false,
            Self::Removed { .. } => !followed.is_trial,
            _ => true,
        }
    }

    /// The step it ended in, where it is known.
    pub fn step(&self) -> Option<Step> {
        match self {
            Self::Failed { step, .. } | Self::TimedOut { step, .. } | Self::Silent { step, .. } => *step,
            _ => None,
        }
    }

    /// What proves it, where one line or event does.
    pub fn proof(&self) -> Option<Proof> {
        match self {
            Self::Failed { proof, .. } => Some(proof.clone()),
            Self::TimedOut { line, .. } => Some(Proof::Line(line.clone())),
            _ => None,
        }
    }

    /// How it ended, as one sentence about this rotation.
    pub fn sentence(&self, followed: &Followed, progress: &Progress, now: DateTime<Utc>) -> String {
        let version = followed.version.short();
        let what = if followed.is_trial { "The trial" } else { "The rotation" };
        let attempt = match progress.attempt {
            1 => String::new(),
            attempt => format!(" in attempt {attempt}"),
        };
        match self {
            Self::Succeeded { at } if followed.is_trial => {
                format!(
                    "The trial succeeded: testSecret did its work, and AWSPENDING is off {version} since {}.",
                    moment(*at)
                )
            }
            Self::Succeeded { at } => {
                format!("The rotation succeeded{attempt}: AWSCURRENT moved to {version}, seen at {}.", moment(*at))
            }
            Self::Failed { step, proof, is_ours } => {
                format!("{what} failed{}{attempt}: {}{}", at_step(*step), quoted(proof), doubt(*is_ours))
            }
            Self::TimedOut { step, line, is_ours } => {
                format!("{what} timed out{}{attempt}: {}{}", at_step(*step), line_words(line), doubt(*is_ours))
            }
            Self::Removed { at } if followed.is_trial => format!(
                "The trial is over: AWSPENDING is off {version} since {}. No line that was found says how testSecret went.",
                moment(*at)
            ),
            Self::Removed { at } => format!(
                "The rotation was given up: AWSPENDING is not on {version} any more, seen at {}, and AWSCURRENT was never seen on it.",
                moment(*at)
            ),
            Self::TurnedOff { at } => format!(
                "Rotation was turned off, seen at {}; AWSPENDING stays on {version}, and nothing goes on.",
                moment(*at)
            ),
            Self::NeverInvoked { until } => format!(
                "The rotation function was never invoked: its log has no invocation for this rotation up to {}.",
                moment(*until)
            ),
            Self::Silent { since, step } => {
                let begun = step.map_or_else(String::new, |step| format!(" {} had begun.", step.word()));
                let since_words = span(now - *since);
                format!("No sign of life for {since_words}, since {}.{begun} It may still go on.", moment(*since))
            }
        }
    }

    /// What to do next, as an imperative; nothing after a success.
    pub fn next_step(&self, followed: &Followed, ways: &Ways) -> Option<String> {
        let Ways { lines, secret, turn_on } = ways;
        let pending = "AWSPENDING stays, so AWS refuses a new rotation and may try this one again";
        match self {
            Self::Succeeded { .. } => None,
            Self::Failed { .. } | Self::TimedOut { .. } if followed.is_trial => {
                Some(format!("mend the cause; {lines}"))
            }
            Self::Failed { .. } | Self::TimedOut { .. } => Some(format!("mend the cause; {pending}. {lines}")),
            Self::Removed { .. } => Some(format!("see who did it and where the labels are: {secret}")),
            Self::TurnedOff { .. } => Some(format!("see {secret}; {turn_on}")),
            Self::NeverInvoked { .. } => Some(format!(
                "check the function's reserved concurrency, and that its policy admits secretsmanager.amazonaws.com; \
                 {pending}"
            )),
            Self::Silent { .. } => Some(format!("look again with {secret}; {lines}")),
        }
    }
}

fn at_step(step: Option<Step>) -> String {
    step.map_or_else(String::new, |step| format!(" at {}", step.word()))
}

/// What is said where the line names no secret.
fn doubt(is_ours: bool) -> &'static str {
    if is_ours { "" } else { " (a line that names no secret: it came within this rotation, and may be another's)" }
}

fn quoted(proof: &Proof) -> String {
    match proof {
        Proof::Line(entry) => line_words(entry),
        Proof::Event(failure) if failure.message.is_empty() => "CloudTrail has a RotationFailed event".to_owned(),
        Proof::Event(failure) => format!("CloudTrail says: {}", failure.message.masked()),
        Proof::Labels | Proof::Value | Proof::Inferred(_) => proof_words(proof),
    }
}

/// The first row of a line as people read it, masked; of Lambda's own lines about a time-out what they come to.
fn line_words(entry: &Entry) -> String {
    match &entry.line.kind {
        Kind::Platform(Platform::TimedOut(after)) => {
            return format!("Task timed out after {} seconds", after.as_secs_f64());
        }
        Kind::Platform(Platform::Report(report) | Platform::Done(report)) if report.status == Some(Status::Timeout) => {
            let after = report.duration.map_or_else(String::new, |took| format!(" after {}", took_words(took)));
            return format!("Lambda reports a time-out{after}");
        }
        _ => {}
    }
    let readable = entry.line.readable().masked();
    let mut rows = readable.rows().map(|row| row.to_string().trim().to_owned()).filter(|row| !row.is_empty());
    let Some(first) = rows.next() else { return entry.event.message.masked().to_string().trim().to_owned() };
    // What ends with a colon says the thing itself in its next row.
    let next = rows.next().filter(|row| first.ends_with(':') && !row.starts_with("Traceback"));
    next.map_or_else(|| first.clone(), |next| format!("{first} {next}"))
}

/// What proves a step, in few words.
pub fn proof_words(proof: &Proof) -> String {
    match proof {
        Proof::Labels => "AWSCURRENT is on the new version".to_owned(),
        Proof::Value => "the new version has a value".to_owned(),
        Proof::Event(_) => "CloudTrail".to_owned(),
        Proof::Line(entry) => line_words(entry),
        Proof::Inferred(step) => format!("inferred: {} has begun", step.word()),
    }
}

/// How long a step took: `0.8 s`, `41 s`, `2 min 5 s`.
pub fn took_words(took: Duration) -> String {
    let millis = took.as_millis();
    match millis {
        0..9_950 => format!("{}.{} s", (millis + 50) / 1000, (millis + 50) % 1000 / 100),
        9_950..120_000 => format!("{} s", millis / 1000),
        _ => format!("{} min {} s", millis / 60_000, millis % 60_000 / 1000),
    }
}
