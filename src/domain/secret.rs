//! A secret's metadata: what ListSecrets and DescribeSecret say of it. Never its value.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::context::Context;
use super::few::Few;
use super::version::LabelMap;
use crate::text::AwsText;

/// A secret of one account and Region, seen through one [`Context`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretId {
    /// Where it was seen, and where every question about it goes.
    pub context: Arc<Context>,
    /// Its full ARN.
    pub arn: AwsText,
}

impl SecretId {
    /// The account that its ARN names.
    pub fn account(&self) -> Option<&str> {
        self.arn.raw().split(':').nth(4).filter(|account| !account.is_empty())
    }

    /// What the ARNs of all secrets of its account and Region begin with.
    pub fn home(&self) -> Option<&str> {
        const MARK: &str = ":secret:";
        let arn = self.arn.raw();
        arn.find(MARK).map(|at| &arn[..at + MARK.len()])
    }
}

impl Hash for SecretId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The ARN names account and Region already; hashing the context too would cost more than it tells apart.
        self.arn.hash(state);
    }
}

/// How a secret rotates by itself.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html>
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RotationRules {
    /// Days between rotations. In answers it is calculated even when a schedule expression is set: that one counts then.
    pub automatically_after_days: Option<i64>,
    /// The length of the rotation window, as `3h`.
    pub duration: Option<AwsText>,
    /// `rate(…)` or `cron(…)`, in UTC.
    pub schedule_expression: Option<AwsText>,
}

/// The rotation of a managed external secret, which a role of the partner's carries out instead of a function.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/managed-external-secrets.html>
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExternalRotation {
    /// ExternalSecretRotationRoleArn.
    pub role: Option<AwsText>,
    /// ExternalSecretRotationMetadata.
    pub metadata: Few<AwsText, AwsText>,
}

/// What a secret is, whatever its rotation does: shown as badges beside its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Another AWS service owns it (`OwningService`): no function, no logs.
    Managed,
    /// A partner's secret (`Type`): no function.
    ManagedExternal,
    /// A copy of a secret whose primary is in another Region.
    Replica,
    /// Marked for deletion.
    Deleting,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Managed, Self::ManagedExternal, Self::Replica, Self::Deleting];

    /// The word for it, the same in tables, badges and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Managed => "managed",
            Self::ManagedExternal => "managed-external",
            Self::Replica => "replica",
            Self::Deleting => "deleting",
        }
    }
}

/// A secret as ListSecrets and DescribeSecret describe it. All times are UTC.
///
/// Only what AWS sent is there: `None` means that the answer had no such member.
/// Sources: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_SecretListEntry.html>,
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its id, with the context it was seen in.
    pub id: SecretId,
    /// Its name.
    pub name: AwsText,
    /// Its description.
    pub description: Option<AwsText>,
    /// `RotationEnabled`: `None` if never configured.
    pub rotation_enabled: Option<bool>,
    /// The ARN of the rotation function.
    pub rotation_function: Option<AwsText>,
    /// The schedule; it may still be there when rotation is off.
    pub rotation_rules: Option<RotationRules>,
    /// What rotates a managed external secret.
    pub external_rotation: Option<ExternalRotation>,
    /// When it was created.
    pub created: Option<DateTime<Utc>>,
    /// When anything about it last changed.
    pub last_changed: Option<DateTime<Utc>>,
    /// The day it was last read, midnight UTC: AWS keeps no time of day.
    pub last_accessed: Option<DateTime<Utc>>,
    /// When it last rotated; absent when rotation isn't configured or is off.
    pub last_rotated: Option<DateTime<Utc>>,
    /// The last second of the next rotation window: rotation comes on or before it.
    pub next_rotation: Option<DateTime<Utc>>,
    /// When it is to be deleted, if it is marked for deletion.
    pub deleted: Option<DateTime<Utc>>,
    /// Which labels sit on which version.
    pub labels: LabelMap,
    /// Its tags.
    pub tags: Few<AwsText, AwsText>,
    /// The KMS key, if it isn't `aws/secretsmanager`.
    pub kms_key: Option<AwsText>,
    /// The AWS service that owns it.
    pub owning_service: Option<AwsText>,
    /// The Region of the primary secret.
    pub primary_region: Option<AwsText>,
    /// The kind of a partner's secret.
    pub external_type: Option<AwsText>,
    /// The replicas of it, which only DescribeSecret tells.
    pub replicas: Vec<Replica>,
}

impl Secret {
    /// What the secret is, as far as metadata shows it.
    pub fn kinds(&self) -> Vec<Kind> {
        let region = self.id.context.region.as_str();
        let of = |kind, holds: bool| holds.then_some(kind);
        [
            of(Kind::Managed, self.owning_service.is_some()),
            of(Kind::ManagedExternal, self.external_type.is_some() || self.external_rotation.is_some()),
            of(Kind::Replica, self.primary_region.as_ref().is_some_and(|primary| primary.raw() != region)),
            of(Kind::Deleting, self.deleted.is_some()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// A copy of a secret in another Region, and whether it is in step.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicationStatusType.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replica {
    /// Its Region.
    pub region: AwsText,
    /// `InSync`, `Failed`, `InProgress`, `Pending` or `Detached`.
    pub status: Option<AwsText>,
    /// AWS's words on the status.
    pub status_message: Option<AwsText>,
    /// The KMS key in its Region.
    pub kms_key: Option<AwsText>,
    /// The day it was last read there, midnight UTC.
    pub last_accessed: Option<DateTime<Utc>>,
}

#[cfg(test)]
impl Secret {
    /// A secret of which AWS told no more than its name, for tests to say the rest.
    pub(crate) fn plain(name: &str) -> Self {
        let origin = super::context::Origin::Demo;
        let context = Context { origin, profile: None, region: "eu-west-1".into(), endpoint: None };
        Self {
            id: SecretId { context: Arc::new(context), arn: name.into() },
            name: name.into(),
            description: None,
            rotation_enabled: None,
            rotation_function: None,
            rotation_rules: None,
            external_rotation: None,
            created: None,
            last_changed: None,
            last_accessed: None,
            last_rotated: None,
            next_rotation: None,
            deleted: None,
            labels: LabelMap::default(),
            tags: Few::default(),
            kms_key: None,
            owning_service: None,
            primary_region: None,
            external_type: None,
            replicas: Vec::new(),
        }
    }
}
