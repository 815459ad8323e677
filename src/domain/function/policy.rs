//! Whether a function's resource policy lets Secrets Manager invoke it for a secret.

mod condition;
mod statement;

use serde_json::Value;

use self::statement::{Judged, Statement};
use crate::text::AwsText;

/// A function's resource policy, to the letter.
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourcePolicy(pub AwsText);

/// Whether Secrets Manager may invoke a function for a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It may.
    Admits {
        /// Whether it may for the secrets of any account too: no condition names the account.
        unguarded: bool,
    },
    /// It may not, for nothing allows it; why, as a part of a sentence.
    NotAdmitted(String),
    /// It may not, for this statement denies it, whatever others allow.
    Denied(String),
    /// The function has no policy, so only its own account may invoke it, and no service.
    NoPolicy,
    /// The policy has something in it that secdash can't judge; what, as a part of a sentence.
    CantTell(String),
}

/// The invocation that is judged.
#[derive(Debug, Clone, Copy)]
struct Invocation<'a> {
    secret_arn: &'a str,
    account: &'a str,
}

impl Admission {
    /// By the policy that a function has, or hasn't.
    pub fn of(policy: Option<&ResourcePolicy>, secret_arn: &str, account: &str) -> Self {
        policy.map_or(Self::NoPolicy, |policy| policy.admits(secret_arn, account))
    }
}

impl ResourcePolicy {
    /// Whether Secrets Manager may invoke the function for the secret with this ARN, which is in this account.
    ///
    /// A statement that denies counts before one that allows.
    /// Sources: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html>,
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
    pub fn admits(&self, secret_arn: &str, account: &str) -> Admission {
        let statements = match self.statements() {
            Ok(statements) => statements,
            Err(why) => return Admission::CantTell(why),
        };
        let invocation = Invocation { secret_arn, account };
        let (allowing, denying): (Vec<_>, Vec<_>) = statements.iter().partition(|statement| statement.allows());
        let judge = |statements: Vec<&Statement>| -> Vec<Judged> {
            statements.into_iter().map(|statement| statement.judge(invocation)).collect()
        };
        weigh(judge(allowing), judge(denying))
    }

    /// Whether it has a statement under this id.
    pub fn has_statement(&self, id: &str) -> bool {
        self.statements().is_ok_and(|statements| statements.iter().any(|statement| statement.is_called(id)))
    }

    fn statements(&self) -> Result<Vec<Statement>, String> {
        let unreadable = |why: String| format!("the policy can't be read: {}", AwsText::from(why));
        let mut document: Value = serde_json::from_str(self.0.raw()).map_err(|e| unreadable(e.to_string()))?;
        let statements = match document.get_mut("Statement").map(Value::take) {
            Some(Value::Array(several)) => several,
            Some(one @ Value::Object(_)) => vec![one],
            _ => return Err(unreadable("it has no statements".to_owned())),
        };
        let read = |one| serde_json::from_value(one).map_err(|e| unreadable(e.to_string()));
        statements.into_iter().map(read).collect()
    }
}

/// What statements that allow and statements that deny come to together.
fn weigh(allowing: Vec<Judged>, denying: Vec<Judged>) -> Admission {
    let mut doubt = None;
    for judged in denying {
        match judged {
            Judged::Applies { name, .. } => return Admission::Denied(name),
            Judged::CantTell(why) => doubt = doubt.or(Some(why)),
            Judged::Not(_) => {}
        }
    }
    let (mut guards, mut unsure, mut refusal) = (Vec::new(), None, None);
    for judged in allowing {
        match judged {
            Judged::Applies { guarded, .. } => guards.push(guarded),
            Judged::CantTell(why) => unsure = unsure.or(Some(why)),
            Judged::Not(why) => refusal = refusal.or(why),
        }
    }
    let nobody = || "no statement allows secretsmanager.amazonaws.com to invoke it".to_owned();
    // Where one statement allows it, what another may allow as well is no doubt; where none does, nor is what is denied.
    match (guards.is_empty(), unsure, doubt) {
        (true, Some(why), _) | (false, _, Some(why)) => Admission::CantTell(why),
        (true, None, _) => Admission::NotAdmitted(refusal.unwrap_or_else(nobody)),
        (false, _, None) => Admission::Admits { unguarded: guards.contains(&false) },
    }
}

#[cfg(test)]
mod tests;
