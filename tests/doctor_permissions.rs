//! A stuck secret with one right taken away at a time: the verdict stays or gets weaker, what is missing is named, and a fix
//! that may not be finished says what is half done.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::collections::BTreeSet;

use secdash::demo::World;
use secdash::exit::Exit;
use serde_json::Value;
use support::cmd::{Said, run_at};
use support::home::Home;

const DEFAULT: &str = include_str!("../assets/worlds/default.toml");

/// Stuck after setSecret, before it, and before there was a value; with what heals it.
const STUCK: [(&str, &[&str]); 3] = [
    ("prod/payments/db", &["--promote", "--tested", "pending"]),
    ("prod/crm/oracle", &["--drop-pending"]),
    ("prod/search/api-key", &["--drop-pending"]),
];

/// What a diagnosis reads.
const READS: [&str; 8] = [
    "secretsmanager:DescribeSecret",
    "secretsmanager:ListSecretVersionIds",
    "lambda:GetFunctionConfiguration",
    "lambda:GetPolicy",
    "lambda:GetFunctionConcurrency",
    "logs:DescribeLogGroups",
    "logs:FilterLogEvents",
    "cloudtrail:LookupEvents",
];

/// What a fix changes.
const CHANGES: [&str; 3] =
    ["secretsmanager:UpdateSecretVersionStage", "secretsmanager:CancelRotateSecret", "secretsmanager:RotateSecret"];

/// The default world for whoever may do everything but these.
fn without(actions: &[&str]) -> World {
    let list = actions.iter().map(|action| format!("\"{action}\"")).collect::<Vec<_>>().join(", ");
    let allow = r#"{ "Effect": "Allow", "Action": "*", "Resource": "*" }"#;
    let deny = format!(r#"{{ "Effect": "Deny", "Action": [{list}], "Resource": "*" }}"#);
    let deny = if actions.is_empty() { String::new() } else { format!(", {deny}") };
    World::from_toml("default", &format!("policy = '{{ \"Statement\": [{allow}{deny}] }}'\n{DEFAULT}")).unwrap()
}

async fn json(name: &str, world: &World) -> Value {
    let said = run_at(&["why", name, "--output", "json"], world, &Home::new()).await;
    serde_json::from_str(&said.out).unwrap()
}

/// The ways out with what must be said for each.
fn ways_out(why: &Value) -> BTreeSet<(String, String)> {
    let way = |way: &Value| (way["fix"].to_string(), way["tested"].to_string());
    why["ways_out"].as_array().unwrap().iter().map(way).collect()
}

/// What has to do with the right: the verdict, and what names it.
fn about(said: &Said, action: &str) -> String {
    let text = format!("{}{}", said.out, said.err);
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    let is_told = |at: usize| {
        let near = lines.iter().skip(at.saturating_sub(1)).take(3);
        near.into_iter().any(|line| line.contains(action))
    };
    let is_kept = |at, line: &str| line.starts_with('✖') || is_told(at) || is_way_out(line);
    let kept = lines.iter().enumerate().filter(|(at, line)| !line.is_empty() && is_kept(*at, line));
    kept.map(|(_, line)| format!("    {}", line.trim_start())).collect::<Vec<_>>().join("\n")
}

fn is_way_out(line: &str) -> bool {
    ["  • ", "  ! not offered", "  sure:", "  now:"].iter().any(|start| line.starts_with(start))
}

#[tokio::test(start_paused = true)]
async fn a_diagnosis_without_one_of_its_rights_is_never_bolder_and_names_it() {
    let mut told = Vec::new();
    for (name, _) in STUCK {
        let whole = json(name, &without(&[])).await;
        for action in READS {
            let said = run_at(&["why", name], &without(&[action]), &Home::new()).await;
            assert!(format!("{}{}", said.out, said.err).contains(action), "{name} without {action}: {said:?}");
            told.push(format!("{name} without {action}: {:?}\n{}", said.exit, about(&said, action)));
            if action == "secretsmanager:DescribeSecret" {
                assert_eq!(said.exit, Exit::Failed, "{said:?}");
                continue;
            }
            let part = json(name, &without(&[action])).await;
            let [was, is] = [&whole, &part].map(|why| why["verdict"].as_str().unwrap());
            assert!(is == was || is == "unknown", "{name} without {action}: {was} became {is}");
            if is == was {
                let [had, has] = [&whole, &part].map(ways_out);
                assert!(has.is_subset(&had), "{name} without {action}: {has:?}, and with it {had:?}");
            } else {
                // Whoever knows less may say what they tested; nothing is offered without that.
                assert!(ways_out(&part).iter().all(|(_, tested)| tested != "null"), "{name} without {action}");
            }
        }
    }
    insta::assert_snapshot!(told.join("\n"));
}

/// Where the labels are, and whether rotation is on.
async fn state(world: &World, name: &str) -> String {
    let client = aws_sdk_secretsmanager::Client::new(&world.sdk_config());
    let secret = client.describe_secret().secret_id(name).send().await.unwrap();
    let mut labels: Vec<_> = secret.version_ids_to_stages().unwrap().iter().collect();
    labels.sort();
    format!("{labels:?}, rotation on: {:?}", secret.rotation_enabled().unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_fix_without_one_of_its_rights_says_which_and_what_is_half_done() {
    let mut told = Vec::new();
    for (name, args) in STUCK {
        let last = name.rsplit('/').next().unwrap();
        for action in CHANGES {
            // Whoever looks at the labels may do so.
            let (world, home) = (without(&[action]), Home::new());
            let before = state(&world, name).await;
            let said = run_at(&[&["fix", name][..], args, &["--yes", "--confirm", last]].concat(), &world, &home).await;
            let after = state(&world, name).await;
            let all = format!("{}{}", said.out, said.err);
            let needs = said.exit != Exit::Fine;
            assert_eq!(
                all.contains(&format!("ask for the IAM action {action}")),
                needs,
                "{name} without {action}: {said:?}"
            );
            told.push(format!("{name} without {action}: {:?}", said.exit));
            let from = all.lines().skip_while(|line| !line.starts_with("Plan"));
            told.extend(from.map(|line| format!("    {}", line.trim_end())));
            let kept = if before == after { "as it was" } else { "not as it was" };
            told.push(format!("    => the secret is {kept}"));
            let again = run_at(&["why", name], &world, &home).await;
            let half = again.out.lines().find(|line| line.contains("half done")).unwrap_or("no plan is left");
            told.push(format!("    => {}\n", half.trim()));
        }
    }
    insta::assert_snapshot!(told.join("\n"));
}
