//! ListSecrets: pages, filters, orders.

use aws_sdk_secretsmanager::types::{Filter, FilterNameStringType, SortByType, SortOrderType};

use super::{client, names, walk, world};
use crate::demo::World;

/// Five secrets whose four orders all differ.
const FIVE: &str = r#"
[[secret]]
name = "prod/c"
description = "Login of the Payments database"
created = "-50d"
last_changed = "-1d"
last_accessed = "-4d"
tags = { team = "payments", env = "prod" }

[[secret]]
name = "prod/a"
description = "unused"
created = "-40d"
last_changed = "-3d"
tags = { Team = "orders" }

[[secret]]
name = "test/b"
created = "-30d"
last_changed = "-2d"
last_accessed = "-9d"
owning_service = "rds"

[[secret]]
name = "test/d"
created = "-20d"
last_changed = "-9d"
last_accessed = "-2d"
primary_region = "us-east-1"

[[secret]]
name = "gone"
created = "-10d"
last_changed = "-8d"
last_accessed = "-1d"
deleted = "+6d"
"#;

async fn listed(world: &World, key: FilterNameStringType, values: &[&str]) -> Vec<String> {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    let filter = Filter::builder().key(key).set_values(Some(values)).build();
    let client = client(world);
    let page = client.list_secrets().filters(filter).send().await.unwrap();
    names(page.secret_list()).into_iter().map(str::to_owned).collect()
}

#[tokio::test(start_paused = true)]
async fn filters_follow_the_api_reference() {
    use FilterNameStringType as Key;
    let world = world(FIVE);
    let table: [(Key, &[&str], &[&str]); 18] = [
        (Key::Name, &["prod/"], &["prod/c", "prod/a"]),
        (Key::Name, &["Prod/"], &[]),
        (Key::Name, &["c"], &[]),
        (Key::Name, &["prod/a", "test/"], &["prod/a", "test/b", "test/d"]),
        (Key::Name, &["!prod/"], &["test/b", "test/d"]),
        (Key::Name, &["prod/", "!prod/a"], &["prod/c"]),
        (Key::Description, &["login of"], &["prod/c"]),
        (Key::Description, &["payments"], &[]),
        (Key::Description, &["!login"], &["prod/a", "test/b", "test/d"]),
        (Key::TagKey, &["team"], &["prod/c"]),
        (Key::TagKey, &["Te"], &["prod/a"]),
        (Key::TagValue, &["pay"], &["prod/c"]),
        (Key::TagValue, &["Pay"], &[]),
        (Key::OwningService, &["rd"], &["test/b"]),
        (Key::PrimaryRegion, &["us-"], &["test/d"]),
        (Key::All, &["LOGIN payments"], &["prod/c"]),
        (Key::All, &["prod"], &["prod/c", "prod/a"]),
        // Both words are there, but not in the same field.
        (Key::All, &["prod database"], &[]),
    ];
    for (key, values, expected) in table {
        assert_eq!(listed(&world, key.clone(), values).await, expected, "{key} {values:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn filters_are_joined_by_and() {
    let by = |key: FilterNameStringType, value: &str| Filter::builder().key(key).values(value).build();
    let client = client(&world(FIVE));
    let page = client
        .list_secrets()
        .filters(by(FilterNameStringType::Name, "prod/"))
        .filters(by(FilterNameStringType::TagKey, "env"))
        .send()
        .await
        .unwrap();
    assert_eq!(names(page.secret_list()), ["prod/c"]);
}

#[tokio::test(start_paused = true)]
async fn every_order_runs_both_ways_and_over_pages() {
    let world = world(FIVE);
    // A secret never accessed comes before all others.
    let table = [
        (SortByType::CreatedDate, ["prod/c", "prod/a", "test/b", "test/d", "gone"]),
        (SortByType::LastAccessedDate, ["prod/a", "test/b", "prod/c", "test/d", "gone"]),
        (SortByType::LastChangedDate, ["test/d", "gone", "prod/a", "test/b", "prod/c"]),
        (SortByType::Name, ["gone", "prod/a", "prod/c", "test/b", "test/d"]),
    ];
    for (by, mut expected) in table {
        for order in [SortOrderType::Asc, SortOrderType::Desc] {
            let list = client(&world)
                .list_secrets()
                .include_planned_deletion(true)
                .sort_by(by.clone())
                .sort_order(order.clone())
                .max_results(2);
            assert_eq!(walk(list).await, (expected.map(str::to_owned).to_vec(), 3), "{by} {order}");
            expected.reverse();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn pages_hold_every_secret_once() {
    let world = World::load("secrets:1003").unwrap();
    let client = client(&world);
    let (mut all, pages) = walk(client.list_secrets()).await;
    let entries = world.journal();
    assert_eq!(pages, entries.len());
    let deleted = 1003 - all.len();
    assert!((1..20).contains(&deleted), "{deleted} deleted secrets stay out");
    assert_eq!(pages, all.len().div_ceil(100));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 1003 - deleted);
}

#[tokio::test(start_paused = true)]
async fn no_other_region_has_secrets() {
    let world = world(FIVE);
    let config = aws_sdk_secretsmanager::config::Builder::from(&world.sdk_config())
        .region(aws_sdk_secretsmanager::config::Region::new("us-east-1"))
        .build();
    let client = aws_sdk_secretsmanager::Client::from_conf(config);
    let page = client.list_secrets().send().await.unwrap();
    assert_eq!(page.secret_list().len(), 0);
    let error = client.describe_secret().secret_id("prod/a").send().await.unwrap_err();
    assert!(error.into_service_error().is_resource_not_found_exception());
    let described = &world.journal()[1];
    assert_eq!((described.region.as_str(), &described.secret), ("us-east-1", &None));
}
