//! ListSecretVersionIds.

use aws_sdk_secretsmanager::types::SecretVersionsListEntry;

use super::{client, world};

const STUCK: &str = r#"
[[secret]]
name = "prod/x"
versions = [
  { id = "pending-pending-pending-pending-0", labels = ["AWSPENDING"], created = "-5h", empty = true },
  { id = "current-current-current-current-0", labels = ["AWSCURRENT"], created = "-30d", accessed = "-1d", kms_keys = ["alias/x"] },
  { id = "previous-previous-previous-previo", labels = ["AWSPREVIOUS", "blue"], created = "-60d" },
  { id = "deprecated-deprecated-deprecated-", created = "-90d" },
]
"#;

fn ids(list: &[SecretVersionsListEntry]) -> Vec<&str> {
    let short = |entry: &'_ SecretVersionsListEntry| entry.version_id.clone().unwrap_or_default();
    let all: Vec<String> = list.iter().map(short).collect();
    let known = ["current", "previous", "deprecated", "pending"];
    all.iter().filter_map(|id| known.into_iter().find(|word| id.starts_with(word))).collect()
}

#[tokio::test(start_paused = true)]
async fn a_version_without_a_value_is_never_listed() {
    let client = client(&world(STUCK));
    let list = client.list_secret_version_ids().secret_id("prod/x");
    let some = list.clone().send().await.unwrap();
    assert_eq!(ids(some.versions()), ["previous", "current"]);
    let all = list.include_deprecated(true).send().await.unwrap();
    assert_eq!(ids(all.versions()), ["deprecated", "previous", "current"]);
    assert_eq!(all.name(), Some("prod/x"));
    assert!(all.arn().unwrap().contains(":secret:prod/x-"));
    let current = &all.versions()[2];
    let accessed = current.last_accessed_date().unwrap();
    assert_eq!(accessed.to_string(), "2026-11-19T00:00:00Z");
    assert_eq!(current.kms_key_ids(), ["alias/x"]);
    assert_eq!(all.versions()[1].version_stages(), ["AWSPREVIOUS", "blue"]);
}

#[tokio::test(start_paused = true)]
async fn versions_come_in_pages() {
    let client = client(&world(STUCK));
    let list = client.list_secret_version_ids().secret_id("prod/x").max_results(1);
    let first = list.clone().send().await.unwrap();
    assert_eq!(ids(first.versions()), ["previous"]);
    let second = list.set_next_token(first.next_token).send().await.unwrap();
    assert_eq!(ids(second.versions()), ["current"]);
    assert_eq!(second.next_token(), None);
}
