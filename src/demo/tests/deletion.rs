//! DeleteSecret and RestoreSecret: who may, what it leaves, and when the secret is gone.

use aws_sdk_cloudtrail::types::LookupAttributeKey as Key;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
use serde_json::{Value, json};

use super::trail::{by, client as trail, events, record};
use super::{client, world};
use crate::demo::World;

const MARKED: &str = "You can't perform this operation on the secret because it was marked for deletion.";

fn one(keys: &str) -> World {
    world(&format!("[[secret]]\nname = \"prod/x\"\nfunction = \"rotate-x\"\n{keys}"))
}

async fn wait(days: u64) {
    tokio::time::sleep(std::time::Duration::from_hours(days * 24)).await;
}

async fn listed(world: &World) -> usize {
    let list = client(world).list_secrets().include_planned_deletion(true).send().await.unwrap();
    list.secret_list().len()
}

async fn recorded(world: &World, name: &str) -> Vec<Value> {
    let found = events(trail(world).lookup_events().lookup_attributes(by(Key::EventName, name))).await;
    found.iter().map(record).collect()
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_marked_and_gone_when_its_window_has_passed() {
    for (days, window) in [(Some(7), 7), (None, 30)] {
        let world = one("");
        let asks = client(&world);
        let deleted = asks.delete_secret().secret_id("prod/x").set_recovery_window_in_days(days).send().await.unwrap();
        let date = world.now() + chrono::TimeDelta::days(window);
        assert_eq!(deleted.deletion_date().unwrap().secs(), date.timestamp());
        assert_eq!((deleted.name(), deleted.arn().is_some()), (Some("prod/x"), true));
        let described = asks.describe_secret().secret_id("prod/x").send().await.unwrap();
        assert_eq!(described.deleted_date(), deleted.deletion_date());
        assert_eq!(asks.list_secrets().send().await.unwrap().secret_list().len(), 0);
        wait(u64::try_from(window).unwrap() - 1).await;
        assert_eq!(listed(&world).await, 1);
        wait(2).await;
        assert_eq!(listed(&world).await, 0);
        let error = asks.describe_secret().secret_id("prod/x").send().await.unwrap_err();
        assert_eq!(error.code(), Some("ResourceNotFoundException"));
        let ended = recorded(&world, "EndSecretVersionDelete").await;
        assert_eq!(ended[0]["eventTime"], date.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        assert_eq!(ended[0]["additionalEventData"]["SecretId"].as_str(), deleted.arn());
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_marked_can_do_nothing_but_be_restored() {
    let world = one("rotation = { days = 30 }");
    let asks = client(&world);
    asks.delete_secret().secret_id("prod/x").send().await.unwrap();
    let refused = [
        asks.rotate_secret().secret_id("prod/x").send().await.unwrap_err().message().map(str::to_owned),
        asks.cancel_rotate_secret().secret_id("prod/x").send().await.unwrap_err().message().map(str::to_owned),
        asks.delete_secret().secret_id("prod/x").send().await.unwrap_err().message().map(str::to_owned),
    ];
    assert!(refused.iter().all(|message| message.as_deref() == Some(MARKED)), "{refused:?}");
    wait(10).await;
    let restored = asks.restore_secret().secret_id("prod/x").send().await.unwrap();
    assert_eq!((restored.name(), restored.arn().is_some()), (Some("prod/x"), true));
    let described = asks.describe_secret().secret_id("prod/x").send().await.unwrap();
    assert_eq!(described.deleted_date(), None);
    asks.restore_secret().secret_id("prod/x").send().await.unwrap();
    assert!(asks.rotate_secret().secret_id("prod/x").send().await.is_ok());
    wait(30).await;
    assert_eq!(listed(&world).await, 1, "the old date is nothing to it");
    assert_eq!(recorded(&world, "StartSecretVersionDelete").await.len(), 1);
    assert_eq!(recorded(&world, "CancelSecretVersionDelete").await.len(), 1);
    assert_eq!(recorded(&world, "EndSecretVersionDelete").await.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_marked_secret_rotates_no_more_and_a_restored_one_does() {
    let world = one("rotation = { days = 30 }\nlast_rotated = \"-29d\"");
    let asks = client(&world);
    asks.delete_secret().secret_id("prod/x").send().await.unwrap();
    wait(20).await;
    assert_eq!(world.moves("prod/x").len(), 0);
    asks.restore_secret().secret_id("prod/x").send().await.unwrap();
    // The window that has passed meanwhile is lost; the next one is not.
    wait(32).await;
    assert!(!world.moves("prod/x").is_empty());
}

#[tokio::test(start_paused = true)]
async fn without_recovery_it_is_gone_at_once() {
    let world = one("");
    let asks = client(&world);
    let force = |id: &str| asks.delete_secret().secret_id(id).force_delete_without_recovery(true);
    let deleted = force("prod/x").send().await.unwrap();
    assert_eq!(deleted.deletion_date().unwrap().secs(), world.now().timestamp());
    tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    assert_eq!(listed(&world).await, 0);
    let nobody = force("nobody").send().await.unwrap();
    assert_eq!(nobody.name(), Some("nobody"), "it isn't told that there was none");
}

#[tokio::test(start_paused = true)]
async fn who_may_not_be_deleted_says_so() {
    let replicas =
        "[[secret]]\nname = \"primary\"\nreplicas = [{ region = \"us-east-1\" }, { region = \"us-west-2\" }]\n";
    let world = world(&format!(
        "{replicas}[[secret]]\nname = \"replica\"\nprimary_region = \"us-east-1\"\n[[secret]]\nname = \"owned\"\nowning_service = \"rds\"\n[[secret]]\nname = \"a\""
    ));
    let asks = client(&world);
    let delete = |id: &str| asks.delete_secret().secret_id(id);
    for (call, code, words) in [
        (delete("nobody"), "ResourceNotFoundException", "can't find the specified secret"),
        (delete("primary"), "InvalidParameterException", "still has replica regions [us-east-1,us-west-2]"),
        (delete("replica"), "InvalidParameterException", "Operation not permitted on a replica secret"),
        (delete("owned"), "InvalidRequestException", "managed by another service"),
        (delete("a").recovery_window_in_days(6), "InvalidParameterException", "between 7 and 30 days"),
        (delete("a").recovery_window_in_days(31), "InvalidParameterException", "between 7 and 30 days"),
        (
            delete("a").recovery_window_in_days(7).force_delete_without_recovery(true),
            "InvalidParameterException",
            "can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays",
        ),
    ] {
        let error = call.send().await.unwrap_err();
        assert_eq!(error.code(), Some(code), "{error:?}");
        assert!(error.message().unwrap().contains(words), "{error:?}");
    }
    for id in ["replica", "owned", "nobody"] {
        assert!(asks.restore_secret().secret_id(id).send().await.is_err(), "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_trail_has_the_date_in_words() {
    let world = world("clock = { start = \"2018-04-26T17:51:02Z\" }\n[[secret]]\nname = \"prod/x\"");
    client(&world).delete_secret().secret_id("prod/x").recovery_window_in_days(7).send().await.unwrap();
    client(&world).restore_secret().secret_id("prod/x").send().await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(400)).await;
    let deleted = recorded(&world, "DeleteSecret").await.remove(0);
    assert_eq!(deleted["requestParameters"], json!({ "secretId": "prod/x", "recoveryWindowInDays": 7 }));
    let answer = &deleted["responseElements"];
    assert_eq!((&answer["deletionDate"], &answer["name"]), (&json!("May 3, 2018 5:51:02 PM"), &json!("prod/x")));
    let restored = recorded(&world, "RestoreSecret").await.remove(0);
    assert_eq!(restored["responseElements"]["arn"], answer["arn"]);
}

#[tokio::test(start_paused = true)]
async fn readers_are_refused_from_the_mark_on_and_find_nothing_at_last() {
    let reader = "[[reader]]\nsecrets = [\"prod/x\"]\nkind = \"root\"\nevery = \"6h\"";
    let world = one(&format!("created = \"-1d\"\n{reader}"));
    client(&world).delete_secret().secret_id("prod/x").recovery_window_in_days(7).send().await.unwrap();
    wait(9).await;
    let mut codes: Vec<_> = recorded(&world, "GetSecretValue")
        .await
        .iter()
        .map(|one| one["errorCode"].as_str().map(str::to_owned))
        .collect();
    codes.reverse();
    let mut runs = codes.clone();
    runs.dedup();
    let refused = |code: &str| Some(code.to_owned());
    assert_eq!(runs, [None, refused("InvalidRequestException"), refused("ResourceNotFoundException")]);
    assert!((38..=40).contains(&codes.len()), "{}", codes.len());
}
