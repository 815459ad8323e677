//! Records in every shape of the user guide, of before February 2024, and of names to come.

use serde_json::{Value, json};

use crate::domain::rotation::Step;
use crate::domain::trail::made::{ARN, NAME, OLDER, PARTIAL, VERSION, call, read, secret, service, with};
use crate::domain::trail::{Deed, Kind, Outcome, Phase, SOURCE};
use crate::domain::version::{StagingLabel, VersionId};

fn id(version: &str) -> VersionId {
    VersionId(version.into())
}

fn answered(more: Value) -> Value {
    with(json!({ "arn": ARN, "name": NAME }), more)
}

/// A record, what it is read as, and the words that stand beside its name.
type Shape = (Value, Deed, Kind, Option<&'static str>);

fn asks(more: &Value) -> Value {
    json!({ "requestParameters": with(json!({ "secretId": NAME }), more.clone()) })
}

fn does(more: &Value, answer: &Value) -> Value {
    with(asks(more), json!({ "responseElements": answer }))
}

/// Each shape of a call.
pub(super) fn calls() -> Vec<Shape> {
    [reads(), writes(), rotations(), labels(), ends()].concat()
}

fn reads() -> Vec<Shape> {
    let read_of = |label, version| Deed::Read { label, version };
    vec![
        (call("GetSecretValue", asks(&json!({}))), read_of(None, None), Kind::Read, None),
        (
            call("GetSecretValue", asks(&json!({ "versionStage": "AWSPREVIOUS" }))),
            read_of(Some(StagingLabel::Previous), None),
            Kind::Read,
            Some("AWSPREVIOUS"),
        ),
        (
            call("GetSecretValue", asks(&json!({ "versionStage": "AWSCURRENT", "versionId": OLDER }))),
            read_of(Some(StagingLabel::Current), Some(id(OLDER))),
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
    ]
}

fn writes() -> Vec<Shape> {
    vec![
        (
            call(
                "CreateSecret",
                json!({
                    "requestParameters": { "name": NAME, "clientRequestToken": VERSION },
                    "responseElements": { "arn": ARN },
                }),
            ),
            Deed::Create { version: Some(id(VERSION)) },
            Kind::Write,
            Some("7d0c…f2e1"),
        ),
        (
            call(
                "PutSecretValue",
                does(
                    &json!({ "secretId": ARN, "clientRequestToken": VERSION, "versionStages": ["AWSPENDING"] }),
                    &json!({ "arn": ARN }),
                ),
            ),
            Deed::Put { version: Some(id(VERSION)), labels: vec![StagingLabel::Pending] },
            Kind::Write,
            Some("7d0c…f2e1 as AWSPENDING"),
        ),
        (
            call("PutSecretValue", asks(&json!({}))),
            Deed::Put { version: None, labels: Vec::new() },
            Kind::Write,
            Some("as AWSCURRENT"),
        ),
        (
            call("UpdateSecret", does(&json!({ "description": "x" }), &answered(json!({})))),
            Deed::Update { version: None },
            Kind::Write,
            None,
        ),
        (
            call("UpdateSecret", does(&json!({}), &answered(json!({ "versionId": VERSION })))),
            Deed::Update { version: Some(id(VERSION)) },
            Kind::Write,
            Some("7d0c…f2e1"),
        ),
    ]
}

fn rotations() -> Vec<Shape> {
    let rules = json!({ "scheduleExpression": "cron(0 16 1,15 * ? *)", "duration": "2h" });
    let rotate = |immediately| Deed::Rotate { version: Some(id(VERSION)), immediately };
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:rotator";
    let asked_to_rotate = |now: Value| {
        let asked = json!({ "clientRequestToken": VERSION, "rotateImmediately": now });
        with(asked, json!({ "rotationLambdaARN": function, "rotationRules": rules }))
    };
    vec![
        (
            call("RotateSecret", does(&asked_to_rotate(json!(true)), &answered(json!({ "versionId": VERSION })))),
            rotate(Some(true)),
            Kind::Rotation,
            Some("7d0c…f2e1"),
        ),
        (
            call("RotateSecret", does(&asked_to_rotate(json!("false")), &answered(json!({ "versionId": VERSION })))),
            rotate(Some(false)),
            Kind::Rotation,
            Some("not at once, 7d0c…f2e1"),
        ),
        (call("RotateSecret", asks(&asked_to_rotate(Value::Null))), rotate(None), Kind::Rotation, Some("7d0c…f2e1")),
        (
            call("CancelRotateSecret", does(&json!({}), &answered(json!({ "versionId": VERSION })))),
            Deed::Cancel { version: Some(id(VERSION)) },
            Kind::Rotation,
            Some("rotation of 7d0c…f2e1"),
        ),
        (
            call("CancelRotateSecret", does(&json!({}), &answered(json!({})))),
            Deed::Cancel { version: None },
            Kind::Rotation,
            None,
        ),
    ]
}

fn labels() -> Vec<Shape> {
    let moved = |to, from| Deed::Move { label: StagingLabel::Current, to, from };
    vec![
        (
            call(
                "UpdateSecretVersionStage",
                does(
                    &json!({ "versionStage": "AWSCURRENT", "moveToVersionId": VERSION, "removeFromVersionId": OLDER }),
                    &answered(json!({})),
                ),
            ),
            moved(Some(id(VERSION)), Some(id(OLDER))),
            Kind::Labels,
            Some("AWSCURRENT 51aa…0090 → 7d0c…f2e1"),
        ),
        (
            call(
                "UpdateSecretVersionStage",
                asks(&json!({ "versionStage": "AWSCURRENT", "moveToVersionId": VERSION })),
            ),
            moved(Some(id(VERSION)), None),
            Kind::Labels,
            Some("AWSCURRENT → 7d0c…f2e1"),
        ),
        (
            call(
                "UpdateSecretVersionStage",
                asks(&json!({ "versionStage": "AWSPENDING", "removeFromVersionId": VERSION })),
            ),
            Deed::Move { label: StagingLabel::Pending, to: None, from: Some(id(VERSION)) },
            Kind::Labels,
            Some("AWSPENDING off 7d0c…f2e1"),
        ),
    ]
}

fn ends() -> Vec<Shape> {
    let delete = |days, at_once, due: Option<&str>| Deed::Delete { days, at_once, due: due.map(Into::into) };
    let due = "May 3, 2018 5:51:02 PM";
    vec![
        (
            call(
                "DeleteSecret",
                does(&json!({ "recoveryWindowInDays": 7 }), &answered(json!({ "deletionDate": due }))),
            ),
            delete(Some(7), false, Some(due)),
            Kind::Deletion,
            Some("gone after 7 days"),
        ),
        (
            call("DeleteSecret", asks(&json!({ "recoveryWindowInDays": 7 }))),
            delete(Some(7), false, None),
            Kind::Deletion,
            Some("gone after 7 days"),
        ),
        (
            call("DeleteSecret", does(&json!({ "forceDeleteWithoutRecovery": true }), &answered(json!({})))),
            delete(None, true, None),
            Kind::Deletion,
            Some("at once, without recovery"),
        ),
        (call("RestoreSecret", does(&json!({}), &answered(json!({})))), Deed::Restore, Kind::Restore, None),
        (call("TagResource", asks(&json!({ "tags": [] }))), Deed::Settings, Kind::Settings, None),
        (call("DescribeSecret", asks(&json!({}))), Deed::Look, Kind::Metadata, None),
        (call("ExplainSecret", asks(&json!({}))), Deed::Other, Kind::Other, None),
    ]
}

#[test]
fn each_call_is_read_as_what_it_did() {
    let orders = secret(NAME, ARN);
    for (record, deed, kind, words) in calls() {
        let event = read(&record);
        assert_eq!((&event.deed, event.kind()), (&deed, kind), "{record}");
        assert_eq!(
            event.deed.is_final(),
            record.to_string().contains("\"forceDeleteWithoutRecovery\":true"),
            "{record}"
        );
        assert_eq!(event.deed.words().as_deref(), words, "{record}");
        assert_eq!((&event.outcome, event.unreadable), (&Outcome::Done, None), "{record}");
        assert_eq!((event.name.raw(), event.source.raw()), (record["eventName"].as_str().unwrap(), SOURCE));
        assert_eq!((event.id.raw(), event.at.to_rfc3339().as_str()), ("0c1d-1", "2026-11-20T09:14:03+00:00"));
        assert_eq!(event.scene.who.words(), "orders-api");
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
    let rotation = |phase, step| Deed::Rotation { phase, version: Some(id(VERSION)), step };
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
            Some("at createSecret, 7d0c…f2e1"),
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
            Some("at testSecret, 7d0c…f2e1"),
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
        assert_eq!(event.scene.who.words(), "Secrets Manager");
        assert_eq!(event.scene.client.as_ref().unwrap().raw(), SOURCE);
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
    assert_eq!((event.deed.clone(), event.kind()), (Deed::Decrypt { version: Some(id(VERSION)) }, Kind::Read));
    assert!(event.names(&secret(NAME, ARN)));
    let other = read(&call("GenerateDataKey", kms));
    assert_eq!((other.deed.clone(), other.names(&secret(NAME, ARN))), (Deed::Other, true));
}
