//! Every way in which a rotation gets stuck, as `secdash why` tells it: with all that may be seen, and with less. To be read
//! from end to end by somebody who knows rotation.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::fmt::Write as _;
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use insta::assert_snapshot;
use secdash::demo::World;
use support::cmd::run_at;
use support::home::Home;

const WORLD: &str = include_str!("worlds/stuck.toml");

/// The secrets of the world whose rotation begins here, by the first part of their names.
const ROTATED: [&str; 10] = ["create", "set", "test", "finish", "turns", "own", "marked", "off", "hidden", "shared"];

/// What may not be seen, and the action without which it can't be.
const LESS: [(&str, &str); 5] = [
    ("trail", "cloudtrail:LookupEvents"),
    ("log", "logs:FilterLogEvents"),
    ("versions", "secretsmanager:ListSecretVersionIds"),
    ("function", "lambda:GetFunctionConfiguration"),
    ("concurrency", "lambda:GetFunctionConcurrency"),
];

/// The world for whoever may do everything but this.
fn world(denied: Option<&str>) -> World {
    let deny = denied.map(|action| format!(r#", {{ "Effect": "Deny", "Action": "{action}", "Resource": "*" }}"#));
    let allow = r#"{ "Effect": "Allow", "Action": "*", "Resource": "*" }"#;
    let policy = format!(r#"{{ "Statement": [{allow}{}] }}"#, deny.unwrap_or_default());
    World::from_toml("stuck", &format!("policy = '{policy}'\n{WORLD}")).unwrap()
}

/// The names of its secrets, in the order of the file.
fn names() -> Vec<&'static str> {
    let name = |part: &'static str| part.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    WORLD.split("[[secret]]").skip(1).filter_map(name).collect()
}

/// Begins each rotation, lets an hour and a half go by with what AWS does of itself, and does what people do.
async fn live(world: &World) {
    let client = Client::new(&world.sdk_config());
    let is_rotated = |name: &&str| ROTATED.contains(&name.split('/').next().unwrap()) && *name != "turns/superuser";
    for (nth, name) in names().into_iter().filter(is_rotated).enumerate() {
        let token = format!("00000000-0000-4000-8000-{:012}", nth + 1);
        client.rotate_secret().secret_id(name).client_request_token(token).send().await.unwrap();
    }
    tokio::time::sleep(Duration::from_mins(90)).await;
    for name in names().into_iter().filter(|name| name.starts_with("off/")) {
        client.cancel_rotate_secret().secret_id(name).send().await.unwrap();
    }
    for name in names().into_iter().filter(|name| name.starts_with("marked/")) {
        client.delete_secret().secret_id(name).recovery_window_in_days(7).send().await.unwrap();
    }
    tokio::time::sleep(Duration::from_mins(20)).await;
    let token = "00000000-0000-4000-8000-999999999999";
    client.rotate_secret().secret_id("running/slow").client_request_token(token).send().await.unwrap();
    tokio::time::sleep(Duration::from_mins(3)).await;
}

async fn why(world: &World, name: &str) -> String {
    let said = run_at(&["why", name], world, &Home::new()).await;
    let lines = said.out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    format!("{lines}\n({:?})\n", said.exit)
}

#[tokio::test(start_paused = true)]
async fn every_way_of_being_stuck_with_all_in_sight() {
    let world = world(None);
    live(&world).await;
    let mut told = String::new();
    for name in names() {
        writeln!(told, "{}", why(&world, name).await).unwrap();
    }
    assert_snapshot!("seen", told);
}

#[tokio::test(start_paused = true)]
async fn every_way_of_being_stuck_with_less_in_sight() {
    for (what, action) in LESS {
        let world = world(Some(action));
        live(&world).await;
        let mut told = String::new();
        for name in names() {
            let said = why(&world, name).await;
            let is_head = |line: &&str| !line.is_empty();
            let head: Vec<_> = said.lines().take_while(is_head).collect();
            let ways = said.lines().filter(|line| line.starts_with("  • "));
            writeln!(told, "{}\n{}\n", head.join("\n"), ways.collect::<Vec<_>>().join("\n")).unwrap();
        }
        assert_snapshot!(format!("without_{what}"), told);
    }
}
