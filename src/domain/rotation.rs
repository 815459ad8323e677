//! The state of a secret's rotation, as far as metadata shows it, and the order of trouble.

use chrono::{DateTime, TimeDelta, Utc};

use super::secret::Secret;
use super::version::Pending;

/// How near the next rotation must be to be called due.
const DUE: TimeDelta = TimeDelta::hours(24);

/// The state of a secret's rotation.
///
/// Metadata can't tell a rotation that runs from one that failed, so a secret whose AWSPENDING sits on another
/// version than AWSCURRENT is [`Pending`](RotationState::Pending) until more has been asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RotationState {
    /// NextRotationDate has passed while rotation is on: attempts are failing.
    Overdue,
    /// Off though a rotation function is set: somebody turned it off.
    Cancelled,
    /// AWSPENDING on another version than AWSCURRENT: it runs or it failed.
    Pending,
    /// The next rotation comes within 24 hours.
    Due,
    /// On, and nothing to say against it.
    Ok,
    /// Off, or never configured.
    Off,
    /// Marked for deletion: it doesn't rotate any more.
    Deleting,
}

impl RotationState {
    /// Every state, in the order of trouble.
    pub const ALL: [Self; 7] =
        [Self::Overdue, Self::Cancelled, Self::Pending, Self::Due, Self::Ok, Self::Off, Self::Deleting];

    /// The state that the secret's metadata shows at `now`.
    pub fn of(secret: &Secret, now: DateTime<Utc>) -> Self {
        let enabled = secret.rotation_enabled == Some(true);
        let pending = matches!(secret.labels.pending(), Pending::Other(_));
        match secret.next_rotation {
            _ if secret.deleted.is_some() => Self::Deleting,
            _ if !enabled && secret.rotation_function.is_some() => Self::Cancelled,
            _ if pending => Self::Pending,
            _ if !enabled => Self::Off,
            Some(next) if next < now => Self::Overdue,
            Some(next) if next - now <= DUE => Self::Due,
            _ => Self::Ok,
        }
    }

    /// The word for it, the same in tables and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Cancelled => "cancelled",
            Self::Pending => "pending",
            Self::Due => "due",
            Self::Ok => "ok",
            Self::Off => "off",
            Self::Deleting => "deleting",
        }
    }
}

/// Whether the date of the next rotation has passed while rotation is on, whatever else is the matter.
pub fn is_overdue(secret: &Secret, now: DateTime<Utc>) -> bool {
    secret.deleted.is_none()
        && secret.rotation_enabled == Some(true)
        && secret.next_rotation.is_some_and(|next| next < now)
}

/// A secret's place in the order of trouble; smaller is worse.
///
/// A pending secret that is overdue too stands among the overdue ones. Within a state the earlier date comes first.
pub fn trouble(secret: &Secret, now: DateTime<Utc>) -> (usize, i64) {
    let state = if is_overdue(secret, now) { RotationState::Overdue } else { RotationState::of(secret, now) };
    let rank = RotationState::ALL.iter().position(|other| *other == state).unwrap_or(usize::MAX);
    let date = secret.deleted.or(secret.next_rotation).map_or(i64::MAX, |date| date.timestamp());
    (rank, date)
}

/// What the metadata says about a secret's rotation, as one sentence for its preview.
pub fn verdict(secret: &Secret, now: DateTime<Utc>) -> String {
    use crate::text::{ago, moment, span};
    let next = secret.next_rotation;
    match RotationState::of(secret, now) {
        RotationState::Deleting => match secret.deleted {
            Some(date) if date > now => {
                format!("Marked for deletion: gone in {} ({}). It can be restored until then.", span(date - now), moment(date))
            }
            date => format!(
                "Marked for deletion; its recovery window ended {}. AWS deletes it at a time of its own.",
                date.map_or_else(String::new, |date| ago(date, now))
            ),
        },
        RotationState::Cancelled => "Rotation is off, though a rotation function is still set.".to_owned(),
        RotationState::Pending if is_overdue(secret, now) => format!(
            "Overdue by {}, and AWSPENDING sits on another version than AWSCURRENT: a rotation is running or has failed.",
            next.map_or_else(String::new, |next| span(now - next))
        ),
        RotationState::Pending => {
            "AWSPENDING sits on another version than AWSCURRENT: a rotation is running or has failed.".to_owned()
        }
        RotationState::Overdue => format!(
            "Overdue by {}: rotation is on, and the date AWS gave for it has passed.",
            next.map_or_else(String::new, |next| span(now - next))
        ),
        RotationState::Due => format!("Rotates within {}.", next.map_or_else(String::new, |next| span(next - now))),
        RotationState::Ok => match next {
            Some(next) => format!("Rotates by {}, in {}.", moment(next), span(next - now)),
            None => "Rotation is on; AWS gives no date for the next one.".to_owned(),
        },
        RotationState::Off if secret.rotation_enabled.is_none() => "Rotation was never configured.".to_owned(),
        RotationState::Off => "Rotation is off.".to_owned(),
    }
}
