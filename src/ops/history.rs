//! The events of the trail for a secret, or for the account and Region, as they are found.
//!
//! This is the one source of records: what shows or counts them knows no other.

use std::pin::pin;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt};

use crate::aws::{Aws, TrailPage};
use crate::domain::context::Context;
use crate::domain::fault::{Cause, Fault};
use crate::domain::secret::Secret;
use crate::domain::trail::{By, Covered, Depth, Events, Gap, KEPT, News, Scope, Search, TrailEvent};
use crate::text::AwsText;

type Pages = BoxStream<'static, Result<TrailPage<TrailEvent>, Fault>>;

struct Reading {
    aws: Aws,
    context: Arc<Context>,
    search: Search,
    /// The pages of each look-up that was begun.
    open: Vec<Option<Pages>>,
    ended: bool,
}

/// Searches the event history back to `since`, beside what was covered before. Stop reading to cancel it: what has come so
/// far stays true.
pub fn search(
    aws: &Aws,
    scope: &Scope,
    depth: Depth,
    since: DateTime<Utc>,
    covered: Covered,
) -> impl Stream<Item = News> + Send + use<> {
    let search = Search::new(scope, depth, since, aws.now(), covered);
    let open = search.queries().iter().map(|_| None).collect();
    let reading = Reading { aws: aws.clone(), context: Arc::clone(scope.context()), search, open, ended: false };
    stream::unfold(reading, |mut reading| async move { Some((reading.next().await?, reading)) })
}

impl Reading {
    async fn next(&mut self) -> Option<News> {
        let place = self.search.next().filter(|_| !self.ended)?;
        let (query, open) = (self.search.queries().get(place)?, self.open.get_mut(place)?);
        let pages =
            open.get_or_insert_with(|| self.aws.trail_events(&self.context, query.by.clone(), query.gap).boxed());
        match pages.next().await {
            Some(Ok(page)) => {
                self.search.took(place, page.oldest, page.is_last);
                let (events, unplaced) = (page.records, page.unreadable);
                Some(News::Found { events, unplaced, reached: self.search.reached() })
            }
            Some(Err(fault)) if fault.cause == Cause::Throttled => Some(News::Slowed),
            Some(Err(fault)) => {
                self.ended = true;
                Some(News::Failed(fault))
            }
            // A look-up that ends without a last page has nothing more to give.
            None => {
                self.search.took(place, None, true);
                Some(News::Found { events: Vec::new(), unplaced: 0, reached: self.search.reached() })
            }
        }
    }
}

/// The events since then (UTC) that tell of changes of a secret, the times of which all were read, and why there may be more.
pub async fn changes(aws: &Aws, secret: &Secret, since: DateTime<Utc>) -> (Vec<TrailEvent>, Covered, Option<Fault>) {
    let scope = Scope::Secret(Box::new(secret.clone()));
    let mut news = pin!(search(aws, &scope, Depth::changes(), since, Covered::default()));
    let (mut found, mut covered, mut fault) = (Events::default(), Covered::default(), None);
    while let Some(one) = news.next().await {
        match one {
            News::Found { events, reached, .. } => {
                let of_it = events.into_iter().filter(|event| event.names(secret) && event.kind().is_change());
                for event in of_it {
                    found.add(event);
                }
                covered = reached.covered;
            }
            News::Slowed => {}
            News::Failed(failed) => fault = Some(failed),
        }
    }
    (found.iter().cloned().collect(), covered, fault)
}

/// One event by its id, with its record; `None` if the history has it no more.
pub async fn event(aws: &Aws, context: &Arc<Context>, id: &AwsText) -> Result<Option<TrailEvent>, Fault> {
    let gap = Gap { from: aws.now() - KEPT, until: None };
    let mut pages = aws.trail_events(context, By::Id(id.clone()), gap).boxed();
    let mut throttled = 0;
    loop {
        match pages.next().await {
            Some(Ok(page)) => {
                if let Some(event) = page.records.into_iter().find(|event| event.id == *id) {
                    return Ok(Some(event));
                }
            }
            Some(Err(fault)) if fault.cause == Cause::Throttled && throttled < TRIES => throttled += 1,
            Some(Err(fault)) => return Err(fault),
            None => return Ok(None),
        }
    }
}

/// How many throttles in a row a single look-up bears.
const TRIES: u32 = 4;
