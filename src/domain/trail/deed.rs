//! What an event did, or was to do: the members of each record that matter here.
//!
//! Names and shapes: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html>,
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieve-ct-entries.html>. The list of names is open:
//! what isn't known here stays what it is.

use super::SOURCE;
use super::kind::Kind;
use super::record::Record;
use super::rotation::{pending_version_in, step_in};
use crate::domain::rotation::Step;
use crate::domain::version::{StagingLabel, VersionId};
use crate::text::AwsText;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A value was read; the record says what was asked for, not which version came back.
    Read {
        /// VersionStage.
        label: Option<StagingLabel>,
        /// VersionId.
        version: Option<VersionId>,
    },
    /// Several values were read with one call; each of them has a record of its own as well.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html>
    Batch {
        /// How many were asked for by their ids; `None` where filters chose them.
        ids: Option<usize>,
    },
    /// KMS decrypted a version for Secrets Manager, so this version was read.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html>
    Decrypt {
        /// The version.
        version: Option<VersionId>,
    },
    /// The secret was created.
    Create {
        /// Its first version, which the caller's token may name.
        version: Option<VersionId>,
    },
    /// PutSecretValue: a version got its value.
    Put {
        /// The version: the caller's token.
        version: Option<VersionId>,
        /// Its labels; without any AWS gives it AWSCURRENT.
        labels: Vec<StagingLabel>,
    },
    /// UpdateSecret: a new value, a new description or a new key; the record doesn't say which.
    Update {
        /// The version, if it was a value and the caller's token is there.
        version: Option<VersionId>,
    },
    /// UpdateSecretVersionStage.
    Move {
        /// The label.
        label: StagingLabel,
        /// The version that got it; `None`: it was taken off.
        to: Option<VersionId>,
        /// The version that was to lose it, where the caller named one.
        from: Option<VersionId>,
    },
    /// RotateSecret.
    Rotate {
        /// The version that it brings in.
        version: Option<VersionId>,
        /// Whether at once; `None` where the caller left it to AWS, which rotates at once.
        immediately: Option<bool>,
    },
    /// CancelRotateSecret: rotation was turned off.
    Cancel {
        /// The version of the rotation that was going on.
        version: Option<VersionId>,
    },
    /// Secrets Manager tells of a rotation.
    Rotation {
        /// What of it.
        phase: Phase,
        /// The version that it brings in.
        version: Option<VersionId>,
        /// The step in which it failed, where the message names one.
        step: Option<Step>,
    },
    /// DeleteSecret.
    Delete {
        /// Days until the deletion.
        days: Option<i64>,
        /// Whether without a recovery window.
        at_once: bool,
        /// When it is due, in AWS's own words: no ISO 8601 date.
        due: Option<AwsText>,
    },
    /// Secrets Manager deletes the versions of a secret that was scheduled for deletion.
    VersionsGo {
        /// Whether it is done with it: the secret is gone.
        done: bool,
    },
    /// RestoreSecret.
    Restore,
    /// Secrets Manager keeps the versions of a secret that was restored.
    VersionsStay,
    /// Tags, policies, replicas.
    Settings,
    /// Metadata was read.
    Look,
    /// An event that isn't known here.
    Other,
}

/// What Secrets Manager tells of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// It began.
    Started,
    /// The version is AWSCURRENT.
    Succeeded,
    /// A step failed; AWS may try again.
    Failed,
    /// A value was put by hand meanwhile, and AWSPENDING removed.
    Abandoned,
    /// A trial with RotateImmediately=false began.
    TestStarted,
    /// The trial went well.
    TestSucceeded,
    /// The trial failed.
    TestFailed,
}

impl Phase {
    /// Every phase and its event name.
    pub const EVENTS: [(Self, &'static str); 7] = [
        (Self::Started, "RotationStarted"),
        (Self::Succeeded, "RotationSucceeded"),
        (Self::Failed, "RotationFailed"),
        (Self::Abandoned, "RotationAbandoned"),
        (Self::TestStarted, "TestRotationStarted"),
        (Self::TestSucceeded, "TestRotationSucceeded"),
        (Self::TestFailed, "TestRotationFailed"),
    ];

    /// What became of the rotation, in a word behind its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Abandoned => "abandoned",
            Self::TestStarted => "test started",
            Self::TestSucceeded => "test succeeded",
            Self::TestFailed => "test failed",
        }
    }

    fn of(name: &str) -> Option<Self> {
        Self::EVENTS.into_iter().find(|(_, word)| *word == name).map(|(phase, _)| phase)
    }
}

/// The name of the event of a secret that is scheduled for deletion.
pub const DELETE_SECRET: &str = "DeleteSecret";

/// Events that read metadata.
const LOOKS: [&str; 7] = [
    "DescribeSecret",
    "ListSecrets",
    "ListSecretVersionIds",
    "GetResourcePolicy",
    "ListResourcePolicies",
    "ValidateResourcePolicy",
    "GetRandomPassword",
];

/// Events that change what is neither value nor label nor rotation. The names of replication's service events are not
/// certain.
const SETTINGS: [&str; 12] = [
    "TagResource",
    "UntagResource",
    "PutResourcePolicy",
    "DeleteResourcePolicy",
    "ReplicateSecretToRegions",
    "RemoveRegionsFromReplication",
    "StopReplicationToReplica",
    "AssociateCrossAccountReplica",
    "DisassociateCrossAccountReplica",
    "ReplicationStarted",
    "ReplicationSucceeded",
    "ReplicationFailed",
];

/// Whether an event of Secrets Manager of this name, in small letters or large ones, is known here. There are others.
pub fn is_known(name: &str) -> bool {
    let of_kinds = Kind::ALL.into_iter().filter_map(Kind::names).flatten();
    let mut all = of_kinds.chain(LOOKS).chain(SETTINGS).chain(["GetSecretValue", "BatchGetSecretValue"]);
    all.any(|known| known.eq_ignore_ascii_case(name))
}

impl Deed {
    /// Whether it deleted a secret without a recovery window: AWS leaves no time to restore it.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html>
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Delete { at_once: true, .. })
    }

    /// What the record of this event says was done.
    pub(super) fn of(record: &Record, name: &str, source: &str) -> Self {
        let version = |path: &[&str]| record.text(path).map(|id| VersionId(id.into()));
        let label = |path: &[&str]| record.text(path).map(StagingLabel::from_aws);
        let token = || version(&["requestParameters", "clientRequestToken"]);
        if source == "kms.amazonaws.com" && name == "Decrypt" {
            return Self::Decrypt { version: version(&["requestParameters", "encryptionContext", "SecretVersionId"]) };
        }
        if source != SOURCE {
            return Self::Other;
        }
        if let Some(phase) = Phase::of(name) {
            return Self::rotation(record, phase);
        }
        match name {
            "GetSecretValue" => Self::Read {
                label: label(&["requestParameters", "versionStage"]),
                version: version(&["requestParameters", "versionId"]),
            },
            "BatchGetSecretValue" => Self::Batch { ids: record.length(&["requestParameters", "secretIdList"]) },
            "CreateSecret" => Self::Create { version: version(&["responseElements", "versionId"]).or_else(token) },
            "PutSecretValue" => Self::Put {
                version: version(&["responseElements", "versionId"]).or_else(token),
                labels: record.texts(&["requestParameters", "versionStages"]).map(StagingLabel::from_aws).collect(),
            },
            "UpdateSecret" => Self::Update { version: version(&["responseElements", "versionId"]).or_else(token) },
            "UpdateSecretVersionStage" => match label(&["requestParameters", "versionStage"]) {
                Some(label) => Self::Move {
                    label,
                    to: version(&["requestParameters", "moveToVersionId"]),
                    from: version(&["requestParameters", "removeFromVersionId"]),
                },
                None => Self::Other,
            },
            "RotateSecret" => Self::Rotate {
                version: version(&["responseElements", "versionId"]).or_else(token),
                immediately: record.truth(&["requestParameters", "rotateImmediately"]),
            },
            "CancelRotateSecret" => Self::Cancel { version: version(&["responseElements", "versionId"]) },
            DELETE_SECRET => Self::Delete {
                days: record.number(&["requestParameters", "recoveryWindowInDays"]),
                at_once: record.truth(&["requestParameters", "forceDeleteWithoutRecovery"]) == Some(true),
                due: record.text(&["responseElements", "deletionDate"]).map(Into::into),
            },
            "RestoreSecret" => Self::Restore,
            "StartSecretVersionDelete" | "SecretVersionDeletion" => Self::VersionsGo { done: false },
            "EndSecretVersionDelete" => Self::VersionsGo { done: true },
            "CancelSecretVersionDelete" => Self::VersionsStay,
            _ if LOOKS.contains(&name) => Self::Look,
            _ if SETTINGS.contains(&name) => Self::Settings,
            _ => Self::Other,
        }
    }

    fn rotation(record: &Record, phase: Phase) -> Self {
        let message = record.text(&["errorMessage"]).unwrap_or_default();
        let version = record.service_secret().and_then(|secret| record.attempt(secret));
        let version = version.or_else(|| pending_version_in(message)).map(|id| VersionId(id.into()));
        Self::Rotation { phase, version, step: step_in(message) }
    }

    /// What it is called by where that is more than the event's name: what was asked for, what was moved where.
    pub fn words(&self) -> Option<String> {
        Some(match self {
            Self::Read { label: None, version: None } => return None,
            Self::Read { label, version } => asked(label.as_ref(), version.as_ref()),
            Self::Batch { ids: Some(ids) } => format!("{ids} by id"),
            Self::Batch { ids: None } => "by filter".to_owned(),
            Self::Decrypt { version } | Self::Create { version } | Self::Update { version } => {
                of_version(version.as_ref())?
            }
            Self::Cancel { version } => format!("rotation of {}", of_version(version.as_ref())?),
            Self::Put { version, labels } => put(version.as_ref(), labels),
            Self::Move { label, to, from } => moved(label, to.as_ref(), from.as_ref()),
            Self::Rotate { version, immediately } => match (of_version(version.as_ref()), immediately) {
                (version, Some(false)) => {
                    let version = version.map(|version| format!(", {version}")).unwrap_or_default();
                    format!("not at once{version}")
                }
                (version, _) => version?,
            },
            // The step comes first: where there is little room, it is what tells most.
            Self::Rotation { version, step: Some(step), .. } => {
                let version = of_version(version.as_ref()).map(|version| format!(", {version}")).unwrap_or_default();
                format!("at {}{version}", step.word())
            }
            Self::Rotation { version, step: None, .. } => of_version(version.as_ref())?,
            Self::Delete { at_once: true, .. } => "at once, without recovery".to_owned(),
            // The date is AWS's own text, which has no time zone.
            Self::Delete { days, due, .. } => match (days, due) {
                (Some(days), _) => format!("gone after {days} days"),
                (None, Some(due)) => format!("due \"{due}\""),
                (None, None) => return None,
            },
            Self::VersionsGo { done: true } => "the secret is gone".to_owned(),
            Self::VersionsGo { .. }
            | Self::VersionsStay
            | Self::Restore
            | Self::Settings
            | Self::Look
            | Self::Other => {
                return None;
            }
        })
    }
}

fn of_version(version: Option<&VersionId>) -> Option<String> {
    version.map(VersionId::short)
}

fn asked(label: Option<&StagingLabel>, version: Option<&VersionId>) -> String {
    let words = [label.map(|label| label.text().to_string()), version.map(|id| format!("version {}", id.short()))];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn put(version: Option<&VersionId>, labels: &[StagingLabel]) -> String {
    // A value that is put without labels becomes AWSCURRENT.
    let labels: Vec<_> = labels.iter().map(|label| label.text().to_string()).collect();
    let labels = if labels.is_empty() { "AWSCURRENT".to_owned() } else { labels.join(", ") };
    match version {
        Some(version) => format!("{} as {labels}", version.short()),
        None => format!("as {labels}"),
    }
}

fn moved(label: &StagingLabel, to: Option<&VersionId>, from: Option<&VersionId>) -> String {
    let label = label.text();
    match (to, from) {
        (Some(to), Some(from)) => format!("{label} {} → {}", from.short(), to.short()),
        (Some(to), None) => format!("{label} → {}", to.short()),
        (None, Some(from)) => format!("{label} off {}", from.short()),
        (None, None) => label.to_string(),
    }
}
