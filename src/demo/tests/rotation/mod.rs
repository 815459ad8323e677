//! Rotations that run in a world: what the function says, what the labels do, and what CloudTrail has.

mod calls;
mod meddling;
mod outcomes;
mod refusals;
mod schedule;
mod sequences;
mod trail;
mod truth;
mod turns;

use std::time::Duration;

use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
use regex::Regex;

use crate::demo::World;
use crate::demo::tests::client;
use crate::demo::trail::{Act, Event, Why};

pub(super) const TOKEN: &str = "11111111-2222-4333-8444-555555555555";

/// A secret on a function, with these keys.
pub(super) fn secret(keys: &str) -> String {
    format!(
        "[[secret]]\nname = \"prod/orders/db\"\nfunction = \"rotate-orders\"\nrotation = {{ rate = \"rate(30 days)\" }}\n\
         versions = [{{ id = \"current-current-current-current-0\", labels = [\"AWSCURRENT\"] }}]\n{keys}\n"
    )
}

/// The ids of the versions that [`prepared`] brings along.
pub(super) const CURRENT: &str = "current-current-current-current-0";
pub(super) const PREVIOUS: &str = "previous-previous-previous-previous";

/// A secret on a function of this strategy, with AWSCURRENT, AWSPREVIOUS and these keys; `pending` has the keys of a version
/// that is being rotated in.
pub(super) fn prepared(strategy: &str, pending: &str, keys: &str) -> World {
    let version = |id: &str, label: &str, keys: &str| format!("{{ id = \"{id}\", labels = [\"{label}\"]{keys} }}");
    let mut versions = vec![
        version(CURRENT, "AWSCURRENT", ", created = \"-30d\""),
        version(PREVIOUS, "AWSPREVIOUS", ", created = \"-60d\""),
    ];
    if !pending.is_empty() {
        versions.push(version(TOKEN, "AWSPENDING", &format!(", {pending}")));
    }
    crate::demo::tests::world(&format!(
        "[[secret]]\nname = \"prod/orders/db\"\nfunction = \"rotate-orders\"\nrotation = {{ rate = \"rate(30 days)\" }}\n\
         versions = [{}]\n{keys}\n[[function]]\nname = \"rotate-orders\"\nstrategy = \"{strategy}\"\n",
        versions.join(", ")
    ))
}

/// Which of the versions' passwords work: `T`, `current` and `previous`.
pub(super) fn live(world: &World) -> String {
    let all = [("T", TOKEN), ("current", CURRENT), ("previous", PREVIOUS)];
    let works = all.into_iter().filter(|(_, id)| world.accepts("prod/orders/db", id));
    works.map(|(name, _)| name).collect::<Vec<_>>().join("+")
}

/// UpdateSecretVersionStage by somebody.
pub(super) async fn relabel(world: &World, label: &str, to: Option<&str>, from: Option<&str>) {
    let call = client(world).update_secret_version_stage().secret_id("prod/orders/db").version_stage(label);
    let call = call.set_move_to_version_id(to.map(str::to_owned)).set_remove_from_version_id(from.map(str::to_owned));
    call.send().await.unwrap();
}

/// What the function itself has said, without level, time and request; of a traceback the first line.
pub(super) fn said(world: &World) -> Vec<String> {
    let own = |line: &String| line.starts_with('[') && !line.contains("Found credentials");
    let words = |line: String| line.split_once('\n').map_or(line.clone(), |(first, _)| first.to_owned());
    let text = |line: String| line.rsplit('|').next().map(str::to_owned).unwrap_or_default();
    lines(world).into_iter().filter(own).map(words).map(text).collect()
}

pub(super) async fn wait(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// What RotateSecret answers: nothing, or its refusal.
pub(super) async fn rotate(world: &World) -> Option<String> {
    let call = client(world).rotate_secret().secret_id("prod/orders/db").client_request_token(TOKEN);
    call.send().await.err().map(|error| format!("{}: {}", error.code().unwrap(), error.message().unwrap()))
}

/// The lines of the function, without what differs from run to run: `R1` … for the request ids in their order, and no
/// dates and durations.
pub(super) fn lines(world: &World) -> Vec<String> {
    let (mut ids, mut lines) = (Vec::new(), Vec::new());
    let id = Regex::new("(RequestId: |Z\\t|Z )([0-9a-f-]{36})").unwrap();
    let short = [
        (r"LAMBDA_WARNING: Unhandled exception\. .*", "LAMBDA_WARNING: …"),
        (r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "AT"),
        (r"Duration: [0-9.]+ ms", "Duration: N ms"),
        (r"arn:aws:secretsmanager:[^ ]*prod/orders/db-\w{6}", "ARN"),
        (r"Max Memory Used: \d+", "Max Memory Used: N"),
        (r"Version: python:\S+\tRuntime Version ARN: \S+", "Version: …"),
        (r"prod-orders-db\.\w+\.eu-west-1\.rds\.amazonaws\.com", "HOST"),
    ]
    .map(|(pattern, word)| (Regex::new(pattern).unwrap(), word));
    for event in world.log_events("/aws/lambda/rotate-orders") {
        let mut line = event.message.trim_end().to_owned();
        if let Some(found) = id.captures(&line).map(|found| found[2].to_owned()) {
            if !ids.contains(&found) {
                ids.push(found.clone());
            }
            let at = ids.iter().position(|known| *known == found).unwrap() + 1;
            line = line.replace(&found, &format!("R{at}"));
        }
        for (pattern, word) in &short {
            line = pattern.replace_all(&line, *word).into_owned();
        }
        lines.push(
            line.replace(TOKEN, "T").replace('\t', "|").replace("|Memory Size: 128 MB|Max Memory Used: N MB", ""),
        );
    }
    lines
}

/// The labels, by version.
pub(super) async fn labels(world: &World) -> String {
    let secret = client(world).describe_secret().secret_id("prod/orders/db").send().await.unwrap();
    let list = client(world).list_secret_version_ids().secret_id("prod/orders/db").send().await.unwrap();
    let mut all: Vec<_> = secret
        .version_ids_to_stages()
        .unwrap()
        .iter()
        .map(|(id, labels)| {
            let is_listed = list.versions().iter().any(|version| version.version_id() == Some(id));
            let name = id.split('-').next().unwrap().replace("11111111", "T");
            format!("{name}{}: {}", if is_listed { "" } else { " (empty)" }, labels.join("+"))
        })
        .collect();
    all.sort();
    all.join(", ")
}

/// The events that CloudTrail has but for those of reads, oldest first: name, and message of a failure.
pub(super) fn events(world: &World) -> Vec<String> {
    world.inner().live();
    let told = |event: &Event| match &event.act {
        Act::Service { why: Some(Why::Message(words)), .. } => {
            format!("{}: {}", event.name(), words.replace("arn:aws:lambda:eu-west-1:000000000000:function:", ""))
        }
        _ => event.name().to_owned(),
    };
    let mut all: Vec<_> = world.inner().trail.events().values().filter(|event| !event.is_read()).map(told).collect();
    all.reverse();
    all
}
