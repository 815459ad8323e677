//! The rotation function as the service meets it: which one it is, and whether the service may invoke it.

use serde_json::Value;

use crate::demo::function::Function;
use crate::demo::world::Inner;

const SERVICE: &str = "secretsmanager.amazonaws.com";
const INVOKE: [&str; 3] = ["lambda:InvokeFunction", "lambda:*", "*"];

/// The function of a secret; one that no scenario describes is as the console makes it.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Called {
    pub(in crate::demo) function: Function,
    pub(in crate::demo) arn: String,
    /// It's of this account and Region: its log is here.
    pub(in crate::demo) is_ours: bool,
    /// Whether a scenario describes it.
    is_described: bool,
}

impl Called {
    /// By name or ARN.
    pub(in crate::demo) fn of(world: &Inner, id: &str) -> Self {
        let arn = world.function_arn(id);
        let is_ours = arn.starts_with(&world.function_arn(""));
        let name = arn.split(':').nth(6).unwrap_or(id).to_owned();
        let known = world.functions.find(id).filter(|_| is_ours).cloned();
        let is_described = known.is_some();
        let function = known.unwrap_or_else(|| Function::plain(&name, world.clock.started()));
        Self { function, arn, is_ours, is_described }
    }

    /// Whether the function's policy lets the service invoke it for this secret. What nobody describes does.
    pub(in crate::demo) fn admits(&self, world: &Inner, secret_arn: &str) -> bool {
        if !self.is_described || !self.function.exists {
            return true;
        }
        let policy = self.function.policy.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let Some(policy) = policy else { return false };
        let statements = list(policy.get("Statement"));
        statements.iter().any(|statement| allows(statement, &world.account, secret_arn))
    }
}

/// Whether a statement allows the service to invoke the function
/// (rotating-secrets-required-permissions-function.html).
fn allows(statement: &Value, account: &str, secret_arn: &str) -> bool {
    let principal = statement.get("Principal");
    let service = principal.and_then(|principal| principal.get("Service"));
    let is_for = principal.and_then(Value::as_str) == Some("*") || texts(service).contains(&SERVICE);
    let does = texts(statement.get("Action")).iter().any(|action| INVOKE.contains(action));
    let conditions = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
    let mut keys = conditions.filter_map(|(_, keys)| keys.as_object()).flatten();
    let holds = keys.all(|(key, value)| match key.to_lowercase().as_str() {
        "aws:sourceaccount" => texts(Some(value)).contains(&account),
        "aws:sourcearn" => texts(Some(value)).iter().any(|pattern| fits(pattern, secret_arn)),
        _ => false,
    });
    statement.get("Effect").and_then(Value::as_str) == Some("Allow") && is_for && does && holds
}

/// A `*` at the end stands for anything.
fn fits(pattern: &str, arn: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == arn, |front| arn.starts_with(front))
}

fn list(value: Option<&Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(list)) => list.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    }
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(one) => one.as_str().into_iter().collect(),
        None => Vec::new(),
    }
}
