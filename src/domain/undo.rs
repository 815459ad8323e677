//! How the last fix of a secret is undone: the label's way back, as long as it is open.

use chrono::{DateTime, Utc};

use super::action::{Action, Ending};
use super::change::{Fix, Move};
use super::secret::Secret;
use super::version::{Pending, StagingLabel, Version, VersionId};

const UNDONE: &str = "The last fix was undone already.";

/// The way back of the last fix in the record that moved a label of this secret; else why there is none.
pub fn undo(actions: &[Action], secret: &Secret, versions: Option<&[Version]>) -> Result<Move, String> {
    let Some((action, fix)) = last_fix(actions, secret) else {
        return Err("secdash's own record has no fix of this secret that moved a label.".to_owned());
    };
    let current = secret.labels.version_with(&StagingLabel::Current);
    // A rotation has succeeded since, or somebody has moved it: what was pending then is out of date.
    if fix == Fix::Drop && current_of(action) != current.map(|id| id.0.raw()) {
        return Err(moved_since(current));
    }
    let id = |name: &str| action.parameters.get(name).map(|id| VersionId(id.as_str().into()));
    back(Move { fix, to: id("MoveToVersionId"), from: id("RemoveFromVersionId") }, secret, versions)
}

/// What the last fix has left open, where no label has moved since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOpen {
    /// AWSPENDING was dropped, and its rotation given up.
    GivenUp {
        /// When (UTC).
        at: DateTime<Utc>,
    },
    /// A promotion was undone: whether AWSCURRENT's password works, nobody has said.
    Demoted {
        /// When (UTC).
        at: DateTime<Utc>,
        /// The version that AWSCURRENT was taken from.
        from: VersionId,
    },
}

/// What the last fix of the secret has left open, by the record.
pub fn left_open(actions: &[Action], secret: &Secret) -> Option<LeftOpen> {
    let (action, fix) = last_fix(actions, secret)?;
    if action.outcome != Ending::Accepted {
        return None;
    }
    let current = secret.labels.version_with(&StagingLabel::Current).map(|id| id.0.raw());
    let id = |name: &str| action.parameters.get(name).map(String::as_str);
    match fix {
        Fix::Drop if current_of(action) == current && secret.labels.pending() == Pending::None => {
            Some(LeftOpen::GivenUp { at: action.at })
        }
        Fix::RollBack if action.tested.is_none() && id("MoveToVersionId") == current => {
            let from = VersionId(id("RemoveFromVersionId")?.into());
            Some(LeftOpen::Demoted { at: action.at, from })
        }
        _ => None,
    }
}

/// The version that AWSCURRENT was on before an action.
fn current_of(action: &Action) -> Option<&str> {
    let had = |labels: &Vec<String>| labels.iter().any(|label| StagingLabel::from_aws(label) == StagingLabel::Current);
    action.seen.labels.iter().find(|(_, labels)| had(labels)).map(|(id, _)| id.as_str())
}

/// The last fix in the record that moved a label of this secret, or may have.
fn last_fix<'a>(actions: &'a [Action], secret: &Secret) -> Option<(&'a Action, Fix)> {
    let moved = |action: &&Action| action.is_of(secret) && matches!(action.outcome, Ending::Accepted | Ending::Unknown);
    actions.iter().rev().filter(moved).find_map(|action| Some((action, Fix::from_word(&action.change)?)))
}

/// The way back of a move that was made; else why it is closed.
pub fn back(made: Move, secret: &Secret, versions: Option<&[Version]>) -> Result<Move, String> {
    if made.fix == Fix::PutBack {
        return Err(UNDONE.to_owned());
    }
    let Some(home) = made.from.clone() else { return Err("Where the label came from isn't known.".to_owned()) };
    let Some(versions) = versions else {
        return Err("The versions can't be listed, so whether that version still exists isn't known.".to_owned());
    };
    if versions.iter().all(|version| version.id != home) {
        return Err(format!(
            "Version {} can't get its label back: it had no value, or AWS has deleted it since, as it does with versions \
             that have no label.",
            home.short()
        ));
    }
    let labels = &secret.labels;
    match made.fix {
        Fix::Drop => match labels.pending() {
            Pending::None => Ok(Move { fix: Fix::PutBack, to: Some(home), from: None }),
            Pending::Same => {
                let from = labels.version_with(&StagingLabel::Current).cloned();
                Ok(Move { fix: Fix::PutBack, to: Some(home), from })
            }
            Pending::Other(version) => Err(format!("AWSPENDING is on {} by now.", version.short())),
        },
        Fix::Promote | Fix::RollBack => {
            let current = labels.version_with(&StagingLabel::Current);
            if current != made.to.as_ref() {
                return Err(moved_since(current));
            }
            let fix = if made.fix == Fix::Promote { Fix::RollBack } else { Fix::Promote };
            Ok(Move { fix, to: Some(home), from: made.to })
        }
        Fix::PutBack => Err(UNDONE.to_owned()),
    }
}

fn moved_since(current: Option<&VersionId>) -> String {
    let on = current.map_or_else(|| "no version".to_owned(), VersionId::short);
    format!("AWSCURRENT has moved since: it is on {on}.")
}
