//! A version's story in sentences, each marked as known or inferred.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Attempt, Inferred, Known, Lane, Moved, Source, Timeline, Why};
use crate::domain::version::StagingLabel;
use crate::text::{both_clocks, count, span};

/// A sentence about a version, and how sure it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// AWS says so.
    Known(String),
    /// It follows from dates and from how rotation works.
    Inferred(String),
    /// What nobody can tell from what was learned.
    Open(String),
}

impl Remark {
    /// The sentence.
    pub fn sentence(&self) -> &str {
        match self {
            Self::Known(sentence) | Self::Inferred(sentence) | Self::Open(sentence) => sentence,
        }
    }

    /// The word for how sure it is.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Known(_) => "known",
            Self::Inferred(_) => "inferred",
            Self::Open(_) => "not known",
        }
    }
}

impl Timeline {
    /// How a version came and went, the latest first: what is known, what is inferred and why, what is open.
    /// Dates are UTC, and in the machine's time zone too if that is wished for.
    pub fn story(&self, lane: &Lane, local: bool) -> Vec<Remark> {
        let date = |at: DateTime<Utc>| both_clocks(at, local);
        let mut story: Vec<Remark> = self.known(lane, date).map(Remark::Known).collect();
        story.extend(self.moved(lane, date).map(Remark::Known));
        story.extend(lane.told.iter().map(|(at, words)| Remark::Known(format!("{words}, {}.", date(*at)))));
        story.extend(attempts(&lane.attempts, date).map(Remark::Known));
        let mut inferred: Vec<&Inferred> = lane.inferred.iter().collect();
        inferred.sort_by_key(|one| std::cmp::Reverse(one.from));
        story.extend(inferred.into_iter().map(|one| Remark::Inferred(self::inferred(one, date))));
        story.extend(self.open(lane).map(Remark::Open));
        story
    }

    /// Labels that are known from the same moment on are told of together.
    fn known(&self, lane: &Lane, date: impl Fn(DateTime<Utc>) -> String) -> impl Iterator<Item = String> {
        let told = |one: &Known| (one.from, one.until, one.source, self.begins(lane, one));
        let alike = lane.known.chunk_by(move |one, other| told(one) == told(other));
        alike.filter_map(move |alike| {
            let first = alike.first()?;
            let labels: Vec<_> = alike.iter().map(|known| known.label.text().to_string()).collect();
            let (labels, from) = (labels.join(", "), date(first.from));
            Some(match first.source {
                Source::Unchanged => format!(
                    "{labels} since {from} at the latest: AWS says that nothing about the secret has changed since then."
                ),
                Source::Seen => format!("{labels} when AWS answered, {}.", date(self.until)),
                Source::Trail if first.until < self.until => {
                    let least = if self.begins(lane, first) { "" } else { " at the latest" };
                    format!("{labels} from {from}{least} to {}, by CloudTrail.", date(first.until))
                }
                Source::Trail if self.begins(lane, first) => {
                    format!("{labels} since {from}: by CloudTrail, and AWS says so now.")
                }
                Source::Trail => format!(
                    "{labels} since {from} at the latest: CloudTrail has no move since then, and AWS says so now."
                ),
            })
        })
    }

    /// Whether a span begins with a move that the event history tells of.
    fn begins(&self, lane: &Lane, known: &Known) -> bool {
        let is_it = |moved: &Moved| {
            (moved.at, &moved.label, moved.to.as_ref()) == (known.from, &known.label, Some(&lane.version.id))
        };
        self.moves.iter().any(is_it)
    }

    /// The labels that were moved to this version or away from it, the latest first.
    fn moved(&self, lane: &Lane, date: impl Fn(DateTime<Utc>) -> String) -> impl Iterator<Item = String> {
        let id = &lane.version.id;
        let is_it = move |moved: &&Moved| moved.to.as_ref() == Some(id) || moved.from.as_ref() == Some(id);
        self.moves.iter().rev().filter(is_it).map(move |moved| {
            let label = moved.label.text();
            let where_to = match (&moved.to, &moved.from) {
                (Some(to), Some(from)) if to == id => format!("moved here from {}", from.short()),
                (Some(to), None) if to == id => "put here".to_owned(),
                (Some(to), _) => format!("moved to {}", to.short()),
                (None, _) => "taken off".to_owned(),
            };
            format!("{label} {where_to} by {} ({}), {}.", moved.by, moved.event, date(moved.at))
        })
    }

    /// What can't be told of a version, where somebody would look for it.
    fn open(&self, lane: &Lane) -> Option<String> {
        if !self.is_listed {
            return Some("When it was created: its versions could not be listed.".to_owned());
        }
        if lane.is_deprecated() && lane.inferred.is_empty() {
            return Some("Which labels it had: AWS keeps no record of that beside its event history.".to_owned());
        }
        let is_now = |label: &StagingLabel| lane.version.labels.contains(label);
        let is_custom = |known: &&Known| {
            matches!(known.label, StagingLabel::Custom(_)) && is_now(&known.label) && !self.begins(lane, known)
        };
        let custom = lane.known.iter().find(is_custom)?;
        Some(format!("Since when it has had {}: custom labels leave no date.", custom.label.text()))
    }
}

fn attempts(attempts: &[Attempt], date: impl Fn(DateTime<Utc>) -> String) -> Option<String> {
    let (first, last) = (attempts.first()?, attempts.last()?);
    let step = last.step.map_or_else(String::new, |step| format!(" at {}", step.word()));
    if attempts.len() == 1 {
        return Some(format!("An attempt to bring it in failed{step}, {}.", date(last.at)));
    }
    let number = count(attempts.len(), "attempt");
    Some(format!("{number} to bring it in failed from {} on; the last one{step}, {}.", date(first.at), date(last.at)))
}

fn inferred(one: &Inferred, date: impl Fn(DateTime<Utc>) -> String) -> String {
    let label = one.label.text();
    let (from, until) = (date(one.from), date(one.until));
    let time = one.until - one.from;
    let length = if time < TimeDelta::seconds(1) { "a moment".to_owned() } else { span(time) };
    let why = match one.why {
        Why::ValuePut => "its value was put then, and a rotation puts it under AWSPENDING",
        Why::Attempted => "attempts to bring it in failed in that time",
        Why::Rotated => "AWS gives that as the date of the last rotation, and this version was the newest then",
        Why::Put => "its value was put then, and no rotation is dated after that",
        Why::Preceded => "it is AWSPREVIOUS, so it was in use before the one that is AWSCURRENT",
        Why::Succeeded => "AWSPREVIOUS moves when AWSCURRENT does",
        Why::Succession => "versions follow each other by creation; it may as well have been given up as AWSPENDING",
        Why::GivenUp => "newer than what is in use or was before, and without a label: a rotation that was given up",
        Why::RolledBack => "AWSPREVIOUS is newer than AWSCURRENT: the labels were moved back at some time until then",
        Why::Stayed => "a rotation that is done may leave AWSPENDING where it made AWSCURRENT",
    };
    format!("{label} from {from} to {until} ({length}): {why}.")
}
