//! `secdash rotate --wait` on every way in which a rotation can go: the exit code, and one true sentence.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use secdash::demo::World;
use secdash::exit::Exit;
use serde_json::Value;
use support::cmd::{Said, run};

const NAME: &str = "prod/db";

/// A world with one secret on the function `rotate-postgres`, and whatever else is said about both.
fn world(secret: &str, more: &str) -> World {
    let text = format!(
        "seed = 3\n[[secret]]\nname = \"{NAME}\"\nfunction = \"rotate-postgres\"\nrotation = {{ rate = \"rate(30 days)\" }}\n\
         created = \"2025-01-01T00:00:00Z\"\nlast_rotated = \"-10d\"\n{secret}\n{more}\n"
    );
    World::from_toml("rotate", &text).unwrap()
}

/// One way in which it goes.
struct Case {
    name: &'static str,
    /// Keys of the secret, and tables behind it.
    secret: &'static str,
    more: &'static str,
    args: &'static [&'static str],
    exit: Exit,
    /// What the last sentence says, in this order.
    says: &'static [&'static str],
    /// Where the label is afterwards: on the new version, or not.
    is_current: bool,
}

const PLAIN: Case = Case {
    name: "succeeds",
    secret: "",
    more: "",
    args: &[],
    exit: Exit::Fine,
    says: &["The rotation succeeded: AWSCURRENT moved to"],
    is_current: true,
};

const CASES: &[Case] = &[
    PLAIN,
    Case {
        name: "createSecret fails before there is a value",
        secret: r#"outcome = { fails_at = "createSecret" }"#,
        exit: Exit::Failed,
        says: &["failed at createSecret:"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "setSecret fails",
        secret: r#"outcome = { fails_at = "setSecret" }"#,
        exit: Exit::Failed,
        says: &["failed at setSecret:", "Unable to log into database with previous, current, or pending secret"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "testSecret fails with words of its own",
        secret: r#"outcome = { fails_at = "testSecret", with = "FATAL: too many connections" }"#,
        exit: Exit::Failed,
        says: &["failed at testSecret:", "FATAL: too many connections"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "finishSecret fails",
        secret: r#"outcome = { fails_at = "finishSecret" }"#,
        exit: Exit::Failed,
        says: &["failed at finishSecret:"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "a silent time-out in the first step",
        secret: r#"outcome = { times_out_at = "createSecret", marks = "task" }"#,
        exit: Exit::Failed,
        says: &["timed out at createSecret", "Task timed out after 30", "names no secret"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "a time-out without its line",
        secret: r#"outcome = { times_out_at = "setSecret", marks = "report" }"#,
        exit: Exit::Failed,
        says: &["timed out at setSecret"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "the function can't be imported",
        secret: r#"outcome = "cannot-import""#,
        exit: Exit::Failed,
        says: &["failed at createSecret", "Runtime.ImportModuleError"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "the function's role is denied",
        secret: r#"outcome = "denied""#,
        exit: Exit::Failed,
        says: &["failed at createSecret", "AccessDenied"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "never invoked, and a log group that isn't there",
        secret: r#"outcome = "never-invoked""#,
        exit: Exit::NotKnown,
        says: &["No sign of life for"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "throttled: no line ever, and CloudTrail is too late",
        secret: r#"outcome = "throttled""#,
        more: "[[log_group]]\nname = \"/aws/lambda/rotate-postgres\"",
        exit: Exit::Failed,
        says: &["never invoked"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "never invoked",
        secret: r#"outcome = "never-invoked""#,
        more: "[[log_group]]\nname = \"/aws/lambda/rotate-postgres\"",
        exit: Exit::Failed,
        says: &["The rotation function was never invoked: its log has no invocation for this rotation up to"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "never invoked, and nobody may read the log",
        secret: r#"outcome = "never-invoked""#,
        more: "[[fault]]\noperation = \"FilterLogEvents\"\nkind = \"deny\"\n[[fault]]\noperation = \"StartLiveTail\"\nkind = \"deny\"",
        exit: Exit::NotKnown,
        says: &["No sign of life for"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "succeeds, and nobody may read the log",
        more: "[[fault]]\noperation = \"FilterLogEvents\"\nkind = \"deny\"\n[[fault]]\noperation = \"StartLiveTail\"\nkind = \"deny\"",
        ..PLAIN
    },
    Case { name: "slow", secret: r#"outcome = { slow = "25s" }"#, ..PLAIN },
    Case {
        name: "slower than the patience of whoever waits",
        secret: r#"outcome = { slow = "25s" }"#,
        args: &["--timeout", "60s"],
        exit: Exit::NotKnown,
        says: &["Still going: testSecret comes next. It has not been seen to end."],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "an attempt fails, the next one succeeds",
        secret: "outcome = { flaky = 1, fails_at = \"setSecret\" }\nretry = { after = \"20s\", times = 3 }",
        says: &["The rotation succeeded in attempt 2: AWSCURRENT moved to"],
        ..PLAIN
    },
    Case {
        name: "a log level that hides the steps",
        more: "[[function]]\nname = \"rotate-postgres\"\nlog = { format = \"JSON\", level = \"WARN\", system_level = \"WARN\" }",
        ..PLAIN
    },
    Case {
        name: "never invoked, as far as a log without good steps can tell",
        secret: r#"outcome = "never-invoked""#,
        more: "[[function]]\nname = \"rotate-postgres\"\nlog = { format = \"JSON\", level = \"WARN\", system_level = \"WARN\" }",
        exit: Exit::NotKnown,
        says: &["No sign of life for"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "JSON in a group of its own",
        more: "[[function]]\nname = \"rotate-postgres\"\nlog = { format = \"JSON\", group = \"/team/rotation\" }",
        ..PLAIN
    },
    Case {
        name: "a group that can only be queried",
        more: "[[log_group]]\nname = \"/aws/lambda/rotate-postgres\"\nclass = \"INFREQUENT_ACCESS\"",
        ..PLAIN
    },
    Case {
        name: "a trial",
        args: &["--test-only"],
        says: &["The trial succeeded: testSecret did its work"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "a trial that fails with words that name no secret",
        secret: r#"outcome = { fails_at = "testSecret", with = "FATAL: too many connections" }"#,
        args: &["--test-only"],
        exit: Exit::Failed,
        says: &["The trial failed at testSecret:", "FATAL: too many connections"],
        is_current: false,
        ..PLAIN
    },
    Case {
        name: "a trial that fails",
        secret: r#"outcome = { fails_at = "testSecret" }"#,
        args: &["--test-only"],
        exit: Exit::Failed,
        says: &["The trial failed at testSecret:"],
        is_current: false,
        ..PLAIN
    },
];

/// The last sentence on standard output, before what to do next.
fn last(said: &Said) -> &str {
    said.out.lines().rev().find(|line| !line.trim_start().starts_with("try:")).unwrap()
}

fn holds_in_order(text: &str, parts: &[&str]) -> bool {
    let mut rest = text;
    parts.iter().all(|part| match rest.split_once(part) {
        Some((_, behind)) => {
            rest = behind;
            true
        }
        None => false,
    })
}

/// Whether AWSCURRENT sits on the version that secdash asked for.
fn has_moved(world: &World) -> bool {
    let asked = world.journal().into_iter().find(|entry| entry.operation == "RotateSecret").unwrap();
    let token = asked.request["ClientRequestToken"].as_str().unwrap().to_owned();
    world.moves(NAME).iter().any(|one| one.label == "AWSCURRENT" && one.to.as_deref() == Some(&token))
}

#[tokio::test(start_paused = true)]
async fn every_outcome_has_its_exit_code_and_its_sentence() {
    let mut wrong = Vec::new();
    for case in CASES {
        let world = world(case.secret, case.more);
        let args = [&["rotate", NAME, "--wait", "--yes"], case.args].concat();
        let said = run(&args, &world).await;
        let rotations = world.journal().into_iter().filter(|entry| entry.operation == "RotateSecret").count();
        let is_so = said.exit == case.exit
            && holds_in_order(last(&said), case.says)
            && has_moved(&world) == case.is_current
            && (rotations, said.actions.len()) == (1, 1);
        if !is_so {
            wrong.push(format!("{} ({:?}): {}\n{}", case.name, said.exit, said.out, said.err));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn success_is_never_told_before_the_label_has_moved() {
    let world = world("", "");
    let said = run(&["rotate", NAME, "--wait", "--yes", "--output", "json"], &world).await;
    let events: Vec<Value> = said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let end = events.last().unwrap();
    assert_eq!((&end["type"], &end["outcome"]), (&"end".into(), &"succeeded".into()), "{}", said.out);
    let moved = world.moves(NAME).into_iter().find(|one| one.label == "AWSCURRENT" && one.from.is_some()).unwrap();
    let asked = world.journal().into_iter().filter(|entry| entry.operation == "DescribeSecret" && entry.at >= moved.at);
    assert!(asked.count() >= 1, "nobody looked after the label had moved");
    let steps: Vec<_> = events.iter().filter(|event| event["type"] == "step" && event["state"] == "done").collect();
    let mut names: Vec<_> = steps.iter().map(|step| step["step"].as_str().unwrap()).collect();
    // Each may be told once more: by a better proof, with how long it took.
    let mut told = BTreeSet::new();
    names.retain(|name| told.insert(*name));
    assert_eq!(names, ["createSecret", "setSecret", "testSecret", "finishSecret"], "{}", said.out);
}

#[tokio::test(start_paused = true)]
async fn what_the_preflight_is_against_is_not_asked_of_aws() {
    for (secret, more, says) in [
        ("deleted = \"+6d\"", "", "marked for deletion"),
        ("", "[[function]]\nname = \"rotate-postgres\"\nmissing = true", "function"),
        ("", "[[function]]\nname = \"rotate-postgres\"\npolicy = \"none\"", "polic"),
        (
            "versions = [{ labels = [\"AWSPENDING\"], created = \"-2d\" }, { labels = [\"AWSCURRENT\"], created = \"-33d\" }]",
            "",
            "AWSPENDING",
        ),
    ] {
        let world = world(secret, more);
        let said = run(&["rotate", NAME, "--wait", "--yes"], &world).await;
        assert_eq!(said.exit, Exit::Failed, "{said:?}");
        assert!(said.err.starts_with("error: Nothing was changed. ") && said.err.contains(says), "{said:?}");
        assert!(said.err.contains("\n  try: "), "{said:?}");
        assert!(world.journal().iter().all(|entry| entry.operation != "RotateSecret"), "{says}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_word_for_it_nothing_is_changed() {
    for args in [
        &["rotate", NAME][..],
        &["rotate", NAME, "--wait"],
        &["rotate", NAME, "--test-only"],
        &["rotation", "off", NAME],
        &["rotation", "off", NAME, "--yes"],
        &["rotation", "off", NAME, "--yes", "--confirm", "prod"],
    ] {
        let world = world("", "");
        let said = run(args, &world).await;
        assert_eq!(said.exit, Exit::Failed, "{said:?}");
        assert!(said.err.contains("Nothing was changed") && said.err.contains("--yes"), "{args:?}: {said:?}");
        let changing = ["RotateSecret", "CancelRotateSecret"];
        assert!(world.journal().iter().all(|entry| !changing.contains(&entry.operation.as_str())), "{args:?}");
        assert!(said.actions.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn rotation_is_turned_off_and_on_again() {
    let world = world("", "");
    let off = run(&["rotation", "off", NAME, "--yes", "--confirm", "db"], &world).await;
    assert_eq!(off.exit, Exit::Fine, "{off:?}");
    let shown = run(&["show", NAME], &world).await;
    assert!(shown.out.contains("cancelled"), "{}", shown.out);
    let refused = run(&["rotate", NAME, "--test-only", "--yes"], &world).await;
    assert_eq!(refused.exit, Exit::Failed, "a trial would turn it on: {refused:?}");
    let on = run(&["rotation", "on", NAME, "--yes"], &world).await;
    assert_eq!(on.exit, Exit::Fine, "{on:?}");
    tokio::time::sleep(std::time::Duration::from_mins(5)).await;
    let shown: Value = serde_json::from_str(&run(&["show", NAME, "--output", "json"], &world).await.out).unwrap();
    assert_eq!(shown["secret"]["rotation_enabled"], true, "{shown}");
}

#[tokio::test(start_paused = true)]
async fn a_rotation_that_somebody_else_began_is_followed_alike() {
    let world = world(r#"outcome = { slow = "20s" }"#, "");
    let none = run(&["follow", NAME], &world).await;
    assert!(none.exit == Exit::Failed && none.err.contains("No rotation of prod/db runs"), "{none:?}");
    assert_eq!(run(&["rotate", NAME, "--yes"], &world).await.exit, Exit::Fine);
    tokio::time::sleep(std::time::Duration::from_secs(25)).await;
    let again = run(&["rotate", NAME, "--yes", "--wait"], &world).await;
    assert_eq!(again.exit, Exit::Failed, "an earlier one runs: {again:?}");
    let said = run(&["follow", NAME], &world).await;
    assert_eq!(said.exit, Exit::Fine, "{}\n{}", said.out, said.err);
    assert!(last(&said).starts_with("The rotation succeeded: AWSCURRENT moved to"), "{}", said.out);
    for step in ["createSecret", "setSecret", "testSecret", "finishSecret"] {
        assert!(said.out.contains(&format!("✔ {step}")), "{}", said.out);
    }
}

/// Two secrets on one function; what is said of the second.
fn two(second: &str) -> World {
    world(
        "",
        &format!(
            "[[secret]]\nname = \"prod/other\"\nfunction = \"rotate-postgres\"\nrotation = {{ rate = \"rate(30 days)\" }}\n\
             created = \"2025-01-01T00:00:00Z\"\nlast_rotated = \"-10d\"\n{second}\n"
        ),
    )
}

/// The log events of a run, by what was said of them.
fn lines(said: &Said, attribution: &str) -> Vec<(String, String)> {
    let events = said.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let lines = events.filter(|event| event["type"] == "line" && event["attribution"] == attribution);
    let text = |event: &Value, key: &str| event[key].as_str().unwrap().to_owned();
    let mut lines: Vec<_> = lines.map(|event| (text(&event, "stream"), text(&event, "message"))).collect();
    lines.sort();
    lines
}

/// The events in the world's log that are of a secret: those of the invocations that name it, with the lines before
/// their START; and those of invocations that name none.
fn written(world: &World, arn: &str) -> [Vec<(String, String)>; 2] {
    let mut by_stream: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for event in world.log_events("/aws/lambda/rotate-postgres") {
        by_stream.entry(event.stream).or_default().push(event.message);
    }
    let (mut of_it, mut of_nobody) = (Vec::new(), Vec::new());
    for (stream, messages) in by_stream {
        let mut groups: Vec<Vec<String>> = vec![Vec::new()];
        for message in messages {
            groups.last_mut().unwrap().push(message.clone());
            if message.starts_with("REPORT") {
                groups.push(Vec::new());
            }
        }
        for group in groups {
            let names = |arn: &str| group.iter().any(|message| message.contains(arn));
            let place = match () {
                () if names(arn) => &mut of_it,
                () if !names("arn:aws:secretsmanager") => &mut of_nobody,
                () => continue,
            };
            place.extend(group.iter().map(|message| (stream.clone(), message.clone())));
        }
    }
    of_it.sort();
    of_nobody.sort();
    [of_it, of_nobody]
}

fn arn(said: &Said) -> String {
    let first: Value = serde_json::from_str(said.out.lines().next().unwrap()).unwrap();
    first["secret"].as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn of_two_secrets_on_one_function_each_run_shows_its_own_events() {
    for (second, exit, nameless) in [
        ("", Exit::Fine, false),
        ("outcome = { fails_at = \"testSecret\" }", Exit::Failed, false),
        ("outcome = { times_out_at = \"setSecret\", marks = \"task\" }", Exit::Failed, true),
    ] {
        let world = two(second);
        let args = |name| ["rotate", name, "--wait", "--yes", "--output", "json"];
        let (first, other) = (args(NAME), args("prod/other"));
        let (first, other) = tokio::join!(run(&first, &world), run(&other, &world));
        assert_eq!((first.exit, other.exit), (Exit::Fine, exit), "{}\n{}", first.out, other.out);
        for said in [&first, &other] {
            let [of_it, of_nobody] = written(&world, &arn(said));
            assert!(of_it.len() > 5, "{of_it:?}");
            assert_eq!(lines(said, "this-rotation"), of_it, "{second}");
            assert_eq!(of_nobody.is_empty(), !nameless, "{of_nobody:?}");
            // The first is over when the other's time is up, so only the one that still runs can be meant by it.
            let still_runs = said.exit != Exit::Fine;
            let shown = lines(said, "unattributed-within");
            assert_eq!(shown, if still_runs { of_nobody } else { Vec::new() }, "{second}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_out_that_names_nothing_is_shown_to_every_run_that_it_may_belong_to() {
    let slow = "outcome = { slow = \"20s\" }";
    let world = world(
        slow,
        "[[secret]]\nname = \"prod/other\"\nfunction = \"rotate-postgres\"\nrotation = { rate = \"rate(30 days)\" }\n\
         created = \"2025-01-01T00:00:00Z\"\nlast_rotated = \"-10d\"\noutcome = { times_out_at = \"createSecret\", marks = \"both\" }\n",
    );
    let args = |name| ["rotate", name, "--wait", "--yes", "--output", "json"];
    let (first, other) = (args(NAME), args("prod/other"));
    let (first, other) = tokio::join!(run(&first, &world), run(&other, &world));
    assert_eq!((first.exit, other.exit), (Exit::Fine, Exit::Failed), "{}\n{}", first.out, other.out);
    let [_, of_nobody] = written(&world, &arn(&first));
    assert!(of_nobody.iter().any(|(_, message)| message.contains("Task timed out")), "{of_nobody:?}");
    for said in [&first, &other] {
        assert_eq!(lines(said, "unattributed-within"), of_nobody, "{}", said.out);
    }
    assert!(last(&other).contains("\"outcome\":\"timed-out\""), "{}", other.out);
}
