//! Why nobody can tell which password is in use, as the end of a sentence.

use super::after_set::set_said;
use super::code::Code;
use super::course::Sight;
use super::decision::Case;
use super::diagnosis::{Diagnosis, Gap};
use super::unlogged::Unlogged;
use super::words::{at, uncapital};
use crate::domain::preflight::Rule;
use crate::domain::rotation::Step;
use crate::domain::tail::NoLog;
use crate::domain::version::{StagingLabel, Value};
use crate::text::moment;

/// What of CloudTrail tells how attempts ended, as it is called where it can't be asked.
pub const FAILURES: &str = "the attempts that failed";

/// The function's log, as it is called where it can't be read.
pub const LOG: &str = "the function's log";

impl Diagnosis {
    /// Why nobody can tell.
    pub(super) fn unknown(&self, case: &Case) -> String {
        if case.value == Value::Unknown && !case.is_used {
            return self.unlisted(case);
        }
        if case.value == Value::Empty {
            return "the pending version has no value, and yet its setSecret returned".to_owned();
        }
        if case.is_overtaken {
            return self.overtaken(case);
        }
        let reached = reached(case).map_or_else(String::new, |reached| format!("; {reached}"));
        format!("{}{reached}", self.unseen(case))
    }

    /// Another version got its value later: which of both the database has was seen by nobody.
    fn overtaken(&self, case: &Case) -> String {
        let put = match case.value {
            Value::Put(Some(at)) => format!(" {}", moment(at)),
            _ => String::new(),
        };
        let dated = self.versions.iter().flatten().filter_map(|version| Some((version.created?, version)));
        // Where they can't be listed CloudTrail has it.
        let unlisted = || "CloudTrail has a value that was written into another version meanwhile".to_owned();
        let later = dated.max_by_key(|(at, _)| *at).map_or_else(unlisted, |(at, version)| {
            let is_current = self.secret.labels.version_with(&StagingLabel::Current) == Some(&version.id);
            let label = if is_current { "AWSCURRENT " } else { "" };
            format!("{label}{} got its value {}, after the pending one did{put}", version.id.short(), moment(at))
        });
        let lines = if case.course.has_set() || case.course.tested.is_some() {
            "the lines of setSecret and testSecret name the secret, not which of both versions they are about"
        } else if case.course.sight == Sight::None {
            &self.no_log()
        } else {
            "no line tells which of both the database has"
        };
        let reached = reached(case).map_or_else(String::new, |reached| format!("; {reached}"));
        format!("{later}, and {lines}{reached}")
    }

    /// The versions could not be listed; what the log has all the same.
    fn unlisted(&self, case: &Case) -> String {
        let course = &case.course;
        let unlisted = "the versions could not be listed, so whether the pending one has a value, and which lines are of its \
                        own attempts, is not known";
        match &course.stored {
            _ if course.has_set() => format!(
                "the versions could not be listed, so which lines are of its own attempts is not known; the log has that {}",
                self.set_and_test(case)
            ),
            Some(line) => format!(
                "createSecret stored the pending value{}, but the versions could not be listed, so whether another one got its \
                 value later, and which lines of setSecret are of this one, is not known",
                at(line)
            ),
            None if reached(case).is_some() => format!("{unlisted}; {}", reached(case).unwrap_or_default()),
            None if course.sight == Sight::None => format!("{unlisted}; and {}", self.no_log()),
            None => unlisted.to_owned(),
        }
    }

    /// What is missing in the log.
    fn unseen(&self, case: &Case) -> String {
        let course = &case.course;
        match (course.sight, course.code) {
            (Sight::None, _) => self.no_log(),
            (_, Code::Custom) => {
                "some of the function's lines are of no template of AWS's, and what its steps do is its own".to_owned()
            }
            (Sight::Hidden, _) => "the function's log level hides the lines of steps that go well".to_owned(),
            (Sight::Tail, _) if course.stored.is_none() => {
                "the log doesn't reach back to the attempt that stored the pending value".to_owned()
            }
            (Sight::Tail, _) => match self.unasked() {
                Some(action) => format!(
                    "lines of the function's log may be missing, for its log group and levels can't be asked for without \
                     {action}"
                ),
                None => "lines of the function's log may be missing".to_owned(),
            },
            (Sight::Whole, _) => format!("{}{}", whole(case), self.untold(case)),
        }
    }

    /// That nobody may ask CloudTrail, which may tell of a setSecret that the log has no line of.
    fn untold(&self, case: &Case) -> String {
        let gap = self.trail_gap().filter(|_| matches!(case.unlogged, Some(Unlogged::Returned(_))));
        gap.map_or_else(String::new, |gap| {
            format!(
                "; CloudTrail, which may tell how the attempt ended, can't be asked ({})",
                uncapital(gap.why.trim_end_matches('.'))
            )
        })
    }

    /// What keeps CloudTrail from telling of attempts that failed.
    pub(super) fn trail_gap(&self) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.what == FAILURES)
    }

    /// The right that is missing to ask for the function's settings, where that is why they aren't known.
    pub(super) fn unasked(&self) -> Option<&'static str> {
        self.function.iter().filter(|check| check.rule == Rule::State).find_map(|check| check.missing)
    }

    /// What keeps the log from being read.
    pub(super) fn log_gap(&self) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.what == LOG)
    }

    /// That there is no log, and why.
    fn no_log(&self) -> String {
        let gap = self.log_gap();
        if let Some(gap) = gap.filter(|gap| gap.why == NoLog::NoFunction.to_string()) {
            return uncapital(gap.why.trim_end_matches('.'));
        }
        if let Some(gap) = gap.filter(|gap| gap.is_absent) {
            return format!("the function has no log that could be read: {}", uncapital(gap.why.trim_end_matches('.')));
        }
        let why = gap.map_or_else(String::new, |gap| format!(" ({})", uncapital(gap.why.trim_end_matches('.'))));
        format!("the function's log can't be read{why}")
    }
}

/// That CloudTrail tells of a step behind setSecret.
fn reached(case: &Case) -> Option<String> {
    let step = case.failed_at.filter(|step| *step > Step::Set)?;
    Some(format!("CloudTrail has {} as a step that failed, so setSecret had returned before", step.word()))
}

/// What a log that was read without a gap leaves open.
fn whole(case: &Case) -> String {
    let course = &case.course;
    match (&course.set, &course.untaken, &course.tested) {
        (Some(set), Some(untaken), _) if untaken.event.at > set.event.at => {
            return format!("{}{}, and a later attempt was not let in with it{}", set_said(set), at(set), at(untaken));
        }
        (None, _, Some((true, line))) => {
            return format!(
                "testSecret signed in with the pending password{}, and no line says that setSecret set it",
                at(line)
            );
        }
        _ => {}
    }
    match (&course.unclear, case.unlogged, &course.returned) {
        (_, _, Some(line)) if course.set.is_none() => {
            format!("setSecret has returned, seen{}, and no line says what it changed", at(line))
        }
        (Some(unclear), ..) if !unclear.has_ended => {
            format!("an invocation that may be of setSecret began{}, and no line tells how it ended", at(&unclear.line))
        }
        (Some(unclear), ..) => {
            let what = match unclear.step {
                Some(Step::Set) if !unclear.is_ours => {
                    ("a setSecret that may be this secret's ended", " without a word about what it changed")
                }
                Some(Step::Set) => ("setSecret ended", " without a word about what it changed"),
                Some(Step::Create) | None => {
                    ("an invocation that may be of setSecret ended", " without a word about what it changed")
                }
                Some(Step::Test | Step::Finish) => {
                    ("a step after setSecret was reached", " by an invocation that may be this secret's")
                }
            };
            format!("{}{}{}", what.0, at(&unclear.line), what.1)
        }
        (None, Some(Unlogged::Failed(at) | Unlogged::NotStarted(at)), _) => format!(
            "CloudTrail has an attempt that failed at setSecret {}, and the log has no line of that setSecret, which may have \
             changed the password",
            moment(at)
        ),
        (None, Some(Unlogged::Returned(at)), _) => format!(
            "createSecret returned {}, and the log has no line of setSecret after it, which may have come later all the same",
            moment(at)
        ),
        (None, None, _) => "the log and CloudTrail don't go together".to_owned(),
    }
}
