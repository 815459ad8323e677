//! What is wrong: the line by which the last attempt failed, whose it is, and CloudTrail's word.

use super::causes::SOON;
use super::course::{Failing, Sight};
use super::decision::Case;
use super::diagnosis::Diagnosis;
use super::facts::failures_since;
use super::unknown::FAILURES;
use super::words::{at, cited, quoted, sentences, uncapital};
use crate::domain::rotation::Step;
use crate::domain::trail::{HORIZON, RotationFailure};
use crate::domain::version::Value;
use crate::text::moment;

/// Whose rotation an invocation is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// This secret's: a line of it says so.
    Ours,
    /// Likely this secret's: CloudTrail has an attempt of it that failed in that moment, and the log tells of no other
    /// secret.
    Likely,
    /// No line of it names this secret, and nothing else tells.
    Open,
    /// Another secret's: CloudTrail has attempts of this one that failed, and none in that moment.
    Other,
}

/// The signatures of code that couldn't be loaded.
const UNLOADED: [&str; 2] = ["module-missing", "code-not-loaded"];

impl Diagnosis {
    /// Whose the invocation is that failed last.
    pub(super) fn whose(&self) -> Option<Whose> {
        let (_, case) = self.stuck.as_ref()?;
        let failing = case.course.failing.as_ref()?;
        let is_told = self.knows_failures() && self.at - failing.line.event.at > HORIZON;
        Some(match self.beside(failing) {
            _ if failing.is_ours => Whose::Ours,
            Some(_) if !case.course.is_shared => Whose::Likely,
            None if case.course.is_shared && is_told && !self.failures.is_empty() => Whose::Other,
            _ => Whose::Open,
        })
    }

    /// Whether the line by which the last attempt failed may as well be another secret's.
    pub(super) fn doubts_line(&self) -> bool {
        self.whose() == Some(Whose::Open)
    }

    /// The attempt that CloudTrail says has failed when a line says that something did.
    pub(super) fn beside(&self, failing: &Failing) -> Option<&RotationFailure> {
        self.failures.iter().rev().find(|failure| (failure.at - failing.line.event.at).abs() < SOON)
    }

    /// What is wrong, by the line with which the last invocation failed, else by CloudTrail; and what keeps any from running.
    pub(super) fn failed(&self, case: &Case) -> String {
        let stops = self.keeps_from_running().map(|check| check.sentence.as_str());
        sentences(&[&self.failed_so(case), stops.unwrap_or_default()])
    }

    fn failed_so(&self, case: &Case) -> String {
        let by_trail = self.failed_by_trail(case);
        let (Some(failing), Some(whose)) = (&case.course.failing, self.whose()) else { return by_trail };
        let (line, at) = (cited(&failing.line), at(&failing.line));
        match whose {
            Whose::Ours => {
                let what = failing.step.map_or("The last attempt", Step::word);
                format!("{what} failed{at}: {}.", quoted(&failing.line))
            }
            Whose::Likely => self.likely_ours(failing),
            Whose::Open if by_trail.is_empty() => {
                format!("The last attempt failed, perhaps with {line}{at}, though no line there names this secret.")
            }
            Whose::Open => format!("{by_trail} The log has {line}{at}, and no line there names this secret."),
            Whose::Other => by_trail,
        }
    }

    /// Why it failed where there is no value, by a signature or by CloudTrail's words; else what is wrong.
    pub(super) fn failed_for(&self, case: &Case) -> String {
        let Some(known) = &self.cause else { return self.failed(case) };
        let why = uncapital(&known.cause.to_string());
        match (&case.course.failing, self.whose()) {
            (Some(failing), Some(Whose::Likely)) => format!("{} Likely {why}", self.likely_ours(failing)),
            (Some(failing), Some(Whose::Open)) => {
                let line = format!("{}{}", cited(&failing.line), at(&failing.line));
                format!("The log has {line}, and no line there names this secret. If it is this one's, likely {why}")
            }
            _ => format!("Likely {why}"),
        }
    }

    /// An attempt that failed, and the line that is likely the one by which it did.
    fn likely_ours(&self, failing: &Failing) -> String {
        let step = self.beside(failing).and_then(|failure| failure.step).or(failing.step);
        let step = step.map_or_else(String::new, |step| format!(" at {}", step.word()));
        let (line, when) = (cited(&failing.line), moment(failing.line.event.at));
        let comma = if line.ends_with(',') { "" } else { "," };
        format!("An attempt failed{step} {when}, likely with {line}{comma} though no line there names this secret.")
    }

    /// That attempts have failed, or that none is seen to have, by CloudTrail.
    fn failed_by_trail(&self, case: &Case) -> String {
        match self.failures.last() {
            Some(last) => {
                let step = last.step.map_or_else(String::new, |step| format!(" at {}", step.word()));
                format!("An attempt failed{step} {}, by CloudTrail.", moment(last.at))
            }
            None if self.knows_failures() => {
                let since = failures_since(&self.secret, self.versions.as_deref(), self.at);
                // Where neither the value's date nor the last good rotation's is known, it may have begun before that.
                let is_cut = !matches!(case.value, Value::Put(Some(_))) && self.secret.last_rotated.is_none();
                let before = if is_cut { ", and wasn't asked about earlier ones" } else { "" };
                format!("CloudTrail has no attempt that failed since {}{before}{}.", moment(since), self.unheard(case))
            }
            None => String::new(),
        }
    }

    /// What it means that nothing is heard of a rotation that has no value yet: its function leaves no trace that isn't run.
    fn unheard(&self, case: &Case) -> &'static str {
        let is_logless = self.log_gap().is_some_and(|gap| gap.is_absent) || case.course.sight != Sight::None;
        let is_silent = case.value == Value::Empty && case.course.failing.is_none() && case.course.ran.is_empty();
        // Of a function that can't be asked about another log group may be the one, and of an unknown begin there may be more.
        let is_known = self.unasked().is_none() && self.secret.last_rotated.is_some();
        if is_silent && is_logless && is_known {
            ", and no log has a line of it: the function was likely never invoked"
        } else {
            ""
        }
    }

    /// Whether the code of the function couldn't be loaded, so that none of it ran.
    pub(super) fn is_unloaded(&self) -> bool {
        let is_it = self.cause.as_ref().is_some_and(|cause| UNLOADED.contains(&cause.id.as_str()));
        is_it && !self.doubts_line()
    }

    /// Whether CloudTrail was asked to the end for attempts that failed.
    fn knows_failures(&self) -> bool {
        self.awaited.iter().chain(self.gaps.iter().map(|gap| &gap.what)).all(|what| *what != FAILURES)
    }
}
