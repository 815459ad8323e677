//! Names of days and months as people say them, and lists of them: `1st and 15th`, `Monday to Friday`.

use super::set::Set;

/// How names and lists are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// In full.
    Long,
    /// For a narrow column.
    Short,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// From 1 for Sunday, as AWS counts.
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The week as people count it.
pub(super) const WEEK: [u32; 7] = [2, 3, 4, 5, 6, 7, 1];

const NTH: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];

/// Three and more neighbours are said as a range.
const RANGE: usize = 3;

impl Style {
    fn cut(self, name: &str) -> String {
        if self == Self::Long { name.to_owned() } else { name.chars().take(3).collect() }
    }

    /// `July`, `Jul`.
    pub(super) fn month(self, number: u32) -> String {
        self.cut(name(&MONTHS, number))
    }

    /// `Sunday`, `Sun`; 1 is Sunday.
    pub(super) fn weekday(self, number: u32) -> String {
        self.cut(name(&WEEKDAYS, number))
    }

    /// Months, going round the turn of the year: `January`, `November to February`.
    pub(super) fn months(self, months: Set) -> Vec<String> {
        let year: Vec<_> = (1..=12).collect();
        self.round(&year, months, |month| self.month(month))
    }

    /// Weekdays, going round the week from Monday: `Monday to Friday`, `Wednesday`.
    pub(super) fn weekdays(self, weekdays: Set) -> Vec<String> {
        self.round(&WEEK, weekdays, |weekday| self.weekday(weekday))
    }

    /// Days of the month: `1st`, `10th to 12th`.
    pub(super) fn ordinals(self, days: Set) -> Vec<String> {
        let month: Vec<_> = (1..=31).collect();
        runs(&month, days).iter().flat_map(|run| self.run(run, &ordinal)).collect()
    }

    /// The runs of a circle, where the end and the beginning may be one.
    fn round(self, circle: &[u32], set: Set, name: impl Fn(u32) -> String) -> Vec<String> {
        let mut runs = runs(circle, set);
        let ends =
            |runs: &[Vec<u32>]| (runs[0].first() == circle.first(), runs[runs.len() - 1].last() == circle.last());
        if runs.len() > 1 && ends(&runs) == (true, true) && runs[0].len() + runs[runs.len() - 1].len() >= RANGE {
            let first = runs.remove(0);
            runs.last_mut().into_iter().for_each(|last| last.extend(&first));
        }
        runs.iter().flat_map(|run| self.run(run, &name)).collect()
    }

    fn run(self, run: &[u32], name: &impl Fn(u32) -> String) -> Vec<String> {
        let to = if self == Self::Long { " to " } else { "–" };
        match run {
            [first, .., last] if run.len() >= RANGE => vec![format!("{}{to}{}", name(*first), name(*last))],
            _ => run.iter().map(|number| name(*number)).collect(),
        }
    }
}

/// The members of a set as runs of neighbours in this order.
fn runs(order: &[u32], set: Set) -> Vec<Vec<u32>> {
    order.split(|number| !set.contains(*number)).filter(|run| !run.is_empty()).map(<[u32]>::to_vec).collect()
}

fn name<'a>(names: &[&'a str], number: u32) -> &'a str {
    usize::try_from(number).ok().and_then(|number| names.get(number.checked_sub(1)?)).copied().unwrap_or_default()
}

/// `first`; none above the fifth.
pub(super) fn nth(number: u32) -> &'static str {
    name(&NTH, number)
}

/// `1st`, `22nd`.
pub(super) fn ordinal(number: u32) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn and(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}
