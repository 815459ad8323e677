//! What the worlds that are meant to be looked at remember: why their secrets are stuck, and who turned rotation off.

use std::collections::BTreeMap;

use aws_sdk_cloudtrail::types::LookupAttributeKey as Key;
use serde_json::{Value, json};

use super::trail::{ask, by, client, events, record};
use crate::demo::World;

/// The names of the secrets that failures are about, and how many each has.
async fn failures(world: &World) -> BTreeMap<String, usize> {
    let (mut found, mut token) = (BTreeMap::new(), None);
    loop {
        let lookup = client(world).lookup_events().lookup_attributes(by(Key::EventName, "RotationFailed"));
        let page = ask(lookup.set_next_token(token)).await.unwrap();
        for event in page.events() {
            let record = record(event);
            let arn = record["additionalEventData"]["SecretId"].as_str().unwrap();
            let name = arn.rsplit_once('-').unwrap().0.split(":secret:").nth(1).unwrap();
            *found.entry(name.to_owned()).or_default() += 1;
        }
        token = page.next_token;
        if token.is_none() {
            return found;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_default_world_remembers_why_its_secrets_are_stuck() {
    let world = World::load("default").unwrap();
    let failures = failures(&world).await;
    let names: Vec<_> = failures.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    let expected = [
        ("prod/crm/oracle", 59),
        ("prod/legacy/ftp", 4),
        ("prod/metrics/grafana-token", 22),
        ("prod/payments/db", 12),
        ("prod/reports/mysql", 26),
        ("prod/search/api-key", 5),
    ];
    assert_eq!(names, expected);
    let lookup = client(&world).lookup_events().lookup_attributes(by(Key::EventName, "CancelRotateSecret"));
    let cancelled: Vec<_> = events(lookup).await.iter().map(|event| event.username().unwrap().to_owned()).collect();
    assert_eq!(cancelled, ["robin", "sam"], "older ones are forgotten");
}

#[tokio::test(start_paused = true)]
async fn a_generated_world_remembers_too() {
    let world = World::load("secrets:5000").unwrap();
    let stuck = failures(&world).await.len();
    assert!((5..30).contains(&stuck), "{stuck} secrets with failures");
    let lookup = client(&world).lookup_events().lookup_attributes(by(Key::EventName, "CancelRotateSecret"));
    assert!(events(lookup).await.len() > 20);
}

/// What the newest read of a reader was asked and refused with.
async fn newest(world: &World, reader: &str) -> (Value, Option<String>) {
    let lookup = client(world).lookup_events().lookup_attributes(by(Key::Username, reader));
    let found = events(lookup).await;
    let read = found.iter().find(|event| event.event_name() == Some("GetSecretValue"));
    let record = record(read.unwrap());
    (record["requestParameters"].clone(), record["errorCode"].as_str().map(str::to_owned))
}

#[tokio::test(start_paused = true)]
async fn the_default_world_has_a_crowd_of_readers() {
    let world = World::load("default").unwrap();
    let refused = |code: &str| Some(code.to_owned());
    let version = "terraform-20240319120000417300000001";
    for (reader, input, error) in [
        ("orders-api", json!({ "secretId": "prod/orders/db" }), None),
        ("build-4711", Value::Null, refused("AccessDenied")),
        ("crm-export", json!({ "secretId": "old/crm" }), refused("InvalidRequestException")),
        ("tile-server", json!({ "secretId": "prod/maps/api-key", "versionId": version }), None),
        ("kim", json!({ "secretId": "prod/payments/db" }), None),
    ] {
        assert_eq!(newest(&world, reader).await, (input, error), "{reader}");
    }
    let (asked, _) = newest(&world, "orders-reports").await;
    assert_eq!(asked["versionStage"], json!("AWSPREVIOUS"));
    let lookup = client(&world).lookup_events().lookup_attributes(by(Key::EventName, "BatchGetSecretValue"));
    let batch = events(lookup).await;
    assert_eq!((batch.len(), batch[0].username()), (50, Some("payments")));
    let lookup = client(&world).lookup_events().lookup_attributes(by(Key::EventName, "DeleteSecret"));
    let deleted = events(lookup).await;
    assert_eq!(record(&deleted[0])["responseElements"]["deletionDate"], json!("Nov 26, 2026 9:20:00 AM"));
    let records = world.records();
    let of = |secret: &str| records.iter().filter(|one| one.secret.as_deref() == Some(secret)).count();
    assert!(of("prod/orders/db") > 64_000, "{}", of("prod/orders/db"));
}
