//! The log of a function in the dashboard, by itself: its history, the choice of lines, what is searched, copied and
//! saved, a picture that stands still while lines pour in, and what is said of the way on which they come.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::time::Duration;

use insta::assert_snapshot;
use ratatui::style::Modifier;
use secdash::demo::World;
use support::home::Home;
use support::tui::Tui;

const SIZE: (u16, u16) = (100, 24);

/// What the log says before anybody looks: two secrets' invocations, one that failed, and lines of nobody's.
const HISTORY: &str = r#"invocations = [
    { at = "-2d", took = "1s", lines = ["long ago, for {arn:prod/db}"] },
    { at = "-30m", took = "1s", lines = ["createSecret: Successfully put secret for ARN {arn:prod/db}"] },
    { at = "-20m", took = "1s", lines = ["createSecret: Successfully put secret for ARN {arn:prod/other}"] },
    { at = "-10m", took = "2s", lines = ["[WARN] {arn:prod/db} is slow, password=hunter2"], raised = "ValueError: {arn:prod/db} can't be set" },
    { at = "-5m", took = "1s", lines = ["nobody's line"] },
    { at = "-4m", took = "1s", lines = ["setSecret: host=db.example.com {arn:prod/db}"], json = true },
]"#;

fn world(group: &str, more: &str) -> World {
    let secret = |name: &str| {
        format!(
            "[[secret]]\nname = \"{name}\"\nfunction = \"rotate\"\nrotation = {{ rate = \"rate(30 days)\" }}\n\
             created = \"2025-01-01T00:00:00Z\"\nlast_rotated = \"-10d\"\n"
        )
    };
    let (own, other) = (secret("prod/db"), secret("prod/other"));
    let text = format!("seed = 3\n{own}{other}[[log_group]]\nname = \"/aws/lambda/rotate\"\n{group}\n{more}\n");
    World::from_toml("log", &text).unwrap()
}

/// The dashboard in the log of the first secret's function.
async fn opened(world: World) -> Tui {
    let tui = opened_by(world, "l", "/aws/lambda/rotate · live").await;
    tui.rest().await;
    tui
}

/// The dashboard after keys that lead there, once it says this.
async fn opened_by(world: World, keys: &str, says: &str) -> Tui {
    let tui = Tui::over(world, SIZE.0, SIZE.1);
    tui.wait("prod/db").await;
    tui.rest().await;
    tui.keys(keys);
    tui.wait(says).await;
    tui
}

/// Presses keys, and what stands on the screen then.
async fn after(tui: &Tui, keys: &str) -> String {
    tui.keys(keys);
    tui.pass(Duration::from_millis(50)).await;
    tui.text()
}

/// How many cells are marked as found.
fn marked(tui: &Tui) -> usize {
    let is_marked = |cell: &&ratatui::buffer::Cell| cell.modifier.contains(Modifier::UNDERLINED);
    tui.buffer().content().iter().filter(is_marked).count()
}

/// How often AWS was asked for something.
fn asked(world: &World, operation: &str) -> usize {
    world.journal().into_iter().filter(|entry| entry.operation == operation).count()
}

#[tokio::test(start_paused = true)]
async fn a_log_by_itself_has_its_history_and_each_key_chooses_among_its_lines() {
    let tui = opened(world(HISTORY, "")).await;
    let own = tui.text();
    assert!(own.contains("of this secret") && own.contains("Successfully put secret for ARN …prod/db"), "{own}");
    assert!(own.contains("nobody's line") && !own.contains("prod/other") && !own.contains("long ago"), "{own}");
    assert!(own.contains("password=") && !own.contains("hunter2"), "{own}");
    assert_snapshot!("log_of_a_secret", tui.snapshot());
    let group = after(&tui, "a").await;
    assert!(group.contains("of the whole group"), "{group}");
    assert!(after(&tui, "/prod/other <enter>").await.contains("prod/other"), "{}", tui.text());
    let warned = after(&tui, "<esc> l v v").await;
    assert!(warned.contains("WARN and graver") && !warned.contains("nobody's line"), "{warned}");
    let errors = after(&tui, "v").await;
    assert!(errors.contains("errors only") && errors.contains("can't be set") && !errors.contains("slow"), "{errors}");
    let created = after(&tui, "v s").await;
    assert!(created.contains("createSecret only") && created.contains("Successfully put"), "{created}");
    let set = after(&tui, "s").await;
    assert!(set.contains("setSecret only") && !set.contains("Successfully put"), "{set}");
    let tested = after(&tui, "s").await;
    assert!(tested.contains("None of 20 lines passes: s other steps"), "{tested}");
    assert!(after(&tui, "s s").await.contains("nobody's line"));
    let local = after(&tui, "t").await;
    assert!(local.contains("└ local "), "{local}");
    let since = after(&tui, "t").await;
    assert!(since.contains("└ since ") && since.contains("│+29:5"), "{since}");
    assert!(after(&tui, "t").await.contains("└ UTC "));
    assert!(after(&tui, "W").await.contains("long lines cut"));
}

#[tokio::test(start_paused = true)]
async fn the_line_that_says_why_is_one_key_away_and_older_lines_are_another() {
    let tui = opened(world(HISTORY, "")).await;
    tui.keys("e");
    tui.wait("held, G follows again").await;
    assert!(tui.text().contains("can't be set"), "{}", tui.text());
    assert_snapshot!("log_why", tui.snapshot());
    tui.keys("b");
    tui.wait("reading the last 24 h").await;
    tui.rest().await;
    tui.keys("b");
    tui.wait("reading the last 7 d").await;
    tui.rest().await;
    let first = after(&tui, "g").await;
    assert!(first.contains("long ago, for …prod/db"), "{first}");
    tui.keys("b");
    tui.wait("reading the last 30 d").await;
    tui.rest().await;
    assert!(after(&tui, "b").await.contains("30 days is as far back as it goes here"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn what_is_searched_is_marked_as_it_is_typed_and_found_in_both_directions() {
    let tui = opened(world(HISTORY, "")).await;
    assert_eq!(marked(&tui), 0);
    let typed = after(&tui, "/SECRET:").await;
    // Whatever the case of its letters: createSecret: and setSecret:.
    assert_eq!(marked(&tui), 2 * "secret:".len(), "{typed}");
    // From the end, as that is what is looked at.
    let found = after(&tui, "<ctrl-u> DURATION: <enter>").await;
    assert!(found.contains("held, G follows again") && tui.reversed().starts_with("09:09:01"), "{found}");
    assert_snapshot!("log_searched", tui.snapshot());
    for (key, at, says) in [
        ("N", "09:04:02", ""),
        ("N", "08:44:01", ""),
        ("N", "09:09:01", "the search went on from the last line"),
        ("n", "08:44:01", "the search went on from the first line"),
        ("n", "09:04:02", ""),
    ] {
        let found = after(&tui, key).await;
        assert!(tui.reversed().starts_with(at) && found.contains(says), "{key}: not at {at}\n{found}");
    }
    let none = after(&tui, "/x <enter>").await;
    assert!(none.contains("no line that is shown has `DURATION:x`"), "{none}");
    after(&tui, "/ <esc>").await;
    assert_eq!(marked(&tui), 0, "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn a_line_of_json_is_one_line_until_it_is_unfolded() {
    let tui = opened(world(HISTORY, "")).await;
    let folded = after(&tui, "/example.com <enter>").await;
    assert!(folded.contains("setSecret: host=") && !folded.contains("\"message\""), "{folded}");
    let unfolded = after(&tui, "<enter>").await;
    assert!(unfolded.contains("\"message\": ") && unfolded.contains("· stream"), "{unfolded}");
    assert_snapshot!("log_unfolded", tui.snapshot());
    assert!(!after(&tui, "<enter>").await.contains("\"message\""), "{}", tui.text());
    let all = after(&tui, "J").await;
    assert!(all.contains("JSON unfolded") && all.contains("\"message\": "), "{all}");
}

#[tokio::test(start_paused = true)]
async fn lines_are_copied_and_saved_as_they_are_shown_and_no_file_is_written_over() {
    let home = Home::new();
    let file = home.folder().join("rotation.log");
    let tui = opened(world(HISTORY, "")).await;
    tui.keys("/hunter2 <enter>");
    tui.wait("no line that is shown has").await;
    let offered = after(&tui, "/ <ctrl-u> slow <enter> y").await;
    assert!(offered.contains("request id") && offered.contains("aws logs filter-log-events"), "{offered}");
    after(&tui, "<enter>").await;
    let copied = tui.copied.lock().unwrap().join("\n");
    assert!(copied.contains("is slow, password=") && !copied.contains("hunter2"), "{copied}");
    let keys = format!("<ctrl-u> {} <enter>", file.display());
    assert!(after(&tui, "S").await.contains("secdash-prod-db-20"), "{}", tui.text());
    tui.keys(&keys);
    tui.wait("saved").await;
    let saved = std::fs::read_to_string(&file).unwrap();
    assert!(saved.contains("is slow, password=") && !saved.contains("hunter2"), "{saved}");
    assert!(saved.contains("nobody's line\n") && !saved.contains("prod/other"), "{saved}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    tui.keys("S");
    tui.pass(Duration::from_millis(50)).await;
    tui.keys(&keys);
    tui.wait("not saved: there already").await;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), saved);
}

#[tokio::test(start_paused = true)]
async fn a_picture_that_is_held_does_not_move_by_a_cell_under_a_flood_and_the_end_is_one_key_away() {
    let flood = r#"flood = { from = "+5s", until = "+1h", per_second = 300, message = "line {n}" }"#;
    let world = world(flood, "");
    let start = world.now();
    let tui = opened(world).await;
    tui.keys("a");
    tui.wait("line 10").await;
    tui.keys("<space>");
    tui.wait("held, G follows again").await;
    let body = |tui: &Tui| tui.buffer().content()[usize::from(SIZE.0)..].to_vec();
    let held = body(&tui);
    for _ in 0..120 {
        tui.pass(Duration::from_millis(250)).await;
        assert!(body(&tui) == held, "{}", tui.text());
    }
    tui.keys("G");
    tui.pass(Duration::from_millis(50)).await;
    let last = |text: &str| -> u64 {
        let numbers = text.lines().filter_map(|row| row.split_once(" line ")?.1.split(' ').next()?.parse().ok());
        numbers.max().unwrap()
    };
    // Events can be seen after 800 ms, and come every second.
    let written = u64::try_from((tui.world.now() - start).num_milliseconds() - 5_000).unwrap() * 300 / 1_000;
    let shown = last(&tui.text());
    assert!(written - shown < 300 * 3, "{shown} of {written}\n{}", tui.text());
    assert!(tui.text().contains("following"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn from_where_lines_come_and_what_is_missing_is_said() {
    let steady = r#"flood = { from = "-1m", until = "+1h", per_second = 1, message = "line {n}" }"#;
    let fault = |operation: &str, kind: &str, more: &str| {
        format!("[[fault]]\noperation = \"{operation}\"\nkind = \"{kind}\"\n{more}")
    };
    for (group, more, says) in [
        (steady, fault("StartLiveTail", "deny", ""), "polling every 2 s"),
        (steady, fault("StartLiveTail", "deny", ""), "ask for the IAM action logs:StartLiveTail"),
        (steady, fault("StartLiveTail", "stream-reset", "after_session = \"2s\""), "reconnecting in "),
        (steady, fault("FilterLogEvents", "deny", ""), "ask for the IAM action logs:FilterLogEvents"),
        (
            r#"flood = { from = "+1s", until = "+1h", per_second = 700, message = "line {n}" }"#,
            String::new(),
            "Live Tail sent a sample only",
        ),
        (r#"class = "INFREQUENT_ACCESS""#, String::new(), "of the class INFREQUENT_ACCESS"),
    ] {
        opened_by(world(group, &more), "la", says).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_log_that_nobody_looks_at_is_closed() {
    let denied = "[[fault]]\noperation = \"StartLiveTail\"\nkind = \"deny\"";
    let tui = opened_by(world(HISTORY, denied), "l", "polling every 2 s").await;
    let before = asked(&tui.world, "FilterLogEvents");
    tui.pass(Duration::from_secs(20)).await;
    let while_open = asked(&tui.world, "FilterLogEvents") - before;
    assert!((8..=12).contains(&while_open), "{while_open}");
    tui.keys("<esc>");
    tui.pass(Duration::from_secs(3)).await;
    let closed = asked(&tui.world, "FilterLogEvents");
    tui.pass(Duration::from_secs(20)).await;
    assert_eq!(asked(&tui.world, "FilterLogEvents"), closed);
}
