//! When a rotation window opens next: `rate(…)` and `cron(…)` as Secrets Manager reads them (rotate-secrets_schedule.html).

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};

use crate::demo::secret::Rotation;

/// First and last second.
pub(in crate::demo) type Window = (DateTime<Utc>, DateTime<Utc>);

/// Days that are looked at for the next window: `cron(0 0 29 2 ? *)` may have to wait for eight years.
const HORIZON: i64 = 8 * 366 + 1;

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// A schedule, read.
enum Schedule {
    Days(i64),
    Hours(i64),
    Cron(Cron),
}

struct Cron {
    hours: Vec<u32>,
    months: Vec<u32>,
    /// The fields day-of-month and day-of-week; one of them is `?`.
    day: String,
    weekday: String,
    is_in_hours: bool,
}

/// The first window that opens after `from`; `None`: there is no schedule, or AWS would not take it.
pub(in crate::demo) fn next(rules: &Rotation, from: DateTime<Utc>) -> Option<Window> {
    let schedule = read(rules)?;
    let opens = match &schedule {
        // Days count from the date, whatever the time of day (observed,
        // <https://github.com/cloud-custodian/cloud-custodian/issues/9254>).
        Schedule::Days(days) => (from.date_naive() + TimeDelta::days(*days)).and_hms_opt(0, 0, 0)?.and_utc(),
        Schedule::Hours(hours) => {
            let at = from + TimeDelta::hours(*hours);
            at.date_naive().and_hms_opt(at.hour(), 0, 0)?.and_utc()
        }
        Schedule::Cron(cron) => cron.after(from)?,
    };
    Some((opens, opens + length(rules, &schedule) - TimeDelta::seconds(1)))
}

/// The window that ends with NextRotationDate.
pub(in crate::demo) fn ending(rules: &Rotation, next: DateTime<Utc>) -> Option<Window> {
    let schedule = read(rules)?;
    Some((next + TimeDelta::seconds(1) - length(rules, &schedule), next))
}

/// Whether AWS takes these rules: windows lie at least four hours apart, and none reaches into the next one or into the
/// next day.
pub(in crate::demo) fn is_valid(rules: &Rotation) -> bool {
    let Some(schedule) = read(rules) else { return false };
    let length = length(rules, &schedule).num_hours();
    match schedule {
        Schedule::Days(_) | Schedule::Hours(_) => (1..=24).contains(&length),
        Schedule::Cron(cron) => {
            let hours: Vec<i64> = cron.hours.iter().map(|hour| i64::from(*hour)).collect();
            let is_apart = |pair: &[i64]| matches!(pair, [a, b] if b - a >= length.max(4));
            length >= 1 && hours.windows(2).all(is_apart) && hours.last().is_some_and(|hour| hour + length <= 24)
        }
    }
}

/// AutomaticallyAfterDays as AWS works it out: what the days between two windows come to.
pub(in crate::demo) fn days(rules: &Rotation, now: DateTime<Utc>) -> Option<u16> {
    let (first, _) = next(rules, now)?;
    let (second, _) = next(rules, first)?;
    u16::try_from((second - first).num_days().max(1)).ok()
}

/// A day's end, where a schedule in days has no Duration, and an hour where one in hours has none.
fn length(rules: &Rotation, schedule: &Schedule) -> TimeDelta {
    let hours = rules.duration.as_deref().and_then(|text| text.strip_suffix('h')?.parse().ok());
    let default = match schedule {
        Schedule::Days(_) => 24,
        Schedule::Hours(_) => 1,
        Schedule::Cron(cron) if cron.is_in_hours => 1,
        Schedule::Cron(cron) => 24 - cron.hours.first().map_or(0, |hour| i64::from(*hour)),
    };
    TimeDelta::hours(hours.unwrap_or(default))
}

fn read(rules: &Rotation) -> Option<Schedule> {
    let Some(text) = rules.expression.as_deref() else { return rules.days.map(|days| Schedule::Days(days.into())) };
    if let Some(rate) = text.strip_prefix("rate(").and_then(|rest| rest.strip_suffix(')')) {
        return match rate.split_once(' ')? {
            (number, "day" | "days") => number.parse().ok().filter(|days| (1..=999).contains(days)).map(Schedule::Days),
            (number, "hour" | "hours") => number.parse().ok().filter(|hours| *hours >= 4).map(Schedule::Hours),
            _ => None,
        };
    }
    let fields: Vec<&str> = text.strip_prefix("cron(")?.strip_suffix(')')?.split_whitespace().collect();
    let ["0", hours, day, month, weekday, "*"] = fields.as_slice() else { return None };
    if (*day == "?") == (*weekday == "?") {
        return None;
    }
    let cron = Cron {
        hours: values(hours, 0, 23, &[])?,
        months: values(month, 1, 12, &MONTHS)?,
        day: day.to_ascii_uppercase(),
        weekday: weekday.to_ascii_uppercase(),
        is_in_hours: hours.contains(['/', ',', '-', '*']),
    };
    // What is no day at all is found out on some day.
    (!cron.hours.is_empty() && cron.has(NaiveDate::from_ymd_opt(2026, 1, 1)?).is_some()).then_some(Schedule::Cron(cron))
}

impl Cron {
    fn after(&self, from: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let days = (0..HORIZON).map(|day| from.date_naive() + TimeDelta::days(day));
        let days = days.filter(|date| self.months.contains(&date.month()) && self.has(*date) == Some(true));
        days.flat_map(|date| self.hours.iter().filter_map(move |hour| Some(date.and_hms_opt(*hour, 0, 0)?.and_utc())))
            .find(|opens| *opens > from)
    }

    /// Whether a window opens on this day; `None`: the field can't be read.
    fn has(&self, date: NaiveDate) -> Option<bool> {
        let last = i64::from(date.num_days_in_month());
        let weekday = date.weekday().num_days_from_sunday() + 1;
        match (self.day.as_str(), self.weekday.as_str()) {
            ("L", _) => Some(i64::from(date.day()) == last),
            ("?", "L") => Some(weekday == 7),
            ("?", field) => match (field.split_once('#'), field.strip_suffix('L')) {
                (Some((name, nth)), _) => {
                    let nth: u32 = nth.parse().ok().filter(|nth| (1..=5).contains(nth))?;
                    Some(values(name, 1, 7, &DAYS)?.contains(&weekday) && (date.day() - 1) / 7 + 1 == nth)
                }
                (None, Some(name)) => {
                    Some(values(name, 1, 7, &DAYS)?.contains(&weekday) && i64::from(date.day()) + 7 > last)
                }
                (None, None) => Some(values(field, 1, 7, &DAYS)?.contains(&weekday)),
            },
            (field, _) => Some(values(field, 1, 31, &[])?.contains(&date.day())),
        }
    }
}

/// The numbers of a field: lists, ranges, steps; names count from the least. `None`: it can't be read.
fn values(field: &str, least: u32, most: u32, names: &[&str]) -> Option<Vec<u32>> {
    let number = |text: &str| {
        let word = names.iter().zip(least..).find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, at)| at);
        word.or_else(|| text.parse().ok()).filter(|number| (least..=most).contains(number))
    };
    let mut all = Vec::new();
    for part in field.split(',') {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        let step = step.map_or(Some(1), |step| step.parse().ok()).filter(|step| *step > 0)?;
        let is_open = part.contains('/');
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (number(from)?, number(to)?),
            None if range == "*" || (range.is_empty() && is_open) => (least, most),
            None => (number(range)?, if is_open { most } else { number(range)? }),
        };
        all.extend((from..=to).step_by(step));
    }
    all.sort_unstable();
    all.dedup();
    Some(all)
}
