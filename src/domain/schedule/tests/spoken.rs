//! Schedules and how they are said: each was read aloud.

use super::schedule;
use crate::domain::schedule::{BadSchedule, Field};

/// Expression, duration, short words, words.
const SPOKEN: &[(&str, &str, &str, &str)] = &[
    ("1", "", "every day", "every day"),
    ("30", "", "every 30 days", "every 30 days"),
    ("rate(1 day)", "", "every day", "every day"),
    ("rate(30 days)", "", "every 30 days", "every 30 days"),
    ("rate(30 days)", "3h", "every 30 days, 3 h", "every 30 days, 00:00–03:00Z"),
    ("rate(999 days)", "24h", "every 999 days", "every 999 days"),
    ("rate(4 hours)", "", "every 4 hours", "every 4 hours, in windows of 1 h"),
    ("rate(24 hours)", "", "every 24 hours", "every 24 hours, in windows of 1 h"),
    ("rate(24 hours)", "2h", "every 24 hours, 2 h", "every 24 hours, in windows of 2 h"),
    ("cron(0 16 1,15 * ? *)", "2h", "1st and 15th, 2 h", "1st and 15th of the month, 16:00–18:00Z"),
    ("cron(0 3 ? * SUN *)", "3h", "Sundays 03–06Z", "every Sunday, 03:00–06:00Z"),
    ("cron(0 2 1 * ? *)", "4h", "1st of month, 4 h", "1st of the month, 02:00–06:00Z"),
    ("cron(0 /8 * * ? *)", "", "every 8 hours", "every 8 hours at 00:00, 08:00 and 16:00Z, for 1 h each"),
    ("cron(0 8/8 * * ? *)", "", "every day at 08, 16Z", "every day at 08:00 and 16:00Z, for 1 h each"),
    ("cron(0 2/10 * * ? *)", "", "every day at 02, 12, 22Z", "every day at 02:00, 12:00 and 22:00Z, for 1 h each"),
    ("cron(0 4/12 ? * * *)", "", "every 12 hours", "every 12 hours at 04:00 and 16:00Z, for 1 h each"),
    (
        "cron(0 0/4 * * ? *)",
        "4h",
        "every 4 hours, 4 h",
        "every 4 hours at 00:00, 04:00, 08:00, 12:00, 16:00 and 20:00Z, for 4 h each",
    ),
    ("cron(0 8-18/4 * * ? *)", "", "every day at 08, 12, 16Z", "every day at 08:00, 12:00 and 16:00Z, for 1 h each"),
    ("cron(0 8,16 ? * MON-FRI *)", "2h", "Mon–Fri at 08, 16Z", "Monday to Friday at 08:00 and 16:00Z, for 2 h each"),
    (
        "cron(0 8,16 1,15 * ? *)",
        "",
        "1st and 15th at 08, 16Z",
        "1st and 15th of the month at 08:00 and 16:00Z, for 1 h each",
    ),
    ("cron(0 8/20 * * ? *)", "", "every day 08–09Z", "every day, 08:00–09:00Z"),
    ("cron(0 10 * * ? *)", "", "every day from 10Z", "every day, 10:00–24:00Z"),
    ("cron(0 0 * * ? *)", "", "every day", "every day"),
    ("cron(0 10 * * ? *)", "3h", "every day 10–13Z", "every day, 10:00–13:00Z"),
    ("cron(0 10 * 12 ? *)", "3h", "every day in Dec 10–13Z", "every day in December, 10:00–13:00Z"),
    ("cron(0 /8 * 12 ? *)", "", "every day in Dec", "every day in December at 00:00, 08:00 and 16:00Z, for 1 h each"),
    ("cron(0 0 ? * SUN *)", "", "Sundays", "every Sunday"),
    ("cron(0 18 ? * SAT *)", "", "Saturdays from 18Z", "every Saturday, 18:00–24:00Z"),
    ("cron(0 7 ? * 1,4 *)", "", "Wed and Sun from 07Z", "every Wednesday and Sunday, 07:00–24:00Z"),
    ("cron(0 0 ? * MON,WED,FRI *)", "", "Mon, Wed and Fri", "every Monday, Wednesday and Friday"),
    ("cron(0 8 ? * MON-FRI *)", "", "Mon–Fri from 08Z", "Monday to Friday, 08:00–24:00Z"),
    ("cron(0 8 ? * SUN-THU *)", "", "Sun–Thu from 08Z", "Sunday to Thursday, 08:00–24:00Z"),
    ("cron(0 8 ? * SAT,SUN *)", "", "Sat and Sun from 08Z", "every Saturday and Sunday, 08:00–24:00Z"),
    ("cron(0 8 ? * FRI-SAT,SUN *)", "", "Fri–Sun from 08Z", "Friday to Sunday, 08:00–24:00Z"),
    ("cron(0 8 ? * MON-WED,SAT *)", "", "Mon–Wed and Sat from 08Z", "Monday to Wednesday and Saturday, 08:00–24:00Z"),
    (
        "cron(0 8 ? 6-8 MON-WED,SAT *)",
        "",
        "Mon–Wed and Sat in Jun–…",
        "Monday to Wednesday and Saturday from June to August, 08:00–24:00Z",
    ),
    ("cron(0 6 ? * L *)", "", "Saturdays from 06Z", "every Saturday, 06:00–24:00Z"),
    ("cron(0 6 ? 6,7 1 *)", "", "Sundays in Jun and Jul", "every Sunday in June and July, 06:00–24:00Z"),
    ("cron(0 8 1 * ? *)", "", "1st of month from 08Z", "1st of the month, 08:00–24:00Z"),
    ("cron(0 0 1 * ? *)", "", "1st of month", "1st of the month"),
    ("cron(0 17 L * ? *)", "", "last day from 17Z", "last day of the month, 17:00–24:00Z"),
    ("cron(0 17 L * ? *)", "3h", "last day, 3 h", "last day of the month, 17:00–20:00Z"),
    ("cron(0 17 1,L * ? *)", "", "1st and last day", "1st and last day of the month, 17:00–24:00Z"),
    ("cron(0 17 L 2 ? *)", "", "last day of Feb from 17Z", "last day of February, 17:00–24:00Z"),
    ("cron(0 22 31 * ? *)", "2h", "31st of month from 22Z", "31st of the month, 22:00–24:00Z, in months that have one"),
    ("cron(0 22 29 * ? *)", "2h", "29th of month from 22Z", "29th of the month, 22:00–24:00Z, in months that have one"),
    (
        "cron(0 22 15,31 * ? *)",
        "2h",
        "15th and 31st from 22Z",
        "15th and 31st of the month, 22:00–24:00Z, where there is one",
    ),
    ("cron(0 22 31 1,3 ? *)", "2h", "31st of Jan and Mar", "31st of January and March, 22:00–24:00Z"),
    ("cron(0 22 28-31 * ? *)", "2h", "28th–31st from 22Z", "28th to 31st of the month, 22:00–24:00Z"),
    ("cron(0 0 29 2 ? *)", "", "29 Feb", "29 February, in leap years"),
    ("cron(0 0 28 2 ? *)", "", "28 Feb", "28 February"),
    ("cron(0 0 30 2 ? *)", "", "30 Feb", "30 February, which never comes"),
    ("cron(0 0 31 4,6 ? *)", "", "31st of Apr and Jun", "31st of April and June, which never comes"),
    ("cron(0 0 29,30 2 ? *)", "", "29th and 30th of Feb", "29th and 30th of February, where there is one"),
    ("cron(0 8 31 4,5 ? *)", "", "31st of Apr and May", "31st of April and May, 08:00–24:00Z, in months that have one"),
    ("cron(0 12 1/2 * ? *)", "", "every 2nd day from 1st", "every 2nd day from the 1st of the month, 12:00–24:00Z"),
    ("cron(0 8 1/7 * ? *)", "", "every 7th day from 1st", "every 7th day from the 1st of the month, 08:00–24:00Z"),
    (
        "cron(0 8 1/10 * ? *)",
        "",
        "1st, 11th, 21st and 31st",
        "1st, 11th, 21st and 31st of the month, 08:00–24:00Z, where there is one",
    ),
    (
        "cron(0 8 1-15/3 * ? *)",
        "",
        "every 3rd day from 1st …",
        "every 3rd day from the 1st to the 13th of the month, 08:00–24:00Z",
    ),
    (
        "cron(0 8 1-29/2 * ? *)",
        "",
        "every 2nd day from 1st …",
        "every 2nd day from the 1st to the 29th of the month, 08:00–24:00Z",
    ),
    ("cron(0 8 /5 12 ? *)", "", "every 5th day from 1st …", "every 5th day from the 1st of December, 08:00–24:00Z"),
    ("cron(0 5 10-12 12 ? *)", "", "10th–12th of Dec", "10th to 12th of December, 05:00–24:00Z"),
    ("cron(0 5 10-12 * ? *)", "", "10th–12th from 05Z", "10th to 12th of the month, 05:00–24:00Z"),
    ("cron(0 5 1-5,20 * ? *)", "", "1st–5th and 20th", "1st to 5th and 20th of the month, 05:00–24:00Z"),
    (
        "cron(0 5 1,2,11,12,13,21,22,23 * ? *)",
        "",
        "1st, 2nd, 11th–13th and…",
        "1st, 2nd, 11th to 13th and 21st to 23rd of the month, 05:00–24:00Z",
    ),
    ("cron(0 5 4 7 ? *)", "", "4 Jul from 05Z", "4 July, 05:00–24:00Z"),
    ("cron(0 5 1 1/3 ? *)", "", "1st of Jan, Apr, Jul an…", "1st of January, April, July and October, 05:00–24:00Z"),
    (
        "cron(0 5 1 11-12,1-3 ? *)",
        "",
        "1st of Nov–Mar from 05Z",
        "1st of the month from November to March, 05:00–24:00Z",
    ),
    (
        "cron(0 5 1,15 /2 ? *)",
        "",
        "1st and 15th of Jan, Ma…",
        "1st and 15th of January, March, May, July, September and November, 05:00–24:00Z",
    ),
    ("cron(0 5 1 1,12 ? *)", "", "1st of Jan and Dec", "1st of January and December, 05:00–24:00Z"),
    (
        "cron(0 1 ? 1/3 SUN#1 *)",
        "",
        "first Sunday of Jan, Ap…",
        "first Sunday of January, April, July and October, 01:00–24:00Z",
    ),
    ("cron(0 0 ? * SUN#1 *)", "", "first Sunday", "first Sunday of the month"),
    ("cron(0 0 ? 1/11 2#1 *)", "", "first Monday of Jan and…", "first Monday of January and December"),
    ("cron(0 3 ? * SUNL *)", "", "last Sunday from 03Z", "last Sunday of the month, 03:00–24:00Z"),
    ("cron(0 3 SUNL * ? *)", "2h", "last Sunday 03–05Z", "last Sunday of the month, 03:00–05:00Z"),
    ("cron(0 0 ? * 5#5 *)", "", "fifth Thursday", "fifth Thursday of the month, where there is one"),
    (
        "cron(0 9 ? JAN,APR,JUL,OCT TUE#3 *)",
        "4h",
        "third Tuesday of Jan, A…",
        "third Tuesday of January, April, July and October, 09:00–13:00Z",
    ),
    (
        "cron(0 9 ? * TUE#1,TUE#3 *)",
        "4h",
        "first and third Tuesday",
        "first and third Tuesday of the month, 09:00–13:00Z",
    ),
    (
        "cron(0 9 ? * TUE#2,FRIL *)",
        "4h",
        "second Tuesday and last…",
        "second Tuesday and last Friday of the month, 09:00–13:00Z",
    ),
    (
        "cron(0 9 ? * MON,FRI#1 *)",
        "4h",
        "Mondays and first Friday",
        "every Monday and first Friday of the month, 09:00–13:00Z",
    ),
    (
        "cron(0 9 ? * TUE#2,TUEL *)",
        "4h",
        "second and last Tuesday",
        "second and last Tuesday of the month, 09:00–13:00Z",
    ),
    ("cron(0 23 * * ? *)", "1h", "every day from 23Z", "every day, 23:00–24:00Z"),
    ("cron(0 20 ? * MON-FRI *)", "4h", "Mon–Fri from 20Z", "Monday to Friday, 20:00–24:00Z"),
];

#[test]
fn schedules_read_as_people_say_them() {
    for (expression, duration, short, words) in SPOKEN {
        let schedule = schedule(expression, duration);
        assert_eq!((schedule.short_words().as_str(), schedule.words().as_str()), (*short, *words), "{expression}");
    }
    println!("{} schedules", SPOKEN.len());
}

#[test]
fn a_refusal_says_what_is_wrong_with_which_field() {
    let (field, part) = (Field::DayOfMonth, || "15W".into());
    for (bad, words) in [
        (
            BadSchedule::Wildcard { field, wildcard: "W".into(), part: part() },
            "`W` can't stand in `15W`, the day of month",
        ),
        (BadSchedule::Value { field, value: "32".into() }, "`32` is not among the values of the day of month: 1 to 31"),
        (
            BadSchedule::Fixed { field: Field::Minutes, must: "0", found: "30".into() },
            "the minutes must be 0, not `30`",
        ),
        (BadSchedule::Fixed { field: Field::Year, must: "*", found: "2027".into() }, "the year must be *, not `2027`"),
        // whatever came from AWS is made safe to show
        (
            BadSchedule::Value { field: Field::Hours, value: "\u{1b}[31m".into() },
            "`␛[31m` is not among the values of the hours: 0 to 23",
        ),
        (
            BadSchedule::Duration("30m".into()),
            "a window lasts a whole number of hours from 1 to 24, such as 3h, not `30m`",
        ),
    ] {
        assert_eq!(bad.to_string(), words);
    }
}
