//! What is known of an AWSPENDING version beyond its label, and what that makes of the rotation.

use chrono::{DateTime, TimeDelta, Utc};

use super::version::Value;
use crate::text::AwsText;

/// How long a rotation may take before it is called stuck: four steps of a function's longest time-out, and 5 min.
///
/// Sources: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html> (900 s),
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html> (four steps)
pub const PATIENCE: TimeDelta = TimeDelta::minutes(4 * 15 + 5);

/// What was found out about the version with AWSPENDING, where that isn't the current one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signs {
    /// Whether it has a value, and since when.
    pub value: Value,
    /// The last attempt that is known to have failed.
    pub failure: Option<Failure>,
    /// The first sign of it: its value was put, or an attempt failed (UTC).
    pub since: Option<DateTime<Utc>>,
}

/// An attempt that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// When (UTC).
    pub at: DateTime<Utc>,
    /// At which step, in AWS's word.
    pub step: Option<AwsText>,
}

impl Signs {
    /// Nothing was found out.
    pub const UNKNOWN: Self = Self { value: Value::Unknown, failure: None, since: None };

    /// What the signs make of the rotation.
    pub fn judge(&self, now: DateTime<Utc>) -> Judgement {
        let old = self.since.is_some_and(|since| now - since > PATIENCE);
        match (&self.failure, self.since) {
            _ if old => Judgement::Stuck,
            (Some(_), _) => Judgement::Failed,
            (None, Some(_)) => Judgement::Rotating,
            (None, None) => Judgement::Unknown,
        }
    }

    /// When the judgement changes by time alone (UTC).
    pub fn changes_at(&self) -> Option<DateTime<Utc>> {
        self.since.map(|since| since + PATIENCE + TimeDelta::nanoseconds(1))
    }
}

/// What the signs make of a rotation that is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// There is no sign of its age.
    Unknown,
    /// It is young, and no attempt is known to have failed.
    Rotating,
    /// It is young, and an attempt has failed; AWS may try again.
    Failed,
    /// It is older than any rotation takes.
    Stuck,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_and_failure_make_the_judgement() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap_or_default();
        let ago = |minutes| Some(now - TimeDelta::minutes(minutes));
        let failure = || Some(Failure { at: now, step: None });
        for (since, failure, judgement) in [
            (None, None, Judgement::Unknown),
            (ago(1), None, Judgement::Rotating),
            (ago(65), None, Judgement::Rotating),
            (ago(66), None, Judgement::Stuck),
            (ago(1), failure(), Judgement::Failed),
            (ago(66), failure(), Judgement::Stuck),
        ] {
            let signs = Signs { value: Value::Unknown, failure, since };
            assert_eq!(signs.judge(now), judgement, "{signs:?}");
        }
    }

    #[test]
    fn the_judgement_changes_when_it_says() {
        let since = DateTime::from_timestamp(1_800_000_000, 0).unwrap_or_default();
        let signs = Signs { since: Some(since), ..Signs::UNKNOWN };
        let at = signs.changes_at().unwrap_or_default();
        assert_eq!(signs.judge(at - TimeDelta::seconds(1)), Judgement::Rotating);
        assert_eq!(signs.judge(at), Judgement::Stuck);
    }
}
