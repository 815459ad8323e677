//! Records for the tests of this folder, in the shapes of the user guide.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Listed, SOURCE, TrailEvent};
use crate::domain::secret::Secret;

pub(super) const ACCOUNT: &str = "111122223333";
pub(super) const ARN: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-a1B2c3";
/// The same without the six random characters.
pub(super) const PARTIAL: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db";
pub(super) const NAME: &str = "prod/orders/db";
pub(super) const VERSION: &str = "7d0c2f7e-1111-4222-8333-94445555f2e1";
pub(super) const OLDER: &str = "51aa0000-1111-4222-8333-944455550090";

/// A moment of one day, by its second (UTC).
pub(super) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000 + second, 0).unwrap()
}

/// An object with members put in place of its own; a null takes the place of one too.
pub(super) fn with(mut record: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else { panic!("members") };
    record.as_object_mut().unwrap().extend(changes);
    record
}

/// A session of a role, as a function's is.
pub(super) fn session(role: &str, name: &str) -> Value {
    json!({
        "type": "AssumedRole",
        "principalId": format!("AROAEXAMPLE:{name}"),
        "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}"),
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAEXAMPLE",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAEXAMPLE",
                "arn": format!("arn:aws:iam::{ACCOUNT}:role/{role}"),
                "accountId": ACCOUNT,
                "userName": role,
            },
            "attributes": { "creationDate": "2026-11-20T09:10:00Z", "mfaAuthenticated": "false" },
        },
    })
}

/// A call of a function, without what it asked for.
pub(super) fn call(name: &str, changes: Value) -> Value {
    let record = json!({
        "eventVersion": "1.11",
        "eventSource": SOURCE,
        "eventName": name,
        "awsRegion": "eu-west-1",
        "eventTime": "2026-11-20T09:14:03Z",
        "eventType": "AwsApiCall",
        "eventCategory": "Management",
        "managementEvent": true,
        "recipientAccountId": ACCOUNT,
        "eventID": "0c1d-1",
        "requestID": "4f2a-1",
        "sourceIPAddress": "10.0.3.17",
        "userAgent": "Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0 exec-env/AWS_Lambda_python3.12 lang/python#3.12",
        "userIdentity": session("orders-api-role", "orders-api"),
        "requestParameters": { "secretId": NAME },
        "responseElements": null,
    });
    with(record, changes)
}

/// What Secrets Manager tells by itself.
pub(super) fn service(name: &str, changes: Value) -> Value {
    let record = json!({
        "eventVersion": "1.08",
        "userIdentity": { "accountId": ACCOUNT, "invokedBy": SOURCE },
        "eventTime": "2026-11-20T16:03:11Z",
        "eventSource": SOURCE,
        "eventName": name,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": SOURCE,
        "userAgent": SOURCE,
        "requestParameters": null,
        "responseElements": null,
        "additionalEventData": { "SecretId": ARN },
        "requestID": format!("Rotation-{ARN}-{VERSION}"),
        "eventID": "638c-1",
        "readOnly": false,
        "eventType": "AwsServiceEvent",
        "managementEvent": true,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    });
    with(record, changes)
}

/// The event of a record that is listed with nothing beside it.
pub(super) fn read(record: &Value) -> TrailEvent {
    TrailEvent::read(Listed { record: Some(record.to_string()), ..Listed::default() }).unwrap()
}

/// A secret of this name and ARN.
pub(super) fn secret(name: &str, arn: &str) -> Secret {
    let mut secret = Secret::plain(name);
    secret.id.arn = arn.into();
    secret
}

/// The same event by another caller, whose client says nothing, at another time under an id of its own.
pub(super) fn by(event: TrailEvent, who: &Value, second: i64) -> TrailEvent {
    let theirs = read(&call("GetSecretValue", json!({ "userIdentity": who, "userAgent": "Boto3/1.34.0" })));
    let scene = super::Scene { who: theirs.scene.who.clone(), ..(*event.scene).clone() };
    TrailEvent { scene: Arc::new(scene), at: at(second), id: format!("at-{second}").into(), ..event }
}
