//! The log of a secret's rotation function, read from a moment on and followed: each event at once, and whose it is as
//! soon as that is known.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, Fuse};
use futures::{FutureExt, Stream, StreamExt};

use super::log_group::{configuration, log_group};
use crate::aws::Aws;
use crate::domain::invocation::{Dealt, Lines, Run};
use crate::domain::progress::LogUpdate;
use crate::domain::secret::Secret;
use crate::domain::tail::{Found, NoLog, TailUpdate};

/// How long it is waited until it is said whose a line is, where its invocation's end isn't logged.
const HELD: TimeDelta = TimeDelta::seconds(60);

/// How often it is looked for such lines.
const LOOK: Duration = Duration::from_secs(10);

struct Reading {
    aws: Aws,
    lines: Lines,
    tail: Fuse<BoxStream<'static, TailUpdate>>,
    overdue: BoxFuture<'static, ()>,
}

/// Which log group it is, or why there is none to read.
pub async fn find(aws: &Aws, secret: &Secret) -> Result<Found, NoLog> {
    let configuration = configuration(aws, secret).await;
    log_group(aws, secret, configuration.as_ref()).await
}

/// What was written since then (UTC), and what is written from now on. Stop reading to close it.
pub fn read(
    aws: &Aws,
    secret: &Secret,
    found: &Found,
    since: DateTime<Utc>,
) -> impl Stream<Item = LogUpdate> + Send + 'static {
    let run = Run { secret: secret.id.arn.clone(), version: None, from: since, until: None };
    let reading = Reading {
        lines: Lines::new(run),
        tail: aws.tail(found.group.clone(), since).boxed().fuse(),
        overdue: wait(aws),
        aws: aws.clone(),
    };
    stream::unfold(reading, |mut reading| async move { Some((reading.next().await?, reading)) })
}

fn wait(aws: &Aws) -> BoxFuture<'static, ()> {
    let aws = aws.clone();
    async move { aws.sleep(LOOK).await }.boxed()
}

impl Reading {
    async fn next(&mut self) -> Option<LogUpdate> {
        loop {
            let update = tokio::select! {
                // The log comes last: a flood of it must not keep this from its turn.
                biased;
                () = &mut self.overdue => {
                    self.overdue = wait(&self.aws);
                    let shown = self.lines.overdue(self.aws.now() - HELD);
                    if shown.is_empty() {
                        continue;
                    }
                    return Some(LogUpdate::Lines(Dealt { new: Vec::new(), shown }));
                }
                update = self.tail.next() => update?,
            };
            return Some(match update {
                TailUpdate::Source(source) => LogUpdate::Source(source),
                TailUpdate::Events(events) => LogUpdate::Lines(self.lines.take_all(events)),
                TailUpdate::Sampled(range) => LogUpdate::Sampled(range),
                TailUpdate::Filled(range) => LogUpdate::Filled(range),
                TailUpdate::Unread { range, because } => LogUpdate::Unread(range, because),
                TailUpdate::Complete(_) => continue,
            });
        }
    }
}
