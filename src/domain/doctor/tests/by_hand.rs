//! What people did to values and labels meanwhile.

use serde_json::{Value, json};

use super::made::*;
use super::*;
use crate::domain::catalogue::Catalogue;
use crate::domain::rotation::Step;
use crate::domain::secret::Secret;
use crate::domain::trail::{Listed, SOURCE, TrailEvent};

const OTHER: &str = "99990000-1111-4222-8333-944455550001";

/// A call on the secret by a session of this name.
fn call(by: &str, name: &str, seconds: i64, more: &Value, error: Option<&str>) -> TrailEvent {
    let mut parameters = json!({ "secretId": secret().id.arn.raw() });
    parameters.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let record = json!({
        "eventID": format!("{name} {seconds}"),
        "eventTime": at(seconds).to_rfc3339(),
        "eventSource": SOURCE,
        "eventName": name,
        "userIdentity": { "type": "AssumedRole", "arn": format!("arn:aws:sts::1:assumed-role/role/{by}") },
        "requestParameters": parameters,
        "errorCode": error,
    });
    TrailEvent::read(Listed { record: Some(record.to_string()), ..Listed::default() }).unwrap()
}

fn told(changes: &[TrailEvent]) -> Vec<String> {
    let arn = "arn:aws:lambda:eu-west-1:000000000000:function:rotate";
    let secret = Secret { rotation_function: Some(arn.into()), ..secret() };
    let versions = versions(true);
    let facts = Facts { versions: Some(&versions), changes, ..facts(&secret, 20_000) };
    let clues = Diagnosis::of(&facts, &Catalogue::builtin(), Vec::new(), Vec::new()).clues();
    clues.into_iter().filter(|clue| clue.origin == Origin::Trail).map(|clue| clue.sentence).collect()
}

#[test]
fn each_value_that_was_written_and_each_label_that_was_moved_is_told_with_who_did_it() {
    let moved = |label: &str, to: Option<&str>, from: Option<&str>| json!({ "versionStage": label, "moveToVersionId": to, "removeFromVersionId": from });
    let changes = [
        call("kim", "PutSecretValue", 60, &json!({ "clientRequestToken": PENDING }), None),
        call("kim", "PutSecretValue", 90, &json!({ "clientRequestToken": OTHER }), None),
        call("sam", "UpdateSecret", 120, &json!({}), None),
        call("sam", "UpdateSecretVersionStage", 150, &moved("AWSCURRENT", Some(OTHER), Some(CURRENT)), None),
        call("sam", "UpdateSecretVersionStage", 180, &moved("AWSPENDING", None, Some(PENDING)), None),
        call("sam", "UpdateSecretVersionStage", 210, &moved("mine", Some(OTHER), None), None),
    ];
    assert_eq!(
        told(&changes),
        [
            "kim (role) wrote the value of the pending version (PutSecretValue).",
            "kim (role) wrote the value of 9999…0001 (PutSecretValue).",
            "sam (role) changed the secret (UpdateSecret; its record doesn't say what).",
            "sam (role) moved AWSCURRENT from 51aa…aa90 to 9999…0001.",
            "sam (role) took AWSPENDING off 7d0c…f2e1.",
            "sam (role) put mine on 9999…0001.",
        ]
    );
}

#[test]
fn what_the_function_did_what_was_refused_and_what_was_before_is_not_by_hand() {
    let put = json!({ "clientRequestToken": PENDING });
    let changes = [
        call("rotate", "PutSecretValue", 60, &put, None),
        call("kim", "PutSecretValue", 60, &put, Some("AccessDenied")),
        call("kim", "PutSecretValue", -9_000, &put, None),
        call("kim", "TagResource", 60, &json!({}), None),
    ];
    assert_eq!(told(&changes), Vec::<String>::new());
}

#[test]
fn a_value_that_was_written_into_another_version_leaves_open_whose_the_lines_are() {
    let mut writer = Writer::default();
    let steps = [well(Code::Single, Step::Create, false), well(Code::Single, Step::Set, false)];
    (0..).zip(&steps).for_each(|(nth, told)| writer.write(nth * 3, told, false));
    let (secret, function, log) = (secret(), function(false), writer.read_from(-1000));
    let verdict = |changes: &[TrailEvent]| {
        let facts = Facts { function: Some(&function), log: Some(&log), changes, ..facts(&secret, 20_000) };
        facts.case(&pending()).verdict()
    };
    let put =
        |version: &str, error| call("kim", "PutSecretValue", 60, &json!({ "clientRequestToken": version }), error);
    assert_eq!(verdict(&[]), Verdict::LikelyPending);
    assert_eq!(verdict(&[put(PENDING, None), put(OTHER, Some("AccessDenied"))]), Verdict::LikelyPending);
    assert_eq!(verdict(&[put(OTHER, None)]), Verdict::Unknown);
}
