//! Before a rotation is begun: Live Tail is opened, so that no line is missed, but it doesn't hold the call up for long.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};

use crate::aws::Aws;
use crate::domain::tail::{LogGroup, Source, TailUpdate};

/// How long the call waits for Live Tail; what it misses then is read afterwards.
const PATIENCE: Duration = Duration::from_secs(2);

/// Opens the tail of the function's log, and waits for it a little. What it has told by then comes first.
pub async fn listen(aws: &Aws, group: Option<LogGroup>) -> BoxStream<'static, TailUpdate> {
    let Some(group) = group else { return stream::pending().boxed() };
    let (tail, told) = opened(aws, aws.tail(group, aws.now()).boxed()).await;
    stream::iter(told).chain(tail).boxed()
}

/// Waits until events come, or can't come, from Live Tail.
async fn opened(
    aws: &Aws,
    mut tail: BoxStream<'static, TailUpdate>,
) -> (BoxStream<'static, TailUpdate>, Vec<TailUpdate>) {
    let mut told = Vec::new();
    let deadline = aws.sleep(PATIENCE);
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
