//! What secdash itself did, or was refused: a line in the record of actions for each confirmed change.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::change::{Change, Confirmed, Seen, Word};
use super::context::Identity;
use super::fault::{Cause, Fault};
use super::secret::Secret;

/// One line of the record of actions. Field names are stable; dates are UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// When the outcome was known.
    pub at: DateTime<Utc>,
    /// ARN of who secdash was to AWS; none where AWS didn't say.
    pub who: Option<String>,
    /// The twelve digits of the account; none where AWS didn't say.
    pub account: Option<String>,
    /// The Region.
    pub region: String,
    /// The profile that was selected.
    pub profile: Option<String>,
    /// The endpoint in place of AWS's own.
    pub endpoint: Option<String>,
    /// Whether it was an AWS that lives in memory.
    #[serde(default)]
    pub demo: bool,
    /// The secret's ARN.
    pub secret: String,
    /// Its name.
    pub name: String,
    /// What was asked for: `rotate`, `test-only`, `rotation-on`, `rotation-off`, `drop-pending`,
    /// `promote`, `roll-back`, `put-back`, `delete`, `restore`.
    pub change: String,
    /// How it was confirmed.
    pub confirmed: Confirmation,
    /// The verdict on which it rests, where it takes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// Whose password the person said that they logged in with: `pending`, `current`, `previous`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested: Option<String>,
    /// The API operation.
    pub operation: String,
    /// Its parameters, by AWS's names.
    pub parameters: BTreeMap<String, String>,
    /// What the person saw when they confirmed.
    pub seen: State,
    /// What secdash saw right before the write; none where it didn't come to that.
    pub before: Option<State>,
    /// What secdash saw right after the write.
    pub after: Option<State>,
    /// How it ended.
    pub outcome: Ending,
    /// AWS's words, or secdash's, where it wasn't done.
    pub error: Option<String>,
    /// AWS's id of the request.
    pub request_id: Option<String>,
}

/// How a change was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirmation {
    /// With a yes.
    Yes,
    /// With the typed name.
    Typed,
}

/// Labels by version, whether rotation was on, and whether it was marked for deletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The labels on each version that has some.
    pub labels: BTreeMap<String, Vec<String>>,
    /// `RotationEnabled`; none where never configured.
    pub rotation_enabled: Option<bool>,
    /// Until when it could be restored; none where it wasn't marked for deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<DateTime<Utc>>,
}

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// AWS took the call. What a rotation comes to is not said by it.
    Accepted,
    /// AWS said no.
    Refused,
    /// The call didn't reach AWS.
    NotSent,
    /// Nothing was asked of AWS: the labels, whether rotation is on, or the mark for deletion had changed
    /// since they were seen.
    Moved,
    /// Nothing was asked of AWS: read-only.
    ReadOnly,
    /// Nothing was asked of AWS: the secret couldn't be described again.
    NotDescribed,
    /// No answer came: it may have been done.
    Unknown,
}

impl Ending {
    /// Every ending.
    pub const ALL: [Self; 7] =
        [Self::Accepted, Self::Refused, Self::NotSent, Self::Moved, Self::ReadOnly, Self::NotDescribed, Self::Unknown];

    /// The words for it in a table.
    pub fn words(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused by AWS",
            Self::NotSent => "not done: AWS not reached",
            Self::Moved => "not done: not as it was seen",
            Self::ReadOnly => "not done: read-only",
            Self::NotDescribed => "not done: no look at the secret",
            Self::Unknown => "no answer: may be done",
        }
    }
}

impl State {
    /// What there is to keep of what was seen.
    pub fn of(seen: &Seen) -> Self {
        let texts = |labels: &[super::version::StagingLabel]| -> Vec<String> {
            labels.iter().map(|label| label.text().raw().to_owned()).collect()
        };
        let labels = seen.labels.0.iter().map(|(version, labels)| (version.0.raw().to_owned(), texts(labels)));
        Self { labels: labels.collect(), rotation_enabled: seen.rotation_enabled, deleted: seen.deleted }
    }
}

impl Action {
    /// Whether it is about this secret.
    pub fn is_of(&self, secret: &Secret) -> bool {
        self.secret == secret.id.arn.raw() && self.demo == secret.id.context.is_demo()
    }

    /// The line for a change that ended so. Who did it, and what was seen before and after, is added where it is known.
    pub fn of(change: &Confirmed<Change>, at: DateTime<Utc>, outcome: Ending, identity: Option<&Identity>) -> Self {
        let Change { on, name, seen, kind, ground } = change.get();
        let context = &on.context;
        let parameters = change.get().parameters().into_iter().map(|(name, value)| (name.to_owned(), value));
        Self {
            at,
            who: identity.map(|identity| identity.arn.raw().to_owned()),
            account: identity.map(|identity| identity.account.raw().to_owned()),
            region: context.region.clone(),
            profile: context.profile.clone(),
            endpoint: context.endpoint.clone(),
            demo: context.is_demo(),
            secret: on.arn.raw().to_owned(),
            name: name.raw().to_owned(),
            change: kind.word().to_owned(),
            confirmed: match change.word() {
                Word::Yes => Confirmation::Yes,
                Word::Typed(_) => Confirmation::Typed,
            },
            verdict: ground.map(|ground| ground.verdict.to_owned()),
            tested: ground.and_then(|ground| ground.tested).map(|tested| tested.word().to_owned()),
            operation: change.get().operation().name().to_owned(),
            parameters: parameters.collect(),
            seen: State::of(seen),
            before: None,
            after: None,
            outcome,
            error: None,
            request_id: None,
        }
    }

    /// With why it wasn't done.
    #[must_use]
    pub fn because(self, fault: &Fault) -> Self {
        let words = match &fault.cause {
            Cause::Service { message, .. } | Cause::Denied { message } => message.raw().to_owned(),
            _ => fault.sentence(),
        };
        Self { error: Some(words), request_id: fault.request_id.as_ref().map(|id| id.raw().to_owned()), ..self }
    }
}
