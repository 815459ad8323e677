//! Whether a rotation has ended, and how. Success is told by labels alone; silence is told only where it was heard.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::steps::{Attempt, after, failing, first, is_success, is_time_out};
use super::{Evidence, Followed, GRACE, LONGEST, Progress, Proof, Sight, StepState};
use crate::domain::invocation::{Entry, Invocation, Outcome};
use crate::domain::rotation::Step;
use crate::domain::trail::RotationFailure;
use crate::domain::version::{LabelMap, StagingLabel};

/// How a rotation ended. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// The new version has AWSCURRENT; of a trial: testSecret did its work.
    Succeeded {
        /// When that was first seen.
        at: DateTime<Utc>,
    },
    /// The last attempt failed. AWS may try again.
    Failed {
        /// The step, where it is known.
        step: Option<Step>,
        /// The line or event that says so.
        proof: Proof,
        /// Whether it is certain that the line is this rotation's.
        is_ours: bool,
    },
    /// The last attempt was stopped by Lambda when its time was up.
    TimedOut {
        /// The step, where it is known: a time-out before the first line names none, and the order of steps tells it.
        step: Option<Step>,
        /// The line that says so.
        line: Arc<Entry>,
        /// Whether it is certain that the line is this rotation's.
        is_ours: bool,
    },
    /// AWSPENDING was taken off the version, and AWSCURRENT isn't on it.
    Removed {
        /// When that was first seen.
        at: DateTime<Utc>,
    },
    /// Rotation was turned off meanwhile, and nothing goes on.
    TurnedOff {
        /// When that was first seen.
        at: DateTime<Utc>,
    },
    /// The log was read whole, and no invocation of the function for this rotation is in it.
    NeverInvoked {
        /// Up to when it was read.
        until: DateTime<Utc>,
    },
    /// No sign of life for so long, and the log can't tell that there was none.
    Silent {
        /// The last sign, or when it began.
        since: DateTime<Utc>,
        /// The step that had begun.
        step: Option<Step>,
    },
}

/// The invocation that names no secret and may be the one that ended this rotation: it failed, and it came after
/// everything that is known to be this rotation's.
///
/// Steps come one after the other: while one of this rotation's own may still run, no other is.
pub(super) fn suspect<'a>(
    followed: &Followed,
    progress: &Progress,
    attempts: &[Attempt<'_>],
    nameless: &[&'a Invocation],
    now: DateTime<Utc>,
) -> Option<&'a Invocation> {
    let running = progress.steps.iter().filter(|step| step.state == StepState::Running).filter_map(|step| step.began);
    if running.max().is_some_and(|began| now - began < patience(followed)) {
        return None;
    }
    let own = attempts.iter().flatten().map(|(_, invocation)| invocation.last()).max();
    let has_failed = |one: &&&Invocation| matches!(one.outcome, Outcome::Failed(_) | Outcome::TimedOut);
    let comes_after = |one: &&&Invocation| own.is_none_or(|own| one.started >= own);
    nameless.iter().filter(has_failed).filter(comes_after).max_by_key(|one| one.last()).copied()
}

pub(super) fn end(
    followed: &Followed,
    evidence: &Evidence,
    progress: &Progress,
    suspect: Option<&Invocation>,
    has_nameless: bool,
    now: DateTime<Utc>,
) -> Option<End> {
    if let Some(at) = evidence.current.filter(|_| !followed.is_trial) {
        return Some(End::Succeeded { at });
    }
    if followed.is_trial
        && let Some(end) = trial(followed, evidence, progress, suspect, now)
    {
        return Some(end);
    }
    if let Some(at) = evidence.gone.filter(|at| !followed.is_trial && now - *at >= DOUBT) {
        return Some(End::Removed { at });
    }
    let last = progress.last_sign.unwrap_or(followed.since).max(followed.since);
    // Where a rotation is watched from its middle on, what came before that is still being read.
    let is_reading = evidence.log == Sight::Reading && now - followed.watched < GRACE;
    if now - last < GRACE || is_reading {
        return None;
    }
    failed(followed, evidence, progress, suspect)
        .or_else(|| {
            let turned_off = evidence.off.filter(|at| now - *at >= GRACE && !is_running(progress));
            turned_off.map(|at| End::TurnedOff { at })
        })
        .or_else(|| silent(followed, evidence, progress, has_nameless, now))
}

/// How long it must be seen that a label is gone: AWS may answer from an older state.
const DOUBT: TimeDelta = TimeDelta::seconds(8);

/// Events of CloudTrail have whole seconds, and clocks differ.
const MARGIN: TimeDelta = TimeDelta::seconds(5);

/// How long an invocation may be silent: its function's time-out, and a minute more, for lines come that late.
fn patience(followed: &Followed) -> TimeDelta {
    TimeDelta::from_std(followed.timeout.unwrap_or(LONGEST)).unwrap_or(TimeDelta::MAX) + GRACE
}

fn is_running(progress: &Progress) -> bool {
    progress.steps.iter().any(|step| step.state == StepState::Running)
}

/// A trial ends when AWSPENDING is taken off again; how it went is in its one step.
fn trial(
    followed: &Followed,
    evidence: &Evidence,
    progress: &Progress,
    suspect: Option<&Invocation>,
    now: DateTime<Utc>,
) -> Option<End> {
    let step = progress.steps.first()?;
    let is_decided = !matches!(step.state, StepState::Waiting | StepState::Running);
    // A trial may be over before anybody saw its label.
    let is_off = |(at, labels): &(DateTime<Utc>, LabelMap)| {
        (is_decided && !labels.has(&followed.version, &StagingLabel::Pending)).then_some(*at)
    };
    let at = evidence.gone.or_else(|| evidence.labels.as_ref().and_then(is_off))?;
    match (step.state, &step.proof) {
        // That no line tells of a failure is not enough: the function may tell of it in words that nobody knows.
        (StepState::Done, Some(Proof::Line(line))) if is_success(line) => Some(End::Succeeded { at }),
        (StepState::Failed, Some(proof)) => {
            Some(End::Failed { step: Some(step.step), proof: proof.clone(), is_ours: true })
        }
        (StepState::TimedOut, Some(Proof::Line(line))) => {
            Some(End::TimedOut { step: Some(step.step), line: Arc::clone(line), is_ours: true })
        }
        // Its lines may be late.
        _ if now - at < GRACE => None,
        _ => failed(followed, evidence, progress, suspect).or(Some(End::Removed { at })),
    }
}

/// The failure of the last attempt: by its own lines, by a nameless invocation that came last, or by an event.
fn failed(followed: &Followed, evidence: &Evidence, progress: &Progress, suspect: Option<&Invocation>) -> Option<End> {
    let own = progress.steps.iter().find(|step| matches!(step.state, StepState::Failed | StepState::TimedOut));
    if let Some((step, Some(proof))) = own.map(|step| (step, step.proof.clone())) {
        return Some(match (step.state, proof) {
            (StepState::TimedOut, Proof::Line(line)) => End::TimedOut { step: Some(step.step), line, is_ours: true },
            (_, proof) => End::Failed { step: Some(step.step), proof, is_ours: true },
        });
    }
    // An event comes minutes late: it may be of an attempt before.
    let begun = progress.steps.iter().filter_map(|step| step.began).chain([followed.since]).max();
    let is_of_it = |failure: &&RotationFailure| begun.is_none_or(|begun| failure.at + MARGIN >= begun);
    let event = evidence.failures.last().filter(is_of_it);
    let done = progress.steps.iter().rev().find(|step| step.state == StepState::Done);
    let due = done.map_or(Some(first(followed)), |done| after(done.step));
    let step = event.and_then(|event| event.step).or(due);
    if let Some(suspect) = suspect {
        let is_ours = false;
        if suspect.outcome == Outcome::TimedOut {
            let lines = suspect.entries.iter();
            let line = lines.rev().find(|entry| is_time_out(entry)).or(suspect.entries.back())?;
            return Some(End::TimedOut { step, line: Arc::clone(line), is_ours });
        }
        return Some(End::Failed { step, proof: Proof::Line(failing(suspect)?), is_ours });
    }
    event.map(|event| End::Failed { step: event.step, proof: Proof::Event(event.clone()), is_ours: true })
}

/// Silence, once the function's time is up and a minute more: lines come that late.
fn silent(
    followed: &Followed,
    evidence: &Evidence,
    progress: &Progress,
    has_nameless: bool,
    now: DateTime<Utc>,
) -> Option<End> {
    // Where steps that go well leave no line, four of them may pass unseen.
    let patience = if followed.hides_steps { patience(followed) * 4 } else { patience(followed) };
    let since = progress.last_sign.unwrap_or(followed.watched);
    let heard = since.max(followed.watched);
    if now - heard < patience {
        return None;
    }
    let begun = progress.steps.iter().rev().find(|step| step.state == StepState::Running).map(|step| step.step);
    let is_unseen = followed.is_whole && progress.last_sign.is_none() && !has_nameless && !followed.hides_steps;
    match evidence.log {
        Sight::Complete(until) if is_unseen && until >= followed.since + patience => Some(End::NeverInvoked { until }),
        // It is being read to where it could be said that there was no invocation.
        Sight::Complete(_) | Sight::Reading if is_unseen && now - heard < patience + GRACE * 2 => None,
        _ => Some(End::Silent { since, step: begun }),
    }
}
