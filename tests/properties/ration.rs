//! The event history's ration in the demo world, whatever keys are mashed, and what is said when it tells nothing.

use std::time::Duration;

use secdash::demo::World;

use crate::support::tui::Tui;

/// Three secrets that look-ups can tell more about: one with an empty pending version, one with failures, one turned off.
const WORLD: &str = r#"
[[secret]]
name = "empty"
function = "rotate-x"
rotation = { days = 30 }
versions = [{ labels = ["AWSPENDING"], created = "-5h", empty = true }, { labels = ["AWSCURRENT"], created = "-31d" }]
events = [{ name = "RotationFailed", at = "-120h", every = "1h", times = 120, step = "setSecret" }]

[[secret]]
name = "off"
function = "rotate-x"
rotation = { enabled = false, days = 30 }
"#;

fn world(fault: &str) -> World {
    let fault = if fault.is_empty() {
        String::new()
    } else {
        format!("[[fault]]\noperation = \"LookupEvents\"\nkind = \"{fault}\"\n")
    };
    World::from_toml("ration", &format!("{WORLD}{fault}")).unwrap()
}

/// The moments of all look-ups, in milliseconds of the world's time.
fn lookups(world: &World) -> Vec<i64> {
    let all = world.journal().into_iter().filter(|entry| entry.operation == "LookupEvents");
    all.map(|entry| entry.at.timestamp_millis()).collect()
}

fn snapshot(name: &str, tui: &Tui) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(name, tui.snapshot()));
}

#[tokio::test(start_paused = true)]
async fn look_ups_keep_their_ration_while_keys_are_mashed() {
    for (fault, least) in [("", 3), ("deny", 10), ("throttle", 10)] {
        let tui = Tui::over(world(fault), 120, 40);
        for round in 0..100 {
            tui.keys(["rrr", "s r S", "/ e <enter> r <esc>", "<enter> r J r <esc>", "c r <esc> r"][round % 5]);
            tui.pass(Duration::from_millis(1_310)).await;
        }
        let lookups = lookups(&tui.world);
        assert!(lookups.len() >= least, "{fault}: {}", lookups.len());
        let shortest = lookups.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap();
        assert!(shortest >= 1_000, "{fault}: {shortest} ms between two look-ups");
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_history_the_list_says_what_it_knows_and_the_preview_what_is_missing() {
    let tui = Tui::over(world("deny"), 120, 40);
    tui.keys("/ empty <enter>");
    tui.wait("cloudtrail:LookupEvents").await;
    tui.rest().await;
    snapshot("properties__history_denied_120x40", &tui);
}

#[tokio::test(start_paused = true)]
async fn a_history_that_is_throttled_for_ever_says_so() {
    let tui = Tui::over(world("throttle"), 120, 40);
    tui.keys("/ empty <enter>");
    tui.wait("AWS throttled LookupEvents").await;
    assert!(tui.text().contains("? pending"), "{}", tui.text());
    // The call that failed last may be told a moment after the fault that it makes.
    tui.rest().await;
    snapshot("properties__history_throttled_120x40", &tui);
}
