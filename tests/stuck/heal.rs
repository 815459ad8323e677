//! A fix that is carried out, and whether what it says of its end is true.

use std::pin::pin;

use futures::{Stream, StreamExt};
use secdash::domain::change::{Fix, Outcome, Word};
use secdash::domain::doctor::{Diagnosis, Offer};
use secdash::domain::plan::{Plan, PlanEnd, Stop, Told, Under};
use secdash::domain::version::VersionId;
use secdash::ops::fix::{carry_out, finish};
use secdash::ops::plans::under_way;

use super::life::{Life, NAME, Truth, wait};

/// How long it is looked on afterwards: what was left running has ended then.
const AFTER: u64 = 1_200;

/// Carries an offer out, and tells how that ended in few words; else what is wrong.
pub(super) async fn heal(
    life: &Life,
    diagnosis: &Diagnosis,
    offer: Offer,
    before: &Truth,
) -> Result<(String, Truth), String> {
    let plan = Plan::of_offer(diagnosis, offer).ok_or("what is offered has no plan")?;
    diagnosis.allows(offer.fix, offer.tested).map_err(|why| format!("what is offered isn't allowed: {why}"))?;
    let pending = before.pending.clone().ok_or("nothing is stuck")?;
    let word = Word::Typed(NAME.rsplit('/').next().unwrap_or_default().to_owned());
    let mut end = ended(carry_out(&life.aws, plan, &diagnosis.secret, word.clone())).await?;
    let mut after = life.truth().await;
    let mut words = is_true(&end, offer, before, &after, &pending)?;
    if matches!(&end, PlanEnd::Stopped { why: Stop::OldWord, .. }) && after.works {
        // They log in once more, and say so.
        let secret = life.secret().await;
        let Some(Under::Half(half)) = under_way(&life.aws, &secret) else { return Err("no plan is left".to_owned()) };
        end = ended(finish(&life.aws, half, &secret, word)).await?;
        after = life.truth().await;
        words = format!("tested again: {}", is_true(&end, offer, before, &after, &pending)?);
        if matches!(&end, PlanEnd::Stopped { why: Stop::OldWord, .. }) {
            return Err(format!("nothing runs any more, and what was tested then isn't enough: {words}"));
        }
    }
    harmless(life, offer, before, &after, &pending, &end)?;
    if end.is_healed() {
        wait(AFTER).await;
        let later = life.truth().await;
        if after.works && !later.works {
            return Err(format!("{words}, and some minutes later the application is locked out"));
        }
    }
    Ok((words, after))
}

async fn ended(told: impl Stream<Item = Told>) -> Result<PlanEnd, String> {
    let mut told = pin!(told);
    while let Some(told) = told.next().await {
        if let Told::Ended(end) = told {
            return Ok(end);
        }
    }
    Err("it has no end".to_owned())
}

/// Whether a label was moved away from what works.
fn harmless(
    life: &Life,
    offer: Offer,
    before: &Truth,
    after: &Truth,
    pending: &VersionId,
    end: &PlanEnd,
) -> Result<(), String> {
    let is_moved = !matches!(end, PlanEnd::Stopped { is_moved: false, .. });
    if !is_moved || after.works {
        return Ok(());
    }
    match offer.fix {
        Fix::Drop if life.accepts(pending) => {
            Err("AWSPENDING was dropped, and the database takes its password alone".to_owned())
        }
        Fix::Drop if before.works => Err("AWSPENDING was dropped, and AWSCURRENT doesn't work any more".to_owned()),
        Fix::Drop => Ok(()),
        _ => Err("the pending version was promoted, and it doesn't work".to_owned()),
    }
}

/// The end in few words, if it says what is true.
fn is_true(end: &PlanEnd, offer: Offer, before: &Truth, after: &Truth, pending: &VersionId) -> Result<String, String> {
    let wrong = |what: &str| Err(format!("{what}: {}; before {before:?}, after {after:?}", end.sentence()));
    let wanted = if offer.fix == Fix::Promote { Some(pending) } else { before.current.as_ref() };
    match end {
        PlanEnd::Healed { still_off, .. } => {
            let is_on = if still_off.is_some() { false } else { before.is_on };
            if after.pending.is_some() || after.current.as_ref() != wanted || after.is_on != is_on {
                return wrong("it says that it is healed, and it isn't");
            }
            Ok(if still_off.is_some() { "healed, rotation still off".to_owned() } else { "healed".to_owned() })
        }
        PlanEnd::Stopped { why, is_off, is_moved, step } => {
            let has_moved = after.current == wanted.cloned() && after.pending.as_ref() != Some(pending);
            // A rotation that succeeds meanwhile brings the labels where a promotion would.
            if *is_moved && !has_moved {
                return wrong("it says that the label has moved, and it hasn't");
            }
            if *is_off != (before.is_on && !after.is_on) {
                return wrong("it doesn't tell whether rotation is off");
            }
            if after.pending != before.pending && !is_moved && after.current == before.current {
                return wrong("it says that no label has moved, and AWSPENDING has");
            }
            Ok(format!("stopped at {}: {}{}", step.word(), kind(why), if *is_off { ", rotation off" } else { "" }))
        }
    }
}

fn kind(why: &Stop) -> &'static str {
    match why {
        Stop::NotAllowed(_) => "not allowed any more",
        Stop::Call(changed) => match changed.outcome {
            Outcome::Moved(_) => "the secret moved meanwhile",
            _ => "a call was refused",
        },
        Stop::Fault(_) => "something can't be learned",
        Stop::Elsewhere(_) => "the labels are elsewhere",
        Stop::NeverQuiet => "never quiet",
        Stop::OldWord => "an attempt may have run since it was tested",
        Stop::NotKept(_) => "not written down",
        Stop::Word(_) => "not confirmed",
    }
}
