//! Scenario files: every one there is opens, and every wrong one says where it is wrong.

use std::path::PathBuf;

use crate::demo::World;

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect()
}

#[test]
fn every_world_opens() {
    let all = [files("assets/worlds"), files("tests/worlds")].concat();
    assert!(all.len() > 20, "{all:?}");
    for path in all {
        if let Err(error) = World::load(path.to_str().unwrap()) {
            panic!("{error}");
        }
    }
    assert_eq!(World::load("").unwrap().name(), World::load("default").unwrap().name());
}

#[test]
fn a_flaw_names_file_line_and_key() {
    let table = [
        ("colour = 1", "w.toml:1: `colour`: unknown field `colour`"),
        ("\n[[secret]]\nname = \"a\"\nlast_rotated = \"33d\"", "w.toml:4: `last_rotated`: `33d` is no date"),
        ("[[secret]]\nname = \"a\"\n[[secret]]\nname = \"a\"", "w.toml:4: `name`: another secret has this name"),
        ("[[secret]]\n\n[[secret]]\nname = \"a\"", "w.toml:1: `secret`: missing field `name`"),
        (
            "[[secret]]\nname = \"a\"\nversions = [{ labels = [\"X\"] }, { labels = [\"X\"] }]",
            "w.toml:3: `labels`: another version has this label",
        ),
        (
            "[[secret]]\nname = \"a\"\nversions = [{ id = \"1\" }]",
            "w.toml:3: `id`: a version id has 32 to 64 characters",
        ),
        ("[[secret]]\nname = \"a\"\nversions = [{ lables = [] }]", "w.toml:3: `lables`: unknown field `lables`"),
        (
            "[[secret]]\nname = \"a\"\nrotation = { cron = \"cron(0 8 * * ? *)\" }",
            "w.toml:3: `rotation`: this schedule needs a `next_rotation`",
        ),
        (
            "[[secret]]\nname = \"a\"\nrotation = { rate = \"rate(1 day)\", cron = \"cron(0 8 * * ? *)\" }",
            "w.toml:3: `rate`: a schedule is either",
        ),
        (
            "[[secret]]\nname = \"a\"\nrotation = { days = 3, duration = \"0h\" }",
            "w.toml:3: `duration`: a duration is a number of hours",
        ),
        (
            "[[fault]]\noperation = \"ListSecret\"\nkind = \"deny\"",
            "w.toml:2: `operation`: must be \"*\" or one of ListSecrets",
        ),
        ("[[fault]]\noperation = \"*\"\nkind = \"slow\"", "w.toml:3: `kind`: unknown variant `slow`"),
        ("[[fault]]\noperation = \"*\"\nkind = \"latency\"", "w.toml:3: `kind`: latency needs a `delay`"),
        (
            "[[fault]]\noperation = \"*\"\nkind = \"deny\"\nsecret = \"b\"",
            "w.toml:4: `secret`: no secret of this world",
        ),
        (
            "[[fault]]\noperation = \"*\"\nkind = \"deny\"\nfrom = \"soon\"",
            "w.toml:4: `from`: `soon` is no span of time",
        ),
        (
            "[[secret]]\nname = \"a\"\nevents = [{ name = \"RotationFailed\", at = \"-1d\" }]",
            "w.toml:3: `events`: RotationFailed has either a `step`",
        ),
        (
            "[[secret]]\nname = \"a\"\nevents = [{ name = \"RotationFailed\", step = \"setSecret\", by = \"sam\", at = \"-1d\" }]",
            "w.toml:3: `events`: `by` and `called` go with",
        ),
        (
            "[[secret]]\nname = \"a\"\nevents = [{ name = \"CancelRotateSecret\", message = \"no\", at = \"-1d\" }]",
            "w.toml:3: `events`: `step` and `message` go with",
        ),
        (
            "[[secret]]\nname = \"a\"\nevents = [{ name = \"rotation failed\", at = \"-1d\" }]",
            "w.toml:3: `name`: an event's name is one word",
        ),
        (
            "[[secret]]\nname = \"a\"\nevents = [{ name = \"RotationStarted\", step = \"setSecret\", at = \"-1d\" }]",
            "w.toml:3: `events`: `step` goes with failures",
        ),
        (
            "[[secret]]\nname = \"a\"\nevents = [{ name = \"EndSecretVersionDelete\", error = \"x\", at = \"-1d\" }]",
            "w.toml:3: `events`: `by` and `called` go with calls",
        ),
        (
            "[[secret]]\nname = \"a\"\nevents = [{ name = \"CancelRotateSecret\", version = \"AWSPENDING\", at = \"-1d\" }]",
            "w.toml:3: `version`: no version of this secret",
        ),
        (
            "[[secret]]\nname = \"a\"\nevents = [{ name = \"CancelRotateSecret\", times = 2, at = \"-1d\" }]",
            "w.toml:3: `times`: say how far apart",
        ),
        (
            "[[secret]]\nname = \"a\"\nevents = [{ name = \"CancelRotateSecret\", times = 0, at = \"-1d\" }]",
            "w.toml:3: `times`: an event happens from 1",
        ),
        ("page_limit = 0", "w.toml:1: `page_limit`: must be 1 or more"),
        ("[clock]\nspeed = 0.0", "w.toml:2: `speed`: the speed must be from 0.001 to 1000000"),
        ("[clock]\nstart = \"-1d\"", "w.toml:2: `start`: the clock must start at a date"),
    ];
    for (text, message) in table {
        let error = World::from_toml("w.toml", text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{text}\n{error}\n{message}");
    }
}

#[test]
fn a_policy_that_iam_would_not_take_names_its_line() {
    let statement = |rest: &str| format!(r#"policy = '{{"Statement": [{{"Effect": "Allow", {rest}}}]}}'"#);
    let one = r#"{"Sid": "A", "Effect": "Deny", "Action": "*", "Resource": "*"}"#;
    let table = [
        ("policy = '''{\n  \"Statement\": [\n'''".to_owned(), "line 3 of the policy: EOF while parsing a list"),
        ("policy = '{}'".to_owned(), "line 1 of the policy: missing field `Statement`"),
        (
            statement(r#""Action": "a:*", "Resource": "*", "Condition": {}"#),
            "line 1 of the policy: unknown field `Condition`",
        ),
        (statement(r#""NotAction": "a:*", "Resource": "*""#), "line 1 of the policy: unknown field `NotAction`"),
        (statement(r#""Action": 1, "Resource": "*""#), "line 1 of the policy: expected a string or a list of strings"),
        (statement(r#""Action": "ListSecrets", "Resource": "*""#), "the Action `ListSecrets` names no service"),
        (statement(r#""Action": "*", "Resource": "prod/x""#), "the Resource `prod/x` is neither"),
        (statement(r#""Sid": "a-b", "Action": "*", "Resource": "*""#), "the Sid `a-b` may have letters"),
        (format!(r#"policy = '{{"Statement": [{one}, {one}]}}'"#), "another statement has the Sid `A`"),
    ];
    for (text, message) in table {
        let error = World::from_toml("w.toml", &format!("seed = 1\n{text}")).unwrap_err().to_string();
        assert!(error.starts_with(&format!("w.toml:2: `policy`: {message}")), "{text}\n{error}\n{message}");
    }
}

#[test]
fn what_is_no_world_says_what_there_is() {
    let error = World::load("nowhere").unwrap_err().to_string();
    assert!(error.starts_with("no world `nowhere`: it is none of default, secrets:N"), "{error}");
    for count in ["many", "500001", "-1", ""] {
        let error = World::load(&format!("secrets:{count}")).unwrap_err().to_string();
        assert!(error.contains("from 0 to 500000"), "{error}");
    }
}
