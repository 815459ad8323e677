//! A change to AWS before it is made: what is asked of which secret, seen in which state, and the person's word for it.
//!
//! Dialog, command line, `--read-only`, the call itself and the record of actions all read it here.

use chrono::{DateTime, Utc};

use super::handles::{cli, quoted};
use super::permission::Operation;
use super::secret::{Secret, SecretId};
use super::version::{LabelMap, StagingLabel, VersionId};
use crate::text::AwsText;

mod confirm;
mod deletion;
mod moves;
mod outcome;
mod words;

#[cfg(test)]
mod tests;

pub use confirm::{Confirmed, Danger, NotConfirmed, Word};
pub use deletion::RecoveryWindow;
pub use outcome::{Changed, Outcome};
pub use words::Difference;

/// What can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// RotateSecret: a rotation begins at once, and turns rotation on where it is off.
    Rotate {
        /// The ClientRequestToken, which becomes the new version's id.
        token: VersionId,
    },
    /// RotateSecret with RotateImmediately=false on a secret that rotates already: only the testSecret step is run.
    TestOnly {
        /// The ClientRequestToken of the trial.
        token: VersionId,
    },
    /// RotateSecret with RotateImmediately=false on a secret whose rotation is off: the schedule goes on again.
    TurnOn {
        /// The ClientRequestToken of the trial that comes with it.
        token: VersionId,
    },
    /// CancelRotateSecret: the schedule goes off, and AWSPENDING stays where it is.
    TurnOff,
    /// UpdateSecretVersionStage: a staging label moves.
    Move(Move),
    /// DeleteSecret with RecoveryWindowInDays: the secret is marked for deletion, and can be restored for so long.
    Delete {
        /// For how long.
        window: RecoveryWindow,
    },
    /// RestoreSecret: it is no longer marked for deletion.
    Restore,
}

/// A staging label that is to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// To what end.
    pub fix: Fix,
    /// The version that it is to sit on; `None`: on none.
    pub to: Option<VersionId>,
    /// The version that it is to be taken from, which AWS compares: one that it doesn't sit on is refused.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html>
    pub from: Option<VersionId>,
}

/// To what end a staging label moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fix {
    /// AWSPENDING comes off a version whose rotation is given up.
    Drop,
    /// AWSCURRENT goes to the pending version.
    Promote,
    /// AWSCURRENT goes back to the version with AWSPREVIOUS.
    RollBack,
    /// AWSPENDING goes back to the version that it was taken off.
    PutBack,
}

/// Whose password a rotation function changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Users {
    /// That of the one user there is.
    One,
    /// That of the one who isn't in use: two take turns.
    Two,
    /// Not known.
    Unknown,
}

/// On what ground a person asks for a change that a verdict allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// The verdict, by its word.
    pub verdict: &'static str,
    /// Whose password they say that they logged in with.
    pub tested: Option<Tested>,
    /// Whether the version that the label leaves has no value.
    pub is_empty: bool,
    /// Whose password the function changes, as far as its lines tell.
    pub users: Users,
}

/// Whose password a person says that they logged in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tested {
    /// That of the version with AWSPENDING.
    Pending,
    /// That of the version with AWSCURRENT.
    Current,
    /// That of the version with AWSPREVIOUS.
    Previous,
}

/// What a person saw of a secret when they asked for a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Which labels sat on which version.
    pub labels: LabelMap,
    /// Whether rotation was on; `None` if it was never configured.
    pub rotation_enabled: Option<bool>,
    /// Until when it could be restored, where it was marked for deletion (UTC).
    pub deleted: Option<DateTime<Utc>>,
}

/// A change that somebody asks for, together with what they saw when they asked.
///
/// That travels along so that the secret can be described again right before the write and
/// nothing be written when something has moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The secret, with the context in which it was seen.
    pub on: SecretId,
    /// Its name.
    pub name: AwsText,
    /// What the person saw.
    pub seen: Seen,
    /// What is to be different.
    pub kind: ChangeKind,
    /// On what ground, where it takes one.
    pub ground: Option<Ground>,
}

impl Seen {
    /// What there is to see of a secret.
    pub fn of(secret: &Secret) -> Self {
        // Labels are compared; a server that sends a version without any must not look like another state.
        let labels = secret.labels.0.iter().filter(|(_, labels)| !labels.is_empty());
        let labels = labels.map(|(version, labels)| (version.clone(), labels.clone()));
        Self { labels: LabelMap(labels.collect()), rotation_enabled: secret.rotation_enabled, deleted: secret.deleted }
    }
}

impl ChangeKind {
    /// The word for it in records and in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Rotate { .. } => "rotate",
            Self::TestOnly { .. } => "test-only",
            Self::TurnOn { .. } => "rotation-on",
            Self::TurnOff => "rotation-off",
            Self::Move(movement) => movement.fix.word(),
            Self::Delete { .. } => "delete",
            Self::Restore => "restore",
        }
    }

    /// The version that the call asks Secrets Manager to make.
    pub fn token(&self) -> Option<&VersionId> {
        match self {
            Self::Rotate { token } | Self::TestOnly { token } | Self::TurnOn { token } => Some(token),
            Self::TurnOff | Self::Move(_) | Self::Delete { .. } | Self::Restore => None,
        }
    }

    /// Whether RotateSecret is to rotate at once.
    pub fn rotates(&self) -> bool {
        matches!(self, Self::Rotate { .. })
    }
}

impl Change {
    /// A change of a secret as it was just seen.
    pub fn of(secret: &Secret, kind: ChangeKind) -> Self {
        Self { on: secret.id.clone(), name: secret.name.clone(), seen: Seen::of(secret), kind, ground: None }
    }

    /// The API operation that makes it.
    pub fn operation(&self) -> Operation {
        match self.kind {
            ChangeKind::Rotate { .. } | ChangeKind::TestOnly { .. } | ChangeKind::TurnOn { .. } => {
                Operation::RotateSecret
            }
            ChangeKind::TurnOff => Operation::CancelRotateSecret,
            ChangeKind::Move(_) => Operation::UpdateSecretVersionStage,
            ChangeKind::Delete { .. } => Operation::DeleteSecret,
            ChangeKind::Restore => Operation::RestoreSecret,
        }
    }

    /// The parameters of the call, by AWS's names.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = vec![("SecretId", self.on.arn.raw().to_owned())];
        if let Some(token) = self.kind.token() {
            parameters.push(("ClientRequestToken", token.0.raw().to_owned()));
            // Without it AWS rotates at once; it is said in both cases, for the call is what is confirmed.
            parameters.push(("RotateImmediately", self.kind.rotates().to_string()));
        }
        parameters.extend(self.window().map(|window| ("RecoveryWindowInDays", window.days().to_string())));
        if let ChangeKind::Move(movement) = &self.kind {
            parameters.push(("VersionStage", movement.label().text().raw().to_owned()));
            let id = |id: &VersionId| id.0.raw().to_owned();
            parameters.extend(movement.to.as_ref().map(|to| ("MoveToVersionId", id(to))));
            parameters.extend(movement.from.as_ref().map(|from| ("RemoveFromVersionId", id(from))));
        }
        parameters
    }

    /// The call in one line: `secretsmanager:RotateSecret SecretId=… ClientRequestToken=…`.
    pub fn call(&self) -> String {
        let parameters =
            self.parameters().into_iter().map(|(name, value)| format!("{name}={}", crate::text::safe(&value)));
        format!("secretsmanager:{} {}", self.operation().name(), parameters.collect::<Vec<_>>().join(" "))
    }

    /// The same call for the AWS CLI, ready for a shell.
    pub fn aws_form(&self) -> String {
        let (command, options) = match &self.kind {
            ChangeKind::Rotate { token } | ChangeKind::TestOnly { token } | ChangeKind::TurnOn { token } => {
                let when = if self.kind.rotates() { "--rotate-immediately" } else { "--no-rotate-immediately" };
                ("rotate-secret", format!(" --client-request-token {} {when}", quoted(token.0.raw())))
            }
            ChangeKind::TurnOff => ("cancel-rotate-secret", String::new()),
            ChangeKind::Move(movement) => ("update-secret-version-stage", movement.options()),
            ChangeKind::Delete { window } => ("delete-secret", format!(" --recovery-window-in-days {}", window.days())),
            ChangeKind::Restore => ("restore-secret", String::new()),
        };
        cli(&self.on, command, &options)
    }

    /// The version that a label sat on.
    fn holder(&self, label: &StagingLabel) -> Option<&VersionId> {
        self.seen.labels.version_with(label)
    }
}
