//! Whether a secret's schedule and AWS's date for its next rotation fit together, and what comes after that date.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::{Anchor, BadSchedule, Schedule, Timing, Window};
use crate::domain::secret::Secret;
use crate::text::moment;

/// Something about a secret's schedule that doesn't fit together. None of it is an error: AWS's date counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Discrepancy {
    /// By the rules that AWS documents this can't be a schedule.
    NotUnderstood(BadSchedule),
    /// AWS's date closes none of the windows of a cron expression.
    OtherWindow {
        /// NextRotationDate (UTC).
        says: DateTime<Utc>,
        /// The last second of the next window that opens after it (UTC); `None` if none ever does.
        next: Option<DateTime<Utc>>,
    },
    /// AWS's date isn't the one that is so many days after the last rotation.
    OtherDay {
        /// NextRotationDate (UTC).
        says: DateTime<Utc>,
        /// The last second of the window that the schedule leads to (UTC).
        counted: DateTime<Utc>,
    },
}

impl Discrepancy {
    /// What there is of it. A rate in hours is never judged, for AWS's pages disagree on when its windows open
    /// (<https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html>).
    pub fn of(secret: &Secret) -> Option<Self> {
        let schedule = match Schedule::of(secret.rotation_rules.as_ref()?)? {
            Ok(schedule) => schedule,
            Err(bad) => return Some(Self::NotUnderstood(bad)),
        };
        let says = date(secret)?;
        match schedule.timing {
            Timing::Hours(_) => None,
            Timing::Days(_) => schedule.other_day(says, secret.last_rotated),
            Timing::Cron(_) => schedule.other_window(says),
        }
    }

    /// What to say of it.
    pub fn sentence(&self) -> String {
        let counts = "AWS's date counts. Turning rotation off and on, or setting a value by hand, moves it.";
        match self {
            Self::NotUnderstood(bad) => {
                format!("The schedule is not understood: {bad}. AWS's date counts all the same.")
            }
            Self::OtherWindow { says, next: Some(next) } => format!(
                "AWS says by {}, when none of the schedule's windows ends; the next one after that ends {}. {counts}",
                moment(*says),
                moment(*next)
            ),
            Self::OtherWindow { says, next: None } => {
                format!("AWS says by {}, though the schedule has no window after that at all. {counts}", moment(*says))
            }
            Self::OtherDay { says, counted } => {
                format!("AWS says by {}; by its schedule it would be by {}. {counts}", moment(*says), moment(*counted))
            }
        }
    }
}

impl Schedule {
    fn other_window(&self, says: DateTime<Utc>) -> Option<Discrepancy> {
        let window = self.window_ending(says);
        let before = window.start.checked_sub_signed(TimeDelta::seconds(1))?;
        if self.windows_after(before, Anchor::default()).next() == Some(window) {
            return None;
        }
        let next = self.windows_after(says, Anchor::default()).next();
        Some(Discrepancy::OtherWindow { says, next: next.map(|window| window.last_second()) })
    }

    /// Without a last rotation to count from, only the time of day can be judged.
    fn other_day(&self, says: DateTime<Utc>, last: Option<DateTime<Utc>>) -> Option<Discrepancy> {
        let anchor = last.map_or(Anchor { last_rotated: None, next_rotation: Some(says) }, |last| Anchor {
            last_rotated: Some(last),
            next_rotation: None,
        });
        let counted = self.windows_after(DateTime::<Utc>::MIN_UTC, anchor).next()?.last_second();
        (counted != says.trunc_subsecs(0)).then_some(Discrepancy::OtherDay { says, counted })
    }
}

/// AWS's date for the next rotation, where there is to be one.
fn date(secret: &Secret) -> Option<DateTime<Utc>> {
    secret.next_rotation.filter(|_| secret.rotation_enabled == Some(true) && secret.deleted.is_none())
}

/// The windows after the one that AWS's date closes, and after `now`: without end, or none where they can't be known.
///
/// A rate counts from a rotation. Once its date has passed nobody knows when that comes: AWS tries again, it doesn't say
/// when (<https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>).
pub fn upcoming(secret: &Secret, now: DateTime<Utc>) -> impl Iterator<Item = Window> {
    let schedule = secret.rotation_rules.as_ref().and_then(Schedule::of).and_then(Result::ok);
    let is_known = |(schedule, says): &(Schedule, _)| *says >= now || matches!(schedule.timing, Timing::Cron(_));
    let known = schedule.zip(date(secret)).filter(is_known);
    let anchor = Anchor::from(secret);
    known.into_iter().flat_map(move |(schedule, says)| schedule.windows_after(says.max(now), anchor))
}

/// The window in which the secret rotates next: the one that AWS's date closes, or where that has passed, the next that
/// its schedule has. Where the schedule isn't understood, AWS's date alone.
pub fn next(secret: &Secret, now: DateTime<Utc>) -> Option<Window> {
    let says = date(secret)?;
    let schedule = secret.rotation_rules.as_ref().and_then(Schedule::of).and_then(Result::ok);
    let alone = Window { start: says, end: says + TimeDelta::seconds(1) };
    let closed = schedule.map_or(alone, |schedule| schedule.window_ending(says));
    if closed.end > now { Some(closed) } else { upcoming(secret, now).next() }
}

#[cfg(test)]
mod tests;
