//! Lambda through the real SDK: configurations, policies, and functions that are gone or somebody else's.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::error::ProvideErrorMetadata;
use aws_sdk_lambda::types::{ApplicationLogLevel, LogFormat, Runtime, State, SystemLogLevel};
use serde_json::Value;

use super::world;
use crate::demo::World;

const WORLD: &str = r#"
[[secret]]
name = "a"
function = "plain"
[[secret]]
name = "b"
function = "arn:aws:lambda:eu-west-1:111122223333:function:theirs"
[[function]]
name = "gone"
missing = true
[[function]]
name = "odd"
runtime = "python3.9"
timeout = "3s"
memory = 512
state = "Inactive"
reason_code = "Idle"
reason = "The function is idle."
last_modified = "2026-11-20T09:14:00Z"
concurrency = 0
policy = "none"
environment = { SECRETS_MANAGER_ENDPOINT = "https://secretsmanager.eu-west-1.amazonaws.com" }
vpc = true
log = { group = "/custom", format = "JSON", level = "WARN", system_level = "INFO" }
[[function]]
name = "closed"
policy = "other-account"
"#;

fn client(world: &World) -> Client {
    let config = aws_sdk_lambda::config::Builder::from(&world.sdk_config());
    Client::from_conf(config.retry_config(RetryConfig::disabled()).build())
}

fn arn(name: &str) -> String {
    format!("arn:aws:lambda:eu-west-1:000000000000:function:{name}")
}

#[tokio::test(start_paused = true)]
async fn a_function_that_only_a_secret_names_is_healthy() {
    let world = world(WORLD);
    let client = client(&world);
    let function = client.get_function_configuration().function_name(arn("plain")).send().await.unwrap();
    assert_eq!((function.function_name(), function.function_arn()), (Some("plain"), Some(arn("plain").as_str())));
    assert_eq!((function.runtime(), function.state()), (Some(&Runtime::Python312), Some(&State::Active)));
    assert_eq!(
        (function.timeout(), function.memory_size(), function.version()),
        (Some(30), Some(128), Some("$LATEST"))
    );
    assert_eq!(function.last_modified(), Some("2026-05-04T09:14:00.000+0000"));
    assert!(function.vpc_config().unwrap().subnet_ids().is_empty());
    let log = function.logging_config().unwrap();
    assert_eq!((log.log_format(), log.log_group()), (Some(&LogFormat::Text), Some("/aws/lambda/plain")));
    assert_eq!(log.application_log_level(), None);
    let policy = client.get_policy().function_name("plain").send().await.unwrap();
    let policy: Value = serde_json::from_str(policy.policy().unwrap()).unwrap();
    let statement = &policy["Statement"][0];
    assert_eq!(statement["Principal"]["Service"], "secretsmanager.amazonaws.com");
    assert_eq!(statement["Condition"]["StringEquals"]["AWS:SourceAccount"], "000000000000");
    let concurrency = client.get_function_concurrency().function_name("plain").send().await.unwrap();
    assert_eq!(concurrency.reserved_concurrent_executions(), None);
    let entry = &world.journal()[1];
    assert_eq!((entry.service.as_str(), entry.operation.as_str()), ("lambda", "GetPolicy"));
    assert_eq!((&entry.request["FunctionName"], entry.status), (&Value::from("plain"), Some(200)));
}

#[tokio::test(start_paused = true)]
async fn a_function_is_told_as_its_scenario_has_it() {
    let client = client(&world(WORLD));
    let named = arn("odd:7");
    let function = client.get_function_configuration().function_name("odd").qualifier("7").send().await.unwrap();
    assert_eq!((function.function_arn(), function.version()), (Some(named.as_str()), Some("7")));
    assert_eq!((function.state(), function.state_reason()), (Some(&State::Inactive), Some("The function is idle.")));
    assert_eq!(function.last_modified(), Some("2026-11-20T09:14:00.000+0000"));
    assert_eq!(function.vpc_config().unwrap().subnet_ids().len(), 2);
    let variables = function.environment().unwrap().variables().unwrap();
    assert_eq!(variables["SECRETS_MANAGER_ENDPOINT"], "https://secretsmanager.eu-west-1.amazonaws.com");
    let log = function.logging_config().unwrap();
    assert_eq!((log.log_format(), log.log_group()), (Some(&LogFormat::Json), Some("/custom")));
    let levels = (log.application_log_level(), log.system_log_level());
    assert_eq!(levels, (Some(&ApplicationLogLevel::Warn), Some(&SystemLogLevel::Info)));
    let concurrency = client.get_function_concurrency().function_name("odd").send().await.unwrap();
    assert_eq!(concurrency.reserved_concurrent_executions(), Some(0));
    let policy = client.get_policy().function_name("closed").send().await.unwrap();
    assert!(policy.policy().unwrap().contains("\"AWS:SourceAccount\":\"999999999999\""));
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_told_apart() {
    let world = world(WORLD);
    let client = client(&world);
    for name in ["gone", "never"] {
        let error = client.get_function_configuration().function_name(arn(name)).send().await.unwrap_err();
        let text = format!("Function not found: {}", arn(name));
        assert_eq!((error.code(), error.message()), (Some("ResourceNotFoundException"), Some(text.as_str())));
        assert!(error.as_service_error().unwrap().is_resource_not_found_exception());
    }
    let error = client.get_policy().function_name("odd").send().await.unwrap_err();
    assert_eq!(error.message(), Some("The resource you requested does not exist."));
    assert_eq!(world.journal()[2].status, Some(404));
}

#[tokio::test(start_paused = true)]
async fn a_function_of_another_account_is_denied() {
    let world = world(WORLD);
    let theirs = "arn:aws:lambda:eu-west-1:111122223333:function:theirs";
    let error = client(&world).get_policy().function_name(theirs).send().await.unwrap_err();
    let text = format!(
        "User: arn:aws:sts::000000000000:assumed-role/on-call/demo is not authorized to perform: lambda:GetPolicy on resource: {theirs} because no resource-based policy allows the lambda:GetPolicy action"
    );
    assert_eq!((error.code(), error.message()), (Some("AccessDeniedException"), Some(text.as_str())));
    assert_eq!(world.journal()[0].status, Some(403));
}

#[tokio::test(start_paused = true)]
async fn policies_and_faults_count_for_lambda_too() {
    let policy = r#"policy = '{"Statement": [{"Effect": "Allow", "Action": "lambda:Get*", "Resource": "arn:aws:lambda:*:*:function:od*"}]}'"#;
    let world =
        world(&format!("{policy}\n{WORLD}\n[[fault]]\noperation = \"GetFunctionConcurrency\"\nkind = \"throttle\""));
    let client = client(&world);
    assert!(client.get_function_configuration().function_name("odd").send().await.is_ok());
    let error = client.get_function_configuration().function_name("plain").send().await.unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"));
    let error = client.get_function_concurrency().function_name("odd").send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_too_many_requests_exception());
    assert_eq!(error.message(), Some("Rate exceeded"));
}

#[tokio::test(start_paused = true)]
async fn a_generated_world_has_the_functions_that_its_secrets_name() {
    let world = World::load("secrets:50").unwrap();
    assert!(client(&world).get_policy().function_name("rotate-postgres").send().await.is_ok());
}

#[test]
fn a_scenario_describes_a_function_once_and_right() {
    let wrong = [
        "name = \"a\"\n[[function]]\nname = \"a\"",
        "name = \"a\"\ntimeout = \"16m\"",
        "name = \"a\"\nmemory = 64",
        "name = \"a\"\npolicy = \"nobody\"",
    ];
    for function in wrong {
        assert!(World::from_toml("wrong.toml", &format!("[[function]]\n{function}")).is_err(), "{function}");
    }
}
