//! The README's table of keys is the program's own.

use secdash::tui::keymap::{BINDINGS, SCOPES};

#[test]
fn the_readme_lists_the_keys_as_they_are() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let bindings = SCOPES.iter().flat_map(|scope| BINDINGS.iter().filter(|binding| binding.scope == *scope));
    let rows = bindings.map(|binding| {
        let keys: Vec<_> = binding.keys.split(' ').map(|key| format!("`{key}`")).collect();
        format!("| {} | {} | {} |\n", binding.scope.title(), keys.join(" "), binding.help)
    });
    let table = format!("| where | key | does |\n|---|---|---|\n{}", rows.collect::<Vec<_>>().concat());
    assert!(readme.contains(&table), "README.md should have this table:\n{table}");
}
