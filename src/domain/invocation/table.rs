//! The invocations of one log stream while its entries are dealt out to them.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::facts::Facts;
use super::{Entry, Invocation, Place};
use crate::text::AwsText;

/// The groups of entries, one for each request id, by their first line.
///
/// A group's number stays the same when those in front of it go.
#[derive(Debug, Default)]
pub(super) struct Table {
    groups: VecDeque<Group>,
    /// How many groups went at the front.
    passed: u64,
    by_id: HashMap<AwsText, u64>,
    /// The group that lines without a request id go to.
    open: Option<u64>,
    /// Lines without a request id that came when no group was open, in order of time.
    pub(super) waiting: VecDeque<Arc<Entry>>,
    /// The entry that was dealt out last.
    pub(super) last: Option<Arc<Entry>>,
}

/// The entries of one request so far.
#[derive(Debug)]
struct Group {
    invocation: Invocation,
    facts: Facts,
    /// Those of its entries that had waited for it, until they are told of.
    waited: Vec<Arc<Entry>>,
}

/// What is known of entries that went.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// What they told, by request id, while other lines of the request are kept.
    facts: HashMap<AwsText, Facts>,
    /// The request that was open when the last of them was written.
    open: Option<AwsText>,
}

impl Table {
    /// An empty table that goes on where the entries that went had come to.
    pub(super) fn after(gone: &Gone, stream: &AwsText) -> Self {
        let mut table = Self::default();
        if let Some(id) = &gone.open {
            table.open = Some(table.group(id, gone, stream));
        }
        table
    }

    pub(super) fn invocations(&self) -> impl Iterator<Item = &Invocation> {
        self.groups.iter().map(|group| &group.invocation).filter(|invocation| !invocation.entries.is_empty())
    }

    pub(super) fn invocation(&self, group: u64) -> Option<&Invocation> {
        self.groups.get(self.index(group)?).map(|group| &group.invocation)
    }

    fn index(&self, group: u64) -> Option<usize> {
        usize::try_from(group.checked_sub(self.passed)?).ok()
    }

    fn get(&mut self, group: u64) -> Option<&mut Group> {
        let index = self.index(group)?;
        self.groups.get_mut(index)
    }

    /// Deals out an entry, which comes no earlier than the last one, and answers the group that it goes to.
    pub(super) fn take(&mut self, entry: &Arc<Entry>, gone: &Gone, stream: &AwsText) -> Option<u64> {
        self.last = Some(Arc::clone(entry));
        let Some(id) = &entry.line.request_id else {
            match self.open {
                Some(open) => self.put(open, entry, false),
                None => insert(&mut self.waiting, Arc::clone(entry)),
            }
            return self.open;
        };
        let group = self.group(id, gone, stream);
        self.put(group, entry, false);
        if !self.is_closed(group) {
            self.open = Some(group);
        } else if self.open == Some(group) {
            self.open = None;
        }
        Some(group)
    }

    fn is_closed(&self, group: u64) -> bool {
        self.index(group).and_then(|index| self.groups.get(index)).is_some_and(|group| group.facts.is_closed())
    }

    /// The group of a request; a new one gets the lines that waited for it.
    fn group(&mut self, id: &AwsText, gone: &Gone, stream: &AwsText) -> u64 {
        if let Some(group) = self.by_id.get(id) {
            return *group;
        }
        let group = self.passed + self.groups.len() as u64;
        let facts = gone.facts.get(id).cloned().unwrap_or_default();
        let invocation = facts.invocation(id.clone(), stream.clone());
        self.groups.push_back(Group { invocation, facts, waited: Vec::new() });
        self.by_id.insert(id.clone(), group);
        for entry in std::mem::take(&mut self.waiting) {
            self.put(group, &entry, true);
        }
        group
    }

    fn put(&mut self, group: u64, entry: &Arc<Entry>, is_early: bool) {
        let Some(group) = self.get(group) else { return };
        group.facts.add(entry, is_early);
        insert(&mut group.invocation.entries, Arc::clone(entry));
        if is_early {
            group.waited.push(Arc::clone(entry));
        }
    }

    /// Has a group's invocation tell what is known, and answers those entries that had waited for it.
    pub(super) fn refresh(&mut self, group: u64) -> Vec<Arc<Entry>> {
        let Some(group) = self.get(group) else { return Vec::new() };
        group.facts.tell(&mut group.invocation);
        std::mem::take(&mut group.waited)
    }

    /// Lets an entry go. What it told is kept among what is gone, while other entries of its group are.
    pub(super) fn remove(&mut self, entry: &Entry, group: Option<u64>, gone: &mut Gone) {
        let Some(number) = group else {
            take_out(&mut self.waiting, entry.place());
            return;
        };
        let Some(group) = self.get(number) else { return };
        if !take_out(&mut group.invocation.entries, entry.place()) {
            return;
        }
        let id = group.invocation.request_id.clone();
        gone.add(&id, entry);
        self.pass(gone);
    }

    /// Lets the groups in front go that have no entries.
    fn pass(&mut self, gone: &mut Gone) {
        while self.open != Some(self.passed)
            && let Some(group) = self.groups.pop_front_if(|group| group.invocation.entries.is_empty())
        {
            self.passed += 1;
            self.by_id.remove(&group.invocation.request_id);
            gone.forget(&group.invocation.request_id);
        }
    }
}

impl Gone {
    fn add(&mut self, id: &AwsText, entry: &Entry) {
        let is_early = entry.line.request_id.is_none() && self.open.as_ref() != Some(id);
        let facts = self.facts.entry(id.clone()).or_default();
        facts.add(entry, is_early);
        if entry.line.request_id.is_some() {
            if !facts.is_closed() {
                self.open = Some(id.clone());
            } else if self.open.as_ref() == Some(id) {
                self.open = None;
            }
        }
    }

    /// Forgets the requests that a table doesn't have.
    pub(super) fn retain(&mut self, table: &Table) {
        self.facts.retain(|id, _| table.by_id.contains_key(id));
    }

    /// Nothing is kept of the request any more.
    fn forget(&mut self, id: &AwsText) {
        self.facts.remove(id);
        if self.open.as_ref() == Some(id) {
            self.open = None;
        }
    }
}

/// Puts an entry in its place; most come last.
fn insert(entries: &mut VecDeque<Arc<Entry>>, entry: Arc<Entry>) {
    let later = entries.iter().rev().take_while(|other| other.place() > entry.place()).count();
    entries.insert(entries.len() - later, entry);
}

/// Takes an entry out, and answers whether it was there; most are the first.
fn take_out(entries: &mut VecDeque<Arc<Entry>>, place: Place) -> bool {
    entries.binary_search_by_key(&place, |entry| entry.place()).ok().and_then(|at| entries.remove(at)).is_some()
}
