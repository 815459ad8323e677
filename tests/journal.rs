//! What reaches AWS: whatever is pressed or called, in any world, only questions about metadata.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use secdash::demo::World;
use secdash::tui::keymap::BINDINGS;
use support::tui::Tui;

/// Every operation that may ever be in a journal.
const QUESTIONS: [&str; 5] =
    ["ListSecrets", "DescribeSecret", "ListSecretVersionIds", "GetCallerIdentity", "LookupEvents"];

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
