//! CloudWatch Logs: a log group, its events, and its events as they come.

mod fill;
mod live;
mod refused;
mod tail;
mod told;

use std::collections::HashSet;
use std::sync::Arc;

use aws_sdk_cloudwatchlogs as cloudwatchlogs;
use aws_smithy_runtime_api::http::Response;
use chrono::{DateTime, Utc};
use cloudwatchlogs::error::{ProvideErrorMetadata, SdkError};
use cloudwatchlogs::types::{FilteredLogEvent, LogGroupClass};
use futures::{Stream, stream};

use self::tail::Tail;
use super::reading::Reading;
use super::{Aws, error};
use crate::domain::context::Context;
use crate::domain::fault::{Cause, Fault};
use crate::domain::log::LogEvent;
use crate::domain::permission::Operation;
use crate::domain::tail::{Class, LogGroup, Range, TailUpdate};
use crate::text::AwsText;

/// The largest page of DescribeLogGroups.
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html>
const PAGE: i32 = 50;

impl Aws {
    /// The log group of this name; `None` if there is none, which for a function's means that it never ran, or may not
    /// write.
    pub async fn log_group(&self, context: &Arc<Context>, name: &str) -> Result<Option<LogGroup>, Fault> {
        let operation = Operation::DescribeLogGroups;
        let clients = self.clients(context, operation)?;
        let question = clients.cloudwatchlogs.describe_log_groups().log_group_name_prefix(name).limit(PAGE);
        let mut reading = Reading::default();
        while !reading.is_done() {
            let answer = question.clone().set_next_token(reading.next(operation)?).send().await;
            let answer = answer.map_err(|e| error::fault(operation, context, &e))?;
            let groups = answer.log_groups.unwrap_or_default();
            let brought_news = !groups.is_empty();
            // Other groups' names may begin in the same way.
            if let Some(found) = groups.into_iter().find(|group| group.log_group_name() == Some(name)) {
                return Ok(Some(from_group(context, found)));
            }
            reading.turn(answer.next_token, brought_news);
        }
        Ok(None)
    }

    /// The events of a range, as their pages arrive: in order of time, as far as AWS keeps to it. A fault ends the stream.
    pub fn log_events(
        &self,
        group: &LogGroup,
        range: Range,
    ) -> impl Stream<Item = Result<Vec<LogEvent>, Fault>> + Send + use<> {
        let pages = Pages::new(self.clone(), group.clone(), range);
        stream::try_unfold(pages, |mut pages| async move {
            let page = pages.next().await?;
            Ok(page.map(|page| (page, pages)))
        })
    }

    /// The events from then on, as they come, for as long as the stream is kept. Dropped, it ends the session.
    pub fn tail(&self, group: LogGroup, since: DateTime<Utc>) -> impl Stream<Item = TailUpdate> + Send + use<> {
        let tail = Tail::new(self.clone(), group, since);
        stream::unfold(tail, |mut tail| async move {
            let update = tail.next().await?;
            Some((update, tail))
        })
    }
}

/// The events of a range between two pages. After a fault the same page can be asked for once more.
struct Pages {
    aws: Aws,
    group: LogGroup,
    range: Range,
    reading: Reading,
    /// Whether a page was asked for that has not come, and its token.
    is_asked: bool,
    token: Option<String>,
    /// Ids of the last page's events. One that brings the same ones again brings nothing new.
    seen: HashSet<AwsText>,
}

impl Pages {
    fn new(aws: Aws, group: LogGroup, range: Range) -> Self {
        Self { aws, group, range, reading: Reading::default(), is_asked: false, token: None, seen: HashSet::new() }
    }

    async fn next(&mut self) -> Result<Option<Vec<LogEvent>>, Fault> {
        let operation = Operation::FilterLogEvents;
        if !self.is_asked {
            if self.reading.is_done() {
                return Ok(None);
            }
            self.token = self.reading.next(operation)?;
            self.is_asked = true;
        }
        let context = &self.group.context;
        let clients = self.aws.clients(context, operation)?;
        let question = clients
            .cloudwatchlogs
            .filter_log_events()
            .log_group_name(self.group.name.raw())
            .start_time(self.range.from.timestamp_millis().max(0))
            .end_time(self.range.until.timestamp_millis().max(0))
            .set_next_token(self.token.clone());
        clients.rations.filters.turn().await;
        let answer = question.send().await.map_err(|e| about_group(operation, &self.group, &e));
        match &answer {
            Ok(_) => clients.rations.filters.answered(),
            Err(fault) if fault.cause == Cause::Throttled => clients.rations.filters.throttled(),
            Err(_) => {}
        }
        let answer = answer?;
        self.is_asked = false;
        let mut events: Vec<_> = answer.events.unwrap_or_default().into_iter().filter_map(from_event).collect();
        events.retain(|event| event.id.as_ref().is_none_or(|id| !self.seen.contains(id)));
        self.reading.turn(answer.next_token, !events.is_empty());
        if !events.is_empty() {
            self.seen = events.iter().filter_map(|event| event.id.clone()).collect();
        }
        Ok(Some(events))
    }
}

/// As [`error::fault`], for a question about a log group, which may not be there.
fn about_group<E>(operation: Operation, group: &LogGroup, e: &SdkError<E, Response>) -> Fault
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let mut fault = error::fault(operation, &group.context, e);
    if e.code() == Some("ResourceNotFoundException") {
        fault.cause = Cause::NoLogGroup { name: group.name.clone() };
    }
    fault
}

fn from_group(context: &Arc<Context>, group: cloudwatchlogs::types::LogGroup) -> LogGroup {
    let arn = group.log_group_arn.or(group.arn).unwrap_or_default();
    LogGroup {
        context: Arc::clone(context),
        name: group.log_group_name.unwrap_or_default().into(),
        arn: arn.strip_suffix(":*").unwrap_or(&arn).into(),
        class: group.log_group_class.map(|class| match class {
            LogGroupClass::Standard => Class::Standard,
            LogGroupClass::InfrequentAccess => Class::InfrequentAccess,
            LogGroupClass::Delivery => Class::Delivery,
            other => Class::Other(other.as_str().into()),
        }),
    }
}

/// An event of FilterLogEvents; `None` where it has no time, which AWS's always have.
fn from_event(event: FilteredLogEvent) -> Option<LogEvent> {
    Some(LogEvent {
        id: event.event_id.map(Into::into),
        stream: event.log_stream_name.unwrap_or_default().into(),
        at: event.timestamp.and_then(DateTime::from_timestamp_millis)?,
        ingested: event.ingestion_time.and_then(DateTime::from_timestamp_millis),
        message: event.message.unwrap_or_default().into(),
    })
}
