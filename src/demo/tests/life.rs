//! Histories that scenarios write: what the world tells after them, and what is refused.

use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use chrono::{DateTime, SubsecRound};

use super::{client, world};
use crate::demo::{Move, World};

/// A secret with this history.
fn lived(moves: &str) -> String {
    format!(
        "[[secret]]\nname = \"x\"\nfunction = \"rotate-x\"\nrotation = {{ rate = \"rate(30 days)\" }}\nhistory = [\n{moves}]\n"
    )
}

const WHOLE: &str = r#"
{ at = "2026-08-01T10:00:00Z", put = "a" },
{ at = "2026-08-02T10:00:00Z", put = "b" },
{ at = "2026-09-01T01:00:00Z", rotate = "terraform-20260901000000000000000001" },
{ at = "2026-09-01T01:00:02Z", fail = "terraform-20260901000000000000000001", step = "createSecret" },
{ at = "2026-09-01T01:30:00.1234Z", fill = "terraform-20260901000000000000000001" },
{ at = "2026-09-01T01:30:09.5Z", finish = "terraform-20260901000000000000000001" },
{ at = "2026-10-01T01:00:00Z", rotate = "d" },
{ at = "2026-10-01T01:00:03Z", fill = "d" },
{ at = "2026-10-01T01:00:04.7Z", fail = "d", step = "setSecret" },
"#;

async fn describe(world: &World) -> DescribeSecretOutput {
    client(world).describe_secret().secret_id("x").send().await.unwrap()
}

/// To the millisecond: on the wire a date is a number of seconds with a fraction, and no binary fraction is exact.
fn date(date: Option<&aws_smithy_types::DateTime>) -> String {
    let date = date.and_then(|date| DateTime::from_timestamp(date.secs(), date.subsec_nanos()));
    date.map(|date| date.round_subsecs(3).to_rfc3339()).unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_history_ends_in_versions_labels_and_dates() {
    let world = world(&lived(WHOLE));
    let secret = describe(&world).await;
    assert_eq!(date(secret.created_date()), "2026-08-01T10:00:00+00:00");
    assert_eq!(date(secret.last_changed_date()), "2026-10-01T01:00:03+00:00", "a failure modifies nothing");
    assert_eq!(date(secret.last_rotated_date()), "2026-09-01T01:30:09.550+00:00");
    assert_eq!(date(secret.next_rotation_date()), "2026-10-01T23:59:59+00:00");
    let labels = secret.version_ids_to_stages().unwrap();
    let of = |label: &str| labels.iter().find(|(_, labels)| labels.iter().any(|l| l == label)).unwrap().0.as_str();
    assert_eq!((labels.len(), of("AWSCURRENT")), (3, "terraform-20260901000000000000000001"));
    let list = client(&world).list_secret_version_ids().secret_id("x").include_deprecated(true).send().await.unwrap();
    let dates: Vec<_> = list.versions().iter().map(|version| date(version.created_date())).collect();
    assert_eq!(dates[..2], ["2026-08-01T10:00:00+00:00", "2026-08-02T10:00:00+00:00"]);
    assert_eq!(dates[2..], ["2026-09-01T01:30:00.123+00:00", "2026-10-01T01:00:03+00:00"]);
    assert!(list.versions()[0].version_stages().is_empty());
}

#[test]
fn the_world_remembers_every_move() {
    let world = world(&lived(WHOLE));
    let moves = world.moves("x");
    let id = |at: usize| moves[at].to.clone();
    let (a, b, d) = (id(0), id(1), id(6));
    let c = Some("terraform-20260901000000000000000001".to_owned());
    let told: Vec<_> = moves.iter().map(|Move { label, from, to, .. }| (label.as_str(), from, to)).collect();
    let expected = [
        ("AWSCURRENT", &None, &a),
        ("AWSCURRENT", &a, &b),
        ("AWSPREVIOUS", &None, &a),
        ("AWSPENDING", &None, &c),
        ("AWSCURRENT", &b, &c),
        ("AWSPREVIOUS", &a, &b),
        ("AWSPENDING", &c, &d),
    ];
    assert_eq!(told, expected);
    assert_eq!(moves[4].at.to_rfc3339(), "2026-09-01T01:30:09.500+00:00");
    assert!(moves.is_sorted_by_key(|moved| moved.at));
    assert_eq!(world.moves("y"), []);
    assert_eq!(World::load("default").unwrap().moves("prod/payments/db"), []);
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_takes_the_dates_away_until_it_rotates_again() {
    let cancelled = r#"
{ at = "-60d", put = "a" },
{ at = "-50d", rotate = "b" },
{ at = "-50d", fill = "b" },
{ at = "-50d", finish = "b", pending = "goes" },
{ at = "-20d", rotate = "c" },
{ at = "-19d", cancel = true, by = "kim", called = "arn" },
"#;
    let secret = describe(&world(&lived(cancelled))).await;
    assert_eq!(
        (secret.rotation_enabled(), secret.last_rotated_date(), secret.next_rotation_date()),
        (Some(false), None, None)
    );
    assert_eq!(date(secret.last_changed_date()), "2026-11-01T09:14:00+00:00");
    assert_eq!(secret.version_ids_to_stages().unwrap().len(), 3, "AWSPENDING stays");

    let again = format!(
        "{cancelled}{{ at = \"-18d\", move = \"AWSPENDING\", from = \"c\" }},\n{{ at = \"-18d\", rotate = \"d\" }},\n"
    );
    let secret = describe(&world(&lived(&again))).await;
    assert_eq!((secret.rotation_enabled(), secret.last_rotated_date()), (Some(true), None));
}

#[tokio::test(start_paused = true)]
async fn a_value_set_by_hand_moves_the_date_of_the_next_rotation() {
    let secret = describe(&world(&lived("{ at = \"-60d\", put = \"a\" },\n{ at = \"-9d\", put = \"b\" },\n"))).await;
    assert_eq!(date(secret.next_rotation_date()), "2026-12-11T23:59:59+00:00");
    assert_eq!(secret.last_rotated_date(), None);
}

#[test]
fn names_make_the_ids_and_nothing_else_does() {
    let of = |toml: &str| world(toml).moves("x")[0].to.clone().unwrap();
    let one = of(&lived("{ at = \"-9d\", put = \"a\" },\n"));
    assert_eq!(one, of(&lived("{ at = \"-8d\", put = \"a\" },\n{ at = \"-7d\", put = \"b\" },\n")));
    assert_ne!(one, of(&lived("{ at = \"-9d\", put = \"b\" },\n")));
    assert_ne!(one, of(&format!("seed = 5\n{}", lived("{ at = \"-9d\", put = \"a\" },\n"))));
}

/// The last line of each is wrong, and stands under a put of `a` and, after `|`, a rotation to `b`.
#[test]
fn a_wrong_move_names_its_line() {
    let a = "{ at = \"-9d\", put = \"a\" },\n";
    let b = "{ at = \"-8d\", rotate = \"b\" },\n";
    let full = "{ at = \"-8d\", fill = \"b\" },\n";
    let off = "{ at = \"-7d\", cancel = true },\n";
    let table: &[(&[&str], &str, &str)] = &[
        (&[a], "", "`at`: say what was done: one of `put`, `rotate`"),
        (&[a], "put = \"b\", fill = \"a\"", "`fill`: one move does one thing"),
        (&[a], "put = \"b\", step = \"setSecret\"", "`step`: `step` goes with `fail`"),
        (&[a], "rotate = \"b\", to = \"a\"", "`to`: `to` goes with `move`"),
        (&[a], "rotate = \"b\", pending = \"goes\"", "`pending`: `pending` goes with `finish`"),
        (&[a], "rotate = \"b\", by = \"kim\"", "`by`: `by` goes with `cancel`"),
        (&[a], "put = \"a\"", "`put`: another version has this name"),
        (
            &[a],
            "put = \"0123456789012345678901234567890123456789012345678901234567890123x\"",
            "`put`: a version id has",
        ),
        (&[], "rotate = \"b\"", "`rotate`: there is no AWSCURRENT yet"),
        (&[a, b], "rotate = \"c\"", "`rotate`: A previous rotation isn't complete."),
        (&[a, b, off], "rotate = \"c\"", "`rotate`: A previous rotation isn't complete."),
        (&[a, b], "fill = \"a\"", "`fill`: this version is not being rotated in"),
        (&[a, b], "fill = \"c\"", "`fill`: no version has this name yet"),
        (&[a, b, full], "fill = \"b\"", "`fill`: the id "),
        (&[a, b, full, off], "finish = \"b\"", "`finish`: this version is not being rotated in"),
        (&[a, b], "finish = \"b\"", "`finish`: this version has no value yet"),
        (&[a, b, full], "finish = \"b\", pending = \"gone\"", "`pending`: unknown variant `gone`"),
        (&[a], "fail = \"a\", step = \"setSecret\"", "`fail`: this version is not being rotated in"),
        (&[a, b], "fail = \"b\"", "`fail`: say in which `step`"),
        (&[a, b, off], "fail = \"b\", step = \"setSecret\"", "`fail`: this version is not being rotated in"),
        (&[a], "move = \"blue\"", "`move`: say `to` or `from`"),
        (&[a], "move = \"blue\", from = \"a\"", "`move`: the staging label blue is on no version"),
        (&[a], "move = \"AWSCURRENT\", to = \"a\"", "`to`: the label is there already"),
        (&[a], "move = \"AWSCURRENT\", from = \"a\"", "`move`: You can only move staging label AWSCURRENT"),
        (&[a, b], "move = \"AWSCURRENT\", to = \"b\", from = \"a\"", "`to`: this version has no value yet"),
        (&[a, b, full], "move = \"AWSCURRENT\", to = \"b\"", "`move`: The parameter RemoveFromVersionId"),
        (&[a], "move = \"AWSPREVIOUS\", to = \"a\"", "`move`: AWS moves AWSPREVIOUS by itself"),
        (&[a], "move = \"AWSPENDING\", to = \"a\"", "`move`: only `rotate` puts AWSPENDING"),
        (&[a, b, off], "put = \"c\"", "`put`: what becomes of AWSPENDING then is not documented"),
        (&[a, b, full, "{ at = \"-7d\", finish = \"b\" },\n"], "put = \"c\"", "`put`: what becomes of AWSPENDING"),
        (&[a], "cancel = false", "`cancel`: leave it out"),
        (&[a, b, off], "cancel = true", "`cancel`: rotation is off already"),
    ];
    for (before, last, message) in table {
        let comma = if last.is_empty() { "" } else { ", " };
        let text = lived(&format!("{}{{ at = \"-6d\"{comma}{last} }},\n", before.concat()));
        let error = World::from_toml("w.toml", &text).unwrap_err().to_string();
        let line = 6 + before.len();
        assert!(error.starts_with(&format!("w.toml:{line}: {message}")), "{text}\n{error}\n{message}");
    }
}

#[test]
fn a_history_that_contradicts_the_secret_names_its_line() {
    let put = "history = [{ at = \"-9d\", put = \"a\" }]";
    let table = [
        (format!("{put}\nversions = []"), "w.toml:3: `history`: a history tells `versions` by itself"),
        (format!("last_changed = \"-1d\"\n{put}"), "w.toml:4: `history`: a history tells `last_changed`"),
        (format!("last_rotated = \"-1d\"\n{put}"), "w.toml:4: `history`: a history tells `last_rotated`"),
        (format!("created = \"-8d\"\n{put}"), "w.toml:4: `at`: this is earlier than the secret"),
        (
            format!("rotation = {{ enabled = false, days = 3 }}\n{put}"),
            "w.toml:3: `rotation`: with a history, rotation is turned off by `cancel`",
        ),
        (
            "history = [\n{ at = \"-9d\", put = \"a\" },\n{ at = \"-10d\", put = \"b\" }]".to_owned(),
            "w.toml:5: `at`: this is earlier than the move before it",
        ),
        (
            "history = [\n{ at = \"-9d\", put = \"a\" },\n{ at = \"-8d\", rotate = \"b\" }]".to_owned(),
            "w.toml:5: `rotate`: the secret has no `rotation`",
        ),
        ("history = [{ put = \"a\" }]".to_owned(), "w.toml:3: `history`: missing field `at`"),
        ("history = [{ at = \"-9d\", puts = \"a\" }]".to_owned(), "w.toml:3: `puts`: unknown field `puts`"),
    ];
    for (text, message) in table {
        let error = World::from_toml("w.toml", &format!("[[secret]]\nname = \"a\"\n{text}")).unwrap_err().to_string();
        assert!(error.starts_with(message), "{text}\n{error}\n{message}");
    }
}
