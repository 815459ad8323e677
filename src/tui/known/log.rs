//! What is known of a log: its lines in order of time, each once, in bounded memory; where they come from; what is missing.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::fault::Fault;
pub use crate::domain::invocation::Place;
use crate::domain::invocation::{Attribution, Bound, Dealt, Entry};
use crate::domain::log::{Kind, Level, Platform};
use crate::domain::progress::LogUpdate;
use crate::domain::rotation::Step;
use crate::domain::tail::{Found, NoLog, Range, Source};
use crate::text::AwsText;

/// How many ranges are remembered of which something is missing.
const GAPS: usize = 50;

/// A log event, and whose it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The event.
    pub entry: Arc<Entry>,
    /// Whose it is; `None` until that is known, which may take until its invocation is over.
    pub whose: Option<Attribution>,
    /// The step of its invocation, where that is known.
    pub step: Option<Step>,
    /// The request id of its invocation, if it is known to belong to one.
    pub request_id: Option<AwsText>,
}

/// A range of time of which lines were, or are, missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Which.
    pub range: Range,
    /// Why it can't be read; `None` where Live Tail sent a sample of it and the rest is being read.
    pub because: Option<Fault>,
}

/// What came in, went, or is known better now.
#[derive(Debug, Default)]
pub struct News {
    /// The lines that are new.
    pub came: Vec<Place>,
    /// Those of which it is known now whose they are.
    pub dealt: Vec<Place>,
    /// Those that made room.
    pub gone: Vec<Place>,
}

/// What is known of a log.
#[derive(Debug, Default)]
pub struct Log {
    lines: BTreeMap<Place, Line>,
    bytes: usize,
    undecided: usize,
    /// Which log group it is, or why there is none.
    pub found: Option<Result<Found, NoLog>>,
    /// From where events come.
    pub source: Option<Source>,
    /// The ranges of which something is missing, the latest last.
    pub gaps: VecDeque<Gap>,
    /// How many lines made room for newer ones.
    pub dropped: usize,
    /// Since when it has been read (UTC).
    pub from: Option<DateTime<Utc>>,
    /// Whether what was written before it was opened has been read.
    pub is_filled: bool,
    /// Whether nobody reads it any more.
    pub is_closed: bool,
    live: TimeDelta,
    live_since: Option<DateTime<Utc>>,
}

impl Line {
    /// How grave it is: by its own level, or by what it tells of.
    pub fn grade(&self) -> Option<Level> {
        match self.entry.line.kind {
            Kind::Uncaught | Kind::Platform(Platform::TimedOut(_)) => Some(Level::Error),
            _ => self.entry.line.level,
        }
    }
}

impl Log {
    /// A log that is read since then (UTC).
    pub fn since(from: DateTime<Utc>) -> Self {
        Self { from: Some(from), ..Self::default() }
    }

    /// The line at a place.
    pub fn line(&self, place: Place) -> Option<&Line> {
        self.lines.get(&place)
    }

    /// Every line, in order of time.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = (Place, &Line)> {
        self.lines.iter().map(|(place, line)| (*place, line))
    }

    /// How many lines are kept.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Of how many lines it isn't known yet whose they are.
    pub fn undecided(&self) -> usize {
        self.undecided
    }

    /// For how long Live Tail has been open, which AWS charges by the minute.
    /// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_LiveTail.html>
    pub fn live(&self, now: DateTime<Utc>) -> TimeDelta {
        self.live + self.live_since.map_or(TimeDelta::zero(), |since| now - since)
    }

    /// Takes in what is told beside lines.
    pub fn told(&mut self, update: LogUpdate, now: DateTime<Utc>) {
        match update {
            LogUpdate::Source(source) => {
                self.live = self.live(now);
                self.live_since = (source == Source::Live).then_some(now);
                self.source = Some(source);
            }
            LogUpdate::Sampled(range) => self.gap(Gap { range, because: None }),
            LogUpdate::Unread(range, fault) => self.gap(Gap { range, because: Some(fault) }),
            LogUpdate::Filled(range) => {
                self.is_filled = true;
                // A range is read from where everything before it was told.
                self.gaps.retain(|gap| gap.range.until > range.until);
            }
            LogUpdate::Lines(_) => {}
        }
    }

    /// Nobody reads it any more.
    pub fn close(&mut self, now: DateTime<Utc>) {
        self.live = self.live(now);
        (self.live_since, self.is_closed) = (None, true);
        // Why there were no events stays to be said; where they came from is over.
        self.source.take_if(|source| !matches!(source, Source::None(_)));
    }

    fn gap(&mut self, gap: Gap) {
        self.gaps.push_back(gap);
        if self.gaps.len() > GAPS {
            self.gaps.pop_front();
        }
    }

    /// Takes lines in. The oldest make room, but never one that somebody looks at.
    pub fn take(&mut self, dealt: Dealt, looked_at: &[Place]) -> News {
        let mut news = News::default();
        for entry in dealt.new {
            let place = entry.place();
            self.bytes += entry.event.message.raw().len();
            self.undecided += 1;
            self.lines.insert(place, Line { entry, whose: None, step: None, request_id: None });
            news.came.push(place);
        }
        for shown in dealt.shown {
            let place = shown.entry.place();
            // One that was held back may have made room meanwhile.
            if let Some(line) = self.lines.get_mut(&place) {
                self.undecided -= usize::from(line.whose.is_none());
                (line.whose, line.step, line.request_id) = (Some(shown.attribution), shown.step, shown.request_id);
                news.dealt.push(place);
            }
        }
        self.shrink(Bound::default(), looked_at, &mut news.gone);
        news
    }

    /// Keeps no more than the latest lines.
    pub fn keep(&mut self, events: usize) {
        self.shrink(Bound { events, ..Bound::default() }, &[], &mut Vec::new());
    }

    fn shrink(&mut self, bound: Bound, looked_at: &[Place], gone: &mut Vec<Place>) {
        while self.lines.len() > bound.events || self.bytes > bound.bytes {
            let Some(place) = self.lines.keys().find(|place| !looked_at.contains(place)).copied() else { return };
            let Some(line) = self.lines.remove(&place) else { return };
            self.bytes -= line.entry.event.message.raw().len();
            self.undecided -= usize::from(line.whose.is_none());
            self.dropped += 1;
            gone.push(place);
        }
    }
}
