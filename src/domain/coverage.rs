//! Whether anything in an account and Region notices a deletion, or a rotation that fails: what was learned of its trails
//! and of the rules of its default event bus, and what follows from it.
//!
//! An event of Secrets Manager comes to EventBridge through CloudTrail, and only where a trail records the Region.
//! Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html>

pub mod event;
mod judge;
pub mod narrow;
mod remedy;
pub mod shape;

mod stack;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use self::event::Watched;
pub use self::remedy::Step;
pub use self::words::METHOD;
use super::context::Context;
use super::fault::Fault;
use crate::text::AwsText;

/// What was learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Whose account and Region.
    pub context: Arc<Context>,
    /// The one secret that was asked about; `None`: any.
    pub secret: Option<AwsText>,
    /// The twelve digits of the account, where they are known.
    pub account: Option<AwsText>,
    /// The trails that DescribeTrails tells of here.
    pub trails: Result<Vec<Trail>, Fault>,
    /// The rules of the default event bus that have an event pattern.
    pub rules: Vec<Rule>,
    /// The names of the bus's other rules: those that only have a schedule, and those that were not tested.
    pub others: Vec<AwsText>,
    /// Why there may be more rules.
    pub unread: Option<Fault>,
    /// How many more rules there are that were not tested, since there are so many.
    pub untested: usize,
    /// When the last answer came (UTC).
    pub at: DateTime<Utc>,
}

/// The rules of the default event bus, as far as they were listed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listed {
    /// Those that have an event pattern.
    pub rules: Vec<Rule>,
    /// The names of those that only have a schedule.
    pub scheduled: Vec<AwsText>,
    /// The fault that ended the list early.
    pub fault: Option<Fault>,
}

/// A trail of CloudTrail.
#[derive(Debug, Clone, PartialEq)]
pub struct Trail {
    /// Its name.
    pub name: AwsText,
    /// Its ARN, which alone names a shadow trail.
    pub arn: AwsText,
    /// The Region in which it was made.
    pub home: AwsText,
    /// Whether it records all Regions.
    pub is_multi_region: bool,
    /// Whether it is one of the organization.
    pub is_organization: bool,
    /// Whether it has event selectors of its own, so that it may leave out events.
    pub has_selectors: bool,
    /// Whether it logs now.
    pub logging: Result<bool, Fault>,
}

impl Trail {
    /// Whether it records what happens in this Region, if it logs.
    pub fn records(&self, region: &str) -> bool {
        self.is_multi_region || self.home.raw() == region
    }
}

/// A rule of the default event bus.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name, which no other rule of the bus has.
    pub name: AwsText,
    /// Its ARN.
    pub arn: AwsText,
    /// The event pattern, JSON.
    pub pattern: AwsText,
    /// Whether events come as far as it.
    pub state: RuleState,
    /// The schedule that it has too.
    pub schedule: Option<AwsText>,
    /// What its maker says of it.
    pub description: Option<AwsText>,
    /// The ARN of the role that calls its targets.
    pub role: Option<AwsText>,
    /// The service that made it, and alone may change it.
    pub managed_by: Option<AwsText>,
    /// What it catches, by EventBridge's own judgement; an event that is not in it was not tested.
    pub catches: Result<BTreeMap<Watched, Catch>, Fault>,
    /// The ARNs of its targets; `None`: not asked, for it catches nothing.
    pub targets: Option<Result<Vec<AwsText>, Fault>>,
}

/// Whether events come as far as a rule.
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleState {
    /// All but the read-only ones of CloudTrail.
    Enabled,
    /// Those too.
    EnabledForAll,
    /// None.
    Disabled,
    /// A state that AWS has added since.
    Other(AwsText),
}

/// Whether a rule catches an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Catch {
    /// It does not.
    No,
    /// It does, whichever secret it is about.
    All,
    /// Only some such events.
    Only(Only),
}

/// Which events a rule catches only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Only {
    /// Those about secrets such as this one, whose name may have a gap (`prod/…`).
    Secrets(AwsText),
    /// Those whose caller names the secret by its name.
    ByName,
    /// Those whose caller names the secret by its ARN.
    ByArn,
    /// Those whose fields are as the pattern asks; these fields differ from event to event.
    Fields(Vec<AwsText>),
}

/// Whether the events of a Region come to EventBridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// A trail logs.
    Logging,
    /// Trails are there, but none of them logs.
    Stopped,
    /// No trail records this Region.
    NoTrail,
    /// It could not be learned.
    Unknown,
}

/// How an event stands with the rules; the better ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ruled {
    /// An enabled rule with a target catches it.
    Covered,
    /// It could not be learned.
    Unknown,
    /// An enabled rule with a target catches only some such events.
    SomeOnly,
    /// An enabled rule catches it, and has no target.
    NoTarget,
    /// A rule would catch it, and is disabled.
    Disabled,
    /// Rules catch other events of Secrets Manager, but not this one.
    OtherEvent,
    /// No rule catches any of them.
    NoRule,
}

/// How an event stands altogether.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Somebody is told.
    Covered,
    /// It could not be learned.
    Unknown,
    /// Nobody is told: no trail records this Region.
    NoTrail,
    /// Nobody is told: the trail's logging is stopped.
    NotLogging,
    /// Nobody is told, or not of every such event: what is wrong with the rules.
    Rules(Ruled),
}

/// Whether anybody is told of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Which event.
    pub watched: Watched,
    /// How the rules stand to it.
    pub ruled: Ruled,
    /// The numbers of the rules, from 0, for which that is so.
    pub rules: Vec<usize>,
    /// How it stands altogether.
    pub standing: Standing,
}

/// What was learned, and what follows.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// What was learned.
    pub facts: Facts,
    /// Whether the events of the Region come to EventBridge.
    pub recorded: Recorded,
    /// The events that want to be noticed, those that matter most first.
    pub alerts: Vec<Alert>,
}

impl Coverage {
    /// Judges.
    pub fn of(facts: Facts) -> Self {
        let recorded = judge::recorded(&facts);
        let alerts = Watched::ALERTS.into_iter().map(|watched| judge::alert(&facts, recorded, watched)).collect();
        Self { facts, recorded, alerts }
    }

    /// The alert of an event.
    pub fn alert(&self, watched: Watched) -> Option<&Alert> {
        self.alerts.iter().find(|alert| alert.watched == watched)
    }

    /// The alerts that decide: of a deletion, and of a rotation that fails.
    pub fn main(&self) -> impl Iterator<Item = &Alert> {
        self.alerts.iter().filter(|alert| alert.watched.is_main())
    }

    /// Whether nobody is told of a deletion, or of a rotation that fails.
    pub fn has_gap(&self) -> bool {
        self.main().any(Alert::is_gap)
    }

    /// Whether it isn't known of one of them.
    pub fn is_unknown(&self) -> bool {
        self.main().any(|alert| alert.standing == Standing::Unknown)
    }

    /// The trails that record this Region, if they log.
    pub fn trails(&self) -> impl Iterator<Item = &Trail> {
        let region = &self.facts.context.region;
        self.facts.trails.iter().flatten().filter(move |trail| trail.records(region))
    }

    /// The rules that catch something, with what they catch.
    pub fn rules(&self) -> impl Iterator<Item = (&Rule, Vec<Watched>)> {
        self.facts.rules.iter().map(|rule| (rule, rule.caught())).filter(|(_, caught)| !caught.is_empty())
    }

    /// The rules whose patterns catch reads of secrets, which never come as far as them.
    pub fn deaf_to_reads(&self) -> impl Iterator<Item = &Rule> {
        let catches = |rule: &Rule| matches!(rule.catch(Watched::Read), Some(Catch::All | Catch::Only(_)));
        self.facts.rules.iter().filter(move |rule| rule.state == RuleState::Enabled && catches(rule))
    }

    /// What could not be learned, each question once.
    pub fn faults(&self) -> Vec<&Fault> {
        let facts = &self.facts;
        let trails = facts.trails.iter().flatten().filter_map(|trail| trail.logging.as_ref().err());
        let tests = facts.rules.iter().filter_map(|rule| rule.catches.as_ref().err());
        let targets = facts.rules.iter().filter_map(|rule| rule.targets.as_ref()?.as_ref().err());
        let all =
            facts.trails.as_ref().err().into_iter().chain(trails).chain(&facts.unread).chain(tests).chain(targets);
        let mut once: Vec<&Fault> = Vec::new();
        for fault in all {
            if !once.iter().any(|before| before.operation == fault.operation && before.sentence() == fault.sentence()) {
                once.push(fault);
            }
        }
        once
    }
}

impl Alert {
    /// Whether nobody is told of it, or not of every such event.
    pub fn is_gap(&self) -> bool {
        !matches!(self.standing, Standing::Covered | Standing::Unknown)
    }
}

impl Rule {
    /// Whether it catches an event; `None` where that wasn't tested.
    pub fn catch(&self, watched: Watched) -> Option<&Catch> {
        self.catches.as_ref().ok()?.get(&watched)
    }

    /// What it catches, all or some of it.
    pub fn caught(&self) -> Vec<Watched> {
        let catches = self.catches.iter().flatten();
        catches.filter(|(_, catch)| **catch != Catch::No).map(|(watched, _)| *watched).collect()
    }
}

#[cfg(test)]
mod tests;
