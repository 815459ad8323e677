//! A diagnosis as lines for people, the same in `secdash why` and on the screen.

mod json;
mod plan;

pub use json::Why;
pub use plan::{PlanEvent, told};

use crate::domain::change::{Change, Fix};
use crate::domain::doctor::{Clue, Diagnosis, Gap, Origin};
use crate::domain::preflight::{Check, Grade};
use crate::output::toned::{Line, Tone};
use crate::text::moment;

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
pub fn rows(diagnosis: &Diagnosis) -> Vec<Row> {
    let mut rows = verdict(diagnosis);
    let clues = diagnosis.clues();
    if !clues.is_empty() {
        rows.extend([Row::empty(), Row::head("What was seen")]);
        rows.extend(clues.iter().enumerate().flat_map(|(at, clue)| self::clue(at, clue)));
    }
    let told: Vec<_> = diagnosis.function.iter().filter(|check| check.grade != Grade::Unknown).collect();
    if !told.is_empty() {
        rows.extend([Row::empty(), Row::head("What else there is to say of its function")]);
        rows.extend(told.into_iter().flat_map(check));
    }
    rows.extend(not_checked(diagnosis));
    rows.extend(ways(diagnosis));
    rows
}

/// The verdict, what to do, and how sure it is.
pub fn verdict(diagnosis: &Diagnosis) -> Vec<Row> {
    let (tone, symbol) = if diagnosis.stuck.is_some() { (Tone::Bad, "✖ ") } else { (Tone::Good, "✔ ") };
    let mut rows = vec![Row::of(vec![(tone, symbol.to_owned()), (Tone::Strong, diagnosis.headline())], 2)];
    let mut add = |name: &str, text: Option<String>| {
        rows.extend(text.map(|text| Row::of(vec![(Tone::Key, format!("  {name:<6}")), (Tone::Plain, text)], 8)));
    };
    add("try:", diagnosis.advice());
    add("sure:", diagnosis.surety().map(str::to_owned));
    add("now:", diagnosis.quiet());
    rows
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
        let text = entry.line.readable().masked();
        let text = text.rows().next().map(|row| row.to_string()).unwrap_or_default();
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
    rows.extend(unknown.flat_map(check));
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
fn ways(diagnosis: &Diagnosis) -> Vec<Row> {
    let Some((_, case)) = &diagnosis.stuck else { return Vec::new() };
    let offers = case.offers();
    let mut rows = vec![Row::empty(), Row::head("Ways out")];
    let name = &diagnosis.secret.name;
    for offer in &offers {
        let Some(change) = diagnosis.change(offer.fix, offer.tested) else { continue };
        let tested = offer.tested.map_or_else(String::new, |tested| format!(" --tested {}", tested.word()));
        let command = format!("secdash fix {name} --{}{tested}", offer.fix.word());
        rows.push(Row::of(vec![(Tone::Key, "  • ".to_owned()), (Tone::Strong, offer.words())], 4));
        rows.extend(way(diagnosis, &change, &command));
    }
    if offers.is_empty() {
        let text = "none that moves a label: the verdict allows no fix";
        rows.push(Row::of(vec![(Tone::Plain, format!("  {text}"))], 4));
    }
    rows.extend(refused(diagnosis, &offers.iter().map(|offer| offer.fix).collect::<Vec<_>>()));
    rows
}

fn way(diagnosis: &Diagnosis, change: &Change, command: &str) -> Vec<Row> {
    let row = |name: &str, text: String| Row::of(vec![(Tone::Dim, format!("    {name:<13}")), (Tone::Plain, text)], 17);
    let mut rows = vec![row("command", command.to_owned())];
    rows.extend(change.differences().into_iter().map(|one| row(one.what, format!("{} → {}", one.before, one.after))));
    rows.push(row("call", change.call()));
    rows.push(row("undo", diagnosis.undo(change)));
    rows.extend(diagnosis.if_wrong(change).map(|text| row("if wrong", text)));
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
    let text = "not offered: dropping AWSPENDING. No version but that one may have the password that is in use.";
    vec![Row::of(vec![(Tone::Warn, "  ! ".to_owned()), (Tone::Plain, text.to_owned())], 4)]
}
