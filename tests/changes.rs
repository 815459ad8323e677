//! Nothing changes in AWS but what was confirmed, never under `--read-only`, and never a secret that isn't as it was seen.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what can't be set up fails the test")]

mod support;

use std::os::unix::fs::PermissionsExt;

use clap::CommandFactory;
use futures::FutureExt;
use secdash::aws::{Aws, Guard, Record};
use secdash::cli::Cli;
use secdash::demo::World;
use secdash::domain::action::Ending;
use secdash::domain::change::{Change, ChangeKind, Confirmed, Fix, Move, Outcome, RecoveryWindow, Word};
use secdash::domain::secret::Secret;
use secdash::domain::version::{StagingLabel, VersionId};
use secdash::exit::Exit;
use support::cmd::run;
use support::home::Home;

const NAME: &str = "prod/db";
const TOKEN: &str = "7d0c2f7e-1111-4222-8333-94445555f2e1";
const NEW: &str = "51aa2f7e-1111-4222-8333-94445555aa90";
const OLD: &str = "0b132f7e-1111-4222-8333-944455559f77";

fn world(more: &str) -> World {
    let text = format!(
        "seed = 3\n[[secret]]\nname = \"{NAME}\"\nfunction = \"rotate-postgres\"\nrotation = {{ rate = \"rate(30 days)\" }}\n\
         created = \"2025-01-01T00:00:00Z\"\nlast_rotated = \"-10d\"\n{more}\n"
    );
    World::from_toml("changes", &text).unwrap()
}

/// Every kind of change.
fn kinds() -> [ChangeKind; 7] {
    let token = VersionId(TOKEN.into());
    let kinds = [
        ChangeKind::Rotate { token: token.clone() },
        ChangeKind::TestOnly { token: token.clone() },
        ChangeKind::TurnOn { token },
        ChangeKind::TurnOff,
        ChangeKind::Move(Move {
            fix: Fix::RollBack,
            to: Some(VersionId(OLD.into())),
            from: Some(VersionId(NEW.into())),
        }),
        ChangeKind::Delete { window: RecoveryWindow::default() },
        ChangeKind::Restore,
    ];
    // A kind that is new must be told here.
    for kind in &kinds {
        match kind {
            ChangeKind::Rotate { .. }
            | ChangeKind::TestOnly { .. }
            | ChangeKind::TurnOn { .. }
            | ChangeKind::TurnOff
            | ChangeKind::Move(_)
            | ChangeKind::Delete { .. }
            | ChangeKind::Restore => {}
        }
    }
    kinds
}

fn confirmed(secret: &Secret, kind: ChangeKind) -> Confirmed<Change> {
    let change = Change::of(secret, kind);
    let word = Word::Typed(change.last_part().to_owned());
    change.confirmed(word).unwrap()
}

/// The operations in a world's journal that change something.
fn changing(world: &World) -> Vec<String> {
    let looks = ["List", "Describe", "Get", "Lookup", "Filter", "StartLiveTail", "TestEventPattern"];
    let operations = world.journal().into_iter().map(|entry| entry.operation);
    operations.filter(|operation| !looks.iter().any(|look| operation.starts_with(look))).collect()
}

async fn secret(aws: &Aws) -> Secret {
    let context = aws.open().await.unwrap();
    aws.describe(&context, NAME).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn under_read_only_no_kind_of_change_reaches_the_world() {
    for kind in kinds() {
        let (world, home) = (world(""), Home::new());
        let record = Record::at(home.folder().join("actions.jsonl"));
        for guard in [Guard { read_only: true, record: record.clone() }, Guard::default()] {
            let aws = Aws::demo(world.sdk_config()).guarded(guard);
            let change = confirmed(&secret(&aws).await, kind.clone());
            assert_eq!(aws.carry_out(&change).await.outcome, Outcome::ReadOnly, "{kind:?}");
        }
        assert_eq!(changing(&world), Vec::<String>::new(), "{kind:?}");
        let recorded = record.read().unwrap();
        let endings: Vec<_> = recorded.actions.iter().map(|action| action.outcome).collect();
        assert_eq!(endings, [Ending::ReadOnly], "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn under_read_only_no_command_changes_anything() {
    let tried: &[&[&str]] = &[
        &["list"],
        &["show", NAME],
        &["why", NAME],
        &["upcoming"],
        &["alerts"],
        &["history", NAME],
        &["rotate", NAME, "--yes"],
        &["rotate", NAME, "--yes", "--wait"],
        &["rotate", NAME, "--yes", "--test-only"],
        &["follow", NAME],
        &["rotation", "off", NAME, "--yes", "--confirm", "db"],
        &["rotation", "on", NAME, "--yes"],
        &["fix", NAME, "--roll-back", "--tested", "previous", "--yes", "--confirm", "db"],
        &["fix", NAME, "--resume", "--yes"],
        &["delete", NAME, "--yes", "--confirm", "db"],
        &["restore", NAME, "--yes"],
        &["logs", NAME],
        &["actions"],
        &["config"],
        &["policy"],
        &["keys"],
        &["completions", "bash"],
    ];
    // The one that is left out serves the demo world until it is ended.
    let names = Cli::command().get_subcommands().map(|one| one.get_name().to_owned()).collect::<Vec<_>>();
    let missing = names.iter().filter(|name| *name != "demo" && tried.iter().all(|args| args[0] != *name));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&String>::new());
    for args in tried {
        let world = world("");
        let said = run(&[&["--read-only"], *args].concat(), &world).await;
        assert_eq!(changing(&world), Vec::<String>::new(), "{args:?}");
        let is_change = args.contains(&"--yes");
        assert_eq!(said.err.contains("secdash is read-only"), is_change, "{args:?}: {said:?}");
        assert_eq!(said.actions.len(), usize::from(is_change), "{args:?}");
        assert!(!is_change || said.exit == Exit::Failed, "{args:?}");
    }
}

/// What somebody else does to the secret in between.
#[derive(Debug, Clone, Copy)]
enum Meddling {
    Rotates,
    MovesCurrent,
    DropsPrevious,
    TurnsOff,
    Deletes,
    Restores,
}

async fn meddle(world: &World, meddling: Meddling) {
    let other = aws_sdk_secretsmanager::Client::new(&world.sdk_config());
    let described = other.describe_secret().secret_id(NAME).send().await.unwrap();
    let labels = described.version_ids_to_stages.unwrap();
    let holder = |label: &str| labels.iter().find(|(_, labels)| labels.iter().any(|one| one == label)).unwrap().0;
    // AWS may refuse it by now: then nobody has meddled.
    let _ = match meddling {
        Meddling::Rotates => other.rotate_secret().secret_id(NAME).send().await.is_ok(),
        Meddling::MovesCurrent => {
            let call = other.update_secret_version_stage().secret_id(NAME).version_stage("AWSCURRENT");
            let (to, from) = (holder("AWSPREVIOUS"), holder("AWSCURRENT"));
            call.move_to_version_id(to).remove_from_version_id(from).send().await.is_ok()
        }
        Meddling::DropsPrevious => {
            let call = other.update_secret_version_stage().secret_id(NAME).version_stage("AWSPREVIOUS");
            call.remove_from_version_id(holder("AWSPREVIOUS")).send().await.is_ok()
        }
        Meddling::TurnsOff => other.cancel_rotate_secret().secret_id(NAME).send().await.is_ok(),
        Meddling::Deletes => other.delete_secret().secret_id(NAME).recovery_window_in_days(7).send().await.is_ok(),
        Meddling::Restores => other.restore_secret().secret_id(NAME).send().await.is_ok(),
    };
}

const VERSIONS: &str = "versions = [\
    { id = \"51aa2f7e-1111-4222-8333-94445555aa90\", labels = [\"AWSCURRENT\"], created = \"-10d\" }, \
    { id = \"0b132f7e-1111-4222-8333-944455559f77\", labels = [\"AWSPREVIOUS\"], created = \"-40d\" }]";
/// Each call takes a while, so that the change waits at each of its awaits.
const SLOW: &str = "[[fault]]\noperation = \"*\"\nkind = \"latency\"\ndelay = \"100ms\"";

/// Lets somebody meddle when the change has come to its `steps`-th wait; whether it had ended by then.
async fn meddled_at(steps: u32, kind: ChangeKind, meddling: Meddling) -> bool {
    let (world, home) = (world(&format!("{VERSIONS}\n{SLOW}")), Home::new());
    let record = Record::at(home.folder().join("actions.jsonl"));
    let aws = Aws::demo(world.sdk_config()).guarded(Guard { read_only: false, record: record.clone() });
    if kind == ChangeKind::Restore {
        meddle(&world, Meddling::Deletes).await;
    }
    let secret = secret(&aws).await;
    let change = confirmed(&secret, kind.clone());
    let before = changing(&world).len();
    let mut running = Box::pin(aws.carry_out(&change));
    let mut done = None;
    for _ in 0..steps {
        done = done.or(running.as_mut().now_or_never());
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let had_ended = done.is_some();
    meddle(&world, meddling).await;
    let changed = match done {
        Some(changed) => changed,
        None => running.await,
    };
    let what = format!("{kind:?} {meddling:?} at {steps}: {changed:?}");
    let action = record.read().unwrap().actions.pop().unwrap();
    let calls =
        changing(&world).into_iter().skip(before).filter(|call| *call == change.get().operation().name()).count();
    let theirs = usize::from(matches!(
        (change.get().operation().name(), meddling),
        ("RotateSecret", Meddling::Rotates)
            | ("CancelRotateSecret", Meddling::TurnsOff)
            | ("DeleteSecret", Meddling::Deletes)
            | ("RestoreSecret", Meddling::Restores)
            | ("UpdateSecretVersionStage", Meddling::MovesCurrent | Meddling::DropsPrevious)
    ));
    match &changed.outcome {
        Outcome::Moved(now) => {
            assert_eq!((calls, action.outcome), (theirs, Ending::Moved), "nothing is written: {what}");
            assert_ne!(*now, change.get().seen, "{what}");
        }
        Outcome::Refused(_) => assert_eq!((calls, action.outcome), (1 + theirs, Ending::Refused), "{what}"),
        Outcome::Accepted { .. } => {
            assert_eq!((calls, action.outcome), (1 + theirs, Ending::Accepted), "{what}");
            assert_eq!(action.before.as_ref().unwrap().labels, action.seen.labels, "{what}");
            is_as_previewed(&world, &kind, meddling, had_ended, &what).await;
        }
        other => panic!("{what}: {other:?}"),
    }
    had_ended
}

/// What was accepted ends as the preview showed it, whatever somebody else did beside it.
async fn is_as_previewed(world: &World, kind: &ChangeKind, meddling: Meddling, was_done: bool, what: &str) {
    let aws = Aws::demo(world.sdk_config());
    tokio::time::sleep(std::time::Duration::from_mins(3)).await;
    let after = secret(&aws).await;
    let token = VersionId(TOKEN.into());
    match kind {
        // Whoever turns it off or moves AWSCURRENT after the call has the last word; the token's version is there all the same.
        ChangeKind::Rotate { .. } if matches!(meddling, Meddling::TurnsOff | Meddling::Deletes) || was_done => {}
        ChangeKind::Rotate { .. } => {
            assert!(after.labels.has(&token, &StagingLabel::Current), "{what}: {:?}", after.labels);
        }
        ChangeKind::TestOnly { .. } | ChangeKind::TurnOn { .. } => {
            assert!(!after.labels.has(&token, &StagingLabel::Current), "{what}: {:?}", after.labels);
        }
        ChangeKind::TurnOff => {
            let is_on_again = matches!(meddling, Meddling::Rotates);
            assert!(is_on_again || after.rotation_enabled == Some(false), "{what}");
        }
        // Whoever restores or deletes it after the call has the last word.
        ChangeKind::Delete { .. } => {
            let is_back = matches!(meddling, Meddling::Restores);
            assert!(is_back || after.deleted.is_some(), "{what}");
        }
        ChangeKind::Restore => {
            let is_gone = matches!(meddling, Meddling::Deletes);
            assert!(is_gone || after.deleted.is_none(), "{what}");
        }
        // Whoever rotates or moves AWSCURRENT after the call has the last word.
        ChangeKind::Move(_) if matches!(meddling, Meddling::Rotates | Meddling::MovesCurrent) => {}
        ChangeKind::Move(_) => {
            assert!(after.labels.has(&VersionId(OLD.into()), &StagingLabel::Current), "{what}: {:?}", after.labels);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn labels_that_move_at_any_wait_change_nothing_that_was_not_shown() {
    for kind in kinds() {
        for meddling in [
            Meddling::Rotates,
            Meddling::MovesCurrent,
            Meddling::DropsPrevious,
            Meddling::TurnsOff,
            Meddling::Deletes,
            Meddling::Restores,
        ] {
            let mut steps = 0;
            while !meddled_at(steps, kind.clone(), meddling).await {
                steps += 1;
                assert!(steps < 200, "it never ends");
            }
            assert!(steps > 20, "it did not wait: {steps}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_record_tells_everything_and_is_for_the_user_alone() {
    let (world, home) = (world(VERSIONS), Home::new());
    let file = home.folder().join("state/secdash/actions.jsonl");
    let aws = Aws::demo(world.sdk_config()).guarded(Guard { read_only: false, record: Record::at(file.clone()) });
    let seen = secret(&aws).await;
    let rotate = ChangeKind::Rotate { token: VersionId(TOKEN.into()) };
    let changed = aws.carry_out(&confirmed(&seen, rotate.clone())).await;
    assert!(matches!(changed.outcome, Outcome::Accepted { .. }) && changed.unrecorded.is_none(), "{changed:?}");
    // The second is not as it was seen any more, and the third is refused by AWS.
    assert!(matches!(aws.carry_out(&confirmed(&seen, rotate)).await.outcome, Outcome::Moved(_)));
    let other = ChangeKind::Rotate { token: VersionId("00000000-1111-4222-8333-944455550000".into()) };
    let now = secret(&aws).await;
    assert!(matches!(aws.carry_out(&confirmed(&now, other)).await.outcome, Outcome::Refused(_)));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |key: &str| lines.iter().map(|line| line[key].clone()).collect::<Vec<_>>();
    assert_eq!(of("outcome"), ["accepted", "moved", "refused"]);
    assert_eq!(of("change"), ["rotate"; 3]);
    assert_eq!(of("account"), ["000000000000"; 3]);
    assert_eq!(of("who")[0], "arn:aws:sts::000000000000:assumed-role/on-call/demo");
    assert_eq!(of("error")[2], "A previous rotation isn't complete. That rotation will be reattempted.");
    let first = &lines[0];
    assert_eq!(first["operation"], "RotateSecret");
    assert_eq!(first["parameters"]["ClientRequestToken"], TOKEN);
    assert_eq!(first["after"]["labels"][TOKEN], serde_json::json!(["AWSPENDING"]), "{first}");
    assert!(first["before"]["labels"][TOKEN].is_null() && first["request_id"].is_string());
}

#[tokio::test(start_paused = true)]
async fn a_record_that_cannot_be_written_is_told_and_stops_nothing() {
    let (world, home) = (world(""), Home::new().file("state", "a file where a folder should be"));
    let record = Record::at(home.folder().join("state/secdash/actions.jsonl"));
    let aws = Aws::demo(world.sdk_config()).guarded(Guard { read_only: false, record });
    let changed = aws.carry_out(&confirmed(&secret(&aws).await, ChangeKind::TurnOff)).await;
    assert!(matches!(changed.outcome, Outcome::Accepted { .. }), "{changed:?}");
    assert!(changed.unrecorded.is_some());
}
