//! The constraints of the API model, refused in the words of AWS's common front.
//!
//! The wording for a missing SecretId is observed
//! (<https://github.com/aws/aws-sdk-kotlin/issues/1469>); the others follow the same grammar as
//! other AWS services use it \[unverified for Secrets Manager\].

use std::fmt::Display;

use crate::demo::wire::answer::Refusal;

/// Collects what is wrong with an input, to be told all at once.
#[derive(Debug, Default)]
pub(super) struct Check(Vec<String>);

impl Check {
    /// SecretIdType: required, 1 to 2048 characters.
    pub(super) fn secret_id(&mut self, id: Option<&str>) {
        match id {
            None => self.add("Value null", "secretId", "Member must not be null"),
            Some(id) => self.length("secretId", id, 1, 2048),
        }
    }

    /// MaxResultsType: 1 to 100.
    pub(super) fn max_results(&mut self, count: Option<i64>) {
        let Some(count) = count else { return };
        self.range("maxResults", count, 1, 100);
    }

    pub(super) fn range(&mut self, at: &str, value: i64, least: i64, most: i64) {
        if value < least {
            let rule = format!("Member must have value greater than or equal to {least}");
            self.add(&quoted(value), at, &rule);
        }
        if value > most {
            let rule = format!("Member must have value less than or equal to {most}");
            self.add(&quoted(value), at, &rule);
        }
    }

    pub(super) fn pattern(&mut self, at: &str, value: &str, is_right: bool, pattern: &str) {
        if !is_right {
            self.add(&quoted(value), at, &format!("Member must satisfy regular expression pattern: {pattern}"));
        }
    }

    /// NextTokenType: 1 to 4096 characters.
    pub(super) fn next_token(&mut self, token: Option<&str>) {
        if let Some(token) = token {
            self.length("nextToken", token, 1, 4096);
        }
    }

    pub(super) fn one_of(&mut self, at: &str, value: Option<&str>, set: &[&str]) {
        if let Some(value) = value.filter(|value| !set.contains(value)) {
            let rule = format!("Member must satisfy enum value set: [{}]", set.join(", "));
            self.add(&quoted(value), at, &rule);
        }
    }

    pub(super) fn length(&mut self, at: &str, value: &str, least: usize, most: usize) {
        self.size(&quoted(value), at, value.chars().count(), least, most);
    }

    /// The length of a string or a list; `shown` is the value as the message has it.
    pub(super) fn size(&mut self, shown: &str, at: &str, size: usize, least: usize, most: usize) {
        if size < least {
            let rule = format!("Member must have length greater than or equal to {least}");
            self.add(shown, at, &rule);
        }
        if size > most {
            let rule = format!("Member must have length less than or equal to {most}");
            self.add(shown, at, &rule);
        }
    }

    pub(super) fn add(&mut self, shown: &str, at: &str, rule: &str) {
        self.0.push(format!("{shown} at '{at}' failed to satisfy constraint: {rule}"));
    }

    pub(super) fn finish(self) -> Result<(), Refusal> {
        let count = self.0.len();
        let noun = if count == 1 { "error" } else { "errors" };
        let message = format!("{count} validation {noun} detected: {}", self.0.join("; "));
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Refusal::common("ValidationException", &message))
    }
}

fn quoted(value: impl Display) -> String {
    format!("Value '{value}'")
}
