//! Rules about the secret itself.

use super::*;
use crate::domain::pending::Failure;
use crate::domain::rotation::Step;
use crate::domain::secret::ExternalRotation;
use crate::domain::version::Value;

use Grade::{Fine, Notice, Stops, Unknown, Warning};
use Purpose::{Rotate, TestOnly, TurnOff, TurnOn};

#[test]
fn deletion() {
    for purpose in ALL {
        Case::healthy().is(purpose, Rule::Deletion, Fine, "It isn't marked for deletion.");
        Case::with(|case| case.secret.deleted = Some(at("2026-11-26T09:14:00Z"))).is(
            purpose,
            Rule::Deletion,
            Stops,
            "It is marked for deletion, and gone in 6 d, after 2026-11-26 09:14:00Z: AWS refuses until it is restored. \
             → restore it first (RestoreSecret)",
        );
    }
    Case::with(|case| case.secret.deleted = Some(at("2026-11-19T09:14:00Z"))).is(
        Rotate,
        Rule::Deletion,
        Stops,
        "It is marked for deletion, and its recovery window is over: AWS refuses until it is restored. → restore it \
         first (RestoreSecret)",
    );
}

#[test]
fn replica() {
    let replica = |region: &str| {
        Case::with(|case| {
            case.secret.primary_region = Some(region.into());
            case.secret.rotation_function = None;
            case.secret.rotation_enabled = None;
            case.secret.rotation_rules = None;
            case.function = None;
        })
    };
    for purpose in ALL {
        replica("us-east-1").is(
            purpose,
            Rule::Replica,
            Stops,
            "It is a replica: AWS rotates the secret in us-east-1, and copies its value here. → do it in us-east-1: add \
             --region us-east-1",
        );
        assert_eq!(replica("us-east-1").check(purpose).of_grade(Stops).count(), 1);
    }
    // the primary itself
    replica("eu-west-1").is_silent(Rotate, Rule::Replica);
}

/// A secret that a service owns.
fn managed(configured: bool) -> Case {
    Case::with(|case| {
        case.secret.owning_service = Some("rds".into());
        case.secret.rotation_function = None;
        case.function = None;
        if !configured {
            case.secret.rotation_enabled = None;
            case.secret.rotation_rules = None;
        }
    })
}

#[test]
fn managed_by_a_service() {
    let words = "The service rds owns it and rotates it, without a function and without a log. AWS may refuse this with \
                 InvalidRequestException. → if AWS refuses, do it with rds";
    for purpose in ALL {
        managed(true).is(purpose, Rule::Managed, Warning, words);
    }
    managed(true).is_silent(Rotate, Rule::Configured);
    assert_eq!(managed(true).check(Rotate).verdict(), "1 warning");
    let never = "Rotation was never configured for it. → configure it with rds";
    managed(false).is(Rotate, Rule::Configured, Stops, never);
}

/// A partner's secret.
fn external(role: Option<&str>, enabled: Option<bool>) -> Case {
    Case::with(|case| {
        case.secret.external_type = Some("SalesforceClientSecret".into());
        case.secret.external_rotation =
            role.map(|role| ExternalRotation { role: Some(role.into()), ..ExternalRotation::default() });
        case.secret.rotation_function = None;
        case.secret.rotation_enabled = enabled;
        case.function = None;
    })
}

#[test]
fn managed_external() {
    let with_role = external(Some("arn:aws:iam::123456789012:role/partner"), Some(true));
    with_role.is(
        Rotate,
        Rule::External,
        Notice,
        "It is a managed external secret (SalesforceClientSecret): AWS rotates it at its partner, with the role \
         arn:aws:iam::123456789012:role/partner. There is no log.",
    );
    with_role.is_silent(Rotate, Rule::Configured);
    assert_eq!(with_role.check(Rotate).verdict(), "all clear");
    let without = external(None, None);
    without.is(
        Rotate,
        Rule::External,
        Notice,
        "It is a managed external secret (SalesforceClientSecret): AWS rotates it at its partner. There is no log.",
    );
    let words =
        "No role is set that rotates it (ExternalSecretRotationRoleArn). → set the role and what the partner asks for";
    without.is(Rotate, Rule::Configured, Stops, words);
    external(None, Some(true)).is_silent(Rotate, Rule::Configured);
}

#[test]
fn something_must_rotate_it() {
    let says = "AWS answers “No Lambda rotation function ARN is associated with this secret.” → set a rotation function \
                and a schedule first";
    let never = Case::with(|case| {
        case.secret.rotation_function = None;
        case.secret.rotation_enabled = None;
        case.secret.rotation_rules = None;
        case.function = None;
    });
    let lost = Case::with(|case| {
        case.secret.rotation_function = None;
        case.secret.rotation_enabled = Some(false);
        case.function = None;
    });
    for purpose in [Rotate, TestOnly, TurnOn] {
        never.is(purpose, Rule::Configured, Stops, &format!("Rotation was never configured: {says}"));
        lost.is(purpose, Rule::Configured, Stops, &format!("No rotation function is set: {says}"));
        never.is_silent(purpose, Rule::Enabled);
        Case::healthy().is_silent(purpose, Rule::Configured);
    }
    never.is_silent(TurnOff, Rule::Configured);
}

#[test]
fn rotation_that_is_off_is_turned_on() {
    let off = |enabled| Case::with(|case| case.secret.rotation_enabled = enabled);
    for purpose in [Rotate] {
        for enabled in [Some(false), None] {
            off(enabled).is(
                purpose,
                Rule::Enabled,
                Warning,
                "Rotation is off. RotateSecret turns it on again, with its schedule: every 30 days. → turn it off \
                 afterwards if it is to stay off",
            );
        }
        Case::healthy().is_silent(purpose, Rule::Enabled);
    }
    Case::with(|case| (case.secret.rotation_enabled, case.secret.rotation_rules) = (Some(false), None)).is(
        Rotate,
        Rule::Enabled,
        Warning,
        "Rotation is off. RotateSecret turns it on again. → turn it off afterwards if it is to stay off",
    );
    off(Some(false)).is(TurnOff, Rule::Enabled, Stops, "Rotation is off already.");
    off(None).is(TurnOff, Rule::Enabled, Stops, "Rotation was never configured.");
    Case::healthy().is_silent(TurnOff, Rule::Enabled);
    off(Some(false)).is_silent(TurnOn, Rule::Enabled);
    let on = "Rotation is on already. → `secdash rotate --test-only` runs a trial";
    Case::healthy().is(TurnOn, Rule::Enabled, Stops, on);
    let trial = "Rotation is off, and a trial would turn it on. → `secdash rotation on` does that, and runs the trial";
    off(Some(false)).is(TestOnly, Rule::Enabled, Stops, trial);
}

/// A secret with AWSPENDING on another version than AWSCURRENT.
fn pending(since: Option<&str>, value: Value, failure: Option<(&str, Option<&str>)>) -> Case {
    Case::with(|case| {
        let version = VersionId("7d0c2f7e-1111-4222-8333-94445555f2e1".into());
        let before = case.secret.labels.0.iter().map(|(id, labels)| (id.clone(), labels.clone()));
        let labels: Vec<_> = before.chain([(version, Box::from([StagingLabel::Pending]))]).collect();
        case.secret.labels = LabelMap(labels.into_iter().collect());
        let failure = failure.map(|(when, step)| Failure { at: at(when), step: step.map(Into::into) });
        case.signs = Signs { value, failure, since: since.map(at) };
    })
}

#[test]
fn an_earlier_rotation_stops_it() {
    let refuses = "AWS answers “A previous rotation isn't complete. That rotation will be reattempted.”";
    let put = Value::Put(None);
    for (case, words) in [
        (
            pending(None, Value::Unknown, None),
            format!(
                "Version 7d0c…f2e1 is AWSPENDING: {refuses} → find out from the function's log whether it runs or failed"
            ),
        ),
        (
            pending(Some("2026-11-20T09:13:19Z"), put, None),
            format!("Version 7d0c…f2e1 has been AWSPENDING for 41 s: {refuses} → wait until it ends"),
        ),
        (
            pending(Some("2026-11-20T09:04:00Z"), put, Some(("2026-11-20T09:09:00Z", Some("setSecret")))),
            format!(
                "Version 7d0c…f2e1 has been AWSPENDING for 10 min: {refuses} The last attempt known to have failed did so \
                 at setSecret 5 min ago. → mend what made it fail, and let AWS try again"
            ),
        ),
        (
            pending(Some("2026-11-18T09:14:00Z"), Value::Empty, Some(("2026-11-20T04:14:00Z", None))),
            format!(
                "Version 7d0c…f2e1 has been AWSPENDING for 2 d and has no value: {refuses} The last attempt known to have \
                 failed did so 5 h ago. → find out why it failed; then let AWS try again, promote that version, or drop \
                 AWSPENDING"
            ),
        ),
    ] {
        for purpose in [Rotate, TestOnly] {
            case.is(purpose, Rule::Pending, Stops, &words);
        }
    }
    let mut off = pending(Some("2026-11-18T09:14:00Z"), put, None);
    off.secret.rotation_enabled = Some(false);
    off.is(
        TurnOn,
        Rule::Pending,
        Stops,
        &format!(
            "Version 7d0c…f2e1 has been AWSPENDING for 2 d: {refuses} → find out why it stopped, then drop AWSPENDING or \
             promote it"
        ),
    );
}

#[test]
fn what_turning_off_leaves_behind_is_told() {
    pending(Some("2026-11-20T09:13:19Z"), Value::Put(None), None).is(
        TurnOff,
        Rule::Pending,
        Warning,
        "Version 7d0c…f2e1 has been AWSPENDING for 41 s. If its rotation is running, it is cancelled; AWSPENDING stays \
         there, and AWS refuses to rotate until it is moved. → drop AWSPENDING or promote that version afterwards",
    );
    for purpose in ALL {
        Case::healthy().is(purpose, Rule::Pending, Fine, "No earlier rotation is pending.");
    }
    // AWSPENDING may stay on the version that became AWSCURRENT
    let done = Case::with(|case| {
        let ids: Vec<_> = case.secret.labels.0.iter().map(|(id, _)| id.clone()).collect();
        let labels = ids.into_iter().map(|id| (id, Box::from([StagingLabel::Pending, StagingLabel::Current])));
        case.secret.labels = LabelMap(labels.collect());
    });
    done.is(Rotate, Rule::Pending, Fine, "No earlier rotation is pending.");
}

#[test]
fn attempts() {
    let attempt = |when: &str, step| Attempt { version: None, at: at(when), step };
    let failed = |step| Case::with(|case| case.attempts = vec![attempt("2026-11-20T04:14:00Z", step)]);
    failed(Some(Step::Set)).is(
        Rotate,
        Rule::Attempts,
        Warning,
        "An attempt failed at setSecret 5 h ago (2026-11-20 04:14:00Z), and none has succeeded since. → read its log first",
    );
    failed(Some(Step::Set)).is_silent(TurnOff, Rule::Attempts);
    Case::with(|case| case.attempts = vec![attempt("2026-10-31T04:14:00Z", None)]).is_silent(Rotate, Rule::Attempts);
    let mut off = failed(None);
    (off.secret.rotation_enabled, off.secret.last_rotated) = (Some(false), None);
    let words = "An attempt failed 5 h ago (2026-11-20 04:14:00Z). → read its log first";
    off.is(TurnOn, Rule::Attempts, Warning, words);
    Case::with(|case| case.secret.last_rotated = None).is(
        Rotate,
        Rule::Attempts,
        Notice,
        "No rotation has succeeded since it was turned on.",
    );
    // told by the rule about AWSPENDING
    let mut pending = pending(None, Value::Unknown, None);
    pending.attempts = vec![attempt("2026-11-20T04:14:00Z", None)];
    pending.is_silent(Rotate, Rule::Attempts);
}

#[test]
fn what_could_not_be_learned_is_told_with_its_action() {
    let mut case = pending(None, Value::Unknown, None);
    case.faults =
        [Operation::DescribeSecret, Operation::ListSecretVersionIds, Operation::LookupEvents].map(denied).into();
    let told = case.check(Rotate);
    let unknown: Vec<_> = told.of_grade(Unknown).map(|check| (check.sentence.as_str(), check.missing)).collect();
    assert_eq!(
        unknown,
        [
            (
                "Not checked: how the secret is now; the list that this rests on may be minutes old. AWS denied \
                 DescribeSecret.",
                Some("secretsmanager:DescribeSecret")
            ),
            (
                "Not checked: whether a pending version has a value. AWS denied ListSecretVersionIds.",
                Some("secretsmanager:ListSecretVersionIds")
            ),
            ("Not checked: which attempts have failed. AWS denied LookupEvents.", Some("cloudtrail:LookupEvents")),
        ]
    );
    // nothing is pending, so nothing hangs on it
    let case = Case::with(|case| case.faults = vec![denied(Operation::ListSecretVersionIds)]);
    case.is_silent(Rotate, Rule::Unseen);
    let throttled = Fault::new(Operation::ListSecretVersionIds, Cause::Throttled);
    let mut case = pending(None, Value::Unknown, None);
    case.faults = vec![throttled];
    let told = case.check(Rotate);
    let first = told.of_grade(Unknown).next().unwrap();
    assert_eq!((first.missing, first.next_step.as_deref()), (None, Some("wait a minute, then try again")));
}
