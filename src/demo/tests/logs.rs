//! CloudWatch Logs through the real SDK: groups, pages, and what can be seen when.

use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::retry::RetryConfig;
use aws_sdk_cloudwatchlogs::error::ProvideErrorMetadata;
use aws_sdk_cloudwatchlogs::operation::filter_log_events::builders::FilterLogEventsFluentBuilder;
use aws_sdk_cloudwatchlogs::types::{FilteredLogEvent, LogGroupClass};

use super::world;
use crate::demo::World;

/// A client that tries once.
pub(super) fn client(world: &World) -> Client {
    let config = aws_sdk_cloudwatchlogs::config::Builder::from(&world.sdk_config());
    Client::from_conf(config.retry_config(RetryConfig::disabled()).build())
}

fn message(event: &FilteredLogEvent) -> &str {
    event.message().unwrap()
}

/// All messages, and the number of each page's events. A page takes its time, so that the ration lasts.
async fn walk(filter: FilterLogEventsFluentBuilder) -> (Vec<String>, Vec<usize>) {
    let (mut all, mut pages, mut token) = (Vec::new(), Vec::new(), None);
    loop {
        let page = filter.clone().set_next_token(token).send().await.unwrap();
        all.extend(page.events().iter().map(|event| message(event).to_owned()));
        pages.push(page.events().len());
        token = page.next_token;
        if token.is_none() {
            return (all, pages);
        }
        tokio::time::advance(Duration::from_millis(100)).await;
    }
}

async fn code(filter: FilterLogEventsFluentBuilder) -> (String, String) {
    let error = filter.send().await.unwrap_err();
    (error.code().unwrap().to_owned(), error.message().unwrap().to_owned())
}

#[tokio::test(start_paused = true)]
async fn a_walk_in_both_directions_finds_every_event_once() {
    let world = world(
        r#"
[[log_group]]
name = "/aws/lambda/rotate"
created = "-2d"
events = [
  { at = "-30h", message = "first" },
  { at = "-2s", message = "equal", times = 3, stream = "a" },
  { at = "-3s", message = "before", stream = "b" },
]
flood = { from = "-10m", until = "-9m", per_second = 100, message = "line {n}" }
"#,
    );
    let filter = client(&world).filter_log_events().log_group_name("/aws/lambda/rotate").limit(2500);
    let (all, pages) = walk(filter.clone()).await;
    // A day without events is a page without events.
    assert_eq!(pages, [0, 1, 2500, 2500, 1004]);
    let lines = world.log_events("/aws/lambda/rotate");
    assert_eq!(all, lines.iter().map(|line| line.message.clone()).collect::<Vec<_>>());
    assert_eq!(all[1], "line 1");
    assert_eq!(all[6001..], ["before", "equal", "equal", "equal"]);
    let start = (world.now() - chrono::TimeDelta::days(2)).timestamp_millis();
    let (mut turned, pages) = walk(filter.clone().start_from_head(false).start_time(start)).await;
    assert_eq!(pages, [2500, 2500, 1004, 1, 0]);
    turned.reverse();
    assert_eq!(turned, all);
    let (found, _) = walk(filter.log_stream_names("a").filter_pattern("?equal ?line")).await;
    assert_eq!(found, ["equal"; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_range_has_both_its_ends_and_a_page_at_most_a_megabyte() {
    let long = "x".repeat(200_000);
    let world = world(&format!(
        "[[log_group]]\nname = \"g\"\nevents = [{}]",
        (1..=8).map(|n| format!("{{ at = \"-{n}m\", message = \"{n} {long}\" }}")).collect::<Vec<_>>().join(", ")
    ));
    let at = |minutes| (world.now() - chrono::TimeDelta::minutes(minutes)).timestamp_millis();
    let filter = client(&world).filter_log_events().log_group_name("g");
    let (all, pages) = walk(filter.start_time(at(7)).end_time(at(2))).await;
    assert_eq!(pages, [5, 1]);
    assert!(all[0].starts_with("7 ") && all[5].starts_with("2 "));
}

#[tokio::test(start_paused = true)]
async fn a_late_event_is_seen_late() {
    let world = world(
        r#"
[[log_group]]
name = "g"
events = [{ at = "+1s", message = "a", late = "40s" }, { at = "+2s", message = "b", ingested = "+2s" }]
"#,
    );
    let filter = client(&world).filter_log_events().log_group_name("g");
    let seen = async || walk(filter.clone()).await.0;
    assert_eq!(seen().await, [""; 0]);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(seen().await, ["b"]);
    assert_eq!(world.log_events("g").len(), 2);
    tokio::time::advance(Duration::from_secs(39)).await;
    assert_eq!(seen().await, ["a", "b"]);
    let ids: Vec<_> = world.log_events("g").into_iter().map(|line| line.id).collect();
    let page = filter.send().await.unwrap();
    assert_eq!(page.events().iter().map(|event| event.event_id().unwrap()).collect::<Vec<_>>(), ids);
}

#[tokio::test(start_paused = true)]
async fn a_fault_empties_pages_and_loses_nothing() {
    let world = world(
        r#"
[[log_group]]
name = "g"
events = [{ at = "-2s", message = "a" }, { at = "-1s", message = "b" }]
[[fault]]
operation = "FilterLogEvents"
kind = "empty-page"
times = 2
"#,
    );
    let filter = client(&world).filter_log_events().log_group_name("g").limit(1);
    assert_eq!(walk(filter).await, (vec!["a".to_owned(), "b".to_owned()], vec![0, 0, 1, 1]));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_or_not_possible_is_refused() {
    let world = world(
        r#"
[[log_group]]
name = "rare"
class = "INFREQUENT_ACCESS"
[[log_group]]
name = "later"
created = "+1m"
"#,
    );
    let client = client(&world);
    let missing = ("ResourceNotFoundException".to_owned(), "The specified log group does not exist.".to_owned());
    assert_eq!(code(client.filter_log_events().log_group_name("none")).await, missing);
    assert_eq!(code(client.filter_log_events().log_group_name("later")).await, missing);
    let rare = "arn:aws:logs:eu-west-1:000000000000:log-group:rare";
    let text = "The log group rare is of log-group-class INFREQUENT_ACCESS. FilterLogEvents is not supported for this log class.";
    let expected = ("InvalidOperationException".to_owned(), text.to_owned());
    assert_eq!(code(client.filter_log_events().log_group_identifier(rare)).await, expected);
    let invalid = async |filter| code(filter).await.0;
    assert_eq!(invalid(client.filter_log_events()).await, "InvalidParameterException");
    assert_eq!(invalid(client.filter_log_events().log_group_name("x").limit(0)).await, "InvalidParameterException");
    tokio::time::advance(Duration::from_mins(1)).await;
    assert!(client.filter_log_events().log_group_name("later").send().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn ten_a_second_pass() {
    let world = world("[[log_group]]\nname = \"g\"");
    let client = client(&world);
    let send = async || client.filter_log_events().log_group_name("g").send().await;
    for _ in 0..10 {
        send().await.unwrap();
    }
    assert_eq!(send().await.unwrap_err().code(), Some("ThrottlingException"));
    tokio::time::advance(Duration::from_millis(100)).await;
    assert!(send().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn groups_are_described_page_by_page() {
    let world = world(
        r#"
[[log_group]]
name = "/aws/lambda/b"
events = [{ at = "-2h", message = "x" }]
[[log_group]]
name = "/aws/lambda/a"
class = "INFREQUENT_ACCESS"
[[log_group]]
name = "/custom"
"#,
    );
    let client = client(&world);
    let first = client.describe_log_groups().log_group_name_prefix("/aws/").limit(1).send().await.unwrap();
    let group = &first.log_groups()[0];
    assert_eq!(group.log_group_name(), Some("/aws/lambda/a"));
    assert_eq!(group.log_group_class(), Some(&LogGroupClass::InfrequentAccess));
    assert_eq!(group.arn(), Some("arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/a:*"));
    assert_eq!(group.log_group_arn(), Some("arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/a"));
    let next = client.describe_log_groups().log_group_name_prefix("/aws/").limit(1);
    let second = next.set_next_token(first.next_token).send().await.unwrap();
    let group = &second.log_groups()[0];
    assert_eq!(
        (group.log_group_name(), group.stored_bytes(), second.next_token()),
        (Some("/aws/lambda/b"), Some(1), None)
    );
    assert_eq!(group.creation_time(), Some((world.now() - chrono::TimeDelta::hours(2)).timestamp_millis()));
    let found = client.describe_log_groups().log_group_name_pattern("cust").send().await.unwrap();
    assert_eq!(found.log_groups().len(), 1);
    let error = client.describe_log_groups().limit(51).send().await.unwrap_err();
    assert!(error.message().unwrap().ends_with("Member must have value less than or equal to 50"), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn the_policy_is_asked_about_the_arn_of_the_group() {
    let world = world(
        r#"
policy = '{"Statement": [{"Effect": "Allow", "Action": "logs:FilterLogEvents", "Resource": "arn:aws:logs:*:*:log-group:/aws/lambda/*:*"}]}'
[[log_group]]
name = "/aws/lambda/a"
[[log_group]]
name = "/custom"
"#,
    );
    let client = client(&world);
    assert!(client.filter_log_events().log_group_name("/aws/lambda/a").send().await.is_ok());
    let (code, text) = code(client.filter_log_events().log_group_name("/custom")).await;
    assert_eq!(code, "AccessDeniedException");
    let end = "is not authorized to perform: logs:FilterLogEvents on resource: arn:aws:logs:eu-west-1:000000000000:log-group:/custom:* because no identity-based policy allows the logs:FilterLogEvents action";
    assert!(text.ends_with(end), "{text}");
    let error = client.describe_log_groups().send().await.unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"));
}

#[tokio::test(start_paused = true)]
async fn messages_name_what_the_seed_made() {
    let world = world(
        r#"
[[secret]]
name = "prod/db"
[[log_group]]
name = "g"
events = [{ at = "-1s", message = "{arn:prod/db} {version:prod/db AWSCURRENT} {\"a\": 1}" }]
"#,
    );
    let secret = super::client(&world).describe_secret().secret_id("prod/db").send().await.unwrap();
    let version = secret.version_ids_to_stages().unwrap().keys().next().unwrap();
    let expected = format!("{} {version} {{\"a\": 1}}", secret.arn().unwrap());
    assert_eq!(world.log_events("g")[0].message, expected);
    let wrong = "[[log_group]]\nname = \"g\"\nevents = [{ at = \"-1s\", message = \"{arn:gone}\" }]";
    assert!(World::from_toml("wrong.toml", wrong).is_err());
}

#[tokio::test(start_paused = true)]
async fn invocations_are_logged_as_lambda_does() {
    let world = world(
        r#"
[[log_group]]
name = "g"
invocations = [
  { at = "-2h", times = 2, every = "1h", took = "1500ms", lines = ["said", "[ERROR] wrong"], raised = "ValueError: it is wrong" },
  { at = "-1m", took = "30030ms", timed_out = true },
  { at = "-10s", took = "100ms", json = true, lines = ["said"] },
]
"#,
    );
    let lines: Vec<_> = world.log_events("g").into_iter().map(|line| line.message).collect();
    let request = lines[0].split(' ').nth(2).unwrap();
    let expected = [
        format!("START RequestId: {request} Version: $LATEST\n"),
        format!("[INFO]\t2026-11-20T07:14:00.500Z\t{request}\tsaid\n"),
        format!("[ERROR]\t2026-11-20T07:14:01.000Z\t{request}\twrong\n"),
        "[ERROR] ValueError: it is wrong\nTraceback (most recent call last):\n\u{a0}\u{a0}File \"/var/task/lambda_function.py\", line 68, in lambda_handler".to_owned(),
        format!("END RequestId: {request}\n"),
        format!("REPORT RequestId: {request}\tDuration: 1500.00 ms\tBilled Duration: 1500 ms\tMemory Size: 128 MB\tMax Memory Used: 81 MB\n"),
    ];
    assert_eq!(lines[..6], expected);
    assert!(lines[13].ends_with("Task timed out after 30.03 seconds\n\n"), "{}", lines[13]);
    assert!(lines[15].ends_with("\tStatus: timeout\n"));
    let last: serde_json::Value = serde_json::from_str(&lines[18]).unwrap();
    assert_eq!((&last["type"], &last["record"]["status"]), (&"platform.report".into(), &"success".into()));
    assert_eq!(lines.len(), 19);
}

#[tokio::test(start_paused = true)]
async fn the_demo_shows_where_its_stuck_secrets_stopped() {
    let world = World::load("").unwrap();
    let secret = super::client(&world).describe_secret().secret_id("prod/payments/db").send().await.unwrap();
    let found = client(&world)
        .filter_log_events()
        .log_group_name("/aws/lambda/rotate-postgres")
        .filter_pattern("\"testSecret: Unable to log into database\"")
        .start_time((world.now() - chrono::TimeDelta::days(3)).timestamp_millis());
    let (all, _) = walk(found).await;
    assert_eq!(all.len(), 13);
    assert!(all[0].trim_end().ends_with(secret.arn().unwrap()), "{}", all[0]);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_long_log_is_found_at_once() {
    let world = world(
        r#"
[[log_group]]
name = "g"
flood = { from = "-1m", until = "-0s", per_second = 5000, message = "{n}", late = "0s" }
"#,
    );
    let start = (world.now() - chrono::TimeDelta::minutes(1)).timestamp_millis();
    let filter = client(&world).filter_log_events().log_group_name("g").start_time(start);
    let page = filter.clone().start_from_head(false).limit(3).send().await.unwrap();
    let last: Vec<_> = page.events().iter().map(message).collect();
    assert_eq!(last, ["300000", "299999", "299998"]);
    // What matches nothing is looked for in pages that come to an end too.
    let page = filter.filter_pattern("nothing").send().await.unwrap();
    assert!(page.events().is_empty() && page.next_token().is_some());
}
