//! Who reads a secret, as far as the event history told in time: "not known" is never shown as "nobody".

use chrono::{DateTime, TimeDelta, Utc};

use super::{Check, Facts, Grade, Purpose, Rule};
use crate::domain::fault::Fault;
use crate::domain::secret::Secret;
use crate::domain::trail::{HORIZON, Kind, Reached, Tally, TrailEvent, tally};
use crate::text::{ago, count, day, moment, span};

/// How many readers are told by name.
const NAMED: usize = 3;

/// Who reads a secret, as far as the event history told in time. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Readers {
    /// Reads of its value, and those that AWS refused; without those of its rotation function.
    pub reads: Vec<TrailEvent>,
    /// Since when every record was read.
    pub whole: Option<DateTime<Utc>>,
    /// Since when every record that names the secret as its resource was read.
    pub named: Option<DateTime<Utc>>,
    /// Why no more was read.
    pub cut: Option<Cut>,
}

/// Why no more of the event history was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Cut {
    /// It is being read.
    Asked,
    /// Nobody wants to wait longer than this.
    Late(TimeDelta),
    /// It could not be read.
    Fault(Fault),
}

impl Readers {
    /// Takes note of how far the look-up has come.
    pub fn reached(&mut self, reached: &Reached) {
        self.named = reached.resources;
        self.whole = reached.covered.latest().map(|span| span.from);
    }

    /// Since when the readers are known.
    fn since(&self) -> Option<DateTime<Utc>> {
        self.whole.into_iter().chain(self.named).min()
    }

    /// Those of the last so long, those with the most reads first.
    fn within(&self, time: TimeDelta, now: DateTime<Utc>) -> Vec<Tally> {
        tally(self.reads.iter().filter(|event| event.at >= now - time && event.kind() == Kind::Read))
    }

    /// How many there are who were refused each time.
    fn refused(&self, time: TimeDelta, now: DateTime<Utc>) -> usize {
        let all = tally(self.reads.iter().filter(|event| event.at >= now - time));
        all.iter().filter(|one| one.reads == 0 && one.refused > 0).count()
    }
}

impl Cut {
    fn words(&self) -> String {
        match self {
            Self::Asked => "it is being looked up".to_owned(),
            Self::Late(time) => format!("the look-up was cut after {}", span(*time)),
            Self::Fault(fault) => fault.sentence().trim_end_matches('.').to_owned(),
        }
    }
}

impl Purpose {
    /// For how long back it matters who reads the secret, the shorter time first; none where it doesn't.
    pub fn reads(self) -> &'static [TimeDelta] {
        const DAY: TimeDelta = TimeDelta::hours(24);
        const WEEK: TimeDelta = TimeDelta::days(7);
        match self {
            Self::Rotate => &[DAY],
            Self::Delete(_) => &[DAY, WEEK],
            _ => &[],
        }
    }
}

/// Who reads it, where that matters and somebody asked.
pub(super) fn check(purpose: Purpose, facts: &Facts<'_>) -> Option<Check> {
    facts.readers?.check(purpose, facts.secret, facts.now)
}

impl Readers {
    /// Nobody has answered yet.
    pub fn asked() -> Self {
        Self { reads: Vec::new(), whole: None, named: None, cut: Some(Cut::Asked) }
    }

    /// What there is to say of them. Nothing stops for it: whoever deletes is warned, whoever rotates is told.
    pub fn check(&self, purpose: Purpose, secret: &Secret, now: DateTime<Utc>) -> Option<Check> {
        let longest = *purpose.reads().last()?;
        let is_known = self.since().is_some_and(|since| since <= now - longest);
        let is_none = self.within(longest, now).is_empty();
        let deletes = purpose != Purpose::Rotate;
        if self.cut == Some(Cut::Asked) {
            return Some(Rule::Readers.notice("Who reads it is still being looked up."));
        }
        // Somebody has read it, and nobody knows who.
        let is_read = secret.last_accessed.is_some_and(|date| date + TimeDelta::days(1) > now - longest);
        let none = if deletes && is_read { Grade::Warning } else { Grade::Notice };
        let (grade, said) = match (is_none, is_known) {
            (false, _) if deletes => (Grade::Warning, self.found_words(purpose, now, is_known)),
            (false, _) => (Grade::Notice, self.found_words(purpose, now, is_known)),
            (true, true) if self.is_by_name() => {
                (none, format!("No read under its name is recorded in the last {}", span(longest)))
            }
            (true, true) => (none, format!("No read of it is recorded in the last {}", span(longest))),
            (true, false) => (Grade::Unknown, "It is not known who reads it".to_owned()),
        };
        let mut sentence = format!("{said}{}.", self.limits(is_known, now));
        sentence.extend(self.beside(secret, longest, is_known, now).into_iter().filter(|_| deletes));
        let check = Rule::Readers.check(grade, sentence);
        let more =
            || format!("`secdash history {} --event read,refused --group-by reader` tells all of them", secret.name);
        Some(match &self.cut {
            Some(Cut::Fault(fault)) if !is_known => {
                Check { missing: fault.permission(), ..check.then(fault.next_step()) }
            }
            _ if !is_none && deletes => check.then(format!("move them to another secret first; {}", more())),
            _ if !is_known => check.then(more()),
            _ => check,
        })
    }

    /// Whether only what names the secret was read so far back.
    fn is_by_name(&self) -> bool {
        self.whole.is_none_or(|whole| self.named.is_some_and(|named| named < whole))
    }

    /// `3 readers in the last 24 h, 5 readers in the last 7 d: orders-api (1,204 reads, the last 2 min ago), 4 others`.
    fn found_words(&self, purpose: Purpose, now: DateTime<Utc>, is_known: bool) -> String {
        let numbers = purpose.reads().iter().map(|time| {
            let is_known = is_known || self.since().is_some_and(|since| since <= now - *time);
            let least = if is_known { "" } else { "at least " };
            format!("{least}{} in the last {}", count(self.within(*time, now).len(), "reader"), span(*time))
        });
        let numbers = numbers.collect::<Vec<_>>().join(", ");
        let all = purpose.reads().last().map(|longest| self.within(*longest, now)).unwrap_or_default();
        let who = |one: &Tally| match purpose {
            Purpose::Rotate => one.reader.words(),
            _ => reads(one, now),
        };
        let mut names: Vec<_> = all.iter().take(NAMED).map(who).collect();
        let others = all.len().saturating_sub(NAMED);
        names.extend((others > 0).then(|| count(others, "other")));
        let numbers = numbers.strip_prefix("at least ").map_or(numbers.clone(), |rest| format!("At least {rest}"));
        format!("{numbers}: {}", names.join(", "))
    }

    /// How far what is said holds.
    fn limits(&self, is_known: bool, now: DateTime<Utc>) -> String {
        let why = self.cut.as_ref().map_or_else(String::new, |cut| format!(": {}", cut.words()));
        match self.since() {
            Some(since) if !is_known && since < now => {
                format!(". The event history was read back to {} only{why}", moment(since))
            }
            _ if !is_known => why,
            _ => String::new(),
        }
    }

    /// What else is known of its readers.
    fn beside(&self, secret: &Secret, longest: TimeDelta, is_known: bool, now: DateTime<Utc>) -> Vec<String> {
        let (refused, is_none) = (self.refused(longest, now), self.within(longest, now).is_empty());
        let reader = if is_none { "reader" } else { "more reader" };
        let refused = (refused > 0).then(|| format!(" AWS refused every read of {}.", count(refused, reader)));
        let unnamed = " Reads whose record doesn't name the secret may be missing.".to_owned();
        let unnamed = (is_known && self.is_by_name()).then_some(unnamed);
        let accessed = secret.last_accessed.filter(|_| is_none);
        let accessed = accessed.map(|date| {
            let day = day(date);
            format!(
                " By its LastAccessedDate it was last read on {day}, by whom isn't known; its function counts, too."
            )
        });
        let late = format!(" Reads of the last {} may not be recorded yet.", span(HORIZON));
        let late = (self.since().is_some() && is_none).then_some(late);
        [refused, unnamed, accessed, late].into_iter().flatten().collect()
    }
}

/// `orders-api (1,204 reads, the last 2 min ago)`.
fn reads(one: &Tally, now: DateTime<Utc>) -> String {
    let last = ago(one.last.min(now), now);
    format!("{} ({}, the last {last})", one.reader.words(), count(one.reads, "read"))
}
