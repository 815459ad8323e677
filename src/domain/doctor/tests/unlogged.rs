//! A setSecret without a line: lost, or never started.

use super::made::{refused, *};
use super::*;
use crate::domain::catalogue::Catalogue;
use crate::domain::change::{Fix, Tested};
use crate::domain::fault::{Cause as FaultCause, Fault};
use crate::domain::permission::Operation;
use crate::domain::rotation::Step;
use crate::domain::trail::RotationFailure;

/// A log of these steps, each 3 s after the one before.
fn log(told: &[Told]) -> Writer {
    let mut writer = Writer::default();
    (0..).zip(told).for_each(|(nth, told)| writer.write(nth * 3, told, false));
    writer
}

fn diagnosis(writer: &Writer, failures: &[RotationFailure], reserved: Option<u32>, gaps: Vec<Gap>) -> Diagnosis {
    let (secret, versions, log) = (secret(), versions(true), writer.read_from(-1000));
    let function = crate::domain::function::FunctionFacts { concurrency: Ok(reserved), ..function(false) };
    let facts = Facts {
        versions: Some(&versions),
        function: Some(&function),
        log: Some(&log),
        failures,
        ..facts(&secret, 20_000)
    };
    Diagnosis::of(&facts, &Catalogue::builtin(), gaps, Vec::new())
}

fn created() -> Told {
    well(Code::Single, Step::Create, false)
}

/// As Python's KeyError, which names no secret.
fn no_masterarn() -> Told {
    Told { lines: Vec::new(), raised: Some("KeyError: 'masterarn'".to_owned()), ends: Ends::Raises }
}

/// Nothing is dropped without a word, and the first sentence says what is missing.
fn is_open(known: &Diagnosis, words: &str) {
    let first = known.headline();
    assert_eq!(known.verdict(), Some(Verdict::Unknown), "{first}");
    assert!(known.allows(Fix::Drop, None).is_err(), "{first}");
    assert!(first.contains("isn't known: ") && first.contains(words), "{first}");
}

#[test]
fn an_attempt_that_failed_at_set_secret_right_after_create_secret_is_not_dropped() {
    let failed = [failure(Step::Set, 32)];
    let words = "failed at setSecret 2027-01-15 08:00:32Z, and the log has no line of that setSecret";
    is_open(&diagnosis(&log(&[created()]), &failed, None, Vec::new()), words);
    // Where nothing can begin, createSecret would have failed: somebody has stopped the function since.
    is_open(&diagnosis(&log(&[created()]), &failed, Some(0), Vec::new()), words);
    // Nor does it say anything where the createSecret of that attempt has no line either.
    is_open(
        &diagnosis(&log(&[created()]), &[failure(Step::Set, 32), failure(Step::Set, 9_000)], Some(2), vec![]),
        "10:30:00Z",
    );
}

#[test]
fn a_function_that_is_refused_at_times_writes_no_line_and_that_is_said() {
    let (attempts, failed) = ([created(), created(), created()], [32, 35, 38].map(|at| failure(Step::Set, at)));
    let known = diagnosis(&log(&attempts), &failed, Some(2), Vec::new());
    let first = known.headline();
    assert_eq!(known.verdict(), Some(Verdict::Current), "{first}");
    assert!(first.contains("has no line of setSecret, which likely was never started (the function's"), "{first}");
    assert!(first.contains("concurrency is 2"), "{first}");
    // Of one or two the lines may be lost as well.
    is_open(&diagnosis(&log(&attempts[..1]), &failed[..1], Some(2), Vec::new()), "no line of that setSecret");
    is_open(&diagnosis(&log(&attempts[..2]), &failed[..2], Some(2), Vec::new()), "no line of that setSecret");
    // Without CloudTrail's word it is no evidence.
    is_open(&diagnosis(&log(&[created()]), &[], Some(2), Vec::new()), "no line of setSecret after it");
}

#[test]
fn whoever_cannot_ask_cloud_trail_is_not_told_more() {
    let denied = Fault::new(Operation::LookupEvents, FaultCause::TimedOut);
    let gap = Gap { missing: Some("cloudtrail:LookupEvents"), ..Gap::of(FAILURES, &denied) };
    let known = diagnosis(&log(&[created()]), &[], None, vec![gap]);
    is_open(&known, "the log has no line of setSecret after it");
    assert!(known.headline().contains("CloudTrail, which may tell how the attempt ended, can't be asked ("));
    let advice = known.advice().unwrap_or_default();
    assert!(advice.starts_with("get cloudtrail:LookupEvents and ask again, or log in with each password"), "{advice}");
    assert!(known.allows(Fix::Drop, Some(Tested::Current)).is_ok());
    // What its own line says needs no CloudTrail.
    let told = diagnosis(&log(&[created(), refused(Code::Single)]), &[], None, Vec::new());
    assert_eq!(told.verdict(), Some(Verdict::Current));
    // Each attempt counts: what an earlier one did is not known by what the last one didn't.
    let attempts = [created(), well(Code::Single, Step::Create, true), refused(Code::Single)];
    is_open(&diagnosis(&log(&attempts), &[], None, Vec::new()), "createSecret returned 2027-01-15 08:00:02Z");
}

#[test]
fn a_refusal_that_names_no_secret_is_this_one_s_where_something_says_so() {
    let lines = log(&[created(), no_masterarn()]);
    let known = diagnosis(&lines, &[failure(Step::Set, 8)], None, Vec::new());
    let first = known.headline();
    assert_eq!(known.verdict(), Some(Verdict::Current), "{first}");
    assert!(
        first.contains("likely with `KeyError: 'masterarn'` at 2027-01-15 08:00:05Z, which setSecret says"),
        "{first}"
    );
    assert!(first.ends_with("which names the superuser secret.") && !known.doubts_line(), "{first}");
    // In a log of this secret alone it follows on its createSecret.
    let alone = diagnosis(&lines, &[], None, Vec::new());
    assert!(alone.headline().contains("tells of no other secret's rotation. If that line"), "{}", alone.headline());
    // In one that two secrets share it may be the other's.
    let other = Told {
        lines: vec![("INFO", "createSecret: Successfully retrieved secret for arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/other-a1B2c3.".to_owned())],
        ..created()
    };
    is_open(&diagnosis(&log(&[created(), other, no_masterarn()]), &[], None, Vec::new()), "no line of setSecret");
}

#[test]
fn what_cloud_trail_says_of_a_value_that_is_not_there_is_the_cause_and_is_shown() {
    let words = format!("Pending secret version {PENDING} for Secret x was not created by Lambda y. Remove the label");
    let failed = [RotationFailure { step: None, message: words.as_str().into(), ..failure(Step::Create, 8) }];
    let (secret, versions, function) = (secret(), versions(false), function(false));
    let facts =
        Facts { versions: Some(&versions), function: Some(&function), failures: &failed, ..facts(&secret, 20_000) };
    let known = Diagnosis::of(&facts, &Catalogue::builtin(), Vec::new(), Vec::new());
    let first = known.headline();
    assert!(first.contains(". Likely the function ended createSecret without a PutSecretValue"), "{first}");
    assert!(known.cause.as_ref().is_some_and(|cause| cause.remedy.raw().contains("RotationToken")));
    assert!(known.clues().iter().any(|clue| clue.sentence.ends_with(&words)));
    assert!(known.advice().is_some_and(|advice| advice.starts_with("drop AWSPENDING, then mend the cause")));
}

#[test]
fn what_was_set_before_nobody_was_let_in_is_said_first_and_not_dropped() {
    let steps = [
        created(),
        well(Code::Single, Step::Set, false),
        well(Code::Single, Step::Create, true),
        no_login(Code::Single),
    ];
    let known = diagnosis(&log(&steps), &[], None, Vec::new());
    let (first, advice) = (known.headline(), known.advice().unwrap_or_default());
    assert_eq!(known.verdict(), Some(Verdict::Neither));
    assert!(
        first.starts_with(
            "None of the passwords let setSecret in at 2027-01-15 08:00:11Z, though before, at 2027-01-15 08:00:04Z, it"
        ),
        "{first}"
    );
    assert!(first.contains("changed outside rotation; or") && !first.contains("taken off"), "{first}");
    assert!(advice.ends_with("; don't drop AWSPENDING before"), "{advice}");
    // Nor is promoting what comes first where nothing was set.
    let known = diagnosis(&log(&[created(), no_login(Code::Single)]), &[], None, Vec::new());
    let offers = known.stuck.as_ref().map(|(_, case)| case.offers()).unwrap_or_default();
    assert_eq!(offers.iter().map(|offer| offer.fix).collect::<Vec<_>>(), [Fix::Drop, Fix::Promote]);
    assert!(known.headline().contains("taken off after setSecret"), "{}", known.headline());
}
