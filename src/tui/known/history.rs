//! The events of the trail that were looked up, of whatever secret, and how far the look-up has come.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Fetch;
use crate::domain::secret::Secret;
use crate::domain::trail::{Covered, Depth, Events, KnownReads, Place, Reached, Scope, TrailEvent};

/// What was looked up so far.
#[derive(Debug, Default)]
pub struct History {
    /// The events, of all secrets together: what was found for one is there for another.
    pub events: Events,
    /// The places of those that tell of changes: few among many reads.
    telling: BTreeSet<Place>,
    /// The times of which every record was read.
    pub covered: Covered,
    /// The times of which every change was read.
    pub changes: Covered,
    /// When changes were last asked for (UTC), and where that stands.
    pub changes_asked: Option<DateTime<Utc>>,
    /// Where the look-up of changes stands.
    pub changes_state: Fetch,
    /// Whose events were asked for last.
    pub scope: Option<Scope>,
    /// How far that has come.
    pub reached: Option<Reached>,
    /// Since when what names that secret was read (UTC), by this search or an earlier one.
    named_from: Option<DateTime<Utc>>,
    /// Where it stands.
    pub state: Fetch,
    /// Whether AWS has throttled it: others use the ration too.
    pub slowed: bool,
    /// When it was last asked for (UTC).
    pub asked: Option<DateTime<Utc>>,
    /// How many events had neither an id nor a time.
    pub unplaced: usize,
}

impl History {
    /// Another search begins; what was found stays.
    pub fn begin(&mut self, scope: Scope, now: DateTime<Utc>) {
        if !self.scope.as_ref().is_some_and(|asked| asked.is_same(&scope)) {
            self.named_from = None;
        }
        self.scope = Some(scope);
        (self.reached, self.slowed, self.asked) = (None, false, Some(now));
        self.state = Fetch::Loading;
    }

    /// Takes events in. The places of those that are new, the newest first.
    pub fn found(&mut self, events: Vec<TrailEvent>, unplaced: usize, reached: Reached) -> Vec<Place> {
        let new = self.add(events);
        self.unplaced += unplaced;
        self.covered = reached.covered.clone();
        if let Some(dropped) = self.events.dropped() {
            self.covered.cut(dropped);
        }
        self.named_from = self.named_from.into_iter().chain(reached.named_from()).min();
        self.reached = Some(reached);
        new
    }

    fn add(&mut self, events: Vec<TrailEvent>) -> Vec<Place> {
        let new = events.into_iter().filter_map(|event| {
            let place = event.place();
            let tells = event.kind().is_change();
            let is_new = self.events.add(event);
            if is_new && tells {
                self.telling.insert(place.clone());
            }
            is_new.then_some(place)
        });
        let mut new: Vec<_> = new.collect();
        new.sort_unstable();
        new
    }

    /// The events that tell of changes of a secret.
    pub fn telling(&self, secret: &Secret) -> Vec<&TrailEvent> {
        let told = self.telling.iter().filter_map(|place| self.events.get(place)).map(Arc::as_ref);
        told.filter(|event| event.names(secret)).collect()
    }

    /// Takes changes in, of whichever secrets. The places of those that are new.
    pub fn changed(&mut self, events: Vec<TrailEvent>, unplaced: usize, reached: &Reached) -> Vec<Place> {
        self.changes = reached.covered.clone();
        self.unplaced += unplaced;
        self.add(events)
    }

    /// The times of which every change is known, be it that everything was read.
    pub fn changes_covered(&self) -> Covered {
        let mut covered = self.changes.clone();
        self.covered.spans().for_each(|span| covered.add(span));
        covered
    }

    /// The times of which everything is known that this finds.
    pub fn covered_of(&self, depth: &Depth) -> Covered {
        if Depth::changes().includes(depth) { self.changes_covered() } else { self.covered.clone() }
    }

    /// Since when all of it is known (UTC); `None`: not even the latest of it.
    pub fn whole_from(&self, depth: &Depth) -> Option<DateTime<Utc>> {
        self.covered_of(depth).latest().map(|span| span.from)
    }

    /// How far back reads of the secret are known whose events were asked for last.
    pub fn known_reads(&self) -> KnownReads {
        let all = self.whole_from(&Depth::Whole);
        KnownReads { named: [all, self.named_from].into_iter().flatten().min(), all }
    }

    /// Where the look-up of it stands.
    pub fn state_of(&self, depth: &Depth) -> &Fetch {
        if Depth::changes().includes(depth) { &self.changes_state } else { &self.state }
    }
}
