//! The log events that are kept, each counted once, in bounded memory.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::stream::{Dealt, deal};
use super::{Entry, Invocation};
use crate::domain::log::LogEvent;
use crate::text::AwsText;

/// How much is kept. When more comes in, the oldest events go, and are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// How many events.
    pub events: usize,
    /// How many bytes of text; what is read in it takes about as much again.
    pub bytes: usize,
}

impl Default for Bound {
    fn default() -> Self {
        Self { events: 100_000, bytes: 64 << 20 }
    }
}

/// What went because there was more than the [`Bound`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dropped {
    /// How many events. One that comes once more after it was dropped is counted once more.
    pub events: usize,
    /// The time of the latest of them (UTC). Of invocations that began before it lines may be missing, and what those
    /// lines told is not known any more.
    pub until: Option<DateTime<Utc>>,
}

/// An event's place: its time, and the how-many-th it came in.
type Place = (DateTime<Utc>, u64);

/// The events of one log group, and the invocations that they make up.
///
/// FilterLogEvents and Live Tail tell of the same events, and both tell some twice. An event with an id counts once by
/// its id. Live Tail has no ids; equal lines in one millisecond do occur, so of lines with the same stream, time and
/// text there are as many as the one of the two that told of more.
#[derive(Debug, Default)]
pub struct Invocations {
    bound: Bound,
    kept: BTreeMap<Place, Kept>,
    bytes: usize,
    ids: HashSet<AwsText>,
    streams: BTreeMap<AwsText, Stream>,
    arrivals: u64,
    dropped: Dropped,
}

#[derive(Debug)]
struct Kept {
    entry: Arc<Entry>,
    /// The event's id, if the source with ids told of it.
    id: Option<AwsText>,
    /// Whether the source without ids told of it.
    is_tailed: bool,
}

#[derive(Debug, Default)]
struct Stream {
    entries: BTreeMap<Place, Arc<Entry>>,
    dealt: Dealt,
}

impl Invocations {
    /// Keeps no more than this.
    pub fn within(bound: Bound) -> Self {
        Self { bound, ..Self::default() }
    }

    /// Takes events in, in any order, and answers how many of them were new. Take many at once: each call looks at
    /// the streams concerned as a whole.
    pub fn take(&mut self, events: impl IntoIterator<Item = LogEvent>) -> usize {
        let mut changed = BTreeSet::new();
        let mut new = 0;
        for event in events {
            let stream = event.stream.clone();
            if self.keep(event) {
                new += 1;
                changed.insert(stream);
            }
            while self.kept.len() > self.bound.events || (self.bytes > self.bound.bytes && self.kept.len() > 1) {
                changed.extend(self.drop_oldest());
            }
        }
        for name in changed {
            self.deal_out(&name);
        }
        new
    }

    /// The invocations, by log stream and in a stream by their first line.
    pub fn iter(&self) -> impl Iterator<Item = &Invocation> {
        self.streams.values().flat_map(|stream| &stream.dealt.invocations)
    }

    /// The events that belong to no invocation, by log stream and in order of time.
    pub fn loose(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.streams.values().flat_map(|stream| &stream.dealt.loose)
    }

    /// Every event, in order of time.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Arc<Entry>> {
        self.kept.values().map(|kept| &kept.entry)
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// What went because there was too much.
    pub fn dropped(&self) -> Dropped {
        self.dropped
    }

    /// Keeps an event, if it is new.
    fn keep(&mut self, event: LogEvent) -> bool {
        if event.id.as_ref().is_some_and(|id| !self.ids.insert(id.clone())) {
            return false;
        }
        if let Some(twin) = self.twin(&event) {
            match event.id {
                Some(id) => twin.id = Some(id),
                None => twin.is_tailed = true,
            }
            return false;
        }
        let place = (event.at, self.arrivals);
        self.arrivals += 1;
        self.bytes += event.message.raw().len();
        let (id, is_tailed) = (event.id.clone(), event.id.is_none());
        let stream = self.streams.entry(event.stream.clone()).or_default();
        let entry = Arc::new(Entry::read(event, place.1));
        stream.entries.insert(place, Arc::clone(&entry));
        self.kept.insert(place, Kept { entry, id, is_tailed });
        true
    }

    /// The same line, of which so far only the other source has told.
    fn twin(&mut self, event: &LogEvent) -> Option<&mut Kept> {
        let text = |event: &LogEvent| event.message.raw().trim_end_matches(['\n', '\r']).len();
        let is_same = |other: &LogEvent| {
            let length = text(event);
            other.stream == event.stream
                && text(other) == length
                && other.message.raw()[..length] == event.message.raw()[..length]
        };
        let is_open = |kept: &Kept| if event.id.is_some() { kept.id.is_none() } else { !kept.is_tailed };
        let now = self.kept.range_mut((event.at, 0)..=(event.at, u64::MAX));
        now.map(|(_, kept)| kept).find(|kept| is_open(kept) && is_same(&kept.entry.event))
    }

    /// Drops the oldest event, and answers its stream.
    fn drop_oldest(&mut self) -> Option<AwsText> {
        let (place, Kept { entry, id, .. }) = self.kept.pop_first()?;
        self.bytes -= entry.event.message.raw().len();
        if let Some(id) = id {
            self.ids.remove(&id);
        }
        let name = entry.event.stream.clone();
        self.streams.entry(name.clone()).and_modify(|stream| {
            stream.entries.remove(&place);
        });
        self.dropped.events += 1;
        self.dropped.until = self.dropped.until.max(Some(place.0));
        Some(name)
    }

    fn deal_out(&mut self, name: &AwsText) {
        let Some(stream) = self.streams.get_mut(name) else { return };
        if stream.entries.is_empty() {
            self.streams.remove(name);
            return;
        }
        let entries: Vec<_> = stream.entries.values().collect();
        stream.dealt = deal(name, &entries);
    }
}
