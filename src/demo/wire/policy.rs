//! The IAM policy of whoever calls: which requests it lets pass.
//!
//! Identity-based, and without conditions: an element that isn't judged here makes the scenario
//! wrong, since to pass it over would be to allow what AWS denies, or the other way round.

use std::collections::BTreeSet;

use serde::Deserialize;

/// A document in the grammar of IAM (reference_policies_grammar.html).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(in crate::demo) struct Policy {
    #[serde(rename = "Version")]
    _version: Option<Version>,
    #[serde(rename = "Id")]
    _id: Option<String>,
    statement: Vec<Statement>,
}

/// Both are judged alike: they differ in policy variables only, and there are none here.
#[derive(Debug, Deserialize)]
enum Version {
    #[serde(rename = "2012-10-17")]
    Of2012,
    #[serde(rename = "2008-10-17")]
    Of2008,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Statement {
    sid: Option<String>,
    effect: Effect,
    action: Texts,
    resource: Texts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Effect {
    Allow,
    Deny,
}

/// One, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
enum Texts {
    One(String),
    Several(Vec<String>),
}

/// Why a request doesn't pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Denial {
    /// Nothing allows it.
    Implicit,
    /// A statement denies it, whatever others allow.
    Explicit,
    /// The resource is of another account, and its own policy doesn't allow it.
    Foreign,
}

impl Policy {
    /// Reads a document; the error says what is wrong and in which line of it.
    pub(in crate::demo) fn parse(text: &str) -> Result<Self, String> {
        let policy: Self = serde_json::from_str(text).map_err(|error| {
            let words = error.to_string();
            let what = words.rsplit_once(" at line ").map_or(words.as_str(), |(what, _)| what);
            format!("line {} of the policy: {what}", error.line())
        })?;
        policy.check()?;
        Ok(policy)
    }

    /// What IAM refuses in a document that is well-formed (reference_policies_elements_sid.html, _action.html,
    /// _resource.html).
    fn check(&self) -> Result<(), String> {
        let mut sids = BTreeSet::new();
        for statement in &self.statement {
            if let Some(sid) = statement.sid.as_deref().filter(|sid| !sid.bytes().all(|b| b.is_ascii_alphanumeric())) {
                return Err(format!("the Sid `{sid}` may have letters and digits only"));
            }
            if let Some(sid) = statement.sid.as_deref().filter(|sid| !sids.insert(*sid)) {
                return Err(format!("another statement has the Sid `{sid}`"));
            }
            if let Some(action) = statement.action.all().find(|action| *action != "*" && !action.contains(':')) {
                return Err(format!("the Action `{action}` names no service, as in `secretsmanager:ListSecrets`"));
            }
            if let Some(resource) = statement.resource.all().find(|one| *one != "*" && !one.starts_with("arn:")) {
                return Err(format!("the Resource `{resource}` is neither an ARN nor `*`"));
            }
        }
        Ok(())
    }

    /// Whether an action on a resource passes: a Deny goes before every Allow, and what nothing
    /// allows is denied (reference_policies_evaluation-logic.html). An action that takes no resource
    /// is one on `*`.
    pub(in crate::demo) fn judge(&self, action: &str, resource: &str) -> Result<(), Denial> {
        let says = |effect| self.statement.iter().any(|one| one.effect == effect && one.applies(action, resource));
        if says(Effect::Deny) {
            return Err(Denial::Explicit);
        }
        if says(Effect::Allow) { Ok(()) } else { Err(Denial::Implicit) }
    }
}

impl Statement {
    /// Actions are compared without regard to case, resources to the letter.
    fn applies(&self, action: &str, resource: &str) -> bool {
        let action = action.to_lowercase();
        self.action.all().any(|pattern| matches(&pattern.to_lowercase(), &action))
            && self.resource.all().any(|pattern| matches(pattern, resource))
    }
}

impl Texts {
    fn all(&self) -> impl Iterator<Item = &str> {
        let all = match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(several) => several,
        };
        all.iter().map(String::as_str)
    }
}

/// `*` stands for any characters, `?` for one. A colon is a character like others: a `*` at the end
/// of an ARN's segment goes beyond it (reference_policies_elements_resource.html).
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    // The last `*`, and up to where of the text it stands for: one more each time that the rest doesn't fit.
    let mut star = None;
    while let Some(c) = text.get(read) {
        match (pattern.get(at), star) {
            (Some('*'), _) => {
                star = Some((at, read));
                at += 1;
            }
            (Some(wanted), _) if *wanted == '?' || wanted == c => (at, read) = (at + 1, read + 1),
            (_, Some((place, taken))) => {
                star = Some((place, taken + 1));
                (at, read) = (place + 1, taken + 1);
            }
            _ => return false,
        }
    }
    pattern.iter().skip(at).all(|c| *c == '*')
}

#[cfg(test)]
mod tests;
