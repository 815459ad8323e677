//! What may be done, and how sure it is, as sentences.

use super::decision::{Offer, Verdict};
use super::diagnosis::Diagnosis;
use super::quiet::Quiet;
use crate::domain::change::{Fix, Tested};
use crate::domain::version::Value;
use crate::text::{moment, span};

/// What is left where no password works: writing a value by hand ends the rotation, and AWS takes AWSPENDING off.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html>
const RESET: &str = "reset the password at the database or service, store it with PutSecretValue, and rotate again";

impl Diagnosis {
    /// What to do, as an imperative; nothing where all is well.
    pub fn advice(&self) -> Option<String> {
        let Some((_, case)) = &self.stuck else { return self.advice_at_rest() };
        Some(match (case.verdict(), case.value) {
            (Verdict::Current, _) => "mend the cause, drop AWSPENDING, and rotate again".to_owned(),
            (Verdict::Pending, _) => {
                "mend the cause and let AWS try again, or promote the pending version; don't drop AWSPENDING".to_owned()
            }
            (Verdict::LikelyPending, _) => {
                "mend the cause and let AWS try again; promote the pending version only if a \
                                            login with it works; don't drop AWSPENDING"
                    .to_owned()
            }
            (Verdict::Neither, _) => format!(
                "open the way to the database and let AWS try again; only if no login works from a host that does reach \
                 it, {RESET}"
            ),
            (Verdict::Unknown, Value::Unknown) => self.list_first(),
            (Verdict::Unknown, Value::Empty) => "find out what the function did with it first".to_owned(),
            (Verdict::Unknown, _) => {
                let drops = case.offers().iter().any(|offer| offer.fix == Fix::Drop);
                let drop = if drops { ", drop AWSPENDING if AWSCURRENT's does" } else { "" };
                format!(
                    "log in with each password: promote the pending version if its password works{drop}; if none does, \
                     {RESET}"
                )
            }
        })
    }

    /// The versions could not be listed.
    fn list_first(&self) -> String {
        let missing = self.gaps.iter().find_map(|gap| gap.missing.filter(|_| gap.what.starts_with("the versions")));
        missing.map_or_else(
            || "ask again: the versions must be known".to_owned(),
            |action| format!("get {action}, then ask again"),
        )
    }

    /// How sure the verdict is, in few words.
    pub fn surety(&self) -> Option<&'static str> {
        let (_, case) = self.stuck.as_ref()?;
        Some(match case.verdict() {
            Verdict::Unknown => "not known",
            _ if !self.awaited.is_empty() => "not everything has answered yet",
            Verdict::Current if case.value == Value::Empty => {
                "certain that it has no value: DescribeSecret has the version, ListSecretVersionIds doesn't"
            }
            Verdict::Current if case.course.refused.is_some() => {
                "seen in the log, read without a gap since the value was put"
            }
            Verdict::Current => "inferred: a line of setSecret that never reached the log would not be seen",
            Verdict::Pending => "seen in the log; what was done to the database since was not",
            Verdict::LikelyPending if case.course.set.is_some() && case.course.tested.is_some() => {
                "setSecret was seen in the log; testSecret didn't pass"
            }
            Verdict::LikelyPending if case.course.set.is_some() => {
                "setSecret was seen in the log; how testSecret ended was not"
            }
            Verdict::LikelyPending => "inferred: testSecret runs only after setSecret has returned",
            Verdict::Neither if self.cause.is_some() => {
                "seen in the log; the cause is told by the words and how long it took"
            }
            Verdict::Neither => "seen in the log; which of both is not",
        })
    }

    /// Why a fix is not offered.
    pub(super) fn speaks_against(&self, fix: Fix) -> String {
        let headline = self.headline();
        match fix {
            Fix::Drop => format!("AWSPENDING can't be dropped safely. {headline}"),
            _ => format!("The pending version can't be promoted safely. {headline}"),
        }
    }

    pub(super) fn nothing_to_move(&self, fix: Fix) -> String {
        match fix {
            Fix::RollBack => "There is nothing to roll back to: AWSPREVIOUS is on no other version.".to_owned(),
            _ => self.nothing_pending(),
        }
    }

    /// What a person would have to say.
    pub(super) fn needs(&self, tested: Tested) -> String {
        let label = match tested {
            Tested::Pending => "AWSPENDING",
            Tested::Current => "AWSCURRENT",
            Tested::Previous => "AWSPREVIOUS",
        };
        let why = if self.stuck.is_some() {
            self.headline()
        } else {
            "That the one before works is in no evidence.".to_owned()
        };
        format!("{why} It needs your word that you logged in with the password of the version with {label}.")
    }

    /// Whether anything may run, as a sentence; nothing where nothing is pending.
    pub fn quiet(&self) -> Option<String> {
        let (_, case) = self.stuck.as_ref()?;
        let is_on = self.secret.rotation_enabled == Some(true);
        Some(match case.quiet {
            Quiet::Yes { since } if is_on => format!(
                "No attempt is seen to run; the last sign came {}. AWS may begin another one at any time.",
                moment(since)
            ),
            Quiet::Yes { since } => {
                format!("Rotation is off, and nothing is seen to run: the last sign came {}.", moment(since))
            }
            Quiet::No { until } => {
                let wait = span((until - self.at).max(chrono::TimeDelta::zero()));
                format!("An attempt may run until {}, in {wait}, if no other sign comes.", moment(until))
            }
            Quiet::Unknown if is_on => {
                "Whether an attempt runs can't be seen: AWS tries again at times that it tells nobody.".to_owned()
            }
            Quiet::Unknown => {
                "Rotation is off: AWS begins no attempt. Whether one that it began still runs can't be seen.".to_owned()
            }
        })
    }
}

impl Offer {
    /// The fix, in words for a list of ways out.
    pub fn words(&self) -> String {
        let what = match self.fix {
            Fix::Drop => "drop AWSPENDING",
            Fix::Promote => "promote the pending version",
            Fix::RollBack => "roll AWSCURRENT back",
            Fix::PutBack => "put AWSPENDING back",
        };
        let label = match self.tested {
            Some(Tested::Pending) => "AWSPENDING",
            Some(Tested::Current) => "AWSCURRENT",
            Some(Tested::Previous) => "AWSPREVIOUS",
            None => return what.to_owned(),
        };
        format!("{what}, if you logged in with the password of {label}")
    }
}
