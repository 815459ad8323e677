//! Who notices what, as lines for people, the same in `secdash alerts` and on a screen.

mod json;

pub use json::Alerts;

use crate::domain::coverage::{Alert, Coverage, METHOD, Recorded, Standing, Step};
use crate::domain::fault::Fault;
use crate::output::toned::{Line, Tone};
use crate::text::safe;

/// A line, and how it may be broken.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The line.
    pub line: Line,
    /// The columns before its second row; `None`: it is to be copied, and is never broken.
    pub indent: Option<usize>,
}

impl Row {
    fn of(line: Line, indent: usize) -> Self {
        Self { line, indent: Some(indent) }
    }

    fn head(text: &str) -> Self {
        Self::of(vec![(Tone::Strong, text.to_owned())], 0)
    }

    fn empty() -> Self {
        Self::of(Line::new(), 0)
    }

    fn marked(tone: Tone, mark: &str, text: String) -> Self {
        Self::of(vec![(tone, format!("  {mark} ")), (Tone::Plain, text)], 4)
    }
}

/// Everything that is known, the verdicts first; then what would help, with this target.
pub fn rows(coverage: &Coverage, target: Option<&str>) -> Vec<Row> {
    let mut rows: Vec<Row> = coverage.main().map(|alert| verdict(coverage, alert)).collect();
    rows.extend(trails(coverage));
    rows.extend(rules(coverage));
    let remarks = coverage.remarks();
    rows.extend(headed("Remarks", remarks.into_iter().map(|text| Row::marked(Tone::Warn, "!", text)).collect()));
    rows.extend(headed("Not known", coverage.faults().into_iter().flat_map(fault).collect()));
    rows.extend(help(coverage, target));
    rows.extend([Row::empty(), Row::of(vec![(Tone::Dim, METHOD.to_owned())], 0)]);
    rows
}

/// The sentence of an alert with its mark: what a preview has room for.
pub fn verdict(coverage: &Coverage, alert: &Alert) -> Row {
    let (tone, mark) = match alert.standing {
        Standing::Covered => (Tone::Good, "✔ "),
        Standing::Unknown => (Tone::Warn, "? "),
        _ => (Tone::Bad, "✖ "),
    };
    Row::of(vec![(tone, mark.to_owned()), (Tone::Strong, coverage.sentence(alert))], 2)
}

fn headed(head: &str, rows: Vec<Row>) -> Vec<Row> {
    if rows.is_empty() {
        return rows;
    }
    [Row::empty(), Row::head(head)].into_iter().chain(rows).collect()
}

fn trails(coverage: &Coverage) -> Vec<Row> {
    let mut rows: Vec<Row> = coverage
        .trails()
        .map(|trail| {
            let (tone, mark) = match &trail.logging {
                Ok(true) => (Tone::Good, "✔"),
                Ok(false) => (Tone::Bad, "✖"),
                Err(_) => (Tone::Warn, "?"),
            };
            Row::marked(tone, mark, format!("{} · {}", trail.name, trail.words()))
        })
        .collect();
    if coverage.recorded == Recorded::NoTrail {
        rows.push(Row::marked(
            Tone::Bad,
            "✖",
            "none: without one no event of Secrets Manager's API comes to EventBridge".into(),
        ));
    }
    headed(&format!("Trails that record {}", coverage.facts.context.region), rows)
}

fn rules(coverage: &Coverage) -> Vec<Row> {
    let rules = coverage.rules().flat_map(|(rule, caught)| {
        let first = vec![(Tone::Key, format!("  {} ", rule.name)), (Tone::Plain, format!("· {}", rule.words(&caught)))];
        let then = vec![(Tone::Dim, "    → ".to_owned()), (Tone::Plain, rule.targets_words())];
        [Row::of(first, 4), Row::of(then, 6)]
    });
    headed("Rules of the default event bus that catch an event of Secrets Manager", rules.collect())
}

fn fault(fault: &Fault) -> Vec<Row> {
    let then = vec![(Tone::Dim, format!("    try: {}", fault.next_step()))];
    vec![Row::marked(Tone::Warn, "?", fault.sentence()), Row::of(then, 9)]
}

/// What would help; first what is missing, then what else could be.
fn help(coverage: &Coverage, target: Option<&str>) -> Vec<Row> {
    let (extra, needed): (Vec<Step>, Vec<Step>) = coverage.steps(target).into_iter().partition(|step| step.is_extra);
    let rows = |steps: &[Step]| steps.iter().flat_map(step).collect::<Vec<_>>();
    let mut all = headed("What would help · secdash carries none of it out", rows(&needed));
    all.extend(headed("What could be added · secdash carries none of it out", rows(&extra)));
    let notes = coverage.notes(target).into_iter().map(|note| Row::marked(Tone::Warn, "!", note));
    all.extend(headed("Before that", notes.collect()));
    all
}

fn step(step: &Step) -> Vec<Row> {
    let first = Row::of(vec![(Tone::Key, "  • ".to_owned()), (Tone::Plain, step.does.clone())], 4);
    // Nothing in front of them, so that they can be copied as they stand; a pattern is anybody's text.
    let lines = step.lines.iter().map(|line| Row { line: vec![(Tone::Plain, safe(line))], indent: None });
    std::iter::once(first).chain(lines).collect()
}
