//! A secret that is overdue: whether AWS has begun anything.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::made::*;
use super::*;
use crate::domain::catalogue::Catalogue;
use crate::domain::fault::{Cause, Fault};
use crate::domain::permission::Operation;
use crate::domain::secret::Secret;
use crate::domain::trail::{Listed, SOURCE, TrailEvent};
use crate::domain::version::{LabelMap, StagingLabel, VersionId};

const NOW: i64 = 20_000;

fn overdue() -> Secret {
    let labels = [(VersionId(CURRENT.into()), Box::from([StagingLabel::Current]))];
    let arn = "arn:aws:lambda:eu-west-1:000000000000:function:rotate";
    let next = Some(at(NOW) - TimeDelta::hours(5));
    let labels = LabelMap(labels.into_iter().collect());
    Secret { labels, rotation_function: Some(arn.into()), next_rotation: next, ..secret() }
}

/// An attempt of it that failed, as Secrets Manager tells CloudTrail.
fn failed(when: DateTime<Utc>) -> TrailEvent {
    failed_at("setSecret", when)
}

fn failed_at(step: &str, when: DateTime<Utc>) -> TrailEvent {
    let message =
        format!("Error when executing lambda arn:aws:lambda:eu-west-1:000000000000:function:rotate during {step} step");
    let record = json!({
        "eventID": when.to_rfc3339(),
        "eventTime": when.to_rfc3339(),
        "eventSource": SOURCE,
        "eventName": "RotationFailed",
        "eventType": "AwsServiceEvent",
        "errorMessage": message,
        "additionalEventData": { "SecretId": secret().id.arn.raw() },
        "requestID": format!("Rotation-{}-{PENDING}", secret().id.arn.raw()),
    });
    TrailEvent::read(Listed { record: Some(record.to_string()), ..Listed::default() }).unwrap()
}

#[test]
fn an_overdue_secret_says_whether_aws_has_begun_anything() {
    let secret = overdue();
    let told = |changes: &[TrailEvent], gaps: Vec<Gap>| {
        let (function, versions) = (function(false), versions(false));
        let facts = Facts { versions: Some(&versions), function: Some(&function), changes, ..facts(&secret, NOW) };
        Diagnosis::of(&facts, &Catalogue::builtin(), gaps, Vec::new())
    };
    let none = told(&[], Vec::new());
    assert!(none.headline().contains("CloudTrail has no attempt since 2027-01-14 "), "{}", none.headline());
    assert!(none.advice().is_some_and(|advice| advice.ends_with("begins one now, and shows how it goes")));
    // One that failed, and whose AWSPENDING somebody took off; what is older is about the date before.
    let failed = |hours| self::failed(at(NOW) - TimeDelta::hours(hours));
    let known = told(&[failed(2), failed(200)], Vec::new());
    let (first, advice) = (known.headline(), known.advice().unwrap_or_default());
    assert!(
        first.contains("An attempt failed at setSecret 2027-01-15 ") && first.contains("taken off since"),
        "{first}"
    );
    assert!(advice.starts_with("see in `secdash logs prod/db` why it failed"), "{advice}");
    assert!(!first.contains("2027-01-07"), "{first}");
    // Nobody may ask.
    let denied = Fault::new(Operation::LookupEvents, Cause::TimedOut);
    let blind = told(&[], vec![Gap::of(BEGUN, &denied)]);
    assert!(blind.headline().contains("Whether an attempt was made isn't known"), "{}", blind.headline());
    assert!(blind.advice().is_some_and(|advice| advice.starts_with("see in `secdash logs prod/db` whether")));
}

#[test]
fn an_attempt_that_failed_behind_set_secret_and_lost_its_label_is_no_green_mark() {
    let well = Secret { next_rotation: Some(at(NOW) + TimeDelta::days(20)), ..overdue() };
    let told = |secret: &Secret, current: i64, step: &str| {
        let (function, mut versions) = (function(false), versions(false));
        versions[0].created = Some(at(current));
        let changes = [failed_at(step, at(NOW - 7_200))];
        let facts =
            Facts { versions: Some(&versions), function: Some(&function), changes: &changes, ..facts(secret, NOW) };
        Diagnosis::of(&facts, &Catalogue::builtin(), Vec::new(), Vec::new())
    };
    let lost = told(&well, 0, "testSecret");
    assert!(matches!(lost.standing(), Some(Standing::Lost(_))) && !lost.is_well());
    assert!(lost.headline().starts_with("AWSCURRENT's password may not work any more"), "{}", lost.headline());
    let advice = lost.advice().unwrap_or_default();
    assert!(advice.starts_with("log in with AWSCURRENT's password; if"), "{advice}");
    assert!(advice.contains("--version-stage AWSPENDING --move-to-version-id 7d0c"), "{advice}");
    // What came before setSecret changed nothing, and a value or a rotation that came later has mended it.
    assert!(told(&well, 0, "createSecret").is_well() && told(&well, 0, "setSecret").is_well());
    assert!(told(&well, NOW - 3_600, "testSecret").is_well());
    assert!(told(&Secret { last_rotated: Some(at(NOW - 60)), ..well }, 0, "testSecret").is_well());
}
