//! What would make somebody notice, as `aws` command lines. secdash carries none of it out.

use serde_json::{Value, json};

use super::event::{Place, SOURCE, Watched};
use super::{Alert, Catch, Coverage, Recorded, Rule, RuleState, Ruled};
use crate::domain::context::Context;
use crate::domain::handles::{placed, quoted};

/// A trail's bucket, where only a person can know it.
const BUCKET: &str = "YOUR-BUCKET";

/// The name of a trail that is made.
const TRAIL: &str = "secdash-management-events";

/// A rule's targets have ids; this is the one of a target that is added here.
pub(super) const TARGET_ID: &str = "secdash";

/// One thing that would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it does, as a sentence.
    pub does: String,
    /// The command lines, in their order, for a POSIX shell.
    pub lines: Vec<String>,
    /// Whether somebody is told of deletions and failed rotations without it too.
    pub is_extra: bool,
}

/// A rule to be made.
pub(super) struct NewRule {
    name: String,
    /// What a template calls it.
    pub(super) logical_id: &'static str,
    pub(super) events: Vec<Watched>,
    is_extra: bool,
}

impl Coverage {
    /// What would make somebody notice what is not noticed now, each event to this target. What isn't known is not
    /// mended: a rule that is put takes the place of one that has its name.
    pub fn steps(&self, target: Option<&str>) -> Vec<Step> {
        let target = self.target(target);
        let mut steps: Vec<Step> = self.trail_step().into_iter().collect();
        for alert in self.main().filter(|alert| alert.ruled > Ruled::Unknown) {
            steps.extend(self.mendable(alert).map(|rule| self.mend(rule, alert.watched, &target)));
        }
        steps.extend(self.new_rules().iter().map(|rule| self.make(rule, &target)));
        steps.extend(self.deaf_to_reads().map(|rule| self.hear_reads(rule)));
        steps
    }

    /// The target that was given, or one to be filled in.
    pub fn target(&self, given: Option<&str>) -> String {
        let Place { partition, region, account } = self.place();
        given.map_or_else(|| format!("arn:{partition}:sns:{region}:{account}:YOUR-TOPIC"), str::to_owned)
    }

    /// What a person must see to before the commands are of use.
    pub fn notes(&self, target: Option<&str>) -> Vec<String> {
        let given = target;
        let target = self.target(target);
        let steps = self.steps(given);
        let is_named = |word: &str| steps.iter().flat_map(|step| &step.lines).any(|line| line.contains(word));
        let mut notes = Vec::new();
        if is_named(&target) {
            let fill_in = "Put the ARN of your own target in the place of the one with YOUR-TOPIC, or give it to `secdash alerts --target ARN`.";
            notes.extend(given.is_none().then(|| fill_in.to_owned()));
            notes.extend(admission(&target));
        }
        if is_named(BUCKET) {
            notes.push(format!(
                "Put the name of an S3 bucket in the place of {BUCKET}; its policy must let cloudtrail.amazonaws.com write."
            ));
        }
        notes
    }

    fn place(&self) -> Place {
        let facts = &self.facts;
        let known = facts.rules.first().map(|rule| rule.arn.raw());
        let place = Place::of(&facts.context.region, known);
        match &facts.account {
            Some(account) => Place { account: account.raw().to_owned(), ..place },
            None => place,
        }
    }

    /// What brings the events of this Region to EventBridge.
    fn trail_step(&self) -> Option<Step> {
        let context = &self.facts.context;
        let step = |does: String, lines| Some(Step { does, lines, is_extra: false });
        match self.recorded {
            Recorded::Logging | Recorded::Unknown => None,
            Recorded::NoTrail => {
                let made = format!(
                    "aws cloudtrail create-trail --name {TRAIL} --s3-bucket-name {BUCKET} --is-multi-region-trail"
                );
                let on = format!("aws cloudtrail start-logging --name {TRAIL}");
                let does = "make a trail of all Regions, which brings the events to EventBridge, and let it log";
                step(does.to_owned(), vec![placed(made, context), placed(on, context)])
            }
            Recorded::Stopped => {
                let trail = self.trails().next()?;
                // Only the home Region may turn it on.
                // Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartLogging.html>
                let home = Context { region: trail.home.raw().to_owned(), ..(**context).clone() };
                let line = format!("aws cloudtrail start-logging --name {}", quoted(trail.arn.raw()));
                let whose =
                    if trail.is_organization { ", which is for the organization's management account" } else { "" };
                step(format!("let the trail `{}` log again{whose}", trail.name), vec![placed(line, &home)])
            }
        }
    }

    /// The rule that is as good as there: it lacks a target, or is turned off, or both.
    fn mendable(&self, alert: &Alert) -> Option<&Rule> {
        self.facts.rules.iter().find(|rule| {
            let is_whole = rule.catch(alert.watched) == Some(&Catch::All);
            let is_known = matches!(rule.state, RuleState::Enabled | RuleState::EnabledForAll | RuleState::Disabled);
            is_whole && is_known && rule.managed_by.is_none() && matches!(rule.targets, Some(Ok(_)))
        })
    }

    fn mend(&self, rule: &Rule, watched: Watched, target: &str) -> Step {
        let (context, name) = (&self.facts.context, quoted(rule.name.raw()));
        let is_off = rule.state == RuleState::Disabled;
        let lacks_target = rule.targets.as_ref().is_some_and(|targets| targets.as_ref().is_ok_and(Vec::is_empty));
        let mut lines = Vec::new();
        if lacks_target {
            lines.push(self.put_targets(&name, target));
        }
        if is_off {
            lines.push(placed(format!("aws events enable-rule --name {name}"), context));
        }
        let does = match (is_off, lacks_target) {
            (true, true) => "give a rule a target and turn it on",
            (true, false) => "turn a rule on",
            _ => "give a rule a target",
        };
        Step { does: format!("{does}: `{}` catches {} then", rule.name, watched.name()), lines, is_extra: false }
    }

    /// The rules that are to be made, since none is there that could be mended.
    fn new_rules(&self) -> Vec<NewRule> {
        self.missing(|alert| self.mendable(alert).is_none())
    }

    /// The same for a stack, which can mend nothing that is not its own.
    pub(super) fn rules_of_a_stack(&self) -> Vec<NewRule> {
        self.missing(|_| true)
    }

    fn missing(&self, is_to_make: impl Fn(&Alert) -> bool) -> Vec<NewRule> {
        let lacks = |watched: Watched| {
            let alert = self.alert(watched).filter(|alert| alert.ruled > Ruled::Unknown)?;
            Some((watched, is_to_make(alert)))
        };
        let mut rules = Vec::new();
        if let Some((watched, true)) = lacks(Watched::DeleteSecret) {
            rules.push(self.new_rule("secdash-DeleteSecret", "SecretDeleted", vec![watched], false));
        }
        let failures = [Watched::RotationFailed, Watched::RotationAbandoned, Watched::TestRotationFailed];
        let main = lacks(Watched::RotationFailed);
        let to_make: Vec<_> =
            failures.into_iter().filter_map(lacks).filter(|(_, make)| *make).map(|(one, _)| one).collect();
        // What is mended for one of them may be mended for the others by that.
        let waits = matches!(main, Some((_, false)));
        if !to_make.is_empty() && !waits {
            rules.push(self.new_rule("secdash-RotationFailed", "RotationFailed", to_make, main.is_none()));
        }
        rules
    }

    /// A name that no rule of the bus has: `put-rule` would take that rule's place.
    fn new_rule(&self, name: &str, logical_id: &'static str, events: Vec<Watched>, is_extra: bool) -> NewRule {
        let facts = &self.facts;
        let all = || facts.rules.iter().map(|rule| &rule.name).chain(&facts.others);
        let is_taken = |name: &str| all().any(|taken| taken.raw() == name);
        let names = std::iter::once(name.to_owned()).chain((2..).map(|n| format!("{name}-{n}")));
        let name = names.into_iter().find(|name| !is_taken(name)).unwrap_or_default();
        NewRule { name, logical_id, events, is_extra }
    }

    fn make(&self, rule: &NewRule, target: &str) -> Step {
        let put = format!(
            "aws events put-rule --name {} --description {} --event-pattern {} --state ENABLED",
            quoted(&rule.name),
            quoted(&description(&rule.events)),
            quoted(&pattern(&rule.events).to_string())
        );
        let names: Vec<_> = rule.events.iter().map(|event| event.name()).collect();
        Step {
            does: format!("make a rule that catches {} of every secret", crate::text::listed(&names)),
            lines: vec![placed(put, &self.facts.context), self.put_targets(&quoted(&rule.name), target)],
            is_extra: rule.is_extra,
        }
    }

    fn put_targets(&self, quoted_rule: &str, target: &str) -> String {
        let one = quoted(&format!("Id={TARGET_ID},Arn={target}"));
        placed(format!("aws events put-targets --rule {quoted_rule} --targets {one}"), &self.facts.context)
    }

    /// Everything is put again, for PutRule keeps nothing that is left out.
    /// Source: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html>
    fn hear_reads(&self, rule: &Rule) -> Step {
        let mut line = format!(
            "aws events put-rule --name {} --event-pattern {} --state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
            quoted(rule.name.raw()),
            quoted(rule.pattern.raw())
        );
        let kept = [
            ("--schedule-expression", &rule.schedule),
            ("--description", &rule.description),
            ("--role-arn", &rule.role),
        ];
        for (flag, value) in kept {
            if let Some(value) = value {
                line.push_str(&format_args!(" {flag} {}", quoted(value.raw())).to_string());
            }
        }
        Step {
            does: format!(
                "let reads of secrets come as far as the rule `{}`; each one goes to its targets and is paid for",
                rule.name
            ),
            lines: vec![placed(line, &self.facts.context)],
            is_extra: true,
        }
    }
}

/// The pattern of a rule that catches these events of every secret.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html>
pub(super) fn pattern(events: &[Watched]) -> Value {
    let names: Vec<_> = events.iter().map(|event| event.name()).collect();
    let kind = events.first().map(|event| event.detail_type()).unwrap_or_default();
    json!({
        "source": ["aws.secretsmanager"],
        "detail-type": [kind],
        "detail": { "eventSource": [SOURCE], "eventName": names },
    })
}

pub(super) fn description(events: &[Watched]) -> String {
    let what = if events.contains(&Watched::DeleteSecret) {
        "that a secret was deleted"
    } else {
        "that a rotation went wrong"
    };
    format!("Tells {what}")
}

/// What must let EventBridge in, by the kind of target.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html>
fn admission(target: &str) -> Option<String> {
    let needs = match target.split(':').nth(2)? {
        "sns" => {
            "The topic's policy must let events.amazonaws.com do sns:Publish: a rule whose target refuses it tells nobody"
        }
        "sqs" => "The queue's policy must let events.amazonaws.com do sqs:SendMessage",
        "lambda" => "The function's policy must let events.amazonaws.com do lambda:InvokeFunction",
        _ => "The target must let EventBridge in, by its own policy or by a role",
    };
    Some(format!("{needs}. secdash doesn't look at that."))
}
