//! Every way in which a rotation of the demo goes wrong has its signature and no other; what goes well has none.

use std::time::Duration;

use secdash::demo::World;
use secdash::domain::catalogue::Catalogue;
use secdash::domain::invocation::{Invocation, Invocations, Outcome};
use secdash::domain::log::LogEvent;
use secdash::domain::rotation::Step;
use secdash::exit::Exit;
use secdash::text::AwsText;

use crate::support::cmd::run;

const NAME: &str = "prod/db";
const GROUP: &str = "/aws/lambda/rotate-postgres";
const JSON: &str = "[[function]]\nname = \"rotate-postgres\"\nlog = { format = \"JSON\" }";
const WARN: &str =
    "[[function]]\nname = \"rotate-postgres\"\nlog = { format = \"JSON\", level = \"WARN\", system_level = \"WARN\" }";

fn world(outcome: &str, function: &str) -> World {
    let outcome = if outcome.is_empty() { String::new() } else { format!("outcome = {outcome}\n") };
    let text = format!(
        "seed = 3\n[[secret]]\nname = \"{NAME}\"\nfunction = \"rotate-postgres\"\nrotation = {{ rate = \"rate(30 days)\" }}\n\
         created = \"2025-01-01T00:00:00Z\"\nlast_rotated = \"-10d\"\n{outcome}{function}\n"
    );
    World::from_toml("signatures", &text).unwrap()
}

/// An outcome of the demo, what else is done, and the signature; `None` where nothing fails, or by words that nobody
/// knows.
type Case = (&'static str, Meanwhile, Option<&'static str>);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Meanwhile {
    Nothing,
    /// Only testSecret is asked for.
    Trial,
    /// Rotation is turned off while it runs.
    TurnedOff,
    /// AWSPENDING is taken off while it runs.
    TakenOff,
    /// AWSPENDING is replaced by another label while it runs.
    Replaced,
}

use Meanwhile::{Nothing, Replaced, TakenOff, Trial, TurnedOff};

const CASES: &[Case] = &[
    ("", Nothing, None),
    ("\"succeeds\"", Nothing, None),
    ("\"without-tls\"", Nothing, None),
    ("{ slow = \"25s\" }", Nothing, None),
    ("\"throttled\"", Nothing, None),
    ("\"never-invoked\"", Nothing, None),
    ("{ abandoned_at = \"createSecret\" }", Nothing, None),
    ("{ abandoned_at = \"testSecret\" }", Nothing, None),
    ("\"cannot-import\"", Nothing, Some("module-missing")),
    ("\"denied\"", Nothing, Some("put-denied")),
    ("{ ends = \"denied\", flaky = 1 }", Nothing, Some("put-denied")),
    ("{ fails_at = \"createSecret\" }", Nothing, Some("key-missing")),
    ("{ fails_at = \"setSecret\" }", Nothing, Some("no-password-works")),
    ("{ fails_at = \"setSecret\", slow = \"12s\", at = \"setSecret\" }", Nothing, Some("database-not-reached")),
    ("{ fails_at = \"testSecret\" }", Nothing, Some("pending-password-refused")),
    ("{ fails_at = \"testSecret\" }", Trial, Some("pending-password-refused")),
    ("{ fails_at = \"finishSecret\" }", Nothing, Some("finish-denied")),
    ("{ times_out_at = \"createSecret\", marks = \"task\" }", Nothing, Some("secrets-manager-not-reached")),
    ("{ times_out_at = \"createSecret\", marks = \"report\" }", Nothing, Some("secrets-manager-not-reached")),
    ("{ times_out_at = \"createSecret\", marks = \"both\" }", Nothing, Some("secrets-manager-not-reached")),
    ("{ times_out_at = \"setSecret\", marks = \"task\" }", Nothing, Some("time-out-before-login")),
    ("{ times_out_at = \"setSecret\", marks = \"report\" }", Nothing, Some("time-out-before-login")),
    ("{ times_out_at = \"testSecret\" }", Nothing, Some("time-out-in-test")),
    ("{ times_out_at = \"finishSecret\" }", Nothing, Some("time-out-in-finish")),
    ("{ slow = \"40s\", at = \"testSecret\" }", Nothing, Some("time-out-in-test")),
    ("{ fails_at = \"setSecret\", with = \"KeyError: 'masterarn'\" }", Nothing, Some("no-superuser-named")),
    ("{ fails_at = \"testSecret\", with = \"NotImplementedError: \" }", Nothing, Some("template-not-filled-in")),
    (
        "{ fails_at = \"setSecret\", with = \"Attempting to modify user {user} other than current user other\" }",
        Nothing,
        Some("user-edited"),
    ),
    ("{ fails_at = \"testSecret\", with = \"FATAL: too many connections\" }", Nothing, None),
    ("{ fails_at = \"createSecret\", with = \"HTTPError: 401 Client Error: Unauthorized\" }", Nothing, None),
    ("{ slow = \"10s\" }", TurnedOff, Some("rotation-is-off")),
    ("{ slow = \"10s\" }", TakenOff, Some("version-without-label")),
    ("{ slow = \"10s\" }", Replaced, Some("version-with-other-labels")),
];

/// Runs a rotation to its end, with what happens meanwhile.
async fn rotate(world: &World, meanwhile: Meanwhile) {
    let trial: &[&str] = if meanwhile == Trial { &["--test-only"] } else { &[] };
    let asked = run(&[&["rotate", NAME, "--yes"], trial].concat(), world).await;
    assert_eq!(asked.exit, Exit::Fine, "{asked:?}");
    if meanwhile == TurnedOff {
        begun(world).await;
        meddle(world, meanwhile).await;
    } else if !matches!(meanwhile, Nothing | Trial) {
        tokio::time::sleep(Duration::from_secs(14)).await;
        meddle(world, meanwhile).await;
    }
    tokio::time::sleep(Duration::from_mins(3)).await;
}

/// Waits until an invocation has just begun: after a cancellation no other one begins, and this one finds rotation off.
async fn begun(world: &World) {
    let has_begun = || world.log_events(GROUP).iter().any(|line| line.message.to_lowercase().contains("start"));
    for _ in 0..10_000 {
        if has_begun() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("no invocation began");
}

async fn meddle(world: &World, meanwhile: Meanwhile) {
    let client = aws_sdk_secretsmanager::Client::new(&world.sdk_config());
    if meanwhile == TurnedOff {
        client.cancel_rotate_secret().secret_id(NAME).send().await.unwrap();
        return;
    }
    let told = client.describe_secret().secret_id(NAME).send().await.unwrap();
    let labels = told.version_ids_to_stages().unwrap();
    let version = labels.iter().find(|(_, labels)| labels.iter().any(|label| label == "AWSPENDING")).unwrap().0;
    let change = || client.update_secret_version_stage().secret_id(NAME);
    if meanwhile == Replaced {
        change().version_stage("MINE").move_to_version_id(version).send().await.unwrap();
    }
    change().version_stage("AWSPENDING").remove_from_version_id(version).send().await.unwrap();
}

/// The invocations of the world's log.
fn invocations(world: &World) -> Invocations {
    let events = world.log_events(GROUP).into_iter().map(|line| LogEvent {
        id: Some(line.id.into()),
        stream: line.stream.into(),
        at: line.at,
        ingested: Some(line.ingested),
        message: line.message.into(),
    });
    let mut invocations = Invocations::default();
    invocations.take(events);
    invocations
}

/// Each invocation that failed, with the step that was due.
fn failed(invocations: &Invocations, first: Step) -> Vec<(&Invocation, Step)> {
    let mut all: Vec<_> = invocations.iter().collect();
    all.sort_by_key(|invocation| invocation.started);
    let mut due = first;
    let mut failed = Vec::new();
    for invocation in all {
        let step = invocation.step.unwrap_or(due);
        let has_failed = matches!(invocation.outcome, Outcome::Failed(_) | Outcome::TimedOut);
        failed.extend(has_failed.then_some((invocation, step)));
        let next = Step::ALL.into_iter().find(|next| *next > step);
        due = next.filter(|_| !has_failed).unwrap_or(first);
    }
    failed
}

#[tokio::test(start_paused = true)]
async fn every_world_has_its_signature_and_no_other() {
    let catalogue = Catalogue::builtin();
    let all: Vec<_> = catalogue.signatures().map(|signature| signature.id().to_owned()).collect();
    let mut wrong = Vec::new();
    for (nth, id) in all.iter().enumerate() {
        println!("{nth:2} {id}");
    }
    for (outcome, meanwhile, expected) in CASES {
        for function in ["", JSON, WARN] {
            // Without INFO no line says when an invocation has just begun.
            if *meanwhile == TurnedOff && function == WARN {
                continue;
            }
            let world = world(outcome, function);
            rotate(&world, *meanwhile).await;
            let arn = AwsText::from(arn_of(&world).await);
            let invocations = invocations(&world);
            let first = if *meanwhile == Trial { Step::Test } else { Step::Create };
            let failed = failed(&invocations, first);
            // What fits at all, and what each that failed is explained by.
            let mut found: Vec<Vec<String>> = Vec::new();
            for (invocation, step) in &failed {
                // Where steps that go well leave no line, nobody knows which one was due.
                let step = (function != WARN).then_some(*step);
                let causes = catalogue.causes(invocation, Some(&arn), step);
                let cause = catalogue.cause(invocation, Some(&arn), step);
                let ids: Vec<_> = causes.iter().map(|one| one.signature.id().to_owned()).collect();
                assert_eq!(cause.map(|one| one.signature.id().to_owned()), ids.first().cloned());
                found.push(ids);
            }
            let mark = |id: &String| if found.iter().flatten().any(|one| one == id) { '#' } else { '.' };
            let marks: String = all.iter().map(mark).collect();
            let format = if function.is_empty() { "Text" } else { &function[function.len() - 8..function.len() - 3] };
            println!("{marks} {format:6} {meanwhile:9?} {outcome}");
            // A log without INFO tells of a time-out, and of nothing before it.
            let is_silent = function == WARN && (outcome.contains("times_out_at") || outcome.contains("40s"));
            let expected = if is_silent { Some("time-out-without-a-word") } else { *expected };
            let is_failing = expected.is_some() || outcome.contains("with = ");
            let is_so = found.iter().all(|ids| ids.iter().map(String::as_str).eq(expected));
            if !is_so || failed.is_empty() == is_failing {
                wrong.push(format!("{outcome} {meanwhile:?} {function}: {expected:?}, not {found:?}"));
            }
            // Those that went well are never explained.
            for fine in invocations.iter().filter(|one| !failed.iter().any(|(bad, _)| bad.request_id == one.request_id))
            {
                assert!(catalogue.cause(fine, Some(&arn), None).is_none(), "{fine:?}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

async fn arn_of(world: &World) -> String {
    let client = aws_sdk_secretsmanager::Client::new(&world.sdk_config());
    client.describe_secret().secret_id(NAME).send().await.unwrap().arn().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn the_failure_of_another_secret_is_not_this_one_s() {
    let world = world("{ fails_at = \"setSecret\" }", "");
    rotate(&world, Nothing).await;
    let invocations = invocations(&world);
    let failed = failed(&invocations, Step::Create);
    assert!(!failed.is_empty());
    let other = AwsText::from(super::made::OTHER);
    for (invocation, step) in failed {
        assert!(Catalogue::builtin().cause(invocation, Some(&other), Some(step)).is_none());
        assert!(Catalogue::builtin().cause(invocation, None, Some(step)).is_some());
    }
}
