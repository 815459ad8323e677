//! A rotation that runs already, by schedule or by somebody else: what must be known to follow it.

use chrono::{DateTime, TimeDelta, Utc};
use futures::{FutureExt, StreamExt};

use super::follow::{Start, no_tail};
use super::inspect::inspect;
use super::log_group::{configuration, log_group};
use super::usual::usual;
use crate::aws::Aws;
use crate::domain::inspection::Inspection;
use crate::domain::pending::PATIENCE;
use crate::domain::progress::Followed;
use crate::domain::secret::Secret;
use crate::domain::tail::{Found, NoLog};
use crate::domain::version::{Pending, Value};

/// A rotation that can be followed.
pub struct Running {
    /// The secret, as it was described.
    pub secret: Secret,
    /// Its function's log.
    pub log: Result<Found, NoLog>,
    /// What to follow it with.
    pub start: Start,
}

/// Looks for the version that has AWSPENDING; `None` where that is on no version but the current one.
pub async fn join(aws: &Aws, secret: &Secret) -> Option<Running> {
    let (inspection, configuration) = tokio::join!(inspect(aws, &secret.id), configuration(aws, secret));
    let secret = inspection.secret.clone().unwrap_or_else(|_| secret.clone());
    let Pending::Other(version) = secret.labels.pending() else { return None };
    let since = since(&secret, &inspection, aws.now());
    let log = log_group(aws, &secret, configuration.as_ref()).await;
    let group = log.as_ref().ok().map(|found| found.group.clone());
    let function = configuration.as_ref().and_then(|configuration| configuration.as_ref().ok());
    let followed = Followed { watched: aws.now(), ..Followed::of(&secret, version, since, function) };
    let tail = group.clone().map_or_else(no_tail, |group| aws.tail(group, since).boxed());
    let before = group.map(|group| {
        let (aws, secret) = (aws.clone(), secret.clone());
        async move { usual(&aws, &secret, &group).await }.boxed()
    });
    let is_guessed = log.as_ref().is_ok_and(|found| found.guessed.is_some());
    let start = Start { id: secret.id.clone(), followed, tail, is_guessed, usual: before };
    Some(Running { secret, log, start })
}

/// Since when it runs, as far as AWS's state shows it; no further back than a rotation may take, for what is older is
/// stuck and not running.
fn since(secret: &Secret, inspection: &Inspection, now: DateTime<Utc>) -> DateTime<Utc> {
    let put = match inspection.signs().value {
        Value::Put(at) => at,
        Value::Unknown | Value::Empty => None,
    };
    let first = put.into_iter().chain(secret.last_changed).min();
    // The value is put by the first step, which has begun before.
    let first = first.map_or(now - PATIENCE, |first| first - TimeDelta::minutes(1));
    first.max(now - PATIENCE)
}
