//! What a question about a log that failed means for its tail.

use super::live::LIMIT;
use crate::domain::fault::{Cause, Fault};
use crate::domain::tail::NotLive;

/// What it means that Live Tail wasn't opened.
pub(super) enum Refused {
    /// The log group has no Live Tail, and nothing else either.
    Class,
    /// FilterLogEvents takes its place; for good, or until time heals it.
    Polling(NotLive, bool),
    /// It may go better in a second.
    Passes(Fault),
}

pub(super) fn judge(fault: Fault) -> Refused {
    if is_class(&fault) {
        return Refused::Class;
    }
    match &fault.cause {
        Cause::NoLogGroup { .. } => Refused::Polling(NotLive::NoGroup, false),
        Cause::Service { code, .. } if code.raw() == LIMIT => Refused::Polling(NotLive::Limit(fault), true),
        _ if is_lasting(&fault) => Refused::Polling(NotLive::Fault(fault), false),
        Cause::NoAddress { .. } | Cause::Refused { .. } | Cause::Unreachable { .. } => {
            Refused::Polling(NotLive::Fault(fault), true)
        }
        // A sign-in in another window may heal it.
        _ if fault.is_sign_in() => Refused::Polling(NotLive::Fault(fault), true),
        _ => Refused::Passes(fault),
    }
}

/// Whether AWS says no in a way that time doesn't heal.
pub(super) fn is_lasting(fault: &Fault) -> bool {
    match &fault.cause {
        Cause::Denied { .. } => true,
        Cause::Service { code, .. } => ["InvalidParameterException", "InvalidOperationException"].contains(&code.raw()),
        _ => false,
    }
}

/// Whether AWS says that the class of the log group doesn't have the operation.
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html>
pub(super) fn is_class(fault: &Fault) -> bool {
    matches!(&fault.cause, Cause::Service { code, message }
        if code.raw() == "InvalidOperationException" && message.raw().contains("INFREQUENT_ACCESS"))
}
