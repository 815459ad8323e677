//! The agenda's screen: how far ahead it looks, and the cursor. The cursor holds a window, not a line: what is new or over
//! doesn't move it.

mod horizon;
mod mark;

use std::ops::Range;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub use self::horizon::Horizon;
use super::scroll::moved;
use crate::domain::agenda::{Agenda, Day, Entry};
use crate::domain::secret::SecretId;
use crate::tui::keymap::Action;

/// A part of the agenda, which has a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// What is overdue.
    Overdue,
    /// A day with its windows.
    Day(NaiveDate),
    /// What isn't known.
    Unknown,
    /// The functions that several windows need at once.
    Crowds,
}

/// One line that can be chosen, by its number in the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// An overdue secret.
    Overdue(usize),
    /// A window.
    Entry(usize),
    /// Something that isn't known.
    Unknown(usize),
    /// A function.
    Crowd(usize),
}

/// A line of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// Over a part, and how many items it has.
    Heading(&'a Part, usize),
    /// Something that can be chosen, and whether it is.
    Item(Item, bool),
}

/// Where the user is in the agenda. It is made anew only when it must be: it may be one of 100,000 secrets.
#[derive(Debug)]
pub struct Upcoming {
    /// How far it looks ahead.
    pub horizon: Horizon,
    agenda: Agenda,
    /// Every part that has anything in it, with the places of its items.
    parts: Vec<(Part, Range<usize>)>,
    /// The state of the secrets that it was made of.
    revision: Option<u64>,
    /// The place of the cursor among all items.
    place: usize,
    /// The line of the window on which it stands, from 0.
    line: usize,
    /// Whether the user has moved it; until then it is on the first item, whatever comes to stand there.
    moved: bool,
}

impl Default for Upcoming {
    fn default() -> Self {
        let agenda = Agenda::empty(DateTime::default(), DateTime::default());
        let horizon = Horizon::default();
        Self { horizon, agenda, parts: Vec::new(), revision: None, place: 0, line: 1, moved: false }
    }
}

/// How old an agenda may become where none of its secrets change: its horizon moves on.
const OLD: TimeDelta = TimeDelta::minutes(1);

impl Upcoming {
    /// The agenda as it was last made.
    pub fn agenda(&self) -> &Agenda {
        &self.agenda
    }

    /// Whether it is time to make it anew for secrets in this state, with so much patience where they are different.
    pub fn is_stale(&self, revision: u64, now: DateTime<Utc>, patience: TimeDelta) -> bool {
        let age = (now - self.agenda.now).abs();
        self.revision.is_none() || age >= OLD || (self.revision != Some(revision) && age >= patience)
    }

    /// Takes another agenda, with its days in the zone that is shown; the cursor stays on what it stands on.
    pub fn renew(&mut self, agenda: Agenda, days: Vec<Day>, revision: u64) {
        let mark = self.mark().filter(|_| self.moved);
        (self.agenda, self.revision) = (agenda, Some(revision));
        let Agenda { overdue, entries, unknown, crowds, .. } = &self.agenda;
        let days = days.into_iter().map(|day| (Part::Day(day.date), day.entries.len()));
        let [overdue, unknown, crowds] =
            [(Part::Overdue, overdue.len()), (Part::Unknown, unknown.len()), (Part::Crowds, crowds.len())];
        debug_assert_eq!(days.clone().map(|(_, number)| number).sum::<usize>(), entries.len());
        self.parts.clear();
        for (part, number) in [overdue].into_iter().chain(days).chain([unknown, crowds]) {
            let start = self.len();
            if number > 0 {
                self.parts.push((part, start..start + number));
            }
        }
        let found = mark.and_then(|mark| self.find(&mark));
        let last = self.len().saturating_sub(1);
        self.place = found.unwrap_or(if self.moved { self.place.min(last) } else { 0 });
    }

    /// How many items there are.
    fn len(&self) -> usize {
        self.parts.last().map_or(0, |(_, places)| places.end)
    }

    /// How many lines there are.
    fn lines(&self) -> usize {
        self.len() + self.parts.len()
    }

    /// The number of the part that an item is in.
    fn part(&self, place: usize) -> usize {
        self.parts.partition_point(|(_, places)| places.end <= place)
    }

    /// The line of an item, from 0 at the very top.
    fn line(&self, place: usize) -> usize {
        place + self.part(place) + 1
    }

    /// The line that stands at the top of the window.
    pub fn top(&self, page: usize) -> usize {
        let line = self.line.min(page.saturating_sub(1));
        self.line(self.place).saturating_sub(line).min(self.lines().saturating_sub(page))
    }

    /// The lines that the window shows.
    pub fn window(&self, page: usize) -> impl Iterator<Item = Line<'_>> {
        let top = self.top(page);
        (top..self.lines().min(top + page)).filter_map(|line| {
            let headings = self.parts.iter().enumerate();
            let number = headings.take_while(|(number, (_, places))| places.start + number <= line).count();
            let (part, places) = self.parts.get(number.checked_sub(1)?)?;
            if places.start + number - 1 == line {
                return Some(Line::Heading(part, places.len()));
            }
            let place = line - number;
            Some(Line::Item(self.item(place), place == self.place))
        })
    }

    /// How many lines stand below the window.
    pub fn below(&self, page: usize) -> usize {
        self.lines().saturating_sub(self.top(page) + page)
    }

    /// What the cursor stands on.
    pub fn chosen(&self) -> Option<Item> {
        (self.place < self.len()).then(|| self.item(self.place))
    }

    /// The secret that an item is about; a function is about none.
    pub fn secret(&self, item: Item) -> Option<&SecretId> {
        let subject = match item {
            Item::Overdue(number) => self.agenda.overdue[number].subject,
            Item::Entry(number) => self.agenda.entries[number].subject as usize,
            Item::Unknown(number) => self.agenda.unknown[number].subject,
            Item::Crowd(_) => return None,
        };
        Some(&self.agenda.subjects[subject].id)
    }

    fn item(&self, place: usize) -> Item {
        let Agenda { overdue, entries, unknown, .. } = &self.agenda;
        let [first, second] = [overdue.len(), overdue.len() + entries.len()];
        match place {
            _ if place < first => Item::Overdue(place),
            _ if place < second => Item::Entry(place - first),
            _ if place < second + unknown.len() => Item::Unknown(place - second),
            _ => Item::Crowd(place - second - unknown.len()),
        }
    }

    /// Moves the cursor as the action says. `false`: it is no movement.
    pub fn go(&mut self, action: Action, page: usize) -> bool {
        let Some(wanted) = moved(action, self.place, page) else { return false };
        self.put(wanted, page);
        true
    }

    /// Another horizon, as an action asks for. `false`: it is the same.
    pub fn zoom(&mut self, action: Action) -> bool {
        let before = self.horizon;
        self.horizon = before.zoomed(action);
        before != self.horizon
    }

    /// Puts the cursor on the first window of a function's worst moment.
    pub fn put_on_crowd(&mut self, number: usize, page: usize) {
        let Some(crowd) = self.agenda.crowds.get(number).copied() else { return };
        let is_in = |entry: &Entry| {
            self.agenda.subject(entry).rotator == crowd.rotator && entry.is_open(crowd.from.max(self.agenda.now))
        };
        let first = self.agenda.entries.iter().position(is_in);
        if let Some(first) = first {
            self.put(self.agenda.overdue.len() + first, page);
        }
    }

    /// Puts the cursor on an item; the window moves only as far as it must, and shows a heading with its first item.
    fn put(&mut self, place: usize, page: usize) {
        let top = self.top(page);
        self.place = place.min(self.len().saturating_sub(1));
        self.moved = true;
        let line = self.line(self.place);
        let is_first = self.parts.get(self.part(self.place)).is_some_and(|(_, places)| places.start == self.place);
        let highest = line.saturating_sub(usize::from(is_first));
        self.line = line - top.clamp((line + 1).saturating_sub(page), highest.max((line + 1).saturating_sub(page)));
    }
}
