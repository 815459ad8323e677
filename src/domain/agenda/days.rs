//! The agenda's windows by the day on which they open, in any time zone.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};

use super::Agenda;

/// A day of a time zone, with windows that open on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Its date in that zone.
    pub date: NaiveDate,
    /// Its windows, as places among the entries.
    pub entries: Range<usize>,
}

impl Agenda {
    /// The days of a time zone on which windows open, in order, none of them empty.
    ///
    /// Where a clock goes back over midnight, the hour that comes once more belongs to the day that had begun.
    pub fn days<Z: TimeZone>(&self, zone: &Z) -> Vec<Day> {
        let mut days: Vec<Day> = Vec::new();
        let mut before: Option<DateTime<Utc>> = None;
        for (place, entry) in self.entries.iter().enumerate() {
            let start = entry.window.start;
            // Many windows open together; asking a zone costs more than comparing.
            let date = (before != Some(start)).then(|| start.with_timezone(zone).date_naive());
            before = Some(start);
            match days.last_mut() {
                Some(day) if date.is_none_or(|date| date <= day.date) => day.entries.end = place + 1,
                _ => days.extend(date.map(|date| Day { date, entries: place..place + 1 })),
            }
        }
        days
    }
}
