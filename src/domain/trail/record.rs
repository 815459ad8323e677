//! A CloudTrailEvent, the JSON in an event of LookupEvents, and the way to its members.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::SOURCE;
use crate::text::AwsText;

/// Why a record can't be read; it is to be counted, so that nobody takes silence for good news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not a JSON object.
    NotJson,
    /// It lacks the member, or that is not what it should be.
    Without(&'static str),
}

impl Unreadable {
    /// What is wrong with it, to stand behind "the record".
    pub fn words(self) -> String {
        match self {
            Self::NotJson => "is no JSON object".to_owned(),
            Self::Without(member) => format!("has no {member} that can be read"),
        }
    }
}

/// A record.
pub(super) struct Record(Value);

impl Record {
    /// Reads any record.
    pub(super) fn parse(text: &str) -> Result<Self, Unreadable> {
        let value: Value = serde_json::from_str(text).map_err(|_| Unreadable::NotJson)?;
        if value.is_object() { Ok(Self(value)) } else { Err(Unreadable::NotJson) }
    }

    /// Reads a record of Secrets Manager; `None` if its name is another than the one that was looked up.
    pub(super) fn read(event: &str, name: &str) -> Result<Option<Self>, Unreadable> {
        let record = Self::parse(event)?;
        let found = record.text(&["eventName"]).ok_or(Unreadable::Without("eventName"))?;
        let source = record.text(&["eventSource"]).ok_or(Unreadable::Without("eventSource"))?;
        Ok((found == name && source == SOURCE).then_some(record))
    }

    fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.0, |value, name| value.get(name))
    }

    /// A string that is not empty, by the names on the way to it.
    pub(super) fn text(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.as_str().filter(|text| !text.is_empty())
    }

    /// Whether there is anything but null and an empty string, of whatever type.
    pub(super) fn says(&self, path: &[&str]) -> bool {
        self.at(path).is_some_and(|value| !value.is_null() && value.as_str() != Some(""))
    }

    /// A whole number.
    pub(super) fn number(&self, path: &[&str]) -> Option<i64> {
        self.at(path)?.as_i64()
    }

    /// True or false. CloudTrail writes some of them as strings.
    pub(super) fn truth(&self, path: &[&str]) -> Option<bool> {
        let value = self.at(path)?;
        value.as_bool().or_else(|| value.as_str()?.parse().ok())
    }

    /// The strings of a list.
    pub(super) fn texts(&self, path: &[&str]) -> impl Iterator<Item = &str> {
        let list = self.at(path).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).filter(|text| !text.is_empty())
    }

    /// How many members a list has.
    pub(super) fn length(&self, path: &[&str]) -> Option<usize> {
        self.at(path)?.as_array().map(Vec::len)
    }

    /// When it happened (UTC).
    pub(super) fn time(&self) -> Result<DateTime<Utc>, Unreadable> {
        let time = self.text(&["eventTime"]).and_then(|time| DateTime::parse_from_rfc3339(time).ok());
        time.map(|time| time.to_utc()).ok_or(Unreadable::Without("eventTime"))
    }

    /// CloudTrail's id of the event.
    pub(super) fn id(&self) -> Result<AwsText, Unreadable> {
        self.text(&["eventID"]).map(Into::into).ok_or(Unreadable::Without("eventID"))
    }

    /// The full ARN that AWS answered with: `aRN` is how CloudTrail spelled it before February 2024.
    pub(super) fn answered_arn(&self) -> Option<&str> {
        self.text(&["responseElements", "arn"]).or_else(|| self.text(&["responseElements", "aRN"]))
    }

    /// The secret of a service event. `serviceEventDetails` was seen on one of RDS's secrets.
    pub(super) fn service_secret(&self) -> Option<&str> {
        let places = ["additionalEventData", "serviceEventDetails"];
        let mut paths = places.iter().flat_map(|place| [[*place, "SecretId"], [*place, "secretId"]]);
        paths.find_map(|path| self.text(&path))
    }

    /// The version of a rotation attempt: the request id is `Rotation-<ARN>-<VersionId>`.
    pub(super) fn attempt(&self, secret: &str) -> Option<&str> {
        let behind = self.text(&["requestID"])?.strip_prefix("Rotation-")?.strip_prefix(secret)?.strip_prefix('-')?;
        Some(behind).filter(|id| !id.is_empty())
    }

    /// Who called, in short: the session name of a role, a user's name, `root`, or the AWS service.
    pub(super) fn caller(&self) -> Option<&str> {
        let identity = |name| self.text(&["userIdentity", name]);
        let session = identity("arn").and_then(last);
        match identity("type") {
            Some("Root") => Some("root"),
            Some("AssumedRole" | "FederatedUser") => session.or(identity("principalId")),
            _ => identity("userName").or(session).or(identity("invokedBy")).or(identity("principalId")),
        }
        .filter(|name| !name.is_empty())
    }
}

/// What stands behind the last `/` or `:` of an ARN.
fn last(arn: &str) -> Option<&str> {
    arn.rsplit(['/', ':']).next().filter(|name| !name.is_empty())
}
