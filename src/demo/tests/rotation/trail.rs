//! What CloudTrail has of a rotation: each call of the function, and each label that moved.

use aws_sdk_cloudtrail::types::LookupAttributeKey as Key;
use serde_json::Value;

use super::{CURRENT, TOKEN, prepared, rotate, secret, wait};
use crate::demo::World;
use crate::demo::tests::trail::{by, client, events, record};
use crate::demo::tests::world;

/// The records that an attribute finds, oldest first.
async fn found(world: &World, key: Key, value: &str) -> Vec<Value> {
    let found = events(client(world).lookup_events().lookup_attributes(by(key, value))).await;
    found.iter().rev().map(record).collect()
}

/// A call in short: its name, the version and the label that it names, and the error.
fn short(record: &Value) -> String {
    let input = &record["requestParameters"];
    let word = |value: &Value| value.as_str().unwrap_or_default().replace(TOKEN, "T").replace(CURRENT, "current");
    let parts = [
        word(&record["eventName"]),
        word(&input["versionStage"]),
        word(&input["versionId"]),
        word(&input["clientRequestToken"]),
        word(&input["moveToVersionId"]),
        word(&record["errorCode"]),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

async fn calls(world: &World) -> Vec<String> {
    wait(600).await;
    let mut calls: Vec<_> = found(world, Key::Username, "rotate-orders").await.iter().map(short).collect();
    calls.sort();
    calls
}

#[tokio::test(start_paused = true)]
async fn each_step_calls_what_the_template_calls() {
    let world = prepared("single", "", "");
    rotate(&world).await;
    let expected = [
        "DescribeSecret",
        "DescribeSecret",
        "DescribeSecret",
        "DescribeSecret",
        "DescribeSecret",
        "GetRandomPassword",
        "GetSecretValue AWSCURRENT",
        "GetSecretValue AWSCURRENT",
        "GetSecretValue AWSPENDING T",
        "GetSecretValue AWSPENDING T",
        "GetSecretValue AWSPENDING T ResourceNotFoundException",
        "GetSecretValue AWSPREVIOUS",
        "PutSecretValue T",
        "UpdateSecretVersionStage AWSCURRENT T",
    ];
    assert_eq!(calls(&world).await, expected);
    let who = &found(&world, Key::EventName, "GetRandomPassword").await[0];
    assert_eq!(who["userIdentity"]["arn"], "arn:aws:sts::000000000000:assumed-role/rotate-orders-role/rotate-orders");
}

#[tokio::test(start_paused = true)]
async fn a_superusers_secret_is_read_and_its_key_used() {
    let other = "superuser = \"admin\"\n[[secret]]\nname = \"admin\"\nkms_key = \"alias/x\"\nversions = [{ id = \"11111111-9999-4333-8444-555555555555\", labels = [\"AWSCURRENT\"] }]\n";
    let world = prepared("alternating", "", other);
    rotate(&world).await;
    wait(600).await;
    let keys = found(&world, Key::EventSource, "kms.amazonaws.com").await;
    let context = &keys[0]["requestParameters"]["encryptionContext"];
    assert_eq!((keys.len(), context["SecretVersionId"].as_str()), (1, Some("11111111-9999-4333-8444-555555555555")));
    let arn = context["SecretARN"].as_str().unwrap();
    let reads = found(&world, Key::ResourceName, arn).await;
    assert_eq!(reads.iter().map(short).collect::<Vec<_>>(), ["GetSecretValue AWSCURRENT"]);
    assert!(keys[0]["resources"][0]["ARN"].as_str().unwrap().starts_with("arn:aws:kms:eu-west-1:000000000000:key/"));
}

#[tokio::test(start_paused = true)]
async fn a_put_that_iam_refuses_is_there_without_parameters() {
    let world = world(&secret("outcome = \"denied\""));
    rotate(&world).await;
    wait(600).await;
    let refused = &found(&world, Key::EventName, "PutSecretValue").await[0];
    assert_eq!((&refused["requestParameters"], refused["errorCode"].as_str()), (&Value::Null, Some("AccessDenied")));
    let message = refused["errorMessage"].as_str().unwrap();
    assert!(message.starts_with("User: arn:aws:sts::") && message.contains(":secret:prod/orders/db-"), "{message}");
}

/// Whether a record says that this label went to this version.
fn explains(record: &Value, label: &str, to: &str) -> bool {
    let input = &record["requestParameters"];
    let (stage, token) = (&input["versionStage"], &input["clientRequestToken"]);
    match record["eventName"].as_str().unwrap() {
        "CreateSecret" | "PutSecretValue" => {
            label == "AWSCURRENT" && token == to && input.get("versionStages").is_none()
        }
        "UpdateSecretVersionStage" => stage == label && input["moveToVersionId"] == to,
        "RotationStarted" => label == "AWSPENDING" && record["requestID"].as_str().unwrap().ends_with(to),
        _ => false,
    }
}

#[tokio::test(start_paused = true)]
async fn every_label_that_moved_is_explained_by_a_record() {
    let world = world(
        r#"
[[secret]]
name = "prod/orders/db"
function = "rotate-orders"
rotation = { days = 30 }
history = [
  { at = "-80d", put = "one" },
  { at = "-50d", rotate = "two" },
  { at = "-49d", fill = "two" },
  { at = "-48d", finish = "two" },
  { at = "-40d", move = "AWSCURRENT", to = "one", from = "two" },
  { at = "-39d", move = "known-good", to = "two" },
  { at = "-38d", move = "AWSPENDING", from = "two" },
  { at = "-30d", rotate = "three" },
  { at = "-29d", put = "four" },
]
"#,
    );
    rotate(&world).await;
    wait(600).await;
    let mut records = Vec::new();
    for name in ["CreateSecret", "PutSecretValue", "UpdateSecretVersionStage", "RotationStarted"] {
        records.extend(found(&world, Key::EventName, name).await);
    }
    let moves = world.moves("prod/orders/db");
    assert!(moves.len() > 12, "{moves:?}");
    for moved in &moves {
        // AWSPREVIOUS follows by itself, and a value by hand takes AWSPENDING off.
        let Some(to) = moved.to.as_deref().filter(|_| moved.label != "AWSPREVIOUS") else { continue };
        let at = moved.at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let is_told =
            records.iter().any(|record| record["eventTime"] == at.as_str() && explains(record, &moved.label, to));
        assert!(is_told, "{moved:?}");
    }
    let abandoned = found(&world, Key::EventName, "RotationAbandoned").await;
    assert_eq!(abandoned.len(), 1);
    let succeeded = found(&world, Key::EventName, "RotationSucceeded").await;
    assert_eq!(succeeded.len(), 2, "one of the history, and one that ran");
}

#[tokio::test(start_paused = true)]
async fn what_arrives_is_told_as_it_was_asked() {
    let world = world(&secret(""));
    let asks = crate::demo::tests::client(&world);
    asks.describe_secret().secret_id("prod/orders/db").send().await.unwrap();
    asks.describe_secret().secret_id("nobody").send().await.unwrap_err();
    asks.list_secret_version_ids().secret_id("prod/orders/db").include_deprecated(true).send().await.unwrap();
    asks.list_secrets().include_planned_deletion(true).send().await.unwrap();
    wait(600).await;
    let told = found(&world, Key::ReadOnly, "true").await;
    let mut told: Vec<_> = told
        .iter()
        .map(|one| {
            (
                one["eventName"].as_str().unwrap(),
                one["requestParameters"].to_string(),
                one["responseElements"].is_null(),
                one["errorCode"].as_str(),
            )
        })
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            ("DescribeSecret", r#"{"secretId":"nobody"}"#.to_owned(), true, Some("ResourceNotFoundException")),
            ("DescribeSecret", r#"{"secretId":"prod/orders/db"}"#.to_owned(), true, None),
            (
                "ListSecretVersionIds",
                r#"{"secretId":"prod/orders/db","includeDeprecated":true}"#.to_owned(),
                true,
                None
            ),
            ("ListSecrets", r#"{"includePlannedDeletion":true}"#.to_owned(), true, None),
        ]
    );
    let arrived: Vec<_> = world.records().into_iter().map(|one| (one.name, one.secret)).collect();
    assert!(arrived.contains(&("ListSecrets".to_owned(), None)));
    assert!(arrived.contains(&("ListSecretVersionIds".to_owned(), Some("prod/orders/db".to_owned()))));
}
