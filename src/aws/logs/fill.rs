//! FilterLogEvents over one range after the other, page by page, each page in its turn.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::{Instant, sleep};

use super::Pages;
use super::tail::back_off;
use crate::aws::Aws;
use crate::domain::fault::Fault;
use crate::domain::log::LogEvent;
use crate::domain::tail::{LATE, LogGroup, Range};

/// How far the clock of this machine may be behind AWS's.
const SKEW: TimeDelta = TimeDelta::seconds(5);

/// How often a page is asked for before the range is given up. The SDK tries each time several times.
const TRIES: u32 = 3;

/// A range that is being read, and the one before.
#[derive(Default)]
pub(super) struct Filling {
    now: Option<Reading>,
    /// When the last range was begun.
    started: Option<Instant>,
    /// The end of the last range that was read whole.
    read: Option<DateTime<Utc>>,
}

struct Reading {
    range: Range,
    /// When it was begun.
    begun: DateTime<Utc>,
    page: BoxFuture<'static, Asked>,
    /// What is left of it where its page failed.
    rest: Option<Pages>,
    failures: u32,
}

type Asked = (Pages, Result<Option<Vec<LogEvent>>, Fault>);

/// What a range has come up with.
pub(super) enum Fill {
    Page(Vec<LogEvent>),
    /// It has been read whole, and was begun then.
    Done(Range, DateTime<Utc>),
}

async fn ask(mut pages: Pages, wait: Duration) -> Asked {
    sleep(wait).await;
    let page = pages.next().await;
    (pages, page)
}

impl Filling {
    pub(super) fn is_idle(&self) -> bool {
        self.now.is_none()
    }

    /// When the last range was begun.
    pub(super) fn started(&self) -> Option<Instant> {
        self.started
    }

    /// The end of the last range that was read whole.
    pub(super) fn read(&self) -> Option<DateTime<Utc>> {
        self.read
    }

    /// Begins to read a range.
    pub(super) fn begin(&mut self, aws: &Aws, group: &LogGroup, range: Range) {
        self.started = Some(Instant::now());
        let begun = aws.now();
        // The clock of this machine may be behind AWS's.
        let asked = if range.until + SKEW < begun { range } else { Range { until: range.until + LATE, ..range } };
        let page = ask(Pages::new(aws.clone(), group.clone(), asked), Duration::ZERO).boxed();
        self.now = Some(Reading { range, begun, page, rest: None, failures: 0 });
    }

    /// Waits for ever where nothing is being read. Given up in between, it misses nothing.
    pub(super) async fn next(&mut self) -> Result<Fill, Fault> {
        let Some(reading) = &mut self.now else { return std::future::pending().await };
        let (pages, page) = (&mut reading.page).await;
        match page {
            Ok(Some(events)) => {
                reading.failures = 0;
                reading.page = ask(pages, Duration::ZERO).boxed();
                Ok(Fill::Page(events))
            }
            Ok(None) => {
                let (range, begun) = (reading.range, reading.begun);
                (self.now, self.read) = (None, Some(range.until));
                Ok(Fill::Done(range, begun))
            }
            Err(fault) => {
                reading.failures += 1;
                reading.rest = Some(pages);
                Err(fault)
            }
        }
    }

    /// Asks for a page that failed once more, after a while; false where that was done often enough.
    pub(super) fn is_to_be_asked_again(&mut self) -> bool {
        let Some(reading) = &mut self.now else { return false };
        let Some(pages) = reading.rest.take().filter(|_| reading.failures < TRIES) else { return false };
        reading.page = ask(pages, back_off(reading.failures)).boxed();
        true
    }

    /// Gives up the range that is being read.
    pub(super) fn give_up(&mut self) -> Option<Range> {
        self.now.take().map(|reading| reading.range)
    }

    /// The same, where there is nothing to be read in it.
    pub(super) fn leave(&mut self) -> Option<(Range, DateTime<Utc>)> {
        let reading = self.now.take()?;
        self.read = Some(reading.range.until);
        Some((reading.range, reading.begun))
    }
}
