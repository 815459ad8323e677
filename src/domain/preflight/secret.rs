//! Rules about the secret itself: whether AWS would take the call at all.

use super::{Check, Facts, Purpose, Rule};
use crate::domain::fault::Fault;
use crate::domain::pending::Judgement;
use crate::domain::permission::Operation;
use crate::domain::secret::{Kind, RotationRules};
use crate::domain::version::{Pending, Value};
use crate::text::{ago, moment, span};

pub(super) fn checks(purpose: Purpose, facts: &Facts<'_>) -> Vec<Check> {
    let rules = [
        Some(deletion(facts)),
        replica(facts),
        managed(facts),
        external(facts),
        configured(facts).filter(|_| purpose.rotates()),
        enabled(purpose, facts),
        Some(pending(purpose, facts)),
        attempts(facts).filter(|_| purpose.rotates()),
    ];
    rules.into_iter().flatten().chain(not_learned(facts)).collect()
}

/// What could not be learned about the secret.
pub(super) fn not_learned(facts: &Facts<'_>) -> impl Iterator<Item = Check> {
    facts.faults.iter().filter_map(|fault| unseen(facts, fault))
}

/// Marked for deletion: most operations fail until it is restored.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
fn deletion(facts: &Facts<'_>) -> Check {
    let Some(date) = facts.secret.deleted else { return Rule::Deletion.fine("It isn't marked for deletion.") };
    let when = if date > facts.now {
        format!("and gone in {}, after {}", span(date - facts.now), moment(date))
    } else {
        "and its recovery window is over".to_owned()
    };
    let sentence = format!("It is marked for deletion, {when}: AWS refuses until it is restored.");
    Rule::Deletion.stops(sentence).then("restore it first (RestoreSecret)")
}

/// A replica: only the primary rotates, and its value is copied.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html>
fn replica(facts: &Facts<'_>) -> Option<Check> {
    let primary = facts.secret.primary_region.as_ref().filter(|_| is(facts, Kind::Replica))?;
    let sentence = format!("It is a replica: AWS rotates the secret in {primary}, and copies its value here.");
    Some(Rule::Replica.stops(sentence).then(format!("do it in {primary}: add --region {primary}")))
}

/// Managed rotation: the service that owns it rotates it. AWS's list of errors has one for secrets that another service
/// manages, and doesn't say for which of them RotateSecret meets it.
/// Sources: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html>,
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
fn managed(facts: &Facts<'_>) -> Option<Check> {
    let service = facts.secret.owning_service.as_ref()?;
    let sentence = format!(
        "The service {service} owns it and rotates it, without a function and without a log. AWS may refuse this with \
         InvalidRequestException."
    );
    Some(Rule::Managed.warns(sentence).then(format!("if AWS refuses, do it with {service}")))
}

/// A managed external secret: there is no function to invoke and no log to follow.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/managed-external-secrets.html>
fn external(facts: &Facts<'_>) -> Option<Check> {
    let secret = facts.secret;
    if !is(facts, Kind::ManagedExternal) {
        return None;
    }
    let kind = secret.external_type.as_ref().map_or_else(String::new, |kind| format!(" ({kind})"));
    let role = secret.external_rotation.as_ref().and_then(|external| external.role.as_ref());
    let role = role.map_or_else(String::new, |role| format!(", with the role {role}"));
    let sentence =
        format!("It is a managed external secret{kind}: AWS rotates it at its partner{role}. There is no log.");
    Some(Rule::External.notice(sentence))
}

/// Whether there is anything that rotates it.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
fn configured(facts: &Facts<'_>) -> Option<Check> {
    let secret = facts.secret;
    let is_on = secret.rotation_enabled == Some(true);
    let role = secret.external_rotation.as_ref().and_then(|external| external.role.as_ref());
    if is(facts, Kind::Replica) || secret.rotation_function.is_some() || role.is_some() {
        return None;
    }
    let never = secret.rotation_enabled.is_none() && secret.rotation_rules.is_none();
    match &secret.owning_service {
        Some(service) if never => {
            let check = Rule::Configured.stops("Rotation was never configured for it.");
            return Some(check.then(format!("configure it with {service}")));
        }
        Some(_) => return None,
        None if is(facts, Kind::ManagedExternal) => {
            let check = Rule::Configured.stops("No role is set that rotates it (ExternalSecretRotationRoleArn).");
            return (!is_on).then(|| check.then("set the role and what the partner asks for"));
        }
        None => {}
    }
    let what = if never { "Rotation was never configured" } else { "No rotation function is set" };
    let says = "AWS answers “No Lambda rotation function ARN is associated with this secret.”";
    Some(Rule::Configured.stops(format!("{what}: {says}")).then("set a rotation function and a schedule first"))
}

/// Whether rotation is on. RotateSecret turns it on.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html>
fn enabled(purpose: Purpose, facts: &Facts<'_>) -> Option<Check> {
    let secret = facts.secret;
    match (purpose, secret.rotation_enabled) {
        _ if is(facts, Kind::Replica) => None,
        (Purpose::TurnOff, Some(false)) => Some(Rule::Enabled.stops("Rotation is off already.")),
        (Purpose::TurnOff, None) => Some(Rule::Enabled.stops("Rotation was never configured.")),
        (Purpose::TurnOn, Some(true)) => {
            Some(Rule::Enabled.stops("Rotation is on already.").then("`secdash rotate --test-only` runs a trial"))
        }
        (Purpose::TestOnly, Some(false) | None) if configured(facts).is_none() => {
            let check = Rule::Enabled.stops("Rotation is off, and a trial would turn it on.");
            Some(check.then("`secdash rotation on` does that, and runs the trial"))
        }
        (Purpose::Rotate, Some(false) | None) if configured(facts).is_none() => {
            let words = secret.rotation_rules.as_ref().and_then(RotationRules::words);
            let schedule = words.map_or_else(String::new, |words| format!(", with its schedule: {words}"));
            let check = Rule::Enabled.warns(format!("Rotation is off. RotateSecret turns it on again{schedule}."));
            Some(check.then("turn it off afterwards if it is to stay off"))
        }
        _ => None,
    }
}

/// An earlier rotation that isn't done: AWSPENDING is on another version than AWSCURRENT.
/// Sources: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>,
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html>
fn pending(purpose: Purpose, facts: &Facts<'_>) -> Check {
    let Pending::Other(version) = facts.secret.labels.pending() else {
        return Rule::Pending.fine("No earlier rotation is pending.");
    };
    let version = version.short();
    let since = facts.signs.since.map(|since| span(facts.now - since));
    let age = since.map_or_else(|| "is AWSPENDING".to_owned(), |since| format!("has been AWSPENDING for {since}"));
    let empty = if facts.signs.value == Value::Empty { " and has no value" } else { "" };
    let failure = facts.signs.failure.as_ref().map_or_else(String::new, |failure| {
        let step = failure.step.as_ref().map_or_else(String::new, |step| format!(" at {step}"));
        format!(" The last attempt known to have failed did so{step} {}.", ago(failure.at, facts.now))
    });
    let what = format!("Version {version} {age}{empty}");
    if purpose == Purpose::TurnOff {
        let sentence = format!(
            "{what}. If its rotation is running, it is cancelled; AWSPENDING stays there, and AWS refuses to rotate \
             until it is moved.{failure}"
        );
        return Rule::Pending.warns(sentence).then("drop AWSPENDING or promote that version afterwards");
    }
    let says = "“A previous rotation isn't complete. That rotation will be reattempted.”";
    Rule::Pending.stops(format!("{what}: AWS answers {says}{failure}")).then(way_on(facts))
}

/// What to do about a rotation that isn't done.
fn way_on(facts: &Facts<'_>) -> &'static str {
    match facts.signs.judge(facts.now) {
        _ if facts.secret.rotation_enabled != Some(true) => {
            "find out why it stopped, then drop AWSPENDING or promote it"
        }
        Judgement::Rotating => "wait until it ends",
        Judgement::Failed => "mend what made it fail, and let AWS try again",
        Judgement::Stuck => "find out why it failed; then let AWS try again, promote that version, or drop AWSPENDING",
        Judgement::Unknown => "find out from the function's log whether it runs or failed",
    }
}

/// What came of the attempts so far. LastRotatedDate is gone while rotation is off.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>
fn attempts(facts: &Facts<'_>) -> Option<Check> {
    let secret = facts.secret;
    if matches!(secret.labels.pending(), Pending::Other(_)) || is(facts, Kind::Replica) {
        return None;
    }
    let is_on = secret.rotation_enabled == Some(true);
    let last = facts.attempts.last().filter(|attempt| secret.last_rotated.is_none_or(|rotated| attempt.at > rotated));
    let Some(last) = last else {
        return (is_on && secret.last_rotated.is_none())
            .then(|| Rule::Attempts.notice("No rotation has succeeded since it was turned on."));
    };
    let step = last.step.map_or_else(String::new, |step| format!(" at {}", step.word()));
    let since = if is_on { ", and none has succeeded since" } else { "" };
    let sentence = format!("An attempt failed{step} {} ({}){since}.", ago(last.at, facts.now), moment(last.at));
    Some(Rule::Attempts.warns(sentence).then("read its log first"))
}

/// What could not be learned about the secret. Whether a version has a value matters for a pending one only.
fn unseen(facts: &Facts<'_>, fault: &Fault) -> Option<Check> {
    let is_described = facts.faults.iter().all(|fault| fault.operation != Operation::DescribeSecret);
    let what = match fault.operation {
        Operation::DescribeSecret => "how the secret is now; the list that this rests on may be minutes old",
        Operation::ListSecretVersionIds => {
            let is_pending = matches!(facts.secret.labels.pending(), Pending::Other(_));
            return (is_pending || !is_described)
                .then(|| Rule::Unseen.unseen("whether a pending version has a value", fault));
        }
        Operation::LookupEvents => "which attempts have failed",
        _ => "a part of the secret",
    };
    Some(Rule::Unseen.unseen(what, fault))
}

/// Whether it is of a kind.
pub(super) fn is(facts: &Facts<'_>, kind: Kind) -> bool {
    facts.secret.kinds().contains(&kind)
}
