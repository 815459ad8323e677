//! The pictures in the README are today's program: `PICTURES=write cargo test --test picture` makes them anew.

#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::path::Path;
use std::time::Duration;

use secdash::demo::World;
use secdash::tui::theme::Theme;
use support::svg;
use support::tui::Tui;

const SIZE: (u16, u16) = (116, 38);

/// What is shown: the file, its words for those who can't see it, and the keys that lead there.
const PICTURES: [(&str, &str, &str); 2] = [
    ("secrets", "The list of secrets, worst trouble first, and the label timeline of a stuck one", "jjj"),
    ("secret", "One secret: which version had which staging label, and when", "jjj <enter>"),
];

#[tokio::test(start_paused = true)]
async fn the_pictures_are_of_today_s_program() {
    for (name, words, keys) in PICTURES {
        let tui = started().await;
        tui.keys(keys);
        tui.rest().await;
        is_known(&tui, name, words);
    }
}

#[tokio::test(start_paused = true)]
async fn the_picture_of_a_rotation_is_of_today_s_program() {
    let tui = started().await;
    tui.keys("/users/db <enter> R");
    tui.wait("Pre-flight: all clear").await;
    tui.pass(Duration::from_secs(1)).await;
    tui.keys("y");
    tui.wait("✔ testSecret").await;
    // In the middle of a second: what counts seconds is the same each time.
    let millis = u64::from(tui.world.now().timestamp_subsec_millis());
    tui.pass(Duration::from_millis((1_500 - millis) % 1_000)).await;
    tui.resize(SIZE.0, SIZE.1);
    tui.pass(Duration::from_millis(5)).await;
    let words = "A rotation that is watched: its steps, the labels as they move, and the log of this rotation alone";
    is_known(&tui, "rotation", words);
}

async fn started() -> Tui {
    let (columns, rows) = SIZE;
    let tui = Tui::wishing(World::load("default").unwrap(), columns, rows, |start| start.theme = Theme::Dark);
    tui.wait("5 stuck").await;
    tui.rest().await;
    tui
}

fn is_known(tui: &Tui, name: &str, words: &str) {
    let picture = svg::picture(&tui.buffer(), words);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/{name}.svg"));
    if std::env::var_os("PICTURES").is_some() {
        std::fs::write(&path, &picture).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(known == picture, "{} is of another program; `PICTURES=write cargo test --test picture`", path.display());
}
