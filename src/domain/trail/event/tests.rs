//! Records that can't be read, lack what they should have, or are of nobody's making; their shapes are in `shapes`.

mod shapes;

use proptest::prelude::*;
use serde_json::{Value, json};

use self::shapes::calls;
use super::*;
use crate::domain::trail::made::{ARN, NAME, PARTIAL, VERSION, at, call, read, secret, service};
use crate::domain::trail::{Kind, SOURCE};

#[test]
fn how_it_ended_is_told_in_aws_own_words() {
    let ended = |changes: Value| read(&call("GetSecretValue", changes)).outcome;
    let failed = |code: Option<&str>, message: Option<&str>| Outcome::Failed {
        code: code.map(Into::into),
        message: message.map(Into::into),
    };
    assert_eq!(ended(json!({ "errorCode": null, "errorMessage": null })), Outcome::Done);
    assert_eq!(ended(json!({ "errorCode": "", "errorMessage": "" })), Outcome::Done);
    let (code, message) = ("AccessDenied", "Access to KMS is not allowed");
    assert_eq!(ended(json!({ "errorCode": code, "errorMessage": message })), failed(Some(code), Some(message)));
    assert_eq!(ended(json!({ "errorCode": code })), failed(Some(code), None));
    assert_eq!(ended(json!({ "errorMessage": message })), failed(None, Some(message)));
    // What says that it failed in a way that can't be read says so all the same.
    assert_eq!(ended(json!({ "errorCode": 500 })), failed(None, None));
    assert_eq!(ended(json!({ "errorMessage": { "text": message } })), failed(None, None));
}

#[test]
fn another_service_with_a_resource_of_that_name_is_not_about_the_secret() {
    for resource in [NAME, PARTIAL] {
        let record =
            call("DescribeTable", json!({ "eventSource": "dynamodb.amazonaws.com", "requestParameters": null }));
        let listed = Listed { resources: vec![resource.to_owned()], ..about(&record.to_string()) };
        let event = TrailEvent::read(listed.clone()).unwrap();
        assert_eq!((event.names(&secret(NAME, ARN)), event.kind()), (false, Kind::Other));
        let unread = Listed { record: None, source: Some("dynamodb.amazonaws.com".to_owned()), ..listed };
        assert!(!TrailEvent::read(unread).unwrap().names(&secret(NAME, ARN)));
    }
}

/// What LookupEvents lists beside a record.
fn about(record: &str) -> Listed {
    Listed {
        id: Some("listed-id".to_owned()),
        name: Some("GetSecretValue".to_owned()),
        source: Some(SOURCE.to_owned()),
        at: Some(at(0)),
        username: Some("sam".to_owned()),
        resources: vec![NAME.to_owned()],
        record: Some(record.to_owned()),
    }
}

#[test]
fn a_record_that_cannot_be_read_is_an_event_by_what_is_listed_beside_it() {
    let cut = call("GetSecretValue", json!({})).to_string();
    for record in ["", "null", "[]", "[{}]", "7", "\"text\"", "{", &cut[..cut.len() - 1], "\u{0}"] {
        let event = TrailEvent::read(about(record)).unwrap();
        assert_eq!((event.id.raw(), event.at, event.name.raw()), ("listed-id", at(0), "GetSecretValue"), "{record}");
        assert_eq!((event.unreadable, &event.outcome), (Some(Unreadable::NotJson), &Outcome::Unknown), "{record}");
        assert_eq!((event.scene.who.words().as_str(), event.kind()), ("sam", Kind::Other));
        assert!(event.names(&secret(NAME, ARN)));
        assert_eq!(event.record.as_deref(), Some(record));
    }
    let none = TrailEvent::read(Listed { record: None, ..about("") }).unwrap();
    assert_eq!((none.unreadable, none.record), (Some(Unreadable::NotJson), None));
}

#[test]
fn what_a_record_lacks_is_taken_from_the_list() {
    for (changes, unreadable) in [
        (json!({ "eventTime": null }), Some(Unreadable::Without("eventTime"))),
        (json!({ "eventTime": 1_795_000_000 }), Some(Unreadable::Without("eventTime"))),
        (json!({ "eventTime": "yesterday" }), Some(Unreadable::Without("eventTime"))),
        (json!({ "eventID": null }), None),
        (json!({ "eventID": 7 }), None),
        (json!({ "eventName": null, "eventSource": null }), None),
    ] {
        let event = TrailEvent::read(about(&call("GetSecretValue", changes.clone()).to_string())).unwrap();
        assert_eq!(event.unreadable, unreadable, "{changes}");
        assert_eq!(event.at == at(0), unreadable.is_some(), "{changes}");
        assert_eq!(event.id.raw() == "listed-id", changes.get("eventID").is_some(), "{changes}");
        assert_eq!((event.kind(), event.scene.who.words().as_str()), (Kind::Read, "orders-api"), "{changes}");
    }
    let nameless = Listed { name: None, ..about(&call("x", json!({ "eventName": null })).to_string()) };
    let event = TrailEvent::read(nameless).unwrap();
    assert_eq!((event.unreadable, event.kind()), (Some(Unreadable::Without("eventName")), Kind::Other));
}

#[test]
fn only_an_event_without_an_id_or_a_time_has_no_place() {
    let bare = |listed: Listed, changes: Value| {
        TrailEvent::read(Listed { record: Some(call("GetSecretValue", changes).to_string()), ..listed })
    };
    let (no_id, no_time) = (json!({ "eventID": null }), json!({ "eventTime": null }));
    assert_eq!(bare(Listed::default(), no_id.clone()), Err(Unplaced));
    assert_eq!(bare(Listed::default(), no_time.clone()), Err(Unplaced));
    assert!(bare(Listed { id: Some("a".to_owned()), ..Listed::default() }, no_id.clone()).is_ok());
    assert_eq!(bare(Listed { id: Some(String::new()), ..Listed::default() }, no_id), Err(Unplaced));
    assert!(bare(Listed { at: Some(at(0)), ..Listed::default() }, no_time).is_ok());
    for listed in [Listed { id: None, ..about("") }, Listed { at: None, ..about("") }] {
        assert_eq!(TrailEvent::read(listed), Err(Unplaced));
    }
}

#[test]
fn hostile_records_are_events_whose_words_stay_short_and_harmless() {
    let escape = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}\u{0}\u{9b}31m";
    let long = "a".repeat(60_000);
    for agent in [escape.to_owned(), long.clone(), format!("x/1 exec-env/{long}"), format!("{escape}/{long}")] {
        let event = read(&call("GetSecretValue", json!({ "userAgent": agent, "sourceIPAddress": escape })));
        let client = event.scene.client.as_ref().unwrap().to_string();
        assert!(client.len() < 400, "{} bytes", client.len());
        assert!(!client.contains(|c: char| c.is_control() || crate::text::is_hostile(c)), "{client:?}");
        assert_eq!(event.kind(), Kind::Read);
    }
    let fat = call("GetSecretValue", json!({ "fill": "x".repeat(200_000) }));
    assert_eq!((read(&fat).kind(), read(&fat).names(&secret(NAME, ARN))), (Kind::Read, true));
    for id in [json!(7), json!(null), json!([NAME]), json!({ "secretId": NAME }), json!(true)] {
        let event = read(&call("GetSecretValue", json!({ "requestParameters": { "secretId": id } })));
        assert_eq!((event.kind(), event.names(&secret(NAME, ARN))), (Kind::Read, false), "{id}");
        assert_eq!(event.scene.whose.name(), None, "{id}");
    }
    for parameters in [json!("text"), json!([]), json!(7), json!({ "secretId": escape })] {
        let event = read(&call("GetSecretValue", json!({ "requestParameters": parameters })));
        let name = event.scene.whose.name().map(|name| name.to_string()).unwrap_or_default();
        assert!(!name.contains(|c: char| c.is_control() || crate::text::is_hostile(c)), "{name:?}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec![NAME, ARN, PARTIAL, VERSION, SOURCE, "kms.amazonaws.com", "2026-11-20T09:14:03Z"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((".{0,8}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A good record with some of its members, at any depth, put in place of anything.
fn spoiled() -> impl Strategy<Value = Value> {
    let good: Vec<Value> = calls().into_iter().map(|(record, ..)| record).collect();
    let services = ["RotationFailed", "RotationStarted", "EndSecretVersionDelete"].map(|name| service(name, json!({})));
    let all: Vec<_> = good.into_iter().chain(services).collect();
    let spoil = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any_json());
    (prop::sample::select(all), prop::collection::vec(spoil, 1..6)).prop_map(|(mut record, spoils)| {
        for (outer, inner, put) in spoils {
            let Some(members) = record.as_object_mut() else { break };
            let name = outer.get(&members.keys().cloned().collect::<Vec<_>>()).clone();
            let member = &mut members[&name];
            match member.as_object_mut().filter(|inside| !inside.is_empty()) {
                Some(inside) => {
                    let name = inner.get(&inside.keys().cloned().collect::<Vec<_>>()).clone();
                    inside[&name] = put;
                }
                None => *member = put,
            }
        }
        record
    })
}

proptest! {
    #[test]
    fn whatever_the_record_is_an_event_with_an_id_and_a_time_is_there(
        record in prop_oneof![any_json(), spoiled()], cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let text = record.to_string();
        let text = cut.map_or(text.clone(), |at| text.chars().take(at.index(text.chars().count())).collect());
        let event = TrailEvent::read(about(&text)).unwrap();
        prop_assert_eq!(event.record.as_deref(), Some(text.as_str()));
        prop_assert!(!event.id.is_empty());
        let words = [event.scene.who.words(), event.scene.who.reader().words(), event.deed.words().unwrap_or_default()];
        for words in words {
            prop_assert!(!words.contains(|c: char| c.is_control() || crate::text::is_hostile(c)), "{:?}", words);
        }
        prop_assert!(!event.scene.who.words().is_empty());
        let nothing = TrailEvent::read(Listed { id: None, at: None, ..about(&text) });
        let is_placed = serde_json::from_str::<Value>(&text).is_ok_and(|value| {
            let has_time = value["eventTime"].as_str().is_some_and(|time| DateTime::parse_from_rfc3339(time).is_ok());
            has_time && value["eventID"].as_str().is_some_and(|id| !id.is_empty())
        });
        prop_assert_eq!(nothing.is_ok(), is_placed);
    }
}
