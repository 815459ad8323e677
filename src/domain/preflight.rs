//! What is checked before a rotation is started, tested, turned off or on, and before a secret is deleted or restored: each rule with a sentence about this secret.

mod check;
mod checked;
mod consequence;
mod deletion;
mod function;
mod readers;
mod secret;

use chrono::{DateTime, Utc};

pub use self::check::{Check, Grade, Rule};
pub use self::checked::{Begin, Checked};
pub use self::readers::{Cut, Readers};
use super::change::{Fix, RecoveryWindow, Tested};
use super::fault::Fault;
use super::function::FunctionFacts;
use super::pending::Signs;
use super::secret::Secret;
use super::timeline::Attempt;
use crate::text::count;

/// What is about to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Rotate now: RotateSecret.
    Rotate,
    /// Run testSecret only: RotateSecret with RotateImmediately=false.
    TestOnly,
    /// Turn rotation off: CancelRotateSecret.
    TurnOff,
    /// Turn rotation on again: RotateSecret too.
    TurnOn,
    /// Mark the secret for deletion: DeleteSecret.
    Delete(RecoveryWindow),
    /// Take the mark off: RestoreSecret.
    Restore,
    /// A way out of a stuck AWSPENDING, with what the person says that they tested.
    Fix(Fix, Option<Tested>),
    /// Finish a plan that is half done.
    Finish,
    /// Take the last fix back.
    Undo,
}

impl Purpose {
    /// Whether it is a RotateSecret, which needs the function.
    pub fn rotates(self) -> bool {
        matches!(self, Self::Rotate | Self::TestOnly | Self::TurnOn)
    }

    /// Whether a rotation or trial begins with it that can be watched.
    pub fn begins(self) -> bool {
        self.rotates()
    }

    /// Whether it is about the mark for deletion.
    pub fn marks(self) -> bool {
        matches!(self, Self::Delete(_) | Self::Restore)
    }

    /// Whether it is one of the ways out, which are judged by a diagnosis.
    pub fn is_way_out(self) -> bool {
        matches!(self, Self::Fix(..) | Self::Finish | Self::Undo)
    }
}

/// What is known of the secret and its function. All of it may be incomplete, and each fault says where.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The secret, by DescribeSecret where that answered.
    pub secret: &'a Secret,
    /// What is known of its pending version, from versions and attempts together.
    pub signs: &'a Signs,
    /// What is known of its function; `None` where there was nothing to ask about.
    pub function: Option<&'a FunctionFacts>,
    /// Attempts that are known to have failed, the earliest first.
    pub attempts: &'a [Attempt],
    /// Who reads it; `None` where nobody asked.
    pub readers: Option<&'a Readers>,
    /// What could not be learned about the secret itself.
    pub faults: &'a [&'a Fault],
    /// The time now (UTC).
    pub now: DateTime<Utc>,
}

/// Every check, the worst first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preflight {
    /// What was to be done.
    pub purpose: Purpose,
    /// The checks.
    pub checks: Vec<Check>,
}

impl Preflight {
    /// Checks.
    pub fn of(purpose: Purpose, facts: Facts<'_>) -> Self {
        let mut checks =
            if purpose.marks() { deletion::checks(purpose, &facts) } else { secret::checks(purpose, &facts) };
        if purpose.rotates() {
            checks.extend(function::checks(Some(purpose), &facts));
        }
        checks.extend(readers::check(purpose, &facts));
        checks.extend(consequence::checks(purpose, &facts));
        // The sort is stable: rules of one grade keep their order.
        checks.sort_by_key(|check| check.grade.place());
        Self { purpose, checks }
    }

    /// What there is to say of its function where nothing is about to be done.
    pub fn of_function(facts: Facts<'_>) -> Vec<Check> {
        let mut checks = function::checks(None, &facts);
        checks.sort_by_key(|check| check.grade.place());
        checks
    }

    /// The checks of one grade.
    pub fn of_grade(&self, grade: Grade) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(move |check| check.grade == grade)
    }

    /// Whether something is so much against it that it must not be done.
    pub fn stops(&self) -> bool {
        self.of_grade(Grade::Stops).next().is_some()
    }

    /// Whether only a person's word is missing, that they tested what it rests on.
    pub fn lacks_word(&self) -> bool {
        let mut stops = self.of_grade(Grade::Stops).peekable();
        stops.peek().is_some() && stops.all(|check| check.rule == Rule::Word)
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.of_grade(Grade::Warning).count()
    }

    /// How many checks could not be made.
    pub fn unknown(&self) -> usize {
        self.of_grade(Grade::Unknown).count()
    }

    /// The same with another recovery window, which is all that depends on it.
    #[must_use]
    pub fn with_window(mut self, window: RecoveryWindow, now: DateTime<Utc>) -> Self {
        for check in self.checks.iter_mut().filter(|check| check.rule == Rule::Window) {
            *check = deletion::until(window, now);
        }
        Self { purpose: Purpose::Delete(window), ..self }
    }

    /// What the checks come to: `all clear`, `2 warnings, 1 check not made`, or why it can't be done.
    pub fn verdict(&self) -> String {
        if let Some(first) = self.of_grade(Grade::Stops).next() {
            return format!("{}: {}", self.purpose.impossible(), first.sentence);
        }
        let warnings = Some(self.warnings()).filter(|number| *number > 0).map(|number| count(number, "warning"));
        let unknown = Some(self.unknown()).filter(|number| *number > 0);
        let unknown = unknown.map(|number| format!("{} not made", count(number, "check")));
        let parts: Vec<_> = warnings.into_iter().chain(unknown).collect();
        if parts.is_empty() { "all clear".to_owned() } else { parts.join(", ") }
    }
}

impl Purpose {
    fn impossible(self) -> &'static str {
        match self {
            Self::Rotate => "can't be rotated",
            Self::TestOnly => "can't be tested",
            Self::TurnOff => "rotation can't be turned off",
            Self::TurnOn => "rotation can't be turned on",
            Self::Delete(_) => "can't be deleted",
            Self::Restore => "can't be restored",
            Self::Fix(..) => "it can't be done",
            Self::Finish => "it can't be finished",
            Self::Undo => "it can't be undone",
        }
    }
}

#[cfg(test)]
mod tests;
