//! How far a rotation has come, and what proves it: labels first, then CloudTrail's events, then log lines.
//!
//! AWS has no operation that tells it. The labels alone can't tell a rotation that runs from one that failed
//! (<https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>), and events come minutes late.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::function::Function;
use super::invocation::{Entry, Invocation};
use super::rotation::Step;
use super::secret::Secret;
use super::trail::RotationFailure;
use super::version::{LabelMap, StagingLabel, Version, VersionId};
use crate::text::AwsText;

mod end;
mod steps;
mod update;
mod words;

#[cfg(test)]
mod tests;

pub use end::End;
pub(super) use steps::{failing, is_time_out};
pub use update::{LogUpdate, Update};
pub use words::{Ways, proof_words, took_words};

/// How long after the last sign of a failed attempt it is waited for another one: log lines come up to a minute late,
/// and when Secrets Manager tries again isn't documented.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html>
pub const GRACE: TimeDelta = TimeDelta::seconds(60);

/// The longest that a function may run: what a time-out is taken for that isn't known.
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html>
pub const LONGEST: Duration = Duration::from_mins(15);

/// The rotation that is followed. Times are UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The secret's ARN.
    pub secret: AwsText,
    /// The version that it brings in.
    pub version: VersionId,
    /// Whether only testSecret is run, and AWSPENDING taken off again.
    pub is_trial: bool,
    /// When it began: AWS accepted the call, or the first sign of it.
    pub since: DateTime<Utc>,
    /// Since when it is watched, which may be later: silence before that was heard by nobody.
    pub watched: DateTime<Utc>,
    /// Whether it is certain that it began then, so that its whole log can be read: AWS took secdash's own call.
    pub is_whole: bool,
    /// The function's time-out, where it is known.
    pub timeout: Option<Duration>,
    /// Whether the function's log levels hide the lines of steps that go well.
    pub hides_steps: bool,
}

/// What is known of it so far. A later look may take back what an older answer said.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// When the secret was last looked at (UTC), and its labels then.
    pub labels: Option<(DateTime<Utc>, LabelMap)>,
    /// When the version was first seen with a value (UTC): by ListSecretVersionIds its date, else that of the look.
    pub value: Option<DateTime<Utc>>,
    /// When the version was first seen with AWSCURRENT (UTC).
    pub current: Option<DateTime<Utc>>,
    /// Whether the version was ever seen with AWSPENDING.
    pub was_pending: bool,
    /// When it was first seen with neither label after that (UTC).
    pub gone: Option<DateTime<Utc>>,
    /// When it was first seen that rotation is off (UTC).
    pub off: Option<DateTime<Utc>>,
    /// Failed attempts that CloudTrail told of, the earliest first.
    pub failures: Vec<RotationFailure>,
    /// What can be said of the log.
    pub log: Sight,
}

/// What can be said of the function's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sight {
    /// It can't be read, or nobody has read it yet: silence says nothing.
    #[default]
    Blind,
    /// It is being read, and how far it is complete isn't known yet.
    Reading,
    /// Everything in it up to this moment has been read (UTC).
    Complete(DateTime<Utc>),
}

/// How far the rotation has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Which attempt it is, from 1. The steps are those of the last one.
    pub attempt: u32,
    /// The steps, in order: four, or testSecret alone.
    pub steps: Vec<StepProgress>,
    /// The step that has probably begun, and when (UTC): an invocation that names no secret yet began where that step was
    /// due, and no other one did.
    pub begun: Option<(Step, DateTime<Utc>)>,
    /// The last sign of life (UTC).
    pub last_sign: Option<DateTime<Utc>>,
    /// How it ended, if it has.
    pub end: Option<End>,
}

/// How far one step has come.
#[derive(Debug, Clone, PartialEq)]
pub struct StepProgress {
    /// The step.
    pub step: Step,
    /// How far it is.
    pub state: StepState,
    /// When its invocation began (UTC), where a line says so.
    pub began: Option<DateTime<Utc>>,
    /// How long it took.
    pub took: Option<Duration>,
    /// What proves it.
    pub proof: Option<Proof>,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Nothing is known to have begun.
    Waiting,
    /// Its invocation has begun.
    Running,
    /// It is done.
    Done,
    /// Its invocation failed.
    Failed,
    /// Lambda stopped its invocation when its time was up.
    TimedOut,
}

/// What proves how far a step is.
#[derive(Debug, Clone, PartialEq)]
pub enum Proof {
    /// The labels: AWSCURRENT sits on the version.
    Labels,
    /// The version has a value.
    Value,
    /// An event of CloudTrail.
    Event(RotationFailure),
    /// A line of the log.
    Line(Arc<Entry>),
    /// No line shows it, but a later step couldn't have begun without it.
    Inferred(Step),
}

impl StepState {
    /// The word for it, the same in tables and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::TimedOut => "timed out",
        }
    }

    /// The shape for it, so that it can be told without colour.
    pub fn symbol(self) -> char {
        match self {
            Self::Waiting => '○',
            Self::Running => '◐',
            Self::Done => '✔',
            Self::Failed | Self::TimedOut => '✖',
        }
    }
}

impl Followed {
    /// A rotation of a secret that began then, by what is known of its function.
    pub fn of(secret: &Secret, version: VersionId, since: DateTime<Utc>, function: Option<&Function>) -> Self {
        Self {
            secret: secret.id.arn.clone(),
            version,
            is_trial: false,
            since,
            watched: since,
            is_whole: false,
            timeout: function.and_then(|function| function.timeout),
            hides_steps: function.is_some_and(Function::hides_steps),
        }
    }
}

impl Evidence {
    /// Takes in how the secret was seen at a moment (UTC), with its versions where they were listed.
    pub fn saw(
        &mut self,
        followed: &Followed,
        at: DateTime<Utc>,
        labels: &LabelMap,
        rotation_enabled: Option<bool>,
        versions: Option<&[Version]>,
    ) {
        let version = &followed.version;
        let listed = versions.unwrap_or_default().iter().find(|listed| listed.id == *version);
        if let Some(listed) = listed.filter(|_| self.value.is_none()) {
            self.value = Some(listed.created.unwrap_or(at));
        }
        let is_pending = labels.has(version, &StagingLabel::Pending);
        // AWSPREVIOUS goes to what had AWSCURRENT: another version may have followed while nobody looked.
        if labels.has(version, &StagingLabel::Current) || labels.has(version, &StagingLabel::Previous) {
            self.current.get_or_insert(at);
        } else if is_pending {
            // A look that AWS answered from an older state must not stand.
            self.gone = None;
        } else if self.was_pending {
            self.gone.get_or_insert(at);
        }
        self.was_pending |= is_pending;
        if rotation_enabled == Some(true) {
            self.off = None;
        } else {
            self.off.get_or_insert(at);
        }
        self.labels = Some((at, labels.clone()));
    }

    /// Takes in what CloudTrail tells of failed attempts with this version.
    pub fn told(&mut self, followed: &Followed, failures: impl IntoIterator<Item = RotationFailure>) {
        for failure in failures {
            let is_ours = failure.secret == followed.secret && failure.version.as_ref() == Some(&followed.version);
            if is_ours && self.failures.iter().all(|known| known.event_id != failure.event_id) {
                self.failures.push(failure);
            }
        }
        self.failures.sort_by_key(|failure| failure.at);
    }
}

impl Progress {
    /// Puts together what is known at `now`: the invocations that are this rotation's, and those within its time that
    /// name no secret.
    pub fn of<'a>(
        followed: &Followed,
        evidence: &Evidence,
        ours: impl IntoIterator<Item = &'a Invocation>,
        nameless: impl IntoIterator<Item = &'a Invocation>,
        now: DateTime<Utc>,
    ) -> Self {
        let attempts = steps::attempts(followed, ours);
        let mut progress = steps::progress(followed, evidence, &attempts);
        let nameless: Vec<_> = nameless.into_iter().collect();
        progress.begun = steps::begun(followed, &progress, &attempts, &nameless);
        let suspect = end::suspect(followed, &progress, &attempts, &nameless, now);
        if let Some(suspect) = suspect {
            progress.last_sign = progress.last_sign.max(Some(suspect.last()));
        }
        progress.end = end::end(followed, evidence, &progress, suspect, !nameless.is_empty(), now);
        progress
    }

    /// The step that comes next, or that is under way; `None` when all are done.
    pub fn next(&self) -> Option<&StepProgress> {
        self.steps.iter().find(|step| step.state != StepState::Done)
    }
}
