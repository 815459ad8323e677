//! What was seen, as sentences: the evidence that a verdict rests on, and not more than that.

use std::sync::Arc;

use super::after_set::{none_let_in, set_said};
use super::code::Code;
use super::course::Course;
use super::decision::Case;
use super::diagnosis::{Clue, Diagnosis, Origin};
use super::failed::Whose;
use super::words::on;
use crate::domain::action::Action;
use crate::domain::invocation::Entry;
use crate::domain::log::Kind;
use crate::domain::rotation::Step;
use crate::domain::version::{StagingLabel, Value};
use crate::text::{count, safe};

impl Diagnosis {
    /// What was seen, in the order of time as far as it has one.
    pub fn clues(&self) -> Vec<Clue> {
        let Some((pending, case)) = &self.stuck else { return Vec::new() };
        let course = &case.course;
        let labels =
            format!("AWSPENDING is on {}, AWSCURRENT on {}.", pending.short(), on(self, &StagingLabel::Current));
        let mut clues = vec![Clue { at: None, sentence: labels, origin: Origin::Secret }];
        clues.extend(value(case));
        // Without a value there was nothing to set.
        let has_value = case.value != Value::Empty;
        let lines = [
            (course.stored.as_ref(), "createSecret stored the value"),
            (
                course.refused.as_ref().filter(|_| has_value && course.refused != course.no_login),
                "setSecret ended before it changed anything",
            ),
            (course.no_login.as_ref(), none_let_in(course)),
            (course.changed.as_ref().filter(|_| course.changed != course.set), "setSecret reported success"),
            (course.set.as_ref(), course.set.as_ref().map_or("", set_said)),
            (
                course.unclear.as_ref().map(|unclear| &unclear.line).filter(|line| has_value && !self.is_later(line)),
                unclear_said(course),
            ),
        ];
        clues.extend(lines.into_iter().filter_map(|(line, what)| Some(by_line(line?, what))));
        clues.extend(course.tested.as_ref().map(|(passed, line)| {
            let times = count(course.refusals, "time");
            by_line(
                line,
                &match passed {
                    true => "testSecret signed in with the pending password".to_owned(),
                    false if course.refusals > 1 => format!("testSecret failed: {times} in this log, this one last"),
                    false => "testSecret failed".to_owned(),
                },
            )
        }));
        clues.extend(course.finishing.as_ref().map(|line| by_line(line, "finishSecret was reached")));
        let is_told =
            |line: &Entry| clues.iter().any(|clue| matches!(&clue.origin, Origin::Line(told) if **told == *line));
        let failing = course.failing.as_ref().filter(|failing| !is_told(&failing.line)).map(|failing| {
            let step = failing.step.or(self.beside(failing).and_then(|failure| failure.step));
            let step = step.map_or_else(String::new, |step| format!(" at {}", step.word()));
            let doubt = match self.whose() {
                Some(Whose::Ours) | None => "",
                Some(Whose::Likely) => " (no line of it names this secret, but CloudTrail has this one's failing then)",
                Some(Whose::Open) => " (no line of it names this secret: it may be another one's)",
                Some(Whose::Other) => {
                    " (no line of it names this secret, and CloudTrail has none of this one that failed then: likely another's)"
                }
            };
            by_line(&failing.line, &format!("The last attempt failed{step}{doubt}"))
        });
        clues.extend(failing);
        let before = course.failing.as_ref().and_then(|failing| failing.before.as_ref());
        let is_late =
            course.failing.as_ref().is_some_and(|failing| matches!(failing.line.line.kind, Kind::Platform(_)));
        let what = if is_late {
            "The last line that it wrote before its time was up"
        } else {
            "What its own code said last before it failed"
        };
        let before = before.map(|line| by_line(line, what));
        clues.extend(before);
        clues.extend(self.trail());
        clues.extend(self.by_hand.iter().cloned());
        clues.extend(self.actions.iter().map(by_record));
        clues.extend(self.cancelled.as_ref().map(|one| {
            let by = one.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            Clue { at: Some(one.at), sentence: format!("Rotation was turned off{by}."), origin: Origin::Trail }
        }));
        clues.sort_by_key(|clue| clue.at);
        clues.extend(code(course.code).map(|sentence| Clue { at: None, sentence, origin: Origin::Inference }));
        clues
    }

    /// Whether a line is of an attempt that failed behind setSecret, by CloudTrail.
    fn is_later(&self, line: &Entry) -> bool {
        let failing = self.stuck.as_ref().and_then(|(_, case)| case.course.failing.as_ref());
        let beside = failing.filter(|failing| *failing.line == *line).and_then(|failing| self.beside(failing));
        self.whose() == Some(Whose::Likely) && beside.is_some_and(|failure| failure.step > Some(Step::Set))
    }

    /// What CloudTrail says of the attempts.
    fn trail(&self) -> Option<Clue> {
        let last = self.failures.last()?;
        let step = last.step.map_or_else(String::new, |step| format!(" at {}", step.word()));
        let number = count(self.failures.len(), "attempt");
        // Without a step the message is all that there is.
        let says = if last.step.is_none() && !last.message.raw().is_empty() {
            format!(" with the words: {}", last.message)
        } else {
            ".".to_owned()
        };
        let sentence = format!("CloudTrail has {number} that failed, the last one{step}{says}");
        Some(Clue { at: Some(last.at), sentence, origin: Origin::Trail })
    }
}

/// What an invocation that may have changed the password says of itself.
fn unclear_said(course: &Course) -> &'static str {
    if course.unclear.as_ref().is_some_and(|unclear| !unclear.has_ended) {
        return "An invocation began of which no line tells the step, nor that it ended";
    }
    match course.unclear.as_ref().and_then(|unclear| unclear.step) {
        Some(Step::Set) => "setSecret ended, and no line says what it changed",
        Some(Step::Test | Step::Finish) => {
            "A step after setSecret was likely reached; no line of it names this secret: it may be another one's"
        }
        Some(Step::Create) | None => "An invocation ended of which no line tells the step, nor what it changed",
    }
}

fn value(case: &Case) -> Option<Clue> {
    let clue = |at, sentence: &str| Clue { at, sentence: sentence.to_owned(), origin: Origin::Versions };
    match case.value {
        Value::Unknown if case.has_value() => Some(Clue {
            at: None,
            sentence:
                "The pending version has a value, though the versions could not be listed: lines of the log say so."
                    .to_owned(),
            origin: Origin::Inference,
        }),
        Value::Unknown => None,
        Value::Empty => {
            Some(clue(None, "The pending version has no value: DescribeSecret has it, ListSecretVersionIds doesn't."))
        }
        Value::Put(at) => Some(clue(at, "The pending version got its value.")),
    }
}

fn by_line(line: &Arc<Entry>, what: &str) -> Clue {
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
