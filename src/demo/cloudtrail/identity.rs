//! Who called, as CloudTrail tells it: `userIdentity`, and what of it LookupEvents finds a record by
//! (cloudtrail-event-reference-user-identity.html).

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use crate::demo::seed::Seed;
use crate::demo::trail::reader::{Kind, Reader};
use crate::demo::trail::{Act, By, Event};
use crate::demo::world::Inner;

/// The role that IAM Identity Center makes for a permission set.
pub(in crate::demo) const PEOPLE: &str = "AWSReservedSSO_OnCall_6f1d2c3b4a598071";
const PEOPLE_ID: &str = "AROA4DEMO2SSO6ONCALL";

const CLI: &str = "aws-cli/2.31.6 md/awscrt#0.28.1 ua/2.1 os/linux md/arch#x86_64 lang/python#3.13.7";
const LAMBDA: &str = "Boto3/1.40.4 md/Botocore#1.40.4 ua/2.1 os/linux md/arch#x86_64 lang/python#3.12.11 \
    exec-env/AWS_Lambda_python3.12";
const JAVA: &str = "aws-sdk-java/2.31.63 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1 lang/java#21.0.7 \
    exec-env/AWS_ECS_FARGATE";
const BOTO: &str = "Boto3/1.40.4 md/Botocore#1.40.4 ua/2.1 os/linux#6.1.141 md/arch#x86_64 lang/python#3.12.11";
const GO: &str = "aws-sdk-go-v2/1.36.5 ua/2.1 os/linux lang/go#1.24.4 md/GOOS#linux md/GOARCH#amd64 \
    api/secretsmanager#1.35.7";
const NODE: &str = "aws-sdk-js/3.859.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#22.17.0 api/secrets-manager#3.859.0";

/// Whoever made a call.
pub(super) struct Caller {
    /// `userIdentity`
    pub(super) who: Value,
    /// Its ARN, as IAM names it when it refuses a call.
    pub(super) arn: String,
    pub(super) agent: String,
    pub(super) address: String,
}

/// Username of the entry; a service event has nobody, and of a principal of another account or an AWS service no name is
/// told \[unverified\].
pub(super) fn username<'a>(world: &'a Inner, event: &'a Event) -> Option<&'a str> {
    match &event.act {
        Act::Service { .. } => None,
        Act::Call(request) => Some(match &request.by {
            By::Caller => world.caller.rsplit_once('/').map_or(world.caller.as_str(), |(_, session)| session),
            By::Person(name) => name,
            By::Function(name) => name,
        }),
        Act::Read(track) => match track.reader.kind {
            Kind::Foreign | Kind::Service => None,
            Kind::Root => Some("root"),
            _ => Some(&track.reader.name),
        },
    }
}

/// The key that signed the call, which is temporary for all but users.
pub(super) fn access_key(world: &Inner, event: &Event) -> Option<String> {
    let by = username(world, event)?;
    let letters = Seed::new(0).fork(by).uuid().simple().to_string();
    let is_lasting = matches!(&event.act, Act::Read(track) if matches!(track.reader.kind, Kind::User | Kind::Root));
    let kind = if is_lasting { "AKIA" } else { "ASIA" };
    Some(format!("{kind}{}", letters.get(..16)?.to_uppercase()))
}

/// Whoever made the call of this event; nobody makes a service event.
pub(super) fn caller(world: &Inner, event: &Event) -> Option<Caller> {
    let mut dice = Seed::new(0).fork(&event.id);
    let address = format!("203.0.113.{}", 1 + dice.below(254));
    let (who, agent) = match &event.act {
        Act::Service { .. } => return None,
        Act::Read(track) => return Some(reader(world, event, &track.reader)),
        Act::Call(request) => match &request.by {
            By::Caller => (arrived(world, event), CLI),
            By::Person(name) => (person(world, event, name), CLI),
            By::Function(name) => (in_role(world, event, &format!("{name}-role"), name), LAMBDA),
        },
    };
    let arn = who.get("arn").and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(Caller { who, arn, agent: agent.to_owned(), address })
}

fn reader(world: &Inner, event: &Event, reader: &Reader) -> Caller {
    let Reader { kind, name, role, account, .. } = reader;
    let who = match kind {
        Kind::Lambda | Kind::Container | Kind::Instance | Kind::Ci => in_role(world, event, role, name),
        Kind::Person => person(world, event, name),
        Kind::User => user(world, event, &format!("arn:aws:iam::{account}:user/{name}")),
        Kind::Root => json!({
            "type": "Root",
            "principalId": account,
            "arn": format!("arn:aws:iam::{account}:root"),
            "accountId": account,
            "accessKeyId": access_key(world, event),
        }),
        // Of another account's principal the owner of the secret is told no more.
        Kind::Foreign => json!({
            "type": "AWSAccount",
            "principalId": format!("AROA{}:{name}", letters(role)),
            "accountId": account,
        }),
        Kind::Service => json!({ "type": "AWSService", "invokedBy": name }),
    };
    let agent = match kind {
        Kind::Lambda => LAMBDA,
        Kind::Container => JAVA,
        Kind::Instance => BOTO,
        Kind::User => GO,
        Kind::Foreign => NODE,
        Kind::Service => name,
        Kind::Person | Kind::Ci | Kind::Root => CLI,
    };
    let agent = reader.agent.clone().unwrap_or_else(|| agent.to_owned());
    let arn = match who.get("arn").and_then(Value::as_str) {
        Some(arn) => arn.to_owned(),
        None if *kind == Kind::Foreign => format!("arn:aws:sts::{account}:assumed-role/{role}/{name}"),
        None => name.clone(),
    };
    Caller { who, arn, agent, address: address(reader) }
}

/// Where a reader calls from, always the same: inside of the account's networks or outside.
fn address(reader: &Reader) -> String {
    let mut dice = Seed::new(0).fork(&reader.name);
    let (subnet, host) = (dice.below(8), 4 + dice.below(250));
    match reader.kind {
        Kind::Lambda | Kind::Container | Kind::Instance => format!("10.0.{subnet}.{host}"),
        Kind::Service => reader.name.clone(),
        _ => format!("198.51.100.{host}"),
    }
}

fn person(world: &Inner, event: &Event, by: &str) -> Value {
    let (account, region) = (&world.account, &world.region);
    let issuer = format!("arn:aws:iam::{account}:role/aws-reserved/sso.amazonaws.com/{region}/{PEOPLE}");
    let mut person = assumed(world, event, PEOPLE, &issuer, by);
    let ids = [
        ("/principalId", format!("{PEOPLE_ID}:{by}")),
        ("/sessionContext/sessionIssuer/principalId", PEOPLE_ID.into()),
    ];
    for (pointer, id) in ids {
        if let Some(place) = person.pointer_mut(pointer) {
            *place = Value::from(id);
        }
    }
    person
}

/// Whoever calls in this world.
fn arrived(world: &Inner, event: &Event) -> Value {
    let role = world.caller.split_once(":assumed-role/").and_then(|(_, rest)| rest.split_once('/'));
    match role {
        Some((role, session)) => in_role(world, event, role, session),
        None => user(world, event, &world.caller),
    }
}

fn user(world: &Inner, event: &Event, arn: &str) -> Value {
    json!({
        "type": "IAMUser",
        "principalId": format!("AIDA{}", letters(arn)),
        "arn": arn,
        "accountId": world.account,
        "accessKeyId": access_key(world, event),
        "userName": username(world, event),
    })
}

fn in_role(world: &Inner, event: &Event, role: &str, session: &str) -> Value {
    assumed(world, event, role, &format!("arn:aws:iam::{}:role/{role}", world.account), session)
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
