//! Why a schedule can't be one that AWS takes.

use std::fmt;

use crate::text::AwsText;

/// Why a schedule isn't understood. Each is a clause that can stand behind a colon.
///
/// Source of the rules, where nothing else is said:
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSchedule {
    /// Neither `rate(…)` nor `cron(…)`.
    #[error("a schedule expression is rate(…) or cron(…)")]
    Form,
    /// More characters than an expression can have.
    #[error("a schedule expression has at most 256 characters")]
    Long,
    /// Something else than a number and `hours` or `days`.
    #[error("a rate is a number of hours or days, such as rate(30 days)")]
    Rate,
    /// Below four hours.
    #[error("a secret rotates every 4 hours at most")]
    Short,
    /// Above 999 days.
    #[error("a rate is 999 days at most")]
    Far,
    /// AutomaticallyAfterDays out of its range.
    #[error("the days between rotations are from 1 to 1000, not {0}")]
    Days(i64),
    /// Something else than a number of hours that a day has.
    #[error("a window lasts a whole number of hours from 1 to 24, such as 3h, not `{0}`")]
    Duration(AwsText),
    /// More or fewer fields than six.
    #[error("a cron expression has six fields (minutes, hours, day of month, month, day of week, year), not {0}")]
    Fields(usize),
    /// A field that can have one value only.
    #[error("the {field} must be {must}, not `{found}`")]
    Fixed {
        /// Minutes or year.
        field: Field,
        /// The only value.
        must: &'static str,
        /// What stands there.
        found: AwsText,
    },
    /// Both fields of days say something.
    #[error("day of month or day of week must be `?`, and neither is")]
    TwoDays,
    /// Neither field of days says anything.
    #[error("only one of day of month and day of week can be `?`, and both are")]
    NoDay,
    /// A character that means nothing there, such as `W`.
    #[error("`{wildcard}` can't stand in `{part}`, the {field}")]
    Wildcard {
        /// The field.
        field: Field,
        /// The character.
        wildcard: AwsText,
        /// What stands there.
        part: AwsText,
    },
    /// A value out of the field's range, or a name that isn't one.
    #[error("`{value}` is not among the values of the {field}: {}", field.values())]
    Value {
        /// The field.
        field: Field,
        /// What stands there.
        value: AwsText,
    },
    /// A range that ends before it begins.
    #[error("the range `{range}` of the {field} ends before it begins")]
    Backwards {
        /// The field.
        field: Field,
        /// What stands there.
        range: AwsText,
    },
    /// Rotations less than four hours apart.
    #[error("its windows open less than 4 hours apart")]
    Close,
    /// A window longer than the time to the next one.
    #[error("a window reaches into the next one")]
    Overlap,
    /// A window that doesn't end on the UTC day on which it opens.
    #[error("a window reaches into the next UTC day")]
    NextDay,
}

/// A field of a cron expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// 0, always.
    Minutes,
    /// 0 to 23.
    Hours,
    /// 1 to 31.
    DayOfMonth,
    /// 1 to 12, or JAN to DEC.
    Month,
    /// 1 to 7, or SUN to SAT.
    DayOfWeek,
    /// `*`, always.
    Year,
}

impl Field {
    /// What may stand there.
    fn values(self) -> &'static str {
        match self {
            Self::Minutes => "0",
            Self::Hours => "0 to 23",
            Self::DayOfMonth => "1 to 31",
            Self::Month => "1 to 12, JAN to DEC",
            Self::DayOfWeek => "1 to 7, SUN to SAT",
            Self::Year => "*",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::DayOfMonth => "day of month",
            Self::Month => "month",
            Self::DayOfWeek => "day of week",
            Self::Year => "year",
        })
    }
}
