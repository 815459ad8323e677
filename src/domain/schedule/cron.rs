//! A cron schedule: a set of hours on the days that a predicate takes.

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};

use super::bad::{BadSchedule, Field};
use super::fields::{days_of_month, days_of_week, numbers};
use super::set::Set;
use super::{CLOSEST, DAY};

/// The hours at which windows open, on which days of which months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cron {
    pub(super) hours: Set,
    pub(super) days: Days,
    pub(super) months: Set,
}

/// Days of a month: all that any of these takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Days {
    /// By number, 1 to 31.
    pub(super) numbers: Set,
    /// The last one.
    pub(super) last: bool,
    /// By weekday: 1 is Sunday, 7 is Saturday.
    pub(super) weekdays: Set,
    /// The last of a weekday.
    pub(super) last_weekdays: Set,
    /// The first of a weekday, the second, up to the fifth.
    pub(super) nth: [Set; 5],
}

impl Days {
    fn contains(&self, date: NaiveDate) -> bool {
        let (day, length) = (date.day(), u32::from(date.num_days_in_month()));
        let weekday = date.weekday().number_from_sunday();
        let nth = (7..).step_by(7).zip(&self.nth).find(|(end, _)| day <= *end).map(|(_, weekdays)| weekdays);
        self.numbers.contains(day)
            || self.weekdays.contains(weekday)
            || (self.last && day == length)
            || (self.last_weekdays.contains(weekday) && day + 7 > length)
            || nth.is_some_and(|weekdays| weekdays.contains(weekday))
    }

    /// Whether it takes every day.
    pub(super) fn is_every(&self) -> bool {
        self.weekdays.len() == 7 || self.numbers.len() == 31
    }
}

/// The longest time between two dates of a schedule that has any: from one 29 February on a given weekday to the next,
/// where a year between them that could be a leap year isn't one, such as 2100.
const LONGEST_GAP: Months = Months::new(40 * 12);

/// After so long every month begins on every weekday again, in leap years and others.
const CALENDAR_REPEATS: Months = Months::new(28 * 12);

impl Cron {
    /// What stands between the parentheses, and the hours that a window lasts where no duration is set:
    /// one if the schedule is in hours, else to the end of the UTC day.
    pub(super) fn parse(fields: &str) -> Result<(Self, u32), BadSchedule> {
        let fields: Vec<_> = fields.split(' ').filter(|field| !field.is_empty()).collect();
        let [minutes, hours, day, month, weekday, year] = fields[..] else {
            return Err(BadSchedule::Fields(fields.len()));
        };
        let fixed = |field, must, found: &str| BadSchedule::Fixed { field, must, found: found.into() };
        if !minutes.bytes().all(|digit| digit == b'0') {
            return Err(fixed(Field::Minutes, "0", minutes));
        }
        if year != "*" {
            return Err(fixed(Field::Year, "*", year));
        }
        let days = match (day, weekday) {
            ("?", "?") => return Err(BadSchedule::NoDay),
            (day, "?") => days_of_month(day)?,
            ("?", weekday) => days_of_week(weekday)?,
            _ => return Err(BadSchedule::TwoDays),
        };
        // AWS doesn't say what makes a schedule one in hours: that more than a number stands in that field is derived.
        let is_in_hours = hours.contains(['/', ',', '-', '*']);
        let hours = numbers(Field::Hours, hours)?;
        let length = if is_in_hours { 1 } else { DAY - hours.first().unwrap_or(0) };
        Ok((Self { hours, days, months: numbers(Field::Month, month)? }, length))
    }

    /// Whether windows of so many hours open far enough apart and end before the next one opens and before midnight.
    pub(super) fn check(&self, length: u32) -> Result<(), BadSchedule> {
        let gap = self.hours.iter().zip(self.hours.iter().skip(1)).map(|(one, next)| next - one).min().unwrap_or(DAY);
        let (first, last) = (self.hours.first().unwrap_or(0), self.hours.iter().last().unwrap_or(0));
        if gap < CLOSEST || (first + DAY - last < CLOSEST && self.has_neighbours()) {
            return Err(BadSchedule::Close);
        }
        if length > gap {
            return Err(BadSchedule::Overlap);
        }
        if last + length > DAY {
            return Err(BadSchedule::NextDay);
        }
        Ok(())
    }

    /// Whether it has two days on end.
    fn has_neighbours(&self) -> bool {
        let from = DateTime::<Utc>::UNIX_EPOCH.date_naive();
        let end = from.checked_add_months(CALENDAR_REPEATS).unwrap_or(NaiveDate::MAX);
        let dates = || self.dates(from).take_while(|date| *date <= end);
        dates().zip(dates().skip(1)).any(|(one, next)| one.succ_opt() == Some(next))
    }

    /// Its days from this one on.
    pub(super) fn dates(&self, from: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        std::iter::successors(self.date(from), |date| self.date(date.succ_opt()?))
    }

    /// Its first day from this one on; `None` if there never is one.
    fn date(&self, from: NaiveDate) -> Option<NaiveDate> {
        let end = from.checked_add_months(LONGEST_GAP).unwrap_or(NaiveDate::MAX);
        let mut date = from;
        while date <= end {
            if !self.months.contains(date.month()) {
                date = date.with_day(1)?.checked_add_months(Months::new(1))?;
            } else if self.days.contains(date) {
                return Some(date);
            } else {
                date = date.succ_opt()?;
            }
        }
        None
    }
}
