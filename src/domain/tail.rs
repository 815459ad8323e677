//! Log groups, and what a tail of one tells as it comes to know it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::context::Context;
use super::fault::Fault;
use super::function::FunctionArn;
use super::log::LogEvent;
use crate::text::AwsText;

mod found;

pub use found::{Found, NoLog};

/// A log group of one account and Region, seen through one [`Context`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGroup {
    /// Where it was seen, and where every question about it goes.
    pub context: Arc<Context>,
    /// Its name, as `/aws/lambda/rotate-postgres`.
    pub name: AwsText,
    /// Its ARN without the `:*` at the end, which is how StartLiveTail wants it.
    /// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html>
    pub arn: AwsText,
    /// Its class, which decides what can be asked of it; `None` where nobody could be asked.
    pub class: Option<Class>,
}

impl LogGroup {
    /// The log group of this name of a function's account and Region, where nobody could be asked about it or it isn't
    /// there yet.
    pub fn of_function(context: &Arc<Context>, function: &FunctionArn, name: &AwsText) -> Self {
        let FunctionArn { partition, region, account, .. } = function;
        let (partition, region, account) = (partition.raw(), region.raw(), account.raw());
        let arn = format!("arn:{partition}:logs:{region}:{account}:log-group:{}", name.raw()).into();
        Self { context: Arc::clone(context), name: name.clone(), arn, class: None }
    }
}

/// The class of a log group.
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    /// STANDARD
    Standard,
    /// INFREQUENT_ACCESS: neither Live Tail nor FilterLogEvents.
    InfrequentAccess,
    /// DELIVERY: kept for a day.
    Delivery,
    /// One that is newer than this program.
    Other(AwsText),
}

/// What a tail tells. Events may be told twice, by Live Tail and by FilterLogEvents:
/// [`Invocations`](super::invocation::Invocations) counts them once.
#[derive(Debug, Clone, PartialEq)]
pub enum TailUpdate {
    /// From where events come from now on.
    Source(Source),
    /// Events, in the order in which they came.
    Events(Vec<LogEvent>),
    /// Live Tail sent only a sample of what came in during this range, or was read too slowly;
    /// FilterLogEvents is asked for the rest.
    Sampled(Range),
    /// FilterLogEvents has been read whole for this range, which there was a reason to ask for: the beginning, a gap,
    /// a sample.
    Filled(Range),
    /// FilterLogEvents can't be read for this range, and lines of it may be missing.
    Unread {
        /// Which.
        range: Range,
        /// Why.
        because: Fault,
    },
    /// Every event from the tail's beginning up to this moment (UTC) has been told, if it took no longer than
    /// [`LATE`] to reach CloudWatch Logs. Only ever moves on.
    Complete(DateTime<Utc>),
}

/// How long an event may take from when it was written until CloudWatch Logs tells of it. Lines normally show up
/// within seconds; AWS promises nothing.
pub const LATE: TimeDelta = TimeDelta::seconds(60);

/// From when to when (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first moment.
    pub from: DateTime<Utc>,
    /// The last moment.
    pub until: DateTime<Utc>,
}

/// From where events come.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// Live Tail is being opened.
    Opening,
    /// Live Tail.
    Live,
    /// Live Tail broke off, and is opened again after this time.
    Reconnecting {
        /// How long it waits.
        wait: Duration,
        /// Why it broke off.
        because: Broken,
    },
    /// FilterLogEvents is asked again and again.
    Polling {
        /// So often.
        every: Duration,
        /// Why there is no Live Tail.
        because: NotLive,
    },
    /// No events can be had: never where the class is the reason, else for now.
    None(NoEvents),
}

/// Why Live Tail broke off.
#[derive(Debug, Clone, PartialEq)]
pub enum Broken {
    /// A session lasts three hours.
    /// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html>
    SessionOver,
    /// Nothing came for so long, though an update is due every second.
    Quiet(Duration),
    /// The connection or the service failed.
    Fault(Fault),
    /// The stream ended.
    Ended,
}

/// Why there is no Live Tail.
#[derive(Debug, Clone, PartialEq)]
pub enum NotLive {
    /// AWS refused it, or it can't be reached.
    Fault(Fault),
    /// There are as many sessions as the account may have.
    Limit(Fault),
    /// The log group isn't there yet: it comes with the function's first invocation.
    NoGroup,
}

/// Why no events can be had.
#[derive(Debug, Clone, PartialEq)]
pub enum NoEvents {
    /// The log group's class has neither Live Tail nor FilterLogEvents.
    InfrequentAccess,
    /// FilterLogEvents failed too. It is asked again, later and later.
    Fault(Fault),
}
