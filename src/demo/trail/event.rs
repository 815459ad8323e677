//! What CloudTrail keeps of one thing that happened: when, about which secret, and who did what.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::reader::Track;
use crate::demo::secret::Text;

/// An event, about one secret of the world or about none.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Event {
    /// A UUID.
    pub(in crate::demo) id: String,
    /// To the second, as `eventTime` has it.
    pub(in crate::demo) at: DateTime<Utc>,
    /// The secret's name.
    pub(in crate::demo) secret: Option<String>,
    pub(in crate::demo) act: Act,
    /// The whole CloudTrailEvent, where a scenario writes it by hand.
    pub(in crate::demo) record: Option<String>,
}

/// What happened.
#[derive(Debug, Clone)]
pub(in crate::demo) enum Act {
    /// What the service did by itself.
    Service {
        name: Text,
        /// The version that is being rotated in.
        version: Option<String>,
        /// Of a failure.
        why: Option<Why>,
    },
    /// A request: one that arrived in this world, one of a rotation function, or one that a scenario tells of.
    Call(Box<Request>),
    /// One of the many reads of a reader.
    Read(Arc<Track>),
}

/// The service events of rotations and deletions (cloudtrail_log_entries.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Service {
    Started,
    Succeeded,
    Failed,
    Abandoned,
    TestStarted,
    TestSucceeded,
    TestFailed,
    StartDelete,
    CancelDelete,
    EndDelete,
}

/// A call as CloudTrail keeps it.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Request {
    pub(in crate::demo) name: Text,
    pub(in crate::demo) by: By,
    /// How the caller spelled the secret's id; `None`: `input` has it, if the operation does.
    pub(in crate::demo) called: Option<Called>,
    /// `requestParameters`, but for the id if `called` tells it; null where IAM refused the call.
    pub(in crate::demo) input: Value,
    pub(in crate::demo) answer: Answer,
    /// Code and message, where the call was refused.
    pub(in crate::demo) error: Option<(String, String)>,
}

/// `responseElements` of a call that was not refused; there are none of a read.
#[derive(Debug, Clone)]
pub(in crate::demo) enum Answer {
    Whole(Value),
    /// ARN and name, as the operation tells them, and more.
    Told {
        more: Value,
        /// With `aRN`, as before February 2024.
        is_old: bool,
    },
}

/// Who called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::demo) enum By {
    /// Whoever calls in this world.
    Caller,
    /// A person who signed in through IAM Identity Center, by the session's name.
    Person(Text),
    /// A rotation function, by its name.
    Function(String),
}

/// The words of a failure.
#[derive(Debug, Clone)]
pub(in crate::demo) enum Why {
    /// The step in which the function failed, as AWS spells it.
    Step(&'static str),
    /// The whole message.
    Message(String),
}

/// How the caller spelled the secret's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Called {
    Name,
    Arn,
    /// The ARN without its six random characters.
    PartialArn,
}

/// A record of the trail, for whoever compares with what is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// EventId, a UUID.
    pub id: String,
    /// EventName.
    pub name: String,
    /// The name of the secret that it is about; `None`: it is about none, or about several.
    pub secret: Option<String>,
    /// When it happened (UTC), to the second.
    pub at: DateTime<Utc>,
    /// From when on LookupEvents finds it (UTC).
    pub shows_at: DateTime<Utc>,
}

impl Event {
    /// What events are sorted by: the newest first, those of one second by id.
    pub(in crate::demo) fn place(&self) -> (i64, &str) {
        (-self.at.timestamp_millis(), &self.id)
    }

    pub(in crate::demo) fn name(&self) -> &str {
        match &self.act {
            Act::Service { name, .. } => name,
            Act::Call(request) => &request.name,
            Act::Read(track) => track.name(),
        }
    }

    /// `readOnly`: what nothing is changed by.
    pub(in crate::demo) fn is_read(&self) -> bool {
        let is_call = !matches!(self.act, Act::Service { .. });
        is_call && ["Get", "List", "Describe", "BatchGet", "Decrypt"].iter().any(|verb| self.name().starts_with(verb))
    }
}

impl Service {
    pub(in crate::demo) fn word(self) -> &'static str {
        match self {
            Self::Started => "RotationStarted",
            Self::Succeeded => "RotationSucceeded",
            Self::Failed => "RotationFailed",
            Self::Abandoned => "RotationAbandoned",
            Self::TestStarted => "TestRotationStarted",
            Self::TestSucceeded => "TestRotationSucceeded",
            Self::TestFailed => "TestRotationFailed",
            Self::StartDelete => "StartSecretVersionDelete",
            Self::CancelDelete => "CancelSecretVersionDelete",
            Self::EndDelete => "EndSecretVersionDelete",
        }
    }

    /// The same of a rotation with RotateImmediately=false.
    pub(in crate::demo) fn of_trial(self) -> Self {
        match self {
            Self::Started => Self::TestStarted,
            Self::Succeeded => Self::TestSucceeded,
            Self::Failed => Self::TestFailed,
            other => other,
        }
    }

    /// The event, of the version that it is about.
    pub(in crate::demo) fn act(self, version: Option<String>, why: Option<Why>) -> Act {
        Act::Service { name: self.word().into(), version, why }
    }
}

impl Answer {
    /// ARN and name alone.
    pub(in crate::demo) fn told(more: Value) -> Self {
        Self::Told { more, is_old: false }
    }
}
