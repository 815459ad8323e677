//! An event as LookupEvents lists it, with the record in it: a string of JSON in CloudTrail's own shape.
//!
//! Shapes: cloudtrail_log_entries.html of Secrets Manager for the service event, and
//! cloudtrail-event-reference-record-contents.html for the rest.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Map, Value, json};

use crate::demo::seed::Seed;
use crate::demo::trail::{Act, By, Called, Event, Request, Why};
use crate::demo::world::Inner;

pub(super) const SOURCE: &str = "secretsmanager.amazonaws.com";
pub(super) const RESOURCE_TYPE: &str = "AWS::SecretsManager::Secret";
pub(super) const READ_ONLY: &str = "false";

/// The role that IAM Identity Center makes for a permission set.
const ROLE: &str = "AWSReservedSSO_OnCall_6f1d2c3b4a598071";
const ROLE_ID: &str = "AROA4DEMO2SSO6ONCALL";

const CLI: &str = "aws-cli/2.31.6 md/awscrt#0.28.1 ua/2.1 os/linux md/arch#x86_64 lang/python#3.13.7";
const LAMBDA: &str = "Boto3/1.40.4 md/Botocore#1.40.4 ua/2.1 os/linux md/arch#x86_64 lang/python#3.12.11 \
    exec-env/AWS_Lambda_python3.12";

/// The entry of `Events`.
pub(super) fn event(world: &Inner, event: &Event) -> Value {
    let resources: Vec<Value> = resource(world, event)
        .map(|name| json!({ "ResourceType": RESOURCE_TYPE, "ResourceName": name }))
        .into_iter()
        .collect();
    let mut entry = json!({
        "EventId": event.id,
        "EventName": event.name(),
        "ReadOnly": READ_ONLY,
        "EventTime": event.at.timestamp(),
        "EventSource": SOURCE,
        "Resources": resources,
        "CloudTrailEvent": event.record.clone().unwrap_or_else(|| record(world, event).to_string()),
    });
    if let (Some(user), Some(key), Some(entry)) =
        (username(world, event), access_key(world, event), entry.as_object_mut())
    {
        entry.insert("Username".to_owned(), Value::from(user));
        entry.insert("AccessKeyId".to_owned(), Value::from(key));
    }
    entry
}

/// Who called; a service event has nobody.
pub(super) fn username<'a>(world: &'a Inner, event: &'a Event) -> Option<&'a str> {
    match &event.act {
        Act::CancelRotateSecret { by, .. } => Some(by.as_ref()),
        Act::Call(Request { by: By::Caller, .. }) => {
            Some(world.caller.rsplit_once('/').map_or(world.caller.as_str(), |(_, session)| session))
        }
        Act::Call(Request { by: By::Function(name), .. }) => Some(name),
        Act::Service { .. } => None,
    }
}

/// The temporary key that signed the call.
pub(super) fn access_key(world: &Inner, event: &Event) -> Option<String> {
    let by = username(world, event)?;
    let letters = Seed::new(0).fork(by).uuid().simple().to_string();
    Some(format!("ASIA{}", letters.get(..16)?.to_uppercase()))
}

/// The name in `Resources`: what the caller passed, letter by letter; service events have none.
pub(super) fn resource(world: &Inner, event: &Event) -> Option<String> {
    match &event.act {
        Act::CancelRotateSecret { called, .. } => Some(spelled(world, event, *called)),
        Act::Call(request) => request.input.get("secretId")?.as_str().map(str::to_owned),
        Act::Service { .. } => None,
    }
}

fn arn(world: &Inner, event: &Event) -> String {
    world.vault.read().by_name(&event.secret).map(|secret| world.vault.arn(secret)).unwrap_or_default()
}

fn spelled(world: &Inner, event: &Event, called: Called) -> String {
    let arn = || arn(world, event);
    match called {
        Called::Name => event.secret.clone(),
        Called::Arn => arn(),
        Called::PartialArn => arn().rsplit_once('-').map(|(front, _)| front.to_owned()).unwrap_or_default(),
    }
}

/// The record, whole.
fn record(world: &Inner, event: &Event) -> Value {
    match &event.act {
        Act::Service { version, why, .. } => service(world, event, version, why.as_ref()),
        Act::Call(request) => called(world, event, request),
        Act::CancelRotateSecret { by, called, version } => {
            cancelled(world, event, by, &spelled(world, event, *called), version.as_deref())
        }
    }
}

/// A service event: nobody called, and the secret is in `additionalEventData` alone.
fn service(world: &Inner, event: &Event, version: &str, why: Option<&Why>) -> Value {
    let arn = arn(world, event);
    let function = world.vault.read().by_name(&event.secret).and_then(|secret| secret.function.clone());
    let function = world.function_arn(function.as_deref().unwrap_or_default());
    let message = why.map(|why| match why {
        Why::Step(step) => format!("Error when executing lambda {function} during {step} step"),
        Why::Message(message) => message.clone(),
    });
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
        "requestID": format!("Rotation-{arn}-{version}"),
    });
    if let (None, Some(record)) = (why, record.as_object_mut()) {
        record.shift_remove("errorMessage");
    }
    extend(&mut record, rest(world, event, "AwsServiceEvent"));
    record
}

/// A call of a person who signed in through IAM Identity Center.
fn cancelled(world: &Inner, event: &Event, by: &str, secret_id: &str, version: Option<&str>) -> Value {
    let mut answer = json!({ "arn": arn(world, event), "name": event.secret });
    extend(&mut answer, version.map_or(Value::Null, |version| json!({ "versionId": version })));
    let input = json!({ "secretId": secret_id });
    call(
        world,
        event,
        CLI,
        &person(world, event, by),
        json!({ "requestParameters": input, "responseElements": answer }),
    )
}

/// A call that arrived in this world, or one of a rotation function.
fn called(world: &Inner, event: &Event, request: &Request) -> Value {
    let (agent, who) = match &request.by {
        By::Caller => (CLI, caller(world, event)),
        By::Function(name) => {
            let role = format!("{name}-role");
            (LAMBDA, assumed(world, event, &role, &format!("arn:aws:iam::{}:role/{role}", world.account), name))
        }
    };
    let mut parts = json!({});
    if let Some((code, message)) = &request.error {
        extend(&mut parts, json!({ "errorCode": code, "errorMessage": message }));
    }
    extend(&mut parts, json!({ "requestParameters": request.input, "responseElements": request.answer }));
    call(world, event, agent, &who, parts)
}

fn call(world: &Inner, event: &Event, agent: &str, who: &Value, parts: Value) -> Value {
    let mut dice = Seed::new(0).fork(&event.id);
    let host = format!("secretsmanager.{}.amazonaws.com", world.region);
    let mut record = json!({
        "eventVersion": "1.11",
        "userIdentity": who,
        "eventTime": time(event),
        "eventSource": SOURCE,
        "eventName": event.name(),
        "awsRegion": world.region,
        "sourceIPAddress": format!("203.0.113.{}", 1 + dice.below(254)),
        "userAgent": agent,
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

/// The members that close every record.
fn rest(world: &Inner, event: &Event, kind: &str) -> Value {
    json!({
        "eventID": event.id,
        "readOnly": false,
        "eventType": kind,
        "managementEvent": true,
        "recipientAccountId": world.account,
        "eventCategory": "Management",
    })
}

fn person(world: &Inner, event: &Event, by: &str) -> Value {
    let (account, region) = (&world.account, &world.region);
    let issuer = format!("arn:aws:iam::{account}:role/aws-reserved/sso.amazonaws.com/{region}/{ROLE}");
    let mut person = assumed(world, event, ROLE, &issuer, by);
    let ids =
        [("/principalId", format!("{ROLE_ID}:{by}")), ("/sessionContext/sessionIssuer/principalId", ROLE_ID.into())];
    for (pointer, id) in ids {
        if let Some(place) = person.pointer_mut(pointer) {
            *place = Value::from(id);
        }
    }
    person
}

/// Whoever calls in this world.
fn caller(world: &Inner, event: &Event) -> Value {
    let role = world.caller.split_once(":assumed-role/").and_then(|(_, rest)| rest.split_once('/'));
    match role {
        Some((role, session)) => {
            assumed(world, event, role, &format!("arn:aws:iam::{}:role/{role}", world.account), session)
        }
        None => json!({
            "type": "IAMUser",
            "principalId": format!("AIDA{}", letters(&world.caller)),
            "arn": world.caller,
            "accountId": world.account,
            "accessKeyId": access_key(world, event),
            "userName": username(world, event),
        }),
    }
}

/// Somebody in a role.
fn assumed(world: &Inner, event: &Event, role: &str, issuer: &str, session: &str) -> Value {
    let account = &world.account;
    let id = format!("AROA{}", letters(issuer));
    let signed_in = event.at - TimeDelta::minutes(26);
    json!({
        "type": "AssumedRole",
        "principalId": format!("{id}:{session}"),
        "arn": format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
        "accountId": account,
        "accessKeyId": access_key(world, event),
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": id,
                "arn": issuer,
                "accountId": account,
                "userName": role,
            },
            "attributes": {
                "creationDate": signed_in.to_rfc3339_opts(SecondsFormat::Secs, true),
                "mfaAuthenticated": "false",
            },
        },
    })
}

/// The seventeen characters of a unique id.
fn letters(of: &str) -> String {
    let letters = Seed::new(0).fork(of).uuid().simple().to_string().to_uppercase();
    letters.get(..17).unwrap_or_default().to_owned()
}

fn time(event: &Event) -> String {
    event.at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Puts the members of one object behind those of another.
fn extend(to: &mut Value, more: Value) {
    let (Some(to), Value::Object(more)) = (to.as_object_mut(), more) else { return };
    Map::extend(to, more);
}
