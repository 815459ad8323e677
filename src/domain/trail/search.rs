//! How the event history is searched: AWS finds events by one attribute at a time, newest first and slowly, so several
//! look-ups run side by side, and how far back the slowest has come decides what is complete.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::covered::{Covered, Gap, HORIZON, KEPT, Span};
use super::deed::Phase;
use super::depth::Depth;
use super::event::TrailEvent;
use crate::domain::context::Context;
use crate::domain::fault::Fault;
use crate::domain::secret::Secret;
use crate::text::AwsText;

/// The attribute by which LookupEvents finds events.
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupAttribute.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// ResourceName: what the caller passed, letter by letter.
    Resource(AwsText),
    /// EventName.
    Name(&'static str),
    /// EventSource: every event of Secrets Manager, also one without a resource or with a name that isn't known here.
    Source,
    /// EventId.
    Id(AwsText),
}

/// Whose events are wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Scope {
    /// Those of the account and Region.
    Account(Arc<Context>),
    /// Those of one secret.
    Secret(Box<Secret>),
}

impl Scope {
    /// Where it is asked.
    pub fn context(&self) -> &Arc<Context> {
        match self {
            Self::Account(context) => context,
            Self::Secret(secret) => &secret.id.context,
        }
    }

    /// Whether both are of the same secret, or of the same account and Region.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Account(one), Self::Account(other)) => one == other,
            (Self::Secret(one), Self::Secret(other)) => one.id == other.id,
            _ => false,
        }
    }

    /// Whether an event is one of those that are wanted.
    pub fn has(&self, event: &TrailEvent) -> bool {
        match self {
            Self::Account(_) => true,
            Self::Secret(secret) => event.names(secret),
        }
    }
}

/// How many pages of everything are read before rarer events are looked for by their names: in a quiet account that is
/// all there is.
const QUIET: usize = 8;

/// The events about versions that Secrets Manager deletes; like those of rotations they carry no resource.
const VERSIONS: [&str; 3] = ["StartSecretVersionDelete", "CancelSecretVersionDelete", "EndSecretVersionDelete"];

/// A look-up: what is asked for, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// By what.
    pub by: By,
    /// For which time.
    pub gap: Gap,
    /// The earliest second of which everything was read.
    reached: Option<DateTime<Utc>>,
    pages: usize,
    done: bool,
}

/// A search for the events of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    depth: Depth,
    queries: Vec<Query>,
    began: DateTime<Utc>,
    since: DateTime<Utc>,
    covered: Covered,
}

/// How far a search has come. Times are UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The times of which every record was read, those of earlier searches too.
    pub covered: Covered,
    /// Since when what names the secret as its resource, and what is told of its rotations, was read; `None` if that isn't
    /// known yet.
    pub named: Option<DateTime<Utc>>,
    /// Since when what names the secret as its resource was read; `None` if that isn't known yet.
    pub resources: Option<DateTime<Utc>>,
    /// How far back it is to go.
    pub since: DateTime<Utc>,
    /// Pages read so far.
    pub pages: usize,
    /// About how many are still to come, if it goes on as it went so far; `None` where that can't be told yet.
    pub left: Option<usize>,
    /// Whether it has ended.
    pub done: bool,
}

/// News of a search.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// Events that were found, in no order, some of them for the second time; and how far it has come.
    Found {
        /// Events of the scope and, where everything was read, of others.
        events: Vec<TrailEvent>,
        /// How many more there were that have neither id nor time.
        unplaced: usize,
        /// How far it has come.
        reached: Reached,
    },
    /// AWS throttled it: others use the ration too. It goes on, more slowly.
    Slowed,
    /// It can't go on.
    Failed(Fault),
}

/// How far back reads of a secret are known (UTC); `None`: not even the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KnownReads {
    /// Those that name the secret.
    pub named: Option<DateTime<Utc>>,
    /// Every one.
    pub all: Option<DateTime<Utc>>,
}

impl Reached {
    /// Since when everything that is looked for was read (UTC), no further back than it is to go. `None`: not even the
    /// latest of it.
    pub fn whole_from(&self) -> Option<DateTime<Utc>> {
        Some(self.covered.latest()?.from.max(self.since))
    }

    /// The same of what names a secret as its resource. A read that AWS refused may not.
    pub fn named_from(&self) -> Option<DateTime<Utc>> {
        let named = self.resources.map(|from| from.max(self.since));
        self.whole_from().into_iter().chain(named).min()
    }

    /// How far back reads are known.
    pub fn known_reads(&self) -> KnownReads {
        KnownReads { named: self.named_from(), all: self.whole_from() }
    }
}

impl Search {
    /// A search back to `since`, but no further than the event history reaches, beside what was `covered` before by one of
    /// the same depth.
    pub fn new(scope: &Scope, depth: Depth, since: DateTime<Utc>, now: DateTime<Utc>, covered: Covered) -> Self {
        let since = since.max(now - KEPT);
        let whole = Gap { from: since, until: None };
        let query = |by: By, gap: Gap| Query { by, gap, reached: None, pages: 0, done: false };
        let mut queries: Vec<_> = Vec::new();
        if let (Depth::Whole, Scope::Secret(secret)) = (&depth, scope) {
            let names = secret.called().into_iter().map(By::Resource);
            let events = Phase::EVENTS.iter().map(|(_, name)| *name).chain(VERSIONS).map(By::Name);
            queries.extend(names.chain(events).map(|by| query(by, whole)));
        }
        for gap in covered.gaps(since) {
            match &depth {
                Depth::Whole => queries.push(query(By::Source, gap)),
                Depth::Named(names) => queries.extend(names.iter().map(|name| query(By::Name(name), gap))),
            }
        }
        Self { depth, queries, began: now, since, covered }
    }

    /// The look-ups; their places are what [`next`](Self::next) and [`took`](Self::took) speak of.
    pub fn queries(&self) -> &[Query] {
        &self.queries
    }

    /// The look-up whose next page is to be read; `None` if there is nothing left to read.
    ///
    /// First what names the secret; then everything, if there is little of it; then rarer events by their names, the one
    /// that is furthest behind first; at last the rest of everything.
    pub fn next(&self) -> Option<usize> {
        if self.is_by_name() {
            let gap = self.queries.iter().find(|query| !query.done)?.gap;
            return self.slowest(|query| query.gap == gap);
        }
        // Where everything was read, so was what the others look for.
        self.open(By::is_source)?;
        let untouched = |query: &Query| matches!(query.by, By::Resource(_)) && query.pages == 0;
        if let Some(place) = self.queries.iter().position(untouched) {
            return Some(place);
        }
        let named = self.queries.iter().filter(|query| !query.by.is_source() && !query.done).count();
        if self.swept() < QUIET || self.rest().is_some_and(|rest| rest <= named) {
            return self.open(By::is_source);
        }
        self.slowest(|query| !query.by.is_source()).or_else(|| self.open(By::is_source))
    }

    /// Of some look-ups the one that is furthest behind.
    fn slowest(&self, is_one: impl Fn(&Query) -> bool) -> Option<usize> {
        let open = self.queries.iter().enumerate().filter(|(_, query)| !query.done && is_one(query));
        let behind = |(place, query): &(usize, &Query)| (query.reached.unwrap_or(self.began), usize::MAX - place);
        open.max_by_key(behind).map(|(place, _)| place)
    }

    fn is_by_name(&self) -> bool {
        matches!(self.depth, Depth::Named(_))
    }

    /// How many pages of everything were read.
    fn swept(&self) -> usize {
        self.queries.iter().filter(|query| query.by.is_source()).map(|query| query.pages).sum()
    }

    /// About how many pages of everything are still to come.
    fn rest(&self) -> Option<usize> {
        self.pages_left(|query| query.by.is_source())
    }

    /// About how many pages of these look-ups are still to come, if each goes on as it went so far.
    fn pages_left(&self, is_one: impl Fn(&Query) -> bool) -> Option<usize> {
        let open = self.queries.iter().filter(|query| is_one(query) && !query.done);
        open.map(|query| query.left(self.began)).sum()
    }

    /// About how many pages are still to come at all. Where there is much to read, what is rare is looked for by its names
    /// as well; mostly that is a page each.
    fn left(&self) -> Option<usize> {
        if self.is_by_name() {
            let begun = self.pages_left(|query| query.pages > 0)?;
            return Some(begun + self.queries.iter().filter(|query| query.pages == 0).count());
        }
        let named = self.queries.iter().filter(|query| !query.by.is_source() && !query.done);
        let rest = self.rest()?;
        let begun: usize = named.clone().filter_map(|query| query.left(self.began)).sum();
        let named = begun + named.filter(|query| query.pages == 0).count();
        Some(if rest <= named { rest } else { rest + named })
    }

    fn open(&self, is_it: impl Fn(&By) -> bool) -> Option<usize> {
        self.queries.iter().position(|query| is_it(&query.by) && !query.done)
    }

    /// Takes note of a page of a look-up: the time of its oldest event, and whether it was the last one.
    pub fn took(&mut self, place: usize, oldest: Option<DateTime<Utc>>, is_last: bool) {
        let Some(query) = self.queries.get_mut(place) else { return };
        query.pages += 1;
        query.done = is_last;
        // Events of the oldest second may go on on the next page.
        let reached = if is_last { Some(query.gap.from) } else { oldest.map(|oldest| oldest + TimeDelta::seconds(1)) };
        query.reached = match (query.reached, reached) {
            (Some(before), Some(now)) => Some(before.min(now)),
            (before, now) => before.or(now),
        };
        let gap = query.gap;
        let is_counted = |query: &Query| query.gap == gap && (query.by.is_source() || self.is_by_name());
        if let Some(from) = self.reached_by(is_counted) {
            self.covered.add(Span { from, to: gap.until.unwrap_or(self.began - HORIZON) });
        }
    }

    /// How far back the slowest of these look-ups has come; `None` if one of them hasn't begun, or there is none.
    fn reached_by(&self, is_it: impl Fn(&Query) -> bool) -> Option<DateTime<Utc>> {
        let mut reached = self.queries.iter().filter(|query| is_it(query)).map(|query| query.reached);
        let first = reached.next()?;
        reached.fold(first, |slowest, other| Some(slowest?.max(other?)))
    }

    /// How far it has come.
    pub fn reached(&self) -> Reached {
        Reached {
            covered: self.covered.clone(),
            named: self.reached_by(|query| !query.by.is_source()),
            resources: self.reached_by(|query| matches!(query.by, By::Resource(_))),
            since: self.since,
            pages: self.queries.iter().map(|query| query.pages).sum(),
            left: self.left(),
            done: self.next().is_none(),
        }
    }
}

impl Query {
    /// About how many pages are still to come, by how far back those that were read have come; `None` before the first.
    fn left(&self, began: DateTime<Utc>) -> Option<usize> {
        let reached = self.reached.filter(|_| self.pages > 0)?;
        let read = (self.gap.until.unwrap_or(began) - reached).num_seconds().max(1);
        let left = (reached - self.gap.from).num_seconds().max(0);
        let pages = i64::try_from(self.pages).unwrap_or(i64::MAX).saturating_mul(left);
        usize::try_from(pages.saturating_add(read - 1) / read).ok()
    }
}

impl By {
    fn is_source(&self) -> bool {
        *self == Self::Source
    }
}

#[cfg(test)]
mod tests;
