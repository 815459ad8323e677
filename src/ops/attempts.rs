//! What the event history tells of one secret's rotation: attempts that failed, and who turned it off.

use std::pin::pin;

use chrono::{DateTime, TimeDelta, Utc};
use futures::TryStreamExt;

use crate::aws::Aws;
use crate::domain::fault::Fault;
use crate::domain::rotation::RotationState;
use crate::domain::secret::Secret;
use crate::domain::timeline::{Attempt, Cancelled};
use crate::domain::version::{Pending, Version};

/// What is asked for before the first date that matters: AWS's dates are not all of the same moment.
const MARGIN: TimeDelta = TimeDelta::hours(1);

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Attempts {
    /// Attempts that failed, the earliest first.
    pub failed: Vec<Attempt>,
    /// When rotation was turned off, the latest first.
    pub cancelled: Vec<Cancelled>,
    /// Why there may be more than that.
    pub fault: Option<Fault>,
}

/// Since when the history can tell more about the state of a secret than its metadata does (UTC); `None` if it can't.
///
/// The event history is looked up for the whole account and Region, page by page, so no further back than needed: since
/// the pending version's value was put, or since the secret last changed.
pub fn worth_asking_since(
    secret: &Secret,
    versions: Option<&[Version]>,
    state: RotationState,
) -> Option<DateTime<Utc>> {
    let Pending::Other(pending) = secret.labels.pending() else {
        return secret.last_changed.filter(|_| state == RotationState::Cancelled).map(|changed| changed - MARGIN);
    };
    let version = versions.unwrap_or_default().iter().find(|version| version.id == pending);
    let put = version.and_then(|version| version.created);
    put.into_iter().chain(secret.last_changed).min().map(|first| first - MARGIN)
}

/// Looks the history up, as far as it can be read.
pub async fn attempts(aws: &Aws, secret: &Secret, since: DateTime<Utc>) -> Attempts {
    let mut found = Attempts::default();
    found.fault = look_up(aws, secret, since, &mut found).await.err();
    found.failed.sort_by_key(|attempt| attempt.at);
    found
}

async fn look_up(aws: &Aws, secret: &Secret, since: DateTime<Utc>, found: &mut Attempts) -> Result<(), Fault> {
    let mut failures = pin!(aws.rotation_failures(&secret.id.context, since));
    while let Some(page) = failures.try_next().await? {
        let of_it = page.records.into_iter().filter(|failure| failure.names(secret));
        found.failed.extend(of_it.map(|one| Attempt { version: one.version, at: one.at, step: one.step }));
    }
    let mut cancellations = pin!(aws.cancellations(&secret.id.context, since));
    while let Some(page) = cancellations.try_next().await? {
        let of_it = page.records.into_iter().filter(|one| one.secret.names(secret));
        found.cancelled.extend(of_it.map(|one| Cancelled { at: one.at, by: one.by }));
    }
    Ok(())
}
