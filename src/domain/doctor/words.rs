//! The first sentence of a diagnosis: what is the case, and not more than was seen.

use std::sync::Arc;

use super::course::{Code, Course, Sight};
use super::decision::{Case, Verdict};
use super::diagnosis::Diagnosis;
use super::quiet::Quiet;
use crate::domain::invocation::Entry;
use crate::domain::rotation::Step;
use crate::domain::template::What;
use crate::domain::version::{Pending, StagingLabel, Value, VersionId};
use crate::text::moment;

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
            Quiet::No { .. } => format!("An attempt may be running. So far: {sentence}"),
            Quiet::Yes { .. } | Quiet::Unknown => sentence,
        }
    }

    fn sentence(&self, pending: &str, case: &Case) -> String {
        let course = &case.course;
        let current = on(self, &StagingLabel::Current);
        match case.verdict() {
            Verdict::Current if case.value == Value::Empty && matches!(course.code, Code::Custom | Code::Unknown) => {
                format!(
                    "AWSPENDING {pending} never got a value, so dropping it loses nothing. Whether createSecret changed \
                 anything at the service isn't known."
                )
            }
            Verdict::Current if case.value == Value::Empty => {
                format!(
                    "AWSPENDING {pending} never got a value: there is nothing in it to lose, and AWSCURRENT stays as it is."
                )
            }
            Verdict::Current => {
                let why = match case.failed_at {
                    _ if course.refused.is_some() => "setSecret ended before it changed anything",
                    Some(Step::Set) => "Attempts failed at setSecret, and the log, which is whole, has no line of it",
                    _ => "No line says that setSecret ran, and the log is whole",
                };
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
            Verdict::Unknown => format!("It isn't known which password is in use: {}.", unknown(case)),
        }
    }

    pub(super) fn nothing_pending(&self) -> String {
        if self.secret.labels.pending() == Pending::Same {
            return "AWSPENDING is on the version that is AWSCURRENT too: the rotation is done.".to_owned();
        }
        "AWSPENDING is on no version: no rotation is pending.".to_owned()
    }
}

/// Why nobody can tell.
fn unknown(case: &Case) -> String {
    let course = &case.course;
    if let (Value::Unknown, Some(line)) = (case.value, &course.stored) {
        return format!("createSecret stored the pending value{}, but the versions could not be listed", at(line));
    }
    if case.value == Value::Unknown {
        return "the versions could not be listed, so whether the pending one has a value is not known".to_owned();
    }
    if case.value == Value::Empty {
        return "the pending version has no value, and yet its setSecret returned".to_owned();
    }
    if case.is_overtaken {
        return "another version got a value after the pending one did, and the lines of setSecret don't say which they are \
                about"
            .to_owned();
    }
    let reached = case.failed_at.filter(|step| *step > Step::Set).map(|step| {
        format!("; CloudTrail has {} as the step that failed, so setSecret had returned before", step.word())
    });
    let why = match (course.sight, course.code) {
        (Sight::None, _) => "the function's log can't be read".to_owned(),
        (_, Code::Custom) => "the function isn't one of AWS's templates, and what its steps do is its own".to_owned(),
        (Sight::Hidden, _) => "the function's log level hides the lines of steps that go well".to_owned(),
        (Sight::Tail, _) if course.stored.is_none() => {
            "the log doesn't reach back to the attempt that stored the pending value".to_owned()
        }
        (Sight::Tail, _) => "lines of the function's log may be missing".to_owned(),
        (Sight::Whole, _) if course.unclear.is_some() => format!(
            "setSecret began and ended without a word about what it changed{}",
            course.unclear.as_ref().map_or_else(String::new, |line| at(line))
        ),
        (Sight::Whole, _) => match case.unlogged {
            Some(failed) => format!(
                "CloudTrail has an attempt that failed at setSecret {}, and the log has no line of it",
                moment(failed)
            ),
            None => "the log and CloudTrail don't go together".to_owned(),
        },
    };
    format!("{why}{}", reached.unwrap_or_default())
}

/// A sentence in the middle of another one.
fn uncapital(sentence: &str) -> String {
    // Names that are all capitals stay so.
    if sentence.chars().nth(1).is_none_or(char::is_uppercase) {
        return sentence.to_owned();
    }
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn at(line: &Entry) -> String {
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

fn likely(pending: &str, course: &Course) -> String {
    let set = match &course.set {
        Some(line) => format!("{}{}", set_said(line), at(line)),
        None => "testSecret was reached, so setSecret had returned".to_owned(),
    };
    let test = match &course.tested {
        Some((false, line)) => format!(", and testSecret failed{}", at(line)),
        _ => ", and no line says how testSecret ended".to_owned(),
    };
    match course.code {
        Code::Alternating => format!(
            "{set}{test}: the password of AWSPENDING {pending} is likely set, for the user who is not in use; that of \
             AWSCURRENT's user was not changed."
        ),
        Code::Single => format!(
            "{set}{test}: AWSPENDING {pending} is likely the password in use, and AWSCURRENT's no longer works then."
        ),
        _ => format!(
            "{set}{test}: the password of AWSPENDING {pending} is likely set, and unless two users take turns \
             AWSCURRENT's no longer works then."
        ),
    }
}
