//! Expressions whose windows AWS's pages tell, or follow from them.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use croner::parser::CronParser;

use super::{at, schedule, window};
use crate::domain::schedule::Anchor;

/// Number, expression, duration, the moment to look from, the next windows.
/// A rate counts from that moment as from its last rotation.
type Vector = (u8, &'static str, &'static str, &'static str, &'static [&'static str]);

/// Read so in <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html> or
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>; 12 to 14 were observed
/// (<https://github.com/cloud-custodian/cloud-custodian/issues/9254>).
const DOCUMENTED: &[Vector] = &[
    (1, "cron(0 /8 * * ? *)", "", "2026-11-20T09:30", &["2026-11-20 16-17", "2026-11-21 00-01", "2026-11-21 08-09"]),
    (2, "cron(0 8/8 * * ? *)", "", "2026-11-20T09:30", &["2026-11-20 16-17", "2026-11-21 08-09", "2026-11-21 16-17"]),
    (
        3,
        "cron(0 2/10 * * ? *)",
        "",
        "2026-11-20T11:59",
        &["2026-11-20 12-13", "2026-11-20 22-23", "2026-11-21 02-03", "2026-11-21 12-13"],
    ),
    (4, "cron(0 10 * * ? *)", "", "2026-11-20T10:00", &["2026-11-21 10-24"]),
    (5, "cron(0 18 ? * SAT *)", "", "2026-11-20T12:00", &["2026-11-21 18-24", "2026-11-28 18-24"]),
    (6, "cron(0 8 1 * ? *)", "", "2026-11-20T12:00", &["2026-12-01 08-24", "2027-01-01 08-24"]),
    (
        7,
        "cron(0 1 ? 1/3 SUN#1 *)",
        "",
        "2026-11-20T12:00",
        &["2027-01-03 01-24", "2027-04-04 01-24", "2027-07-04 01-24", "2027-10-03 01-24"],
    ),
    (8, "cron(0 17 L * ? *)", "", "2027-02-01T00:00", &["2027-02-28 17-24", "2027-03-31 17-24"]),
    (9, "cron(0 8 ? * MON-FRI *)", "", "2026-11-20T09:00", &["2026-11-23 08-24", "2026-11-24 08-24"]),
    (
        10,
        "cron(0 16 1,15 * ? *)",
        "2h",
        "2026-11-20T12:00",
        &["2026-12-01 16-18", "2026-12-15 16-18", "2027-01-01 16-18"],
    ),
    (11, "cron(0 0 ? * SUN#1 *)", "", "2026-11-20T12:00", &["2026-12-06 00-24", "2027-01-03 00-24"]),
    (12, "rate(30 days)", "", "2026-01-22T06:42:22", &["2026-02-21 00-24"]),
    (12, "30", "", "2026-01-22T06:42:22", &["2026-02-21 00-24"]),
    (13, "30", "", "2024-02-22T07:16:15", &["2024-03-23 00-24"]),
    (14, "cron(0 0 ? * 2 *)", "", "2023-10-16T07:18:02", &["2023-10-23 00-24"]),
];

/// These follow from what is documented.
const DERIVED: &[Vector] = &[
    (16, "cron(0 8/8 * * ? *)", "", "2026-11-20T16:00", &["2026-11-21 08-09"]),
    (17, "cron(0 4/12 * * ? *)", "", "2026-11-20T05:00", &["2026-11-20 16-17", "2026-11-21 04-05"]),
    (18, "cron(0 10 * * ? *)", "3h", "2026-11-20T09:59", &["2026-11-20 10-13"]),
    (19, "cron(0 17 L * ? *)", "", "2028-02-01T00:00", &["2028-02-29 17-24"]),
    (
        20,
        "cron(0 0 ? 1/11 2#1 *)",
        "",
        "2026-11-20T12:00",
        &["2026-12-07 00-24", "2027-01-04 00-24", "2027-12-06 00-24"],
    ),
    (21, "cron(0 0 ? * 1 *)", "", "2026-11-20T12:00", &["2026-11-22 00-24"]),
    (22, "cron(0 3 ? * SUNL *)", "", "2026-11-20T12:00", &["2026-11-29 03-24", "2026-12-27 03-24"]),
    (23, "cron(0 6 ? * L *)", "", "2026-11-20T12:00", &["2026-11-21 06-24"]),
    (
        24,
        "cron(0 22 31 * ? *)",
        "2h",
        "2026-11-20T12:00",
        &["2026-12-31 22-24", "2027-01-31 22-24", "2027-03-31 22-24"],
    ),
    (25, "cron(0 0 29 2 ? *)", "", "2026-11-20T12:00", &["2028-02-29 00-24"]),
    (26, "cron(0 12 1/2 * ? *)", "", "2026-11-29T13:00", &["2026-12-01 12-24", "2026-12-03 12-24"]),
    (27, "cron(0 9 ? JAN,APR,JUL,OCT TUE#3 *)", "4h", "2026-11-20T12:00", &["2027-01-19 09-13", "2027-04-20 09-13"]),
    (28, "cron(0 23 * * ? *)", "1h", "2026-11-20T22:30", &["2026-11-20 23-24"]),
    (29, "cron(0 0/4 * * ? *)", "4h", "2026-11-20T23:10", &["2026-11-21 00-04", "2026-11-21 04-08"]),
    (
        30,
        "cron(0 5 10-12 12 ? *)",
        "",
        "2026-11-20T12:00",
        &["2026-12-10 05-24", "2026-12-11 05-24", "2026-12-12 05-24", "2027-12-10 05-24"],
    ),
    (31, "cron(0 7 ? * 1,4 *)", "", "2026-11-20T12:00", &["2026-11-22 07-24", "2026-11-25 07-24"]),
    (32, "cron(0 8 1/7 * ? *)", "", "2026-11-20T12:00", &["2026-11-22 08-24", "2026-11-29 08-24", "2026-12-01 08-24"]),
    (33, "cron(0 20 ? * MON-FRI *)", "4h", "2026-12-31T21:00", &["2027-01-01 20-24", "2027-01-04 20-24"]),
    (34, "cron(0 0 ? * 5#5 *)", "", "2026-11-20T12:00", &["2026-12-31 00-24", "2027-04-29 00-24"]),
    (35, "rate(1 day)", "", "2026-11-20T23:59:59", &["2026-11-21 00-24"]),
    (36, "rate(7 days)", "", "2026-11-20T00:00:01", &["2026-11-27 00-24"]),
    (37, "rate(30 days)", "", "2028-01-30T12:00", &["2028-02-29 00-24"]),
    (38, "rate(365 days)", "", "2026-12-31T10:00", &["2027-12-31 00-24"]),
    (39, "rate(999 days)", "", "2026-11-20T12:00", &["2029-08-15 00-24"]),
];

fn vectors() -> impl Iterator<Item = &'static Vector> {
    DOCUMENTED.iter().chain(DERIVED)
}

#[test]
fn every_vector_has_the_windows_that_it_should() {
    for (number, expression, duration, from, windows) in vectors() {
        let from = at(from);
        let anchor = Anchor { last_rotated: Some(from), next_rotation: None };
        let found: Vec<_> = schedule(expression, duration).windows_after(from, anchor).take(windows.len()).collect();
        let expected: Vec<_> = windows.iter().map(|text| window(text)).collect();
        assert_eq!(found, expected, "{number}: {expression} {duration}");
    }
    println!("{} vectors", vectors().count());
}

#[test]
fn what_aws_was_seen_to_say_is_the_last_second_of_a_window() {
    for (expression, duration, last, next) in [
        ("rate(30 days)", "", "2026-01-22T06:42:22", "2026-02-21T23:59:59"),
        ("30", "", "2024-02-22T07:16:15", "2024-03-23T23:59:59"),
        ("cron(0 0 ? * 2 *)", "", "2023-10-16T07:18:02", "2023-10-23T23:59:59"),
    ] {
        let (schedule, last, next) = (schedule(expression, duration), at(last), at(next));
        let anchor = Anchor { last_rotated: Some(last), next_rotation: None };
        let window = schedule.windows_after(last, anchor).next().unwrap();
        assert_eq!(window.last_second(), next, "{expression}");
        assert_eq!(schedule.window_ending(next), window, "{expression}");
    }
}

/// AWS's example answer has a date that doesn't follow from its schedule; its time of day does.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>
#[test]
fn vector_15_ends_in_the_second_before_its_hour() {
    let schedule = schedule("cron(0 16 1,15 * ? *)", "2h");
    let end = NaiveTime::from_hms_opt(17, 59, 59).unwrap();
    let mut windows = schedule.windows_after(at("2026-11-20T12:00"), Anchor::default()).take(20);
    assert!(windows.all(|window| window.last_second().time() == end));
}

#[test]
fn a_schedule_that_never_comes_true_has_no_windows() {
    for expression in ["cron(0 0 30 2 ? *)", "cron(0 0 31 2,4,6,9,11 ? *)"] {
        let windows = schedule(expression, "").windows_after(at("2026-11-20T12:00"), Anchor::default());
        assert_eq!(windows.count(), 0, "{expression}");
    }
}

#[test]
fn a_schedule_that_comes_true_once_in_forty_years_has_windows() {
    // 2100 is no leap year.
    let windows = schedule("cron(0 0 ? 2 SUN#5 *)", "").windows_after(at("2060-03-01T00:00"), Anchor::default());
    let expected = ["2060-02-29 00-24", "2088-02-29 00-24", "2128-02-29 00-24"].map(window);
    assert_eq!(windows.take(2).collect::<Vec<_>>(), expected[1..]);
}

#[test]
fn windows_end_with_the_calendar() {
    let last = DateTime::<Utc>::MAX_UTC;
    for expression in ["cron(0 0 * * ? *)", "cron(0 0 29 2 ? *)", "rate(30 days)", "rate(8 hours)"] {
        let schedule = schedule(expression, "");
        let anchor = Anchor { last_rotated: Some(last), next_rotation: Some(last) };
        assert!(schedule.windows_after(last - TimeDelta::days(1), anchor).count() <= 2, "{expression}");
        assert!(schedule.window_ending(last).last_second() <= last);
        assert!(schedule.window_ending(DateTime::<Utc>::MIN_UTC).start >= DateTime::<Utc>::MIN_UTC);
    }
}

/// Whether another library reads the expression as AWS does, and then its windows' beginnings too.
/// It takes a weekday `L` by itself for none, so that one is left out.
#[test]
fn a_second_opinion_agrees_on_every_cron_vector_that_it_can_judge() {
    let parser = CronParser::builder().alternative_weekdays(true).sloppy_ranges(true).build();
    let crons = || vectors().filter(|(_, expression, ..)| expression.starts_with("cron("));
    let mut skipped = Vec::new();
    for (number, expression, duration, from, _) in crons() {
        let fields = expression.trim_start_matches("cron(").trim_end_matches(" *)");
        if fields.ends_with(" L") {
            skipped.push(number);
            continue;
        }
        let cron = parser.parse(fields).unwrap_or_else(|error| panic!("{number}: {fields}: {error}"));
        let starts: Vec<_> = cron.iter_after(at(from)).take(12).collect();
        let windows = schedule(expression, duration).windows_after(at(from), Anchor::default());
        assert_eq!(windows.take(12).map(|window| window.start).collect::<Vec<_>>(), starts, "{number}: {expression}");
    }
    println!("{} cron vectors judged, skipped: {skipped:?}", crons().count() - skipped.len());
    assert_eq!(skipped, [&23]);
}
