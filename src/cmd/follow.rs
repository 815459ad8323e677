//! `secdash follow SECRET`: a rotation that runs already, by schedule or by somebody else, followed to its end.

use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;

use super::interrupt::Interrupt;
use super::rotate::tell_log;
use super::watch::{How, Watching};
use super::{Failure, Streams};
use crate::aws::Aws;
use crate::domain::inspection::Inspection;
use crate::domain::pending::PATIENCE;
use crate::domain::progress::Followed;
use crate::domain::secret::Secret;
use crate::domain::version::{Pending, Value};
use crate::exit::Exit;
use crate::ops::follow::{Start, follow, no_tail};
use crate::ops::inspect::inspect;
use crate::ops::log_group::{configuration, log_group};
use crate::ops::lookup::lookup;

/// Arguments of `secdash follow`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, ARN, or an unambiguous part of the name
    #[arg(value_name = "SECRET", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    secret: String,
    /// How it is watched.
    #[command(flatten)]
    pub(super) how: How,
}

/// Follows the version that has AWSPENDING.
pub async fn run(args: Args, aws: &Aws, mut streams: Streams<'_>) -> Result<Exit, Failure> {
    let context = aws.open().await?;
    let secret = lookup(aws, &context, &args.secret).await?;
    let (inspection, configuration) = tokio::join!(inspect(aws, &secret.id), configuration(aws, &secret));
    let secret = inspection.secret.clone().unwrap_or(secret);
    let name = secret.name.clone();
    let Pending::Other(version) = secret.labels.pending() else {
        return Err(Failure::Refused(
            format!("No rotation of {name} runs: AWSPENDING is on no version but the current one."),
            format!("`secdash rotate {name} --wait` starts one; `secdash logs {name}` has the lines of the last"),
        ));
    };
    let since = since(&secret, &inspection, aws.now());
    let log = log_group(aws, &secret, configuration.as_ref()).await;
    tell_log(&log, args.how.output, &mut streams)?;
    let is_guessed = log.as_ref().is_ok_and(|found| found.guessed.is_some());
    let mut interrupt = Interrupt::hear()?;
    let group = log.ok().map(|found| found.group);
    let function = configuration.as_ref().and_then(|configuration| configuration.as_ref().ok());
    let followed = Followed { watched: aws.now(), ..Followed::of(&secret, version, since, function) };
    let tail = group.clone().map_or_else(no_tail, |group| aws.tail(group, since).boxed());
    let start = Start { id: secret.id.clone(), followed: followed.clone(), tail, is_guessed };
    let watching = Watching::of(aws, &secret, followed, group.as_ref(), args.how);
    watching.watch(follow(aws, start), &mut interrupt, &mut streams).await
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
