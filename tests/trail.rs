//! The event history over the demo world: its pages, its horizon, and its ration, which nothing may exceed.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::{Stream, StreamExt, TryStreamExt};
use secdash::aws::{Aws, TrailPage};
use secdash::demo::World;
use secdash::domain::context::Context;
use secdash::domain::fault::{Cause, Fault};
use secdash::domain::rotation::Step;
use secdash::domain::trail::RotationFailure;
use secdash::domain::trail::{HORIZON, KEPT};
use tokio::time::Instant;

struct Door {
    world: World,
    aws: Aws,
    context: Arc<Context>,
}

async fn door(world: World) -> Door {
    let aws = Aws::demo(world.sdk_config());
    let context = aws.open().await.unwrap();
    Door { world, aws, context }
}

async fn over(toml: &str) -> Door {
    door(World::from_toml("test.toml", toml).unwrap()).await
}

/// A secret with so many failures an hour apart, the last one an hour ago.
fn failing(times: u32) -> String {
    format!(
        "[[secret]]\nname = \"prod/x\"\nfunction = \"rotate-x\"\nversions = [{{ labels = [\"AWSPENDING\"] }}]\n\
         events = [{{ name = \"RotationFailed\", at = \"-{times}h\", every = \"1h\", times = {times}, step = \"setSecret\" }}]\n"
    )
}

impl Door {
    fn since(&self, days: i64) -> DateTime<Utc> {
        self.world.now() - TimeDelta::days(days)
    }

    async fn failures(&self, days: i64) -> Result<Vec<TrailPage<RotationFailure>>, Fault> {
        self.aws.rotation_failures(&self.context, self.since(days)).try_collect().await
    }

    /// The moments of all look-ups, in milliseconds of the world's time, and the error of each.
    fn lookups(&self) -> Vec<(i64, Option<String>)> {
        let all = self.world.journal().into_iter().filter(|entry| entry.operation == "LookupEvents");
        all.map(|entry| (entry.at.timestamp_millis(), entry.error)).collect()
    }
}

/// The shortest time between two look-ups, in milliseconds.
fn shortest(lookups: &[(i64, Option<String>)]) -> i64 {
    lookups.windows(2).map(|pair| pair[1].0 - pair[0].0).min().unwrap_or(i64::MAX)
}

async fn cause<T>(pages: impl Stream<Item = Result<T, Fault>>) -> Option<Fault> {
    let mut pages = pin!(pages);
    while let Some(page) = pages.next().await {
        if let Err(fault) = page {
            assert!(pages.next().await.is_none(), "a fault ends the stream");
            return Some(fault);
        }
    }
    None
}

#[tokio::test(start_paused = true)]
async fn failures_come_page_by_page_from_the_newest() {
    let door = over(&failing(120)).await;
    let start = door.world.now();
    let pages = door.failures(90).await.unwrap();
    assert_eq!(
        pages.iter().map(|page| (page.number, page.records.len())).collect::<Vec<_>>(),
        [(1, 50), (2, 50), (3, 20)]
    );
    let all: Vec<_> = pages.iter().flat_map(|page| &page.records).collect();
    assert!(all.is_sorted_by(|a, b| a.at > b.at));
    assert_eq!(all[0].at, start - TimeDelta::hours(1));
    let secret = door.aws.describe(&door.context, "prod/x").await.unwrap();
    let pending = secret.labels.0.iter().map(|(version, _)| version).next();
    assert!(all.iter().all(|failure| failure.names(&secret) && failure.version.as_ref() == pending));
    assert_eq!(all[0].step, Some(Step::Set));
    for page in &pages {
        assert_eq!((page.unreadable, page.complete_to), (0, start - HORIZON));
    }
}

#[tokio::test(start_paused = true)]
async fn only_what_was_asked_for_and_what_is_kept_comes() {
    let door = over(&failing(120)).await;
    let pages = door.failures(1).await.unwrap();
    assert_eq!((pages[0].records.len(), pages[0].complete_from), (24, door.world.now() - TimeDelta::days(1)));
    let began = door.world.now();
    let pages = door.failures(400).await.unwrap();
    assert_eq!(pages[0].complete_from, began - KEPT);
    tokio::time::sleep(Duration::from_hours(89 * 24)).await;
    let kept: usize = door.failures(90).await.unwrap().iter().map(|page| page.records.len()).sum();
    assert_eq!(kept, 23, "those of the last day but one hour");
}

#[tokio::test(start_paused = true)]
async fn a_new_failure_shows_within_the_horizon() {
    let door = over(&failing(1).replace("-1h", "-10s")).await;
    let pages = door.failures(1).await.unwrap();
    assert_eq!(pages[0].records, []);
    tokio::time::sleep(HORIZON.to_std().unwrap()).await;
    assert_eq!(door.failures(1).await.unwrap()[0].records.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn cancellations_name_their_secret_and_who_called() {
    let door = door(World::load("default").unwrap()).await;
    let pages = door.aws.cancellations(&door.context, door.since(90)).try_collect::<Vec<_>>().await.unwrap();
    let found: Vec<_> = pages.into_iter().flat_map(|page| page.records).collect();
    let [fraud, ftp] = found.as_slice() else { panic!("{found:?}") };
    for (cancellation, name, by, given) in
        [(fraud, "prod/fraud/mongodb", "robin", "arn:aws:"), (ftp, "prod/legacy/ftp", "sam", "prod/legacy/ftp")]
    {
        let secret = door.aws.describe(&door.context, name).await.unwrap();
        assert!(cancellation.secret.names(&secret) && cancellation.secret.given.raw().starts_with(given));
        assert_eq!(cancellation.by, Some(by.into()));
    }
}

#[tokio::test(start_paused = true)]
async fn twenty_who_ask_at_once_are_never_throttled() {
    let door = door(World::load("default").unwrap()).await;
    let since = door.since(90);
    let tasks = (0..20).map(|n| {
        let (aws, context) = (door.aws.clone(), Arc::clone(&door.context));
        tokio::spawn(async move {
            if n % 2 == 0 {
                let pages = aws.rotation_failures(&context, since).try_collect::<Vec<_>>().await.unwrap();
                pages.iter().map(|page| page.records.len()).sum::<usize>()
            } else {
                let pages = aws.cancellations(&context, since).try_collect::<Vec<_>>().await.unwrap();
                pages.iter().map(|page| page.records.len()).sum()
            }
        })
    });
    let tasks: Vec<_> = tasks.collect();
    for (n, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.await.unwrap(), if n % 2 == 0 { 128 } else { 2 });
    }
    let lookups = door.lookups();
    assert_eq!(lookups.len(), 10 * 3 + 10);
    assert!(lookups.iter().all(|(_, error)| error.is_none()));
    assert!(shortest(&lookups) >= 1_000, "{lookups:?}");
}

#[tokio::test(start_paused = true)]
async fn who_stops_listening_spends_nothing_more() {
    let door = over(&failing(120)).await;
    {
        let mut pages = pin!(door.aws.rotation_failures(&door.context, door.since(90)));
        pages.try_next().await.unwrap().unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(100), pages.try_next()).await.is_err());
    }
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(door.lookups().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_throttle_is_waited_out() {
    let throttle = "[[fault]]\noperation = \"LookupEvents\"\nkind = \"throttle\"\n";
    let door = over(&format!("{}{throttle}times = 3\n", failing(3))).await;
    let start = Instant::now();
    assert_eq!(door.failures(90).await.unwrap()[0].records.len(), 3);
    assert_eq!(start.elapsed(), Duration::from_secs(2 + 4 + 8));
    let refused = door.lookups().iter().filter(|(_, error)| error.is_some()).count();
    assert_eq!((door.lookups().len(), refused), (4, 3));

    let door = over(throttle).await;
    let fault = door.failures(90).await.unwrap_err();
    assert_eq!((fault.cause, door.lookups().len()), (Cause::Throttled, 4));
}

#[tokio::test(start_paused = true)]
async fn a_throttled_world_is_not_asked_more_often_by_many() {
    let throttle = "[[fault]]\noperation = \"LookupEvents\"\nkind = \"throttle\"\nuntil = \"30s\"\n";
    let door = over(&format!("{}{throttle}", failing(3))).await;
    let since = door.since(90);
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let (aws, context) = (door.aws.clone(), Arc::clone(&door.context));
            tokio::spawn(async move { aws.rotation_failures(&context, since).try_collect::<Vec<_>>().await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap()[0].records.len(), 3);
    }
    let lookups = door.lookups();
    let throttled = lookups.iter().filter(|(_, error)| error.is_some()).count();
    assert_eq!(throttled, 5, "at 0, 2, 6, 14 and 22 s");
    assert!(shortest(&lookups) >= 1_000, "{lookups:?}");
}

#[tokio::test(start_paused = true)]
async fn a_servers_trouble_is_waited_out_too() {
    for kind in ["error", "unavailable", "reset"] {
        let fault = format!("[[fault]]\noperation = \"LookupEvents\"\nkind = \"{kind}\"\ntimes = 1\n");
        let door = over(&format!("{}{fault}", failing(3))).await;
        assert_eq!(door.failures(90).await.unwrap()[0].records.len(), 3, "{kind}");
        assert!(shortest(&door.lookups()) >= 2_000);
    }
}

#[tokio::test(start_paused = true)]
async fn a_denial_names_the_permission_and_is_not_asked_again() {
    let door = over("[[fault]]\noperation = \"LookupEvents\"\nkind = \"deny\"").await;
    let fault = cause(door.aws.rotation_failures(&door.context, door.since(1))).await.unwrap();
    assert_eq!(fault.permission(), Some("cloudtrail:LookupEvents"));
    assert!(fault.sentence().contains("LookupEvents"), "{fault}");
    assert_eq!(door.lookups().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_record_that_cannot_be_read_is_counted() {
    let events = r#"
[[secret]]
name = "prod/x"
function = "rotate-x"
events = [
  { name = "RotationFailed", at = "-1h", step = "testSecret" },
  { name = "RotationFailed", at = "-2h", step = "testSecret", record = "{ cut off" },
  { name = "RotationFailed", at = "-3h", step = "testSecret", record = "{}" },
  { name = "RotationFailed", at = "-4h", message = "something nobody has seen yet" },
]
"#;
    let page = over(events).await.failures(1).await.unwrap().remove(0);
    assert_eq!((page.records.len(), page.unreadable), (2, 2));
    assert_eq!(page.records[1].step, None);
    assert_eq!(page.records[1].message.raw(), "something nobody has seen yet");
}

#[tokio::test(start_paused = true)]
async fn pages_that_lead_nowhere_end() {
    for kind in ["endless-token", "repeat-token"] {
        let fault = format!("[[fault]]\noperation = \"LookupEvents\"\nkind = \"{kind}\"\n");
        let door = over(&format!("{}{fault}", failing(120))).await;
        let fault = cause(door.aws.rotation_failures(&door.context, door.since(90))).await.unwrap();
        assert!(matches!(fault.cause, Cause::EndlessPages { .. }), "{kind}: {fault}");
    }
    for kind in ["empty-page", "empty-token"] {
        let fault = format!("[[fault]]\noperation = \"LookupEvents\"\nkind = \"{kind}\"\ntimes = 1\n");
        let door = over(&format!("{}{fault}", failing(60))).await;
        let found: usize = door.failures(90).await.unwrap().iter().map(|page| page.records.len()).sum();
        assert_eq!(found, 60, "{kind}");
    }
}
