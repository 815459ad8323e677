//! What there is to read before a change is confirmed: read by `view` to draw it and by `update` to know what was read.

use super::board;
use super::keymap::{Action, Scope};
use super::known::Stage as Progress;
use super::model::Model;
use super::screen::confirm::{Confirm, Stage};
use super::sheet::{self, Line, Tone};
use crate::domain::change::Change;
use crate::domain::plan::{Plan, PlanStep};
use crate::domain::preflight::{Check, Grade, Preflight, Purpose};
use crate::domain::version::LabelMap;
use crate::output::rotation::numbered;
use crate::text::{count, safe};

/// The columns of a row's name.
const NAME: usize = 13;

/// What there is to read, and how many lines of it must have stood on the screen before a key counts.
#[derive(Debug, Clone, Default)]
pub struct Proposal {
    /// The lines.
    pub lines: Vec<Line>,
    /// Where the pre-flight ends.
    pub must: usize,
}

/// What there is to read of a change.
pub fn proposal(model: &Model, confirm: &Confirm, width: usize) -> Proposal {
    if let Some(lines) = answered(model, confirm, width) {
        return Proposal { must: lines.len(), lines };
    }
    let mut lines = head(model, confirm, width);
    let Some(checked) = &confirm.checked else {
        lines.push(vec![(Tone::Strong, checking(confirm.purpose).to_owned())]);
        return Proposal { must: usize::MAX, lines };
    };
    let ascii = model.start.ascii;
    // What can't be done makes no difference.
    if !confirm.is_stopped() {
        lines.extend(differences(checked.first().as_ref(), &checked.change, width, ascii));
    }
    lines.extend(checks(&checked.preflight, width, ascii));
    if checked.preflight.lacks_word() {
        let say = model.start.keymap.key(Scope::Why, Action::Say);
        let text = format!("leave this, and press {say} until it says what you tested");
        lines.extend(sheet::hanging((Tone::Key, "  try: "), (Tone::Plain, &text), width));
    }
    if let Some(plan) = checked.plan.as_ref().filter(|_| !confirm.is_stopped()) {
        lines.extend(steps(plan, checked.half.as_ref().map(|half| half.goes_on(&checked.secret)), width));
    }
    // What the evidence speaks against must not stand there to be copied.
    if confirm.is_stopped() && confirm.purpose.is_way_out() {
        let must = lines.len();
        return Proposal { lines, must };
    }
    let first = checked.first();
    let calls = numbered(first.as_ref(), &checked.change);
    let row_of = |name: &str, number: &str, text: &str| row(&format!("{name}{number}"), Tone::Plain, text, width);
    lines.extend(calls.iter().flat_map(|(number, one)| row_of("call", number, &one.call())));
    lines.extend(row("undo", Tone::Plain, &checked.change.undo(), width));
    let must = lines.len();
    lines.extend(calls.iter().flat_map(|(number, one)| row_of("aws form", number, &safe(&one.aws_form()))));
    Proposal { lines, must }
}

/// What came of the call, where it is said in the dialog: turning rotation off begins nothing that could be watched.
fn answered(model: &Model, confirm: &Confirm, width: usize) -> Option<Vec<Line>> {
    let rotation = model.known.rotations.get(confirm.called()?)?;
    let mut lines = head(model, confirm, width);
    lines.push(Line::new());
    match &rotation.stage {
        Progress::Answered(changed) => {
            lines.extend(board::answer(
                changed,
                &rotation.name.to_string(),
                &board::done(rotation),
                model.board_wish((width, 0)),
            ));
        }
        _ => lines.push(vec![(Tone::Plain, "Asking AWS…".to_owned())]),
    }
    let unrecorded = rotation.unrecorded.iter().map(|why| format!("This action stands in no record: {}", safe(why)));
    lines.extend(unrecorded.flat_map(|text| sheet::hanging((Tone::Warn, " ! "), (Tone::Plain, &text), width)));
    Some(lines)
}

/// What is to be done, and where.
fn head(model: &Model, confirm: &Confirm, width: usize) -> Vec<Line> {
    let sentence = confirm.checked.as_ref().map_or_else(|| asked(confirm), |checked| checked.change.sentence());
    let mut lines = sheet::hanging((Tone::Plain, ""), (Tone::Strong, &sentence), width);
    let context = &confirm.id().context;
    let account =
        model.known.identity.get().map_or_else(|| "account unknown".to_owned(), |who| who.account.to_string());
    let place = [
        context.is_demo().then(|| "DEMO".to_owned()),
        context.profile.as_deref().map(safe),
        Some(account),
        Some(safe(&context.region)),
        context.endpoint.as_deref().map(safe),
    ];
    let place: Vec<_> = place.into_iter().flatten().collect();
    lines.extend(row("in", Tone::Strong, &place.join(" · "), width));
    lines
}

/// What is waited for, where it may take a while.
fn checking(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Delete(_) => "Pre-flight: checking… Who reads it is looked up for 10 s at most.",
        _ => "Pre-flight: checking…",
    }
}

/// What is asked for, before the secret was described.
fn asked(confirm: &Confirm) -> String {
    let name = confirm.name();
    match confirm.purpose {
        Purpose::Rotate => format!("Rotate {name} now."),
        Purpose::TestOnly => format!("Test the rotation of {name}: testSecret only."),
        Purpose::TurnOff => format!("Turn the rotation of {name} off."),
        Purpose::TurnOn => format!("Turn the rotation of {name} on."),
        Purpose::Delete(window) => format!("Delete {name}, with a recovery window of {}.", window.words()),
        Purpose::Restore => format!("Restore {name}."),
        Purpose::Fix(fix, _) => format!("{name}: {}.", fix.word().replace('-', " ")),
        Purpose::Finish => format!("Finish the plan for {name} that is half done."),
        Purpose::Undo => format!("Undo the last fix of {name}."),
    }
}

fn row(name: &str, tone: Tone, text: &str, width: usize) -> Vec<Line> {
    // A name that is too long for its column has its text behind it all the same.
    let gap = if name.len() < NAME { "" } else { "  " };
    sheet::hanging((Tone::Dim, &format!("{name:<NAME$}{gap}")), (tone, text), width)
}

fn differences(first: Option<&Change>, change: &Change, width: usize, ascii: bool) -> Vec<Line> {
    let arrow = if ascii { "->" } else { "→" };
    let rows = change.differences_behind(first).into_iter();
    rows.flat_map(|one| row(one.what, Tone::Plain, &format!("{} {arrow} {}", one.before, one.after), width)).collect()
}

/// The steps of a plan, from where it goes on.
fn steps(plan: &Plan, from: Option<Result<PlanStep, LabelMap>>, width: usize) -> Vec<Line> {
    let from = from.and_then(Result::ok);
    let left = plan.steps().into_iter().skip_while(move |step| from.is_some_and(|from| from != *step));
    let numbered = (1..).zip(left);
    numbered.flat_map(|(number, step)| row(&format!("step {number}"), Tone::Plain, &plan.words(step), width)).collect()
}

/// The pre-flight: what is against it, and how much is fine.
fn checks(preflight: &Preflight, width: usize, ascii: bool) -> Vec<Line> {
    let tone = match () {
        () if preflight.lacks_word() => Tone::Warn,
        () if preflight.stops() => Tone::Bad,
        () => Tone::Strong,
    };
    // What stops it is said below, with what to do about it.
    let verdict = match () {
        () if preflight.lacks_word() => "it needs your word first".to_owned(),
        () if preflight.stops() => "it can't be done".to_owned(),
        () => preflight.verdict(),
    };
    let fine = preflight.of_grade(Grade::Fine).count();
    let mark = if ascii { "+ " } else { "✔ " };
    let mut head = vec![(tone, format!("Pre-flight: {verdict}"))];
    if fine > 0 {
        head.push((Tone::Good, format!("  {mark}")));
        head.push((Tone::Plain, format!("{} fine", count(fine, "check"))));
    }
    let mut lines = vec![head];
    let told = preflight.checks.iter().filter(|check| check.grade != Grade::Fine);
    lines.extend(told.flat_map(|check| self::check(check, width, ascii)));
    lines
}

fn check(check: &Check, width: usize, ascii: bool) -> Vec<Line> {
    let lead = match check.grade {
        Grade::Stops => (Tone::Bad, if ascii { "X " } else { "✖ " }),
        Grade::Warning => (Tone::Warn, "! "),
        Grade::Unknown => (Tone::Warn, "? "),
        Grade::Notice => (Tone::Dim, if ascii { ". " } else { "· " }),
        Grade::Fine => (Tone::Good, if ascii { "+ " } else { "✔ " }),
    };
    let mut lines = sheet::hanging(lead, (Tone::Plain, &check.sentence), width);
    lines.extend(
        check.next_step.iter().flat_map(|step| sheet::hanging((Tone::Key, "  try: "), (Tone::Plain, step), width)),
    );
    lines
}

/// The last line of the dialog: what a key does now.
pub fn foot(model: &Model, confirm: &Confirm, proposal: &Proposal, page: usize) -> Line {
    let scope = model.scope();
    let key = |action: Action, does: &str| {
        let key = model.start.keymap.key(scope, action);
        vec![(Tone::Key, format!("{key} ")), (Tone::Plain, format!("{does}  "))]
    };
    let leave = || key(Action::Back, "leaves it");
    let other = || {
        let other = other_words(confirm.next_purpose()).filter(|_| confirm.has_choice());
        let other = other.map_or_else(Line::new, |words| key(Action::NextChoice, &words));
        [other, key(Action::CopyForm, "aws form")].concat()
    };
    if let Some(remark) = &confirm.remark {
        return vec![(Tone::Warn, remark.clone())];
    }
    if confirm.called().is_some() {
        return key(Action::Back, "closes this");
    }
    if confirm.stage == Stage::Given {
        return vec![(Tone::Dim, "…".to_owned())];
    }
    if confirm.checked.is_none() {
        return [vec![(Tone::Dim, "checking, nothing can be confirmed yet  ".to_owned())], leave()].concat();
    }
    if model.start.read_only {
        let words = "read-only: nothing can be changed from here  ".to_owned();
        return [vec![(Tone::Bad, words)], leave(), other()].concat();
    }
    if confirm.is_stopped() && confirm.purpose.is_way_out() {
        return leave();
    }
    if confirm.is_stopped() {
        return [leave(), other()].concat();
    }
    if confirm.stage == Stage::Unread
        && (confirm.seen < proposal.must
            && !(confirm.scroll.top <= confirm.seen && confirm.scroll.top + page >= proposal.must))
    {
        return [key(Action::Down, "reads on, it counts once all was read"), leave()].concat();
    }
    let is_ready = confirm.stage == Stage::Ready;
    if confirm.is_typed() {
        let name = confirm.checked.as_ref().map_or_else(String::new, |checked| safe(checked.change.last_part()));
        let tone = if is_ready { Tone::Key } else { Tone::Dim };
        let enter = model.start.keymap.key(scope, Action::Open);
        let line = vec![
            (tone, format!("type {name}, then {enter}: ")),
            (Tone::Plain, safe(confirm.typed.value())),
            (if is_ready { Tone::Cursor } else { Tone::Dim }, " ".to_owned()),
            (Tone::Plain, "  ".to_owned()),
        ];
        return [line, leave(), other()].concat();
    }
    let mut line = key(Action::Confirm, does(confirm.purpose));
    if !is_ready {
        for (tone, _) in &mut line {
            *tone = Tone::Dim;
        }
    }
    [line, leave(), other()].concat()
}

fn does(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Rotate => "rotates it now",
        Purpose::TestOnly => "tests it now",
        Purpose::TurnOff => "turns it off",
        Purpose::TurnOn => "turns it on",
        Purpose::Restore => "restores it",
        Purpose::Delete(_) | Purpose::Fix(..) | Purpose::Finish | Purpose::Undo => "does it",
    }
}

fn other_words(purpose: Purpose) -> Option<String> {
    let words = match purpose {
        Purpose::Rotate => "rotate",
        Purpose::TestOnly => "test only",
        Purpose::TurnOff => "turn off",
        Purpose::TurnOn => "turn on",
        Purpose::Delete(window) => return Some(window.words()),
        Purpose::Restore | Purpose::Fix(..) | Purpose::Finish | Purpose::Undo => return None,
    };
    Some(words.to_owned())
}
