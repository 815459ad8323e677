//! One signature: by what it is recognised, and what it says then.

use std::time::Duration;

use regex::{Captures, Regex};

use super::case::{Case, Spoken};
use super::sentence::Sentence;
use crate::domain::invocation::mentions;
use crate::domain::rotation::Step;
use crate::text::AwsText;

/// The group that captures the secret that rotates, and the one that captures another secret.
const OWN: &str = "arn";
const OTHER: &str = "superuser";

/// A signature of a failure in a log.
#[derive(Debug, Clone)]
pub struct Signature {
    pub(super) id: String,
    pub(super) pattern: Regex,
    pub(super) when: When,
    pub(super) cause: Sentence,
    pub(super) remedy: Sentence,
    pub(super) source: Option<String>,
}

/// What must hold beside the pattern.
#[derive(Debug, Clone, Default)]
pub(super) struct When {
    /// The steps; `None` in it stands for one that isn't known. Empty: any.
    pub(super) steps: Vec<Option<Step>>,
    /// The type of the exception. Empty: any, or none.
    pub(super) errors: Vec<String>,
    pub(super) took: Option<Took>,
    pub(super) is_setback: bool,
    pub(super) unless: Option<Regex>,
    pub(super) timed_out: bool,
}

/// How long the invocation took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Took {
    AtLeast(Duration),
    Below(Duration),
    Unknown,
}

impl Took {
    fn is(self, duration: Option<Duration>) -> bool {
        match (self, duration) {
            (Self::AtLeast(least), Some(duration)) => duration >= least,
            (Self::Below(most), Some(duration)) => duration < most,
            (Self::Unknown, duration) => duration.is_none(),
            (Self::AtLeast(_) | Self::Below(_), None) => false,
        }
    }
}

impl Signature {
    /// Its name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The expression that it is recognised by.
    pub fn pattern(&self) -> &str {
        self.pattern.as_str()
    }

    /// Why an invocation fails like that; `{name}` stands for what the pattern captures.
    pub fn cause(&self) -> String {
        self.cause.written()
    }

    /// What to do; `{name}` stands for what the pattern captures.
    pub fn remedy(&self) -> String {
        self.remedy.written()
    }

    /// Where this is written, if it says so.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// Whether it counts where it was only logged on the way to the failure.
    pub(super) fn is_setback(&self) -> bool {
        self.when.is_setback
    }

    /// Cause and remedy, if a line has it.
    pub(super) fn explain(&self, case: &Case<'_>, line: &Spoken<'_>) -> Option<[AwsText; 2]> {
        if !self.when.holds(case, line) {
            return None;
        }
        // A pattern may have the name of the step in front.
        let texts = if line.rest == line.whole { &[line.whole][..] } else { &[line.rest, line.whole] };
        let captures = texts.iter().find_map(|text| self.pattern.captures(text))?;
        if !is_of(case.secret, line.whole, &captures) {
            return None;
        }
        // What is left out by it matches the pattern first, and most don't.
        if self.when.unless.as_ref().is_some_and(|unless| case.has(|text| unless.is_match(text))) {
            return None;
        }
        Some([&self.cause, &self.remedy].map(|sentence| sentence.fill(&captures, line.whole)))
    }
}

impl When {
    /// Whether all but `unless` holds, which takes the longest.
    fn holds(&self, case: &Case<'_>, line: &Spoken<'_>) -> bool {
        let step = line.step.or(case.step);
        self.timed_out == case.timed_out
            && (self.steps.is_empty() || self.steps.contains(&step))
            && (self.errors.is_empty() || line.error.is_some_and(|error| self.errors.iter().any(|one| one == error)))
            && self.took.is_none_or(|took| took.is(case.duration))
    }
}

/// Whether the line speaks of the secret that rotates, as far as it names any; what the pattern takes for another secret
/// must be another.
fn is_of(secret: Option<&AwsText>, text: &str, captures: &Captures<'_>) -> bool {
    let Some(secret) = secret else { return true };
    let other = captures.name(OTHER).map(|group| group.as_str());
    if other.is_some_and(|other| mentions::of(other).contains(secret)) {
        return false;
    }
    let own = captures.name(OWN).map(|group| group.as_str());
    if own.is_some_and(|own| own.starts_with("arn:") && own != secret.raw()) {
        return false;
    }
    let is_meant = |named: &AwsText| named == secret || other.is_some_and(|other| mentions::of(other).contains(named));
    mentions::of(text).iter().all(is_meant)
}
