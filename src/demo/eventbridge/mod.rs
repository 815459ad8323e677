//! Amazon EventBridge: the rules of the default event bus and their targets, in the shapes of the API of 2015-10-07.
//!
//! Texts of errors that are not AWS's own observed ones are the model's descriptions of them.

pub(in crate::demo) mod pattern;
mod rules;
mod targets;
mod test_event_pattern;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::demo::bus::{DEFAULT, Rule, State};
use crate::demo::page::Page;
use crate::demo::seed::Seed;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

/// What stands before the operation in `x-amz-target`.
pub(in crate::demo) const TARGET: &str = "AWSEvents";

/// The largest page, which is also the default (API_ListRules.html, `Limit`).
const PAGE: i64 = 100;

pub(in crate::demo) fn answer(world: &Inner, call: &Call, input: &Value) -> Result<Value, Refusal> {
    if call.operation == "TestEventPattern" {
        return test_event_pattern::answer(input);
    }
    only_default(input)?;
    match call.operation.as_str() {
        "ListRules" => rules::list(world, call, read(input)?),
        "DescribeRule" => rules::describe(world, call, input),
        "PutRule" => rules::put(world, call, read(input)?),
        "EnableRule" => rules::turn(world, call, input, State::Enabled),
        "DisableRule" => rules::turn(world, call, input, State::Disabled),
        "DeleteRule" => rules::delete(world, call, input),
        "ListTargetsByRule" => targets::list(world, call, &read(input)?),
        "PutTargets" => targets::put(world, call, read(input)?),
        "RemoveTargets" => targets::remove(world, call, &read(input)?),
        _ => Err(Refusal::unknown_operation(call)),
    }
}

/// What IAM is asked about: the rule that a request names.
pub(in crate::demo) fn resource(world: &Inner, operation: &str, region: &str, input: &Value) -> Option<String> {
    let key = if operation.contains("Targets") { "Rule" } else { "Name" };
    let name = input.get(key)?.as_str()?;
    Some(format!("arn:aws:events:{region}:{}:rule/{name}", world.account))
}

/// A bus is named by its name or its ARN.
fn only_default(input: &Value) -> Result<(), Refusal> {
    let bus = input.get("EventBusName").and_then(Value::as_str).unwrap_or(DEFAULT);
    if bus == DEFAULT || bus.ends_with(":event-bus/default") {
        return Ok(());
    }
    Err(Refusal::of_model("ResourceNotFoundException", &format!("Event bus {bus} does not exist.")))
}

/// The rule that a request names.
fn find<'a>(rules: &'a mut [Rule], call: &Call, name: &str) -> Result<&'a mut Rule, Refusal> {
    let found = rules.iter_mut().find(|rule| rule.region == call.region && rule.name == name);
    found.ok_or_else(|| {
        let text = format!("Rule {name} does not exist on EventBus {DEFAULT}.");
        Refusal::of_model("ResourceNotFoundException", &text)
    })
}

/// The same to change it; only its service may change a rule that a service has made.
fn change<'a>(rules: &'a mut [Rule], call: &Call, name: &str) -> Result<&'a mut Rule, Refusal> {
    let rule = find(rules, call, name)?;
    if rule.managed_by.is_some() {
        let text = format!("Rule {name} is a managed rule.");
        return Err(Refusal::of_model("ManagedRuleException", &text));
    }
    Ok(rule)
}

fn named(input: &Value) -> Result<&str, Refusal> {
    input.get("Name").and_then(Value::as_str).ok_or_else(Refusal::serialization)
}

/// A page of a list; the code for a token that is none is \[unverified\].
fn open(world: &Inner, call: &Call, scope: String, limit: Option<i64>, token: Option<String>) -> Result<Page, Refusal> {
    let limit = limit.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(Refusal::common("ValidationException", &format!("Limit must be from 1 to {PAGE}")));
    }
    Page::open(scope, world.page_size(Some(limit)), token, call.twist, world.roll(Seed::next))
        .map_err(|_| Refusal::common("ValidationException", "The NextToken is not valid."))
}

/// A list with the token of its next page.
fn page(key: &str, list: impl Iterator<Item = Value>, token: Option<String>) -> Value {
    let mut body = json!({ key: list.collect::<Value>() });
    if let (Some(token), Some(members)) = (token, body.as_object_mut()) {
        members.insert("NextToken".to_owned(), Value::from(token));
    }
    body
}

/// Members the operation does not have are passed over, as AWS does; a member of another type is not.
fn read<T: DeserializeOwned>(input: &Value) -> Result<T, Refusal> {
    T::deserialize(input).map_err(|_| Refusal::serialization())
}
