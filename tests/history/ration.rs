//! AWS's ration of look-ups: two a second for everybody, of which this program takes one, whoever in it asks.

use std::time::Duration;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::config::Builder;
use aws_sdk_cloudtrail::config::retry::RetryConfig;
use chrono::TimeDelta;
use futures::TryStreamExt;
use secdash::domain::fault::Cause;
use secdash::domain::trail::Covered;

use super::search::Door;

/// Three secrets with a reader each.
const WORLD: &str = r#"
[[secret]]
name = "a"
function = "rotate-x"
events = [{ name = "RotationFailed", at = "-40h", every = "20m", times = 120, step = "setSecret" }]

[[secret]]
name = "b"

[[secret]]
name = "c"

[[reader]]
secrets = ["a", "b", "c"]
kind = "lambda"
name = "reader"
every = "10m"
from = "-3d"
"#;

fn faulty(kind: &str, more: &str) -> String {
    format!("{WORLD}\n[[fault]]\noperation = \"LookupEvents\"\nkind = \"{kind}\"\n{more}")
}

/// Every record of a secret that showed when the search began is among what it found.
async fn whole(door: &Door, name: &str) {
    let (scope, began) = (door.scope(name).await, door.world.now());
    let since = began - TimeDelta::days(2);
    let found = door.search(&scope, since, Covered::default()).await;
    let ids = found.ids();
    let truth = door.recorded(name, since, began - TimeDelta::minutes(5));
    assert!(truth.len() > 250 && truth.iter().all(|one| ids.contains(&one.id)), "{name}");
    assert!(found.fault.is_none() && found.reached().done);
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_at_once_shares_one_look_up_a_second() {
    let door = Door::over(WORLD).await;
    let account = async {
        let found = door.search(&door.account(), door.ago(TimeDelta::days(1)), Covered::default()).await;
        assert!(found.reached().done && found.fault.is_none());
    };
    let since = door.ago(TimeDelta::days(90));
    let refresh = async {
        let failures: Vec<_> = door.aws.rotation_failures(&door.context, since).try_collect().await.unwrap();
        let _: Vec<_> = door.aws.cancellations(&door.context, since).try_collect().await.unwrap();
        assert_eq!(failures.iter().map(|page| page.records.len()).sum::<usize>(), 120);
    };
    tokio::join!(whole(&door, "a"), whole(&door, "b"), whole(&door, "c"), account, refresh);
    let lookups = door.lookups();
    assert!(lookups.len() > 60, "{}", lookups.len());
    assert!(lookups.iter().all(|(_, error)| error.is_none()));
    let shortest = lookups.windows(2).map(|pair| pair[1].0 - pair[0].0).min().unwrap();
    assert!(shortest >= 1_000, "{shortest} ms between two");
    let in_a_second =
        |(at, _): &(i64, _)| lookups.iter().filter(|(other, _)| (*at..at + 1_000).contains(other)).count();
    assert!(lookups.iter().all(|one| in_a_second(one) <= 2));
}

#[tokio::test(start_paused = true)]
async fn others_who_use_the_ration_slow_a_search_and_do_not_end_it() {
    let door = Door::over(WORLD).await;
    // They ask for more than there is, and don't mind being throttled.
    let config =
        Builder::from(&door.world.sdk_config()).retry_config(RetryConfig::standard().with_max_attempts(1)).build();
    let other = Client::from_conf(config);
    let others = async {
        for _ in 0..400 {
            drop(other.lookup_events().send().await);
            tokio::time::sleep(Duration::from_millis(130)).await;
        }
    };
    let mine = async {
        // Not in step with what comes back of the ration every half second.
        tokio::time::sleep(Duration::from_millis(700)).await;
        let scope = door.scope("a").await;
        let since = door.ago(TimeDelta::days(2));
        let began = door.world.now();
        let found = door.search(&scope, since, Covered::default()).await;
        let ids = found.ids();
        let truth = door.recorded("a", since, began - TimeDelta::minutes(5));
        assert!(truth.iter().all(|one| ids.contains(&one.id)));
        assert_eq!((found.fault.clone(), found.reached().done), (None, true));
        found.slowed
    };
    let (slowed, ()) = tokio::join!(mine, others);
    assert!(slowed > 0, "it says that it was throttled");
    assert!(door.lookups().iter().any(|(_, error)| error.as_deref() == Some("ThrottlingException")));
}

#[tokio::test(start_paused = true)]
async fn a_throttle_is_told_each_time_and_costs_nothing_of_what_is_found() {
    let door = Door::over(&faulty("throttle", "after = 2\ntimes = 5")).await;
    let found = door.search(&door.account(), door.ago(TimeDelta::days(1)), Covered::default()).await;
    assert_eq!((found.slowed, found.fault.clone(), found.reached().done), (5, None, true));
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_passes_does_not_end_a_search() {
    for kind in ["error", "unavailable", "reset"] {
        let door = Door::over(&faulty(kind, "after = 2\ntimes = 3")).await;
        let found = door.search(&door.account(), door.ago(TimeDelta::days(1)), Covered::default()).await;
        assert_eq!((found.slowed, found.fault.clone(), found.reached().done), (0, None, true), "{kind}");
        let door = Door::over(&faulty(kind, "after = 2")).await;
        let found = door.search(&door.account(), door.ago(TimeDelta::days(1)), Covered::default()).await;
        assert!(found.fault.is_some_and(|fault| fault.cause != Cause::Throttled), "{kind}");
        assert_eq!((found.events.len(), door.lookups().len()), (100, 6), "what came before is there: {kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_denied_search_names_the_permission_and_ends() {
    for more in ["", "after = 3"] {
        let door = Door::over(&faulty("deny", more)).await;
        let found = door.search(&door.scope("a").await, door.ago(TimeDelta::days(1)), Covered::default()).await;
        let fault = found.fault.unwrap();
        assert_eq!(fault.permission(), Some("cloudtrail:LookupEvents"));
        assert_eq!(door.lookups().len(), if more.is_empty() { 1 } else { 4 }, "it isn't asked again");
        assert_eq!(found.events.is_empty(), more.is_empty());
    }
}
