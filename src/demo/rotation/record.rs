//! What CloudTrail records of a rotation.

use chrono::{DateTime, Timelike, Utc};
use serde_json::{Value, json};

use super::invocation::Invocation;
use super::{Kind, Run, Step};
use crate::demo::function::Strategy;
use crate::demo::labels::{self, CURRENT, PENDING, PREVIOUS};
use crate::demo::trail::reader::{DECRYPT, VALUE, decrypts};
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

/// A call of the function about the secret that it rotates, which it names by its ARN.
pub(super) fn call(world: &Inner, run: &Run, function: &str, name: &'static str, input: Value, at: DateTime<Utc>) {
    let by = By::Function(function.to_owned());
    record(world, Some(&run.secret), called(by, name, input, None), at);
}

/// The same where the function's role may not do that: the parameters are left out, as of any call that IAM refuses.
pub(super) fn denied(world: &Inner, run: &Run, function: &str, name: &'static str, message: &str, at: DateTime<Utc>) {
    let error = Some(("AccessDenied".to_owned(), message.to_owned()));
    let act = Request { called: None, ..request(By::Function(function.to_owned()), name, Value::Null, error) };
    record(world, Some(&run.secret), Act::Call(Box::new(act)), at);
}

/// GetRandomPassword, which is about no secret.
pub(super) fn random(world: &Inner, function: &str, at: DateTime<Utc>) {
    let (name, input) = ("GetRandomPassword", json!({ "excludeCharacters": "/@\"'\\" }));
    let answer = Answer::Whole(Value::Null);
    let request = Request { called: None, answer, ..request(By::Function(function.to_owned()), name, input, None) };
    record(world, None, Act::Call(Box::new(request)), at);
}

/// Somebody has put a value.
pub(super) fn by_hand(world: &Inner, run: &Run, version: &str, at: DateTime<Utc>) {
    let input = json!({ "clientRequestToken": version });
    record(world, Some(&run.secret), called(By::Caller, "PutSecretValue", input, None), at);
}

fn called(by: By, name: &'static str, input: Value, error: Option<(String, String)>) -> Act {
    Act::Call(Box::new(request(by, name, input, error)))
}

fn request(by: By, name: &'static str, input: Value, error: Option<(String, String)>) -> Request {
    let answer = match name {
        "DescribeSecret" | VALUE => Answer::Whole(Value::Null),
        _ => Answer::told(Value::Null),
    };
    Request { name: name.into(), by, called: Some(Called::Arn), input, answer, error }
}

/// What a step reads before it works, as AWS's templates do.
pub(super) fn reads(world: &Inner, invocation: &Invocation, at: DateTime<Utc>) {
    let (run, function) = (&invocation.run, &invocation.called.function.name);
    let reads: &[(&str, bool)] = match (run.step, invocation.called.function.strategy) {
        (Step::Create, _) | (Step::Set, Strategy::Alternating) => &[(CURRENT, false), (PENDING, true)],
        (Step::Set, _) => &[(PREVIOUS, false), (CURRENT, false), (PENDING, true)],
        (Step::Test, _) => &[(PENDING, true)],
        (Step::Finish, _) => return call(world, run, function, "DescribeSecret", Value::Null, at),
    };
    for (label, names_version) in reads {
        let version = names_version.then_some(run.version.as_str());
        value(world, &run.secret, function, label, version, at);
    }
}

/// A read of the version with this label, and what KMS records of it where the secret has a customer's key.
pub(super) fn value(
    world: &Inner,
    secret: &str,
    function: &str,
    label: &str,
    version: Option<&str>,
    at: DateTime<Utc>,
) {
    let by = || By::Function(function.to_owned());
    let known = world.vault.read().by_name(secret).map(|secret| {
        let found = labels::holder(&secret.versions, label).filter(|found| found.has_value);
        let found = found.filter(|found| version.is_none_or(|version| found.id == version));
        (found.map(|found| found.id.clone()), world.vault.arn(secret), secret.kms_key.is_some())
    });
    let Some((found, arn, has_key)) = known else { return };
    let mut input = json!({ "versionStage": label });
    if let (Some(version), Some(input)) = (version, input.as_object_mut()) {
        input.insert("versionId".to_owned(), Value::from(version));
    }
    let missing = format!("Secrets Manager can't find the specified secret value for staging label: {label}");
    let error = found.is_none().then(|| ("ResourceNotFoundException".to_owned(), missing));
    record(world, Some(secret), called(by(), VALUE, input, error), at);
    if let Some(found) = found.filter(|_| has_key) {
        let input = decrypts(Some(&arn), Some(&found));
        let request =
            Request { called: None, answer: Answer::Whole(Value::Null), ..request(by(), DECRYPT, input, None) };
        record(world, Some(secret), Act::Call(Box::new(request)), at);
    }
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
