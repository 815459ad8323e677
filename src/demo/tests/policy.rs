//! The policy of whoever calls, as the SDK meets it.

use aws_sdk_cloudtrail as cloudtrail;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata;

use super::{client, world};
use crate::demo::World;

/// A world with one secret, where these statements hold.
fn under(statements: &str) -> World {
    world(&format!("policy = '''{{ \"Statement\": [{statements}] }}'''\n[[secret]]\nname = \"prod/x\""))
}

fn allow(action: &str, resource: &str) -> String {
    format!(r#"{{ "Effect": "Allow", "Action": "{action}", "Resource": "{resource}" }}"#)
}

const CALLER: &str = "User: arn:aws:sts::000000000000:assumed-role/on-call/demo is not authorized to perform: ";

#[tokio::test(start_paused = true)]
async fn what_nothing_allows_is_denied_in_awss_words() {
    let world = under("");
    let client = client(&world);
    let list = client.list_secrets().send().await.unwrap_err();
    assert_eq!(list.code(), Some("AccessDeniedException"));
    let action = "secretsmanager:ListSecrets";
    let words = format!("{CALLER}{action} because no identity-based policy allows the {action} action");
    assert_eq!(list.message(), Some(words.as_str()));
    let describe = client.describe_secret().secret_id("prod/x").send().await.unwrap_err();
    let arn = world.journal()[1].secret.clone().unwrap();
    let action = "secretsmanager:DescribeSecret";
    let words =
        format!("{CALLER}{action} on resource: {arn} because no identity-based policy allows the {action} action");
    assert_eq!(describe.message(), Some(words.as_str()));
    let trail = cloudtrail::Client::new(&world.sdk_config());
    let lookup = trail.lookup_events().send().await.unwrap_err();
    assert!(lookup.message().unwrap().contains("perform: cloudtrail:LookupEvents because"), "{lookup:?}");
}

#[tokio::test(start_paused = true)]
async fn an_explicit_deny_says_so() {
    let deny = r#"{ "Effect": "Deny", "Action": "secretsmanager:ListSecrets", "Resource": "*" }"#;
    let world = under(&format!("{},{deny}", allow("*", "*")));
    let error = client(&world).list_secrets().send().await.unwrap_err();
    let words = format!("{CALLER}secretsmanager:ListSecrets with an explicit deny in an identity-based policy");
    assert_eq!(error.message(), Some(words.as_str()));
    assert!(client(&world).describe_secret().secret_id("prod/x").send().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_allowed_by_its_arn_however_it_is_named() {
    let world =
        under(&allow("secretsmanager:DescribeSecret", "arn:aws:secretsmanager:eu-west-1:*:secret:prod/x-??????"));
    let client = client(&world);
    let described = client.describe_secret().secret_id("prod/x").send().await.unwrap();
    let arn = described.arn().unwrap();
    for id in [arn, &arn[..arn.len() - 7]] {
        assert!(client.describe_secret().secret_id(id).send().await.is_ok(), "{id}");
    }
    let versions = client.list_secret_version_ids().secret_id(arn).send().await.unwrap_err();
    assert_eq!(versions.code(), Some("AccessDeniedException"));
}

#[tokio::test(start_paused = true)]
async fn a_name_that_no_secret_has_is_no_arn() {
    for (resource, code) in [("*", "ResourceNotFoundException"), ("arn:*", "AccessDeniedException")] {
        let client = client(&under(&allow("secretsmanager:*", resource)));
        let error = client.describe_secret().secret_id("nope").send().await.unwrap_err();
        assert_eq!(error.code(), Some(code), "{resource}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_calls_may_always_be_asked() {
    let deny = r#"{ "Effect": "Deny", "Action": "*", "Resource": "*" }"#;
    let sts = aws_sdk_sts::Client::new(&under(deny).sdk_config());
    assert_eq!(sts.get_caller_identity().send().await.unwrap().account(), Some("000000000000"));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_operation_is_no_matter_of_permission() {
    let world = under("");
    for (target, body, code) in [
        ("secretsmanager.NoSuchThing", "{}", "UnknownOperationException"),
        ("secretsmanager.ListSecrets", "{", "SerializationException"),
        ("secretsmanager.ListSecrets", "{}", "AccessDeniedException"),
    ] {
        let (_, answer) = super::errors::post(&world, target, body).await;
        assert_eq!(answer["__type"], code, "{target} {body}");
    }
}
