//! A secret's metadata as named facts in AWS's words, the same in `show` and in the preview.

use chrono::{DateTime, Utc};

use super::secret::{Replica, Secret};
use super::words;
use crate::text::{ago, day, moment};

/// A name and what is to be said under it.
pub type Fact = (&'static str, String);

/// What there is to say about a secret, the most important first. Facts that AWS did not send are left out.
pub fn of(secret: &Secret, now: DateTime<Utc>) -> Vec<Fact> {
    let both = |date: DateTime<Utc>| format!("{} · {}", ago(date, now), moment(date));
    let text = |text: &Option<crate::text::AwsText>| text.as_ref().map(ToString::to_string);
    let mut facts = Vec::new();
    let mut add = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));

    add("Deletion", secret.deleted.map(both));
    add(
        "Next rotation",
        secret.next_rotation.map(|next| format!("by {} · {}", moment(next), words::next_rotation(secret, now))),
    );
    add("Last rotated", secret.last_rotated.map(both));
    add("Schedule", schedule(secret));
    add("Function", text(&secret.rotation_function));
    add("Managed by", text(&secret.owning_service));
    add("Type", text(&secret.external_type));
    add("Rotation role", secret.external_rotation.as_ref().and_then(|external| text(&external.role)));
    add("Primary Region", text(&secret.primary_region));
    add("Replicas", (!secret.replicas.is_empty()).then(|| listed(secret.replicas.iter().map(replica))));
    add("Last accessed", secret.last_accessed.map(day));
    add("Last changed", secret.last_changed.map(both));
    add("Created", secret.created.map(both));
    add("KMS key", text(&secret.kms_key));
    add("Description", text(&secret.description));
    add(
        "Tags",
        (!secret.tags.is_empty()).then(|| listed(secret.tags.iter().map(|(key, value)| format!("{key}={value}")))),
    );
    add("ARN", Some(secret.id.arn.to_string()));
    facts
}

/// The schedule as AWS has it, with the window's length, and whether it is in force.
fn schedule(secret: &Secret) -> Option<String> {
    let rules = secret.rotation_rules.as_ref()?;
    let words = rules.words()?;
    let window = rules.duration.as_ref().map_or_else(String::new, |duration| format!(", window {duration}"));
    let force = if secret.rotation_enabled == Some(true) { "" } else { " (rotation is off)" };
    Some(format!("{words}{window}{force}"))
}

fn replica(replica: &Replica) -> String {
    let status = replica.status.as_ref().map_or_else(String::new, |status| format!(" {status}"));
    let message = replica.status_message.as_ref().map_or_else(String::new, |message| format!(" ({message})"));
    format!("{}{status}{message}", replica.region)
}

fn listed(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}
