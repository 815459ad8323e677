//! The history of a secret, the activity of the account and the alert coverage, as they stand on the screen.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::time::Duration;

use secdash::demo::World;
use support::tui::Tui;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// The dashboard with the history of a secret, read whole.
async fn history(secret: &str, columns: u16, rows: u16) -> Tui {
    let tui = Tui::on("trail", columns, rows);
    tui.wait("prod/orders/db").await;
    tui.rest().await;
    tui.keys(&format!("/ {secret} <enter> h"));
    tui.wait("complete to about 08:59Z, back to 11-13 09:14Z").await;
    tui
}

/// One picture of each size after some keys.
async fn pictures(name: &str, secret: &str, keys: &str) {
    for (columns, rows) in SIZES {
        let tui = history(secret, columns, rows).await;
        tui.keys(keys);
        tui.rest().await;
        insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), tui.snapshot());
    }
}

#[tokio::test(start_paused = true)]
async fn readers_come_with_where_they_stand_since_the_rotation() {
    pictures("events", "orders", "").await;
}

#[tokio::test(start_paused = true)]
async fn events_are_grouped_by_reader() {
    pictures("by_reader", "orders", "<tab>").await;
}

#[tokio::test(start_paused = true)]
async fn the_record_unfolds() {
    pictures("record", "orders", "j j <enter>").await;
}

#[tokio::test(start_paused = true)]
async fn a_deletion_stands_out_and_who_still_asks() {
    pictures("deletion", "crm", "").await;
}

#[tokio::test(start_paused = true)]
async fn a_filter_says_what_it_hides() {
    let tui = history("orders", 120, 40).await;
    tui.keys("/ partner <space> kind:read <enter>");
    tui.rest().await;
    insta::assert_snapshot!("filtered", tui.snapshot());
    tui.keys("/ <esc> v v");
    tui.rest().await;
    assert!(tui.text().contains("kind: refused"), "{}", tui.text());
    assert!(!tui.text().contains("GetSecretValue  "), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn a_step_back_takes_the_filter_away_before_it_leaves() {
    let tui = history("orders", 120, 40).await;
    tui.keys("v v v v v v v");
    tui.rest().await;
    assert!(
        tui.text().contains("None of these in the last 7 d, as far as CloudTrail has delivered."),
        "{}",
        tui.text()
    );
    assert!(tui.text().contains("hidden by the filter; esc takes it away."), "{}", tui.text());
    tui.keys("<esc>");
    tui.rest().await;
    assert!(tui.text().contains("History of prod/orders/db") && !tui.text().contains("kind:"), "{}", tui.text());
    tui.keys("<tab> j <enter>");
    tui.rest().await;
    assert!(tui.text().contains("by orders-task") && tui.text().contains("esc all readers"), "{}", tui.text());
    tui.keys("<esc>");
    tui.rest().await;
    assert!(tui.text().contains("CALLER") && tui.text().contains("›orders-task"), "{}", tui.text());
    tui.keys("<esc>");
    tui.rest().await;
    assert!(!tui.text().contains("History of"), "{}", tui.text());
}

/// The world with somebody who reads a secret every few seconds for days, so that reads take minutes to be read.
fn busy() -> World {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worlds/trail.toml")).unwrap();
    let more = "[[reader]]\nsecrets = [\"prod/orders/db\"]\nkind = \"user\"\nname = \"poller\"\nevery = \"20s\"\n";
    World::from_toml("busy", &format!("{text}\n{more}from = \"-5d\"\n")).unwrap()
}

#[tokio::test(start_paused = true)]
async fn in_a_busy_account_rare_kinds_are_whole_long_before_the_reads() {
    let tui = Tui::over(busy(), 120, 40);
    tui.wait("prod/orders/db").await;
    tui.rest().await;
    tui.keys("A v v v v v v");
    tui.wait("complete to about 08:59Z, back to 11-13 09:14Z").await;
    assert!(tui.text().contains("kind: deletion") && tui.text().contains("1 event,"), "{}", tui.text());
    assert!(tui.text().contains("gone after 7 days") && tui.text().contains("x stop reading"), "{}", tui.text());
    tui.keys("<esc> <tab>");
    tui.wait("Counted from").await;
    insta::assert_snapshot!("busy_readers", tui.snapshot());
    tui.keys("<tab> / kind:deletion <enter> - -");
    tui.wait("back to 08-22 09:1").await;
}

#[tokio::test(start_paused = true)]
async fn readers_fill_up_by_themselves_after_a_rotation() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worlds/trail.toml")).unwrap();
    let text = text.replace("2026-11-18T02:00:0", "2026-11-20T09:13:0").replace("every = \"40m\"", "every = \"10m\"");
    let tui = Tui::over(World::from_toml("young", &text).unwrap(), 120, 40);
    tui.wait("prod/orders/db").await;
    tui.rest().await;
    tui.keys("/ orders <enter> h +");
    tui.wait("0 read its value since").await;
    tui.pass(Duration::from_mins(12)).await;
    tui.wait("1 read its value since").await;
}

#[tokio::test(start_paused = true)]
async fn a_word_that_means_nothing_is_said_to() {
    let tui = history("orders", 120, 40).await;
    tui.keys("/ kind:nonsense <space> x");
    tui.rest().await;
    assert!(tui.text().contains("`kind:nonsense`: kind:KIND"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_read_yet_is_provisional() {
    let tui = Tui::on("trail", 120, 40);
    tui.wait("prod/orders/db").await;
    tui.rest().await;
    tui.keys("/ orders <enter> h");
    tui.wait("~ not complete").await;
    insta::assert_snapshot!("provisional", tui.snapshot());
    tui.keys("x");
    tui.rest().await;
    assert!(tui.text().contains("stopped; r reads on"), "{}", tui.text());
    tui.keys("r");
    tui.wait("complete to about 08:59Z, back to 11-13 09:14Z").await;
}

#[tokio::test(start_paused = true)]
async fn the_activity_of_the_account_leads_to_its_secrets() {
    let tui = Tui::on("trail", 120, 40);
    tui.wait("prod/orders/db").await;
    tui.rest().await;
    tui.keys("A");
    tui.pass(Duration::from_secs(30)).await;
    tui.rest().await;
    insta::assert_snapshot!("activity", tui.snapshot());
    tui.keys("/ crm <enter> h");
    tui.wait("History of old/crm").await;
}

#[tokio::test(start_paused = true)]
async fn in_a_small_terminal_the_activity_says_what_was_done() {
    let tui = Tui::on("default", 80, 24);
    tui.wait("prod/crm/oracle").await;
    tui.rest().await;
    tui.keys("A / kind:rotation <enter>");
    tui.wait("createSecret failed").await;
    tui.pass(Duration::from_mins(2)).await;
    tui.rest().await;
    insta::assert_snapshot!("activity_80x24", tui.snapshot());
}

#[tokio::test(start_paused = true)]
async fn without_the_right_the_fault_stands_in_its_panel() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worlds/trail.toml")).unwrap();
    let text = format!("{text}\n[[fault]]\noperation = \"LookupEvents\"\nkind = \"deny\"\n");
    let tui = Tui::over(World::from_toml("denied", &text).unwrap(), 120, 40);
    tui.wait("prod/orders/db").await;
    tui.rest().await;
    tui.keys("/ orders <enter> h");
    tui.wait("cloudtrail:LookupEvents").await;
    tui.rest().await;
    insta::assert_snapshot!("denied", tui.snapshot());
    tui.keys("<esc> <enter>");
    tui.wait("without CloudTrail").await;
    tui.rest().await;
    assert!(tui.text().contains("cloudtrail:LookupEvents") && tui.text().contains("inferred"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_never_said_to_have_happened_where_that_is_not_known() {
    let tui = Tui::on("empty", 80, 24);
    tui.rest().await;
    tui.keys("A");
    tui.wait("No event in the last 7 d, as far as CloudTrail has delivered.").await;
}

#[tokio::test(start_paused = true)]
async fn who_is_told_stands_on_a_screen_of_its_own() {
    for (columns, rows) in SIZES {
        let tui = Tui::on("trail", columns, rows);
        tui.wait("prod/orders/db").await;
        tui.rest().await;
        tui.keys(": alerts <enter>");
        tui.wait("DeleteSecret").await;
        tui.rest().await;
        insta::assert_snapshot!(format!("alerts_{columns}x{rows}"), tui.snapshot());
    }
}

/// The world with one more event of a secret, two minutes after the clock's start.
fn soon(secret: &str, event: &str) -> World {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worlds/trail.toml")).unwrap();
    let at = text.find(&format!("name = \"{secret}\"\n")).unwrap();
    let text = format!("{}events = [{event}]\n{}", &text[..at], &text[at..]);
    World::from_toml("soon", &text).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_deletion_or_a_failure_that_happens_meanwhile_raises_a_notice() {
    for (event, notice) in [
        ("{ name = \"DeleteSecret\", at = \"+2m\", by = \"kim\" }", "prod/orders/db was scheduled for deletion by kim"),
        (
            "{ name = \"RotationFailed\", at = \"+2m\", step = \"setSecret\", version = \"AWSCURRENT\" }",
            "rotation of prod/orders/db failed at setSecret, 09:16:00Z",
        ),
    ] {
        let tui = Tui::over(soon("prod/orders/db", event), 120, 40);
        tui.wait("prod/orders/db").await;
        tui.rest().await;
        assert!(!tui.text().contains(notice), "{}", tui.text());
        // It shows after five minutes, and the history is asked every five minutes.
        tui.pass(Duration::from_mins(8)).await;
        tui.wait(notice).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_without_recovery_offers_no_way_back() {
    let world = World::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worlds/trail.toml")).unwrap();
    let others = aws_sdk_secretsmanager::Client::new(&world.sdk_config());
    let tui = Tui::over(world, 120, 40);
    tui.wait("prod/orders/db").await;
    tui.rest().await;
    others.delete_secret().secret_id("prod/orders/db").force_delete_without_recovery(true).send().await.unwrap();
    tui.pass(Duration::from_mins(4)).await;
    tui.wait("prod/orders/db was deleted without recovery by ").await;

    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worlds/trail.toml")).unwrap();
    let text = text.replace("recoveryWindowInDays = 7", "forceDeleteWithoutRecovery = true");
    let tui = Tui::over(World::from_toml("final", &text).unwrap(), 120, 40);
    tui.wait("prod/orders/db").await;
    tui.rest().await;
    tui.keys("/ crm <enter> h");
    tui.wait("Deleted without a recovery window by sam").await;
    assert!(!tui.text().contains("restores it"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn a_history_that_was_open_before_a_rotation_counts_from_it() {
    let tui = history("orders", 120, 40).await;
    tui.wait("AWSCURRENT moved 2 d ago").await;
    tui.keys("<esc> R");
    tui.wait("all clear").await;
    tui.pass(Duration::from_secs(5)).await;
    tui.keys("y");
    tui.wait("rotation succeeded").await;
    tui.keys("h");
    tui.wait("0 read its value since").await;
    assert!(!tui.text().contains("moved 2 d ago"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn a_readers_events_are_that_readers_alone() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worlds/trail.toml")).unwrap();
    let more =
        "[[reader]]\nsecrets = [\"prod/orders/db\"]\nkind = \"lambda\"\nname = \"orders-api-2\"\nevery = \"9h\"\n";
    let tui = Tui::over(World::from_toml("alike", &format!("{text}\n{more}")).unwrap(), 120, 40);
    tui.wait("prod/orders/db").await;
    tui.rest().await;
    tui.keys("/ orders <enter> h <tab>");
    tui.wait("complete to about 08:59Z, back to 11-13 09:14Z").await;
    tui.keys("<enter>");
    tui.rest().await;
    assert!(tui.text().contains("by orders-api ·") && !tui.text().contains("orders-api-2"), "{}", tui.text());
}
