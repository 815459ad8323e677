//! The way back of a fix, rolling back, and what none of them does.

use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use secdash::domain::undo::undo;
use secdash::exit::Exit;

use super::killed::{Kill, killed};
use super::made::{
    ALTERNATING, AT_FINISH, AT_TEST, BEFORE_SET, BEGINS, Case, DROP, NAME, NEVER, NO_LOG, PROMOTE, PROMOTE_TESTED,
    ROLL_BACK, SUCCEEDS, Stage, WITHOUT_VALUE,
};

async fn fixed(case: Case, then: &str) -> Stage {
    let stage = case.stage(then, NEVER).await;
    let said = stage.fix(case.args).await;
    assert_eq!(said.exit, Exit::Fine, "{said:?}");
    stage
}

/// Undoing is refused with these words, and changes nothing.
async fn is_refused(stage: &Stage, words: &str) {
    let calls = stage.calls();
    let said = stage.fix(&["--undo"]).await;
    assert_eq!(said.exit, Exit::Failed, "{said:?}");
    assert!(said.err.contains("Nothing was changed.") && said.err.contains(words), "{said:?}");
    assert_eq!(stage.changes_since(calls), Vec::<String>::new());
}

fn person(stage: &Stage) -> Client {
    Client::new(&stage.world.sdk_config())
}

#[tokio::test(start_paused = true)]
async fn a_drop_is_undone_once() {
    let stage = Case::of(BEFORE_SET, DROP).stage(BEFORE_SET, NEVER).await;
    let pending = stage.holder("AWSPENDING").await;
    assert_eq!(stage.fix(DROP).await.exit, Exit::Fine);
    assert_eq!(stage.holder("AWSPENDING").await, None);
    let undone = stage.fix(&["--undo"]).await;
    assert_eq!(undone.exit, Exit::Fine, "{undone:?}");
    assert!(pending.is_some() && stage.holder("AWSPENDING").await == pending && stage.works());
    is_refused(&stage, "The last fix was undone already.").await;
}

#[tokio::test(start_paused = true)]
async fn a_version_that_is_gone_gets_no_label_back() {
    is_refused(&fixed(Case::of(WITHOUT_VALUE, DROP), BEFORE_SET).await, "it had no value, or AWS has deleted it").await;
    // AWS deletes a version without a label at a time of its own.
    let stage = Case::of(BEFORE_SET, DROP).stage(BEFORE_SET, NEVER).await;
    let actions = stage.fix(DROP).await.actions;
    let aws = stage.aws();
    let context = aws.open().await.unwrap();
    let secret = aws.describe(&context, NAME).await.unwrap();
    let mut versions = aws.versions(&secret.id).await.unwrap();
    assert!(undo(&actions, &secret, Some(&versions)).is_ok());
    versions.retain(|version| secret.labels.0.iter().any(|(id, _)| *id == version.id));
    let why = undo(&actions, &secret, Some(&versions)).unwrap_err();
    assert!(why.contains("AWS has deleted it since"), "{why}");
    assert!(undo(&actions, &secret, None).unwrap_err().contains("can't be listed"));
}

#[tokio::test(start_paused = true)]
async fn awscurrent_goes_back_after_a_promotion_and_after_a_roll_back() {
    for case in [Case::of(AT_FINISH, PROMOTE), Case { more: ALTERNATING, ..Case::of(SUCCEEDS, ROLL_BACK) }] {
        let stage = case.stage(BEFORE_SET, NEVER).await;
        let current = stage.holder("AWSCURRENT").await;
        assert_eq!(stage.fix(case.args).await.exit, Exit::Fine);
        assert!(stage.holder("AWSCURRENT").await != current && stage.works(), "{case:?}");
        let undone = stage.fix(&["--undo"]).await;
        assert_eq!(undone.exit, Exit::Fine, "{undone:?}");
        assert_eq!(stage.holder("AWSCURRENT").await, current, "{case:?}");
        // Once more, it goes where the fix had put it.
        assert_eq!(stage.fix(&["--undo"]).await.exit, Exit::Fine, "{case:?}");
        assert!(stage.holder("AWSCURRENT").await != current && stage.works(), "{case:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_drop_it_is_said_that_the_rotation_was_not_done() {
    let stage = fixed(Case::of(BEFORE_SET, DROP), SUCCEEDS).await;
    let why = stage.why().await;
    assert!(why.out.contains("no rotation is pending, and the one that was has not been done."), "{why:?}");
    assert!(!why.out.contains("roll AWSCURRENT back"), "there is no new password: {why:?}");
    // Once a rotation has been done, that is over.
    person(&stage).rotate_secret().secret_id(NAME).send().await.unwrap();
    tokio::time::sleep(Duration::from_mins(5)).await;
    let why = stage.why().await;
    assert!(!why.out.contains("has not been done") && why.out.contains("roll AWSCURRENT back"), "{why:?}");
}

#[tokio::test(start_paused = true)]
async fn after_an_undone_promotion_the_first_line_warns_of_awscurrent() {
    // Rotation is turned on again behind it, and the trial takes AWSPENDING off.
    let case = Case { more: NO_LOG, ..Case::of(AT_TEST, PROMOTE_TESTED) };
    for case in [Case::of(AT_FINISH, PROMOTE), case] {
        let stage = fixed(case, BEFORE_SET).await;
        assert!(stage.works());
        assert_eq!(stage.fix(&["--undo"]).await.exit, Exit::Fine);
        assert!(!stage.works());
        let why = stage.why().await;
        let first = why.out.lines().nth(1).unwrap_or_default();
        let warns = ["AWSCURRENT's likely no longer works", "its password likely doesn't work", "isn't known"];
        assert!(warns.iter().any(|words| first.contains(words)), "{case:?}: {why:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn labels_that_have_moved_since_are_not_undone() {
    let stage = fixed(Case::of(AT_FINISH, PROMOTE), BEFORE_SET).await;
    let call = person(&stage).update_secret_version_stage().secret_id(NAME).version_stage("AWSCURRENT");
    let call = call.set_move_to_version_id(stage.holder("AWSPREVIOUS").await);
    call.set_remove_from_version_id(stage.holder("AWSCURRENT").await).send().await.unwrap();
    is_refused(&stage, "AWSCURRENT has moved since").await;
    let stage = fixed(Case::of(BEFORE_SET, DROP), AT_TEST).await;
    person(&stage).rotate_secret().secret_id(NAME).send().await.unwrap();
    tokio::time::sleep(Duration::from_mins(5)).await;
    is_refused(&stage, "AWSPENDING is on ").await;
    let stage = fixed(Case::of(BEFORE_SET, DROP), SUCCEEDS).await;
    person(&stage).rotate_secret().secret_id(NAME).send().await.unwrap();
    tokio::time::sleep(Duration::from_mins(5)).await;
    is_refused(&stage, "AWSCURRENT has moved since").await;
}

#[tokio::test(start_paused = true)]
async fn under_read_only_no_fix_changes_anything() {
    for count in [0, 4] {
        let stage = Case::of(BEFORE_SET, DROP).stage(BEFORE_SET, NEVER).await;
        if count > 0 {
            killed(&stage, Kill::Told(count)).await;
        }
        let ways: &[&[&str]] = if count > 0 { &[&["--resume"], &["--undo"]] } else { &[DROP, &["--resume"]] };
        let (calls, plans) = (stage.calls(), stage.plans());
        for way in ways {
            let args = [&["--read-only", "fix", NAME][..], way, &["--yes", "--confirm", "db"]].concat();
            let said = stage.begin(&args).await;
            assert_eq!(said.exit, Exit::Failed, "{way:?}: {said:?}");
            let is_told = said.err.contains("read-only") || said.err.contains("AWS turns it on only");
            assert!(is_told, "{way:?}: {said:?}");
        }
        assert_eq!(stage.changes_since(calls), Vec::<String>::new());
        assert_eq!(stage.plans(), plans);
    }
    let stage = fixed(Case::of(BEFORE_SET, DROP), BEFORE_SET).await;
    let calls = stage.calls();
    let said = stage.begin(&["--read-only", "fix", NAME, "--undo", "--yes", "--confirm", "db"]).await;
    assert!(said.exit == Exit::Failed && said.err.contains("read-only"), "{said:?}");
    assert_eq!(stage.changes_since(calls), Vec::<String>::new());
}

/// Every line is JSON; the last one.
fn last(out: &str) -> serde_json::Value {
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    lines.last().unwrap().clone()
}

/// A plan that was killed between the move of the label and turning rotation on again.
async fn half_done(case: Case) -> Stage {
    for seconds in 80..240 {
        let stage = case.stage(BEFORE_SET, NEVER).await;
        killed(&stage, Kill::After(Duration::from_secs(seconds))).await;
        if stage.why().await.out.contains("the label has moved, and rotation is still off") {
            return stage;
        }
    }
    panic!("it was never half done");
}

#[tokio::test(start_paused = true)]
async fn in_json_every_line_parses_and_the_last_says_whether_it_is_healed() {
    let case = Case::of(BEFORE_SET, DROP);
    let stage = case.stage(BEFORE_SET, NEVER).await;
    let said = stage.fix(&["--drop-pending", "--output", "json"]).await;
    assert_eq!(last(&said.out)["healed"], true, "{said:?}");
    let undone = stage.fix(&["--undo", "--output", "json"]).await;
    assert_eq!(last(&undone.out)["type"], "accepted", "{undone:?}");
    // An attempt that sets the password while it is being asked, or while it waits.
    let mut stopped = 0;
    for early in (1..24).map(|nth| Duration::from_millis(350) * nth) {
        let stage = case.stage(AT_TEST, BEGINS.saturating_sub(early)).await;
        let said = stage.fix(&["--drop-pending", "--output", "json"]).await;
        if said.exit != Exit::Fine && !said.out.is_empty() {
            let end = last(&said.out);
            assert!(end["healed"] == false && end["moved"] == false, "{said:?}");
            assert_eq!(end["rotation_off"], !stage.is_on().await, "{said:?}");
            stopped += 1;
        }
    }
    assert!(stopped > 0, "no attempt came at the right time");
    for args in [["--resume", "--output", "json"], ["--undo", "--output", "json"]] {
        let stage = half_done(case).await;
        let said = stage.fix(&args).await;
        assert_eq!(said.exit, Exit::Fine, "{said:?}");
        last(&said.out);
    }
}

#[tokio::test(start_paused = true)]
async fn rolling_back_takes_the_word_of_whoever_has_tested() {
    for has_pending in [true, false] {
        for more in [ALTERNATING, ""] {
            let case = Case { more, ..Case::of(SUCCEEDS, ROLL_BACK) };
            let stage = case.stage(BEFORE_SET, NEVER).await;
            let (current, previous) = (stage.holder("AWSCURRENT").await, stage.holder("AWSPREVIOUS").await);
            assert_eq!(stage.holder("AWSPENDING").await, current);
            if !has_pending {
                let call = person(&stage).update_secret_version_stage().secret_id(NAME).version_stage("AWSPENDING");
                call.set_remove_from_version_id(current).send().await.unwrap();
            }
            for args in [&["--roll-back"][..], &["--roll-back", "--tested", "pending"]] {
                let calls = stage.calls();
                let said = stage.fix(args).await;
                assert!(said.exit == Exit::Failed && said.err.contains("It needs your word"), "{said:?}");
                assert_eq!(stage.changes_since(calls), Vec::<String>::new());
            }
            let said = stage.fix(ROLL_BACK).await;
            assert_eq!(said.exit, Exit::Fine, "{said:?}");
            assert_eq!(stage.holder("AWSCURRENT").await, previous);
            assert_eq!(stage.holder("AWSPENDING").await, None);
            assert!(stage.is_on().await && stage.plans().is_empty());
            // Of users who take turns, the one before keeps his password.
            assert_eq!(stage.works(), !more.is_empty());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn resuming_without_a_plan_turns_rotation_on() {
    let mut calls = Vec::new();
    for args in [&["fix", NAME, "--resume", "--yes"][..], &["rotation", "on", NAME, "--yes"]] {
        let stage = Case { is_on: false, ..Case::of(SUCCEEDS, DROP) }.stage(BEFORE_SET, NEVER).await;
        let before = stage.calls();
        let said = stage.begin(args).await;
        assert_eq!(said.exit, Exit::Fine, "{said:?}");
        assert!(stage.is_on().await && said.out.contains("is on."), "{said:?}");
        let of_it = stage.world.journal().split_off(before).into_iter().filter(|call| call.operation == "RotateSecret");
        calls.push(of_it.map(|call| (call.request["RotateImmediately"].clone(), call.error)).collect::<Vec<_>>());
    }
    assert_eq!(calls[0], calls[1]);
    assert_eq!(calls[0], [(serde_json::json!(false), None)]);
}
