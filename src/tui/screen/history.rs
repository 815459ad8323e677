//! The history's screen: what is wanted of the events, and the cursor. The cursor holds an event, not a line: what arrives
//! doesn't move it.

mod words;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tui_input::Input;

use self::words::BadWords;
use super::scroll::{Scroll, moved};
use crate::domain::trail::{
    Depth, Events, Follower, Kept, Kind, Place, Reader, Scope, Tally, TrailEvent, Wanted, What, tally,
};
use crate::tui::keymap::Action;

/// How far back one looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Range {
    /// A day.
    Day,
    /// A week.
    #[default]
    Week,
    /// A month.
    Month,
    /// All that CloudTrail keeps.
    All,
}

impl Range {
    const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::All];

    /// How long it is.
    pub fn length(self) -> TimeDelta {
        match self {
            Self::Day => TimeDelta::days(1),
            Self::Week => TimeDelta::days(7),
            Self::Month => TimeDelta::days(30),
            Self::All => TimeDelta::days(90),
        }
    }

    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Day => "24 h",
            Self::Week => "7 d",
            Self::Month => "30 d",
            Self::All => "90 d",
        }
    }

    fn zoomed(self, action: Action) -> Self {
        let at = Self::ALL.iter().position(|range| *range == self).unwrap_or(0);
        let to = match action {
            Action::ZoomIn => at.saturating_sub(1),
            Action::ZoomOut => at + 1,
            _ => at,
        };
        Self::ALL.get(to).copied().unwrap_or(self)
    }
}

/// Where the user is in the history.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the user's, and none excludes another")]
#[derive(Debug, Default)]
pub struct History {
    /// Whose events are shown.
    pub scope: Option<Scope>,
    /// How far back.
    pub range: Range,
    /// The words of the filter.
    pub input: Input,
    /// Whether they are being typed.
    pub typing: bool,
    /// What is wrong with them.
    pub bad: Option<BadWords>,
    /// The kind that alone is shown.
    pub kind: Option<Kind>,
    /// Whether reads of metadata are shown too.
    pub metadata: bool,
    /// Whether the rotation function's own calls are hidden.
    pub no_function: bool,
    /// Whether the events are grouped by who it was.
    pub by_reader: bool,
    /// Whether the chosen event is unfolded, and the window over its record.
    pub unfolded: Option<Scroll>,
    /// Where the readers stand since AWSCURRENT moved, and when that was (UTC).
    pub followers: Option<(DateTime<Utc>, Vec<Follower>)>,
    /// Since when everything that is wanted is known (UTC).
    pub whole_from: Option<DateTime<Utc>>,
    /// The reader whose events alone are shown, and the line from which they were opened.
    of: Option<(Reader, usize)>,
    /// The rotation function's name.
    function: Option<String>,
    since: Option<DateTime<Utc>>,
    wanted: Wanted,
    rows: Vec<Place>,
    tallies: Vec<Tally>,
    /// How many events of the scope and the time are not shown.
    hidden: usize,
    /// What the cursor stands on; `None`: the newest, whatever that is.
    chosen: Option<Place>,
    reader: usize,
    /// The line of the window on which the cursor stands, from 0.
    line: usize,
}

impl History {
    /// Opened for a scope: filters that were set for another one are gone.
    pub fn open(scope: Scope, function: Option<String>, range: Range) -> Self {
        Self { scope: Some(scope), function, range, ..Self::default() }
    }

    /// The events that are shown, by their places, the newest first.
    pub fn rows(&self) -> &[Place] {
        &self.rows
    }

    /// The events that are shown, by who it was.
    pub fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    /// How many events of the scope and the time are not shown.
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// From when on events are shown (UTC).
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.since
    }

    /// What is wanted, in words; `None` if that is everything.
    pub fn choices(&self) -> Vec<String> {
        let reader = self.of.as_ref().map(|(reader, _)| format!("by {}", reader.words()));
        let kind = self.kind.map(|kind| format!("kind: {}", kind.word()));
        let metadata = self.metadata.then(|| "with metadata reads".to_owned());
        let function = self.no_function.then(|| "without its function".to_owned());
        [reader, kind, metadata, function].into_iter().flatten().collect()
    }

    /// What alone is shown, in words; `None` if that is everything.
    pub fn filter(&self) -> Option<String> {
        let typed = Some(self.input.value().trim()).filter(|typed| !typed.is_empty()).map(ToOwned::to_owned);
        let mut words = self.choices();
        words.extend(typed);
        let without = (!self.metadata && self.kind.is_none()).then(|| "without reads of metadata".to_owned());
        words.extend(without);
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// Arranges all events anew: another scope, another filter, another time.
    pub fn arrange(&mut self, events: &Events, now: DateTime<Utc>) {
        self.since = Some(now - self.range.length());
        self.want();
        let mut judge = Judge::of(events);
        let mut rows = Vec::new();
        self.hidden = 0;
        for (place, kept) in events.places() {
            if self.since.is_some_and(|since| place.is_before(since)) {
                break;
            }
            match self.judge(kept, events, &mut judge) {
                Some(true) => rows.push(place.clone()),
                Some(false) => self.hidden += 1,
                None => {}
            }
        }
        self.rows = rows;
        self.settle(events);
    }

    /// Whether fewer events are shown than there are, but for reads of metadata.
    pub fn is_narrow(&self) -> bool {
        self.of.is_some() || self.kind.is_some() || self.no_function || !self.input.value().is_empty()
    }

    /// How much must be looked up for what is wanted.
    pub fn depth(&self) -> Depth {
        self.wanted.depth()
    }

    /// Takes in events that have arrived, by their places, the newest first, and since when all are there.
    pub fn arrived(&mut self, new: &[Place], whole_from: Option<DateTime<Utc>>, events: &Events) {
        let is_other = whole_from != self.whole_from;
        self.whole_from = whole_from;
        let mut judge = Judge::of(events);
        let mut more = Vec::new();
        let since = self.since;
        let is_young = |place: &&Place| !since.is_some_and(|since| place.is_before(since));
        for (place, kept) in new.iter().filter(is_young).filter_map(|place| Some((place, events.kept(place)?))) {
            match self.judge(kept, events, &mut judge) {
                Some(true) => more.push(place.clone()),
                Some(false) => self.hidden += 1,
                None => {}
            }
        }
        if events.dropped().is_some() {
            self.rows.retain(|place| events.get(place).is_some());
        }
        if is_other || !more.is_empty() {
            self.rows = merge(std::mem::take(&mut self.rows), more);
            self.settle(events);
        }
    }

    fn settle(&mut self, events: &Events) {
        // Of two readers the one would count more often otherwise only because more was read of it.
        let is_whole = |event: &&TrailEvent| self.whole_from.is_some_and(|from| event.at >= from);
        self.tallies = if self.by_reader { tally(self.shown(events).filter(is_whole)) } else { Vec::new() };
        self.reader = self.reader.min(self.tallies.len().saturating_sub(1));
    }

    fn shown<'a>(&'a self, events: &'a Events) -> impl Iterator<Item = &'a TrailEvent> {
        self.rows.iter().filter_map(|place| events.get(place)).map(Arc::as_ref)
    }

    /// Whether an event is shown; `None` if it is of another scope.
    fn judge(&self, kept: &Kept, events: &Events, judge: &mut Judge) -> Option<bool> {
        let verdict = judge.0.get_mut(kept.scene)?;
        let (is_in, is_wanted) = *verdict.get_or_insert_with(|| {
            let is_in = self.scope.as_ref().is_some_and(|scope| scope.has(&kept.event));
            (is_in, is_in && self.wanted.has_scene(&kept.event.scene, events.words(kept.scene)))
        });
        is_in.then(|| is_wanted && self.wanted.has_kept(kept))
    }

    /// Puts the filter's words and the switches together.
    fn want(&mut self) {
        let (mut wanted, bad) = match words::parse(self.input.value()) {
            Ok(wanted) => (wanted, None),
            Err(bad) => (Wanted::default(), Some(bad)),
        };
        wanted.what.extend(self.kind.map(What::Kind));
        wanted.reader = self.of.as_ref().map(|(reader, _)| reader.clone());
        wanted.metadata = self.metadata;
        wanted.without = self.function.clone().filter(|_| self.no_function);
        (self.wanted, self.bad) = (wanted, bad);
    }

    /// The next kind that alone is shown.
    pub fn next_kind(&mut self) {
        self.kind = match self.kind {
            None => Kind::ALL.first().copied(),
            Some(kind) => Kind::ALL.into_iter().skip_while(|other| *other != kind).nth(1),
        };
    }

    /// Another range, as an action asks for. `false`: it is the same.
    pub fn zoom(&mut self, action: Action) -> bool {
        let before = self.range;
        self.range = before.zoomed(action);
        before != self.range
    }

    /// The place of the cursor among the lines.
    pub fn place(&self) -> usize {
        if self.by_reader {
            return self.reader;
        }
        let Some(chosen) = &self.chosen else { return 0 };
        self.rows.partition_point(|place| place < chosen).min(self.rows.len().saturating_sub(1))
    }

    fn len(&self) -> usize {
        if self.by_reader { self.tallies.len() } else { self.rows.len() }
    }

    /// What the cursor stands on.
    pub fn chosen(&self) -> Option<&Place> {
        self.rows.get(self.place()).filter(|_| !self.by_reader)
    }

    /// Who the cursor stands on, where the events are grouped.
    pub fn reader(&self) -> Option<&Reader> {
        Some(&self.tallies.get(self.reader).filter(|_| self.by_reader)?.reader)
    }

    /// The line that stands at the top of the window.
    pub fn top(&self, page: usize) -> usize {
        let line = self.line.min(page.saturating_sub(1));
        self.place().saturating_sub(line).min(self.len().saturating_sub(page))
    }

    /// Moves the cursor as the action says. `false`: it is no movement.
    pub fn go(&mut self, action: Action, page: usize) -> bool {
        let (top, before) = (self.top(page), self.place());
        let Some(wanted) = moved(action, before, page) else { return false };
        let place = wanted.min(self.len().saturating_sub(1));
        if self.by_reader {
            self.reader = place;
        } else {
            self.chosen = self.rows.get(place).cloned().filter(|_| place > 0);
        }
        self.line = place - top.clamp((place + 1).saturating_sub(page), place);
        if place != before {
            self.unfolded = self.unfolded.map(|_| Scroll::default());
        }
        true
    }

    /// From the groups to the events of the one that is chosen.
    pub fn into_reader(&mut self) -> bool {
        let Some(tally) = self.tallies.get(self.reader) else { return false };
        self.of = Some((tally.reader.clone(), self.reader));
        (self.by_reader, self.chosen, self.line) = (false, None, 0);
        true
    }

    /// What a step back leads to; `None`: off the screen.
    pub fn way_back(&self) -> Option<&'static str> {
        if self.of.is_some() && !self.by_reader {
            Some("all readers")
        } else {
            self.is_narrow().then_some("all events")
        }
    }

    /// One step back: from a reader's events to the readers, from what was narrowed down to everything. `false`: there is
    /// none.
    pub fn back(&mut self) -> bool {
        if let Some((_, line)) = self.of.take().filter(|_| !self.by_reader) {
            (self.reader, self.by_reader) = (line, true);
            return true;
        }
        let was_narrow = self.is_narrow();
        (self.kind, self.no_function, self.input) = (None, false, Input::default());
        was_narrow
    }
}

/// What was judged of scenes so far, by their numbers: whether it is in the scope, and whether it is wanted. Events have them
/// in common.
struct Judge(Vec<Option<(bool, bool)>>);

impl Judge {
    fn of(events: &Events) -> Self {
        Self(vec![None; events.scenes()])
    }
}

/// Two sorted lists as one.
fn merge(one: Vec<Place>, other: Vec<Place>) -> Vec<Place> {
    let mut merged = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one.into_iter().peekable(), other.into_iter().peekable());
    loop {
        let first = match (one.peek(), other.peek()) {
            (Some(a), Some(b)) if b < a => other.next(),
            (Some(_), _) => one.next(),
            (None, _) => other.next(),
        };
        match first {
            Some(place) => merged.push(place),
            None => return merged,
        }
    }
}
