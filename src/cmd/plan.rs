//! A plan told on the command line: before it is confirmed, as it goes, how it ended, and what can be done where it is half done.

use std::pin::pin;

use futures::{Stream, StreamExt};

use super::fix::Looked;
use super::interrupt::Interrupt;
use super::{Failure, Output, Streams};
use crate::domain::change::Change;
use crate::domain::plan::{Half, Plan, PlanEnd, PlanStep, Stop, Told, Under};
use crate::domain::secret::Secret;
use crate::exit::Exit;
use crate::output::rotation::{self, Asked, Event};
use crate::output::toned::{self, Tone};
use crate::output::why::{self, PlanEvent};

/// Why nothing else may begin.
pub(super) fn in_the_way(under: &Under, looked: &Looked) -> Failure {
    let sentence = under.sentence(&looked.diagnosis.secret);
    Failure::Refused(format!("Nothing was changed. {sentence}"), under.ways(&looked.diagnosis))
}

/// The labels are where the plan never put them.
pub(super) fn elsewhere(half: &Half, looked: &Looked) -> Failure {
    let sentence = half.sentence(&looked.diagnosis.secret);
    Failure::Refused(format!("Nothing was changed. {sentence} So it can't be finished."), half.ways(&looked.diagnosis))
}

/// Says what is half done, to people.
pub(super) fn tell_half(
    half: &Half,
    secret: &Secret,
    output: Output,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let line = vec![(Tone::Warn, "! ".to_owned()), (Tone::Strong, half.sentence(secret))];
    if output == Output::Table {
        streams.line(&line, 2)?;
        if let Some(word) = half.plan.word() {
            streams.line(&vec![(Tone::Warn, "! ".to_owned()), (Tone::Plain, word)], 2)?;
        }
    }
    Ok(())
}

/// The change and the plan, before they are confirmed.
pub(super) fn show(
    plan: &Plan,
    left: &[PlanStep],
    change: &Change,
    looked: &Looked,
    output: Output,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let account = looked.identity.as_ref().ok().map(|identity| identity.account.raw());
    let first = plan.first(change, left);
    let first = first.as_ref();
    if output == Output::Json {
        rotation::write_line(streams.out, &Event::Change(Asked::planned(first, change, &looked.context, account)))?;
        rotation::write_line(streams.out, &PlanEvent::of(plan, left))?;
        streams.out.flush()?;
        return Ok(());
    }
    for line in rotation::planned(first, change, &looked.context, account) {
        let is_form = line.iter().any(|(_, text)| text.contains("aws form") || text.contains("  call "));
        if is_form { toned::write(streams.out, &line)? } else { streams.line(&line, rotation::ROW)? }
    }
    let row = |name: &str, text: String| vec![(Tone::Dim, format!("  {name:<13}")), (Tone::Plain, text)];
    let wrong = change.if_wrong().map(|text| row("if wrong", text));
    let ground =
        change.ground.filter(|ground| ground.tested.is_some()).map(|ground| row("your word", ground.sentence()));
    wrong.into_iter().chain(ground).try_for_each(|line| streams.line(&line, rotation::ROW))?;
    steps(plan, left, streams)?;
    for warning in looked.diagnosis.warnings(plan) {
        streams.line(&vec![(Tone::Warn, "  ! ".to_owned()), (Tone::Plain, warning)], 4)?;
    }
    streams.out.flush()?;
    Ok(())
}

pub(super) fn steps(plan: &Plan, steps: &[PlanStep], streams: &mut Streams<'_>) -> Result<(), Failure> {
    streams.line(&vec![(Tone::Strong, "Plan".to_owned())], 0)?;
    for (number, step) in (1..).zip(steps) {
        let line = vec![(Tone::Key, format!("  {number} ")), (Tone::Plain, plan.words(*step))];
        streams.line(&line, 4)?;
    }
    Ok(())
}

/// Tells how the plan goes, and how it ended. Ctrl-c stops it between two steps.
pub(super) async fn follow(
    told: impl Stream<Item = Told>,
    plan: &Plan,
    output: Output,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let (mut told, mut interrupt) = (pin!(told), Interrupt::hear()?);
    let mut waits = None;
    loop {
        let told = tokio::select! {
            // A step that was begun is told to its end: the stream is asked first.
            biased;
            told = told.next() => told,
            () = interrupt.came() => {
                let name = &plan.name;
                let next = format!("`secdash fix {name} --resume` goes on; `secdash why {name}` tells what else can be done");
                super::failure::write(streams.err, "Stopped by you in the middle of the plan.", &next)?;
                return Ok(Exit::Interrupted);
            }
        };
        let Some(told) = told else { return Ok(Exit::NotKnown) };
        if output == Output::Json {
            rotation::write_line(streams.out, &PlanEvent::told(&told))?;
        } else {
            let is_new = !matches!(&told, Told::Waits(until) | Told::Looks(until) if waits == Some(*until));
            for line in why::told(plan, &told).into_iter().filter(|_| is_new) {
                streams.line(&line, 4)?;
            }
        }
        streams.out.flush()?;
        match told {
            Told::Waits(until) | Told::Looks(until) => waits = Some(until),
            Told::Ended(end) => return ended(&end, plan, output, streams),
            _ => {}
        }
    }
}

fn ended(end: &PlanEnd, plan: &Plan, output: Output, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let first = end.next_step().map_or_else(String::new, |step| format!("{step}; "));
    let name = &plan.name;
    match end {
        PlanEnd::Healed { still_off: None, .. } => Ok(Exit::Fine),
        PlanEnd::Healed { .. } => {
            let next = format!("{first}`secdash rotation on {name}` turns it on again");
            super::failure::write(streams.err, "Rotation is still off.", &next)?;
            Ok(Exit::NotKnown)
        }
        PlanEnd::Stopped { .. } if output == Output::Json => Ok(Exit::Failed),
        PlanEnd::Stopped { why, .. } => {
            let next = match why {
                _ if !end.is_left() => format!("`secdash why {name}` has the evidence"),
                Stop::NotAllowed(_) => format!("`secdash why {name}` has the ways out{}", taken_back(end, plan)),
                _ => format!("`secdash fix {name} --resume` goes on{}", taken_back(end, plan)),
            };
            super::failure::write(streams.err, &end.sentence(), &format!("{first}{next}"))?;
            Ok(Exit::Failed)
        }
    }
}

/// What else can be done about a plan that stopped: by the same rule as it will be done.
fn taken_back(end: &PlanEnd, plan: &Plan) -> String {
    let name = &plan.name;
    let other = if end.is_moved() { "" } else { "; another way out takes its place" };
    match end.undoing(plan) {
        Some(undoing) => format!("{other}; `secdash fix {name} --undo` {}", undoing.words()),
        None => format!("; `secdash why {name}` tells what else can be done"),
    }
}
