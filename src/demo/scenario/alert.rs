//! Who notices: the trails of a scenario, and the rules of its event bus.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;
use toml::Spanned;

use super::Flaw;
use crate::demo::bus::{Bus, Rule, State};
use crate::demo::eventbridge::pattern::Pattern;
use crate::demo::trails::{Trail, Trails};

/// A trail; by default one of all Regions that is at home in the world's, and logs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "they are the members of the model")]
pub(super) struct CloudTrailKeys {
    name: String,
    home: Option<String>,
    /// Of another account where it is an organization's trail.
    account: Option<String>,
    #[serde(default = "yes")]
    multi_region: bool,
    #[serde(default)]
    organization: bool,
    /// Whether it has event selectors of its own.
    #[serde(default)]
    selectors: bool,
    #[serde(default = "yes")]
    logging: bool,
}

/// A rule of the default event bus in the world's Region.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleKeys {
    name: Spanned<String>,
    /// JSON.
    pattern: Option<Spanned<String>>,
    schedule: Option<String>,
    #[serde(default)]
    state: State,
    description: Option<String>,
    role: Option<String>,
    managed_by: Option<String>,
    /// ARNs.
    #[serde(default)]
    targets: Vec<String>,
}

fn yes() -> bool {
    true
}

pub(super) fn trails(list: Vec<Spanned<CloudTrailKeys>>, region: &str, account: &str) -> Result<Trails, Flaw> {
    let mut arns = BTreeSet::new();
    let made = list.into_iter().map(|keys| {
        let span = keys.span();
        let trail = trail(keys.into_inner(), region, account);
        if arns.insert(trail.arn()) {
            return Ok(trail);
        }
        Err(Flaw { span, message: "another trail has this name and home".to_owned() })
    });
    made.collect::<Result<_, _>>().map(Trails::new)
}

fn trail(keys: CloudTrailKeys, region: &str, account: &str) -> Trail {
    let account = keys.account.unwrap_or_else(|| account.to_owned());
    Trail {
        bucket: format!("cloudtrail-{account}"),
        name: keys.name,
        home: keys.home.unwrap_or_else(|| region.to_owned()),
        account,
        multi_region: keys.multi_region,
        organization: keys.organization,
        selectors: keys.selectors,
        logging: keys.logging,
        turned: None,
    }
}

pub(super) fn bus(list: Vec<RuleKeys>, region: &str) -> Result<Bus, Flaw> {
    let mut names = BTreeSet::new();
    let made = list.into_iter().map(|keys| {
        if !names.insert(keys.name.get_ref().clone()) {
            return Err(Flaw::at(&keys.name, "another rule has this name"));
        }
        rule(keys, region)
    });
    made.collect::<Result<_, _>>().map(Bus::new)
}

fn rule(keys: RuleKeys, region: &str) -> Result<Rule, Flaw> {
    if keys.pattern.is_none() && keys.schedule.is_none() {
        return Err(Flaw::at(&keys.name, "a rule needs a `pattern` or a `schedule`"));
    }
    if let Some(text) = &keys.pattern {
        Pattern::parse(text.get_ref()).map_err(|wrong| Flaw::at(text, wrong))?;
    }
    let target = |(at, arn): (usize, &String)| json!({ "Id": (at + 1).to_string(), "Arn": arn });
    Ok(Rule {
        targets: keys.targets.iter().enumerate().map(target).collect(),
        name: keys.name.into_inner(),
        region: region.to_owned(),
        pattern: keys.pattern.map(Spanned::into_inner),
        schedule: keys.schedule,
        state: keys.state,
        description: keys.description,
        role: keys.role,
        managed_by: keys.managed_by,
    })
}
