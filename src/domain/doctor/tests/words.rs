//! The first sentence, where it is all that somebody reads.

use super::made::*;
use super::*;
use crate::domain::catalogue::Catalogue;
use crate::domain::fault::{Cause as FaultCause, Fault};
use crate::domain::permission::Operation;
use crate::domain::rotation::Step;

const LATE: i64 = 20_000;

/// What is made of a log, where the pending version has a value, or not, or nobody may list the versions.
fn diagnosis(writer: Option<&Writer>, has_value: Option<bool>, gaps: Vec<Gap>) -> Diagnosis {
    let (secret, function) = (secret(), function(false));
    let (versions, log) = (has_value.map(versions), writer.map(|writer| writer.read_from(-1000)));
    let facts = Facts {
        secret: &secret,
        versions: versions.as_deref(),
        function: Some(&function),
        log: log.as_ref(),
        failures: &[],
        cancelled: &[],
        actions: &[],
        off_since: None,
        now: at(LATE),
    };
    Diagnosis::of(&facts, &Catalogue::builtin(), gaps, Vec::new())
}

/// A log of these steps, each 3 s after the one before.
fn log(told: &[Told]) -> Writer {
    let mut writer = Writer::default();
    (0..).zip(told).for_each(|(nth, told)| writer.write(nth * 3, told, false));
    writer
}

#[test]
fn what_went_wrong_without_a_value_is_quoted() {
    let arn = secret().id.arn.raw().to_owned();
    let raises = |raised: &str| Told {
        lines: vec![("INFO", format!("createSecret: working on {arn}"))],
        raised: Some(raised.to_owned()),
        ends: Ends::Raises,
    };
    let first = |raised: &str| diagnosis(Some(&log(&[raises(raised)])), Some(false), Vec::new()).headline();
    let own = first("HTTPError: HTTP Error 502: Bad Gateway");
    assert!(own.starts_with("createSecret failed at ") && own.contains("HTTP Error 502: Bad Gateway. "), "{own}");
    assert!(own.contains("never got a value") && own.contains("AWSCURRENT stays on"), "{own}");
    let long = first(&format!("HTTPError: {}", "x".repeat(4_000)));
    assert!(long.len() < 600, "{long}");
    // A cause that is known is said in place of the line, and once.
    let known = diagnosis(Some(&log(&[raises("KeyError: 'SecretString'")])), Some(false), Vec::new());
    assert!(known.headline().starts_with("Likely the secret's value is binary"), "{}", known.headline());
    assert!(known.says_cause());
}

#[test]
fn code_of_one_s_own_is_quoted_and_every_way_out_is_named() {
    let writer = log(&[well(Code::Custom, Step::Create, false), no_login(Code::Custom)]);
    let custom = diagnosis(Some(&writer), Some(true), Vec::new());
    assert!(custom.headline().contains("error_perm: 530 Login incorrect. Which password"), "{}", custom.headline());
    let advice = custom.advice().unwrap_or_default();
    for way in ["promote the pending version", "drop AWSPENDING", "if none does, reset the password", "PutSecretValue"]
    {
        assert!(advice.contains(way), "{way}: {advice}");
    }
}

#[test]
fn without_the_versions_it_is_said_all_the_same_that_set_secret_was_let_in() {
    let arn = secret().id.arn.raw().to_owned();
    let failed = fails(Step::Test, &format!("Unable to log into database with pending secret of secret ARN {arn}"));
    let steps = [well(Code::Single, Step::Create, true), well(Code::Single, Step::Set, true), failed];
    let first = diagnosis(Some(&log(&steps)), None, Vec::new()).headline();
    assert!(first.contains("setSecret logged in with the pending password"), "{first}");
    assert!(first.contains("testSecret failed") && first.contains("isn't known"), "{first}");
}

#[test]
fn without_the_versions_a_log_that_is_not_there_is_named_too() {
    let denied = Gap::of("the function's log", &Fault::new(Operation::FilterLogEvents, FaultCause::TimedOut));
    let why = denied.why.trim_end_matches('.').to_owned();
    let first = diagnosis(None, None, vec![denied]).headline();
    assert!(first.contains("the versions could not be listed") && first.contains(&format!("({why})")), "{first}");
}

#[test]
fn a_password_that_was_set_and_later_not_taken_is_said_to_be_so() {
    let writer = log(&[well(Code::Single, Step::Create, false), well(Code::Single, Step::Set, false)]);
    let mut known = diagnosis(Some(&writer), Some(true), Vec::new());
    let Some((_, case)) = &mut known.stuck else { panic!("it is stuck") };
    let mut later = case.course.set.as_deref().cloned();
    if let Some(line) = &mut later {
        line.event.at = at(7_200);
    }
    case.course.untaken = later.map(std::sync::Arc::new);
    assert_eq!(known.verdict(), Some(Verdict::Unknown));
    let first = known.headline();
    assert!(first.contains("setSecret reported success") && first.contains("was not let in with it"), "{first}");
}
