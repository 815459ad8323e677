//! By what it is known that setSecret changed nothing, as the begin of a sentence.

use super::course::Failing;
use super::decision::{Case, Verdict};
use super::diagnosis::Diagnosis;
use super::words::{at, cited, quoted, uncapital};
use crate::domain::rotation::Step;
use crate::text::moment;

/// How much of the log that is said of.
const WHOLE: &str = "the log, read without a gap since the value was put,";

impl Diagnosis {
    /// By what it is known.
    pub(super) fn not_set(&self, case: &Case) -> String {
        if let Some(line) = &case.course.refused {
            return format!("setSecret ended before it changed anything ({})", quoted(line));
        }
        if let Some(check) = self.not_started() {
            let (which, why) = (self.which(), uncapital(check.sentence.trim_end_matches('.')));
            return format!(
                "{which} attempt failed at setSecret, and {WHOLE} has no line of setSecret, which likely was never started \
                 ({why})"
            );
        }
        match &case.course.failing {
            Some(failing) if failing.step == Some(Step::Create) && failing.is_ours => {
                let line = &failing.line;
                format!("createSecret failed{} ({}), and {WHOLE} has no line of setSecret", at(line), quoted(line))
            }
            Some(failing) if !failing.is_ours => self.likely_refused(case, failing),
            _ => format!("No attempt is seen to have come to setSecret, and {WHOLE} has no line of it"),
        }
    }

    /// An invocation ended before it changed anything, and no line of it names a secret.
    fn likely_refused(&self, case: &Case, failing: &Failing) -> String {
        let line = format!("{}{}", cited(&failing.line), at(&failing.line));
        let what = "which setSecret says before it changes anything";
        if case.failed_at == Some(Step::Set) && self.beside(failing).is_some() {
            let which = self.which();
            return format!(
                "{which} attempt failed at setSecret, likely with {line}, {what}, though no line there names this secret"
            );
        }
        if let Some(failure) = self.failures.last().filter(|failure| failure.step == Some(Step::Set)) {
            return format!(
                "an attempt failed at setSecret {}, by CloudTrail, and the log has {line}, {what}; no line there names this secret",
                moment(failure.at)
            );
        }
        format!(
            "The log has {line}, {what}; no line there names this secret, but it follows on this one's createSecret, and {WHOLE} \
             tells of no other secret's rotation"
        )
    }

    fn which(&self) -> &'static str {
        let is_last = self.failures.last().is_some_and(|failure| failure.step == Some(Step::Set));
        if is_last { "The last" } else { "An" }
    }

    /// Why it failed, where a signature tells, as a sentence.
    pub(super) fn known_cause(&self) -> String {
        let Some(known) = &self.cause else { return String::new() };
        let cause = uncapital(&known.cause.to_string());
        let is_quoted = matches!(self.verdict(), Some(Verdict::Current | Verdict::Unknown));
        let failing = self.stuck.as_ref().and_then(|(_, case)| case.course.failing.as_ref());
        if let Some(failing) = failing.filter(|_| self.doubts_line() && !is_quoted) {
            let (line, at) = (cited(&failing.line), at(&failing.line));
            format!("The log has {line}{at}, and no line there names this secret: if it is this one's, likely {cause}")
        } else if self.doubts_line() {
            format!("If that line is this secret's, likely {cause}")
        } else {
            format!("Likely {cause}")
        }
    }
}
