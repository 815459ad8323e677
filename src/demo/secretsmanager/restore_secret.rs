//! RestoreSecret (API_RestoreSecret.html): the mark goes, and all is as before.

use serde::Deserialize;
use serde_json::{Value, json};

use super::check::Check;
use super::find;
use super::state::owned;
use crate::demo::rotation::record::record;
use crate::demo::rotation::start;
use crate::demo::trail::Service;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Input {
    secret_id: Option<String>,
}

/// A secret that is not marked stays as it is; that AWS doesn't refuse this is \[unverified\].
pub(super) fn answer(world: &Inner, call: &Call, input: &Input) -> Result<Value, Refusal> {
    let mut check = Check::default();
    check.secret_id(input.secret_id.as_deref());
    check.finish()?;
    world.act(|queue, at| {
        let (name, arn) = {
            let shelf = world.vault.read();
            let secret = find(world, &shelf, call, input.secret_id.as_deref().unwrap_or_default())?;
            owned(world, secret)?;
            (secret.name.clone(), world.vault.arn(secret))
        };
        let was_marked = world.vault.change(&name, |secret| {
            if secret.deleted.take().is_none() {
                return false;
            }
            secret.last_changed = Some(at);
            if let Some(mark) = secret.marks.last_mut() {
                mark.to = Some(at);
            }
            true
        });
        if was_marked == Some(true) {
            record(world, Some(&name), Service::CancelDelete.act(None, None), at);
            start::plan(world, queue, &name, at);
        }
        Ok(json!({ "ARN": arn, "Name": name }))
    })
}
