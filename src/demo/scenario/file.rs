//! The scenario format, key by key; `assets/worlds/default.toml` uses nearly all of them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, Error};
use toml::Spanned;

use super::alert::{CloudTrailKeys, RuleKeys};
use super::function::FunctionKeys;
use super::log::GroupKeys;
use super::moment::{Moment, Span};
use super::moves::MoveKeys;
use super::outcome::{OutcomeKeys, RetryKeys};
use super::reader::ReaderKeys;
use crate::demo::rotation::Step;
use crate::demo::wire::fault::Kind;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// By default the name of the file.
    pub(super) name: Option<String>,
    #[serde(default = "region")]
    pub(super) region: String,
    #[serde(default = "account")]
    pub(super) account: String,
    /// ARN of whoever calls.
    pub(super) caller: Option<String>,
    /// IAM policy of whoever calls, in JSON; by default everything is allowed.
    pub(super) policy: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) seed: u64,
    #[serde(default)]
    pub(super) clock: ClockKeys,
    #[serde(default)]
    pub(super) trail: TrailKeys,
    /// At most so many entries on a page, from 1.
    pub(super) page_limit: Option<Spanned<usize>>,
    #[serde(default)]
    pub(super) secret: Vec<SecretKeys>,
    #[serde(default)]
    pub(super) reader: Vec<ReaderKeys>,
    #[serde(default)]
    pub(super) function: Vec<FunctionKeys>,
    #[serde(default)]
    pub(super) log_group: Vec<GroupKeys>,
    #[serde(default)]
    pub(super) fault: Vec<FaultKeys>,
    #[serde(default)]
    pub(super) cloud_trail: Vec<Spanned<CloudTrailKeys>>,
    #[serde(default)]
    pub(super) rule: Vec<RuleKeys>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockKeys {
    /// An absolute date; relative ones have nothing to be relative to.
    pub(super) start: Option<Spanned<Moment>>,
    #[serde(default, deserialize_with = "speed")]
    pub(super) speed: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrailKeys {
    /// World time after which CloudTrail shows an event; by default 5 minutes.
    pub(super) delay: Option<Span>,
    /// Up to so much later still, each event its own; by default none.
    pub(super) jitter: Option<Span>,
    /// Whether its entries have `Resources`; by default they do.
    pub(super) resources: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretKeys {
    pub(super) name: Spanned<String>,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
    pub(super) kms_key: Option<String>,
    /// Name of the rotation function, or the whole ARN of one in another account.
    pub(super) function: Option<String>,
    pub(super) rotation: Option<Spanned<RotationKeys>>,
    pub(super) created: Option<Moment>,
    pub(super) last_changed: Option<Moment>,
    pub(super) last_accessed: Option<Moment>,
    pub(super) last_rotated: Option<Moment>,
    pub(super) next_rotation: Option<Moment>,
    /// When it will be gone; such a secret is scheduled for deletion.
    pub(super) deleted: Option<Moment>,
    pub(super) owning_service: Option<String>,
    pub(super) primary_region: Option<String>,
    #[serde(default)]
    pub(super) replicas: Vec<ReplicaKeys>,
    pub(super) r#type: Option<String>,
    pub(super) external_rotation: Option<ExternalKeys>,
    pub(super) versions: Option<Vec<VersionKeys>>,
    /// How its versions and their labels came about, in order of time; in place of `versions`.
    pub(super) history: Option<Spanned<Vec<MoveKeys>>>,
    #[serde(default)]
    pub(super) events: Vec<Spanned<EventKeys>>,
    /// How its rotations end; by default well.
    pub(super) outcome: Option<Spanned<OutcomeKeys>>,
    pub(super) retry: Option<RetryKeys>,
    /// Whose password the database takes when the world begins. By default AWSCURRENT's; AWSPENDING's where its rotations
    /// are said to end behind setSecret.
    pub(super) live: Option<Spanned<LiveKeys>>,
    /// Name of the secret whose password a function for alternating users sets others with; by default one that always
    /// works.
    pub(super) superuser: Option<Spanned<String>>,
}

/// A label, or nobody's password: somebody has changed it by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum LiveKeys {
    #[serde(rename = "AWSPENDING")]
    Pending,
    #[serde(rename = "AWSCURRENT")]
    Current,
    #[serde(rename = "AWSPREVIOUS")]
    Previous,
    #[serde(rename = "none")]
    None,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RotationKeys {
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    /// `rate(…)`, whole.
    pub(super) rate: Option<Spanned<String>>,
    /// `cron(…)`, whole.
    pub(super) cron: Option<Spanned<String>>,
    /// AutomaticallyAfterDays; beside `cron` it is the number AWS calculates.
    pub(super) days: Option<u16>,
    /// As the API has it, such as `3h`.
    pub(super) duration: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplicaKeys {
    pub(super) region: String,
    #[serde(default)]
    pub(super) status: Status,
    pub(super) message: Option<String>,
    pub(super) kms_key: Option<String>,
    pub(super) last_accessed: Option<Moment>,
}

/// `StatusType` of the model.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
pub(super) enum Status {
    #[default]
    InSync,
    Failed,
    InProgress,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExternalKeys {
    #[serde(default)]
    pub(super) metadata: BTreeMap<String, String>,
    /// ARN of the role.
    pub(super) role: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionKeys {
    /// By default a UUID from the seed.
    pub(super) id: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) labels: Vec<Spanned<String>>,
    pub(super) created: Option<Moment>,
    pub(super) accessed: Option<Moment>,
    /// It has no value yet.
    #[serde(default)]
    pub(super) empty: bool,
    #[serde(default)]
    pub(super) kms_keys: Vec<String>,
}

/// What CloudTrail recorded about a secret.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventKeys {
    /// Any: what isn't known happens too.
    pub(super) name: Spanned<String>,
    pub(super) at: Moment,
    /// It happened so often, `every` apart, the first time at `at`; by default once.
    pub(super) times: Option<Spanned<u32>>,
    pub(super) every: Option<Span>,
    /// Label or id; a rotation is by default one of AWSPENDING, and one that succeeded of AWSCURRENT.
    pub(super) version: Option<Spanned<String>>,
    /// The step that failed.
    pub(super) step: Option<Step>,
    /// The whole `errorMessage`, in place of the one that names a step, or of a call that was refused.
    pub(super) message: Option<String>,
    /// Session name of the person who called; by default the world's caller.
    pub(super) by: Option<String>,
    pub(super) called: Option<CalledBy>,
    /// `errorCode` of a call that was refused.
    pub(super) error: Option<String>,
    /// More of `requestParameters` and of `responseElements`, as CloudTrail spells them.
    pub(super) parameters: Option<serde_json::Map<String, serde_json::Value>>,
    pub(super) answer: Option<serde_json::Map<String, serde_json::Value>>,
    /// How the answer spells it; by default `arn`.
    pub(super) arn_spelling: Option<ArnKeys>,
    /// The whole CloudTrailEvent, for a record that isn't like others.
    pub(super) record: Option<String>,
}

/// The second one is that of records before February 2024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum ArnKeys {
    #[serde(rename = "arn")]
    New,
    #[serde(rename = "aRN")]
    Old,
}

/// How the caller spelled the secret's id; by default by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum CalledBy {
    Name,
    Arn,
    PartialArn,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultKeys {
    /// An operation, or `*` for all.
    pub(super) operation: Spanned<String>,
    /// Name of a secret of this world.
    pub(super) secret: Option<Spanned<String>>,
    pub(super) kind: Spanned<Kind>,
    /// So many matching requests pass first.
    #[serde(default)]
    pub(super) after: u32,
    /// So many are struck then; by default all.
    pub(super) times: Option<u32>,
    /// World time since the start.
    pub(super) from: Option<Span>,
    pub(super) until: Option<Span>,
    /// World time by which the answer comes later; goes with every kind.
    pub(super) delay: Option<Span>,
    pub(super) message: Option<String>,
    /// A Live Tail session ends so long after it was opened …
    pub(super) after_session: Option<Span>,
    /// … or so long after the start of the world.
    pub(super) at: Option<Span>,
}

fn region() -> String {
    "eu-west-1".to_owned()
}

fn account() -> String {
    "000000000000".to_owned()
}

fn yes() -> bool {
    true
}

fn speed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let speed = f64::deserialize(deserializer)?;
    if (0.001..=1_000_000.0).contains(&speed) {
        return Ok(Some(speed));
    }
    Err(D::Error::custom("the speed must be from 0.001 to 1000000"))
}
