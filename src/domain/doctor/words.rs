//! The first sentences of a diagnosis: what is the case, and not more than was seen.

use std::sync::Arc;

use super::after_set::{none_let_in, set_once};
use super::code::Code;
use super::course::{Course, Sight};
use super::decision::{Case, Verdict};
use super::diagnosis::Diagnosis;
use super::failed::Whose;
use super::quiet::Quiet;
use super::unlogged::Unlogged;
use crate::domain::invocation::Entry;
use crate::domain::progress::{Proof, proof_words};
use crate::domain::version::{StagingLabel, Value, VersionId};
use crate::text::{moment, truncate};

/// How many columns of a line of the log the first sentence quotes.
const QUOTE: usize = 120;

/// A version whose id the labels don't tell.
pub(super) fn on(diagnosis: &Diagnosis, label: &StagingLabel) -> String {
    diagnosis.secret.labels.version_with(label).map_or_else(|| "no version".to_owned(), VersionId::short)
}

impl Diagnosis {
    /// What is the case, by what it is known, and why.
    pub fn headline(&self) -> String {
        let Some((pending, case)) = &self.stuck else { return self.nothing_pending() };
        if !self.awaited.is_empty() && case.verdict() == Verdict::Unknown {
            return format!("Not known yet: {} not asked to the end.", self.awaited.join(", "));
        }
        let sentence = self.sentence(&pending.short(), case);
        let is_told = matches!(case.verdict(), Verdict::Neither) || case.value == Value::Empty;
        let reason = if is_told { String::new() } else { self.known_cause() };
        let sentence = sentences(&[&sentence, &reason]);
        let deleting = self.deletion().map_or_else(String::new, |text| format!("{text} "));
        let off = self.off().map_or_else(String::new, |off| format!("{off}. "));
        let sentence = match case.quiet {
            Quiet::No { .. } => format!("An attempt may be running. So far: {}", uncapital(&sentence)),
            Quiet::Yes { .. } | Quiet::Unknown => sentence,
        };
        format!("{deleting}{off}{sentence}")
    }

    fn sentence(&self, pending: &str, case: &Case) -> String {
        let course = &case.course;
        match case.verdict() {
            Verdict::Current if case.value == Value::Empty => self.empty(pending, case),
            Verdict::Current => {
                let (current, why) = (on(self, &StagingLabel::Current), uncapital(&self.not_set(case)));
                let is_inferred =
                    self.whose().is_some_and(|whose| whose != Whose::Ours) || self.not_started().is_some();
                let likely = if is_inferred { " likely" } else { "" };
                let so = format!(
                    "This rotation has{likely} not changed the password, and AWSCURRENT {current} should still work"
                );
                format!("{so}: {why}.")
            }
            Verdict::Pending => self.tested(pending, case),
            Verdict::LikelyPending => self.likely(pending, case),
            Verdict::Neither => self.not_let_in_so(course),
            Verdict::Unknown => {
                let wrong = if has_other_words(case) { String::new() } else { self.failed(case) };
                let so = format!("Which password is in use isn't known: {}.", self.unknown(case));
                sentences(&[&so, &wrong])
            }
        }
    }

    /// setSecret let nobody in: which passwords it had tried, and what that comes to.
    fn not_let_in_so(&self, course: &Course) -> String {
        let nothing = match &course.set {
            Some(_) => self.hit(course),
            None if course.has_set() => String::new(),
            None => " This rotation has not changed the password.".to_owned(),
        };
        let at = course.no_login.as_ref().map_or_else(String::new, |line| at(line));
        let why = match &self.cause {
            Some(cause) => format!("likely {}", uncapital(&cause.cause.to_string())),
            None => "wrong ones and a database that can't be reached look alike.".to_owned(),
        };
        format!("{}{at}{}: {why}{nothing}", none_let_in(course), set_once(course))
    }

    /// Whether the first sentences say what about the function may be why, so that it needn't be said again.
    pub fn says_cause(&self) -> bool {
        self.not_started().is_some() || self.keeps_from_running().is_some()
    }

    /// The pending version has no value: none is lost with it. What createSecret may have made elsewhere is another matter.
    fn empty(&self, pending: &str, case: &Case) -> String {
        let current = on(self, &StagingLabel::Current);
        let rest = match case.course.code {
            Code::Custom => {
                "createSecret is this function's own code: what it may have made at the service before it failed, as a key, \
                 is in no line."
            }
            Code::Unknown if !self.is_unloaded() => "Whether createSecret made anything at a service isn't known.",
            _ => "",
        };
        let so = format!(
            "AWSPENDING {pending} never got a value, so dropping it loses none, and AWSCURRENT stays on {current}."
        );
        sentences(&[&so, &self.failed_for(case), rest])
    }
}

/// Whether what is seen of setSecret is said already, which says what is wrong too.
fn has_other_words(case: &Case) -> bool {
    let course = &case.course;
    let is_lost = course.failing.is_none() && matches!(case.unlogged, Some(Unlogged::Failed(_)));
    let is_unlogged = course.sight == Sight::Whole && case.value != Value::Unknown && is_lost;
    let is_told = course.has_set() && course.finishing.is_none() && !case.is_overtaken;
    is_unlogged || (case.value == Value::Unknown && is_told)
}

/// Sentences one after the other; those that there aren't are left out.
pub(super) fn sentences(all: &[&str]) -> String {
    all.iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// A line as it is quoted, and words for one of Lambda's own.
pub(super) fn cited(line: &Arc<Entry>) -> String {
    let text = quoted(line);
    match text.strip_prefix("Lambda reports ") {
        Some(what) => format!("{what}, which Lambda reports,"),
        None => format!("`{text}`"),
    }
}

/// What a line says, short enough for the middle of a sentence.
pub(super) fn quoted(line: &Arc<Entry>) -> String {
    let text = proof_words(&Proof::Line(Arc::clone(line)));
    truncate(text.trim_end_matches('.'), QUOTE)
}

/// A sentence in the middle of another one.
pub(super) fn uncapital(sentence: &str) -> String {
    // Names as AWSPENDING and FilterLogEvents stay as they are.
    let first = sentence.split_whitespace().next().unwrap_or_default();
    if first.chars().skip(1).any(char::is_uppercase) {
        return sentence.to_owned();
    }
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

pub(super) fn at(line: &Entry) -> String {
    format!(" at {}", moment(line.event.at))
}
