//! A diagnosis as lines for people, the same in `secdash why` and on the screen.

mod json;
mod plan;

pub use json::Why;
pub use plan::{PlanEvent, steps, told};

use std::sync::Arc;

use crate::domain::change::{Change, Fix, Tested};
use crate::domain::doctor::{BEGUN, Clue, Diagnosis, Gap, Origin, Standing};
use crate::domain::pending::Signs;
use crate::domain::preflight::{Check, Grade};
use crate::domain::progress::{Proof, proof_words};
use crate::domain::rotation::is_overdue;
use crate::domain::undo::LeftOpen;
use crate::domain::version::Pending;
use crate::domain::words;
use crate::output::rotation::numbered;
use crate::output::toned::{Line, Tone};
use crate::text::{moment, span};

/// The columns before a clue's sentence.
const TIME: usize = 23;

/// A line, how far to the right what is broken of it goes on, and the clue that it tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The line.
    pub line: Line,
    /// The columns before its second row.
    pub indent: usize,
    /// The number of the clue, from 0, where it is the first line of one.
    pub clue: Option<usize>,
}

impl Row {
    fn of(line: Line, indent: usize) -> Self {
        Self { line, indent, clue: None }
    }

    fn head(text: &str) -> Self {
        Self::of(vec![(Tone::Strong, text.to_owned())], 0)
    }

    fn empty() -> Self {
        Self::of(Line::new(), 0)
    }
}

/// Everything that is known, the verdict first.
///
/// `ways` tells how a fix is asked for, `said` what the person has said already.
pub fn rows(diagnosis: &Diagnosis, ways: &dyn Fn(Fix, Option<Tested>) -> String, said: Option<String>) -> Vec<Row> {
    let mut rows = verdict(diagnosis);
    let clues = diagnosis.clues();
    if !clues.is_empty() {
        rows.extend([Row::empty(), Row::head("What was seen")]);
        rows.extend(clues.iter().enumerate().flat_map(|(at, clue)| self::clue(at, clue)));
    }
    // What keeps rotation from running stands in the first line.
    let leads = |check: &Check| matches!(diagnosis.standing(), Some(Standing::Blocked(first)) if first == check);
    let told = diagnosis.function.iter().filter(|check| check.grade != Grade::Unknown && !leads(check));
    let told: Vec<_> = told.collect();
    if !told.is_empty() {
        rows.extend([Row::empty(), Row::head("What else there is to say of its function")]);
        rows.extend(told.into_iter().flat_map(check));
    }
    rows.extend(not_checked(diagnosis));
    rows.extend(ways_out(diagnosis, ways, said));
    rows
}

/// The verdict, what to do, and how sure it is.
pub fn verdict(diagnosis: &Diagnosis) -> Vec<Row> {
    let (tone, symbol) = match diagnosis.standing() {
        None | Some(Standing::Blocked(_)) => (Tone::Bad, "✖ "),
        // What hasn't answered yet may stand against it.
        Some(Standing::Well) if !diagnosis.awaited.is_empty() => (Tone::Dim, "… "),
        // An attempt that failed may have left a password behind, and nobody could ask.
        Some(Standing::Well) if diagnosis.gaps.iter().any(|gap| gap.what == BEGUN) => (Tone::Warn, "? "),
        Some(Standing::Well) => (Tone::Good, "✔ "),
        Some(_) => (Tone::Warn, "! "),
    };
    let mut rows = vec![first(diagnosis, (tone, symbol.to_owned()))];
    let mut add = |name: &str, text: Option<String>| {
        rows.extend(text.map(|text| Row::of(vec![(Tone::Key, format!("  {name:<8}")), (Tone::Plain, text)], 10)));
    };
    add("cause:", perhaps(diagnosis).filter(|_| !diagnosis.says_cause()));
    add("mend:", diagnosis.remedy());
    add("sure:", diagnosis.surety().map(str::to_owned));
    add("now:", diagnosis.quiet());
    rows
}

/// What is the case and what to do: enough for whoever reads nothing else.
fn first(diagnosis: &Diagnosis, symbol: (Tone, String)) -> Row {
    let mut line = vec![symbol, (Tone::Strong, diagnosis.headline())];
    if let Some(advice) = diagnosis.advice() {
        line.extend([(Tone::Key, " To do: ".to_owned()), (Tone::Strong, format!("{advice}."))]);
    }
    Row::of(line, 2)
}

/// What about the function may be why, where no line of the log says it.
fn perhaps(diagnosis: &Diagnosis) -> Option<String> {
    diagnosis.perhaps().map(|check| format!("perhaps this: {}", check.sentence))
}

fn clue(at: usize, clue: &Clue) -> Vec<Row> {
    let time = clue.at.map_or_else(String::new, moment);
    let line = vec![
        (Tone::Dim, format!("  {time:<width$}", width = TIME - 2)),
        (Tone::Plain, format!("{} ", clue.sentence)),
        (Tone::Dim, format!("· {}", clue.origin.word())),
    ];
    let mut rows = vec![Row { line, indent: TIME, clue: Some(at) }];
    if let Origin::Line(entry) = &clue.origin {
        let text = proof_words(&Proof::Line(Arc::clone(entry)));
        rows.push(Row::of(vec![(Tone::Plain, " ".repeat(TIME)), (Tone::Dim, text)], TIME + 2));
    }
    rows
}

fn check(check: &Check) -> Vec<Row> {
    let (tone, symbol) = match check.grade {
        Grade::Stops => (Tone::Bad, "✖"),
        Grade::Unknown => (Tone::Warn, "?"),
        _ => (Tone::Warn, "!"),
    };
    let first = Row::of(vec![(tone, format!("  {symbol} ")), (Tone::Plain, check.sentence.clone())], 4);
    let then = check.next_step.as_ref().map(|step| try_this(step));
    std::iter::once(first).chain(then).collect()
}

fn try_this(step: &str) -> Row {
    Row::of(vec![(Tone::Dim, format!("    try: {step}"))], 9)
}

/// What could not be seen, each with the IAM action that is missing where that is why.
fn not_checked(diagnosis: &Diagnosis) -> Vec<Row> {
    let mut rows = Vec::new();
    let unknown = diagnosis.function.iter().filter(|check| check.grade == Grade::Unknown);
    rows.extend(diagnosis.gaps.iter().flat_map(gap));
    // The heading says already that it wasn't checked.
    let bare = |one: &Check| {
        let sentence = one.sentence.strip_prefix("Not checked: ").unwrap_or(&one.sentence).to_owned();
        Check { sentence, ..one.clone() }
    };
    rows.extend(unknown.flat_map(|one| check(&bare(one))));
    rows.extend(diagnosis.awaited.iter().map(|what| {
        Row::of(vec![(Tone::Dim, "  … ".to_owned()), (Tone::Dim, format!("{what}: not answered yet"))], 4)
    }));
    if rows.is_empty() {
        return rows;
    }
    [Row::empty(), Row::head("Not checked")].into_iter().chain(rows).collect()
}

fn gap(gap: &Gap) -> Vec<Row> {
    let missing = gap.missing.map_or_else(String::new, |action| format!(" Missing: {action}."));
    let text = format!("{}. {}{missing}", gap.what, gap.why);
    let first = Row::of(vec![(Tone::Warn, "  ? ".to_owned()), (Tone::Plain, text)], 4);
    std::iter::once(first).chain(gap.next_step.as_ref().map(|step| try_this(step))).collect()
}

/// The ways out that the verdict allows, each with the labels before and after.
fn ways_out(diagnosis: &Diagnosis, ways: &dyn Fn(Fix, Option<Tested>) -> String, said: Option<String>) -> Vec<Row> {
    let Some((_, case)) = &diagnosis.stuck else { return done(diagnosis, ways, said) };
    let mut rows = vec![Row::empty(), Row::head("Ways out")];
    if let Some(why) = diagnosis.immovable() {
        rows.push(Row::of(vec![(Tone::Plain, format!("  none that moves a label here: {why}"))], 4));
        return rows;
    }
    let offers = case.offers();
    rows.extend(said.map(|said| Row::of(vec![(Tone::Warn, format!("  {said}"))], 4)));
    for offer in &offers {
        let Some(change) = diagnosis.change(offer.fix, offer.tested) else { continue };
        rows.push(Row::of(vec![(Tone::Key, "  • ".to_owned()), (Tone::Strong, offer.words())], 4));
        rows.extend(way(diagnosis, &change, ways(offer.fix, offer.tested)));
    }
    if offers.is_empty() {
        let text = "none that moves a label: the verdict allows no fix";
        rows.push(Row::of(vec![(Tone::Plain, format!("  {text}"))], 4));
    }
    rows.extend(refused(diagnosis, &offers.iter().map(|offer| offer.fix).collect::<Vec<_>>()));
    rows
}

/// What can be done where no rotation is pending.
fn done(diagnosis: &Diagnosis, ways: &dyn Fn(Fix, Option<Tested>) -> String, said: Option<String>) -> Vec<Row> {
    let secret = &diagnosis.secret;
    let mut rows = Vec::new();
    // Of what else is the case the first line tells.
    if matches!(diagnosis.standing(), Some(Standing::Well | Standing::Open(_))) {
        let words = overdue(diagnosis).unwrap_or_else(|| words::verdict(secret, &Signs::UNKNOWN, diagnosis.at));
        rows.extend([Row::empty(), Row::of(vec![(Tone::Plain, words)], 0)]);
    }
    let Some(change) = back(diagnosis) else { return rows };
    rows.extend([Row::empty(), Row::head("If AWSCURRENT's password doesn't work")]);
    rows.extend(said.map(|said| Row::of(vec![(Tone::Warn, format!("  {said}"))], 4)));
    let text = "roll AWSCURRENT back, if you logged in with the password of AWSPREVIOUS: only labels move";
    rows.push(Row::of(vec![(Tone::Key, "  • ".to_owned()), (Tone::Strong, text.to_owned())], 4));
    rows.extend(way(diagnosis, &change, ways(Fix::RollBack, Some(Tested::Previous))));
    rows
}

/// What can be moved back on a person's word where no rotation is pending; after a rotation that was given up there is no
/// new password, and behind a label that was taken off it is the lost version's that works, not an older one's.
fn back(diagnosis: &Diagnosis) -> Option<Change> {
    let is_given_up = matches!(diagnosis.left_open, Some(LeftOpen::GivenUp { .. }));
    let is_lost = matches!(diagnosis.standing(), Some(Standing::Lost(_)));
    let is_open = diagnosis.stuck.is_none() && !is_given_up && !is_lost && diagnosis.immovable().is_none();
    diagnosis.change(Fix::RollBack, Some(Tested::Previous)).filter(|_| is_open)
}

/// That AWS's date has passed although the rotation is done: no label that somebody moves changes it.
fn overdue(diagnosis: &Diagnosis) -> Option<String> {
    let (secret, now) = (&diagnosis.secret, diagnosis.at);
    let next = secret.next_rotation.filter(|_| is_overdue(secret, now) && secret.labels.pending() == Pending::Same)?;
    let late = span(now - next);
    Some(format!(
        "AWS's date for the next rotation, {}, is still the one that passed {late} ago: AWS may begin one at any time.",
        moment(next)
    ))
}

fn way(diagnosis: &Diagnosis, change: &Change, how: String) -> Vec<Row> {
    let row = |name: &str, text: String| Row::of(vec![(Tone::Dim, format!("    {name:<13}")), (Tone::Plain, text)], 17);
    let mut rows = vec![row("how", how)];
    let first = diagnosis.first(change);
    let differences = change.differences_behind(first.as_ref()).into_iter();
    rows.extend(differences.map(|one| row(one.what, format!("{} → {}", one.before, one.after))));
    rows.extend(diagnosis.rotation(change).map(|text| row("rotation", text.to_owned())));
    let calls = numbered(first.as_ref(), change).into_iter();
    rows.extend(calls.map(|(number, one)| row(&format!("call{number}"), one.call())));
    rows.push(row("undo", change.undo()));
    rows.extend(change.if_wrong().map(|text| row("if wrong", text)));
    rows
}

/// What is not offered, and why not: it is what a person may think of first.
fn refused(diagnosis: &Diagnosis, offered: &[Fix]) -> Vec<Row> {
    if offered.contains(&Fix::Drop) {
        return Vec::new();
    }
    let why = diagnosis.allows(Fix::Drop, None).err().unwrap_or_default();
    if !why.starts_with("AWSPENDING can't") {
        return Vec::new();
    }
    let text = "not offered: dropping AWSPENDING. setSecret may have set that version's password, and no label would lead to it.";
    vec![Row::of(vec![(Tone::Warn, "  ! ".to_owned()), (Tone::Plain, text.to_owned())], 4)]
}
