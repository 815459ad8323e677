//! Readers: what each of them leaves in the event history, in which order, and how late it shows.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_cloudtrail::types::{Event, LookupAttributeKey as Key};
use serde_json::{Value, json};

use super::trail::{ask, by, client, events, record};
use super::world;
use crate::demo::{Recorded, World};

/// A secret with a customer's key and a history, and the head of one reader of it.
const ONE: &str = r#"
[[secret]]
name = "prod/x"
function = "rotate-x"
kms_key = "arn:aws:kms:eu-west-1:000000000000:key/7c1f0a52-3f53-4f0e-9a0b-5d1c6f1f8e21"
rotation = { days = 30 }
history = [
  { at = "-400d", put = "first" },
  { at = "-10d", rotate = "second" },
  { at = "-10d", fill = "second" },
  { at = "-10d", finish = "second" },
]

[[secret]]
name = "prod/y"
"#;

fn reading(keys: &str) -> World {
    world(&format!("{ONE}\n[[reader]]\nsecrets = [\"prod/x\"]\nevery = \"1h\"\n{keys}"))
}

async fn named(world: &World, name: &str) -> Vec<Event> {
    events(client(world).lookup_events().lookup_attributes(by(Key::EventName, name))).await
}

/// All pages of a look-up without attributes.
async fn all(world: &World) -> Vec<Event> {
    let (mut found, mut token) = (Vec::new(), None);
    loop {
        let page = ask(client(world).lookup_events().set_next_token(token)).await.unwrap();
        found.extend(page.events().to_vec());
        token = page.next_token;
        if token.is_none() {
            return found;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_reader_is_told_of_in_its_own_way() {
    let arn = |rest: &str| Some(json!(format!("arn:aws:{rest}")));
    let table = [
        (
            "kind = \"lambda\"\nname = \"orders\"",
            "AssumedRole",
            arn("sts::000000000000:assumed-role/orders-role/orders"),
            Some("orders"),
        ),
        (
            "kind = \"container\"\nname = \"t1\"\nrole = \"web\"",
            "AssumedRole",
            arn("sts::000000000000:assumed-role/web/t1"),
            Some("t1"),
        ),
        (
            "kind = \"instance\"\nname = \"i-0a\"\nrole = \"web\"",
            "AssumedRole",
            arn("sts::000000000000:assumed-role/web/i-0a"),
            Some("i-0a"),
        ),
        (
            "kind = \"ci\"\nname = \"build-77\"",
            "AssumedRole",
            arn("sts::000000000000:assumed-role/ci/build-77"),
            Some("build-77"),
        ),
        (
            "kind = \"person\"\nname = \"kim\"",
            "AssumedRole",
            arn("sts::000000000000:assumed-role/AWSReservedSSO_OnCall_6f1d2c3b4a598071/kim"),
            Some("kim"),
        ),
        ("kind = \"user\"\nname = \"backup\"", "IAMUser", arn("iam::000000000000:user/backup"), Some("backup")),
        ("kind = \"root\"", "Root", arn("iam::000000000000:root"), Some("root")),
        ("kind = \"foreign\"\nname = \"etl\"", "AWSAccount", None, None),
        ("kind = \"service\"\nname = \"rds.amazonaws.com\"", "AWSService", None, None),
    ];
    for (keys, kind, arn, username) in table {
        let found = named(&reading(keys), "GetSecretValue").await;
        let newest = &found[0];
        let told = record(newest);
        let who = &told["userIdentity"];
        assert_eq!((who["type"].as_str(), who.get("arn")), (Some(kind), arn.as_ref()), "{keys}");
        assert_eq!((newest.username(), newest.access_key_id()), (username, who["accessKeyId"].as_str()), "{keys}");
        assert_eq!((newest.read_only(), &told["readOnly"]), (Some("true"), &json!(true)), "{keys}");
        assert_eq!((&told["responseElements"], &told["eventType"]), (&Value::Null, &json!("AwsApiCall")), "{keys}");
        let spelled = &told["requestParameters"]["secretId"];
        assert_eq!(spelled.as_str(), newest.resources()[0].resource_name(), "{keys}");
        assert_eq!(spelled.as_str().unwrap().starts_with("arn:"), kind == "AWSAccount", "{keys}");
        assert_eq!(told.get("sharedEventID").is_some(), kind == "AWSAccount", "{keys}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_request_is_told_as_it_was_made() {
    for (keys, input) in [
        ("", json!({ "secretId": "prod/x" })),
        ("label = \"AWSPREVIOUS\"", json!({ "secretId": "prod/x", "versionStage": "AWSPREVIOUS" })),
        (
            "version = \"11111111-2222-4333-8444-555555555555\"",
            json!({ "secretId": "prod/x", "versionId": "11111111-2222-4333-8444-555555555555" }),
        ),
    ] {
        let world = reading(&format!("kind = \"lambda\"\nname = \"a\"\n{keys}"));
        assert_eq!(record(&named(&world, "GetSecretValue").await[0])["requestParameters"], input);
    }
    let partial = record(&named(&reading("kind = \"root\"\ncalled = \"partial-arn\""), "GetSecretValue").await[0]);
    let id = partial["requestParameters"]["secretId"].as_str().unwrap();
    assert_eq!(id, "arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/x");
}

#[tokio::test(start_paused = true)]
async fn iam_refuses_without_parameters_and_the_arn_is_in_the_message() {
    let world = reading("kind = \"ci\"\nname = \"build-77\"\nrefused = true");
    let found = named(&world, "GetSecretValue").await;
    let told = record(&found[0]);
    assert_eq!((&told["errorCode"], &told["requestParameters"]), (&json!("AccessDenied"), &Value::Null));
    let message = told["errorMessage"].as_str().unwrap();
    let front = "User: arn:aws:sts::000000000000:assumed-role/ci/build-77 is not authorized to perform: \
                 secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/x-";
    assert!(message.starts_with(front), "{message}");
    assert!(message.ends_with(" because no identity-based policy allows the secretsmanager:GetSecretValue action"));
    assert!(found[0].resources().is_empty());
    assert_eq!(named(&world, "Decrypt").await.len(), 0, "nothing was decrypted");
}

#[tokio::test(start_paused = true)]
async fn a_batch_leaves_a_record_of_its_own_beside_one_of_each_secret() {
    let world = world(&format!(
        "{ONE}\n[[reader]]\nsecrets = [\"prod/x\", \"prod/y\"]\nevery = \"1h\"\nkind = \"root\"\nbatch = true\nfrom = \"-1d\""
    ));
    let batch = named(&world, "BatchGetSecretValue").await;
    let told = record(&batch[0]);
    assert_eq!(told["requestParameters"], json!({ "secretIdList": ["prod/x", "prod/y"] }));
    assert!(batch[0].resources().is_empty());
    let reads = named(&world, "GetSecretValue").await;
    assert_eq!(reads.len(), batch.len() * 2);
    let at = |event: &Event| event.event_time().unwrap().secs();
    let times: BTreeSet<_> = reads.iter().map(at).collect();
    assert_eq!(times, batch.iter().map(at).collect());
}

#[tokio::test(start_paused = true)]
async fn kms_alone_tells_which_version_was_read() {
    let world = reading("kind = \"lambda\"\nname = \"a\"\nfrom = \"-12d\"\nuntil = \"-8d\"");
    let (mut keys, mut token) = (Vec::new(), None);
    loop {
        let lookup = client(&world).lookup_events().lookup_attributes(by(Key::EventSource, "kms.amazonaws.com"));
        let page = ask(lookup.set_next_token(token)).await.unwrap();
        keys.extend(page.events().to_vec());
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    let moved = world.moves("prod/x").into_iter().rfind(|moved| moved.label == "AWSCURRENT").unwrap();
    assert!((94..=98).contains(&keys.len()), "{}", keys.len());
    let mut versions = BTreeSet::new();
    for event in &keys {
        let told = record(event);
        let after = event.event_time().unwrap().secs() >= moved.at.timestamp();
        let version = told["requestParameters"]["encryptionContext"]["SecretVersionId"].as_str().map(str::to_owned);
        assert_eq!(&version, if after { &moved.to } else { &moved.from });
        assert_eq!(told["userIdentity"]["invokedBy"], json!("secretsmanager.amazonaws.com"));
        assert_eq!(event.resources()[0].resource_type(), Some("AWS::KMS::Key"));
        versions.insert(version);
    }
    assert_eq!(versions.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_marked_as_deleted_refuses_its_readers() {
    let toml = "[[secret]]\nname = \"old\"\nlast_changed = \"-1d\"\ndeleted = \"+6d\"\n\
                [[reader]]\nsecrets = [\"old\"]\nkind = \"root\"\nevery = \"1h\"\nfrom = \"-2d\"";
    let world = world(toml);
    let since = world.now() - chrono::TimeDelta::days(1);
    let found = named(&world, "GetSecretValue").await;
    assert!(found.len() > 40);
    for event in &found {
        let told = record(event);
        let is_marked = event.event_time().unwrap().secs() >= since.timestamp();
        let error = (told.get("errorCode").and_then(Value::as_str), told.get("errorMessage").and_then(Value::as_str));
        let expected = is_marked.then_some((
            "InvalidRequestException",
            "You can't perform this operation on the secret because it was marked for deletion.",
        ));
        assert_eq!(error, expected.unzip());
        assert_eq!(told["requestParameters"], json!({ "secretId": "old" }));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_and_restored_refused_its_readers_meanwhile() {
    let world = world(
        "[[secret]]\nname = \"a\"\nevents = [\n\
         { name = \"DeleteSecret\", at = \"-40h\" },\n\
         { name = \"RestoreSecret\", at = \"-30h\", error = \"AccessDenied\", message = \"no\" },\n\
         { name = \"RestoreSecret\", at = \"-20h\" },\n]\n\
         [[reader]]\nsecrets = [\"a\"]\nkind = \"root\"\nevery = \"1h\"\nfrom = \"-48h\"",
    );
    let ago = |hours: i64| world.now().timestamp() - hours * 3600;
    for event in &named(&world, "GetSecretValue").await {
        let at = event.event_time().unwrap().secs();
        let is_marked = (ago(40)..ago(20)).contains(&at);
        assert_eq!(record(event).get("errorCode").is_some(), is_marked, "{at}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_crowd_is_merged_with_what_was_told_and_paged_without_loss() {
    let crowd: String = [("a", "7m"), ("b", "11m"), ("c", "13m")]
        .map(|(name, every)| {
            format!("[[reader]]\nsecrets = [\"prod/x\", \"prod/y\"]\nkind = \"user\"\nname = \"{name}\"\nevery = \"{every}\"\nfrom = \"-1d\"\n")
        })
        .concat();
    let world = world(&format!("{ONE}\nevents = [{{ name = \"CancelRotateSecret\", at = \"-6h\" }}]\n{crowd}"));
    let began = world.now();
    let found = all(&world).await;
    assert!(found.len() > 1_000, "{}", found.len());
    let place = |event: &Event| (-event.event_time().unwrap().secs(), event.event_id().unwrap().to_owned());
    assert!(found.is_sorted_by(|a, b| place(a) < place(b)), "newest first, and none twice");
    let floor = began - chrono::TimeDelta::minutes(5);
    let truth: Vec<_> = world
        .records()
        .into_iter()
        .filter(|one| one.at <= floor && one.at >= began - chrono::TimeDelta::days(90))
        .collect();
    let ids: BTreeSet<_> = found.iter().map(|event| event.event_id().unwrap().to_owned()).collect();
    assert!(truth.iter().all(|one| ids.contains(&one.id)), "nothing is lost on the way");
    assert!(found.iter().any(|event| event.event_name() == Some("CancelRotateSecret")));
}

#[tokio::test(start_paused = true)]
async fn no_two_records_of_a_crowd_have_the_same_id() {
    let crowd = [1, 2, 3, 4, 5, 6].map(|nth| {
        format!(
            "[[reader]]\nsecrets = [\"prod/x\", \"prod/y\"]\nkind = \"user\"\nname = \"r{nth}\"\nevery = \"1h\"\n\
             batch = true\nfrom = \"-5d\"\n"
        )
    });
    let crowd = crowd.concat();
    let records = world(&format!("{ONE}{crowd}")).records();
    let ids: BTreeSet<_> = records.iter().map(|one| &one.id).collect();
    assert!(records.len() > 2_000 && ids.len() == records.len(), "{} ids of {}", ids.len(), records.len());
}

#[tokio::test(start_paused = true)]
async fn a_reader_of_every_minute_costs_no_more_than_its_page() {
    let world = world(&format!("{ONE}\n[[reader]]\nsecrets = [\"prod/y\"]\nkind = \"root\"\nevery = \"1m\""));
    assert!(world.records().len() > 129_000);
    let client = client(&world);
    let page = ask(client.lookup_events().lookup_attributes(by(Key::ResourceName, "prod/y"))).await.unwrap();
    assert_eq!((page.events().len(), page.next_token().is_some()), (50, true));
    let oldest = world.records().into_iter().find(|one| one.at >= world.now() - chrono::TimeDelta::days(89)).unwrap();
    let found = events(client.lookup_events().lookup_attributes(by(Key::EventId, &oldest.id))).await;
    assert_eq!(found.len(), 1);
    // What no record of a reader has does not even make it count.
    for (key, value) in [(Key::EventName, "RotationFailed"), (Key::Username, "kim"), (Key::ResourceName, "prod/z")] {
        assert_eq!(events(client.lookup_events().lookup_attributes(by(key, value))).await.len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn reads_go_on_as_time_passes_and_the_same_seed_reads_alike() {
    let one = || reading("kind = \"lambda\"\nname = \"a\"\nfrom = \"-1d\"");
    let (world, other) = (one(), one());
    let before = world.records();
    tokio::time::sleep(Duration::from_hours(24)).await;
    let after = world.records();
    assert!(before.iter().zip(&after).all(|(one, other)| one == other));
    assert_eq!(after.len() - before.len(), 48, "a read and a decryption each hour");
    assert_eq!(after, other.records());
}

#[tokio::test(start_paused = true)]
async fn records_show_late_each_in_its_own_time() {
    let world = world(&format!(
        "trail = {{ delay = \"5m\", jitter = \"10m\" }}\n{ONE}\n[[reader]]\nsecrets = [\"prod/y\"]\nkind = \"root\"\nevery = \"1m\"\nfrom = \"-1h\""
    ));
    let records: Vec<Recorded> = world.records();
    let late = |one: &Recorded| one.shows_at - one.at;
    assert!(records.iter().all(|one| (300..=900).contains(&late(one).num_seconds())));
    assert!(!records.is_sorted_by_key(|one| one.shows_at), "an older one shows after a newer one");
    for _ in 0..20 {
        let found: BTreeSet<_> = all(&world).await.iter().map(|event| event.event_id().unwrap().to_owned()).collect();
        let now = world.now();
        let due = |one: &&Recorded| one.at >= now - chrono::TimeDelta::days(90);
        let shown = world.records();
        for one in shown.iter().filter(due) {
            let is_clear = (one.shows_at - now).num_seconds().abs() > 60;
            assert!(!is_clear || found.contains(&one.id) == (one.shows_at <= now), "{one:?} at {now}");
        }
        tokio::time::sleep(Duration::from_mins(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn entries_may_be_without_resources() {
    let one = reading("kind = \"root\"\nresources = false");
    assert!(named(&one, "GetSecretValue").await.iter().all(|event| event.resources().is_empty()));
    let lookup = client(&one).lookup_events().lookup_attributes(by(Key::ResourceName, "prod/x"));
    assert_eq!(events(lookup).await.len(), 0);
    let secret = "[[secret]]\nname = \"a\"\nevents = [{ name = \"CancelRotateSecret\", at = \"-1h\" }]";
    let world = world(&format!("trail = {{ resources = false }}\n{secret}"));
    assert!(all(&world).await.iter().all(|event| event.resources().is_empty()));
}

#[test]
fn what_a_reader_cannot_be_is_refused_where_it_stands() {
    let head = "[[secret]]\nname = \"a\"\n[[reader]]\n";
    for (keys, key, words) in [
        ("secrets = []\nkind = \"root\"\nevery = \"1m\"", "secrets", "one secret at least"),
        ("secrets = [\"b\"]\nkind = \"root\"\nevery = \"1m\"", "secrets", "no secret of this world"),
        ("secrets = [\"a\"]\nkind = \"cat\"\nevery = \"1m\"", "kind", "unknown variant"),
        ("secrets = [\"a\"]\nkind = \"lambda\"\nevery = \"1m\"", "kind", "say its `name`"),
        ("secrets = [\"a\"]\nkind = \"root\"\nname = \"x\"\nevery = \"1m\"", "name", "root has no name"),
        ("secrets = [\"a\"]\nkind = \"root\"\nevery = \"0s\"", "every", "whole seconds"),
        ("secrets = [\"a\"]\nkind = \"root\"\nevery = \"1500ms\"", "every", "whole seconds"),
        ("secrets = [\"a\"]\nkind = \"root\"\nrole = \"x\"\nevery = \"1m\"", "role", "no role of their own"),
        (
            "secrets = [\"a\"]\nkind = \"root\"\naccount = \"111122223333\"\nevery = \"1m\"",
            "account",
            "only a `foreign`",
        ),
        (
            "secrets = [\"a\"]\nkind = \"foreign\"\nname = \"x\"\naccount = \"1\"\nevery = \"1m\"",
            "account",
            "twelve digits",
        ),
        ("secrets = [\"a\"]\nkind = \"root\"\nevery = \"1m\"\nfrom = \"-1h\"\nuntil = \"-2h\"", "until", "earlier"),
        (
            "secrets = [\"a\"]\nkind = \"root\"\nevery = \"1m\"\nbatch = true\nlabel = \"x\"",
            "label",
            "can't name a version",
        ),
        ("secrets = [\"a\"]\nkind = \"root\"\nevery = \"1m\"\nversion = \"x\"", "version", "no version of this secret"),
        ("secrets = [\"a\"]\nkind = \"root\"\nevery = \"1m\"\ncolour = \"x\"", "colour", "unknown field"),
    ] {
        let error = World::from_toml("w.toml", &format!("{head}{keys}")).unwrap_err().to_string();
        assert!(error.contains(&format!("`{key}`")) && error.contains(words), "{keys}: {error}");
    }
}
