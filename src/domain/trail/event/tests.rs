//! Records in every shape of the user guide, of before February 2024, of names to come, and of nobody's making.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::rotation::Step;
use crate::domain::trail::made::{ARN, NAME, OLDER, PARTIAL, VERSION, at, call, read, secret, service, with};
use crate::domain::trail::{Kind, Phase, SOURCE};
use crate::domain::version::{StagingLabel, VersionId};

fn version(id: &str) -> Option<VersionId> {
    Some(VersionId(id.into()))
}

fn answered(more: Value) -> Value {
    with(json!({ "arn": ARN, "name": NAME }), more)
}

/// Each shape, what it is read as, and the words that stand beside its name.
fn calls() -> Vec<(Value, Deed, Kind, Option<&'static str>)> {
    let asks = |more: Value| json!({ "requestParameters": with(json!({ "secretId": NAME }), more) });
    let does = |more: Value, answer: Value| with(asks(more), json!({ "responseElements": answer }));
    let read_of = |label, version| Deed::Read { label, version };
    let rules = json!({ "scheduleExpression": "cron(0 16 1,15 * ? *)", "duration": "2h" });
    let rotate = |immediately| Deed::Rotate { version: version(VERSION), immediately };
    let asked_to_rotate = |now: Value| json!({ "clientRequestToken": VERSION, "rotateImmediately": now, "rotationLambdaARN": "arn:aws:lambda:eu-west-1:1:function:r", "rotationRules": rules });
    let moved = |to, from| Deed::Move { label: StagingLabel::Current, to, from };
    let delete = |days, at_once, due: Option<&str>| Deed::Delete { days, at_once, due: due.map(Into::into) };
    let due = "May 3, 2018 5:51:02 PM";
    vec![
        (call("GetSecretValue", asks(json!({}))), read_of(None, None), Kind::Read, None),
        (
            call("GetSecretValue", asks(json!({ "versionStage": "AWSPREVIOUS" }))),
            read_of(Some(StagingLabel::Previous), None),
            Kind::Read,
            Some("AWSPREVIOUS"),
        ),
        (
            call("GetSecretValue", asks(json!({ "versionStage": "AWSCURRENT", "versionId": OLDER }))),
            read_of(Some(StagingLabel::Current), version(OLDER)),
            Kind::Read,
            Some("AWSCURRENT, version 51aa…0090"),
        ),
        (
            call("BatchGetSecretValue", json!({ "requestParameters": { "secretIdList": [NAME, ARN] } })),
            Deed::Batch { ids: Some(2) },
            Kind::Read,
            Some("2 by id"),
        ),
        (
            call(
                "BatchGetSecretValue",
                json!({ "requestParameters": { "filters": [{ "key": "tag-key", "values": ["team"] }] } }),
            ),
            Deed::Batch { ids: None },
            Kind::Read,
            Some("by filter"),
        ),
        (
            call(
                "CreateSecret",
                json!({
                    "requestParameters": { "name": NAME, "clientRequestToken": VERSION },
                    "responseElements": { "arn": ARN },
                }),
            ),
            Deed::Create { version: version(VERSION) },
            Kind::Write,
            Some("7d0c…f2e1"),
        ),
        (
            call(
                "PutSecretValue",
                does(
                    json!({ "secretId": ARN, "clientRequestToken": VERSION, "versionStages": ["AWSPENDING"] }),
                    json!({ "arn": ARN }),
                ),
            ),
            Deed::Put { version: version(VERSION), labels: vec![StagingLabel::Pending] },
            Kind::Write,
            Some("7d0c…f2e1 as AWSPENDING"),
        ),
        (
            call("PutSecretValue", asks(json!({}))),
            Deed::Put { version: None, labels: Vec::new() },
            Kind::Write,
            Some("as AWSCURRENT"),
        ),
        (
            call("UpdateSecret", does(json!({ "description": "x" }), answered(json!({})))),
            Deed::Update { version: None },
            Kind::Write,
            None,
        ),
        (
            call("UpdateSecret", does(json!({}), answered(json!({ "versionId": VERSION })))),
            Deed::Update { version: version(VERSION) },
            Kind::Write,
            Some("7d0c…f2e1"),
        ),
        (
            call("RotateSecret", does(asked_to_rotate(json!(true)), answered(json!({ "versionId": VERSION })))),
            rotate(Some(true)),
            Kind::Rotation,
            Some("7d0c…f2e1"),
        ),
        (
            call("RotateSecret", does(asked_to_rotate(json!("false")), answered(json!({ "versionId": VERSION })))),
            rotate(Some(false)),
            Kind::Rotation,
            Some("7d0c…f2e1 not at once"),
        ),
        (call("RotateSecret", asks(asked_to_rotate(Value::Null))), rotate(None), Kind::Rotation, Some("7d0c…f2e1")),
        (
            call("CancelRotateSecret", does(json!({}), answered(json!({ "versionId": VERSION })))),
            Deed::Cancel { version: version(VERSION) },
            Kind::Rotation,
            Some("rotation of 7d0c…f2e1"),
        ),
        (
            call("CancelRotateSecret", does(json!({}), answered(json!({})))),
            Deed::Cancel { version: None },
            Kind::Rotation,
            None,
        ),
        (
            call(
                "UpdateSecretVersionStage",
                does(
                    json!({ "versionStage": "AWSCURRENT", "moveToVersionId": VERSION, "removeFromVersionId": OLDER }),
                    answered(json!({})),
                ),
            ),
            moved(version(VERSION), version(OLDER)),
            Kind::Labels,
            Some("AWSCURRENT 51aa…0090 → 7d0c…f2e1"),
        ),
        (
            call("UpdateSecretVersionStage", asks(json!({ "versionStage": "AWSCURRENT", "moveToVersionId": VERSION }))),
            moved(version(VERSION), None),
            Kind::Labels,
            Some("AWSCURRENT → 7d0c…f2e1"),
        ),
        (
            call(
                "UpdateSecretVersionStage",
                asks(json!({ "versionStage": "AWSPENDING", "removeFromVersionId": VERSION })),
            ),
            Deed::Move { label: StagingLabel::Pending, to: None, from: version(VERSION) },
            Kind::Labels,
            Some("AWSPENDING off 7d0c…f2e1"),
        ),
        (
            call("DeleteSecret", does(json!({ "recoveryWindowInDays": 7 }), answered(json!({ "deletionDate": due })))),
            delete(Some(7), false, Some(due)),
            Kind::Deletion,
            Some("due May 3, 2018 5:51:02 PM"),
        ),
        (
            call("DeleteSecret", asks(json!({ "recoveryWindowInDays": 7 }))),
            delete(Some(7), false, None),
            Kind::Deletion,
            Some("in 7 days"),
        ),
        (
            call("DeleteSecret", does(json!({ "forceDeleteWithoutRecovery": true }), answered(json!({})))),
            delete(None, true, None),
            Kind::Deletion,
            Some("at once, without recovery"),
        ),
        (call("RestoreSecret", does(json!({}), answered(json!({})))), Deed::Restore, Kind::Restore, None),
        (call("TagResource", asks(json!({ "tags": [] }))), Deed::Settings, Kind::Settings, None),
        (call("DescribeSecret", asks(json!({}))), Deed::Look, Kind::Metadata, None),
        (call("ExplainSecret", asks(json!({}))), Deed::Other, Kind::Other, None),
    ]
}

#[test]
fn each_call_is_read_as_what_it_did() {
    let orders = secret(NAME, ARN);
    for (record, deed, kind, words) in calls() {
        let event = read(&record);
        assert_eq!((&event.deed, event.kind()), (&deed, kind), "{record}");
        assert_eq!(event.deed.words().as_deref(), words, "{record}");
        assert_eq!((&event.outcome, event.unreadable), (&Outcome::Done, None), "{record}");
        assert_eq!((event.name.raw(), event.source.raw()), (record["eventName"].as_str().unwrap(), SOURCE));
        assert_eq!((event.id.raw(), event.at.to_rfc3339().as_str()), ("0c1d-1", "2026-11-20T09:14:03+00:00"));
        assert_eq!(event.scene.who.words(), "orders-api (orders-api-role)".trim_end_matches(" (orders-api-role)"));
        assert_eq!(event.scene.client.as_ref().unwrap().raw(), "Boto3 1.34.0 on Lambda python3.12");
        assert_eq!(event.scene.from.as_ref().unwrap().raw(), "10.0.3.17");
        assert_eq!(event.record.as_deref(), Some(record.to_string().as_str()), "the record is kept to the letter");
        assert_eq!(event.names(&orders), deed != Deed::Batch { ids: None }, "{record}");
        let failed = with(record, json!({ "errorCode": "InvalidRequestException", "responseElements": null }));
        let failed = read(&failed);
        assert!(failed.has_failed());
        assert_eq!(failed.kind(), if kind == Kind::Read { Kind::Refused } else { kind }, "{}", failed.name);
    }
}

#[test]
fn each_service_event_is_read_as_what_it_tells() {
    let rotation = |phase, step| Deed::Rotation { phase, version: version(VERSION), step };
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:rotator";
    let during =
        |step: &str| json!({ "errorMessage": format!("Error when executing lambda {function} during {step} step") });
    let not_created = json!({ "errorMessage": format!(
        "Pending secret version {VERSION} for Secret {ARN} was not created by Lambda {function}. \
         Remove the AWSPENDING staging label and restart rotation"
    ), "requestID": "other" });
    for (record, deed, kind, words) in [
        (service("RotationStarted", json!({})), rotation(Phase::Started, None), Kind::Rotation, Some("7d0c…f2e1")),
        (service("RotationSucceeded", json!({})), rotation(Phase::Succeeded, None), Kind::Rotation, Some("7d0c…f2e1")),
        (
            service("RotationFailed", during("createSecret")),
            rotation(Phase::Failed, Some(Step::Create)),
            Kind::Rotation,
            Some("7d0c…f2e1 at createSecret"),
        ),
        (service("RotationFailed", not_created), rotation(Phase::Failed, None), Kind::Rotation, Some("7d0c…f2e1")),
        (service("RotationFailed", json!({})), rotation(Phase::Failed, None), Kind::Rotation, Some("7d0c…f2e1")),
        (service("RotationAbandoned", json!({})), rotation(Phase::Abandoned, None), Kind::Rotation, Some("7d0c…f2e1")),
        (
            service("TestRotationStarted", json!({})),
            rotation(Phase::TestStarted, None),
            Kind::Rotation,
            Some("7d0c…f2e1"),
        ),
        (
            service("TestRotationSucceeded", json!({})),
            rotation(Phase::TestSucceeded, None),
            Kind::Rotation,
            Some("7d0c…f2e1"),
        ),
        (
            service("TestRotationFailed", during("testSecret")),
            rotation(Phase::TestFailed, Some(Step::Test)),
            Kind::Rotation,
            Some("7d0c…f2e1 at testSecret"),
        ),
        (service("StartSecretVersionDelete", json!({})), Deed::VersionsGo { done: false }, Kind::Deletion, None),
        (
            service("EndSecretVersionDelete", json!({})),
            Deed::VersionsGo { done: true },
            Kind::Deletion,
            Some("the secret is gone"),
        ),
        (service("CancelSecretVersionDelete", json!({})), Deed::VersionsStay, Kind::Restore, None),
        (service("SecretVersionDeletion", json!({})), Deed::VersionsGo { done: false }, Kind::Deletion, None),
        (service("ReplicationFailed", json!({})), Deed::Settings, Kind::Settings, None),
        (service("RotationPostponed", json!({})), Deed::Other, Kind::Other, None),
    ] {
        let event = read(&record);
        assert_eq!((&event.deed, event.kind()), (&deed, kind), "{record}");
        assert_eq!(event.deed.words().as_deref(), words, "{record}");
        assert_eq!(event.has_failed(), event.name.raw().ends_with("Failed"), "its name says so: {record}");
        assert_eq!((event.scene.who.words().as_str(), event.scene.client.as_ref().unwrap().raw()), (SOURCE, SOURCE));
        assert!(event.names(&secret(NAME, ARN)) && !event.names(&secret(NAME, &ARN.replace("a1B2c3", "zzzzzz"))));
    }
}

#[test]
fn the_secret_is_found_wherever_aws_puts_it() {
    let nowhere = json!({ "requestParameters": null, "responseElements": null });
    let refusal = |of: &str| {
        format!(
            "User: arn:aws:sts::111122223333:assumed-role/ci/build-77 is not authorized to perform: \
             secretsmanager:GetSecretValue on resource: {of} because no identity-based policy allows the \
             secretsmanager:GetSecretValue action"
        )
    };
    let refused = |of: &str| with(nowhere.clone(), json!({ "errorCode": "AccessDenied", "errorMessage": refusal(of) }));
    let answered = |spelling: &str| json!({ "requestParameters": { "secretId": "another" }, "responseElements": { spelling: ARN } });
    for record in [
        call("GetSecretValue", json!({})),
        call("GetSecretValue", json!({ "requestParameters": { "secretId": ARN } })),
        call("GetSecretValue", json!({ "requestParameters": { "secretId": PARTIAL } })),
        call("DeleteSecret", answered("arn")),
        call("DeleteSecret", answered("aRN")),
        call("CreateSecret", json!({ "requestParameters": { "name": NAME } })),
        call("BatchGetSecretValue", json!({ "requestParameters": { "secretIdList": ["another", PARTIAL] } })),
        call("GetSecretValue", refused(ARN)),
        call("GetSecretValue", refused(PARTIAL)),
        service("RotationFailed", json!({ "additionalEventData": { "secretId": ARN } })),
        service("RotationFailed", json!({ "additionalEventData": null, "serviceEventDetails": { "secretId": ARN } })),
        service("RotationFailed", json!({ "additionalEventData": null, "serviceEventDetails": { "SecretId": ARN } })),
    ] {
        let event = read(&record);
        assert!(event.names(&secret(NAME, ARN)), "{record}");
        assert!(!event.names(&secret("prod/orders", "arn:aws:secretsmanager:eu-west-1:1:secret:prod/orders-a1B2c3")));
    }
}

#[test]
fn kms_names_the_version_that_was_read() {
    let kms = json!({
        "eventSource": "kms.amazonaws.com",
        "requestParameters": { "encryptionContext": { "SecretARN": ARN, "SecretVersionId": VERSION } },
    });
    let event = read(&call("Decrypt", kms.clone()));
    assert_eq!((event.deed.clone(), event.kind()), (Deed::Decrypt { version: version(VERSION) }, Kind::Read));
    assert!(event.names(&secret(NAME, ARN)));
    let other = read(&call("GenerateDataKey", kms));
    assert_eq!((other.deed.clone(), other.names(&secret(NAME, ARN))), (Deed::Other, true));
}

#[test]
fn another_service_with_a_resource_of_that_name_is_not_about_the_secret() {
    for resource in [NAME, PARTIAL] {
        let record =
            call("DescribeTable", json!({ "eventSource": "dynamodb.amazonaws.com", "requestParameters": null }));
        let listed = Listed { resources: vec![resource.to_owned()], ..about(&record.to_string()) };
        let event = TrailEvent::read(listed.clone()).unwrap();
        assert_eq!((event.names(&secret(NAME, ARN)), event.kind()), (false, Kind::Other));
        let unread = Listed { record: None, source: Some("dynamodb.amazonaws.com".to_owned()), ..listed };
        assert!(!TrailEvent::read(unread).unwrap().names(&secret(NAME, ARN)));
    }
}

#[test]
fn how_it_ended_is_told_in_aws_own_words() {
    let ended = |changes: Value| read(&call("GetSecretValue", changes)).outcome;
    let failed = |code: Option<&str>, message: Option<&str>| Outcome::Failed {
        code: code.map(Into::into),
        message: message.map(Into::into),
    };
    assert_eq!(ended(json!({ "errorCode": null, "errorMessage": null })), Outcome::Done);
    assert_eq!(ended(json!({ "errorCode": "", "errorMessage": "" })), Outcome::Done);
    let (code, message) = ("AccessDenied", "Access to KMS is not allowed");
    assert_eq!(ended(json!({ "errorCode": code, "errorMessage": message })), failed(Some(code), Some(message)));
    assert_eq!(ended(json!({ "errorCode": code })), failed(Some(code), None));
    assert_eq!(ended(json!({ "errorMessage": message })), failed(None, Some(message)));
    // What says that it failed in a way that can't be read says so all the same.
    assert_eq!(ended(json!({ "errorCode": 500 })), failed(None, None));
    assert_eq!(ended(json!({ "errorMessage": { "text": message } })), failed(None, None));
}

/// What LookupEvents lists beside a record.
fn about(record: &str) -> Listed {
    Listed {
        id: Some("listed-id".to_owned()),
        name: Some("GetSecretValue".to_owned()),
        source: Some(SOURCE.to_owned()),
        at: Some(at(0)),
        username: Some("sam".to_owned()),
        resources: vec![NAME.to_owned()],
        record: Some(record.to_owned()),
    }
}

#[test]
fn a_record_that_cannot_be_read_is_an_event_by_what_is_listed_beside_it() {
    let cut = call("GetSecretValue", json!({})).to_string();
    for record in ["", "null", "[]", "[{}]", "7", "\"text\"", "{", &cut[..cut.len() - 1], "\u{0}"] {
        let event = TrailEvent::read(about(record)).unwrap();
        assert_eq!((event.id.raw(), event.at, event.name.raw()), ("listed-id", at(0), "GetSecretValue"), "{record}");
        assert_eq!((event.unreadable, &event.outcome), (Some(Unreadable::NotJson), &Outcome::Unknown), "{record}");
        assert_eq!((event.scene.who.words().as_str(), event.kind()), ("sam", Kind::Other));
        assert!(event.names(&secret(NAME, ARN)));
        assert_eq!(event.record.as_deref(), Some(record));
    }
    let none = TrailEvent::read(Listed { record: None, ..about("") }).unwrap();
    assert_eq!((none.unreadable, none.record), (Some(Unreadable::NotJson), None));
}

#[test]
fn what_a_record_lacks_is_taken_from_the_list() {
    for (changes, unreadable) in [
        (json!({ "eventTime": null }), Some(Unreadable::Without("eventTime"))),
        (json!({ "eventTime": 1_795_000_000 }), Some(Unreadable::Without("eventTime"))),
        (json!({ "eventTime": "yesterday" }), Some(Unreadable::Without("eventTime"))),
        (json!({ "eventID": null }), None),
        (json!({ "eventID": 7 }), None),
        (json!({ "eventName": null, "eventSource": null }), None),
    ] {
        let event = TrailEvent::read(about(&call("GetSecretValue", changes.clone()).to_string())).unwrap();
        assert_eq!(event.unreadable, unreadable, "{changes}");
        assert_eq!(event.at == at(0), unreadable.is_some(), "{changes}");
        assert_eq!(event.id.raw() == "listed-id", changes.get("eventID").is_some(), "{changes}");
        assert_eq!((event.kind(), event.scene.who.words().as_str()), (Kind::Read, "orders-api"), "{changes}");
    }
    let nameless = Listed { name: None, ..about(&call("x", json!({ "eventName": null })).to_string()) };
    let event = TrailEvent::read(nameless).unwrap();
    assert_eq!((event.unreadable, event.kind()), (Some(Unreadable::Without("eventName")), Kind::Other));
}

#[test]
fn only_an_event_without_an_id_or_a_time_has_no_place() {
    let bare = |listed: Listed, changes: Value| {
        TrailEvent::read(Listed { record: Some(call("GetSecretValue", changes).to_string()), ..listed })
    };
    let (no_id, no_time) = (json!({ "eventID": null }), json!({ "eventTime": null }));
    assert_eq!(bare(Listed::default(), no_id.clone()), Err(Unplaced));
    assert_eq!(bare(Listed::default(), no_time.clone()), Err(Unplaced));
    assert!(bare(Listed { id: Some("a".to_owned()), ..Listed::default() }, no_id.clone()).is_ok());
    assert_eq!(bare(Listed { id: Some(String::new()), ..Listed::default() }, no_id), Err(Unplaced));
    assert!(bare(Listed { at: Some(at(0)), ..Listed::default() }, no_time).is_ok());
    for listed in [Listed { id: None, ..about("") }, Listed { at: None, ..about("") }] {
        assert_eq!(TrailEvent::read(listed), Err(Unplaced));
    }
}

#[test]
fn hostile_records_are_events_whose_words_stay_short_and_harmless() {
    let escape = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}\u{0}\u{9b}31m";
    let long = "a".repeat(60_000);
    for agent in [escape.to_owned(), long.clone(), format!("x/1 exec-env/{long}"), format!("{escape}/{long}")] {
        let event = read(&call("GetSecretValue", json!({ "userAgent": agent, "sourceIPAddress": escape })));
        let client = event.scene.client.as_ref().unwrap().to_string();
        assert!(client.len() < 400, "{} bytes", client.len());
        assert!(!client.contains(|c: char| c.is_control() || crate::text::is_hostile(c)), "{client:?}");
        assert_eq!(event.kind(), Kind::Read);
    }
    let fat = call("GetSecretValue", json!({ "fill": "x".repeat(200_000) }));
    assert_eq!((read(&fat).kind(), read(&fat).names(&secret(NAME, ARN))), (Kind::Read, true));
    for id in [json!(7), json!(null), json!([NAME]), json!({ "secretId": NAME }), json!(true)] {
        let event = read(&call("GetSecretValue", json!({ "requestParameters": { "secretId": id } })));
        assert_eq!((event.kind(), event.names(&secret(NAME, ARN))), (Kind::Read, false), "{id}");
        assert_eq!(event.scene.whose.name(), None, "{id}");
    }
    for parameters in [json!("text"), json!([]), json!(7), json!({ "secretId": escape })] {
        let event = read(&call("GetSecretValue", json!({ "requestParameters": parameters })));
        let name = event.scene.whose.name().map(|name| name.to_string()).unwrap_or_default();
        assert!(!name.contains(|c: char| c.is_control() || crate::text::is_hostile(c)), "{name:?}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec![NAME, ARN, PARTIAL, VERSION, SOURCE, "kms.amazonaws.com", "2026-11-20T09:14:03Z"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((".{0,8}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A good record with some of its members, at any depth, put in place of anything.
fn spoiled() -> impl Strategy<Value = Value> {
    let good: Vec<Value> = calls().into_iter().map(|(record, ..)| record).collect();
    let services = ["RotationFailed", "RotationStarted", "EndSecretVersionDelete"].map(|name| service(name, json!({})));
    let all: Vec<_> = good.into_iter().chain(services).collect();
    let spoil = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any_json());
    (prop::sample::select(all), prop::collection::vec(spoil, 1..6)).prop_map(|(mut record, spoils)| {
        for (outer, inner, put) in spoils {
            let Some(members) = record.as_object_mut() else { break };
            let name = outer.get(&members.keys().cloned().collect::<Vec<_>>()).clone();
            let member = &mut members[&name];
            match member.as_object_mut().filter(|inside| !inside.is_empty()) {
                Some(inside) => {
                    let name = inner.get(&inside.keys().cloned().collect::<Vec<_>>()).clone();
                    inside[&name] = put;
                }
                None => *member = put,
            }
        }
        record
    })
}

proptest! {
    #[test]
    fn whatever_the_record_is_an_event_with_an_id_and_a_time_is_there(
        record in prop_oneof![any_json(), spoiled()], cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let text = record.to_string();
        let text = cut.map_or(text.clone(), |at| text.chars().take(at.index(text.chars().count())).collect());
        let event = TrailEvent::read(about(&text)).unwrap();
        prop_assert_eq!(event.record.as_deref(), Some(text.as_str()));
        prop_assert!(!event.id.is_empty());
        let words = [event.scene.who.words(), event.scene.who.reader().words(), event.deed.words().unwrap_or_default()];
        for words in words {
            prop_assert!(!words.contains(|c: char| c.is_control() || crate::text::is_hostile(c)), "{:?}", words);
        }
        prop_assert!(!event.scene.who.words().is_empty());
        let nothing = TrailEvent::read(Listed { id: None, at: None, ..about(&text) });
        let is_placed = serde_json::from_str::<Value>(&text).is_ok_and(|value| {
            let has_time = value["eventTime"].as_str().is_some_and(|time| DateTime::parse_from_rfc3339(time).is_ok());
            has_time && value["eventID"].as_str().is_some_and(|id| !id.is_empty())
        });
        prop_assert_eq!(nothing.is_ok(), is_placed);
    }
}
