//! Who notices what, as JSON. Field names are stable; text from AWS is kept to the letter.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::domain::coverage::{Alert, Catch, Coverage, Only, Rule, Step, Trail, Watched};
use crate::output::json::{FaultJson, Source};
use crate::text::{AwsText, rfc3339};

/// What `secdash alerts` prints.
#[derive(Debug, Serialize)]
pub struct Alerts<'a> {
    context: Source<'a>,
    as_of: String,
    secret: Option<&'a AwsText>,
    /// `logging`, `stopped`, `no-trail` or `unknown`.
    recorded: &'static str,
    events: Vec<AlertJson<'a>>,
    trails: Vec<TrailJson<'a>>,
    rules: Vec<RuleJson<'a>>,
    rules_not_tested: usize,
    remarks: Vec<String>,
    steps: Vec<StepJson>,
    notes: Vec<String>,
    cloudformation: Option<Value>,
    faults: Vec<FaultJson>,
}

#[derive(Debug, Serialize)]
struct AlertJson<'a> {
    event: &'static str,
    decides: bool,
    standing: &'static str,
    rules_standing: &'static str,
    rules: Vec<&'a AwsText>,
    sentence: String,
}

#[derive(Debug, Serialize)]
struct TrailJson<'a> {
    name: &'a AwsText,
    arn: &'a AwsText,
    home_region: &'a AwsText,
    multi_region: bool,
    organization: bool,
    event_selectors: bool,
    /// Null where it isn't known.
    logging: Option<bool>,
}

#[derive(Debug, Serialize)]
struct RuleJson<'a> {
    name: &'a AwsText,
    arn: &'a AwsText,
    state: String,
    managed_by: Option<&'a AwsText>,
    catches: BTreeMap<&'static str, CatchJson>,
    /// Null where they aren't known.
    targets: Option<&'a [AwsText]>,
}

#[derive(Debug, Serialize)]
struct CatchJson {
    /// `all`, `some` or `no`.
    catches: &'static str,
    only: Option<String>,
    secrets: Option<AwsText>,
}

#[derive(Debug, Serialize)]
struct StepJson {
    does: String,
    commands: Vec<String>,
    needed: bool,
}

impl<'a> Alerts<'a> {
    /// All of a coverage, with what would help, with this target.
    pub fn new(context: Source<'a>, coverage: &'a Coverage, target: Option<&str>) -> Self {
        let facts = &coverage.facts;
        Self {
            context,
            as_of: rfc3339(facts.at),
            secret: facts.secret.as_ref(),
            recorded: coverage.recorded.word(),
            events: coverage.alerts.iter().map(|alert| AlertJson::of(coverage, alert)).collect(),
            trails: coverage.trails().map(TrailJson::of).collect(),
            rules: coverage.rules().map(|(rule, _)| RuleJson::of(rule)).collect(),
            rules_not_tested: facts.untested,
            remarks: coverage.remarks(),
            steps: coverage.steps(target).into_iter().map(StepJson::of).collect(),
            notes: coverage.notes(target),
            cloudformation: coverage.cloudformation(target),
            faults: coverage.faults().into_iter().map(Into::into).collect(),
        }
    }

    /// Tells of something more that could not be learned.
    #[must_use]
    pub fn with(mut self, fault: Option<FaultJson>) -> Self {
        self.faults.extend(fault);
        self
    }
}

impl<'a> AlertJson<'a> {
    fn of(coverage: &'a Coverage, alert: &Alert) -> Self {
        let rules = alert.rules.iter().filter_map(|at| coverage.facts.rules.get(*at));
        Self {
            event: alert.watched.name(),
            decides: alert.watched.is_main(),
            standing: alert.standing.word(),
            rules_standing: alert.ruled.word(),
            rules: rules.filter(|rule| !rule.caught().is_empty()).map(|rule| &rule.name).collect(),
            sentence: coverage.sentence(alert),
        }
    }
}

impl<'a> TrailJson<'a> {
    fn of(trail: &'a Trail) -> Self {
        Self {
            name: &trail.name,
            arn: &trail.arn,
            home_region: &trail.home,
            multi_region: trail.is_multi_region,
            organization: trail.is_organization,
            event_selectors: trail.has_selectors,
            logging: trail.logging.as_ref().ok().copied(),
        }
    }
}

impl<'a> RuleJson<'a> {
    fn of(rule: &'a Rule) -> Self {
        let catches = rule.catches.iter().flatten();
        Self {
            name: &rule.name,
            arn: &rule.arn,
            state: rule.state.word(),
            managed_by: rule.managed_by.as_ref(),
            catches: catches
                .map(|(watched, catch): (&Watched, &Catch)| (watched.name(), CatchJson::of(catch)))
                .collect(),
            targets: rule.targets.as_ref().and_then(|targets| targets.as_deref().ok()),
        }
    }
}

impl CatchJson {
    fn of(catch: &Catch) -> Self {
        let only = match catch {
            Catch::Only(only) => Some(only),
            Catch::No | Catch::All => None,
        };
        let secrets = match only {
            Some(Only::Secrets(name)) => Some(name.clone()),
            _ => None,
        };
        Self { catches: catch.word(), only: only.map(Only::words), secrets }
    }
}

impl StepJson {
    fn of(step: Step) -> Self {
        Self { does: step.does, commands: step.lines, needed: !step.is_extra }
    }
}
