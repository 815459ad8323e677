//! The events that were found so far, each once, the newest first, in bounded memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::event::{Place, TrailEvent};
use super::kind::Kind;
use super::scene::Scene;

/// How many events are kept at most.
pub const MOST: usize = 100_000;

/// How many bytes of records are kept at most. Those of the oldest events go first; CloudTrail still has them.
const RECORDS: usize = 64 << 20;

/// An event, and beside it what it is judged by when 100,000 are: the event itself lies far away in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The event.
    pub event: Arc<TrailEvent>,
    /// What kind it is.
    pub kind: Kind,
    /// Whether it was refused, or failed.
    pub has_failed: bool,
    /// The number of its scene.
    pub scene: usize,
}

/// Events by their place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Events {
    by_place: BTreeMap<Place, Kept>,
    /// What events have in common, each once, with its number.
    scenes: HashMap<Arc<Scene>, usize>,
    /// The words of each scene, by its number.
    words: Vec<Box<str>>,
    /// Those whose record is kept.
    with_record: BTreeSet<Place>,
    /// The bytes of these records.
    bytes: usize,
    /// The latest event that was let go of for want of room (UTC).
    dropped: Option<DateTime<Utc>>,
}

impl Events {
    /// Takes an event in. Whether it is new: an event that comes again changes nothing, but brings a record back that
    /// wasn't kept.
    pub fn add(&mut self, mut event: TrailEvent) -> bool {
        let place = event.place();
        if let Some(known) = self.by_place.get_mut(&place) {
            if known.event.record.is_none() && event.record.is_some() {
                Arc::make_mut(&mut known.event).record = event.record;
                self.keep_record(&place);
            }
            return false;
        }
        let scene = self.number(&mut event);
        let (kind, has_failed) = (event.kind(), event.has_failed());
        self.by_place.insert(place.clone(), Kept { event: Arc::new(event), kind, has_failed, scene });
        self.keep_record(&place);
        while self.by_place.len() > MOST {
            if let Some((place, Kept { event, .. })) = self.by_place.pop_last() {
                self.forget_record(&place, event.record.as_ref().map_or(0, |record| record.len()));
                self.dropped = self.dropped.max(Some(event.at));
                // Its own, and the one in the set: no other event has it.
                if Arc::strong_count(&event.scene) <= 2 {
                    self.scenes.remove(&event.scene);
                }
            }
        }
        true
    }

    /// The number of an event's scene, which it has in common with those that have the same.
    fn number(&mut self, event: &mut TrailEvent) -> usize {
        if let Some((known, number)) = self.scenes.get_key_value(&event.scene) {
            event.scene = Arc::clone(known);
            return *number;
        }
        let number = self.words.len();
        self.words.push(event.scene.words().into());
        self.scenes.insert(Arc::clone(&event.scene), number);
        number
    }

    fn keep_record(&mut self, place: &Place) {
        let Some(record) = self.by_place.get(place).and_then(|kept| kept.event.record.as_ref()) else { return };
        self.bytes += record.len();
        self.with_record.insert(place.clone());
        while self.bytes > RECORDS && self.with_record.len() > 1 {
            let Some(oldest) = self.with_record.last().cloned() else { return };
            let record = self.by_place.get_mut(&oldest).and_then(|kept| Arc::make_mut(&mut kept.event).record.take());
            self.forget_record(&oldest, record.map_or(0, |record| record.len()));
        }
    }

    fn forget_record(&mut self, place: &Place, bytes: usize) {
        if self.with_record.remove(place) {
            self.bytes -= bytes;
        }
    }

    /// The event at a place.
    pub fn get(&self, place: &Place) -> Option<&Arc<TrailEvent>> {
        self.by_place.get(place).map(|kept| &kept.event)
    }

    /// The same with what it is judged by.
    pub fn kept(&self, place: &Place) -> Option<&Kept> {
        self.by_place.get(place)
    }

    /// The words of a scene, by its number.
    pub fn words(&self, scene: usize) -> &str {
        self.words.get(scene).map_or("", |words| words)
    }

    /// How many scenes were numbered.
    pub fn scenes(&self) -> usize {
        self.words.len()
    }

    /// All events, the newest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &TrailEvent> {
        self.by_place.values().map(|kept| kept.event.as_ref())
    }

    /// All events with their places, the newest first.
    pub fn places(&self) -> impl DoubleEndedIterator<Item = (&Place, &Kept)> {
        self.by_place.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_place.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_place.is_empty()
    }

    /// Up to when events are missing because there was no room for them (UTC).
    pub fn dropped(&self) -> Option<DateTime<Utc>> {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::trail::Listed;

    fn event(number: usize, bytes: usize) -> TrailEvent {
        let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(i64::try_from(number).unwrap());
        let record = serde_json::json!({ "eventName": "GetX", "fill": "x".repeat(bytes) }).to_string();
        let listed = Listed { id: Some(format!("e{number}")), at: Some(at), record: Some(record), ..Listed::default() };
        TrailEvent::read(listed).unwrap()
    }

    #[test]
    fn an_event_that_comes_again_is_there_once() {
        let mut events = Events::default();
        assert!([3, 1, 2].map(|number| events.add(event(number, 0))).iter().all(|new| *new));
        assert!(!events.add(event(2, 0)));
        let ids: Vec<_> = events.iter().map(|event| event.id.to_string()).collect();
        assert_eq!(ids, ["e3", "e2", "e1"]);
    }

    #[test]
    fn the_oldest_go_where_there_is_no_room_and_that_is_told() {
        let mut events = Events::default();
        for number in 0..MOST + 3 {
            events.add(TrailEvent { record: None, ..event(number, 0) });
        }
        assert_eq!((events.len(), events.dropped().unwrap().timestamp()), (MOST, 2));
    }

    #[test]
    fn the_records_of_the_oldest_go_first_and_come_back_when_they_are_read_again() {
        let mut events = Events::default();
        for number in 0..80 {
            events.add(event(number, 1 << 20));
        }
        let kept = events.iter().filter(|event| event.record.is_some()).count();
        assert!((60..64).contains(&kept), "{kept}");
        assert!(events.iter().take(kept).all(|event| event.record.is_some()));
        assert!(events.bytes <= RECORDS);
        for (bytes, stays) in [(2 << 20, false), (10, true)] {
            assert!(!events.add(event(0, bytes)));
            let oldest = events.iter().last().map(|event| event.record.is_some());
            assert_eq!((oldest, events.bytes <= RECORDS), (Some(stays), true), "{bytes} bytes");
        }
    }
}
