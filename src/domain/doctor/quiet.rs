//! Whether anything of a rotation may be running now: a label that moves while setSecret runs makes a lock-out.

use chrono::{DateTime, TimeDelta, Utc};

use super::course::Course;
use crate::domain::function::Function;
use crate::domain::progress::LONGEST;

/// What is waited for beyond the function's time-out: log lines come up to a minute late.
const MARGIN: TimeDelta = TimeDelta::seconds(60);

/// Whether every attempt is known to have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quiet {
    /// Nothing runs: every invocation has ended, and the last sign is older than a function may run, and a minute.
    Yes {
        /// The last sign (UTC).
        since: DateTime<Utc>,
    },
    /// Something may run.
    No {
        /// When it can't any more, if no other sign comes (UTC).
        until: DateTime<Utc>,
    },
    /// Nobody can tell: the log can't be read, and Secrets Manager tries again at times that it tells nobody.
    Unknown,
}

/// How long a rotation must have been silent: as long as one invocation may run, and a minute.
pub fn patience(function: Option<&Function>) -> TimeDelta {
    let timeout = function.and_then(|function| function.timeout).unwrap_or(LONGEST);
    TimeDelta::from_std(timeout).unwrap_or(TimeDelta::MAX) + MARGIN
}

impl Quiet {
    /// Judges by the signs in log and trail, and by the moment since when rotation is known to be off.
    ///
    /// Once it is off, Secrets Manager begins no step any more, and what runs ends with its time-out:
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html>.
    pub(super) fn of(
        course: &Course,
        signs: impl IntoIterator<Item = DateTime<Utc>>,
        off_since: Option<DateTime<Utc>>,
        patience: TimeDelta,
        now: DateTime<Utc>,
    ) -> Self {
        let last = signs.into_iter().chain(course.last_sign).max();
        // A sign from long after it was turned off says that it was turned on since.
        let off_since = off_since.filter(|off| last.is_none_or(|last| last <= *off + patience));
        if let Some(off) = off_since.filter(|off| now - *off >= patience) {
            return Self::Yes { since: off };
        }
        match last {
            // Without the log's lines a step that began after the last sign is not seen, nor that it ended.
            Some(last) if now - last < patience && course.hears_ends => Self::No { until: last + patience },
            _ if !course.hears_ends => off_since.map_or(Self::Unknown, |off| Self::No { until: off + patience }),
            // What has no end in a log that has them is silent for longer than it may run.
            last => Self::Yes { since: last.unwrap_or(now) },
        }
    }

    /// Whether nothing runs.
    pub fn is_quiet(self) -> bool {
        matches!(self, Self::Yes { .. })
    }
}
