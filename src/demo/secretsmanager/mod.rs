//! AWS Secrets Manager: its operations, in the shapes and texts of the API of 2017-10-17.

mod check;
mod describe_secret;
mod filter;
mod list_secret_version_ids;
mod list_secrets;
mod shape;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::demo::secret::Secret;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

pub(in crate::demo) fn answer(world: &Inner, call: &Call, input: &Value) -> Result<Value, Refusal> {
    match call.operation.as_str() {
        "DescribeSecret" => describe_secret::answer(world, call, read(input)?),
        "ListSecretVersionIds" => list_secret_version_ids::answer(world, call, read(input)?),
        "ListSecrets" => list_secrets::answer(world, call, read(input)?),
        _ => Err(Refusal::unknown_operation(call)),
    }
}

/// Members the operation does not have are passed over, as AWS does; a member of another type is
/// not.
fn read<T: DeserializeOwned>(input: &Value) -> Result<T, Refusal> {
    T::deserialize(input).map_err(|_| Refusal::serialization())
}

/// The secret of a request, in the Region of the request. A secret marked as deleted is found:
/// none of the operations here declares InvalidRequestException for one.
fn find<'a>(world: &'a Inner, call: &Call, id: &str) -> Result<&'a Secret, Refusal> {
    Some(id)
        .filter(|_| call.region == world.region)
        .and_then(|id| world.vault.find(id))
        .ok_or_else(Refusal::no_such_secret)
}
