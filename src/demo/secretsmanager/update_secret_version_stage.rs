//! UpdateSecretVersionStage (API_UpdateSecretVersionStage.html).

use serde::Deserialize;
use serde_json::{Value, json};

use super::check::Check;
use super::state::{refused, to_change};
use crate::demo::labels::{self, Refused};
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Input {
    secret_id: Option<String>,
    version_stage: Option<String>,
    move_to_version_id: Option<String>,
    remove_from_version_id: Option<String>,
}

pub(super) fn answer(world: &Inner, call: &Call, input: Input) -> Result<Value, Refusal> {
    input.check()?;
    let label = input.version_stage.unwrap_or_default();
    let (to, from) = (input.move_to_version_id.as_deref(), input.remove_from_version_id.as_deref());
    world.act(|_, at| {
        let (name, arn) = to_change(world, call, input.secret_id.as_deref())?;
        let moved = world.vault.change(&name, |secret| {
            // What a label on a version without a value would mean is not documented, but for AWSPENDING.
            let is_empty = |id: &str| secret.versions.iter().any(|version| version.id == id && !version.has_value);
            if let Some(to) = to.filter(|to| is_empty(to)) {
                return Err(Refused::NoVersion(to.to_owned()));
            }
            let moves = labels::update(&mut secret.versions, &label, to, from, at)?;
            secret.moves.extend(moves);
            secret.last_changed = Some(at);
            Ok(())
        });
        moved.unwrap_or(Ok(())).map_err(|why| refused(&arn, &why))?;
        Ok(json!({ "ARN": arn, "Name": name }))
    })
}

impl Input {
    fn check(&self) -> Result<(), Refusal> {
        let mut check = Check::default();
        check.secret_id(self.secret_id.as_deref());
        match self.version_stage.as_deref() {
            None => check.add("Value null", "versionStage", "Member must not be null"),
            Some(label) => check.length("versionStage", label, 1, 256),
        }
        let ids =
            [("moveToVersionId", &self.move_to_version_id), ("removeFromVersionId", &self.remove_from_version_id)];
        for (at, id) in ids {
            if let Some(id) = id {
                check.length(at, id, 32, 64);
            }
        }
        check.finish()
    }
}
