//! What is said once setSecret has set the pending password, or logged in with it.

use std::sync::Arc;

use super::code::Code;
use super::course::Course;
use super::decision::Case;
use super::diagnosis::Diagnosis;
use super::words::at;
use crate::domain::invocation::Entry;
use crate::domain::rotation::Step;
use crate::domain::template::What;
use crate::domain::version::Value;
use crate::text::{count, moment};

impl Diagnosis {
    /// testSecret was let in. Of users who take turns that is the one who isn't in use; where no line tells the strategy, it
    /// may be.
    pub(super) fn tested(&self, pending: &str, case: &Case) -> String {
        // It was let in then; nobody has seen what was done to the database since, so all of it is likely only.
        let (readers, course) = (self.readers(), &case.course);
        let so = match course.code {
            Code::Alternating => format!(
                "The password of AWSPENDING {pending} likely works, for the other user; AWSCURRENT's user was not changed."
            ),
            Code::Single => {
                format!(
                    "AWSPENDING {pending} is likely the password in use, and AWSCURRENT's likely no longer works: {readers}."
                )
            }
            _ => format!(
                "The password of AWSPENDING {pending} likely works, and unless two users take turns AWSCURRENT's likely no \
                 longer does: then {readers}."
            ),
        };
        let at = course.tested.as_ref().map_or_else(String::new, |(_, line)| at(line));
        let then = match &course.failing {
            Some(failing) if failing.step == Some(Step::Finish) => "finishSecret failed",
            _ if self.failures.last().is_some_and(|last| last.step == Some(Step::Finish)) => {
                "finishSecret failed, by CloudTrail"
            }
            _ => "AWSCURRENT has not moved",
        };
        format!("{so} testSecret signed in with it{at}, and {then}.")
    }

    /// setSecret reported success, and testSecret did not.
    pub(super) fn likely(&self, pending: &str, case: &Case) -> String {
        let (readers, seen, course) = (self.readers(), self.set_and_test(case), &case.course);
        let so = match course.code {
            Code::Alternating => format!(
                "The password of AWSPENDING {pending} is likely set, for the other user; that of AWSCURRENT's user was not \
                 changed."
            ),
            Code::Single => format!(
                "AWSPENDING {pending} is likely the password in use; AWSCURRENT's no longer works then, and {readers}."
            ),
            _ => format!(
                "The password of AWSPENDING {pending} is likely set; unless two users take turns, AWSCURRENT's no longer \
                 works then, and {readers}."
            ),
        };
        format!("{so} {seen}.")
    }

    /// Who is hit where setSecret let nobody in after it had set the pending password, as one more sentence.
    pub(super) fn hit(&self, course: &Course) -> String {
        let readers = self.readers();
        match course.code {
            Code::Alternating => " AWSCURRENT's user was not changed.".to_owned(),
            Code::Single => format!(" AWSCURRENT's password likely no longer works, and {readers}."),
            _ => format!(" Unless two users take turns, AWSCURRENT's password likely no longer works, and {readers}."),
        }
    }

    /// Who is hit where a single user's password was changed: they read the one from before. What is marked for deletion
    /// nobody can read.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring_cloudwatch_deleted-secrets.html>
    fn readers(&self) -> &'static str {
        if self.secret.deleted.is_some() {
            "whoever reads the secret once it is restored likely can't log in"
        } else {
            "whoever reads the secret now likely can't log in"
        }
    }

    /// How far setSecret and testSecret came.
    pub(super) fn set_and_test(&self, case: &Case) -> String {
        let course = &case.course;
        let set = match (&course.changed, &course.set) {
            (Some(changed), Some(set)) if changed != set => {
                format!("setSecret set the pending password{} and logged in with it{}", at(changed), at(set))
            }
            (_, Some(line)) => format!("{}{}", set_said(line), at(line)),
            (_, None) if course.finishing.is_some() => {
                return "finishSecret was reached, so setSecret and testSecret had returned".to_owned();
            }
            (_, None) => "testSecret was reached, so setSecret had returned".to_owned(),
        };
        let test = match (&course.tested, self.failed_test()) {
            (Some((true, line)), _) => format!(", and testSecret signed in with the pending password{}", at(line)),
            // Where the versions can't be listed, only the lines since the secret last changed count.
            (Some((false, line)), _) if course.refusals > 1 && case.value != Value::Unknown => {
                format!(", and testSecret failed {}, last{}", count(course.refusals, "time"), at(line))
            }
            (Some((false, line)), _) => format!(", and testSecret failed{}", at(line)),
            (None, Some(failed)) => format!(", and testSecret failed, by CloudTrail, {failed}"),
            (None, None) => ", and no line says how testSecret ended".to_owned(),
        };
        format!("{set}{test}")
    }

    /// How often and when testSecret failed last, by CloudTrail.
    pub(super) fn failed_test(&self) -> Option<String> {
        let of_test = self.failures.iter().filter(|failure| failure.step == Some(Step::Test));
        let last = of_test.clone().next_back()?;
        Some(match of_test.count() {
            1 => format!("at {}", moment(last.at)),
            times => format!("{}, last at {}", count(times, "time"), moment(last.at)),
        })
    }
}

/// Whether setSecret set the password, or logged in with it: what it finds set already, some attempt before has set.
pub(super) fn set_said(line: &Arc<Entry>) -> &'static str {
    match line.said.as_ref().map(|said| said.what) {
        Some(What::AlreadyDone) => "setSecret logged in with the pending password",
        _ => "setSecret reported success",
    }
}

/// That no password let setSecret in. The template for users who take turns tries no third one.
pub(super) fn none_let_in(course: &Course) -> &'static str {
    if course.code == Code::Alternating {
        "Neither the pending nor the current password let setSecret in"
    } else {
        "None of the passwords let setSecret in"
    }
}

/// How far setSecret came before it let nobody in, as the end of a sentence.
pub(super) fn set_once(course: &Course) -> String {
    let Some(line) = course.changed.as_ref().or(course.set.as_ref()) else { return String::new() };
    let what = set_said(line).trim_start_matches("setSecret ");
    format!(", though before,{}, it {what}", at(line))
}
