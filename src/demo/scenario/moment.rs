//! Dates and spans as a scenario writes them: `2026-11-20T09:14:00Z`, `-33d`, `+2d4h`, `90s`.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// A point in time, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    At(DateTime<Utc>),
    /// So long after the start of the world's clock, or before it if negative.
    FromStart(TimeDelta),
}

impl Moment {
    pub(super) fn utc(self, start: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::At(at) => at,
            Self::FromStart(delta) => start.checked_add_signed(delta).unwrap_or(start),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let sign = match text.chars().next() {
            Some('+') => Some(1),
            Some('-') => Some(-1),
            _ => None,
        };
        let wrong = || {
            format!(
                "`{text}` is no date: write \"2026-11-20T09:14:00Z\", or \"-2d4h\" or \"+90s\" from the clock's start"
            )
        };
        let Some(sign) = sign else {
            let date = DateTime::parse_from_rfc3339(text).map_err(|_| wrong())?;
            return Ok(Self::At(date.to_utc()));
        };
        let span = text.get(1..).and_then(span).ok_or_else(wrong)?;
        let delta = TimeDelta::from_std(span).map_err(|_| wrong())?;
        Ok(Self::FromStart(delta * sign))
    }
}

/// A span of time without a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span(pub(super) Duration);

impl Span {
    fn parse(text: &str) -> Result<Self, String> {
        span(text)
            .map(Self)
            .ok_or_else(|| format!("`{text}` is no span of time: write \"70s\", \"250ms\" or \"1h30m\""))
    }
}

/// No span in a scenario is longer, so dates cannot leave the calendar.
const CENTURY: Duration = Duration::from_hours(24 * 36_525);

/// `2d4h`, `90s`, `250ms`: numbers with their units, no blanks, at most a century.
fn span(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, behind) = rest.split_at_checked(digits)?;
        let number: u64 = number.parse().ok()?;
        let letters = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at_checked(letters)?;
        let millis = match unit {
            "d" => 86_400_000,
            "h" => 3_600_000,
            "m" => 60_000,
            "s" => 1000,
            "ms" => 1,
            _ => return None,
        };
        sum = sum.checked_add(Duration::from_millis(number.checked_mul(millis)?))?;
        rest = behind;
    }
    (!text.is_empty() && sum <= CENTURY).then_some(sum)
}

/// Reads a type from a TOML string, with the span of the string in the error.
struct Reads<T>(fn(&str) -> Result<T, String>);

impl<T> Visitor<'_> for Reads<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Reads(Self::parse))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Reads(Self::parse))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_add_up() {
        let table = [
            ("70s", Some(70_000)),
            ("2d4h", Some(187_200_000)),
            ("1h30m", Some(5_400_000)),
            ("250ms", Some(250)),
            ("", None),
            ("5", None),
            ("h", None),
            ("5w", None),
            ("5 s", None),
            ("36525d", Some(3_155_760_000_000)),
            ("36525d1ms", None),
            ("99999999999999999d", None),
        ];
        for (text, millis) in table {
            assert_eq!(span(text), millis.map(Duration::from_millis), "{text:?}");
        }
    }

    #[test]
    fn a_moment_is_a_date_or_a_distance() {
        let start = DateTime::parse_from_rfc3339("2026-11-20T09:14:00Z").unwrap().to_utc();
        let table = [
            ("-2d4h", "2026-11-18T05:14:00+00:00"),
            ("+90s", "2026-11-20T09:15:30+00:00"),
            ("2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00+00:00"),
        ];
        for (text, utc) in table {
            assert_eq!(Moment::parse(text).unwrap().utc(start).to_rfc3339(), utc);
        }
        for text in ["33d", "", "-", "--1d", "+-1d", "-1d-4h", "2026-11-20"] {
            assert!(Moment::parse(text).is_err(), "{text:?}");
        }
    }
}
