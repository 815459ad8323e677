//! How a rotation stands, in sentences: what is under way, how it ended, what to do next, what can't be learned.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Wish, answer, is_slow, probable};
use crate::domain::fault::Fault;
use crate::domain::preflight::Purpose;
use crate::domain::progress::{End, GRACE, Proof, StepProgress, StepState, Ways, proof_words, took_words};
use crate::domain::version::{StagingLabel, VersionId};
use crate::text::time_of_day;
use crate::tui::keymap::{Action, Keymap, Scope};
use crate::tui::known::{Rotation, Stage};
use crate::tui::sheet::{self, Line, Tone};

/// How it stands, the most important first: what is wrong, how it ended, or what is under way.
pub(super) fn standing(rotation: &Rotation, wish: Wish<'_>) -> Vec<Line> {
    let width = wish.size.0;
    let said = |tone, text: &str| sheet::hanging((Tone::Plain, " "), (tone, text), width);
    let mut lines = match &rotation.stage {
        Stage::Calling => {
            let what = match rotation.purpose {
                Some(Purpose::TurnOff) => "CancelRotateSecret",
                Some(Purpose::Delete(_)) => "DeleteSecret",
                Some(Purpose::Restore) => "RestoreSecret",
                Some(Purpose::Undo | Purpose::Fix(..) | Purpose::Finish) => "UpdateSecretVersionStage",
                _ => "RotateSecret",
            };
            said(
                Tone::Plain,
                &format!("Opening the function's log, then calling {what}. Nothing is known to have begun yet."),
            )
        }
        Stage::Looking => said(Tone::Plain, "Asking AWS which rotation runs…"),
        Stage::NotRunning => {
            let [start, logs] = [Action::Rotate, Action::Logs].map(|action| wish.keys.key(Scope::Secret, action));
            let none = "No rotation runs: AWSPENDING is on no version but the current one.";
            said(Tone::Plain, &format!("{none} {start} starts one; on the secret, {logs} shows the last one's lines."))
        }
        Stage::Answered(changed) => answer(changed, &rotation.name.to_string(), &done(rotation), wish),
        Stage::Following => following(rotation, wish),
        Stage::Ended(end) => ended(rotation, end, wish),
    };
    lines.extend(rotation.in_doubt.iter().flat_map(|fault| {
        let text = format!("It isn't known whether RotateSecret was done: {}", fault.sentence());
        sheet::hanging((Tone::Warn, " ? "), (Tone::Plain, &text), width)
    }));
    lines.extend(rotation.troubles.iter().flat_map(|fault| trouble(fault, width)));
    lines.extend(rotation.unrecorded.iter().flat_map(|why| unrecorded(why, width)));
    lines
}

/// What is the case once AWS has taken a call by which nothing begins.
pub fn done(rotation: &Rotation) -> String {
    let window = match rotation.purpose {
        Some(Purpose::Delete(window)) => Some(window),
        _ => None,
    };
    if let (Stage::Answered(changed), true) = (&rotation.stage, rotation.purpose.is_some_and(Purpose::marks)) {
        return changed.mark_words(rotation.name.raw(), window);
    }
    match rotation.purpose {
        Some(Purpose::Undo | Purpose::Fix(..) | Purpose::Finish) => "the label is where it was before".to_owned(),
        _ => format!("the rotation of {} is off", rotation.name),
    }
}

fn trouble(fault: &Fault, width: usize) -> Vec<Line> {
    let text = format!("{} Try: {}", fault.sentence(), fault.next_step());
    sheet::hanging((Tone::Warn, " ! "), (Tone::Plain, &text), width)
}

fn unrecorded(why: &str, width: usize) -> Vec<Line> {
    let text = format!("This action stands in no record: {}", crate::text::safe(why));
    sheet::hanging((Tone::Warn, " ! "), (Tone::Plain, &text), width)
}

/// What is under way.
fn following(rotation: &Rotation, wish: Wish<'_>) -> Vec<Line> {
    let width = wish.size.0;
    let said = |tone, text: &str| sheet::hanging((Tone::Plain, " "), (tone, text), width);
    let Some(followed) = &rotation.followed else {
        return said(Tone::Plain, "AWS took the call. Waiting for the first sign of it.");
    };
    let since = time_of_day(followed.since);
    let Some(step) = rotation.step() else {
        let words = match (&rotation.progress, rotation.is_trial()) {
            (None, _) if rotation.purpose.is_none() => "Reading the log and the labels of this rotation…".to_owned(),
            (None, _) => format!("AWS took it. Waiting for the first sign since {since}."),
            (Some(_), true) => {
                "testSecret is done. AWSPENDING is to be taken off again; its label is watched.".to_owned()
            }
            (Some(_), false) if has_moved(rotation, &followed.version) => {
                "AWSCURRENT has moved. The last lines of the log are waited for.".to_owned()
            }
            (Some(_), false) => "Every step is done. The label alone proves it; it is asked for now.".to_owned(),
        };
        return said(Tone::Plain, &words);
    };
    let (word, is_certain) = (step.step.word(), step.state == StepState::Running);
    let step = &probable(rotation, step);
    match step.state {
        StepState::Running if !is_certain => said(Tone::Plain, &running(rotation, step, false, wish.now)),
        StepState::Running => said(Tone::Plain, &running(rotation, step, true, wish.now)),
        StepState::Failed | StepState::TimedOut => {
            let what = if step.state == StepState::Failed { "failed" } else { "timed out" };
            let proof = step.proof.as_ref().map(proof_words).unwrap_or_default();
            let mut lines = said(Tone::Bad, &format!("{word} {what}: {proof}"));
            let last = rotation.progress.as_ref().and_then(|progress| progress.last_sign).unwrap_or(wish.now);
            let left = (last + GRACE - wish.now).num_seconds().max(0);
            let key = wish.keys.key(Scope::Log, Action::Evidence);
            let next = format!("AWS may try again: waiting for that, {left} s. {key} shows the line.");
            lines.extend(said(Tone::Plain, &next));
            lines
        }
        StepState::Waiting | StepState::Done => {
            let silent = rotation.progress.as_ref().and_then(|progress| progress.last_sign).unwrap_or(followed.since);
            let silent = wish.now - silent;
            let quiet =
                (silent > TimeDelta::seconds(20)).then(|| format!(" No sign of life for {} s.", silent.num_seconds()));
            said(Tone::Plain, &format!("Waiting for {word} to begin.{}", quiet.unwrap_or_default()))
        }
    }
}

fn has_moved(rotation: &Rotation, version: &VersionId) -> bool {
    rotation.labels.last().is_some_and(|(_, labels)| labels.has(version, &StagingLabel::Current))
}

/// A step that runs: since when, for how long yet, and whether that is unusual.
fn running(rotation: &Rotation, step: &StepProgress, is_certain: bool, now: DateTime<Utc>) -> String {
    let Some(began) = step.began else { return format!("{} is running.", step.step.word()) };
    let (word, since) = (step.step.word(), time_of_day(began));
    let since = if is_certain {
        format!("{word} has been running since {since}.")
    } else {
        format!("{word} has probably been running since {since}: no line names the secret yet.")
    };
    let usual = rotation.usual(step.step).filter(|_| is_slow(rotation, step, now));
    let slow = usual.map(|usual| format!("That is longer than usual: the last time it took {}.", took_words(usual)));
    let timeout = rotation.followed.as_ref().and_then(|followed| followed.timeout);
    let timeout = timeout.and_then(|timeout| TimeDelta::from_std(timeout).ok()).map(|timeout| {
        let (left, whole) = ((began + timeout - now).num_seconds(), timeout.num_seconds());
        if left >= 0 {
            format!("Lambda stops it in {left} s, after {whole} s.")
        } else {
            format!("Its time of {whole} s is up: Lambda has stopped it, or the line that it ended is late.")
        }
    });
    [Some(since), slow, timeout].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn ended(rotation: &Rotation, end: &End, wish: Wish<'_>) -> Vec<Line> {
    let width = wish.size.0;
    let (Some(followed), Some(progress)) = (&rotation.followed, &rotation.progress) else { return Vec::new() };
    let at = rotation.ended.unwrap_or(wish.now);
    let (tone, symbol) = match end {
        End::Succeeded { .. } => (Tone::Good, if wish.ascii { " + " } else { " ✔ " }),
        end if end.is_known(followed) => (Tone::Bad, if wish.ascii { " X " } else { " ✖ " }),
        _ => (Tone::Warn, " ? "),
    };
    let mut lines = sheet::hanging((tone, symbol), (tone, &end.sentence(followed, progress, at)), width);
    if matches!(end, End::Succeeded { .. }) && !followed.is_trial {
        let key = wish.keys.key(Scope::Log, Action::History);
        let text = format!("{key} shows which readers have fetched the new value, as CloudTrail tells.");
        lines.extend(sheet::hanging((Tone::Dim, "   "), (Tone::Plain, &text), width));
    }
    if let Some(step) = end.next_step(followed, &ways(rotation, end, wish.keys)) {
        lines.extend(sheet::hanging((Tone::Key, "   try: "), (Tone::Plain, &step), width));
    }
    lines
}

/// The keys by which an end is looked into.
fn ways(rotation: &Rotation, end: &End, keys: &Keymap) -> Ways {
    let key = |action| keys.key(Scope::Log, action);
    let lines = if end.proof().is_some_and(|proof| matches!(proof, Proof::Line(_))) {
        format!("{} shows the line that says why", key(Action::Evidence))
    } else if rotation.log.is_empty() {
        "why there is no line is said below".to_owned()
    } else {
        format!("{} shows every line of the log group", key(Action::Whose))
    };
    Ways {
        lines,
        secret: "the screen of the secret itself".to_owned(),
        turn_on: format!("{} turns it on", key(Action::Turn)),
    }
}
