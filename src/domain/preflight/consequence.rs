//! What happens besides what is wished for: by itself, by other tools, and by the call.

use super::{Check, Facts, Purpose, Rule, deletion};
use crate::domain::facts::Manager;
use crate::domain::rotation::is_overdue;
use crate::domain::schedule;
use crate::domain::secret::RotationRules;
use crate::text::{moment, span};

pub(super) fn checks(purpose: Purpose, facts: &Facts<'_>) -> Vec<Check> {
    let mut checks: Vec<_> = match purpose {
        Purpose::Rotate | Purpose::Fix(..) | Purpose::Finish | Purpose::Undo => Vec::new(),
        Purpose::TestOnly => test_only(facts),
        Purpose::TurnOff => turn_off(),
        Purpose::TurnOn => turn_on(facts),
        Purpose::Delete(window) => deletion::deleted(window, facts),
        Purpose::Restore => deletion::restored(facts),
    };
    let by_itself = matches!(purpose, Purpose::Rotate | Purpose::TestOnly);
    checks.extend(window(facts).filter(|_| by_itself));
    checks.extend(manager(purpose, facts));
    checks
}

/// What a test does besides testing.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
fn test_only(facts: &Facts<'_>) -> Vec<Check> {
    let mut checks = Vec::new();
    if facts.secret.rotation_function.is_some() {
        let sentence = "Only testSecret runs, with an AWSPENDING that AWS makes for it and takes away again.";
        checks.push(Rule::Consequence.notice(sentence));
    }
    if facts.secret.rotation_rules.as_ref().is_some_and(|rules| !is_cron(rules)) {
        let sentence = "Its schedule is a rate: a rotation that is planned already may still happen.";
        checks.push(Rule::Consequence.notice(sentence).then("give it a cron schedule if that must not be"));
    }
    checks
}

fn is_cron(rules: &RotationRules) -> bool {
    let expression = rules.schedule_expression.as_ref().map_or("", |expression| expression.raw());
    expression.trim_start().to_ascii_lowercase().starts_with("cron")
}

/// What turning it off means. Whether a rotation is running is told by the rule about AWSPENDING.
/// Sources: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html>,
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>
fn turn_off() -> Vec<Check> {
    [
        "It doesn't rotate by itself any more; its schedule and its function stay set.",
        "DescribeSecret no longer tells when it last rotated and when it rotates next.",
        "The next RotateSecret turns rotation on again, whoever calls it.",
    ]
    .map(|sentence| Rule::Consequence.notice(sentence))
    .into()
}

/// What turning it on means.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
fn turn_on(facts: &Facts<'_>) -> Vec<Check> {
    let words = facts.secret.rotation_rules.as_ref().and_then(RotationRules::words);
    let schedule = words.map(|words| Rule::Consequence.notice(format!("Its schedule counts again: {words}.")));
    let sentence =
        "Turning it on is a RotateSecret with RotateImmediately=false: testSecret runs, and nothing rotates now.";
    [Some(Rule::Consequence.notice(sentence)), schedule].into_iter().flatten().collect()
}

/// When it rotates by itself.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>
fn window(facts: &Facts<'_>) -> Option<Check> {
    let (secret, now) = (facts.secret, facts.now);
    let window = schedule::next(secret, now);
    let next = secret.next_rotation.filter(|_| secret.rotation_enabled == Some(true) && secret.deleted.is_none())?;
    if is_overdue(secret, now) {
        let sentence = format!("It is overdue by {}: AWS was to rotate it by {}.", span(now - next), moment(next));
        return Some(Rule::Window.warns(sentence).then("find out why AWS's own attempts don't succeed"));
    }
    let is_open = window.is_some_and(|window| window.start <= now);
    Some(Rule::Window.notice(if is_open {
        format!("Its rotation window is open: AWS rotates it by itself by {}, at any moment.", moment(next))
    } else {
        format!("It rotates by itself within {}, by {} at the latest.", span(next - now), moment(next))
    }))
}

/// The tool that has the schedule in its keeping: what it set, its next run may set again.
fn manager(purpose: Purpose, facts: &Facts<'_>) -> Option<Check> {
    let manager = Manager::of(facts.secret)?;
    let back = match purpose {
        Purpose::Rotate | Purpose::TestOnly => {
            return Some(Rule::Manager.notice(format!("Its settings belong to {manager}.")));
        }
        Purpose::TurnOff => "on",
        Purpose::TurnOn => "off",
        Purpose::Delete(_) => {
            let check = Rule::Manager.warns(format!("It belongs to {manager}, which doesn't learn of this."));
            return Some(check.then("delete it there"));
        }
        Purpose::Restore => return Some(Rule::Manager.notice(format!("Its settings belong to {manager}."))),
        Purpose::Fix(..) | Purpose::Finish | Purpose::Undo => return None,
    };
    let sentence = format!("Its settings belong to {manager}: the next deploy may turn rotation {back} again.");
    Some(Rule::Manager.warns(sentence).then("change it there too"))
}
