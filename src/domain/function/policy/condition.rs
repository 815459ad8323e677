//! Conditions of a resource policy, as far as they are about which secret an invocation is for.

use super::Invocation;
use crate::text::AwsText;

/// Whether a condition holds for an invocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Holds {
    /// It does.
    Yes {
        /// Whether only one account's secrets can meet it.
        guards: bool,
    },
    /// It doesn't; why, as a part of a sentence.
    No(String),
    /// secdash can't judge it.
    CantTell,
}

/// How a condition compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    /// To the letter.
    Exact,
    /// With `*` and `?`.
    Like,
    /// With `*` and `?` in each of an ARN's six parts.
    Arn,
}

/// Judges one key of a condition. Values are alternatives. Secrets Manager sends the secret's account and ARN with each
/// invocation, so `…IfExists` asks no less.
/// Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>,
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html>
pub(super) fn holds(operator: &str, key: &str, values: &[String], invocation: Invocation<'_>) -> Holds {
    let comparison = match operator.strip_suffix("IfExists").unwrap_or(operator) {
        "StringEquals" => Comparison::Exact,
        "StringLike" => Comparison::Like,
        "ArnEquals" | "ArnLike" => Comparison::Arn,
        _ => return Holds::CantTell,
    };
    let key = key.to_ascii_lowercase();
    let (sent, is_account) = match (key.as_str(), comparison) {
        ("aws:sourceaccount", Comparison::Exact | Comparison::Like) => (invocation.account, true),
        ("aws:sourcearn", _) => (invocation.secret_arn, false),
        _ => return Holds::CantTell,
    };
    if values.is_empty() || values.iter().any(|value| value.contains("${")) {
        return Holds::CantTell;
    }
    let met: Vec<&String> = values.iter().filter(|value| comparison.meets(value, sent)).collect();
    if met.is_empty() {
        return Holds::No(refusal(values, is_account, invocation));
    }
    let names_account = |value: &&String| {
        let account = if is_account { value.as_str() } else { value.split(':').nth(4).unwrap_or("*") };
        account == invocation.account
    };
    Holds::Yes { guards: met.iter().all(names_account) }
}

fn refusal(values: &[String], is_account: bool, invocation: Invocation<'_>) -> String {
    let asked = AwsText::from(values.join(" or "));
    if is_account {
        return format!(
            "aws:SourceAccount asks for {asked}, and the secret is in {}",
            AwsText::from(invocation.account)
        );
    }
    format!("aws:SourceArn asks for {asked}, which isn't this secret")
}

impl Comparison {
    fn meets(self, pattern: &str, text: &str) -> bool {
        match self {
            Self::Exact => pattern == text,
            Self::Like => matches(pattern, text),
            Self::Arn => {
                let (patterns, texts) = (pattern.splitn(6, ':'), text.splitn(6, ':'));
                patterns.clone().count() == texts.clone().count()
                    && patterns.zip(texts).all(|(pattern, text)| matches(pattern, text))
            }
        }
    }
}

/// Whether a text is one that a pattern means: `*` stands for any number of characters, `?` for one.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the last star stood, and how far the text had come then: from there another character may be its.
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    (p, t) = (at + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}
