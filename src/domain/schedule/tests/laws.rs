//! What holds of every schedule, whatever its expression.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use croner::parser::CronParser;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::domain::schedule::{Anchor, Schedule};
use crate::text::width;

/// An expression and a duration that AWS takes.
type Valid = (String, Option<String>);

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The field of the hours and the hours that it names: at least four apart, over midnight too.
fn hours() -> impl Strategy<Value = (String, Vec<u32>)> {
    let single = (0..24_u32).prop_map(|hour| (hour.to_string(), vec![hour]));
    let list = subsequence((0..24_u32).collect::<Vec<_>>(), 2..=6).prop_map(|hours| {
        let words: Vec<_> = hours.iter().map(u32::to_string).collect();
        (words.join(","), hours)
    });
    let steps = (0..24_u32, 4..24_u32).prop_map(|(from, step)| (format!("{from}/{step}"), every(from, 23, step)));
    let whole = (4..24_u32).prop_map(|step| (format!("/{step}"), every(0, 23, step)));
    let range = (0..24_u32, 0..24_u32, 4..24_u32).prop_map(|(one, other, step)| {
        let (from, to) = (one.min(other), one.max(other));
        (format!("{from}-{to}/{step}"), every(from, to, step))
    });
    let is_wide = |(_, hours): &(String, Vec<u32>)| {
        let over_midnight = hours[0] + 24 - hours[hours.len() - 1];
        over_midnight >= 4 && hours.windows(2).all(|pair| pair[1] - pair[0] >= 4)
    };
    prop_oneof![single, list, steps, whole, range].prop_filter("at least four hours apart", is_wide)
}

fn every(from: u32, to: u32, step: u32) -> Vec<u32> {
    (from..=to).step_by(step as usize).collect()
}

/// Some parts of a field, as a list.
fn parts(part: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::vec(part, 1..=3).prop_map(|parts| parts.join(","))
}

fn steps(low: u32, high: u32) -> impl Strategy<Value = String> {
    let number = (low..=high).prop_map(|number| number.to_string());
    let range = (low..=high, low..=high).prop_map(|(one, other)| format!("{}-{}", one.min(other), one.max(other)));
    let stepped = (low..=high, 1..=high).prop_map(|(from, step)| format!("{from}/{step}"));
    let whole = (1..=high).prop_map(|step| format!("/{step}"));
    prop_oneof![3 => number, 1 => range, 1 => stepped, 1 => whole]
}

fn days_of_month() -> impl Strategy<Value = String> {
    let days = parts(prop_oneof![5 => steps(1, 31), 1 => Just("L".to_owned())]);
    prop_oneof![9 => days, 1 => Just("*".to_owned())].prop_map(|days| format!("{days} MONTH ?"))
}

fn days_of_week() -> impl Strategy<Value = String> {
    let name =
        || prop_oneof![select(WEEKDAYS.to_vec()).prop_map(str::to_owned), (1..=7_u32).prop_map(|n| n.to_string())];
    let range = (0..7_usize, 0..7_usize)
        .prop_map(|(one, other)| format!("{}-{}", WEEKDAYS[one.min(other)], WEEKDAYS[one.max(other)]));
    let nth = (name(), 1..=5_u32).prop_map(|(name, nth)| format!("{name}#{nth}"));
    let last = name().prop_map(|name| format!("{name}L"));
    let days = parts(prop_oneof![2 => name(), 1 => range, 1 => nth, 1 => last]);
    prop_oneof![9 => days, 1 => Just("*".to_owned())].prop_map(|days| format!("? MONTH {days}"))
}

fn months() -> impl Strategy<Value = String> {
    let name = select(MONTHS.to_vec()).prop_map(str::to_owned);
    prop_oneof![2 => Just("*".to_owned()), 2 => parts(prop_oneof![steps(1, 12), name])]
}

fn cron() -> impl Strategy<Value = Valid> {
    let days = prop_oneof![days_of_month(), days_of_week()];
    (hours(), days, months(), any::<prop::sample::Index>(), any::<bool>()).prop_map(
        |((text, hours), days, months, index, has_duration)| {
            let gap = hours.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(24);
            let longest = gap.min(24 - hours[hours.len() - 1]);
            let duration = format!("{}h", index.index(longest as usize) + 1);
            let days = days.replace("MONTH", &months);
            (format!("cron(0 {text} {days} *)"), has_duration.then_some(duration))
        },
    )
}

fn rate() -> impl Strategy<Value = Valid> {
    let days = (1..=999_u32, 1..=24_u32).prop_map(|(days, hours)| (format!("rate({days} days)"), hours));
    let hours = (4..=999_u32, 1..=24_u32).prop_map(|(rate, hours)| (format!("rate({rate} hours)"), hours.min(rate)));
    (prop_oneof![days, hours], any::<bool>())
        .prop_map(|((rate, hours), has_duration)| (rate, has_duration.then(|| format!("{hours}h"))))
}

fn moments() -> impl Strategy<Value = DateTime<Utc>> {
    // 2000 to 2100
    (946_684_800..4_102_444_800_i64).prop_map(|second| DateTime::from_timestamp(second, 0).unwrap())
}

/// What AWS says of the last rotation and the next: one of them, for the windows of a rate in hours full hours.
fn anchors() -> impl Strategy<Value = Anchor> {
    let next = moments().prop_map(|moment| moment.date_naive().and_time(NaiveTime::MIN).and_utc());
    let next = (next, 1..=24_i64).prop_map(|(day, hour)| day + TimeDelta::hours(hour) - TimeDelta::seconds(1));
    prop_oneof![
        moments().prop_map(|last| Anchor { last_rotated: Some(last), next_rotation: None }),
        next.prop_map(|next| Anchor { last_rotated: None, next_rotation: Some(next) }),
    ]
}

fn parse((expression, duration): &Valid) -> Schedule {
    Schedule::parse(expression, duration.as_deref()).unwrap_or_else(|bad| panic!("{expression} {duration:?}: {bad}"))
}

proptest! {
    #[test]
    fn windows_come_in_order_and_keep_aws_s_rules(
        valid in prop_oneof![3 => cron(), 1 => rate()],
        from in moments(),
        anchor in anchors(),
    ) {
        let schedule = parse(&valid);
        let mut before = from;
        let mut end = DateTime::<Utc>::MIN_UTC;
        for (at, window) in schedule.windows_after(from, anchor).take(20).enumerate() {
            prop_assert!(window.start > before, "{valid:?} {window:?}");
            prop_assert!(window.start >= end, "{valid:?} overlaps at {window:?}");
            prop_assert!(at == 0 || window.start - before >= TimeDelta::hours(4), "{valid:?} {window:?}");
            prop_assert_eq!(window.start.date_naive(), window.last_second().date_naive(), "{:?}", valid);
            prop_assert_eq!(window.end - window.start, schedule.length());
            prop_assert_eq!(window.start.timestamp() % 3600, 0);
            prop_assert_eq!(schedule.window_ending(window.last_second()), window);
            (before, end) = (window.start, window.end);
        }
    }

    #[test]
    fn a_window_that_is_open_is_not_the_next_one(
        valid in prop_oneof![3 => cron(), 1 => rate()],
        from in moments(),
        anchor in anchors(),
        inside in 0.0..1.0_f64,
    ) {
        let schedule = parse(&valid);
        let windows: Vec<_> = schedule.windows_after(from, anchor).take(2).collect();
        if let [open, next] = windows[..] {
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a moment of a day")]
            let offset = TimeDelta::seconds(((open.end - open.start).num_seconds() as f64 * inside) as i64);
            prop_assert_eq!(schedule.windows_after(open.start + offset, anchor).next(), Some(next));
        }
    }

    #[test]
    fn a_second_opinion_agrees(valid in cron(), from in moments()) {
        let fields = valid.0.trim_start_matches("cron(").trim_end_matches(" *)");
        let parser = CronParser::builder().alternative_weekdays(true).sloppy_ranges(true).build();
        let cron = parser.parse(fields);
        prop_assert!(cron.is_ok(), "{fields}: {cron:?}");
        let starts: Vec<_> = cron.unwrap().iter_after(from).take(6).collect();
        let windows = parse(&valid).windows_after(from, Anchor::default());
        prop_assert_eq!(windows.take(6).map(|window| window.start).collect::<Vec<_>>(), starts, "{}", fields);
    }

    #[test]
    fn the_case_of_letters_means_nothing(valid in prop_oneof![cron(), rate()]) {
        let lower = (valid.0.to_lowercase(), valid.1.clone());
        prop_assert_eq!(parse(&lower), parse(&(valid.0.to_uppercase(), valid.1)));
    }

    #[test]
    fn there_are_always_words_and_the_short_ones_fit(valid in prop_oneof![3 => cron(), 1 => rate()]) {
        let schedule = parse(&valid);
        let (words, short) = (schedule.words(), schedule.short_words());
        for text in [&words, &short] {
            prop_assert!(!text.is_empty() && text.trim() == text && !text.contains("  "), "{valid:?}: {text:?}");
        }
        prop_assert!(width(&short) <= 24, "{valid:?}: {short:?}");
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), duration in any::<Option<String>>()) {
        let _ = Schedule::parse(&text, duration.as_deref()).map_err(|bad| bad.to_string());
    }

    #[test]
    fn no_text_that_looks_like_an_expression_makes_it_panic(
        fields in "[0-9A-FJLMNSTUW#?*/, -]{0,40}",
        duration in "[0-9]{0,4}[hm]?",
        from in moments(),
    ) {
        for expression in [format!("cron({fields})"), format!("rate({fields})"), format!("cron(0 8 {fields} *)")] {
            match Schedule::parse(&expression, Some(&duration)) {
                Ok(schedule) => drop(schedule.windows_after(from, Anchor::default()).take(3).count()),
                Err(bad) => prop_assert!(!bad.to_string().is_empty()),
            }
        }
    }
}
