//! The first sentence, where it is all that somebody reads.

use super::made::*;
use super::*;
use crate::domain::catalogue::Catalogue;
use crate::domain::change::{Fix, Tested};
use crate::domain::fault::{Cause as FaultCause, Fault};
use crate::domain::permission::Operation;
use crate::domain::rotation::Step;
use crate::domain::secret::Secret;

const LATE: i64 = 20_000;

/// What is made of a log, where the pending version has a value, or not, or nobody may list the versions.
fn diagnosis(writer: Option<&Writer>, has_value: Option<bool>, gaps: Vec<Gap>) -> Diagnosis {
    let (secret, function) = (secret(), function(false));
    let (versions, log) = (has_value.map(versions), writer.map(|writer| writer.read_from(-1000)));
    let facts =
        Facts { versions: versions.as_deref(), function: Some(&function), log: log.as_ref(), ..facts(&secret, LATE) };
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
    assert!(own.contains(" createSecret failed at ") && own.contains("HTTP Error 502: Bad Gateway."), "{own}");
    assert!(own.starts_with("AWSPENDING 7d0c…f2e1 never got a value") && own.contains("AWSCURRENT stays on"), "{own}");
    let long = first(&format!("HTTPError: {}", "x".repeat(4_000)));
    assert!(long.len() < 600, "{long}");
    // A cause that is known is said in place of the line, and once.
    let known = diagnosis(Some(&log(&[raises("KeyError: 'SecretString'")])), Some(false), Vec::new());
    assert!(known.headline().contains(". Likely the secret's value is binary"), "{}", known.headline());
}

#[test]
fn code_of_one_s_own_is_quoted_and_every_way_out_is_named() {
    let writer = log(&[well(Code::Custom, Step::Create, false), no_login(Code::Custom)]);
    let custom = diagnosis(Some(&writer), Some(true), Vec::new());
    assert!(custom.headline().ends_with("error_perm: 530 Login incorrect."), "{}", custom.headline());
    let advice = custom.advice().unwrap_or_default();
    for way in ["promote the pending version", "drop AWSPENDING", "if none does, reset the password", "PutSecretValue"]
    {
        assert!(advice.contains(way), "{way}: {advice}");
    }
}

#[test]
fn without_the_versions_a_login_with_the_pending_password_proves_that_there_is_one() {
    let arn = secret().id.arn.raw().to_owned();
    let failed = fails(Step::Test, &format!("Unable to log into database with pending secret of secret ARN {arn}"));
    let steps = [well(Code::Single, Step::Create, true), well(Code::Single, Step::Set, true), failed];
    let known = diagnosis(Some(&log(&steps)), None, Vec::new());
    let first = known.headline();
    assert!(first.contains("setSecret logged in with the pending password"), "{first}");
    assert!(first.contains("testSecret failed") && first.contains("is likely set"), "{first}");
    assert!(known.clues().iter().any(|clue| clue.sentence.contains("has a value, though the versions")));
    assert!(known.allows(Fix::Promote, Some(Tested::Pending)).is_ok());
    assert!(known.allows(Fix::Promote, None).is_err() && known.allows(Fix::Drop, Some(Tested::Current)).is_err());
}

#[test]
fn lines_from_before_the_secret_last_changed_prove_nothing_of_this_version() {
    let writer = log(&[well(Code::Single, Step::Create, false), well(Code::Single, Step::Set, false)]);
    let (mut secret, function, log) = (secret(), function(false), writer.read_from(-1000));
    let case = |secret: &Secret| {
        let facts = Facts { function: Some(&function), log: Some(&log), ..facts(secret, LATE) };
        facts.case(&pending())
    };
    assert!(case(&secret).is_used);
    secret.last_changed = Some(at(60));
    let earlier = case(&secret);
    assert_eq!((earlier.is_used, earlier.verdict()), (false, Verdict::Unknown));
}

#[test]
fn many_failures_behind_a_good_set_secret_are_not_waited_out() {
    let arn = secret().id.arn.raw().to_owned();
    let failed = fails(Step::Test, &format!("Unable to log into database with pending secret of secret ARN {arn}"));
    let attempt =
        |again| [well(Code::Single, Step::Create, again), well(Code::Single, Step::Set, again), failed.clone()];
    let once = diagnosis(Some(&log(&attempt(false))), Some(true), Vec::new());
    assert!(once.advice().is_some_and(|advice| advice.contains("let AWS try again")), "{:?}", once.advice());
    assert!(once.cause.is_some());
    let twice = diagnosis(Some(&log(&[attempt(false), attempt(true)].concat())), Some(true), Vec::new());
    let (first, advice) = (twice.headline(), twice.advice().unwrap_or_default());
    assert!(first.contains("set the pending password at ") && first.contains("and logged in with it at "), "{first}");
    assert!(first.contains("testSecret failed 2 times") && first.contains("likely can't log in"), "{first}");
    assert!(!advice.contains("let AWS try again") && advice.contains("log in with the pending password"), "{advice}");
    // Its usual causes are none here: the same password was let in a moment before.
    assert_eq!(twice.cause, None);
    assert!(twice.clues().iter().any(|clue| clue.sentence == "setSecret reported success."));
}

#[test]
fn what_custom_code_said_before_it_failed_is_shown_and_its_work_elsewhere_is_looked_for() {
    let arn = secret().id.arn.raw().to_owned();
    let asks = Told {
        lines: vec![("INFO", format!("createSecret: Asking the provider for a new key for {arn}"))],
        raised: Some("HTTPError: HTTP Error 502: Bad Gateway".to_owned()),
        ends: Ends::Raises,
    };
    let known = diagnosis(Some(&log(&[asks])), Some(false), Vec::new());
    let (first, advice) = (known.headline(), known.advice().unwrap_or_default());
    assert!(!first.contains("loses nothing") && first.contains("as a key, is in no line"), "{first}");
    assert!(advice.starts_with("see at the service whether createSecret has made something there"), "{advice}");
    let shown = known.clues().into_iter().any(|clue| match clue.origin {
        Origin::Line(line) => line.event.message.raw().contains("Asking the provider"),
        _ => false,
    });
    assert!(shown);
}

#[test]
fn a_line_that_names_no_secret_keeps_its_doubt() {
    let silent = Told {
        lines: vec![("INFO", "Found credentials in environment variables.".to_owned())],
        raised: None,
        ends: Ends::TimesOut,
    };
    let mut known = diagnosis(Some(&log(&[silent])), Some(false), Vec::new());
    let first = known.headline();
    assert!(
        first.contains(" The log has a time-out after 30 s, which Lambda reports,")
            && first.contains("If it is this one's, likely "),
        "{first}"
    );
    known.failures = vec![failure(Step::Create, 31)];
    let first = known.headline();
    assert!(first.contains(" An attempt failed at createSecret ") && first.contains("no line there names this secret"));
    assert!(!known.doubts_line(), "{first}");
}

#[test]
fn a_right_that_is_missing_is_what_to_get_and_every_login_has_its_way() {
    let denied = Fault::new(Operation::FilterLogEvents, FaultCause::TimedOut);
    let gap = Gap { missing: Some("logs:FilterLogEvents"), ..Gap::of(LOG, &denied) };
    let mut known = diagnosis(None, Some(true), vec![gap]);
    known.failures = vec![failure(Step::Set, 6)];
    let (first, advice) = (known.headline(), known.advice().unwrap_or_default());
    assert!(first.contains(" An attempt failed at setSecret "), "{first}");
    assert!(advice.starts_with("get logs:FilterLogEvents and ask again, or log in with each password: "), "{advice}");
    assert!(advice.contains("drop AWSPENDING at once, with secdash, which turns rotation off first and may ask for that login again, then find the cause and mend it, and rotate again"), "{advice}");
    // Each right is named that would tell more.
    let denied = Fault::new(Operation::ListSecretVersionIds, FaultCause::TimedOut);
    let what = "the versions: whether the pending one has a value";
    let versions = Gap { missing: Some("secretsmanager:ListSecretVersionIds"), ..Gap::of(what, &denied) };
    let mut blind = diagnosis(None, None, vec![versions, known.gaps[0].clone()]);
    let advice = blind.advice().unwrap_or_default();
    assert!(advice.starts_with("get secretsmanager:ListSecretVersionIds and logs:FilterLogEvents and ask"), "{advice}");
    if let Some((_, case)) = &mut blind.stuck {
        case.failed_at = Some(Step::Test);
    }
    assert!(blind.headline().contains("; CloudTrail has testSecret as a step that failed"), "{}", blind.headline());
    // Where setSecret has returned, it isn't dropped, and that branch is still said.
    let Some((_, case)) = &mut known.stuck else { panic!("it is stuck") };
    case.failed_at = Some(Step::Test);
    let advice = known.advice().unwrap_or_default();
    assert!(advice.contains("if only AWSCURRENT's does, leave AWSPENDING (readers can log in)"), "{advice}");
}

#[test]
fn rotation_that_is_off_is_said_first_and_stays_off() {
    let writer = log(&[well(Code::Custom, Step::Create, false), no_login(Code::Custom)]);
    let mut known = diagnosis(Some(&writer), Some(true), Vec::new());
    known.secret.rotation_enabled = Some(false);
    assert!(known.headline().starts_with("Rotation is off. Which password"), "{}", known.headline());
    assert!(known.advice().is_some_and(|advice| advice.contains("`secdash rotation on prod/db`")));
    let sentences: Vec<_> = known.clues().into_iter().map(|clue| clue.sentence).collect();
    assert!(sentences.contains(&"setSecret ended, and no line says what it changed.".to_owned()), "{sentences:?}");
    let change = known.change(Fix::Drop, Some(Tested::Current)).unwrap();
    let plan = known.plan(&change).unwrap();
    assert!(plan.warning().is_some_and(|text| text.contains("stays off: `secdash rotation on prod/db`")));
    assert!(plan.then().contains("stays off") && plan.rotation() == Some("off, and stays off"));
}

#[test]
fn without_the_versions_a_log_that_is_not_there_is_named_too() {
    let denied = Gap::of(LOG, &Fault::new(Operation::FilterLogEvents, FaultCause::TimedOut));
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

#[test]
fn what_is_lost_by_a_wrong_drop_depends_on_who_takes_turns() {
    let wrong = |code| {
        let known = diagnosis(Some(&log(&[well(code, Step::Create, false), no_login(code)])), Some(true), Vec::new());
        let change = known.change(Fix::Drop, Some(Tested::Current)).unwrap();
        change.if_wrong().unwrap_or_default()
    };
    assert!(wrong(Code::Single).contains("AWSCURRENT's doesn't work, and no label"), "{}", wrong(Code::Single));
    assert!(wrong(Code::Alternating).contains("AWSCURRENT's user was not changed"), "{}", wrong(Code::Alternating));
    assert!(wrong(Code::Custom).contains("unless two users take turns"), "{}", wrong(Code::Custom));
}

#[test]
fn behind_a_test_that_names_no_secret_nothing_is_dropped_where_no_other_secret_rotates() {
    let nameless = Told {
        lines: Vec::new(),
        raised: Some("RuntimeError: testSecret: db refuses the new password".to_owned()),
        ends: Ends::Raises,
    };
    let fixes = |steps: &[Told]| {
        let known = diagnosis(Some(&log(steps)), Some(true), Vec::new());
        let offers = known.stuck.as_ref().map(|(_, case)| case.offers()).unwrap_or_default();
        offers.iter().map(|offer| offer.fix).collect::<Vec<_>>()
    };
    let created = well(Code::Custom, Step::Create, false);
    assert_eq!(fixes(&[created.clone(), nameless.clone()]), [Fix::Promote]);
    let other = Told {
        lines: vec![("INFO", "createSecret: Successfully retrieved secret for arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/other-a1B2c3.".to_owned())],
        ..created.clone()
    };
    assert_eq!(fixes(&[created, other, nameless]), [Fix::Promote, Fix::Drop]);
}
