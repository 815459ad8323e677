//! The log events that are kept, each counted once, in bounded memory.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::stream::Stream;
use super::{Entry, Invocation, Place};
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
    /// The time of the latest of them (UTC). Of invocations that began before it lines may be missing. What those told
    /// stays known while other lines of the invocation are kept, but for what they mention in passing.
    pub until: Option<DateTime<Utc>>,
}

/// The events of one log group, and the invocations that they make up.
///
/// An event costs its text about twice, an id, and about a kilobyte for what was read in it and for finding it: some
/// 250 MB where the default [`Bound`] is full of long lines. Ids go with their events.
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

impl Invocations {
    /// Keeps no more than this.
    pub fn within(bound: Bound) -> Self {
        Self { bound, ..Self::default() }
    }

    /// Takes events in, in any order, and answers how many of them were new.
    ///
    /// Events that come in order cost about what it takes to read them. Take many at once where they don't: for one that
    /// is older than what its log stream had, the whole stream is looked at again.
    pub fn take(&mut self, events: impl IntoIterator<Item = LogEvent>) -> usize {
        self.take_new(events).len()
    }

    /// As [`take`](Self::take), and answers the new ones, as they came in.
    pub fn take_new(&mut self, events: impl IntoIterator<Item = LogEvent>) -> Vec<Arc<Entry>> {
        self.take_in(events).0
    }

    /// As [`take_new`](Self::take_new), with the streams in which entries may have changed hands.
    pub(super) fn take_in(&mut self, events: impl IntoIterator<Item = LogEvent>) -> (Vec<Arc<Entry>>, Vec<AwsText>) {
        let mut changed = BTreeSet::new();
        let mut new = Vec::new();
        for event in events {
            if let Some(entry) = self.keep(event) {
                changed.insert(entry.event.stream.clone());
                new.push(entry);
            }
            while self.kept.len() > self.bound.events || (self.bytes > self.bound.bytes && self.kept.len() > 1) {
                changed.extend(self.drop_oldest());
            }
        }
        let anew = changed.into_iter().filter(|name| self.deal_out(name)).collect();
        (new, anew)
    }

    /// The invocations, by log stream and in a stream by their first line.
    pub fn iter(&self) -> impl Iterator<Item = &Invocation> {
        self.streams.values().flat_map(Stream::invocations)
    }

    /// The events that belong to no invocation, by log stream and in order of time.
    pub fn loose(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.streams.values().flat_map(Stream::loose)
    }

    /// The invocation that an entry belongs to, if it belongs to one and is kept.
    pub fn owner(&self, entry: &Entry) -> Option<&Invocation> {
        self.streams.get(&entry.event.stream)?.owner(entry)
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
    fn keep(&mut self, event: LogEvent) -> Option<Arc<Entry>> {
        if event.id.as_ref().is_some_and(|id| !self.ids.insert(id.clone())) {
            return None;
        }
        if let Some(twin) = self.twin(&event) {
            match event.id {
                Some(id) => twin.id = Some(id),
                None => twin.is_tailed = true,
            }
            return None;
        }
        let place = (event.at, self.arrivals);
        self.arrivals += 1;
        self.bytes += event.message.raw().len();
        let (id, is_tailed) = (event.id.clone(), event.id.is_none());
        // The name of the stream is in memory once.
        let name = self.streams.get_key_value(&event.stream).map_or(event.stream, |(name, _)| name.clone());
        let entry = Arc::new(Entry::read(LogEvent { stream: name.clone(), ..event }, place.1));
        self.streams.entry(name).or_default().add(&entry);
        self.kept.insert(place, Kept { entry: Arc::clone(&entry), id, is_tailed });
        Some(entry)
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
        if let Some(stream) = self.streams.get_mut(&name) {
            stream.remove(place);
        }
        self.dropped.events += 1;
        self.dropped.until = self.dropped.until.max(Some(place.0));
        Some(name)
    }

    /// Deals out what came in of a stream, and answers whether older entries may have changed hands by it.
    fn deal_out(&mut self, name: &AwsText) -> bool {
        let Some(stream) = self.streams.get_mut(name) else { return false };
        if stream.is_empty() {
            self.streams.remove(name);
            return false;
        }
        stream.deal(name)
    }
}
