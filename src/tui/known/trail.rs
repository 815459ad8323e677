//! What the event history tells of rotations: which attempts failed, and who turned rotation off.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::Fetch;
use crate::domain::pending::Signs;
use crate::domain::rotation::Step;
use crate::domain::secret::Secret;
use crate::domain::timeline::{self, Attempt, Cancelled};
use crate::domain::trail::{Cancellation, RotationFailure, TrailEvent};
use crate::domain::version::VersionId;
use crate::text::AwsText;

/// Failed attempts on one secret by version and time: what is told twice is known once.
type Attempts = BTreeMap<(Option<VersionId>, DateTime<Utc>), Option<Step>>;

/// What was looked up so far.
#[derive(Debug, Default)]
pub struct Trail {
    failures: HashMap<AwsText, Attempts>,
    cancellations: Vec<Cancellation>,
    deletions: HashSet<AwsText>,
    /// Whether one look-up has ended: what it found was there before anybody looked.
    pub is_first_over: bool,
    /// Whether it was looked up as far back as it may matter.
    pub is_deep: bool,
    /// When it was last asked for (UTC).
    pub asked: Option<DateTime<Utc>>,
    /// Where the look-up stands.
    pub state: Fetch,
}

impl Trail {
    /// Takes failed attempts in, in whatever order they come. Those that are new.
    pub fn failed(&mut self, failures: Vec<RotationFailure>) -> Vec<RotationFailure> {
        let mut is_new = |failure: &RotationFailure| {
            let attempts = self.failures.entry(failure.secret.clone()).or_default();
            attempts.insert((failure.version.clone(), failure.at), failure.step).is_none()
        };
        failures.into_iter().filter(|failure| is_new(failure)).collect()
    }

    /// Takes deletions in. Those that are new.
    pub fn deleted(&mut self, deletions: Vec<TrailEvent>) -> Vec<TrailEvent> {
        deletions.into_iter().filter(|one| !one.has_failed() && self.deletions.insert(one.id.clone())).collect()
    }

    /// Takes cancellations in.
    pub fn cancelled(&mut self, cancellations: Vec<Cancellation>) {
        let known = |one: &Cancellation| self.cancellations.iter().any(|other| other.event_id == one.event_id);
        let new: Vec<_> = cancellations.into_iter().filter(|one| !known(one)).collect();
        self.cancellations.extend(new);
        self.cancellations.sort_by_key(|one| std::cmp::Reverse(one.at));
    }

    /// Who turned the rotation of a secret off last, if that is in the history.
    pub fn cancellation(&self, secret: &Secret) -> Option<&Cancellation> {
        self.cancellations.iter().find(|one| one.secret.names(secret))
    }

    /// The signs of a secret's pending version together with what the history tells of that version.
    pub fn signs(&self, secret: &Secret, signs: Signs) -> Signs {
        timeline::signs(secret, signs, &self.attempts(secret))
    }

    /// The attempts on a secret that are known to have failed, by version, the earliest first.
    pub fn attempts(&self, secret: &Secret) -> Vec<Attempt> {
        let attempts = self.failures.get(&secret.id.arn).into_iter().flatten();
        attempts.map(|((version, at), step)| Attempt { version: version.clone(), at: *at, step: *step }).collect()
    }

    /// When the rotation of a secret was turned off, the latest first.
    pub fn cancellations(&self, secret: &Secret) -> Vec<Cancelled> {
        let of_it = self.cancellations.iter().filter(|one| one.secret.names(secret));
        of_it.map(|one| Cancelled { at: one.at, by: one.by.clone() }).collect()
    }
}
