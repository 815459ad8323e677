//! What was learned about a secret with an AWSPENDING on another version than AWSCURRENT, and the case that it makes.

use chrono::{DateTime, TimeDelta, Utc};

use super::course::{Course, Sight};
use super::decision::Case;
use super::findings::throttles;
use super::quiet::{Quiet, patience};
use super::unlogged::{Attempts, Unlogged};
use crate::domain::action::Action;
use crate::domain::function::{Function, FunctionFacts};
use crate::domain::invocation::{Invocations, Run};
use crate::domain::progress::LONGEST;
use crate::domain::rotation::Step;
use crate::domain::secret::Secret;
use crate::domain::trail::{Cancellation, Deed, RotationFailure, TrailEvent};
use crate::domain::version::{Pending, Value, Version, VersionId};
use crate::text::AwsText;

/// What was learned. Every part may be missing.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The secret, by DescribeSecret.
    pub secret: &'a Secret,
    /// Its versions, by ListSecretVersionIds; `None` where they could not be listed.
    pub versions: Option<&'a [Version]>,
    /// Its function, as far as Lambda told.
    pub function: Option<&'a FunctionFacts>,
    /// The function's log up to now without a gap; `None` where it could not be read so.
    pub log: Option<&'a Invocations>,
    /// Failed attempts by CloudTrail, of any secret.
    pub failures: &'a [RotationFailure],
    /// Who turned the rotation of this secret off, by CloudTrail.
    pub cancelled: &'a [Cancellation],
    /// Events that tell of values and labels, by CloudTrail.
    pub changes: &'a [TrailEvent],
    /// What secdash itself did, by its own record, the earliest first.
    pub actions: &'a [Action],
    /// Since when rotation is off because secdash turned it off (UTC).
    pub off_since: Option<DateTime<Utc>>,
    /// The time now (UTC).
    pub now: DateTime<Utc>,
}

/// How long before the version got its value its createSecret may have begun.
const BEFORE: TimeDelta = match TimeDelta::from_std(LONGEST) {
    Ok(longest) => longest,
    Err(_) => TimeDelta::MAX,
};

/// The first moment of a version's attempts that its log must be read from (UTC): its createSecret began before it had a
/// value. Without one, since the secret last changed: AWSPENDING was put on it then.
fn since(secret: &Secret, versions: Option<&[Version]>, pending: &VersionId) -> Option<DateTime<Utc>> {
    let listed = versions.unwrap_or_default().iter().find(|version| version.id == *pending);
    let put = listed.and_then(|version| version.created);
    put.or(secret.last_changed).map(|first| first - BEFORE)
}

/// The first moment that matters (UTC): of the pending version's attempts, else when the secret last changed.
pub fn first(secret: &Secret, versions: Option<&[Version]>, now: DateTime<Utc>) -> DateTime<Utc> {
    let of_pending = match secret.labels.pending() {
        Pending::Other(pending) => since(secret, versions, &pending),
        Pending::None | Pending::Same => None,
    };
    of_pending.or(secret.last_changed).unwrap_or(now)
}

/// How far back is looked for attempts where nothing tells when the rotation began.
const BACK: TimeDelta = TimeDelta::days(30);

/// From when on attempts that failed are looked for in CloudTrail (UTC): since the version got its value, else since the last
/// good rotation. When the secret last changed tells nothing there: whoever turns rotation off changes it too.
pub fn failures_since(secret: &Secret, versions: Option<&[Version]>, now: DateTime<Utc>) -> DateTime<Utc> {
    let put = match secret.labels.pending() {
        Pending::Other(pending) => {
            let listed = versions.unwrap_or_default().iter().find(|version| version.id == pending);
            listed.and_then(|version| version.created).map(|put| put - BEFORE)
        }
        Pending::None | Pending::Same => None,
    };
    put.or(secret.last_rotated).unwrap_or(now - BACK)
}

impl<'a> Facts<'a> {
    /// The case of this pending version.
    pub fn case(&self, pending: &VersionId) -> Case {
        let value = self.value(pending);
        let (course, is_used) = self.course_and_use(pending, value);
        let of_it = self.failures_of(pending);
        let failed = of_it.clone().map(|failure| failure.at).max();
        let signs = failed.into_iter().chain(self.secret.last_changed).chain(put(value));
        let (off_since, patience) = (self.off_since(), patience(self.configuration()));
        let quiet = Quiet::of(&course, signs, off_since, patience, self.now);
        // What people change is no sign of an attempt, and silence is one of none only where the log would tell.
        let attempt = failed.max(course.last_sign);
        let heard = attempt.filter(|_| course.hears_ends);
        let last = attempt.max(self.secret.last_changed);
        let off_since = off_since.filter(|off| last.is_none_or(|last| last <= *off + patience));
        let still_since = off_since.into_iter().chain(heard).min().map(|last| last + patience);
        let at_set = of_it.clone().filter(|failure| failure.step == Some(Step::Set)).map(|failure| failure.at);
        let (at_set, is_throttled) = (&*at_set.collect::<Vec<_>>(), throttles(self).is_some());
        let unlogged = Unlogged::of(&course, &Attempts { at_set, patience, is_throttled });
        let failed_at = of_it.filter_map(|failure| failure.step).max();
        let is_overtaken = self.is_overtaken(value) || (value == Value::Unknown && self.was_written_over(pending));
        Case { value, is_used, course, failed_at, unlogged, is_overtaken, quiet, still_since }
    }

    /// The course of its attempts; and whether a line says that its password was set, or let somebody in, where the
    /// versions could not be listed. Lines of setSecret and testSecret name the secret alone: those from after it last
    /// changed are of the version that has had AWSPENDING since, and no other has got a value.
    fn course_and_use(&self, pending: &VersionId, value: Value) -> (Course, bool) {
        if let (Value::Unknown, Some(changed)) = (value, self.secret.last_changed) {
            let since = self.course(pending, Value::Put(Some(changed)));
            if since.set.is_some() || matches!(since.tested, Some((true, _))) {
                return (since, true);
            }
        }
        (self.course(pending, value), false)
    }

    /// Attempts to bring this version in that CloudTrail says have failed.
    pub fn failures_of(&self, pending: &VersionId) -> impl Iterator<Item = &'a RotationFailure> + Clone + use<'a> {
        let (arn, pending) = (self.secret.id.arn.clone(), pending.clone());
        self.failures.iter().filter(move |one| one.secret == arn && one.version.as_ref() == Some(&pending))
    }

    /// A version with a label that isn't listed has no value.
    fn value(&self, pending: &VersionId) -> Value {
        let Some(versions) = self.versions else { return Value::Unknown };
        let listed = versions.iter().find(|version| version.id == *pending);
        listed.map_or(Value::Empty, |version| Value::Put(version.created))
    }

    fn course(&self, pending: &VersionId, value: Value) -> Course {
        let Some(invocations) = self.log else { return Course::unseen() };
        let put = put(value);
        let from = since(self.secret, self.versions, pending).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let secret = self.secret.id.arn.clone();
        let run = Run { secret, version: Some(pending.clone()), from, until: None };
        let function = self.configuration();
        let mut course = Course::read(invocations, &run, put, function.is_some_and(hides));
        // Levels may have been others in an earlier attempt; of a function that nobody may ask about neither they nor the
        // log group are known.
        let may_have_hidden =
            function.is_none_or(|function| function.log.is_json && put.is_none_or(|put| function.modified > Some(put)));
        if course.sight == Sight::Whole && may_have_hidden {
            course.sight = Sight::Tail;
        }
        course
    }

    /// What secdash did to the secret since the first moment that matters.
    pub(super) fn recent_actions(&self) -> impl Iterator<Item = &'a Action> + use<'_, 'a> {
        let from = first(self.secret, self.versions, self.now);
        self.actions.iter().filter(move |action| action.is_of(self.secret) && action.at >= from)
    }

    fn configuration(&self) -> Option<&'a Function> {
        self.function.and_then(|function| function.configuration.as_ref().ok())
    }

    fn off_since(&self) -> Option<DateTime<Utc>> {
        let is_off = self.secret.rotation_enabled != Some(true);
        let cancelled = self.cancelled.iter().filter(|one| one.secret.names(self.secret)).map(|one| one.at).max();
        self.off_since.max(cancelled).filter(|_| is_off)
    }

    /// Whether another version got its value later: put by hand, or rotated in meanwhile. Lines of setSecret and testSecret
    /// name the secret alone, so nobody can say which of both they are about.
    fn is_overtaken(&self, value: Value) -> bool {
        let dates = self.versions.unwrap_or_default().iter().filter_map(|version| version.created);
        put(value).is_some_and(|pending| dates.max().is_some_and(|latest| latest > pending))
    }

    /// Whether CloudTrail has a value that was written into another version meanwhile, where the versions can't be listed.
    fn was_written_over(&self, pending: &VersionId) -> bool {
        let from = first(self.secret, self.versions, self.now);
        let of_it = self.changes.iter().filter(|event| event.at >= from && event.names(self.secret));
        of_it.filter(|event| !event.has_failed()).any(|event| match &event.deed {
            Deed::Put { version, .. } => version.as_ref() != Some(pending),
            Deed::Update { version: Some(version) } => version != pending,
            _ => false,
        })
    }
}

/// Whether the levels of the function's log may hide that a step went well: its own lines, or Lambda's about its end.
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>
fn hides(function: &Function) -> bool {
    let system = function.log.system_level.as_ref().map_or("", AwsText::raw);
    function.hides_steps() || (function.log.is_json && system == "WARN")
}

fn put(value: Value) -> Option<DateTime<Utc>> {
    match value {
        Value::Put(at) => at,
        Value::Unknown | Value::Empty => None,
    }
}
