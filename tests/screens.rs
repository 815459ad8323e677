//! Every screen at every size, as a person sees it, with one line that changes with any colour.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::time::Duration;

use crossterm::event::{MouseButton, MouseEventKind};
use insta::assert_snapshot;
use secdash::demo::World;
use secdash::tui::theme::Theme;
use support::tui::Tui;

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (200, 60), (40, 10)];

/// What leads to a screen: its name, the world, and the keys.
const SCREENS: &[(&str, &str, &str)] = &[
    ("list", "default", ""),
    ("empty", "empty", ""),
    ("loading", "hang-list", ""),
    ("filter", "default", "/payments"),
    ("filter_fuzzy", "default", "/~pymt"),
    ("filter_tests", "default", "/state:stuck <space> !tag:team=search"),
    ("filter_none", "default", "/nothing"),
    ("filter_bad", "default", "/colour:red"),
    ("sorted", "default", "s S"),
    ("secret", "default", "<enter>"),
    ("secret_raw", "default", "<enter> J"),
    ("copy", "default", "y j"),
    ("commands", "default", ":so"),
    ("calls", "default", "c"),
    ("upcoming", "default", "u"),
    ("upcoming_week", "default", "u - <ctrl-d> j"),
    ("upcoming_empty", "empty", "u"),
    ("upcoming_loading", "hang-list", "u"),
    ("upcoming_winter", "winter", "u - G"),
    ("upcoming_partial", "repeat-token", "u - -"),
    ("help", "default", "?"),
];

#[tokio::test(start_paused = true)]
async fn every_screen_at_every_size() {
    for (name, world, keys) in SCREENS {
        for (columns, rows) in SIZES {
            let tui = Tui::over(world_named(world), columns, rows);
            tui.rest().await;
            tui.keys(keys);
            tui.rest().await;
            assert_snapshot!(format!("{name}_{columns}x{rows}"), tui.snapshot());
        }
    }
}

/// The worlds that go wrong, and how long each takes to.
const ERRORS: &[(&str, u64)] = &[
    ("bad-credentials", 2),
    ("clock-skew", 2),
    ("deny-describe", 2),
    ("deny-list", 2),
    ("deny-versions", 2),
    ("endless", 60),
    ("error-500", 60),
    ("expired", 2),
    ("hang", 300),
    ("malformed", 60),
    ("not-found", 2),
    ("repeat-token", 2),
    ("reset", 60),
    ("throttle-minute", 40),
    ("unavailable", 60),
];

#[tokio::test(start_paused = true)]
async fn every_error_at_every_size() {
    for (world, seconds) in ERRORS {
        let mut screens = String::new();
        for (columns, rows) in SIZES {
            let tui = Tui::over(world_named(world), columns, rows);
            tui.pass(Duration::from_secs(*seconds)).await;
            screens.push_str(&tui.snapshot());
            screens.push_str("\n\n");
        }
        // Retries wait for as long as they like, and whoever calls next gets the next id.
        let filters =
            [("request id [0-9a-f-]{36}", "request id [          of 36 letters           ]"), (":[0-9]{2}Z", ":[s]Z")];
        insta::with_settings!({ filters => filters.map(|(from, to)| (from, to)) }, {
            assert_snapshot!(format!("error_{world}"), screens);
        });
    }
}

fn world_named(name: &str) -> World {
    let hang = "name = 'hang-list'\n[[fault]]\noperation = 'ListSecrets'\nkind = 'hang'\n";
    match name {
        "hang-list" => World::from_toml(name, hang).unwrap(),
        "default" => World::load("").unwrap(),
        _ => {
            let path = format!("{}/tests/worlds/{name}.toml", env!("CARGO_MANIFEST_DIR"));
            World::load(&path).unwrap()
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_theme_keeps_every_meaning_readable() {
    let mut words = Vec::new();
    for theme in Theme::ALL {
        for ascii in [false, true] {
            let tui =
                Tui::wishing(world_named("default"), 120, 40, |start| (start.theme, start.ascii) = (theme, ascii));
            tui.rest().await;
            let name = format!("theme_{}{}", theme.word(), if ascii { "_ascii" } else { "" });
            assert_snapshot!(name, tui.snapshot());
            words.push((ascii, tui.text()));
        }
    }
    // Without colour nothing is missing: the words and shapes are the same in every theme.
    assert!(
        words
            .iter()
            .all(|(ascii, text)| words.iter().filter(|(other, _)| other == ascii).all(|(_, other)| other == text))
    );
    assert!(words[1].1.lines().all(|line| !line.contains(['│', '┌', '✖', '✔', '⧉'])), "{}", words[1].1);
}

#[tokio::test(start_paused = true)]
async fn what_is_copied_is_what_is_shown_and_the_notice_goes_away() {
    let tui = Tui::over(world_named("default"), 120, 40);
    tui.wait("prod/crm/oracle · as of").await;
    tui.keys("y j <enter>");
    tui.wait("copied ARN: arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/crm/oracle-").await;
    let copied = tui.copied.lock().map(|copied| copied.clone()).unwrap_or_default();
    assert_eq!(copied.len(), 1);
    assert!(
        copied[0].starts_with("arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/crm/oracle-"),
        "{copied:?}"
    );
    tui.pass(Duration::from_mins(1)).await;
    assert!(!tui.text().contains("copied"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn commands_do_what_keys_do_and_say_what_they_do_not_know() {
    let tui = Tui::over(world_named("default"), 120, 40);
    tui.wait("trouble first").await;
    tui.keys(":so <tab> na <tab> <enter>");
    tui.wait("by name").await;
    tui.keys(": f i l t e r <space> m a i l <enter>");
    tui.wait("/ mail · 1 of 37").await;
    tui.keys("<esc>");
    tui.wait("Secrets ").await;
    tui.keys(":nonsense <enter>");
    tui.wait("there is no command `nonsense`").await;
    tui.keys(":calls <enter>");
    tui.wait("› API calls").await;
    tui.keys(":secrets <enter>");
    tui.wait("by name").await;
}

#[tokio::test(start_paused = true)]
async fn the_calls_tell_of_retries_and_throttles() {
    let tui = Tui::over(world_named("throttle"), 120, 40);
    tui.wait("throttled 2×").await;
    tui.keys("c");
    tui.wait("ListSecrets").await;
    let text = tui.text();
    let call = text.lines().find(|line| line.contains("ListSecrets ")).unwrap_or_default();
    let words: Vec<_> = call.split_whitespace().collect();
    assert_eq!(words[1], "ListSecrets");
    assert_eq!(words[4..7], ["2", "2", "fine"], "{call}");
}

#[tokio::test(start_paused = true)]
async fn a_click_selects_and_the_wheel_moves() {
    let tui = Tui::over(world_named("default"), 120, 40);
    tui.wait("prod/crm/oracle · as of").await;
    tui.mouse(MouseEventKind::Down(MouseButton::Left), 20, 6);
    tui.wait("prod/payments/db · as of").await;
    tui.mouse(MouseEventKind::ScrollDown, 20, 6);
    tui.wait("prod/warehouse/redshift · as of").await;
    // The border, the titles and what lies below are no secrets.
    for row in [0, 1, 2, 19, 30, 39] {
        tui.mouse(MouseEventKind::Down(MouseButton::Left), 20, row);
    }
    tui.rest().await;
    tui.wait("prod/warehouse/redshift · as of").await;
}

#[tokio::test(start_paused = true)]
async fn a_paste_is_text_and_presses_no_key() {
    let tui = Tui::over(world_named("default"), 120, 40);
    tui.wait("prod/crm/oracle · as of").await;
    tui.paste("jjjq?");
    tui.rest().await;
    tui.wait("prod/crm/oracle · as of").await;
    tui.keys("/");
    tui.paste("mail\u{1b}[31m");
    tui.wait("/ mail␛[31m · 0 of 37").await;
}
