//! Records as AWS writes them, as it wrote them once, and as nobody should.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::secret::SecretId;
use crate::domain::trail::SOURCE;

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-a1B2c3";
const VERSION: &str = "7d0c2f7e-1111-4222-8333-94445555f2e1";

/// A record of the user guide, with members put in place of its own; a null takes one away.
fn failed(changes: Value) -> String {
    let message =
        "Error when executing lambda arn:aws:lambda:eu-west-1:111122223333:function:r during createSecret step";
    let record = json!({
        "eventVersion": "1.08",
        "userIdentity": { "accountId": "111122223333", "invokedBy": "secretsmanager.amazonaws.com" },
        "eventTime": "2026-11-20T16:03:11Z",
        "eventSource": "secretsmanager.amazonaws.com",
        "eventName": "RotationFailed",
        "errorMessage": message,
        "requestParameters": null,
        "responseElements": null,
        "additionalEventData": { "SecretId": ARN },
        "requestID": format!("Rotation-{ARN}-{VERSION}"),
        "eventID": "638c-1",
        "eventType": "AwsServiceEvent",
    });
    changed(record, changes)
}

fn cancelled(changes: Value) -> String {
    let record = json!({
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROA:alex@example.com",
            "arn": "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_1/alex@example.com",
        },
        "eventTime": "2026-10-11T13:40:02Z",
        "eventSource": "secretsmanager.amazonaws.com",
        "eventName": "CancelRotateSecret",
        "requestParameters": { "secretId": "prod/orders/db" },
        "responseElements": { "arn": ARN, "name": "prod/orders/db" },
        "eventID": "77aa-2",
    });
    changed(record, changes)
}

fn changed(mut record: Value, changes: Value) -> String {
    let Value::Object(changes) = changes else { panic!("members") };
    record.as_object_mut().unwrap().extend(changes);
    record.to_string()
}

fn failure(changes: Value) -> RotationFailure {
    RotationFailure::parse(&failed(changes)).unwrap().unwrap()
}

fn secret(name: &str, arn: &str) -> Secret {
    let plain = Secret::plain(name);
    let context = Arc::clone(&plain.id.context);
    Secret { id: SecretId { context, arn: arn.into() }, ..plain }
}

#[test]
fn a_failure_is_read_whole() {
    let failure = failure(json!({}));
    assert_eq!(failure.secret.raw(), ARN);
    assert_eq!(failure.version, Some(VersionId(VERSION.into())));
    assert_eq!(failure.at.to_rfc3339(), "2026-11-20T16:03:11+00:00");
    assert_eq!(failure.step, Some(Step::Create));
    assert!(failure.message.raw().ends_with("during createSecret step"));
    assert_eq!(failure.event_id.raw(), "638c-1");
    assert!(failure.names(&secret("prod/orders/db", ARN)));
    assert!(!failure.names(&secret("prod/orders/db", &ARN.replace("a1B2c3", "zzzzzz"))));
}

#[test]
fn the_secret_is_found_wherever_aws_puts_it() {
    let not_created = format!(
        "Pending secret version {VERSION} for Secret {ARN} was not created by Lambda arn:aws:lambda:eu-west-1:1:function:r. \
         Remove the AWSPENDING staging label and restart rotation"
    );
    for changes in [
        json!({ "additionalEventData": { "secretId": ARN } }),
        json!({ "additionalEventData": null, "serviceEventDetails": { "secretId": ARN } }),
        json!({ "additionalEventData": null, "serviceEventDetails": { "SecretId": ARN } }),
        json!({ "additionalEventData": null, "errorMessage": not_created }),
        json!({ "requestID": null, "errorMessage": not_created }),
    ] {
        let failure = failure(changes.clone());
        assert_eq!((failure.secret.raw(), failure.version), (ARN, Some(VersionId(VERSION.into()))), "{changes}");
    }
}

#[test]
fn a_step_has_two_spellings_and_may_be_missing() {
    let during =
        |step: &str| json!({ "errorMessage": format!("Error when executing lambda arn:x during {step} step") });
    for (changes, step) in [
        (during("createSecret"), Some(Step::Create)),
        (during("set_secret"), Some(Step::Set)),
        (during("testSecret"), Some(Step::Test)),
        (during("finish_secret"), Some(Step::Finish)),
        (during("dance"), None),
        (json!({ "errorMessage": "no function at all" }), None),
        (json!({ "errorMessage": null }), None),
    ] {
        assert_eq!(failure(changes.clone()).step, step, "{changes}");
    }
}

#[test]
fn a_version_that_the_request_does_not_name_is_unknown() {
    for id in ["", "Rotation-", "Rotation-arn:other-1", &format!("Rotation-{ARN}"), &format!("Rotation-{ARN}-")] {
        assert_eq!(failure(json!({ "requestID": id })).version, None, "{id}");
    }
    let terraform = "terraform-20261115032236904100000002";
    let named = failure(json!({ "requestID": format!("Rotation-{ARN}-{terraform}") }));
    assert_eq!(named.version, Some(VersionId(terraform.into())));
}

#[test]
fn what_is_missing_is_told() {
    for (record, why) in [
        ("{".to_owned(), Unreadable::NotJson),
        ("[]".to_owned(), Unreadable::NotJson),
        ("{}".to_owned(), Unreadable::Without("eventName")),
        (failed(json!({ "eventSource": 7 })), Unreadable::Without("eventSource")),
        (failed(json!({ "additionalEventData": null })), Unreadable::Without("SecretId")),
        (failed(json!({ "eventTime": "yesterday" })), Unreadable::Without("eventTime")),
        (failed(json!({ "eventID": null })), Unreadable::Without("eventID")),
    ] {
        assert_eq!(RotationFailure::parse(&record), Err(why), "{record}");
    }
    let nothing = cancelled(json!({ "requestParameters": null, "responseElements": null }));
    assert_eq!(Cancellation::parse(&nothing), Err(Unreadable::Without("secretId")));
}

#[test]
fn other_events_and_refused_calls_are_not_meant() {
    assert_eq!(RotationFailure::parse(&failed(json!({ "eventName": "RotationSucceeded" }))), Ok(None));
    assert_eq!(RotationFailure::parse(&failed(json!({ "eventSource": "other.amazonaws.com" }))), Ok(None));
    assert_eq!(Cancellation::parse(&failed(json!({}))), Ok(None));
    let refused = json!({ "errorCode": "AccessDenied", "requestParameters": null, "responseElements": null });
    assert_eq!(Cancellation::parse(&cancelled(refused)), Ok(None));
}

#[test]
fn a_secret_is_named_by_name_and_by_arn() {
    let this = secret("prod/orders/db", ARN);
    let partial = ARN.trim_end_matches("-a1B2c3");
    let other = ARN.replace("a1B2c3", "zzzzzz");
    for (given, answer, names) in [
        ("prod/orders/db", Value::Null, true),
        (ARN, Value::Null, true),
        (partial, Value::Null, true),
        (other.as_str(), Value::Null, false),
        ("prod/orders", Value::Null, false),
        ("PROD/orders/db", Value::Null, false),
        ("prod/orders/db", json!({ "aRN": ARN }), true),
        // deleted, and made anew under the same name
        ("prod/orders/db", json!({ "arn": other }), false),
    ] {
        let changes = json!({ "requestParameters": { "secretId": given }, "responseElements": answer });
        let cancellation = Cancellation::parse(&cancelled(changes)).unwrap().unwrap();
        assert_eq!(cancellation.secret.names(&this), names, "{given} {answer}");
        assert_eq!(cancellation.secret.given.raw(), given);
    }
}

#[test]
fn whoever_called_is_named_in_short() {
    for (identity, by) in [
        (
            json!({ "type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/r/alex@example.com" }),
            Some("alex@example.com"),
        ),
        (json!({ "type": "AssumedRole", "principalId": "AROA:x" }), Some("AROA:x")),
        (json!({ "type": "IAMUser", "arn": "arn:aws:iam::1:user/team/kim", "userName": "kim" }), Some("kim")),
        (json!({ "type": "IAMUser", "arn": "arn:aws:iam::1:user/team/kim" }), Some("kim")),
        (json!({ "type": "Root", "arn": "arn:aws:iam::1:root" }), Some("root")),
        (json!({ "type": "AWSService", "invokedBy": "rds.amazonaws.com" }), Some("rds.amazonaws.com")),
        (json!({ "arn": "" }), None),
        (json!({}), None),
        (Value::Null, None),
    ] {
        let cancellation = Cancellation::parse(&cancelled(json!({ "userIdentity": identity }))).unwrap().unwrap();
        assert_eq!(cancellation.by, by.map(Into::into), "{identity}");
    }
}

/// Any JSON, with names that the readers look for among its members.
fn any_json() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "eventName",
        "eventSource",
        "eventTime",
        "eventID",
        "errorMessage",
        "requestID",
        "additionalEventData",
        "SecretId",
        "serviceEventDetails",
        "secretId",
        "userIdentity",
        "type",
        "arn",
        "responseElements",
        "requestParameters",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![ARN, SOURCE, ROTATION_FAILED, CANCEL_ROTATE_SECRET, " during ", "é"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..8)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn reading_never_panics(text in any::<String>(), changes in any_json()) {
        for record in [text, changes.to_string()] {
            let _ = (RotationFailure::parse(&record), Cancellation::parse(&record));
        }
        if changes.is_object() {
            let _ = RotationFailure::parse(&failed(changes.clone()));
            let _ = Cancellation::parse(&cancelled(changes));
        }
    }
}
