//! What may come between the beginning of a rotation and its end, and what is asked for besides a rotation.

use std::collections::BTreeSet;

use aws_sdk_secretsmanager::types::RotationRulesType;
use proptest::prelude::*;

use super::{TOKEN, events, labels, lines, rotate, secret, wait};
use crate::demo::World;
use crate::demo::labels::{CURRENT, holder};
use crate::demo::tests::{client, world};

#[tokio::test(start_paused = true)]
async fn the_same_token_rotates_once() {
    let world = world(&secret(""));
    assert_eq!(rotate(&world).await, None);
    assert_eq!(rotate(&world).await, None, "while it runs");
    wait(60).await;
    assert_eq!(rotate(&world).await, None, "and when it is done");
    wait(60).await;
    let count = |name: &str| events(&world).iter().filter(|event| *event == name).count();
    assert_eq!((count("RotateSecret"), count("RotationStarted"), count("RotationSucceeded")), (3, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn another_rotation_waits_for_the_first_one_which_is_attempted_again() {
    let world = world(&secret("outcome = { fails_at = \"setSecret\", flaky = 1 }\nretry = { after = \"9h\" }"));
    rotate(&world).await;
    let again = || client(&world).rotate_secret().secret_id("prod/orders/db");
    assert!(again().send().await.is_err(), "it runs");
    wait(60).await;
    assert!(again().send().await.is_err(), "it has failed");
    wait(60).await;
    assert_eq!(labels(&world).await, "T: AWSCURRENT+AWSPENDING, current: AWSPREVIOUS");
    assert!(again().send().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_rotation_goes_no_further() {
    let world = world(&secret("outcome = { step = \"10s\" }"));
    rotate(&world).await;
    wait(15).await;
    let cancelled = client(&world).cancel_rotate_secret().secret_id("prod/orders/db").send().await.unwrap();
    assert_eq!(cancelled.version_id(), Some(TOKEN));
    wait(3600).await;
    let last = lines(&world).split_off(9);
    assert!(
        last[0].starts_with("END RequestId: R2"),
        "the invocation that ran has come to its end, and none followed: {last:?}"
    );
    assert_eq!(last.len(), 2);
    assert_eq!(labels(&world).await, "T: AWSPENDING, current: AWSCURRENT");
    let described = client(&world).describe_secret().secret_id("prod/orders/db").send().await.unwrap();
    assert_eq!((described.rotation_enabled(), described.next_rotation_date()), (Some(false), None));
    let cancelled = client(&world).cancel_rotate_secret().secret_id("prod/orders/db").send().await.unwrap();
    assert_eq!(cancelled.version_id(), Some(TOKEN), "AWSPENDING is there still");
}

#[tokio::test(start_paused = true)]
async fn a_label_that_is_taken_off_ends_a_rotation() {
    let world = world(&secret("outcome = { step = \"10s\" }"));
    rotate(&world).await;
    wait(15).await;
    let call = client(&world).update_secret_version_stage().secret_id("prod/orders/db").version_stage("AWSPENDING");
    call.remove_from_version_id(TOKEN).send().await.unwrap();
    wait(3600).await;
    let said = lines(&world).split_off(11);
    assert_eq!(said[1], "[ERROR]|AT|R3|Secret version T has no stage for rotation of secret ARN.");
    assert_eq!((said.len(), labels(&world).await.as_str()), (5, "current: AWSCURRENT"));
}

#[tokio::test(start_paused = true)]
async fn a_promoted_version_is_done_already() {
    let world = world(&secret("outcome = { step = \"10s\" }"));
    rotate(&world).await;
    wait(15).await;
    let call = client(&world).update_secret_version_stage().secret_id("prod/orders/db").version_stage("AWSCURRENT");
    let call = call.move_to_version_id(TOKEN).remove_from_version_id("current-current-current-current-0");
    call.send().await.unwrap();
    wait(60).await;
    let said = lines(&world).split_off(11);
    assert_eq!(said[1], "[INFO]|AT|R3|Secret version T already set as AWSCURRENT for secret ARN.");
    assert_eq!(labels(&world).await, "T: AWSCURRENT+AWSPENDING, current: AWSPREVIOUS");
}

#[tokio::test(start_paused = true)]
async fn a_trial_runs_one_step_and_leaves_nothing() {
    for (keys, last) in [
        ("", "TestRotationSucceeded"),
        (
            "outcome = { fails_at = \"testSecret\" }",
            "TestRotationFailed: Error when executing lambda rotate-orders during testSecret step",
        ),
        (
            "outcome = { times_out_at = \"createSecret\" }",
            "TestRotationFailed: Error when executing lambda rotate-orders during testSecret step",
        ),
    ] {
        let world = world(&secret(keys));
        let call = client(&world).rotate_secret().secret_id("prod/orders/db").client_request_token(TOKEN);
        let rules = RotationRulesType::builder().schedule_expression("cron(0 16 1,15 * ? *)").duration("2h").build();
        call.rotate_immediately(false).rotation_rules(rules).send().await.unwrap();
        assert_eq!(labels(&world).await, "T: AWSPENDING, current: AWSCURRENT", "{keys}");
        wait(60).await;
        assert_eq!(labels(&world).await, "current: AWSCURRENT", "{keys}");
        let mut all = events(&world);
        all[..2].sort();
        assert_eq!(all, ["RotateSecret", "TestRotationStarted", last], "{keys}");
        assert_eq!(lines(&world).iter().filter(|line| line.starts_with("START")).count(), 1);
        let moves: Vec<_> = world.moves("prod/orders/db").into_iter().map(|moved| moved.to).collect();
        assert_eq!(moves, [Some(TOKEN.to_owned()), None], "{keys}");
        let secret = client(&world).describe_secret().secret_id("prod/orders/db").send().await.unwrap();
        let rules = secret.rotation_rules().unwrap();
        assert_eq!((rules.automatically_after_days(), rules.duration()), (Some(14), Some("2h")));
        assert_eq!(secret.next_rotation_date().unwrap().to_string(), "2026-12-01T17:59:59Z");
    }
}

#[tokio::test(start_paused = true)]
async fn two_secrets_on_one_function_run_beside_each_other() {
    let two = ["a", "b"].map(|name| {
        format!(
            "[[secret]]\nname = \"{name}\"\nfunction = \"f\"\nrotation = {{ days = 30 }}\noutcome = {{ step = \"2s\" }}\n"
        )
    });
    let world = world(&two.concat());
    for name in ["a", "b"] {
        client(&world).rotate_secret().secret_id(name).client_request_token(TOKEN).send().await.unwrap();
    }
    wait(60).await;
    let all = world.log_events("/aws/lambda/f");
    let streams: BTreeSet<_> = all.iter().map(|event| event.stream.as_str()).collect();
    let count = |begin: &str| all.iter().filter(|event| event.message.starts_with(begin)).count();
    assert_eq!((streams.len(), count("INIT_START"), count("START"), count("END")), (2, 2, 8, 8));
    let done = |name: &str| {
        let arn = format!(":secret:{name}-");
        all.iter().any(|event| event.message.contains("finishSecret: Succ") && event.message.contains(&arn))
    };
    assert!(done("a") && done("b"));
    for stream in streams {
        let own: Vec<_> = all.iter().filter(|event| event.stream == stream).collect();
        let id = |begin: &str| {
            let ids = own.iter().filter_map(|event| event.message.strip_prefix(begin)?.get(..36));
            ids.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(id("START RequestId: "), id("END RequestId: "));
        let marks: Vec<_> =
            own.iter().filter_map(|event| event.message.split_once(" RequestId").map(|it| it.0)).collect();
        assert!(marks.chunks(3).all(|chunk| chunk == ["START", "END", "REPORT"]), "one at a time: {marks:?}");
        assert!(own.windows(2).all(|pair| pair[0].ingested <= pair[1].ingested), "{own:?}");
        assert!(own.iter().all(|event| (300..=2_500).contains(&(event.ingested - event.at).num_milliseconds())));
    }
}

#[tokio::test(start_paused = true)]
async fn json_has_the_same_lines_and_levels_hide_them() {
    for (level, system, kinds) in
        [("INFO", "INFO", 4 + 7 + 8), ("WARN", "INFO", 1 + 4 + 4), ("INFO", "WARN", 7), ("WARN", "WARN", 0)]
    {
        let function = format!(
            "[[function]]\nname = \"rotate-orders\"\nlog = {{ format = \"JSON\", level = \"{level}\", system_level = \"{system}\" }}\n"
        );
        let world = world(&secret(&function));
        rotate(&world).await;
        wait(60).await;
        let all: Vec<serde_json::Value> = world
            .log_events("/aws/lambda/rotate-orders")
            .iter()
            .map(|line| serde_json::from_str(&line.message).unwrap())
            .collect();
        let platform = all.iter().filter(|line| line["type"].is_string()).count();
        let said = all.len() - platform;
        assert_eq!(
            (said, platform),
            (if level == "INFO" { 7 } else { 0 }, if system == "INFO" { 9 } else { 0 }),
            "{kinds}"
        );
        if said > 0 {
            let line = all
                .iter()
                .find(|line| line["message"].as_str().is_some_and(|text| text.starts_with("createSecret")))
                .unwrap();
            let keys: Vec<_> = line.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["timestamp", "level", "message", "logger", "requestId"]);
        }
    }
    let failing = "outcome = { fails_at = \"setSecret\" }\n[[function]]\nname = \"rotate-orders\"\nlog = { format = \"JSON\", level = \"WARN\", system_level = \"WARN\" }\n";
    let world = world(&secret(failing));
    rotate(&world).await;
    wait(60).await;
    let kinds: Vec<_> = world
        .log_events("/aws/lambda/rotate-orders")
        .iter()
        .map(|line| serde_json::from_str::<serde_json::Value>(&line.message).unwrap())
        .map(|line| {
            line["type"]
                .as_str()
                .or(line["errorType"].as_str())
                .or(line["level"].as_str())
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    assert_eq!(kinds, ["ERROR", "ValueError", "platform.runtimeDone", "platform.report"]);
}

#[tokio::test(start_paused = true)]
async fn whoever_looks_and_when_changes_nothing() {
    let (often, late) = (world(&secret("")), world(&secret("")));
    rotate(&often).await;
    rotate(&late).await;
    for _ in 0..200 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        labels(&often).await;
    }
    wait(3600).await;
    assert_eq!(often.moves("prod/orders/db"), late.moves("prod/orders/db"));
    assert_eq!(often.log_events("/aws/lambda/rotate-orders"), late.log_events("/aws/lambda/rotate-orders"));
    assert_eq!(events(&often), events(&late));
}

/// Every label sits on one version, and AWSCURRENT on one with a value.
fn judge(world: &World) {
    world.inner().live();
    let shelf = world.inner().vault.read();
    for secret in shelf.all() {
        let mut all: Vec<_> = secret.versions.iter().flat_map(|version| &version.labels).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "{}: {:?}", secret.name, secret.versions);
        assert!(holder(&secret.versions, CURRENT).is_some_and(|version| version.has_value), "{:?}", secret.versions);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Outcomes and calls at random, at random moments.
    #[test]
    fn labels_stay_sound_whatever_happens(
        outcome in 0_usize..16,
        seed in 0_u64..1_000,
        acts in prop::collection::vec((0_usize..6, 0_u64..30_000), 1..12),
    ) {
        const OUTCOMES: [&str; 16] = [
            "\"succeeds\"", "\"without-tls\"", "\"cannot-import\"", "\"denied\"", "\"throttled\"", "\"never-invoked\"",
            "{ fails_at = \"setSecret\" }", "{ fails_at = \"finishSecret\", flaky = 1 }", "{ times_out_at = \"testSecret\" }",
            "{ times_out_at = \"setSecret\", changed = true }", "{ fails_at = \"setSecret\", changed = true }",
            "{ fails_at = \"setSecret\", unreachable = true }", "[\"denied\", { fails_at = \"testSecret\" }, \"succeeds\"]",
            "{ abandoned_at = \"testSecret\" }", "{ slow = \"9s\" }", "{ fails_at = \"testSecret\", flaky = 2 }",
        ];
        let keys = format!("outcome = {}\nretry = {{ after = \"20s\", times = 3 }}", OUTCOMES[outcome]);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let world = world(&format!("seed = {seed}\n{}", secret(&keys)));
            for (act, millis) in acts {
                let client = client(&world);
                let described = client.describe_secret().secret_id("prod/orders/db").send().await.unwrap();
                let sits = |label: &str| {
                    let all = described.version_ids_to_stages().into_iter().flatten();
                    all.into_iter().find(|(_, labels)| labels.iter().any(|found| found == label)).map(|(id, _)| id.clone())
                };
                let rotate = client.rotate_secret().secret_id("prod/orders/db");
                let update = client.update_secret_version_stage().secret_id("prod/orders/db");
                // Most of them are refused at one time or another.
                match act {
                    0 => drop(rotate.send().await),
                    1 => drop(rotate.rotate_immediately(false).send().await),
                    2 => drop(client.cancel_rotate_secret().secret_id("prod/orders/db").send().await),
                    3 => drop(update.version_stage("AWSPENDING").set_remove_from_version_id(sits("AWSPENDING")).send().await),
                    4 => drop(
                        update
                            .version_stage("AWSCURRENT")
                            .set_move_to_version_id(sits("AWSPENDING"))
                            .set_remove_from_version_id(sits("AWSCURRENT"))
                            .send()
                            .await,
                    ),
                    _ => drop(
                        update
                            .version_stage("AWSCURRENT")
                            .set_move_to_version_id(sits("AWSPREVIOUS"))
                            .set_remove_from_version_id(sits("AWSCURRENT"))
                            .send()
                            .await,
                    ),
                }
                judge(&world);
                tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
                judge(&world);
            }
            tokio::time::sleep(std::time::Duration::from_hours(1)).await;
            judge(&world);
        });
    }
}

#[tokio::test(start_paused = true)]
async fn the_default_world_lives_for_months() {
    let world = World::load("default").unwrap();
    for _ in 0..100 {
        wait(86_400).await;
        world.inner().live();
    }
    let shelf = world.inner().vault.read();
    let rotated = |name: &str| shelf.by_name(name).unwrap().last_rotated.unwrap();
    for (name, days) in
        [("prod/orders/db", 2), ("prod/users/db", 31), ("prod/deploy/ssh-key", 8), ("prod/cache/redis-auth", 32)]
    {
        assert!((world.now() - rotated(name)).num_days() <= days, "{name}: {}", rotated(name));
    }
    for name in ["prod/warehouse/redshift", "prod/hr/sqlserver"] {
        assert!(rotated(name).to_rfc3339().as_str() < "2026-11-20", "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn live_tail_tells_every_line_once() {
    let group = "[[log_group]]\nname = \"/aws/lambda/rotate-orders\"\n";
    let world = world(&secret(&format!("outcome = {{ fails_at = \"testSecret\" }}\n{group}")));
    let arn = "arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/rotate-orders";
    let logs = crate::demo::tests::logs::client(&world);
    let mut tail = logs.start_live_tail().log_group_identifiers(arn).send().await.unwrap();
    // Nobody else asks the world for anything: the session itself lives through the rotation.
    rotate(&world).await;
    let mut told = Vec::new();
    for _ in 0..30 {
        let Ok(Some(update)) = tail.response_stream.recv().await else { panic!("the session has ended") };
        let Ok(update) = update.as_session_update() else { continue };
        told.extend(update.session_results().iter().map(|event| event.message().unwrap().to_owned()));
    }
    let mut all: Vec<_> =
        world.log_events("/aws/lambda/rotate-orders").into_iter().map(|event| event.message).collect();
    assert_eq!(all.len(), 16);
    told.sort();
    all.sort();
    assert_eq!(told, all);
}
