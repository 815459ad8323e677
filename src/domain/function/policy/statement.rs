//! One statement of a resource policy, judged for one invocation by Secrets Manager.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::Invocation;
use super::condition::{self, Holds, matches};
use crate::text::AwsText;

/// Who invokes rotation functions.
const PRINCIPAL: &str = "secretsmanager.amazonaws.com";

/// What is to be allowed.
const ACTION: &str = "lambda:InvokeFunction";

/// A statement, in the grammar of IAM. Its Resource isn't judged: Lambda gives the policy of one function.
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Statement {
    sid: Option<String>,
    effect: Effect,
    principal: Option<Value>,
    not_principal: Option<Value>,
    action: Option<Value>,
    not_action: Option<Value>,
    condition: Option<BTreeMap<String, BTreeMap<String, Value>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Effect {
    Allow,
    Deny,
}

/// What a statement says about the invocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Judged {
    /// It is meant.
    Applies {
        /// Which statement it is, as a part of a sentence.
        name: String,
        /// Whether a condition names the account.
        guarded: bool,
    },
    /// It isn't meant; where only a condition is against it, which.
    Not(Option<String>),
    /// It can't be told; why.
    CantTell(String),
}

impl Statement {
    pub(super) fn allows(&self) -> bool {
        self.effect == Effect::Allow
    }

    pub(super) fn judge(&self, invocation: Invocation<'_>) -> Judged {
        let name = self.name();
        match (self.means_action(), self.means_principal()) {
            (Some(false), _) | (_, Some(false)) => return Judged::Not(None),
            (Some(true), Some(true)) => {}
            _ => {
                return Judged::CantTell(format!(
                    "its {name} names actions or principals in a way secdash can't judge"
                ));
            }
        }
        let (mut guarded, mut doubt) = (false, None);
        for (operator, keys) in self.condition.iter().flatten() {
            for (key, values) in keys {
                match condition::holds(operator, key, &texts(values), invocation) {
                    Holds::Yes { guards } => guarded |= guards,
                    Holds::No(why) => return Judged::Not(Some(why)),
                    Holds::CantTell => doubt = doubt.or(Some((operator, key))),
                }
            }
        }
        match doubt {
            Some((operator, key)) => {
                let [operator, key] = [operator, key].map(|word| AwsText::from(word.as_str()));
                Judged::CantTell(format!("its {name} has the condition {operator} {key}"))
            }
            None => Judged::Applies { name, guarded },
        }
    }

    /// Whether this is its id.
    pub(super) fn is_called(&self, id: &str) -> bool {
        self.sid.as_deref() == Some(id)
    }

    fn name(&self) -> String {
        let sid = self.sid.as_deref().filter(|sid| !sid.is_empty());
        sid.map_or_else(|| "statement".to_owned(), |sid| format!("statement `{}`", AwsText::from(sid)))
    }

    /// Whether it is about invoking; `None` where that can't be told.
    fn means_action(&self) -> Option<bool> {
        match (&self.action, &self.not_action) {
            (Some(actions), None) => Some(texts(actions).iter().any(|action| means(action))),
            _ => None,
        }
    }

    /// Whether it is about Secrets Manager; `None` where that can't be told.
    fn means_principal(&self) -> Option<bool> {
        match (&self.principal, &self.not_principal) {
            (Some(Value::String(one)), None) => Some(one == "*"),
            (Some(Value::Object(kinds)), None) => {
                let of = |kind: &str| kinds.get(kind).map(texts).unwrap_or_default();
                let services = of("Service");
                let everybody = of("AWS").iter().any(|one| one == "*");
                let named = services.iter().any(|service| service == PRINCIPAL || service == "*");
                // `secretsmanager.eu-west-1.amazonaws.com` and the like: whether AWS takes one for the other isn't documented.
                let alike = services.iter().any(|service| service.starts_with("secretsmanager."));
                if everybody || named {
                    Some(true)
                } else if alike {
                    None
                } else {
                    Some(false)
                }
            }
            _ => None,
        }
    }
}

/// Whether an action of a policy is that of invoking. IAM compares without regard to case.
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>
fn means(action: &str) -> bool {
    matches(&action.to_ascii_lowercase(), &ACTION.to_ascii_lowercase())
}

/// One text or several; a number counts as its digits.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(several) => several.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        _ => Vec::new(),
    }
}
