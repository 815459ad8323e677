//! A secret's metadata as named facts in AWS's words, the same in `show` and in the preview.

use std::fmt;

use chrono::{DateTime, Utc};

use super::schedule::{Discrepancy, Schedule, Window, upcoming};
use super::secret::{Replica, Secret};
use super::words;
use crate::text::{AwsText, ago, both_clocks, day, period};

/// A name and what is to be said under it.
pub type Fact = (&'static str, String);

/// What there is to say about a secret, the most important first. Facts that AWS did not send are left out.
/// Dates are UTC, and in the machine's time zone too if that is wished for.
pub fn of(secret: &Secret, now: DateTime<Utc>, local_times: bool) -> Vec<Fact> {
    let both = |date: DateTime<Utc>| format!("{} · {}", ago(date, now), both_clocks(date, local_times));
    let text = |text: &Option<AwsText>| text.as_ref().map(ToString::to_string);
    let mut facts = Vec::new();
    let mut add = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));

    add("Deletion", secret.deleted.map(both));
    add(
        "Next rotation",
        secret
            .next_rotation
            .map(|next| format!("{} · by {}", words::next_rotation(secret, now), both_clocks(next, local_times))),
    );
    add("Last rotated", secret.last_rotated.map(both));
    add("Schedule", schedule(secret));
    add("Next windows", windows(secret, now, local_times));
    let (name, sentence) = discrepancy(secret).unzip();
    add(name.unwrap_or_default(), sentence);
    add("Function", text(&secret.rotation_function));
    add("Owned by", text(&secret.owning_service).map(|service| format!("the service {service}")));
    add("Managed by", Manager::of(secret).map(|manager| manager.to_string()));
    add("Type", text(&secret.external_type));
    add("Rotation role", secret.external_rotation.as_ref().and_then(|external| text(&external.role)));
    add("Primary Region", text(&secret.primary_region));
    add("Replicas", (!secret.replicas.is_empty()).then(|| listed(secret.replicas.iter().map(replica))));
    add("Last accessed", secret.last_accessed.map(day));
    add("Last changed", secret.last_changed.map(both));
    add("Created", secret.created.map(both));
    add("KMS key", text(&secret.kms_key));
    add("Description", text(&secret.description));
    add("Owner", owner(secret));
    add(
        "Tags",
        (!secret.tags.is_empty()).then(|| listed(secret.tags.iter().map(|(key, value)| format!("{key}={value}")))),
    );
    add("ARN", Some(secret.id.arn.to_string()));
    facts
}

/// The schedule in words, behind it a cron expression to the letter, and whether it is in force.
fn schedule(secret: &Secret) -> Option<String> {
    let rules = secret.rotation_rules.as_ref()?;
    let words = rules.words()?;
    let is_understood = Schedule::of(rules)?.is_ok();
    let is_cron = |text: &&AwsText| is_understood && text.raw().to_ascii_lowercase().contains("cron(");
    let expression = rules.schedule_expression.as_ref().filter(is_cron);
    let window = rules.duration.as_ref().filter(|_| !is_understood).map(|duration| format!("window {duration}"));
    let is_off = secret.rotation_enabled != Some(true);
    let remarks = [expression.map(ToString::to_string), window, is_off.then(|| "rotation is off".to_owned())];
    let remarks: Vec<_> = remarks.into_iter().flatten().collect();
    Some(if remarks.is_empty() { words } else { format!("{words} ({})", remarks.join("; ")) })
}

/// The windows to come after AWS's date: as the schedule has them, if each rotation comes in its window.
fn windows(secret: &Secret, now: DateTime<Utc>, local_times: bool) -> Option<String> {
    let schedule = Schedule::of(secret.rotation_rules.as_ref()?)?.ok()?;
    let words = |window: Window| {
        if schedule.opens_at_known_hours() {
            return period(window.start, window.end, local_times);
        }
        format!("by {}", both_clocks(window.last_second(), local_times))
    };
    let windows: Vec<_> = upcoming(secret, now).take(3).map(words).collect();
    let then = if secret.next_rotation.is_some_and(|next| next >= now) { "after that " } else { "" };
    (!windows.is_empty()).then(|| format!("{then}{}", windows.join(", ")))
}

/// What doesn't fit together between the schedule and AWS's date.
fn discrepancy(secret: &Secret) -> Option<Fact> {
    let discrepancy = Discrepancy::of(secret)?;
    let name = match discrepancy {
        Discrepancy::NotUnderstood(_) => "Not understood",
        Discrepancy::OtherWindow { .. } | Discrepancy::OtherDay { .. } => "Dates differ",
    };
    Some((name, discrepancy.sentence()))
}

fn replica(replica: &Replica) -> String {
    let status = replica.status.as_ref().map_or_else(String::new, |status| format!(" {status}"));
    let message = replica.status_message.as_ref().map_or_else(String::new, |message| format!(" ({message})"));
    format!("{}{status}{message}", replica.region)
}

fn listed(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// A tool that manages a secret, and so its schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manager {
    /// CloudFormation, which sets its tags itself.
    Stack(AwsText),
    /// Terraform, where its users tag what it makes.
    Terraform,
}

impl Manager {
    /// What the tags say of it.
    pub fn of(secret: &Secret) -> Option<Self> {
        let stack = secret.tags.get(&"aws:cloudformation:stack-name".into());
        let says_terraform = || secret.tags.iter().any(|(_, value)| value.raw().eq_ignore_ascii_case("terraform"));
        stack.cloned().map(Self::Stack).or_else(|| says_terraform().then_some(Self::Terraform))
    }
}

impl fmt::Display for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stack(name) => write!(f, "the CloudFormation stack {name}"),
            Self::Terraform => f.write_str("Terraform, by its tags"),
        }
    }
}

/// Whom the tags name as its owner.
fn owner(secret: &Secret) -> Option<String> {
    let keys = ["owner", "team", "contact"];
    let tags = || secret.tags.iter();
    let find =
        |key: &str| tags().find(|(tag, _)| tag.raw().eq_ignore_ascii_case(key)).map(|(_, value)| value.to_string());
    keys.into_iter().find_map(find)
}

#[cfg(test)]
mod tests;
