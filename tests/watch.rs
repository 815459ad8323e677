//! Rotations in the dashboard: asked for, read, confirmed, watched to their end; and all that must not begin one.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::time::Duration;

use insta::assert_snapshot;
use secdash::config::Rebinding;
use secdash::demo::World;
use secdash::exit::Exit;
use secdash::tui::keymap::{Action, BINDINGS, Keymap, Scope};
use support::cmd::run;
use support::tui::Tui;

const NAME: &str = "prod/db";
const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// A world with a secret, and another one on the same function.
fn world(secret: &str, more: &str) -> World {
    let one = |name: &str, keys: &str| {
        format!(
            "[[secret]]\nname = \"{name}\"\nfunction = \"rotate-postgres\"\nrotation = {{ rate = \"rate(30 days)\" }}\n\
             created = \"2025-01-01T00:00:00Z\"\nlast_rotated = \"-10d\"\n{keys}\n"
        )
    };
    let text = format!("seed = 3\n{}{}{more}\n", one(NAME, secret), one("prod/other", ""));
    World::from_toml("watch", &text).unwrap()
}

/// How often AWS was asked to change something.
fn changes(world: &World) -> Vec<String> {
    let looks = ["List", "Describe", "Get", "Lookup", "Filter", "StartLiveTail"];
    let operations = world.journal().into_iter().map(|entry| entry.operation);
    operations.filter(|operation| !looks.iter().any(|look| operation.starts_with(look))).collect()
}

fn snapshot(name: &str, tui: &Tui) {
    assert_snapshot!(name, tui.snapshot());
}

/// The dashboard with the first secret chosen and described.
async fn opened(world: World, (columns, rows): (u16, u16)) -> Tui {
    let tui = Tui::over(world, columns, rows);
    tui.wait("prod/db").await;
    tui.rest().await;
    tui
}

/// Waits for the middle of a second, and has a frame drawn then: what counts seconds is the same each time.
async fn half_past(tui: &Tui, (columns, rows): (u16, u16)) {
    let millis = u64::from(tui.world.now().timestamp_subsec_millis());
    tui.pass(Duration::from_millis((1_500 - millis) % 1_000)).await;
    tui.resize(columns, rows);
    tui.pass(Duration::from_millis(5)).await;
}

/// Asks for a rotation, reads, and says yes.
async fn confirm(tui: &Tui) {
    tui.keys("R");
    tui.wait("Pre-flight: ").await;
    tui.pass(Duration::from_secs(1)).await;
    tui.keys("y");
}

/// The same, until its screen is there.
async fn rotate(tui: &Tui) {
    confirm(tui).await;
    tui.wait("› rotation").await;
}

#[tokio::test(start_paused = true)]
async fn four_ticks_labels_that_move_and_only_this_rotation_s_lines_with_keys_alone() {
    for (columns, rows) in SIZES {
        let tui = opened(world("", ""), (columns, rows)).await;
        let name = |what: &str| format!("watch_{what}_{columns}x{rows}");
        tui.keys("R");
        tui.wait("Pre-flight: all clear").await;
        tui.pass(Duration::from_secs(1)).await;
        snapshot(&name("0_confirm"), &tui);
        // At the same moment somebody else rotates the other secret, by the same function.
        assert_eq!(run(&["rotate", "prod/other", "--yes"], &tui.world).await.exit, Exit::Fine);
        tui.keys("y");
        tui.wait("Waiting for createSecret to begin.").await;
        snapshot(&name("1_begun"), &tui);
        for (number, step) in ["createSecret", "setSecret", "testSecret", "finishSecret"].into_iter().enumerate() {
            tui.wait(&format!("✔ {step}")).await;
            half_past(&tui, (columns, rows)).await;
            snapshot(&name(&format!("{}_{step}", number + 2)), &tui);
        }
        tui.wait("✔ The rotation succeeded: AWSCURRENT moved to").await;
        snapshot(&name("6_end"), &tui);
        assert_eq!(changes(&tui.world), ["RotateSecret", "RotateSecret"]);
        // No line of the other one came in, though the group had them.
        tui.keys("<home>");
        for _ in 0..60 {
            tui.pass(Duration::from_millis(50)).await;
            assert!(!tui.text().contains("prod/other"), "{}", tui.text());
            tui.keys("j");
        }
        tui.keys("aaG");
        tui.pass(Duration::from_millis(100)).await;
        assert!(tui.text().contains("of the whole group"), "{}", tui.text());
        tui.keys("/prod/other <enter>");
        tui.wait("another secret").await;
        assert!(tui.world.moves(NAME).iter().any(|one| one.label == "AWSCURRENT" && one.from.is_some()));
    }
}

/// The ways in which it doesn't go well: what is said of the secret and the world, and what the end must say.
const OUTCOMES: &[(&str, &str, &str, &str)] = &[
    ("create_fails", r#"outcome = { fails_at = "createSecret" }"#, "", "failed at createSecret"),
    ("set_fails", r#"outcome = { fails_at = "setSecret" }"#, "", "failed at setSecret"),
    (
        "test_fails",
        r#"outcome = { fails_at = "testSecret", with = "FATAL: too many connections" }"#,
        "",
        "failed at testSecret: ValueError: FATAL: too many connections",
    ),
    ("finish_fails", r#"outcome = { fails_at = "finishSecret" }"#, "", "failed at finishSecret"),
    ("times_out", r#"outcome = { times_out_at = "setSecret", marks = "both" }"#, "", "timed out at setSecret"),
    (
        "times_out_without_a_word",
        r#"outcome = { times_out_at = "createSecret", marks = "task" }"#,
        "",
        "timed out at createSecret",
    ),
    ("cannot_import", r#"outcome = "cannot-import""#, "", "Runtime.ImportModuleError"),
    ("denied", r#"outcome = "denied""#, "", "AccessDenied"),
    (
        "never_invoked",
        r#"outcome = "never-invoked""#,
        "[[log_group]]\nname = \"/aws/lambda/rotate-postgres\"",
        "was never invoked",
    ),
    (
        "log_denied",
        r#"outcome = { fails_at = "setSecret" }"#,
        "[[fault]]\noperation = \"FilterLogEvents\"\nkind = \"deny\"\n[[fault]]\noperation = \"StartLiveTail\"\nkind = \"deny\"",
        "No sign of life for",
    ),
];

#[tokio::test(start_paused = true)]
async fn each_failing_outcome_ends_in_its_sentence_and_its_line_is_one_key_away() {
    for (name, secret, more, says) in OUTCOMES {
        for (columns, rows) in SIZES {
            let tui = opened(world(secret, more), (columns, rows)).await;
            rotate(&tui).await;
            for _ in 0..40 {
                tui.pass(Duration::from_secs(30)).await;
                if tui.text().contains("try: ") {
                    break;
                }
            }
            tui.wait(says).await;
            snapshot(&format!("outcome_{name}_{columns}x{rows}"), &tui);
            tui.keys("e");
            tui.pass(Duration::from_millis(200)).await;
            let text = tui.text();
            if ["never_invoked", "log_denied"].contains(name) {
                assert!(text.contains("no line says why"), "{text}");
                continue;
            }
            assert!(text.contains("held, G follows again"), "{name}: {text}");
            snapshot(&format!("outcome_{name}_line_{columns}x{rows}"), &tui);
            // The cursor is on the very line.
            let line = tui.reversed();
            assert!(line.starts_with("09:"), "{name}: {line}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_begins_by_keys_that_came_too_soon_or_too_often_or_by_a_paste() {
    let moment = Duration::from_millis(35);
    let slow = "[[fault]]\noperation = \"DescribeSecret\"\nkind = \"latency\"\ndelay = \"3s\"\nafter = 1";
    for more in ["", slow] {
        // In one write.
        let tui = opened(world("", more), (80, 24)).await;
        tui.keys("Ry");
        tui.pass(Duration::from_secs(9)).await;
        assert_eq!(changes(&tui.world), Vec::<String>::new());
        assert!(tui.text().contains("Rotate now?"), "{}", tui.text());
        // Before the pre-flight is there, and in the very moment in which it is drawn.
        let tui = opened(world("", more), (80, 24)).await;
        tui.keys("R");
        while !tui.text().contains("all clear") {
            tui.keys("y");
            tui.pass(Duration::from_millis(7)).await;
        }
        tui.keys("y");
        tui.pass(Duration::from_secs(1)).await;
        assert_eq!(changes(&tui.world), Vec::<String>::new());
        // R held down, then y held down: a keyboard repeats a key after some time, and then fast.
        for (key, pause) in [("R", 250), ("y", 250), ("y", 660), ("y", 1_000)] {
            let tui = opened(world("", more), (80, 24)).await;
            tui.keys(if key == "R" { "R" } else { "Ry" });
            tui.pass(Duration::from_millis(pause)).await;
            for _ in 0..300 {
                tui.keys(key);
                tui.pass(moment).await;
            }
            assert_eq!(changes(&tui.world), Vec::<String>::new(), "{key} {pause}");
        }
        // A paste, bracketed, when a key would count; and again and again.
        let tui = opened(world("", more), (80, 24)).await;
        tui.keys("R");
        tui.wait("all clear").await;
        for text in ["y", "y\n", "yyyy", "\u{1b}[200~y"] {
            tui.pass(Duration::from_secs(2)).await;
            tui.paste(text);
            tui.pass(Duration::from_millis(100)).await;
            assert!(tui.text().contains("a paste confirms nothing"), "{}", tui.text());
        }
        assert_eq!(changes(&tui.world), Vec::<String>::new());
        // A paste that a terminal doesn't tell from typing begins with a y, and doesn't end with it.
        tui.keys("yes");
        tui.pass(Duration::from_secs(1)).await;
        assert_eq!(changes(&tui.world), Vec::<String>::new());
        // And one key in its time does begin it.
        tui.pass(Duration::from_secs(2)).await;
        tui.keys("y");
        tui.wait("Waiting for createSecret to begin.").await;
        assert_eq!(changes(&tui.world), ["RotateSecret"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_yes_counts_only_when_the_whole_pre_flight_was_on_the_screen() {
    // So small a screen doesn't have room for it.
    let tui = opened(world("", ""), (60, 12)).await;
    tui.keys("R");
    tui.wait("j reads on").await;
    tui.pass(Duration::from_secs(5)).await;
    tui.keys("y");
    tui.pass(Duration::from_secs(5)).await;
    assert_eq!(changes(&tui.world), Vec::<String>::new());
    assert!(tui.text().contains("too soon: the pre-flight isn't read yet"), "{}", tui.text());
    tui.keys("<pgdn> <pgdn> <pgdn> <pgdn>");
    tui.pass(Duration::from_secs(2)).await;
    tui.keys("y");
    tui.wait("› rotation").await;
    assert_eq!(changes(&tui.world), ["RotateSecret"]);
}

#[tokio::test(start_paused = true)]
async fn two_rotations_of_one_secret_can_t_be_started_from_here() {
    let tui = opened(world("outcome = { slow = \"20s\" }", ""), (120, 40)).await;
    rotate(&tui).await;
    for keys in ["R", "<esc> R", "T", ":rotate <enter>", "<enter> R", "O", "<esc>"] {
        tui.keys(keys);
        tui.pass(Duration::from_secs(1)).await;
        if keys == "R" {
            assert!(tui.text().contains("prod/db is being rotated already: it is this one"), "{}", tui.text());
        }
        if keys == "<esc> R" {
            assert!(tui.text().contains("prod/db is being rotated already: f shows it"), "{}", tui.text());
        }
        // Turning it off is another thing, and asks for the name.
        tui.keys("y");
        tui.pass(Duration::from_secs(1)).await;
    }
    assert_eq!(changes(&tui.world), ["RotateSecret"]);
    // One that somebody else began stops the pre-flight.
    let tui = opened(world("outcome = { slow = \"20s\" }", ""), (120, 40)).await;
    assert_eq!(run(&["rotate", NAME, "--yes"], &tui.world).await.exit, Exit::Fine);
    tui.pass(Duration::from_secs(9)).await;
    tui.keys("R");
    tui.wait("Pre-flight: it can't be done").await;
    tui.pass(Duration::from_secs(2)).await;
    tui.keys("y");
    tui.wait("it can't be done: the pre-flight says why").await;
    assert_eq!(changes(&tui.world), ["RotateSecret"]);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_goes_on_when_it_is_left_is_told_of_and_found_again() {
    let tui = Tui::wishing(world("outcome = { slow = \"9s\" }", ""), 120, 40, |start| start.bell = true);
    tui.wait("prod/db · as of").await;
    rotate(&tui).await;
    tui.wait("✔ createSecret").await;
    tui.keys("<esc>");
    tui.wait("◐ rotating prod/db").await;
    tui.wait("every 30 days setSecret").await;
    tui.wait("f shows the rotation that is watched: setSecret").await;
    snapshot("watch_left_120x40", &tui);
    // Another secret is rotated meanwhile.
    tui.keys("j");
    tui.rest().await;
    rotate(&tui).await;
    tui.wait("Rotating prod/other").await;
    tui.keys("<esc> k");
    tui.rest().await;
    tui.keys("f");
    tui.wait("Rotating prod/db").await;
    tui.keys("<esc>");
    tui.wait("prod/db: the rotation succeeded · f shows it").await;
    assert!(tui.copied.lock().unwrap().contains(&"\u{7}".to_owned()), "the bell didn't ring");
    tui.keys("f");
    tui.wait("Rotated prod/db").await;
    tui.wait("✔ finishSecret").await;
    assert_eq!(changes(&tui.world), ["RotateSecret", "RotateSecret"]);
}

#[tokio::test(start_paused = true)]
async fn what_says_which_key_to_press_names_the_user_s_own() {
    let own = |action: Action, key: &str| Rebinding {
        action: action.name().to_owned(),
        keys: vec![key.to_owned()],
        file: "keys.toml".into(),
        line: 1,
    };
    let own = [
        own(Action::Evidence, "E"),
        own(Action::Watch, "Z"),
        own(Action::Bottom, "end"),
        own(Action::Refresh, "f5"),
        own(Action::Rotate, "X"),
    ];
    let keymap = Keymap::with(&own).unwrap();
    let denied = "[[fault]]\noperation = \"LookupEvents\"\nkind = \"deny\"";
    let world = world(r#"outcome = { fails_at = "setSecret" }"#, denied);
    let tui = Tui::wishing(world, 120, 40, |start| start.keymap = keymap);
    tui.wait("prod/db").await;
    tui.rest().await;
    tui.keys("<enter>");
    tui.keys("Z");
    tui.wait("no rotation of prod/db runs · X starts one").await;
    tui.keys("X");
    tui.wait("Pre-flight: ").await;
    tui.pass(Duration::from_secs(1)).await;
    tui.keys("y");
    tui.wait("Waiting for createSecret to begin.").await;
    tui.keys("<esc>");
    tui.wait("Z shows the rotation that is watched").await;
    tui.keys("X");
    tui.wait("is being rotated already: Z shows it").await;
    tui.wait("the rotation failed at setSecret · Z shows it").await;
    tui.keys("Z");
    tui.wait("E shows the line that says why").await;
    tui.keys("E");
    tui.wait("held, end follows again").await;
    tui.keys("<esc>");
    tui.wait("f5 asks again").await;
}

#[tokio::test(start_paused = true)]
async fn a_rotation_that_somebody_else_began_is_joined() {
    let tui = opened(world("outcome = { slow = \"9s\" }", ""), (120, 40)).await;
    tui.keys("f");
    tui.wait("no rotation of prod/db runs · R starts one").await;
    assert_eq!(run(&["rotate", NAME, "--yes"], &tui.world).await.exit, Exit::Fine);
    tui.keys("r");
    tui.wait("f watches it: the four steps, the labels, the log").await;
    tui.keys("f");
    tui.wait("✔ createSecret").await;
    tui.wait("✔ The rotation succeeded").await;
    assert_eq!(changes(&tui.world), ["RotateSecret"]);
}

#[tokio::test(start_paused = true)]
async fn whoever_quits_is_told_that_aws_goes_on() {
    let tui = opened(world("outcome = { slow = \"9s\" }", ""), (120, 40)).await;
    rotate(&tui).await;
    tui.wait("✔ createSecret").await;
    tui.keys("q");
    let (exit, words) = tui.ended().await;
    assert_eq!(exit, Exit::Fine);
    assert_eq!(words, ["The rotation of prod/db goes on in AWS: `secdash follow prod/db` comes back to it."]);
}

#[tokio::test(start_paused = true)]
async fn who_quits_while_the_call_is_on_its_way_waits_for_its_answer() {
    let slow = "[[fault]]\noperation = \"RotateSecret\"\nkind = \"latency\"\ndelay = \"4s\"";
    let tui = opened(world("", slow), (120, 40)).await;
    tui.keys("R");
    tui.wait("Pre-flight: all clear").await;
    tui.pass(Duration::from_secs(1)).await;
    tui.keys("y");
    tui.wait("then calling RotateSecret").await;
    tui.keys("q");
    tui.wait("waiting for AWS's answer to the call; ctrl-c leaves without it").await;
    assert_eq!(tui.ended().await.1.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn leaving_switching_and_small_screens_in_the_middle_leave_nothing_wrong() {
    for (columns, rows) in SIZES {
        let tui = opened(world("outcome = { slow = \"9s\" }", ""), (columns, rows)).await;
        rotate(&tui).await;
        tui.wait("✔ createSecret").await;
        for (columns, rows) in [(20, 5), (60, 12), (200, 60), (20, 5), (columns, rows)] {
            tui.resize(columns, rows);
            tui.pass(Duration::from_millis(700)).await;
        }
        for keys in ["<esc> j l", "<esc> k l", "<esc> u", "<esc> c", "<esc> f", "<space> <esc> s S s", "<enter> f"] {
            tui.keys(keys);
            tui.pass(Duration::from_millis(900)).await;
        }
        tui.wait("Rotating prod/db").await;
        tui.wait("✔ The rotation succeeded: AWSCURRENT moved to").await;
        assert!(!tui.text().contains("prod/other"), "{}", tui.text());
        assert_eq!(changes(&tui.world), ["RotateSecret"]);
        assert!(tui.world.moves(NAME).iter().any(|one| one.label == "AWSCURRENT" && one.from.is_some()));
        tui.keys("<esc> <esc>");
        tui.wait("✔ ok prod/db").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_and_an_expired_session_are_said_and_healed() {
    for (kind, says) in [("reset", "The connection was cut"), ("expired", "The AWS session has expired")] {
        let faults: Vec<_> = ["DescribeSecret", "ListSecretVersionIds", "FilterLogEvents", "GetCallerIdentity"]
            .map(|operation| {
                format!("[[fault]]\noperation = \"{operation}\"\nkind = \"{kind}\"\nfrom = \"20s\"\nuntil = \"50s\"\n")
            })
            .into();
        let tail = "[[fault]]\noperation = \"StartLiveTail\"\nkind = \"stream-reset\"\nat = \"20s\"\n";
        let more = format!("{}{tail}", faults.concat());
        let tui = opened(world("outcome = { slow = \"12s\" }", &more), (120, 40)).await;
        rotate(&tui).await;
        tui.wait("✔ createSecret").await;
        tui.wait(says).await;
        snapshot(&format!("watch_{kind}_120x40"), &tui);
        tui.wait("✔ The rotation succeeded: AWSCURRENT moved to").await;
        // What couldn't be read of the log is still said under it; what answers again isn't said above.
        let text = tui.text();
        let (board, _) = text.split_once("/aws/lambda").unwrap();
        assert!(!board.contains(says), "{text}");
        assert_eq!(changes(&tui.world), ["RotateSecret"]);
    }
}

#[tokio::test(start_paused = true)]
async fn under_read_only_no_key_changes_anything_and_each_says_why() {
    let tui = Tui::wishing(world("", ""), 120, 40, |start| start.read_only = true);
    tui.wait("prod/db · as of").await;
    let places = [(Scope::Secrets, ""), (Scope::Secret, "<enter>"), (Scope::Log, "l"), (Scope::Upcoming, "u")];
    for (scope, way) in places {
        for binding in BINDINGS.iter().filter(|binding| [scope, Scope::Any].contains(&binding.scope)) {
            for key in binding.keys.split(' ').filter(|key| !["q", "ctrl-c", "ctrl-z"].contains(key)) {
                tui.keys(&format!("<esc> <esc> <esc> {way}"));
                tui.pass(Duration::from_secs(1)).await;
                tui.keys(&if key.len() == 1 { key.to_owned() } else { format!("<{key}>") });
                tui.pass(Duration::from_secs(2)).await;
                if ["R", "T", "O"].contains(&key) {
                    assert!(
                        tui.text().contains("read-only: nothing can be changed from here"),
                        "{key}: {}",
                        tui.text()
                    );
                    tui.keys("y");
                    tui.pass(Duration::from_millis(200)).await;
                    if key != "O" {
                        assert!(tui.text().contains("read-only: `secdash config --effective`"), "{}", tui.text());
                    }
                }
                tui.keys("y <enter>");
                tui.pass(Duration::from_secs(1)).await;
            }
        }
    }
    assert_eq!(changes(&tui.world), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn rotation_is_turned_off_by_name_and_on_again_from_the_same_place() {
    let tui = opened(world("", ""), (120, 40)).await;
    tui.keys("O");
    tui.wait("type db, then enter:").await;
    tui.pass(Duration::from_secs(1)).await;
    snapshot("turn_off_120x40", &tui);
    // Neither a yes nor another name nor a paste will do.
    tui.keys("y");
    tui.pass(Duration::from_millis(200)).await;
    tui.keys("<enter>");
    tui.wait("`y` is not the last part of the secret's name").await;
    tui.paste("db");
    tui.pass(Duration::from_secs(2)).await;
    tui.keys("<enter>");
    tui.pass(Duration::from_secs(2)).await;
    // Nor what a terminal pastes that doesn't tell a paste from typing.
    tui.keys("db <enter>");
    tui.wait("too soon: read it, then press the key once").await;
    tui.pass(Duration::from_secs(2)).await;
    assert_eq!(changes(&tui.world), Vec::<String>::new());
    tui.pass(Duration::from_secs(3)).await;
    tui.keys("<ctrl-u>");
    tui.pass(Duration::from_millis(200)).await;
    tui.keys("db");
    tui.pass(Duration::from_millis(200)).await;
    tui.keys("<enter>");
    tui.wait("AWS took it: the rotation of prod/db is off.").await;
    snapshot("turned_off_120x40", &tui);
    tui.keys("<esc>");
    tui.wait("! cancelled prod/db").await;
    // Tab leads from what can be done to what else can be.
    tui.keys("R");
    tui.wait("Rotate now?").await;
    tui.wait("tab turn on").await;
    tui.keys("<tab>");
    tui.wait("Turn rotation on?").await;
    tui.wait("y turns it on").await;
    tui.pass(Duration::from_secs(1)).await;
    tui.keys("y");
    tui.wait("The trial succeeded").await;
    assert_eq!(changes(&tui.world), ["CancelRotateSecret", "RotateSecret"]);
}

#[tokio::test(start_paused = true)]
async fn a_test_runs_one_step_and_moves_no_label_for_good() {
    let tui = opened(world("", ""), (80, 24)).await;
    tui.keys("T");
    tui.wait("Test the rotation?").await;
    tui.wait("y tests it now").await;
    tui.pass(Duration::from_secs(1)).await;
    tui.keys("y");
    tui.wait("The trial succeeded: testSecret did its work").await;
    snapshot("trial_80x24", &tui);
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_moved_since_it_was_seen_is_left_alone_and_that_is_said() {
    let tui = opened(world("", ""), (120, 40)).await;
    tui.keys("R");
    tui.wait("Pre-flight: all clear").await;
    tui.pass(Duration::from_secs(1)).await;
    assert_eq!(run(&["rotate", NAME, "--yes"], &tui.world).await.exit, Exit::Fine);
    tui.keys("y");
    tui.wait("Nothing was changed: prod/db is not as it was when you were asked.").await;
    snapshot("moved_120x40", &tui);
    assert_eq!(changes(&tui.world), ["RotateSecret"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_call_says_what_aws_said_and_what_to_do() {
    let denied = "[[fault]]\noperation = \"RotateSecret\"\nkind = \"deny\"";
    let tui = opened(world("", denied), (80, 24)).await;
    confirm(&tui).await;
    tui.wait("Nothing was changed: AWS refused it. AWS denied RotateSecret.").await;
    tui.wait("ask for the IAM action secretsmanager:RotateSecret").await;
    snapshot("refused_80x24", &tui);
}

#[tokio::test(start_paused = true)]
async fn a_step_that_takes_longer_than_usual_says_so_and_its_time_counts_down() {
    let tui = Tui::over(World::from_toml("usual", include_str!("worlds/usual.toml")).unwrap(), 120, 40);
    tui.wait("prod/db · as of").await;
    rotate(&tui).await;
    tui.wait("setSecret has probably been running since").await;
    tui.wait("That is longer than usual: the last time it took 1.4 s. Lambda stops it in").await;
    snapshot("watch_slow_120x40", &tui);
    let left = |text: &str| -> u32 {
        let flat = support::pty::flat(text);
        let (_, rest) = flat.split_once("Lambda stops it in ").unwrap();
        rest.split(' ').next().unwrap().parse().unwrap()
    };
    let before = left(&tui.text());
    tui.pass(Duration::from_secs(5)).await;
    assert!((4..=6).contains(&(before - left(&tui.text()))), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn a_dialog_that_is_not_on_the_screen_takes_no_yes() {
    let tui = opened(world("", ""), (80, 24)).await;
    tui.keys("R");
    tui.wait("Pre-flight: all clear").await;
    tui.pass(Duration::from_secs(1)).await;
    tui.resize(40, 10);
    tui.pass(Duration::from_secs(3)).await;
    tui.keys("y");
    tui.pass(Duration::from_secs(3)).await;
    tui.resize(80, 24);
    // Whoever sees it again must have the time to read it again.
    tui.keys("y");
    tui.pass(Duration::from_secs(3)).await;
    assert_eq!(changes(&tui.world), Vec::<String>::new());
    tui.keys("y");
    tui.wait("› rotation").await;
    assert_eq!(changes(&tui.world), ["RotateSecret"]);
}

#[tokio::test(start_paused = true)]
async fn the_dialog_names_the_key_that_reads_on_also_where_letters_are_typed() {
    let tui = opened(world("", ""), (60, 12)).await;
    tui.keys("R");
    tui.wait(" j: ").await;
    tui.keys("<esc> O");
    tui.wait(" down: ").await;
}

#[tokio::test(start_paused = true)]
async fn a_pre_flight_that_has_become_old_is_asked_again() {
    let tui = opened(world("", ""), (80, 24)).await;
    tui.keys("R");
    tui.wait("Pre-flight: all clear").await;
    let asked =
        |tui: &Tui| tui.world.journal().iter().filter(|entry| entry.operation == "GetFunctionConfiguration").count();
    let before = asked(&tui);
    tui.pass(Duration::from_mins(4)).await;
    assert!(
        asked(&tui) > before,
        "{:?}",
        tui.world.journal().iter().map(|one| one.operation.clone()).collect::<Vec<_>>()
    );
    assert_eq!(changes(&tui.world), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_came_while_somebody_was_elsewhere_stands_in_the_log_too() {
    let tui = opened(world("outcome = { slow = \"6s\" }", ""), (120, 40)).await;
    rotate(&tui).await;
    tui.wait("✔ createSecret").await;
    tui.keys("<esc>");
    tui.wait("prod/db: the rotation succeeded · f shows it").await;
    // On whatever secret the cursor is.
    tui.keys("k");
    tui.pass(Duration::from_millis(50)).await;
    tui.keys("j f");
    tui.wait("finishSecret: Successfully set AWSCURRENT stage").await;
    tui.keys("<esc> c");
    tui.pass(Duration::from_secs(1)).await;
    tui.keys("<esc> f");
    tui.wait("finishSecret: Successfully set AWSCURRENT stage").await;
    assert!(!tui.text().contains(" 0 lines"), "{}", tui.text());
}
