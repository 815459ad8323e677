//! The rules by which labels move, one by one, and what holds of them in any order.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::demo::labels::{self, Move, Refused};
use crate::demo::secret::Version;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000 + second, 0).unwrap()
}

/// `put a`, `rotate b`, `fill b`, `AWSCURRENT a>b`, `blue >b`, `AWSPENDING b>`.
fn act(versions: &mut Vec<Version>, act: &str, second: i64) -> Result<Vec<Move>, Refused> {
    let (verb, rest) = act.split_once(' ').unwrap();
    match verb {
        "put" => labels::put(versions, rest, at(second)),
        "rotate" => labels::rotate(versions, rest, at(second)),
        "fill" => labels::fill(versions, rest, at(second)).map(|()| Vec::new()),
        label => {
            let (from, to) = rest.split_once('>').unwrap();
            let some = |id: &'static str| Some(id).filter(|id| !id.is_empty());
            let [from, to] = [from, to].map(|id| id.to_owned().leak() as &str).map(some);
            labels::update(versions, label, to, from, at(second))
        }
    }
}

/// The labels of each version that has any, as `a: AWSPREVIOUS, b: AWSCURRENT+AWSPENDING`.
fn told(versions: &[Version]) -> String {
    let with = versions.iter().filter(|version| !version.labels.is_empty());
    with.map(|version| format!("{}: {}", version.id, version.labels.join("+"))).collect::<Vec<_>>().join(", ")
}

#[test]
fn labels_move_as_aws_moves_them() {
    let table: &[(&[&str], &str)] = &[
        (&["put a"], "a: AWSCURRENT"),
        (&["put a", "put b"], "a: AWSPREVIOUS, b: AWSCURRENT"),
        (&["put a", "put b", "put c"], "b: AWSPREVIOUS, c: AWSCURRENT"),
        (&["put a", "rotate b"], "a: AWSCURRENT, b: AWSPENDING"),
        (&["put a", "rotate b", "fill b"], "a: AWSCURRENT, b: AWSPENDING"),
        // finishSecret leaves AWSPENDING where it is.
        (&["put a", "rotate b", "fill b", "AWSCURRENT a>b"], "a: AWSPREVIOUS, b: AWSCURRENT+AWSPENDING"),
        (&["put a", "rotate b", "AWSCURRENT a>b", "rotate c"], "a: AWSPREVIOUS, b: AWSCURRENT, c: AWSPENDING"),
        (&["put a", "rotate b", "AWSPENDING b>"], "a: AWSCURRENT"),
        // A value set by hand ends a rotation.
        (&["put a", "rotate b", "put c"], "a: AWSPREVIOUS, c: AWSCURRENT"),
        (&["put a", "put b", "rotate c", "put d"], "b: AWSPREVIOUS, d: AWSCURRENT"),
        // Rolled back: AWSPREVIOUS goes to where AWSCURRENT was.
        (&["put a", "put b", "AWSCURRENT b>a"], "a: AWSCURRENT, b: AWSPREVIOUS"),
        (&["put a", "put b", "put c", "AWSCURRENT c>a"], "a: AWSCURRENT, c: AWSPREVIOUS"),
        (&["put a", "rotate b", "AWSCURRENT a>b", "AWSCURRENT b>a"], "a: AWSCURRENT, b: AWSPENDING+AWSPREVIOUS"),
        // Custom labels stay when others move.
        (&["put a", "blue >a", "put b"], "a: AWSPREVIOUS+blue, b: AWSCURRENT"),
        (&["put a", "blue >a", "put b", "blue a>b"], "a: AWSPREVIOUS, b: AWSCURRENT+blue"),
        (&["put a", "blue >a", "put b", "put c"], "a: blue, b: AWSPREVIOUS, c: AWSCURRENT"),
        (&["put a", "blue >a", "blue a>"], "a: AWSCURRENT"),
        (&["put a", "blue >a", "blue >a"], "a: AWSCURRENT+blue"),
    ];
    for (acts, labels) in table {
        let mut versions = Vec::new();
        for (second, word) in (0..).zip(*acts) {
            act(&mut versions, word, second).unwrap_or_else(|refused| panic!("{acts:?}: {word}: {refused}"));
        }
        assert_eq!(told(&versions), *labels, "{acts:?}");
    }
}

#[test]
fn a_refused_move_changes_nothing() {
    let attached = |label: &str, version: &str| {
        let (label, version) = (label.to_owned(), version.to_owned());
        Refused::Attached { label, version }
    };
    let table: &[(&[&str], &str, Refused)] = &[
        (&["put a", "rotate b"], "rotate c", Refused::Incomplete),
        (&["put a", "rotate b", "AWSCURRENT a>b", "AWSCURRENT b>a"], "rotate c", Refused::Incomplete),
        (&["put a"], "put a", Refused::InUse("a".into())),
        (&["put a"], "rotate a", Refused::InUse("a".into())),
        (&["put a", "rotate b", "fill b"], "fill b", Refused::InUse("b".into())),
        (&["put a"], "fill b", Refused::NoVersion("b".into())),
        (&["put a", "put b"], "AWSCURRENT >a", attached("AWSCURRENT", "b")),
        (&["put a", "put b"], "AWSCURRENT a>a", attached("AWSCURRENT", "b")),
        (&["put a", "rotate b"], "AWSPENDING a>", attached("AWSPENDING", "b")),
        (&["put a", "put b", "blue >a"], "blue >b", attached("blue", "a")),
        (&["put a"], "AWSCURRENT a>", Refused::CurrentStays),
        (&["put a"], "AWSCURRENT a>b", Refused::NoVersion("b".into())),
        (&["put a"], "blue a>", Refused::Nowhere("blue".into())),
    ];
    for (acts, last, refused) in table {
        let mut versions = Vec::new();
        for (second, word) in (0..).zip(*acts) {
            act(&mut versions, word, second).unwrap();
        }
        let before = format!("{versions:?}");
        assert_eq!(act(&mut versions, last, 99), Err(refused.clone()), "{acts:?}, {last}");
        assert_eq!(format!("{versions:?}"), before, "{acts:?}, {last}");
    }
}

#[test]
fn twenty_labels_are_the_most() {
    let mut versions = Vec::new();
    act(&mut versions, "put a", 0).unwrap();
    act(&mut versions, "put b", 1).unwrap();
    for number in 0..18 {
        act(&mut versions, &format!("label-{number} >b"), 2).unwrap();
    }
    assert_eq!(act(&mut versions, "one-more >a", 3), Err(Refused::Limit));
    act(&mut versions, "label-0 b>a", 4).unwrap();
}

#[test]
fn a_value_is_dated_when_it_is_put() {
    let mut versions = Vec::new();
    for (second, word) in (0..).zip(["put a", "rotate b", "fill b"]) {
        act(&mut versions, word, second).unwrap();
    }
    assert_eq!((versions[1].created, versions[1].has_value), (at(2), true));
}

#[test]
fn only_old_versions_without_a_label_go_and_only_beyond_a_hundred() {
    let mut versions = Vec::new();
    for hour in 0..130 {
        labels::put(&mut versions, &format!("v{hour}"), at(hour * 3600)).unwrap();
    }
    labels::update(&mut versions, "known-good", Some("v3"), None, at(130 * 3600)).unwrap();
    let ids = |versions: &[Version]| versions.iter().map(|version| version.id.clone()).collect::<Vec<_>>();
    let mut young = versions.clone();
    labels::prune(&mut young, at(0) + TimeDelta::hours(30));
    assert_eq!(ids(&young)[..3], ["v3", "v7", "v8"], "younger than a day");
    labels::prune(&mut versions, at(0) + TimeDelta::days(9));
    assert_eq!((versions.len(), &ids(&versions)[..2]), (101, &["v3".to_owned(), "v30".to_owned()][..]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Acts at random, most of them refused: the moves that were told lead to where the labels are.
    #[test]
    fn a_label_sits_on_one_version_at_most(words in prop::collection::vec((0_usize..9, 0_usize..4, 0_usize..5), 1..40)) {
        const IDS: [&str; 5] = ["a", "b", "c", "d", ""];
        let (mut versions, mut sits) = (Vec::new(), BTreeMap::new());
        for (second, (verb, one, other)) in (0..).zip(words) {
            let (one, other) = (IDS[one], IDS[other]);
            let word = match verb {
                0 | 1 => format!("put {one}"),
                2 | 3 => format!("rotate {one}"),
                4 => format!("fill {one}"),
                5 | 6 => format!("AWSCURRENT {one}>{other}"),
                7 => format!("AWSPENDING {one}>"),
                _ => format!("blue {other}>{one}"),
            };
            let had_current = sits.contains_key("AWSCURRENT");
            let moves = act(&mut versions, &word, second).unwrap_or_default();
            for moved in moves {
                prop_assert_eq!(sits.get(&moved.label).cloned(), moved.from, "{}", word);
                match moved.to {
                    Some(to) => sits.insert(moved.label, to),
                    None => sits.remove(&moved.label),
                };
            }
            let of = |version: &Version| version.labels.iter().map(|label| (label.to_string(), version.id.clone())).collect::<Vec<_>>();
            let found: Vec<_> = versions.iter().flat_map(of).collect();
            prop_assert_eq!(found.len(), sits.len(), "{}: {:?}", word, found);
            prop_assert_eq!(found.into_iter().collect::<BTreeMap<_, _>>(), sits.clone());
            prop_assert!(!had_current || sits.contains_key("AWSCURRENT"), "{}", word);
        }
    }
}
