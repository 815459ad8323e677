//! A diagnosis as lines on the screen: read by `view` to draw it and by `update` to scroll it.

use super::keymap::{Action, Scope};
use super::known::{Fetch, FixRun};
use super::model::Model;
use super::sheet::{self, Line, Tone};
use crate::domain::change::{Fix, Tested};
use crate::domain::doctor::{Diagnosis, Origin};
use crate::domain::invocation::Entry;
use crate::domain::plan::{PlanEnd, Under, Undoing};
use crate::output::toned;
use crate::output::why::{self, Row};
use crate::text::{moment, wrap};

/// Everything that there is to say, as wide as this.
pub fn lines(model: &Model, width: usize) -> Vec<Line> {
    let Some(why) = &model.known.why else { return Vec::new() };
    let mut lines = Vec::new();
    if let Some(run) = model.known.fix.as_ref().filter(|run| run.id == why.id) {
        lines.extend(plan(model, run, width));
    } else if let Some(under) = &why.under {
        let text = begun(model, under, why.diagnosis.get());
        lines.extend(sheet::hanging((Tone::Warn, "! "), (Tone::Strong, &text), width));
        lines.push(Line::new());
    }
    if let Fetch::Failed(fault) = &why.diagnosis.state {
        lines.extend(sheet::fault(fault, &model.start.keymap, width));
    }
    match why.diagnosis.get() {
        Some(diagnosis) => {
            lines.extend(before(model, diagnosis, width));
            lines.extend(diagnosed(model, diagnosis, width));
        }
        None if why.diagnosis.state == Fetch::Loading => {
            lines.push(vec![(Tone::Dim, "Asking for the secret, its function, its log and CloudTrail…".to_owned())]);
        }
        None => {}
    }
    lines
}

/// That what follows was so before the fix that is carried out: AWS may begin nothing any more, and labels may have moved.
fn before(model: &Model, diagnosis: &Diagnosis, width: usize) -> Vec<Line> {
    let is_before = |run: &FixRun| run.id == diagnosis.secret.id && diagnosis.at < run.began;
    if !model.known.fix.as_ref().is_some_and(is_before) {
        return Vec::new();
    }
    let text = format!("What follows was so {}, before the fix:", moment(diagnosis.at));
    sheet::hanging((Tone::Warn, "! "), (Tone::Strong, &text), width)
}

/// The plan that somebody began, and what can be done about it.
fn begun(model: &Model, under: &Under, diagnosis: Option<&Diagnosis>) -> String {
    let Some(diagnosis) = diagnosis else { return "There is a plan of this secret that is not at its end.".to_owned() };
    let (secret, sentence) = (&diagnosis.secret, under.sentence(&diagnosis.secret));
    let half = match under {
        Under::Way(_) => return sentence,
        Under::Unread { .. } => return format!("{sentence} Try: {}.", under.ways(diagnosis)),
        Under::Half(half) => half,
    };
    let (key, undo) = keys(model);
    let (name, undoing) = (&secret.name, half.undoing(diagnosis));
    let back = match &undoing {
        Undoing::Label { .. } => format!(" {undo} {}.", undoing.words()),
        // Whoever may finish it has no need to hear that there is no way back.
        Undoing::Kept(_) | Undoing::Closed(_) => String::new(),
        _ => format!(" `secdash fix {name} --undo` {}.", undoing.words()),
    };
    let finish = match half.goes_on(secret) {
        Err(_) => "It can't be finished.".to_owned(),
        Ok(_) if half.is_moved(secret) || half.is_allowed(diagnosis) => format!("{key} finishes it."),
        Ok(_) => format!("{key} looks again, and stops where the verdict still doesn't allow it."),
    };
    let other = if half.gives_way(secret) { " Another way out takes its place." } else { "" };
    format!("{sentence} {finish}{other}{back}")
}

/// The keys that finish a plan, and take it back.
fn keys(model: &Model) -> (String, String) {
    let key = |action| model.start.keymap.key(Scope::Why, action).to_string();
    (key(Action::Finish), key(Action::Undo))
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
        lines.extend(sheet::hanging((Tone::Key, "    try: "), (Tone::Plain, &after(model, run, end)), width));
    }
    lines.push(Line::new());
    lines
}

/// What can be done about a plan that stopped.
fn after(model: &Model, run: &FixRun, end: &PlanEnd) -> String {
    let (key, undo) = keys(model);
    if !end.is_left() {
        return "read below what is the case now".to_owned();
    }
    let other = if end.is_moved() { "" } else { "; another way out takes its place" };
    match end.undoing(&run.plan) {
        Some(undoing @ Undoing::Label { .. }) => format!("{key} goes on; {undo} {}", undoing.words()),
        _ => format!("{key} goes on{other}"),
    }
}
