//! The real program, killed while it waits: the next one knows.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::support::home::Home;

/// How long a line may take to come; it is waited for, never slept.
const PATIENCE: Duration = Duration::from_secs(30);

/// A version without a value: nothing of it is in any log, and it may be dropped.
const WORLD: &str = "[[secret]]\nname = \"prod/db\"\nfunction = \"rotate-postgres\"\nrotation = { rate = \"rate(30 days)\" }\n\
    created = \"-400d\"\nlast_rotated = \"-10d\"\nversions = [\n\
    { labels = [\"AWSPENDING\"], created = \"-1h\", empty = true },\n\
    { labels = [\"AWSCURRENT\"], created = \"-10d\" },\n{ labels = [\"AWSPREVIOUS\"], created = \"-40d\" }]\n\
    outcome = { fails_at = \"createSecret\" }\n";

/// A program that doesn't outlive the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Starts it, and reads what it says until a line has these words.
    fn start(home: &Home, args: &[&str], words: &str) -> (Self, String) {
        let mut child = home.secdash(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || out.lines().try_for_each(|line| sender.send(line.unwrap())));
        let (mut running, mut seen) = (Self(child), String::new());
        while !seen.contains(words) {
            let Ok(line) = lines.recv_timeout(PATIENCE) else {
                running.0.kill().unwrap();
                let mut err = String::new();
                running.0.stderr.take().unwrap().read_to_string(&mut err).unwrap();
                panic!("no `{words}` in\n{seen}\n{err}");
            };
            seen = format!("{seen}{line}\n");
        }
        (running, seen)
    }
}

#[test]
fn a_program_killed_while_it_waits_leaves_word_of_what_is_half_done() {
    let home = Home::new().keys().file("world.toml", WORLD);
    let demo = format!("--demo={}", home.folder().join("world.toml").display());
    let (_server, line) = Running::start(&home, &[&demo, "demo", "--listen", "127.0.0.1:0"], "listening on ");
    let place = ["--endpoint-url", line.trim().strip_prefix("listening on ").unwrap(), "--region", "eu-west-1"];
    let with = |args: &[&'static str]| [&place[..], args, &["--yes", "--confirm", "db"]].concat();
    let fix = with(&["fix", "prod/db", "--drop-pending"]);
    let (killed, said) = Running::start(&home, &fix, "waits until");
    assert!(said.contains("rotation is off"), "{said}");
    // SIGKILL: nothing of it can be caught.
    drop(killed);

    let run = |args: &[&str]| {
        let output = home.secdash(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, why, _) = run(&[&place[..], &["why", "prod/db"]].concat());
    assert_eq!(code, Some(3), "{why}");
    assert!(why.contains("is half done: the label has not moved, and rotation is still off."), "{why}");
    assert!(why.contains("--resume` finishes it"), "{why}");
    let (code, out, err) = run(&fix);
    assert!(code == Some(1) && err.contains("is half done") && err.contains("--resume` finishes it"), "{out}{err}");
    // What is said of taking it back is what comes of it.
    assert!(why.contains("`--undo` can't take it back: AWS turns rotation on only once AWSPENDING is off"), "{why}");
    let (code, _, err) = run(&with(&["fix", "prod/db", "--undo"]));
    assert!(code == Some(1) && err.contains("AWS turns it on only once AWSPENDING is off"), "{err}");
}
