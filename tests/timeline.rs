//! The label timeline on its secret's screen: every case at three sizes and three zooms.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::fmt::Write;
use std::time::Duration;

use support::tui::Tui;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// The steps to each zoom, from the nearest: 7 d, 90 d, all.
const ZOOMS: [&str; 3] = ["+ + + + + -", "- -", "-"];

/// The panel with the timeline, as it stands on the screen.
fn panel(tui: &Tui) -> String {
    let text = tui.text();
    let lines = text.lines().skip_while(|line| !line.contains("Versions over time"));
    let end = lines.clone().position(|line| line.starts_with('└')).unwrap();
    lines.take(end + 1).flat_map(|line| [line.trim_end(), "\n"]).collect()
}

async fn open(secret: &str, columns: u16, rows: u16) -> Tui {
    let tui = Tui::on("timeline", columns, rows);
    tui.wait("2 stuck").await;
    tui.rest().await;
    tui.keys(&format!("/ {secret} <enter> <enter>"));
    // CloudTrail is asked a dozen times for what changed secrets, once a second.
    tui.pass(Duration::from_secs(20)).await;
    tui.rest().await;
    tui
}

/// Every size and zoom of one secret's timeline, and what is said of the version that matters most.
async fn pictures(secret: &str, keys: &str) -> String {
    let mut pictures = String::new();
    for (columns, rows) in SIZES {
        let tui = open(secret, columns, rows).await;
        tui.keys(keys);
        for zoom in ZOOMS {
            tui.keys(zoom);
            tui.rest().await;
            pictures.push_str(&panel(&tui));
        }
    }
    let tui = open(secret, 120, 40).await;
    tui.keys(keys);
    tui.rest().await;
    let text = tui.text();
    let below =
        text.lines().skip_while(|line| !line.starts_with('└')).skip(1).take_while(|line| !line.starts_with('└'));
    for line in below {
        writeln!(pictures, "{}", line.trim_end()).unwrap();
    }
    pictures
}

macro_rules! timelines {
    ($($name:ident: $secret:literal, $keys:literal;)*) => {
        $(#[tokio::test(start_paused = true)]
        async fn $name() {
            insta::assert_snapshot!(pictures($secret, $keys).await);
        })*
    };
}

timelines! {
    healthy: "healthy", "";
    healthy_with_deprecated_versions: "healthy", "d";
    stuck: "stuck <space> !empty", "";
    stuck_and_empty: "stuck-empty", "";
    cancelled: "cancelled", "";
    rolled_back: "rolled-back", "";
    custom_labels: "custom-labels", "";
    a_hundred_versions: "hundred", "d ] ] ] ] ] ] ] ] ] ] ] ]";
    never_rotated: "never-rotated", "";
    a_replica: "replica", "";
    managed: "managed", "";
    versions_of_the_same_second: "same-second", "d";
    a_clock_behind_that_of_aws: "clock-behind", "";
}

#[tokio::test(start_paused = true)]
async fn a_moment_is_looked_at_and_esc_lets_go_of_it() {
    let tui = open("stuck <space> !empty", 120, 40).await;
    tui.keys("H <left> <right>");
    tui.rest().await;
    insta::assert_snapshot!(tui.snapshot());
    tui.keys("<esc>");
    tui.rest().await;
    assert!(tui.text().contains("› secret") && !tui.text().contains("inferred  AWSCURRENT"), "{}", tui.text());
    tui.keys("<esc>");
    tui.rest().await;
    assert!(!tui.text().contains("› secret"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn another_version_is_explained() {
    let tui = open("custom-labels", 120, 40).await;
    tui.keys("] ]");
    tui.rest().await;
    tui.wait("blue moved to 7648…c33c").await;
}
