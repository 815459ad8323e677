//! Which secret is meant: by name, by ARN, by part of the ARN, and where these could mean another.

use serde_json::{Value, json};

use super::*;
use crate::domain::trail::made::{ARN, NAME, PARTIAL, call, read, secret};
use crate::domain::trail::{Listed, TrailEvent};

const FRONT: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:";

fn passed(id: &str) -> TrailEvent {
    read(&call("GetSecretValue", json!({ "requestParameters": { "secretId": id } })))
}

fn answered(id: &str, arn: &str) -> TrailEvent {
    let answer = json!({ "requestParameters": { "secretId": id }, "responseElements": { "arn": arn, "name": id } });
    read(&call("DeleteSecret", answer))
}

#[test]
fn a_secret_is_meant_by_its_name_its_arn_and_its_arn_without_the_random_end() {
    let orders = secret(NAME, ARN);
    for id in [NAME, ARN, PARTIAL] {
        assert!(passed(id).names(&orders), "{id}");
    }
    let others = ["prod/orders/db-a1B2c3", "prod/orders", "Prod/Orders/DB", "prod/orders/db ", "db-a1B2c3", ""];
    let arns = [
        format!("{FRONT}prod/orders/db-zzzzzz"),
        format!("{ARN}-a1B2c3"),
        format!("{FRONT}prod/orders"),
        ARN.replace("eu-west-1", "eu-west-2"),
        ARN.replace("111122223333", "444455556666"),
    ];
    for id in others.into_iter().chain(arns.iter().map(String::as_str)) {
        assert!(!passed(id).names(&orders), "{id}");
    }
    assert_eq!(orders.called().iter().map(AwsText::raw).collect::<Vec<_>>(), [NAME, ARN, PARTIAL]);
}

#[test]
fn a_name_that_ends_like_a_random_end_is_not_cut() {
    let (name, arn) = ("prod/db-abc123", format!("{FRONT}prod/db-abc123-Xy9z8Y"));
    let (long, short) = (secret(name, &arn), secret("prod/db", &format!("{FRONT}prod/db-q7W8e9")));
    for (id, is_long, is_short) in [
        (name, true, false),
        (arn.as_str(), true, false),
        (&format!("{FRONT}{name}"), true, false),
        ("prod/db", false, true),
        (&format!("{FRONT}prod/db"), false, true),
    ] {
        assert_eq!((passed(id).names(&long), passed(id).names(&short)), (is_long, is_short), "{id}");
    }
    // What AWS itself can't tell apart is shown with both: the whole ARN of one secret is the beginning of another's.
    let chance = secret("prod/db", &format!("{FRONT}prod/db-abc123"));
    let both = passed(&format!("{FRONT}{name}"));
    assert!(both.names(&long) && both.names(&chance));
}

#[test]
fn a_secret_that_was_deleted_and_made_anew_is_another_where_aws_tells_its_arn() {
    let (old, new) = (secret(NAME, ARN), secret(NAME, &ARN.replace("a1B2c3", "N3w4rn")));
    for (event, is_old, is_new) in [
        (answered(NAME, ARN), true, false),
        (answered(NAME, new.id.arn.raw()), false, true),
        // A read tells no ARN: it is one of whoever had the name then.
        (passed(NAME), true, true),
        (passed(PARTIAL), true, true),
        (passed(ARN), true, false),
    ] {
        assert_eq!((event.names(&old), event.names(&new)), (is_old, is_new), "{:?}", event.scene.whose);
    }
}

#[test]
fn what_is_listed_beside_a_record_names_the_secret_too() {
    let listed = |resources: &[&str], record: Value| {
        let resources = resources.iter().map(|name| (*name).to_owned()).collect();
        TrailEvent::read(Listed { resources, record: Some(record.to_string()), ..Listed::default() }).unwrap()
    };
    let nothing = call("GetSecretValue", json!({ "requestParameters": null }));
    for id in [NAME, ARN, PARTIAL] {
        assert!(listed(&["", id], nothing.clone()).names(&secret(NAME, ARN)), "{id}");
    }
    let twice = listed(&[NAME], call("GetSecretValue", json!({})));
    assert_eq!(twice.scene.whose.given.len(), 1);
    assert!(!listed(&[], nothing).names(&secret(NAME, ARN)));
}

#[test]
fn a_secret_is_told_by_its_name_as_far_as_that_can_be_known() {
    for (id, name) in [
        (NAME, NAME),
        (ARN, NAME),
        (PARTIAL, NAME),
        (&format!("{FRONT}prod/my-secret"), "prod/my-secret"),
        (&format!("{FRONT}prod/orders"), "prod/orders"),
    ] {
        assert_eq!(passed(id).scene.whose.name().unwrap().raw(), name, "{id}");
    }
    assert_eq!(answered(ARN, ARN).scene.whose.name().unwrap().raw(), NAME);
    assert_eq!(
        answered("prod/db-abcdef", &format!("{FRONT}prod/db-abcdef-ghijkl")).scene.whose.name().unwrap().raw(),
        "prod/db-abcdef"
    );
    assert_eq!(read(&call("ListSecrets", json!({ "requestParameters": {} }))).scene.whose.name(), None);
}
