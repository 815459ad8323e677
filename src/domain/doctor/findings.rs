//! What speaks against the function, and what has changed about it between the last good rotation and the first bad attempt.

use chrono::{DateTime, Utc};

use super::decision::{Case, Verdict};
use super::diagnosis::Diagnosis;
use super::facts::Facts;
use super::unlogged::Unlogged;
use crate::domain::pending::Signs;
use crate::domain::preflight::{self, Check, Grade, Preflight, Rule};
use crate::domain::trail::RotationFailure;
use crate::domain::version::{StagingLabel, Value};
use crate::text::{moment, span};

/// What the pre-flight of a rotation has against the function, and what it could not check.
pub(super) fn about_function(facts: &Facts<'_>, first: Option<DateTime<Utc>>) -> Vec<Check> {
    const RULES: [Rule; 8] = [
        Rule::Account,
        Rule::State,
        Rule::Update,
        Rule::Concurrency,
        Rule::Policy,
        Rule::Runtime,
        Rule::Timeout,
        Rule::Endpoint,
    ];
    let Facts { secret, function, now, .. } = *facts;
    let known =
        preflight::Facts { secret, signs: &Signs::UNKNOWN, function, attempts: &[], readers: None, faults: &[], now };
    let all = Preflight::of_function(known).into_iter();
    let is_worth = |check: &Check| RULES.contains(&check.rule) && !matches!(check.grade, Grade::Fine | Grade::Notice);
    let checks = all.filter(|check| function.is_some() && is_worth(check));
    changed(facts, first).into_iter().chain(checks).collect()
}

/// That Lambda lets one invocation of the function begin and may refuse the next: so few at once are reserved for it.
pub(super) fn throttles(facts: &Facts<'_>) -> Option<Check> {
    about_function(facts, None).into_iter().find(is_throttle)
}

fn is_throttle(check: &Check) -> bool {
    check.rule == Rule::Concurrency && check.grade == Grade::Warning
}

/// The first sign of the pending version (UTC): its value, or an attempt that failed before.
pub(super) fn first_sign(case: &Case, failures: &[RotationFailure]) -> Option<DateTime<Utc>> {
    let put = match case.value {
        Value::Put(at) => at,
        Value::Empty | Value::Unknown => None,
    };
    put.into_iter().chain(failures.first().map(|failure| failure.at)).min()
}

/// Whether the function was changed since the last good rotation, seen from this one's first sign. LastRotatedDate is gone
/// while rotation is off: then the date of AWSCURRENT's value stands for it, which is another moment and is called so.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>
fn changed(facts: &Facts<'_>, first: Option<DateTime<Utc>>) -> Option<Check> {
    let modified = facts.function?.configuration.as_ref().ok()?.modified?;
    let current = facts.secret.labels.version_with(&StagingLabel::Current)?;
    let put = || facts.versions?.iter().find(|version| version.id == *current)?.created;
    let rotated = facts.secret.last_rotated.map(|at| (at, "the last good rotation"));
    let (good, what) = rotated.or_else(|| Some((put()?, "AWSCURRENT got its value")))?;
    if good >= modified {
        return None;
    }
    let (when, good) = (moment(modified), format!("{what} {}", moment(good)));
    Some(match first {
        Some(first) if modified <= first => {
            let before = span(first - modified);
            let sentence = format!(
                "The function was changed {when}, after {good} and {before} before the first sign of \
                 this one: that may be why."
            );
            Rule::Changed.warns(sentence).then("see what was changed")
        }
        Some(_) => Rule::Changed.warns(format!("The function was changed {when}, after this rotation had begun.")),
        None => Rule::Changed.warns(format!("The function was changed {when}, after {good}.")),
    })
}

impl Diagnosis {
    /// What about the function may be why, where no line of the log says it: one that is never started writes none.
    pub fn perhaps(&self) -> Option<&Check> {
        let may_be_why = |check: &&Check| {
            matches!(check.rule, Rule::State | Rule::Policy | Rule::Concurrency)
                && matches!(check.grade, Grade::Stops | Grade::Warning)
        };
        let is_open = self.stuck.is_some() && self.cause.is_none();
        self.function.iter().find(may_be_why).filter(|_| is_open)
    }

    /// What about the function keeps any rotation from running, where no line says why this one failed.
    pub(super) fn keeps_from_running(&self) -> Option<&Check> {
        self.perhaps().filter(|check| check.grade == Grade::Stops)
    }

    /// What makes it likely that a setSecret without a line was never started.
    pub(super) fn not_started(&self) -> Option<&Check> {
        let (_, case) = self.stuck.as_ref()?;
        let is_it = matches!(case.unlogged, Some(Unlogged::NotStarted(_))) && case.verdict() == Verdict::Current;
        self.function.iter().find(|check| is_throttle(check)).filter(|_| is_it)
    }

    /// Whether the function was changed before the first sign of the rotation that is stuck, and after the last good one.
    pub(super) fn was_changed(&self) -> bool {
        self.function.iter().any(|check| check.rule == Rule::Changed && check.next_step.is_some())
    }
}
