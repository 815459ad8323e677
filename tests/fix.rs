//! A stuck AWSPENDING and its ways out, by command, over demo worlds whose rotations run.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what can't be set up fails the test")]

mod support;

mod fix {
    pub(crate) mod killed;
    mod left;
    mod lost;
    pub(crate) mod made;
    mod meddled;
    mod signal;
    mod undone;
}

use secdash::demo::World;
use secdash::exit::Exit;
use support::cmd::{Said, run_at};
use support::home::Home;

const PAYMENTS: &str = "prod/payments/db";
const ORACLE: &str = "prod/crm/oracle";
const SEARCH: &str = "prod/search/api-key";

async fn fix(world: &World, home: &Home, name: &str, args: &[&str]) -> Said {
    let last = name.rsplit('/').next().unwrap();
    run_at(&[&["fix", name][..], args, &["--yes", "--confirm", last]].concat(), world, home).await
}

#[tokio::test(start_paused = true)]
async fn the_stuck_secrets_of_the_default_world_are_healed_by_command() {
    for (name, args) in [
        (PAYMENTS, &["--promote", "--tested", "pending"][..]),
        (ORACLE, &["--drop-pending"]),
        (SEARCH, &["--drop-pending"]),
    ] {
        let (world, home) = (World::load("").unwrap(), Home::new());
        let before = run_at(&["why", name], &world, &home).await;
        assert_eq!(before.exit, Exit::Findings, "{before:?}");
        let said = fix(&world, &home, name, args).await;
        assert_eq!(said.exit, Exit::Fine, "{said:?}");
        assert!(said.out.contains("Verified "), "{}", said.out);
        let after = run_at(&["why", name], &world, &home).await;
        // What was given up is still to be rotated.
        let is_given_up = args == ["--drop-pending"];
        assert_eq!(after.exit, if is_given_up { Exit::Findings } else { Exit::Fine }, "{after:?}");
        assert_eq!(after.out.contains("has not been done"), is_given_up, "{after:?}");
    }
}

/// A secret in the middle of an attempt that nobody can see: the function is of another account.
async fn unseen(outcome: &str) -> World {
    let text = format!(
        "seed = 3\n[[secret]]\nname = \"prod/db\"\nrotation = {{ days = 30 }}\nlast_rotated = \"-10d\"\n\
         function = \"arn:aws:lambda:eu-west-1:999999999999:function:rotate\"\n\
         outcome = {outcome}\nretry = {{ after = \"1h\", times = 1 }}\n"
    );
    let world = World::from_toml("unseen", &text).unwrap();
    let client = aws_sdk_secretsmanager::Client::new(&world.sdk_config());
    let token = "7d0c2f7e-1111-4222-8333-94445555f2e1";
    client.rotate_secret().secret_id("prod/db").client_request_token(token).send().await.unwrap();
    // The value is there, and setSecret is at work: it takes a while.
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    assert!(world.works("prod/db"));
    world
}

#[tokio::test(start_paused = true)]
async fn a_login_from_before_an_attempt_ended_is_asked_for_again() {
    let (world, home) =
        (unseen(r#"{ fails_at = "setSecret", changed = true, slow = "8s", at = "setSecret" }"#).await, Home::new());
    let said = fix(&world, &home, "prod/db", &["--drop-pending", "--tested", "current"]).await;
    assert_eq!(said.exit, Exit::Failed, "{said:?}");
    assert!(said.err.contains("An attempt may have run since you logged in"), "{}", said.err);
    assert!(said.err.contains("No label has moved, and rotation is off."), "{}", said.err);
    // The password changed meanwhile; the version that has it has a label still, and can be promoted.
    assert!(!world.works("prod/db"));
    assert!(said.err.contains("another way out takes its place"), "{}", said.err);
    let said = fix(&world, &home, "prod/db", &["--promote", "--tested", "pending"]).await;
    assert_eq!(said.exit, Exit::Fine, "{said:?}");
    assert!(world.works("prod/db"));
    let again = fix(&world, &home, "prod/db", &["--resume"]).await;
    assert!(again.err.contains("Rotation is on already"), "{again:?}");
}

#[tokio::test(start_paused = true)]
async fn whoever_still_gets_in_says_so_and_the_plan_goes_on() {
    let (world, home) = (unseen(r#"{ fails_at = "setSecret", slow = "8s", at = "setSecret" }"#).await, Home::new());
    let said = fix(&world, &home, "prod/db", &["--drop-pending", "--tested", "current"]).await;
    assert_eq!(said.exit, Exit::Failed, "{said:?}");
    let said = fix(&world, &home, "prod/db", &["--resume"]).await;
    assert_eq!(said.exit, Exit::Fine, "{said:?}");
    assert!(world.works("prod/db"));
}
