//! How the rotations of a secret end, as its scenario says.

use std::time::Duration;

use chrono::TimeDelta;

use super::Step;

/// How a secret's rotations go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::demo) struct Behaviour {
    pub(in crate::demo) ending: Ending,
    /// Only so many attempts end like that, and the next one succeeds; `None`: all do.
    pub(in crate::demo) flaky: Option<u32>,
    /// How long each step takes, or the one that is named; `None`: as the seed has it.
    pub(in crate::demo) pace: Option<Pace>,
    /// When a failed rotation is attempted again; `None`: as [`Retry::default`] has it.
    pub(in crate::demo) retry: Option<Retry>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::demo) enum Ending {
    #[default]
    Succeeds,
    /// It succeeds, and logs an error on its way: the server has no TLS.
    WithoutTls,
    /// The function raises an exception; with the words of AWS's template where the scenario has none.
    Fails { at: Step, with: Option<String> },
    /// The function says nothing until Lambda ends it.
    TimesOut { at: Step, marks: Marks },
    /// The module of the function's code can't be loaded.
    CannotImport,
    /// The function's role may not put a value.
    Denied,
    /// The function is never started, for lack of concurrency.
    Throttled,
    /// The rotation is accepted, and nobody hears of it again.
    NeverInvoked,
    /// Somebody sets a value by hand during this step.
    Abandoned { at: Step },
}

/// Which lines tell of a time-out: all three were seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::demo) enum Marks {
    /// `Task timed out`, behind REPORT.
    Task,
    /// `Status: timeout` of REPORT.
    Report,
    #[default]
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) struct Pace {
    pub(in crate::demo) takes: Duration,
    /// `None`: every step.
    pub(in crate::demo) step: Option<Step>,
}

/// The service repeats a failed rotation; count and distance are not documented (rotate-secrets_lambda.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) struct Retry {
    pub(in crate::demo) after: TimeDelta,
    /// So many re-attempts.
    pub(in crate::demo) times: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self { after: TimeDelta::minutes(15), times: 5 }
    }
}

impl Behaviour {
    /// How the attempt of this number, from 1, ends.
    pub(super) fn ending(&self, attempt: u32) -> Ending {
        if self.flaky.is_some_and(|times| attempt > times) { Ending::Succeeds } else { self.ending.clone() }
    }

    pub(super) fn takes(&self, step: Step) -> Option<TimeDelta> {
        let pace = self.pace.filter(|pace| pace.step.is_none_or(|only| only == step))?;
        TimeDelta::from_std(pace.takes).ok()
    }

    pub(super) fn retry(&self) -> Retry {
        self.retry.unwrap_or_default()
    }
}

impl Ending {
    /// Whether the function can't reach Secrets Manager at all: it hangs in the very first call.
    pub(super) fn is_without_route(&self) -> bool {
        matches!(self, Self::TimesOut { at: Step::Create, .. })
    }
}
