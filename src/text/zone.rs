//! Time zones in which moments are shown: UTC, the machine's own, or one by its IANA name.

use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::safe;

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zone {
    /// UTC, as AWS has it.
    #[default]
    Utc,
    /// The machine's own: that of `TZ` or `/etc/localtime`.
    Local,
    /// A zone of the IANA database that the program brings along.
    Named(Tz),
}

/// A name that is none of a time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no time zone: write utc, local, or an IANA name such as America/New_York")]
pub struct NoZone(String);

impl FromStr for Zone {
    type Err = NoZone;

    /// `utc`, `local` or an IANA name, in any case.
    fn from_str(name: &str) -> Result<Self, NoZone> {
        let is = |word: &str| word.eq_ignore_ascii_case(name);
        match TZ_VARIANTS.iter().find(|zone| is(zone.name())) {
            _ if is("utc") => Ok(Self::Utc),
            _ if is("local") => Ok(Self::Local),
            Some(zone) => Ok(Self::Named(*zone)),
            None => Err(NoZone(safe(name))),
        }
    }
}

impl Zone {
    /// A moment by the clocks of the zone.
    pub fn at(self, moment: DateTime<Utc>) -> DateTime<FixedOffset> {
        match self {
            Self::Utc => moment.fixed_offset(),
            Self::Local => moment.with_timezone(&chrono::Local).fixed_offset(),
            Self::Named(zone) => moment.with_timezone(&zone).fixed_offset(),
        }
    }

    /// Whether it is UTC by its name, so that UTC need not stand beside it.
    pub fn is_utc(self) -> bool {
        self == Self::Utc
    }

    /// Its name: `UTC`, `local`, `America/New_York`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utc => "UTC",
            Self::Local => "local",
            Self::Named(zone) => zone.name(),
        }
    }

    /// How long a day is, where that isn't 24 hours: clocks change on it.
    pub fn odd_length(self, date: NaiveDate) -> Option<TimeDelta> {
        let length = self.midnight(date.succ_opt()?)? - self.midnight(date)?;
        (length != TimeDelta::days(1)).then_some(length)
    }

    /// When a day begins; `None` where the zone has no midnight on it.
    fn midnight(self, date: NaiveDate) -> Option<DateTime<Utc>> {
        let midnight = date.and_time(NaiveTime::MIN);
        match self {
            Self::Utc => Some(midnight.and_utc()),
            Self::Local => Some(chrono::Local.from_local_datetime(&midnight).earliest()?.to_utc()),
            Self::Named(zone) => Some(zone.from_local_datetime(&midnight).earliest()?.to_utc()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_name_in_any_case() {
        for (name, zone) in [
            ("utc", Zone::Utc),
            ("UTC", Zone::Utc),
            ("Local", Zone::Local),
            ("america/new_york", Zone::Named(Tz::America__New_York)),
            ("Asia/Kolkata", Zone::Named(Tz::Asia__Kolkata)),
        ] {
            assert_eq!(name.parse(), Ok(zone));
        }
        for name in ["", "Mars/Olympus", "America", "\u{1b}[31m"] {
            let said = name.parse::<Zone>().unwrap_err().to_string();
            assert!(said.contains("is no time zone") && !said.contains('\u{1b}'), "{said}");
        }
    }

    #[test]
    fn days_on_which_clocks_change_are_longer_or_shorter() {
        let (new_york, kolkata) = (Zone::Named(Tz::America__New_York), Zone::Named(Tz::Asia__Kolkata));
        for (zone, date, hours) in [
            (new_york, (2026, 10, 31), None),
            (new_york, (2026, 11, 1), Some(25)),
            (new_york, (2026, 11, 2), None),
            (new_york, (2027, 3, 14), Some(23)),
            (kolkata, (2026, 11, 1), None),
            (Zone::Utc, (2026, 11, 1), None),
        ] {
            let date = NaiveDate::from_ymd_opt(date.0, date.1, date.2).unwrap();
            assert_eq!(zone.odd_length(date), hours.map(TimeDelta::hours), "{zone:?} {date}");
        }
    }

    #[test]
    fn the_hour_that_comes_twice_is_told_apart_by_its_offset() {
        let zone = Zone::Named(Tz::America__New_York);
        for (moment, clock) in [
            ("2026-11-01T05:30:00Z", "2026-11-01T01:30:00-04:00"),
            ("2026-11-01T06:30:00Z", "2026-11-01T01:30:00-05:00"),
        ] {
            assert_eq!(zone.at(moment.parse().unwrap()).to_rfc3339(), clock);
        }
    }
}
