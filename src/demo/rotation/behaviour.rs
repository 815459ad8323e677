//! How the rotations of a secret end, as its scenario says.

use std::time::Duration;

use chrono::TimeDelta;

use super::Step;

/// How a secret's rotations go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::demo) struct Behaviour {
    /// How each attempt goes, from the secret's first one; all later ones go like the last. None: well.
    pub(in crate::demo) attempts: Vec<Way>,
    /// Only so many attempts of a rotation end like that, and the next one succeeds; `None`: all do.
    pub(in crate::demo) flaky: Option<u32>,
    /// When a failed rotation is attempted again; `None`: as [`Retry::default`] has it.
    pub(in crate::demo) retry: Option<Retry>,
}

/// How an attempt goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::demo) struct Way {
    pub(in crate::demo) ending: Ending,
    /// How long each step takes, or the one that is named; `None`: as the seed has it.
    pub(in crate::demo) pace: Option<Pace>,
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
    /// setSecret changes the password, and is gone before it says so. Once that is done there is nothing to die of.
    Dies(Death),
    /// The network drops what the function sends to the database; a login that is given up looks like one that is refused.
    Unreachable { at: Step, with: Option<String> },
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

/// How a function ends that has more to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::demo) enum Death {
    /// By an exception, with these words or those of a connection that is lost.
    Raises(Option<String>),
    /// Lambda ends it.
    Hangs(Marks),
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
    /// How an attempt goes: the number of it in its rotation, and of all of the secret, from 1.
    pub(super) fn way(&self, attempt: u32, ever: u32) -> Way {
        let nth = usize::try_from(ever.saturating_sub(1)).unwrap_or(usize::MAX);
        let way = self.attempts.get(nth).or(self.attempts.last()).cloned().unwrap_or_default();
        if self.flaky.is_some_and(|times| attempt > times) { Way { ending: Ending::Succeeds, ..way } } else { way }
    }

    pub(super) fn retry(&self) -> Retry {
        self.retry.unwrap_or_default()
    }

    /// Whether a rotation that failed so has set the password already.
    pub(in crate::demo) fn has_set(&self) -> bool {
        let first = self.attempts.first().map(|way| &way.ending);
        matches!(
            first,
            Some(
                Ending::Fails { at: Step::Test | Step::Finish, .. }
                    | Ending::Unreachable { at: Step::Test, .. }
                    | Ending::Dies(_)
            )
        )
    }
}

impl Way {
    pub(super) fn takes(&self, step: Step) -> Option<TimeDelta> {
        let pace = self.pace.filter(|pace| pace.step.is_none_or(|only| only == step))?;
        TimeDelta::from_std(pace.takes).ok()
    }
}

impl Ending {
    /// How long the network lets a step wait that tries this many logins, where it does: each is given up after 5 s, and
    /// tried without TLS then (run with AWS's templates).
    pub(super) fn waits(&self, step: Step, logins: i32) -> Option<TimeDelta> {
        matches!(self, Self::Unreachable { at, .. } if *at == step).then(|| TimeDelta::seconds(10) * logins)
    }

    /// Whether the function can't reach Secrets Manager at all: it hangs in the very first call.
    pub(super) fn is_without_route(&self) -> bool {
        matches!(self, Self::TimesOut { at: Step::Create, .. })
    }
}
