//! The operators one by one, in the examples of AWS's page of them.

use serde_json::json;

use super::*;

fn matches(pattern: &Value, event: &Value) -> bool {
    Pattern::parse(&pattern.to_string()).unwrap().matches(event)
}

#[test]
fn a_field_fits_where_its_operator_says_so() {
    for (operator, fits, fails) in [
        (json!("a"), json!("a"), json!("A")),
        (json!(3), json!(3), json!("3")),
        (json!(null), json!(null), json!("null")),
        (json!(""), json!(""), json!(null)),
        (json!(true), json!(true), json!(false)),
        (json!({ "prefix": "eu-" }), json!("eu-west-1"), json!("us-east-1")),
        (json!({ "suffix": ".png" }), json!("a.png"), json!("a.PNG")),
        (json!({ "prefix": { "equals-ignore-case": "EventB" } }), json!("eventbridge"), json!("event")),
        (json!({ "suffix": { "equals-ignore-case": ".Png" } }), json!("a.PNG"), json!("png.a")),
        (json!({ "equals-ignore-case": "alice" }), json!("ALICE"), json!("alice2")),
        (json!({ "wildcard": "dir/*.png" }), json!("dir/sub/a.png"), json!("dir/a.png2")),
        (json!({ "wildcard": "*b*b*" }), json!("abcb"), json!("abc")),
        (json!({ "wildcard": "a\\*c" }), json!("a*c"), json!("abc")),
        (json!({ "anything-but": "a" }), json!("b"), json!("a")),
        (json!({ "anything-but": ["a", 3] }), json!(4), json!(3)),
        (json!({ "anything-but": { "prefix": "init" } }), json!("stop"), json!("initializing")),
        (json!({ "anything-but": { "suffix": ["1", "2"] } }), json!("a3"), json!("a2")),
        (json!({ "anything-but": { "equals-ignore-case": ["A", "b"] } }), json!("c"), json!("B")),
        (json!({ "anything-but": { "wildcard": "*/lib/*" } }), json!("/bin/a"), json!("/lib/a")),
        (json!({ "numeric": [">", 0, "<=", 5] }), json!(5), json!(0)),
        (json!({ "numeric": ["=", 3.5] }), json!(3.5), json!("3.5")),
        (json!({ "numeric": ["<", 10] }), json!(-1), json!(10)),
        (json!({ "exists": true }), json!(null), json!({ "deeper": 1 })),
    ] {
        let pattern = json!({ "detail": { "field": [operator] } });
        assert!(matches(&pattern, &json!({ "detail": { "field": fits } })), "{pattern} {fits}");
        assert!(matches(&pattern, &json!({ "detail": { "field": ["~", fits] } })), "{pattern} in a list");
        assert!(!matches(&pattern, &json!({ "detail": { "field": fails } })), "{pattern} {fails}");
        assert!(!matches(&pattern, &json!({ "detail": { "other": fits } })), "{pattern} without the field");
    }
}

#[test]
fn a_field_that_must_not_exist_does_not() {
    let pattern = json!({ "detail": { "errorCode": [{ "exists": false }] } });
    for (event, fits) in [
        (json!({ "detail": { "a": 1 } }), true),
        (json!({ "other": 1 }), true),
        (json!({ "detail": { "errorCode": "AccessDenied" } }), false),
    ] {
        assert_eq!(matches(&pattern, &event), fits, "{event}");
    }
}

#[test]
fn all_members_must_fit_and_one_of_an_or() {
    let pattern = json!({
        "source": ["aws.secretsmanager", "aws.kms"],
        "detail": { "eventName": ["DeleteSecret"], "$or": [{ "a": { "b": [1] } }, { "c": [2] }] },
    });
    let event = |source: &str, detail: Value| json!({ "source": source, "detail": detail });
    for (event, fits) in [
        (event("aws.kms", json!({ "eventName": "DeleteSecret", "a": { "b": 1 } })), true),
        (event("aws.kms", json!({ "eventName": "DeleteSecret", "a": [{ "b": 2 }, { "b": [1, 3] }] })), true),
        (event("aws.kms", json!({ "eventName": "DeleteSecret", "a": { "b": 2 }, "c": 2 })), true),
        (event("aws.kms", json!({ "eventName": "DeleteSecret", "a": { "b": 2 } })), false),
        (event("aws.kms", json!({ "eventName": "DeleteSecret", "a": null })), false),
        (event("aws.s3", json!({ "eventName": "DeleteSecret", "c": 2 })), false),
        (event("aws.kms", json!({ "c": 2 })), false),
    ] {
        assert_eq!(matches(&pattern, &event), fits, "{event}");
    }
}

#[test]
fn what_is_no_pattern_is_refused() {
    for wrong in [
        "",
        "[]",
        "{}",
        r#"{"a": "b"}"#,
        r#"{"a": []}"#,
        r#"{"a": {}}"#,
        r#"{"a": [[1]]}"#,
        r#"{"a": [{"prefix": "b", "suffix": "c"}]}"#,
        r#"{"a": [{"cidr": "10.0.0.0/8"}]}"#,
        r#"{"a": [{"prefix": 1}]}"#,
        r#"{"a": [{"prefix": {"wildcard": "b"}}]}"#,
        r#"{"a": [{"exists": "yes"}]}"#,
        r#"{"a": [{"numeric": [">"]}]}"#,
        r#"{"a": [{"numeric": ["~", 1]}]}"#,
        r#"{"a": [{"anything-but": []}]}"#,
        r#"{"a": [{"anything-but": null}]}"#,
        r#"{"$or": [{"a": [1]}]}"#,
        r#"{"$or": [1, 2]}"#,
    ] {
        assert!(Pattern::parse(wrong).is_err(), "{wrong}");
    }
}
