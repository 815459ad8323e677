//! Who notices: CloudTrail's trails, and the rules of EventBridge's default event bus.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_cloudtrail::{self as cloudtrail, config::retry::RetryConfig};
use aws_sdk_eventbridge::types::{Rule as SdkRule, RuleState as SdkState};
use futures::{StreamExt, stream};

use super::config::ATTEMPTS;
use super::reading::Reading;
use super::{Aws, error};
use crate::domain::context::Context;
use crate::domain::coverage::{Listed, Rule, RuleState, Trail};
use crate::domain::fault::{Cause, Fault};
use crate::domain::permission::Operation;
use crate::text::AwsText;

/// How many trails are asked about at once. A Region has five of its own at most, and what is replicated to it.
const TRAILS: usize = 4;

/// The largest page of ListRules and ListTargetsByRule.
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html>
const PAGE: i32 = 100;

/// CloudTrail's client tries once, for the sake of LookupEvents' ration; these have none.
fn retries() -> cloudtrail::config::Builder {
    cloudtrail::config::Builder::new().retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
}

impl Aws {
    /// The trails that this Region has, shadow trails too, each with whether it logs.
    pub async fn trails(&self, context: &Arc<Context>) -> Result<Vec<Trail>, Fault> {
        let operation = Operation::DescribeTrails;
        let clients = self.clients(context, operation)?;
        let call = clients.cloudtrail.describe_trails().include_shadow_trails(true);
        let answer = call.customize().config_override(retries()).send().await;
        let answer = answer.map_err(|e| error::fault(operation, context, &e))?;
        let all = stream::iter(answer.trail_list.unwrap_or_default()).map(|trail| self.trail(context, trail));
        Ok(all.buffered(TRAILS).collect().await)
    }

    async fn trail(&self, context: &Arc<Context>, trail: cloudtrail::types::Trail) -> Trail {
        let arn: AwsText = trail.trail_arn.unwrap_or_default().into();
        Trail {
            logging: self.is_logging(context, &arn).await,
            name: trail.name.unwrap_or_default().into(),
            home: trail.home_region.unwrap_or_default().into(),
            arn,
            is_multi_region: trail.is_multi_region_trail == Some(true),
            is_organization: trail.is_organization_trail == Some(true),
            has_selectors: trail.has_custom_event_selectors == Some(true),
        }
    }

    /// Asked by ARN: a shadow trail and one of the organization have no other name here.
    async fn is_logging(&self, context: &Arc<Context>, arn: &AwsText) -> Result<bool, Fault> {
        let operation = Operation::GetTrailStatus;
        let clients = self.clients(context, operation)?;
        let call = clients.cloudtrail.get_trail_status().name(arn.raw());
        let answer = call.customize().config_override(retries()).send().await;
        let answer = answer.map_err(|e| error::fault(operation, context, &e))?;
        let unsaid = || Fault::new(operation, Cause::Malformed { detail: "IsLogging is missing".into() });
        answer.is_logging.ok_or_else(unsaid)
    }

    /// The rules of the default event bus, not yet tested.
    pub async fn rules(&self, context: &Arc<Context>) -> Listed {
        let (mut listed, mut reading) = (Listed::default(), Reading::default());
        while !reading.is_done() {
            let page = self.rules_page(context, &mut reading, &mut listed).await;
            if page.is_err() {
                listed.fault = page.err();
                break;
            }
        }
        listed
    }

    async fn rules_page(
        &self,
        context: &Arc<Context>,
        reading: &mut Reading,
        listed: &mut Listed,
    ) -> Result<(), Fault> {
        let operation = Operation::ListRules;
        let clients = self.clients(context, operation)?;
        let call = clients.eventbridge.list_rules().limit(PAGE).set_next_token(reading.next(operation)?);
        let answer = call.send().await.map_err(|e| error::fault(operation, context, &e))?;
        let page = answer.rules.unwrap_or_default();
        reading.turn(answer.next_token, !page.is_empty());
        for mut rule in page {
            match rule.event_pattern.take() {
                Some(pattern) => listed.rules.push(from_rule(rule, pattern)),
                None => listed.scheduled.push(rule.name.unwrap_or_default().into()),
            }
        }
        Ok(())
    }

    /// Whether EventBridge says that the pattern catches the event; both are JSON.
    pub async fn catches(&self, context: &Arc<Context>, pattern: &AwsText, event: &str) -> Result<bool, Fault> {
        let operation = Operation::TestEventPattern;
        let clients = self.clients(context, operation)?;
        clients.rations.patterns.turn().await;
        let call = clients.eventbridge.test_event_pattern().event_pattern(pattern.raw()).event(event);
        let answer = call.send().await.map_err(|e| error::fault(operation, context, &e))?;
        Ok(answer.result)
    }

    /// The ARNs of a rule's targets.
    pub async fn targets(&self, context: &Arc<Context>, rule: &AwsText) -> Result<Vec<AwsText>, Fault> {
        let operation = Operation::ListTargetsByRule;
        let clients = self.clients(context, operation)?;
        let call = clients.eventbridge.list_targets_by_rule().rule(rule.raw()).limit(PAGE);
        let (mut targets, mut reading) = (Vec::new(), Reading::default());
        while !reading.is_done() {
            let answer = call.clone().set_next_token(reading.next(operation)?).send().await;
            let answer = answer.map_err(|e| error::fault(operation, context, &e))?;
            let page = answer.targets.unwrap_or_default();
            reading.turn(answer.next_token, !page.is_empty());
            targets.extend(page.into_iter().map(|target| AwsText::from(target.arn)));
        }
        Ok(targets)
    }
}

fn from_rule(rule: SdkRule, pattern: String) -> Rule {
    let state = match rule.state {
        Some(SdkState::Enabled) => RuleState::Enabled,
        Some(SdkState::EnabledWithAllCloudtrailManagementEvents) => RuleState::EnabledForAll,
        Some(SdkState::Disabled) => RuleState::Disabled,
        other => RuleState::Other(other.map_or_else(String::new, |state| state.as_str().to_owned()).into()),
    };
    Rule {
        pattern: pattern.into(),
        name: rule.name.unwrap_or_default().into(),
        arn: rule.arn.unwrap_or_default().into(),
        state,
        schedule: rule.schedule_expression.map(Into::into),
        description: rule.description.map(Into::into),
        role: rule.role_arn.map(Into::into),
        managed_by: rule.managed_by.map(Into::into),
        catches: Ok(BTreeMap::new()),
        targets: None,
    }
}
