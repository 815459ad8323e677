//! A secret without an AWSPENDING of its own: whether AWS has begun anything where its date has passed, and whether an attempt
//! that failed has left a password behind.

use chrono::{DateTime, TimeDelta, Utc};

use super::advice::at_service;
use super::diagnosis::Diagnosis;
use super::facts::Facts;
use super::words::uncapital;
use crate::domain::preflight::Grade;
use crate::domain::rotation::{Step, is_overdue};
use crate::domain::secret::Secret;
use crate::domain::trail::{Deed, HORIZON, Phase, TrailEvent};
use crate::domain::version::{Pending, StagingLabel};
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

/// How far back is looked for one that failed, where no good rotation is known.
const BACK: TimeDelta = TimeDelta::days(30);

/// From when on events of these names are looked for (UTC), where none is pending: of an overdue secret whatever was begun
/// about AWS's date, of others what has failed since the last good rotation.
pub fn looked_since(secret: &Secret, now: DateTime<Utc>) -> Option<(DateTime<Utc>, &'static [&'static str])> {
    let is_pending = matches!(secret.labels.pending(), Pending::Other(_));
    if is_pending || secret.deleted.is_some() || secret.rotation_function.is_none() {
        return None;
    }
    let good = secret.last_rotated.unwrap_or(now - BACK);
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
    /// The attempt that failed behind setSecret and whose version lost AWSPENDING since, where no value came after it: nothing
    /// that readers get leads to the password that it had set.
    pub(super) fn lost(&self) -> Option<&TrailEvent> {
        let current = self.secret.labels.version_with(&StagingLabel::Current);
        let value = self.versions.iter().flatten().find(|version| Some(&version.id) == current);
        let good = self.secret.last_rotated.max(value.and_then(|version| version.created));
        let is_it = |event: &&TrailEvent| match &event.deed {
            Deed::Rotation { phase: Phase::Failed, step: Some(Step::Test | Step::Finish), version } => {
                version.is_none() || version.as_ref() != current
            }
            _ => false,
        };
        self.attempts.iter().rev().filter(is_it).find(|event| good.is_none_or(|good| event.at > good))
    }

    /// That it may have left AWSCURRENT without a password that works.
    pub(super) fn lost_so(&self, event: &TrailEvent) -> String {
        let Deed::Rotation { step, version, .. } = &event.deed else { return String::new() };
        let step = step.map_or_else(String::new, |step| format!(" at {}", step.word()));
        let version = version.as_ref().map_or_else(String::new, |version| format!(" {}", version.short()));
        format!(
            "AWSCURRENT's password may not work any more: an attempt failed{step} {}, by CloudTrail, so setSecret had returned \
             before, and AWSPENDING was taken off its version{version} since. {}",
            moment(event.at),
            self.idle()
        )
    }

    /// What to do about it: a version without a label can still be given one, while AWS keeps it.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html>
    pub(super) fn find_lost(event: &TrailEvent) -> String {
        let version = match &event.deed {
            Deed::Rotation { version: Some(version), .. } => version.short(),
            _ => "that version".to_owned(),
        };
        format!(
            "log in with AWSCURRENT's password; if it doesn't work, put AWSPENDING on {version} again with \
             UpdateSecretVersionStage while that version exists, log in with its password and promote it; if no login works, \
             reset the password at the database or service and store it with PutSecretValue; rotate only then"
        )
    }

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
            None if self.is_unasked_for_attempts() => format!(
                "see in `secdash logs {name}` whether an attempt was made: if one failed, its lines say why; if none was, \
                 `secdash rotate {name}` begins one"
            ),
            None => format!("`secdash rotate {name}` begins one now, and shows how it goes"),
        }
    }

    /// Whether an attempt was made since AWS's date came near, by CloudTrail.
    pub(super) fn begun(&self) -> String {
        let Some(since) = due_since(&self.secret, self.at) else { return String::new() };
        if self.awaited.contains(&BEGUN) {
            return String::new();
        }
        if let Some(gap) = self.gaps.iter().find(|gap| gap.what == BEGUN) {
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

    /// That nobody could ask whether an attempt that failed has left a password behind, as one more sentence.
    pub(super) fn unasked_for_lost(&self) -> String {
        let gap = self.gaps.iter().find(|gap| gap.what == BEGUN);
        gap.map_or_else(String::new, |gap| {
            let why = uncapital(&gap.why);
            format!(
                " Whether AWSPENDING was taken off behind a setSecret that had changed the password isn't known: {why}"
            )
        })
    }

    /// What to do about it.
    pub(super) fn ask_for_lost(&self) -> Option<String> {
        let gap = self.gaps.iter().find(|gap| gap.what == BEGUN)?;
        let ask = gap.missing.map_or_else(|| "ask again".to_owned(), |action| format!("get {action} and ask again"));
        Some(format!("{ask}, or log in with AWSCURRENT's password"))
    }

    /// Whether an attempt was made since AWS's date came near.
    fn was_begun(&self) -> bool {
        let since = due_since(&self.secret, self.at);
        since.is_some_and(|since| self.attempts.iter().any(|attempt| attempt.at >= since))
    }

    /// Whether CloudTrail could not be asked to the end for attempts.
    fn is_unasked_for_attempts(&self) -> bool {
        self.gaps.iter().any(|gap| gap.what == BEGUN)
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
