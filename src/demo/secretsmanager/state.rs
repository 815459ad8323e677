//! Which secrets may be changed here, and why others may not.

use super::find;
use crate::demo::labels::Refused;
use crate::demo::secret::Secret;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

/// Refuses what is marked deleted (monitoring_cloudwatch_deleted-secrets.html), a replica
/// (observed, <https://github.com/getmoto/moto>), and what another service owns (API_RotateSecret.html).
pub(super) fn changeable(world: &Inner, secret: &Secret) -> Result<(), Refusal> {
    if secret.deleted.is_some() {
        let text = "You can't perform this operation on the secret because it was marked for deletion.";
        return Err(Refusal::invalid_request(text));
    }
    owned(world, secret)
}

/// The last two alone.
pub(super) fn owned(world: &Inner, secret: &Secret) -> Result<(), Refusal> {
    if secret.is_replica(&world.region) {
        let text = "Operation not permitted on a replica secret. Call must be made in primary secret's region.";
        return Err(Refusal::of_model("InvalidParameterException", text));
    }
    if secret.owning_service.is_some() {
        let text = "The secret is managed by another service, and you must use that service to update it.";
        return Err(Refusal::invalid_request(text));
    }
    Ok(())
}

/// A label that may not move.
pub(super) fn refused(arn: &str, refused: &Refused) -> Refusal {
    let text = match refused {
        // observed, <https://github.com/getmoto/moto>
        Refused::InUse(token) => format!(
            "You can't use ClientRequestToken {token} because that value is already in use for a version of secret {arn}."
        ),
        // AWS's words are not known; these are those of a version that has no value
        Refused::NoVersion(id) => format!("Secrets Manager can't find the specified secret value for VersionId: {id}"),
        other => other.to_string(),
    };
    let code = match refused {
        Refused::Incomplete => "InvalidRequestException",
        Refused::Attached { .. } | Refused::CurrentStays | Refused::Nowhere(_) => "InvalidParameterException",
        Refused::InUse(_) => "ResourceExistsException",
        Refused::NoVersion(_) => "ResourceNotFoundException",
        Refused::Limit => "LimitExceededException",
    };
    Refusal::of_model(code, &text)
}

/// Name and ARN of the secret that a request is to change.
pub(super) fn to_change(world: &Inner, call: &Call, id: Option<&str>) -> Result<(String, String), Refusal> {
    let shelf = world.vault.read();
    let secret = find(world, &shelf, call, id.unwrap_or_default())?;
    changeable(world, secret)?;
    Ok((secret.name.clone(), world.vault.arn(secret)))
}
