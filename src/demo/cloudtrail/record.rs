//! An event as LookupEvents lists it, with the record in it: a string of JSON in CloudTrail's own shape.
//!
//! Shapes: cloudtrail_log_entries.html of Secrets Manager for the service event, and
//! cloudtrail-event-reference-record-contents.html for the rest.

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use super::identity::{self, access_key, username};
use super::read;
use crate::demo::seed::Seed;
use crate::demo::trail::reader::{DECRYPT, Kind, Part};
use crate::demo::trail::{Act, Answer, Called, Event, Request, Why};
use crate::demo::world::Inner;

const SOURCE: &str = "secretsmanager.amazonaws.com";
const SECRET: &str = "AWS::SecretsManager::Secret";
const KMS: &str = "kms.amazonaws.com";
const KEY: &str = "AWS::KMS::Key";

/// The entry of `Events`.
pub(super) fn event(world: &Inner, event: &Event) -> Value {
    let resource = resource(world, event).map(|(kind, name)| json!({ "ResourceType": kind, "ResourceName": name }));
    let mut entry = json!({
        "EventId": event.id,
        "EventName": event.name(),
        "ReadOnly": read_only(event),
        "EventTime": event.at.timestamp(),
        "EventSource": source(event),
        "Resources": resource.into_iter().collect::<Vec<_>>(),
        "CloudTrailEvent": event.record.clone().unwrap_or_else(|| record(world, event).to_string()),
    });
    let who = [("Username", username(world, event).map(str::to_owned)), ("AccessKeyId", access_key(world, event))];
    if let Some(entry) = entry.as_object_mut() {
        entry.extend(who.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Value::from(value?)))));
    }
    entry
}

pub(super) fn read_only(event: &Event) -> &'static str {
    if event.is_read() { "true" } else { "false" }
}

pub(super) fn source(event: &Event) -> &'static str {
    if event.name() == DECRYPT { KMS } else { SOURCE }
}

/// Type and name in `Resources`: what the caller passed, letter by letter. Service events have none, nor has what names
/// no single secret, nor what IAM refused.
pub(super) fn resource(world: &Inner, event: &Event) -> Option<(&'static str, String)> {
    if !world.trail.has_resources() {
        return None;
    }
    let called = |how| spelled(world, event.secret.as_deref().unwrap_or_default(), how);
    match &event.act {
        Act::Service { .. } => None,
        Act::Read(track) if !track.reader.has_resources => None,
        _ if event.name() == DECRYPT => Some((KEY, key_arn(world, event)?)),
        Act::Call(request) => {
            if let Some(how) = request.called {
                return Some((SECRET, called(how)));
            }
            let id = request.input.get("secretId").or(request.input.get("name"))?.as_str()?;
            Some((SECRET, id.to_owned()))
        }
        Act::Read(track) => {
            let is_told = track.part == Part::Value && !track.reader.is_refused;
            is_told.then(|| (SECRET, called(track.reader.called)))
        }
    }
}

/// ARN of the key that the secret's value was decrypted with.
fn key_arn(world: &Inner, event: &Event) -> Option<String> {
    read::key_arn(world, event.secret.as_deref()?)
}

/// Whether there is such a record at all: a key decrypts nothing for a read that was refused.
pub(super) fn happened(world: &Inner, event: &Event) -> bool {
    match &event.act {
        Act::Read(track) if track.part == Part::Decrypt => read::outcome(world, event, track).is_ok(),
        _ => true,
    }
}

fn arn(world: &Inner, name: &str) -> String {
    world.vault.read().ever(name).map(|secret| world.vault.arn(secret)).unwrap_or_default()
}

/// A secret's id as a caller spells it.
pub(super) fn spelled(world: &Inner, name: &str, called: Called) -> String {
    match called {
        Called::Name => name.to_owned(),
        Called::Arn => arn(world, name),
        Called::PartialArn => arn(world, name).rsplit_once('-').map(|(front, _)| front.to_owned()).unwrap_or_default(),
    }
}

/// The record, whole.
fn record(world: &Inner, event: &Event) -> Value {
    let (error, input, answer) = match &event.act {
        Act::Service { version, why, .. } => return service(world, event, version.as_deref(), why.as_ref()),
        Act::Call(request) => (request.error.clone(), input(world, event, request), answer(world, event, request)),
        Act::Read(track) => (read::outcome(world, event, track).err(), read::input(world, event, track), Value::Null),
    };
    let mut record = call(world, event, parts(error, &input, &answer));
    extend(&mut record, more(world, event));
    record
}

/// What was asked and answered.
fn parts(error: Option<(String, String)>, input: &Value, answer: &Value) -> Value {
    let mut parts = json!({});
    if let Some((code, message)) = error {
        extend(&mut parts, json!({ "errorCode": code, "errorMessage": message }));
    }
    extend(&mut parts, json!({ "requestParameters": input, "responseElements": answer }));
    parts
}

/// A service event: nobody called, and the secret is in `additionalEventData` alone.
fn service(world: &Inner, event: &Event, version: Option<&str>, why: Option<&Why>) -> Value {
    let name = event.secret.as_deref().unwrap_or_default();
    let arn = arn(world, name);
    let function = world.vault.read().ever(name).and_then(|secret| secret.function.clone());
    let function = world.function_arn(function.as_deref().unwrap_or_default());
    let message = why.map(|why| match why {
        Why::Step(step) => format!("Error when executing lambda {function} during {step} step"),
        Why::Message(message) => message.clone(),
    });
    // What the id of a deletion looks like is not documented \[unverified\].
    let request = match version {
        Some(version) => format!("Rotation-{arn}-{version}"),
        None => Seed::new(0).fork(&event.id).uuid().to_string(),
    };
    let mut record = json!({
        "eventVersion": "1.08",
        "userIdentity": { "accountId": world.account, "invokedBy": SOURCE },
        "eventTime": time(event),
        "eventSource": SOURCE,
        "eventName": event.name(),
        "awsRegion": world.region,
        "sourceIPAddress": SOURCE,
        "userAgent": SOURCE,
        "errorMessage": message,
        "requestParameters": null,
        "responseElements": null,
        "additionalEventData": { "SecretId": arn },
        "requestID": request,
    });
    if let (None, Some(record)) = (why, record.as_object_mut()) {
        record.shift_remove("errorMessage");
    }
    extend(&mut record, rest(world, event, "AwsServiceEvent"));
    record
}

/// `requestParameters` of a call.
fn input(world: &Inner, event: &Event, request: &Request) -> Value {
    let Some(called) = request.called else { return request.input.clone() };
    let mut input = json!({ "secretId": spelled(world, event.secret.as_deref().unwrap_or_default(), called) });
    extend(&mut input, request.input.clone());
    input
}

/// `responseElements` of a call.
fn answer(world: &Inner, event: &Event, request: &Request) -> Value {
    let (more, is_old) = match &request.answer {
        _ if request.error.is_some() => return Value::Null,
        Answer::Whole(answer) => return answer.clone(),
        Answer::Told { more, is_old } => (more, *is_old),
    };
    let name = event.secret.as_deref().unwrap_or_default();
    let mut answer = json!({ if is_old { "aRN" } else { "arn" }: arn(world, name) });
    // PutSecretValue's answer has no name (retrieve-ct-entries.html).
    if event.name() != "PutSecretValue" {
        extend(&mut answer, json!({ "name": name }));
    }
    extend(&mut answer, more.clone());
    answer
}

/// A call: one that arrived in this world, one of a rotation function or a reader, or one that a scenario tells of.
fn call(world: &Inner, event: &Event, parts: Value) -> Value {
    let Some(caller) = identity::caller(world, event) else { return Value::Null };
    let mut dice = Seed::new(0).fork(&event.id).fork("request");
    let host = format!("secretsmanager.{}.amazonaws.com", world.region);
    let mut record = json!({
        "eventVersion": "1.11",
        "userIdentity": caller.who,
        "eventTime": time(event),
        "eventSource": source(event),
        "eventName": event.name(),
        "awsRegion": world.region,
        "sourceIPAddress": caller.address,
        "userAgent": caller.agent,
    });
    extend(&mut record, parts);
    extend(&mut record, json!({ "requestID": dice.uuid().to_string() }));
    extend(&mut record, rest(world, event, "AwsApiCall"));
    let tls = json!({
        "tlsVersion": "TLSv1.3",
        "cipherSuite": "TLS_AES_128_GCM_SHA256",
        "clientProvidedHostHeader": host,
    });
    extend(&mut record, json!({ "tlsDetails": tls }));
    record
}

/// What some records have beside others.
fn more(world: &Inner, event: &Event) -> Value {
    if event.name() == DECRYPT {
        // Secrets Manager asks KMS in the name of whoever reads (security-encryption.html).
        let mut who = identity::caller(world, event).map(|caller| caller.who).unwrap_or_default();
        extend(&mut who, json!({ "invokedBy": SOURCE }));
        let key = json!({ "accountId": world.account, "type": KEY, "ARN": key_arn(world, event) });
        return json!({
            "userIdentity": who,
            "sourceIPAddress": SOURCE,
            "userAgent": SOURCE,
            "resources": [key],
            "tlsDetails": null,
        });
    }
    match &event.act {
        // The same event is delivered in both accounts (cloudtrail-event-reference-record-contents.html).
        Act::Read(track) if track.reader.kind == Kind::Foreign => {
            json!({ "sharedEventID": Seed::new(0).fork(&event.id).fork("shared").uuid().to_string() })
        }
        _ => Value::Null,
    }
}

/// The members that close every record.
fn rest(world: &Inner, event: &Event, kind: &str) -> Value {
    json!({
        "eventID": event.id,
        "readOnly": event.is_read(),
        "eventType": kind,
        "managementEvent": true,
        "recipientAccountId": world.account,
        "eventCategory": "Management",
    })
}

fn time(event: &Event) -> String {
    event.at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Puts the members of one object behind those of another.
fn extend(to: &mut Value, more: Value) {
    let (Some(to), Value::Object(more)) = (to.as_object_mut(), more) else { return };
    Map::extend(to, more);
}
