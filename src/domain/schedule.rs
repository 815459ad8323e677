//! When a secret rotates by itself: AWS's schedule expressions, understood. Everything is UTC.
//!
//! The date that AWS gives for a secret's next rotation counts; what is worked out here is a preview.

mod bad;
mod cron;
mod fields;
mod names;
mod set;
mod short;
mod standing;
mod windows;
mod words;

pub use bad::{BadSchedule, Field};
pub use standing::{Discrepancy, next, upcoming};
pub use windows::{Anchor, Window};

use self::cron::Cron;
use super::secret::RotationRules;
use crate::text::AwsText;

/// The hours of a day.
const DAY: u32 = 24;

/// The longest expression, in characters.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html>
const LONGEST: usize = 256;

/// The fewest hours between two rotations, and the most days that a rate can have.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>
const CLOSEST: u32 = 4;
const FARTHEST: u32 = 999;

/// The most days of AutomaticallyAfterDays.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html>
const MOST_DAYS: u32 = 1000;

/// When a secret rotates: at some time inside of each of its windows.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    timing: Timing,
    /// The length of each window in hours, 1 to 24.
    length: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Timing {
    /// So many hours after AWS's date.
    Hours(u32),
    /// So many days after the UTC date of the last rotation, from 00:00Z.
    Days(u32),
    /// At these hours of these days.
    Cron(Cron),
}

impl Schedule {
    /// The schedule of a secret: its expression where there is one, else its days; `None` where there is neither.
    ///
    /// AWS works AutomaticallyAfterDays out even when an expression is set, so it doesn't count then
    /// (<https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>).
    pub fn of(rules: &RotationRules) -> Option<Result<Self, BadSchedule>> {
        let duration = rules.duration.as_ref().map(AwsText::raw);
        match (&rules.schedule_expression, rules.automatically_after_days) {
            (Some(expression), _) => Some(Self::parse(expression.raw(), duration)),
            (None, Some(days)) => Some(Self::after_days(days, duration)),
            (None, None) => None,
        }
    }

    /// Understands `rate(…)` or `cron(…)`, and a duration such as `3h`. Both may be in any case.
    pub fn parse(expression: &str, duration: Option<&str>) -> Result<Self, BadSchedule> {
        if expression.chars().count() > LONGEST {
            return Err(BadSchedule::Long);
        }
        let length = duration.map(hours).transpose()?;
        let upper = expression.trim().to_ascii_uppercase();
        let inside = |form: &str| upper.strip_prefix(form)?.strip_prefix('(')?.strip_suffix(')');
        match (inside("RATE"), inside("CRON")) {
            (Some(rate), _) => Self::rate(rate, length),
            (_, Some(cron)) => {
                let (cron, usual) = Cron::parse(cron)?;
                let length = length.unwrap_or(usual);
                cron.check(length)?;
                Ok(Self { timing: Timing::Cron(cron), length })
            }
            _ => Err(BadSchedule::Form),
        }
    }

    /// AutomaticallyAfterDays.
    fn after_days(days: i64, duration: Option<&str>) -> Result<Self, BadSchedule> {
        let length = duration.map(hours).transpose()?.unwrap_or(DAY);
        match u32::try_from(days) {
            Ok(number @ 1..=MOST_DAYS) => Ok(Self { timing: Timing::Days(number), length }),
            _ => Err(BadSchedule::Days(days)),
        }
    }

    /// What stands between the parentheses of a rate. Without a duration a window lasts one hour
    /// if the rate is in hours, and to the end of the day if it is in days.
    fn rate(rate: &str, length: Option<u32>) -> Result<Self, BadSchedule> {
        let mut words = rate.split(' ').filter(|word| !word.is_empty());
        let (Some(number), Some(unit), None) = (words.next(), words.next(), words.next()) else {
            return Err(BadSchedule::Rate);
        };
        let number = fields::number(number).ok_or(BadSchedule::Rate)?;
        let (timing, length, hours) = match unit {
            "HOUR" | "HOURS" => (Timing::Hours(number), length.unwrap_or(1), number),
            "DAY" | "DAYS" => (Timing::Days(number), length.unwrap_or(DAY), number.saturating_mul(DAY)),
            _ => return Err(BadSchedule::Rate),
        };
        match hours {
            ..CLOSEST => Err(BadSchedule::Short),
            // The guide has this limit for days; that one in hours has the same is derived.
            _ if hours > FARTHEST * DAY => Err(BadSchedule::Far),
            _ if length > hours => Err(BadSchedule::Overlap),
            _ => Ok(Self { timing, length }),
        }
    }
}

/// The hours of a duration: two or three characters, 1 to 24.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html>
fn hours(duration: &str) -> Result<u32, BadSchedule> {
    let bad = || BadSchedule::Duration(duration.into());
    let digits = duration.strip_suffix(['h', 'H']).filter(|digits| digits.len() <= 2).ok_or_else(bad)?;
    fields::number(digits).filter(|hours| (1..=DAY).contains(hours)).ok_or_else(bad)
}

#[cfg(test)]
mod tests;
