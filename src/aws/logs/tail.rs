//! The events of a log group as they come: from Live Tail while there is one, and from FilterLogEvents for what came
//! before it, for its gaps, and in its place.
//!
//! ```text
//!            ┌────────── refused, or can't be reached ──────────▶ polling ──┐
//!   opening ─┤                                                              │ again each minute,
//!      ▲     └─▶ live ── breaks off ──▶ waiting ─┐                          │ if it may pass
//!      └─────────────────────────────────────────┴──────────────────────────┘
//! ```
//!
//! Waiting goes by tokio's clock, as connections do; what is asked for and told goes by the program's, which in a demo
//! world may be faster.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use tokio::time::{Instant, sleep_until};

use super::fill::{Fill, Filling};
use super::live::{Live, Moved, Session, Update, open};
use super::refused::{Refused, is_class, is_lasting, judge};
use super::told::Told;
use crate::aws::{Aws, pace};
use crate::domain::fault::{Cause, Fault};
use crate::domain::tail::{Broken, Class, LATE, LogGroup, NoEvents, NotLive, Range, Source, TailUpdate};

/// How long polling goes on before Live Tail is tried again, or a refused question.
const AGAIN: Duration = Duration::from_mins(1);

/// How long after a range that couldn't be read it is tried again, where time may heal that.
const RETRY: Duration = Duration::from_secs(15);

/// How long lines may be missing before FilterLogEvents is asked for them, while Live Tail is opened again.
const PATIENCE: Duration = Duration::from_secs(4);

/// A session that lasted so long was a good one; breaks in a row before it don't count any more.
const GOOD: Duration = Duration::from_mins(1);

/// How often opening may fail in a row before polling takes its place.
const TRIES: u32 = 2;

/// How long after a sample what it left out is read, and how long after that again, while samples go on.
const SETTLE: Duration = Duration::from_secs(2);
const REFILL: Duration = Duration::from_secs(15);

/// CloudWatch Logs keeps about ten updates for a slow reader, then drops the oldest; half of that is slow.
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_LiveTail.html>
const SLOW: TimeDelta = TimeDelta::seconds(5);

/// How far back each poll looks, and how much longer than [`LATE`] nothing is swept.
const OVERLAP: TimeDelta = TimeDelta::seconds(5);
const SWEEP: TimeDelta = TimeDelta::seconds(30);

/// A tail between two of its updates.
pub(super) struct Tail {
    aws: Aws,
    group: LogGroup,
    live: Live,
    filling: Filling,
    told: Told,
    /// Why there is polling in place of Live Tail.
    polling: Option<NotLive>,
    /// Whether FilterLogEvents brings nothing either, as far as was said.
    is_dry: bool,
    /// Breaks and failures to open in a row.
    failures: u32,
    /// When the next range is to be read that is wanted because of a gap.
    gap: Option<Instant>,
    /// Whether the range that is being read is one of those.
    fills_gap: bool,
    poll: Instant,
    /// When the last update of the session came, and when the last of this tail's was taken.
    heard: DateTime<Utc>,
    taken: DateTime<Utc>,
    /// What is to be told next.
    out: VecDeque<TailUpdate>,
    is_over: bool,
}

/// 1, 2, 4 … 30 seconds.
pub(super) fn back_off(failures: u32) -> Duration {
    Duration::from_secs((1_u64 << failures.saturating_sub(1).min(5)).min(30))
}

impl Tail {
    pub(super) fn new(aws: Aws, group: LogGroup, since: DateTime<Utc>) -> Self {
        let (now, start) = (aws.now(), Instant::now());
        let is_cheap = group.class == Some(Class::InfrequentAccess);
        let first = if is_cheap { Source::None(NoEvents::InfrequentAccess) } else { Source::Opening };
        Self {
            live: Live::Closed(Some(start)),
            filling: Filling::default(),
            told: Told::from(since),
            polling: None,
            is_dry: false,
            failures: 0,
            gap: Some(start),
            fills_gap: false,
            poll: start,
            heard: now,
            taken: now,
            out: VecDeque::from([TailUpdate::Source(first)]),
            is_over: is_cheap,
            aws,
            group,
        }
    }

    /// What is to be told next; `None` when nothing will ever come.
    pub(super) async fn next(&mut self) -> Option<TailUpdate> {
        if matches!(self.live, Live::Open(..)) && self.aws.now() - self.taken > SLOW {
            self.missed();
        }
        loop {
            if let Some(update) = self.out.pop_front() {
                self.taken = self.aws.now();
                return Some(update);
            }
            if self.is_over {
                return None;
            }
            self.begin();
            let due = self.due();
            tokio::select! {
                biased;
                moved = self.live.next() => self.moved(moved),
                page = self.filling.next() => self.page(page),
                () = sleep_until(due) => {}
            }
        }
    }

    fn tell(&mut self, update: TailUpdate) {
        self.out.push_back(update);
    }

    fn tell_source(&mut self, source: Source) {
        self.tell(TailUpdate::Source(source));
    }

    /// The moment at which something is to be begun. There always is one: late events want a look each minute or so.
    fn due(&self) -> Instant {
        let open_at = if let Live::Closed(at) = self.live { at } else { None };
        let idle = self.filling.is_idle();
        let gap = self.gap.filter(|_| idle);
        let poll = Some(self.poll).filter(|_| idle && self.polling.is_some());
        [open_at, gap, poll].into_iter().flatten().min().unwrap_or_else(|| Instant::now() + AGAIN)
    }

    /// Begins what is due.
    fn begin(&mut self) {
        let (at, now) = (Instant::now(), self.aws.now());
        if matches!(self.live, Live::Closed(Some(open_at)) if open_at <= at) {
            self.live = Live::Opening(open(self.aws.clone(), self.group.clone()).boxed());
        }
        if !self.filling.is_idle() {
            return;
        }
        let Some(range) = self.wanted(at, now) else { return };
        self.fills_gap = self.gap.take_if(|gap| *gap <= at).is_some();
        self.poll = at + self.every();
        self.filling.begin(&self.aws, &self.group, range);
    }

    /// The range that is to be read now.
    fn wanted(&self, at: Instant, now: DateTime<Utc>) -> Option<Range> {
        let to_now = |from| Some(Range { from, until: now });
        if self.gap.is_some_and(|gap| gap <= at) {
            return to_now(self.told.until());
        }
        if let Some(range) = self.told.sweep(now) {
            return Some(range);
        }
        if self.polling.is_none() || self.poll > at {
            return None;
        }
        let is_sweep = now - self.told.until() >= LATE + SWEEP;
        let last = self.filling.read().filter(|_| !is_sweep).map(|read| read - OVERLAP);
        to_now(last.map_or(self.told.until(), |last| last.max(self.told.until())))
    }

    /// How often is polled: where AWS allows little, other readers of the account need some of it too.
    fn every(&self) -> Duration {
        let seconds = if pace::filters_a_second(&self.group.context.region) < 10 { 4 } else { 2 };
        Duration::from_secs(seconds)
    }

    fn moved(&mut self, moved: Moved) {
        match moved {
            Moved::Opened(Ok(session)) => self.opened(session),
            Moved::Opened(Err(fault)) => self.not_opened(fault),
            Moved::Told(Ok(update)) => self.update(update),
            Moved::Told(Err(because)) => self.broken(because),
        }
    }

    fn opened(&mut self, session: Session) {
        let at = Instant::now();
        self.live = Live::Open(session, at);
        self.heard = self.aws.now();
        self.taken = self.heard;
        self.told.hole(self.heard);
        self.gap = Some(at);
        self.polling = None;
        self.is_dry = false;
        self.tell_source(Source::Live);
    }

    fn update(&mut self, update: Update) {
        let now = self.aws.now();
        if !update.events.is_empty() {
            self.tell(TailUpdate::Events(update.events));
        }
        if update.is_sampled {
            self.missed();
        }
        self.heard = now;
        self.told.frame(now);
        self.news();
    }

    /// Something that came in since the last update may be missing.
    fn missed(&mut self) {
        let now = self.aws.now();
        let range = Range { from: self.told.until().max(self.heard - LATE), until: now };
        self.told.hole(now);
        self.tell(TailUpdate::Sampled(range));
        let soon = Instant::now() + SETTLE;
        let rested = self.filling.started().map_or(soon, |started| started + REFILL);
        self.gap = Some(self.gap.unwrap_or(soon.max(rested)));
    }

    fn broken(&mut self, because: Broken) {
        if matches!(&self.live, Live::Open(_, since) if since.elapsed() >= GOOD) {
            self.failures = 0;
        }
        self.told.lost();
        self.wait(because);
    }

    /// Opens again after a while. What comes in meanwhile is read once it is open, or where that takes long.
    fn wait(&mut self, because: Broken) {
        self.failures += 1;
        let (at, wait) = (Instant::now(), back_off(self.failures));
        self.live = Live::Closed(Some(at + wait));
        self.gap = Some(at + PATIENCE);
        self.tell_source(Source::Reconnecting { wait, because });
    }

    fn not_opened(&mut self, fault: Fault) {
        let (because, may_pass) = match judge(fault) {
            Refused::Class => return self.end(),
            Refused::Polling(because, may_pass) => (because, may_pass),
            Refused::Passes(fault) if self.polling.is_none() && self.failures < TRIES => {
                return self.wait(Broken::Fault(fault));
            }
            Refused::Passes(fault) => (NotLive::Fault(fault), true),
        };
        self.live = Live::Closed(may_pass.then(|| Instant::now() + AGAIN));
        self.poll_because(because);
    }

    fn poll_because(&mut self, because: NotLive) {
        if self.polling.as_ref() == Some(&because) {
            return;
        }
        self.polling = Some(because.clone());
        self.gap = Some(Instant::now());
        if !self.is_dry {
            let every = self.every();
            self.tell_source(Source::Polling { every, because });
        }
    }

    /// Takes what FilterLogEvents brought.
    fn page(&mut self, page: Result<Fill, Fault>) {
        match page {
            Ok(Fill::Page(events)) => {
                self.flows();
                if !events.is_empty() {
                    self.tell(TailUpdate::Events(events));
                }
            }
            Ok(Fill::Done(range, begun)) => {
                self.flows();
                self.told.filled(range, begun);
                if self.fills_gap {
                    self.tell(TailUpdate::Filled(range));
                }
                self.news();
                // The log group is there now.
                if self.polling == Some(NotLive::NoGroup) && matches!(self.live, Live::Closed(None)) {
                    self.live = Live::Closed(Some(Instant::now()));
                }
            }
            Err(fault) => self.unread(fault),
        }
    }

    /// FilterLogEvents brings something again.
    fn flows(&mut self) {
        if std::mem::take(&mut self.is_dry)
            && let Some(because) = self.polling.clone()
        {
            let every = self.every();
            self.tell_source(Source::Polling { every, because });
        }
    }

    fn unread(&mut self, fault: Fault) {
        if is_class(&fault) {
            return self.end();
        }
        let at = Instant::now();
        if matches!(fault.cause, Cause::NoLogGroup { .. }) {
            // There is no event where there is no group.
            if let Some((range, begun)) = self.filling.leave() {
                self.told.filled(range, begun);
                self.news();
            }
            if !matches!(self.live, Live::Open(..)) {
                self.live = Live::Closed(None);
                self.poll_because(NotLive::NoGroup);
            }
            return;
        }
        if !is_lasting(&fault) && self.filling.is_to_be_asked_again() {
            return;
        }
        let Some(range) = self.filling.give_up() else { return };
        let wait = if is_lasting(&fault) { AGAIN } else { RETRY };
        self.gap = Some(at + wait);
        self.poll = at + wait;
        if self.polling.is_none() {
            self.tell(TailUpdate::Unread { range, because: fault });
        } else if !std::mem::replace(&mut self.is_dry, true) {
            self.tell_source(Source::None(NoEvents::Fault(fault)));
        }
    }

    fn news(&mut self) {
        if let Some(until) = self.told.news() {
            self.tell(TailUpdate::Complete(until));
        }
    }

    /// The class of the group has neither Live Tail nor FilterLogEvents.
    fn end(&mut self) {
        self.live = Live::Closed(None);
        self.is_over = true;
        self.tell_source(Source::None(NoEvents::InfrequentAccess));
    }
}
