//! Schedules and AWS's dates that fit together, and such as don't.

use super::*;
use crate::domain::secret::RotationRules;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A secret that rotates by an expression; the dates are empty where AWS doesn't send them.
fn secret(expression: &str, duration: Option<&str>, last: &str, next: &str) -> Secret {
    Secret {
        rotation_enabled: Some(true),
        rotation_rules: Some(RotationRules {
            automatically_after_days: None,
            duration: duration.map(Into::into),
            schedule_expression: Some(expression.into()),
        }),
        last_rotated: last.parse().ok(),
        next_rotation: next.parse().ok(),
        ..Secret::plain("name")
    }
}

#[test]
fn dates_that_fit_are_no_discrepancy() {
    for (expression, duration, last, next) in [
        ("cron(0 16 1,15 * ? *)", Some("2h"), "", "2026-12-01T17:59:59Z"),
        ("cron(0 16 1,15 * ? *)", Some("2h"), "2026-11-15T16:10:00Z", "2026-12-15T17:59:59Z"),
        ("cron(0 0 ? * 2 *)", None, "2023-10-16T07:18:02Z", "2023-10-23T23:59:59Z"),
        ("cron(0 0 ? * 2 *)", None, "", "2023-10-23T23:59:59.5Z"),
        ("rate(30 days)", None, "2026-01-22T06:42:22Z", "2026-02-21T23:59:59Z"),
        ("rate(30 days)", Some("3h"), "2026-01-22T06:42:22Z", "2026-02-21T02:59:59Z"),
        ("rate(30 days)", None, "", "2026-02-21T23:59:59Z"),
        // never judged
        ("rate(8 hours)", None, "2026-01-22T06:42:22Z", "2026-02-21T13:14:15Z"),
        // no date to judge
        ("rate(30 days)", None, "2026-01-22T06:42:22Z", ""),
    ] {
        assert_eq!(Discrepancy::of(&secret(expression, duration, last, next)), None, "{expression} {last} {next}");
    }
}

#[test]
fn a_discrepancy_says_both_dates_and_which_one_counts() {
    let counts = "AWS's date counts. Turning rotation off and on, or setting a value by hand, moves it.";
    for (expression, duration, last, next, words) in [
        (
            "cron(0 16 1,15 * ? *)",
            Some("2h"),
            "",
            "2026-12-02T17:59:59Z",
            "AWS says by 2026-12-02 17:59:59Z, when none of the schedule's windows ends; the next one after that \
             ends 2026-12-15 17:59:59Z. ",
        ),
        (
            "cron(0 16 1,15 * ? *)",
            Some("2h"),
            "",
            "2026-12-01T17:59:58Z",
            "AWS says by 2026-12-01 17:59:58Z, when none of the schedule's windows ends; the next one after that \
             ends 2026-12-15 17:59:59Z. ",
        ),
        (
            "cron(0 0 30 2 ? *)",
            None,
            "",
            "2026-12-02T23:59:59Z",
            "AWS says by 2026-12-02 23:59:59Z, though the schedule has no window after that at all. ",
        ),
        (
            "rate(30 days)",
            None,
            "2026-01-22T06:42:22Z",
            "2026-02-22T23:59:59Z",
            "AWS says by 2026-02-22 23:59:59Z; by its schedule it would be by 2026-02-21 23:59:59Z. ",
        ),
        (
            "rate(30 days)",
            Some("3h"),
            "",
            "2026-02-21T23:59:59Z",
            "AWS says by 2026-02-21 23:59:59Z; by its schedule it would be by 2026-02-21 02:59:59Z. ",
        ),
    ] {
        let discrepancy = Discrepancy::of(&secret(expression, duration, last, next));
        let sentence = discrepancy.map(|discrepancy| discrepancy.sentence());
        assert_eq!(sentence, Some(format!("{words}{counts}")), "{expression} {last} {next}");
    }
}

#[test]
fn a_schedule_that_aws_would_refuse_is_told() {
    let discrepancy = Discrepancy::of(&secret("cron(30 8 * * ? *)", None, "", "2026-12-02T17:59:59Z"));
    assert_eq!(
        discrepancy.map(|discrepancy| discrepancy.sentence()).as_deref(),
        Some("The schedule is not understood: the minutes must be 0, not `30`. AWS's date counts all the same.")
    );
}

#[test]
fn a_secret_that_will_not_rotate_has_no_dates_to_judge() {
    let fits_not = secret("rate(30 days)", None, "2026-01-22T06:42:22Z", "2026-02-22T23:59:59Z");
    let off = Secret { rotation_enabled: Some(false), ..fits_not.clone() };
    let deleted = Secret { deleted: Some(at("2026-03-01T00:00:00Z")), ..fits_not };
    for secret in [off, deleted] {
        assert_eq!(Discrepancy::of(&secret), None);
        assert_eq!(upcoming(&secret, at("2026-01-23T00:00:00Z")).count(), 0);
    }
}

#[test]
fn what_is_upcoming_follows_aws_s_date_and_now() {
    for (expression, duration, next, now, starts) in [
        ("rate(30 days)", None, "2026-02-22T23:59:59Z", "2026-01-23", &["2026-03-24T00", "2026-04-23T00"][..]),
        ("rate(8 hours)", None, "2026-02-22T07:59:59Z", "2026-01-23", &["2026-02-22T15", "2026-02-22T23"]),
        ("cron(0 8 1 * ? *)", None, "2026-02-01T23:59:59Z", "2026-01-23", &["2026-03-01T08", "2026-04-01T08"]),
        // the windows touch
        ("cron(0 0/4 * * ? *)", Some("4h"), "2026-02-01T03:59:59Z", "2026-01-23", &["2026-02-01T04", "2026-02-01T08"]),
        // overdue: a calendar goes on, a rate waits for the rotation
        ("cron(0 8 1 * ? *)", None, "2026-02-01T23:59:59Z", "2026-04-01", &["2026-04-01T08", "2026-05-01T08"]),
        ("rate(30 days)", None, "2026-02-22T23:59:59Z", "2026-02-23", &[]),
        ("rate(8 hours)", None, "2026-02-22T07:59:59Z", "2026-02-23", &[]),
    ] {
        // the last rotation, by which a rate would have other days, doesn't count
        let secret = secret(expression, duration, "2026-01-22T06:42:22Z", next);
        let windows = upcoming(&secret, at(&format!("{now}T00:00:00Z"))).take(2);
        let found: Vec<_> = windows.map(|window| window.start).collect();
        let expected: Vec<_> = starts.iter().map(|start| at(&format!("{start}:00:00Z"))).collect();
        assert_eq!(found, expected, "{expression} {now}");
    }
}

#[test]
fn the_next_window_is_aws_s_own_until_that_has_passed() {
    for (expression, next_rotation, now, start, end) in [
        ("rate(30 days)", "2026-02-22T23:59:59Z", "2026-01-23T00", "2026-02-22T00", "2026-02-23T00"),
        // open at the moment, closed for long
        ("rate(30 days)", "2026-02-22T23:59:59Z", "2026-02-22T23", "2026-02-22T00", "2026-02-23T00"),
        ("cron(0 8 1 * ? *)", "2026-02-01T23:59:59Z", "2026-07-15T00", "2026-08-01T08", "2026-08-02T00"),
    ] {
        let secret = secret(expression, None, "2026-01-22T06:42:22Z", next_rotation);
        let hour = |text: &str| at(&format!("{text}:00:00Z"));
        let expected = Window { start: hour(start), end: hour(end) };
        assert_eq!(next(&secret, hour(now)), Some(expected), "{expression} {now}");
    }
    // overdue: a rate counts from a rotation that is yet to come
    let overdue = secret("rate(30 days)", None, "2026-01-22T06:42:22Z", "2026-02-22T23:59:59Z");
    assert_eq!(next(&overdue, at("2026-02-23T00:00:00Z")), None);
    // not understood: AWS's date is all that there is
    let alone = secret("cron(30 8 * * ? *)", None, "", "2026-12-02T17:59:59Z");
    let window = next(&alone, at("2026-11-01T00:00:00Z"));
    assert_eq!(window.map(|window| window.last_second()), Some(at("2026-12-02T17:59:59Z")));
    assert_eq!(next(&alone, at("2026-12-03T00:00:00Z")), None);
}
