//! Which invocation each event of one log stream belongs to.
//!
//! Many lines have no request id: printed text, uncaught exceptions in the text format, everything of the function's
//! start, which is written before START. They belong to the invocation that is open at their time in their stream; when
//! none is open, to the next one that begins there.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Entry, Invocation, is_end};
use crate::domain::log::{Kind, Platform};
use crate::text::AwsText;

/// The invocations of one stream by their first line, and the entries that belong to none.
#[derive(Debug, Default)]
pub(super) struct Dealt {
    pub(super) invocations: Vec<Invocation>,
    pub(super) loose: Vec<Arc<Entry>>,
}

/// Deals out the entries of a stream, which come in order. Which goes where depends on what they are, not on the order
/// in which those of one millisecond arrived.
pub(super) fn deal(stream: &AwsText, entries: &[&Arc<Entry>]) -> Dealt {
    let mut walk: Vec<usize> = (0..entries.len()).collect();
    walk.sort_by_key(|at| {
        let entry = entries[*at];
        (entry.event.at, rank(&entry.line.kind), entry.line.request_id.as_ref())
    });
    let mut table = Table::default();
    for at in walk {
        table.take(at, entries[at]);
    }
    table.waiting.sort_unstable();
    let invocations = table.groups.into_iter().filter_map(|mut group| {
        group.entries.sort_unstable();
        let of_it = group.entries.into_iter().map(|(at, is_early)| (Arc::clone(entries[at]), is_early));
        Invocation::of(group.request_id, stream.clone(), of_it.collect())
    });
    let loose = table.waiting.into_iter().map(|at| Arc::clone(entries[at]));
    Dealt { invocations: invocations.collect(), loose: loose.collect() }
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

/// The entries of one request so far: their places, and whether they came before the request.
struct Group {
    request_id: AwsText,
    is_closed: bool,
    entries: Vec<(usize, bool)>,
}

#[derive(Default)]
struct Table {
    groups: Vec<Group>,
    by_id: HashMap<AwsText, usize>,
    /// The group that lines without a request id go to.
    open: Option<usize>,
    /// Lines without a request id that came when no group was open.
    waiting: Vec<usize>,
}

impl Table {
    fn take(&mut self, at: usize, entry: &Entry) {
        let Some(id) = &entry.line.request_id else {
            match self.open {
                Some(open) => self.groups[open].entries.push((at, false)),
                None => self.waiting.push(at),
            }
            return;
        };
        let is_open = |open: &usize| self.groups[*open].request_id == *id;
        let group = self.open.filter(is_open).unwrap_or_else(|| self.group(id));
        self.groups[group].entries.push((at, false));
        self.groups[group].is_closed |= is_end(&entry.line.kind);
        if !self.groups[group].is_closed {
            self.open = Some(group);
        } else if self.open == Some(group) {
            self.open = None;
        }
    }

    /// The group of a request; a new one gets the lines that waited for it.
    fn group(&mut self, id: &AwsText) -> usize {
        *self.by_id.entry(id.clone()).or_insert_with(|| {
            let waited = self.waiting.drain(..).map(|at| (at, true)).collect();
            self.groups.push(Group { request_id: id.clone(), is_closed: false, entries: waited });
            self.groups.len() - 1
        })
    }
}
