//! Who reads a secret, by the event history, for whoever waits in front of a question: not asked for longer than they wait.

use std::collections::HashSet;
use std::pin::pin;
use std::time::Duration;

use chrono::TimeDelta;
use futures::StreamExt;

use super::history::search;
use crate::aws::Aws;
use crate::domain::preflight::{Cut, Purpose, Readers};
use crate::domain::secret::Secret;
use crate::domain::trail::{Covered, Depth, Kind, News, Scope, TrailEvent};

/// How long a deletion waits for it: about ten look-ups, for CloudTrail's ration is one a second.
const DELETION: Duration = Duration::from_secs(10);

/// How long a rotation waits for it, which the other checks hardly do longer.
const ROTATION: Duration = Duration::from_secs(3);

/// Looks up who reads a secret; `None` where that doesn't matter to what is about to be done.
pub async fn readers(aws: &Aws, secret: &Secret, purpose: Purpose) -> Option<Readers> {
    let (longest, since) = purpose.reads().last().map(|longest| (*longest, aws.now() - *longest))?;
    let patience = if purpose == Purpose::Rotate { ROTATION } else { DELETION };
    let scope = Scope::Secret(Box::new(secret.clone()));
    let mut news = pin!(search(aws, &scope, Depth::Whole, since, Covered::default()));
    let mut deadline = pin!(aws.sleep(patience));
    let mut readers = Readers { reads: Vec::new(), whole: None, named: None, cut: None };
    let function = secret.function_name();
    let function = function.as_deref();
    let mut seen = HashSet::new();
    loop {
        let one = tokio::select! {
            biased;
            one = news.next() => one,
            () = &mut deadline => {
                readers.cut = Some(Cut::Late(TimeDelta::from_std(patience).unwrap_or(longest)));
                break;
            }
        };
        match one {
            None => break,
            Some(News::Slowed) => {}
            Some(News::Failed(fault)) => {
                readers.cut = Some(Cut::Fault(fault));
                break;
            }
            Some(News::Found { events, reached, .. }) => {
                let reads = events.into_iter().filter(|event| is_read(event, secret, function));
                // What two look-ups find is one event.
                readers.reads.extend(reads.filter(|event| seen.insert(event.id.clone())));
                readers.reached(&reached);
                // A rotation is told of those that name it: everybody else's records are not worth the wait.
                if purpose == Purpose::Rotate && readers.named.is_some_and(|named| named <= since) {
                    break;
                }
            }
        }
    }
    Some(readers)
}

/// Whether somebody reads the secret's value, or tried to; its rotation function is no reader.
fn is_read(event: &TrailEvent, secret: &Secret, function: Option<&str>) -> bool {
    let is_functions = function.is_some_and(|name| event.is_by_function(name));
    matches!(event.kind(), Kind::Read | Kind::Refused) && event.names(secret) && !is_functions
}
