//! The label timeline of a secret: which version had which staging label, and when.
//!
//! What is known and what is only inferred are different types, so that nothing can pass from one to the other by
//! mistake: [`Known`] spans rest on an answer of AWS, [`Inferred`] ones on dates and on how rotation works.

mod explain;
mod inference;
mod told;

use chrono::{DateTime, TimeDelta, Utc};

use super::pending::{Failure, Signs};
use super::rotation::Step;
use super::secret::Secret;
use super::version::{Labelled, Pending, StagingLabel, Value, Version, VersionId, labelled};
use crate::text::AwsText;

pub use self::explain::Remark;
pub use self::told::{Moved, Trail};

/// What a timeline is made of.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The secret with its labels, by DescribeSecret or ListSecrets.
    pub secret: &'a Secret,
    /// Its versions, by ListSecretVersionIds, where they could be learned.
    pub versions: Option<&'a [Version]>,
    /// Attempts that are known to have failed, by CloudTrail's RotationFailed events.
    pub attempts: &'a [Attempt],
    /// When rotation was turned off, by CloudTrail's CancelRotateSecret events.
    pub cancelled: &'a [Cancelled],
    /// All that CloudTrail tells of the secret, where that was looked up.
    pub trail: Option<Trail<'a>>,
    /// When the labels were answered, by this machine's clock (UTC).
    pub seen: DateTime<Utc>,
    /// Whether they come from ListSecrets, which may not have heard of the last minutes.
    pub by_list: bool,
}

/// What ListSecrets may not have heard of yet.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html>
const LIST_LAG: TimeDelta = TimeDelta::minutes(5);

/// An attempt to rotate that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The version that it was to bring in, where the event tells.
    pub version: Option<VersionId>,
    /// When it failed (UTC).
    pub at: DateTime<Utc>,
    /// In which step, where the event tells.
    pub step: Option<Step>,
}

/// Somebody turned rotation off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// Who, in short.
    pub by: Option<AwsText>,
}

/// The timeline of one secret. All times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// One lane a version, the newest first. Deprecated versions are among them.
    pub lanes: Vec<Lane>,
    /// When rotation was turned off.
    pub cancelled: Vec<Cancelled>,
    /// When it last rotated, by AWS's LastRotatedDate.
    pub rotated: Option<DateTime<Utc>>,
    /// Attempts that failed of which the version isn't known, or isn't there any more.
    pub attempts: Vec<Attempt>,
    /// The moves of labels that the event history tells of, the earliest first.
    pub moves: Vec<Moved>,
    /// Up to when it reaches: when AWS answered, or the latest date in its answer if that is later.
    pub until: DateTime<Utc>,
    /// By how much the latest date that AWS gave lies behind the answer itself: this machine's clock is at least so
    /// much behind AWS's.
    pub ahead: Option<TimeDelta>,
    /// Whether the versions were listed. Where not, dates and deprecated versions are missing.
    pub is_listed: bool,
}

/// A version, and what it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// The version, with its labels of today.
    pub version: Labelled,
    /// The KMS keys that encrypt it.
    pub kms_keys: Vec<AwsText>,
    /// Labels that it is known to have had.
    pub known: Vec<Known>,
    /// Labels that it probably had.
    pub inferred: Vec<Inferred>,
    /// Attempts to bring it in that failed, the earliest first.
    pub attempts: Vec<Attempt>,
    /// What else the event history tells of it, the latest first.
    pub told: Vec<(DateTime<Utc>, String)>,
}

/// A label that a version is known to have had all that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The label.
    pub label: StagingLabel,
    /// Since when at the latest: what was before is not said by this.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Who says so.
    pub source: Source,
}

/// On what a [`Known`] span rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The label sits there now, and by LastChangedDate nothing about the secret has been modified since then.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>
    Unchanged,
    /// The label sat there when AWS answered; how long already is not known.
    Seen,
    /// The event history tells of the moves at both ends, or that there was none, and was read whole in between.
    Trail,
}

/// A label that a version probably had in that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inferred {
    /// The label.
    pub label: StagingLabel,
    /// Since when, as far as can be told.
    pub from: DateTime<Utc>,
    /// Until when, as far as can be told.
    pub until: DateTime<Utc>,
    /// Why it is believed.
    pub why: Why,
}

/// Why an [`Inferred`] span is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A rotation puts a new value under AWSPENDING, and this value was put then.
    ValuePut,
    /// An attempt to bring this version in failed then, so AWSPENDING sat on it.
    Attempted,
    /// AWS says that it rotated the secret then, and this version is the one that was new.
    Rotated,
    /// A value that is put without a rotation becomes AWSCURRENT at once, and this one was put then.
    Put,
    /// It is AWSPREVIOUS: it was AWSCURRENT before the one that is now.
    Preceded,
    /// The version that took its place was put then.
    Succeeded,
    /// Versions follow each other by their dates of creation; this one may as well have been given up as AWSPENDING.
    Succession,
    /// It is newer than AWSPREVIOUS and never became AWSCURRENT: a rotation that was given up.
    GivenUp,
    /// AWSPREVIOUS is newer than AWSCURRENT: somebody moved the labels back, at the latest when the secret last changed.
    RolledBack,
    /// A rotation that is done may leave AWSPENDING on the version that it made AWSCURRENT.
    Stayed,
}

/// The signs of a secret's pending version together with what attempts to bring it in tell. The attempts come in order
/// of time.
pub fn signs(secret: &Secret, signs: Signs, attempts: &[Attempt]) -> Signs {
    let Pending::Other(pending) = secret.labels.pending() else { return signs };
    let mut of_it = attempts.iter().filter(|attempt| attempt.version.as_ref() == Some(&pending));
    let Some(first) = of_it.next() else { return signs };
    let last = of_it.next_back().unwrap_or(first);
    let since = signs.since.map_or(first.at, |since| since.min(first.at));
    let step = last.step.map(|step| step.word().into());
    Signs { failure: Some(Failure { at: last.at, step }), since: Some(since), ..signs }
}

impl Timeline {
    /// Makes the timeline of what is known.
    pub fn of(sources: Sources<'_>) -> Self {
        let Sources { secret, versions, seen, .. } = sources;
        let rows = labelled(&secret.labels, versions);
        let events = sources.trail.map_or(&[][..], |trail| trail.events);
        let moves = told::moves(events);
        let mut attempts = [sources.attempts, &told::attempts(events)].concat();
        attempts.sort_by(|a, b| (a.at, &a.version, a.step).cmp(&(b.at, &b.version, b.step)));
        attempts.dedup();
        let mut cancelled = [sources.cancelled, &told::cancelled(events)].concat();
        cancelled.sort_by_key(|one| std::cmp::Reverse(one.at));
        cancelled.dedup();
        let sources = Sources { attempts: &attempts, ..sources };
        let dates = rows.iter().filter_map(created).chain(secret.last_changed).chain(secret.last_rotated);
        let until = dates.chain([seen]).max().unwrap_or(seen);
        let mut lanes: Vec<Lane> = rows.into_iter().map(|row| lane(row, &sources, until)).collect();
        // The sort is stable: versions of the same second keep the order of their labels. One without a value is the
        // newest: its value is yet to come.
        lanes.sort_by_key(|lane| std::cmp::Reverse(created(&lane.version).unwrap_or(until)));
        if let Some(trail) = &sources.trail {
            let put = |id: &VersionId| versions?.iter().find(|version| version.id == *id)?.created;
            for (version, known) in told::spans(trail, &moves, secret, put, until) {
                if let Some(lane) = lanes.iter_mut().find(|lane| lane.version.id == version) {
                    lane.know(known);
                }
            }
        }
        inference::infer(&mut lanes, secret, until);
        let is_lost = |attempt: &&Attempt| !lanes.iter().any(|lane| Some(&lane.version.id) == attempt.version.as_ref());
        Self {
            cancelled,
            moves,
            rotated: secret.last_rotated,
            attempts: attempts.iter().filter(is_lost).cloned().collect(),
            until,
            ahead: (until > seen).then(|| until - seen),
            is_listed: versions.is_some(),
            lanes,
        }
    }

    /// The place of the version that matters most: the pending one, else the current one.
    pub fn foremost(&self) -> usize {
        let with = |label: &StagingLabel, alone: bool| {
            let is_it = |lane: &Lane| {
                let labels = &lane.version.labels;
                labels.contains(label) && !(alone && labels.contains(&StagingLabel::Current))
            };
            self.lanes.iter().position(is_it)
        };
        with(&StagingLabel::Pending, true).or_else(|| with(&StagingLabel::Current, false)).unwrap_or(0)
    }

    /// The earliest moment that anything is shown of (UTC), deprecated versions counted or not.
    pub fn begin(&self, deprecated: bool) -> DateTime<Utc> {
        let lanes = self.lanes.iter().filter(|lane| deprecated || !lane.is_deprecated());
        lanes.filter_map(Lane::begin).min().unwrap_or(self.until)
    }
}

impl Lane {
    /// Takes in a span that is known; where it meets one of the same label, both are one, which rests on what tells of its
    /// begin.
    fn know(&mut self, mut known: Known) {
        self.known.retain(|other| {
            let is_apart = other.label != known.label || other.from > known.until || other.until < known.from;
            if !is_apart {
                if other.from <= known.from {
                    (known.from, known.source) = (other.from, other.source);
                }
                known.until = known.until.max(other.until);
            }
            is_apart
        });
        self.known.push(known);
        self.known.sort_by(|a, b| (a.from, &a.label).cmp(&(b.from, &b.label)));
    }

    /// Whether it has no label: AWS may delete it.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html>
    pub fn is_deprecated(&self) -> bool {
        self.version.labels.is_empty()
    }

    /// The first moment of which anything is told.
    fn begin(&self) -> Option<DateTime<Utc>> {
        let known = self.known.iter().map(|span| span.from);
        let inferred = self.inferred.iter().map(|span| span.from);
        let attempts = self.attempts.iter().map(|attempt| attempt.at);
        known.chain(inferred).chain(attempts).chain(created(&self.version)).min()
    }
}

/// When a version's value was put, as far as that is known.
fn created(version: &Labelled) -> Option<DateTime<Utc>> {
    match version.value {
        Value::Put(created) => created,
        Value::Unknown | Value::Empty => None,
    }
}

fn lane(version: Labelled, sources: &Sources<'_>, until: DateTime<Utc>) -> Lane {
    let listed = sources.versions.unwrap_or_default().iter().find(|listed| listed.id == version.id);
    let of_it = |attempt: &&Attempt| attempt.version.as_ref() == Some(&version.id);
    let mut attempts: Vec<Attempt> = sources.attempts.iter().filter(of_it).cloned().collect();
    attempts.sort_by_key(|attempt| attempt.at);
    let told = if sources.by_list { sources.seen - LIST_LAG } else { until };
    let (from, until, source) = match sources.secret.last_changed {
        Some(changed) if changed < sources.seen => (changed, told.max(changed), Source::Unchanged),
        Some(_) => (until, until, Source::Seen),
        None => (told, told, Source::Seen),
    };
    let has = sources.secret.labels.0.get(&version.id).map_or(&[][..], |labels| labels);
    let known = has.iter().map(|label| Known { label: label.clone(), from, until, source }).collect();
    let kms_keys = listed.map_or_else(Vec::new, |listed| listed.kms_keys.clone());
    let told = sources.trail.map_or_else(Vec::new, |trail| told::remarks(trail.events, &version.id));
    Lane { version, kms_keys, known, inferred: Vec::new(), attempts, told }
}

#[cfg(test)]
mod tests;
