//! What is told of a schedule, from the expression and AWS's date.

use super::*;
use crate::domain::secret::RotationRules;

/// A secret that rotates by an expression, by days where there is none.
fn secret(expression: &str, duration: &str, next: &str) -> Secret {
    let some = |text: &str| (!text.is_empty()).then(|| text.into());
    Secret {
        rotation_enabled: Some(!next.is_empty()),
        rotation_rules: Some(RotationRules {
            automatically_after_days: Some(7),
            duration: some(duration),
            schedule_expression: some(expression),
        }),
        next_rotation: next.parse().ok(),
        ..Secret::plain("name")
    }
}

#[test]
fn a_schedule_is_told_in_words_with_what_comes_of_it() {
    let counts = "AWS's date counts. Turning rotation off and on, or setting a value by hand, moves it.";
    let differs = format!(
        "AWS says by 2026-12-02 17:59:59Z, when none of the schedule's windows ends; the next one after that ends \
         2026-12-15 17:59:59Z. {counts}"
    );
    let (twice, after) = (
        "1st and 15th of the month, 16:00–18:00Z (cron(0 16 1,15 * ? *))",
        "2026-12-15 16:00–18:00Z, 2027-01-01 16:00–18:00Z, 2027-01-15 16:00–18:00Z",
    );
    let then = format!("after that {after}");
    let unknown = "The schedule is not understood: the minutes must be 0, not `30`. AWS's date counts all the same.";
    for (expression, duration, next, facts) in [
        ("cron(0 16 1,15 * ? *)", "2h", "2026-12-01T17:59:59Z", &[("Schedule", twice), ("Next windows", &then)][..]),
        (
            "cron(0 16 1,15 * ? *)",
            "2h",
            "2026-12-02T17:59:59Z",
            &[("Schedule", twice), ("Next windows", &then), ("Dates differ", &differs)],
        ),
        (
            "rate(30 days)",
            "3h",
            "2026-12-01T02:59:59Z",
            &[
                ("Schedule", "every 30 days, 00:00–03:00Z"),
                (
                    "Next windows",
                    "after that 2026-12-31 00:00–03:00Z, 2027-01-30 00:00–03:00Z, 2027-03-01 00:00–03:00Z",
                ),
            ],
        ),
        (
            "",
            "",
            "2026-11-20T23:59:59Z",
            &[("Schedule", "every 7 days"), ("Next windows", "after that 2026-11-27, 2026-12-04, 2026-12-11")],
        ),
        (
            "rate(8 hours)",
            "",
            "2026-11-20T15:59:59Z",
            &[
                ("Schedule", "every 8 hours, in windows of 1 h"),
                (
                    "Next windows",
                    "after that by 2026-11-20 23:59:59Z, by 2026-11-21 07:59:59Z, by 2026-11-21 15:59:59Z",
                ),
            ],
        ),
        // overdue
        ("", "", "2026-11-19T23:59:59Z", &[("Schedule", "every 7 days")]),
        (
            "cron(0 8 ? * FRI *)",
            "",
            "2026-11-13T23:59:59Z",
            &[
                ("Schedule", "every Friday, 08:00–24:00Z (cron(0 8 ? * FRI *))"),
                ("Next windows", "2026-11-27 08:00–24:00Z, 2026-12-04 08:00–24:00Z, 2026-12-11 08:00–24:00Z"),
            ],
        ),
        // rotation is off
        ("cron(0 0 1 * ? *)", "", "", &[("Schedule", "1st of the month (cron(0 0 1 * ? *); rotation is off)")]),
        ("rate(30 days)", "", "", &[("Schedule", "every 30 days (rotation is off)")]),
        (
            "cron(30 8 * * ? *)",
            "2h",
            "2026-12-01T17:59:59Z",
            &[("Schedule", "cron(30 8 * * ? *) (window 2h)"), ("Not understood", unknown)],
        ),
    ] {
        let names = ["Schedule", "Next windows", "Dates differ", "Not understood"];
        let found = of(&secret(expression, duration, next), "2026-11-20T09:14:00Z".parse().unwrap(), false);
        let found: Vec<_> = found.into_iter().filter(|(name, _)| names.contains(name)).collect();
        let found: Vec<_> = found.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(found, facts, "{expression} {next}");
    }
}
