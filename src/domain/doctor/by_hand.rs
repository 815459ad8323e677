//! What somebody else than the rotation function did to values and labels meanwhile, by CloudTrail.

use super::diagnosis::{Clue, Origin};
use super::facts::Facts;
use crate::domain::trail::{Deed, TrailEvent};
use crate::domain::version::VersionId;

/// The names of the events that tell of it.
pub const BY_HAND: [&str; 3] = ["PutSecretValue", "UpdateSecretVersionStage", "UpdateSecret"];

/// What was done by hand since the first moment that matters, or by a program of somebody's.
pub(super) fn by_hand(facts: &Facts<'_>, pending: &VersionId) -> Vec<Clue> {
    let first = super::facts::first(facts.secret, facts.versions, facts.now);
    let function = facts.secret.function_name();
    let is_functions = |event: &TrailEvent| function.as_deref().is_some_and(|name| event.is_by_function(name));
    let of_it = facts.changes.iter().filter(|event| event.at >= first && event.names(facts.secret));
    let done = of_it.filter(|event| !event.has_failed() && !is_functions(event));
    done.filter_map(|event| {
        let sentence = format!("{} {}.", event.scene.who.words(), did(&event.deed, pending)?);
        Some(Clue { at: Some(event.at), sentence, origin: Origin::Trail })
    })
    .collect()
}

fn did(deed: &Deed, pending: &VersionId) -> Option<String> {
    let of_version = |version: &VersionId| {
        if version == pending { "of the pending version".to_owned() } else { format!("of {}", version.short()) }
    };
    Some(match deed {
        Deed::Put { version: Some(version), .. } => format!("wrote the value {} (PutSecretValue)", of_version(version)),
        Deed::Put { version: None, .. } => "wrote a value (PutSecretValue)".to_owned(),
        Deed::Update { version: Some(version) } => format!("wrote the value {} (UpdateSecret)", of_version(version)),
        Deed::Update { version: None } => "changed the secret (UpdateSecret; its record doesn't say what)".to_owned(),
        Deed::Move { label, to: Some(to), from: Some(from) } => {
            format!("moved {} from {} to {}", label.text(), from.short(), to.short())
        }
        Deed::Move { label, to: Some(to), from: None } => format!("put {} on {}", label.text(), to.short()),
        Deed::Move { label, to: None, from: Some(from) } => format!("took {} off {}", label.text(), from.short()),
        _ => return None,
    })
}
