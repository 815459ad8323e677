//! What is said once setSecret has set the pending password, or logged in with it.

use std::sync::Arc;

use super::code::Code;
use super::course::Course;
use super::words::at;
use crate::domain::invocation::Entry;
use crate::domain::rotation::Step;
use crate::domain::template::What;
use crate::text::count;

/// Who is hit where a single user's password was changed: they read the one from before.
const READERS: &str = "whoever reads the secret now likely can't log in";

/// testSecret was let in. Of users who take turns that is the one who isn't in use; where no line tells the strategy, it may
/// be.
pub(super) fn tested(pending: &str, course: &Course) -> String {
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
        Code::Single => {
            format!("AWSPENDING {pending} is the password in use, and AWSCURRENT's no longer works: {READERS}.")
        }
        _ => format!(
            "the password of AWSPENDING {pending} works, and unless two users take turns AWSCURRENT's no longer does: then \
             {READERS}."
        ),
    };
    format!("testSecret signed in with the pending password{at}, and {then}: {so}")
}

/// setSecret reported success, and testSecret did not.
pub(super) fn likely(pending: &str, course: &Course) -> String {
    let seen = set_and_test(course);
    match course.code {
        Code::Alternating => format!(
            "{seen}: the password of AWSPENDING {pending} is likely set, for the user who is not in use; that of \
             AWSCURRENT's user was not changed."
        ),
        Code::Single => format!(
            "{seen}: AWSPENDING {pending} is likely the password in use; AWSCURRENT's no longer works then, and {READERS}."
        ),
        _ => format!(
            "{seen}: the password of AWSPENDING {pending} is likely set; unless two users take turns, AWSCURRENT's no \
             longer works then, and {READERS}."
        ),
    }
}

/// Whether setSecret set the password, or logged in with it: what it finds set already, some attempt before has set.
pub(super) fn set_said(line: &Arc<Entry>) -> &'static str {
    match line.said.as_ref().map(|said| said.what) {
        Some(What::AlreadyDone) => "setSecret logged in with the pending password",
        _ => "setSecret reported success",
    }
}

/// How far setSecret came before it let nobody in.
pub(super) fn set_once(course: &Course) -> String {
    let line = course.changed.as_ref().or(course.set.as_ref());
    line.map_or_else(String::new, |line| format!("{}{}", set_said(line), at(line)))
}

/// How far setSecret and testSecret came.
pub(super) fn set_and_test(course: &Course) -> String {
    let set = match (&course.changed, &course.set) {
        (Some(changed), Some(set)) if changed != set => {
            format!("setSecret set the pending password{} and logged in with it{}", at(changed), at(set))
        }
        (_, Some(line)) => format!("{}{}", set_said(line), at(line)),
        (_, None) => "testSecret was reached, so setSecret had returned".to_owned(),
    };
    let test = match &course.tested {
        Some((true, line)) => format!(", and testSecret signed in with the pending password{}", at(line)),
        Some((false, line)) if course.refusals > 1 => {
            format!(", and testSecret failed {}, last{}", count(course.refusals, "time"), at(line))
        }
        Some((false, line)) => format!(", and testSecret failed{}", at(line)),
        None => ", and no line says how testSecret ended".to_owned(),
    };
    format!("{set}{test}")
}
