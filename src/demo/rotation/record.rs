//! What CloudTrail records of a rotation.

use chrono::{DateTime, Timelike, Utc};
use serde_json::{Value, json};

use super::{Kind, Run};
use crate::demo::trail::{Act, By, Event, Request, Service, Why};
use crate::demo::world::Inner;

/// A service event of a run.
pub(super) fn service(world: &Inner, run: &Run, event: Service, why: Option<Why>, at: DateTime<Utc>) {
    let version = run.version.clone();
    let name = match run.kind {
        Kind::Rotation => event,
        Kind::Trial => event.of_trial(),
    };
    record(world, &run.secret, Act::Service { name, version, why }, at);
}

/// A call of the function.
pub(super) fn call(world: &Inner, run: &Run, function: &str, name: &'static str, more: Value, at: DateTime<Utc>) {
    called(world, run, By::Function(function.to_owned()), name, more, at);
}

/// Somebody has put a value.
pub(super) fn by_hand(world: &Inner, run: &Run, version: &str, at: DateTime<Utc>) {
    called(world, run, By::Caller, "PutSecretValue", json!({ "clientRequestToken": version }), at);
}

/// A call that names the secret by its ARN.
fn called(world: &Inner, run: &Run, by: By, name: &'static str, more: Value, at: DateTime<Utc>) {
    let Some(arn) = world.vault.read().by_name(&run.secret).map(|secret| world.vault.arn(secret)) else { return };
    let mut input = json!({ "secretId": arn });
    if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
        input.extend(more);
    }
    let answer = match name {
        // PutSecretValue's answer has no name (retrieve-ct-entries.html).
        "PutSecretValue" => json!({ "arn": arn }),
        _ => json!({ "arn": arn, "name": run.secret }),
    };
    record(world, &run.secret, Act::Call(Request { name, by, input, answer, error: None }), at);
}

/// An event about a secret.
pub(in crate::demo) fn record(world: &Inner, secret: &str, act: Act, at: DateTime<Utc>) {
    let mut event = Event { id: String::new(), at, secret: secret.to_owned(), act, record: None };
    let key = format!("{secret} {} {at} {}", event.name(), world.trail.events().len());
    event.id = world.seed.fork("event").fork(&key).uuid().to_string();
    event.at = at.with_nanosecond(0).unwrap_or(at);
    world.trail.record(event);
}
