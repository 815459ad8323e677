//! DescribeSecret, GetCallerIdentity, the clock and the journal.

use std::time::Duration;

use aws_types::request_id::RequestId;

use super::{client, world};
use crate::demo::World;

const RICH: &str = r#"
clock = { start = "2026-11-20T09:14:00Z", speed = 60.0 }

[[secret]]
name = "prod/payments/db"
description = "Login"
kms_key = "alias/payments"
function = "rotate-postgres"
rotation = { rate = "rate(30 days)", duration = "3h" }
last_rotated = "2026-10-18T08:00:00.250Z"
last_accessed = "-1d"
tags = { team = "payments" }
replicas = [{ region = "us-east-1", message = "Replication succeeded" }]
versions = [
  { id = "terraform-20260102030405000000000001", labels = ["AWSCURRENT"], created = "-33d" },
  { labels = ["AWSPENDING"], created = "-2d", empty = true },
  { created = "-60d" },
]

[[secret]]
name = "old/crm"
deleted = "+6d"
rotation = { enabled = false, days = 30 }
last_rotated = "-9d"

[[secret]]
name = "partner/sales-force"
type = "SalesforceClientSecret"
external_rotation = { metadata = { adminSecretArn = "arn" }, role = "arn:aws:iam::000000000000:role/mes" }
rotation = { cron = "cron(0 16 1,15 * ? *)", days = 14, duration = "2h" }
next_rotation = "2026-12-01T17:59:59Z"
"#;

#[tokio::test(start_paused = true)]
async fn every_member_arrives() {
    let client = client(&world(RICH));
    let secret = client.describe_secret().secret_id("prod/payments/db").send().await.unwrap();
    let arn = secret.arn().unwrap();
    let prefix = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/payments/db-";
    assert_eq!(arn.strip_prefix(prefix).unwrap().len(), 6);
    assert_eq!(secret.description(), Some("Login"));
    assert_eq!(secret.kms_key_id(), Some("alias/payments"));
    let function = "arn:aws:lambda:eu-west-1:000000000000:function:rotate-postgres";
    assert_eq!(secret.rotation_lambda_arn(), Some(function));
    assert_eq!(secret.rotation_enabled(), Some(true));
    let rules = secret.rotation_rules().unwrap();
    assert_eq!(rules.automatically_after_days(), Some(30));
    assert_eq!(rules.schedule_expression(), Some("rate(30 days)"));
    assert_eq!(rules.duration(), Some("3h"));
    let date = |date: Option<&aws_smithy_types::DateTime>| date.map(ToString::to_string).unwrap();
    assert_eq!(date(secret.last_rotated_date()), "2026-10-18T08:00:00.25Z");
    assert_eq!(date(secret.next_rotation_date()), "2026-11-17T02:59:59Z");
    assert_eq!(date(secret.last_accessed_date()), "2026-11-19T00:00:00Z");
    assert_eq!(secret.tags()[0].value(), Some("payments"));
    assert_eq!(secret.primary_region(), Some("eu-west-1"));
    assert_eq!(secret.replication_status()[0].status().unwrap().as_str(), "InSync");
    let labels = secret.version_ids_to_stages().unwrap();
    assert_eq!(labels.len(), 2, "the version without a label is hidden, the empty one is not");
    assert_eq!(labels["terraform-20260102030405000000000001"], ["AWSCURRENT"]);
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_found_by_name_and_by_whole_or_partial_arn() {
    let client = client(&world(RICH));
    let describe = |id: String| client.describe_secret().secret_id(id).send();
    let name = "partner/sales-force".to_owned();
    let whole = describe(name.clone()).await.unwrap().arn().unwrap().to_owned();
    assert_eq!(describe(whole.clone()).await.unwrap().name(), Some(name.as_str()));
    let db = describe("prod/payments/db".to_owned()).await.unwrap().arn().unwrap().to_owned();
    let partial = db[..db.len() - 7].to_owned();
    assert_eq!(describe(partial).await.unwrap().arn(), Some(db.as_str()));
    for wrong in [
        format!("{}-XXXXXX", &db[..db.len() - 7]),
        whole.replace("eu-west-1", "us-east-1"),
        db[..db.len() - 3].to_owned(),
    ] {
        let error = describe(wrong.clone()).await.unwrap_err().into_service_error();
        assert!(error.is_resource_not_found_exception(), "{wrong}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_partial_arn_that_looks_whole_is_taken_for_whole() {
    let world = world("[[secret]]\nname = \"my-secret\"");
    let arn = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:my-secret";
    let error = client(&world).describe_secret().secret_id(arn).send().await.unwrap_err();
    assert!(error.into_service_error().is_resource_not_found_exception());
}

#[tokio::test(start_paused = true)]
async fn a_deleted_secret_is_described_and_rotation_off_hides_its_dates() {
    let client = client(&world(RICH));
    let secret = client.describe_secret().secret_id("old/crm").send().await.unwrap();
    assert_eq!(secret.deleted_date().unwrap().to_string(), "2026-11-26T09:14:00Z");
    assert_eq!(secret.rotation_enabled(), Some(false));
    assert_eq!(secret.rotation_rules().unwrap().automatically_after_days(), Some(30));
    assert_eq!((secret.last_rotated_date(), secret.next_rotation_date()), (None, None));
}

#[tokio::test(start_paused = true)]
async fn a_managed_external_secret_says_so() {
    let client = client(&world(RICH));
    let secret = client.describe_secret().secret_id("partner/sales-force").send().await.unwrap();
    assert_eq!(secret.r#type(), Some("SalesforceClientSecret"));
    assert_eq!(secret.external_secret_rotation_metadata()[0].key(), Some("adminSecretArn"));
    assert_eq!(secret.rotation_lambda_arn(), None);
    assert_eq!(secret.rotation_rules().unwrap().automatically_after_days(), Some(14));
}

#[tokio::test(start_paused = true)]
async fn the_caller_is_known() {
    let world = world("account = \"000000000000\"\ncaller = \"arn:aws:sts::000000000000:assumed-role/on-<call>/me\"");
    let sts = aws_sdk_sts::Client::new(&world.sdk_config());
    let me = sts.get_caller_identity().send().await.unwrap();
    assert_eq!(me.account(), Some("000000000000"));
    assert_eq!(me.arn(), Some("arn:aws:sts::000000000000:assumed-role/on-<call>/me"));
    assert!(me.user_id().unwrap().starts_with("AROA") && me.user_id().unwrap().ends_with(":me"));
}

#[tokio::test(start_paused = true)]
async fn the_clock_runs_at_its_speed_and_signs_the_journal() {
    let world = world(RICH);
    assert_eq!(world.now().to_rfc3339(), "2026-11-20T09:14:00+00:00");
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(world.now().to_rfc3339(), "2026-11-20T09:16:00+00:00");
    let described = client(&world).describe_secret().secret_id("old/crm").send().await.unwrap();
    let [entry] = &world.journal()[..] else { panic!("one request, one entry") };
    assert_eq!(entry.at, world.now());
    assert_eq!((entry.service.as_str(), entry.operation.as_str()), ("secretsmanager", "DescribeSecret"));
    assert_eq!(entry.secret.as_deref(), described.arn());
    assert_eq!((entry.status, entry.error.as_deref()), (Some(200), None));
    assert_eq!(entry.access_key.as_deref(), Some("AKIDSECDASHDEMO"));
    assert_eq!(entry.request, serde_json::json!({ "SecretId": "old/crm" }));
    assert_eq!(described.request_id(), Some(entry.request_id.as_str()));
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_makes_the_same_world() {
    let arns = async |world: World| {
        let page = client(&world).list_secrets().send().await.unwrap();
        let arn = |entry: &aws_sdk_secretsmanager::types::SecretListEntry| entry.arn().unwrap().to_owned();
        page.secret_list().iter().map(arn).collect::<Vec<_>>()
    };
    assert_eq!(arns(world(RICH)).await, arns(world(RICH)).await);
    let other = format!("seed = 8\n{RICH}");
    assert_ne!(arns(world(RICH)).await, arns(world(&other)).await);
}
