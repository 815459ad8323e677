//! Rotation windows: when they open and close, the next ones, and the one that AWS's date closes.

use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};

use super::{Schedule, Timing};
use crate::domain::secret::Secret;

/// A time in which a secret may rotate, at any moment of it (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// When it opens.
    pub start: DateTime<Utc>,
    /// When it has closed: the first moment that isn't in it any more.
    pub end: DateTime<Utc>,
}

impl Window {
    /// Its last second, which is what AWS gives as NextRotationDate: rotation comes by then
    /// (observed, <https://github.com/cloud-custodian/cloud-custodian/issues/9254>).
    pub fn last_second(&self) -> DateTime<Utc> {
        shift(self.end, -SECOND)
    }
}

/// What AWS says of a secret's rotations, which rates count from. Both are UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Anchor {
    /// LastRotatedDate.
    pub last_rotated: Option<DateTime<Utc>>,
    /// NextRotationDate, which counts where both are known: setting a value by hand moves it too.
    pub next_rotation: Option<DateTime<Utc>>,
}

impl From<&Secret> for Anchor {
    fn from(secret: &Secret) -> Self {
        Self { last_rotated: secret.last_rotated, next_rotation: secret.next_rotation }
    }
}

const SECOND: TimeDelta = TimeDelta::seconds(1);

impl Schedule {
    /// The windows that open after a moment, in order; one that is open already isn't among them.
    ///
    /// A cron expression needs no anchor. A rate in days counts from AWS's date, else from the UTC date of the last
    /// rotation, as if each rotation came in its window. A rate in hours counts from AWS's date alone: AWS's pages
    /// disagree on when its windows open. Without its anchor a rate has no windows, and they end where a rate in hours
    /// would lead one past midnight.
    /// Sources: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>,
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html>
    pub fn windows_after(self, from: DateTime<Utc>, anchor: Anchor) -> impl Iterator<Item = Window> {
        std::iter::successors(self.next(from, anchor), move |window| self.next(window.start, anchor))
    }

    /// The window whose last second is AWS's NextRotationDate.
    pub fn window_ending(&self, next_rotation: DateTime<Utc>) -> Window {
        let end = shift(next_rotation.trunc_subsecs(0), SECOND);
        Window { start: shift(end, -self.length()), end }
    }

    /// How long each window lasts.
    pub fn length(&self) -> TimeDelta {
        TimeDelta::hours(self.length.into())
    }

    /// Whether its windows open at hours that AWS's pages agree on. Of a rate in hours only the end of one is known.
    pub fn opens_at_known_hours(&self) -> bool {
        !matches!(self.timing, Timing::Hours(_))
    }

    fn next(&self, after: DateTime<Utc>, anchor: Anchor) -> Option<Window> {
        match self.timing {
            Timing::Cron(cron) => {
                let starts = |date| cron.hours.iter().filter_map(move |hour| at_hour(date, hour));
                cron.dates(after.date_naive()).find_map(|date| starts(date).find(|start| *start > after))
            }
            Timing::Days(days) => {
                let length = TimeDelta::days(days.into());
                let next = anchor.next_rotation.map(|next| next.date_naive());
                let counted = || anchor.last_rotated?.date_naive().checked_add_signed(length);
                let first = at_hour(next.or_else(counted)?, 0)?;
                step(first, length, after)
            }
            Timing::Hours(hours) => {
                let first = self.window_ending(anchor.next_rotation?).start;
                step(first, TimeDelta::hours(hours.into()), after).filter(|start| self.stays_in_its_day(*start))
            }
        }
        .and_then(|start| Some(Window { start, end: start.checked_add_signed(self.length())? }))
    }

    fn stays_in_its_day(&self, start: DateTime<Utc>) -> bool {
        start.time() - NaiveTime::MIN + self.length() <= TimeDelta::days(1)
    }
}

fn at_hour(date: NaiveDate, hour: u32) -> Option<DateTime<Utc>> {
    Some(date.and_hms_opt(hour, 0, 0)?.and_utc())
}

/// The first moment after another one, counted in steps from `first` on.
fn step(first: DateTime<Utc>, length: TimeDelta, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let steps = if after < first { 0 } else { (after - first).num_seconds() / length.num_seconds() + 1 };
    first.checked_add_signed(TimeDelta::try_seconds(steps.checked_mul(length.num_seconds())?)?)
}

/// A moment moved; at the ends of the calendar it stays there.
fn shift(moment: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    let end = if by < TimeDelta::zero() { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
    moment.checked_add_signed(by).unwrap_or(end)
}
