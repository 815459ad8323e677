//! A schedule in plain English: `1st and 15th of the month, 16:00–18:00Z`.

use super::cron::{Cron, Days};
use super::names::{Style, WEEK, and, nth, ordinal};
use super::set::Set;
use super::{DAY, Schedule, Timing};
use crate::domain::secret::RotationRules;

impl RotationRules {
    /// The schedule as a person says it. Where it isn't understood, as AWS spells it.
    pub fn words(&self) -> Option<String> {
        self.said(Schedule::words)
    }

    /// The schedule for a narrow column. Where it isn't understood, as AWS spells it, in however many columns that takes.
    pub fn short_words(&self) -> Option<String> {
        self.said(Schedule::short_words)
    }

    fn said(&self, words: fn(&Schedule) -> String) -> Option<String> {
        let spelled = || match (&self.schedule_expression, self.automatically_after_days) {
            (None, Some(1)) => "every day".to_owned(),
            (None, Some(days)) => format!("every {days} days"),
            (expression, _) => expression.as_ref().map(ToString::to_string).unwrap_or_default(),
        };
        Some(Schedule::of(self)?.map_or_else(|_| spelled(), |schedule| words(&schedule)))
    }
}

impl Schedule {
    /// The schedule as a person says it, with the hours of its windows in UTC.
    pub fn words(&self) -> String {
        match self.timing {
            Timing::Hours(hours) => format!("every {hours} hours, in windows of {} h", self.length),
            Timing::Days(days) => format!("{}{}", every(days), self.hours(0)),
            Timing::Cron(cron) => {
                let remark = remark(&cron).map_or_else(String::new, |remark| format!(", {remark}"));
                format!("{}{}{remark}", days(&cron, Style::Long), self.times(&cron))
            }
        }
    }

    /// When the windows of a day open, and for how long.
    fn times(&self, cron: &Cron) -> String {
        if cron.hours.len() == 1 {
            return self.hours(cron.hours.first().unwrap_or(0));
        }
        let starts: Vec<_> = cron.hours.iter().map(|hour| format!("{hour:02}:00")).collect();
        format!(" at {}Z, for {} h each", and(&starts), self.length)
    }

    /// A window of a day; nothing for one that is the whole day.
    fn hours(&self, start: u32) -> String {
        if self.length == DAY { String::new() } else { format!(", {start:02}:00–{:02}:00Z", start + self.length) }
    }
}

/// `every day`, `every 30 days`.
pub(super) fn every(days: u32) -> String {
    if days == 1 { "every day".to_owned() } else { format!("every {days} days") }
}

/// The days of a cron schedule: `1st and 15th of the month`, `Monday to Friday in July`.
pub(super) fn days(cron: &Cron, style: Style) -> String {
    let days = &cron.days;
    let (in_months, of_months) = months(cron, style);
    if days.is_every() {
        let all_year = cron.every_hours().filter(|_| in_months.is_empty()).map(|hours| format!("every {hours} hours"));
        return all_year.unwrap_or_else(|| format!("every day{in_months}"));
    }
    if let (Some(day), Some(month)) = (days.only_number(), cron.months.first().filter(|_| cron.months.len() == 1)) {
        return format!("{day} {}", style.month(month));
    }
    let mut said = Vec::new();
    if !days.weekdays.is_empty() {
        said.push(format!("{}{in_months}", weekdays(days.weekdays, style)));
    }
    let counted = counted(days, style);
    if !counted.is_empty() {
        said.push(format!("{}{of_months}", and(&counted)));
    }
    and(&said)
}

/// The months as they stand behind days of the week, and behind days that are counted within a month.
fn months(cron: &Cron, style: Style) -> (String, String) {
    let items = style.months(cron.months);
    let is_range = items.len() == 1 && cron.months.len() > 1;
    let names = and(&items);
    match style {
        Style::Long if cron.months.len() == 12 => (String::new(), " of the month".to_owned()),
        Style::Short if cron.months.len() == 12 => {
            (String::new(), cron.days.only_number().map_or_else(String::new, |_| " of month".to_owned()))
        }
        Style::Long if is_range => (format!(" from {names}"), format!(" of the month from {names}")),
        _ => (format!(" in {names}"), format!(" of {names}")),
    }
}

/// `every Sunday`, in short `Sundays`; `Monday to Friday`.
fn weekdays(weekdays: Set, style: Style) -> String {
    let items = style.weekdays(weekdays);
    let is_list = items.len() == weekdays.iter().count();
    match (style, weekdays.first()) {
        (Style::Short, Some(only)) if weekdays.len() == 1 => format!("{}s", Style::Long.weekday(only)),
        (Style::Long, _) if is_list => format!("every {}", and(&items)),
        _ => and(&items),
    }
}

/// The days that are counted within a month: `1st`, `last day`, `first Sunday`.
fn counted(days: &Days, style: Style) -> Vec<String> {
    let mut items = days.numbers.steps().map_or_else(|| style.ordinals(days.numbers), |steps| vec![steps.words(style)]);
    items.extend(days.last.then(|| "last day".to_owned()));
    items.extend(WEEK.into_iter().filter_map(|weekday| {
        let counts = (1..).zip(&days.nth).filter(|(_, weekdays)| weekdays.contains(weekday));
        let mut counts: Vec<_> = counts.map(|(count, _)| nth(count).to_owned()).collect();
        counts.extend(days.last_weekdays.contains(weekday).then(|| "last".to_owned()));
        (!counts.is_empty()).then(|| format!("{} {}", and(&counts), Style::Long.weekday(weekday)))
    }));
    items
}

/// What must be said of days that not every month or year has.
fn remark(cron: &Cron) -> Option<&'static str> {
    let (days, numbers) = (&cron.days, cron.days.numbers);
    let is_ever = |day: u32| cron.months.iter().any(|month| day <= longest(month));
    let is_lacking = |day: u32| cron.months.iter().any(|month| day > shortest(month));
    let is_listed = |day: u32| numbers.stands_alone(day) && numbers.steps().is_none();
    if days.has_numbers_only() && !numbers.iter().any(is_ever) {
        return Some("which never comes");
    }
    match days.only_number() {
        Some(29) if cron.months.len() == 1 && is_lacking(29) => Some("in leap years"),
        Some(day) => is_lacking(day).then_some("in months that have one"),
        None => {
            let some_lack = numbers.iter().any(|day| is_listed(day) && is_lacking(day));
            (some_lack || !days.nth[4].is_empty()).then_some("where there is one")
        }
    }
}

/// The days of a month in a leap year.
fn longest(month: u32) -> u32 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days of a month in any other year.
fn shortest(month: u32) -> u32 {
    if month == 2 { 28 } else { longest(month) }
}

impl Cron {
    /// How many hours there are from each window to the next, where that is so round the clock.
    pub(super) fn every_hours(&self) -> Option<u32> {
        let step = DAY / self.hours.len().max(1);
        let even: Set = (self.hours.first()?..DAY).step_by(usize::try_from(step).ok()?).collect();
        (self.hours.len() > 1 && DAY.is_multiple_of(self.hours.len()) && self.hours == even).then_some(step)
    }
}

impl Days {
    /// Whether no day is found by its weekday or as the last one.
    fn has_numbers_only(&self) -> bool {
        *self == Self { numbers: self.numbers, ..Self::default() }
    }

    /// The only day, where it is one by number.
    fn only_number(&self) -> Option<u32> {
        self.numbers.first().filter(|_| self.numbers.len() == 1 && self.has_numbers_only())
    }
}

/// Days of the month at equal distances, enough of them that a list would be tiring.
struct Steps {
    first: u32,
    step: u32,
    /// The last one, if the month could have another.
    last: Option<u32>,
}

/// From so many on, equal distances are said rather than the days.
const TIRING: u32 = 5;

impl Set {
    fn steps(self) -> Option<Steps> {
        let mut numbers = self.iter();
        let (first, second, last) = (numbers.next()?, numbers.next()?, numbers.last()?);
        let step = second - first;
        let even: Self = (first..=last).filter(|day| (day - first).is_multiple_of(step)).collect();
        let is_said = self.len() >= TIRING && step > 1 && even == self;
        is_said.then_some(Steps { first, step, last: (last + step <= 31).then_some(last) })
    }

    /// Whether a number isn't said as a part of a range.
    fn stands_alone(self, number: u32) -> bool {
        let has = |offset: u32| number.checked_sub(2).is_some_and(|start| self.contains(start + offset));
        !(has(0) && has(1) || has(1) && has(3) || has(3) && has(4))
    }
}

impl Steps {
    fn words(&self, style: Style) -> String {
        let the = if style == Style::Long { "the " } else { "" };
        let to = self.last.map_or_else(String::new, |last| format!(" to {the}{}", ordinal(last)));
        format!("every {} day from {the}{}{to}", ordinal(self.step), ordinal(self.first))
    }
}
