//! StartLiveTail through the real SDK: updates, samples, and all the ways in which a session ends.

use std::time::Duration;

use aws_sdk_cloudwatchlogs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudwatchlogs::operation::start_live_tail::StartLiveTailOutput;
use aws_sdk_cloudwatchlogs::types::error::StartLiveTailResponseStreamError;
use aws_sdk_cloudwatchlogs::types::{LiveTailSessionUpdate, StartLiveTailResponseStream};
use tokio::time::{Instant, timeout};

use super::logs::client;
use super::world;
use crate::demo::World;

const GROUP: &str = "arn:aws:logs:eu-west-1:000000000000:log-group:g";

type Ended = Result<(), SdkError<StartLiveTailResponseStreamError, aws_smithy_types::event_stream::RawMessage>>;

async fn open(world: &World) -> StartLiveTailOutput {
    client(world).start_live_tail().log_group_identifiers(GROUP).send().await.unwrap()
}

/// The next update; `Err` is how the stream ended.
async fn next(tail: &mut StartLiveTailOutput) -> Result<LiveTailSessionUpdate, Ended> {
    loop {
        match tail.response_stream.recv().await {
            Ok(Some(StartLiveTailResponseStream::SessionUpdate(update))) => return Ok(update),
            Ok(Some(_)) => {}
            Ok(None) => return Err(Ok(())),
            Err(error) => return Err(Err(error)),
        }
    }
}

/// Messages up to the end, how many updates there were, and the end.
async fn drain(tail: &mut StartLiveTailOutput) -> (Vec<String>, usize, Ended) {
    let (mut messages, mut updates) = (Vec::new(), 0);
    loop {
        match next(tail).await {
            Ok(update) => messages.extend(texts(&update)),
            Err(end) => return (messages, updates, end),
        }
        updates += 1;
    }
}

fn texts(update: &LiveTailSessionUpdate) -> Vec<String> {
    update.session_results().iter().map(|event| event.message().unwrap().to_owned()).collect()
}

fn is_sampled(update: &LiveTailSessionUpdate) -> bool {
    update.session_metadata().unwrap().sampled()
}

#[tokio::test(start_paused = true)]
async fn an_update_comes_each_second_with_what_arrived_since() {
    let world = world(
        r#"
[[log_group]]
name = "g"
events = [
  { at = "-1s", message = "before", late = "0s" },
  { at = "+300ms", message = "a", late = "100ms", stream = "s" },
  { at = "+1s", message = "on the second", late = "0s" },
  { at = "+200ms", message = "late", late = "2s" },
]
"#,
    );
    let begin = Instant::now();
    let mut tail = open(&world).await;
    let Ok(Some(StartLiveTailResponseStream::SessionStart(start))) = tail.response_stream.recv().await else {
        panic!("no start")
    };
    assert_eq!(start.log_group_identifiers(), [GROUP]);
    assert_eq!(start.request_id(), Some(world.journal()[0].request_id.as_str()));
    let first = next(&mut tail).await.unwrap();
    let event = &first.session_results()[0];
    assert_eq!((event.log_stream_name(), event.log_group_identifier()), (Some("s"), Some(GROUP)));
    let start = (world.now() - chrono::TimeDelta::seconds(1)).timestamp_millis();
    assert_eq!((event.timestamp(), event.ingestion_time()), (Some(start + 300), Some(start + 400)));
    assert_eq!((texts(&first), is_sampled(&first)), (vec!["a".to_owned()], false));
    let mut rest = Vec::new();
    for _ in 0..3 {
        rest.push(texts(&next(&mut tail).await.unwrap()));
    }
    assert_eq!(rest, [vec!["on the second".to_owned()], vec!["late".to_owned()], vec![]]);
    assert_eq!(begin.elapsed(), Duration::from_secs(4));
    assert_eq!((world.journal()[0].status, world.journal()[0].operation.as_str()), (Some(200), "StartLiveTail"));
}

#[tokio::test(start_paused = true)]
async fn of_two_thousand_lines_in_a_second_an_even_sample_is_sent() {
    let world = world(
        r#"
[[log_group]]
name = "g"
burst = { at = "+1s", lines = 2000, message = "{n}", late = "0s" }
"#,
    );
    let mut tail = open(&world).await;
    assert!(!is_sampled(&next(&mut tail).await.unwrap()));
    let update = next(&mut tail).await.unwrap();
    assert!(is_sampled(&update));
    let numbers: Vec<u32> = texts(&update).iter().map(|text| text.parse().unwrap()).collect();
    assert_eq!(numbers.len(), 500);
    assert!(numbers.windows(2).all(|pair| pair[1] - pair[0] == 4), "{numbers:?}");
    assert_eq!(world.log_events("g").len(), 2000);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_the_largest_rate_comes_whole() {
    let world = world(
        r#"
[[log_group]]
name = "g"
flood = { from = "+0s", until = "+20s", per_second = 500, message = "{n}", late = "0s" }
[[fault]]
operation = "StartLiveTail"
kind = "stream-end"
after_session = "21500ms"
"#,
    );
    let (messages, updates, end) = drain(&mut open(&world).await).await;
    assert_eq!((messages.len(), updates, end.is_ok()), (10_000, 21, true));
    assert_eq!(messages[9_999], "10000");
}

#[tokio::test(start_paused = true)]
async fn sessions_can_be_cut_twice_at_given_times() {
    let world = world(
        r#"
[[log_group]]
name = "g"
[[fault]]
operation = "StartLiveTail"
kind = "stream-end"
at = "10s"
[[fault]]
operation = "StartLiveTail"
kind = "stream-reset"
at = "25500ms"
"#,
    );
    let begin = Instant::now();
    let (_, updates, end) = drain(&mut open(&world).await).await;
    assert_eq!((updates, end.is_ok(), begin.elapsed().as_secs()), (9, true, 10));
    let (_, updates, end) = drain(&mut open(&world).await).await;
    assert_eq!((updates, begin.elapsed().as_millis()), (15, 25_500));
    assert!(matches!(end, Err(SdkError::DispatchFailure(failure)) if failure.is_io()));
    let mut third = open(&world).await;
    for _ in 0..100 {
        next(&mut third).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_lasts_three_hours_or_as_long_as_a_fault_lets_it() {
    let plain = world("[[log_group]]\nname = \"g\"");
    let begin = Instant::now();
    let (_, updates, end) = drain(&mut open(&plain).await).await;
    assert_eq!((updates, begin.elapsed()), (3 * 3600 - 1, Duration::from_hours(3)));
    let error = end.unwrap_err();
    assert!(error.as_service_error().unwrap().is_session_timeout_exception(), "{error:?}");
    let early = |kind: &str| {
        let fault = format!("[[fault]]\noperation = \"StartLiveTail\"\nkind = \"{kind}\"\nafter_session = \"20s\"");
        world(&format!("clock = {{ speed = 10.0 }}\n[[log_group]]\nname = \"g\"\n{fault}"))
    };
    let begin = Instant::now();
    let (_, updates, end) = drain(&mut open(&early("session-timeout")).await).await;
    assert_eq!((updates, begin.elapsed()), (19, Duration::from_secs(2)));
    assert!(end.unwrap_err().as_service_error().unwrap().is_session_timeout_exception());
    let (_, _, end) = drain(&mut open(&early("session-streaming")).await).await;
    assert!(end.unwrap_err().as_service_error().unwrap().is_session_streaming_exception());
}

#[tokio::test(start_paused = true)]
async fn a_half_dead_connection_says_nothing_any_more() {
    let world = world(
        r#"
[[log_group]]
name = "g"
[[fault]]
operation = "StartLiveTail"
kind = "stream-silent"
after_session = "3500ms"
"#,
    );
    let mut tail = open(&world).await;
    for _ in 0..3 {
        next(&mut tail).await.unwrap();
    }
    assert!(timeout(Duration::from_hours(9), next(&mut tail)).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn fifteen_sessions_may_be_open() {
    let world = world("[[log_group]]\nname = \"g\"");
    let mut tails = Vec::new();
    for _ in 0..15 {
        tokio::time::advance(Duration::from_millis(200)).await;
        tails.push(open(&world).await);
    }
    let send = async || client(&world).start_live_tail().log_group_identifiers(GROUP).send().await;
    tokio::time::advance(Duration::from_millis(200)).await;
    let error = send().await.unwrap_err();
    assert_eq!(error.code(), Some("LimitExceededException"));
    tails.pop();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(send().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_loses_the_oldest() {
    let world = world(
        r#"
[[log_group]]
name = "g"
flood = { from = "+0s", until = "+60s", per_second = 1, message = "{n}", late = "0s" }
"#,
    );
    let mut tail = open(&world).await;
    for _ in 0..59 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let mut read = Vec::new();
    for _ in 0..11 {
        read.extend(texts(&next(&mut tail).await.unwrap()));
    }
    let numbers: Vec<u32> = read.iter().map(|text| text.parse().unwrap()).collect();
    assert!(numbers.windows(2).any(|pair| pair[1] > pair[0] + 40), "{numbers:?}");
    assert!(numbers.ends_with(&[57, 58, 59, 60]), "{numbers:?}");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_followed_is_refused() {
    let world = world(
        r#"
[[log_group]]
name = "g"
[[log_group]]
name = "rare"
class = "INFREQUENT_ACCESS"
"#,
    );
    let client = client(&world);
    let prefix = GROUP.trim_end_matches('g');
    let code = async |ids: Vec<String>, streams: bool| {
        tokio::time::advance(Duration::from_secs(1)).await;
        let start = client.start_live_tail().set_log_group_identifiers(Some(ids));
        let start = if streams { start.log_stream_names("s") } else { start };
        start.send().await.unwrap_err().code().unwrap().to_owned()
    };
    let all = |names: &[&str]| names.iter().map(|name| format!("{prefix}{name}")).collect::<Vec<_>>();
    assert_eq!(code(all(&["g:*"]), false).await, "InvalidParameterException");
    assert_eq!(code(vec!["g".to_owned()], false).await, "InvalidParameterException");
    assert_eq!(code(Vec::new(), false).await, "InvalidParameterException");
    assert_eq!(code(all(&["g"; 11]), false).await, "InvalidParameterException");
    assert_eq!(code(all(&["g", "g"]), true).await, "InvalidParameterException");
    assert_eq!(code(all(&["none"]), false).await, "ResourceNotFoundException");
    assert_eq!(code(all(&["g", "rare"]), false).await, "InvalidOperationException");
}

#[tokio::test(start_paused = true)]
async fn only_what_matches_is_sent() {
    let world = world(
        r#"
[[log_group]]
name = "g"
events = [
  { at = "+100ms", message = "ERROR a", late = "0s", stream = "s1" },
  { at = "+100ms", message = "INFO b", late = "0s", stream = "s1" },
  { at = "+100ms", message = "ERROR c", late = "0s", stream = "t1" },
]
"#,
    );
    let start = client(&world).start_live_tail().log_group_identifiers(GROUP).log_stream_name_prefixes("s");
    let mut tail = start.log_event_filter_pattern("ERROR").send().await.unwrap();
    assert_eq!(texts(&next(&mut tail).await.unwrap()), ["ERROR a"]);
}

#[tokio::test(start_paused = true)]
async fn opening_can_be_denied_limited_or_have_no_route() {
    let table = [("deny", "AccessDeniedException"), ("limit-exceeded", "LimitExceededException")];
    let fault = |kind: &str| {
        world(&format!("[[log_group]]\nname = \"g\"\n[[fault]]\noperation = \"StartLiveTail\"\nkind = \"{kind}\""))
    };
    let send = async |world: &World| client(world).start_live_tail().log_group_identifiers(GROUP).send().await;
    for (kind, code) in table {
        assert_eq!(send(&fault(kind)).await.unwrap_err().code(), Some(code));
    }
    let world = fault("unreachable");
    let error = send(&world).await.unwrap_err();
    assert!(matches!(error, SdkError::DispatchFailure(failure) if failure.is_io()));
    assert_eq!((world.journal().len(), world.journal()[0].status), (1, None));
}

#[test]
fn a_fault_that_ends_sessions_says_when() {
    let wrong = [
        "operation = \"StartLiveTail\"\nkind = \"stream-end\"",
        "operation = \"FilterLogEvents\"\nkind = \"stream-end\"\nat = \"1s\"",
        "operation = \"StartLiveTail\"\nkind = \"stream-end\"\nat = \"1s\"\nafter_session = \"1s\"",
        "operation = \"StartLiveTail\"\nkind = \"deny\"\nat = \"1s\"",
    ];
    for fault in wrong {
        assert!(World::from_toml("wrong.toml", &format!("[[fault]]\n{fault}")).is_err(), "{fault}");
    }
}
