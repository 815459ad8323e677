//! A program that is gone in the middle of a fix, after any step and within any call: the next one knows.

use std::time::Duration;

use futures::StreamExt;
use secdash::domain::change::Word;
use secdash::domain::plan::Told;
use secdash::exit::Exit;
use secdash::ops::fix::carry_out;
use tokio::time::Instant;

use super::made::{
    ALTERNATING, AT_FINISH, AT_TEST, BEFORE_SET, Case, DROP, NEVER, NO_LOG, PROMOTE, PROMOTE_TESTED, ROLL_BACK,
    SUCCEEDS, Stage, WITHOUT_VALUE,
};
use crate::support::cmd::Said;

const DROPS: [Case; 3] =
    [Case::of(BEFORE_SET, DROP), Case { is_on: false, ..Case::of(BEFORE_SET, DROP) }, Case::of(WITHOUT_VALUE, DROP)];
const MOVES: [Case; 4] = [
    Case::of(AT_FINISH, PROMOTE),
    Case { is_on: false, ..Case::of(AT_FINISH, PROMOTE) },
    // Where no log can be read, rotation is turned off first.
    Case { more: NO_LOG, ..Case::of(AT_TEST, PROMOTE_TESTED) },
    Case { more: ALTERNATING, ..Case::of(SUCCEEDS, ROLL_BACK) },
];

/// When the program is gone.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kill {
    /// After so many things that it told.
    Told(usize),
    /// So long after it began.
    After(Duration),
}

/// Where the labels are, and whether rotation is on.
async fn state(stage: &Stage) -> (Vec<Option<String>>, bool) {
    let mut holders = Vec::new();
    for label in ["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"] {
        holders.push(stage.holder(label).await);
    }
    (holders, stage.is_on().await)
}

/// Begins a fix and is gone; whether it had come to its end.
pub(crate) async fn killed(stage: &Stage, kill: Kill) -> bool {
    let aws = stage.aws();
    let (plan, secret) = stage.plan(&aws).await;
    let told = carry_out(&aws, plan, &secret, Word::Typed("db".to_owned())).boxed();
    match kill {
        Kill::Told(count) => {
            let last = told.take(count).collect::<Vec<_>>().await.pop();
            matches!(last, Some(Told::Ended(_)))
        }
        Kill::After(time) => tokio::time::timeout(time, told.collect::<Vec<_>>()).await.is_ok(),
    }
}

/// When to be gone: after each thing that is told, and while each call is under way.
async fn kills(case: Case) -> Vec<Kill> {
    let stage = case.stage(BEFORE_SET, NEVER).await;
    let aws = stage.aws();
    let (plan, secret) = stage.plan(&aws).await;
    let (began, start, before) = (Instant::now(), stage.world.now(), stage.world.journal().len());
    let told: Vec<_> = carry_out(&aws, plan, &secret, Word::Typed("db".to_owned())).boxed().collect().await;
    assert!(began.elapsed() > Duration::ZERO);
    let calls = stage.world.journal().split_off(before);
    let calls = calls.iter().map(|call| (call.at - start).to_std().unwrap() + Duration::from_millis(50));
    let mut times: Vec<_> = calls.collect();
    times.sort();
    times.dedup();
    // While it waits it tells the same again and again.
    let is_new = |at: &usize| *at < 6 || *at + 8 > told.len();
    let counts = (0..=told.len()).filter(is_new).map(Kill::Told);
    counts.chain(times.into_iter().map(Kill::After)).collect()
}

/// What is half done is told as it is, and nothing else may begin; nothing to tell where no plan began.
async fn is_told(stage: &Stage, before: &(Vec<Option<String>>, bool), what: &str) {
    let (now, why) = (state(stage).await, stage.why().await);
    let is_left = !stage.plans().is_empty();
    assert_eq!(why.out.contains("is half done"), is_left, "{what}: {why:?}");
    if !is_left {
        return;
    }
    let is_drop = stage.case.args == DROP;
    let is_moved = if is_drop { now.0[1] != before.0[1] } else { now.0[0] != before.0[0] };
    assert_eq!(why.out.contains("the label has moved"), is_moved, "{what}: {why:?}");
    assert_eq!(why.out.contains("the label has not moved"), !is_moved, "{what}: {why:?}");
    assert_eq!(why.out.contains("rotation is still off"), before.1 && !now.1, "{what}: {why:?}");
    let calls = stage.world.journal().len();
    let other = stage.fix(stage.case.args).await;
    assert_eq!(other.exit, Exit::Failed, "{what}");
    assert!(other.err.contains("--resume` finishes it"), "{what}: {other:?}");
    assert!(other.err.contains("`--undo` ") && why.out.contains("`--undo` "), "{what}: {other:?}");
    assert_eq!(stage.changes_since(calls), Vec::<String>::new(), "{what}");
}

/// Finishes it, if anything is left.
async fn finish(stage: &Stage, what: &str) {
    if stage.plans().is_empty() {
        return;
    }
    let resumed = stage.fix(&["--resume"]).await;
    assert_eq!(resumed.exit, Exit::Fine, "{what}: {resumed:?}");
    assert!(resumed.out.contains("Verified"), "{what}: {resumed:?}");
    assert!(stage.plans().is_empty(), "{what}");
    assert!(stage.works() && stage.is_on().await == stage.case.is_on, "{what}: {resumed:?}");
    let why = stage.why().await;
    // A rotation that was given up is still to be done, where the record has it; one that is off is turned on by somebody.
    assert_eq!(why.exit == Exit::Fine, why.out.contains("\n✔ "), "{what}: {why:?}");
    assert!(why.exit == Exit::Fine || stage.case.args == DROP || !stage.case.is_on, "{what}: {why:?}");
    assert!(!why.out.contains("Ways out"), "{what}: {why:?}");
}

/// Taking back does what was said before that it would.
async fn is_done_as_said(stage: &Stage, said: &str, undone: &Said, what: &str) {
    let says = |words: &str| said.contains(&format!("`--undo` {words}"));
    let is_fine = undone.exit == Exit::Fine;
    let (is_on, is_kept) = (stage.is_on().await, !stage.plans().is_empty());
    let is_true = match () {
        () if says("can't") => !is_fine && is_kept,
        () if says("takes the label back, and rotation stays off") => is_fine && !is_on && !is_kept,
        () if says("takes the label back") => is_fine && is_on == stage.case.is_on && !is_kept,
        () if says("turns rotation on again") => is_fine && is_on && !is_kept,
        () if says("forgets it, and rotation stays off") => !is_fine && !is_on && !is_kept,
        () if says("forgets it") => is_fine && is_on == stage.case.is_on && !is_kept,
        () => false,
    };
    assert!(is_true, "{what}: it was said:\n{said}\nand this came of it: {undone:?}");
}

/// Takes it back, or finishes it where that is said to be the way.
async fn take_back(stage: &Stage, before: &(Vec<Option<String>>, bool), what: &str) {
    if stage.plans().is_empty() {
        return;
    }
    let said = stage.why().await.out;
    let undone = stage.fix(&["--undo"]).await;
    is_done_as_said(stage, &said, &undone, what).await;
    if undone.exit == Exit::Fine {
        assert!(stage.plans().is_empty(), "{what}: {undone:?}");
        let now = state(stage).await;
        assert_eq!(now.0[0], before.0[0], "{what}: {undone:?}");
        // AWSPENDING beside AWSCURRENT means nothing, and the trial that turns rotation on takes it off.
        assert!(stage.case.args != DROP || now.0[1] == before.0[1], "{what}: {undone:?}");
        assert!(now.1 == before.1 || undone.out.contains("Rotation is still off"), "{what}: {undone:?}");
    } else if stage.case.args.contains(&"--tested") && undone.err.contains("The plan is forgotten") {
        // What it rests on may be no longer so, and another way out may be the right one.
        assert!(stage.plans().is_empty(), "{what}: {undone:?}");
    } else {
        assert!(undone.err.contains("Nothing was changed") && undone.err.contains("--resume"), "{what}: {undone:?}");
        finish(stage, what).await;
    }
}

async fn each(case: Case) {
    for kill in kills(case).await {
        // Each call is under way between two things that are told: there both are tried.
        let ways = match kill {
            Kill::Told(count) => vec![count % 2 == 0],
            Kill::After(_) => vec![false, true],
        };
        for undoes in ways {
            let stage = case.stage(BEFORE_SET, NEVER).await;
            let what = format!("{case:?} {kill:?} undoes: {undoes}");
            let (before, worked) = (state(&stage).await, stage.works());
            let has_ended = killed(&stage, kill).await;
            assert!(!has_ended || stage.plans().is_empty(), "{what}");
            let is_changed = state(&stage).await != before;
            assert!(has_ended || !is_changed || !stage.plans().is_empty(), "{what}: nothing is written down");
            is_told(&stage, &before, &what).await;
            if undoes {
                take_back(&stage, &before, &what).await;
            } else {
                finish(&stage, &what).await;
            }
            assert!(!worked || stage.works(), "{what}");
            stage.can_be_healed(&what).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_drop_that_was_killed_anywhere_is_told_finished_and_taken_back() {
    for case in DROPS {
        each(case).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_move_of_awscurrent_that_was_killed_anywhere_is_told_finished_and_taken_back() {
    for case in MOVES {
        each(case).await;
    }
}
