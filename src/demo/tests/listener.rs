//! The port: the same world for clients of other processes. Real time, as a socket has no other.

use aws_sdk_cloudwatchlogs::config::interceptors::BeforeSerializationInterceptorContextMut;
use aws_sdk_cloudwatchlogs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cloudwatchlogs::types::StartLiveTailResponseStream;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::http::HttpResponse;
use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::error::SdkError;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime_api::client::endpoint::EndpointPrefix;

use super::{test_world, walk, world};
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

/// Takes the host prefix of StartLiveTail away: there is no host `stream-127.0.0.1`.
#[derive(Debug)]
struct NoHostPrefix;

impl Intercept for NoHostPrefix {
    fn name(&self) -> &'static str {
        "NoHostPrefix"
    }

    fn modify_before_serialization(
        &self,
        _: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), aws_sdk_cloudwatchlogs::error::BoxError> {
        config.interceptor_state().unset::<EndpointPrefix>();
        Ok(())
    }
}

async fn remote_logs(world: &World) -> aws_sdk_cloudwatchlogs::Client {
    let listener = world.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    let url = format!("http://{}", listener.local_addr());
    tokio::spawn(listener.serve());
    let config = aws_sdk_cloudwatchlogs::config::Builder::new()
        .behavior_version_latest()
        .region(aws_sdk_cloudwatchlogs::config::Region::new("eu-west-1"))
        .credentials_provider(aws_sdk_cloudwatchlogs::config::Credentials::new("AKIDREMOTE", "x", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .sleep_impl(TokioSleep::new())
        .interceptor(NoHostPrefix)
        .endpoint_url(url)
        .build();
    aws_sdk_cloudwatchlogs::Client::from_conf(config)
}

/// The messages of a session up to its end, and whether the connection broke.
async fn follow(world: &World) -> (Vec<String>, bool) {
    let arn = "arn:aws:logs:eu-west-1:000000000000:log-group:g";
    let tail = remote_logs(world).await.start_live_tail().log_group_identifiers(arn).send().await;
    let (mut tail, mut messages) = (tail.unwrap(), Vec::new());
    loop {
        match tail.response_stream.recv().await {
            Ok(Some(StartLiveTailResponseStream::SessionUpdate(update))) => {
                messages.extend(update.session_results().iter().map(|event| event.message().unwrap().to_owned()));
            }
            Ok(Some(_)) => {}
            Ok(None) => return (messages, false),
            Err(SdkError::DispatchFailure(failure)) if failure.is_io() => return (messages, true),
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[tokio::test]
async fn a_live_tail_comes_over_the_port_and_ends_as_its_fault_has_it() {
    for (kind, broken) in [("stream-end", false), ("stream-reset", true)] {
        let world = world(&format!(
            r#"
clock = {{ speed = 100.0 }}
[[log_group]]
name = "g"
flood = {{ from = "+0s", until = "+1h", per_second = 1, message = "{{n}}" }}
[[fault]]
operation = "StartLiveTail"
kind = "{kind}"
after_session = "20s"
"#
        ));
        let (messages, is_broken) = follow(&world).await;
        let numbers: Vec<u32> = messages.iter().map(|message| message.parse().unwrap()).collect();
        assert!((15..=21).contains(&numbers.len()), "{numbers:?}");
        assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "{numbers:?}");
        assert_eq!(is_broken, broken, "{kind}");
        assert_eq!(world.journal()[0].status, Some(200));
    }
}

#[tokio::test]
async fn a_service_out_of_reach_closes_the_connection() {
    let world = world("[[fault]]\noperation = \"*\"\nkind = \"unreachable\"");
    let error = remote(&world).await.list_secrets().send().await.unwrap_err();
    assert!(matches!(&error, SdkError::<_, HttpResponse>::DispatchFailure(_)), "{error:?}");
}
