//! CancelRotateSecret (API_CancelRotateSecret.html): rotation goes off, and AWSPENDING stays where it is.

use serde::Deserialize;
use serde_json::{Value, json};

use super::check::Check;
use super::state::to_change;
use crate::demo::labels;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Input {
    secret_id: Option<String>,
}

/// A rotation that is in progress is cancelled: no further step of it is invoked, and it isn't attempted again. An
/// invocation that runs goes on to its end, or finds rotation off if it hasn't looked yet.
pub(super) fn answer(world: &Inner, call: &Call, input: &Input) -> Result<Value, Refusal> {
    let mut check = Check::default();
    check.secret_id(input.secret_id.as_deref());
    check.finish()?;
    world.act(|queue, at| {
        let (name, arn) = to_change(world, call, input.secret_id.as_deref())?;
        let pending = world.vault.change(&name, |secret| {
            if let Some(rules) = secret.rotation.as_mut().filter(|rules| rules.enabled) {
                rules.enabled = false;
                secret.last_changed = Some(at);
            }
            (secret.last_rotated, secret.next_rotation) = (None, None);
            labels::incomplete(&secret.versions).map(|version| version.id.clone())
        });
        queue.cancel(&name);
        let mut body = json!({ "ARN": arn, "Name": name });
        if let (Some(Some(pending)), Some(body)) = (pending, body.as_object_mut()) {
            body.insert("VersionId".to_owned(), Value::from(pending));
        }
        Ok(body)
    })
}
