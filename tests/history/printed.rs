//! What `secdash history` prints, in each form, and how it ends.

use secdash::demo::World;
use secdash::exit::Exit;
use serde_json::Value;

use crate::support::cmd::{Said, run};

/// A secret that was rotated an hour ago and that several have read since, and one that was deleted.
const WORLD: &str = r#"
seed = 7

[[secret]]
name = "prod/orders/db"
function = "rotate-orders"
rotation = { days = 30 }
history = [
  { at = "-40d", put = "11111111-2222-4333-8444-555555555555" },
  { at = "-60m", rotate = "7d0c2f7e-1111-4222-8333-94445555f2e1" },
  { at = "-59m", fill = "7d0c2f7e-1111-4222-8333-94445555f2e1" },
  { at = "-58m", finish = "7d0c2f7e-1111-4222-8333-94445555f2e1" },
]
events = [
  { name = "RotationFailed", at = "-3h", step = "testSecret", version = "7d0c2f7e-1111-4222-8333-94445555f2e1" },
  { name = "DescribeSecret", at = "-2h", by = "kim" },
]

[[secret]]
name = "old/crm"
last_changed = "-30h"
deleted = "+6d"
events = [{ name = "DeleteSecret", at = "-30h", by = "sam", parameters = { recoveryWindowInDays = 7 } }]

[[reader]]
secrets = ["prod/orders/db"]
kind = "lambda"
name = "orders-api"
every = "40m"
from = "-4h"

[[reader]]
secrets = ["prod/orders/db"]
kind = "lambda"
name = "rotate-orders"
called = "arn"
every = "30m"
from = "-65m"
until = "-55m"

[[reader]]
secrets = ["prod/orders/db"]
kind = "instance"
name = "i-0a1b2c3d"
role = "old-web"
called = "partial-arn"
label = "AWSPREVIOUS"
every = "45m"
from = "-4h"

[[reader]]
secrets = ["prod/orders/db"]
kind = "ci"
name = "build-77"
refused = true
every = "45m"
from = "-4h"

[[reader]]
secrets = ["prod/orders/db"]
kind = "foreign"
name = "etl"
every = "3h"
from = "-10h"
until = "-2h"

[[reader]]
secrets = ["old/crm"]
kind = "user"
name = "report"
every = "5h"
from = "-12h"
"#;

fn world(more: &str) -> World {
    World::from_toml("history", &format!("{WORLD}{more}")).unwrap()
}

async fn said(args: &str) -> Said {
    over(args, "").await
}

async fn over(args: &str, more: &str) -> Said {
    let args: Vec<_> = std::iter::once("history").chain(args.split_whitespace()).collect();
    run(&args, &world(more)).await
}

fn text(said: &Said) -> String {
    format!("{}---\n{}--- {:?}", said.out, said.err, said.exit)
}

/// A snapshot beside all others.
fn snapshot(name: &str, said: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    // Who is signed in is asked meanwhile: which of the two calls arrives first is not said.
    settings.add_filter(r"request id: [0-9a-f-]{36}", "request id: [..]");
    settings.bind(|| insta::assert_snapshot!(format!("history__{name}"), said));
}

/// The events of a JSON answer, by name.
fn names(answer: &Value) -> Vec<&str> {
    answer["events"].as_array().unwrap().iter().map(|event| event["event_name"].as_str().unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_secrets_history_as_a_table() {
    snapshot("table", &text(&said("orders --since 12h").await));
}

#[tokio::test(start_paused = true)]
async fn the_accounts_history_as_a_table() {
    snapshot("account", &text(&said("--since 2d --event deletion,refused,labels").await));
}

#[tokio::test(start_paused = true)]
async fn a_secrets_readers_and_where_they_stand() {
    snapshot("readers", &text(&said("orders --since 12h --group-by reader --event read,refused").await));
}

#[tokio::test(start_paused = true)]
async fn a_secrets_history_as_markdown() {
    snapshot("markdown", &text(&said("orders --since 90m --output markdown --no-function").await));
}

#[tokio::test(start_paused = true)]
async fn a_secrets_readers_as_markdown() {
    let said = said("orders --since 12h --group-by reader --event read,refused --output markdown").await;
    snapshot("markdown_readers", &text(&said));
}

#[tokio::test(start_paused = true)]
async fn a_secrets_history_as_json() {
    let said = said("orders --since 3h --output json --event RotationFailed,refused,labels").await;
    assert_eq!((said.exit, said.err.as_str()), (Exit::Fine, ""));
    let mut answer: Value = serde_json::from_str(&said.out).unwrap();
    for event in answer["events"].as_array_mut().unwrap() {
        let record: Value = serde_json::from_str(event["record"].as_str().unwrap()).unwrap();
        assert_eq!((&record["eventID"], &record["eventName"]), (&event["event_id"], &event["event_name"]));
        event["record"] = Value::from("…");
    }
    snapshot("json", &serde_json::to_string_pretty(&answer).unwrap());
}

#[tokio::test(start_paused = true)]
async fn filters_leave_what_they_say() {
    let all = ["RotationSucceeded", "UpdateSecretVersionStage", "PutSecretValue", "RotationStarted"];
    for (args, has, has_not) in [
        ("orders", &all[..], &["DescribeSecret", "DeleteSecret"][..]),
        ("orders --all", &["DescribeSecret", "RotationFailed"], &["DeleteSecret"]),
        ("orders --event RotationFailed", &["RotationFailed"], &["RotationSucceeded", "PutSecretValue"]),
        ("orders --event rotationfailed", &["RotationFailed"], &["RotationSucceeded"]),
        ("orders --event write,labels", &["PutSecretValue", "UpdateSecretVersionStage"], &["RotationFailed"]),
        ("orders --event metadata", &["DescribeSecret"], &["RotationFailed"]),
        ("orders --who kim --all", &["DescribeSecret"], &["RotationFailed"]),
        ("orders --outcome failed", &["RotationFailed"], &["PutSecretValue", "RotationSucceeded"]),
        ("orders --outcome done", &["PutSecretValue"], &["RotationFailed"]),
        ("--who sam", &["DeleteSecret"], &["PutSecretValue"]),
        ("--event deletion", &["DeleteSecret"], &["PutSecretValue"]),
    ] {
        let said = said(&format!("{args} --since 7d --output json")).await;
        let answer: Value = serde_json::from_str(&said.out).unwrap();
        let names = names(&answer);
        assert!(has.iter().all(|name| names.contains(name)), "{args}: {names:?}");
        assert!(!has_not.iter().any(|name| names.contains(name)), "{args}: {names:?}");
    }
    let whose = |said: &Said| said.out.contains("rotate-orders");
    let (with, without) = (said("orders --since 7d").await, said("orders --since 7d --no-function").await);
    assert!(whose(&with) && !whose(&without), "{}", without.out);
}

#[test]
fn a_kind_that_there_is_not_is_refused() {
    use clap::Parser;
    for (word, is_taken) in [("deletion", true), ("deletesecret", true), ("SomeNewEvent", true), ("delete", false)] {
        let parsed = secdash::cli::Cli::try_parse_from(["secdash", "history", "--event", word]);
        assert_eq!(parsed.is_ok(), is_taken, "{word}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_is_not_known_and_finds_nothing_may_be_a_slip() {
    let said = said("--event DeleteSecrt --since 2d").await;
    assert!(said.err.contains("secdash knows no event that is called DeleteSecrt"), "{}", said.err);
    assert_eq!(said.exit, Exit::NotKnown);
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_said_and_told_by_the_exit_code() {
    let busy = "[[reader]]\nsecrets = [\"old/crm\"]\nkind = \"root\"\nevery = \"1m\"\nfrom = \"-6d\"\n";
    let stopped = over("old/crm --since 5d --at-most 1m", busy).await;
    assert_eq!(stopped.exit, Exit::NotKnown);
    assert!(stopped.err.contains("reading the event history") && stopped.err.contains("on so far"), "{}", stopped.err);
    assert!(stopped.err.contains("stopped before everything was read"), "{}", stopped.err);
    let fault =
        |kind: &str, more: &str| format!("[[fault]]\noperation = \"LookupEvents\"\nkind = \"{kind}\"\n{more}\n");
    let slowed = over("orders", &fault("throttle", "times = 2")).await;
    assert_eq!(slowed.exit, Exit::Fine);
    assert_eq!(slowed.err.matches("others use CloudTrail's ration too").count(), 1, "{}", slowed.err);
    snapshot("denied", &text(&over("orders", &fault("deny", "")).await));
    snapshot("denied_later", &text(&over("old/crm --since 5d --event deletion", &fault("deny", "after = 3")).await));
    let json = over("old/crm --since 5d --output json", &fault("deny", "after = 3")).await;
    let answer: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json.exit, Exit::NotKnown);
    assert_eq!(answer["faults"][0]["permission"], "cloudtrail:LookupEvents", "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_is_not_there_is_refused_before_anything_is_looked_up() {
    let world = world("");
    let said = run(&["history", "nobody"], &world).await;
    assert_eq!((said.exit, said.out.as_str()), (Exit::Failed, ""), "{said:?}");
    assert!(world.journal().iter().all(|entry| entry.operation != "LookupEvents"));
}

#[tokio::test(start_paused = true)]
async fn hostile_words_neither_drive_the_terminal_nor_break_the_table() {
    let record = r#"{"eventTime":"2026-11-20T09:14:03Z","userAgent":"\u001b]0;x\u0007\u202e/1","userIdentity":{"type":"IAMUser","userName":"\u001b[2Jme\u0000\nrow"},"requestParameters":{"secretId":"old/crm"},"errorCode":"\u009b31m|x"}"#;
    let more = format!(
        "[[secret]]\nname = \"hostile\"\nevents = [{{ name = \"GetSecretValue\", at = \"-1h\", record = '{record}' }}]\n"
    );
    for form in ["table", "markdown", "json"] {
        let said = over(&format!("--since 90d --output {form}"), &more).await;
        assert_eq!(said.exit, Exit::Fine);
        let is_bad = |c: char| c != '\n' && (c.is_control() || secdash::text::is_hostile(c));
        assert!(!said.out.contains(is_bad) && !said.err.contains(is_bad), "{form}: {:?}", said.out);
    }
}

#[tokio::test(start_paused = true)]
async fn kinds_that_have_names_are_looked_up_by_them_however_much_is_read() {
    let busy = "[[reader]]\nsecrets = [\"old/crm\"]\nkind = \"root\"\nevery = \"1m\"\nfrom = \"-6d\"\n";
    for (args, most) in [("--event deletion", 4), ("old/crm --event DeleteSecret,restore", 6)] {
        let world = world(busy);
        let args: Vec<_> = format!("history --since 6d --output json {args}").split(' ').map(str::to_owned).collect();
        let said = run(&args.iter().map(String::as_str).collect::<Vec<_>>(), &world).await;
        let answer: Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!((said.exit, names(&answer)), (Exit::Fine, vec!["DeleteSecret"]), "{}", said.err);
        let asked = world.journal().iter().filter(|entry| entry.operation == "LookupEvents").count();
        assert!(asked <= most, "{asked} look-ups for {args:?}");
        assert_eq!(answer["since_rotation"], Value::Null, "reads were not looked for");
    }
}
