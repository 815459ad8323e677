//! Whatever readers there are, however late their records come, and whenever a search is cancelled and begun anew: what it
//! claims is so.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use proptest::prelude::*;
use secdash::domain::secret::Secret;
use secdash::domain::trail::{Covered, Depth, Events, Follower, Scope, Standing, became_current, since};
use secdash::ops::history::search;
use serde_json::Value;

use super::search::{Door, Found};

const OLD: &str = "first-00000000000000000000000000000000";
const NEW: &str = "second-0000000000000000000000000000000";

/// A world, how far back is searched, and after how long and for how long a search is left alone.
#[derive(Debug, Clone)]
struct Case {
    world: String,
    days: i64,
    breaks: Vec<(u64, u64)>,
}

fn reader() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec!["lambda", "container", "instance", "person", "user", "ci", "foreign"]);
    let called = prop::sample::select(vec!["name", "arn", "partial-arn"]);
    let asks = prop::sample::select(vec![
        "",
        "",
        "",
        "label = \"AWSCURRENT\"",
        "label = \"AWSPREVIOUS\"",
        "label = \"AWSPENDING\"",
        "version = \"AWSCURRENT\"",
        "version = \"AWSPREVIOUS\"",
        "refused = true",
        "batch = true",
    ]);
    let secrets = prop::sample::select(vec![r#""prod/x""#, r#""prod/y""#, r#""prod/x", "prod/y""#]);
    let time = (20_u32..400, 1_u32..100, prop::option::of(1_u32..60));
    (kind, called, asks, secrets, time, any::<bool>()).prop_map(|(kind, called, asks, secrets, time, resources)| {
        let (every, from, until) = time;
        let until =
            until.filter(|until| *until < from).map_or_else(String::new, |until| format!("until = \"-{until}h\""));
        format!(
            "secrets = [{secrets}]\nkind = \"{kind}\"\ncalled = \"{called}\"\n{asks}\nevery = \"{every}m\"\n\
             from = \"-{from}h\"\n{until}\nresources = {resources}\n"
        )
    })
}

fn case() -> impl Strategy<Value = Case> {
    let late = (0_u32..16).prop_flat_map(|delay| (Just(delay), 0..=15 - delay));
    let breaks = prop::collection::vec((200_u64..9_000, 1_u64..300), 0..5);
    (prop::collection::vec(reader(), 1..6), late, 4_usize..51, 1_i64..5, breaks, 2_u32..70).prop_map(
        |(readers, (delay, jitter), page, days, breaks, rotated)| {
            let mut world = format!(
                r#"
page_limit = {page}
trail = {{ delay = "{delay}m", jitter = "{jitter}m" }}

[[secret]]
name = "prod/x"
function = "rotate-x"
rotation = {{ days = 30 }}
history = [
  {{ at = "-400d", put = "{OLD}" }},
  {{ at = "-{rotated}h", rotate = "{NEW}" }},
  {{ at = "-{rotated}h", fill = "{NEW}" }},
  {{ at = "-{rotated}h", finish = "{NEW}" }},
]

[[secret]]
name = "prod/y"
versions = [
  {{ labels = ["AWSCURRENT"], created = "-20d" }},
  {{ labels = ["AWSPREVIOUS"], created = "-50d" }},
  {{ labels = ["AWSPENDING"], created = "-1d" }},
]
"#
            );
            for (nth, reader) in readers.into_iter().enumerate() {
                write!(world, "[[reader]]\nname = \"r{nth}x\"\n{reader}").unwrap();
            }
            Case { world, days, breaks }
        },
    )
}

/// What an independent eye sees of a read: which reader, when, and whether it got the value that is AWSCURRENT.
struct Seen {
    reader: String,
    at: DateTime<Utc>,
    is_refused: bool,
    is_current: bool,
}

/// The reads of the first secret, out of the raw records.
fn seen(events: &Events) -> Vec<Seen> {
    let read = |record: &str| {
        let record: Value = serde_json::from_str(record).unwrap();
        let asked = |name: &str| record["requestParameters"][name].as_str().map(str::to_owned);
        let identity = record["userIdentity"].to_string();
        let nth = (0..9).find(|nth| identity.contains(&format!("r{nth}x")))?;
        let is_one = record["eventName"].as_str()?.starts_with("GetSecret");
        is_one.then(|| Seen {
            reader: format!("r{nth}x"),
            at: record["eventTime"].as_str().unwrap().parse().unwrap(),
            is_refused: record.get("errorCode").is_some(),
            is_current: match asked("versionId") {
                Some(id) => id == NEW,
                None => asked("versionStage").is_none_or(|label| label == "AWSCURRENT"),
            },
        })
    };
    events.iter().filter_map(|event| read(event.record.as_deref().unwrap())).collect()
}

/// What is covered was found, and what was found was recorded.
fn is_so(door: &Door, found: &Found, name: &str) {
    let (ids, reached) = (found.ids(), found.reached());
    let all: BTreeMap<_, _> = door.world.records().into_iter().map(|one| (one.id.clone(), one)).collect();
    for one in all.values().filter(|one| one.secret.as_deref() == Some(name)) {
        assert!(!reached.covered.has(one.at) || ids.contains(&one.id), "claimed, but not there: {one:?}");
    }
    for event in found.events.iter() {
        let one = all.get(event.id.raw());
        assert!(
            one.is_some_and(|one| one.at == event.at && one.name == event.name.raw()),
            "made up: {} {} {one:?}",
            event.id,
            event.at
        );
    }
}

/// Nobody is said to have the new value who hasn't read it, nor to be silent who has.
fn stand_so(secret: &Secret, found: &Found) {
    let Some(moved) = became_current(secret, found.events.iter()) else { return };
    let followers = since(secret, moved, Some("rotate-x"), found.events.iter());
    let seen = seen(&found.events);
    for Follower { reader, standing } in &followers {
        let nth = (0..9).map(|nth| format!("r{nth}x")).find(|name| reader.name.raw().contains(name.as_str()));
        // The builds of one CI are one reader.
        let is_theirs = |one: &&Seen| nth.as_ref().is_none_or(|name| one.reader == *name);
        let later: Vec<_> = seen.iter().filter(is_theirs).filter(|one| one.at > moved).collect();
        let got = |at: &DateTime<Utc>| later.iter().any(|one| one.at == *at && !one.is_refused && one.is_current);
        match standing {
            Standing::Fetched { at } => assert!(got(at), "{reader:?} has not fetched it at {at}"),
            Standing::NotSeen { .. } if nth.is_some() => {
                assert!(later.iter().all(|one| one.is_refused), "{reader:?} was seen after {moved}");
            }
            Standing::Refused { .. } if nth.is_some() => {
                let last = later.iter().map(|one| one.at).max();
                let is_refused = later.iter().any(|one| Some(one.at) == last && one.is_refused);
                assert!(is_refused, "{reader:?} was let in at last after {moved}");
            }
            _ => {}
        }
    }
    let told: BTreeSet<_> = followers.iter().map(|one| one.reader.name.raw().to_owned()).collect();
    for one in seen.iter().filter(|one| !one.is_refused) {
        let is_told = told.iter().any(|name| name.contains(&one.reader) || name == "ci");
        assert!(is_told, "{} read it and isn't told of", one.reader);
    }
}

async fn live(case: Case) {
    let door = Door::over(&case.world).await;
    let (secret, scope) = (door.secret("prod/x").await, door.scope("prod/x").await);
    let from = door.ago(TimeDelta::days(case.days));
    let mut found = Found::default();
    let mut covered = Covered::default();
    for (patience, pause) in case.breaks {
        cut_short(&door, &scope, from, (&mut found, covered), Duration::from_millis(patience)).await;
        covered = found.reached.as_ref().map(|reached| reached.covered.clone()).unwrap_or_default();
        tokio::time::sleep(Duration::from_mins(pause)).await;
    }
    cut_short(&door, &scope, from, (&mut found, covered), Duration::from_hours(9)).await;
    stand_so(&secret, &found);
    let reached = found.reached();
    let complete = reached.covered.latest().unwrap();
    assert!(reached.done && complete.from <= from, "{reached:?}");
    let truth = door.world.moves("prod/x").into_iter().rfind(|moved| moved.label == "AWSCURRENT").unwrap();
    let moved = became_current(&secret, found.events.iter()).unwrap();
    if reached.covered.has(truth.at) {
        assert!((moved - truth.at).num_seconds().abs() <= 1, "{moved} is not {}", truth.at);
    }
}

/// Searches for so long, and looks at each step whether all that is claimed is so.
async fn cut_short(
    door: &Door,
    scope: &Scope,
    from: DateTime<Utc>,
    (found, covered): (&mut Found, Covered),
    patience: Duration,
) {
    let mut news = pin!(search(&door.aws, scope, Depth::Whole, from, covered));
    let end = tokio::time::Instant::now() + patience;
    while let Ok(Some(one)) = tokio::time::timeout_at(end, news.next()).await {
        found.take(one, scope);
        is_so(door, found, "prod/x");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_a_search_claims_is_so(case in case()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(live(case));
    }
}
