//! The lines of one rotation for whoever prints them: each once, as soon as it is known whose it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::attribution::Signs;
use super::{Attribution, Bound, Entry, Invocation, Invocations, Place, Run};
use crate::domain::log::LogEvent;
use crate::domain::rotation::Step;
use crate::text::AwsText;

/// A line to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Whose it is, as far as was known when it was given out.
    pub attribution: Attribution,
    /// The line.
    pub entry: Arc<Entry>,
    /// The step of its invocation, where that was known.
    pub step: Option<Step>,
    /// The request id of its invocation, if it belongs to one.
    pub request_id: Option<AwsText>,
}

/// What came in at once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dealt {
    /// Every event that is new, as it came in.
    pub new: Vec<Arc<Entry>>,
    /// The lines of which it is known by now whose they are, new ones and such that were held back, in order of time.
    pub shown: Vec<Shown>,
}

impl Dealt {
    /// Whether nothing came.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.shown.is_empty()
    }

    /// Adds what came after it.
    pub fn extend(&mut self, more: Self) {
        self.new.extend(more.new);
        self.shown.extend(more.shown);
    }
}

/// Lines between their arrival and a printer. Each is given out once.
///
/// The first lines of an invocation carry neither the secret's ARN nor the version: they are held back until a line
/// names one of them, or the invocation is over, or the next one has begun in its log stream, or the line would go
/// because more came in than the [`Bound`].
#[derive(Debug)]
pub struct Lines {
    run: Run,
    invocations: Invocations,
    streams: BTreeMap<AwsText, Held>,
    /// The streams whose lines are to be looked at.
    touched: BTreeSet<AwsText>,
}

/// What is held back of one log stream.
#[derive(Debug, Default)]
struct Held {
    requests: HashMap<AwsText, Request>,
    /// Lines that belong to no invocation yet.
    loose: BTreeMap<Place, Arc<Entry>>,
    /// Those of them that nobody has judged yet.
    unjudged: Vec<Place>,
    /// When the latest of its invocations began.
    latest: Option<DateTime<Utc>>,
}

/// What is held back of one invocation.
#[derive(Debug, Default)]
struct Request {
    /// What all its lines mention; `None` where nobody has looked yet.
    signs: Option<Signs>,
    /// When it began; nobody knows where no line of it is kept.
    started: Option<DateTime<Utc>>,
    held: BTreeMap<Place, Arc<Entry>>,
}

impl Lines {
    /// The lines of a rotation.
    pub fn new(run: Run) -> Self {
        Self::within(run, Bound::default())
    }

    /// As [`new`](Self::new), and keeps no more than this.
    pub fn within(run: Run, bound: Bound) -> Self {
        Self { run, invocations: Invocations::within(bound), streams: BTreeMap::new(), touched: BTreeSet::new() }
    }

    /// Looks at lines from here on as those of another rotation, or of one that is over.
    pub fn set_run(&mut self, run: Run) {
        self.run = run;
        self.touched.extend(self.streams.keys().cloned());
        for held in self.streams.values_mut() {
            held.unjudged = held.loose.keys().copied().collect();
            held.requests.values_mut().for_each(|request| request.signs = None);
        }
    }

    /// The rotation that they are looked at from.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Everything that came in, as far as it is kept.
    pub fn invocations(&self) -> &Invocations {
        &self.invocations
    }

    /// Takes events in, and gives out those lines of which it is known by now whose they are, in order of time.
    pub fn take(&mut self, events: Vec<LogEvent>) -> Vec<Shown> {
        self.take_all(events).shown
    }

    /// As [`take`](Self::take), together with every event that is new, whosoever it is.
    pub fn take_all(&mut self, events: Vec<LogEvent>) -> Dealt {
        let (came, anew) = self.invocations.take_in(events);
        let mut new = came.clone();
        for name in anew {
            let Some(held) = self.streams.get_mut(&name) else { continue };
            // Held lines may have changed hands.
            let requests = std::mem::take(&mut held.requests);
            new.extend(requests.into_values().flat_map(|request| request.held.into_values()));
            new.extend(std::mem::take(&mut held.loose).into_values());
        }
        for entry in new {
            self.touched.insert(entry.event.stream.clone());
            let held = self.streams.entry(entry.event.stream.clone()).or_default();
            held.hold(&self.run, entry, &self.invocations);
        }
        let mut shown = self.look(Held::is_over);
        if let Some(until) = self.invocations.dropped().until {
            for held in self.streams.values_mut() {
                held.release_until(until, &self.run, &self.invocations, &mut shown);
            }
        }
        Dealt { new: came, shown: self.in_order(shown) }
    }

    /// Gives out what is held although its invocation wrote nothing since then (UTC): its end may not be logged.
    pub fn overdue(&mut self, since: DateTime<Utc>) -> Vec<Shown> {
        self.touched.extend(self.streams.keys().cloned());
        let mut shown = self.look(|held, invocation| held.is_over(invocation) || invocation.last() < since);
        for held in self.streams.values_mut() {
            let newer = held.loose.split_off(&(since, 0));
            let older = std::mem::replace(&mut held.loose, newer).into_values();
            shown.extend(older.map(|entry| Shown::loose(&self.run, entry)));
        }
        self.in_order(shown)
    }

    /// Gives out what is still held.
    pub fn rest(&mut self) -> Vec<Shown> {
        self.overdue(DateTime::<Utc>::MAX_UTC)
    }

    /// Gives out what needn't be held any longer in the streams that were touched.
    fn look(&mut self, is_over: impl Fn(&Held, &Invocation) -> bool) -> Vec<Shown> {
        let mut shown = Vec::new();
        for name in std::mem::take(&mut self.touched) {
            if let Some(held) = self.streams.get_mut(&name) {
                held.release(&self.run, &self.invocations, &is_over, &mut shown);
            }
        }
        shown
    }

    fn in_order(&mut self, mut shown: Vec<Shown>) -> Vec<Shown> {
        self.streams.retain(|_, held| !held.is_empty());
        shown.sort_by_key(|line| line.entry.place());
        shown
    }
}

impl Held {
    fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.loose.is_empty()
    }

    /// Whether nothing more is to be expected of an invocation: an environment has one at a time.
    fn is_over(&self, invocation: &Invocation) -> bool {
        invocation.ended.is_some() || self.latest.is_some_and(|latest| invocation.started < latest)
    }

    fn hold(&mut self, run: &Run, entry: Arc<Entry>, invocations: &Invocations) {
        let Some(owner) = invocations.owner(&entry) else {
            self.unjudged.push(entry.place());
            self.loose.insert(entry.place(), entry);
            return;
        };
        self.latest = self.latest.max(Some(owner.started));
        let request = self.requests.entry(owner.request_id.clone()).or_default();
        if let Some(signs) = &mut request.signs {
            signs.add(run, &entry);
        }
        request.held.insert(entry.place(), entry);
    }

    /// Gives out what needn't be held any longer.
    fn release(
        &mut self,
        run: &Run,
        invocations: &Invocations,
        is_over: impl Fn(&Self, &Invocation) -> bool,
        shown: &mut Vec<Shown>,
    ) {
        // Lines that wait for an invocation find theirs all at once.
        if self.loose.values().next().is_some_and(|entry| invocations.owner(entry).is_some()) {
            for entry in std::mem::take(&mut self.loose).into_values() {
                self.hold(run, entry, invocations);
            }
        }
        let is_unknown = |attribution| matches!(attribution, Attribution::Unattributed { .. });
        let mut requests = std::mem::take(&mut self.requests);
        requests.retain(|_, request| {
            let Some(owner) = request.held.values().find_map(|entry| invocations.owner(entry)) else {
                // What is known of it is of use while more of it may come.
                return !request.held.is_empty() || (request.started.is_some() && request.started >= self.latest);
            };
            request.started = Some(owner.started);
            let signs = *request.signs.get_or_insert_with(|| Signs::of(run, &owner.entries));
            let (attribution, is_over) = (owner.attribution_by(run, signs), is_over(self, owner));
            if is_over || !is_unknown(attribution) {
                let lines = std::mem::take(&mut request.held).into_values();
                shown.extend(lines.map(|entry| Shown::of(owner, attribution, entry)));
            }
            !is_over
        });
        self.requests = requests;
        for place in std::mem::take(&mut self.unjudged) {
            let line = self.loose.get(&place).map(|entry| Shown::loose(run, Arc::clone(entry)));
            if let Some(line) = line.filter(|line| !is_unknown(line.attribution)) {
                self.loose.remove(&place);
                shown.push(line);
            }
        }
    }

    /// Gives out what is no later than this, though it would be held otherwise: it is kept nowhere else any more.
    fn release_until(&mut self, until: DateTime<Utc>, run: &Run, invocations: &Invocations, shown: &mut Vec<Shown>) {
        let all = self.requests.values_mut().map(|request| &mut request.held).chain([&mut self.loose]);
        for held in all {
            while let Some(first) = held.first_entry().filter(|first| first.key().0 <= until) {
                let entry = first.remove();
                shown.push(match invocations.owner(&entry) {
                    Some(owner) => Shown::of(owner, owner.attribution(run), entry),
                    None => Shown::loose(run, entry),
                });
            }
        }
    }
}

impl Shown {
    /// Whether it is this rotation's, or came within its time and nobody can say that it is not.
    pub fn is_ours(&self) -> bool {
        matches!(self.attribution, Attribution::ThisRotation | Attribution::Unattributed { within: true })
    }

    fn of(owner: &Invocation, attribution: Attribution, entry: Arc<Entry>) -> Self {
        Self { attribution, entry, step: owner.step, request_id: Some(owner.request_id.clone()) }
    }

    /// A line that belongs to no invocation.
    fn loose(run: &Run, entry: Arc<Entry>) -> Self {
        let step = entry.said.as_ref().and_then(|said| said.step);
        Self { attribution: entry.attribution(run), step, request_id: entry.line.request_id.clone(), entry }
    }
}
