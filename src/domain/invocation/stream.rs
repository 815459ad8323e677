//! Which invocation each event of one log stream belongs to.
//!
//! Many lines have no request id: printed text, uncaught exceptions in the text format, everything of the function's
//! start, which is written before START. They belong to the invocation that is open at their time in their stream; when
//! none is open, to the next one that begins there.
//!
//! What comes in order is dealt out as it comes; what comes late has the whole stream dealt out anew.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::table::{Gone, Table};
use super::{Entry, Invocation, Place};
use crate::domain::log::{Kind, Platform};
use crate::text::AwsText;

/// The events of one log stream, and whose they are.
#[derive(Debug, Default)]
pub(super) struct Stream {
    entries: BTreeMap<Place, Placed>,
    table: Table,
    gone: Gone,
    /// What came in since the last deal.
    fresh: Vec<Arc<Entry>>,
}

#[derive(Debug)]
struct Placed {
    entry: Arc<Entry>,
    /// The number of its group in the table; `None` where it waits for one.
    group: Option<u64>,
}

/// The order in which entries are dealt out. What goes where depends on what they are, not on the order in which those
/// of one millisecond arrived.
type Key<'a> = (DateTime<Utc>, u8, Option<&'a AwsText>);

fn key(entry: &Entry) -> Key<'_> {
    (entry.event.at, rank(&entry.line.kind), entry.line.request_id.as_ref())
}

/// The order within one millisecond.
fn rank(kind: &Kind) -> u8 {
    match kind {
        Kind::Platform(Platform::InitStart | Platform::InitReport(_)) => 0,
        Kind::Platform(Platform::Start) => 1,
        Kind::Platform(Platform::TimedOut(_)) => 3,
        Kind::Platform(Platform::Done(_)) => 4,
        Kind::Platform(Platform::Report(_)) => 5,
        Kind::Logged | Kind::Uncaught | Kind::Platform(Platform::Other) => 2,
    }
}

impl Stream {
    /// The invocations by their first line.
    pub(super) fn invocations(&self) -> impl Iterator<Item = &Invocation> {
        self.table.invocations()
    }

    /// The entries that belong to no invocation, in order of time.
    pub(super) fn loose(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.table.waiting.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The invocation that an entry belongs to.
    pub(super) fn owner(&self, entry: &Entry) -> Option<&Invocation> {
        self.table.invocation(self.entries.get(&entry.place())?.group?)
    }

    /// Takes an entry in, to be dealt out.
    pub(super) fn add(&mut self, entry: &Arc<Entry>) {
        self.entries.insert(entry.place(), Placed { entry: Arc::clone(entry), group: None });
        self.fresh.push(Arc::clone(entry));
    }

    /// Lets an entry go. What it told of its invocation stays known while other lines of that are kept.
    pub(super) fn remove(&mut self, place: Place) {
        let Some(placed) = self.entries.remove(&place) else { return };
        self.table.remove(&placed.entry, placed.group, &mut self.gone);
    }

    /// Deals out what came in, and answers whether what was dealt out before was dealt anew for it.
    pub(super) fn deal(&mut self, name: &AwsText) -> bool {
        let mut fresh = std::mem::take(&mut self.fresh);
        fresh.retain(|entry| self.entries.contains_key(&entry.place()));
        fresh.sort_by(|a, b| key(a).cmp(&key(b)));
        let is_late = |first: &Arc<Entry>| self.table.last.as_ref().is_some_and(|last| key(first) < key(last));
        let is_anew = fresh.first().is_some_and(is_late);
        if is_anew {
            self.table = Table::after(&self.gone, name);
            fresh = self.entries.values().map(|placed| Arc::clone(&placed.entry)).collect();
            fresh.sort_by(|a, b| key(a).cmp(&key(b)));
        }
        let mut touched = BTreeSet::new();
        for entry in &fresh {
            let group = self.table.take(entry, &self.gone, name);
            touched.extend(group);
            self.mark(entry, group);
        }
        for group in touched {
            for entry in self.table.refresh(group) {
                self.mark(&entry, Some(group));
            }
        }
        if is_anew {
            self.gone.retain(&self.table);
        }
        is_anew
    }

    fn mark(&mut self, entry: &Entry, group: Option<u64>) {
        if let Some(placed) = self.entries.get_mut(&entry.place()) {
            placed.group = group;
        }
    }
}
