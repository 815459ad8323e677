//! Everything that was recorded of a secret is found once, however callers named it and however late it came.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::time::Duration;

use chrono::TimeDelta;
use futures::StreamExt;
use secdash::domain::trail::{Caller, Covered, Depth, Events, HORIZON, Kind, Scope};
use secdash::ops::history::{event, search};

use super::search::{Door, Found};

/// Two secrets that were rotated, and eight readers of both.
fn crowd(trail: &str, reads: &str) -> String {
    let secret = |name: &str, nth: u32| {
        format!(
            r#"
[[secret]]
name = "{name}"
function = "rotate-x"
rotation = {{ days = 30 }}
history = [
  {{ at = "-400d", put = "first-{nth}-00000000000000000000000000" }},
  {{ at = "-30h", rotate = "second-{nth}-0000000000000000000000000" }},
  {{ at = "-30h", fail = "second-{nth}-0000000000000000000000000", step = "setSecret" }},
  {{ at = "-29h", fill = "second-{nth}-0000000000000000000000000" }},
  {{ at = "-28h", finish = "second-{nth}-0000000000000000000000000" }},
]
events = [
  {{ name = "TagResource", at = "-5h" }},
  {{ name = "EndSecretVersionDelete", at = "-4h" }},
  {{ name = "RotationPostponed", at = "-3h" }},
]
"#
        )
    };
    let readers = [
        ("lambda", "name = \"orders-api\"", "name", "30m"),
        ("container", "name = \"0f1e2d3c\"\nrole = \"web\"", "arn", "31m"),
        ("instance", "name = \"i-0a1b2c3d\"\nrole = \"old-web\"", "partial-arn", "37m"),
        ("person", "name = \"kim\"\nlabel = \"AWSPREVIOUS\"", "name", "5h"),
        ("user", "name = \"backup\"\nversion = \"AWSPREVIOUS\"", "arn", "6h"),
        ("ci", "name = \"build-77\"\nrefused = true", "name", "3h"),
        ("foreign", "name = \"etl\"", "arn", "1h"),
        ("root", "batch = true", "partial-arn", "7h"),
    ];
    let readers = readers.map(|(kind, who, called, every)| {
        format!(
            "[[reader]]\nsecrets = [\"prod/x\", \"prod/y\"]\nkind = \"{kind}\"\n{who}\ncalled = \"{called}\"\n\
             every = \"{every}\"\nfrom = \"-6d\"\n{reads}\n"
        )
    });
    format!("{trail}\n{}{}{}", secret("prod/x", 1), secret("prod/y", 2), readers.concat())
}

/// What was found and what was recorded are the same, up to what hasn't shown yet.
fn holds_all(door: &Door, found: &Found, name: &str, from: i64) {
    let (reached, now) = (found.reached(), door.world.now());
    assert!(found.fault.is_none() && reached.done);
    assert!(found.events.iter().collect::<Vec<_>>().is_sorted_by_key(|event| event.place()), "the newest first");
    let since = now - TimeDelta::hours(from);
    let complete = reached.covered.latest().unwrap();
    assert!(complete.from <= since, "{reached:?}");
    let ids = found.ids();
    let truth = door.recorded(name, since, now);
    for one in &truth {
        assert!(one.at > complete.to || ids.contains(&one.id), "{one:?} of {}", truth.len());
    }
    let all: BTreeMap<_, _> = door.world.records().into_iter().map(|one| (one.id.clone(), one)).collect();
    for event in found.events.iter() {
        let one = &all[event.id.raw()];
        assert_eq!((event.at, event.name.raw()), (one.at, one.name.as_str()));
        // A batch is about several secrets.
        assert!(one.secret.as_deref() == Some(name) || one.name.starts_with("Batch"), "{one:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_secrets_history_is_whole_however_its_readers_name_it() {
    let trails = ["", "trail = { resources = false }"];
    for (trail, reads) in trails.into_iter().flat_map(|trail| [(trail, ""), (trail, "resources = false")]) {
        let door = Door::over(&crowd(trail, reads)).await;
        let found = door.search(&door.scope("prod/x").await, door.ago(TimeDelta::days(5)), Covered::default()).await;
        holds_all(&door, &found, "prod/x", 119);
        let kinds: BTreeSet<_> = found.events.iter().map(|event| event.kind().word()).collect();
        let expected = ["deletion", "labels", "other", "read", "refused", "rotation", "settings", "write"];
        assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected, "{trail} {reads}");
        let is_read = |kind: Kind| kind == Kind::Read || kind == Kind::Refused;
        let callers: BTreeSet<_> =
            found.events.iter().filter(|event| is_read(event.kind())).map(|event| event.scene.who.caller).collect();
        assert!(callers.len() >= 8, "{callers:?}");
        assert!(callers.contains(&Caller::Instance) && !callers.contains(&Caller::Unknown), "{callers:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_accounts_history_holds_every_record_of_secrets_manager() {
    let door = Door::over(&crowd("", "resources = false")).await;
    let began = door.world.now();
    let since = began - TimeDelta::days(2);
    let found = door.search(&door.account(), since, Covered::default()).await;
    let (ids, truth) = (found.ids(), door.world.records());
    let due = truth.iter().filter(|one| one.at >= since && one.at <= began - HORIZON);
    assert!(due.clone().count() > 200 && due.clone().all(|one| ids.contains(&one.id)));
    assert_eq!(ids.len(), found.events.len());
}

#[tokio::test(start_paused = true)]
async fn in_a_busy_account_the_secret_is_found_before_everything_was_read() {
    let busy = "[[secret]]\nname = \"busy\"\n[[reader]]\nsecrets = [\"busy\"]\nkind = \"root\"\nevery = \"30s\"\nfrom = \"-4d\"\n";
    let door = Door::over(&format!("{}{busy}", crowd("", ""))).await;
    let scope = door.scope("prod/x").await;
    let since = door.ago(TimeDelta::days(3));
    let mut found = Found::default();
    let mut news = pin!(search(&door.aws, &scope, Depth::Whole, since, Covered::default()));
    while found.reached.as_ref().is_none_or(|reached| reached.named.is_none_or(|named| named > since)) {
        found.take(news.next().await.unwrap(), &scope);
    }
    let reached = found.reached();
    assert!(reached.pages < 60 && reached.covered.latest().unwrap().from > since, "{reached:?}");
    let (ids, complete_to) = (found.ids(), reached.covered.latest().unwrap().to);
    // Refused by IAM and of a name that isn't known here, without a resource: only by reading everything.
    let hidden = |name: &str| ["RotationPostponed"].contains(&name);
    for one in door.recorded("prod/x", since, complete_to) {
        assert!(ids.contains(&one.id) || one.name.starts_with("Get") || hidden(&one.name), "{one:?}");
    }
    while let Some(one) = news.next().await {
        found.take(one, &scope);
    }
    holds_all(&door, &found, "prod/x", 71);
}

#[tokio::test(start_paused = true)]
async fn what_came_late_is_there_after_a_refresh() {
    let door = Door::over(&crowd("trail = { delay = \"5m\", jitter = \"50m\" }", "")).await;
    let scope = door.scope("prod/x").await;
    let since = door.ago(TimeDelta::days(2));
    let first = door.search(&scope, since, Covered::default()).await;
    let missing = |found: &Events| {
        let ids: BTreeSet<_> = found.iter().map(|event| event.id.raw().to_owned()).collect();
        door.recorded("prod/x", since, door.world.now())
            .into_iter()
            .filter(|one| !ids.contains(&one.id))
            .collect::<Vec<_>>()
    };
    let late = missing(&first.events);
    assert!(late.iter().any(|one| first.reached().covered.has(one.at)), "later than the horizon: {late:?}");
    tokio::time::sleep(Duration::from_hours(1)).await;
    let (mut all, began) = (first.events.clone(), door.world.now());
    let lookups = door.lookups().len();
    let second = door.search(&scope, since, first.reached().covered.clone()).await;
    assert!(door.lookups().len() - lookups < lookups, "what was read isn't read again");
    let mut again = 0;
    for event in second.events.iter() {
        again += usize::from(!all.add(event.clone()));
    }
    assert!(again > 0, "they overlap");
    let missing = missing(&all);
    assert!(missing.iter().all(|one| one.shows_at > began), "{missing:?}");
    assert_eq!(second.reached().covered.spans().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_gap_that_has_become_too_old_is_not_asked_for() {
    let door = Door::over(&crowd("", "")).await;
    let scope = Scope::Account(door.context.clone());
    let first = door.search(&scope, door.ago(TimeDelta::days(1)), Covered::default()).await;
    let (mut covered, floor) = (first.reached().covered.clone(), door.ago(TimeDelta::days(90)));
    covered.add(secdash::domain::trail::Span { from: floor + TimeDelta::seconds(2), to: covered.latest().unwrap().to });
    let mut news = pin!(search(&door.aws, &scope, Depth::Whole, floor, covered));
    let mut found = Found::default();
    found.take(news.next().await.unwrap(), &scope);
    tokio::time::sleep(Duration::from_mins(1)).await;
    while let Some(one) = news.next().await {
        found.take(one, &scope);
    }
    assert_eq!(found.fault, None);
    assert!(found.reached().done);
}

#[tokio::test(start_paused = true)]
async fn an_event_is_found_by_its_id_with_its_record() {
    let door = Door::over(&crowd("", "")).await;
    let now = door.world.now();
    let one = door.recorded("prod/y", now - TimeDelta::days(2), now - TimeDelta::days(1)).remove(0);
    let found = event(&door.aws, &door.context, &one.id.as_str().into()).await.unwrap().unwrap();
    assert_eq!((found.at, found.name.raw()), (one.at, one.name.as_str()));
    assert!(found.record.unwrap().contains(&one.id));
    assert_eq!(event(&door.aws, &door.context, &"11111111-2222-4333-8444-555555555555".into()).await, Ok(None));
}
