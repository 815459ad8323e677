//! The world of cases that the label timeline must show well: each secret is what its name says.

use chrono::TimeDelta;
use secdash::demo::World;
use secdash::domain::schedule::Discrepancy;
use secdash::domain::timeline::{Lane, Timeline};
use secdash::domain::version::StagingLabel;

use super::past::{Learned, known_is_true, learn};

/// A world of its own for each secret: asking takes time, and the clock must stand where it started.
async fn case(name: &str) -> (World, Learned) {
    let world = World::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worlds/timeline.toml")).unwrap();
    let learned = learn(&world, name).await;
    (world, learned)
}

/// The labels of each lane, newest first: `CP V - -`.
fn lanes(timeline: &Timeline) -> String {
    let word = |label: &StagingLabel| match label {
        StagingLabel::Current => "C".to_owned(),
        StagingLabel::Pending => "P".to_owned(),
        StagingLabel::Previous => "V".to_owned(),
        StagingLabel::Custom(label) => format!("+{}", label.raw()),
    };
    let of = |lane: &Lane| {
        let labels: String = lane.version.labels.iter().map(word).collect();
        if labels.is_empty() { "-".to_owned() } else { labels }
    };
    timeline.lanes.iter().map(of).collect::<Vec<_>>().join(" ")
}

#[tokio::test(start_paused = true)]
async fn each_secret_of_the_timeline_world_is_what_its_name_says() {
    for (name, labels, failed, cancelled) in [
        ("healthy", "PC V - -", 0, 0),
        ("stuck", "P C V", 13, 0),
        ("stuck-empty", "P C V -", 6, 0),
        ("cancelled", "P C V", 3, 1),
        ("rolled-back", "V C", 0, 0),
        ("custom-labels", "C+blue V+green +known-good -", 0, 0),
        ("hundred", &format!("C V{}", " -".repeat(98)), 0, 0),
        ("never-rotated", "C", 0, 0),
        ("replica", "C V", 0, 0),
        ("managed", "C V -", 0, 0),
        ("same-second", "C V -", 0, 0),
        ("clock-behind", "C V -", 0, 0),
    ] {
        let (world, learned) = case(name).await;
        let timeline = learned.timeline(true);
        let marks: usize = timeline.lanes.iter().map(|lane| lane.attempts.len()).sum();
        assert_eq!(lanes(&timeline), labels, "{name}");
        assert_eq!((marks, timeline.attempts.len(), timeline.cancelled.len()), (failed, 0, cancelled), "{name}");
        assert_eq!(timeline.ahead, (name == "clock-behind").then(|| TimeDelta::minutes(3)), "{name}");
        assert_eq!(Discrepancy::of(&learned.secret), None, "{name}");
        let has_history = ["cancelled", "rolled-back", "custom-labels"].contains(&name);
        assert_eq!(!world.moves(name).is_empty(), has_history, "{name}");
        if has_history {
            known_is_true(&timeline, &world.moves(name));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn three_versions_of_one_second_are_told_apart() {
    let (_, learned) = case("same-second").await;
    let mut dates: Vec<_> = learned.versions.iter().filter_map(|version| version.created).collect();
    dates.sort();
    assert_eq!(dates[2] - dates[0], TimeDelta::milliseconds(790));
    assert_eq!(dates[2].timestamp(), dates[0].timestamp());
}
