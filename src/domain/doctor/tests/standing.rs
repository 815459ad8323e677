//! What is said where no rotation is pending: a green mark only where there is nothing to do.

use chrono::TimeDelta;

use super::made::*;
use super::*;
use crate::domain::catalogue::Catalogue;
use crate::domain::change::{Fix, Tested};
use crate::domain::fault::{Cause, Fault};
use crate::domain::function::FunctionFacts;
use crate::domain::permission::Operation;
use crate::domain::secret::Secret;
use crate::domain::trail::{Cancellation, Named};
use crate::domain::version::{LabelMap, StagingLabel, Version, VersionId};

const NOW: i64 = 20_000;

/// A secret that rotates, on whose current version these labels are besides.
fn at_rest(more: &[StagingLabel]) -> Secret {
    let labels: Box<[_]> = [StagingLabel::Current].into_iter().chain(more.iter().cloned()).collect();
    let labels = LabelMap([(VersionId(CURRENT.into()), labels)].into_iter().collect());
    let arn = "arn:aws:lambda:eu-west-1:000000000000:function:rotate";
    let next = Some(at(NOW) + TimeDelta::days(1));
    Secret { labels, rotation_function: Some(arn.into()), next_rotation: next, ..secret() }
}

/// It was deleted.
fn gone() -> FunctionFacts {
    let arn = "arn:aws:lambda:eu-west-1:000000000000:function:rotate".into();
    let none = Fault::new(Operation::GetFunctionConfiguration, Cause::NoFunction { arn });
    FunctionFacts { configuration: Err(none), ..function(false) }
}

fn diagnosis(secret: &Secret, function: &FunctionFacts, versions: &[Version]) -> Diagnosis {
    let cancelled = [Cancellation {
        secret: Named { given: "prod/db".into(), arn: Some(secret.id.arn.clone()) },
        at: at(NOW - 3_600),
        by: Some("sam".into()),
        event_id: "event".into(),
    }];
    let facts = Facts {
        versions: Some(versions),
        function: Some(function),
        cancelled: if secret.rotation_enabled == Some(true) { &[] } else { &cancelled },
        ..facts(secret, NOW)
    };
    Diagnosis::of(&facts, &Catalogue::builtin(), Vec::new(), Vec::new())
}

#[test]
fn what_keeps_rotation_from_running_leads_and_is_to_be_mended() {
    let secret = Secret { next_rotation: Some(at(NOW) - TimeDelta::days(11)), ..at_rest(&[]) };
    let gone = diagnosis(&secret, &gone(), &versions(false));
    let (first, advice) = (gone.headline(), gone.advice().unwrap_or_default());
    assert!(first.starts_with("No rotation can run: there is no function `arn:aws:lambda:"), "{first}");
    assert!(first.contains("overdue by 11 d") && first.contains("no rotation is pending"), "{first}");
    assert!(advice.contains("deploy the function again") && advice.contains("secdash rotate prod/db"), "{advice}");
    assert!(!gone.is_well());
    // It is so before anything is overdue too.
    assert!(!diagnosis(&at_rest(&[]), &self::gone(), &versions(false)).is_well());
}

#[test]
fn overdue_is_not_well_though_nothing_says_why() {
    let late = Some(at(NOW) - TimeDelta::hours(5));
    let secret = Secret { next_rotation: late, ..at_rest(&[]) };
    let known = diagnosis(&secret, &function(false), &versions(false));
    assert!(known.headline().starts_with("The secret is overdue by 5 h"), "{}", known.headline());
    assert!(
        known.advice().is_some_and(|advice| advice.starts_with("`secdash rotate prod/db` begins")) && !known.is_well()
    );
    let mut early = known.clone();
    early.awaited = vec!["its function"];
    assert!(early.headline().ends_with("is still asked."), "{}", early.headline());
    assert!(early.advice().is_some_and(|advice| advice.starts_with("wait")));
    // AWSPENDING that stays on the current version says that a rotation is done: which one, its date tells.
    let stays = Secret { next_rotation: late, ..at_rest(&[StagingLabel::Pending]) };
    assert!(!diagnosis(&stays, &function(false), &versions(false)).is_well());
    let mut later = versions(false);
    later[0].created = Some(at(NOW - 60));
    assert!(diagnosis(&stays, &function(false), &later).is_well());
}

#[test]
fn rotation_that_is_off_is_said_to_be_with_its_moment_and_who_did_it() {
    let secret = Secret { rotation_enabled: Some(false), next_rotation: None, ..at_rest(&[]) };
    let first = diagnosis(&secret, &function(false), &versions(false)).headline();
    assert!(first.starts_with("Rotation is off since 2027-01-15 12:33:20Z (turned off by sam)"), "{first}");
    let blocked = diagnosis(&secret, &gone(), &versions(false));
    assert!(blocked.headline().contains("can't be turned on as it is: there is no function"), "{}", blocked.headline());
    assert!(blocked.advice().is_some_and(|advice| advice.starts_with("deploy the function again")));
}

#[test]
fn what_rotates_in_time_is_well() {
    let known = diagnosis(&at_rest(&[]), &function(false), &versions(false));
    assert!(known.is_well() && known.advice().is_none(), "{}", known.headline());
}

#[test]
fn a_roll_back_names_the_call_that_takes_awspending_off_before_it() {
    let on = |current: &[StagingLabel]| {
        let previous = (VersionId("51aa-old".into()), Box::from([StagingLabel::Previous]));
        let labels = [(VersionId(CURRENT.into()), Box::from(current)), previous];
        Secret { labels: LabelMap(labels.into_iter().collect()), ..at_rest(&[]) }
    };
    let secret = on(&[StagingLabel::Current, StagingLabel::Pending]);
    let known = diagnosis(&secret, &function(false), &versions(false));
    let checked = known.checked(Fix::RollBack, Some(Tested::Previous));
    let first = checked.first().map(|first| first.call()).unwrap_or_default();
    assert!(first.ends_with(&format!("VersionStage=AWSPENDING RemoveFromVersionId={CURRENT}")), "{first}");
    let forms = checked.aws_form();
    let places = ["--version-stage AWSPENDING", " && aws ", "--version-stage AWSCURRENT"].map(|text| forms.find(text));
    assert!(places[0].is_some() && places.is_sorted(), "{forms}");
    let told: Vec<_> = checked.change.differences_behind(checked.first().as_ref());
    assert_eq!(told.len(), 3, "{told:?}");
    // Where AWSPENDING is on no version, there is one call.
    let known = diagnosis(&on(&[StagingLabel::Current]), &function(false), &versions(false));
    assert_eq!(known.checked(Fix::RollBack, Some(Tested::Previous)).first(), None);
}

#[test]
fn what_is_no_secret_of_one_s_own_moves_no_label() {
    let stuck = |secret: Secret| diagnosis(&secret, &function(false), &versions(false));
    let allows = |known: &Diagnosis| known.allows(Fix::Drop, None);
    assert_eq!(allows(&stuck(secret())), Ok(()));
    let deleting = stuck(Secret { deleted: Some(at(NOW + 86_400)), ..secret() });
    assert!(allows(&deleting).is_err_and(|why| why.contains("restored first")));
    assert!(deleting.headline().starts_with("Marked for deletion: "), "{}", deleting.headline());
    assert!(deleting.advice().is_some_and(|advice| advice.starts_with("`secdash restore prod/db` if anybody")));
    let replica = |secret: Secret| Secret { primary_region: Some("us-east-1".into()), ..secret };
    assert!(allows(&stuck(replica(secret()))).is_err_and(|why| why.contains("in us-east-1 only")));
    // Its function is its primary's, and is not asked about from here.
    let known = diagnosis(&replica(at_rest(&[])), &gone(), &versions(false));
    assert!(known.is_well() && known.headline().contains("from its primary in us-east-1"), "{}", known.headline());
    let managed = stuck(Secret { owning_service: Some("rds".into()), ..secret() });
    assert!(allows(&managed).is_err_and(|why| why.contains("only its schedule")));
}

#[test]
fn rotation_that_cannot_be_turned_on_again_is_told_before_it_is_turned_off() {
    let previous = (VersionId("51aa-old".into()), Box::from([StagingLabel::Previous]));
    let labels = [(VersionId(CURRENT.into()), Box::from([StagingLabel::Current])), previous];
    let secret = Secret { labels: LabelMap(labels.into_iter().collect()), ..at_rest(&[]) };
    let told = |function: &FunctionFacts| {
        let known = diagnosis(&secret, function, &versions(false));
        let checked = known.checked(Fix::RollBack, Some(Tested::Previous));
        let is_told =
            checked.preflight.checks.iter().any(|check| check.sentence.starts_with("Rotation may stay off then"));
        (is_told, known.rotation(&checked.change).is_some_and(|text| text.contains("may refuse to turn it on again")))
    };
    assert_eq!((told(&gone()), told(&function(false))), ((true, true), (false, false)));
}
