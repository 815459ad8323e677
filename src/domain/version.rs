//! Versions of a secret and the staging labels on them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use super::few::Few;
use crate::text::AwsText;

/// The id of a version: any 32 to 64 characters that a caller chose, usually but not always a UUID.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct VersionId(pub AwsText);

impl VersionId {
    /// Enough of the id to tell versions of one secret apart: `7d0c…f2e1`. What other programs make up may end like the next
    /// one, so more of its end is shown: `terr…904100000002`.
    pub fn short(&self) -> String {
        let shown: Vec<char> = self.0.to_string().chars().collect();
        let tail = if self.is_uuid() { 4 } else { 12 };
        if shown.len() <= 6 + tail {
            return shown.into_iter().collect();
        }
        let (head, tail) = (&shown[..4], &shown[shown.len() - tail..]);
        head.iter().chain(['…'].iter()).chain(tail).collect()
    }

    /// Whether it is one of those that AWS makes up where nobody gives one.
    fn is_uuid(&self) -> bool {
        let groups: Vec<_> = self.0.raw().split('-').collect();
        let is_hex = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
        groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.iter().all(is_hex)
    }
}

/// A staging label, which names the part that a version plays.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StagingLabel {
    /// Being rotated in.
    Pending,
    /// In use.
    Current,
    /// The last known good one.
    Previous,
    /// A label of the user's own.
    Custom(AwsText),
}

impl StagingLabel {
    /// The label for AWS's word, which is compared to the letter.
    pub fn from_aws(word: &str) -> Self {
        match word {
            "AWSCURRENT" => Self::Current,
            "AWSPENDING" => Self::Pending,
            "AWSPREVIOUS" => Self::Previous,
            other => Self::Custom(other.into()),
        }
    }

    /// AWS's word for it, as text from AWS.
    pub fn text(&self) -> AwsText {
        match self {
            Self::Current => "AWSCURRENT".into(),
            Self::Pending => "AWSPENDING".into(),
            Self::Previous => "AWSPREVIOUS".into(),
            Self::Custom(label) => label.clone(),
        }
    }
}

impl Serialize for StagingLabel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text().serialize(serializer)
    }
}

/// Which labels sit on which version, as DescribeSecret and ListSecrets tell it.
///
/// AWS keeps a label on one version at a time; other servers break that rule, so nothing here relies on it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct LabelMap(pub Few<VersionId, Box<[StagingLabel]>>);

impl LabelMap {
    /// The version with this label; the first by id where a server put it on several.
    pub fn version_with(&self, label: &StagingLabel) -> Option<&VersionId> {
        self.0.iter().find(|(_, labels)| labels.contains(label)).map(|(version, _)| version)
    }

    /// Whether the version has this label.
    pub fn has(&self, version: &VersionId, label: &StagingLabel) -> bool {
        self.0.get(version).is_some_and(|labels| labels.contains(label))
    }

    /// Where AWSPENDING sits, seen from AWSCURRENT.
    pub fn pending(&self) -> Pending {
        let mut holders = self.0.iter().filter(|(_, labels)| labels.contains(&StagingLabel::Pending)).peekable();
        if holders.peek().is_none() {
            return Pending::None;
        }
        match holders.find(|(_, labels)| !labels.contains(&StagingLabel::Current)) {
            Some((version, _)) => Pending::Other(version.clone()),
            None => Pending::Same,
        }
    }
}

/// Where AWSPENDING sits, seen from AWSCURRENT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pending {
    /// On no version.
    None,
    /// On the version that is AWSCURRENT too: a rotation that is done.
    Same,
    /// On another version: a rotation that runs or one that failed; the labels alone can't tell.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
    Other(VersionId),
}

/// One version, as ListSecretVersionIds tells it. Versions without a value are never in that list.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecretVersionIds.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// Its labels; a version without any is deprecated.
    pub labels: Vec<StagingLabel>,
    /// When its value was put.
    pub created: Option<DateTime<Utc>>,
    /// The day it was last read, midnight UTC: AWS keeps no time of day.
    pub last_accessed: Option<DateTime<Utc>>,
    /// The KMS keys that encrypt it.
    pub kms_keys: Vec<AwsText>,
}

/// Whether a version has a value, which ListSecretVersionIds tells without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// Not known: the versions were not, or could not be, listed.
    Unknown,
    /// It has a label but is not in the list: it never got a value.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>
    Empty,
    /// It has one, put then.
    Put(Option<DateTime<Utc>>),
}

/// A version with what both answers together tell: labels from DescribeSecret, the rest from ListSecretVersionIds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// Its id.
    pub id: VersionId,
    /// Its labels.
    pub labels: Vec<StagingLabel>,
    /// Whether it has a value.
    pub value: Value,
    /// The day it was last read, midnight UTC.
    pub last_accessed: Option<DateTime<Utc>>,
}

impl Labelled {
    /// When the value was put, or that there is none.
    pub fn created_words(&self, date: impl Fn(DateTime<Utc>) -> String) -> String {
        match self.value {
            Value::Unknown => "unknown".to_owned(),
            Value::Empty => "has no value".to_owned(),
            Value::Put(created) => created.map_or_else(|| "–".to_owned(), date),
        }
    }
}

/// The versions of a secret: those with labels first, in the order of [`StagingLabel`], then deprecated ones, newest first.
pub fn labelled(labels: &LabelMap, versions: Option<&[Version]>) -> Vec<Labelled> {
    let find = |id: &VersionId| versions.and_then(|versions| versions.iter().find(|version| version.id == *id));
    let with_labels = labels.0.iter().filter(|(_, labels)| !labels.is_empty()).map(|(id, labels)| Labelled {
        id: id.clone(),
        labels: labels.to_vec(),
        value: match (find(id), versions) {
            (Some(version), _) => Value::Put(version.created),
            (None, Some(_)) => Value::Empty,
            (None, None) => Value::Unknown,
        },
        last_accessed: find(id).and_then(|version| version.last_accessed),
    });
    let mut rows: Vec<_> = with_labels.collect();
    rows.sort_by(|a, b| a.labels.cmp(&b.labels));
    let known: BTreeSet<_> = rows.iter().map(|row| row.id.clone()).collect();
    let mut deprecated: Vec<_> =
        versions.unwrap_or_default().iter().filter(|version| !known.contains(&version.id)).collect();
    deprecated.sort_by_key(|version| std::cmp::Reverse(version.created));
    rows.extend(deprecated.into_iter().map(|version| Labelled {
        id: version.id.clone(),
        labels: version.labels.clone(),
        value: Value::Put(version.created),
        last_accessed: version.last_accessed,
    }));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_id_tells_versions_of_one_secret_apart() {
        for (id, short) in [
            ("7d0c2f7e-1111-4222-8333-94445555f2e1", "7d0c…f2e1"),
            ("terraform-20261115032236904100000002", "terr…904100000002"),
            ("terraform-20261108031905118200000002", "terr…118200000002"),
            ("by-hand-2026-11-20", "by-hand-2026-11-20"),
            ("", ""),
        ] {
            assert_eq!(VersionId(id.into()).short(), short);
        }
    }

    fn labels(pairs: &[(&str, &[&str])]) -> LabelMap {
        let versions = pairs.iter().map(|(version, labels)| {
            (VersionId((*version).into()), labels.iter().map(|label| StagingLabel::from_aws(label)).collect())
        });
        LabelMap(versions.collect())
    }

    #[test]
    fn pending_is_told_from_where_current_sits() {
        let other = |id: &str| Pending::Other(VersionId(id.into()));
        for (pairs, expected) in [
            (&[][..], Pending::None),
            (&[("a", &["AWSCURRENT"][..])][..], Pending::None),
            (&[("a", &["AWSCURRENT", "AWSPENDING"])], Pending::Same),
            (&[("a", &["AWSCURRENT"]), ("b", &["AWSPENDING"])], other("b")),
            (&[("b", &["AWSPENDING"])], other("b")),
            // two holders of one label are a server's mistake; the one that is not done is the one to look at
            (&[("a", &["AWSCURRENT", "AWSPENDING"]), ("b", &["AWSPENDING"])], other("b")),
        ] {
            assert_eq!(labels(pairs).pending(), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_labelled_version_that_is_not_listed_is_empty() {
        let version = |id: &str, labels: &[&str]| Version {
            id: VersionId(id.into()),
            labels: labels.iter().map(|label| StagingLabel::from_aws(label)).collect(),
            created: None,
            last_accessed: None,
            kms_keys: Vec::new(),
        };
        let map = labels(&[("a", &["AWSCURRENT"]), ("b", &["AWSPENDING"]), ("gone", &[])]);
        let told = |versions: Option<&[Version]>| -> Vec<(String, Value)> {
            labelled(&map, versions).into_iter().map(|row| (row.id.0.to_string(), row.value)).collect()
        };
        let listed = [version("a", &["AWSCURRENT"]), version("old", &[])];
        assert_eq!(
            told(Some(&listed)),
            [("b".into(), Value::Empty), ("a".into(), Value::Put(None)), ("old".into(), Value::Put(None))]
        );
        assert_eq!(told(None), [("b".into(), Value::Unknown), ("a".into(), Value::Unknown)]);
    }

    #[test]
    fn a_short_id_keeps_both_ends() {
        assert_eq!(VersionId("7d0c2f7e-1111-4222-8333-94445555f2e1".into()).short(), "7d0c…f2e1");
        assert_eq!(VersionId("short".into()).short(), "short");
    }

    #[test]
    fn labels_are_compared_to_the_letter() {
        assert_eq!(StagingLabel::from_aws("awscurrent"), StagingLabel::Custom("awscurrent".into()));
        assert_eq!(StagingLabel::from_aws("AWSCURRENT"), StagingLabel::Current);
    }
}
