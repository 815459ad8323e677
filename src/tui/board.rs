//! What there is to say about a rotation that is watched, above its log: the steps, how it stands, the labels as they move.

use chrono::{DateTime, TimeDelta, Utc};

use super::keymap::Keymap;
use super::known::{Rotation, Stage};
use super::sheet::{Line, Tone};
use crate::domain::preflight::Purpose;
use crate::domain::progress::{End, Proof, StepProgress, StepState, took_words};
use crate::domain::rotation::Step;
use crate::domain::version::StagingLabel;
use crate::output::rotation::{labels, moves};
use crate::text::{fit, moment, span, truncate};

mod answer;
mod standing;

pub use answer::{answer, in_short};
pub use standing::done;

/// How it is said.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The user's keys.
    pub keys: &'a Keymap,
    /// Shapes in ASCII.
    pub ascii: bool,
    /// The columns, and the rows, that there are.
    pub size: (usize, usize),
    /// The time, UTC.
    pub now: DateTime<Utc>,
}

/// The lanes that there is room for, with the times under them.
const LANES: usize = 4;

/// The fewest rows for how it stands, so that what is below doesn't jump.
const STANDING: usize = 2;

/// The columns that a step's whole name takes, with its symbol.
const NAME: usize = 14;

/// A step is slow that takes twice as long as usual, and so much longer.
const SLOW: TimeDelta = TimeDelta::seconds(5);

/// Everything that there is to say, as far as there is room.
pub fn lines(rotation: &Rotation, wish: Wish<'_>) -> Vec<Line> {
    let (width, height) = wish.size;
    let mut lines = Vec::new();
    if rotation.followed.is_some() || rotation.is_live() {
        lines = steps(rotation, wish);
        lines.truncate(if height < 5 { 1 } else { 2 });
    }
    let mut standing = standing::standing(rotation, wish);
    let room = height.saturating_sub(lines.len());
    let lanes_room = room.saturating_sub(standing.len().max(STANDING)).min(LANES);
    standing.truncate(room);
    if lanes_room >= LANES && (rotation.is_live() || rotation.followed.is_some()) {
        standing.resize(standing.len().max(STANDING), Line::new());
        lines.extend(standing);
        let new = rotation.followed.as_ref().map(|followed| &followed.version);
        let until = rotation.ended.unwrap_or(wish.now);
        lines.extend(moves(&rotation.labels, new, until, (width, LANES), wish.ascii));
    } else {
        lines.extend(standing);
        let last = rotation.labels.last().filter(|_| lines.len() < height);
        lines.extend(last.map(|(_, map)| vec![(Tone::Dim, truncate(&format!(" {}", labels(map)), width))]));
    }
    lines
}

/// The title: which rotation, and for how long.
pub fn title(rotation: &Rotation, now: DateTime<Utc>) -> String {
    let name = &rotation.name;
    let is_over = matches!(rotation.stage, Stage::Ended(_));
    let what = match (&rotation.stage, rotation.purpose) {
        (Stage::Answered(_), _) => return format!("{name}, not begun"),
        (Stage::NotRunning, _) => return format!("{name}, nothing runs"),
        (Stage::Ended(End::Succeeded { .. }), _) if !rotation.is_trial() => format!("Rotated {name}"),
        (_, Some(Purpose::TestOnly)) if is_over => format!("Tested {name}"),
        (_, Some(Purpose::TestOnly)) => format!("Testing {name}"),
        (_, Some(Purpose::TurnOn)) if is_over => format!("Turned rotation on: {name}"),
        (_, Some(Purpose::TurnOn)) => format!("Turning rotation on: {name}"),
        _ if is_over => format!("Rotation of {name}"),
        _ => format!("Rotating {name}"),
    };
    let token = rotation.followed.as_ref().map(|followed| format!("token {}", followed.version.short()));
    [Some(what), token, attempt(rotation), Some(clock(rotation, now))]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Which attempt it is, where all of them can be known: the log is read from the first sign of the rotation on.
fn attempt(rotation: &Rotation) -> Option<String> {
    let (followed, progress) = (rotation.followed.as_ref()?, rotation.progress.as_ref()?);
    let is_whole = rotation.purpose.is_some() || rotation.put.is_some_and(|put| put >= followed.since);
    Some(if is_whole { format!("attempt {}", progress.attempt) } else { "the latest attempt".to_owned() })
}

/// For how long it has gone on, from its first sign to its end: `00:41`, `1:02:03`, `2 d`.
fn clock(rotation: &Rotation, now: DateTime<Utc>) -> String {
    let begun = rotation.put.filter(|_| rotation.purpose.is_none()).unwrap_or_else(|| since(rotation));
    let version = rotation.followed.as_ref().map(|followed| &followed.version);
    let moved = rotation.labels.iter().find(|(_, labels)| {
        version.is_some_and(|version| !rotation.is_trial() && labels.has(version, &StagingLabel::Current))
    });
    // Its last lines are waited for after it has succeeded.
    let until = moved.map(|(at, _)| *at).or(rotation.ended).unwrap_or(now);
    let seconds = (until - begun).num_seconds().max(0);
    let (hours, minutes) = (seconds / 3_600, seconds % 3_600 / 60);
    match hours {
        0 => format!("{minutes:02}:{:02}", seconds % 60),
        1..24 => format!("{hours}:{minutes:02}:{:02}", seconds % 60),
        _ => span(until - begun),
    }
}

/// The steps beside each other, and under each how long it took.
fn steps(rotation: &Rotation, wish: Wish<'_>) -> Vec<Line> {
    let waiting = |step| StepProgress { step, state: StepState::Waiting, began: None, took: None, proof: None };
    let wanted: &[Step] = if rotation.is_trial() { &[Step::Test] } else { &Step::ALL };
    let known = rotation.progress.as_ref().map(|progress| progress.steps.clone());
    let steps = known.unwrap_or_else(|| wanted.iter().map(|step| waiting(*step)).collect());
    let arrow = if wish.ascii { " -> " } else { " ─▶ " };
    let column = (wish.size.0 / steps.len().max(1)).saturating_sub(arrow.chars().count()).min(32);
    let (mut first, mut second) = (vec![(Tone::Plain, " ".to_owned())], vec![(Tone::Plain, " ".to_owned())]);
    for (number, step) in steps.iter().enumerate() {
        let step = &probable(rotation, step);
        let (tone, symbol) = looks(step.state, wish.ascii);
        let is_last = number + 1 == steps.len();
        let word = step.step.word();
        let word = if column < NAME { word.trim_end_matches("Secret") } else { word };
        let name = format!("{symbol} {word}");
        first.push((tone, if is_last { name } else { fit(&name, column) }));
        if !is_last {
            first.push((Tone::Dim, arrow.to_owned()));
        }
        let (tone, under) = took(rotation, step, wish.now);
        let under = format!("  {under}");
        let room = column + arrow.chars().count();
        second.push((tone, if is_last { under } else { format!("{} ", fit(&under, room - 1)) }));
    }
    vec![first, second]
}

/// A step that has probably begun is drawn as one that runs, and one that a line without a name says has failed as such.
fn probable(rotation: &Rotation, step: &StepProgress) -> StepProgress {
    let suspected = rotation.progress.as_ref().and_then(|progress| progress.begun);
    let ended = match &rotation.stage {
        Stage::Ended(end @ End::Failed { .. }) if end.step() == Some(step.step) => Some(StepState::Failed),
        Stage::Ended(end @ End::TimedOut { .. }) if end.step() == Some(step.step) => Some(StepState::TimedOut),
        _ => None,
    };
    match (suspected.filter(|(due, _)| *due == step.step), ended) {
        _ if step.state != StepState::Waiting => step.clone(),
        (_, Some(state)) => StepProgress { state, ..step.clone() },
        (Some((_, began)), None) => StepProgress { state: StepState::Running, began: Some(began), ..step.clone() },
        (None, None) => step.clone(),
    }
}

fn looks(state: StepState, ascii: bool) -> (Tone, char) {
    let (tone, plain) = match state {
        StepState::Waiting => (Tone::Dim, 'o'),
        StepState::Running => (Tone::Warn, '%'),
        StepState::Done => (Tone::Good, '+'),
        StepState::Failed | StepState::TimedOut => (Tone::Bad, 'X'),
    };
    (tone, if ascii { plain } else { state.symbol() })
}

/// How long a step took, or has taken by now.
fn took(rotation: &Rotation, step: &StepProgress, now: DateTime<Utc>) -> (Tone, String) {
    let took = step.took.map(took_words);
    match step.state {
        StepState::Waiting => (Tone::Dim, String::new()),
        StepState::Running => {
            let usual = rotation.usual(step.step);
            let so_far = step.began.filter(|_| rotation.is_live()).map(|began| now - began);
            let words = so_far.map_or_else(|| "running".to_owned(), |time| format!("{} s", time.num_seconds().max(0)));
            match usual {
                Some(usual) if is_slow(rotation, step, now) => {
                    (Tone::Warn, format!("{words}, usual {}", took_words(usual)))
                }
                _ => (Tone::Plain, words),
            }
        }
        StepState::Done => match (&step.proof, took) {
            (Some(Proof::Inferred(_)), None) => (Tone::Dim, "inferred".to_owned()),
            (Some(Proof::Inferred(_)), Some(took)) => (Tone::Dim, format!("{took}, inferred")),
            (_, Some(took)) => (Tone::Plain, took),
            (Some(Proof::Labels), None) => (Tone::Plain, "by its label".to_owned()),
            (Some(Proof::Value), None) => (Tone::Plain, "has a value".to_owned()),
            (Some(Proof::Event(_)), None) => (Tone::Plain, "by CloudTrail".to_owned()),
            (_, None) => (Tone::Plain, "done".to_owned()),
        },
        StepState::Failed => (Tone::Bad, took.map_or("failed".to_owned(), |took| format!("failed in {took}"))),
        StepState::TimedOut => (Tone::Bad, took.map_or("timed out".to_owned(), |took| format!("timed out, {took}"))),
    }
}

fn is_slow(rotation: &Rotation, step: &StepProgress, now: DateTime<Utc>) -> bool {
    let (Some(usual), Some(began)) = (rotation.usual(step.step), step.began) else { return false };
    let usual = TimeDelta::from_std(usual).unwrap_or(TimeDelta::MAX);
    now - began > usual.checked_mul(2).unwrap_or(TimeDelta::MAX) && now - began > usual + SLOW
}

/// How it ended, in few words for whoever is elsewhere.
pub fn notice(rotation: &Rotation) -> Option<String> {
    let name = &rotation.name;
    let what = if rotation.is_trial() { "the trial" } else { "the rotation" };
    let words = match &rotation.stage {
        Stage::Ended(End::Succeeded { .. }) => format!("{what} succeeded"),
        Stage::Ended(End::Failed { step, .. }) => format!("{what} failed{}", at_step(*step)),
        Stage::Ended(End::TimedOut { step, .. }) => format!("{what} timed out{}", at_step(*step)),
        Stage::Ended(End::Removed { .. }) => format!("{what} was given up, AWSPENDING is gone"),
        Stage::Ended(End::TurnedOff { .. }) => "rotation was turned off meanwhile".to_owned(),
        Stage::Ended(End::NeverInvoked { .. }) => "the function was never invoked".to_owned(),
        Stage::Ended(End::Silent { .. }) => "no sign of life any more".to_owned(),
        Stage::NotRunning => "no rotation runs".to_owned(),
        _ => return None,
    };
    Some(format!("{name}: {words}"))
}

fn at_step(step: Option<Step>) -> String {
    step.map_or_else(String::new, |step| format!(" at {}", step.word()))
}

/// The words for where a rotation is, for the list: `setSecret`, `✖ testSecret`.
pub fn short(rotation: &Rotation, ascii: bool) -> String {
    match (&rotation.stage, rotation.step()) {
        (Stage::Calling, _) => "calling…".to_owned(),
        (_, Some(step)) if matches!(step.state, StepState::Failed | StepState::TimedOut) => {
            format!("{} {}", looks(step.state, ascii).1, step.step.word())
        }
        (_, Some(step)) => step.step.word().to_owned(),
        (_, None) => "watched".to_owned(),
    }
}

/// When the rotation began, for times that are counted from then (UTC).
pub fn since(rotation: &Rotation) -> DateTime<Utc> {
    rotation.followed.as_ref().map_or(rotation.asked, |followed| followed.since)
}

/// What is said when the dashboard is left while it goes on.
pub fn goes_on(rotation: &Rotation) -> String {
    let name = &rotation.name;
    if rotation.is_calling() {
        return format!(
            "The call for {name} was on its way at {}: whether AWS took it isn't known. `secdash show {name}` tells.",
            moment(rotation.asked)
        );
    }
    format!("The rotation of {name} goes on in AWS: `secdash follow {name}` comes back to it.")
}
