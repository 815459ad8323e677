//! What there is to say about a secret, as lines of toned text: read by `view` to draw it and by `update` to scroll it.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::board;
use super::keymap::{Action, Keymap, Scope};
use super::known::{Known, Remote, Row};
use crate::domain::facts;
use crate::domain::fault::Fault;
use crate::domain::inspection::Inspection;
use crate::domain::rotation::RotationState;
use crate::domain::version::{Labelled, labelled};
use crate::domain::words;
use crate::text::{ago, day, fit, moment, wrap};

/// How often an expired sign-in is looked at again: somebody may be signing in in another window.
pub const LOOK_AGAIN: Duration = Duration::from_secs(10);

pub use crate::output::toned::{Line, Tone};

/// What is said after the verdict.
#[derive(Debug, Clone)]
pub enum Part {
    /// AWS's own answer.
    Raw,
    /// The timeline in small, which stands for the versions, and the facts.
    Preview(Vec<Line>),
    /// The story of one version, which is broken into lines here, the facts, and every version.
    Whole(Vec<Line>),
}

/// How it is said.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The user's keys.
    pub keys: &'a Keymap,
    /// Dates in the machine's time zone too.
    pub local_times: bool,
    /// Shapes in ASCII.
    pub ascii: bool,
    /// The columns that there are.
    pub width: usize,
    /// The time, UTC.
    pub now: DateTime<Utc>,
}

/// The columns of a fact's name.
const NAME: usize = 16;

/// What is known of a secret: verdict, faults, and the part that is wished for.
pub fn lines(row: &Row, known: &Known, part: Part, wish: Wish<'_>) -> Vec<Line> {
    let inspection = known.inspected.get(&row.secret.id).and_then(Remote::get);
    let mut lines = verdict(row, wish);
    lines.extend(why(row, known, wish));
    lines.extend(offer(row, known, wish));
    lines.extend(history(row, known, wish));
    lines.extend(
        inspection.into_iter().flat_map(Inspection::faults).flat_map(|fault| self::fault(fault, wish.keys, wish.width)),
    );
    let secret = inspection.and_then(|inspection| inspection.secret.as_ref().ok()).unwrap_or(&row.secret);
    let facts = facts::of(secret, wish.now, wish.local_times);
    let facts = facts.into_iter().flat_map(|fact| self::fact(fact, wish.width));
    match part {
        Part::Raw => {
            lines.push(Line::new());
            lines.extend(raw(inspection));
        }
        // A preview has few lines: none of them is empty before the axis.
        Part::Preview(picture) => {
            lines.extend(picture);
            lines.push(Line::new());
            lines.extend(facts);
        }
        Part::Whole(story) => {
            let versions = inspection.and_then(|inspection| inspection.versions.as_deref().ok());
            lines.push(Line::new());
            lines.extend(story.into_iter().flat_map(|line| folded(line, wish.width)));
            lines.push(Line::new());
            lines.extend(facts);
            lines.push(Line::new());
            lines.extend(labelled(&secret.labels, versions).iter().map(|version| self::version(version, wish)));
        }
    }
    lines
}

/// A line of a heading and a text, with the text broken under itself where it is too long.
fn folded(line: Line, width: usize) -> Vec<Line> {
    let mut pieces = line.into_iter();
    let (Some((tone, heading)), Some((text_tone, text))) = (pieces.next(), pieces.next()) else { return Vec::new() };
    let indent = crate::text::width(&heading);
    if indent * 2 > width {
        return vec![vec![(tone, heading)], vec![(text_tone, text)]];
    }
    let lines = wrap(&text, width - indent).into_iter().enumerate();
    let lead = |at| if at == 0 { (tone, heading.clone()) } else { (Tone::Plain, " ".repeat(indent)) };
    lines.map(|(at, line)| vec![lead(at), (text_tone, line)]).collect()
}

/// A text behind a lead, broken under itself where it is too long.
pub fn hanging(lead: (Tone, &str), text: (Tone, &str), width: usize) -> Vec<Line> {
    let room = width.saturating_sub(crate::text::width(lead.1)).max(1);
    let indent = " ".repeat(crate::text::width(lead.1));
    let lines = wrap(text.1, room).into_iter().enumerate().map(|(at, line)| {
        let lead = if at == 0 { (lead.0, lead.1.to_owned()) } else { (Tone::Plain, indent.clone()) };
        vec![lead, (text.0, line)]
    });
    lines.collect()
}

/// A fault: what happened, what to do next, and how it is asked again.
pub fn fault(fault: &Fault, keys: &Keymap, width: usize) -> Vec<Line> {
    let said = |first: (Tone, &str), text: &str| hanging(first, (Tone::Plain, text), width);
    let mut lines = said((Tone::Bad, "✖ "), &fault.sentence());
    lines.extend(said((Tone::Key, "  try: "), &fault.next_step()));
    lines.push(vec![(Tone::Dim, format!("  {}", again(fault, keys)))]);
    lines.extend(fault.aws_says().into_iter().flat_map(|words| said((Tone::Dim, "  AWS says: "), &words.to_string())));
    lines
}

/// How the question is asked again.
fn again(fault: &Fault, keys: &Keymap) -> String {
    let key = keys.key(Scope::Any, Action::Refresh);
    let id = fault.request_id.as_ref().map_or_else(String::new, |id| format!(" · request id {id}"));
    if fault.heals_elsewhere() {
        return format!("secdash looks again every {} s; {key} looks now{id}", LOOK_AGAIN.as_secs());
    }
    format!("{key} asks again{id}")
}

fn verdict(row: &Row, wish: Wish<'_>) -> Vec<Line> {
    let symbol = symbol(row.state, wish.ascii);
    let state = format!("{symbol} {} ", row.state.word());
    let text = words::verdict(&row.secret, row.signs(), wish.now);
    // The state stands before the first line's words, so these are wrapped as if it were one of them.
    let mut wrapped = wrap(&format!("{state}{text}"), wish.width).into_iter();
    let first = wrapped.next().unwrap_or_default();
    let rest = first.strip_prefix(&state).unwrap_or_default().to_owned();
    let first = vec![(Tone::State(row.state), state), (Tone::Plain, rest)];
    std::iter::once(first).chain(wrapped.map(|line| vec![(Tone::Plain, line)])).collect()
}

/// What a diagnosis came to, or which key makes one.
fn why(row: &Row, known: &Known, wish: Wish<'_>) -> Vec<Line> {
    let diagnosed = known.why.as_ref().filter(|why| why.id == row.secret.id).and_then(|why| why.diagnosis.get());
    let lead = format!("{} ", wish.keys.key(Scope::Secret, Action::Why));
    if known.left.iter().any(|half| half.plan.is_on(&row.secret)) {
        let text = "tells more: a fix of it was left half done";
        return hanging((Tone::Warn, &lead), (Tone::Strong, text), wish.width);
    }
    let text = match diagnosed.filter(|diagnosis| diagnosis.stuck.is_some() && row.is_pending()) {
        Some(diagnosis) => diagnosis.headline(),
        // It stands behind what can be watched.
        None if matches!(row.state, RotationState::Rotating | RotationState::Pending) => return Vec::new(),
        None if row.is_pending() => "says why, and which way out is safe".to_owned(),
        None => return Vec::new(),
    };
    hanging((Tone::Key, &lead), (Tone::Plain, &text), wish.width)
}

/// What can be watched of a rotation that isn't done, and by which key.
fn offer(row: &Row, known: &Known, wish: Wish<'_>) -> Vec<Line> {
    let lead = format!("{} ", wish.keys.key(Scope::Secret, Action::Watch));
    let key = |text: &str| hanging((Tone::Key, &lead), (Tone::Plain, text), wish.width);
    if let Some(rotation) = known.rotations.live(&row.secret.id) {
        return key(&format!("shows the rotation that is watched: {}", board::short(rotation, wish.ascii)));
    }
    match row.state {
        RotationState::Rotating | RotationState::Pending => {
            let why = wish.keys.key(Scope::Secret, Action::Why);
            key(&format!("watches it: the four steps, the labels, the log · {why} says why"))
        }
        _ => Vec::new(),
    }
}

/// What the event history tells about this secret, or why it can't.
fn history(row: &Row, known: &Known, wish: Wish<'_>) -> Vec<Line> {
    let is_cancelled = row.state == RotationState::Cancelled;
    let changes = known.history.changes_state.fault();
    if !row.is_pending() && !is_cancelled {
        return changes.into_iter().flat_map(|fault| self::fault(fault, wish.keys, wish.width)).collect();
    }
    let by = known.trail.cancellation(&row.secret).filter(|_| is_cancelled).map(|cancellation| {
        let by = cancellation.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        vec![(Tone::Plain, format!("Turned off {}{by} · {}.", ago(cancellation.at, wish.now), moment(cancellation.at)))]
    });
    let fault =
        known.trail.state.fault().or(changes).into_iter().flat_map(|fault| self::fault(fault, wish.keys, wish.width));
    by.into_iter().chain(fault).collect()
}

fn raw(inspection: Option<&Inspection>) -> Vec<Line> {
    let lines = inspection.map_or(&[][..], |inspection| &inspection.raw);
    if lines.is_empty() {
        let has_failed = inspection.is_some_and(|inspection| inspection.secret.is_err());
        let words =
            if has_failed { "there is no answer of DescribeSecret" } else { "DescribeSecret has not answered yet" };
        return vec![vec![(Tone::Dim, words.to_owned())]];
    }
    lines.iter().map(|line| vec![(Tone::Plain, line.to_string())]).collect()
}

fn version(version: &Labelled, wish: Wish<'_>) -> Line {
    let labels: Vec<_> = version.labels.iter().map(|label| label.text().to_string()).collect();
    let labels = if labels.is_empty() { "(deprecated)".to_owned() } else { labels.join(" ") };
    let created = version.created_words(|date| format!("{} · {}", ago(date, wish.now), moment(date)));
    let id = if wish.width >= 120 { fit(&version.id.0.to_string(), 36) } else { fit(&version.id.short(), 9) };
    let mut line = vec![(Tone::Strong, format!("{} ", fit(&labels, 23))), (Tone::Plain, format!("{id}  {created}"))];
    line.extend(version.last_accessed.map(|date| (Tone::Dim, format!("  last read {}", day(date)))));
    while line.iter().map(|(_, text)| crate::text::width(text)).sum::<usize>() > wish.width && line.len() > 1 {
        line.pop();
    }
    line
}

fn fact((name, value): facts::Fact, width: usize) -> Vec<Line> {
    let lines = wrap(&value, width.saturating_sub(NAME).max(1)).into_iter().enumerate();
    lines.map(|(at, line)| vec![(Tone::Dim, fit(if at == 0 { name } else { "" }, NAME)), (Tone::Plain, line)]).collect()
}

/// The shape for a state; a letter where only ASCII is wished for.
pub fn symbol(state: RotationState, ascii: bool) -> char {
    if !ascii {
        return state.symbol();
    }
    match state {
        RotationState::Stuck | RotationState::Failed => 'X',
        RotationState::Overdue | RotationState::Cancelled => '!',
        RotationState::Pending => '?',
        RotationState::Rotating => '%',
        RotationState::Due => '>',
        RotationState::Ok => '+',
        RotationState::Off => '.',
        RotationState::Deleting => '~',
    }
}
