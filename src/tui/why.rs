//! A diagnosis as lines on the screen: read by `view` to draw it and by `update` to scroll it.

use super::keymap::{Action, Scope};
use super::known::{Fetch, FixRun};
use super::model::Model;
use super::sheet::{self, Line, Tone};
use crate::domain::change::{Fix, Tested};
use crate::domain::doctor::{Diagnosis, Origin};
use crate::domain::invocation::Entry;
use crate::domain::plan::PlanEnd;
use crate::domain::plan::PlanStep;
use crate::output::toned;
use crate::output::why::{self, Row};
use crate::text::{moment, wrap};

/// Everything that there is to say, as wide as this.
pub fn lines(model: &Model, width: usize) -> Vec<Line> {
    let Some(why) = &model.known.why else { return Vec::new() };
    let mut lines = Vec::new();
    if let Some(run) = model.known.fix.as_ref().filter(|run| run.id == why.id) {
        lines.extend(plan(model, run, width));
    } else if let Some(half) = &why.half {
        let key = model.start.keymap.key(Scope::Why, Action::Finish);
        let undo = model.start.keymap.key(Scope::Why, Action::Undo);
        let text = match why.diagnosis.get() {
            Some(diagnosis) => {
                let secret = &diagnosis.secret;
                half.sentence(secret)
            }
            None => "A plan is half done.".to_owned(),
        };
        let next = why.diagnosis.get().map(|diagnosis| half.goes_on(&diagnosis.secret));
        let ways = match next {
            Some(Err(_)) => "It can't be finished.".to_owned(),
            Some(Ok(PlanStep::TurnOn | PlanStep::Verify)) => format!("{key} finishes it, {undo} takes it back."),
            Some(Ok(_)) => format!("{key} finishes it; another way out takes its place."),
            None => format!("{key} finishes it."),
        };
        let text = format!("{text} {ways}");
        lines.extend(sheet::hanging((Tone::Warn, "! "), (Tone::Strong, &text), width));
        lines.push(Line::new());
    }
    if let Fetch::Failed(fault) = &why.diagnosis.state {
        lines.extend(sheet::fault(fault, &model.start.keymap, width));
    }
    match why.diagnosis.get() {
        Some(diagnosis) => lines.extend(diagnosed(model, diagnosis, width)),
        None if why.diagnosis.state == Fetch::Loading => {
            lines.push(vec![(Tone::Dim, "Asking for the secret, its function, its log and CloudTrail…".to_owned())]);
        }
        None => {}
    }
    lines
}

fn diagnosed(model: &Model, diagnosis: &Diagnosis, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut number = 0;
    let ways = |fix: Fix, tested: Option<Tested>| {
        let action = match fix {
            Fix::Drop => Action::DropPending,
            Fix::Promote => Action::Promote,
            Fix::RollBack => Action::RollBack,
            Fix::PutBack => Action::Undo,
        };
        let key = model.start.keymap.key(Scope::Why, action);
        if tested.is_none_or(|tested| model.why.tested == Some(tested)) {
            return format!("press {key}");
        }
        let say = model.start.keymap.key(Scope::Why, Action::Say);
        format!("press {say} until it says what you tested, then {key}")
    };
    let said = model.why.tested.map(|tested| {
        let key = model.start.keymap.key(Scope::Why, Action::Say);
        format!("{} {key} changes it.", tested.statement())
    });
    let clues = diagnosis.clues();
    for row in why::rows(diagnosis, &ways, said) {
        let Row { mut line, indent, clue } = row;
        let entry = clue.and_then(|at| match &clues.get(at)?.origin {
            Origin::Line(entry) => Some(entry.clone()),
            _ => None,
        });
        if entry.is_some() {
            number += 1;
            line.push((Tone::Key, format!(" [{number}]")));
        }
        lines.extend(toned::within(&line, width, indent));
        if let Some(entry) = entry.filter(|_| model.why.unfolded.contains(&(number - 1))) {
            lines.extend(unfolded(&entry, width));
        }
    }
    lines
}

/// How many lines of the log there are to unfold.
pub fn foldable(model: &Model) -> usize {
    let diagnosis = model.known.why.as_ref().and_then(|why| why.diagnosis.get());
    let clues = diagnosis.map(Diagnosis::clues).unwrap_or_default();
    clues.iter().filter(|clue| matches!(clue.origin, Origin::Line(_))).count()
}

/// A line of the log as it was written, with where it stands.
fn unfolded(entry: &Entry, width: usize) -> Vec<Line> {
    let lead = "      │ ";
    let room = width.saturating_sub(lead.chars().count()).max(8);
    let place = format!("{} · log stream {}", moment(entry.event.at), entry.event.stream);
    let id = entry.line.request_id.as_ref().map_or_else(String::new, |id| format!(" · request {id}"));
    let message = entry.event.message.masked();
    let rows = message.rows().map(|row| row.to_string()).collect::<Vec<_>>();
    let head = wrap(&format!("{place}{id}"), room).into_iter().map(|text| (Tone::Dim, text));
    let text = rows.into_iter().flat_map(|row| wrap(row.trim_end(), room)).map(|text| (Tone::Plain, text));
    head.chain(text).map(|(tone, text)| vec![(Tone::Dim, lead.to_owned()), (tone, text)]).collect()
}

/// The plan that is carried out, or was.
fn plan(model: &Model, run: &FixRun, width: usize) -> Vec<Line> {
    let title = if run.end().is_some() { "The fix" } else { "The fix that is under way" };
    let mut lines = vec![vec![(Tone::Strong, title.to_owned())]];
    let steps = why::steps(&run.plan, &run.told, model.start.ascii);
    lines.extend(steps.iter().flat_map(|line| toned::within(line, width, 4)));
    if let Some(end) = run.end().filter(|end| matches!(end, PlanEnd::Healed { .. })) {
        let tone = if end.is_healed() { Tone::Good } else { Tone::Warn };
        let text = format!("{}{}", end.sentence(), run.plan.then());
        lines.extend(sheet::hanging((tone, "  "), (Tone::Strong, &text), width));
    }
    if let Some(end) = run.end().filter(|end| matches!(end, PlanEnd::Stopped { .. })) {
        lines.extend(sheet::hanging((Tone::Bad, "  ✖ "), (Tone::Strong, &end.sentence()), width));
        let key = model.start.keymap.key(Scope::Why, Action::Finish);
        let undo = model.start.keymap.key(Scope::Why, Action::Undo);
        let text = format!("{key} goes on where something is half done, {undo} takes it back");
        lines.extend(sheet::hanging((Tone::Key, "    try: "), (Tone::Plain, &text), width));
    }
    lines.push(Line::new());
    lines
}
