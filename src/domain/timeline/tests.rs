use super::*;
use crate::domain::version::LabelMap;

const NOW: i64 = 1_800_000_000;

/// So many hours before now.
fn ago(hours: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).unwrap_or_default() - TimeDelta::hours(hours)
}

/// A version: its id, its labels, and how many hours ago its value was put.
type Row<'a> = (&'a str, &'a [&'a str], Option<i64>);

struct Story<'a> {
    rows: &'a [Row<'a>],
    changed: Option<i64>,
    rotated: Option<i64>,
    failed: &'a [(&'a str, i64)],
}

impl Story<'_> {
    fn secret(&self) -> Secret {
        let labels = self.rows.iter().filter(|(_, labels, _)| !labels.is_empty()).map(|(id, labels, _)| {
            let labels: Vec<_> = labels.iter().map(|label| StagingLabel::from_aws(label)).collect();
            (VersionId((*id).into()), labels.into_boxed_slice())
        });
        Secret {
            rotation_enabled: Some(true),
            last_changed: self.changed.map(ago),
            last_rotated: self.rotated.map(ago),
            labels: LabelMap(labels.collect()),
            ..Secret::plain("name")
        }
    }

    fn timeline(&self) -> Timeline {
        let versions: Vec<Version> = self.rows.iter().filter_map(listed).collect();
        let attempts = self.failed.iter().map(|(id, hours)| Attempt {
            version: Some(VersionId((*id).into())),
            at: ago(*hours),
            step: Some(Step::Test),
        });
        let attempts: Vec<Attempt> = attempts.collect();
        let (secret, versions) = (self.secret(), Some(versions.as_slice()));
        Timeline::of(Sources {
            secret: &secret,
            versions,
            attempts: &attempts,
            cancelled: &[],
            trail: None,
            seen: ago(0),
            by_list: false,
        })
    }

    /// The spans as words: `b: CURRENT 10..0 known`, hours ago.
    fn told(&self) -> Vec<String> {
        let hours = |at: DateTime<Utc>| (ago(0) - at).num_hours();
        let mut told = Vec::new();
        for lane in self.timeline().lanes {
            let id = lane.version.id.0.to_string();
            let word = |label: &StagingLabel| label.text().raw().trim_start_matches("AWS").to_owned();
            let inferred = lane.inferred.iter().map(|one| {
                format!("{id}: {} {}..{} {:?}", word(&one.label), hours(one.from), hours(one.until), one.why)
            });
            let known = lane
                .known
                .iter()
                .map(|one| format!("{id}: {} {}..{} known", word(&one.label), hours(one.from), hours(one.until)));
            told.extend(inferred.chain(known));
        }
        told
    }
}

fn listed(row: &Row<'_>) -> Option<Version> {
    let (id, labels, created) = row;
    Some(Version {
        id: VersionId((*id).into()),
        labels: labels.iter().map(|label| StagingLabel::from_aws(label)).collect(),
        created: Some(ago((*created)?)),
        last_accessed: None,
        kms_keys: Vec::new(),
    })
}

const PENDING: &[&str] = &["AWSPENDING"];
const CURRENT: &[&str] = &["AWSCURRENT"];
const PREVIOUS: &[&str] = &["AWSPREVIOUS"];

/// What it is, the versions with what is known of them, and the spans.
const CASES: &[(&str, Story<'_>, &[&str])] = &[
    (
        "rotated, AWSPENDING gone, and the rotation recorded a moment after the labels had moved",
        Story {
            rows: &[("b", CURRENT, Some(10)), ("a", PREVIOUS, Some(40))],
            changed: Some(9),
            rotated: Some(8),
            failed: &[],
        },
        &["b: PENDING 10..9 ValuePut", "b: CURRENT 9..0 known", "a: CURRENT 40..9 Preceded", "a: PREVIOUS 9..0 known"],
    ),
    (
        "rotated, AWSPENDING stayed on the current version",
        Story {
            rows: &[("b", &["AWSCURRENT", "AWSPENDING"], Some(10)), ("a", PREVIOUS, Some(40))],
            changed: Some(8),
            rotated: Some(9),
            failed: &[],
        },
        &[
            "b: PENDING 10..8 Stayed",
            "b: CURRENT 9..8 Rotated",
            "b: CURRENT 8..0 known",
            "b: PENDING 8..0 known",
            "a: CURRENT 40..9 Preceded",
            "a: PREVIOUS 9..8 Succeeded",
            "a: PREVIOUS 8..0 known",
        ],
    ),
    (
        "stuck after setSecret",
        Story {
            rows: &[("c", PENDING, Some(5)), ("b", CURRENT, Some(10)), ("a", PREVIOUS, Some(40))],
            changed: Some(5),
            rotated: Some(9),
            failed: &[("c", 4), ("c", 1)],
        },
        &[
            "c: PENDING 5..0 known",
            "b: PENDING 10..9 ValuePut",
            "b: CURRENT 9..5 Rotated",
            "b: CURRENT 5..0 known",
            "a: CURRENT 40..9 Preceded",
            "a: PREVIOUS 9..5 Succeeded",
            "a: PREVIOUS 5..0 known",
        ],
    ),
    (
        "stuck and empty after one that was given up, changed since",
        Story {
            rows: &[("d", PENDING, None), ("c", &[], Some(8)), ("b", CURRENT, Some(10)), ("a", PREVIOUS, Some(40))],
            changed: Some(2),
            rotated: None,
            failed: &[("d", 6)],
        },
        &[
            "d: PENDING 6..2 Attempted",
            "d: PENDING 2..0 known",
            "c: PENDING 8..6 GivenUp",
            "b: CURRENT 10..2 Put",
            "b: CURRENT 2..0 known",
            "a: CURRENT 40..10 Preceded",
            "a: PREVIOUS 10..2 Succeeded",
            "a: PREVIOUS 2..0 known",
        ],
    ),
    (
        "rolled back",
        Story {
            rows: &[("b", PREVIOUS, Some(10)), ("a", CURRENT, Some(40))],
            changed: Some(3),
            rotated: Some(9),
            failed: &[],
        },
        &[
            "b: CURRENT 10..3 RolledBack",
            "b: PREVIOUS 3..0 known",
            "a: CURRENT 40..10 RolledBack",
            "a: PREVIOUS 10..3 RolledBack",
            "a: CURRENT 3..0 known",
        ],
    ),
    (
        "deprecated ones: in line before AWSPREVIOUS, given up after it, failed and then nobody knows",
        Story {
            rows: &[
                ("e", CURRENT, Some(10)),
                ("d", &[], Some(20)),
                ("c", PREVIOUS, Some(30)),
                ("b", &[], Some(40)),
                ("a", &[], Some(50)),
            ],
            changed: Some(10),
            rotated: Some(10),
            failed: &[("b", 38)],
        },
        &[
            "e: CURRENT 10..0 known",
            "d: PENDING 20..10 GivenUp",
            "c: CURRENT 30..10 Preceded",
            "c: PREVIOUS 10..0 known",
            "b: PENDING 40..38 Attempted",
            "a: CURRENT 50..40 Succession",
            "a: PREVIOUS 40..30 Succession",
        ],
    ),
    (
        "one version that never rotated, and nobody says when it changed",
        Story { rows: &[("a", CURRENT, Some(40))], changed: None, rotated: None, failed: &[] },
        &["a: CURRENT 40..0 Put", "a: CURRENT 0..0 known"],
    ),
    (
        "custom labels leave no date",
        Story { rows: &[("a", &["AWSCURRENT", "blue"], Some(40))], changed: Some(5), rotated: None, failed: &[] },
        &["a: CURRENT 40..5 Put", "a: CURRENT 5..0 known", "a: blue 5..0 known"],
    ),
];

#[test]
fn what_dates_tell_is_inferred_and_what_stands_unchanged_is_known() {
    for (name, story, told) in CASES {
        assert_eq!(story.told(), *told, "{name}");
    }
}

#[test]
fn without_the_versions_only_what_is_known_is_told() {
    let story = Story {
        rows: &[("b", CURRENT, Some(10)), ("a", PREVIOUS, Some(40))],
        changed: Some(9),
        rotated: Some(9),
        failed: &[],
    };
    let secret = story.secret();
    let sources = Sources {
        secret: &secret,
        versions: None,
        attempts: &[],
        cancelled: &[],
        trail: None,
        seen: ago(0),
        by_list: false,
    };
    let timeline = Timeline::of(sources);
    assert!(!timeline.is_listed);
    assert!(timeline.lanes.iter().all(|lane| lane.inferred.is_empty() && lane.known.len() == 1));
    let story = timeline.story(&timeline.lanes[0], false);
    assert!(story.iter().any(|remark| matches!(remark, Remark::Open(_))), "{story:?}");
}

#[test]
fn of_the_last_minutes_the_list_may_not_have_heard() {
    for (changed, from, until) in
        [(Some(9), ago(9), ago(0) - LIST_LAG), (None, ago(0) - LIST_LAG, ago(0) - LIST_LAG), (Some(0), ago(0), ago(0))]
    {
        let story = Story { rows: &[("a", CURRENT, Some(40))], changed, rotated: None, failed: &[] };
        let secret = story.secret();
        let sources = Sources {
            secret: &secret,
            versions: None,
            attempts: &[],
            cancelled: &[],
            trail: None,
            seen: ago(0),
            by_list: true,
        };
        let known = Timeline::of(sources).lanes[0].known[0].clone();
        assert_eq!((known.from, known.until), (from, until), "{changed:?}");
    }
}

#[test]
fn a_date_of_aws_that_lies_ahead_tells_of_a_slow_clock() {
    let story = Story { rows: &[("a", CURRENT, Some(-1))], changed: Some(-1), rotated: None, failed: &[] };
    let timeline = story.timeline();
    assert_eq!(timeline.ahead, Some(TimeDelta::hours(1)));
    assert_eq!(timeline.until, ago(-1));
    assert!(timeline.lanes[0].known.iter().all(|known| known.source == Source::Seen && known.from == ago(-1)));
}

#[test]
fn the_pending_version_matters_most_then_the_current_one() {
    let rows: &[Row<'_>] = &[("c", PENDING, Some(5)), ("b", CURRENT, Some(10))];
    let foremost = |rows| {
        let timeline = Story { rows, changed: Some(5), rotated: None, failed: &[] }.timeline();
        timeline.lanes[timeline.foremost()].version.id.0.to_string()
    };
    assert_eq!(foremost(rows), "c");
    assert_eq!(foremost(&[("a", PREVIOUS, Some(3)), ("b", &["AWSCURRENT", "AWSPENDING"], Some(10))]), "b");
}
