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
        assert_eq!(after.exit, Exit::Fine, "{after:?}");
    }
}
