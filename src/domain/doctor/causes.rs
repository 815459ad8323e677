//! Why the last attempt failed: by a signature of the log, else by what CloudTrail's message says itself.

use chrono::{DateTime, TimeDelta, Utc};

use super::course::Ran;
use super::decision::Case;
use super::diagnosis::Cause;
use super::facts::Facts;
use crate::domain::catalogue::Catalogue;
use crate::domain::rotation::Step;
use crate::domain::trail::RotationFailure;
use crate::domain::version::Value;

/// How far apart a line and CloudTrail's word of the same failure are at most.
pub(super) const SOON: TimeDelta = TimeDelta::seconds(30);

/// The signatures of a testSecret whose login failed: its causes are many, and most of them pass by themselves.
pub(super) const LOGIN_REFUSED: [&str; 2] = ["pending-password-refused", "pending-login-failed"];

/// What the signature of a setSecret that let nobody in names as a cause, which the label and a setSecret that did its work
/// refute.
const TAKEN_OFF: &str = " or an earlier AWSPENDING was taken off after setSecret";

pub(super) fn cause(
    facts: &Facts<'_>,
    case: &Case,
    failures: &[RotationFailure],
    catalogue: &Catalogue,
) -> Option<Cause> {
    by_line(facts, case, failures, catalogue).or_else(|| by_trail(case, failures.last()?))
}

/// What a signature says of the last invocation that failed.
fn by_line(facts: &Facts<'_>, case: &Case, failures: &[RotationFailure], catalogue: &Catalogue) -> Option<Cause> {
    let failing = case.course.failing.as_ref()?;
    let invocation = facts.log?.owner(&failing.line)?;
    // A time-out may say nothing; CloudTrail tells its step within seconds.
    let soon = |failure: &&RotationFailure| (failure.at - invocation.last()).abs() < SOON;
    let told = failures.iter().find(soon).and_then(|failure| failure.step);
    let due = told.or((case.value == Value::Empty).then_some(Step::Create)).or_else(|| next(case, invocation.started));
    let found = catalogue.cause(invocation, Some(&facts.secret.id.arn), due)?;
    // What setSecret has just logged in with is no wrong password, and neither is the way to the database shut.
    if LOGIN_REFUSED.contains(&found.signature.id()) && case.course.was_let_in() {
        return None;
    }
    let (id, source) = (found.signature.id().to_owned(), found.signature.source().map(str::to_owned));
    let why = match case.course.set {
        Some(_) => found.cause.raw().replace(TAKEN_OFF, "").into(),
        None => found.cause,
    };
    Some(Cause { id, cause: why, remedy: found.remedy, source })
}

/// The step that was due when an invocation began of which no line tells it: the one after the last that went well right
/// before, where the log tells of no other secret.
fn next(case: &Case, began: DateTime<Utc>) -> Option<Step> {
    let course = &case.course;
    let is_before = |at: DateTime<Utc>| at <= began && began - at < SOON;
    let passed = course.tested.as_ref().filter(|(passed, _)| *passed).map(|(_, line)| line);
    let created = |ran: &&Ran| ran.step == Step::Create && ran.is_ours && !ran.has_failed;
    let steps = [
        (Step::Finish, passed.map(|line| line.event.at)),
        (Step::Test, course.set.as_ref().map(|line| line.event.at)),
        (Step::Set, course.ran.iter().filter(created).map(|ran| ran.last).rfind(|at| is_before(*at))),
    ];
    let due = steps.into_iter().find(|(_, at)| at.is_some_and(is_before));
    due.map(|(step, _)| step).filter(|_| !course.is_shared)
}

/// A function that ends createSecret well, and has stored no value under the token that it was given, writes no line by which
/// it fails: AWS finds it out.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>
fn by_trail(case: &Case, last: &RotationFailure) -> Option<Cause> {
    let is_it = case.value == Value::Empty && last.says_not_created();
    is_it.then(|| Cause {
        id: "not-created-by-function".to_owned(),
        cause: "The function ended createSecret without a PutSecretValue that brings this version's value in, or with another \
                token."
            .into(),
        remedy: "Let the function pass the event's ClientRequestToken on to PutSecretValue, and its RotationToken too where it \
                 assumes another role or works in another account."
            .into(),
        source: Some("https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html".to_owned()),
    })
}
