//! The commands: as documentation that runs, and over worlds with hostile text.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::io::Write;
use std::process::Stdio;

use secdash::config::VARIABLES;
use secdash::demo::World;
use secdash::exit::Exit;
use secdash::text::{is_hostile, width};
use support::cmd::run;
use support::home::Home;

#[test]
fn the_documentation_runs() {
    let cases = trycmd::TestCases::new();
    cases.case("tests/cmd/*.md").case("README.md").env("COLUMNS", "100");
    // What this machine has set is nobody's business here; an empty variable counts as none.
    for name in VARIABLES {
        cases.env(name, "");
    }
    cases.env("HOME", "/home/on-call").env("XDG_CONFIG_HOME", "");
}

fn world(name: &str) -> World {
    World::load(&format!("{}/tests/worlds/{name}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn drives(text: &str) -> bool {
    text.chars().any(|c| c != '\n' && (c.is_control() || is_hostile(c)))
}

#[tokio::test(start_paused = true)]
async fn hostile_text_neither_drives_the_terminal_nor_breaks_tables() {
    let world = world("hostile");
    let list = run(&["list"], &world).await;
    assert_eq!(list.exit, Exit::Fine);
    assert!(!drives(&list.out) && !drives(&list.err), "{list:?}");
    let column = |line: &str, title: &str| line.find(title).map(|at| width(&line[..at]));
    let mut lines = list.out.lines();
    let next = column(lines.next().unwrap(), "NEXT ROTATION").unwrap();
    for line in lines {
        let before: String = line
            .chars()
            .scan(0, |at, c| {
                *at += width(&c.to_string());
                (*at <= next).then_some(c)
            })
            .collect();
        assert!(before.ends_with("  "), "the column does not stand straight: {line}");
    }
    let json: serde_json::Value = serde_json::from_str(&run(&["list", "--output", "json"], &world).await.out).unwrap();
    let names: Vec<_> =
        json["secrets"].as_array().unwrap().iter().map(|secret| secret["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 9);
    for name in names {
        let show = run(&["show", name], &world).await;
        assert_eq!(show.exit, Exit::Fine, "{show:?}");
        assert!(!drives(&show.out) && !drives(&show.err), "{show:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn json_keeps_hostile_text_and_escapes_it() {
    let world = world("hostile");
    let list = run(&["list", "--output", "json"], &world).await;
    assert!(!drives(&list.out), "{}", list.out);
    let json: serde_json::Value = serde_json::from_str(&list.out).unwrap();
    let texts = json["secrets"].to_string();
    for kept in ["\u{202e}", "\u{200b}", "\\u001b]52;", "\\u0000"] {
        assert!(texts.contains(kept), "{kept:?} is gone");
    }
    assert!(list.out.contains("\\u202e") && list.out.contains("\\u001b]52;") && list.out.contains("\\u0000"));
    let long = json["secrets"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|secret| secret["description"].as_str())
        .map(str::len)
        .max();
    assert_eq!(long, Some(2048));
}

#[tokio::test(start_paused = true)]
async fn errors_make_what_was_typed_safe_too() {
    for typed in ["\x1b[31mnosuch", "a\u{202e}b", "\x1b]52;c;aGk=\x07"] {
        let show = run(&["show", typed], &world("hostile")).await;
        assert_eq!(show.exit, Exit::Failed, "{show:?}");
        assert!(!drives(&show.err), "{show:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_found_by_name_by_arn_and_by_an_unambiguous_part() {
    let world = world("small");
    let arn = |json: &str| {
        serde_json::from_str::<serde_json::Value>(json).unwrap()["secret"]["arn"].as_str().unwrap().to_owned()
    };
    let by_name = arn(&run(&["show", "prod/payments/db", "--output", "json"], &world).await.out);
    for typed in [by_name.as_str(), &by_name[..by_name.len() - 7], "payments", "PAYments/d"] {
        assert_eq!(arn(&run(&["show", typed, "--output", "json"], &world).await.out), by_name, "{typed}");
    }
    let several = run(&["show", "prod/"], &world).await;
    assert_eq!(several.exit, Exit::Usage);
    assert!(several.err.starts_with("error: `prod/` is part of 6 names:\n  prod/ledger/db\n"), "{}", several.err);
    let other = run(&["show", "arn:aws:secretsmanager:eu-west-1:000000000000:secret:payments-AbCdEf"], &world).await;
    assert!(other.err.contains("There is no secret `arn:"), "an ARN is no part of a name: {}", other.err);
}

#[tokio::test(start_paused = true)]
async fn the_list_is_filtered_and_sorted_as_the_dashboard_is() {
    let world = world("small");
    for (args, names) in [
        (&["payments"][..], &["prod/payments/db"][..]),
        (&["state:cancelled"], &["prod/legacy/ftp"]),
        (&["prod/", "!db", "--sort", "-name"], &["prod/search/api-key", "prod/reports/token", "prod/legacy/ftp"]),
        (&["kind:managed"], &["rds!db-0f3c1d2e-5a6b-4c7d-8e9f-a0b1c2d3e4f5"]),
        (&["tag:team=pay"], &["prod/payments/db"]),
        (&["nothing"], &[]),
    ] {
        let all: Vec<_> = ["list", "--output", "json"].iter().chain(args).copied().collect();
        let json: serde_json::Value = serde_json::from_str(&run(&all, &world).await.out).unwrap();
        let found: Vec<_> =
            json["secrets"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(found, names, "{args:?}");
    }
    let bad = run(&["list", "colour:red"], &world).await;
    assert_eq!(bad.exit, Exit::Usage);
    assert!(bad.err.contains("The filter is not understood: `colour:` is none of"), "{}", bad.err);
}

#[test]
fn a_reader_that_has_had_enough_is_no_failure() {
    let mut child = Home::new().secdash(&["--demo=secrets:5000", "list"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn colour_is_for_terminals_only() {
    let output = Home::new().secdash(&["--demo", "list"]).output().unwrap();
    assert!(output.status.success());
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
}

#[test]
fn a_command_that_needs_no_aws_opens_none() {
    // A profile that isn't there would be an error for every command that signs in.
    for args in [
        &["completions", "bash"][..],
        &["policy"],
        &["config"],
        &["config", "--effective"],
        &["keys"],
        &["--help"],
        &["--version"],
    ] {
        let output = Home::new().var("AWS_PROFILE", "nosuch").secdash(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {output:?}");
    }
}

#[test]
fn the_dashboard_without_a_terminal_is_refused_with_a_way_out() {
    let output = Home::new().secdash(&["--demo"]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("try: `secdash list`"));
}

#[test]
fn the_demo_listens_on_loopback_and_elsewhere_only_when_told_twice() {
    for once in [&["demo", "--listen", "0.0.0.0:0"][..], &["demo", "--listen", "0.0.0.0:0", "--expose"]] {
        let output = Home::new().secdash(once).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{once:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("0.0.0.0 is not a loopback address"));
    }
    let home = Home::new().keys();
    let mut demo = home.secdash(&["--demo=tests/worlds/small.toml", "demo", "--listen", "127.0.0.1:0"]);
    let mut child =
        demo.current_dir(env!("CARGO_MANIFEST_DIR")).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    let url = line.trim().strip_prefix("listening on ").unwrap();
    let list = home.secdash(&["--region", "eu-west-1", "--endpoint-url", url, "list"]).output().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    std::io::stdout().flush().unwrap();
    let words = String::from_utf8(list.stdout).unwrap();
    assert!(list.status.success() && words.contains("prod/payments/db"), "{words}");
}
