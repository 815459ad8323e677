//! What a change is in words: its sentence, what will be different, and how it is undone.

use super::{Change, ChangeKind, Fix, Move, Users};
use crate::domain::version::{LabelMap, Pending, StagingLabel, VersionId};

/// Something that will be different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What: a staging label, rotation itself, or the mark for deletion.
    pub what: &'static str,
    /// How it was seen.
    pub before: String,
    /// How it will be.
    pub after: String,
}

impl Difference {
    pub(super) fn new(what: &'static str, before: impl Into<String>, after: impl Into<String>) -> Self {
        Self { what, before: before.into(), after: after.into() }
    }
}

impl Change {
    /// What it does, as a sentence that names the secret.
    pub fn sentence(&self) -> String {
        let name = &self.name;
        match &self.kind {
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
            ChangeKind::Move(movement) => self.move_sentence(movement),
            ChangeKind::Delete { window } => format!(
                "Delete {name}: it is marked for deletion, every read of its value fails at once, and after {} AWS deletes it.",
                window.words()
            ),
            ChangeKind::Restore => {
                format!("Restore {name}: it is no longer marked for deletion, and its value can be read again.")
            }
        }
    }

    fn move_sentence(&self, Move { fix, to, from }: &Move) -> String {
        let (name, id) = (&self.name, |id: &Option<VersionId>| id.as_ref().map_or_else(String::new, VersionId::short));
        let (to, from) = (id(to), id(from));
        match fix {
            Fix::Drop => {
                format!("Drop AWSPENDING of {name}: its rotation is given up, and version {from} loses its last label.")
            }
            Fix::Promote => {
                format!("Promote the pending version of {name}: AWSCURRENT moves to {to}, which everybody reads then.")
            }
            Fix::RollBack => {
                format!("Roll {name} back: AWSCURRENT moves to {to} again, which everybody reads then.")
            }
            Fix::PutBack => format!("Put AWSPENDING of {name} back on version {to}."),
        }
    }

    /// What will be different, as far as the call decides it. Nothing of a value is among it.
    ///
    /// Sources: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>,
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html>,
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>,
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html>
    pub fn differences(&self) -> Vec<Difference> {
        self.differences_behind(None)
    }

    /// The same where another call moves a label first.
    pub fn differences_behind(&self, first: Option<&Self>) -> Vec<Difference> {
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
            ChangeKind::Move(movement) => return self.moved(first.and_then(Self::movement), movement),
            ChangeKind::Delete { .. } | ChangeKind::Restore => return self.mark_differences(),
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

    /// Where each of AWS's labels sits before and after, as far as that differs.
    fn moved(&self, first: Option<&Move>, movement: &Move) -> Vec<Difference> {
        let after = first.map_or_else(|| self.seen.labels.clone(), |first| first.after(&self.seen.labels));
        let after = movement.after(&after);
        let on = |labels: &LabelMap, label: &StagingLabel| {
            labels.version_with(label).map_or_else(|| "on no version".to_owned(), |id| format!("on {}", id.short()))
        };
        let labels = [
            ("AWSCURRENT", StagingLabel::Current),
            ("AWSPENDING", StagingLabel::Pending),
            ("AWSPREVIOUS", StagingLabel::Previous),
        ];
        let each = labels
            .into_iter()
            .map(|(what, label)| (first, Difference::new(what, on(&self.seen.labels, &label), on(&after, &label))));
        let told = each.filter(|(_, one)| one.before != one.after).map(|(first, one)| {
            let by_first = first.is_some_and(|first| first.label().text().raw() == one.what);
            let why = if by_first { ", by the first call: left there, AWS would refuse to rotate" } else { "" };
            Difference { after: format!("{}{why}", one.after), ..one }
        });
        told.collect()
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
            ChangeKind::Move(movement) => self.move_undo(movement),
            ChangeKind::Delete { window } => format!(
                "It can be restored within {} (`secdash restore {}`); after that AWS deletes it at no guaranteed time, \
                 and nothing brings it back.",
                window.words(),
                self.name
            ),
            ChangeKind::Restore => format!(
                "Nothing undoes it: to delete {} again is a new deletion, with a recovery window of its own.",
                self.name
            ),
        }
    }

    /// A version without a label may be deleted by AWS, though none that is younger than a day.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html>
    fn move_undo(&self, movement: &Move) -> String {
        let undo = format!("`secdash fix {} --undo`", self.name);
        match movement.fix {
            Fix::Drop if self.drops_empty() => "Nothing to undo: there is no value to come back to.".to_owned(),
            Fix::Drop => {
                format!("{undo} puts it back while the version exists: one without a label may be deleted by AWS.")
            }
            Fix::Promote | Fix::RollBack => {
                let home = movement.from.as_ref().map_or_else(String::new, |id| format!(" to {}", id.short()));
                format!("{undo} moves AWSCURRENT back{home}{}.", self.previous_then(movement))
            }
            Fix::PutBack => "AWSPENDING can be dropped again.".to_owned(),
        }
    }

    /// Where AWSPREVIOUS is once AWSCURRENT has moved there and back: AWS puts it on the version that AWSCURRENT leaves,
    /// so after a promotion it doesn't come back to the version that it was on.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html>
    fn previous_then(&self, movement: &Move) -> String {
        let Move { fix, to, from } = movement.clone();
        let then = Move { fix, to: from, from: to }.after(&movement.after(&self.seen.labels));
        let before = self.holder(&StagingLabel::Previous);
        let Some(then) = then.version_with(&StagingLabel::Previous) else { return String::new() };
        let then = then.short();
        let Some(before) = before.map(VersionId::short) else { return format!("; AWSPREVIOUS is on {then} then") };
        if before == then {
            return format!(", and AWSPREVIOUS to {then}");
        }
        format!("; AWSPREVIOUS is on {then} then, not on {before} again, which AWS may delete if it has no other label")
    }

    /// Whether it takes AWSPENDING off a version without a value.
    fn drops_empty(&self) -> bool {
        let is_drop = self.movement().is_some_and(|movement| movement.fix == Fix::Drop);
        is_drop && self.ground.is_some_and(|ground| ground.is_empty)
    }

    /// What is true then if the verdict is wrong; `None` where the change rests on none.
    pub fn if_wrong(&self) -> Option<String> {
        let movement = self.movement()?;
        if self.drops_empty() {
            let text = "No value is lost by it: the version has none. What createSecret may have made at a service, as a key, \
                        stays there.";
            return Some(text.to_owned());
        }
        let id = |id: &Option<VersionId>| id.as_ref().map_or_else(String::new, VersionId::short);
        match movement.fix {
            Fix::Drop => Some(match self.ground.map_or(Users::Unknown, |ground| ground.users) {
                Users::One => format!(
                    "If the password of {} is in use after all, AWSCURRENT's doesn't work, and no label leads to the one that \
                     does.",
                    id(&movement.from)
                ),
                Users::Two => format!(
                    "If the password of {} is set after all, no label leads to it; AWSCURRENT's user was not changed.",
                    id(&movement.from)
                ),
                Users::Unknown => format!(
                    "If the password of {} is set after all, no label leads to it, and unless two users take turns AWSCURRENT's \
                     doesn't work.",
                    id(&movement.from)
                ),
            }),
            Fix::Promote | Fix::RollBack => Some(format!(
                "If a login with the password of {} doesn't work, nor does what everybody gets who reads the secret from then on.",
                id(&movement.to)
            )),
            Fix::PutBack => None,
        }
    }
}
