//! ListRules, DescribeRule, PutRule, EnableRule, DisableRule and DeleteRule (API_PutRule.html and the others).

use serde::Deserialize;
use serde_json::{Value, json};

use super::pattern::Pattern;
use super::{change, find, named, open, page};
use crate::demo::bus::{DEFAULT, Rule, State};
use crate::demo::page::Place;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct List {
    name_prefix: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Put {
    name: String,
    event_pattern: Option<String>,
    schedule_expression: Option<String>,
    state: Option<State>,
    description: Option<String>,
    role_arn: Option<String>,
}

/// By name.
pub(super) fn list(world: &Inner, call: &Call, input: List) -> Result<Value, Refusal> {
    let prefix = input.name_prefix.unwrap_or_default();
    let page = open(world, call, format!("ListRules {prefix}"), input.limit, input.next_token)?;
    let rules = world.bus.all();
    let after = page.after().map(|place| place.name.as_str());
    let mut shown: Vec<&Rule> = rules
        .iter()
        .filter(|rule| rule.region == call.region && rule.name.starts_with(&prefix))
        .filter(|rule| after.is_none_or(|after| rule.name.as_str() > after))
        .collect();
    shown.sort_by_key(|rule| &rule.name);
    let (found, token) = page.take(shown.into_iter(), |rule| Place { key: 0, name: rule.name.clone() });
    Ok(self::page("Rules", found.into_iter().map(|rule| shape(world, rule)), token))
}

fn shape(world: &Inner, rule: &Rule) -> Value {
    let members = [
        ("Name", json!(rule.name)),
        ("Arn", json!(rule.arn(&world.account))),
        ("EventPattern", json!(rule.pattern)),
        ("ScheduleExpression", json!(rule.schedule)),
        ("State", json!(rule.state)),
        ("Description", json!(rule.description)),
        ("RoleArn", json!(rule.role)),
        ("ManagedBy", json!(rule.managed_by)),
        ("EventBusName", json!(DEFAULT)),
    ];
    members.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value)).collect()
}

pub(super) fn describe(world: &Inner, call: &Call, input: &Value) -> Result<Value, Refusal> {
    let mut rules = world.bus.all();
    let mut shape = shape(world, find(&mut rules, call, named(input)?)?);
    if let Some(members) = shape.as_object_mut() {
        members.insert("CreatedBy".to_owned(), json!(world.account));
    }
    Ok(shape)
}

/// A rule of this name is replaced by what is put now, all but its targets: what is left out is not kept.
pub(super) fn put(world: &Inner, call: &Call, input: Put) -> Result<Value, Refusal> {
    let can_be_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if !(1..=64).contains(&input.name.len()) || !input.name.chars().all(can_be_name) {
        return Err(Refusal::common(
            "ValidationException",
            "Member 'name' must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
        ));
    }
    if input.event_pattern.is_none() && input.schedule_expression.is_none() {
        let text = "Parameter(s) EventPattern or ScheduleExpression must be specified.";
        return Err(Refusal::common("ValidationException", text));
    }
    if let Some(text) = &input.event_pattern {
        Pattern::parse(text).map_err(|wrong| invalid(&wrong))?;
    }
    let mut rule = Rule {
        name: input.name,
        region: call.region.clone(),
        pattern: input.event_pattern,
        schedule: input.schedule_expression,
        state: input.state.unwrap_or_default(),
        description: input.description,
        role: input.role_arn,
        managed_by: None,
        targets: Vec::new(),
    };
    let answer = json!({ "RuleArn": rule.arn(&world.account) });
    let mut rules = world.bus.all();
    if find(&mut rules, call, &rule.name).is_err() {
        rules.push(rule);
        return Ok(answer);
    }
    let before = change(&mut rules, call, &rule.name)?;
    rule.targets = std::mem::take(&mut before.targets);
    *before = rule;
    Ok(answer)
}

/// The code and the beginning of the text are observed; what follows is the parser's own words.
pub(super) fn invalid(wrong: &str) -> Refusal {
    Refusal::of_model("InvalidEventPatternException", &format!("Event pattern is not valid. Reason: {wrong}"))
}

pub(super) fn turn(world: &Inner, call: &Call, input: &Value, state: State) -> Result<Value, Refusal> {
    let mut rules = world.bus.all();
    change(&mut rules, call, named(input)?)?.state = state;
    Ok(json!({}))
}

/// A rule that isn't there is deleted too; one with targets is not.
pub(super) fn delete(world: &Inner, call: &Call, input: &Value) -> Result<Value, Refusal> {
    let (name, mut rules) = (named(input)?, world.bus.all());
    let Ok(rule) = find(&mut rules, call, name) else { return Ok(json!({})) };
    if rule.managed_by.is_some() && input.get("Force") != Some(&Value::Bool(true)) {
        return change(&mut rules, call, name).map(|_| json!({}));
    }
    if !rule.targets.is_empty() {
        return Err(Refusal::common("ValidationException", "Rule can't be deleted since it has targets."));
    }
    rules.retain(|rule| rule.name != name || rule.region != call.region);
    Ok(json!({}))
}
