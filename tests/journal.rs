//! What reaches AWS: whatever is pressed or called, in any world, only questions about metadata.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::pin::pin;
use std::time::Duration;

use futures::StreamExt;
use secdash::aws::Aws;
use secdash::demo::World;
use secdash::tui::keymap::BINDINGS;
use support::tui::Tui;

/// Every operation that may ever be in a journal.
const QUESTIONS: [&str; 16] = [
    "ListSecrets",
    "DescribeSecret",
    "ListSecretVersionIds",
    "GetCallerIdentity",
    "LookupEvents",
    "GetFunctionConfiguration",
    "GetPolicy",
    "GetFunctionConcurrency",
    "DescribeLogGroups",
    "FilterLogEvents",
    "StartLiveTail",
    "DescribeTrails",
    "GetTrailStatus",
    "ListRules",
    "ListTargetsByRule",
    "TestEventPattern",
];

fn worlds() -> Vec<String> {
    let folders = ["tests/worlds", "assets/worlds"].map(|folder| format!("{}/{folder}", env!("CARGO_MANIFEST_DIR")));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let mut worlds: Vec<_> = files.map(|file| file.unwrap().path().to_string_lossy().into_owned()).collect();
    worlds.sort();
    worlds
}

fn judge(world: &World, by: &str) {
    let journal = world.journal();
    assert!(!journal.is_empty(), "{by} of {} asked nothing", world.name());
    for entry in journal {
        assert!(QUESTIONS.contains(&entry.operation.as_str()), "{by} of {} called {}", world.name(), entry.operation);
    }
}

#[tokio::test(start_paused = true)]
async fn no_command_asks_for_more_than_metadata_in_any_world() {
    assert!(worlds().len() > 20);
    for path in worlds() {
        for command in [&["list"][..], &["show", "prod/payments/db"], &["show", "a"]] {
            let world = World::load(&path).unwrap();
            support::cmd::run(command, &world).await;
            judge(&world, command[0]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_key_asks_for_more_than_metadata_in_any_world() {
    for path in worlds() {
        let world = World::load(&path).unwrap();
        let tui = Tui::over(world.clone(), 120, 40);
        tui.rest().await;
        // Every key there is, on the list and on the secret's own screen; leaving is left out.
        let keys = BINDINGS.iter().flat_map(|binding| binding.keys.split(' '));
        let keys: Vec<_> =
            keys.filter(|key| !["q", "ctrl-c", "tab"].contains(key)).map(|key| format!("<{key}>")).collect();
        for round in [keys.clone(), vec!["<esc>".into(), "<enter>".into()], keys] {
            tui.keys(&round.join(" "));
            tui.keys("<esc> <esc> <esc>");
            tui.rest().await;
        }
        tui.keys("<esc> <esc> <esc> q");
        tui.end().await;
        judge(&world, "the dashboard");
    }
}

fn world(name: &str) -> World {
    World::load(&format!("{}/tests/worlds/{name}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn lists(world: &World) -> usize {
    world.journal().iter().filter(|entry| entry.operation == "ListSecrets").count()
}

#[tokio::test(start_paused = true)]
async fn no_page_is_asked_for_that_leads_nowhere() {
    for (name, pages) in [("pages", 3), ("empty-page", 3), ("empty-token", 2), ("repeat-token", 2), ("endless", 101)] {
        let world = world(name);
        support::cmd::run(&["list"], &world).await;
        assert_eq!(lists(&world), pages, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_page_is_asked_for_ahead_and_no_more() {
    let world = world("pages");
    let aws = Aws::demo(world.sdk_config());
    let context = aws.open().await.unwrap();
    let mut pages = pin!(aws.list(&context));
    for asked in [2, 3, 3] {
        assert!(pages.next().await.unwrap().is_ok());
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert_eq!(lists(&world), asked);
    }
    assert!(pages.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_let_go_gives_up_what_it_asked_for_ahead() {
    let text = "name = 'slow'\npage_limit = 1\n[[secret]]\nname = 'a'\n[[secret]]\nname = 'b'\n\
        [[fault]]\noperation = 'ListSecrets'\nkind = 'latency'\ndelay = '2s'\nafter = 1\n";
    for (is_let_go, answers) in [(true, 1), (false, 2)] {
        let world = World::from_toml("slow", text).unwrap();
        let aws = Aws::demo(world.sdk_config());
        let (mut calls, context) = (aws.calls(), aws.open().await.unwrap());
        let mut pages = Box::pin(aws.list(&context));
        assert!(pages.next().await.unwrap().is_ok());
        let kept = (!is_let_go).then_some(pages);
        tokio::time::sleep(Duration::from_mins(1)).await;
        let ended = std::iter::from_fn(|| calls.try_recv().ok()).count();
        assert_eq!((ended, lists(&world)), (answers, 2));
        drop(kept);
    }
}
