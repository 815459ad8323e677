//! A rotation as it is watched, line by line: steps, log events, and where they come from.

use crate::domain::change::Change;
use crate::domain::context::Context;
use crate::domain::fault::Fault;
use crate::domain::invocation::{Attribution, Entry, Shown};
use crate::domain::log::Level;
use crate::domain::progress::{Proof, StepProgress, StepState, proof_words, took_words};
use crate::domain::tail::{Broken, NoEvents, NotLive, Range, Source};
use crate::domain::version::LabelMap;
use crate::output::toned::{Line, Tone};
use crate::text::{safe, time_of_day};

mod json;
mod moves;

pub use json::{Accepted, Asked, CallJson, CheckJson, Ended, Event, Gap, LogLine, Step, write_line};
pub use moves::moves;

/// The columns of a time with its milliseconds, and of what stands behind it.
const TIME: &str = "             ";

/// Where the text of a log event begins, and of a remark.
pub const EVENT: usize = 15;

/// Where the text of a step begins, and of a remark.
pub const REMARK: usize = 13;

/// Where the text of a row of a change begins.
pub const ROW: usize = 26;

/// What is about to be changed: in which account, what will be different, the call, and how it is undone.
pub fn change(change: &Change, context: &Context, account: Option<&str>) -> Vec<Line> {
    planned(None, change, context, account)
}

/// The same where another call moves a label first: whoever makes the calls by hand needs both.
pub fn planned(first: Option<&Change>, change: &Change, context: &Context, account: Option<&str>) -> Vec<Line> {
    let place = [
        context.is_demo().then(|| "DEMO".to_owned()),
        context.profile.as_deref().map(safe),
        Some(account.map_or_else(|| "account unknown".to_owned(), safe)),
        Some(safe(&context.region)),
    ];
    let place: Vec<_> = place.into_iter().flatten().collect();
    let mut lines = vec![vec![(Tone::Strong, change.sentence())], row("in", place.join(" · "))];
    lines.extend(change.differences_behind(first).into_iter().map(|one| {
        let mut line = row(one.what, one.before);
        line.push((Tone::Strong, format!(" → {}", one.after)));
        line
    }));
    let calls = numbered(first, change);
    lines.extend(calls.iter().map(|(number, one)| row(&format!("call{number}"), one.call())));
    lines.extend(calls.iter().map(|(number, one)| row(&format!("aws form{number}"), safe(&one.aws_form()))));
    lines.push(row("undo", change.undo()));
    lines
}

/// The calls in their order, with what stands behind their names.
pub fn numbered<'a>(first: Option<&'a Change>, change: &'a Change) -> Vec<(&'static str, &'a Change)> {
    first.map_or_else(|| vec![("", change)], |first| vec![(" 1", first), (" 2", change)])
}

fn row(name: &str, text: String) -> Line {
    vec![(Tone::Dim, format!("  {name:<24}")), (Tone::Plain, text)]
}

/// A log event, row by row: its time (UTC), what it says with what looks like a value masked, and whose it is where that
/// isn't plain.
pub fn event(shown: &Shown, raw: bool) -> Vec<Line> {
    let is_ours = matches!(shown.attribution, Attribution::ThisRotation | Attribution::ThisSecret);
    let mut lines = rows(&shown.entry, raw, if is_ours { Tone::Plain } else { Tone::Dim });
    let whose = whose(shown.attribution);
    if let (Some(line), false) = (lines.first_mut(), whose.is_empty()) {
        line.push((Tone::Warn, format!("  [{whose}]")));
    }
    lines
}

/// The same where it doesn't matter whose it is.
pub fn entry(entry: &Entry, raw: bool) -> Vec<Line> {
    rows(entry, raw, Tone::Plain)
}

fn rows(entry: &Entry, raw: bool, tone: Tone) -> Vec<Line> {
    let text = if raw { entry.event.message.clone() } else { entry.line.readable().masked() };
    let time = entry.event.at.format("%H:%M:%S%.3f ").to_string();
    let (own, grave) = looks(entry);
    let tone = if own == Tone::Plain { tone } else { own };
    let rows = text.rows().map(|row| row.to_string().trim_end().to_owned()).filter(|row| !row.is_empty());
    let mut lines: Vec<Line> = Vec::new();
    for row in rows {
        let is_first = lines.is_empty();
        let before = if is_first { time.clone() } else { TIME.to_owned() };
        let level = if is_first && !raw { grave.as_str() } else { "" };
        lines.push(vec![(Tone::Dim, before), (tone, format!("  {level}{row}"))]);
    }
    lines
}

/// How a line is to be read, and the word for its level that stands before it where it is grave.
pub fn looks(entry: &Entry) -> (Tone, String) {
    match entry.line.level.filter(|level| *level >= Level::Warn) {
        Some(level) => (if level >= Level::Error { Tone::Bad } else { Tone::Warn }, format!("{} ", level.word())),
        None if entry.said.is_none() => (Tone::Dim, String::new()),
        None => (Tone::Plain, String::new()),
    }
}

/// Whose a line is, where that isn't plain.
pub fn whose(attribution: Attribution) -> &'static str {
    match attribution {
        Attribution::ThisRotation | Attribution::ThisSecret => "",
        Attribution::OtherSecret => "another secret",
        Attribution::Unattributed { within: true } => "unattributed, within this rotation",
        Attribution::Unattributed { within: false } => "unattributed",
    }
}

/// How far a step is, with how long it took and what proves it.
pub fn step(step: &StepProgress) -> Line {
    let tone = match step.state {
        StepState::Waiting => Tone::Dim,
        StepState::Running => Tone::Warn,
        StepState::Done => Tone::Good,
        StepState::Failed | StepState::TimedOut => Tone::Bad,
    };
    let took = step.took.map(took_words).unwrap_or_default();
    let mut line = vec![
        (Tone::Dim, TIME.to_owned()),
        (tone, format!("{} {:<12} {}", step.state.symbol(), step.step.word(), step.state.word())),
    ];
    if !took.is_empty() {
        line.push((Tone::Plain, format!(" in {took}")));
    }
    // A line of the log has just been shown; other proof is nowhere else.
    if let Some(proof) = step.proof.as_ref().filter(|proof| !matches!(proof, Proof::Line(_))) {
        line.push((Tone::Dim, format!(" · {}", proof_words(proof))));
    }
    line
}

/// From where log events come, in words.
pub fn source(source: &Source) -> String {
    match source {
        Source::Opening => "Live Tail is being opened".to_owned(),
        Source::Live => "live".to_owned(),
        Source::Reconnecting { wait, because } => {
            format!("{}; reconnecting in {} s", broken(because), wait.as_secs())
        }
        Source::Polling { every, because } => format!("polling every {} s: {}", every.as_secs(), not_live(because)),
        Source::None(NoEvents::InfrequentAccess) => {
            "the log group is of the class INFREQUENT_ACCESS: neither Live Tail nor FilterLogEvents reads it, only CloudWatch Logs Insights"
                .to_owned()
        }
        Source::None(NoEvents::Fault(fault)) => format!("no log events: {} Try: {}", fault.sentence(), fault.next_step()),
    }
}

fn broken(broken: &Broken) -> String {
    match broken {
        Broken::SessionOver => "the Live Tail session ended after its three hours".to_owned(),
        Broken::Quiet(time) => format!("Live Tail has been quiet for {} s", time.as_secs()),
        Broken::Fault(fault) => format!("Live Tail broke off ({})", fault.sentence().trim_end_matches('.')),
        Broken::Ended => "Live Tail ended".to_owned(),
    }
}

fn not_live(why: &NotLive) -> String {
    match why {
        NotLive::Fault(fault) => format!("{} Try: {}", fault.sentence(), fault.next_step()),
        NotLive::Limit(fault) => {
            format!("there are as many Live Tail sessions as the account may have. {}", fault.sentence())
        }
        NotLive::NoGroup => "the log group isn't there yet; it comes with the function's first invocation".to_owned(),
    }
}

/// Where the labels sit.
pub fn labels(labels: &LabelMap) -> String {
    let mut sits: Vec<_> =
        labels.0.iter().flat_map(|(id, labels)| labels.iter().map(move |label| (label, id))).collect();
    sits.sort();
    sits.iter().map(|(label, id)| format!("{} {}", label.text(), id.short())).collect::<Vec<_>>().join(" · ")
}

/// A range of time of which something is said.
pub fn range(range: &Range) -> String {
    format!("{} to {}", time_of_day(range.from), time_of_day(range.until))
}

/// A range of which lines may be missing, and why.
pub fn unread(gap: &Range, because: &Fault) -> String {
    format!("lines may be missing, {}: {} Try: {}", range(gap), because.sentence(), because.next_step())
}

/// A remark of secdash's own between the lines.
pub fn remark(text: &str) -> Line {
    vec![(Tone::Dim, format!("{TIME}{text}"))]
}
