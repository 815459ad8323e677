//! Who may import whom: every path in `src` is read, and an arrow that points up fails.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

use std::fs;
use std::path::Path;

/// A floor, and the floors that it may name. A new arrow is a deliberate edit here.
const FLOORS: &[(&str, &[&str])] = &[
    ("cli", &["cmd", "aws"]),
    ("cmd", &["ops", "output", "aws", "domain", "text", "exit"]),
    ("cmd/demo", &["demo", "exit"]),
    ("tui", &["domain", "text", "exit"]),
    ("tui/mod", &["aws", "exit"]),
    ("tui/runtime", &["ops", "aws", "domain"]),
    ("ops", &["aws", "domain", "text"]),
    ("output", &["domain", "text"]),
    ("aws", &["domain", "text"]),
    ("domain", &["text"]),
    ("text", &[]),
    ("exit", &[]),
    ("demo", &[]),
];

/// The rooms of the dashboard, and the rooms that each may name.
const ROOMS: &[(&str, &[&str])] = &[
    ("mod", &["model", "run", "runtime", "terminal", "theme", "view"]),
    ("run", &["model", "msg", "runtime", "update"]),
    ("terminal", &["run"]),
    ("runtime", &["msg"]),
    ("update", &["keymap", "known", "model", "msg"]),
    ("model", &["known", "layout", "msg", "screen", "theme"]),
    ("screen", &["keymap", "known"]),
    ("view", &["keymap", "known", "layout", "model"]),
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
    ("tokio", &["main.rs", "aws/", "demo/", "ops/", "cmd/", "tui/run.rs", "tui/runtime.rs", "tui/terminal.rs"]),
    ("clap", &["main.rs", "cli.rs", "cmd/"]),
    ("std::env", &["aws/", "tui/mod.rs"]),
];

/// What is wrong with a file, by its path below `src` and its text.
fn judge(path: &str, text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join(
        "
",
    );
    let mut wrong = Vec::new();
    for banned in ["super::super", "use crate::{", "#[allow("] {
        if code.contains(banned) {
            wrong.push(format!("{path} has `{banned}`"));
        }
    }
    // Put together here, so that this file doesn't name them either.
    for value in ["Secret Value", "secret _value"].map(|name| name.replace(' ', "")) {
        if text.to_lowercase().contains(&format!("get{}", value.to_lowercase()))
            || text.contains(&format!("get_{value}"))
        {
            wrong.push(format!("{path} names the reading of a value"));
        }
    }
    for (word, places) in WORDS {
        if code.contains(word) && !places.iter().any(|place| path.starts_with(place)) {
            wrong.push(format!("{path} may not name {word}"));
        }
    }
    wrong.extend(arrows(path, &code));
    wrong
}

fn arrows(path: &str, code: &str) -> Vec<String> {
    let stem = path.trim_end_matches(".rs");
    let mut folders = stem.split('/');
    let (floor, room) = (folders.next().unwrap_or_default(), folders.next().unwrap_or_default());
    if ["main", "lib"].contains(&floor) {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    let allowed = allowed(FLOORS, stem).or_else(|| allowed_exact(FLOORS, floor)).unwrap_or_default();
    for target in names_after(code, "crate::") {
        if target != floor && !allowed.contains(&target.as_str()) {
            wrong.push(format!("{path} may not import {target}"));
        }
    }
    if floor == "tui" {
        let rooms = allowed_exact(ROOMS, room).unwrap_or_default();
        let is_room_file = stem.matches('/').count() == 1;
        let relative =
            if is_room_file { names_after(code, if room == "mod" { "self::" } else { "super::" }) } else { Vec::new() };
        for target in names_after(code, "crate::tui::").into_iter().chain(relative) {
            let is_room = ROOMS.iter().any(|(name, _)| *name == target);
            if is_room && target != room && !rooms.contains(&target.as_str()) {
                wrong.push(format!("{path} may not import tui::{target}"));
            }
        }
    }
    wrong
}

fn allowed(table: &'static [(&str, &[&str])], stem: &str) -> Option<&'static [&'static str]> {
    stem.contains('/').then(|| allowed_exact(table, stem)).flatten()
}

fn allowed_exact(table: &'static [(&str, &[&str])], name: &str) -> Option<&'static [&'static str]> {
    table.iter().find(|(floor, _)| *floor == name).map(|(_, allowed)| *allowed)
}

/// The names that stand behind a prefix which begins a path.
fn names_after(code: &str, prefix: &str) -> Vec<String> {
    let starts = code
        .match_indices(prefix)
        .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'));
    let is_name = |c: &char| c.is_alphanumeric() || *c == '_';
    starts.map(|(at, _)| code[at + prefix.len()..].chars().take_while(is_name).collect()).collect()
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
    ] {
        assert_eq!(judge(path, line), Vec::<String>::new());
    }
}
