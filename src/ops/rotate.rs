//! A rotation begun: Live Tail is opened first, so that no line is missed, but it doesn't hold the call up for long.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt};

use super::follow::{Start, no_tail};
use super::log_group::log_group_within;
use super::usual::usual;
use crate::aws::Aws;
use crate::domain::change::{Change, Changed, Confirmed, Outcome};
use crate::domain::fault::Fault;
use crate::domain::function::Function;
use crate::domain::progress::Followed;
use crate::domain::secret::Secret;
use crate::domain::tail::{Found, LogGroup, NoLog, Source, TailUpdate};

/// How long the call waits for Live Tail; what it misses then is read afterwards.
const PATIENCE: Duration = Duration::from_secs(2);

/// The log of a secret's function, open before the rotation is begun.
pub struct Ear {
    tail: BoxStream<'static, TailUpdate>,
    group: Option<LogGroup>,
    is_guessed: bool,
    /// When it was opened (UTC).
    since: DateTime<Utc>,
}

/// Finds the log of a secret's function, and opens it before a call that doesn't wait for both any longer than it must.
pub async fn find_and_listen(
    aws: &Aws,
    secret: &Secret,
    function: Option<&Result<Function, Fault>>,
) -> (Result<Found, NoLog>, Ear) {
    let begun = aws.now();
    let log = log_group_within(aws, secret, function, PATIENCE).await;
    let taken = (aws.now() - begun).to_std().unwrap_or_default();
    let ear = listen_for(aws, &log, PATIENCE.saturating_sub(taken)).await;
    (log, ear)
}

/// Opens the log, and waits for Live Tail a little.
pub async fn listen(aws: &Aws, log: &Result<Found, NoLog>) -> Ear {
    listen_for(aws, log, PATIENCE).await
}

async fn listen_for(aws: &Aws, log: &Result<Found, NoLog>, patience: Duration) -> Ear {
    let since = aws.now();
    let group = log.as_ref().ok().map(|found| found.group.clone());
    let is_guessed = log.as_ref().is_ok_and(|found| found.guessed.is_some());
    let tail = match group.clone() {
        Some(group) => {
            let (tail, told) = opened(aws, aws.tail(group, since).boxed(), patience).await;
            // What it has told by then comes first.
            stream::iter(told).chain(tail).boxed()
        }
        None => no_tail(),
    };
    Ear { tail, group, is_guessed, since }
}

/// Makes the call. Whatever came of it, the rotation can be followed from here: where no answer came, it may have begun.
pub async fn begin(
    aws: &Aws,
    ear: Ear,
    secret: &Secret,
    function: Option<&Function>,
    confirmed: &Confirmed<Change>,
) -> (Changed, Start) {
    let changed = aws.carry_out(confirmed).await;
    let kind = &confirmed.get().kind;
    let version = kind.token().cloned().unwrap_or_else(|| aws.token());
    let followed = Followed {
        is_trial: !kind.rotates(),
        is_whole: matches!(changed.outcome, Outcome::Accepted { .. }),
        ..Followed::of(secret, version, ear.since, function)
    };
    let before = ear.group.map(|group| {
        let (aws, secret) = (aws.clone(), secret.clone());
        async move { usual(&aws, &secret, &group).await }.boxed()
    });
    let start = Start { id: secret.id.clone(), followed, tail: ear.tail, is_guessed: ear.is_guessed, usual: before };
    (changed, start)
}

/// Waits until events come, or can't come, from Live Tail.
async fn opened(
    aws: &Aws,
    mut tail: BoxStream<'static, TailUpdate>,
    patience: Duration,
) -> (BoxStream<'static, TailUpdate>, Vec<TailUpdate>) {
    let mut told = Vec::new();
    let deadline = aws.sleep(patience);
    tokio::pin!(deadline);
    loop {
        let update = tokio::select! {
            () = &mut deadline => break,
            update = tail.next() => update,
        };
        let Some(update) = update else { break };
        let is_decided = matches!(&update, TailUpdate::Source(source) if *source != Source::Opening);
        told.push(update);
        if is_decided {
            break;
        }
    }
    (tail, told)
}
