//! One event of the trail, read from whatever its record is: nothing that CloudTrail lists is dropped.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::SOURCE;
use super::deed::Deed;
use super::kind::Kind;
use super::record::{Record, Unreadable};
use super::scene::Scene;
use crate::domain::secret::Secret;
use crate::text::AwsText;

/// An event as LookupEvents lists it, with the record in it.
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Event.html>
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// EventId.
    pub id: Option<String>,
    /// EventName.
    pub name: Option<String>,
    /// EventSource.
    pub source: Option<String>,
    /// EventTime (UTC).
    pub at: Option<DateTime<Utc>>,
    /// Username.
    pub username: Option<String>,
    /// The names of its Resources.
    pub resources: Vec<String>,
    /// CloudTrailEvent: the record, a string of JSON.
    pub record: Option<String>,
}

/// An event that has no id or no time, neither in the list nor in its record: there is no place for it among others.
/// It is to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unplaced;

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Well, as far as the record says.
    Done,
    /// AWS refused it, or the step of a rotation failed.
    Failed {
        /// `errorCode`; a service event has none.
        code: Option<AwsText>,
        /// `errorMessage`.
        message: Option<AwsText>,
    },
    /// Not known: the record can't be read.
    Unknown,
}

/// An event of the trail. Times are UTC, to the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailEvent {
    /// CloudTrail's id of the event.
    pub id: AwsText,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The event's name, in AWS's words.
    pub name: AwsText,
    /// The service that it is about, as `secretsmanager.amazonaws.com`.
    pub source: AwsText,
    /// Whose secret, who, from where, with what client.
    pub scene: Arc<Scene>,
    /// What was done, or was to be done.
    pub deed: Deed,
    /// How it ended.
    pub outcome: Outcome,
    /// What is wrong with the record, if it can't be read; then only what the list says is known.
    pub unreadable: Option<Unreadable>,
    /// The record; `None` if it isn't kept any more.
    pub record: Option<Arc<str>>,
}

impl Outcome {
    /// An error that can't be read is one all the same, and what is called a failure needs no message to be one.
    fn of(record: &Record, name: &str) -> Self {
        if !(name.ends_with("Failed") || record.says(&["errorCode"]) || record.says(&["errorMessage"])) {
            return Self::Done;
        }
        let text = |name| record.text(&[name]).map(Into::into);
        Self::Failed { code: text("errorCode"), message: text("errorMessage") }
    }
}

impl Place {
    /// Whether it is before this moment (UTC).
    pub fn is_before(&self, moment: DateTime<Utc>) -> bool {
        -self.newest_first < moment.timestamp_millis()
    }

    /// When (UTC).
    pub fn at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(-self.newest_first).unwrap_or_default()
    }
}

impl TrailEvent {
    /// Reads an event.
    pub fn read(listed: Listed) -> Result<Self, Unplaced> {
        let text = listed.record.as_deref().unwrap_or_default();
        match Record::parse(text) {
            Ok(record) => Self::of(&record, &listed),
            Err(unreadable) => Self::without_record(&listed, unreadable),
        }
        .map(|event| Self { record: listed.record.map(Into::into), ..event })
    }

    fn of(record: &Record, listed: &Listed) -> Result<Self, Unplaced> {
        let id = record.id().ok().or_else(|| some(listed.id.as_deref())).ok_or(Unplaced)?;
        let at = record.time();
        let unreadable = at.as_ref().err().copied();
        let at = at.ok().or(listed.at).ok_or(Unplaced)?;
        let name = record.text(&["eventName"]).or(listed.name.as_deref());
        let source = record.text(&["eventSource"]).or(listed.source.as_deref()).unwrap_or_default();
        let unreadable = unreadable.or_else(|| name.is_none().then_some(Unreadable::Without("eventName")));
        let name = name.unwrap_or_default();
        Ok(Self {
            id,
            at,
            name: name.into(),
            source: source.into(),
            scene: Arc::new(Scene::of(record, &listed.resources)),
            deed: Deed::of(record, name, source),
            outcome: Outcome::of(record, name),
            unreadable,
            record: None,
        })
    }

    /// What the list alone tells.
    fn without_record(listed: &Listed, unreadable: Unreadable) -> Result<Self, Unplaced> {
        Ok(Self {
            id: some(listed.id.as_deref()).ok_or(Unplaced)?,
            at: listed.at.ok_or(Unplaced)?,
            name: listed.name.as_deref().unwrap_or_default().into(),
            source: listed.source.as_deref().unwrap_or_default().into(),
            scene: Arc::new(Scene::listed(listed.username.as_deref(), &listed.resources)),
            deed: Deed::Other,
            outcome: Outcome::Unknown,
            unreadable: Some(unreadable),
            record: None,
        })
    }

    /// What kind of event it is.
    pub fn kind(&self) -> Kind {
        Kind::of(&self.deed, matches!(self.outcome, Outcome::Failed { .. }))
    }

    /// Whether it is about this secret. What happened in another service is only by the secret's ARN: a table or a key may
    /// have the secret's name, and LookupEvents finds resources of every kind by their names.
    pub fn names(&self, secret: &Secret) -> bool {
        let whose = &self.scene.whose;
        let is_ours = self.source.is_empty() || self.source.raw() == SOURCE;
        if is_ours { whose.names(secret) } else { whose.arn.as_ref() == Some(&secret.id.arn) }
    }

    /// Whether AWS refused it, or it failed.
    pub fn has_failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { .. })
    }

    /// Whether it is the doing of this function, whose sessions are named after it.
    pub fn is_by_function(&self, name: &str) -> bool {
        self.scene.who.is_function(name)
    }

    /// Where it stands among others: the newest first, those of one second by id.
    pub fn place(&self) -> Place {
        Place { newest_first: -self.at.timestamp_millis(), id: self.id.clone() }
    }
}

/// A place among events, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    newest_first: i64,
    id: AwsText,
}

fn some(text: Option<&str>) -> Option<AwsText> {
    text.filter(|text| !text.is_empty()).map(Into::into)
}

#[cfg(test)]
mod tests;
