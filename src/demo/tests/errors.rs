//! Every refusal a request can earn by itself.

use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
use bytes::Bytes;
use serde_json::{Value, json};

use super::{client, world};
use crate::demo::World;
use crate::demo::wire::{self, Reply};

const ONE: &str = "[[secret]]\nname = \"prod/x\"";
const SIGNED: &str =
    "AWS4-HMAC-SHA256 Credential=AKIDX/20261120/eu-west-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0";

/// Status and body of a raw request.
pub(super) async fn post(world: &World, target: &str, body: &str) -> (u16, Value) {
    let request = http::Request::post("https://secretsmanager.eu-west-1.amazonaws.com/")
        .header("x-amz-target", target)
        .header("authorization", SIGNED)
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap();
    answered(world, request).await
}

async fn answered(world: &World, request: http::Request<Bytes>) -> (u16, Value) {
    let Reply::Whole(answer) = wire::reply(world.inner(), &request).await else {
        panic!("an answer");
    };
    let body = answer.body.bytes().unwrap_or_default();
    (answer.status, serde_json::from_slice(body).unwrap_or_default())
}

#[tokio::test(start_paused = true)]
async fn an_unknown_secret_is_not_found_in_awss_words() {
    let client = client(&world(ONE));
    let error = client.describe_secret().secret_id("nope").send().await.unwrap_err();
    assert_eq!(error.message(), Some("Secrets Manager can't find the specified secret."));
    assert!(error.into_service_error().is_resource_not_found_exception());
    let versions = client.list_secret_version_ids().secret_id("nope").send().await;
    let error = versions.unwrap_err().into_service_error();
    assert!(error.is_resource_not_found_exception());
}

#[tokio::test(start_paused = true)]
async fn a_token_is_good_for_its_own_listing_only() {
    let world = World::load("secrets:30").unwrap();
    let client = client(&world);
    let list = client.list_secrets().max_results(5);
    let token = list.clone().send().await.unwrap().next_token.unwrap();
    let flipped = token.replace(&token[..1], if token.starts_with('A') { "B" } else { "A" });
    for wrong in ["garbage", "MTIz", flipped.as_str()] {
        let error = list.clone().next_token(wrong).send().await.unwrap_err();
        assert!(error.into_service_error().is_invalid_next_token_exception(), "{wrong}");
    }
    let other = list.clone().sort_order("desc".into()).next_token(&token);
    let error = other.send().await.unwrap_err().into_service_error();
    assert!(error.is_invalid_next_token_exception());
    assert!(list.next_token(token).send().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn constraints_are_told_in_the_words_of_the_front() {
    let world = world(ONE);
    let long = "x".repeat(2049);
    let table = [
        ("DescribeSecret", json!({}), "1 validation error detected: Value null at 'secretId' failed to satisfy constraint: Member must not be null".to_owned()),
        ("DescribeSecret", json!({ "SecretId": "" }), "1 validation error detected: Value '' at 'secretId' failed to satisfy constraint: Member must have length greater than or equal to 1".to_owned()),
        ("ListSecretVersionIds", json!({ "SecretId": long }), format!("1 validation error detected: Value '{long}' at 'secretId' failed to satisfy constraint: Member must have length less than or equal to 2048")),
        ("ListSecrets", json!({ "MaxResults": 0, "SortOrder": "up" }), "2 validation errors detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1; Value 'up' at 'sortOrder' failed to satisfy constraint: Member must satisfy enum value set: [asc, desc]".to_owned()),
        ("ListSecrets", json!({ "MaxResults": 101 }), "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100".to_owned()),
        ("ListSecrets", json!({ "Filters": [{ "Key": "colour", "Values": ["x"] }] }), "1 validation error detected: Value 'colour' at 'filters.1.member.key' failed to satisfy constraint: Member must satisfy enum value set: [description, name, tag-key, tag-value, primary-region, owning-service, all]".to_owned()),
        ("ListSecrets", json!({ "Filters": vec![json!({ "Key": "name", "Values": ["x"] }); 11] }), "1 validation error detected: Value at 'filters' failed to satisfy constraint: Member must have length less than or equal to 10".to_owned()),
        ("ListSecrets", json!({ "Filters": [{ "Key": "name", "Values": [] }] }), "1 validation error detected: Value '[]' at 'filters.1.member.values' failed to satisfy constraint: Member must have length greater than or equal to 1".to_owned()),
    ];
    for (operation, input, message) in table {
        let target = format!("secretsmanager.{operation}");
        let expected = json!({ "__type": "ValidationException", "message": message });
        assert_eq!(post(&world, &target, &input.to_string()).await, (400, expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_filter_value_with_other_characters_is_refused() {
    let world = world(ONE);
    let filter = json!({ "Filters": [{ "Key": "name", "Values": ["a*"] }] }).to_string();
    let (status, body) = post(&world, "secretsmanager.ListSecrets", &filter).await;
    assert_eq!((status, body["__type"].as_str()), (400, Some("ValidationException")));
    assert!(body["message"].as_str().unwrap().contains("regular expression pattern"));
}

#[tokio::test(start_paused = true)]
async fn a_filter_without_values_is_an_invalid_parameter() {
    let world = world(ONE);
    let filter = json!({ "Filters": [{ "Key": "name" }] }).to_string();
    let (_, body) = post(&world, "secretsmanager.ListSecrets", &filter).await;
    let message = "Invalid filter values for key: name";
    assert_eq!(body, json!({ "__type": "InvalidParameterException", "Message": message }));
}

#[tokio::test(start_paused = true)]
async fn the_front_refuses_what_is_no_request() {
    let world = world(ONE);
    let list = "secretsmanager.ListSecrets";
    let table = [
        ("secretsmanager.NoSuchThing", "{}", "UnknownOperationException"),
        ("other.ListSecrets", "{}", "UnknownOperationException"),
        (list, "{", "SerializationException"),
        (list, "[]", "SerializationException"),
        (list, r#"{"MaxResults":"ten"}"#, "SerializationException"),
    ];
    for (target, body, code) in table {
        let (status, answer) = post(&world, target, body).await;
        assert_eq!((status, &answer["__type"]), (400, &json!(code)), "{target} {body}");
        let entry = world.journal().pop().unwrap();
        assert_eq!((entry.status, entry.error.as_deref()), (Some(400), Some(code)));
    }
}

#[tokio::test(start_paused = true)]
async fn an_unsigned_request_is_refused_whatever_it_asks() {
    let world = world(ONE);
    let request = http::Request::post("/")
        .header("x-amz-target", "secretsmanager.ListSecrets")
        .body(Bytes::from_static(b"{}"))
        .unwrap();
    let message = "Request is missing Authentication Token";
    let body = json!({ "__type": "MissingAuthenticationTokenException", "message": message });
    assert_eq!(answered(&world, request).await, (400, body));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_query_action_is_refused_as_xml() {
    let world = world(ONE);
    let request = http::Request::post("/")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", SIGNED)
        .body(Bytes::from_static(b"Action=AssumeRole&Version=2011-06-15"))
        .unwrap();
    let Reply::Whole(answer) = wire::reply(world.inner(), &request).await else {
        panic!("an answer");
    };
    let body = String::from_utf8_lossy(answer.body.bytes().unwrap()).into_owned();
    assert!(body.contains("<Code>InvalidAction</Code>"), "{body}");
    assert_eq!(answer.content_type, "text/xml");
}
