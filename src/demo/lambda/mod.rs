//! AWS Lambda: what it tells about a function, in the shapes of the REST API of 2015-03-31.
//!
//! Of texts that are not documented those observed most often are used \[unverified\].

mod configuration;
mod path;

use serde_json::{Value, json};

pub(in crate::demo) use path::route;

use crate::demo::function::Function;
use crate::demo::seed::hash;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::wire::policy::Denial;
use crate::demo::world::Inner;

/// What the world knows by these names (the model's operations).
const CONFIGURATION: &str = "GetFunctionConfiguration";
const POLICY: &str = "GetPolicy";
const CONCURRENCY: &str = "GetFunctionConcurrency";

pub(in crate::demo) fn answer(world: &Inner, call: &Call, input: &Value) -> Result<Value, Refusal> {
    if ![CONFIGURATION, POLICY, CONCURRENCY].contains(&call.operation.as_str()) {
        return Err(Refusal::unknown_operation(call));
    }
    let arn = call.resource().unwrap_or_default();
    if account(arn) != Some(world.account.as_str()) {
        return Err(Refusal::denied(world, call, Denial::Foreign));
    }
    let function = find(world, call, arn).ok_or_else(|| no_such_function(call))?;
    match call.operation.as_str() {
        POLICY => policy(function),
        CONCURRENCY => {
            Ok(function.concurrency.map_or(json!({}), |count| json!({ "ReservedConcurrentExecutions": count })))
        }
        _ => Ok(configuration::answer(world, function, arn, qualifier(input).as_deref())),
    }
}

/// The function of an ARN of this account, if it is there, in the Region of the request.
fn find<'a>(world: &'a Inner, call: &Call, arn: &str) -> Option<&'a Function> {
    let is_here = call.region == world.region && arn.split(':').nth(3) == Some(world.region.as_str());
    world.functions.find(arn).filter(|function| is_here && function.exists)
}

fn policy(function: &Function) -> Result<Value, Refusal> {
    let text = "The resource you requested does not exist.";
    let policy = function.policy.as_ref().ok_or_else(|| missing(text))?;
    Ok(json!({ "Policy": policy, "RevisionId": revision(&format!("{} {policy}", function.name)) }))
}

pub(in crate::demo) fn no_such_function(call: &Call) -> Refusal {
    missing(&format!("Function not found: {}", call.resource().unwrap_or_default()))
}

fn missing(text: &str) -> Refusal {
    let mut refusal = Refusal::of_model("ResourceNotFoundException", text);
    refusal.status = 404;
    refusal
}

/// ARN of the function that a request names by its name, a part of its ARN, or its ARN, with the qualifier if it has
/// one (API_GetFunctionConfiguration.html, "Name formats").
pub(in crate::demo) fn resource(world: &Inner, region: &str, input: &Value) -> Option<String> {
    let id = input.get("FunctionName")?.as_str()?;
    let parts: Vec<&str> = id.split(':').collect();
    let (account, name, behind) = match parts.as_slice() {
        ["arn", _, "lambda", region, account, "function", name, rest @ ..] => {
            return Some(format!("{}{}", arn(region, account, name), suffix(rest.first().copied(), input)));
        }
        [account, "function", name, rest @ ..] => (*account, *name, rest),
        ["function", name, rest @ ..] | [name, rest @ ..] => (world.account.as_str(), *name, rest),
        [] => return None,
    };
    Some(format!("{}{}", arn(region, account, name), suffix(behind.first().copied(), input)))
}

fn arn(region: &str, account: &str, name: &str) -> String {
    format!("arn:aws:lambda:{region}:{account}:function:{name}")
}

fn suffix(behind: Option<&str>, input: &Value) -> String {
    let qualifier = behind.map(str::to_owned).or_else(|| qualifier(input));
    qualifier.map_or_else(String::new, |qualifier| format!(":{qualifier}"))
}

fn qualifier(input: &Value) -> Option<String> {
    input.get("Qualifier")?.as_str().map(str::to_owned)
}

fn account(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}

/// `RevisionId`: changes with what it stands for.
fn revision(of: &str) -> String {
    let (high, low) = (hash(of.as_bytes()), hash(format!("revision {of}").as_bytes()));
    uuid::Builder::from_u128((u128::from(high) << 64) | u128::from(low))
        .with_version(uuid::Version::Random)
        .into_uuid()
        .to_string()
}
