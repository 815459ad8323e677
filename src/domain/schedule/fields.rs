//! The grammar of a cron expression's fields: values, names, ranges, steps, and the wildcards of days.
//!
//! Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>.
//! It shows each wildcard by itself; that they may stand in lists, and a step behind a range, is derived.

use super::bad::{BadSchedule, Field};
use super::cron::Days;
use super::set::Set;

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// AWS counts the days of the week from Sunday, which is 1.
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// What `L` by itself means as a day of the week.
const SATURDAY: u32 = 7;

impl Field {
    /// The smallest and the greatest value, and the names of the values.
    fn range(self) -> (u32, u32, &'static [&'static str]) {
        match self {
            Self::Hours => (0, 23, &[]),
            Self::DayOfMonth => (1, 31, &[]),
            Self::Month => (1, 12, &MONTHS),
            Self::DayOfWeek => (1, 7, &WEEKDAYS),
            Self::Minutes | Self::Year => (0, 0, &[]),
        }
    }
}

/// The hours or months that a field names.
pub(super) fn numbers(field: Field, text: &str) -> Result<Set, BadSchedule> {
    let mut set = Set::default();
    for part in text.split(',') {
        set.extend(range(field, part)?.iter());
    }
    Ok(set)
}

/// The days that the field of days of the month names. `L` is the last day, `SUNL` the last Sunday.
pub(super) fn days_of_month(text: &str) -> Result<Days, BadSchedule> {
    let mut days = Days::default();
    for part in text.split(',') {
        match part.strip_suffix('L') {
            Some("") => days.last = true,
            Some(weekday) if WEEKDAYS.contains(&weekday) => {
                days.last_weekdays.extend([value(Field::DayOfWeek, weekday)?]);
            }
            _ => days.numbers.extend(range(Field::DayOfMonth, part)?.iter()),
        }
    }
    Ok(days)
}

/// The days that the field of days of the week names. `L` is Saturday, `SUNL` the last Sunday, `SUN#1` the first.
pub(super) fn days_of_week(text: &str) -> Result<Days, BadSchedule> {
    let field = Field::DayOfWeek;
    let mut days = Days::default();
    for part in text.split(',') {
        match (part.strip_suffix('L'), part.split_once('#')) {
            (Some(""), _) => days.weekdays.extend([SATURDAY]),
            (Some(weekday), _) => days.last_weekdays.extend([value(field, weekday)?]),
            (None, Some((weekday, nth))) => {
                let weekday = value(field, weekday)?;
                let at = number(nth).and_then(|nth| usize::try_from(nth.checked_sub(1)?).ok());
                let bad = || BadSchedule::Value { field, value: part.into() };
                at.and_then(|at| days.nth.get_mut(at)).ok_or_else(bad)?.extend([weekday]);
            }
            (None, None) => days.weekdays.extend(range(field, part)?.iter()),
        }
    }
    Ok(days)
}

/// `*`, `5`, `5-9`, `/5` (from the smallest value), `2/5` (from 2), `2-20/5`. Days of the week have no steps.
fn range(field: Field, part: &str) -> Result<Set, BadSchedule> {
    let (low, high, _) = field.range();
    let (ends, step) = part.split_once('/').map_or((part, None), |(ends, step)| (ends, Some(step)));
    if step.is_some() && field == Field::DayOfWeek {
        return Err(BadSchedule::Wildcard { field, wildcard: "/".into(), part: part.into() });
    }
    let (from, to) = match (ends.split_once('-'), step) {
        _ if ends == "*" || ends.is_empty() && step.is_some() => (low, high),
        (Some((from, to)), _) => (value(field, from)?, value(field, to)?),
        (None, Some(_)) => (value(field, ends)?, high),
        (None, None) => value(field, ends).map(|value| (value, value))?,
    };
    if from > to {
        return Err(BadSchedule::Backwards { field, range: ends.into() });
    }
    let step = match step {
        None => 1,
        Some(step) => number(step).filter(|step| (1..=high).contains(step)).ok_or_else(|| unknown(field, step))?,
    };
    Ok((from..=to).filter(|number| (number - from).is_multiple_of(step)).collect())
}

fn value(field: Field, word: &str) -> Result<u32, BadSchedule> {
    let (low, high, names) = field.range();
    let by_name = (low..).zip(names).find(|(_, name)| **name == word).map(|(number, _)| number);
    let number = by_name.or_else(|| number(word));
    number.filter(|number| (low..=high).contains(number)).ok_or_else(|| unknown(field, word))
}

/// What to say of a word that is no value: which of its characters can't be there, else that it isn't one.
fn unknown(field: Field, word: &str) -> BadSchedule {
    let begins_as_number = word.starts_with(|c: char| c.is_ascii_digit());
    let stray = word.chars().find(|c| if begins_as_number { !c.is_ascii_digit() } else { !c.is_ascii_alphanumeric() });
    match stray {
        Some(stray) => BadSchedule::Wildcard { field, wildcard: stray.to_string().into(), part: word.into() },
        None => BadSchedule::Value { field, value: word.into() },
    }
}

/// A number of digits only; Rust's own reading would take a sign too.
pub(super) fn number(digits: &str) -> Option<u32> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}
