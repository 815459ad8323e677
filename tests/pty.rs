//! The real binary on a real pseudo terminal: it starts, quits, dies, is suspended and resized, and leaves the terminal
//! as it was. `SECDASH_BIN` names another binary to look at, such as the release build.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::net::TcpListener;
use std::path::Path;

use support::home::{Home, binary};
use support::pty::{Pty, flat};

fn demo(columns: u16, rows: u16) -> Pty {
    Pty::start(&Home::new(), &binary(), &["--demo"], columns, rows)
}

#[test]
fn every_way_out_gives_the_terminal_back() {
    for (leave, code) in [("q", 0), ("\x03", 130), ("TERM", 143), ("HUP", 129), ("INT", 130)] {
        let mut pty = demo(80, 24);
        pty.wait("prod/payments/db");
        assert_eq!(pty.left_behind(), ["modes", "alternate screen", "hidden cursor", "bracketed paste"]);
        match leave {
            "q" | "\x03" => pty.keys(leave),
            signal => pty.signal(signal),
        }
        let (screen, status) = pty.end();
        assert_eq!(status.exit_code(), code, "{leave:?}: {screen}");
        assert_eq!(pty.left_behind(), Vec::<String>::new(), "{leave:?}");
        assert_eq!(screen.trim(), "", "{leave:?} left words behind");
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_then_says_what_happened() {
    let example = |name: &str| binary_of_the_tests().join("examples").join(name);
    for place in ["view", "task"] {
        let mut pty = Pty::start(&Home::new(), &example("panics"), &[place], 100, 30);
        pty.wait("prod/payments/db");
        pty.keys("r");
        let (screen, status) = pty.end();
        assert_eq!(status.exit_code(), 101, "{place}: {screen}");
        assert_eq!(pty.left_behind(), Vec::<String>::new(), "{place}");
        let words = flat(&screen);
        assert!(words.contains("secdash stopped: this is a bug"), "{place}: {screen}");
        assert!(
            words.contains(&format!("a panic in the {place}")) && words.contains("panics.rs:"),
            "{place}: {screen}"
        );
    }
}

/// Where cargo puts what it builds along with the tests.
fn binary_of_the_tests() -> std::path::PathBuf {
    Path::new(env!("CARGO_BIN_EXE_secdash")).parent().unwrap().to_owned()
}

#[test]
fn the_shell_gets_the_terminal_on_ctrl_z_and_fg_comes_back() {
    let home = Home::new().var("PS1", "shell> ").var("SECDASH", &binary().to_string_lossy());
    let mut pty = Pty::start(&home, Path::new("/bin/bash"), &["--norc", "--noprofile", "--noediting", "-i"], 80, 24);
    pty.wait("shell>");
    pty.keys("stty -a > $HOME/before\n");
    pty.keys("\"$SECDASH\" --demo\n");
    pty.wait("prod/payments/db");
    for _ in 0..2 {
        pty.keys("\x1a");
        pty.wait_until("Stopped", |screen| screen.contents().contains("Stopped") && !screen.alternate_screen());
        pty.keys("stty -a > $HOME/after; clear; cmp $HOME/before $HOME/after && echo same\n");
        pty.wait("same");
        pty.keys("clear; fg\n");
        pty.wait_until("the list again", |screen| {
            screen.alternate_screen() && screen.hide_cursor() && screen.contents().contains("prod/payments/db")
        });
    }
    pty.keys("q");
    pty.wait_until("the shell again", |screen| !screen.alternate_screen() && !screen.hide_cursor());
    pty.keys("clear; exit\n");
    let (_, status) = pty.end();
    assert!(status.success());
    assert_eq!(pty.left_behind(), Vec::<String>::new());
}

#[test]
fn a_signal_suspends_too() {
    let home = Home::new().var("PS1", "shell> ").var("SECDASH", &binary().to_string_lossy());
    let mut pty = Pty::start(&home, Path::new("/bin/bash"), &["--norc", "--noprofile", "--noediting", "-i"], 80, 24);
    pty.wait("shell>");
    pty.keys("\"$SECDASH\" --demo & echo $! > $HOME/id; fg\n");
    pty.wait("prod/payments/db");
    let id = std::fs::read_to_string(home.folder().join("id")).unwrap();
    assert!(std::process::Command::new("kill").args(["-s", "TSTP", id.trim()]).status().unwrap().success());
    pty.wait_until("Stopped", |screen| screen.contents().contains("Stopped") && !screen.alternate_screen());
    pty.keys("fg\n");
    pty.wait_until("the list again", vt100::Screen::alternate_screen);
    pty.keys("q");
    pty.wait_until("the shell again", |screen| !screen.alternate_screen());
    pty.keys("exit 0\n");
    assert!(pty.end().1.success());
}

#[test]
fn the_first_frame_stands_and_q_quits_while_the_endpoint_hangs() {
    // It takes connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let home = Home::new().keys();
    let mut pty = Pty::start(&home, &binary(), &["--region", "eu-west-1", "--endpoint-url", &url], 80, 24);
    pty.wait("Asking AWS for the secrets…");
    works_and_quits(&mut pty);
}

#[test]
fn the_first_frame_stands_and_q_quits_while_sign_in_hangs() {
    let config = "[profile slow]\nregion = eu-west-1\ncredential_process = /bin/sleep 600\n";
    let home = Home::new().file(".aws/config", config);
    let mut pty = Pty::start(&home, &binary(), &["--profile", "slow"], 80, 24);
    pty.wait("Signing in as slow…");
    works_and_quits(&mut pty);
}

#[test]
fn a_source_of_credentials_that_reads_takes_no_keys() {
    let config = "[profile asks]\nregion = eu-west-1\ncredential_process = /bin/sh -c 'read answer; sleep 600'\n";
    let home = Home::new().file(".aws/config", config);
    let mut pty = Pty::start(&home, &binary(), &["--profile", "asks"], 80, 24);
    pty.wait("Signing in as asks…");
    works_and_quits(&mut pty);
}

fn works_and_quits(pty: &mut Pty) {
    pty.keys("?");
    pty.wait("page down");
    pty.keys("\x1b");
    pty.wait_until("no help", |screen| !screen.contents().contains("page down"));
    pty.keys("q");
    let (_, status) = pty.end();
    assert_eq!(status.exit_code(), 0);
    assert_eq!(pty.left_behind(), Vec::<String>::new());
}

#[test]
fn where_no_shell_could_bring_it_back_ctrl_z_says_so() {
    let home = Home::new().var("SECDASH", &binary().to_string_lossy());
    for args in [&["-c", "\"$SECDASH\" --demo; true"][..], &["-c", "exec \"$SECDASH\" --demo"]] {
        let mut pty = Pty::start(&home, Path::new("/bin/sh"), args, 80, 24);
        pty.wait("prod/payments/db");
        pty.keys("\x1a");
        pty.wait("there is no shell here that could bring secdash back");
        pty.keys("q");
        assert_eq!(pty.end().1.exit_code(), 0);
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let pty = demo(80, 24);
    pty.wait("prod/payments/db");
    assert_eq!(pty.hang_up(), 129);
}

#[test]
fn it_follows_the_terminals_size() {
    let mut pty = demo(80, 24);
    pty.wait("prod/payments/db");
    pty.resize(40, 10);
    pty.wait("too small: 40×10");
    pty.resize(200, 50);
    pty.wait("SCHEDULE");
    pty.resize(80, 24);
    pty.wait_until("two columns less", |screen| !screen.contents().contains("SCHEDULE"));
    pty.keys("q");
    assert_eq!(pty.end().1.exit_code(), 0);
}

#[test]
fn hostile_text_reaches_the_terminal_as_pictures_only() {
    let mut pty = Pty::start(&Home::new(), &binary(), &["--demo=tests/worlds/hostile.toml"], 120, 40);
    pty.wait("9 secrets");
    for _ in 0..9 {
        pty.keys("j");
    }
    pty.wait("prod/zero␦width");
    pty.keys("q");
    let (_, status) = pty.end();
    assert_eq!(status.exit_code(), 0);
    let raw = String::from_utf8(pty.raw()).unwrap();
    for driving in ["\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x07", "\0", "\u{9b}", "\u{202e}", "\u{200b}"] {
        assert!(!raw.contains(driving), "{driving:?} was written");
    }
}

#[test]
fn a_rotation_begins_by_one_key_in_its_time_and_not_by_what_was_typed_ahead_or_pasted() {
    let home = Home::new();
    let mut pty = Pty::start(&home, &binary(), &["--demo"], 100, 30);
    pty.wait("prod/payments/db");
    pty.keys("/users/db\r");
    pty.wait("prod/users/db · as of");
    // In one write, and then what a terminal sends for a paste.
    pty.keys("Ry");
    pty.wait("y rotates it now");
    pty.keys("\x1b[200~y\x1b[201~");
    pty.wait("a paste confirms nothing");
    pty.keys("RRRRRRRRRR");
    let ready = |screen: &vt100::Screen| {
        let words = "y rotates it now";
        let mut rows = screen.rows(0, 100).zip(0_u16..);
        let at = rows.find_map(|(row, y)| Some((y, row.split_once(words)?.0.chars().count())));
        at.is_some_and(|(y, x)| screen.cell(y, u16::try_from(x).unwrap()).is_some_and(vt100::Cell::bold))
    };
    pty.wait_until("a key that counts", ready);
    let record = home.folder().join(".local/state/secdash/actions.jsonl");
    assert!(!record.exists(), "something was changed");
    pty.keys("y");
    pty.wait("Rotating prod/users/db");
    pty.wait("Waiting for createSecret to begin.");
    assert_eq!(std::fs::read_to_string(&record).unwrap().lines().count(), 1);
    pty.keys("q");
    let (screen, status) = pty.end();
    assert_eq!(status.exit_code(), 0);
    assert!(
        flat(&screen).contains("The rotation of prod/users/db goes on in AWS: `secdash follow prod/users/db`"),
        "{screen}"
    );
    assert_eq!(pty.left_behind(), Vec::<String>::new());
}
