//! What came of a confirmed change.

use super::Seen;
use crate::domain::fault::Fault;
use crate::text::AwsText;

/// What came of a confirmed change.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// How it ended.
    pub outcome: Outcome,
    /// What was seen right before the write; none where it didn't come to that.
    pub before: Option<Seen>,
    /// Why it stands in no record, where that is so.
    pub unrecorded: Option<String>,
}

/// How a confirmed change ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// AWS took the call. Of RotateSecret that is not success: the rotation has only begun.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
    Accepted {
        /// AWS's id of the request.
        request_id: Option<AwsText>,
    },
    /// AWS said no.
    Refused(Fault),
    /// The call didn't reach AWS.
    NotSent(Fault),
    /// Nothing was asked of AWS: the secret is not as it was seen.
    Moved(Seen),
    /// Nothing was asked of AWS: read-only.
    ReadOnly,
    /// Nothing was asked of AWS: the secret couldn't be described again.
    NotDescribed(Fault),
    /// The call went out and no answer came: it may have been done.
    Unknown(Fault),
}

impl Changed {
    /// Whether AWS took the call.
    pub fn is_accepted(&self) -> bool {
        matches!(self.outcome, Outcome::Accepted { .. })
    }
}
