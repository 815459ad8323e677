//! The timeline, completed by the event history, against what the world knows: move by move, and second by second.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use secdash::aws::Aws;
use secdash::demo::World;
use secdash::domain::fault::Fault;
use secdash::domain::rotation::Step;
use secdash::domain::secret::Secret;
use secdash::domain::timeline::{Source, Sources, Timeline, Trail};
use secdash::domain::trail::{Covered, TrailEvent};
use secdash::domain::version::Version;
use secdash::ops::history::changes;

/// Two rotations that succeed, the second after an attempt that failed; one that is abandoned when a value is put by hand; a
/// label moved by hand.
const WORLD: &str = r#"
seed = 11
clock = { start = "2026-11-20T09:14:00Z" }

[[secret]]
name = "prod/db"
function = "rotate-db"
rotation = { rate = "rate(10 days)" }
created = "2026-09-01T00:00:00Z"
history = [
  { at = "2026-09-01T00:00:00.300Z", put = "first" },
  { at = "2026-10-20T02:00:00.200Z", rotate = "october" },
  { at = "2026-10-20T02:00:03.100Z", fill = "october" },
  { at = "2026-10-20T02:00:09.700Z", finish = "october" },
  { at = "2026-10-30T02:00:00.400Z", rotate = "failing" },
  { at = "2026-10-30T02:00:04.500Z", fill = "failing" },
  { at = "2026-10-30T11:20:00.600Z", put = "by-hand" },
  { at = "2026-11-09T02:00:00.100Z", rotate = "november" },
  { at = "2026-11-09T02:00:04.800Z", fill = "november" },
  { at = "2026-11-09T06:00:08.900Z", finish = "november" },
  { at = "2026-11-12T15:30:00.500Z", move = "blue", to = "november" },
]
events = [{ name = "RotationFailed", at = "2026-11-09T02:00:09Z", step = "testSecret", version = "AWSCURRENT" }]
"#;

/// What is learned of the secret, the event history since then included.
struct Learned {
    secret: Secret,
    versions: Vec<Version>,
    events: Vec<TrailEvent>,
    covered: Covered,
    fault: Option<Fault>,
    seen: DateTime<Utc>,
}

impl Learned {
    async fn of(world: &World, days: i64) -> Self {
        let aws = Aws::demo(world.sdk_config());
        let context = aws.open().await.unwrap();
        let secret = aws.describe(&context, "prod/db").await.unwrap();
        let versions = aws.versions(&secret.id).await.unwrap();
        let (events, covered, fault) = changes(&aws, &secret, aws.now() - TimeDelta::days(days)).await;
        Self { secret, versions, events, covered, fault, seen: aws.now() }
    }

    fn timeline(&self) -> Timeline {
        let events: Vec<_> = self.events.iter().collect();
        Timeline::of(Sources {
            secret: &self.secret,
            versions: Some(&self.versions),
            attempts: &[],
            cancelled: &[],
            trail: Some(Trail { events: &events, covered: &self.covered }),
            seen: self.seen,
            by_list: false,
        })
    }
}

/// Second, label, from, to.
type Line = (DateTime<Utc>, String, Option<String>, Option<String>);

fn second(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::seconds(1)).unwrap()
}

/// The world's own moves since then, as far as CloudTrail can tell of them: to the second.
fn journal(world: &World, since: DateTime<Utc>) -> Vec<Line> {
    let moves = world.moves("prod/db").into_iter().filter(|moved| moved.at >= since);
    let mut lines: Vec<_> = moves.map(|moved| (second(moved.at), moved.label, moved.from, moved.to)).collect();
    lines.sort();
    lines
}

fn told(timeline: &Timeline, since: DateTime<Utc>) -> Vec<Line> {
    let id = |id: &Option<secdash::domain::version::VersionId>| id.as_ref().map(|id| id.0.raw().to_owned());
    let moves = timeline.moves.iter().filter(|moved| moved.at >= since);
    let line = moves.map(|moved| (moved.at, moved.label.text().raw().to_owned(), id(&moved.from), id(&moved.to)));
    let mut lines: Vec<_> = line.collect();
    lines.sort();
    lines
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_move_is_known_as_the_world_made_it() {
    let world = World::from_toml("moves", WORLD).unwrap();
    let learned = Learned::of(&world, 85).await;
    let (timeline, since) = (learned.timeline(), at("2026-09-02T00:00:00Z"));
    assert!(learned.fault.is_none() && learned.covered.has(since));
    let moves = journal(&world, since);
    assert!(moves.len() >= 10, "{moves:#?}");
    assert_eq!(told(&timeline, since), moves);
    let failed = timeline.lanes.iter().flat_map(|lane| lane.attempts.iter().map(move |one| (lane, one)));
    let failed: Vec<_> = failed.map(|(lane, one)| (lane.version.labels.len(), one.at, one.step)).collect();
    assert_eq!(failed, [(3, at("2026-11-09T02:00:09Z"), Some(Step::Test))], "of the version that is AWSCURRENT now");
    let told = |words: &str| {
        let lanes = timeline.lanes.iter();
        lanes.filter(|lane| lane.told.iter().any(|(_, told)| told.contains(words))).count()
    };
    assert_eq!((told("abandoned"), told("succeeded")), (1, 2));
    let hand = timeline.moves.iter().find(|moved| moved.label.text().raw() == "blue").unwrap();
    assert_eq!((hand.event.raw(), hand.by.as_str()), ("UpdateSecretVersionStage", "demo (OnCall)"));
}

#[tokio::test(start_paused = true)]
async fn at_no_moment_is_a_label_said_to_sit_where_it_did_not() {
    let world = World::from_toml("moves", WORLD).unwrap();
    for days in [1, 9, 12, 25, 40, 85] {
        let learned = Learned::of(&world, days).await;
        let moves = world.moves("prod/db");
        let sat = |label: &str, then: DateTime<Utc>| {
            let last = moves.iter().rfind(|moved| moved.label == label && moved.at <= then);
            last.and_then(|moved| moved.to.clone())
        };
        let timeline = learned.timeline();
        let mut known = 0;
        for (lane, span) in timeline.lanes.iter().flat_map(|lane| lane.known.iter().map(move |span| (lane, span))) {
            known += usize::from(span.source == Source::Trail);
            let label = span.label.text();
            // Records have times to the second: what happens in the second of an end may be on either side of it.
            let mut then = span.from + TimeDelta::seconds(1);
            while then < span.until {
                assert_eq!(
                    sat(label.raw(), then).as_deref(),
                    Some(lane.version.id.0.raw()),
                    "{span:?} {then} {days} d"
                );
                then += TimeDelta::hours(1);
            }
        }
        assert!(known > 0 || days < 9, "{days} d");
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_right_it_is_inferred_and_the_right_is_named() {
    let text = format!("{WORLD}\n[[fault]]\noperation = \"LookupEvents\"\nkind = \"deny\"\n");
    let learned = Learned::of(&World::from_toml("denied", &text).unwrap(), 85).await;
    assert_eq!(learned.fault.as_ref().unwrap().permission(), Some("cloudtrail:LookupEvents"));
    let timeline = learned.timeline();
    assert!(timeline.moves.is_empty());
    let spans = || timeline.lanes.iter().flat_map(|lane| &lane.known);
    assert!(spans().all(|span| span.source != Source::Trail), "{:?}", spans().collect::<Vec<_>>());
    assert!(timeline.lanes.iter().any(|lane| !lane.inferred.is_empty()));
}
