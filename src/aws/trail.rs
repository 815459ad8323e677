//! CloudTrail's event history of the account, looked up by one attribute, page by page, within AWS's ration.

use std::collections::HashSet;
use std::sync::Arc;

use aws_sdk_cloudtrail::error::SdkError;
use aws_sdk_cloudtrail::operation::lookup_events::builders::LookupEventsFluentBuilder;
use aws_sdk_cloudtrail::operation::lookup_events::{LookupEventsError, LookupEventsOutput};
use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::DateTime as SdkTime;
use chrono::{DateTime, Utc};
use futures::{Stream, stream};

use super::reading::Reading;
use super::{Aws, Clients, error};
use crate::domain::context::Context;
use crate::domain::fault::{Cause, Fault};
use crate::domain::permission::Operation;
use crate::domain::trail::{
    By, CANCEL_ROTATE_SECRET, Cancellation, DELETE_SECRET, Gap, HORIZON, KEPT, Listed, ROTATION_FAILED,
    RotationFailure, SOURCE, TrailEvent, Unreadable,
};

/// The largest page.
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>
const PAGE: i32 = 50;

/// How often a page is asked for before a failure that passes is a fault.
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
    /// The time of the oldest event on it, read or not.
    pub oldest: Option<DateTime<Utc>>,
    /// Whether no other page follows.
    pub is_last: bool,
}

/// Reads an event; `None` where it is another one than the one that is looked for.
type Parse<T> = fn(Listed) -> Result<Option<T>, Unreadable>;

/// A look-up between two pages.
struct Lookup<T> {
    aws: Aws,
    context: Arc<Context>,
    by: By,
    parse: Parse<T>,
    gap: Gap,
    /// When it began, which is when the stream was first asked: the horizon must not move from page to page.
    began: Option<DateTime<Utc>>,
    reading: Reading,
    /// Whether a throttle is told at once; else it is waited out, as any failure is that passes.
    tells_throttles: bool,
    seen: HashSet<String>,
}

impl Aws {
    /// The rotation attempts of all secrets that failed since then, as their pages arrive. A fault ends the stream.
    pub fn rotation_failures(
        &self,
        context: &Arc<Context>,
        since: DateTime<Utc>,
    ) -> impl Stream<Item = Result<TrailPage<RotationFailure>, Fault>> + Send + use<> {
        let parse = |listed: Listed| RotationFailure::parse(listed.record.as_deref().unwrap_or_default());
        self.by_name(context, since, ROTATION_FAILED, parse)
    }

    /// Who turned which secret's rotation off since then, as the pages arrive. A fault ends the stream.
    pub fn cancellations(
        &self,
        context: &Arc<Context>,
        since: DateTime<Utc>,
    ) -> impl Stream<Item = Result<TrailPage<Cancellation>, Fault>> + Send + use<> {
        let parse = |listed: Listed| Cancellation::parse(listed.record.as_deref().unwrap_or_default());
        self.by_name(context, since, CANCEL_ROTATE_SECRET, parse)
    }

    /// The secrets that were scheduled for deletion since then, as the pages arrive. A fault ends the stream.
    pub fn deletions(
        &self,
        context: &Arc<Context>,
        since: DateTime<Utc>,
    ) -> impl Stream<Item = Result<TrailPage<TrailEvent>, Fault>> + Send + use<> {
        self.by_name(context, since, DELETE_SECRET, whole)
    }

    fn by_name<T: Send>(
        &self,
        context: &Arc<Context>,
        since: DateTime<Utc>,
        name: &'static str,
        parse: Parse<T>,
    ) -> impl Stream<Item = Result<TrailPage<T>, Fault>> + Send + use<T> {
        let gap = Gap { from: since, until: None };
        let lookup = self.look_up(context, By::Name(name), gap, parse);
        stream::try_unfold(lookup, |mut lookup| async move {
            let page = lookup.next().await?;
            Ok(page.map(|page| (page, lookup)))
        })
    }

    /// The events of the trail that are found by this attribute in this time, as their pages arrive.
    ///
    /// A throttle is told at once and doesn't end the stream: who goes on reading asks for the same page again, when the
    /// ration allows. A cut connection or a server's trouble is told only when it doesn't pass; that and any other fault
    /// comes again and again.
    pub fn trail_events(
        &self,
        context: &Arc<Context>,
        by: By,
        gap: Gap,
    ) -> impl Stream<Item = Result<TrailPage<TrailEvent>, Fault>> + Send + use<> {
        let lookup = Lookup { tells_throttles: true, ..self.look_up(context, by, gap, whole) };
        stream::unfold(lookup, |mut lookup| async move {
            let page = lookup.next().await.transpose()?;
            Some((page, lookup))
        })
    }

    fn look_up<T>(&self, context: &Arc<Context>, by: By, gap: Gap, parse: Parse<T>) -> Lookup<T> {
        Lookup {
            aws: self.clone(),
            context: Arc::clone(context),
            by,
            parse,
            gap,
            began: None,
            reading: Reading::default(),
            tells_throttles: false,
            seen: HashSet::new(),
        }
    }
}

impl<T> Lookup<T> {
    async fn next(&mut self) -> Result<Option<TrailPage<T>>, Fault> {
        if self.reading.is_done() {
            return Ok(None);
        }
        let token = self.reading.next(OPERATION)?;
        let began = *self.began.get_or_insert_with(|| self.aws.now());
        let complete_from = self.gap.from.max(began - KEPT);
        if self.gap.until.is_some_and(|until| until < complete_from) {
            // It has become too old while this look-up waited, and AWS refuses a time that ends before it begins.
            self.reading.turn(None, true);
            return Ok(Some(self.page(Vec::new(), 0, None)));
        }
        let answer = match self.ask(complete_from, token.clone()).await {
            Ok(answer) => answer,
            Err(fault) => {
                self.reading.put_back(token);
                return Err(fault);
            }
        };
        let events = answer.events.unwrap_or_default();
        let oldest = events.iter().filter_map(|event| utc(event.event_time?)).min();
        let (records, unreadable, news) = self.read(events);
        self.reading.turn(answer.next_token, news);
        Ok(Some(self.page(records, unreadable, oldest)))
    }

    /// The page that was turned last.
    fn page(&self, records: Vec<T>, unreadable: usize, oldest: Option<DateTime<Utc>>) -> TrailPage<T> {
        let began = self.began.unwrap_or_else(|| self.aws.now());
        let (complete_from, complete_to) = (self.gap.from.max(began - KEPT), began - HORIZON);
        let (number, is_last) = (self.reading.pages(), self.reading.is_done());
        TrailPage { records, unreadable, complete_from, complete_to, number, oldest, is_last }
    }

    /// The records among the events, how many can't be read, and whether there was any new event.
    fn read(&mut self, events: Vec<Event>) -> (Vec<T>, usize, bool) {
        let (mut records, mut unreadable, mut news) = (Vec::new(), 0, false);
        for event in events {
            if event.event_id.clone().is_some_and(|id| !self.seen.insert(id)) {
                continue;
            }
            news = true;
            match (self.parse)(listed(event)) {
                Ok(record) => records.extend(record),
                Err(_) => unreadable += 1,
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
            if tries == TRIES || (self.tells_throttles && fault.cause == Cause::Throttled) {
                return Err(fault);
            }
            tries += 1;
        }
    }

    /// The end of the range stays open: the parameters must be the same for every page, and the clock of this machine
    /// may be behind AWS's.
    fn question(&self, clients: &Clients, since: DateTime<Utc>) -> Result<LookupEventsFluentBuilder, Fault> {
        let (key, value) = match &self.by {
            By::Name(name) => (LookupAttributeKey::EventName, *name),
            By::Resource(name) => (LookupAttributeKey::ResourceName, name.raw()),
            By::Source => (LookupAttributeKey::EventSource, SOURCE),
            By::Id(id) => (LookupAttributeKey::EventId, id.raw()),
        };
        let by = LookupAttribute::builder()
            .attribute_key(key)
            .attribute_value(value)
            .build()
            .map_err(|e| Fault::new(OPERATION, Cause::Malformed { detail: error::chain(&e).into() }))?;
        let lookup = clients.cloudtrail.lookup_events().lookup_attributes(by);
        let until = self.gap.until.map(|until| SdkTime::from_secs(until.timestamp()));
        Ok(lookup.start_time(SdkTime::from_secs(since.timestamp())).set_end_time(until).max_results(PAGE))
    }
}

/// Any event; one that has no place among others is to be counted.
fn whole(listed: Listed) -> Result<Option<TrailEvent>, Unreadable> {
    TrailEvent::read(listed).map(Some).map_err(|_| Unreadable::Without("eventID"))
}

fn utc(time: SdkTime) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(time.secs(), time.subsec_nanos())
}

fn listed(event: Event) -> Listed {
    Listed {
        id: event.event_id,
        name: event.event_name,
        source: event.event_source,
        at: event.event_time.and_then(utc),
        username: event.username,
        resources: event
            .resources
            .unwrap_or_default()
            .into_iter()
            .filter_map(|resource| resource.resource_name)
            .collect(),
        record: event.cloud_trail_event,
    }
}

/// Whether a failure is one that passes: a throttle, a server's trouble, a connection cut. The SDK would retry these.
fn passes(fault: &Fault, e: &SdkError<LookupEventsError, Response>) -> bool {
    matches!(fault.cause, Cause::Throttled | Cause::Cut)
        || e.raw_response().is_some_and(|response| response.status().is_server_error())
}
