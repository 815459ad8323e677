//! Does anything here notice a deletion, or a rotation that fails? Asks CloudTrail for its trails, and EventBridge for the
//! rules of its default bus; which of them catch what, EventBridge judges itself.
//!
//! Bounded: so many rules are tested, some at once, each with an event of each kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::{StreamExt, stream};

use crate::aws::Aws;
use crate::domain::context::Context;
use crate::domain::coverage::event::{Called, Place, Subject};
use crate::domain::coverage::narrow::{Candidate, candidates, tells_callers_apart};
use crate::domain::coverage::shape::relaxed;
use crate::domain::coverage::{Catch, Coverage, Facts, Listed, Only, Rule, RuleState, Watched};
use crate::domain::fault::{Cause, Fault};
use crate::domain::secret::Secret;

/// How many rules are tested at most: a bus has 300 unless AWS was asked for more \[unverified\].
pub const RULES: usize = 300;

/// How many of them at once.
const AT_ONCE: usize = 4;

/// The name of the secret that an event is about where any is meant: one that nobody has.
const ANY: &str = "secdash/made-up";

/// What the events are about.
struct Test<'a> {
    aws: &'a Aws,
    context: &'a Arc<Context>,
    place: Place,
    subject: Subject,
    /// Whether the subject stands for any secret.
    is_any: bool,
    at: DateTime<Utc>,
}

/// Learns everything, and judges; about one secret if one is given. What can't be learned is in it.
pub async fn coverage(aws: &Aws, context: &Arc<Context>, secret: Option<&Secret>) -> Coverage {
    let (trails, listed) = tokio::join!(Box::pin(aws.trails(context)), Box::pin(aws.rules(context)));
    let Listed { mut rules, scheduled, fault: unread } = listed;
    let more = rules.split_off(rules.len().min(RULES));
    let (untested, others) =
        (more.len(), scheduled.into_iter().chain(more.into_iter().map(|rule| rule.name)).collect());
    let known = secret.map(|secret| secret.id.arn.raw()).or(rules.first().map(|rule| rule.arn.raw()));
    let place = Place::of(&context.region, known);
    let subject = match secret {
        Some(secret) => Subject { name: secret.name.raw().to_owned(), arn: secret.id.arn.raw().to_owned() },
        None => place.secret(ANY),
    };
    let account = known.map(|_| place.account.as_str().into());
    let test = Test { aws, context, place, subject, is_any: secret.is_none(), at: aws.now() };
    let rules = Box::pin(test.all(rules)).await;
    let (context, secret) = (Arc::clone(context), secret.map(|secret| secret.name.clone()));
    Coverage::of(Facts { context, secret, account, trails, rules, others, unread, untested, at: aws.now() })
}

impl Test<'_> {
    /// Tests the rules. Where nobody may test the first one, nobody may test the others.
    async fn all(&self, rules: Vec<Rule>) -> Vec<Rule> {
        let mut rest = rules.into_iter();
        let Some(first) = rest.next() else { return Vec::new() };
        let first = self.rule(first).await;
        let denied = first.catches.as_ref().err().filter(|fault| is_for_all(fault)).cloned();
        let rest: Vec<Rule> = match denied {
            Some(fault) => rest.map(|rule| Rule { catches: Err(fault.clone()), ..rule }).collect(),
            None => stream::iter(rest).map(|rule| self.rule(rule)).buffered(AT_ONCE).collect().await,
        };
        std::iter::once(first).chain(rest).collect()
    }

    async fn rule(&self, rule: Rule) -> Rule {
        let catches = self.catches(&rule).await;
        let tested = Rule { catches, ..rule };
        if tested.caught().is_empty() {
            return tested;
        }
        let targets = self.aws.targets(self.context, &tested.name).await;
        Rule { targets: Some(targets), ..tested }
    }

    async fn catches(&self, rule: &Rule) -> Result<BTreeMap<Watched, Catch>, Fault> {
        let candidates = if self.is_any { candidates(rule.pattern.raw(), &self.place) } else { Vec::new() };
        let mut catches = BTreeMap::new();
        for watched in Watched::ALL {
            // Of a disabled rule it is of no interest that it wouldn't be told of reads either.
            if watched == Watched::Read && rule.state == RuleState::Disabled {
                continue;
            }
            catches.insert(watched, self.some_or_all(rule, watched, &candidates).await?);
        }
        Ok(catches)
    }

    /// A rule may catch the event that it is tested with, or not, for what differs from event to event: then it is some that
    /// it catches.
    async fn some_or_all(&self, rule: &Rule, watched: Watched, candidates: &[Candidate]) -> Result<Catch, Fault> {
        let catch = self.catch(rule, watched, candidates).await?;
        let Some(relaxed) = relaxed(rule.pattern.raw(), watched.is_call(), self.is_any) else { return Ok(catch) };
        let some = Catch::Only(Only::Fields(relaxed.fields.iter().map(|field| field.as_str().into()).collect()));
        match catch {
            Catch::All => Ok(some),
            Catch::No => {
                let event = watched.event(&self.place, &self.subject, Called::ByName, self.at);
                // An empty pattern is none; who asks for nothing else may mean any event.
                let is_about =
                    relaxed.pattern == "{}" || self.aws.catches(self.context, &relaxed.pattern.into(), &event).await?;
                Ok(if is_about { some } else { Catch::No })
            }
            Catch::Only(_) => Ok(catch),
        }
    }

    async fn catch(&self, rule: &Rule, watched: Watched, candidates: &[Candidate]) -> Result<Catch, Fault> {
        let by_name = self.fits(rule, watched, &self.subject, Called::ByName).await?;
        let by_arn = if watched.is_call() && tells_callers_apart(rule.pattern.raw()) {
            self.fits(rule, watched, &self.subject, Called::ByArn).await?
        } else {
            by_name
        };
        match (by_name, by_arn) {
            (true, true) => return Ok(Catch::All),
            (true, false) => return Ok(Catch::Only(Only::ByName)),
            (false, true) => return Ok(Catch::Only(Only::ByArn)),
            (false, false) => {}
        }
        for candidate in candidates {
            for called in [Called::ByName, Called::ByArn] {
                if self.fits(rule, watched, &candidate.subject, called).await? {
                    return Ok(Catch::Only(Only::Secrets(candidate.shown.clone())));
                }
            }
        }
        Ok(Catch::No)
    }

    async fn fits(&self, rule: &Rule, watched: Watched, subject: &Subject, called: Called) -> Result<bool, Fault> {
        let event = watched.event(&self.place, subject, called, self.at);
        self.aws.catches(self.context, &rule.pattern, &event).await
    }
}

/// Whether the fault is none of the rule's own.
fn is_for_all(fault: &Fault) -> bool {
    fault.is_sign_in() || !matches!(fault.cause, Cause::Service { .. } | Cause::Malformed { .. } | Cause::Cut)
}
