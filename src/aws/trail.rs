//! CloudTrail's event history of the account, looked up by event name, page by page, within AWS's ration.

use std::collections::HashSet;
use std::sync::Arc;

use aws_sdk_cloudtrail::error::SdkError;
use aws_sdk_cloudtrail::operation::lookup_events::builders::LookupEventsFluentBuilder;
use aws_sdk_cloudtrail::operation::lookup_events::{LookupEventsError, LookupEventsOutput};
use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::DateTime as SdkTime;
use chrono::{DateTime, TimeDelta, Utc};
use futures::{Stream, stream};

use super::reading::Reading;
use super::{Aws, Clients, error};
use crate::domain::context::Context;
use crate::domain::fault::{Cause, Fault};
use crate::domain::permission::Operation;
use crate::domain::trail::{CANCEL_ROTATE_SECRET, Cancellation, ROTATION_FAILED, RotationFailure, Unreadable};

/// How far back from now the event history may still have gaps: AWS says about five minutes on average, without a
/// guarantee, so three times that.
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html>
pub const HORIZON: TimeDelta = TimeDelta::minutes(15);

/// How far back the event history reaches.
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>
pub const KEPT: TimeDelta = TimeDelta::days(90);

/// The largest page, same source.
const PAGE: i32 = 50;

/// How often a look-up is asked before its throttling is a fault.
const TRIES: u32 = 4;

const OPERATION: Operation = Operation::LookupEvents;

/// One page of the event history, newest first. Pages follow each other from now into the past.
#[derive(Debug, Clone, PartialEq)]
pub struct TrailPage<T> {
    /// The records on it that no earlier page had.
    pub records: Vec<T>,
    /// How many more there were that couldn't be read.
    pub unreadable: usize,
    /// How far back the whole look-up reaches, UTC: what was asked for, but no further than [`KEPT`].
    pub complete_from: DateTime<Utc>,
    /// Up to when it can be taken to be complete, UTC: [`HORIZON`] before it began. Later records may be missing yet.
    pub complete_to: DateTime<Utc>,
    /// Its number, from 1.
    pub number: usize,
}

/// Reads a CloudTrailEvent; `None` where it is another event.
type Parse<T> = fn(&str) -> Result<Option<T>, Unreadable>;

/// A look-up between two pages.
struct Lookup<T> {
    aws: Aws,
    context: Arc<Context>,
    name: &'static str,
    parse: Parse<T>,
    since: DateTime<Utc>,
    /// When it began, which is when the stream was first asked: the horizon must not move from page to page.
    began: Option<DateTime<Utc>>,
    reading: Reading,
    seen: HashSet<String>,
}

impl Aws {
    /// The rotation attempts of all secrets that failed since then, as their pages arrive. A fault ends the stream.
    pub fn rotation_failures(
        &self,
        context: &Arc<Context>,
        since: DateTime<Utc>,
    ) -> impl Stream<Item = Result<TrailPage<RotationFailure>, Fault>> + Send + use<> {
        self.look_up(context, since, ROTATION_FAILED, RotationFailure::parse)
    }

    /// Who turned which secret's rotation off since then, as the pages arrive. A fault ends the stream.
    pub fn cancellations(
        &self,
        context: &Arc<Context>,
        since: DateTime<Utc>,
    ) -> impl Stream<Item = Result<TrailPage<Cancellation>, Fault>> + Send + use<> {
        self.look_up(context, since, CANCEL_ROTATE_SECRET, Cancellation::parse)
    }

    fn look_up<T: Send>(
        &self,
        context: &Arc<Context>,
        since: DateTime<Utc>,
        name: &'static str,
        parse: Parse<T>,
    ) -> impl Stream<Item = Result<TrailPage<T>, Fault>> + Send + use<T> {
        let (aws, context) = (self.clone(), Arc::clone(context));
        let (reading, seen) = (Reading::default(), HashSet::new());
        let lookup = Lookup { aws, context, name, parse, since, began: None, reading, seen };
        stream::try_unfold(lookup, |mut lookup| async move {
            let page = lookup.next().await?;
            Ok(page.map(|page| (page, lookup)))
        })
    }
}

impl<T> Lookup<T> {
    async fn next(&mut self) -> Result<Option<TrailPage<T>>, Fault> {
        if self.reading.is_done() {
            return Ok(None);
        }
        let token = self.reading.next(OPERATION)?;
        let began = *self.began.get_or_insert_with(|| self.aws.now());
        let complete_from = self.since.max(began - KEPT);
        let answer = self.ask(complete_from, token).await?;
        let (records, unreadable, news) = self.read(answer.events.unwrap_or_default());
        self.reading.turn(answer.next_token, news);
        let (complete_to, number) = (began - HORIZON, self.reading.pages());
        Ok(Some(TrailPage { records, unreadable, complete_from, complete_to, number }))
    }

    /// The records among the events, how many can't be read, and whether there was any new event.
    fn read(&mut self, events: Vec<Event>) -> (Vec<T>, usize, bool) {
        let (mut records, mut unreadable, mut news) = (Vec::new(), 0, false);
        for event in events {
            if event.event_id.is_some_and(|id| !self.seen.insert(id)) {
                continue;
            }
            news = true;
            match event.cloud_trail_event.as_deref().map(self.parse) {
                Some(Ok(record)) => records.extend(record),
                Some(Err(_)) | None => unreadable += 1,
            }
        }
        (records, unreadable, news)
    }

    /// Asks for a page when it is this look-up's turn, and again after a throttle.
    async fn ask(&self, since: DateTime<Utc>, token: Option<String>) -> Result<LookupEventsOutput, Fault> {
        let clients = self.aws.clients(&self.context, OPERATION)?;
        let question = self.question(&clients, since)?.set_next_token(token);
        let mut tries = 1;
        loop {
            clients.rations.lookups.turn().await;
            let e = match question.clone().send().await {
                Ok(answer) => {
                    clients.rations.lookups.answered();
                    return Ok(answer);
                }
                Err(e) => e,
            };
            let fault = error::fault(OPERATION, &self.context, &e);
            if !passes(&fault, &e) {
                return Err(fault);
            }
            clients.rations.lookups.throttled();
            if tries == TRIES {
                return Err(fault);
            }
            tries += 1;
        }
    }

    /// The end of the range stays open: the parameters must be the same for every page, and the clock of this machine
    /// may be behind AWS's.
    fn question(&self, clients: &Clients, since: DateTime<Utc>) -> Result<LookupEventsFluentBuilder, Fault> {
        let by_name = LookupAttribute::builder()
            .attribute_key(LookupAttributeKey::EventName)
            .attribute_value(self.name)
            .build()
            .map_err(|e| Fault::new(OPERATION, Cause::Malformed { detail: error::chain(&e).into() }))?;
        let lookup = clients.cloudtrail.lookup_events().lookup_attributes(by_name);
        Ok(lookup.start_time(SdkTime::from_secs(since.timestamp())).max_results(PAGE))
    }
}

/// Whether a failure is one that passes: a throttle, a server's trouble, a connection cut. The SDK would retry these.
fn passes(fault: &Fault, e: &SdkError<LookupEventsError, Response>) -> bool {
    matches!(fault.cause, Cause::Throttled | Cause::Cut)
        || e.raw_response().is_some_and(|response| response.status().is_server_error())
}
