//! What only a real connection shows: there an answer's body comes after its head. Real time, as a socket has no other.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

use std::pin::pin;

use futures::TryStreamExt;
use secdash::aws::Aws;
use secdash::demo::World;
use secdash::domain::secret::SecretId;
use secdash::ops::inspect::inspect;

/// The door to a world behind a port, through the SDK's ordinary HTTP client.
async fn remote(world: &World) -> Aws {
    let listener = world.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    let url = format!("http://{}", listener.local_addr());
    tokio::spawn(listener.serve());
    let mut config = world.sdk_config().into_builder().endpoint_url(url);
    config.set_http_client(None);
    Aws::demo(config.build())
}

#[tokio::test]
async fn aws_s_own_answer_is_kept_to_the_letter() {
    let world = World::load("default").unwrap();
    let aws = remote(&world).await;
    let context = aws.open().await.unwrap();
    let secret = aws.describe(&context, "prod/payments/db").await.unwrap();
    let id = SecretId { context, arn: secret.id.arn.clone() };
    let raw: Vec<String> = inspect(&aws, &id).await.raw.iter().map(ToString::to_string).collect();
    assert!(raw.iter().any(|line| line.contains(r#""Name": "prod/payments/db""#)), "{raw:?}");
    assert_eq!((raw.first().map(String::as_str), raw.last().map(String::as_str)), (Some("{"), Some("}")));
}

#[tokio::test]
async fn the_list_comes_whole_and_in_order() {
    let world = World::load("secrets:1000").unwrap();
    let aws = remote(&world).await;
    let context = aws.open().await.unwrap();
    let mut pages = pin!(aws.list(&context));
    let mut numbers = Vec::new();
    let mut secrets = 0;
    while let Some(page) = pages.try_next().await.unwrap() {
        numbers.push(page.number);
        secrets += page.secrets.len();
    }
    assert_eq!((secrets, numbers), (1_000, (1..=10).collect()));
}
