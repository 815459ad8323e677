//! Many lines at a steady rate, written as time passes: they cost nothing before their time.

use chrono::{DateTime, TimeDelta, Utc};

use super::Written;

#[derive(Debug, Clone)]
pub(in crate::demo) struct Flood {
    pub(in crate::demo) group: String,
    pub(in crate::demo) stream: String,
    /// `{n}` stands for the number of the line, from 1.
    pub(in crate::demo) message: String,
    pub(in crate::demo) from: DateTime<Utc>,
    /// The first moment without a line.
    pub(in crate::demo) until: DateTime<Utc>,
    pub(in crate::demo) per_second: u32,
    /// So long after it happened a line can be seen.
    pub(in crate::demo) late: TimeDelta,
    /// Lines written so far.
    pub(in crate::demo) written: u32,
}

impl Flood {
    pub(super) fn group(&self) -> &str {
        &self.group
    }

    /// The next line, if its time has come. Lines of one second are evenly apart, to the millisecond.
    pub(super) fn next(&mut self, now: DateTime<Utc>) -> Option<Written> {
        let at = self.time().filter(|at| *at <= now)?;
        self.written += 1;
        let message = self.message.replace("{n}", &self.written.to_string());
        Some(Written { stream: self.stream.clone(), at, ingested: at + self.late, message })
    }

    pub(super) fn is_over(&self) -> bool {
        self.time().is_none()
    }

    fn time(&self) -> Option<DateTime<Utc>> {
        let after = TimeDelta::milliseconds(i64::from(self.written) * 1000 / i64::from(self.per_second.max(1)));
        Some(self.from + after).filter(|at| *at < self.until)
    }
}
