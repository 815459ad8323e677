//! A re-attempt, or a person, at any moment of a fix.

use std::time::Duration;

use secdash::exit::Exit;
use tokio::time::{Instant, sleep_until};

use super::made::{
    AT_FINISH, AT_TEST, BEFORE_SET, BEGINS, Case, DROP, NAME, NEVER, PROMOTE, PROMOTE_TESTED, SUCCEEDS, Stage,
    WITHOUT_VALUE,
};
use crate::support::cmd::Said;

const DROPS: [Case; 2] = [Case::of(BEFORE_SET, DROP), Case::of(WITHOUT_VALUE, DROP)];
const PROMOTES: [Case; 2] = [Case::of(AT_FINISH, PROMOTE), Case::of(AT_TEST, PROMOTE_TESTED)];

/// How a fix goes that nobody meddles with: when each of its calls is under way, and some moments between them.
async fn moments(case: Case) -> Vec<Duration> {
    let stage = case.stage(BEFORE_SET, NEVER).await;
    let (began, start, before) = (Instant::now(), stage.world.now(), stage.world.journal().len());
    let said = stage.fix(case.args).await;
    assert_eq!(said.exit, Exit::Fine, "{case:?}: {said:?}");
    assert!(stage.works(), "{case:?}: {said:?}");
    let took = began.elapsed();
    let calls = stage.world.journal().split_off(before);
    let calls = calls.iter().map(|call| (call.at - start).to_std().unwrap() + Duration::from_millis(50));
    let between = (0..took.as_secs()).step_by(30).map(Duration::from_secs);
    let mut all: Vec<_> = calls.chain(between).collect();
    all.sort();
    all.dedup_by_key(|at| at.as_millis() / 150);
    all
}

/// The service tries again so long after the attempt that failed, which is while a fix is under way.
async fn tried_again(case: Case, then: &str, retry: Duration) -> bool {
    let stage = case.stage(then, retry).await;
    let what = format!("{case:?}, then {then} after {retry:?}");
    assert!(stage.can_work().await, "{what}");
    let said = stage.fix(case.args).await;
    let is_healed = said.exit == Exit::Fine;
    assert!(!is_healed || stage.works(), "{what}: {said:?}");
    stage.is_well_left(&said, &what).await;
    is_healed
}

/// How many fixes were healed, and how many stopped, over re-attempts that begin at any moment of them.
async fn tried_again_at_any_moment(case: Case, then: &str) -> [usize; 2] {
    let last = *moments(case).await.last().unwrap();
    let mut counts = [0, 0];
    // The attempt that failed took some seconds, and so does this one.
    let (mut at, until) = (Duration::ZERO, last + Duration::from_secs(12));
    while at < until {
        let is_healed = tried_again(case, then, (BEGINS + at).saturating_sub(Duration::from_secs(12))).await;
        counts[usize::from(!is_healed)] += 1;
        at += Duration::from_millis(if at.as_secs() < 18 { 900 } else { 25_000 });
    }
    counts
}

const SET_AND_GONE: &str = "{ times_out_at = \"setSecret\", changed = true }";

#[tokio::test(start_paused = true)]
async fn no_reattempt_during_a_drop_locks_anybody_out() {
    for case in DROPS {
        for then in [AT_TEST, AT_FINISH, SET_AND_GONE, SUCCEEDS] {
            let [healed, stopped] = tried_again_at_any_moment(case, then).await;
            assert!(healed > 5 && stopped > 5, "{case:?}, {then}: {healed} healed, {stopped} stopped");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_reattempt_during_a_promotion_locks_anybody_out() {
    for case in PROMOTES {
        for then in [AT_TEST, AT_FINISH, SUCCEEDS] {
            let [healed, _] = tried_again_at_any_moment(case, then).await;
            assert!(healed > 5, "{case:?}, {then}: {healed} healed");
        }
    }
}

/// What a person does to the secret in between.
#[derive(Debug, Clone, Copy)]
enum Meddling {
    Rotates,
    TurnsOff,
    Drops,
    /// Drops, and turns rotation on.
    TakesOver,
    Promotes,
}

async fn meddle(stage: &Stage, meddling: Meddling) {
    let person = aws_sdk_secretsmanager::Client::new(&stage.world.sdk_config());
    let [pending, current] = [stage.holder("AWSPENDING").await, stage.holder("AWSCURRENT").await];
    // AWS may refuse it by now: then nobody has meddled.
    let _ = match meddling {
        Meddling::Rotates => person.rotate_secret().secret_id(NAME).send().await.is_ok(),
        Meddling::TurnsOff => person.cancel_rotate_secret().secret_id(NAME).send().await.is_ok(),
        Meddling::Drops | Meddling::TakesOver => {
            let call = person.update_secret_version_stage().secret_id(NAME).version_stage("AWSPENDING");
            let is_dropped = call.set_remove_from_version_id(pending).send().await.is_ok();
            let call = person.rotate_secret().secret_id(NAME).rotate_immediately(false);
            is_dropped && matches!(meddling, Meddling::TakesOver) && call.send().await.is_ok()
        }
        Meddling::Promotes => {
            let call = person.update_secret_version_stage().secret_id(NAME).version_stage("AWSCURRENT");
            call.set_move_to_version_id(pending).set_remove_from_version_id(current).send().await.is_ok()
        }
    };
}

/// A person does something when the fix has come so far.
async fn meddled(case: Case, then: &str, meddling: Meddling, after: Duration) {
    let stage = case.stage(then, NEVER).await;
    let what = format!("{case:?}, then {then}: {meddling:?} after {after:?}");
    let at = stage.at(after);
    let args = [&["fix", NAME][..], case.args, &["--yes", "--confirm", "db"]].concat();
    let command = stage.begin(&args);
    let person = async {
        sleep_until(at).await;
        meddle(&stage, meddling).await;
    };
    let (said, ()): (Said, ()) = tokio::join!(command, person);
    // Whoever rotates afterwards has a rotation of their own, that ends as it may.
    let is_theirs = matches!(meddling, Meddling::Rotates);
    assert!(said.exit != Exit::Fine || is_theirs || stage.works(), "{what}: {said:?}");
    stage.is_well_left(&said, &what).await;
}

/// Each case with a person who does what is right for it.
async fn meddled_at_any_moment(case: Case, meddlings: &[Meddling]) {
    for is_on in [true, false] {
        let case = Case { is_on, ..case };
        for after in moments(case).await {
            for meddling in meddlings {
                meddled(case, AT_TEST, *meddling, after).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_who_rotates_or_drops_during_a_drop_is_locked_out() {
    for case in DROPS {
        meddled_at_any_moment(case, &[Meddling::Rotates, Meddling::TurnsOff, Meddling::Drops, Meddling::TakesOver])
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_who_rotates_or_promotes_during_a_promotion_is_locked_out() {
    for case in PROMOTES {
        meddled_at_any_moment(case, &[Meddling::Rotates, Meddling::TurnsOff, Meddling::Promotes]).await;
    }
}
