//! What CloudTrail recorded about rotation: which attempt failed in which step, and who turned rotation off.
//!
//! Read from the CloudTrailEvent string of LookupEvents. Shapes:
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html>,
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::rotation::Step;
use super::secret::Secret;
use super::version::VersionId;
use crate::text::AwsText;

/// The source of every event of Secrets Manager.
const SOURCE: &str = "secretsmanager.amazonaws.com";

/// The name of the event that [`RotationFailure::parse`] reads. It is no API call: Secrets Manager itself writes it.
pub const ROTATION_FAILED: &str = "RotationFailed";

/// The name of the event that [`Cancellation::parse`] reads.
pub const CANCEL_ROTATE_SECRET: &str = "CancelRotateSecret";

/// Why a record can't be read; it is to be counted, so that nobody takes silence for good news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not a JSON object.
    NotJson,
    /// It lacks the member, or that is not what it should be.
    Without(&'static str),
}

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

/// A secret as a caller named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What the caller passed: a name, a full ARN, or an ARN without its six random characters.
    pub given: AwsText,
    /// The full ARN, where AWS answered with it.
    pub arn: Option<AwsText>,
}

impl Named {
    /// Whether this secret is meant.
    ///
    /// AWS's ARN decides where there is one: a secret that was deleted and made anew has the same name and another
    /// ARN. Otherwise name, ARN and ARN without suffix are compared to the letter.
    pub fn names(&self, secret: &Secret) -> bool {
        let arn = secret.id.arn.raw();
        if let Some(full) = &self.arn {
            return full.raw() == arn;
        }
        let given = self.given.raw();
        given == arn || given == secret.name.raw() || without_suffix(arn) == Some(given)
    }
}

/// An ARN without the hyphen and the six random characters at its end.
fn without_suffix(arn: &str) -> Option<&str> {
    let (front, suffix) = arn.rsplit_once('-')?;
    (suffix.chars().count() == 6).then_some(front)
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
}

impl Cancellation {
    /// Reads a CloudTrailEvent. `None` where it is another event than CancelRotateSecret, or one that AWS refused:
    /// that changed nothing.
    pub fn parse(event: &str) -> Result<Option<Self>, Unreadable> {
        let Some(record) = Record::read(event, CANCEL_ROTATE_SECRET)? else { return Ok(None) };
        if record.text(&["errorCode"]).is_some() || record.text(&["errorMessage"]).is_some() {
            return Ok(None);
        }
        // `aRN` is how CloudTrail spelled it before February 2024.
        let arn = record.text(&["responseElements", "arn"]).or_else(|| record.text(&["responseElements", "aRN"]));
        let given = record.text(&["requestParameters", "secretId"]).or(arn).ok_or(Unreadable::Without("secretId"))?;
        Ok(Some(Self {
            secret: Named { given: given.into(), arn: arn.map(Into::into) },
            at: record.time()?,
            by: record.caller().map(Into::into),
            event_id: record.id()?,
        }))
    }
}

/// A CloudTrailEvent whose name is the one that was looked up.
struct Record(Value);

impl Record {
    fn read(event: &str, name: &str) -> Result<Option<Self>, Unreadable> {
        let value: Value = serde_json::from_str(event).map_err(|_| Unreadable::NotJson)?;
        if !value.is_object() {
            return Err(Unreadable::NotJson);
        }
        let record = Self(value);
        let found = record.text(&["eventName"]).ok_or(Unreadable::Without("eventName"))?;
        let source = record.text(&["eventSource"]).ok_or(Unreadable::Without("eventSource"))?;
        Ok((found == name && source == SOURCE).then_some(record))
    }

    /// A string that is not empty, by the names on the way to it.
    fn text(&self, path: &[&str]) -> Option<&str> {
        path.iter().try_fold(&self.0, |value, name| value.get(name))?.as_str().filter(|text| !text.is_empty())
    }

    fn time(&self) -> Result<DateTime<Utc>, Unreadable> {
        let time = self.text(&["eventTime"]).and_then(|time| DateTime::parse_from_rfc3339(time).ok());
        time.map(|time| time.to_utc()).ok_or(Unreadable::Without("eventTime"))
    }

    fn id(&self) -> Result<AwsText, Unreadable> {
        self.text(&["eventID"]).map(Into::into).ok_or(Unreadable::Without("eventID"))
    }

    /// The secret of a service event. `serviceEventDetails` was seen on one of RDS's secrets.
    fn service_secret(&self) -> Option<&str> {
        let places = ["additionalEventData", "serviceEventDetails"];
        let mut paths = places.iter().flat_map(|place| [[*place, "SecretId"], [*place, "secretId"]]);
        paths.find_map(|path| self.text(&path))
    }

    /// The version of a rotation attempt: the request id is `Rotation-<ARN>-<VersionId>`.
    fn attempt(&self, secret: &str) -> Option<&str> {
        let behind = self.text(&["requestID"])?.strip_prefix("Rotation-")?.strip_prefix(secret)?.strip_prefix('-')?;
        Some(behind).filter(|id| !id.is_empty())
    }

    fn caller(&self) -> Option<&str> {
        let identity = |name| self.text(&["userIdentity", name]);
        let last = |arn: &str| arn.rsplit(['/', ':']).next().map(str::len);
        let session = identity("arn").and_then(|arn| arn.get(arn.len() - last(arn)?..));
        match identity("type") {
            Some("Root") => Some("root"),
            Some("AssumedRole" | "FederatedUser") => session.or(identity("principalId")),
            _ => identity("userName").or(session).or(identity("invokedBy")).or(identity("principalId")),
        }
        .filter(|name| !name.is_empty())
    }
}

/// The step in `Error when executing lambda <ARN> during <step> step`.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>
fn step_in(message: &str) -> Option<Step> {
    let (_, behind) = message.rsplit_once(" during ")?;
    Step::from_aws(behind.split_once(" step")?.0)
}

/// The version in `Pending secret version <VersionId> for Secret <ARN> was not created by Lambda …`, same source.
fn pending_version_in(message: &str) -> Option<&str> {
    let (version, _) = message.strip_prefix("Pending secret version ")?.split_once(" for Secret ")?;
    Some(version).filter(|version| !version.is_empty())
}

/// The first word that is the ARN of a secret.
fn secret_arn_in(message: &str) -> Option<&str> {
    let mut words = message.split_whitespace();
    words.find(|word| word.starts_with("arn:") && word.split(':').nth(2) == Some("secretsmanager"))
}

#[cfg(test)]
mod tests;
