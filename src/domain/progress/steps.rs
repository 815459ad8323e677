//! From invocations to attempts, and from the last attempt to its steps.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Evidence, Followed, Progress, Proof, StepProgress, StepState};
use crate::domain::invocation::{Entry, Invocation, Outcome};
use crate::domain::log::{Kind, Platform, Status};
use crate::domain::rotation::Step;
use crate::domain::template::What;

/// The invocations of one attempt, each with its step: as its lines name it, else the one that was due.
pub(super) type Attempt<'a> = Vec<(Step, &'a Invocation)>;

/// Deals the invocations out to attempts. A new one begins where the steps begin anew, or where one had failed.
pub(super) fn attempts<'a>(
    followed: &Followed,
    invocations: impl IntoIterator<Item = &'a Invocation>,
) -> Vec<Attempt<'a>> {
    let mut invocations: Vec<_> = invocations.into_iter().collect();
    invocations.sort_by_key(|invocation| (invocation.started, invocation.request_id.clone()));
    let mut attempts: Vec<Attempt<'_>> = Vec::new();
    for invocation in invocations {
        let last = attempts.last().and_then(|attempt| attempt.last());
        let due = last.and_then(|(step, _)| after(*step)).unwrap_or(first(followed));
        let is_anew = last.is_none_or(|(step, before)| {
            has_failed(before) || invocation.step.is_some_and(|named| named <= *step) || *step == Step::Finish
        });
        let step = invocation.step.unwrap_or(if is_anew { first(followed) } else { due });
        match attempts.last_mut() {
            Some(attempt) if !is_anew => attempt.push((step, invocation)),
            _ => attempts.push(vec![(step, invocation)]),
        }
    }
    attempts
}

/// The steps of the last attempt, with what proves each.
pub(super) fn progress(followed: &Followed, evidence: &Evidence, attempts: &[Attempt<'_>]) -> Progress {
    let last = attempts.last().map(Vec::as_slice).unwrap_or_default();
    let wanted: &[Step] = if followed.is_trial { &[Step::Test] } else { &Step::ALL };
    let mut steps: Vec<_> = wanted.iter().map(|step| of(*step, last)).collect();
    if !followed.is_trial {
        by_labels(evidence, &mut steps);
    }
    infer(&mut steps);
    let lines = attempts.iter().flatten().map(|(_, invocation)| invocation.last());
    let looks = [evidence.value, evidence.current, evidence.gone].into_iter().flatten();
    let events = evidence.failures.iter().map(|failure| failure.at);
    Progress {
        attempt: u32::try_from(attempts.len()).unwrap_or(u32::MAX).max(1),
        steps,
        begun: None,
        last_sign: lines.chain(looks).chain(events).max(),
        end: None,
    }
}

/// The step that has probably begun. Templates name the secret when a step is done, so that a slow one would seem not to
/// have begun; Secrets Manager invokes the function for the next step right after the one before.
pub(super) fn begun(
    followed: &Followed,
    progress: &Progress,
    attempts: &[Attempt<'_>],
    nameless: &[&Invocation],
) -> Option<(Step, DateTime<Utc>)> {
    let due = progress.next().filter(|step| step.state == StepState::Waiting)?;
    let own = attempts.iter().flatten().map(|(_, invocation)| invocation.last()).max().unwrap_or(followed.since);
    let mut open = nameless.iter().filter(|one| one.outcome == Outcome::Running && one.started >= own);
    // Of several nobody can say which is the one.
    let (one, other) = (open.next()?, open.next());
    other.is_none().then_some((due.step, one.started))
}

pub(super) fn first(followed: &Followed) -> Step {
    if followed.is_trial { Step::Test } else { Step::Create }
}

pub(super) fn after(step: Step) -> Option<Step> {
    Step::ALL.into_iter().find(|next| *next > step)
}

fn has_failed(invocation: &Invocation) -> bool {
    matches!(invocation.outcome, Outcome::Failed(_) | Outcome::TimedOut)
}

/// A step as its invocation shows it.
fn of(step: Step, attempt: &[(Step, &Invocation)]) -> StepProgress {
    let waiting = StepProgress { step, state: StepState::Waiting, began: None, took: None, proof: None };
    let Some((_, invocation)) = attempt.iter().rev().find(|(of, _)| *of == step) else { return waiting };
    let (state, proof) = match invocation.outcome {
        Outcome::TimedOut => (StepState::TimedOut, telling(invocation, is_time_out)),
        Outcome::Failed(_) => (StepState::Failed, failing(invocation)),
        Outcome::Finished => (StepState::Done, telling(invocation, is_success).or_else(|| last(invocation))),
        // The line that says so comes before the one that ends the invocation, which may never come.
        Outcome::Running => match telling(invocation, is_success) {
            Some(line) => (StepState::Done, Some(line)),
            None => (StepState::Running, last(invocation)),
        },
    };
    let began = Some(invocation.started);
    StepProgress { step, state, began, took: took(invocation), proof: proof.map(Proof::Line) }
}

fn took(invocation: &Invocation) -> Option<Duration> {
    let reported = invocation.report.as_ref().and_then(|report| report.duration);
    let between = |end: DateTime<Utc>| (end - invocation.started).to_std().ok();
    reported.or_else(|| invocation.ended.and_then(between))
}

fn telling(invocation: &Invocation, is: fn(&Entry) -> bool) -> Option<Arc<Entry>> {
    invocation.entries.iter().rev().find(|entry| is(entry)).cloned()
}

fn last(invocation: &Invocation) -> Option<Arc<Entry>> {
    invocation.entries.back().cloned()
}

pub(in crate::domain) fn is_time_out(entry: &Entry) -> bool {
    match &entry.line.kind {
        Kind::Platform(Platform::TimedOut(_)) => true,
        Kind::Platform(Platform::Report(report) | Platform::Done(report)) => report.status == Some(Status::Timeout),
        _ => false,
    }
}

/// Whether the line says that the step did its work.
pub(super) fn is_success(entry: &Entry) -> bool {
    let reports = match &entry.line.kind {
        Kind::Platform(Platform::Report(report) | Platform::Done(report)) => report.status == Some(Status::Success),
        _ => false,
    };
    reports || entry.said.as_ref().is_some_and(|said| matches!(said.what, What::Succeeded | What::AlreadyDone))
}

/// Whether a step ended badly.
pub(super) fn is_over(state: StepState) -> bool {
    matches!(state, StepState::Failed | StepState::TimedOut)
}

/// The line that says why: the exception that nobody caught, else the last that speaks of a failure, else the last.
pub(in crate::domain) fn failing(invocation: &Invocation) -> Option<Arc<Entry>> {
    let raised = telling(invocation, |entry| entry.line.kind == Kind::Uncaught);
    let said = |entry: &Entry| {
        entry.said.as_ref().is_some_and(|said| matches!(said.what, What::Failed | What::Refused | What::Setback))
    };
    raised
        .or_else(|| telling(invocation, said))
        .or_else(|| telling(invocation, is_time_out))
        .or_else(|| last(invocation))
}

/// What labels and versions tell goes before every line: an invocation may fail after its work was done.
fn by_labels(evidence: &Evidence, steps: &mut [StepProgress]) {
    for step in steps {
        let proof = match step.step {
            _ if step.state == StepState::Done => continue,
            Step::Finish if evidence.current.is_some() => Proof::Labels,
            // A step that failed may have put the value before.
            Step::Create if evidence.value.is_some() && !is_over(step.state) => Proof::Value,
            _ => continue,
        };
        (step.state, step.proof) = (StepState::Done, Some(proof));
    }
}

/// A step before one that has begun must have been done, though no line shows it.
fn infer(steps: &mut [StepProgress]) {
    let Some(furthest) = steps.iter().rposition(|step| step.state != StepState::Waiting) else { return };
    let by = steps[furthest].step;
    for step in &mut steps[..furthest] {
        if matches!(step.state, StepState::Waiting | StepState::Running) {
            (step.state, step.proof) = (StepState::Done, Some(Proof::Inferred(by)));
        }
    }
}
