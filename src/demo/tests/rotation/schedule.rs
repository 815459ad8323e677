//! The schedule, which fires by itself.

use chrono::{DateTime, Utc};

use super::{events, secret, wait};
use crate::demo::World;
use crate::demo::rotation::schedule::{is_valid, next};
use crate::demo::secret::Rotation;
use crate::demo::tests::{client, world};

fn rules(expression: &str, duration: Option<&str>) -> Rotation {
    let text = |text: &str| text.to_owned().into();
    Rotation { enabled: true, days: None, expression: Some(text(expression)), duration: duration.map(text) }
}

fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00Z")).unwrap().to_utc()
}

/// Expression, duration, from; openings and a closing.
type Row = (&'static str, Option<&'static str>, &'static str, &'static [&'static str], &'static str);

/// Expression, duration, from; when the next windows open, and when the first one closes
/// (rotate-secrets_schedule.html, API_RotateSecret.html).
#[test]
fn windows_open_where_the_user_guide_says() {
    let table: &[Row] = &[
        ("cron(0 /8 * * ? *)", None, "2026-11-20T09:30", &["2026-11-20T16:00", "2026-11-21T00:00"], "16:59:59"),
        ("cron(0 8/8 * * ? *)", None, "2026-11-20T09:30", &["2026-11-20T16:00", "2026-11-21T08:00"], "16:59:59"),
        ("cron(0 10 * * ? *)", None, "2026-11-20T10:00", &["2026-11-21T10:00"], "23:59:59"),
        ("cron(0 18 ? * SAT *)", None, "2026-11-20T12:00", &["2026-11-21T18:00", "2026-11-28T18:00"], "23:59:59"),
        ("cron(0 8 1 * ? *)", None, "2026-11-20T12:00", &["2026-12-01T08:00", "2027-01-01T08:00"], "23:59:59"),
        ("cron(0 1 ? 1/3 SUN#1 *)", None, "2026-11-20T12:00", &["2027-01-03T01:00", "2027-04-04T01:00"], "23:59:59"),
        ("cron(0 17 L * ? *)", None, "2027-02-01T00:00", &["2027-02-28T17:00", "2027-03-31T17:00"], "23:59:59"),
        ("cron(0 8 ? * MON-FRI *)", None, "2026-11-20T09:00", &["2026-11-23T08:00", "2026-11-24T08:00"], "23:59:59"),
        (
            "cron(0 16 1,15 * ? *)",
            Some("2h"),
            "2026-11-20T12:00",
            &["2026-12-01T16:00", "2026-12-15T16:00"],
            "17:59:59",
        ),
        ("cron(0 3 ? * SUNL *)", None, "2026-11-20T12:00", &["2026-11-29T03:00", "2026-12-27T03:00"], "23:59:59"),
        ("cron(0 6 ? * L *)", None, "2026-11-20T12:00", &["2026-11-21T06:00"], "23:59:59"),
        ("cron(0 0 29 2 ? *)", None, "2026-11-20T12:00", &["2028-02-29T00:00"], "23:59:59"),
        (
            "cron(0 9 ? JAN,APR,JUL,OCT TUE#3 *)",
            Some("4h"),
            "2026-11-20T12:00",
            &["2027-01-19T09:00", "2027-04-20T09:00"],
            "12:59:59",
        ),
        ("rate(30 days)", None, "2026-01-22T06:42", &["2026-02-21T00:00"], "23:59:59"),
        ("rate(1 day)", None, "2026-11-20T23:59", &["2026-11-21T00:00", "2026-11-22T00:00"], "23:59:59"),
        ("rate(24 hours)", None, "2026-11-20T09:14", &["2026-11-21T09:00", "2026-11-22T09:00"], "09:59:59"),
    ];
    for (expression, duration, from, opens, closes) in table {
        let rules = rules(expression, *duration);
        assert!(is_valid(&rules), "{expression}");
        let windows: Vec<_> = std::iter::successors(next(&rules, utc(from)), |(opens, _)| next(&rules, *opens))
            .take(opens.len())
            .collect();
        assert_eq!(windows.iter().map(|window| window.0).collect::<Vec<_>>(), opens.map_to(utc), "{expression}");
        assert_eq!(windows[0].1.format("%T").to_string(), *closes, "{expression}");
    }
    for (expression, duration) in [
        ("cron(30 8 * * ? *)", None),
        ("cron(0 8 * * ? 2027)", None),
        ("cron(0 8 1 * MON *)", None),
        ("cron(0 8 ? * ? *)", None),
        ("cron(0 8 15W * ? *)", None),
        ("cron(0 8 * * ?)", None),
        ("rate(3 hours)", None),
        ("rate(1000 days)", None),
        ("rate(30 minutes)", None),
        ("cron(0 /2 * * ? *)", None),
        ("cron(0 20 * * ? *)", Some("5h")),
        ("cron(0 0/4 * * ? *)", Some("5h")),
        ("rate(3 days)", Some("0h")),
    ] {
        assert!(!is_valid(&rules(expression, duration)), "{expression} {duration:?}");
    }
}

trait MapTo {
    fn map_to<T>(&self, f: impl Fn(&str) -> T) -> Vec<T>;
}

impl MapTo for &[&str] {
    fn map_to<T>(&self, f: impl Fn(&str) -> T) -> Vec<T> {
        self.iter().map(|text| f(text)).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_rotation_happens_in_its_window_and_the_next_one_is_planned() {
    // The last rotation was on the 20th of October, so that the window opened at midnight.
    let world = world(&secret("last_rotated = \"2026-10-21T01:00:00Z\""));
    wait(3 * 3600 + 46 * 60).await;
    wait(2 * 3600).await;
    assert_eq!(events(&world), ["RotationStarted", "PutSecretValue", "UpdateSecretVersionStage", "RotationSucceeded"]);
    let secret = client(&world).describe_secret().secret_id("prod/orders/db").send().await.unwrap();
    assert_eq!(secret.next_rotation_date().unwrap().to_string(), "2026-12-20T23:59:59Z");
    wait(29 * 86_400).await;
    assert_eq!(events(&world).len(), 4);
    wait(2 * 86_400).await;
    assert_eq!(events(&world).len(), 8);
    let moves = world.moves("prod/orders/db");
    assert!(moves.last().unwrap().at.to_rfc3339().starts_with("2026-12-20T0"), "{moves:?}");
}

#[tokio::test(start_paused = true)]
async fn a_schedule_that_is_off_or_past_does_not_fire() {
    for keys in [
        "next_rotation = \"2026-11-19T23:59:59Z\"",
        "deleted = \"+29d\"\nlast_rotated = \"2026-10-21T01:00:00Z\"",
        "primary_region = \"us-east-1\"\nlast_rotated = \"2026-10-21T01:00:00Z\"",
    ] {
        let world = world(&secret(keys));
        wait(86_400).await;
        assert_eq!(events(&world), Vec::<String>::new(), "{keys}");
    }
    let world = world(&secret("last_rotated = \"2026-10-21T01:00:00Z\""));
    client(&world).cancel_rotate_secret().secret_id("prod/orders/db").send().await.unwrap();
    wait(86_400).await;
    assert_eq!(events(&world), ["CancelRotateSecret"]);
}

#[tokio::test(start_paused = true)]
async fn a_managed_secret_rotates_without_a_function() {
    let world = world(
        "[[secret]]\nname = \"prod/orders/db\"\nowning_service = \"rds\"\nrotation = { days = 7 }\nlast_rotated = \"2026-11-13T01:00:00Z\"",
    );
    wait(86_400).await;
    assert_eq!(events(&world), ["RotationStarted", "RotationSucceeded"]);
    assert_eq!(world.moves("prod/orders/db").len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_world_of_many_secrets_begins_without_its_schedules() {
    let world = World::load("secrets:20000").unwrap();
    assert_eq!(world.inner().next_due(), Some(world.now() + chrono::TimeDelta::minutes(1)));
    wait(61).await;
    world.inner().live();
    wait(86_400).await;
    world.inner().live();
    let rotated = world.inner().trail.events().values().filter(|event| event.name() == "RotationSucceeded").count();
    assert!(rotated > 100, "{rotated}");
}
