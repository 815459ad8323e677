//! The sentences of a diagnosis: what was seen, and not more than that.

use std::sync::Arc;

use super::course::{Code, Course, Sight};
use super::decision::{Case, Offer, Verdict};
use super::diagnosis::{Clue, Diagnosis, Origin};
use super::quiet::Quiet;
use crate::domain::action::Action;
use crate::domain::change::{Fix, Tested};
use crate::domain::invocation::Entry;
use crate::domain::rotation::Step;
use crate::domain::template::What;
use crate::domain::version::{Pending, StagingLabel, Value, VersionId};
use crate::text::{count, moment, safe, span};

/// A version whose id the labels don't tell.
fn on(diagnosis: &Diagnosis, label: &StagingLabel) -> String {
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

    fn nothing_pending(&self) -> String {
        if self.secret.labels.pending() == Pending::Same {
            return "AWSPENDING is on the version that is AWSCURRENT too: the rotation is done.".to_owned();
        }
        "AWSPENDING is on no version: no rotation is pending.".to_owned()
    }

    /// What to do, as an imperative; nothing where nothing is pending.
    pub fn advice(&self) -> Option<String> {
        let (_, case) = self.stuck.as_ref()?;
        Some(
            match (case.verdict(), case.value) {
                (Verdict::Current, _) => "mend the cause, drop AWSPENDING, and rotate again",
                (Verdict::Pending, _) => "mend the cause and let AWS try again, or promote the pending version",
                (Verdict::LikelyPending, _) => {
                    "mend the cause and let AWS try again; promote the pending version only if a login with it works"
                }
                (Verdict::Neither, _) => {
                    "open the way to the database and let AWS try again; reset the password only if no login works from \
                     a host that does reach it"
                }
                (Verdict::Unknown, Value::Unknown) => "get secretsmanager:ListSecretVersionIds, then ask again",
                (Verdict::Unknown, Value::Empty) => "find out what the function did with it first",
                (Verdict::Unknown, _) => "log in with each password, and say which one works",
            }
            .to_owned(),
        )
    }

    /// How sure the verdict is, in few words.
    pub fn surety(&self) -> Option<&'static str> {
        let (_, case) = self.stuck.as_ref()?;
        Some(match case.verdict() {
            Verdict::Unknown => "not known",
            _ if !self.awaited.is_empty() => "not everything has answered yet",
            Verdict::Current if case.value == Value::Empty => {
                "certain that it has no value: DescribeSecret has the version, ListSecretVersionIds doesn't"
            }
            Verdict::Current => "seen in the log, whole since the value was put",
            Verdict::Pending => "seen in the log; what was done to the database since was not",
            Verdict::LikelyPending if case.course.set.is_some() => "seen in the log; testSecret's own login failed",
            Verdict::LikelyPending => "inferred: testSecret runs only after setSecret has returned",
            Verdict::Neither if self.cause.is_some() => {
                "seen in the log; the cause is told by the words and how long it took"
            }
            Verdict::Neither => "seen in the log; which of both is not",
        })
    }

    /// Why a fix is not offered.
    pub(super) fn speaks_against(&self, fix: Fix) -> String {
        let headline = self.headline();
        match fix {
            Fix::Drop => format!("AWSPENDING can't be dropped safely. {headline}"),
            _ => format!("The pending version can't be promoted safely. {headline}"),
        }
    }

    pub(super) fn nothing_to_move(&self, fix: Fix) -> String {
        match fix {
            Fix::RollBack => "There is nothing to roll back to: AWSPREVIOUS is on no other version.".to_owned(),
            _ => self.nothing_pending(),
        }
    }

    /// What a person would have to say.
    pub(super) fn needs(&self, tested: Tested) -> String {
        let label = match tested {
            Tested::Pending => "AWSPENDING",
            Tested::Current => "AWSCURRENT",
            Tested::Previous => "AWSPREVIOUS",
        };
        let why = if self.stuck.is_some() {
            self.headline()
        } else {
            "That the one before works is in no evidence.".to_owned()
        };
        format!("{why} It needs your word that you logged in with the password of the version with {label}.")
    }

    /// Whether anything may run, as a sentence; nothing where nothing is pending.
    pub fn quiet(&self) -> Option<String> {
        let (_, case) = self.stuck.as_ref()?;
        let is_on = self.secret.rotation_enabled == Some(true);
        Some(match case.quiet {
            Quiet::Yes { since } if is_on => format!(
                "No attempt is seen to run; the last sign came {}. AWS may begin another one at any time.",
                moment(since)
            ),
            Quiet::Yes { since } => {
                format!("Rotation is off, and nothing is seen to run: the last sign came {}.", moment(since))
            }
            Quiet::No { until } => {
                let wait = span((until - self.at).max(chrono::TimeDelta::zero()));
                format!("An attempt may run until {}, in {wait}, if no other sign comes.", moment(until))
            }
            Quiet::Unknown if is_on => {
                "Whether an attempt runs can't be seen: AWS tries again at times that it tells nobody.".to_owned()
            }
            Quiet::Unknown => {
                "Rotation is off: AWS begins no attempt. Whether one that it began still runs can't be seen.".to_owned()
            }
        })
    }

    /// What was seen, in the order of time as far as it has one.
    pub fn clues(&self) -> Vec<Clue> {
        let Some((pending, case)) = &self.stuck else { return Vec::new() };
        let course = &case.course;
        let labels =
            format!("AWSPENDING is on {}, AWSCURRENT on {}.", pending.short(), on(self, &StagingLabel::Current));
        let mut clues = vec![Clue { at: None, sentence: labels, origin: Origin::Secret }];
        clues.extend(value(case.value));
        // Without a value there was nothing to set.
        let has_value = case.value != Value::Empty;
        let lines = [
            (course.stored.as_ref(), "createSecret stored the value"),
            (
                course.refused.as_ref().filter(|_| has_value && course.refused != course.no_login),
                "setSecret ended before it changed anything",
            ),
            (course.no_login.as_ref(), "None of the passwords let setSecret in"),
            (course.set.as_ref(), course.set.as_ref().map_or("", set_said)),
            (
                course.unclear.as_ref().filter(|_| has_value),
                "An invocation, probably setSecret, ended; no line says what it changed",
            ),
        ];
        clues.extend(lines.into_iter().filter_map(|(line, what)| Some(by_line(line?, what))));
        clues.extend(course.tested.as_ref().map(|(passed, line)| {
            by_line(line, if *passed { "testSecret signed in with the pending password" } else { "testSecret failed" })
        }));
        clues.extend(course.finishing.as_ref().map(|line| by_line(line, "finishSecret was reached")));
        let is_told =
            |line: &Entry| clues.iter().any(|clue| matches!(&clue.origin, Origin::Line(told) if **told == *line));
        let failing = course.failing.as_ref().filter(|failing| !is_told(&failing.line)).map(|failing| {
            let step = failing.step.map_or_else(String::new, |step| format!(" at {}", step.word()));
            let doubt = if failing.is_ours { "" } else { " (no line of it names a secret: it may be another one's)" };
            by_line(&failing.line, &format!("The last attempt failed{step}{doubt}"))
        });
        clues.extend(failing);
        clues.extend(self.trail());
        clues.extend(self.actions.iter().map(by_record));
        clues.extend(self.cancelled.as_ref().map(|one| {
            let by = one.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            Clue { at: Some(one.at), sentence: format!("Rotation was turned off{by}."), origin: Origin::Trail }
        }));
        clues.sort_by_key(|clue| clue.at);
        clues.extend(code(course.code).map(|sentence| Clue { at: None, sentence, origin: Origin::Inference }));
        clues
    }

    /// What CloudTrail says of the attempts.
    fn trail(&self) -> Option<Clue> {
        let last = self.failures.last()?;
        let step = last.step.map_or_else(String::new, |step| format!(" at {}", step.word()));
        let number = count(self.failures.len(), "attempt");
        let sentence = format!("CloudTrail has {number} that failed, the last one{step}.");
        Some(Clue { at: Some(last.at), sentence, origin: Origin::Trail })
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
fn set_said(line: &Arc<Entry>) -> &'static str {
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

fn value(value: Value) -> Option<Clue> {
    let clue = |at, sentence: &str| Clue { at, sentence: sentence.to_owned(), origin: Origin::Versions };
    match value {
        Value::Unknown => None,
        Value::Empty => {
            Some(clue(None, "The pending version has no value: DescribeSecret has it, ListSecretVersionIds doesn't."))
        }
        Value::Put(at) => Some(clue(at, "The pending version got its value.")),
    }
}

fn by_line(line: &std::sync::Arc<Entry>, what: &str) -> Clue {
    Clue { at: Some(line.event.at), sentence: format!("{what}."), origin: Origin::Line(line.clone()) }
}

/// What secdash itself did.
fn by_record(action: &Action) -> Clue {
    let sentence = format!("secdash was asked for {}: {}.", safe(&action.change), action.outcome.words());
    Clue { at: Some(action.at), sentence, origin: Origin::Record }
}

fn code(code: Code) -> Option<String> {
    Some(match code {
        Code::Unknown => return None,
        Code::Template => "Its lines are those of AWS's rotation templates.".to_owned(),
        Code::Single => "Its lines are those of AWS's template for a single user.".to_owned(),
        Code::Alternating => "Its lines are those of AWS's template for users who take turns.".to_owned(),
        Code::Custom => "Some of its lines are of no template of AWS's: what its steps do is its own.".to_owned(),
    })
}

impl Offer {
    /// The fix, in words for a list of ways out.
    pub fn words(&self) -> String {
        let what = match self.fix {
            Fix::Drop => "drop AWSPENDING",
            Fix::Promote => "promote the pending version",
            Fix::RollBack => "roll AWSCURRENT back",
            Fix::PutBack => "put AWSPENDING back",
        };
        let label = match self.tested {
            Some(Tested::Pending) => "AWSPENDING",
            Some(Tested::Current) => "AWSCURRENT",
            Some(Tested::Previous) => "AWSPREVIOUS",
            None => return what.to_owned(),
        };
        format!("{what}, if you logged in with the password of {label}")
    }
}
