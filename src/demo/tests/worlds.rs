//! The worlds that are meant to be looked at: what they promise is what the SDK sees.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_secretsmanager::types::SecretListEntry;

use super::{client, test_world};
use crate::demo::World;

async fn all(world: &World) -> BTreeMap<String, SecretListEntry> {
    let client = client(world);
    let (mut all, mut token) = (BTreeMap::new(), None);
    loop {
        let list = client.list_secrets().include_planned_deletion(true);
        let page = list.set_next_token(token).send().await.unwrap();
        token = page.next_token;
        for entry in page.secret_list.unwrap_or_default() {
            all.insert(entry.name.clone().unwrap(), entry);
        }
        if token.is_none() {
            return all;
        }
    }
}

/// The version that has the label.
fn labelled<'a>(entry: &'a SecretListEntry, label: &str) -> Option<&'a str> {
    let labels = entry.secret_versions_to_stages()?;
    let mut versions = labels.iter();
    let found = versions.find(|(_, labels)| labels.iter().any(|found| found == label))?;
    Some(found.0)
}

#[tokio::test(start_paused = true)]
async fn the_default_world_shows_every_state() {
    let world = World::load("default").unwrap();
    let all = all(&world).await;
    assert!((30..=45).contains(&all.len()), "{}", all.len());
    let next = |name: &str| all[name].next_rotation_date().map(ToString::to_string);
    for (name, date) in [
        ("prod/payments/db", "2026-11-17T23:59:59Z"),
        ("prod/search/api-key", "2026-12-01T17:59:59Z"),
        ("prod/ledger/db", "2026-11-20T03:59:59Z"),
        ("prod/orders/db", "2026-11-20T23:59:59Z"),
        ("prod/mail/smtp", "2026-12-02T23:59:59Z"),
        ("prod/users/db", "2026-11-22T23:59:59Z"),
        ("MyTestDatabaseSecret", "2026-12-01T17:59:59Z"),
    ] {
        assert_eq!(next(name).as_deref(), Some(date), "{name}");
    }
    let ftp = &all["prod/legacy/ftp"];
    assert_eq!((ftp.rotation_enabled(), next("prod/legacy/ftp")), (Some(false), None));
    assert!(ftp.rotation_lambda_arn().is_some() && labelled(ftp, "AWSPENDING").is_some());
    assert!(all["old/crm"].deleted_date().is_some());
    assert_eq!(all["prod/maps/api-key"].rotation_enabled(), None);
    assert_eq!(all["global/login/jwt-signing"].primary_region(), Some("us-east-1"));
    let of = |service: &str| all.values().filter(|s| s.owning_service() == Some(service)).count();
    assert_eq!(of("rds"), 2);
    let users = &all["prod/users/db"];
    assert_eq!(labelled(users, "AWSPENDING"), labelled(users, "AWSCURRENT"));
}

#[tokio::test(start_paused = true)]
async fn pending_versions_of_the_default_world_are_full_empty_or_forbidden() {
    let world = World::load("default").unwrap();
    let (mut full, mut empty, mut forbidden) = (Vec::new(), Vec::new(), Vec::new());
    for (name, entry) in all(&world).await {
        let pending = labelled(&entry, "AWSPENDING");
        let Some(pending) = pending.filter(|id| labelled(&entry, "AWSCURRENT") != Some(*id)) else {
            continue;
        };
        let list = client(&world).list_secret_version_ids().secret_id(&name).send().await;
        match list {
            Err(_) => forbidden.push(name),
            Ok(list) if list.versions().iter().any(|v| v.version_id() == Some(pending)) => {
                full.push(name);
            }
            Ok(_) => empty.push(name),
        }
    }
    assert_eq!(full, ["prod/crm/oracle", "prod/legacy/ftp", "prod/orders/db", "prod/payments/db"]);
    assert_eq!(empty, ["prod/metrics/grafana-token", "prod/reports/mysql", "prod/search/api-key"]);
    assert_eq!(forbidden, ["prod/mail/smtp"]);
}

#[tokio::test(start_paused = true)]
async fn hostile_text_arrives_as_it_was_written() {
    let all = all(&test_world("hostile")).await;
    let text = |name: &str| all[name].description().unwrap().to_owned();
    assert!(text("prod/colour\u{1b}[31mred\u{1b}[0m").contains("\u{1b}[2J"));
    assert!(text("prod/clipboard").contains("\u{1b}]52;c;"));
    assert!(text("prod/link").contains("\u{1b}]8;;https://evil.example\u{1b}\\"));
    assert!(all.contains_key("prod/bidi\u{202e}gnp.exe"));
    assert!(text("prod/nul\0after").contains('\0'));
    assert!(all.contains_key("prod/zero\u{200b}width\u{200d}\u{feff}"));
    assert!(all.keys().any(|name| name.contains("データベース")));
    assert!(all.values().any(|entry| entry.description().unwrap().len() == 2048));
}

#[tokio::test(start_paused = true)]
async fn generated_secrets_are_mostly_well() {
    let world = World::load("secrets:20000").unwrap();
    let now = aws_smithy_types::DateTime::from_secs(world.now().timestamp());
    let all = all(&world).await;
    assert_eq!(all.len(), 20_000, "all names differ");
    let count = |test: fn(&SecretListEntry) -> bool| all.values().filter(|s| test(s)).count();
    let pending = count(|s| labelled(s, "AWSPENDING").is_some());
    let deleted = count(|s| s.deleted_date().is_some());
    let managed = count(|s| s.owning_service().is_some());
    let never = count(|s| s.rotation_enabled().is_none());
    let late = all.values().filter(|s| s.next_rotation_date().is_some_and(|date| *date < now));
    assert!((30..100).contains(&pending), "{pending} pending");
    assert!((50..120).contains(&deleted), "{deleted} deleted");
    assert!((400..700).contains(&managed), "{managed} managed");
    assert!((3_000..4_000).contains(&never), "{never} never configured");
    let late = late.count();
    assert!((100..220).contains(&late), "{late} overdue");
    let functions: BTreeSet<_> = all.values().filter_map(SecretListEntry::rotation_lambda_arn).collect();
    assert_eq!(functions.len(), 7);
}
