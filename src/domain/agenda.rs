//! What rotates within a time to come, window by window: what happens while somebody holds the pager.

mod crowd;
mod days;
mod rotator;

pub use crowd::Crowd;
pub use days::Day;
pub use rotator::Rotator;

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use self::rotator::Rotators;
use super::rotation::is_overdue;
use super::schedule::{BadSchedule, Schedule, Window, upcoming};
use super::secret::{Secret, SecretId};
use crate::text::AwsText;

/// The longest that a window lasts.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// What rotates from now on, up to the horizon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// From when on (UTC).
    pub now: DateTime<Utc>,
    /// The horizon: a window that opens then or later is not in it (UTC).
    pub until: DateTime<Utc>,
    /// The secrets that anything in it is about, in the order in which they came.
    pub subjects: Vec<Subject>,
    /// Whoever rotates them.
    pub rotators: Vec<Rotator>,
    /// Those whose date has passed, the worst first.
    pub overdue: Vec<Overdue>,
    /// The windows by their start; those that open together stand in the order of their secrets.
    pub entries: Vec<Entry>,
    /// Those of which not everything is known.
    pub unknown: Vec<Unknown>,
    /// The functions that two windows or more may need at once, the worst first.
    pub crowds: Vec<Crowd>,
}

/// A secret of the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its id.
    pub id: SecretId,
    /// Its name.
    pub name: AwsText,
    /// The number of what rotates it.
    pub rotator: usize,
}

/// A secret whose date has passed while rotation is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// The number of its secret.
    pub subject: usize,
    /// NextRotationDate (UTC).
    pub since: DateTime<Utc>,
}

/// A window, in which a secret rotates at any moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The number of its secret.
    pub subject: u32,
    /// The window; where only its end is known, the last second of it.
    pub window: Window,
    /// How it is known.
    pub known: Known,
    /// How many windows of the same function are open together at its worst moment, this one among them.
    pub at_once: u32,
}

/// How a window is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Known {
    /// AWS's own date closes it, and the schedule tells how long it is.
    Aws,
    /// AWS's own date closes it; how long it is can't be told.
    AwsEnd,
    /// It was worked out from the schedule.
    Computed,
}

/// A secret that rotates although it isn't known when, or not for all of the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The number of its secret.
    pub subject: usize,
    /// What isn't known.
    pub why: Why,
}

/// What isn't known of a secret's windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Rotation is on, and AWS gives no date.
    NoDate,
    /// There is AWS's date, and no schedule to go on from there.
    NoSchedule,
    /// There is AWS's date, and the schedule isn't understood.
    NotUnderstood(BadSchedule),
    /// The schedule leads to no window that opens after this moment, which comes before the horizon (UTC).
    Ends(DateTime<Utc>),
}

impl Agenda {
    /// The agenda of some secrets, which come in the order in which windows that open together shall stand.
    ///
    /// AWS's own window comes first for each secret, also one that is open; those after it are worked out. An overdue
    /// secret has those alone, for AWS's is over, and with a rate not even those: nobody knows when AWS tries again. What
    /// is off, or marked for deletion, has none.
    pub fn of<'a>(secrets: impl IntoIterator<Item = &'a Secret>, now: DateTime<Utc>, horizon: TimeDelta) -> Self {
        let until = now.checked_add_signed(horizon).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let mut making = Making { agenda: Self::empty(now, until), rotators: Rotators::default(), subject: None };
        let on = |secret: &&Secret| secret.rotation_enabled == Some(true) && secret.deleted.is_none();
        for secret in secrets.into_iter().filter(on) {
            making.add(secret);
        }
        let mut agenda = making.agenda;
        agenda.rotators = making.rotators.into();
        agenda.overdue.sort_by_key(|overdue| overdue.since);
        agenda.entries.sort_by_key(|entry| entry.window.start);
        agenda.crowds = agenda.count_crowds();
        agenda
    }

    /// An agenda without anything in it.
    pub fn empty(now: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        Self {
            now,
            until,
            subjects: Vec::new(),
            rotators: Vec::new(),
            overdue: Vec::new(),
            entries: Vec::new(),
            unknown: Vec::new(),
            crowds: Vec::new(),
        }
    }

    /// Whether there is nothing in it at all.
    pub fn is_empty(&self) -> bool {
        self.overdue.is_empty() && self.entries.is_empty() && self.unknown.is_empty()
    }

    /// Leaves what is about some of its secrets. What was counted stays: a function is needed by the others too.
    pub fn retain(&mut self, keeps: impl Fn(&Subject) -> bool) {
        let kept: Vec<bool> = self.subjects.iter().map(keeps).collect();
        self.overdue.retain(|overdue| kept[overdue.subject]);
        self.entries.retain(|entry| kept[entry.subject as usize]);
        self.unknown.retain(|unknown| kept[unknown.subject]);
        let rotators: HashSet<_> = self.entries.iter().map(|entry| self.subject(entry).rotator).collect();
        self.crowds.retain(|crowd| rotators.contains(&crowd.rotator));
    }

    /// The secret of a window.
    pub fn subject(&self, entry: &Entry) -> &Subject {
        &self.subjects[entry.subject as usize]
    }

    /// What rotates a secret.
    pub fn rotator(&self, subject: &Subject) -> &Rotator {
        &self.rotators[subject.rotator]
    }
}

impl Entry {
    /// Whether it is open at a moment.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.window.start <= now && now < self.window.end
    }
}

/// An agenda that is being made.
struct Making<'a> {
    agenda: Agenda,
    rotators: Rotators<'a>,
    /// The number of the secret that is being added, once there is anything about it.
    subject: Option<usize>,
}

impl<'a> Making<'a> {
    fn add(&mut self, secret: &'a Secret) {
        self.subject = None;
        let (now, until) = (self.agenda.now, self.agenda.until);
        let Some(says) = secret.next_rotation else { return self.is_unknown(secret, Why::NoDate) };
        let is_overdue = is_overdue(secret, now);
        if !is_overdue && says.checked_sub_signed(LONGEST).is_some_and(|earliest| earliest >= until) {
            // Even the longest window opens later, and so does every one after it.
            return;
        }
        if is_overdue {
            let subject = self.subject(secret);
            self.agenda.overdue.push(Overdue { subject, since: says });
        }
        let schedule = match secret.rotation_rules.as_ref().and_then(Schedule::of) {
            Some(Ok(schedule)) => schedule,
            other => {
                if !is_overdue && says < until {
                    let end = says.checked_add_signed(TimeDelta::seconds(1)).unwrap_or(says);
                    self.opens(secret, Window { start: says, end }, Known::AwsEnd);
                }
                let why = other.and_then(Result::err).map_or(Why::NoSchedule, Why::NotUnderstood);
                return self.is_unknown(secret, why);
            }
        };
        let own = schedule.window_ending(says);
        if !is_overdue && own.start < until {
            self.opens(secret, own, Known::Aws);
        }
        if is_overdue && upcoming(secret, now).next().is_none() {
            // That it is overdue says it all.
            return;
        }
        self.add_computed(secret, says.max(now));
    }

    /// The windows after AWS's own.
    fn add_computed(&mut self, secret: &'a Secret, after: DateTime<Utc>) {
        let mut last = after;
        for window in upcoming(secret, self.agenda.now) {
            if window.start >= self.agenda.until {
                return;
            }
            last = window.start;
            self.opens(secret, window, Known::Computed);
        }
        if last < self.agenda.until {
            self.is_unknown(secret, Why::Ends(last));
        }
    }

    fn opens(&mut self, secret: &'a Secret, window: Window, known: Known) {
        // More secrets than that don't fit into any memory.
        let Ok(subject) = u32::try_from(self.subject(secret)) else { return };
        self.agenda.entries.push(Entry { subject, window, known, at_once: 1 });
    }

    fn is_unknown(&mut self, secret: &'a Secret, why: Why) {
        let subject = self.subject(secret);
        self.agenda.unknown.push(Unknown { subject, why });
    }

    /// The number of the secret that is being added.
    fn subject(&mut self, secret: &'a Secret) -> usize {
        let Self { agenda: Agenda { subjects, .. }, rotators, subject } = self;
        *subject.get_or_insert_with(|| {
            let rotator = rotators.of(secret);
            subjects.push(Subject { id: secret.id.clone(), name: secret.name.clone(), rotator });
            subjects.len() - 1
        })
    }
}

#[cfg(test)]
mod tests;
