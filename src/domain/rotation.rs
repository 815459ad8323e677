//! The state of a secret's rotation, as far as metadata shows it, and the order of trouble.

use chrono::{DateTime, TimeDelta, Utc};

use super::pending::{Judgement, Signs};
use super::secret::Secret;
use super::version::Pending;

/// How near the next rotation must be to be called due.
const DUE: TimeDelta = TimeDelta::hours(24);

/// The state of a secret's rotation.
///
/// The list's metadata can't tell a rotation that runs from one that failed, so a secret whose AWSPENDING sits on
/// another version than AWSCURRENT is [`Pending`](RotationState::Pending) until more is known about that version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RotationState {
    /// AWSPENDING sits on another version than AWSCURRENT for longer than any rotation takes.
    Stuck,
    /// An attempt has failed a short while ago; AWS may try again.
    Failed,
    /// NextRotationDate has passed while rotation is on: attempts are failing.
    Overdue,
    /// Off though a rotation function is set: somebody turned it off.
    Cancelled,
    /// AWSPENDING on another version than AWSCURRENT: it runs or it failed.
    Pending,
    /// AWSPENDING has been on another version than AWSCURRENT for a short while, and no attempt is known to have failed.
    Rotating,
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
    pub const ALL: [Self; 10] = [
        Self::Stuck,
        Self::Failed,
        Self::Overdue,
        Self::Cancelled,
        Self::Pending,
        Self::Rotating,
        Self::Due,
        Self::Ok,
        Self::Off,
        Self::Deleting,
    ];

    /// The state that the secret's metadata, and the signs of its pending version, show at `now`.
    pub fn of(secret: &Secret, signs: &Signs, now: DateTime<Utc>) -> Self {
        let enabled = secret.rotation_enabled == Some(true);
        let pending = matches!(secret.labels.pending(), Pending::Other(_));
        match secret.next_rotation {
            _ if secret.deleted.is_some() => Self::Deleting,
            _ if !enabled && secret.rotation_function.is_some() => Self::Cancelled,
            _ if pending => match signs.judge(now) {
                Judgement::Unknown => Self::Pending,
                Judgement::Rotating => Self::Rotating,
                Judgement::Failed => Self::Failed,
                Judgement::Stuck => Self::Stuck,
            },
            _ if !enabled => Self::Off,
            Some(next) if next < now => Self::Overdue,
            Some(next) if next - now <= DUE => Self::Due,
            _ => Self::Ok,
        }
    }

    /// The word for it, the same in tables and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stuck => "stuck",
            Self::Failed => "failed",
            Self::Rotating => "rotating",
            Self::Overdue => "overdue",
            Self::Cancelled => "cancelled",
            Self::Pending => "pending",
            Self::Due => "due",
            Self::Ok => "ok",
            Self::Off => "off",
            Self::Deleting => "deleting",
        }
    }

    /// The shape for it, so that it can be told without colour.
    pub fn symbol(self) -> char {
        match self {
            Self::Stuck | Self::Failed => '✖',
            Self::Rotating => '◐',
            Self::Overdue | Self::Cancelled => '!',
            Self::Pending => '?',
            Self::Due => '◔',
            Self::Ok => '✔',
            Self::Off => '·',
            Self::Deleting => '⧗',
        }
    }
}

/// A step of a rotation. Secrets Manager calls the rotation function once for each, in this order.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Puts a new value under AWSPENDING.
    Create,
    /// Sets that value in the database or service.
    Set,
    /// Signs in with it.
    Test,
    /// Moves AWSCURRENT to it.
    Finish,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 4] = [Self::Create, Self::Set, Self::Test, Self::Finish];

    /// The step for AWS's word. The user guide spells it `create_secret`, functions and events `createSecret`.
    pub fn from_aws(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.word() == word || step.guide_word() == word)
    }

    /// The word for it, as functions and events spell it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "createSecret",
            Self::Set => "setSecret",
            Self::Test => "testSecret",
            Self::Finish => "finishSecret",
        }
    }

    fn guide_word(self) -> &'static str {
        match self {
            Self::Create => "create_secret",
            Self::Set => "set_secret",
            Self::Test => "test_secret",
            Self::Finish => "finish_secret",
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    /// The place of its state.
    pub rank: u8,
    /// Within a state the earlier date comes first (UTC); secrets without one come last.
    pub date: Option<DateTime<Utc>>,
}

impl Trouble {
    /// Of a secret in a state. A pending secret that is overdue too stands among the overdue ones at least.
    pub fn of(secret: &Secret, state: RotationState, now: DateTime<Utc>) -> Self {
        let rank =
            |state| (0_u8..).zip(RotationState::ALL).find(|(_, other)| *other == state).map_or(u8::MAX, |(at, _)| at);
        let overdue = if is_overdue(secret, now) { rank(RotationState::Overdue) } else { u8::MAX };
        Self { rank: rank(state).min(overdue), date: secret.deleted.or(secret.next_rotation) }
    }
}

/// When the state changes by time alone (UTC); `None` if it doesn't.
pub fn changes_at(secret: &Secret, signs: &Signs, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let moment = TimeDelta::nanoseconds(1);
    let next = secret.next_rotation;
    let moments = [next.map(|next| next - DUE), next.map(|next| next + moment), signs.changes_at()];
    moments.into_iter().flatten().filter(|at| *at > now).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sort::Sort;
    use crate::domain::version::{LabelMap, StagingLabel, VersionId};

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn secret(enabled: Option<bool>, function: bool, next_in_hours: Option<i64>, pending: bool) -> Secret {
        let label = |version: &str, label| (VersionId(version.into()), Box::from([label]));
        let current = Some(label("a", StagingLabel::Current));
        let labels = current.into_iter().chain(pending.then(|| label("b", StagingLabel::Pending)));
        Secret {
            rotation_enabled: enabled,
            rotation_function: function.then(|| "arn:aws:lambda:…".into()),
            next_rotation: next_in_hours.map(|hours| now() + TimeDelta::hours(hours)),
            labels: LabelMap(labels.collect()),
            ..Secret::plain("name")
        }
    }

    #[test]
    fn metadata_tells_the_state() {
        use RotationState::{Cancelled, Due, Off, Ok, Overdue, Pending};
        for (enabled, function, next, pending, state) in [
            (None, false, None, false, Off),
            (None, false, None, true, Pending),
            (Some(false), false, None, false, Off),
            (Some(false), true, None, false, Cancelled),
            (Some(false), true, None, true, Cancelled),
            (Some(true), true, None, false, Ok),
            (Some(true), true, Some(25), false, Ok),
            (Some(true), true, Some(24), false, Due),
            (Some(true), true, Some(0), false, Due),
            (Some(true), true, Some(-1), false, Overdue),
            (Some(true), false, Some(-1), false, Overdue),
            (Some(true), true, Some(-1), true, Pending),
            (Some(true), true, Some(400), true, Pending),
        ] {
            let secret = secret(enabled, function, next, pending);
            assert_eq!(
                RotationState::of(&secret, &Signs::UNKNOWN, now()),
                state,
                "{enabled:?} {function} {next:?} {pending}"
            );
        }
    }

    #[test]
    fn a_secret_marked_for_deletion_rotates_no_more() {
        let mut secret = secret(Some(true), true, Some(-1), true);
        secret.deleted = Some(now() + TimeDelta::days(6));
        assert_eq!(RotationState::of(&secret, &Signs::UNKNOWN, now()), RotationState::Deleting);
        assert!(!is_overdue(&secret, now()));
    }

    #[test]
    fn trouble_comes_first_and_the_earlier_date_before_the_later() {
        let pending_overdue = secret(Some(true), true, Some(-48), true);
        let overdue = secret(Some(true), true, Some(-5), false);
        let cancelled = secret(Some(false), true, None, false);
        let pending = secret(Some(true), true, Some(300), true);
        let due = secret(Some(true), true, Some(3), false);
        let ok = secret(Some(true), true, Some(300), false);
        let off = secret(None, false, None, false);
        let order = [pending_overdue, overdue, cancelled, pending, due, ok, off].map(|s| {
            let trouble = Trouble::of(&s, RotationState::of(&s, &Signs::UNKNOWN, now()), now());
            Sort::default().key(&s, trouble)
        });
        assert!(order.is_sorted(), "{order:?}");
    }
}
