//! DescribeLogGroups (API_DescribeLogGroups.html).

use serde::Deserialize;
use serde_json::{Value, json};

use super::{arn, invalid, name, open, within};
use crate::demo::logs::{Class, Group};
use crate::demo::page::Place;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

/// The largest page, which is also the default.
const PAGE: i64 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Input {
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    log_group_class: Option<Class>,
    log_group_identifiers: Option<Vec<String>>,
    limit: Option<i64>,
    next_token: Option<String>,
}

pub(super) fn answer(world: &Inner, call: &Call, mut input: Input) -> Result<Value, Refusal> {
    if input.log_group_name_prefix.is_some() && input.log_group_name_pattern.is_some() {
        return Err(invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."));
    }
    let limit = within("limit", input.limit.unwrap_or(PAGE), 1, PAGE)?;
    let token = input.next_token.take();
    let page = open(world, call, format!("DescribeLogGroups {input:?}"), limit, token)?;
    let after = page.after().map(|place| place.name.as_str());
    let groups = world.logs.list(world.clock.utc(), after, |group, kept| {
        let shown = call.region == world.region && input.admits(world, call, group, kept);
        shown.then(|| (group.to_owned(), shape(world, call, group, kept)))
    });
    let (groups, token) = page.take(groups.into_iter(), |(name, _)| Place { key: 0, name: name.clone() });
    let groups: Value = groups.into_iter().map(|(_, shape)| shape).collect();
    let mut body = json!({ "logGroups": groups });
    if let (Some(token), Some(body)) = (token, body.as_object_mut()) {
        body.insert("nextToken".to_owned(), Value::from(token));
    }
    Ok(body)
}

impl Input {
    /// A pattern is a part of the name; both keep case (API_DescribeLogGroups.html).
    fn admits(&self, world: &Inner, call: &Call, group: &str, kept: &Group) -> bool {
        self.log_group_name_prefix.as_ref().is_none_or(|prefix| group.starts_with(prefix))
            && self.log_group_name_pattern.as_ref().is_none_or(|pattern| group.contains(pattern))
            && self.log_group_class.is_none_or(|class| class == kept.class)
            && self
                .log_group_identifiers
                .as_ref()
                .is_none_or(|ids| ids.iter().any(|id| name(world, call, id) == Some(group)))
    }
}

/// `arn` ends in `:*`, `logGroupArn` doesn't.
fn shape(world: &Inner, call: &Call, group: &str, kept: &Group) -> Value {
    let arn = arn(world, &call.region, group);
    json!({
        "logGroupName": group,
        "creationTime": kept.created.timestamp_millis(),
        "metricFilterCount": 0,
        "arn": format!("{arn}:*"),
        "storedBytes": kept.bytes,
        "logGroupClass": kept.class.word(),
        "logGroupArn": arn,
    })
}
