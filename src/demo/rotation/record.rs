//! What CloudTrail records of a rotation.

use chrono::{DateTime, Timelike, Utc};
use serde_json::{Value, json};

use super::{Kind, Run};
use crate::demo::trail::{Act, Answer, By, Called, Event, Request, Service, Why};
use crate::demo::world::Inner;

/// A service event of a run.
pub(super) fn service(world: &Inner, run: &Run, event: Service, why: Option<Why>, at: DateTime<Utc>) {
    let event = match run.kind {
        Kind::Rotation => event,
        Kind::Trial => event.of_trial(),
    };
    record(world, Some(&run.secret), event.act(Some(run.version.clone()), why), at);
}

/// A call of the function.
pub(super) fn call(world: &Inner, run: &Run, function: &str, name: &'static str, input: Value, at: DateTime<Utc>) {
    called(world, run, By::Function(function.to_owned()), name, input, at);
}

/// Somebody has put a value.
pub(super) fn by_hand(world: &Inner, run: &Run, version: &str, at: DateTime<Utc>) {
    called(world, run, By::Caller, "PutSecretValue", json!({ "clientRequestToken": version }), at);
}

/// A call that names the secret by its ARN.
fn called(world: &Inner, run: &Run, by: By, name: &'static str, input: Value, at: DateTime<Utc>) {
    let (name, answer, called) = (name.into(), Answer::told(Value::Null), Some(Called::Arn));
    let request = Request { name, by, called, input, answer, error: None };
    record(world, Some(&run.secret), Act::Call(Box::new(request)), at);
}

/// An event, about a secret if there is one.
pub(in crate::demo) fn record(world: &Inner, secret: Option<&str>, act: Act, at: DateTime<Utc>) {
    let mut event = Event { id: String::new(), at, secret: secret.map(str::to_owned), act, record: None };
    let (name, count) = (event.name(), world.trail.count(event.is_read()));
    let key = format!("{} {name} {at} {count}", secret.unwrap_or_default());
    let kind = if event.is_read() { "read" } else { "event" };
    event.id = world.seed.fork(kind).fork(&key).uuid().to_string();
    event.at = at.with_nanosecond(0).unwrap_or(at);
    world.trail.record(event);
}
