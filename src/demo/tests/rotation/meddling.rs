//! What somebody does to the labels while a rotation runs, or waits to be attempted again.

use super::{CURRENT, PREVIOUS, TOKEN, events, labels, lines, live, prepared, relabel, rotate, said, wait};
use crate::demo::World;
use crate::demo::tests::client;

async fn cancel(world: &World) {
    client(world).cancel_rotate_secret().secret_id("prod/orders/db").send().await.unwrap();
}

fn starts(world: &World) -> usize {
    lines(world).iter().filter(|line| line.starts_with("START")).count()
}

fn last(world: &World) -> String {
    said(world).pop().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn an_invocation_that_runs_ends_what_it_does_after_a_cancellation() {
    for (strategy, passwords) in [("single", "T"), ("alternating", "T+current"), ("custom", "T")] {
        let world = prepared(strategy, "", "outcome = { step = \"10s\" }\nretry = { after = \"1m\" }");
        rotate(&world).await;
        wait(15).await;
        cancel(&world).await;
        assert_ne!(live(&world), passwords, "{strategy}: setSecret is running");
        wait(3600).await;
        assert_eq!((live(&world).as_str(), starts(&world)), (passwords, 2), "{strategy}");
        assert_eq!(labels(&world).await, "T: AWSPENDING, current: AWSCURRENT, previous: AWSPREVIOUS");
        assert!(!events(&world).iter().any(|event| event.starts_with("RotationFailed")), "{:?}", events(&world));
    }
}

#[tokio::test(start_paused = true)]
async fn finishsecret_moves_the_label_though_it_was_cancelled() {
    let world = prepared("single", "", "outcome = { step = \"10s\" }");
    rotate(&world).await;
    wait(36).await;
    assert_eq!(starts(&world), 4);
    cancel(&world).await;
    wait(60).await;
    assert_eq!(labels(&world).await, "T: AWSCURRENT+AWSPENDING, current: AWSPREVIOUS");
    assert!(world.works("prod/orders/db"));
}

#[tokio::test(start_paused = true)]
async fn no_attempt_follows_a_cancellation() {
    let world = prepared("single", "", "outcome = { fails_at = \"setSecret\" }\nretry = { after = \"10m\" }");
    rotate(&world).await;
    wait(60).await;
    cancel(&world).await;
    relabel(&world, "AWSPENDING", None, Some(TOKEN)).await;
    let next = client(&world).rotate_secret().secret_id("prod/orders/db").send().await.unwrap();
    wait(60).await;
    relabel(&world, "AWSPENDING", None, next.version_id()).await;
    relabel(&world, "AWSPENDING", Some(TOKEN), None).await;
    let before = starts(&world);
    wait(560).await;
    assert_eq!(starts(&world), before, "the attempt that was planned is gone");
}

#[tokio::test(start_paused = true)]
async fn a_function_that_looks_after_the_cancellation_finds_rotation_off() {
    let world = prepared("single", "", "");
    rotate(&world).await;
    // The request has come, and the handler has not described the secret yet.
    while starts(&world) == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    cancel(&world).await;
    wait(600).await;
    assert_eq!(
        (last(&world).as_str(), starts(&world)),
        ("[ERROR] ValueError: Secret ARN is not enabled for rotation", 1)
    );
    assert_eq!(live(&world), "current");
}

#[tokio::test(start_paused = true)]
async fn a_step_finds_its_label_gone_or_another_one_in_its_place() {
    for (blue, words) in [
        (false, "[ERROR] ValueError: Secret version T has no stage for rotation of secret ARN."),
        (true, "[ERROR] ValueError: Secret version T not set as AWSPENDING for rotation of secret ARN."),
    ] {
        let world = prepared("single", "", "outcome = { step = \"10s\" }\nretry = { after = \"1m\" }");
        rotate(&world).await;
        wait(15).await;
        if blue {
            relabel(&world, "blue", Some(TOKEN), None).await;
        }
        relabel(&world, "AWSPENDING", None, Some(TOKEN)).await;
        wait(3600).await;
        assert_eq!(last(&world), words);
        // setSecret ran when the label went.
        assert_eq!((live(&world).as_str(), world.works("prod/orders/db"), starts(&world)), ("T", false, 3));
    }
}

#[tokio::test(start_paused = true)]
async fn a_planned_attempt_finds_its_label_gone_and_the_schedule_goes_on() {
    let world = prepared(
        "single",
        "",
        "outcome = [{ fails_at = \"createSecret\" }, \"succeeds\"]\nretry = { after = \"10m\" }",
    );
    rotate(&world).await;
    wait(60).await;
    relabel(&world, "AWSPENDING", None, Some(TOKEN)).await;
    wait(3600).await;
    assert_eq!(starts(&world), 1, "there is nothing to attempt again");
    wait(31 * 86_400).await;
    assert!(starts(&world) > 1, "{:?}", events(&world));
}

#[tokio::test(start_paused = true)]
async fn a_version_that_became_current_is_not_attempted_again() {
    let world = prepared("single", "", "outcome = { fails_at = \"testSecret\" }\nretry = { after = \"10m\" }");
    rotate(&world).await;
    wait(60).await;
    relabel(&world, "AWSCURRENT", Some(TOKEN), Some(CURRENT)).await;
    assert!(world.works("prod/orders/db"));
    let before = starts(&world);
    wait(3600).await;
    assert_eq!(starts(&world), before);
}

#[tokio::test(start_paused = true)]
async fn a_current_label_that_moves_under_setsecret_changes_nothing_there() {
    let world = prepared("single", "", "outcome = { step = \"10s\" }");
    rotate(&world).await;
    wait(15).await;
    relabel(&world, "AWSCURRENT", Some(PREVIOUS), Some(CURRENT)).await;
    assert!(!world.works("prod/orders/db"));
    wait(60).await;
    assert_eq!(live(&world), "T", "the function had read the password that works");
    assert_eq!(labels(&world).await, "T: AWSCURRENT+AWSPENDING, previous: AWSPREVIOUS");
}

#[tokio::test(start_paused = true)]
async fn finishsecret_may_find_its_work_done() {
    let world = prepared("single", "", "outcome = { step = \"10s\" }");
    rotate(&world).await;
    wait(36).await;
    relabel(&world, "AWSCURRENT", Some(TOKEN), Some(CURRENT)).await;
    wait(60).await;
    assert_eq!(last(&world), "finishSecret: Version T already marked as AWSCURRENT for ARN");
    assert!(events(&world).contains(&"RotationSucceeded".to_owned()));
    assert_eq!(events(&world).iter().filter(|event| *event == "UpdateSecretVersionStage").count(), 1, "somebody's");
}
