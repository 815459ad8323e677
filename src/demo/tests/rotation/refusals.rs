//! What RotateSecret and its kin refuse, text for text.

use aws_sdk_secretsmanager::config::Region;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
use aws_sdk_secretsmanager::types::RotationRulesType;
use aws_sdk_secretsmanager::{Client, config};

use super::{TOKEN, rotate, secret};
use crate::demo::tests::{client, world};

const OTHER: &str = "99999999-2222-4333-8444-555555555555";

fn told(error: &impl ProvideErrorMetadata) -> String {
    format!("{}: {}", error.code().unwrap_or_default(), error.message().unwrap_or_default())
}

#[tokio::test(start_paused = true)]
async fn a_rotation_is_refused_in_aws_s_words() {
    let incomplete = "versions = [{ labels = [\"AWSPENDING\"] }, { labels = [\"AWSCURRENT\"] }]";
    let deleted =
        "InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.";
    let invoke = "AccessDeniedException: Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.";
    let policy = r#"policy = '{"Statement":[{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"}]}'"#;
    let lambda = "AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role/on-call/demo is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:eu-west-1:000000000000:function:f because no identity-based policy allows the lambda:InvokeFunction action";
    let read = r#"policy = '{"Statement":[{"Effect":"Allow","Action":"secretsmanager:Describe*","Resource":"*"}]}'"#;
    for (before, keys, refused) in [
        ("", "function = \"f\"\ndeleted = \"+6d\"", deleted),
        (
            "",
            "function = \"f\"\nprimary_region = \"us-east-1\"",
            "InvalidParameterException: Operation not permitted on a replica secret. Call must be made in primary secret's region.",
        ),
        (
            "",
            "owning_service = \"rds\"\nrotation = { days = 7 }",
            "InvalidRequestException: The secret is managed by another service, and you must use that service to update it.",
        ),
        ("", "", "InvalidRequestException: No Lambda rotation function ARN is associated with this secret."),
        (policy, "function = \"f\"", lambda),
        ("[[function]]\nname = \"f\"\npolicy = \"none\"", "function = \"f\"", invoke),
        ("[[function]]\nname = \"f\"\npolicy = \"other-account\"", "function = \"f\"", invoke),
        (
            "",
            &format!("function = \"f\"\n{incomplete}"),
            "InvalidRequestException: A previous rotation isn't complete. That rotation will be reattempted.",
        ),
    ] {
        let world = world(&format!("{before}\n[[secret]]\nname = \"prod/orders/db\"\n{keys}\n"));
        assert_eq!(rotate(&world).await.as_deref(), Some(refused), "{before} {keys}");
        assert_eq!(world.moves("prod/orders/db"), [], "{keys}");
    }
    let none = world("");
    assert_eq!(
        rotate(&none).await.unwrap(),
        "ResourceNotFoundException: Secrets Manager can't find the specified secret."
    );
    let denied = rotate(&world(&format!("{read}\n[[secret]]\nname = \"prod/orders/db\""))).await.unwrap();
    assert!(
        denied.starts_with("AccessDeniedException: User: ")
            && denied.contains("perform: secretsmanager:RotateSecret on"),
        "{denied}"
    );
}

#[tokio::test(start_paused = true)]
async fn another_region_knows_no_such_secret() {
    let world = world(&secret(""));
    let config = config::Builder::from(&world.sdk_config()).region(Region::new("us-east-1"));
    let error = Client::from_conf(config.build()).rotate_secret().secret_id("prod/orders/db").send().await.unwrap_err();
    assert_eq!(told(&error), "ResourceNotFoundException: Secrets Manager can't find the specified secret.");
}

#[tokio::test(start_paused = true)]
async fn the_model_s_bounds_hold() {
    let world = world(&secret(""));
    let rules = || RotationRulesType::builder();
    let one = "ValidationException: 1 validation error detected: ";
    let bad = "InvalidParameterException: The rotation schedule is not valid.";
    let table = [
        (rules().automatically_after_days(0), format!("{one}Value '0' at 'rotationRules.automaticallyAfterDays' failed to satisfy constraint: Member must have value greater than or equal to 1")),
        (rules().automatically_after_days(1001), format!("{one}Value '1001' at 'rotationRules.automaticallyAfterDays' failed to satisfy constraint: Member must have value less than or equal to 1000")),
        (rules().automatically_after_days(3).duration("3"), format!("{one}Value '3' at 'rotationRules.duration' failed to satisfy constraint: Member must have length greater than or equal to 2")),
        (rules().automatically_after_days(3).duration("30m"), format!("{one}Value '30m' at 'rotationRules.duration' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9h]+")),
        (rules().schedule_expression("rate(3_days)"), format!("{one}Value 'rate(3_days)' at 'rotationRules.scheduleExpression' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9A-Za-z\\(\\)#\\?\\*\\-\\/, ]+")),
        (rules().schedule_expression("rate(3 days)").automatically_after_days(3), "InvalidParameterException: You can't specify both AutomaticallyAfterDays and ScheduleExpression in RotationRules.".to_owned()),
        (rules().schedule_expression("rate(3 hours)"), bad.to_owned()),
        (rules().schedule_expression("cron(30 8 * * ? *)"), bad.to_owned()),
        (rules().schedule_expression("cron(0 20 * * ? *)").duration("5h"), bad.to_owned()),
    ];
    for (rules, refused) in table {
        let rules = rules.build();
        let call = client(&world).rotate_secret().secret_id("prod/orders/db").rotation_rules(rules.clone());
        assert_eq!(told(&call.send().await.unwrap_err()), refused, "{rules:?}");
    }
    let call = client(&world).rotate_secret().secret_id("prod/orders/db").client_request_token("short");
    assert_eq!(
        told(&call.send().await.unwrap_err()),
        format!(
            "{one}Value 'short' at 'clientRequestToken' failed to satisfy constraint: Member must have length greater than or equal to 32"
        )
    );
    assert_eq!(world.moves("prod/orders/db"), []);
}

#[tokio::test(start_paused = true)]
async fn labels_move_by_name_only() {
    let versions = format!(
        "versions = [{{ id = \"{TOKEN}\", labels = [\"AWSPENDING\"], empty = true }}, {{ id = \"{OTHER}\", labels = [\"AWSCURRENT\"] }}]"
    );
    let text = format!("[[secret]]\nname = \"a\"\n{versions}");
    let world = world(&text);
    let one = "InvalidParameterException: ";
    let missing = "33333333-2222-4333-8444-555555555555";
    for (label, to, from, refused) in [
        (
            "AWSCURRENT",
            None,
            Some(OTHER),
            format!(
                "{one}You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed."
            ),
        ),
        (
            "AWSPENDING",
            None,
            None,
            format!(
                "{one}The parameter RemoveFromVersionId can't be empty. Staging label AWSPENDING is currently attached to version {TOKEN}, so you must explicitly reference that version in RemoveFromVersionId."
            ),
        ),
        (
            "AWSPENDING",
            None,
            Some(OTHER),
            format!(
                "{one}The parameter RemoveFromVersionId can't be empty. Staging label AWSPENDING is currently attached to version {TOKEN}, so you must explicitly reference that version in RemoveFromVersionId."
            ),
        ),
        (
            "AWSCURRENT",
            Some(TOKEN),
            Some(OTHER),
            format!(
                "ResourceNotFoundException: Secrets Manager can't find the specified secret value for VersionId: {TOKEN}"
            ),
        ),
        (
            "blue",
            Some(missing),
            None,
            format!(
                "ResourceNotFoundException: Secrets Manager can't find the specified secret value for VersionId: {missing}"
            ),
        ),
    ] {
        let call = client(&world).update_secret_version_stage().secret_id("a").version_stage(label);
        let call =
            call.set_move_to_version_id(to.map(str::to_owned)).set_remove_from_version_id(from.map(str::to_owned));
        assert_eq!(told(&call.send().await.unwrap_err()), refused, "{label}");
    }
    assert_eq!(world.moves("a"), []);
    let call = client(&world).update_secret_version_stage().secret_id("a").version_stage("AWSPENDING");
    call.remove_from_version_id(TOKEN).send().await.unwrap();
    assert_eq!(world.moves("a").len(), 1);
}
