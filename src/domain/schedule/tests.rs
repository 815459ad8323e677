//! Schedules held against AWS's documentation, against another reader of cron expressions, and read aloud.
#![expect(clippy::print_stdout, reason = "how many cases were tested is worth reading")]

mod laws;
mod refusals;
mod spoken;
mod vectors;

use chrono::{DateTime, Utc};

use super::*;

/// A moment, as `2026-11-20T09:30` or with seconds.
fn at(text: &str) -> DateTime<Utc> {
    let text = if text.len() == 16 { format!("{text}:00Z") } else { format!("{text}Z") };
    text.parse().unwrap()
}

/// A window of a day, as `2026-11-20 16-17`.
fn window(text: &str) -> Window {
    let (date, hours) = text.split_once(' ').unwrap();
    let (start, end) = hours.split_once('-').unwrap();
    let midnight = at(&format!("{date}T00:00"));
    let hour = |hour: &str| midnight + chrono::TimeDelta::hours(hour.parse().unwrap());
    Window { start: hour(start), end: hour(end) }
}

/// The rules with an expression, or with days where the text is a number.
fn rules(text: &str, duration: &str) -> RotationRules {
    let days = text.parse().ok();
    RotationRules {
        automatically_after_days: days.or(Some(7)),
        duration: (!duration.is_empty()).then(|| duration.into()),
        schedule_expression: days.is_none().then(|| text.into()),
    }
}

/// The schedule of rules that AWS takes.
fn schedule(text: &str, duration: &str) -> Schedule {
    Schedule::of(&rules(text, duration)).unwrap().unwrap_or_else(|bad| panic!("{text} {duration}: {bad}"))
}
