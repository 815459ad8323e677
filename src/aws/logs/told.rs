//! Up to when a tail has told everything, worked out from what was read when.
//!
//! Two things are taken as given: an event is there for every reader at most [`LATE`] after it was written, and a session
//! of Live Tail sends whatever comes in while it is open. So a range that was read at a moment is complete up to [`LATE`]
//! before that moment; and a session is complete from its beginning on, once what came in before it has been read.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::tail::{LATE, Range};

/// An update of a session tells of what came in about a second ago; this is more than the slowest may need.
const FRAME: TimeDelta = TimeDelta::seconds(5);

/// How far what is complete must have moved on to be worth a word.
const STEP: TimeDelta = TimeDelta::seconds(5);

/// What has been told.
#[derive(Debug)]
pub(super) struct Told {
    /// Everything before this moment.
    until: DateTime<Utc>,
    /// Since when a session is open of which nothing is missing.
    clean: Option<DateTime<Utc>>,
    /// What was last said of it.
    said: DateTime<Utc>,
}

impl Told {
    pub(super) fn from(since: DateTime<Utc>) -> Self {
        Self { until: since, clean: None, said: since }
    }

    /// Everything before this moment.
    pub(super) fn until(&self) -> DateTime<Utc> {
        self.until
    }

    /// A range was read whole, beginning at a moment.
    pub(super) fn filled(&mut self, range: Range, begun: DateTime<Utc>) {
        if range.from <= self.until {
            self.until = self.until.max(range.until.min(begun - LATE));
        }
    }

    /// A session is open, or misses something, from what came in before now.
    pub(super) fn hole(&mut self, now: DateTime<Utc>) {
        self.clean = Some(now);
    }

    /// No session is open any more.
    pub(super) fn lost(&mut self) {
        self.clean = None;
    }

    /// An update of the session has come.
    pub(super) fn frame(&mut self, now: DateTime<Utc>) {
        if self.clean.is_some_and(|clean| clean <= self.until) {
            self.until = self.until.max(now - LATE - FRAME);
        }
    }

    /// What came in before the session, once the late events of it are there too; nothing where it was read.
    pub(super) fn sweep(&self, now: DateTime<Utc>) -> Option<Range> {
        let clean = self.clean.filter(|clean| self.until < *clean && *clean + LATE <= now)?;
        Some(Range { from: self.until, until: clean })
    }

    /// Up to when everything has been told, if that is worth a word.
    pub(super) fn news(&mut self) -> Option<DateTime<Utc>> {
        (self.until >= self.said + STEP).then(|| {
            self.said = self.until;
            self.until
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(1_800_000_000 + seconds)
    }

    fn range(from: i64, until: i64) -> Range {
        Range { from: at(from), until: at(until) }
    }

    #[test]
    fn what_was_read_is_complete_up_to_a_minute_before() {
        let mut told = Told::from(at(0));
        told.filled(range(0, 1_000), at(1_000));
        assert_eq!(told.news(), Some(at(940)));
        told.filled(range(941, 2_000), at(2_000));
        assert_eq!(told.until(), at(940), "something lies in between");
        told.filled(range(940, 944), at(2_000));
        assert_eq!((told.until(), told.news()), (at(944), None));
        told.filled(range(0, 10), at(3_000));
        assert_eq!(told.until(), at(944), "it never goes back");
        told.filled(range(0, 1_005), at(1_005));
        assert_eq!(told.news(), Some(at(945)));
    }

    #[test]
    fn a_session_is_complete_once_what_came_before_it_was_read() {
        let mut told = Told::from(at(0));
        told.hole(at(100));
        told.frame(at(300));
        assert_eq!(told.until(), at(0));
        told.filled(range(0, 101), at(101));
        told.frame(at(102));
        assert_eq!(told.until(), at(41));
        assert_eq!([102, 159, 160].map(|now| told.sweep(at(now))), [None, None, Some(range(41, 100))]);
        told.filled(range(41, 100), at(160));
        assert_eq!((told.until(), told.sweep(at(160))), (at(100), None));
        told.frame(at(300));
        assert_eq!(told.until(), at(235));
        told.hole(at(400));
        told.frame(at(500));
        assert_eq!(told.until(), at(235));
        told.lost();
        assert_eq!(told.sweep(at(900)), None);
    }
}
