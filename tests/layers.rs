//! Who may import whom: every path in `src` is read, and an arrow that points up fails.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

use std::fs;
use std::path::Path;

use secdash::domain::permission::Operation;

/// A floor, and the floors that it may name. A new arrow is a deliberate edit here.
const FLOORS: &[(&str, &[&str])] = &[
    ("cli", &["cmd", "config"]),
    ("cmd", &["ops", "output", "aws", "domain", "config", "text", "exit"]),
    ("cmd/demo", &["demo", "exit"]),
    ("cmd/keys", &["tui", "output", "config", "text", "exit"]),
    ("tui", &["output", "domain", "config", "text", "exit"]),
    ("tui/mod", &["aws", "config", "domain", "exit"]),
    ("tui/runtime", &["ops", "aws", "domain"]),
    ("tui/runtime/rotation", &["ops", "aws", "domain"]),
    ("tui/runtime/fix", &["ops", "aws", "domain"]),
    ("tui/runtime/history", &["ops", "output", "aws", "domain", "text"]),
    ("ops", &["aws", "domain", "private", "text"]),
    ("output", &["domain", "text"]),
    ("aws", &["domain", "private", "text"]),
    ("domain", &["text"]),
    ("config", &["text"]),
    ("text", &[]),
    ("exit", &[]),
    ("private", &[]),
    ("demo", &[]),
];

/// The rooms of the dashboard, and the rooms that each may name.
const ROOMS: &[(&str, &[&str])] = &[
    ("mod", &["keymap", "model", "run", "runtime", "terminal", "theme", "view"]),
    ("board", &["keymap", "known", "sheet"]),
    ("pane", &["known", "screen", "sheet"]),
    ("proposal", &["board", "keymap", "known", "model", "screen", "sheet"]),
    ("run", &["model", "msg", "runtime", "update"]),
    ("terminal", &["quiet", "run"]),
    ("quiet", &[]),
    ("runtime", &["msg"]),
    (
        "update",
        &[
            "alerts", "board", "history", "keymap", "known", "lanes", "layout", "model", "msg", "pane", "screen",
            "sheet", "why",
        ],
    ),
    (
        "view",
        &[
            "alerts", "board", "history", "keymap", "known", "lanes", "layout", "model", "pane", "proposal", "screen",
            "sheet", "why",
        ],
    ),
    ("why", &["keymap", "known", "model", "sheet"]),
    ("alerts", &["known", "model", "sheet"]),
    ("history", &["keymap", "known", "layout", "model", "msg", "sheet"]),
    (
        "model",
        &[
            "board", "history", "keymap", "known", "lanes", "layout", "msg", "pane", "proposal", "screen", "sheet",
            "theme",
        ],
    ),
    ("screen", &["keymap", "known", "theme"]),
    ("lanes", &["known", "layout", "model"]),
    ("sheet", &["board", "keymap", "known"]),
    ("known", &[]),
    ("keymap", &[]),
    ("layout", &[]),
    ("theme", &[]),
    ("msg", &[]),
];

/// Words that only some folders may use: the word, and where it may stand.
const WORDS: &[(&str, &[&str])] = &[
    ("aws_sdk_", &["aws/", "demo/"]),
    ("aws_config", &["aws/"]),
    ("aws_smithy_", &["aws/", "demo/"]),
    ("aws_types", &["aws/", "demo/"]),
    ("aws_runtime", &["aws/"]),
    ("aws_credential_types", &["aws/", "demo/"]),
    ("ratatui", &["tui/"]),
    ("crossterm", &["tui/"]),
    ("tokio", &["main.rs", "aws/", "demo/", "ops/", "cmd/", "tui/run.rs", "tui/runtime", "tui/terminal.rs"]),
    ("clap", &["main.rs", "cli.rs", "cmd/"]),
    ("std::env", &["main.rs", "aws/", "tui/mod.rs"]),
    ("etcetera", &["config/"]),
];

/// Where the event that records somebody's reading of a value may be named. The call itself may be named nowhere.
const RECORDS: &[&str] = &["demo/", "domain/trail/"];

/// What is wrong with a file, by its path below `src` and its text.
fn judge(path: &str, text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join(
        "
",
    );
    let mut wrong = Vec::new();
    for banned in ["super::super", "secdash::", "#[allow("] {
        if path == "main.rs" && banned == "secdash::" {
            continue;
        }
        if code.contains(banned) {
            wrong.push(format!("{path} has `{banned}`"));
        }
    }
    // Put together here, so that this file doesn't name them either.
    let [event, call] = ["Secret Value", "_secret _value"].map(|name| format!("get{}", name.replace(' ', "")));
    let tells_of_others = RECORDS.iter().any(|place| path.starts_with(place));
    if text.to_lowercase().contains(&call) || (text.to_lowercase().contains(&event.to_lowercase()) && !tells_of_others)
    {
        wrong.push(format!("{path} names the reading of a value"));
    }
    for (word, places) in WORDS {
        if code.contains(word) && !places.iter().any(|place| path.starts_with(place)) {
            wrong.push(format!("{path} may not name {word}"));
        }
    }
    wrong.extend(operations(path, &code));
    wrong.extend(arrows(path, &code));
    wrong
}

/// The operations of AWS that secdash may call anywhere. None of them changes anything, and none reads a value.
const OPERATIONS: &[&str] = &[
    "list_secrets",
    "describe_secret",
    "list_secret_version_ids",
    "get_caller_identity",
    "lookup_events",
    "describe_log_groups",
    "filter_log_events",
    "start_live_tail",
    "get_function_configuration",
    "get_policy",
    "get_function_concurrency",
    "describe_trails",
    "get_trail_status",
    "list_rules",
    "test_event_pattern",
    "list_targets_by_rule",
];

/// The operations that change something, and the only file that may call them: it takes nothing but what was confirmed.
const CHANGES: (&str, &[&str]) = (
    "aws/changes.rs",
    &["rotate_secret", "cancel_rotate_secret", "update_secret_version_stage", "delete_secret", "restore_secret"],
);

/// An operation's name as the SDK spells its call.
fn call_of(operation: Operation) -> String {
    let snake = |c: char| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.to_string() };
    operation.name().chars().map(snake).collect::<String>().trim_start_matches('_').to_owned()
}

#[test]
fn what_may_be_called_is_what_permissions_are_asked_for() {
    let own = Operation::ALL.into_iter().filter(|operation| *operation != Operation::SignIn);
    let (mut known, mut may): (Vec<_>, Vec<_>) = (own.map(call_of).collect(), [OPERATIONS, CHANGES.1].concat());
    known.sort();
    may.sort_unstable();
    assert_eq!(known, may);
}

/// The operations that a file calls and that are not among them.
fn operations(path: &str, code: &str) -> Vec<String> {
    if !path.starts_with("aws/") {
        return Vec::new();
    }
    let clients = ["secretsmanager", "sts", "cloudtrail", "cloudwatchlogs", "live_tail", "lambda", "eventbridge"]
        .map(|client| format!(".{client}"));
    let squeezed: String = code.split_whitespace().collect();
    let called =
        clients.iter().flat_map(|client| squeezed.match_indices(client.as_str()).map(|(at, _)| at + client.len()));
    let is_name = |c: &char| c.is_alphanumeric() || *c == '_';
    let names =
        called.filter_map(|at| squeezed[at..].strip_prefix('.')).map(|rest| rest.chars().take_while(is_name).collect());
    names
        .filter(|name: &String| {
            let may_change = path == CHANGES.0 && CHANGES.1.contains(&name.as_str());
            !may_change && !OPERATIONS.contains(&name.as_str())
        })
        .map(|name| format!("{path} may not call {name}"))
        .collect()
}

/// The arrows that point up. Every path of the code is made one from the crate's root first.
fn arrows(path: &str, code: &str) -> Vec<String> {
    let stem = path.trim_end_matches(".rs");
    let module: Vec<&str> = stem.strip_suffix("/mod").unwrap_or(stem).split('/').collect();
    let (floor, room) = (module[0], module.get(1).copied().unwrap_or("mod"));
    if ["main", "lib"].contains(&floor) {
        return Vec::new();
    }
    let paths = paths_after(code, "crate::").into_iter().map(|path| split(&path));
    let above = paths_after(code, "super::").into_iter().map(|path| resolve(&module[..module.len() - 1], &path));
    let here = paths_after(code, "self::").into_iter().map(|path| resolve(&module, &path));
    let allowed = row(FLOORS, stem).or_else(|| row(FLOORS, floor)).unwrap_or_default();
    let rooms = row(ROOMS, room).unwrap_or_default();
    let mut wrong = Vec::new();
    for target in paths.chain(above).chain(here) {
        let to = |at: usize| target.get(at).map_or("", String::as_str);
        if to(0) != floor && !allowed.contains(&to(0)) && FLOORS.iter().any(|(name, _)| *name == to(0)) {
            wrong.push(format!("{path} may not import {}", to(0)));
        }
        // Of the dashboard, whoever else may name it at all may name the keys only.
        if floor != "tui" && allowed.contains(&"tui") && to(0) == "tui" && to(1) != "keymap" {
            wrong.push(format!("{path} may not import tui::{}", to(1)));
        }
        let is_room = floor == "tui" && to(0) == "tui" && ROOMS.iter().any(|(name, _)| *name == to(1));
        if is_room && to(1) != room && !rooms.contains(&to(1)) {
            wrong.push(format!("{path} may not import tui::{}", to(1)));
        }
    }
    wrong
}

fn row(table: &'static [(&str, &[&str])], name: &str) -> Option<&'static [&'static str]> {
    table.iter().find(|(floor, _)| *floor == name).map(|(_, allowed)| *allowed)
}

fn split(path: &str) -> Vec<String> {
    path.split("::").map(ToOwned::to_owned).collect()
}

fn resolve(module: &[&str], path: &str) -> Vec<String> {
    module.iter().map(|part| (*part).to_owned()).chain(split(path)).collect()
}

/// The paths that stand behind a prefix which begins a path, one for each branch of `{…}`.
fn paths_after(code: &str, prefix: &str) -> Vec<String> {
    let begins = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    let starts = code.match_indices(prefix).filter(|(at, _)| begins(*at));
    starts.flat_map(|(at, _)| branches(&code[at + prefix.len()..])).collect()
}

fn branches(rest: &str) -> Vec<String> {
    let is_path = |c: &char| c.is_alphanumeric() || *c == '_' || *c == ':';
    let head: String = rest.chars().take_while(is_path).collect();
    let Some(inside) = rest[head.len()..].strip_prefix('{') else { return vec![head] };
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in inside.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            _ => {}
        }
        if c != ',' || depth > 0 {
            parts.last_mut().unwrap().push(c);
        }
    }
    parts.iter().flat_map(|part| branches(part.trim())).map(|branch| format!("{head}{branch}")).collect()
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn imports_go_downward_only() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    assert!(files.len() > 40, "only {} files were read", files.len());
    let wrong: Vec<_> = files.iter().flat_map(|(path, text)| judge(path, text)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn an_arrow_turned_round_is_seen() {
    let banned = ["get", "_secret", "_value"].concat();
    for (path, line) in [
        ("text.rs", "use crate::domain::fault::Fault;"),
        ("domain/secret.rs", "use crate::aws::Aws;"),
        ("config/file.rs", "use crate::domain::fault::Fault;"),
        ("config/file.rs", "use crate::tui::keymap::Keymap;"),
        ("config/sources.rs", "let x = std::env::var_os(name);"),
        ("cmd/list.rs", "use crate::tui::keymap::Keymap;"),
        ("cmd/keys.rs", "use crate::tui::model::Model;"),
        ("domain/secret.rs", "let x = crate::tui::theme::Theme::Mono;"),
        ("domain/secret.rs", "use tokio::time::sleep;"),
        ("aws/secrets.rs", "use crate::ops::lookup;"),
        ("ops/lookup.rs", "use crate::cmd::Failure;"),
        ("ops/lookup.rs", "use aws_sdk_secretsmanager::Client;"),
        ("output/json.rs", "use crate::aws::Aws;"),
        ("tui/update.rs", "use crate::aws::Aws;"),
        ("tui/update.rs", "use super::view::view;"),
        ("tui/known.rs", "use super::model::Model;"),
        ("tui/view/secrets.rs", "use crate::tui::msg::Msg;"),
        ("tui/screen/secrets.rs", "use crate::tui::view::view;"),
        ("tui/view/secrets.rs", "use crate::cmd::Output;"),
        ("cmd/list.rs", "use crate::demo::World;"),
        ("demo/world.rs", "use crate::text::safe;"),
        ("demo/wire.rs", "use super::super::text;"),
        ("aws/secrets.rs", banned.as_str()),
        ("domain/mod.rs", "use super::aws::Aws;"),
        ("aws/mod.rs", "use super::ops::lookup;"),
        ("cmd/mod.rs", "use super::demo::World;"),
        ("text.rs", "use super::domain::fault::Fault;"),
        ("tui/view/mod.rs", "use super::update::update;"),
        ("tui/view/mod.rs", "use super::msg::Msg;"),
        ("tui/screen/mod.rs", "use super::view::view;"),
        ("tui/update.rs", "use super::{view::view};"),
        ("tui/update.rs", "use crate::tui::{runtime::Runtime};"),
        ("domain/secret.rs", "use crate::{text::AwsText, aws::Aws};"),
        ("tui/update.rs", "use secdash::aws::Aws;"),
        ("aws/secrets.rs", "clients.secretsmanager.rotate_secret().send();"),
        ("aws/secrets.rs", "clients.secretsmanager.delete_secret().send();"),
        ("aws/changes.rs", "clients.secretsmanager.create_secret().send();"),
    ] {
        assert_eq!(judge(path, &format!("{line}\n")).len(), 1, "{path}: {line}");
    }
}

#[test]
fn arrows_that_point_down_pass() {
    for (path, line) in [
        ("domain/secret.rs", "use crate::text::AwsText;"),
        ("aws/secrets.rs", "use aws_sdk_secretsmanager::Client;"),
        ("tui/runtime.rs", "use crate::aws::Aws;"),
        ("tui/view/secrets.rs", "use crate::tui::model::Model;"),
        ("cmd/demo.rs", "use crate::demo::World;"),
        ("cmd/keys.rs", "use crate::tui::keymap::Keymap;"),
        ("config/file.rs", "use crate::text::safe;"),
        ("tui/keymap/own.rs", "use crate::config::Rebinding;"),
    ] {
        assert_eq!(judge(path, line), Vec::<String>::new());
    }
}

#[test]
fn what_changes_something_is_what_is_granted_for_changes() {
    let changes = Operation::ALL.into_iter().filter(|operation| operation.grants().iter().any(|grant| grant.changes));
    let mut changes: Vec<_> = changes.map(call_of).collect();
    changes.sort();
    let mut may = CHANGES.1.to_vec();
    may.sort_unstable();
    assert_eq!(changes, may);
}
