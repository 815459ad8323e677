//! Why a rotation isn't done, on the screen; and the ways out with keys alone.

mod support;

use std::time::Duration;

use futures::FutureExt;
use insta::assert_snapshot;
use secdash::config::Rebinding;
use secdash::demo::World;
use secdash::exit::Exit;
use secdash::tui::keymap::{Action, Keymap};
use support::cmd::run_at;
use support::home::Home;
use support::tui::Tui;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// The stuck secrets of the default world, and the others that a diagnosis has something to say of.
const SECRETS: [&str; 9] = [
    "prod/payments/db",
    "prod/crm/oracle",
    "prod/search/api-key",
    "prod/legacy/ftp",
    "prod/reports/mysql",
    "prod/orders/db",
    "prod/mail/smtp",
    "prod/metrics/grafana-token",
    "prod/users/db",
];

/// How often AWS was asked to change something.
fn changes(world: &World) -> Vec<String> {
    let looks = ["List", "Describe", "Get", "Lookup", "Filter", "StartLiveTail"];
    let operations = world.journal().into_iter().map(|entry| entry.operation);
    operations.filter(|operation| !looks.iter().any(|look| operation.starts_with(look))).collect()
}

/// The dashboard on the default world, with the diagnosis of a secret.
async fn why(name: &str, (columns, rows): (u16, u16)) -> Tui {
    let tui = Tui::on("default", columns, rows);
    tui.rest().await;
    tui.keys(&format!("/{name} <enter> w"));
    tui.pass(Duration::from_secs(20)).await;
    tui
}

/// Reads the dialog, and types the name.
async fn confirm(tui: &Tui, name: &str) {
    tui.wait("Pre-flight: ").await;
    tui.pass(Duration::from_secs(3)).await;
    // On a small screen it must be scrolled to its end.
    for _ in 0..40 {
        tui.keys("<down>");
        tui.pass(Duration::from_millis(20)).await;
    }
    tui.pass(Duration::from_secs(3)).await;
    for letter in name.chars() {
        tui.keys(&letter.to_string());
        tui.pass(Duration::from_millis(200)).await;
    }
    tui.keys("<enter>");
}

#[tokio::test(start_paused = true)]
async fn each_outcome_is_said_with_its_evidence_and_its_ways_out() {
    for name in SECRETS {
        for size in [(80, 24), (120, 60)] {
            let tui = why(name, size).await;
            let file = name.replace(['/', '-'], "_");
            assert_snapshot!(format!("why_{file}_{}x{}", size.0, size.1), tui.snapshot());
            assert_eq!(changes(&tui.world), Vec::<String>::new(), "{name}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_stuck_secrets_are_healed_with_keys_alone() {
    for size in SIZES {
        for (name, keys, calls) in [
            ("prod/payments/db", "t p", &["UpdateSecretVersionStage"][..]),
            ("prod/crm/oracle", "d", &["CancelRotateSecret", "UpdateSecretVersionStage", "RotateSecret"]),
            ("prod/search/api-key", "d", &["CancelRotateSecret", "UpdateSecretVersionStage", "RotateSecret"]),
        ] {
            let tui = why(name, size).await;
            tui.keys(keys);
            confirm(&tui, name.rsplit('/').next().unwrap()).await;
            tui.wait("The fix").await;
            tui.keys("g");
            tui.wait("Verified ").await;
            tui.pass(Duration::from_secs(20)).await;
            assert_eq!(changes(&tui.world), calls, "{name}");
            let is_given_up = keys == "d";
            assert_eq!(tui.text().contains("has not been done"), is_given_up, "{}", tui.text());
            assert!(!is_given_up || !tui.text().contains("roll AWSCURRENT back"), "{}", tui.text());
            let file = name.replace(['/', '-'], "_");
            assert_snapshot!(format!("healed_{file}_{}x{}", size.0, size.1), tui.snapshot());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_evidence_speaks_against_is_refused_with_the_reason() {
    let tui = why("prod/payments/db", (100, 40)).await;
    for (keys, verdict) in [("d", "it can't be done"), ("p", "it needs your word first")] {
        tui.keys(keys);
        tui.wait(verdict).await;
        tui.pass(Duration::from_secs(3)).await;
        assert_snapshot!(format!("refused_{keys}"), tui.snapshot());
        tui.keys("<enter> d b <enter> y");
        tui.pass(Duration::from_secs(3)).await;
        tui.keys("<esc>");
        tui.pass(Duration::from_secs(1)).await;
    }
    // A word that is not enough: that AWSCURRENT's password works is no ground to drop what setSecret has set.
    tui.keys("t t d");
    tui.wait("it can't be done").await;
    assert_eq!(changes(&tui.world), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn the_lines_unfold_each_by_its_own_key() {
    let tui = why("prod/payments/db", (120, 60)).await;
    tui.keys("4");
    tui.pass(Duration::from_millis(100)).await;
    assert!(tui.text().contains("log stream"), "{}", tui.text());
    assert!(tui.text().contains("Traceback"), "{}", tui.text());
    tui.keys("4");
    tui.pass(Duration::from_millis(100)).await;
    assert!(!tui.text().contains("log stream"), "{}", tui.text());
    tui.keys("e");
    tui.pass(Duration::from_millis(100)).await;
    assert_eq!(tui.text().matches("log stream").count(), 4, "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn a_promotion_is_undone_with_keys_and_what_is_typed_ahead_fixes_nothing() {
    let tui = why("prod/payments/db", (120, 60)).await;
    tui.keys("t p d b <enter> <enter>");
    tui.pass(Duration::from_secs(5)).await;
    assert_eq!(changes(&tui.world), Vec::<String>::new());
    tui.keys("<esc>");
    tui.pass(Duration::from_secs(1)).await;
    tui.keys("p");
    confirm(&tui, "db").await;
    tui.wait("Verified ").await;
    tui.pass(Duration::from_secs(20)).await;
    tui.keys("U");
    confirm(&tui, "db").await;
    tui.wait("AWS took").await;
    tui.pass(Duration::from_secs(20)).await;
    tui.keys("<esc>");
    tui.pass(Duration::from_secs(1)).await;
    // What is shown is what is the case now, not what the fix came to.
    assert!(!tui.text().contains("Verified ") && !tui.text().contains("the rotation is done"), "{}", tui.text());
    assert_snapshot!("undone", tui.snapshot());
    let moves = tui.world.moves("prod/payments/db");
    let current: Vec<_> = moves.iter().filter(|one| one.label == "AWSCURRENT").collect();
    let [.., there, back] = current.as_slice() else { panic!("{current:?}") };
    assert_eq!((&there.from, &there.to), (&back.to, &back.from));
}

/// A fix by command that is killed while it waits for nothing to run.
async fn killed(world: &World, home: &Home) {
    let args = ["fix", "prod/crm/oracle", "--drop-pending", "--yes", "--confirm", "oracle"];
    let mut running = Box::pin(run_at(&args, world, home));
    for _ in 0..300 {
        assert!(running.as_mut().now_or_never().is_none(), "it ended");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_left_half_done_is_told_at_the_start_and_finished_with_keys() {
    let (world, home) = (World::load("").unwrap(), Home::new());
    killed(&world, &home).await;
    let tui = Tui::at(world, home, 120, 40, |_| {});
    tui.wait("a fix of prod/crm/oracle was left half done").await;
    tui.rest().await;
    assert_snapshot!("left_list", tui.snapshot());
    tui.keys("/prod/crm/oracle <enter> w");
    tui.pass(Duration::from_secs(20)).await;
    assert_snapshot!("left_why", tui.snapshot());
    tui.keys("d");
    tui.wait("A plan of this secret is half done: that comes first.").await;
    tui.keys("<esc>");
    tui.pass(Duration::from_secs(1)).await;
    tui.keys("F");
    tui.wait("Pre-flight: 1 warning").await;
    tui.pass(Duration::from_secs(2)).await;
    assert_snapshot!("left_finish", tui.snapshot());
    confirm(&tui, "oracle").await;
    tui.wait("Verified ").await;
    tui.pass(Duration::from_secs(20)).await;
    assert!(!tui.text().contains("half done"), "{}", tui.text());
    assert_eq!(changes(&tui.world), ["CancelRotateSecret", "UpdateSecretVersionStage", "RotateSecret"]);
}

#[tokio::test(start_paused = true)]
async fn while_a_fix_waits_what_was_seen_before_it_is_marked_so() {
    let tui = why("prod/crm/oracle", (120, 40)).await;
    assert!(tui.text().contains("AWS may begin another one at any time"), "{}", tui.text());
    tui.keys("d");
    confirm(&tui, "oracle").await;
    tui.wait("The fix that is under way").await;
    tui.pass(Duration::from_secs(20)).await;
    let text = tui.text();
    let places =
        ["wait 90 s", "before the fix:", "AWS may begin another one at any time"].map(|words| text.find(words));
    assert!(places[0].is_some() && places.is_sorted(), "{text}");
    // Asked anew, it is what is so now.
    tui.keys("r");
    tui.wait("if no other sign comes").await;
    assert!(!tui.text().contains("before the fix:"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn a_plan_whose_file_cannot_be_read_is_told() {
    let (world, home) = (World::load("").unwrap(), Home::new());
    killed(&world, &home).await;
    let folder = home.folder().join("state/secdash/plans");
    let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&file, "no plan\n").unwrap();
    let tui = Tui::at(world, home, 200, 40, |_| {});
    tui.wait("There may be a plan that is half done").await;
    tui.rest().await;
    tui.keys("/prod/crm/oracle <enter> w");
    tui.wait("then remove the file").await;
    // Nor is any way out begun.
    tui.keys("d");
    tui.wait("it can't be done").await;
}

#[tokio::test(start_paused = true)]
async fn leaving_waits_for_the_fix_to_end() {
    let tui = why("prod/crm/oracle", (120, 40)).await;
    tui.keys("d");
    confirm(&tui, "oracle").await;
    tui.wait("The fix that is under way").await;
    tui.keys("q");
    tui.wait("waiting for the fix to end").await;
    let world = tui.world.clone();
    assert_eq!(tui.end().await, Exit::Fine);
    assert_eq!(changes(&world), ["CancelRotateSecret", "UpdateSecretVersionStage", "RotateSecret"]);
}

#[tokio::test(start_paused = true)]
async fn under_read_only_the_dialog_can_be_read_and_nothing_is_fixed() {
    let tui = Tui::wishing(World::load("").unwrap(), 120, 60, |start| start.read_only = true);
    tui.rest().await;
    tui.keys("/prod/crm/oracle <enter> w");
    tui.pass(Duration::from_secs(20)).await;
    tui.keys("d");
    confirm(&tui, "oracle").await;
    tui.pass(Duration::from_secs(5)).await;
    assert!(tui.text().contains("read-only"), "{}", tui.text());
    assert_eq!(changes(&tui.world), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn the_keys_that_are_named_are_the_user_s_own() {
    let own = Rebinding {
        action: Action::DropPending.name().to_owned(),
        keys: vec!["x".to_owned()],
        file: "keys.toml".into(),
        line: 1,
    };
    let keymap = Keymap::with(&[own]).unwrap();
    let tui = Tui::wishing(World::load("").unwrap(), 120, 60, |start| start.keymap = keymap);
    tui.rest().await;
    tui.keys("/prod/crm/oracle <enter> w");
    tui.pass(Duration::from_secs(20)).await;
    assert!(tui.text().contains("press x"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn a_function_that_is_gone_leads_though_no_version_is_pending() {
    let (world, home) = (World::load("").unwrap(), Home::new());
    let said = run_at(&["why", "prod/hr/sqlserver", "--output", "json"], &world, &home).await;
    assert_eq!(said.exit, Exit::Findings, "{said:?}");
    let why: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert!(why["sentence"].as_str().is_some_and(|first| first.starts_with("No rotation can run: ")), "{why}");
    assert!(why["advice"].as_str().is_some_and(|advice| advice.starts_with("deploy the function again")), "{why}");
    let fine = run_at(&["why", "prod/users/db"], &world, &home).await;
    assert_eq!(fine.exit, Exit::Fine, "{fine:?}");
}
