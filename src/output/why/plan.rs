//! A plan that is carried out, for people and as JSON.

use serde::Serialize;

use crate::domain::plan::{Plan, PlanEnd, PlanStep, Stop, Told};
use crate::output::toned::{Line, Tone};
use crate::text::{moment, rfc3339};

/// The steps of a plan with how far each is, as far as was told.
pub fn steps(plan: &Plan, told: &[Told], ascii: bool) -> Vec<Line> {
    let is = |step: PlanStep, is: fn(&Told, PlanStep) -> bool| told.iter().any(|told| is(told, step));
    let is_done = |told: &Told, step: PlanStep| match told {
        Told::Done(done) => *done == step,
        Told::Looked(_) => step == PlanStep::Look,
        Told::Ended(PlanEnd::Healed { .. }) => step == PlanStep::Verify,
        _ => false,
    };
    let stopped = told.iter().find_map(|told| match told {
        Told::Ended(PlanEnd::Stopped { step, .. }) => Some(*step),
        _ => None,
    });
    let mut lines = Vec::new();
    for step in plan.steps() {
        let has_begun = is(step, |told, step| matches!(told, Told::Begins(begun) if *begun == step));
        let (tone, symbol) = match () {
            () if is(step, is_done) => (Tone::Good, if ascii { "+" } else { "✔" }),
            () if stopped == Some(step) => (Tone::Bad, if ascii { "X" } else { "✖" }),
            () if has_begun => (Tone::Key, if ascii { "%" } else { "◐" }),
            () => (Tone::Dim, if ascii { "." } else { "○" }),
        };
        lines.push(vec![(tone, format!("  {symbol} ")), (Tone::Plain, plan.words(step))]);
        let until = match told.last() {
            Some(Told::Waits(until) | Told::Looks(until)) if tone == Tone::Key => Some(*until),
            _ => None,
        };
        lines.extend(until.map(|until| vec![(Tone::Dim, format!("    until {} at the latest", moment(until)))]));
    }
    lines
}

/// What there is to tell, as lines.
pub fn told(plan: &Plan, told: &Told) -> Vec<Line> {
    match told {
        Told::Begins(step) => vec![vec![(Tone::Key, "  ◐ ".to_owned()), (Tone::Plain, plan.words(*step))]],
        Told::Waits(until) => vec![vec![(Tone::Dim, format!("    waits until {}", moment(*until)))]],
        Told::Looks(until) => {
            vec![vec![(Tone::Dim, format!("    looks again until {} at the latest", moment(*until)))]]
        }
        Told::Done(step) => vec![vec![(Tone::Good, "  ✔ ".to_owned()), (Tone::Plain, done(plan, *step))]],
        Told::Refused(_, changed) => {
            let text = Stop::Call(changed.clone()).sentence();
            vec![vec![(Tone::Warn, "  ! ".to_owned()), (Tone::Plain, format!("not done: {text}"))]]
        }
        Told::Looked(diagnosis) => {
            let text = format!("the verdict still allows it: {}", diagnosis.headline());
            vec![vec![(Tone::Good, "  ✔ ".to_owned()), (Tone::Plain, text)]]
        }
        Told::Ended(end @ PlanEnd::Healed { .. }) => {
            let tone = if end.is_healed() { Tone::Good } else { Tone::Warn };
            vec![vec![(tone, "  ✔ ".to_owned()), (Tone::Strong, format!("{}{}", end.sentence(), plan.then()))]]
        }
        // It is told as a failure.
        Told::Ended(PlanEnd::Stopped { .. }) => Vec::new(),
    }
}

fn done(plan: &Plan, step: PlanStep) -> String {
    match step {
        PlanStep::TurnOff => "rotation is off".to_owned(),
        PlanStep::Wait => "waited".to_owned(),
        PlanStep::Look | PlanStep::Verify => "looked".to_owned(),
        PlanStep::Tidy | PlanStep::Move => format!("done: {}", plan.words(step)),
        PlanStep::TurnOn => "asked for".to_owned(),
    }
}

/// A line of JSON about a plan.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum PlanEvent {
    /// The plan, before it is confirmed.
    Plan {
        /// Its steps, by their words.
        steps: Vec<&'static str>,
        /// The same as sentences.
        sentences: Vec<String>,
    },
    /// A step of it.
    PlanStep {
        /// The step.
        step: &'static str,
        /// `begins`, `waits`, `done`.
        state: &'static str,
        /// Until when it waits (UTC).
        until: Option<String>,
    },
    /// It is over.
    PlanEnd {
        /// Whether the secret is healthy.
        healed: bool,
        /// How it ended.
        sentence: String,
        /// What to do about what kept it from its end.
        next_step: Option<String>,
        /// Whether rotation is off by it.
        rotation_off: bool,
        /// Whether the label was moved.
        moved: bool,
    },
}

impl PlanEvent {
    /// The steps of a plan that are to be done.
    pub fn of(plan: &Plan, steps: &[PlanStep]) -> Self {
        Self::Plan {
            sentences: steps.iter().map(|step| plan.words(*step)).collect(),
            steps: steps.iter().map(|step| step.word()).collect(),
        }
    }

    /// What there is to tell.
    pub fn told(told: &Told) -> Self {
        let step = |step: PlanStep, state, until| Self::PlanStep { step: step.word(), state, until };
        match told {
            Told::Begins(one) => step(*one, "begins", None),
            Told::Waits(until) => step(PlanStep::Wait, "waits", Some(rfc3339(*until))),
            Told::Looks(until) => step(PlanStep::Verify, "waits", Some(rfc3339(*until))),
            Told::Done(one) => step(*one, "done", None),
            Told::Refused(one, _) => step(*one, "refused", None),
            Told::Looked(_) => step(PlanStep::Look, "done", None),
            Told::Ended(end) => {
                let (rotation_off, moved) = match end {
                    PlanEnd::Healed { still_off, .. } => (still_off.is_some(), true),
                    PlanEnd::Stopped { is_off, is_moved, .. } => (*is_off, *is_moved),
                };
                Self::PlanEnd {
                    healed: end.is_healed(),
                    sentence: end.sentence(),
                    next_step: end.next_step(),
                    rotation_off,
                    moved,
                }
            }
        }
    }
}
