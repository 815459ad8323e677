//! GetFunctionConfiguration (API_GetFunctionConfiguration.html).

use aws_smithy_types::base64;
use serde_json::{Value, json};

use super::revision;
use crate::demo::function::{Format, Function, Logging};
use crate::demo::seed::Seed;
use crate::demo::world::Inner;

/// FunctionConfiguration of the model. Members that are not there are left out, as Lambda does.
pub(super) fn answer(world: &Inner, function: &Function, arn: &str, qualifier: Option<&str>) -> Value {
    let name = &function.name;
    let modified = function.last_modified.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string();
    let mut dice = Seed::new(0).fork(name).fork(&modified);
    let code: Vec<u8> = (0..4).flat_map(|_| dice.next().to_be_bytes()).collect();
    let mut body = json!({
        "FunctionName": name,
        "FunctionArn": arn,
        "Role": format!("arn:aws:iam::{}:role/{name}-role", world.account),
        "CodeSize": 1024 * (1 + dice.below(9000)),
        "Description": "",
        "Timeout": function.timeout,
        "MemorySize": function.memory,
        "LastModified": modified,
        "CodeSha256": base64::encode(code),
        "Version": qualifier.filter(|word| word.bytes().all(|b| b.is_ascii_digit())).unwrap_or("$LATEST"),
        "VpcConfig": vpc(function),
        "TracingConfig": { "Mode": "PassThrough" },
        "RevisionId": revision(&format!("{name} {modified}")),
        "State": function.state,
        "LastUpdateStatus": "Successful",
        "PackageType": if function.runtime.is_empty() { "Image" } else { "Zip" },
        "Architectures": ["x86_64"],
        "EphemeralStorage": { "Size": 512 },
        "SnapStart": { "ApplyOn": "None", "OptimizationStatus": "Off" },
        "LoggingConfig": logging(&function.log),
    });
    let Some(fields) = body.as_object_mut() else { return body };
    let mut add = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    if !function.runtime.is_empty() {
        add("Runtime", Value::from(function.runtime.as_ref()));
        add("Handler", Value::from("lambda_function.lambda_handler"));
    }
    if !function.environment.is_empty() {
        let variables =
            function.environment.iter().map(|(name, value)| (name.to_string(), Value::from(value.as_ref())));
        add("Environment", json!({ "Variables": Value::Object(variables.collect()) }));
    }
    if let Some((code, reason)) = &function.state_reason {
        add("StateReasonCode", Value::from(code.as_ref()));
        add("StateReason", Value::from(reason.as_ref()));
    }
    body
}

/// Empty lists where there is no VPC, as Lambda gives them.
fn vpc(function: &Function) -> Value {
    if !function.vpc {
        return json!({ "SubnetIds": [], "SecurityGroupIds": [], "VpcId": "", "Ipv6AllowedForDualStack": false });
    }
    let mut dice = Seed::new(0).fork("vpc");
    let mut id = |kind: &str| format!("{kind}-{:017x}", dice.next() >> 4);
    let (vpc, subnets) = (id("vpc"), [id("subnet"), id("subnet")]);
    json!({ "SubnetIds": subnets, "SecurityGroupIds": [id("sg")], "VpcId": vpc, "Ipv6AllowedForDualStack": false })
}

/// The levels are there in the JSON format only (API_LoggingConfig.html).
fn logging(log: &Logging) -> Value {
    match log.format {
        Format::Text => json!({ "LogFormat": "Text", "LogGroup": log.group }),
        Format::Json => json!({
            "LogFormat": "JSON",
            "ApplicationLogLevel": log.application_level,
            "SystemLogLevel": log.system_level,
            "LogGroup": log.group,
        }),
    }
}
