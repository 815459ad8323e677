//! What came of a confirmed change.

use super::{RecoveryWindow, Seen};
use crate::domain::fault::Fault;
use crate::text::{AwsText, moment, safe};

/// What came of a confirmed change.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// How it ended.
    pub outcome: Outcome,
    /// What was seen right before the write; none where it didn't come to that.
    pub before: Option<Seen>,
    /// What was seen right after the write; none where it didn't come to that, or nobody could look.
    pub after: Option<Seen>,
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
    /// What is the case once AWS has taken a deletion with this window, or a restoration; with the date where somebody
    /// could look after the call.
    pub fn mark_words(&self, name: &str, window: Option<RecoveryWindow>) -> String {
        let name = safe(name);
        let seen = self.after.as_ref().map(|after| after.deleted);
        match (window, seen) {
            (Some(_), Some(Some(date))) => {
                format!("{name} is marked for deletion, and can be restored until {}", moment(date))
            }
            (Some(window), None) => {
                format!("{name} is marked for deletion, and can be restored for {}", window.words())
            }
            (Some(_), Some(None)) => format!("{name} was marked for deletion, but is no longer: somebody restored it"),
            (None, Some(Some(_))) => format!("{name} was restored, but is marked for deletion again"),
            (None, _) => format!("{name} is no longer marked for deletion"),
        }
    }

    /// Whether AWS took the call.
    pub fn is_accepted(&self) -> bool {
        matches!(self.outcome, Outcome::Accepted { .. })
    }
}
