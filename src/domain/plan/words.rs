//! A plan in words: its steps before it is confirmed, what is told as it goes, and how it ended.

use super::{Plan, PlanEnd, PlanStep, Stop};
use crate::domain::change::{Changed, Fix, Outcome, Tested};
use crate::domain::fault::Fault;
use crate::domain::version::{LabelMap, Pending, StagingLabel};
use crate::text::{moment, safe};

impl Plan {
    /// A step, as an imperative.
    pub fn words(&self, step: PlanStep) -> String {
        match step {
            PlanStep::TurnOff => "turn rotation off (CancelRotateSecret), so that AWS begins no attempt".to_owned(),
            PlanStep::Wait if self.turns_off => {
                format!(
                    "wait {} s, a minute longer than an attempt can run, so that none does",
                    self.patience().num_seconds()
                )
            }
            PlanStep::Wait => "wait until every attempt has ended".to_owned(),
            PlanStep::Look => "look again, and go on only if the verdict still allows it".to_owned(),
            PlanStep::Tidy => "take AWSPENDING off the version that AWSCURRENT leaves".to_owned(),
            PlanStep::Move => match self.fix() {
                Fix::Drop => "drop AWSPENDING".to_owned(),
                Fix::Promote => "move AWSCURRENT to the pending version".to_owned(),
                Fix::RollBack => "move AWSCURRENT back".to_owned(),
                Fix::PutBack => "put AWSPENDING back".to_owned(),
            },
            PlanStep::TurnOn => {
                "turn rotation on again (RotateSecret, RotateImmediately=false): testSecret runs once".to_owned()
            }
            PlanStep::Verify => "see that the labels are where they belong".to_owned(),
        }
    }

    /// What is still to be done once it has come to its end.
    pub fn then(&self) -> String {
        let off = self.stays_off().map_or_else(String::new, |off| format!(" {off}"));
        match self.fix() {
            Fix::Drop => format!(" The rotation itself has not been done: mend its cause, then rotate again.{off}"),
            Fix::Promote | Fix::RollBack | Fix::PutBack => off,
        }
    }

    /// That rotation was off before and is so after, as a sentence; nothing where it was on.
    fn stays_off(&self) -> Option<String> {
        let is_off = !self.turns_off && self.was_on() != Some(true);
        is_off.then(|| {
            format!(
                "Rotation was off before, and stays off: `secdash rotation on {}` turns it on, if it should be.",
                safe(&self.name)
            )
        })
    }

    /// What becomes of rotation itself, in few words; nothing where it stays on.
    pub fn rotation(&self) -> Option<&'static str> {
        match (self.turns_off, self.was_on()) {
            (true, _) => Some("turned off before it, and on again after it"),
            (false, Some(true)) => None,
            (false, _) => Some("off, and stays off"),
        }
    }

    /// On what a plan that was left half done rests, where that is a person's word.
    pub fn word(&self) -> Option<String> {
        let label = match self.tested()? {
            Tested::Pending => "AWSPENDING",
            Tested::Current => "AWSCURRENT",
            Tested::Previous => "AWSPREVIOUS",
        };
        Some(format!(
            "It rests on your word of {} that the password of {label} works. Log in once more now, and finish it only if it \
             still does.",
            moment(self.begun)
        ))
    }

    /// What to know of a plan that turns rotation off, or leaves it off.
    pub fn warning(&self) -> Option<String> {
        let text = "Should the verdict change while it waits, it stops there, and rotation stays off: AWS turns it on only \
                    once AWSPENDING is off that version, or promoted.";
        (self.turns_off && self.fix() != Fix::RollBack).then(|| text.to_owned()).or_else(|| self.stays_off())
    }
}

impl PlanStep {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::TurnOff => "turn-off",
            Self::Wait => "wait",
            Self::Look => "look",
            Self::Tidy => "tidy",
            Self::Move => "move",
            Self::TurnOn => "turn-on",
            Self::Verify => "verify",
        }
    }
}

impl PlanEnd {
    /// Whether the secret is healthy.
    pub fn is_healed(&self) -> bool {
        matches!(self, Self::Healed { still_off: None, .. })
    }

    /// What to do about what kept it from its end, as an imperative, where AWS's answer tells.
    pub fn next_step(&self) -> Option<String> {
        let fault = match self {
            Self::Healed { still_off, .. } => refusal(still_off.as_ref()?),
            Self::Stopped { why: Stop::Fault(fault), .. } => Some(fault),
            Self::Stopped { why: Stop::Call(changed), .. } => refusal(changed),
            Self::Stopped { .. } => None,
        };
        fault.map(Fault::next_step)
    }

    /// How it ended, as a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Healed { labels, still_off, at } => {
                let off = still_off.as_ref().map_or_else(String::new, |changed| {
                    format!(" Rotation could not be turned on again: {}", answer(changed))
                });
                format!("Verified {}: {}.{off}", moment(*at), where_labels_are(labels))
            }
            Self::Stopped { step, why, is_off, is_moved } => {
                let moves = matches!(step, PlanStep::Tidy | PlanStep::Move);
                let labels = match *is_moved {
                    true => "The label has moved",
                    false if moves && why.is_in_doubt() => "Whether the label has moved isn't known",
                    false => "No label has moved",
                };
                let off = if *is_off { ", and rotation is off" } else { "" };
                format!("Stopped. {} {labels}{off}.", why.sentence())
            }
        }
    }
}

/// What kept a call from being made.
fn refusal(changed: &Changed) -> Option<&Fault> {
    match &changed.outcome {
        Outcome::Refused(fault) | Outcome::NotSent(fault) | Outcome::NotDescribed(fault) => Some(fault),
        _ => None,
    }
}

/// Where AWS's labels are, in few words.
fn where_labels_are(labels: &LabelMap) -> String {
    let current = labels.version_with(&StagingLabel::Current);
    let current = current
        .map_or_else(|| "AWSCURRENT is on no version".to_owned(), |id| format!("AWSCURRENT is on {}", id.short()));
    let pending = match labels.pending() {
        Pending::None => "AWSPENDING on none".to_owned(),
        Pending::Same => "AWSPENDING on the same, which means done".to_owned(),
        Pending::Other(id) => format!("AWSPENDING on {}", id.short()),
    };
    format!("{current}, {pending}")
}

impl Stop {
    /// Why, as a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::NotAllowed(why) => why.clone(),
            Self::Call(changed) => answer(changed),
            Self::Fault(fault) => fault.sentence(),
            Self::Elsewhere(labels) => {
                format!("The labels are where this plan never put them: {}.", where_labels_are(labels))
            }
            Self::NeverQuiet => {
                "In an hour of waiting it was never quiet: an attempt runs, or AWS tries again and again.".to_owned()
            }
            Self::OldWord => {
                "An attempt may have run since you logged in with AWSCURRENT's password; nothing runs any more. \
                 Go on if it still lets you in."
                    .to_owned()
            }
            Self::NotKept(why) => format!("What is done could not be written down: {}.", safe(why)),
            Self::Word(not) => format!("{not}."),
        }
    }
}

/// What came of a call that didn't do what it should.
fn answer(changed: &Changed) -> String {
    match &changed.outcome {
        Outcome::Accepted { .. } => "AWS took the call.".to_owned(),
        Outcome::Refused(fault) | Outcome::NotSent(fault) | Outcome::NotDescribed(fault) => fault.sentence(),
        Outcome::Moved(_) => "The secret is not as it was: its labels or its rotation moved meanwhile.".to_owned(),
        Outcome::ReadOnly => "secdash is read-only here.".to_owned(),
        Outcome::Unknown(fault) => format!("It isn't known whether the call was made. {}", fault.sentence()),
    }
}
