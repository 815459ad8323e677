//! A secret's dates and states put into words, the same in the list, the table and the preview.

use chrono::{DateTime, TimeDelta, Utc};

use super::pending::{Judgement, Signs};
use super::rotation::{RotationState, is_overdue};
use super::secret::Secret;
use super::version::{Pending, Value};
use crate::text::{ago, moment, span};

/// What stands where there is nothing to say.
pub const NOTHING: &str = "–";

/// When the secret rotates next: `by today 17:59Z`, `in 12 d`, `overdue by 2 d`, `off`.
///
/// AWS's date is the last second of a window, hence "by".
pub fn next_rotation(secret: &Secret, now: DateTime<Utc>) -> String {
    match secret.next_rotation {
        _ if secret.deleted.is_some() => NOTHING.to_owned(),
        _ if secret.rotation_enabled != Some(true) => "off".to_owned(),
        None => "no date".to_owned(),
        Some(next) if next < now => format!("overdue by {}", span(now - next)),
        Some(next) if next.date_naive() == now.date_naive() => format!("by today {}", next.format("%H:%MZ")),
        Some(next) if next - now < TimeDelta::days(7) => format!("by {}", next.format("%a %H:%MZ")),
        Some(next) => format!("in {}", span(next - now)),
    }
}

/// When the secret last rotated: `33 d ago`.
pub fn last_rotated(secret: &Secret, now: DateTime<Utc>) -> String {
    secret.last_rotated.map_or_else(|| NOTHING.to_owned(), |last| ago(last, now))
}

/// The schedule for a narrow column; where rotation was cancelled, that its function is still set.
pub fn schedule(secret: &Secret) -> String {
    match (&secret.rotation_rules, secret.rotation_enabled) {
        (_, enabled) if enabled != Some(true) && secret.rotation_function.is_some() => "function still set".to_owned(),
        (Some(rules), Some(true)) => rules.short_words().unwrap_or_else(|| NOTHING.to_owned()),
        _ => NOTHING.to_owned(),
    }
}

/// What is known of AWSPENDING, and for how long; for a secret marked for deletion, when it will be gone.
pub fn pending(secret: &Secret, signs: &Signs, now: DateTime<Utc>) -> String {
    if let Some(date) = secret.deleted {
        return if date > now { format!("gone in {}", span(date - now)) } else { "gone any time".to_owned() };
    }
    match secret.labels.pending() {
        Pending::None => NOTHING.to_owned(),
        Pending::Same => "same".to_owned(),
        Pending::Other(_) => match (signs.value, signs.since.map(|since| span(now - since))) {
            // Only failed attempts tell its age: the first of them that is known, and there may have been others before.
            (Value::Empty, Some(age)) => format!("empty ≥ {age}"),
            (Value::Empty, None) => "empty".to_owned(),
            (Value::Unknown, Some(age)) => format!("≥ {age}"),
            (_, Some(age)) => age,
            (_, None) => "age unknown".to_owned(),
        },
    }
}

/// What is known about the secret's rotation, as a sentence.
pub fn verdict(secret: &Secret, signs: &Signs, now: DateTime<Utc>) -> String {
    let late = secret.next_rotation.map_or_else(String::new, |next| span(next - now));
    match RotationState::of(secret, signs, now) {
        RotationState::Deleting => deletion(secret, now),
        RotationState::Cancelled => "Rotation is off, though a rotation function is still set.".to_owned(),
        RotationState::Stuck | RotationState::Failed | RotationState::Rotating | RotationState::Pending => {
            let overdue = if is_overdue(secret, now) { format!("Overdue by {late}. ") } else { String::new() };
            format!("{overdue}{}", unfinished(signs, now))
        }
        RotationState::Overdue => {
            format!("Overdue by {late}: rotation is on, and the date AWS gave for it has passed.")
        }
        RotationState::Due | RotationState::Ok => match secret.next_rotation {
            Some(next) => format!("Rotates by {} ({}) at the latest.", moment(next), ago(next, now)),
            None => "Rotation is on; AWS gives no date for the next one.".to_owned(),
        },
        RotationState::Off if secret.rotation_enabled.is_none() => "Rotation was never configured.".to_owned(),
        RotationState::Off => "Rotation is off.".to_owned(),
    }
}

/// A rotation that is not done: AWSPENDING is on another version than AWSCURRENT.
fn unfinished(signs: &Signs, now: DateTime<Utc>) -> String {
    let least = if matches!(signs.value, Value::Empty | Value::Unknown) { "at least " } else { "" };
    let age = signs.since.map_or_else(String::new, |since| format!("{least}{}", span(now - since)));
    let empty = if signs.value == Value::Empty { ", and that version has no value" } else { "" };
    let failure = signs.failure.as_ref().map_or_else(String::new, |failure| {
        let step = failure.step.as_ref().map_or_else(String::new, |step| format!(" at {step}"));
        format!(" The last attempt known to have failed did so{step} {}.", ago(failure.at, now))
    });
    match signs.judge(now) {
        Judgement::Stuck => {
            format!("Stuck for {age}: AWSPENDING is on another version than AWSCURRENT{empty}.{failure}")
        }
        Judgement::Failed => format!("Not done after {age}{empty}.{failure} AWS may try again."),
        Judgement::Rotating => {
            format!("Rotating for {age}: AWSPENDING is on another version than AWSCURRENT{empty}.")
        }
        Judgement::Unknown => {
            format!(
                "AWSPENDING is on another version than AWSCURRENT{empty}: a rotation is running, or one has failed."
            )
        }
    }
}

fn deletion(secret: &Secret, now: DateTime<Utc>) -> String {
    match secret.deleted {
        Some(date) if date > now => {
            format!(
                "Marked for deletion: gone in {}, after {}. Until then it can be restored.",
                span(date - now),
                moment(date)
            )
        }
        _ => {
            "Marked for deletion, and its recovery window is over: AWS deletes it when it gets round to it.".to_owned()
        }
    }
}
