//! Lambda's runtimes that are no longer looked after.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// A runtime, and the day since when Lambda doesn't patch it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deprecation {
    /// Its identifier, as `python3.9`.
    pub runtime: &'static str,
    /// Year, month, day.
    day: (i32, u32, u32),
}

/// The runtimes in which rotation functions are found and whose day has come, as of November 2026. AWS has put such days
/// off more than once; invocations go on after them.
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>
pub const DEPRECATIONS: [Deprecation; 8] = [
    deprecated("python2.7", (2021, 7, 15)),
    deprecated("python3.6", (2022, 7, 18)),
    // That its day has come is known; which day it was is \[unverified\].
    deprecated("python3.7", (2023, 12, 4)),
    deprecated("python3.8", (2024, 10, 14)),
    deprecated("python3.9", (2025, 12, 15)),
    deprecated("nodejs12.x", (2023, 3, 31)),
    deprecated("nodejs14.x", (2023, 12, 4)),
    deprecated("nodejs18.x", (2025, 9, 1)),
];

const fn deprecated(runtime: &'static str, day: (i32, u32, u32)) -> Deprecation {
    Deprecation { runtime, day }
}

impl Deprecation {
    /// That of a runtime, where it has come by `now`.
    pub fn of(runtime: &str, now: DateTime<Utc>) -> Option<Self> {
        DEPRECATIONS.into_iter().find(|one| one.runtime == runtime && one.since() <= now)
    }

    /// Since when (UTC, midnight).
    pub fn since(self) -> DateTime<Utc> {
        let (year, month, day) = self.day;
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default().and_time(NaiveTime::MIN).and_utc()
    }
}
