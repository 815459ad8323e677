//! What CloudTrail has recorded in a world: its events, how late they show, and how often they may be looked up.

mod event;
mod merge;
pub(in crate::demo) mod reader;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

pub use event::Recorded;
pub(in crate::demo) use event::{Act, Answer, By, Called, Event, Request, Service, Why};
use merge::Merge;
use reader::Track;

use crate::demo::seed::{Seed, hash};

/// How long an event stays in the event history (API_LookupEvents.html: "within the last 90 days").
const KEPT: TimeDelta = TimeDelta::days(90);

/// Look-ups that may come at once, and the time that brings back one of them: two a second per account and Region
/// (API_LookupEvents.html).
const BURST: u32 = 2;
const EACH: Duration = Duration::from_millis(500);

/// By [`Event::place`].
pub(in crate::demo) type Events = BTreeMap<(i64, String), Event>;

/// How the trail of a world tells what happened.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Manner {
    /// So long after it happened an event shows …
    pub(in crate::demo) delay: TimeDelta,
    /// … and up to so much later, each its own: events may show in another order than that in which they happened.
    pub(in crate::demo) jitter: TimeDelta,
    /// Whether its entries have `Resources`.
    pub(in crate::demo) has_resources: bool,
}

#[derive(Debug)]
pub(in crate::demo) struct Trail {
    events: RwLock<Events>,
    tracks: Vec<Arc<Track>>,
    manner: Manner,
    /// How many events have been recorded, but for reads, and how many reads. Ids come from that: nobody's looking
    /// gives another id to what happens next.
    counts: [AtomicU64; 2],
    /// For each Region, the world time at which all of its look-ups are there again.
    spent: Mutex<HashMap<String, Duration>>,
}

/// What part of the event history is asked for.
#[derive(Debug, Clone, Copy)]
pub(in crate::demo) struct Stretch<'a> {
    /// Milliseconds since 1970; both belong to it.
    pub(in crate::demo) from: i64,
    pub(in crate::demo) to: i64,
    /// Behind this place in the order.
    pub(in crate::demo) after: Option<(i64, &'a str)>,
}

impl Default for Manner {
    /// Late as CloudTrail is on average (how-cloudtrail-works.html: "typically within an average of about 5 minutes").
    fn default() -> Self {
        Self { delay: TimeDelta::minutes(5), jitter: TimeDelta::zero(), has_resources: true }
    }
}

impl Trail {
    pub(in crate::demo) fn new(events: Vec<Event>, tracks: Vec<Track>, manner: Manner) -> Self {
        let count = AtomicU64::new(events.len().try_into().unwrap_or_default());
        Self {
            events: RwLock::new(events.into_iter().map(keyed).collect()),
            tracks: tracks.into_iter().map(Arc::new).collect(),
            manner,
            counts: [count, AtomicU64::default()],
            spent: Mutex::default(),
        }
    }

    /// All events but those of the readers, newest first, whether they show yet or not.
    pub(in crate::demo) fn events(&self) -> RwLockReadGuard<'_, Events> {
        self.events.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::demo) fn has_resources(&self) -> bool {
        self.manner.has_resources
    }

    /// Everything in a stretch that shows at `now`, newest first and made as it is asked for; of the readers' what
    /// `admits` a sample of.
    pub(in crate::demo) fn walk<'a>(
        &'a self,
        events: &'a Events,
        now: DateTime<Utc>,
        stretch: Stretch<'a>,
        admits: impl Fn(&Event) -> bool,
    ) -> impl Iterator<Item = Cow<'a, Event>> {
        let to = stretch.after.map_or(stretch.to, |(late, _)| stretch.to.min(-late)).min(now.timestamp_millis());
        let from = stretch.from.max((now - KEPT).timestamp_millis());
        let begins = match stretch.after {
            Some((late, id)) if -late <= to => Bound::Excluded((late, id.to_owned())),
            _ => Bound::Included((-to, String::new())),
        };
        let stored = events.range((begins, Bound::Unbounded)).map(|(_, event)| Cow::Borrowed(event));
        let stored = stored.take_while(move |event| event.at.timestamp_millis() >= from);
        let mut merge = Merge::of(stored);
        for track in self.tracks.iter().filter(|track| admits(&track.sample())) {
            merge.add(track.events(from.div_euclid(1_000), to.div_euclid(1_000)).map(Cow::Owned));
        }
        merge.filter(move |event| {
            self.shows_at(event) <= now
                && (from..=to).contains(&event.at.timestamp_millis())
                && stretch.after.is_none_or(|place| event.place() > place)
        })
    }

    /// From when on a look-up finds an event.
    pub(in crate::demo) fn shows_at(&self, event: &Event) -> DateTime<Utc> {
        let room = u64::try_from(self.manner.jitter.num_milliseconds()).unwrap_or_default();
        let later = Seed::new(hash(event.id.as_bytes())).below(room + 1);
        event.at + self.manner.delay + TimeDelta::milliseconds(later.try_into().unwrap_or_default())
    }

    /// Every record of what `happened` up to `now`, oldest first.
    pub(in crate::demo) fn records(&self, now: DateTime<Utc>, happened: impl Fn(&Event) -> bool) -> Vec<Recorded> {
        let events = self.events();
        let stored = events.values().filter(|event| event.at <= now).map(Cow::Borrowed);
        let reads = self.tracks.iter().flat_map(|track| track.events(track.since, now.timestamp()).map(Cow::Owned));
        let all = stored.chain(reads).filter(|event| happened(event));
        let mut all: Vec<_> = all.map(|event| self.recorded(&event)).collect();
        all.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        all
    }

    fn recorded(&self, event: &Event) -> Recorded {
        let shows_at = self.shows_at(event);
        Recorded {
            id: event.id.clone(),
            name: event.name().to_owned(),
            secret: event.secret.clone(),
            at: event.at,
            shows_at,
        }
    }

    /// One more event, at its place in the order.
    pub(in crate::demo) fn record(&self, event: Event) {
        let (place, event) = keyed(event);
        self.events.write().unwrap_or_else(PoisonError::into_inner).insert(place, event);
    }

    /// Counts one more event, and says how many of its kind there were before.
    pub(in crate::demo) fn count(&self, is_read: bool) -> u64 {
        let [others, reads] = &self.counts;
        let count = if is_read { reads } else { others };
        count.fetch_add(1, Ordering::Relaxed)
    }

    /// Takes one look-up from the Region's ration; false if there is none left at this world time.
    pub(in crate::demo) fn admits(&self, region: &str, elapsed: Duration) -> bool {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let full = spent.entry(region.to_owned()).or_default();
        if full.saturating_sub(elapsed) > EACH * (BURST - 1) {
            return false;
        }
        *full = (*full).max(elapsed) + EACH;
        true
    }
}

fn keyed(event: Event) -> ((i64, String), Event) {
    let (late, id) = event.place();
    ((late, id.to_owned()), event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lookups_a_second_pass_in_each_region() {
        let trail = Trail::new(Vec::new(), Vec::new(), Manner::default());
        let at = |millis| trail.admits("eu-west-1", Duration::from_millis(millis));
        let passed: Vec<_> = [0, 0, 0, 499, 500, 999, 1_000, 9_000, 9_000, 9_000].map(at).into();
        assert_eq!(passed, [true, true, false, false, true, false, true, true, true, false]);
        assert!(trail.admits("us-east-1", Duration::from_secs(9)));
    }
}
