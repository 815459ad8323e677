//! LookupEvents: what is found by what, page by page, how late, and how often one may ask.

use std::time::Duration;

use aws_sdk_cloudtrail::config::retry::RetryConfig;
use aws_sdk_cloudtrail::error::ProvideErrorMetadata;
use aws_sdk_cloudtrail::operation::lookup_events::LookupEventsOutput;
use aws_sdk_cloudtrail::operation::lookup_events::builders::LookupEventsFluentBuilder;
use aws_sdk_cloudtrail::types::{Event, EventCategory, LookupAttribute, LookupAttributeKey as Key};
use aws_sdk_cloudtrail::{Client, config};
use aws_smithy_types::DateTime as Time;
use serde_json::{Value, json};

use super::world;
use crate::demo::World;

/// Three failures of one secret, two cancellations of another.
const FIVE: &str = r#"
[[secret]]
name = "prod/x"
function = "rotate-x"
versions = [{ id = "11111111-2222-4333-8444-555555555555", labels = ["AWSPENDING"] }]
events = [{ name = "RotationFailed", at = "-2d", every = "4h", times = 3, step = "setSecret" }]

[[secret]]
name = "prod/y"
function = "rotate-y"
versions = [{ id = "99999999-2222-4333-8444-555555555555", labels = ["AWSPENDING"] }]
events = [
  { name = "CancelRotateSecret", at = "-1d", by = "sam", version = "AWSPENDING" },
  { name = "CancelRotateSecret", at = "-30d", by = "kim", called = "arn" },
]
"#;

pub(super) fn client(world: &World) -> Client {
    let config = config::Builder::from(&world.sdk_config()).retry_config(RetryConfig::disabled());
    Client::from_conf(config.build())
}

pub(super) fn by(key: Key, value: &str) -> LookupAttribute {
    LookupAttribute::builder().attribute_key(key).attribute_value(value).build().unwrap()
}

/// Asks after a second, so that no ration is ever spent.
pub(super) async fn ask(lookup: LookupEventsFluentBuilder) -> Result<LookupEventsOutput, String> {
    tokio::time::sleep(Duration::from_secs(1)).await;
    lookup.send().await.map_err(|error| error.code().unwrap_or_default().to_owned())
}

pub(super) async fn events(lookup: LookupEventsFluentBuilder) -> Vec<Event> {
    ask(lookup).await.unwrap().events.unwrap_or_default()
}

pub(super) fn record(event: &Event) -> Value {
    serde_json::from_str(event.cloud_trail_event().unwrap()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_a_service_event() {
    let world = world(FIVE);
    let found = events(client(&world).lookup_events().lookup_attributes(by(Key::EventName, "RotationFailed"))).await;
    let newest = &found[0];
    assert_eq!((found.len(), newest.resources().len(), newest.username()), (3, 0, None));
    assert_eq!(newest.event_time(), Some(&Time::from_secs(world.now().timestamp() - 40 * 3600 - 1)));
    let record = record(newest);
    let arn = record["additionalEventData"]["SecretId"].as_str().unwrap();
    assert!(arn.starts_with("arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/x-"), "{arn}");
    let message =
        "Error when executing lambda arn:aws:lambda:eu-west-1:000000000000:function:rotate-x during setSecret step";
    for (pointer, value) in [
        ("/eventVersion", json!("1.08")),
        ("/userIdentity", json!({ "accountId": "000000000000", "invokedBy": "secretsmanager.amazonaws.com" })),
        ("/errorMessage", json!(message)),
        ("/requestParameters", Value::Null),
        ("/requestID", json!(format!("Rotation-{arn}-11111111-2222-4333-8444-555555555555"))),
        ("/eventType", json!("AwsServiceEvent")),
        ("/eventTime", json!("2026-11-18T17:14:00Z")),
        ("/eventID", json!(newest.event_id())),
    ] {
        assert_eq!(record.pointer(pointer), Some(&value), "{pointer}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_is_the_call_of_a_person() {
    let world = world(FIVE);
    let lookup = client(&world).lookup_events().lookup_attributes(by(Key::EventName, "CancelRotateSecret"));
    let found = events(lookup).await;
    let [by_name, by_arn] = found.as_slice() else { panic!("{found:?}") };
    let (named, spelled) = (record(by_name), record(by_arn));
    assert_eq!(named["requestParameters"], json!({ "secretId": "prod/y" }));
    assert_eq!(named["responseElements"]["versionId"], json!("99999999-2222-4333-8444-555555555555"));
    assert_eq!(spelled["requestParameters"]["secretId"], spelled["responseElements"]["arn"]);
    assert_eq!(by_arn.resources()[0].resource_name(), spelled["responseElements"]["arn"].as_str());
    assert_eq!(by_name.resources()[0].resource_name(), Some("prod/y"));
    assert_eq!(by_name.username(), Some("sam"));
    assert_eq!(named["userIdentity"]["accessKeyId"].as_str(), by_name.access_key_id());
    let arn = named["userIdentity"]["arn"].as_str().unwrap();
    assert!(arn.contains(":assumed-role/AWSReservedSSO_") && arn.ends_with("/sam"), "{arn}");
}

#[tokio::test(start_paused = true)]
async fn each_attribute_finds_its_own() {
    let world = world(FIVE);
    let client = client(&world);
    let all = events(client.lookup_events()).await;
    let kim = all.iter().find(|event| event.username() == Some("kim")).unwrap();
    let arn = kim.resources()[0].resource_name().unwrap();
    for (key, value, count) in [
        (Key::EventId, kim.event_id().unwrap(), 1),
        (Key::EventName, "RotationFailed", 3),
        (Key::EventName, "rotationfailed", 0),
        (Key::ReadOnly, "false", 5),
        (Key::ReadOnly, "true", 0),
        (Key::Username, "sam", 1),
        (Key::ResourceType, "AWS::SecretsManager::Secret", 2),
        // what was called by name is not found by ARN, and the other way round
        (Key::ResourceName, arn, 1),
        (Key::ResourceName, "prod/y", 1),
        (Key::ResourceName, "prod/x", 0),
        (Key::EventSource, "secretsmanager.amazonaws.com", 5),
        (Key::AccessKeyId, kim.access_key_id().unwrap(), 1),
    ] {
        let found = events(client.lookup_events().lookup_attributes(by(key.clone(), value))).await;
        assert_eq!(found.len(), count, "{key} {value}");
    }
}

#[tokio::test(start_paused = true)]
async fn pages_go_from_the_newest_to_the_oldest() {
    let client = client(&world(FIVE));
    let lookup = client.lookup_events().max_results(2);
    let (mut times, mut token) = (Vec::new(), None);
    loop {
        let page = ask(lookup.clone().set_next_token(token)).await.unwrap();
        times.extend(page.events().iter().map(|event| event.event_time().unwrap().secs()));
        token = page.next_token;
        if token.is_none() {
            break;
        }
        let other = lookup.clone().lookup_attributes(by(Key::ReadOnly, "false")).set_next_token(token.clone());
        assert_eq!(ask(other).await.unwrap_err(), "InvalidNextTokenException");
    }
    assert_eq!(times.len(), 5);
    assert!(times.is_sorted_by(|a, b| a > b), "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn both_ends_of_the_range_belong_to_it() {
    let world = world(FIVE);
    let client = client(&world);
    let at = |hours: i64| Time::from_secs(world.now().timestamp() - hours * 3600);
    let (start, end) = (at(48), at(40));
    let found = events(client.lookup_events().start_time(start).end_time(end)).await;
    assert_eq!(found.len(), 3);
    let later = Time::from_secs(start.secs() + 1);
    assert_eq!(events(client.lookup_events().start_time(later).end_time(end)).await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_event_shows_late_and_is_gone_after_ninety_days() {
    let secret = "[[secret]]\nname = \"a\"\nevents = [{ name = \"CancelRotateSecret\", at = \"-30s\" }]";
    for (delay, waits) in [("", 270), ("trail = { delay = \"1h\" }\n", 3570)] {
        let world = world(&format!("{delay}{secret}"));
        let client = client(&world);
        tokio::time::sleep(Duration::from_secs(waits - 2)).await;
        assert_eq!(events(client.lookup_events()).await.len(), 0, "{delay}");
        assert_eq!(events(client.lookup_events()).await.len(), 1, "{delay}");
        tokio::time::sleep(Duration::from_secs(90 * 86_400 - waits - 31)).await;
        assert_eq!(events(client.lookup_events()).await.len(), 1, "{delay}");
        assert_eq!(events(client.lookup_events()).await.len(), 0, "{delay}");
    }
}

#[tokio::test(start_paused = true)]
async fn more_than_two_a_second_are_throttled() {
    let world = world(FIVE);
    let client = client(&world);
    let mut codes = Vec::new();
    for wait in [0, 0, 0, 500, 0] {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let answer = client.lookup_events().send().await;
        codes.push(answer.err().map(|error| (error.code().unwrap().to_owned(), error.message().unwrap().to_owned())));
    }
    let throttled = Some(("ThrottlingException".to_owned(), "Rate exceeded".to_owned()));
    assert_eq!(codes, [None, None, throttled.clone(), None, throttled]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_valid_has_an_error_of_its_own() {
    let client = client(&world(FIVE));
    let lookup = || client.lookup_events();
    let name = || by(Key::EventName, "x");
    for (wrong, code) in [
        (lookup().lookup_attributes(name()).lookup_attributes(name()), "InvalidLookupAttributesException"),
        (lookup().lookup_attributes(by("Colour".into(), "x")), "InvalidLookupAttributesException"),
        (lookup().lookup_attributes(by(Key::EventName, "")), "InvalidLookupAttributesException"),
        (lookup().lookup_attributes(by(Key::EventName, &"x".repeat(2001))), "InvalidLookupAttributesException"),
        (lookup().lookup_attributes(by(Key::EventName, &"_".repeat(1001))), "InvalidLookupAttributesException"),
        (lookup().start_time(Time::from_secs(2)).end_time(Time::from_secs(1)), "InvalidTimeRangeException"),
        (lookup().max_results(0), "InvalidMaxResultsException"),
        (lookup().max_results(51), "InvalidMaxResultsException"),
        (lookup().next_token("no token of ours"), "InvalidNextTokenException"),
        (lookup().event_category("data".into()), "InvalidEventCategoryException"),
    ] {
        assert_eq!(ask(wrong).await.unwrap_err(), code);
    }
    assert_eq!(events(lookup().lookup_attributes(by(Key::EventName, &"x".repeat(2000)))).await.len(), 0);
    assert_eq!(events(lookup().event_category(EventCategory::Insight)).await.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn faults_strike_lookups_too() {
    let fault = |kind: &str| world(&format!("[[fault]]\noperation = \"LookupEvents\"\nkind = \"{kind}\""));
    for (kind, code) in [
        ("deny", "AccessDeniedException"),
        ("error", "InternalFailure"),
        ("not-permitted", "OperationNotPermittedException"),
        ("unsupported", "UnsupportedOperationException"),
    ] {
        assert_eq!(ask(client(&fault(kind)).lookup_events()).await.unwrap_err(), code);
    }
    let error = client(&fault("deny")).lookup_events().send().await.unwrap_err();
    assert!(error.message().unwrap().contains("perform: cloudtrail:LookupEvents because"), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn another_region_has_recorded_nothing() {
    let config = config::Builder::from(&world(FIVE).sdk_config()).region(config::Region::new("us-east-1"));
    assert_eq!(events(Client::from_conf(config.build()).lookup_events()).await.len(), 0);
}

/// A secret with one event of a name and these keys, and the record of it.
async fn told(keys: &str) -> (Event, Value) {
    let secret = "[[secret]]\nname = \"a\"\nfunction = \"f\"\ndeleted = \"+6d\"\nversions = [{ id = \"11111111-2222-4333-8444-555555555555\", labels = [\"AWSCURRENT\"] }]";
    let world = world(&format!("{secret}\nevents = [{{ at = \"-1h\", {keys} }}]"));
    let found = events(client(&world).lookup_events()).await.remove(0);
    let record = record(&found);
    (found, record)
}

#[tokio::test(start_paused = true)]
async fn a_scenario_tells_of_any_call() {
    let id = "11111111-2222-4333-8444-555555555555";
    let version = json!({ "versionId": id });
    for (keys, input, more) in [
        (
            "name = \"CreateSecret\", version = \"AWSCURRENT\"",
            json!({ "name": "a", "clientRequestToken": id }),
            version.clone(),
        ),
        (
            "name = \"RotateSecret\", version = \"AWSCURRENT\"",
            json!({ "secretId": "a", "clientRequestToken": id }),
            version.clone(),
        ),
        (
            "name = \"DeleteSecret\", parameters = { recoveryWindowInDays = 7 }",
            json!({ "secretId": "a", "recoveryWindowInDays": 7 }),
            json!({ "deletionDate": "Nov 26, 2026 9:14:00 AM" }),
        ),
        ("name = \"RestoreSecret\"", json!({ "secretId": "a" }), json!({})),
        (
            "name = \"UpdateSecretVersionStage\", parameters = { versionStage = \"x\" }",
            json!({ "secretId": "a", "versionStage": "x" }),
            json!({}),
        ),
        (
            "name = \"ComposeSecret\", by = \"kim\", answer = { tune = [1, 2] }",
            json!({ "secretId": "a" }),
            json!({ "tune": [1, 2] }),
        ),
    ] {
        let (event, record) = told(keys).await;
        assert_eq!((&record["requestParameters"], &record["eventType"]), (&input, &json!("AwsApiCall")), "{keys}");
        let mut answer = record["responseElements"].clone();
        let members = answer.as_object_mut().unwrap();
        assert!(members.remove("arn").unwrap().as_str().unwrap().contains(":secret:a-"), "{keys}");
        assert_eq!(members.remove("name"), Some(json!("a")), "{keys}");
        assert_eq!(answer, more, "{keys}");
        assert_eq!((event.resources()[0].resource_name(), event.read_only()), (Some("a"), Some("false")), "{keys}");
    }
    let (_, put) = told("name = \"PutSecretValue\", version = \"AWSCURRENT\"").await;
    assert_eq!(put["responseElements"].as_object().unwrap().keys().collect::<Vec<_>>(), ["arn"]);
    let (_, tagged) = told("name = \"TagResource\", parameters = { tags = [{ key = \"a\", value = \"b\" }] }").await;
    assert_eq!(
        (&tagged["responseElements"], &tagged["requestParameters"]["tags"][0]["key"]),
        (&Value::Null, &json!("a"))
    );
    let (_, old) = told("name = \"RotateSecret\", arn_spelling = \"aRN\"").await;
    assert_eq!(old["responseElements"].as_object().unwrap().keys().collect::<Vec<_>>(), ["aRN", "name"]);
}

#[tokio::test(start_paused = true)]
async fn a_scenario_tells_of_refused_calls() {
    let (event, denied) =
        told("name = \"DeleteSecret\", by = \"kim\", error = \"AccessDenied\", message = \"User: kim\"").await;
    assert_eq!((&denied["requestParameters"], &denied["responseElements"]), (&Value::Null, &Value::Null));
    assert_eq!((&denied["errorCode"], &denied["errorMessage"]), (&json!("AccessDenied"), &json!("User: kim")));
    assert_eq!((event.resources().len(), event.username()), (0, Some("kim")));
    let (_, refused) = told("name = \"RotateSecret\", error = \"InvalidRequestException\", message = \"no\"").await;
    assert_eq!(
        (&refused["requestParameters"], &refused["responseElements"]),
        (&json!({ "secretId": "a" }), &Value::Null)
    );
}

#[tokio::test(start_paused = true)]
async fn a_scenario_tells_of_any_service_event() {
    for (name, has_version) in [
        ("RotationStarted", true),
        ("RotationSucceeded", true),
        ("RotationAbandoned", true),
        ("TestRotationSucceeded", true),
        ("StartSecretVersionDelete", false),
        ("SecretVersionDeletion", false),
        ("RotationForeseen", true),
        ("SomethingElse", false),
    ] {
        let (event, record) = told(&format!("name = \"{name}\"")).await;
        assert_eq!((&record["eventType"], event.username()), (&json!("AwsServiceEvent"), None), "{name}");
        let arn = record["additionalEventData"]["SecretId"].as_str().unwrap();
        let id = record["requestID"].as_str().unwrap();
        assert_eq!(id.starts_with(&format!("Rotation-{arn}-")), has_version, "{name}");
        assert_eq!(record.get("errorMessage"), None, "{name}");
    }
    let (_, failed) = told("name = \"TestRotationFailed\", step = \"testSecret\"").await;
    assert!(failed["errorMessage"].as_str().unwrap().ends_with("function:f during testSecret step"));
}
