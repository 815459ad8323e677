//! The label timeline against a world that remembers every move: what is known is true, to the millisecond, and what is
//! inferred keeps to its bounds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures::TryStreamExt;
use proptest::prelude::*;
use secdash::aws::Aws;
use secdash::demo::{Move, World};
use secdash::domain::secret::Secret;
use secdash::domain::timeline::{Attempt, Cancelled, Lane, Source, Sources, Timeline};
use secdash::domain::version::{StagingLabel, Value, Version};

use super::histories::{self, History};

/// What the program learns of a secret.
pub struct Learned {
    pub secret: Secret,
    pub versions: Vec<Version>,
    attempts: Vec<Attempt>,
    cancelled: Vec<Cancelled>,
    seen: DateTime<Utc>,
}

impl Learned {
    /// The timeline, with the versions or without them.
    pub fn timeline(&self, is_listed: bool) -> Timeline {
        let Self { secret, versions, attempts, cancelled, seen } = self;
        let versions = is_listed.then_some(versions.as_slice());
        Timeline::of(Sources { secret, versions, attempts, cancelled, trail: None, seen: *seen, by_list: false })
    }
}

/// Asks a world for a secret, as the program does.
pub async fn learn(world: &World, name: &str) -> Learned {
    let aws = Aws::demo(world.sdk_config());
    let context = aws.open().await.unwrap();
    let secret = aws.describe(&context, name).await.unwrap();
    let versions = aws.versions(&secret.id).await.unwrap();
    let seen = aws.now();
    let since = seen - TimeDelta::days(90);
    let failures = aws.rotation_failures(&context, since).try_collect::<Vec<_>>().await.unwrap();
    let failures = failures.into_iter().flat_map(|page| page.records).filter(|failure| failure.names(&secret));
    let attempts = failures.map(|one| Attempt { version: one.version, at: one.at, step: one.step }).collect();
    let cancelled = aws.cancellations(&Arc::clone(&context), since).try_collect::<Vec<_>>().await.unwrap();
    let cancelled = cancelled.into_iter().flat_map(|page| page.records).filter(|one| one.secret.names(&secret));
    let cancelled = cancelled.map(|one| Cancelled { at: one.at, by: one.by }).collect();
    Learned { secret, versions, attempts, cancelled, seen }
}

fn world(history: &History) -> World {
    let head =
        "[[secret]]\nname = \"x\"\nfunction = \"rotate-x\"\nrotation = { rate = \"rate(30 days)\" }\nhistory = [\n";
    World::from_toml("history.toml", &format!("{head}{}]\n", history.toml)).unwrap()
}

/// Which label sat on which version then.
fn labels(moves: &[Move], then: DateTime<Utc>) -> BTreeMap<&str, &str> {
    let mut labels = BTreeMap::new();
    for moved in moves.iter().filter(|moved| moved.at <= then) {
        match &moved.to {
            Some(to) => labels.insert(moved.label.as_str(), to.as_str()),
            None => labels.remove(moved.label.as_str()),
        };
    }
    labels
}

fn word(label: &StagingLabel) -> String {
    label.text().raw().to_owned()
}

/// At every moment of every span that is known the label sat there: at its ends, and right before and at every move.
pub fn known_is_true(timeline: &Timeline, moves: &[Move]) {
    for (lane, known) in timeline.lanes.iter().flat_map(|lane| lane.known.iter().map(move |known| (lane, known))) {
        assert!(known.from <= known.until && known.until <= timeline.until, "{known:?}");
        let edges = moves.iter().flat_map(|moved| [moved.at - TimeDelta::milliseconds(1), moved.at]);
        let within = edges.filter(|at| (known.from..=known.until).contains(at));
        for then in within.chain([known.from, known.until]) {
            let sat = labels(moves, then).get(word(&known.label).as_str()).copied();
            assert_eq!(sat, Some(lane.version.id.0.raw()), "{known:?} at {then}");
        }
    }
}

/// The spans that are known reach back to the last change and no further, and there is one for every label there is.
fn known_is_whole(timeline: &Timeline, learned: &Learned, moves: &[Move], history: &History) {
    let mut told = BTreeMap::new();
    for lane in &timeline.lanes {
        let had: Vec<_> = lane.version.labels.iter().map(word).collect();
        assert_eq!(lane.known.iter().map(|known| word(&known.label)).collect::<Vec<_>>(), had);
        told.extend(had.into_iter().map(|label| (label, lane.version.id.0.raw().to_owned())));
        for known in &lane.known {
            let from = history.changed.filter(|changed| *changed < learned.seen);
            let source = if from.is_some() { Source::Unchanged } else { Source::Seen };
            assert_eq!((known.from, known.source), (from.unwrap_or(timeline.until), source));
        }
    }
    let labels = labels(moves, timeline.until).into_iter();
    assert_eq!(told, labels.map(|(label, id)| (label.to_owned(), id.to_owned())).collect());
}

/// Every mark is one that the world recorded, and of those that CloudTrail must show none is missing.
fn marks_are_true(timeline: &Timeline, history: &History, seen: DateTime<Utc>) {
    let recorded: BTreeSet<_> = history.failed.iter().map(|(id, at, step)| (id.as_str(), *at, step.word())).collect();
    let of_lanes = timeline.lanes.iter().flat_map(|lane| lane.attempts.iter().map(move |one| (Some(lane), one)));
    let mut told = BTreeSet::new();
    for (lane, attempt) in of_lanes.chain(timeline.attempts.iter().map(|one| (None, one))) {
        let id = attempt.version.as_ref().unwrap();
        assert!(lane.is_none_or(|lane| lane.version.id == *id));
        told.insert((id.0.raw(), attempt.at, attempt.step.unwrap().word()));
    }
    assert!(told.is_subset(&recorded), "{told:?} of {recorded:?}");
    let shown = |at: DateTime<Utc>| at > seen - TimeDelta::days(89) && at < seen - TimeDelta::minutes(6);
    let missing: Vec<_> = recorded.difference(&told).filter(|(_, at, _)| shown(*at)).collect();
    assert!(missing.is_empty(), "{missing:?}");

    let told: Vec<_> = timeline.cancelled.iter().map(|one| one.at).collect();
    assert!(told.iter().all(|at| history.cancelled.contains(at)), "{told:?} of {:?}", history.cancelled);
    assert!(history.cancelled.iter().all(|at| !shown(*at) || told.contains(at)), "{told:?}");
    assert_eq!(timeline.rotated, history.rotated);
}

/// The first thing that is heard of a version.
fn first_sign(lane: &Lane) -> Option<DateTime<Utc>> {
    let created = match lane.version.value {
        Value::Put(created) => created,
        Value::Empty | Value::Unknown => None,
    };
    created.into_iter().chain(lane.attempts.iter().map(|attempt| attempt.at)).min()
}

/// What is inferred of a version lies between its first sign and now, beside what is known, and tells nothing twice.
fn inferred_keeps_to_its_bounds(timeline: &Timeline) {
    for lane in &timeline.lanes {
        let spans = lane.inferred.iter().map(|span| (&span.label, span.from, span.until));
        for (label, from, until) in spans.clone() {
            assert!(first_sign(lane).is_some_and(|sign| sign <= from), "{lane:?}");
            assert!(from < until && until <= timeline.until, "{lane:?}");
            for known in lane.known.iter().filter(|known| known.label == *label) {
                assert!(until <= known.from || known.until < from, "{lane:?}");
            }
            let same = spans.clone().filter(|other| other.0 == label && other.1 < until && from < other.2);
            assert_eq!(same.count(), 1, "{lane:?}");
        }
    }
}

/// A label sits on one version at a time, known or inferred.
fn no_label_is_on_two(timeline: &Timeline) {
    let spans: Vec<_> = timeline
        .lanes
        .iter()
        .enumerate()
        .flat_map(|(lane, of)| {
            let known = of.known.iter().map(move |span| (lane, &span.label, span.from, span.until));
            known.chain(of.inferred.iter().map(move |span| (lane, &span.label, span.from, span.until)))
        })
        .collect();
    for (lane, label, from, until) in &spans {
        let at_once =
            spans.iter().find(|other| other.0 != *lane && other.1 == *label && other.2 < *until && *from < other.3);
        assert!(at_once.is_none(), "{label:?} on {lane} and at once {at_once:?}: {timeline:#?}");
    }
}

fn check(history: &History) {
    // The clock of a world stands still only if the world is made where time is paused.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let (moves, learned) = runtime.block_on(async {
        let world = world(history);
        (world.moves("x"), learn(&world, "x").await)
    });
    assert_eq!(learned.seen, histories::now());
    for is_listed in [true, false] {
        let timeline = learned.timeline(is_listed);
        known_is_true(&timeline, &moves);
        known_is_whole(&timeline, &learned, &moves, history);
        marks_are_true(&timeline, history, learned.seen);
        inferred_keeps_to_its_bounds(&timeline);
        no_label_is_on_two(&timeline);
    }
}

proptest! {
    // The seed is fixed, so that a change is judged by what it changes; take it away to look for more.
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_120), max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_known_of_the_past_is_true(history in histories::history()) {
        check(&history);
    }
}
