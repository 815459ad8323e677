//! What the event history tells of labels: which were moved when, where to and by whom.
//!
//! Which event moves which label: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>,
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html>,
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html>. AWSPREVIOUS follows
//! AWSCURRENT by itself.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Attempt, Cancelled, Known, Source};
use crate::domain::secret::Secret;
use crate::domain::trail::{Covered, Deed, Phase, TrailEvent};
use crate::domain::version::{StagingLabel, VersionId};
use crate::text::AwsText;

/// What the event history has of a secret.
#[derive(Debug, Clone, Copy)]
pub struct Trail<'a> {
    /// Its events, in any order.
    pub events: &'a [&'a TrailEvent],
    /// The times of which every record was read.
    pub covered: &'a Covered,
}

/// A label that was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// When (UTC), to the second.
    pub at: DateTime<Utc>,
    /// The label.
    pub label: StagingLabel,
    /// The version that it sat on, as far as that is known.
    pub from: Option<VersionId>,
    /// The version that it sits on since then; `None`: it was taken off.
    pub to: Option<VersionId>,
    /// The event that tells of it, in AWS's words.
    pub event: AwsText,
    /// Who did it.
    pub by: String,
}

/// How much later than the event LastChangedDate may be for the same change.
const SAME: TimeDelta = TimeDelta::seconds(2);

/// Where the labels are while the events are gone through.
#[derive(Default)]
struct Labels {
    /// Where each label sits, as far as it is known: `None` on no version.
    sits: BTreeMap<StagingLabel, Option<VersionId>>,
    moves: Vec<Moved>,
}

/// The moves that the events tell of, the earliest first.
pub(super) fn moves(events: &[&TrailEvent]) -> Vec<Moved> {
    let mut events: Vec<_> = events.iter().filter(|event| is_done(event)).collect();
    // Of what happened in one second, what begins a rotation comes before what ends it.
    events.sort_by_key(|event| (event.at, rank(&event.deed), event.id.clone()));
    let mut labels = Labels::default();
    for event in events {
        labels.take(event);
    }
    labels.moves
}

/// What was refused moved nothing; RotationFailed and the like are told of an error and did happen.
fn is_done(event: &TrailEvent) -> bool {
    !event.has_failed() || matches!(event.deed, Deed::Rotation { .. })
}

fn rank(deed: &Deed) -> u8 {
    match deed {
        Deed::Rotate { .. } => 0,
        Deed::Rotation { phase: Phase::Started, .. } => 1,
        Deed::Rotation { .. } => 4,
        Deed::Move { .. } => 3,
        _ => 2,
    }
}

impl Labels {
    fn take(&mut self, event: &TrailEvent) {
        match &event.deed {
            Deed::Rotate { version: Some(version), immediately } if *immediately != Some(false) => {
                self.put(event, &StagingLabel::Pending, Some(version), None);
            }
            Deed::Rotation { phase: Phase::Started, version: Some(version), .. } => {
                self.put(event, &StagingLabel::Pending, Some(version), None);
            }
            Deed::Rotation { phase: Phase::Abandoned, .. } => self.put(event, &StagingLabel::Pending, None, None),
            Deed::Put { version: Some(version), labels } if labels.is_empty() => self.current(event, version, None),
            Deed::Put { version: Some(version), labels } => {
                for label in labels {
                    match label {
                        StagingLabel::Current => self.current(event, version, None),
                        other => self.put(event, other, Some(version), None),
                    }
                }
            }
            Deed::Rotation { phase: Phase::Succeeded, version: Some(version), .. }
            | Deed::Create { version: Some(version) }
            | Deed::Update { version: Some(version) } => self.current(event, version, None),
            Deed::Move { label: StagingLabel::Current, to: Some(to), from } => self.current(event, to, from.as_ref()),
            Deed::Move { label, to, from } => self.put(event, label, to.as_ref(), from.as_ref()),
            _ => {}
        }
    }

    /// AWSCURRENT goes to a version, and AWSPREVIOUS to the one that had it.
    fn current(&mut self, event: &TrailEvent, to: &VersionId, from: Option<&VersionId>) {
        let sat = self.sits.get(&StagingLabel::Current).cloned().unwrap_or_else(|| from.cloned());
        if sat.as_ref() == Some(to) {
            return;
        }
        self.put(event, &StagingLabel::Current, Some(to), from);
        if let Some(before) = sat {
            self.put(event, &StagingLabel::Previous, Some(&before), None);
        } else {
            // It went to whichever version had AWSCURRENT, and that isn't known.
            self.sits.remove(&StagingLabel::Previous);
        }
    }

    fn put(&mut self, event: &TrailEvent, label: &StagingLabel, to: Option<&VersionId>, from: Option<&VersionId>) {
        let sat = self.sits.insert(label.clone(), to.cloned());
        if sat.as_ref().is_some_and(|sat| sat.as_ref() == to) {
            return;
        }
        self.moves.push(Moved {
            at: event.at,
            label: label.clone(),
            from: sat.flatten().or_else(|| from.cloned()),
            to: to.cloned(),
            event: event.name.clone(),
            by: event.scene.who.words(),
        });
    }
}

/// The spans in which versions are known to have had labels, by the moves and by where the labels sit now. `put` is when a
/// version's value was put.
///
/// That a label did not move is only known where the records are whole: if the secret was changed, or a version's value put,
/// and no record tells of it, then nothing is said of the time before.
pub(super) fn spans(
    trail: &Trail<'_>,
    moves: &[Moved],
    secret: &Secret,
    put: impl Fn(&VersionId) -> Option<DateTime<Utc>>,
    until: DateTime<Utc>,
) -> Vec<(VersionId, Known)> {
    let Some(cover) = trail.covered.latest() else { return Vec::new() };
    let is_told = |at: &DateTime<Utc>| trail.events.iter().any(|event| (event.at - *at).abs() <= SAME);
    let whole_from =
        secret.last_changed.filter(|changed| !is_told(changed)).map_or(cover.from, |at| at.max(cover.from));
    let since = |version: &VersionId| put(version).map_or(whole_from, |put| put.max(whole_from));
    let labels = secret.labels.0.iter().flat_map(|(_, labels)| labels.iter());
    let mut all: Vec<&StagingLabel> = labels.chain(moves.iter().map(|moved| &moved.label)).collect();
    all.sort_unstable();
    all.dedup();
    let mut spans = Vec::new();
    for label in all {
        let of_it: Vec<&Moved> = moves.iter().filter(|moved| moved.label == *label && moved.at >= cover.from).collect();
        let last = of_it.last().map(|last| last.at);
        // Nothing was changed since the last record that was read whole, or since the last move itself.
        let is_settled = secret
            .last_changed
            .is_some_and(|changed| changed <= cover.to.max(last.map_or(cover.to, |last| last + SAME)));
        let now = secret.labels.version_with(label);
        let mut add = |version: &VersionId, from: DateTime<Utc>, to: DateTime<Utc>| {
            if from <= to {
                spans.push((version.clone(), Known { label: label.clone(), from, until: to, source: Source::Trail }));
            }
        };
        match of_it.first() {
            None if is_settled => now.into_iter().for_each(|version| add(version, since(version), until)),
            None => {}
            Some(first) => first.from.iter().for_each(|version| add(version, since(version), first.at.min(cover.to))),
        }
        for (moved, next) in of_it.iter().zip(of_it.iter().skip(1).map(Some).chain([None])) {
            let Some(version) = &moved.to else { continue };
            let end = match next {
                Some(next) => next.at.min(cover.to.max(moved.at)),
                None if is_settled && now == Some(version) => until,
                None => cover.to.max(moved.at),
            };
            add(version, moved.at, end);
        }
    }
    spans
}

/// The attempts that failed, by the events.
pub(super) fn attempts(events: &[&TrailEvent]) -> Vec<Attempt> {
    let failed = events.iter().filter_map(|event| match &event.deed {
        Deed::Rotation { phase: Phase::Failed, version, step } => {
            Some(Attempt { version: version.clone(), at: event.at, step: *step })
        }
        _ => None,
    });
    failed.collect()
}

/// When rotation was turned off, by the events.
pub(super) fn cancelled(events: &[&TrailEvent]) -> Vec<Cancelled> {
    let off = events.iter().filter(|event| !event.has_failed() && matches!(event.deed, Deed::Cancel { .. }));
    off.map(|event| Cancelled { at: event.at, by: Some(event.scene.who.name.clone()) }).collect()
}

/// What else the events tell of a version: when its value was put by whom, when a rotation of it was given up.
pub(super) fn remarks(events: &[&TrailEvent], version: &VersionId) -> Vec<(DateTime<Utc>, String)> {
    let is_it = |other: &Option<VersionId>| other.as_ref() == Some(version);
    let mut remarks: Vec<_> = events
        .iter()
        .filter(|event| is_done(event))
        .filter_map(|event| {
            let by = event.scene.who.words();
            let words = match &event.deed {
                Deed::Put { version, .. } if is_it(version) => format!("Its value was put by {by}"),
                Deed::Create { version } if is_it(version) => format!("The secret was created with it by {by}"),
                Deed::Update { version } if is_it(version) => format!("Its value was put by {by}, with UpdateSecret"),
                Deed::Rotate { version, .. } if is_it(version) => format!("A rotation to it was begun by {by}"),
                Deed::Rotation { phase: Phase::Abandoned, version, .. } if is_it(version) => {
                    "Its rotation was abandoned: a value was put by hand meanwhile".to_owned()
                }
                Deed::Rotation { phase: Phase::Succeeded, version, .. } if is_it(version) => {
                    "Its rotation succeeded".to_owned()
                }
                _ => return None,
            };
            Some((event.at, words))
        })
        .collect();
    remarks.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    remarks
}
