//! What a rotation function of one's own says. No template has these lines: some name the step, some the secret, and
//! some neither.

use super::fault::Fault;
use super::lines::Lines;

pub(super) fn retrieved() -> String {
    "The new version has a value, keeping it".to_owned()
}

pub(super) fn put(lines: &Lines) -> String {
    format!("createSecret: stored a new value for {}", lines.arn)
}

pub(super) fn already_set(lines: &Lines) -> String {
    format!("{} takes the new password, nothing to do", lines.host)
}

pub(super) fn set(lines: &Lines) -> String {
    format!("Changed the password of {} on {} for {}", lines.user, lines.host, lines.arn)
}

pub(super) fn tested(lines: &Lines) -> String {
    format!("testSecret: signed in as {}", lines.user)
}

pub(super) fn finished(lines: &Lines) -> String {
    format!("Version {} is in use", lines.version)
}

/// Raised, and not logged first.
pub(super) fn words(lines: &Lines, fault: &Fault) -> String {
    let Lines { host, user, arn, .. } = lines;
    match fault {
        Fault::PendingFails => format!("RuntimeError: testSecret: {host} refuses the new password of {user}"),
        _ => format!("RuntimeError: {host} refuses all passwords of {user} in {arn}"),
    }
}
