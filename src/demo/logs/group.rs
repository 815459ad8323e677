//! A log group: its events in the order of their time, and in that of their arrival.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use chrono::{DateTime, SubsecRound, Utc};
use serde::Deserialize;

use super::{LogLine, Written};

/// Where an event stands: its time and that of its ingestion in milliseconds, and its number among all events.
pub(in crate::demo) type Key = (i64, i64, u64);

/// `LogGroupClass` of the model.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(in crate::demo) enum Class {
    #[default]
    Standard,
    InfrequentAccess,
    Delivery,
}

#[derive(Debug, Clone)]
pub(in crate::demo) struct Event {
    pub(in crate::demo) stream: String,
    pub(in crate::demo) message: String,
}

#[derive(Debug)]
pub(in crate::demo) struct Group {
    pub(in crate::demo) class: Class,
    pub(in crate::demo) created: DateTime<Utc>,
    /// Bytes of all messages.
    pub(in crate::demo) bytes: usize,
    events: BTreeMap<Key, Event>,
    /// Ingestion time, time, number.
    arrivals: BTreeSet<Key>,
}

impl Class {
    /// As the API spells it.
    pub(in crate::demo) fn word(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::InfrequentAccess => "INFREQUENT_ACCESS",
            Self::Delivery => "DELIVERY",
        }
    }
}

impl Group {
    pub(super) fn new(class: Class, created: DateTime<Utc>) -> Self {
        Self { class, created, bytes: 0, events: BTreeMap::new(), arrivals: BTreeSet::new() }
    }

    /// An event cannot be seen before it happened, nor be older than its group.
    pub(super) fn write(&mut self, number: u64, event: Written) {
        let at = event.at.trunc_subsecs(3);
        self.created = self.created.min(at);
        self.bytes += event.message.len();
        let (at, ingested) = (at.timestamp_millis(), event.ingested.max(at).timestamp_millis());
        self.arrivals.insert((ingested, at, number));
        let event = Event { stream: event.stream, message: event.message };
        self.events.insert((at, ingested, number), event);
    }

    /// The events between two places, in order of time, whether or not they can be seen yet.
    pub(in crate::demo) fn between(
        &self,
        from: Bound<Key>,
        to: Bound<Key>,
    ) -> impl DoubleEndedIterator<Item = (Key, &Event)> {
        // A range that ends before it begins is a panic for the map.
        let place = |bound| match bound {
            Bound::Included(key) | Bound::Excluded(key) => Some(key),
            Bound::Unbounded => None,
        };
        let turned = place(from).zip(place(to)).is_some_and(|(from, to)| from >= to);
        let range = (!turned).then(|| self.events.range((from, to)));
        range.into_iter().flatten().map(|(key, event)| (*key, event))
    }

    /// What arrived from a moment on and before another, in milliseconds, in order of arrival.
    pub(in crate::demo) fn arrived(&self, from: i64, until: i64) -> impl Iterator<Item = (Key, &Event)> {
        let range = (from < until).then(|| self.arrivals.range((from, i64::MIN, 0)..(until, i64::MIN, 0)));
        range.into_iter().flatten().filter_map(|(ingested, at, number)| {
            let key = (*at, *ingested, *number);
            self.events.get(&key).map(|event| (key, event))
        })
    }

    /// Everything that happened up to a time.
    pub(in crate::demo) fn lines(&self, now: DateTime<Utc>) -> Vec<LogLine> {
        let end = now.timestamp_millis().saturating_add(1);
        let events = self.between(Bound::Unbounded, Bound::Excluded((end, i64::MIN, 0)));
        events.map(|(key, event)| line(key, event)).collect()
    }
}

fn line(key: Key, event: &Event) -> LogLine {
    let (at, ingested, _) = key;
    let utc = |millis| DateTime::from_timestamp_millis(millis).unwrap_or_default();
    let (stream, message) = (event.stream.clone(), event.message.clone());
    LogLine { id: id(key), stream, at: utc(at), ingested: utc(ingested), message }
}

/// `eventId`: opaque, 56 digits, its own for each event.
pub(in crate::demo) fn id((at, _, number): Key) -> String {
    format!("3{at:015}{number:040}")
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn events_stand_in_order_of_time_and_arrive_in_their_own() {
        let start = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let mut group = Group::new(Class::Standard, start);
        let second = |n| start + TimeDelta::seconds(n);
        for (number, (at, ingested)) in (1..).zip([(5, 6), (3, 9), (5, 5), (7, 2)]) {
            let (stream, message) = (String::new(), format!("{at} {ingested}"));
            group.write(number, Written { stream, at: second(at), ingested: second(ingested), message });
        }
        let lines: Vec<_> = group.lines(second(6)).into_iter().map(|line| line.message).collect();
        assert_eq!(lines, ["3 9", "5 5", "5 6"]);
        let millis = |n: i64| second(n).timestamp_millis();
        let arrived: Vec<_> = group.arrived(millis(5), millis(9)).map(|(_, event)| event.message.as_str()).collect();
        assert_eq!(arrived, ["5 5", "5 6", "7 2"], "not seen before it happened");
        assert_eq!(group.arrived(millis(9), millis(5)).count(), 0);
    }
}
