//! What CloudTrail tells of attempts where none is pending; and a secret whose date has passed although rotation is on: whether
//! AWS has begun anything, and what to do.

use chrono::{DateTime, TimeDelta, Utc};

use super::advice::at_service;
use super::diagnosis::{Diagnosis, Gap};
use super::facts::{Facts, failures_since};
use super::words::uncapital;
use crate::domain::preflight::Grade;
use crate::domain::rotation::is_overdue;
use crate::domain::secret::Secret;
use crate::domain::trail::{Deed, HORIZON, Phase, TrailEvent};
use crate::domain::version::Pending;
use crate::text::{moment, span};

/// The names of the events that tell of an attempt.
const ATTEMPTS: [&str; 3] = ["RotationStarted", "RotationFailed", "RotationAbandoned"];

/// What of CloudTrail tells whether one was made, as it is called where it can't be asked.
pub const BEGUN: &str = "attempts since the last good rotation";

/// A rotation window is at most a day long, and ends at AWS's date.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>
const WINDOW: TimeDelta = TimeDelta::days(1);

/// The name of those that tell of one that failed.
const FAILED: [&str; 1] = ["RotationFailed"];

/// From when on events of these names are looked for (UTC), where none is pending: of an overdue secret whatever was begun
/// about AWS's date, of others what has failed since the last good rotation.
pub fn looked_since(secret: &Secret, now: DateTime<Utc>) -> Option<(DateTime<Utc>, &'static [&'static str])> {
    let is_pending = matches!(secret.labels.pending(), Pending::Other(_));
    if is_pending || secret.deleted.is_some() || secret.rotation_function.is_none() {
        return None;
    }
    let good = failures_since(secret, None, now);
    Some(match due_since(secret, now) {
        Some(due) => (good.min(due), &ATTEMPTS),
        None => (good, &FAILED),
    })
}

/// From when on attempts are about AWS's date (UTC); `None` where the secret isn't overdue.
fn due_since(secret: &Secret, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    secret.next_rotation.filter(|_| is_overdue(secret, now)).map(|next| next - WINDOW)
}

/// The attempts since then, the earliest first, where none is pending.
pub(super) fn attempts(facts: &Facts<'_>) -> Vec<TrailEvent> {
    let Some((since, _)) = looked_since(facts.secret, facts.now) else { return Vec::new() };
    let is_one = |event: &&TrailEvent| {
        matches!(event.deed, Deed::Rotation { phase: Phase::Started | Phase::Failed | Phase::Abandoned, .. })
    };
    let of_it = facts.changes.iter().filter(|event| event.at >= since && event.names(facts.secret));
    let mut all: Vec<_> = of_it.filter(is_one).cloned().collect();
    all.sort_by_key(|event| event.at);
    all
}

impl Diagnosis {
    /// Where whoever looks after an overdue secret may see more: its log isn't read here.
    pub(super) fn look_for_attempts(&self) -> String {
        let name = &self.secret.name;
        if !self.awaited.is_empty() {
            return "wait until all have answered".to_owned();
        }
        if let Some(action) = self.function.iter().find_map(|check| check.missing) {
            return format!("get {action}, then ask again");
        }
        match &self.secret.owning_service {
            Some(service) => at_service(service.raw(), "rotates it"),
            None if self.secret.rotation_function.is_none() => "ask whoever rotates it".to_owned(),
            None if self.was_begun() => {
                format!("see in `secdash logs {name}` why it failed, mend that, then `secdash rotate {name}`")
            }
            None if self.begun_gap().is_some() => format!(
                "see in `secdash logs {name}` whether an attempt was made: if one failed, its lines say why; if none was, \
                 `secdash rotate {name}` begins one"
            ),
            None => format!("`secdash rotate {name}` begins one now, and shows how it goes"),
        }
    }

    /// Whether an attempt was made since AWS's date came near, by CloudTrail.
    pub(super) fn whether_begun(&self) -> String {
        let Some(since) = due_since(&self.secret, self.at) else { return String::new() };
        if self.awaited.contains(&BEGUN) {
            return String::new();
        }
        if let Some(gap) = self.begun_gap() {
            return format!("Whether an attempt was made isn't known: {} ", uncapital(&gap.why));
        }
        let Some(last) = self.attempts.iter().rfind(|attempt| attempt.at >= since) else {
            let is_told = self.secret.next_rotation.is_some_and(|next| self.at - next > HORIZON);
            let so = if is_told { ": AWS has likely begun none" } else { ", as far as it tells by now" };
            return format!("CloudTrail has no attempt since {}{so}. ", moment(since));
        };
        let what = match &last.deed {
            Deed::Rotation { phase: Phase::Failed, step: Some(step), .. } => format!("failed at {}", step.word()),
            Deed::Rotation { phase: Phase::Failed, .. } => "failed".to_owned(),
            Deed::Rotation { phase: Phase::Abandoned, .. } => "was abandoned, for somebody put a value".to_owned(),
            _ => "began".to_owned(),
        };
        format!("An attempt {what} {}, by CloudTrail, and AWSPENDING was taken off since. ", moment(last.at))
    }

    /// Whether an attempt was made since AWS's date came near.
    fn was_begun(&self) -> bool {
        let since = due_since(&self.secret, self.at);
        since.is_some_and(|since| self.attempts.iter().any(|attempt| attempt.at >= since))
    }

    /// What keeps CloudTrail from telling whether an attempt was made.
    pub(super) fn begun_gap(&self) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.what == BEGUN)
    }

    pub(super) fn nothing_says_why(&self) -> String {
        let unknown = self.function.iter().any(|check| check.grade == Grade::Unknown);
        let asked = self.secret.rotation_function.is_some();
        match () {
            () if !self.awaited.is_empty() => "What keeps it from running is still asked.".to_owned(),
            () if !asked => "There is no function to ask about.".to_owned(),
            () if unknown => {
                "What keeps it from running isn't known: not all about its function could be asked.".to_owned()
            }
            () => "Nothing about its function says why.".to_owned(),
        }
    }

    /// That AWS's date has passed, as a sentence.
    pub(super) fn late(&self) -> Option<String> {
        let next = self.secret.next_rotation.filter(|_| is_overdue(&self.secret, self.at))?;
        Some(format!(
            "The secret is overdue by {}: rotation is on, and AWS's date for the next one, {}, has passed.",
            span(self.at - next),
            moment(next)
        ))
    }
}
