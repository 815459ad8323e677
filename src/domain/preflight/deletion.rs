//! Rules for a secret that is to be marked for deletion, or restored.

use chrono::{DateTime, TimeDelta, Utc};

use super::secret::{is, not_learned};
use super::{Check, Facts, Purpose, Rule};
use crate::domain::change::RecoveryWindow;
use crate::domain::secret::{Kind, RotationRules};
use crate::domain::version::Pending;
use crate::text::{moment, span};

pub(super) fn checks(purpose: Purpose, facts: &Facts<'_>) -> Vec<Check> {
    let deletes = purpose != Purpose::Restore;
    let rules = [
        Some(if deletes { not_yet(facts) } else { marked(facts) }),
        replica(facts).filter(|_| deletes),
        replicas(facts).filter(|_| deletes),
        managed(deletes, facts),
        external(facts).filter(|_| deletes),
        Some(pending(deletes, facts)),
    ];
    rules.into_iter().flatten().chain(not_learned(facts)).collect()
}

/// Whether it can be marked.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html>
fn not_yet(facts: &Facts<'_>) -> Check {
    let Some(date) = facts.secret.deleted else { return Rule::Deletion.fine("It isn't marked for deletion yet.") };
    let sentence = format!("It is marked for deletion already, {}.", left(date, facts.now));
    Rule::Deletion.stops(sentence).then(format!("`secdash restore {}` restores it", facts.secret.name))
}

/// Whether there is anything to restore. AWS's pages don't say what RestoreSecret answers where there isn't.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RestoreSecret.html>
fn marked(facts: &Facts<'_>) -> Check {
    match facts.secret.deleted {
        None => Rule::Deletion.stops("It isn't marked for deletion: there is nothing to restore."),
        Some(date) if date <= facts.now => {
            let sentence = format!("It is marked for deletion, {}: this may come too late.", left(date, facts.now));
            Rule::Deletion.warns(sentence).then("restore it now")
        }
        Some(date) => Rule::Deletion.notice(format!("It {}.", still(date, facts.now))),
    }
}

/// How much of a recovery window is left.
fn left(date: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if date > now {
        format!("and {}", still(date, now))
    } else {
        format!("and its recovery window ended on {}", moment(date))
    }
}

/// For how long it can be restored still.
fn still(date: DateTime<Utc>, now: DateTime<Utc>) -> String {
    format!("can be restored for {} more, until {}", span(date - now), moment(date))
}

/// A replica: AWS takes the call in the Region of the primary only.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html>
fn replica(facts: &Facts<'_>) -> Option<Check> {
    let primary = facts.secret.primary_region.as_ref().filter(|_| is(facts, Kind::Replica))?;
    let says = "“Operation not permitted on a replica secret. Call must be made in primary secret's region.”";
    let sentence = format!("It is a replica of the secret in {primary}: AWS answers {says}");
    let region = &facts.secret.id.context.region;
    let step = format!(
        "take it out of the replication in {primary}: `aws secretsmanager remove-regions-from-replication --secret-id \
         {} --remove-replica-regions {} --region {primary}`",
        facts.secret.name,
        crate::text::safe(region),
    );
    Some(Rule::Replica.stops(sentence).then(step))
}

/// A primary that has replicas can't be deleted.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html>
fn replicas(facts: &Facts<'_>) -> Option<Check> {
    let secret = facts.secret;
    let regions: Vec<_> = secret.replicas.iter().map(|replica| replica.region.to_string()).collect();
    if regions.is_empty() || is(facts, Kind::Replica) {
        return None;
    }
    let sentence =
        format!("It has replicas in {}: AWS refuses to delete a secret that still has any.", regions.join(", "));
    let step = format!(
        "take them out of the replication first: `aws secretsmanager remove-regions-from-replication --secret-id {} \
         --remove-replica-regions {} --region {}`",
        secret.name,
        regions.join(" "),
        crate::text::safe(&secret.id.context.region),
    );
    Some(Rule::Replicas.stops(sentence).then(step))
}

/// A secret that another service owns. AWS's list of errors has one for it; that DeleteSecret and RestoreSecret meet it is
/// \[unverified\]. What that service does without its secret is not to be tried.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html>
fn managed(deletes: bool, facts: &Facts<'_>) -> Option<Check> {
    let service = facts.secret.owning_service.as_ref()?;
    if deletes {
        let sentence = format!("The service {service} owns it, and needs it: only that service is to delete it.");
        return Some(Rule::Managed.stops(sentence).then(format!("delete it with {service}")));
    }
    let sentence = format!("The service {service} owns it: AWS may refuse this with InvalidRequestException.");
    Some(Rule::Managed.warns(sentence).then(format!("if AWS refuses, do it with {service}")))
}

/// A managed external secret. What a deletion here leaves at the partner is \[unverified\].
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/managed-external-secrets.html>
fn external(facts: &Facts<'_>) -> Option<Check> {
    if !is(facts, Kind::ManagedExternal) {
        return None;
    }
    let kind = facts.secret.external_type.as_ref().map_or_else(String::new, |kind| format!(" ({kind})"));
    let sentence = format!(
        "It is a managed external secret{kind}: AWS rotates it at its partner, and doesn't say what a deletion leaves \
         there. secdash doesn't delete it."
    );
    Some(Rule::External.stops(sentence).then("end it at the partner first"))
}

/// An earlier rotation that isn't done. What a marked secret refuses, it refuses its rotation function too: most
/// operations fail; that these are among them is \[unverified\].
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html>
fn pending(deletes: bool, facts: &Facts<'_>) -> Check {
    let Pending::Other(version) = facts.secret.labels.pending() else {
        return Rule::Pending.fine("No rotation is pending.");
    };
    let version = version.short();
    let since = facts.signs.since.map(|since| span(facts.now - since));
    let age = since.map_or_else(|| "is AWSPENDING".to_owned(), |since| format!("has been AWSPENDING for {since}"));
    if deletes {
        let sentence = format!(
            "Version {version} {age}: a rotation that runs can't be finished while the secret is marked, and what its \
             function has set in the database or service stays set."
        );
        return Rule::Pending.warns(sentence).then("wait until the rotation is done, or find out why it isn't");
    }
    let sentence = format!("Version {version} {age}, and still is when the secret is restored.");
    Rule::Pending.warns(sentence).then(format!("`secdash why {}` says what to do about it then", facts.secret.name))
}

/// What a deletion means. That its schedule stands still is \[unverified\]: most operations fail.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html>
pub(super) fn deleted(window: RecoveryWindow, facts: &Facts<'_>) -> Vec<Check> {
    let reads = "Every read of its value fails at once, from the call on, until it is restored.";
    let schedule = rotates(facts)
        .map(|words| Rule::Consequence.notice(format!("Its rotation, {words}, stands still while it is marked.")));
    [Some(until(window, facts.now)), Some(Rule::Consequence.notice(reads)), schedule].into_iter().flatten().collect()
}

/// Until when it can be restored.
pub(super) fn until(window: RecoveryWindow, now: DateTime<Utc>) -> Check {
    let date = now + TimeDelta::days(window.days().into());
    Rule::Window.notice(format!(
        "It can be restored until about {}; after that AWS deletes it in the background, at no guaranteed time.",
        moment(date)
    ))
}

/// What comes back. What becomes of the schedule is \[unverified\]: AWS's pages say only that the mark goes.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RestoreSecret.html>
pub(super) fn restored(facts: &Facts<'_>) -> Vec<Check> {
    if facts.secret.deleted.is_none() {
        return Vec::new();
    }
    let back = "Its versions and their labels come back as they were.";
    let schedule = rotates(facts).map(|words| {
        let sentence = format!("Its rotation is on, {words}, and should go on: look afterwards when it rotates next.");
        Rule::Consequence.notice(sentence)
    });
    let off = (facts.secret.rotation_enabled == Some(false))
        .then(|| Rule::Consequence.notice("Its rotation is off, and stays off."));
    [Some(Rule::Consequence.notice(back)), schedule, off].into_iter().flatten().collect()
}

/// How it rotates by itself, where that is on.
fn rotates(facts: &Facts<'_>) -> Option<String> {
    let secret = facts.secret;
    (secret.rotation_enabled == Some(true)).then(|| {
        secret.rotation_rules.as_ref().and_then(RotationRules::words).unwrap_or_else(|| "by a schedule".to_owned())
    })
}
