//! The log groups of a world and the events in them.

mod flood;
mod group;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, SubsecRound, Utc};

pub(in crate::demo) use flood::Flood;
pub(in crate::demo) use group::{Class, Event, Group, Key, id};

use crate::demo::ration::Rations;

/// Live Tail sessions that may be open at once (cloudwatch_limits_cwl.html).
const MOST_SESSIONS: usize = 15;

/// An event as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::demo) struct Written {
    /// The log stream.
    pub(in crate::demo) stream: String,
    /// When it happened, to the millisecond.
    pub(in crate::demo) at: DateTime<Utc>,
    /// From when on readers can see it; usually soon after `at`.
    pub(in crate::demo) ingested: DateTime<Utc>,
    pub(in crate::demo) message: String,
}

/// An event of a log group, as FilterLogEvents tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// `eventId`.
    pub id: String,
    /// The log stream.
    pub stream: String,
    /// When it happened (UTC), to the millisecond.
    pub at: DateTime<Utc>,
    /// From when on readers can see it (UTC), to the millisecond.
    pub ingested: DateTime<Utc>,
    /// The message.
    pub message: String,
}

/// The groups, who reads them live, and how often they may be asked.
#[derive(Debug, Default)]
pub(in crate::demo) struct Logs {
    kept: Mutex<Kept>,
    sessions: AtomicUsize,
    pub(in crate::demo) rations: Rations,
}

#[derive(Debug, Default)]
struct Kept {
    groups: BTreeMap<String, Group>,
    floods: Vec<Flood>,
    /// Events written so far, in all groups.
    count: u64,
}

impl Logs {
    /// Writes an event; its group is there from the first one on.
    pub(in crate::demo) fn write(&self, group: &str, event: Written) {
        self.lock().write(group, event);
    }

    /// A group that is there before its first event, or of another class than STANDARD.
    pub(in crate::demo) fn declare(&self, name: &str, class: Class, created: DateTime<Utc>) {
        let created = created.trunc_subsecs(3);
        self.lock().groups.insert(name.to_owned(), Group::new(class, created));
    }

    pub(in crate::demo) fn plan(&self, flood: Flood) {
        self.lock().floods.push(flood);
    }

    /// Writes what floods have brought up to this time.
    pub(in crate::demo) fn advance(&self, now: DateTime<Utc>) {
        let mut kept = self.lock();
        let mut floods = std::mem::take(&mut kept.floods);
        for flood in &mut floods {
            while let Some(event) = flood.next(now) {
                kept.write(flood.group(), event);
            }
        }
        floods.retain(|flood| !flood.is_over());
        kept.floods = floods;
    }

    /// Reads a group; `None` if there is none at this time.
    pub(in crate::demo) fn read<T>(&self, name: &str, now: DateTime<Utc>, read: impl FnOnce(&Group) -> T) -> Option<T> {
        self.lock().groups.get(name).filter(|group| group.created <= now).map(read)
    }

    /// Names of the groups that are there at this time, behind `after`, with what `read` takes from each.
    pub(in crate::demo) fn list<T>(
        &self,
        now: DateTime<Utc>,
        after: Option<&str>,
        read: impl Fn(&str, &Group) -> Option<T>,
    ) -> Vec<T> {
        let kept = self.lock();
        let groups = kept
            .groups
            .iter()
            .filter(|(name, group)| group.created <= now && after.is_none_or(|after| name.as_str() > after));
        groups.filter_map(|(name, group)| read(name, group)).collect()
    }

    /// Opens a Live Tail session, if there is still room for one; who opens it closes it.
    pub(in crate::demo) fn open_session(&self) -> bool {
        let more = |open: usize| (open < MOST_SESSIONS).then_some(open + 1);
        self.sessions.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    pub(in crate::demo) fn close_session(&self) {
        self.sessions.fetch_sub(1, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn write(&mut self, name: &str, event: Written) {
        self.count += 1;
        let number = self.count;
        let created = event.at.trunc_subsecs(3);
        // The name is copied for the first event only: floods write many.
        if let Some(group) = self.groups.get_mut(name) {
            return group.write(number, event);
        }
        let group = self.groups.entry(name.to_owned()).or_insert_with(|| Group::new(Class::Standard, created));
        group.write(number, event);
    }
}
