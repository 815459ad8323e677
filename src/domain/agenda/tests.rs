//! What stands in an agenda, what doesn't, and that nothing is lost.

use chrono::{NaiveDate, TimeZone};
use chrono_tz::{America, Asia, Tz};
use proptest::prelude::*;

use super::*;
use crate::domain::secret::RotationRules;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A secret that rotates by an expression; AWS's date is empty where there is none, and so is the function.
fn secret(name: &str, expression: &str, duration: Option<&str>, next: &str, function: &str) -> Secret {
    let arn = |function: &str| format!("arn:aws:lambda:eu-west-1:000000000000:function:{function}").into();
    Secret {
        rotation_enabled: Some(true),
        rotation_function: (!function.is_empty()).then(|| arn(function)),
        rotation_rules: (!expression.is_empty()).then(|| RotationRules {
            automatically_after_days: None,
            duration: duration.map(Into::into),
            schedule_expression: Some(expression.into()),
        }),
        next_rotation: next.parse().ok(),
        ..Secret::plain(name)
    }
}

const NOW: &str = "2026-11-20T09:14:00Z";

/// The agenda in words: the overdue ones, the windows, and what isn't known.
fn words(secrets: &[Secret], days: i64) -> Vec<String> {
    let agenda = Agenda::of(secrets, at(NOW), TimeDelta::days(days));
    let name = |number: usize| agenda.subjects[number].name.to_string();
    let time = |at: DateTime<Utc>| at.format("%d %H:%M:%S").to_string();
    let overdue = agenda.overdue.iter().map(|one| format!("! {} {}", name(one.subject), time(one.since)));
    let entries = agenda.entries.iter().map(|entry| {
        let (start, end) = (time(entry.window.start), time(entry.window.end));
        let open = if entry.is_open(at(NOW)) { " open" } else { "" };
        format!("{} {start} {end} {:?}{open}", agenda.subject(entry).name, entry.known)
    });
    let unknown = agenda.unknown.iter().map(|one| format!("? {} {:?}", name(one.subject), one.why));
    overdue.chain(entries).chain(unknown).collect()
}

#[test]
fn each_secret_has_its_own_window_first_and_then_those_that_follow_from_the_schedule() {
    for (one, days, expected) in [
        // the window of today is open; the next comes in thirty days
        (
            secret("a", "rate(30 days)", None, "2026-11-20T23:59:59Z", ""),
            29,
            &["a 20 00:00:00 21 00:00:00 Aws open"][..],
        ),
        (
            secret("a", "rate(7 days)", Some("3h"), "2026-11-23T02:59:59Z", ""),
            14,
            &["a 23 00:00:00 23 03:00:00 Aws", "a 30 00:00:00 30 03:00:00 Computed"],
        ),
        (
            secret("a", "cron(0 16 1,15 * ? *)", Some("2h"), "2026-12-01T17:59:59Z", ""),
            30,
            &["a 01 16:00:00 01 18:00:00 Aws", "a 15 16:00:00 15 18:00:00 Computed"],
        ),
        // what opens on the horizon or after it isn't in it, though AWS's date may lie far behind it
        (secret("a", "rate(30 days)", None, "2026-11-21T23:59:59Z", ""), 1, &["a 21 00:00:00 22 00:00:00 Aws"]),
        (secret("a", "rate(30 days)", None, "2026-11-22T23:59:59Z", ""), 1, &[]),
        (
            secret("a", "cron(0 9 21 * ? *)", Some("1h"), "2026-11-21T09:59:59Z", ""),
            1,
            &["a 21 09:00:00 21 10:00:00 Aws"],
        ),
        (secret("a", "cron(0 10 21 * ? *)", Some("1h"), "2026-11-21T10:59:59Z", ""), 1, &[]),
        // an overdue one goes on by its schedule
        (
            secret("a", "cron(0 12 * * ? *)", Some("1h"), "2026-11-18T12:59:59Z", ""),
            1,
            &["! a 18 12:59:59", "a 20 12:00:00 20 13:00:00 Computed"],
        ),
    ] {
        assert_eq!(words(std::slice::from_ref(&one), days), expected, "{one:?} {days}");
    }
}

#[test]
fn what_is_not_known_is_named() {
    let understood = |why: &Why| !matches!(why, Why::NotUnderstood(_));
    for (expression, next, days, expected) in [
        ("rate(1 day)", "", 1, &["? a NoDate"][..]),
        ("", "2026-11-20T23:59:59Z", 1, &["a 20 23:59:59 21 00:00:00 AwsEnd", "? a NoSchedule"]),
        // its window may open before the horizon, for its length isn't known
        ("", "2026-11-21T23:59:59Z", 1, &["? a NoSchedule"]),
        ("", "2026-11-22T23:59:59Z", 1, &[]),
        ("", "2026-11-19T23:59:59Z", 1, &["! a 19 23:59:59", "? a NoSchedule"]),
        // where a rate in hours would lead over midnight, nobody knows on which hour it goes on
        (
            "rate(10 hours)",
            "2026-11-20T13:29:59Z",
            1,
            &[
                "a 20 12:30:00 20 13:30:00 Aws",
                "a 20 22:30:00 20 23:30:00 Computed",
                "a 21 08:30:00 21 09:30:00 Computed",
            ],
        ),
        (
            "rate(11 hours)",
            "2026-11-20T13:29:59Z",
            1,
            &["a 20 12:30:00 20 13:30:00 Aws", "? a Ends(2026-11-20T13:29:59Z)"],
        ),
    ] {
        let found = words(&[secret("a", expression, None, next, "")], days);
        assert_eq!(found, expected, "{expression} {next}");
    }
    let odd = secret("a", "rate(3 minutes)", None, "2026-11-20T23:59:59Z", "");
    let agenda = Agenda::of([&odd], at(NOW), TimeDelta::days(7));
    assert_eq!(agenda.entries[0].known, Known::AwsEnd);
    assert!(!understood(&agenda.unknown[0].why), "{:?}", agenda.unknown);
}

#[test]
fn what_does_not_rotate_is_not_in_it() {
    let rotating = secret("a", "rate(1 day)", None, "2026-11-20T23:59:59Z", "");
    for change in [
        |one: &mut Secret| one.rotation_enabled = Some(false),
        |one: &mut Secret| one.rotation_enabled = None,
        |one: &mut Secret| one.deleted = Some(at(NOW)),
    ] {
        let mut one = rotating.clone();
        change(&mut one);
        assert!(Agenda::of([&one], at(NOW), TimeDelta::days(30)).is_empty(), "{one:?}");
    }
    assert!(!Agenda::of([&rotating], at(NOW), TimeDelta::days(30)).is_empty());
}

#[test]
fn the_worst_overdue_comes_first_and_ties_keep_their_order() {
    let secrets = [
        secret("b", "rate(1 day)", None, "2026-11-20T23:59:59Z", ""),
        secret("late", "rate(90 days)", None, "2026-11-19T23:59:59Z", ""),
        secret("a", "rate(1 day)", None, "2026-11-20T23:59:59Z", ""),
        secret("later", "rate(90 days)", None, "2026-10-19T23:59:59Z", ""),
    ];
    let expected = [
        "! later 19 23:59:59",
        "! late 19 23:59:59",
        "b 20 00:00:00 21 00:00:00 Aws open",
        "a 20 00:00:00 21 00:00:00 Aws open",
        "b 21 00:00:00 22 00:00:00 Computed",
        "a 21 00:00:00 22 00:00:00 Computed",
    ];
    assert_eq!(words(&secrets, 1), expected);
}

#[test]
fn windows_of_one_function_are_counted_and_others_are_not() {
    let secrets: Vec<_> = [("a", "f"), ("b", "f:live"), ("c", "g"), ("d", ""), ("e", "")]
        .into_iter()
        .map(|(name, function)| secret(name, "cron(0 12 ? * SAT *)", None, "2026-11-21T23:59:59Z", function))
        .collect();
    let agenda = Agenda::of(&secrets, at(NOW), TimeDelta::days(7));
    let at_once: Vec<_> = agenda.entries.iter().map(|entry| entry.at_once).collect();
    assert_eq!(at_once, [2, 2, 1, 1, 1]);
    let [crowd] = agenda.crowds[..] else { panic!("{:?}", agenda.crowds) };
    assert_eq!((crowd.at_once, crowd.from), (2, at("2026-11-21T12:00:00Z")));
    assert_eq!(agenda.rotators[crowd.rotator].name.raw(), "f");
    // What is held back is needed at the same time all the same.
    for (kept, at_once, crowds) in [("a", 2, 1), ("c", 1, 0)] {
        let mut part = agenda.clone();
        part.retain(|subject| subject.name.raw() == kept);
        assert_eq!((part.entries.len(), part.entries[0].at_once, part.crowds.len()), (1, at_once, crowds));
        part.retain(|_| false);
        assert!(part.is_empty() && part.crowds.is_empty());
    }
}

#[test]
fn a_window_belongs_to_the_day_on_which_it_opens_in_the_zone() {
    let daily = secret("a", "cron(0 4 * * ? *)", Some("1h"), "2026-11-01T04:59:59Z", "");
    let agenda = Agenda::of([&daily], at("2026-10-31T20:00:00Z"), TimeDelta::days(3));
    let dates = |zone: Tz| -> Vec<String> {
        agenda.days(&zone).into_iter().map(|day| format!("{} {:?}", day.date.format("%d"), day.entries)).collect()
    };
    assert_eq!(dates(Tz::UTC), ["01 0..1", "02 1..2", "03 2..3"]);
    // 04:00Z is midnight in summer time, and 23:00 the day before in winter time: that day has two of them.
    assert_eq!(dates(America::New_York), ["01 0..2", "02 2..3"]);
    assert_eq!(dates(Asia::Kolkata), ["01 0..1", "02 1..2", "03 2..3"]);
}

#[test]
fn a_clock_that_goes_back_over_midnight_begins_no_day_twice() {
    // In St. John's the first minute of 2009-11-01 came, and then the last hour of October once more.
    let entry = |start: &str| Entry {
        subject: 0,
        window: Window { start: at(start), end: at(start) + TimeDelta::hours(1) },
        known: Known::Computed,
        at_once: 1,
    };
    let mut agenda = Agenda::empty(at(NOW), at(NOW));
    agenda.entries = ["2009-11-01T02:29:00Z", "2009-11-01T02:30:30Z", "2009-11-01T02:35:00Z", "2009-11-01T04:00:00Z"]
        .map(entry)
        .to_vec();
    let zone = America::St_Johns;
    let own: Vec<_> = agenda.entries.iter().map(|entry| entry.window.start.with_timezone(&zone).date_naive()).collect();
    assert!(!own.is_sorted(), "{own:?}");
    let days = agenda.days(&zone);
    let date = |day: u32, month: u32| NaiveDate::from_ymd_opt(2009, month, day).unwrap();
    assert_eq!(days, [Day { date: date(31, 10), entries: 0..1 }, Day { date: date(1, 11), entries: 1..4 }]);
}

fn any_secret() -> impl Strategy<Value = Secret> {
    let expressions =
        ["rate(1 day)", "rate(4 hours)", "rate(9 hours)", "cron(0 0/4 * * ? *)", "cron(0 1 1 * ? *)", "x", ""];
    let functions = ["", "f", "g"];
    let hours = prop::option::of(-100_i64..900);
    let parts = (0..expressions.len(), prop::option::of(1_u32..5), hours, 0..functions.len(), any::<u32>());
    parts.prop_map(move |(expression, duration, hours, function, name)| {
        let duration = duration.map(|hours| format!("{hours}h"));
        let next = hours.map_or_else(String::new, |hours| (at(NOW) + TimeDelta::hours(hours)).to_rfc3339());
        secret(&name.to_string(), expressions[expression], duration.as_deref(), &next, functions[function])
    })
}

proptest! {
    #[test]
    fn windows_and_days_are_in_order_and_nothing_is_lost(
        secrets in prop::collection::vec(any_secret(), 0..12),
        days in 1_i64..31,
        zone in prop::sample::select(vec![Tz::UTC, America::New_York, Asia::Kolkata, Tz::Pacific__Kiritimati]),
    ) {
        let horizon = TimeDelta::days(days);
        let agenda = Agenda::of(&secrets, at(NOW), horizon);
        let starts: Vec<_> = agenda.entries.iter().map(|entry| entry.window.start).collect();
        prop_assert!(starts.is_sorted());
        prop_assert!(agenda.entries.iter().all(|entry| entry.window.end > at(NOW) && entry.window.start < agenda.until));
        let alone = |one: &Secret| {
            let agenda = Agenda::of([one], at(NOW), horizon);
            (agenda.entries.len(), agenda.overdue.len(), agenda.unknown.len())
        };
        let sum = secrets.iter().map(alone).fold((0, 0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2));
        prop_assert_eq!((agenda.entries.len(), agenda.overdue.len(), agenda.unknown.len()), sum);
        // Whoever rotates and has a date before the horizon, or none at all, is there.
        let due = secrets.iter().filter(|one| one.next_rotation.is_none_or(|next| next < agenda.until));
        prop_assert!(due.clone().all(|one| agenda.subjects.iter().any(|subject| subject.id == one.id)));
        let days = agenda.days(&zone);
        prop_assert!(days.is_sorted_by(|a, b| a.date < b.date && a.entries.end == b.entries.start));
        prop_assert_eq!(days.iter().map(|day| day.entries.len()).sum::<usize>(), agenda.entries.len());
        for day in &days {
            let own = |place: usize| zone.from_utc_datetime(&agenda.entries[place].window.start.naive_utc()).date_naive();
            prop_assert!(day.entries.clone().all(|place| own(place) == day.date));
        }
    }
}
