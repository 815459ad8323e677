//! The agenda in words, the same on the screen and in the command's table.

pub mod json;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::domain::agenda::{Agenda, Crowd, Day, Entry, Known, Why};
use crate::domain::words::NOTHING;
use crate::text::zone::Zone;
use crate::text::{count, moment, span};

/// The columns of a window by the clocks of a zone.
pub const CLOCK: usize = 15;

/// The columns of a window in UTC beside that.
pub const UTC: usize = 19;

/// What is said over the functions that several windows need at once.
pub const CROWDED: &str = "At once · a function with less reserved concurrency than that may be throttled";

/// What is said over those whose date has passed.
pub const OVERDUE: &str = "Overdue · rotation is on, and AWS's date has passed";

/// What is said over those of which not everything is known.
pub const UNKNOWN: &str = "Not known · rotation is on";

/// The days of a zone on which windows open.
pub fn days(agenda: &Agenda, zone: Zone) -> Vec<Day> {
    match zone {
        Zone::Utc => agenda.days(&Utc),
        Zone::Local => agenda.days(&chrono::Local),
        Zone::Named(zone) => agenda.days(&zone),
    }
}

/// A day: `Sat 21 Nov · tomorrow · 3 windows`, and how long it is where clocks change on it.
pub fn day(date: NaiveDate, windows: usize, now: DateTime<Utc>, zone: Zone) -> String {
    let today = zone.at(now).date_naive();
    let year = if date.year() == today.year() { "%a %-d %b" } else { "%a %-d %b %Y" };
    let near = match (date - today).num_days() {
        -1 => " · yesterday",
        0 => " · today",
        1 => " · tomorrow",
        _ => "",
    };
    let odd = zone.odd_length(date).map_or_else(String::new, |length| format!(" · {}, clocks change", span(length)));
    format!("{}{near} · {}{odd}", date.format(year), count(windows, "window"))
}

/// A window by the clocks of a zone: `09:00–10:00`, `19:00–19:00 +1` where it closes on the next day.
pub fn clock(entry: &Entry, zone: Zone) -> String {
    let (start, end) = (zone.at(entry.window.start), zone.at(entry.window.end));
    if entry.known == Known::AwsEnd {
        return format!("by {}", start.format("%H:%M"));
    }
    let days = (end.date_naive() - start.date_naive()).num_days();
    match (days, end.time()) {
        (0, _) => format!("{}–{}", start.format("%H:%M"), end.format("%H:%M")),
        (1, NaiveTime::MIN) => format!("{}–24:00", start.format("%H:%M")),
        _ => format!("{}–{} +{days}", start.format("%H:%M"), end.format("%H:%M")),
    }
}

/// The same in UTC, `Sat 00:00–24:00Z`; the day of the week where it isn't that of the zone.
pub fn clock_in_utc(entry: &Entry, zone: Zone) -> String {
    let start = entry.window.start;
    let other_day = zone.at(start).date_naive() != start.date_naive();
    let day = if other_day { format!("{} ", start.format("%a")) } else { String::new() };
    let words = clock(entry, Zone::Utc);
    let (clock, later) = words.split_once(" +").unwrap_or((&words, ""));
    let later = if later.is_empty() { String::new() } else { format!(" +{later}") };
    format!("{day}{clock}Z{later}")
}

/// The date of an overdue one by the clocks of a zone: `by 18 Nov 09:14`.
pub fn date(since: DateTime<Utc>, now: DateTime<Utc>, zone: Zone) -> String {
    let form = if now - since < TimeDelta::days(300) { "by %-d %b %H:%M" } else { "by %-d %b %Y" };
    zone.at(since).format(form).to_string()
}

/// The same in UTC: `18 Nov 09:14Z`.
pub fn date_in_utc(since: DateTime<Utc>) -> String {
    since.format("%-d %b %H:%MZ").to_string()
}

/// How late an overdue one is.
pub fn late(since: DateTime<Utc>, now: DateTime<Utc>) -> String {
    format!("overdue by {}", span(now - since))
}

/// How long a window is.
pub fn length(entry: &Entry) -> String {
    if entry.known == Known::AwsEnd { NOTHING.to_owned() } else { span(entry.window.end - entry.window.start) }
}

/// What there is to say of a window, what matters most first.
pub fn notes(entry: &Entry, now: DateTime<Utc>) -> Vec<String> {
    let open = entry.is_open(now) && entry.known != Known::AwsEnd;
    let crowd = (entry.at_once > 1).then(|| format!("{} at once", entry.at_once));
    let open = open.then(|| "open now".to_owned());
    let source: &[&str] = match entry.known {
        Known::Aws => &["AWS's date"],
        Known::AwsEnd => &["AWS's date", "length unknown"],
        Known::Computed => &["computed"],
    };
    crowd.into_iter().chain(open).chain(source.iter().map(ToString::to_string)).collect()
}

/// What isn't known of a secret's windows, as a clause.
pub fn why(why: &Why) -> String {
    match why {
        Why::NoDate => "AWS gives no date for the next rotation".to_owned(),
        Why::NoSchedule => "AWS gives no schedule, so that nothing is known beyond its date".to_owned(),
        Why::NotUnderstood(bad) => format!("the schedule is not understood, so that AWS's date alone counts: {bad}"),
        Why::Ends(at) => format!("no window after {} can be worked out from the schedule", moment(*at)),
    }
}

/// How many windows of a function are open together at the worst moment, and when that first is. Rotation comes at any
/// moment of a window (<https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>), hence
/// "up to".
pub fn crowd(agenda: &Agenda, crowd: &Crowd, zone: Zone) -> String {
    let number = count(crowd.at_once as usize, "window");
    format!("up to {number} at once, {}", when(crowd.from, agenda.now, zone))
}

fn when(from: DateTime<Utc>, now: DateTime<Utc>, zone: Zone) -> String {
    if from <= now {
        return "now".to_owned();
    }
    let there = zone.at(from);
    let utc = if zone.is_utc() { String::new() } else { format!(" ({})", from.format("%a %H:%MZ")) };
    format!("first {}{utc}", there.format("%a %-d %b %H:%M"))
}

/// That there is nothing, and within what time.
pub fn nothing(within: TimeDelta, filtered: bool) -> String {
    let within = horizon(within);
    if filtered {
        return format!("Nothing that passes the filter rotates in the next {within}, or is overdue.");
    }
    format!("No window opens in the next {within}, and nothing is overdue.")
}

/// A horizon: `24 h`, `7 d`.
pub fn horizon(within: TimeDelta) -> String {
    let hours = within.num_hours();
    if hours > 24 && hours % 24 == 0 { format!("{} d", hours / 24) } else { format!("{hours} h") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schedule::Window;
    use chrono_tz::Tz;

    fn entry(start: &str, hours: i64) -> Entry {
        let start = start.parse().unwrap();
        let window = Window { start, end: start + TimeDelta::hours(hours) };
        Entry { subject: 0, window, known: Known::Computed, at_once: 1 }
    }

    const NEW_YORK: Zone = Zone::Named(Tz::America__New_York);
    const KOLKATA: Zone = Zone::Named(Tz::Asia__Kolkata);

    #[test]
    fn windows_stand_by_the_clocks_of_the_zone_with_utc_beside() {
        for (start, hours, zone, clock, utc) in [
            ("2026-11-20T16:00:00Z", 2, Zone::Utc, "16:00–18:00", "16:00–18:00Z"),
            ("2026-11-20T00:00:00Z", 24, Zone::Utc, "00:00–24:00", "00:00–24:00Z"),
            ("2026-11-20T00:00:00Z", 24, NEW_YORK, "19:00–19:00 +1", "Fri 00:00–24:00Z"),
            ("2026-11-20T00:00:00Z", 24, KOLKATA, "05:30–05:30 +1", "00:00–24:00Z"),
            ("2026-11-20T18:30:00Z", 4, KOLKATA, "00:00–04:00", "Fri 18:30–22:30Z"),
            ("2026-11-20T22:30:00Z", 4, Zone::Utc, "22:30–02:30 +1", "22:30–02:30Z +1"),
            // the day with 25 hours: the last one that ends at midnight, one over the change, and both hours from one
            ("2026-11-01T04:00:00Z", 24, NEW_YORK, "00:00–23:00", "04:00–04:00Z +1"),
            ("2026-11-01T04:00:00Z", 4, NEW_YORK, "00:00–03:00", "04:00–08:00Z"),
            ("2026-11-01T05:00:00Z", 1, NEW_YORK, "01:00–01:00", "05:00–06:00Z"),
            ("2026-11-01T06:00:00Z", 1, NEW_YORK, "01:00–02:00", "06:00–07:00Z"),
            ("2026-10-31T00:00:00Z", 24, NEW_YORK, "20:00–20:00 +1", "Sat 00:00–24:00Z"),
            ("2026-11-02T00:00:00Z", 24, NEW_YORK, "19:00–19:00 +1", "Mon 00:00–24:00Z"),
        ] {
            let entry = entry(start, hours);
            assert_eq!(
                (super::clock(&entry, zone).as_str(), clock_in_utc(&entry, zone).as_str()),
                (clock, utc),
                "{start}"
            );
            assert_eq!(length(&entry), format!("{hours} h"));
        }
    }

    #[test]
    fn days_say_how_near_and_how_long_they_are() {
        let now = "2026-11-01T02:00:00Z".parse().unwrap();
        for (date, zone, words) in [
            ((2026, 11, 1), Zone::Utc, "Sun 1 Nov · today · 3 windows"),
            ((2026, 11, 1), NEW_YORK, "Sun 1 Nov · tomorrow · 3 windows · 25 h, clocks change"),
            ((2026, 10, 31), NEW_YORK, "Sat 31 Oct · today · 3 windows"),
            ((2026, 10, 31), KOLKATA, "Sat 31 Oct · yesterday · 3 windows"),
            ((2026, 11, 3), KOLKATA, "Tue 3 Nov · 3 windows"),
            ((2027, 1, 1), KOLKATA, "Fri 1 Jan 2027 · 3 windows"),
        ] {
            let date = NaiveDate::from_ymd_opt(date.0, date.1, date.2).unwrap();
            assert_eq!(day(date, 3, now, zone), words);
        }
    }

    #[test]
    fn horizons_are_in_days_where_they_are_whole_ones() {
        for (hours, words) in [(1, "1 h"), (24, "24 h"), (36, "36 h"), (48, "2 d"), (24 * 30, "30 d")] {
            assert_eq!(horizon(TimeDelta::hours(hours)), words);
        }
    }

    #[test]
    fn every_column_is_wide_enough() {
        let entry = entry("2026-11-20T23:30:00Z", 24);
        assert!(crate::text::width(&super::clock(&entry, KOLKATA)) <= CLOCK);
        for zone in [NEW_YORK, KOLKATA] {
            assert!(crate::text::width(&clock_in_utc(&entry, zone)) <= UTC);
        }
    }
}
