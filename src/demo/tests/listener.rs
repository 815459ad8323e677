//! The port: the same world for clients of other processes. Real time, as a socket has no other.

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::http::HttpResponse;
use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::error::SdkError;
use aws_smithy_async::rt::sleep::TokioSleep;

use super::{test_world, walk};
use crate::demo::World;

/// A client that reaches the world over a socket, with the SDK's ordinary HTTP client.
async fn remote(world: &World) -> Client {
    let listener = world.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    let url = format!("http://{}", listener.local_addr());
    tokio::spawn(listener.serve());
    let config = aws_sdk_secretsmanager::Config::builder()
        .behavior_version_latest()
        .region(aws_sdk_secretsmanager::config::Region::new("eu-west-1"))
        .credentials_provider(aws_sdk_secretsmanager::config::Credentials::new("AKIDREMOTE", "x", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .sleep_impl(TokioSleep::new())
        .endpoint_url(url)
        .build();
    Client::from_conf(config)
}

#[tokio::test]
async fn the_port_leads_into_the_same_world() {
    let world = test_world("pages");
    let client = remote(&world).await;
    let (all, pages) = walk(client.list_secrets()).await;
    assert_eq!((all.len(), pages), (12, 3));
    let journal = world.journal();
    assert_eq!(journal.len(), 3);
    assert_eq!(journal[0].access_key.as_deref(), Some("AKIDREMOTE"));
}

#[tokio::test]
async fn a_reset_cuts_the_connection_in_the_middle_of_the_answer() {
    let world = test_world("reset");
    let error = remote(&world).await.list_secrets().send().await.unwrap_err();
    // The head of the answer and half of the body came through, so it is not a failed dispatch.
    let SdkError::<_, HttpResponse>::ResponseError(response) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(response.raw().status().as_u16(), 200);
    assert_eq!(world.journal()[0].status, None);
}
