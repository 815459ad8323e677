//! A setSecret of which the log has no line: it was never started, or its lines are lost, and nothing but evidence tells.

use chrono::{DateTime, TimeDelta, Utc};

use super::causes::SOON;
use super::course::{Course, Ran};
use crate::domain::rotation::Step;

/// A setSecret without a line, which may have changed the password. Times are UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlogged {
    /// CloudTrail says that it failed then.
    Failed(DateTime<Utc>),
    /// The createSecret before it returned then, and nothing tells how the attempt went on.
    Returned(DateTime<Utc>),
    /// CloudTrail says that it failed then, after a createSecret that returned, and so did several before; and the function
    /// has so little concurrency that Lambda lets one invocation begin and refuses the next, of which no log has a line.
    NotStarted(DateTime<Utc>),
}

/// What is known of the attempts, beside the log's lines.
pub(super) struct Attempts<'a> {
    /// When one failed at setSecret, by CloudTrail (UTC).
    pub(super) at_set: &'a [DateTime<Utc>],
    /// How long after its begin a step is over, and CloudTrail told.
    pub(super) patience: TimeDelta,
    /// Whether the function's concurrency is so small that an invocation may be refused after another one was let begin.
    /// What lets none begin at all is no evidence: then createSecret had failed.
    pub(super) is_throttled: bool,
}

/// So many failures without a line make it believable that none was started. Of one or two the lines may be lost as well;
/// of several in a row, while those of createSecret before them are all there, hardly.
const SEVERAL: usize = 3;

impl Unlogged {
    /// The one that leaves most open, if there is any.
    pub(super) fn of(course: &Course, attempts: &Attempts<'_>) -> Option<Self> {
        let lost: Vec<_> = attempts.at_set.iter().filter(|failed| !attempts.is_logged(course, **failed)).collect();
        let alone: Vec<_> = course.ran.iter().filter(|ran| attempts.is_alone(course, ran)).collect();
        let is_throttled = attempts.is_throttled && lost.len() >= SEVERAL;
        let fits = |create: &Ran, failed: DateTime<Utc>| is_throttled && attempts.is_soon(create, failed);
        let failed = lost.iter().filter(|failed| !alone.iter().any(|create| fits(create, ***failed))).max();
        let returned = alone.iter().filter(|create| !lost.iter().any(|failed| fits(create, **failed)));
        let returned = returned.map(|create| create.last).max();
        match (failed, returned) {
            (Some(failed), _) => Some(Self::Failed(**failed)),
            (None, Some(returned)) => Some(Self::Returned(returned)),
            (None, None) => lost.iter().max().map(|failed| Self::NotStarted(**failed)),
        }
    }

    /// Whether it may have changed the password.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::NotStarted(_))
    }
}

impl Attempts<'_> {
    /// Whether a failure at setSecret is that of an invocation in the log.
    fn is_logged(&self, course: &Course, failed: DateTime<Utc>) -> bool {
        self.sets(course).any(|set| set.last >= failed - self.patience && set.last <= failed + SOON)
    }

    /// Whether a createSecret returned, and no setSecret came before the next one.
    fn is_alone(&self, course: &Course, create: &Ran) -> bool {
        let next = course.ran.iter().filter(|ran| ran.step == Step::Create && ran.first > create.first);
        let next = next.map(|ran| ran.first).min();
        let is_next = |set: &Ran| set.first >= create.first && next.is_none_or(|next| set.first < next);
        create.step == Step::Create && !create.has_failed && !self.sets(course).any(is_next)
    }

    /// What is this rotation's setSecret. An invocation of which no line names a secret is taken for it where CloudTrail says
    /// so; and where it follows a createSecret in a log that tells of no other secret.
    fn sets<'a>(&'a self, course: &'a Course) -> impl Iterator<Item = &'a Ran> {
        let follows = |set: &Ran| {
            let of_it = course.ran.iter().filter(|ran| ran.step == Step::Create && ran.first <= set.first);
            !course.is_shared && of_it.clone().any(|create| set.first <= create.last + self.patience)
        };
        let is_told = |set: &Ran| self.at_set.iter().any(|failed| (*failed - set.last).abs() < SOON);
        let is_ours = move |set: &&Ran| set.is_ours || is_told(set) || follows(set);
        course.ran.iter().filter(|ran| ran.step == Step::Set).filter(is_ours)
    }

    fn is_soon(&self, create: &Ran, failed: DateTime<Utc>) -> bool {
        failed >= create.last - SOON && failed <= create.last + self.patience
    }
}
