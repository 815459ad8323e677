//! JSON with stable field names. Text from AWS is kept to the letter.

mod timeline;

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use serde::Serialize;

pub use super::pretty::write;
use super::pretty::write_long;
use crate::domain::context::{Context, Identity};
use crate::domain::fault::Fault;
use crate::domain::few::Few;
use crate::domain::pending::Signs;
use crate::domain::rotation::RotationState;
use crate::domain::secret::{Replica, Secret};
use crate::domain::version::{LabelMap, StagingLabel, Version, VersionId};
use crate::text::{AwsText, rfc3339};

pub use self::timeline::LaneJson;

/// What `secdash list` prints.
#[derive(Debug, Serialize)]
pub struct List<'a> {
    /// Where it is from.
    pub context: Source<'a>,
    /// When the last page came.
    pub as_of: String,
    /// Whether every page came.
    pub complete: bool,
    /// The place of the secrets, in the order of trouble; there may be half a million.
    pub secrets: [SecretJson<'a>; 0],
    /// What could not be learned.
    pub faults: Vec<FaultJson>,
}

impl List<'_> {
    /// Writes it with these secrets, each with its state at `now` as far as its metadata tells.
    pub fn write(&self, out: &mut dyn Write, secrets: &[&Secret], now: DateTime<Utc>) -> io::Result<()> {
        write_long(out, self, "secrets", secrets, |secret| SecretJson::new(secret, &Signs::UNKNOWN, now))
    }
}

/// Writes a value with a long list in the place of its empty member `events`.
pub(super) fn write_events<T: Sync, J: Serialize>(
    out: &mut dyn Write,
    value: &impl Serialize,
    events: &[T],
    json: impl Fn(&T) -> J + Sync,
) -> io::Result<()> {
    write_long(out, value, "events", events, json)
}

/// What `secdash show` prints.
#[derive(Debug, Serialize)]
pub struct Show<'a> {
    /// Where it is from.
    pub context: Source<'a>,
    /// When the last answer came.
    pub as_of: String,
    /// The secret, with what only DescribeSecret tells.
    pub secret: Described<'a>,
    /// Its versions; null where they could not be learned.
    pub versions: Option<Vec<VersionJson<'a>>>,
    /// Which version had which label, and when.
    pub timeline: Vec<LaneJson<'a>>,
    /// What could not be learned.
    pub faults: Vec<FaultJson>,
}

/// Profile, account, Region and endpoint.
#[derive(Debug, Serialize)]
pub struct Source<'a> {
    profile: Option<&'a str>,
    account: Option<AwsText>,
    region: &'a str,
    endpoint: Option<&'a str>,
    demo: bool,
}

impl<'a> Source<'a> {
    /// From a context, and the identity where it could be learned.
    pub fn new(context: &'a Context, identity: Option<&Identity>) -> Self {
        Self {
            profile: context.profile.as_deref(),
            account: identity.map(|identity| identity.account.clone()),
            region: &context.region,
            endpoint: context.endpoint.as_deref(),
            demo: context.is_demo(),
        }
    }
}

/// A secret's metadata. A member that AWS did not send is null; maps are empty then.
#[derive(Debug, Serialize)]
pub struct SecretJson<'a> {
    arn: &'a AwsText,
    name: &'a AwsText,
    description: Option<&'a AwsText>,
    state: &'static str,
    kinds: Vec<&'static str>,
    rotation_enabled: Option<bool>,
    rotation_function: Option<&'a AwsText>,
    rotation_rules: Option<Rules<'a>>,
    created: Option<String>,
    last_changed: Option<String>,
    last_accessed: Option<String>,
    last_rotated: Option<String>,
    next_rotation: Option<String>,
    deleted: Option<String>,
    labels: &'a LabelMap,
    tags: &'a Few<AwsText, AwsText>,
    kms_key: Option<&'a AwsText>,
    owning_service: Option<&'a AwsText>,
    primary_region: Option<&'a AwsText>,
    r#type: Option<&'a AwsText>,
}

#[derive(Debug, Serialize)]
struct Rules<'a> {
    automatically_after_days: Option<i64>,
    duration: Option<&'a AwsText>,
    schedule_expression: Option<&'a AwsText>,
}

impl<'a> SecretJson<'a> {
    /// The secret with its state at `now`, as far as its metadata and the signs of its pending version tell.
    pub fn new(secret: &'a Secret, signs: &Signs, now: DateTime<Utc>) -> Self {
        let date = |date: Option<DateTime<Utc>>| date.map(rfc3339);
        Self {
            arn: &secret.id.arn,
            name: &secret.name,
            description: secret.description.as_ref(),
            state: RotationState::of(secret, signs, now).word(),
            kinds: secret.kinds().into_iter().map(crate::domain::secret::Kind::word).collect(),
            rotation_enabled: secret.rotation_enabled,
            rotation_function: secret.rotation_function.as_ref(),
            rotation_rules: secret.rotation_rules.as_ref().map(|rules| Rules {
                automatically_after_days: rules.automatically_after_days,
                duration: rules.duration.as_ref(),
                schedule_expression: rules.schedule_expression.as_ref(),
            }),
            created: date(secret.created),
            last_changed: date(secret.last_changed),
            last_accessed: date(secret.last_accessed),
            last_rotated: date(secret.last_rotated),
            next_rotation: date(secret.next_rotation),
            deleted: date(secret.deleted),
            labels: &secret.labels,
            tags: &secret.tags,
            kms_key: secret.kms_key.as_ref(),
            owning_service: secret.owning_service.as_ref(),
            primary_region: secret.primary_region.as_ref(),
            r#type: secret.external_type.as_ref(),
        }
    }
}

/// A secret with what only DescribeSecret tells.
#[derive(Debug, Serialize)]
pub struct Described<'a> {
    #[serde(flatten)]
    secret: SecretJson<'a>,
    replicas: Vec<ReplicaJson<'a>>,
    external_rotation: Option<External<'a>>,
}

#[derive(Debug, Serialize)]
struct ReplicaJson<'a> {
    region: &'a AwsText,
    status: Option<&'a AwsText>,
    status_message: Option<&'a AwsText>,
    kms_key: Option<&'a AwsText>,
    last_accessed: Option<String>,
}

#[derive(Debug, Serialize)]
struct External<'a> {
    role: Option<&'a AwsText>,
    metadata: &'a Few<AwsText, AwsText>,
}

impl<'a> Described<'a> {
    /// The secret with its state at `now`.
    pub fn new(secret: &'a Secret, signs: &Signs, now: DateTime<Utc>) -> Self {
        let external = secret.external_rotation.as_ref();
        Self {
            secret: SecretJson::new(secret, signs, now),
            replicas: secret.replicas.iter().map(ReplicaJson::new).collect(),
            external_rotation: external
                .map(|external| External { role: external.role.as_ref(), metadata: &external.metadata }),
        }
    }
}

impl<'a> ReplicaJson<'a> {
    fn new(replica: &'a Replica) -> Self {
        Self {
            region: &replica.region,
            status: replica.status.as_ref(),
            status_message: replica.status_message.as_ref(),
            kms_key: replica.kms_key.as_ref(),
            last_accessed: replica.last_accessed.map(rfc3339),
        }
    }
}

/// A version that has a value.
#[derive(Debug, Serialize)]
pub struct VersionJson<'a> {
    version_id: &'a VersionId,
    labels: &'a [StagingLabel],
    created: Option<String>,
    last_accessed: Option<String>,
    kms_keys: &'a [AwsText],
}

impl<'a> From<&'a Version> for VersionJson<'a> {
    fn from(version: &'a Version) -> Self {
        Self {
            version_id: &version.id,
            labels: &version.labels,
            created: version.created.map(rfc3339),
            last_accessed: version.last_accessed.map(rfc3339),
            kms_keys: &version.kms_keys,
        }
    }
}

/// A question that got no answer.
#[derive(Debug, Serialize)]
pub struct FaultJson {
    operation: &'static str,
    sentence: String,
    r#try: String,
    permission: Option<&'static str>,
}

impl From<&Fault> for FaultJson {
    fn from(fault: &Fault) -> Self {
        Self {
            operation: fault.operation.name(),
            sentence: fault.sentence(),
            r#try: fault.next_step(),
            permission: fault.permission(),
        }
    }
}
