//! The function's log, wherever it is and whatever becomes of Live Tail: said in a sentence, and the lines come all the
//! same.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::time::Duration;

use secdash::demo::World;
use secdash::exit::Exit;
use support::cmd::run;
use support::home::{Home, binary};
use support::pty::{Pty, flat};

const NAME: &str = "prod/db";

/// A world whose secret's function has been invoked before, so that its log group is there; and what else is said.
fn text(secret: &str, more: &str) -> String {
    format!(
        "seed = 3\n[[secret]]\nname = \"{NAME}\"\nfunction = \"rotate-postgres\"\nrotation = {{ rate = \"rate(30 days)\" }}\n\
         created = \"2025-01-01T00:00:00Z\"\nlast_rotated = \"-10d\"\n{secret}\n{more}\n"
    )
}

const GROUP: &str = "[[log_group]]\nname = \"/aws/lambda/rotate-postgres\"";

/// What is said of the log, and whether its lines come.
#[tokio::test(start_paused = true)]
async fn every_way_to_the_log_has_its_sentence_and_the_lines_come_all_the_same() {
    let fault = |kind: &str, more: &str| {
        format!("{GROUP}\n[[fault]]\noperation = \"StartLiveTail\"\nkind = \"{kind}\"\n{more}")
    };
    for (name, more, says, has_lines) in [
        ("live", GROUP.to_owned(), vec!["/aws/lambda/rotate-postgres · live"], true),
        (
            "denied",
            fault("deny", ""),
            vec!["polling every 2 s: AWS denied StartLiveTail. Try: ask for the IAM action logs:StartLiveTail"],
            true,
        ),
        ("unreachable", fault("unreachable", ""), vec!["polling every 2 s: Nothing listens at https://stream-logs.eu-west-1.amazonaws.com. Try: "], true),
        (
            "as many sessions as there may be",
            fault("limit-exceeded", ""),
            vec!["polling every 2 s: there are as many Live Tail sessions as the account may have."],
            true,
        ),
        (
            "a session's three hours are over",
            fault("session-timeout", "after_session = \"2s\"\ntimes = 1"),
            vec!["live", "the Live Tail session ended after its three hours; reconnecting in 1 s", "live"],
            true,
        ),
        ("the connection is cut", fault("stream-reset", "after_session = \"2s\"\ntimes = 1"), vec!["live", "reconnecting in 1 s", "live"], true),
        ("no group yet", String::new(), vec!["polling every 2 s: the log group isn't there yet"], true),
        (
            "a group of its own",
            "[[log_group]]\nname = \"/team/rotation\"\n[[function]]\nname = \"rotate-postgres\"\nlog = { group = \"/team/rotation\" }".to_owned(),
            vec!["/team/rotation · live"],
            true,
        ),
        (
            "a class that can only be queried",
            format!("{GROUP}\nclass = \"INFREQUENT_ACCESS\""),
            vec!["the log group is of the class INFREQUENT_ACCESS: neither Live Tail nor FilterLogEvents reads it"],
            false,
        ),
    ] {
        let world = World::from_toml("logs", &text("", &more)).unwrap();
        let said = run(&["rotate", NAME, "--wait", "--yes"], &world).await;
        assert_eq!(said.exit, Exit::Fine, "{name}: {}\n{}", said.out, said.err);
        let mut rest = said.out.as_str();
        for part in says {
            rest = rest.split_once(part).unwrap_or_else(|| panic!("{name}: no `{part}` in\n{}", said.out)).1;
        }
        for line in ["createSecret: Successfully put", "setSecret: Successfully set", "testSecret: Successfully", "finishSecret: Successfully"] {
            let times = said.out.matches(&format!("  {line}")).count();
            assert_eq!(times, usize::from(has_lines), "{name}: {line}\n{}", said.out);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn live_tail_that_does_not_answer_holds_the_call_up_for_two_seconds_and_no_line_is_missed() {
    let hangs = format!("{GROUP}\n[[fault]]\noperation = \"StartLiveTail\"\nkind = \"hang\"");
    let world = World::from_toml("logs", &text("outcome = { slow = \"5s\" }", &hangs)).unwrap();
    let said = run(&["rotate", NAME, "--wait", "--yes"], &world).await;
    assert_eq!(said.exit, Exit::Fine, "{}\n{}", said.out, said.err);
    let at = |operation: &str| world.journal().into_iter().find(|entry| entry.operation == operation).unwrap().at;
    let waited = at("RotateSecret") - at("StartLiveTail");
    assert!(waited <= chrono::TimeDelta::milliseconds(2_500), "{waited}");
    for line in ["createSecret: Successfully put", "setSecret: Successfully set", "testSecret: Successfully"] {
        assert_eq!(said.out.matches(&format!("  {line}")).count(), 1, "{line}\n{}", said.out);
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_of_another_account_and_none_at_all_are_said_plainly() {
    let abroad = "[[secret]]\nname = \"abroad\"\nfunction = \"arn:aws:lambda:eu-west-1:111122223333:function:theirs\"\nrotation = { rate = \"rate(30 days)\" }\nlast_rotated = \"-10d\"";
    let none = "[[secret]]\nname = \"none\"";
    let world = World::from_toml("logs", &text("", &format!("{abroad}\n{none}"))).unwrap();
    let said = run(&["logs", "abroad"], &world).await;
    assert_eq!(said.exit, Exit::Failed);
    assert!(said.err.contains("The rotation function theirs is of account 111122223333: its log is there"), "{said:?}");
    let said = run(&["logs", "none"], &world).await;
    assert!(said.err.contains("No function rotates this secret, so there is no log."), "{said:?}");
    let said = run(&["logs", NAME], &world).await;
    assert!(
        said.exit == Exit::Failed && said.err.contains("There is no log group `/aws/lambda/rotate-postgres`"),
        "{said:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_written_is_cut_to_the_secret_and_masked() {
    let other = "[[secret]]\nname = \"prod/other\"\nfunction = \"rotate-postgres\"\nrotation = { rate = \"rate(30 days)\" }\nlast_rotated = \"-10d\"";
    let leak = format!(
        "{GROUP}\nevents = [{{ at = \"-1m\", stream = \"s\", message = \"password = hunter2 for {{arn:{NAME}}}\" }}]"
    );
    let world = World::from_toml("logs", &text("", &format!("{other}\n{leak}"))).unwrap();
    assert_eq!(run(&["rotate", "prod/other", "--yes", "--wait"], &world).await.exit, Exit::Fine);
    let own = run(&["logs", NAME], &world).await;
    assert!(own.exit == Exit::Fine && own.out.lines().count() == 1, "{own:?}");
    assert!(!own.out.contains("hunter2") && own.out.contains("password = "), "{}", own.out);
    assert!(run(&["logs", NAME, "--raw"], &world).await.out.contains("password = hunter2"));
    let all = run(&["logs", NAME, "--all"], &world).await;
    assert!(all.out.contains("finishSecret: Successfully set AWSCURRENT"), "{}", all.out);
}

/// How long a line may take to come; it is waited for, never slept.
const PATIENCE: Duration = Duration::from_secs(30);

/// The demo world behind a port, on a machine of its own.
struct Server(Child, String);

impl Server {
    fn start(home: &Home, world: &str) -> Self {
        let file = home.folder().join("world.toml");
        std::fs::write(&file, world).unwrap();
        let demo = format!("--demo={}", file.display());
        let mut command = home.secdash(&[&demo, "demo", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self(child, url)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn an_endpoint_by_its_number_has_live_tail_too_and_ctrl_c_ends_it() {
    let home = Home::new().keys();
    // The world lives twenty times as fast, and writes all the time.
    let flood = format!(
        "{GROUP}\nflood = {{ from = \"+1s\", until = \"+1h\", per_second = 1, stream = \"s\", message = \"tick {{n}}\" }}"
    );
    let server = Server::start(&home, &format!("clock = {{ speed = 20.0 }}\n{}", text("", &flood)));
    let args =
        ["--endpoint-url", &server.1, "--region", "eu-west-1", "logs", NAME, "--follow", "--all", "--output", "json"];
    let mut child = home.secdash(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (sender, lines) = std::sync::mpsc::channel();
    let out = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || out.lines().try_for_each(|line| sender.send(line.unwrap())));
    let mut seen: Vec<String> = Vec::new();
    // Which tick is the first one depends on how long the program took to listen.
    while seen.iter().filter(|line| line.contains("\"message\":\"tick ")).count() < 3 {
        let Ok(line) = lines.recv_timeout(PATIENCE) else {
            let _ = child.kill();
            let mut err = String::new();
            child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
            panic!("nothing more came: {seen:?} {err}");
        };
        seen.push(line);
    }
    assert!(seen.iter().any(|line| line.contains("· live")), "{seen:?}");
    let pid = rustix::process::Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn at_a_terminal_a_change_is_asked_for_and_ctrl_c_stops_watching_only() {
    let home = Home::new();
    let file = home.folder().join("world.toml");
    std::fs::write(&file, text("outcome = { slow = \"25s\" }", GROUP)).unwrap();
    let demo = format!("--demo={}", file.display());
    let mut pty = Pty::start(&home, &binary(), &[&demo, "rotate", NAME, "--wait"], 120, 50);
    // What is typed ahead confirms nothing.
    pty.keys("y\n");
    pty.wait("Type y to do it, anything else to leave it:");
    pty.keys("y\n");
    pty.wait("AWS took it at");
    pty.keys("\u{3}");
    pty.wait("Stopped watching, not the rotation");
    assert_eq!(pty.end().1.exit_code(), 130);
    let mut pty = Pty::start(&home, &binary(), &[&demo, "rotate", NAME], 120, 50);
    pty.wait("Type y to do it, anything else to leave it:");
    pty.keys("n\n");
    pty.wait("Nothing was changed: you left it.");
    let mut pty = Pty::start(&home, &binary(), &[&demo, "rotation", "off", NAME], 120, 50);
    pty.wait("Type db to do it, anything else to leave it:");
    pty.keys("yes\n");
    let screen = pty.wait("Nothing was changed.");
    assert!(flat(&screen).contains("`yes` is not the last part of the secret's name"), "{screen}");
}
