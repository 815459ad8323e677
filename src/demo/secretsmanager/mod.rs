//! AWS Secrets Manager: its operations, in the shapes and texts of the API of 2017-10-17.

mod cancel_rotate_secret;
mod check;
mod delete_secret;
mod describe_secret;
mod filter;
mod list_secret_version_ids;
mod list_secrets;
mod restore_secret;
mod rotate_secret;
mod rules;
mod shape;
mod state;
mod update_secret_version_stage;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::demo::secret::Secret;
use crate::demo::vault::Shelf;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

pub(in crate::demo) fn answer(world: &Inner, call: &Call, input: &Value) -> Result<Value, Refusal> {
    match call.operation.as_str() {
        "CancelRotateSecret" => cancel_rotate_secret::answer(world, call, &read(input)?),
        "DeleteSecret" => delete_secret::answer(world, call, &read(input)?),
        "DescribeSecret" => describe_secret::answer(world, call, read(input)?),
        "ListSecretVersionIds" => list_secret_version_ids::answer(world, call, read(input)?),
        "ListSecrets" => list_secrets::answer(world, call, read(input)?),
        "RestoreSecret" => restore_secret::answer(world, call, &read(input)?),
        "RotateSecret" => rotate_secret::answer(world, call, &read(input)?),
        "UpdateSecretVersionStage" => update_secret_version_stage::answer(world, call, read(input)?),
        _ => Err(Refusal::unknown_operation(call)),
    }
}

/// Members the operation does not have are passed over, as AWS does; a member of another type is
/// not.
fn read<T: DeserializeOwned>(input: &Value) -> Result<T, Refusal> {
    T::deserialize(input).map_err(|_| Refusal::serialization())
}

/// The secret of a request, in the Region of the request. A secret marked as deleted is found: those who refuse it say
/// so themselves.
fn find<'a>(world: &Inner, shelf: &'a Shelf, call: &Call, id: &str) -> Result<&'a Secret, Refusal> {
    Some(id).filter(|_| call.region == world.region).and_then(|id| shelf.find(id)).ok_or_else(Refusal::no_such_secret)
}
