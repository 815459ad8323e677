//! Every kind of fault, as the SDK meets it, on the worlds the other tests use too.

use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
use tokio::time::{Instant, timeout};

use super::{client, names, test_world, walk, world};

/// Error code and message of ListSecrets.
async fn refused(client: &Client) -> (String, String) {
    let error = client.list_secrets().send().await.unwrap_err();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    (text(error.code()), text(error.message()))
}

#[tokio::test(start_paused = true)]
async fn errors_take_the_place_of_the_answer() {
    let denied = "User: arn:aws:sts::000000000000:assumed-role/on-call/demo is not authorized to perform: secretsmanager:ListSecrets because no identity-based policy allows the secretsmanager:ListSecrets action";
    let skew = "Signature expired: 20261120T081400Z is now earlier than 20261120T090900Z (20261120T091400Z - 5 min.)";
    let expired = "The security token included in the request is expired";
    let unknown = "The security token included in the request is invalid.";
    let internal = "An error occurred on the server side.";
    let down = "The request has failed due to a temporary failure of the server.";
    let table = [
        ("throttle", 400, "ThrottlingException", "Rate exceeded"),
        ("deny-list", 400, "AccessDeniedException", denied),
        ("error-500", 500, "InternalServiceError", internal),
        ("unavailable", 503, "ServiceUnavailable", down),
        ("bad-credentials", 400, "UnrecognizedClientException", unknown),
        ("clock-skew", 400, "InvalidSignatureException", skew),
    ];
    for (name, status, code, message) in table {
        let world = test_world(name);
        let expected = (code.to_owned(), message.to_owned());
        assert_eq!(refused(&client(&world)).await, expected, "{name}");
        let entry = &world.journal()[0];
        assert_eq!((entry.status, entry.error.as_deref()), (Some(status), Some(code)));
    }
    let client = client(&test_world("expired"));
    assert!(client.list_secrets().send().await.is_ok());
    assert_eq!(refused(&client).await, ("ExpiredTokenException".to_owned(), expired.to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_denied_secret_is_named_by_its_arn() {
    let world = test_world("deny-describe");
    let client = client(&world);
    let error = client.describe_secret().secret_id("prod/payments/db").send().await.unwrap_err();
    let arn = world.journal()[0].secret.clone().unwrap();
    let end = format!(
        "secretsmanager:DescribeSecret on resource: {arn} because no identity-based policy allows the secretsmanager:DescribeSecret action"
    );
    assert!(error.message().unwrap().ends_with(&end), "{error:?}");
    assert!(client.describe_secret().secret_id("prod/orders/db").send().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn query_services_have_codes_of_their_own() {
    let sts = aws_sdk_sts::Client::new(&test_world("bad-credentials").sdk_config());
    let error = sts.get_caller_identity().send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidClientTokenId"));
    let sts = aws_sdk_sts::Client::new(&test_world("expired").sdk_config());
    let error = sts.get_caller_identity().send().await.unwrap_err();
    assert_eq!(error.code(), Some("ExpiredToken"));
}

#[tokio::test(start_paused = true)]
async fn the_sdk_gets_over_two_throttles() {
    let world = test_world("throttle");
    let client = Client::new(&world.sdk_config());
    assert_eq!(client.list_secrets().send().await.unwrap().secret_list().len(), 3);
    let statuses: Vec<_> = world.journal().iter().map(|entry| entry.status).collect();
    assert_eq!(statuses, [Some(400), Some(400), Some(200)]);
}

#[tokio::test(start_paused = true)]
async fn a_span_of_world_time_ends() {
    let client = client(&test_world("throttle-minute"));
    tokio::time::advance(Duration::from_millis(59_999)).await;
    assert_eq!(refused(&client).await.0, "ThrottlingException");
    tokio::time::advance(Duration::from_millis(1)).await;
    assert!(client.list_secrets().send().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_broken_connection_is_a_dispatch_failure() {
    let world = test_world("reset");
    let error = client(&world).list_secrets().send().await.unwrap_err();
    let failure = match &error {
        aws_sdk_secretsmanager::error::SdkError::DispatchFailure(failure) => failure,
        other => panic!("{other:?}"),
    };
    assert!(failure.is_io());
    assert_eq!(world.journal()[0].status, None);
}

#[tokio::test(start_paused = true)]
async fn half_a_body_is_a_response_error() {
    let error = client(&test_world("malformed")).list_secrets().send().await.unwrap_err();
    let response = error.raw_response().unwrap();
    assert_eq!(response.status().as_u16(), 200);
    let text = String::from_utf8_lossy(response.body().bytes().unwrap()).into_owned();
    assert!(text.starts_with("{\"SecretList\"") && !text.ends_with('}'), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_hang_never_ends_and_is_in_the_journal() {
    let world = test_world("hang");
    let client = client(&world);
    let describe = client.describe_secret().secret_id("prod/orders/db").send();
    let waited = timeout(Duration::from_mins(5), describe).await;
    assert!(waited.is_err(), "{waited:?}");
    assert_eq!(world.journal()[0].status, None);
}

#[tokio::test(start_paused = true)]
async fn latency_is_world_time() {
    let start = Instant::now();
    client(&test_world("latency")).list_secrets().send().await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(2));
    // Longer than the SDK lets an upload stall: the request must count as sent.
    let slow = world("[[fault]]\noperation = \"*\"\nkind = \"latency\"\ndelay = \"1m\"");
    client(&slow).list_secrets().send().await.unwrap();
    let fast = world("clock = { speed = 10.0 }\n[[fault]]\noperation = \"*\"\nkind = \"latency\"\ndelay = \"2s\"");
    let start = Instant::now();
    client(&fast).list_secrets().send().await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_millis(200));
}

#[tokio::test(start_paused = true)]
async fn an_endless_listing_gives_ever_new_tokens() {
    let client = client(&test_world("endless"));
    let mut tokens = Vec::new();
    let mut token = None;
    for page in 0..50 {
        let list = client.list_secrets().set_next_token(token).send().await.unwrap();
        assert_eq!(list.secret_list().len(), if page == 0 { 2 } else { 0 });
        token = list.next_token;
        tokens.extend(token.clone());
    }
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 50);
}

#[tokio::test(start_paused = true)]
async fn a_repeated_token_repeats_the_page() {
    let client = client(&test_world("repeat-token"));
    let first = client.list_secrets().send().await.unwrap();
    let token = first.next_token.unwrap();
    for _ in 0..3 {
        let again = client.list_secrets().next_token(&token).send().await.unwrap();
        assert_eq!(names(again.secret_list()), ["prod/payments/db"]);
        assert_eq!(again.next_token(), Some(token.as_str()));
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_page_loses_nothing() {
    let (all, pages) = walk(client(&test_world("empty-page")).list_secrets()).await;
    assert_eq!((all.len(), pages), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn the_last_page_can_have_an_empty_token() {
    let client = client(&test_world("empty-token"));
    let first = client.list_secrets().send().await.unwrap();
    assert!(!first.next_token().unwrap().is_empty());
    let last = client.list_secrets().set_next_token(first.next_token).send().await.unwrap();
    assert_eq!(names(last.secret_list()), ["prod/search/api-key"]);
    assert_eq!(last.next_token(), Some(""));
}

#[tokio::test(start_paused = true)]
async fn rules_count_for_themselves_and_carry_their_message() {
    let world = world(
        r#"
[[fault]]
operation = "ListSecrets"
kind = "throttle"
after = 1
times = 1

[[fault]]
operation = "ListSecrets"
kind = "error"
after = 1
times = 1
message = "out of paper"
"#,
    );
    let client = client(&world);
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(client.list_secrets().send().await.err().and_then(|e| e.code().map(str::to_owned)));
    }
    let codes: Vec<_> = codes.iter().map(Option::as_deref).collect();
    assert_eq!(codes, [None, Some("ThrottlingException"), Some("InternalServiceError"), None]);
}
