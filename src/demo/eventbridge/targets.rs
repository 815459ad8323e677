//! ListTargetsByRule, PutTargets and RemoveTargets (API_PutTargets.html and the others).

use serde::Deserialize;
use serde_json::{Value, json};

use super::{change, find, open, page};
use crate::demo::page::Place;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

/// Targets of a rule (eb-quota.html).
const MOST: usize = 5;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    rule: String,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    rule: String,
    targets: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Remove {
    rule: String,
    ids: Vec<String>,
}

/// By id.
pub(super) fn list(world: &Inner, call: &Call, input: &List) -> Result<Value, Refusal> {
    let scope = format!("ListTargetsByRule {}", input.rule);
    let page = open(world, call, scope, input.limit, input.next_token.clone())?;
    let mut rules = world.bus.all();
    let after = page.after().map(|place| place.name.as_str());
    let mut shown: Vec<&Value> = find(&mut rules, call, &input.rule)?.targets.iter().collect();
    shown.retain(|target| after.is_none_or(|after| id(target) > after));
    shown.sort_by_key(|target| id(target));
    let (found, token) = page.take(shown.into_iter(), |target| Place { key: 0, name: id(target).to_owned() });
    Ok(self::page("Targets", found.into_iter().cloned(), token))
}

/// A target of the same id is replaced. What can't be taken is told of in the answer, which is a success all the same.
pub(super) fn put(world: &Inner, call: &Call, input: Put) -> Result<Value, Refusal> {
    if input.targets.iter().any(|target| id(target).is_empty() || !arn(target).starts_with("arn:")) {
        return Err(Refusal::common(
            "ValidationException",
            "Parameter targets is not valid. Reason: each needs an Id and an ARN.",
        ));
    }
    let mut rules = world.bus.all();
    let rule = change(&mut rules, call, &input.rule)?;
    let mut failed = Vec::new();
    for target in input.targets {
        let is_full = rule.targets.len() >= MOST;
        match rule.targets.iter_mut().find(|before| id(before) == id(&target)) {
            Some(before) => *before = target,
            None if is_full => failed.push(json!({
                "TargetId": id(&target),
                "ErrorCode": "LimitExceededException",
                "ErrorMessage": "The request failed because it attempted to create resource beyond the allowed service quota.",
            })),
            None => rule.targets.push(target),
        }
    }
    Ok(json!({ "FailedEntryCount": failed.len(), "FailedEntries": failed }))
}

/// An id that no target has is passed over.
pub(super) fn remove(world: &Inner, call: &Call, input: &Remove) -> Result<Value, Refusal> {
    let mut rules = world.bus.all();
    let rule = change(&mut rules, call, &input.rule)?;
    rule.targets.retain(|target| !input.ids.iter().any(|one| one == id(target)));
    Ok(json!({ "FailedEntryCount": 0, "FailedEntries": [] }))
}

fn id(target: &Value) -> &str {
    target.get("Id").and_then(Value::as_str).unwrap_or_default()
}

fn arn(target: &Value) -> &str {
    target.get("Arn").and_then(Value::as_str).unwrap_or_default()
}
