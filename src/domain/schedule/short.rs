//! A schedule for a narrow column: `every 30 days`, `1st and 15th, 2 h`, `Sundays 03–06Z`.

use super::cron::Cron;
use super::names::Style;
use super::words::{days, every};
use super::{DAY, Schedule, Timing};
use crate::text::{truncate, width};

/// The columns that it has at most.
const COLUMNS: usize = 24;

impl Schedule {
    /// The schedule in at most 24 columns: its days, and the hours (UTC) where there is room for them.
    pub fn short_words(&self) -> String {
        let (days, times) = match self.timing {
            Timing::Hours(hours) => (format!("every {hours} hours"), self.lasting(1)),
            Timing::Days(days) => (every(days), self.lasting(DAY)),
            Timing::Cron(cron) => (days(&cron, Style::Short), self.short_times(&cron)),
        };
        let whole = format!("{days}{times}");
        if width(&whole) <= COLUMNS { whole } else { truncate(&days, COLUMNS) }
    }

    /// Behind the number of a day the hours would read as more of them: there the length says more.
    fn short_times(&self, cron: &Cron) -> String {
        let is_by_number = cron.days.last || (!cron.days.numbers.is_empty() && !cron.days.is_every());
        let start = cron.hours.first().unwrap_or(0);
        let end = start + self.length;
        match cron.hours.len() {
            1 if self.length == DAY => String::new(),
            1 if end == DAY => format!(" from {start:02}Z"),
            1 if is_by_number => self.lasting(DAY),
            1 => format!(" {start:02}–{end:02}Z"),
            _ if cron.days.is_every() && cron.months.len() == 12 && cron.every_hours().is_some() => self.lasting(1),
            _ => {
                let starts: Vec<_> = cron.hours.iter().map(|hour| format!("{hour:02}")).collect();
                format!(" at {}Z", starts.join(", "))
            }
        }
    }

    /// The length of a window, if it isn't the usual one.
    fn lasting(&self, usual: u32) -> String {
        if self.length == usual { String::new() } else { format!(", {} h", self.length) }
    }
}
