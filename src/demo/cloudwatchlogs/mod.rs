//! Amazon CloudWatch Logs: its operations, in the shapes of the API of 2014-03-28.
//!
//! Texts of errors that are not AWS's own observed ones are the model's descriptions of them.

mod describe_log_groups;
mod filter_log_events;
mod frame;
mod pattern;
mod session;
mod start_live_tail;

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::demo::logs::{Class, Group};
use crate::demo::page::Page;
use crate::demo::seed::Seed;
use crate::demo::wire::answer::{Answer, Refusal};
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

/// What stands before the operation in `x-amz-target`.
pub(in crate::demo) const TARGET: &str = "Logs_20140328";

pub(in crate::demo) fn answer(
    world: &Arc<Inner>,
    call: &Call,
    input: &Value,
    request_id: &str,
) -> Result<Answer, Refusal> {
    let ration = format!("{} {}", call.operation, call.region);
    if per_second(call).is_some_and(|rate| !world.logs.rations.admits(&ration, rate, world.clock.elapsed())) {
        return Err(Refusal::throttled(call));
    }
    world.logs.advance(world.clock.utc());
    let body = match call.operation.as_str() {
        "DescribeLogGroups" => describe_log_groups::answer(world, call, read(input)?)?,
        "FilterLogEvents" => filter_log_events::answer(world, call, read(input)?)?,
        "StartLiveTail" => return start_live_tail::answer(world, call, read(input)?, request_id),
        _ => return Err(Refusal::unknown_operation(call)),
    };
    Ok(Answer::json(world, request_id, &body))
}

/// How often an operation may be called in a second, per account and Region (cloudwatch_limits_cwl.html).
fn per_second(call: &Call) -> Option<u32> {
    match (call.operation.as_str(), call.region.as_str()) {
        ("FilterLogEvents", "us-east-1") => Some(25),
        ("FilterLogEvents", "ap-northeast-3" | "ap-southeast-3" | "ca-west-1" | "eu-central-1" | "il-central-1") => {
            Some(5)
        }
        ("FilterLogEvents" | "DescribeLogGroups", _) => Some(10),
        ("StartLiveTail", _) => Some(5),
        _ => None,
    }
}

/// What IAM is asked about: the ARNs of the groups that a request names, with the `:*` behind them that a policy has
/// (API_LogGroup.html, "Use this version to refer to the ARN in IAM policies"). The list of groups is no resource.
pub(in crate::demo) fn resources(world: &Inner, operation: &str, region: &str, input: &Value) -> Vec<String> {
    if operation == "DescribeLogGroups" {
        return Vec::new();
    }
    let one = ["logGroupName", "logGroupIdentifier"].into_iter().filter_map(|key| input.get(key));
    let several = input.get("logGroupIdentifiers").and_then(Value::as_array).into_iter().flatten();
    let names = one.chain(several).filter_map(Value::as_str);
    names
        .map(|name| if name.starts_with("arn:") { name.to_owned() } else { arn(world, region, name) })
        .map(|arn| format!("{}:*", arn.trim_end_matches(":*")))
        .collect()
}

fn arn(world: &Inner, region: &str, name: &str) -> String {
    format!("arn:aws:logs:{region}:{}:log-group:{name}", world.account)
}

/// The name in the ARN of a group of this world; a name stays what it is.
fn name<'a>(world: &Inner, call: &Call, id: &'a str) -> Option<&'a str> {
    if !id.starts_with("arn:") {
        return Some(id);
    }
    id.strip_prefix(&arn(world, &call.region, "")).filter(|name| !name.ends_with(":*"))
}

/// Reads a group of the Region of the request.
fn find<T>(world: &Inner, call: &Call, name: &str, read: impl FnOnce(&Group) -> T) -> Result<T, Refusal> {
    let found = (call.region == world.region).then(|| world.logs.read(name, world.clock.utc(), read)).flatten();
    found.ok_or_else(no_such_group)
}

pub(in crate::demo) fn no_such_group() -> Refusal {
    Refusal::common("ResourceNotFoundException", "The specified log group does not exist.")
}

fn invalid(text: &str) -> Refusal {
    Refusal::common("InvalidParameterException", text)
}

/// Observed for FilterLogEvents, <https://github.com/aws/karpenter-provider-aws/pull/9567>; for the other class and
/// the other operation by analogy \[unverified\].
fn check_class(call: &Call, name: &str, class: Class) -> Result<(), Refusal> {
    if class == Class::Standard {
        return Ok(());
    }
    let (class, operation) = (class.word(), &call.operation);
    let text =
        format!("The log group {name} is of log-group-class {class}. {operation} is not supported for this log class.");
    Err(Refusal::common("InvalidOperationException", &text))
}

/// A number within its limits, in the words of AWS's common front.
fn within(at: &str, number: i64, least: i64, most: i64) -> Result<i64, Refusal> {
    let rule = match number {
        _ if number < least => format!("greater than or equal to {least}"),
        _ if number > most => format!("less than or equal to {most}"),
        _ => return Ok(number),
    };
    let text = format!(
        "1 validation error detected: Value '{number}' at '{at}' failed to satisfy constraint: Member must have value \
         {rule}"
    );
    Err(invalid(&text))
}

fn open(world: &Inner, call: &Call, scope: String, limit: i64, token: Option<String>) -> Result<Page, Refusal> {
    Page::open(scope, world.page_size(Some(limit)), token, call.twist, world.roll(Seed::next))
        .map_err(|_| invalid("The specified nextToken is invalid."))
}

/// Members the operation does not have are passed over, as AWS does; a member of another type is not.
fn read<T: DeserializeOwned>(input: &Value) -> Result<T, Refusal> {
    T::deserialize(input).map_err(|_| Refusal::serialization())
}
