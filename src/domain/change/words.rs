//! What a change is in words: its sentence, what will be different, and how it is undone.

use super::{Change, ChangeKind};
use crate::domain::version::{Pending, StagingLabel, VersionId};

/// Something that will be different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What: a staging label, or rotation itself.
    pub what: &'static str,
    /// How it was seen.
    pub before: String,
    /// How it will be.
    pub after: String,
}

impl Difference {
    fn new(what: &'static str, before: impl Into<String>, after: impl Into<String>) -> Self {
        Self { what, before: before.into(), after: after.into() }
    }
}

impl Change {
    /// What it does, as a sentence that names the secret.
    pub fn sentence(&self) -> String {
        let name = &self.name;
        match self.kind {
            ChangeKind::Rotate { .. } => {
                format!(
                    "Rotate {name} now: its rotation function makes, sets and tests a new value, then AWSCURRENT moves to it."
                )
            }
            ChangeKind::TestOnly { .. } => {
                format!(
                    "Test the rotation of {name}: Secrets Manager runs the step testSecret only, and AWSCURRENT stays."
                )
            }
            ChangeKind::TurnOn { .. } => format!(
                "Turn the rotation of {name} on: the schedule counts again, and Secrets Manager runs the step testSecret once."
            ),
            ChangeKind::TurnOff => format!(
                "Turn the rotation of {name} off: the schedule stops, a rotation that runs is cancelled, and AWSPENDING stays."
            ),
        }
    }

    /// What will be different, as far as the call decides it. Nothing of a value is among it.
    ///
    /// Sources: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>,
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html>,
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>
    pub fn differences(&self) -> Vec<Difference> {
        let on =
            |label| self.holder(&label).map_or_else(|| "on no version".to_owned(), |id| format!("on {}", id.short()));
        let (current, previous) = (on(StagingLabel::Current), on(StagingLabel::Previous));
        let pending = on(StagingLabel::Pending);
        let mut differences = Vec::new();
        match &self.kind {
            ChangeKind::Rotate { token } => {
                let new = format!("on {}, the new version", token.short());
                differences.push(Difference::new("AWSPENDING", pending, format!("{new}, at once")));
                differences.push(Difference::new(
                    "AWSCURRENT",
                    current.clone(),
                    format!("{new}, when all steps are done"),
                ));
                differences.push(Difference::new("AWSPREVIOUS", previous, format!("{current}, then too")));
            }
            ChangeKind::TestOnly { token } | ChangeKind::TurnOn { token } => {
                let after = format!("on {} for the trial, then on no version", token.short());
                differences.push(Difference::new("AWSPENDING", pending, after));
            }
            ChangeKind::TurnOff => {
                if let Pending::Other(version) = self.seen.labels.pending() {
                    let stays =
                        format!("stays on {}, and blocks later rotations until it is taken off", version.short());
                    differences.push(Difference::new("AWSPENDING", pending, stays));
                }
            }
        }
        let after = if self.kind == ChangeKind::TurnOff { "off" } else { "on" };
        if self.rotation() != after {
            differences.push(Difference::new("Rotation", self.rotation(), after));
        }
        if self.kind == ChangeKind::TurnOff {
            let (before, after) = ("shown by AWS", "not shown while rotation is off");
            differences.push(Difference::new("Last and next rotation", before, after));
        }
        differences
    }

    /// How rotation was seen.
    fn rotation(&self) -> &'static str {
        match self.seen.rotation_enabled {
            Some(true) => "on",
            Some(false) => "off",
            None => "never configured",
        }
    }

    /// How it is undone, or that it can't be.
    pub fn undo(&self) -> String {
        let previous = self.holder(&StagingLabel::Current).map(VersionId::short);
        match &self.kind {
            ChangeKind::Rotate { .. } => match previous {
                Some(version) => format!(
                    "A rotation can't be called back. Afterwards AWSCURRENT can be moved back to {version}, but what the \
                     function set in the database or service stays set."
                ),
                None => "A rotation can't be called back.".to_owned(),
            },
            ChangeKind::TestOnly { .. } => "Nothing to undo: the trial takes AWSPENDING off again.".to_owned(),
            ChangeKind::TurnOn { .. } => "`secdash rotation off` turns it off again.".to_owned(),
            ChangeKind::TurnOff if matches!(self.seen.labels.pending(), Pending::Other(_)) => {
                "`secdash rotation on` turns it on again, but only once AWSPENDING is off that version.".to_owned()
            }
            ChangeKind::TurnOff => "`secdash rotation on` turns it on again.".to_owned(),
        }
    }
}
