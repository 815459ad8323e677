//! The first sentence of a diagnosis: what is the case, and not more than was seen.

use std::sync::Arc;

use super::course::{Code, Course};
use super::decision::{Case, Verdict};
use super::diagnosis::Diagnosis;
use super::quiet::Quiet;
use crate::domain::invocation::Entry;
use crate::domain::progress::{Proof, proof_words};
use crate::domain::rotation::Step;
use crate::domain::template::What;
use crate::domain::version::{StagingLabel, Value, VersionId};
use crate::text::{moment, truncate};

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
        match case.quiet {
            Quiet::No { .. } => format!("An attempt may be running. So far: {}", uncapital(&sentence)),
            Quiet::Yes { .. } | Quiet::Unknown => sentence,
        }
    }

    fn sentence(&self, pending: &str, case: &Case) -> String {
        let course = &case.course;
        match case.verdict() {
            Verdict::Current if case.value == Value::Empty => self.empty(pending, case),
            Verdict::Current => {
                let current = on(self, &StagingLabel::Current);
                let why = self.not_set(case);
                format!(
                    "{why}: this rotation has not changed the password, and AWSCURRENT {current} should still work."
                )
            }
            Verdict::Pending => tested(pending, course),
            Verdict::LikelyPending => likely(pending, course),
            Verdict::Neither => {
                let nothing = if course.has_set() { "" } else { " This rotation has not changed the password." };
                let at = course.no_login.as_ref().map_or_else(String::new, |line| at(line));
                let why = self.cause.as_ref().map(|cause| cause.cause.to_string());
                let why =
                    why.unwrap_or_else(|| "wrong ones and a database that can't be reached look alike.".to_owned());
                format!("None of the passwords let setSecret in{at}: {}{nothing}", uncapital(&why))
            }
            Verdict::Unknown => {
                let wrong = if self.says_cause() || has_other_words(case) { String::new() } else { failed(course) };
                format!("{wrong}Which password is in use isn't known: {}.", self.unknown(case))
            }
        }
    }

    /// Whether the first sentence says the cause, so that it needn't be said again.
    pub fn says_cause(&self) -> bool {
        let is_empty = self.stuck.as_ref().is_some_and(|(_, case)| case.value == Value::Empty);
        let is_told = match self.verdict() {
            Some(Verdict::Neither) => true,
            Some(Verdict::Current) => is_empty,
            _ => false,
        };
        is_told && self.cause.is_some()
    }

    /// The pending version has no value: nothing is lost with it.
    fn empty(&self, pending: &str, case: &Case) -> String {
        let wrong = match &self.cause {
            Some(known) => format!("Likely {} ", uncapital(&known.cause.to_string())),
            None => failed(&case.course),
        };
        let current = on(self, &StagingLabel::Current);
        let rest = match case.course.code {
            Code::Custom | Code::Unknown => " Whether createSecret changed anything at the service isn't known.",
            _ => "",
        };
        format!(
            "{wrong}AWSPENDING {pending} never got a value, so dropping it loses nothing, and AWSCURRENT stays on {current}.\
             {rest}"
        )
    }

    /// By what it is known that setSecret changed nothing.
    fn not_set(&self, case: &Case) -> String {
        const NO_LINE: &str = "and the log, read without a gap since the value was put, has no line of it";
        if let Some(line) = &case.course.refused {
            return format!("setSecret ended before it changed anything ({})", quoted(line));
        }
        let is_last = self.failures.last().is_some_and(|failure| failure.step == Some(Step::Set));
        match case.failed_at {
            Some(Step::Set) if is_last => format!("The last attempt failed at setSecret, {NO_LINE}"),
            Some(Step::Set) => format!("An attempt failed at setSecret, {NO_LINE}"),
            _ => {
                "No line says that setSecret ran, and the log was read without a gap since the value was put".to_owned()
            }
        }
    }
}

/// Whether what is seen of setSecret is said already, which says what is wrong too.
fn has_other_words(case: &Case) -> bool {
    case.value == Value::Unknown && case.course.has_set()
}

/// What is wrong, by the line with which the last invocation failed.
fn failed(course: &Course) -> String {
    let Some(failing) = &course.failing else { return String::new() };
    let text = quoted(&failing.line);
    if !failing.is_ours {
        return format!("The last attempt failed, perhaps with this line, which may be another secret's: {text}. ");
    }
    let what = failing.step.map_or("The last attempt", Step::word);
    format!("{what} failed{}: {text}. ", at(&failing.line))
}

/// What a line says, short enough for the middle of a sentence.
fn quoted(line: &Arc<Entry>) -> String {
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

/// testSecret was let in. Of users who take turns that is the one who isn't in use; where no line tells the strategy, it may
/// be.
fn tested(pending: &str, course: &Course) -> String {
    let at = course.tested.as_ref().map_or_else(String::new, |(_, line)| at(line));
    let then = match &course.failing {
        Some(failing) if failing.step == Some(Step::Finish) => "finishSecret failed",
        _ => "AWSCURRENT has not moved",
    };
    let so = match course.code {
        Code::Alternating => {
            format!(
                "the password of AWSPENDING {pending} works, for the user who is not in use; AWSCURRENT's user was not changed."
            )
        }
        Code::Single => format!("AWSPENDING {pending} is the password in use, and AWSCURRENT's no longer works."),
        _ => format!(
            "the password of AWSPENDING {pending} works, and unless two users take turns AWSCURRENT's no longer does."
        ),
    };
    format!("testSecret signed in with the pending password{at}, and {then}: {so}")
}

/// Whether setSecret set the password, or logged in with it: what it finds set already, some attempt before has set.
pub(super) fn set_said(line: &Arc<Entry>) -> &'static str {
    match line.said.as_ref().map(|said| said.what) {
        Some(What::AlreadyDone) => "setSecret logged in with the pending password",
        _ => "setSecret reported success",
    }
}

/// How far setSecret and testSecret came.
pub(super) fn set_and_test(course: &Course) -> String {
    let set = match &course.set {
        Some(line) => format!("{}{}", set_said(line), at(line)),
        None => "testSecret was reached, so setSecret had returned".to_owned(),
    };
    let test = match &course.tested {
        Some((true, line)) => format!(", and testSecret signed in with the pending password{}", at(line)),
        Some((false, line)) => format!(", and testSecret failed{}", at(line)),
        None => ", and no line says how testSecret ended".to_owned(),
    };
    format!("{set}{test}")
}

fn likely(pending: &str, course: &Course) -> String {
    let seen = set_and_test(course);
    match course.code {
        Code::Alternating => format!(
            "{seen}: the password of AWSPENDING {pending} is likely set, for the user who is not in use; that of \
             AWSCURRENT's user was not changed."
        ),
        Code::Single => format!(
            "{seen}: AWSPENDING {pending} is likely the password in use, and AWSCURRENT's no longer works then."
        ),
        _ => format!(
            "{seen}: the password of AWSPENDING {pending} is likely set, and unless two users take turns \
             AWSCURRENT's no longer works then."
        ),
    }
}
