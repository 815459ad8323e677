//! What the trail tells about rotation alone: which attempt failed in which step, and who turned rotation off.

use chrono::{DateTime, Utc};

use super::record::{Record, Unreadable};
use super::whose::{Named, secret_arn_in};
use crate::domain::rotation::Step;
use crate::domain::secret::Secret;
use crate::domain::version::VersionId;
use crate::text::AwsText;

/// The name of the event that [`RotationFailure::parse`] reads. It is no API call: Secrets Manager itself writes it.
pub const ROTATION_FAILED: &str = "RotationFailed";

/// The name of the event that [`Cancellation::parse`] reads.
pub const CANCEL_ROTATE_SECRET: &str = "CancelRotateSecret";

/// A rotation attempt that failed. AWS tries again with the same version, so a stuck secret has many of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotationFailure {
    /// The full ARN of the secret.
    pub secret: AwsText,
    /// The version that the attempt was to bring in.
    pub version: Option<VersionId>,
    /// When it failed, UTC, to the second.
    pub at: DateTime<Utc>,
    /// The step in which it failed, where the message names one.
    pub step: Option<Step>,
    /// AWS's words, empty where it sent none. They name the function and the step, not the cause: that is in its log.
    pub message: AwsText,
    /// CloudTrail's id of the event.
    pub event_id: AwsText,
}

/// Somebody turned a secret's rotation off. It may have been turned on again since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancellation {
    /// The secret.
    pub secret: Named,
    /// When, UTC, to the second.
    pub at: DateTime<Utc>,
    /// Who, in short: the session name of a role (a person's, with IAM Identity Center), a user's name, `root`, or
    /// the AWS service.
    pub by: Option<AwsText>,
    /// CloudTrail's id of the event.
    pub event_id: AwsText,
}

impl RotationFailure {
    /// Reads a CloudTrailEvent. `None` where it is another event than RotationFailed of Secrets Manager.
    pub fn parse(event: &str) -> Result<Option<Self>, Unreadable> {
        let Some(record) = Record::read(event, ROTATION_FAILED)? else { return Ok(None) };
        let message = record.text(&["errorMessage"]).unwrap_or_default();
        let secret =
            record.service_secret().or_else(|| secret_arn_in(message)).ok_or(Unreadable::Without("SecretId"))?;
        Ok(Some(Self {
            version: record.attempt(secret).or_else(|| pending_version_in(message)).map(|id| VersionId(id.into())),
            secret: secret.into(),
            at: record.time()?,
            step: step_in(message),
            message: message.into(),
            event_id: record.id()?,
        }))
    }

    /// Whether the attempt was one on this secret.
    pub fn names(&self, secret: &Secret) -> bool {
        self.secret == secret.id.arn
    }

    /// Whether AWS found no value of the function's after createSecret, by the second message there.
    pub fn says_not_created(&self) -> bool {
        let message = self.message.raw();
        pending_version_in(message).is_some() && message.contains(" was not created by Lambda ")
    }
}

impl Cancellation {
    /// Reads a CloudTrailEvent. `None` where it is another event than CancelRotateSecret, or one that AWS refused:
    /// that changed nothing.
    pub fn parse(event: &str) -> Result<Option<Self>, Unreadable> {
        let Some(record) = Record::read(event, CANCEL_ROTATE_SECRET)? else { return Ok(None) };
        if record.text(&["errorCode"]).is_some() || record.text(&["errorMessage"]).is_some() {
            return Ok(None);
        }
        let arn = record.answered_arn();
        let given = record.text(&["requestParameters", "secretId"]).or(arn).ok_or(Unreadable::Without("secretId"))?;
        Ok(Some(Self {
            secret: Named { given: given.into(), arn: arn.map(Into::into) },
            at: record.time()?,
            by: record.caller().map(Into::into),
            event_id: record.id()?,
        }))
    }
}

/// The step in `Error when executing lambda <ARN> during <step> step`.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>
pub(super) fn step_in(message: &str) -> Option<Step> {
    let (_, behind) = message.rsplit_once(" during ")?;
    Step::from_aws(behind.split_once(" step")?.0)
}

/// The version in `Pending secret version <VersionId> for Secret <ARN> was not created by Lambda …`, same source.
pub(super) fn pending_version_in(message: &str) -> Option<&str> {
    let (version, _) = message.strip_prefix("Pending secret version ")?.split_once(" for Secret ")?;
    Some(version).filter(|version| !version.is_empty())
}

#[cfg(test)]
mod tests;
