//! Secrets are marked for deletion and restored: on the command line and in the dashboard, never without a recovery
//! window, and never without saying who reads them, or that nobody knows.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::time::Duration;

use insta::assert_snapshot;
use secdash::demo::World;
use secdash::domain::action::Ending;
use secdash::exit::Exit;
use support::cmd::run;
use support::home::Home;
use support::tui::Tui;

/// A secret that a function reads, another one that nobody does.
fn world(more: &str) -> World {
    let text = format!(
        "seed = 5\n[[secret]]\nname = \"prod/db\"\nfunction = \"rotate-postgres\"\nrotation = {{ rate = \"rate(30 days)\" }}\n\
         created = \"2026-01-01T00:00:00Z\"\nlast_rotated = \"-10d\"\n\
         [[reader]]\nsecrets = [\"prod/db\"]\nkind = \"lambda\"\nname = \"orders-api\"\nevery = \"12h\"\n\
         [[secret]]\nname = \"prod/other\"\ncreated = \"2026-01-01T00:00:00Z\"\n{more}\n"
    );
    World::from_toml("deletion", &text).unwrap()
}

/// How often AWS was asked to change something.
fn changes(world: &World) -> Vec<String> {
    let looks = ["List", "Describe", "Get", "Lookup", "Filter", "StartLiveTail"];
    let operations = world.journal().into_iter().map(|entry| entry.operation);
    operations.filter(|operation| !looks.iter().any(|look| operation.starts_with(look))).collect()
}

/// Until when a secret can be restored (UTC seconds).
async fn marked(world: &World, name: &str) -> Option<i64> {
    let asks = aws_sdk_secretsmanager::Client::new(&world.sdk_config());
    let described = asks.describe_secret().secret_id(name).send().await.unwrap();
    described.deleted_date().map(aws_sdk_secretsmanager::primitives::DateTime::secs)
}

const DELETE: &[&str] = &["delete", "prod/db", "--days", "7", "--yes", "--confirm", "db"];

#[tokio::test(start_paused = true)]
async fn a_secret_is_deleted_with_a_window_and_restored_and_each_only_once() {
    let world = world("");
    let said = run(DELETE, &world).await;
    assert_eq!(said.exit, Exit::Fine, "{said:?}");
    assert!(
        said.out.contains("  ! 1 reader in the last 24 h, 1 reader in the last 7 d: orders-api (14 reads, "),
        "{said:?}"
    );
    assert!(
        said.out.contains("prod/db is marked for deletion, and can be restored until 2026-11-27 09:14:"),
        "{said:?}"
    );
    let action = &said.actions[0];
    assert_eq!((action.change.as_str(), action.outcome), ("delete", Ending::Accepted));
    assert_eq!(action.parameters["RecoveryWindowInDays"], "7");
    assert!(action.seen.deleted.is_none() && action.after.as_ref().unwrap().deleted.is_some(), "{action:?}");
    assert!((marked(&world, "prod/db").await.unwrap() - world.now().timestamp() - 7 * 86_400).abs() < 60);
    let again = run(DELETE, &world).await;
    assert_eq!(again.exit, Exit::Failed, "{again:?}");
    assert!(again.err.contains("Nothing was changed. It is marked for deletion already, "), "{again:?}");
    assert!(again.err.contains("try: `secdash restore prod/db` restores it"), "{again:?}");
    let restored = run(&["restore", "prod/db", "--yes"], &world).await;
    assert_eq!(restored.exit, Exit::Fine, "{restored:?}");
    assert!(restored.out.contains("prod/db is no longer marked for deletion."), "{restored:?}");
    assert_eq!((restored.actions[0].change.as_str(), marked(&world, "prod/db").await), ("restore", None));
    let again = run(&["restore", "prod/db", "--yes"], &world).await;
    assert!(again.err.contains("It isn't marked for deletion: there is nothing to restore."), "{again:?}");
    assert_eq!(changes(&world), ["DeleteSecret", "RestoreSecret"]);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_takes_the_typed_name_and_a_restoration_a_yes() {
    for args in [
        &["delete", "prod/db"][..],
        &["delete", "prod/db", "--yes"],
        &["delete", "prod/db", "--yes", "--confirm", "other"],
        &["restore", "prod/db"],
    ] {
        let world = world("");
        if args[0] == "restore" {
            run(DELETE, &world).await;
        }
        let before = changes(&world);
        let said = run(args, &world).await;
        assert_eq!((said.exit, changes(&world)), (Exit::Failed, before), "{args:?}: {said:?}");
        assert!(said.err.contains("Nothing was changed"), "{args:?}: {said:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_answer_is_json_for_programs() {
    let world = world("");
    let said = run(&[DELETE, &["--output", "json"]].concat(), &world).await;
    let lines: Vec<serde_json::Value> = said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["type"], &lines[0]["change"]), (&"change".into(), &"delete".into()));
    let readers = lines.iter().find(|line| line["rule"] == "readers").unwrap();
    assert_eq!(readers["grade"], "warning");
    let last = lines.last().unwrap();
    assert_eq!(last["type"], "accepted");
    let date = chrono::DateTime::parse_from_rfc3339(last["deleted"].as_str().unwrap()).unwrap();
    assert_eq!(Some(date.timestamp()), marked(&world, "prod/db").await);
    let said = run(&["restore", "prod/db", "--yes", "--output", "json"], &world).await;
    assert!(said.out.lines().last().unwrap().starts_with("{\"type\":\"accepted\""), "{said:?}");
}

#[test]
fn no_flag_deletes_without_a_window_and_a_window_has_7_to_30_days() {
    for args in [&["--days", "6"][..], &["--days", "31"], &["--days", "x"], &["--force"], &["--days", "0"]] {
        let output = Home::new().secdash(&[&["--demo", "delete", "old/crm"], args].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_reads_it_is_not_known_where_nobody_may_look_or_nobody_answers() {
    let denied = world("[[fault]]\noperation = \"LookupEvents\"\nkind = \"deny\"");
    let said = run(DELETE, &denied).await;
    assert!(said.out.contains("  ? It is not known who reads it: AWS denied LookupEvents."), "{said:?}");
    assert!(said.out.contains("try: ask for the IAM action cloudtrail:LookupEvents"), "{said:?}");
    assert_eq!(said.exit, Exit::Fine, "it is a warning");
    let slow = world("[[fault]]\noperation = \"LookupEvents\"\nkind = \"latency\"\ndelay = \"4s\"");
    let start = tokio::time::Instant::now();
    let said = run(&["delete", "prod/other", "--yes", "--confirm", "other"], &slow).await;
    assert!(said.out.contains("It is not known who reads it: the look-up was cut after 10 s."), "{said:?}");
    assert!(start.elapsed() < Duration::from_secs(13), "{:?}", start.elapsed());
    let said = run(&["rotate", "prod/other", "--yes"], &slow).await;
    assert!(said.out.contains("  ? It is not known who reads it: the look-up was cut after 3 s."), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_names_the_iam_action_that_is_missing() {
    let denied = |operation: &str| format!("[[fault]]\noperation = \"{operation}\"\nkind = \"deny\"");
    let said = run(DELETE, &world(&denied("DeleteSecret"))).await;
    assert!(said.err.contains("ask for the IAM action secretsmanager:DeleteSecret"), "{said:?}");
    let world = world(&denied("RestoreSecret"));
    run(DELETE, &world).await;
    let said = run(&["restore", "prod/db", "--yes"], &world).await;
    assert!(said.err.contains("ask for the IAM action secretsmanager:RestoreSecret"), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn what_aws_refuses_is_not_asked_of_it() {
    let more = "[[secret]]\nname = \"copy\"\nprimary_region = \"us-east-1\"\n\
                [[secret]]\nname = \"first\"\nreplicas = [{ region = \"us-east-1\" }, { region = \"us-west-2\" }]\n\
                [[secret]]\nname = \"owned\"\nowning_service = \"rds\"";
    let world = world(more);
    for (name, says) in [
        ("copy", "It is a replica of the secret in us-east-1"),
        ("first", "It has replicas in us-east-1, us-west-2"),
        ("owned", "The service rds owns it"),
    ] {
        let said = run(&["delete", name, "--yes", "--confirm", name], &world).await;
        assert!(said.exit == Exit::Failed && said.err.contains(says), "{name}: {said:?}");
    }
    assert_eq!(changes(&world), Vec::<String>::new());
}

/// The dashboard with a deletion of the first secret asked about, and everything of it read.
async fn asked(world: World, (columns, rows): (u16, u16)) -> Tui {
    let tui = Tui::over(world, columns, rows);
    tui.wait("prod/db").await;
    tui.rest().await;
    // Whoever has moved to a secret stays on it, wherever it stands in the list then.
    tui.keys("j k D");
    tui.wait("Delete?").await;
    tui.wait("1 reader in the last 24 h").await;
    for _ in 0..4 {
        tui.pass(Duration::from_millis(100)).await;
        tui.keys("<pgdn>");
    }
    tui.pass(Duration::from_secs(2)).await;
    tui
}

/// Types a name as a person does.
async fn typed(tui: &Tui, name: &str) {
    tui.keys(name);
    tui.pass(Duration::from_millis(300)).await;
    tui.keys("<enter>");
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_deleted_by_name_and_restored_with_the_same_key() {
    for (columns, rows) in [(80, 24), (120, 40)] {
        let name = |what: &str| format!("{what}_{columns}x{rows}");
        let tui = asked(world(""), (columns, rows)).await;
        tui.keys("<pgup> <pgup> <pgup> <pgup>");
        tui.pass(Duration::from_secs(2)).await;
        assert_snapshot!(name("delete_asked"), tui.snapshot());
        // Tab goes round the windows; nothing is looked up again for it.
        let looked = tui.world.journal().len();
        tui.keys("<tab>");
        tui.wait("RecoveryWindowInDays=7").await;
        tui.keys("<tab>");
        tui.wait("restorable for 14 days").await;
        assert_eq!(tui.world.journal().len(), looked);
        for _ in 0..4 {
            tui.pass(Duration::from_millis(100)).await;
            tui.keys("<pgdn>");
        }
        tui.pass(Duration::from_secs(3)).await;
        typed(&tui, "db").await;
        tui.wait("AWS took it: prod/db is marked for deletion, and can be restored until 2026-12-04 09:14").await;
        assert_snapshot!(name("deleted"), tui.snapshot());
        tui.keys("<esc>");
        tui.wait("deleting").await;
        tui.wait("gone in 13 d").await;
        // The same key asks the opposite now, and a yes is enough for it.
        tui.keys("D");
        tui.wait("Restore?").await;
        tui.wait("y restores it").await;
        tui.pass(Duration::from_secs(2)).await;
        assert_snapshot!(name("restore_asked"), tui.snapshot());
        tui.keys("y");
        tui.wait("AWS took it: prod/db is no longer marked for deletion.").await;
        tui.keys("<esc>");
        tui.pass(Duration::from_secs(1)).await;
        assert!(!tui.text().contains("deleting"), "{}", tui.text());
        assert_eq!(changes(&tui.world), ["DeleteSecret", "RestoreSecret"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_typed_ahead_held_down_or_pasted_deletes_nothing() {
    let tui = Tui::over(world(""), 120, 40);
    tui.wait("prod/db").await;
    tui.rest().await;
    tui.keys("D d b <enter> <enter>");
    tui.pass(Duration::from_secs(15)).await;
    tui.keys("<esc>");
    let tui = asked(world(""), (120, 40)).await;
    tui.paste("db");
    tui.pass(Duration::from_secs(2)).await;
    tui.keys("<enter>");
    tui.pass(Duration::from_secs(2)).await;
    for key in ["y", "<enter>", "D"] {
        for _ in 0..100 {
            tui.keys(key);
            tui.pass(Duration::from_millis(35)).await;
        }
    }
    tui.pass(Duration::from_secs(3)).await;
    // What a terminal pastes that doesn't tell a paste from typing.
    tui.keys("<ctrl-u>");
    tui.pass(Duration::from_secs(2)).await;
    tui.keys("db <enter>");
    tui.pass(Duration::from_secs(3)).await;
    assert_eq!(changes(&tui.world), Vec::<String>::new(), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn another_window_wants_the_name_anew() {
    let tui = asked(world(""), (120, 40)).await;
    tui.keys("db");
    tui.pass(Duration::from_millis(300)).await;
    tui.keys("<tab>");
    tui.pass(Duration::from_secs(4)).await;
    tui.keys("<enter>");
    tui.pass(Duration::from_secs(2)).await;
    assert_eq!(changes(&tui.world), Vec::<String>::new(), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn under_read_only_it_is_shown_and_refused() {
    for (keys, title) in [("D", "Delete?"), (":delete <enter>", "Delete?"), (":restore <enter>", "Restore?")] {
        let tui = Tui::wishing(world(""), 120, 40, |start| start.read_only = true);
        tui.wait("prod/db").await;
        tui.rest().await;
        tui.keys(keys);
        tui.wait(title).await;
        tui.wait("read-only: nothing can be changed from here").await;
        tui.pass(Duration::from_secs(2)).await;
        typed(&tui, "db").await;
        tui.pass(Duration::from_secs(2)).await;
        assert_eq!(changes(&tui.world), Vec::<String>::new());
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_asked_about_from_the_secret_and_from_its_history_and_a_command_says_what_can_t_be() {
    let tui = Tui::over(world(""), 120, 40);
    tui.wait("prod/db").await;
    tui.rest().await;
    for way in ["<enter>", "h"] {
        tui.keys(way);
        tui.pass(Duration::from_secs(12)).await;
        tui.keys("D");
        tui.wait("Delete prod/db").await;
        tui.keys("<esc>");
        tui.pass(Duration::from_secs(1)).await;
        tui.keys("<esc>");
        tui.pass(Duration::from_secs(1)).await;
    }
    tui.keys(":restore <enter>");
    tui.wait("It isn't marked for deletion: there is nothing to restore.").await;
}

#[tokio::test(start_paused = true)]
async fn who_moved_it_meanwhile_is_told_and_nothing_is_written() {
    let tui = asked(world(""), (120, 40)).await;
    assert_eq!(run(DELETE, &tui.world).await.exit, Exit::Fine);
    typed(&tui, "db").await;
    tui.wait("Nothing was changed: prod/db is not as it was when you were asked.").await;
    tui.wait("marked, restorable until 2026-11-27").await;
    assert_eq!(changes(&tui.world), ["DeleteSecret"]);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_is_told_who_reads_the_secret_and_does_not_wait_for_it() {
    let tui = Tui::over(world(""), 120, 40);
    tui.wait("prod/db").await;
    tui.rest().await;
    tui.keys("R");
    tui.wait("Pre-flight: all clear").await;
    assert!(tui.text().contains("Who reads it is still being looked up."), "{}", tui.text());
    tui.wait("1 reader in the last 24 h: orders-api.").await;
    tui.pass(Duration::from_secs(1)).await;
    tui.keys("y");
    tui.wait("› rotation").await;
}
