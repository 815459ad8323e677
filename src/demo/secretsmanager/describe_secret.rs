//! DescribeSecret (API_DescribeSecret.html).

use serde::Deserialize;
use serde_json::Value;

use super::check::Check;
use super::{find, shape};
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Input {
    secret_id: Option<String>,
}

pub(super) fn answer(world: &Inner, call: &Call, input: Input) -> Result<Value, Refusal> {
    let mut check = Check::default();
    check.secret_id(input.secret_id.as_deref());
    check.finish()?;
    let shelf = world.vault.read();
    let secret = find(world, &shelf, call, &input.secret_id.unwrap_or_default())?;
    let mut body = shape::secret(world, secret);
    let more = [("VersionIdsToStages", shape::labels(secret)), ("ReplicationStatus", shape::replicas(secret))];
    let more = more.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    body.extend(more);
    Ok(Value::Object(body))
}
