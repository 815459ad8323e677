//! Expressions that AWS refuses, each for its reason, and such as come close to it.

use super::{rules, schedule};
use crate::domain::schedule::{BadSchedule, Field, Schedule};

/// Ruled out by <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>.
fn ruled_out() -> Vec<(&'static str, &'static str, BadSchedule)> {
    use BadSchedule::{Close, Duration, Far, Fields, Fixed, NextDay, NoDay, Overlap, Rate, Short, TwoDays, Wildcard};
    let fixed = |field, must, found: &str| Fixed { field, must, found: found.into() };
    let w = Wildcard { field: Field::DayOfMonth, wildcard: "W".into(), part: "15W".into() };
    vec![
        ("cron(30 8 * * ? *)", "", fixed(Field::Minutes, "0", "30")),
        ("cron(0 8 * * ? 2027)", "", fixed(Field::Year, "*", "2027")),
        ("cron(0 8 1 * MON *)", "", TwoDays),
        ("cron(0 8 ? * ? *)", "", NoDay),
        ("rate(3 hours)", "", Short),
        ("cron(0 /2 * * ? *)", "", Close),
        ("rate(1000 days)", "", Far),
        ("cron(0 20 * * ? *)", "5h", NextDay),
        ("cron(0 0/4 * * ? *)", "5h", Overlap),
        ("cron(0 8 15W * ? *)", "", w),
        ("cron(0 8 * * ?)", "", Fields(5)),
        ("rate(30 minutes)", "", Rate),
        ("rate(30 days)", "0h", Duration("0h".into())),
        ("rate(30 days)", "30m", Duration("30m".into())),
    ]
}

/// Ruled out by the same rules, though no page has them as examples.
fn ruled_out_too() -> Vec<(&'static str, &'static str, BadSchedule)> {
    use BadSchedule::{Backwards, Close, Days, Duration, Fields, Form, Overlap, Rate, Short, Value, Wildcard};
    let value = |field, value: &str| Value { field, value: value.into() };
    let wildcard = |field, wildcard: &str, part: &str| Wildcard { field, wildcard: wildcard.into(), part: part.into() };
    vec![
        ("", "", Form),
        ("every(30 days)", "", Form),
        ("rate 30 days", "", Form),
        ("rate(30 days", "", Form),
        ("rate()", "", Rate),
        ("rate(days)", "", Rate),
        ("rate(+30 days)", "", Rate),
        ("rate(30 days please)", "", Rate),
        ("rate(99999999999 days)", "", Rate),
        ("rate(0 days)", "", Short),
        ("rate(4 hours)", "5h", Overlap),
        ("cron()", "", Fields(0)),
        ("cron(0 8 1, 15 * ? *)", "", Fields(7)),
        ("cron(0 24 * * ? *)", "", value(Field::Hours, "24")),
        ("cron(0 8 0 * ? *)", "", value(Field::DayOfMonth, "0")),
        ("cron(0 8 32 * ? *)", "", value(Field::DayOfMonth, "32")),
        ("cron(0 8 1 13 ? *)", "", value(Field::Month, "13")),
        ("cron(0 8 1 JULY ? *)", "", value(Field::Month, "JULY")),
        ("cron(0 8 ? * 8 *)", "", value(Field::DayOfWeek, "8")),
        ("cron(0 8 ? * SUN#6 *)", "", value(Field::DayOfWeek, "SUN#6")),
        ("cron(0 8 ? * SUN#0 *)", "", value(Field::DayOfWeek, "SUN#0")),
        ("cron(0 8 1,,15 * ? *)", "", value(Field::DayOfMonth, "")),
        ("cron(0 8 1/0 * ? *)", "", value(Field::DayOfMonth, "0")),
        ("cron(0 8 1 1/JAN ? *)", "", value(Field::Month, "JAN")),
        ("cron(0 L * * ? *)", "", value(Field::Hours, "L")),
        ("cron(0 8 1 L ? *)", "", value(Field::Month, "L")),
        ("cron(0 ? * * ? *)", "", wildcard(Field::Hours, "?", "?")),
        ("cron(0 8 1 ? ? *)", "", wildcard(Field::Month, "?", "?")),
        ("cron(0 8 MON#1 * ? *)", "", wildcard(Field::DayOfMonth, "#", "MON#1")),
        ("cron(0 8 5L * ? *)", "", wildcard(Field::DayOfMonth, "L", "5L")),
        ("cron(0 8 ? * 1/2 *)", "", wildcard(Field::DayOfWeek, "/", "1/2")),
        ("cron(0 8 ? * 2W *)", "", wildcard(Field::DayOfWeek, "W", "2W")),
        ("cron(0 8 12-10 * ? *)", "", Backwards { field: Field::DayOfMonth, range: "12-10".into() }),
        ("cron(0 * * * ? *)", "", Close),
        ("cron(0 8,11 1 * ? *)", "", Close),
        // 23:00Z to 02:00Z of the next day
        ("cron(0 2,23 * * ? *)", "", Close),
        ("cron(0 2,23 ? * SUN,MON *)", "", Close),
        ("cron(0 2,23 1,L * ? *)", "", Close),
        ("1001", "", Days(1001)),
        ("0", "", Days(0)),
        ("-1", "", Days(-1)),
        ("rate(30 days)", "25h", Duration("25h".into())),
        ("rate(30 days)", "3", Duration("3".into())),
        ("rate(30 days)", "003h", Duration("003h".into())),
        ("rate(30 days)", "h", Duration("h".into())),
        ("30", "+3h", Duration("+3h".into())),
    ]
}

#[test]
fn what_aws_refuses_is_refused_for_that_reason() {
    for (expression, duration, bad) in ruled_out().into_iter().chain(ruled_out_too()) {
        assert_eq!(Schedule::of(&rules(expression, duration)), Some(Err(bad)), "{expression} {duration}");
    }
    let long = format!("cron(0 8 1{} * ? *)", ",1".repeat(130));
    assert_eq!(Schedule::parse(&long, None), Err(BadSchedule::Long));
    println!("{} documented refusals, {} more", ruled_out().len(), ruled_out_too().len() + 1);
}

#[test]
fn what_stands_close_by_is_taken() {
    for (expression, duration) in [
        ("rate(4 hours)", "4h"),
        ("rate(999 days)", "24h"),
        ("rate(1 day)", "01h"),
        ("RATE(1 DAY)", "3H"),
        ("1000", ""),
        ("1", ""),
        ("cron(0 20 * * ? *)", "4h"),
        ("cron(0 0/4 * * ? *)", "4h"),
        ("cron(00 08 1 * ? *)", ""),
        ("cron(0 8 ? * mon-fri *)", ""),
        ("cron(0 8 SUNL * ? *)", ""),
        ("cron(0 8 ? * 1L *)", ""),
        ("cron(0 8-18/4 * * ? *)", ""),
        // two rotations on a day, three hours from midnight to midnight, but never on two days on end
        ("cron(0 2,23 1,15 * ? *)", ""),
        ("cron(0 2,23 ? * SUN *)", ""),
    ] {
        schedule(expression, duration);
    }
}
