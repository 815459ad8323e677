//! What the event history tells of rotations: which attempts failed, and who turned rotation off.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::Fetch;
use crate::domain::pending::{Failure, Signs};
use crate::domain::secret::Secret;
use crate::domain::trail::{Cancellation, RotationFailure};
use crate::domain::version::{Pending, VersionId};
use crate::text::AwsText;

/// Failed attempts of one version: the first, and the last with its step.
#[derive(Debug, Clone)]
struct Attempts {
    first: DateTime<Utc>,
    last: Failure,
}

/// What was looked up so far.
#[derive(Debug, Default)]
pub struct Trail {
    failures: HashMap<(AwsText, VersionId), Attempts>,
    cancellations: Vec<Cancellation>,
    /// When it was last asked for (UTC).
    pub asked: Option<DateTime<Utc>>,
    /// Where the look-up stands.
    pub state: Fetch,
}

impl Trail {
    /// Takes failed attempts in, in whatever order they come. The ARNs of the secrets concerned.
    pub fn failed(&mut self, failures: Vec<RotationFailure>) -> Vec<AwsText> {
        let mut concerned = Vec::new();
        for failure in failures {
            let Some(version) = failure.version else { continue };
            let last = Failure { at: failure.at, step: failure.step.map(|step| step.word().into()) };
            concerned.push(failure.secret.clone());
            let attempts = self.failures.entry((failure.secret, version));
            let attempts = attempts.or_insert_with(|| Attempts { first: last.at, last: last.clone() });
            attempts.first = attempts.first.min(last.at);
            if last.at > attempts.last.at {
                attempts.last = last;
            }
        }
        concerned
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
        let Pending::Other(version) = secret.labels.pending() else { return signs };
        let Some(attempts) = self.failures.get(&(secret.id.arn.clone(), version)) else { return signs };
        let since = signs.since.map_or(attempts.first, |since| since.min(attempts.first));
        Signs { failure: Some(attempts.last.clone()), since: Some(since), ..signs }
    }
}
