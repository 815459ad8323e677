//! One rule's verdict on a secret: how much it matters, what is the case, and what to do.

use crate::domain::fault::Fault;

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Whether it is marked for deletion.
    Deletion,
    /// Whether it is a replica.
    Replica,
    /// Whether another service owns it.
    Managed,
    /// Whether a partner rotates it.
    External,
    /// Whether there is anything that rotates it.
    Configured,
    /// Whether rotation is on.
    Enabled,
    /// Whether an earlier rotation is not done.
    Pending,
    /// Whether the last attempt failed.
    Attempts,
    /// Whether the function is in another account.
    Account,
    /// Whether the function is there and can be invoked.
    State,
    /// How the function's last update ended.
    Update,
    /// How much concurrency is reserved for the function.
    Concurrency,
    /// Whether the function's policy admits Secrets Manager.
    Policy,
    /// Whether the function's runtime is looked after.
    Runtime,
    /// Whether the function's time-out is sane.
    Timeout,
    /// Whether the function has changed since the last good rotation.
    Changed,
    /// Whether the function asks Secrets Manager where it should.
    Endpoint,
    /// Whether the function logs its steps.
    Log,
    /// When it rotates by itself; of a deletion, until when it can be restored.
    Window,
    /// Whether there are replicas of it.
    Replicas,
    /// Who reads it.
    Readers,
    /// Which tool manages it.
    Manager,
    /// What the call does beside what is wished for.
    Consequence,
    /// What a diagnosis comes to.
    Verdict,
    /// What a person must say that they tested.
    Word,
    /// What could not be learned about the secret.
    Unseen,
}

/// How much a check matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grade {
    /// Nothing against it.
    Fine,
    /// Good to know.
    Notice,
    /// It may go wrong.
    Warning,
    /// It can't work, or AWS refuses it.
    Stops,
    /// It could not be checked.
    Unknown,
}

/// One rule's verdict on this secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The rule.
    pub rule: Rule,
    /// How much it matters.
    pub grade: Grade,
    /// What is the case, as a sentence.
    pub sentence: String,
    /// What to do about it, as an imperative.
    pub next_step: Option<String>,
    /// The IAM action that is missing, where that is why it could not be checked.
    pub missing: Option<&'static str>,
}

impl Grade {
    /// The word for it, the same in tables and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Stops => "stops",
            Self::Unknown => "unknown",
        }
    }

    /// Its place, the worst first.
    pub(in crate::domain) fn place(self) -> u8 {
        match self {
            Self::Stops => 0,
            Self::Warning => 1,
            Self::Unknown => 2,
            Self::Notice => 3,
            Self::Fine => 4,
        }
    }
}

impl Rule {
    /// The word for it, the same in tables and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Deletion => "deletion",
            Self::Replica => "replica",
            Self::Managed => "managed",
            Self::External => "managed-external",
            Self::Configured => "configured",
            Self::Enabled => "enabled",
            Self::Pending => "pending",
            Self::Attempts => "attempts",
            Self::Account => "account",
            Self::State => "state",
            Self::Update => "update",
            Self::Concurrency => "concurrency",
            Self::Policy => "policy",
            Self::Runtime => "runtime",
            Self::Timeout => "timeout",
            Self::Changed => "changed",
            Self::Endpoint => "endpoint",
            Self::Log => "log",
            Self::Window => "window",
            Self::Replicas => "replicas",
            Self::Readers => "readers",
            Self::Manager => "manager",
            Self::Consequence => "consequence",
            Self::Verdict => "verdict",
            Self::Word => "word",
            Self::Unseen => "unseen",
        }
    }

    pub(in crate::domain) fn fine(self, sentence: impl Into<String>) -> Check {
        self.check(Grade::Fine, sentence)
    }

    pub(in crate::domain) fn notice(self, sentence: impl Into<String>) -> Check {
        self.check(Grade::Notice, sentence)
    }

    pub(in crate::domain) fn warns(self, sentence: impl Into<String>) -> Check {
        self.check(Grade::Warning, sentence)
    }

    pub(in crate::domain) fn stops(self, sentence: impl Into<String>) -> Check {
        self.check(Grade::Stops, sentence)
    }

    pub(in crate::domain) fn check(self, grade: Grade, sentence: impl Into<String>) -> Check {
        Check { rule: self, grade, sentence: sentence.into(), next_step: None, missing: None }
    }

    /// What could not be checked, and why.
    pub(super) fn unseen(self, what: &str, fault: &Fault) -> Check {
        let check = self.check(Grade::Unknown, format!("Not checked: {what}. {fault}"));
        Check { missing: fault.permission(), ..check.then(fault.next_step()) }
    }
}

impl Check {
    pub(in crate::domain) fn then(self, next_step: impl Into<String>) -> Self {
        Self { next_step: Some(next_step.into()), ..self }
    }
}
