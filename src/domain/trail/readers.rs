//! Who reads a secret: how often, since when, and what they have fetched since the last rotation.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::deed::{Deed, Phase};
use super::event::TrailEvent;
use super::kind::Kind;
use super::who::Reader;
use crate::domain::secret::Secret;
use crate::domain::version::{StagingLabel, VersionId};

/// What one reader has done, as far as the events tell. Times are UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The reader.
    pub reader: Reader,
    /// Reads that went well.
    pub reads: usize,
    /// Reads that AWS refused.
    pub refused: usize,
    /// Everything else, by its kind.
    pub others: BTreeMap<Kind, usize>,
    /// The first event.
    pub first: DateTime<Utc>,
    /// The last event.
    pub last: DateTime<Utc>,
    /// When it last asked for AWSPREVIOUS.
    pub previous: Option<DateTime<Utc>>,
    /// The versions that it asked for by their ids.
    pub versions: BTreeSet<VersionId>,
    /// The time of each event, in the order of the events.
    pub times: Vec<DateTime<Utc>>,
}

/// The events by who they are of, those with the most first.
pub fn tally<'a>(events: impl IntoIterator<Item = &'a TrailEvent>) -> Vec<Tally> {
    let mut tallies: BTreeMap<Reader, Tally> = BTreeMap::new();
    for event in events {
        let reader = event.scene.who.reader();
        let new = || Tally {
            reader: reader.clone(),
            reads: 0,
            refused: 0,
            others: BTreeMap::new(),
            first: event.at,
            last: event.at,
            previous: None,
            versions: BTreeSet::new(),
            times: Vec::new(),
        };
        tallies.entry(reader.clone()).or_insert_with(new).take(event);
    }
    let mut tallies: Vec<_> = tallies.into_values().collect();
    tallies.sort_by(|a, b| (b.times.len(), b.last, &a.reader).cmp(&(a.times.len(), a.last, &b.reader)));
    tallies
}

impl Tally {
    fn take(&mut self, event: &TrailEvent) {
        match (&event.deed, event.kind()) {
            // A batch, and what KMS does for a read, are beside a record of the read itself: each read counts once.
            (Deed::Read { .. }, Kind::Read) => self.reads += 1,
            (_, Kind::Refused) => self.refused += 1,
            (Deed::Batch { .. } | Deed::Decrypt { .. }, _) => *self.others.entry(Kind::Other).or_default() += 1,
            (_, kind) => *self.others.entry(kind).or_default() += 1,
        }
        self.first = self.first.min(event.at);
        self.last = self.last.max(event.at);
        self.times.push(event.at);
        if let Deed::Read { label, version } = &event.deed {
            if *label == Some(StagingLabel::Previous) {
                self.previous = self.previous.max(Some(event.at));
            }
            self.versions.extend(version.clone());
        }
    }
}

/// When the version that is AWSCURRENT became so (UTC), by the latest record of it, else by LastRotatedDate.
pub fn became_current<'a>(secret: &Secret, events: impl IntoIterator<Item = &'a TrailEvent>) -> Option<DateTime<Utc>> {
    let current = secret.labels.version_with(&StagingLabel::Current)?;
    let of_it = |version: &Option<VersionId>| version.as_ref() == Some(current);
    let (mut moved, mut succeeded) = (None, None);
    for event in events.into_iter().filter(|event| !event.has_failed() && event.names(secret)) {
        match &event.deed {
            Deed::Move { label: StagingLabel::Current, to, .. } if of_it(to) => moved = moved.max(Some(event.at)),
            Deed::Put { version, labels }
                if of_it(version) && (labels.is_empty() || labels.contains(&StagingLabel::Current)) =>
            {
                moved = moved.max(Some(event.at));
            }
            Deed::Create { version } | Deed::Update { version } if of_it(version) => moved = moved.max(Some(event.at)),
            Deed::Rotation { phase: Phase::Succeeded, version, .. } if of_it(version) => {
                succeeded = succeeded.max(Some(event.at));
            }
            _ => {}
        }
    }
    moved.or(succeeded).or(secret.last_rotated)
}

/// Where a reader stands since AWSCURRENT moved. Times are UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It read the old value before, and no read since has been seen. It may have read and the record be late.
    NotSeen {
        /// Its last read before.
        last: DateTime<Utc>,
    },
    /// Its last read since asked for AWSPREVIOUS.
    Previous {
        /// When.
        at: DateTime<Utc>,
    },
    /// Its last read since asked for another label: where that sat then isn't known.
    Labelled {
        /// Which label.
        label: StagingLabel,
        /// When.
        at: DateTime<Utc>,
    },
    /// Its last read since asked for another version by its id.
    Fixed {
        /// Which version.
        version: VersionId,
        /// When.
        at: DateTime<Utc>,
    },
    /// AWS refused its last read since.
    Refused {
        /// The last time.
        at: DateTime<Utc>,
    },
    /// It has read the new value.
    Fetched {
        /// The first time.
        at: DateTime<Utc>,
    },
}

/// A reader, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follower {
    /// The reader.
    pub reader: Reader,
    /// Where it stands.
    pub standing: Standing,
}

#[derive(Default)]
struct Course {
    before: Option<DateTime<Utc>>,
    fetched: Option<DateTime<Utc>>,
    refused: Option<DateTime<Utc>>,
    /// The last read since that asked for something else than the current version.
    other: Option<Standing>,
    last: Option<DateTime<Utc>>,
}

/// Where the readers of a secret stand since this moment, at which the version that is AWSCURRENT became so: those first
/// that want a look. Calls of the rotation function are not a reader's.
pub fn since<'a>(
    secret: &Secret,
    moved: DateTime<Utc>,
    function: Option<&str>,
    events: impl IntoIterator<Item = &'a TrailEvent>,
) -> Vec<Follower> {
    let current = secret.labels.version_with(&StagingLabel::Current);
    let mut courses: BTreeMap<Reader, Course> = BTreeMap::new();
    let is_readers = |event: &&TrailEvent| !function.is_some_and(|name| event.is_by_function(name));
    for event in events.into_iter().filter(|event| event.names(secret)).filter(is_readers) {
        let Deed::Read { label, version } = &event.deed else { continue };
        let course = courses.entry(event.scene.who.reader()).or_default();
        course.take(event, label.as_ref(), version.as_ref(), current, moved);
    }
    let standing = |(reader, course): (Reader, Course)| Some(Follower { reader, standing: course.standing()? });
    let mut followers: Vec<_> = courses.into_iter().filter_map(standing).collect();
    followers.sort_by_key(|follower| follower.standing.rank());
    followers
}

impl Course {
    fn take(
        &mut self,
        event: &TrailEvent,
        label: Option<&StagingLabel>,
        version: Option<&VersionId>,
        current: Option<&VersionId>,
        moved: DateTime<Utc>,
    ) {
        let at = event.at;
        if event.has_failed() {
            self.refused = self.refused.max(Some(at).filter(|at| *at >= moved));
            return;
        }
        // Records have times to the second: a read in that very second may have had either value.
        if at <= moved {
            self.before = self.before.max(Some(at));
            return;
        }
        let other = match (label, version) {
            (_, Some(version)) if Some(version) != current => Some(Standing::Fixed { version: version.clone(), at }),
            (_, Some(_)) | (None | Some(StagingLabel::Current), None) => None,
            (Some(StagingLabel::Previous), None) => Some(Standing::Previous { at }),
            (Some(label), None) => Some(Standing::Labelled { label: label.clone(), at }),
        };
        if other.is_none() {
            self.fetched = Some(self.fetched.map_or(at, |first| first.min(at)));
        }
        if self.last.is_none_or(|last| at >= last) {
            self.last = Some(at);
            self.other = other;
        }
    }

    fn standing(self) -> Option<Standing> {
        let fetched = self.fetched.map(|at| Standing::Fetched { at });
        // Who read it once and is refused now needs a look more than anybody.
        let is_last = |at: &DateTime<Utc>| self.last.is_none_or(|last| *at > last);
        let refused = self.refused.filter(is_last).map(|at| Standing::Refused { at });
        refused.or(self.other).or(fetched).or_else(|| Some(Standing::NotSeen { last: self.before? }))
    }
}

impl Standing {
    /// Those first that want a look.
    fn rank(&self) -> u8 {
        match self {
            Self::Refused { .. } => 0,
            Self::Previous { .. } => 1,
            Self::Labelled { .. } => 2,
            Self::Fixed { .. } => 3,
            Self::NotSeen { .. } => 4,
            Self::Fetched { .. } => 5,
        }
    }

    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotSeen { .. } => "not-seen-yet",
            Self::Previous { .. } => "asks-for-previous",
            Self::Labelled { .. } => "asks-for-label",
            Self::Fixed { .. } => "asks-for-version",
            Self::Refused { .. } => "refused",
            Self::Fetched { .. } => "fetched",
        }
    }

    /// When the event that it rests on was (UTC).
    pub fn at(&self) -> DateTime<Utc> {
        match self {
            Self::NotSeen { last } => *last,
            Self::Previous { at }
            | Self::Refused { at }
            | Self::Fetched { at }
            | Self::Labelled { at, .. }
            | Self::Fixed { at, .. } => *at,
        }
    }
}

#[cfg(test)]
mod tests;
