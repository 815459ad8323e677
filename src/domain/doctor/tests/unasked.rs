//! A function that nobody may ask about, and words that were said before an attempt.

use super::made::{refused, *};
use super::*;
use crate::domain::fault::{Cause, Fault};
use crate::domain::function::FunctionFacts;
use crate::domain::permission::Operation;
use crate::domain::rotation::Step;
use crate::domain::trail::RotationFailure;

/// Refused in setSecret at the second 4, as whoever looks at the second `now` sees it.
fn refused_in_set(function: Option<&FunctionFacts>, now: i64) -> Case {
    refused_and(function, &[], now)
}

/// The same, where CloudTrail has these failures.
fn refused_and(function: Option<&FunctionFacts>, failures: &[RotationFailure], now: i64) -> Case {
    let mut writer = Writer::default();
    writer.write(0, &well(Code::Single, Step::Create, false), false);
    writer.write(3, &refused(Code::Single), false);
    let (secret, versions, log) = (secret(), versions(true), writer.read_from(-1000));
    let facts = Facts { versions: Some(&versions), function, log: Some(&log), failures, ..facts(&secret, now) };
    facts.case(&pending())
}

#[test]
fn lines_of_a_function_that_nobody_may_ask_about_are_never_all() {
    let known = function(false);
    let denied = FunctionFacts {
        configuration: Err(Fault::new(Operation::GetFunctionConfiguration, Cause::TimedOut)),
        ..known.clone()
    };
    // Its levels may hide lines since, and its log group may be another one by now.
    assert_eq!(refused_in_set(Some(&known), 20_000).verdict(), Verdict::Current);
    assert_eq!(refused_in_set(Some(&denied), 20_000).verdict(), Verdict::Unknown);
    assert_eq!(refused_in_set(None, 20_000).verdict(), Verdict::Unknown);
}

#[test]
fn an_attempt_that_failed_at_set_secret_without_a_line_may_have_set_the_password() {
    let known = function(false);
    let verdict = |failures: &[RotationFailure]| refused_and(Some(&known), failures, 20_000).verdict();
    // That is the one in the log, and what ends before setSecret sets nothing.
    assert_eq!(verdict(&[failure(Step::Set, 6)]), Verdict::Current);
    assert_eq!(verdict(&[failure(Step::Set, 6), failure(Step::Create, 9_000)]), Verdict::Current);
    // The function may have lost its right to write logs since.
    let case = refused_and(Some(&known), &[failure(Step::Set, 6), failure(Step::Set, 9_000)], 20_000);
    assert_eq!((case.verdict(), case.unlogged), (Verdict::Unknown, Some(Unlogged::Failed(at(9_000)))));
    assert!(case.offers().iter().all(|offer| offer.tested.is_some()), "{:?}", case.offers());
}

#[test]
fn nothing_can_have_run_since_the_last_line_and_the_time_that_a_function_may_take() {
    let known = function(false);
    let case = refused_in_set(Some(&known), 20_000);
    let last = case.course.last_sign.unwrap_or_default();
    assert_eq!(case.still_since, Some(last + patience(known.configuration.as_ref().ok())));
}
