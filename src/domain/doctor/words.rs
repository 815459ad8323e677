//! The first sentence of a diagnosis: what is the case, and not more than was seen.

use std::sync::Arc;

use chrono::TimeDelta;

use super::after_set::{likely, set_once, tested};
use super::code::Code;
use super::course::{Failing, Sight};
use super::decision::{Case, Verdict};
use super::diagnosis::Diagnosis;
use super::facts::first;
use super::quiet::Quiet;
use super::unknown::FAILURES;
use super::unlogged::Unlogged;
use crate::domain::invocation::Entry;
use crate::domain::progress::{Proof, proof_words};
use crate::domain::rotation::Step;
use crate::domain::trail::RotationFailure;
use crate::domain::version::{StagingLabel, Value, VersionId};
use crate::text::{moment, truncate};

/// How far apart a line and CloudTrail's word of the same failure are at most.
pub(super) const SOON: TimeDelta = TimeDelta::seconds(30);

/// How many columns of a line of the log the first sentence quotes.
const QUOTE: usize = 120;

/// A version whose id the labels don't tell.
pub(super) fn on(diagnosis: &Diagnosis, label: &StagingLabel) -> String {
    diagnosis.secret.labels.version_with(label).map_or_else(|| "no version".to_owned(), VersionId::short)
}

impl Diagnosis {
    /// What is the case, in one sentence that is enough to act on.
    pub fn headline(&self) -> String {
        let Some((pending, case)) = &self.stuck else { return self.nothing_pending() };
        if !self.awaited.is_empty() && case.verdict() == Verdict::Unknown {
            return format!("Not known yet: {} not asked to the end.", self.awaited.join(", "));
        }
        let sentence = self.sentence(&pending.short(), case);
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
                let (current, why) = (on(self, &StagingLabel::Current), self.not_set(case));
                let so =
                    format!("this rotation has not changed the password, and AWSCURRENT {current} should still work.");
                format!("{why}: {so}{}", self.known_cause())
            }
            Verdict::Pending => tested(pending, course),
            Verdict::LikelyPending => likely(pending, course),
            Verdict::Neither => {
                let nothing = if course.has_set() { "" } else { " This rotation has not changed the password." };
                let at = course.no_login.as_ref().map_or_else(String::new, |line| at(line));
                let why = self.cause.as_ref().map(|cause| cause.cause.to_string());
                let why =
                    why.unwrap_or_else(|| "wrong ones and a database that can't be reached look alike.".to_owned());
                let set = course.set.as_ref().map(|_| format!("{}; later n", set_once(course)));
                let none = set.unwrap_or_else(|| "N".to_owned());
                format!("{none}one of the passwords let setSecret in{at}: {}{nothing}", uncapital(&why))
            }
            Verdict::Unknown => {
                let is_said = self.says_cause() || has_other_words(case);
                let wrong = if is_said { String::new() } else { self.failed(case) };
                format!("{wrong}Which password is in use isn't known: {}.", self.unknown(case))
            }
        }
    }

    /// Whether the first sentence says the cause, so that it needn't be said again.
    pub fn says_cause(&self) -> bool {
        let is_told = matches!(self.verdict(), Some(Verdict::Neither | Verdict::Current));
        (is_told && self.cause.is_some()) || self.not_started().is_some()
    }

    /// The pending version has no value: none is lost with it. What createSecret may have made elsewhere is another matter.
    fn empty(&self, pending: &str, case: &Case) -> String {
        let wrong = match (&self.cause, &case.course.failing) {
            (Some(known), Some(failing)) if !failing.is_ours => self.perhaps_ours(failing, &known.cause.to_string()),
            (Some(known), _) => format!("Likely {} ", uncapital(&known.cause.to_string())),
            (None, _) => self.failed(case),
        };
        let current = on(self, &StagingLabel::Current);
        let rest = match case.course.code {
            Code::Custom => {
                " createSecret is this function's own code: what it may have made at the service before it failed, as a key, \
                 is in no line."
            }
            Code::Unknown => " Whether createSecret made anything at a service isn't known.",
            _ => "",
        };
        format!(
            "{wrong}AWSPENDING {pending} never got a value, so dropping it loses none, and AWSCURRENT stays on {current}.{rest}"
        )
    }

    /// A cause that is told by a line which may be another secret's: CloudTrail may tell that an attempt of this one failed
    /// at the same time.
    fn perhaps_ours(&self, failing: &Failing, cause: &str) -> String {
        let line = format!("`{}`{}", quoted(&failing.line), at(&failing.line));
        let cause = uncapital(cause);
        let soon = |failure: &&RotationFailure| (failure.at - failing.line.event.at).abs() < SOON;
        match self.failures.iter().rev().find(soon) {
            Some(failure) => format!(
                "{}The log has {line}, likely of it, though no line there names a secret. If so, likely {cause} ",
                by_trail(failure)
            ),
            None => {
                format!("The log has {line}, and no line there names a secret. If it is this one's, likely {cause} ")
            }
        }
    }

    /// What is wrong, by the line with which the last invocation failed, else by CloudTrail.
    fn failed(&self, case: &Case) -> String {
        let Some(failing) = &case.course.failing else { return self.failed_by_trail(case) };
        let text = quoted(&failing.line);
        if !failing.is_ours {
            let by_trail = self.failed_by_trail(case);
            let begin = if by_trail.is_empty() { "The last attempt failed, perhaps with" } else { "The log has" };
            return format!("{by_trail}{begin} this line, which may be another secret's: {text}. ");
        }
        let what = failing.step.map_or("The last attempt", Step::word);
        format!("{what} failed{}: {text}. ", at(&failing.line))
    }

    /// That attempts have failed, or that none is seen to have, by CloudTrail.
    fn failed_by_trail(&self, case: &Case) -> String {
        match self.failures.last() {
            Some(last) => by_trail(last),
            None if case.value != Value::Empty && self.knows_failures() => {
                let since = first(&self.secret, self.versions.as_deref(), self.at);
                // Where the value's date isn't known, attempts from before the secret last changed aren't looked for.
                let before = if case.value == Value::Unknown { ", and wasn't asked about earlier ones" } else { "" };
                format!("CloudTrail has no attempt that failed since {}{before}. ", moment(since))
            }
            None => String::new(),
        }
    }

    /// Whether CloudTrail was asked to the end for attempts that failed.
    fn knows_failures(&self) -> bool {
        self.awaited.iter().chain(self.gaps.iter().map(|gap| &gap.what)).all(|what| *what != FAILURES)
    }
}

/// That an attempt has failed, by CloudTrail.
fn by_trail(failure: &RotationFailure) -> String {
    let step = failure.step.map_or_else(String::new, |step| format!(" at {}", step.word()));
    format!("An attempt failed{step} {}, by CloudTrail. ", moment(failure.at))
}

/// Whether what is seen of setSecret is said already, which says what is wrong too.
fn has_other_words(case: &Case) -> bool {
    let course = &case.course;
    let is_lost = course.failing.is_none() && matches!(case.unlogged, Some(Unlogged::Failed(_)));
    let is_unlogged = course.sight == Sight::Whole && case.value != Value::Unknown && is_lost;
    is_unlogged || (case.value == Value::Unknown && course.has_set())
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
