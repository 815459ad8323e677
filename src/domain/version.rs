//! Versions of a secret and the staging labels on them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use crate::text::AwsText;

/// The id of a version: any 32 to 64 characters that a caller chose, usually but not always a UUID.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct VersionId(pub AwsText);

impl VersionId {
    /// Enough of the id to tell versions of one secret apart: `7d0c…f2e1`.
    pub fn short(&self) -> String {
        let shown: Vec<char> = self.0.to_string().chars().collect();
        if shown.len() <= 10 {
            return shown.into_iter().collect();
        }
        let (head, tail) = (&shown[..4], &shown[shown.len() - 4..]);
        head.iter().chain(['…'].iter()).chain(tail).collect()
    }
}

/// A staging label, which names the part that a version plays.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StagingLabel {
    /// In use.
    Current,
    /// Being rotated in.
    Pending,
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
pub struct LabelMap(pub BTreeMap<VersionId, Vec<StagingLabel>>);

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

#[cfg(test)]
mod tests {
    use super::*;

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
