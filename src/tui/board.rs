//! What there is to say about a rotation that is watched, above its log: the steps, how it stands, the labels as they move.

use chrono::{DateTime, TimeDelta, Utc};

use super::known::{Rotation, Stage};
use super::sheet::{self, Line, Tone};
use crate::domain::change::{Changed, Outcome};
use crate::domain::fault::Fault;
use crate::domain::preflight::Purpose;
use crate::domain::progress::{End, Proof, StepProgress, StepState, Ways, proof_words, took_words};
use crate::domain::rotation::Step;
use crate::output::rotation::{labels, moves};
use crate::output::toned;
use crate::text::{fit, moment, time_of_day, truncate};

/// How it is said.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
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

/// A step is slow that takes twice as long as usual, and so much longer.
const SLOW: TimeDelta = TimeDelta::seconds(5);

/// Everything that there is to say, as far as there is room.
pub fn lines(rotation: &Rotation, wish: Wish) -> Vec<Line> {
    let (width, height) = wish.size;
    let mut lines = Vec::new();
    if rotation.followed.is_some() || rotation.is_live() {
        lines = steps(rotation, wish);
        lines.truncate(if height < 5 { 1 } else { 2 });
    }
    let mut standing = standing(rotation, wish);
    let room = height.saturating_sub(lines.len());
    let lanes_room = room.saturating_sub(standing.len().max(STANDING)).min(LANES);
    standing.truncate(room);
    if lanes_room >= LANES {
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
    let what = match (&rotation.stage, rotation.purpose) {
        (Stage::Ended(End::Succeeded { .. }), _) if !rotation.is_trial() => format!("Rotated {name}"),
        (_, Some(Purpose::TestOnly)) => format!("Testing {name}"),
        (_, Some(Purpose::TurnOn)) => format!("Turning rotation on: {name}"),
        (Stage::Ended(_), _) => format!("Rotation of {name}"),
        _ => format!("Rotating {name}"),
    };
    let token = rotation.followed.as_ref().map(|followed| format!("token {}", followed.version.short()));
    let attempt = rotation.progress.as_ref().map(|progress| format!("attempt {}", progress.attempt));
    let since = rotation.followed.as_ref().map_or(rotation.asked, |followed| followed.since);
    // Its last lines are waited for after it has succeeded.
    let until = match &rotation.stage {
        Stage::Ended(End::Succeeded { at }) => *at,
        _ => rotation.ended.unwrap_or(now),
    };
    let clock = clock(until - since);
    [Some(what), token, attempt, Some(clock)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `00:41`, or `1:02:03`.
fn clock(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds % 3_600 / 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes:02}:{seconds:02}") }
}

/// The steps beside each other, and under each how long it took.
fn steps(rotation: &Rotation, wish: Wish) -> Vec<Line> {
    let waiting = |step| StepProgress { step, state: StepState::Waiting, began: None, took: None, proof: None };
    let wanted: &[Step] = if rotation.is_trial() { &[Step::Test] } else { &Step::ALL };
    let known = rotation.progress.as_ref().map(|progress| progress.steps.clone());
    let steps = known.unwrap_or_else(|| wanted.iter().map(|step| waiting(*step)).collect());
    let arrow = if wish.ascii { " -> " } else { " ─▶ " };
    let column = (wish.size.0 / steps.len().max(1)).saturating_sub(arrow.chars().count()).min(32);
    let (mut first, mut second) = (vec![(Tone::Plain, " ".to_owned())], vec![(Tone::Plain, " ".to_owned())]);
    for (number, step) in steps.iter().enumerate() {
        let (tone, symbol) = looks(step.state, wish.ascii);
        let is_last = number + 1 == steps.len();
        let name = format!("{symbol} {}", step.step.word());
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

/// How it stands, the most important first: what is wrong, how it ended, or what is under way.
fn standing(rotation: &Rotation, wish: Wish) -> Vec<Line> {
    let width = wish.size.0;
    let said = |tone, text: &str| sheet::hanging((Tone::Plain, " "), (tone, text), width);
    let mut lines = match &rotation.stage {
        Stage::Calling => {
            let what = if rotation.purpose == Some(Purpose::TurnOff) { "CancelRotateSecret" } else { "RotateSecret" };
            said(
                Tone::Plain,
                &format!("Opening the function's log, then calling {what}. Nothing is known to have begun yet."),
            )
        }
        Stage::Looking => said(Tone::Plain, "Asking AWS which rotation runs…"),
        Stage::NotRunning => said(
            Tone::Plain,
            "No rotation runs: AWSPENDING is on no version but the current one. R starts one, l shows the last one's lines.",
        ),
        Stage::Answered(changed) => answer(changed, &rotation.name.to_string(), width),
        Stage::Following => following(rotation, wish),
        Stage::Ended(end) => ended(rotation, end, wish),
    };
    lines.extend(rotation.in_doubt.iter().filter(|_| rotation.is_live()).flat_map(|fault| {
        let text = format!("It isn't known whether RotateSecret was done: {}", fault.sentence());
        sheet::hanging((Tone::Warn, " ? "), (Tone::Plain, &text), width)
    }));
    lines.extend(rotation.troubles.iter().flat_map(|fault| trouble(fault, width)));
    lines.extend(rotation.unrecorded.iter().flat_map(|why| unrecorded(why, width)));
    lines
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
fn following(rotation: &Rotation, wish: Wish) -> Vec<Line> {
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
            (Some(_), false) => "Every step is done. The label alone proves it; it is asked for now.".to_owned(),
        };
        return said(Tone::Plain, &words);
    };
    let word = step.step.word();
    match step.state {
        StepState::Running => said(Tone::Plain, &running(rotation, step, wish.now)),
        StepState::Failed | StepState::TimedOut => {
            let what = if step.state == StepState::Failed { "failed" } else { "timed out" };
            let proof = step.proof.as_ref().map(proof_words).unwrap_or_default();
            let mut lines = said(Tone::Bad, &format!("{word} {what}: {proof}"));
            lines.extend(said(Tone::Plain, "AWS may try again; a minute is waited for that. e shows the line."));
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

/// A step that runs: since when, for how long yet, and whether that is unusual.
fn running(rotation: &Rotation, step: &StepProgress, now: DateTime<Utc>) -> String {
    let Some(began) = step.began else { return format!("{} is running.", step.step.word()) };
    let since = format!("{} has been running since {}.", step.step.word(), time_of_day(began));
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

fn ended(rotation: &Rotation, end: &End, wish: Wish) -> Vec<Line> {
    let width = wish.size.0;
    let (Some(followed), Some(progress)) = (&rotation.followed, &rotation.progress) else { return Vec::new() };
    let at = rotation.ended.unwrap_or(wish.now);
    let (tone, symbol) = match end {
        End::Succeeded { .. } => (Tone::Good, if wish.ascii { " + " } else { " ✔ " }),
        end if end.is_known(followed) => (Tone::Bad, if wish.ascii { " X " } else { " ✖ " }),
        _ => (Tone::Warn, " ? "),
    };
    let mut lines = sheet::hanging((tone, symbol), (tone, &end.sentence(followed, progress, at)), width);
    if let Some(step) = end.next_step(followed, &ways(end)) {
        lines.extend(sheet::hanging((Tone::Key, "   try: "), (Tone::Plain, &step), width));
    }
    lines
}

/// The keys by which an end is looked into.
fn ways(end: &End) -> Ways {
    let lines = if end.proof().is_some_and(|proof| matches!(proof, Proof::Line(_))) {
        "e shows the line that says so"
    } else {
        "a shows every line of the log group"
    };
    Ways { lines: lines.to_owned(), secret: "the secret's own screen".to_owned(), turn_on: "O turns it on".to_owned() }
}

/// What came of a call where that isn't a rotation which can be followed.
pub fn answer(changed: &Changed, name: &str, width: usize) -> Vec<Line> {
    let said = |lead: (Tone, &str), text: &str| sheet::hanging(lead, (Tone::Plain, text), width);
    let step = |text: &str| said((Tone::Key, "   try: "), text);
    let of_fault = |lead: (Tone, &str), begin: &str, fault: &Fault, try_first: Option<&str>| {
        let mut lines = said(lead, &format!("{begin} {}", fault.sentence()));
        lines.extend(step(try_first.unwrap_or(&fault.next_step())));
        lines.extend(
            fault.aws_says().into_iter().flat_map(|words| said((Tone::Dim, "   AWS says: "), &words.to_string())),
        );
        lines.extend(fault.request_id.iter().map(|id| vec![(Tone::Dim, format!("   request id {id}"))]));
        lines
    };
    match &changed.outcome {
        Outcome::Accepted { request_id } => {
            let id = request_id.as_ref().map_or_else(String::new, |id| format!(" Request id {id}."));
            said((Tone::Good, " ✔ "), &format!("AWS took it: the rotation of {name} is off.{id}"))
        }
        Outcome::Refused(fault) => of_fault((Tone::Bad, " ✖ "), "Nothing was changed: AWS refused it.", fault, None),
        Outcome::NotSent(fault) => {
            of_fault((Tone::Bad, " ✖ "), "Nothing was changed: the call was not sent.", fault, None)
        }
        Outcome::NotDescribed(fault) => {
            let begin = "Nothing was changed: the secret couldn't be looked at right before the call.";
            of_fault((Tone::Bad, " ✖ "), begin, fault, None)
        }
        Outcome::Moved(seen) => {
            let text = format!(
                "Nothing was changed: {name} is not as it was when you were asked. Its labels or its rotation moved; now {}.",
                labels(&seen.labels)
            );
            let mut lines = said((Tone::Bad, " ✖ "), &text);
            lines.extend(step("look at it again, and ask once more"));
            lines
        }
        Outcome::ReadOnly => {
            let mut lines = said((Tone::Bad, " ✖ "), "Nothing was changed: secdash is read-only here.");
            lines.extend(step("`secdash config --effective` tells what sets read_only"));
            lines
        }
        Outcome::Unknown(fault) => {
            let next = "look at the secret before you try again: r asks for it anew";
            of_fault((Tone::Warn, " ? "), "It isn't known whether the change was made.", fault, Some(next))
        }
    }
}

/// How it ended or stands, in one line for whoever is elsewhere.
pub fn notice(rotation: &Rotation, now: DateTime<Utc>) -> Option<String> {
    let name = &rotation.name;
    let words = match &rotation.stage {
        Stage::Ended(end) => {
            let (followed, progress) = (rotation.followed.as_ref()?, rotation.progress.as_ref()?);
            end.sentence(followed, progress, now)
        }
        Stage::Answered(changed) if changed.is_accepted() => {
            return Some(format!("{name}: AWS took it, its rotation is off"));
        }
        Stage::Answered(_) => "nothing was changed, or it isn't known".to_owned(),
        Stage::NotRunning => "no rotation runs".to_owned(),
        _ => return None,
    };
    Some(format!("{name}: {words}"))
}

/// The words for where a rotation is, for the list: `setSecret`, `failed`.
pub fn short(rotation: &Rotation) -> String {
    match (&rotation.stage, rotation.step()) {
        (Stage::Calling, _) => "calling…".to_owned(),
        (_, Some(step)) if step.state == StepState::Waiting => format!("{} next", step.step.word()),
        (_, Some(step)) if matches!(step.state, StepState::Failed | StepState::TimedOut) => {
            format!("{} {}", step.step.word(), step.state.word())
        }
        (_, Some(step)) => step.step.word().to_owned(),
        (_, None) => "watched".to_owned(),
    }
}

/// The columns that a line takes.
pub fn width(line: &Line) -> usize {
    toned::width(line)
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
