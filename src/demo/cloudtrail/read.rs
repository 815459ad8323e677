//! What CloudTrail keeps of one read of a reader: what was asked, and whether it was refused. Never the value, and of the
//! version no more than the request names.

use serde_json::{Value, json};

use super::identity;
use super::record::spelled;
use crate::demo::labels::CURRENT;
use crate::demo::secret::Secret;
use crate::demo::seed::Seed;
use crate::demo::trail::Event;
use crate::demo::trail::reader::{Kind, Part, Track, decrypts};
use crate::demo::world::Inner;

/// Why a read was refused: `errorCode` and `errorMessage`.
pub(super) type Refused = (String, String);

/// `requestParameters`; null where IAM refused the call
/// (observed, <https://github.com/DataDog/stratus-red-team>).
pub(super) fn input(world: &Inner, event: &Event, track: &Track) -> Value {
    let reader = &track.reader;
    match track.part {
        Part::Batch => {
            let ids = reader.batch.iter().map(|name| spelled(world, name, reader.called));
            json!({ "secretIdList": ids.collect::<Vec<_>>() })
        }
        Part::Decrypt => {
            let version = outcome(world, event, track).ok().flatten();
            let shelf = world.vault.read();
            let arn = shelf.ever(secret(track)).map(|secret| world.vault.arn(secret));
            decrypts(arn.as_deref(), version.as_deref())
        }
        Part::Value if reader.is_refused => Value::Null,
        Part::Value => {
            let mut input = json!({ "secretId": spelled(world, secret(track), reader.called) });
            for (key, value) in [("versionId", &track.version), ("versionStage", &reader.label)] {
                if let (Some(value), Some(input)) = (value, input.as_object_mut()) {
                    input.insert(key.to_owned(), Value::from(value.as_str()));
                }
            }
            input
        }
    }
}

/// The version that was read, or why none was. A batch itself is not refused.
pub(super) fn outcome(world: &Inner, event: &Event, track: &Track) -> Result<Option<String>, Refused> {
    let (reader, shelf) = (&track.reader, world.vault.read());
    let Some(secret) = shelf.ever(secret(track)).filter(|_| track.part != Part::Batch) else { return Ok(None) };
    if reader.is_refused {
        let arn = world.vault.arn(secret);
        let by = identity::caller(world, event).map(|caller| caller.arn).unwrap_or_default();
        let action = format!("secretsmanager:{}", track.name());
        let policy = if reader.kind == Kind::Foreign { "resource-based" } else { "identity-based" };
        let message = format!(
            "User: {by} is not authorized to perform: {action} on resource: {arn} because no {policy} policy allows the \
             {action} action"
        );
        return Err(("AccessDenied".to_owned(), message));
    }
    if secret.gone.is_some_and(|gone| gone <= event.at) {
        let text = "Secrets Manager can't find the specified secret.";
        return Err(("ResourceNotFoundException".to_owned(), text.to_owned()));
    }
    if secret.was_marked(event.at) {
        let text = "You can't perform this operation on the secret because it was marked for deletion.";
        return Err(("InvalidRequestException".to_owned(), text.to_owned()));
    }
    version(secret, event, track).map(Some)
}

/// The version that the request means.
fn version(secret: &Secret, event: &Event, track: &Track) -> Result<String, Refused> {
    let label = track.reader.label.as_deref();
    let missing = |what: String| {
        let message = format!("Secrets Manager can't find the specified secret value for {what}");
        ("ResourceNotFoundException".to_owned(), message)
    };
    match &track.version {
        Some(id) if secret.versions.iter().any(|version| version.id == *id) => Ok(id.clone()),
        Some(id) => Err(missing(format!("VersionId: {id}"))),
        None => {
            let label = label.unwrap_or(CURRENT);
            let held = secret.holder_at(label, event.at).map(str::to_owned);
            held.ok_or_else(|| missing(format!("staging label: {label}")))
        }
    }
}

/// ARN of the customer's key that a secret is encrypted with.
pub(super) fn key_arn(world: &Inner, secret: &str) -> Option<String> {
    let shelf = world.vault.read();
    let key = shelf.ever(secret)?.kms_key.clone()?;
    if key.starts_with("arn:") && !key.contains(":alias/") {
        return Some(key.into_owned());
    }
    // An alias stands for a key, whose id is what KMS records.
    let id = match key.rsplit_once("alias/") {
        Some(_) => Seed::new(0).fork(&key).uuid().to_string(),
        None => key.into_owned(),
    };
    Some(format!("arn:aws:kms:{}:{}:key/{id}", world.region, world.account))
}

fn secret(track: &Track) -> &str {
    track.secret.as_deref().unwrap_or_default()
}
