//! Which secret a record is about: AWS has no one place for it, and callers name a secret in three ways.

use super::record::Record;
use crate::domain::secret::Secret;
use crate::text::AwsText;

/// A secret as a caller named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What the caller passed: a name, a full ARN, or an ARN without its six random characters.
    pub given: AwsText,
    /// The full ARN, where AWS answered with it.
    pub arn: Option<AwsText>,
}

impl Named {
    /// Whether this secret is meant.
    ///
    /// AWS's ARN decides where there is one: a secret that was deleted and made anew has the same name and another
    /// ARN. Otherwise name, ARN and ARN without suffix are compared to the letter.
    pub fn names(&self, secret: &Secret) -> bool {
        match &self.arn {
            Some(full) => full == &secret.id.arn,
            None => is_called(self.given.raw(), secret),
        }
    }
}

/// Which secrets a record is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Whose {
    /// The full ARN, where AWS says it.
    pub arn: Option<AwsText>,
    /// What the caller passed, letter by letter. Several in BatchGet calls; none where IAM refused before AWS looked.
    pub given: Vec<AwsText>,
}

impl Whose {
    /// By the places of a record in which a secret's identity may be, and by the resources that LookupEvents lists
    /// beside it.
    pub(super) fn of(record: &Record, resources: &[String]) -> Self {
        let key_of = record.text(&["requestParameters", "encryptionContext", "SecretARN"]);
        let arn = record.answered_arn().or_else(|| record.service_secret()).or(key_of);
        let mut given: Vec<AwsText> = Vec::new();
        let named =
            record.text(&["requestParameters", "secretId"]).or_else(|| record.text(&["requestParameters", "name"]));
        let listed = record.texts(&["requestParameters", "secretIdList"]);
        for one in named.into_iter().chain(listed).chain(resources.iter().map(String::as_str)) {
            if !one.is_empty() && !given.iter().any(|known| known.raw() == one) {
                given.push(one.into());
            }
        }
        if arn.is_none() && given.is_empty() {
            // IAM's refusal names what was asked for, and the parameters are left out.
            given.extend(record.text(&["errorMessage"]).and_then(secret_arn_in).map(Into::into));
        }
        Self { arn: arn.map(Into::into), given }
    }

    /// Whether it is about this secret: by AWS's ARN where there is one, else by any name that the caller passed.
    pub fn names(&self, secret: &Secret) -> bool {
        match &self.arn {
            Some(full) => full == &secret.id.arn,
            None => self.given.iter().any(|given| is_called(given.raw(), secret)),
        }
    }

    /// The secret in short: its name as far as that can be told, for an ARN that a caller passed may be with or without
    /// its six random characters. `None` where the record names none.
    pub fn name(&self) -> Option<AwsText> {
        let first = self.given.iter().find(|given| !given.raw().starts_with("arn:")).or(self.arn.as_ref());
        let word = first.or(self.given.first())?;
        let Some((_, name)) = word.raw().split_once(":secret:") else { return Some(word.clone()) };
        let is_random = |end: &str| end.bytes().any(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let has_suffix =
            self.arn.as_ref() == Some(word) || name.rsplit_once('-').is_some_and(|(_, end)| is_random(end));
        Some(without_suffix(name).filter(|_| has_suffix).unwrap_or(name).into())
    }
}

/// Whether a caller who passes this means the secret.
fn is_called(given: &str, secret: &Secret) -> bool {
    let arn = secret.id.arn.raw();
    given == arn || given == secret.name.raw() || without_suffix(arn) == Some(given)
}

/// An ARN without the hyphen and the six random characters at its end.
pub(super) fn without_suffix(arn: &str) -> Option<&str> {
    let (front, suffix) = arn.rsplit_once('-')?;
    (suffix.chars().count() == 6).then_some(front)
}

/// The first word that is the ARN of a secret.
pub(super) fn secret_arn_in(message: &str) -> Option<&str> {
    let mut words = message.split_whitespace().map(|word| word.trim_end_matches(['.', ',', ';', ')', '"']));
    words.find(|word| word.starts_with("arn:") && word.split(':').nth(2) == Some("secretsmanager"))
}

impl Secret {
    /// The names under which a caller may ask for it, so under which the event history has it: name, ARN, and ARN
    /// without its six random characters.
    pub fn called(&self) -> Vec<AwsText> {
        let arn = self.id.arn.raw();
        let short = without_suffix(arn).map(Into::into);
        [Some(self.name.clone()), Some(self.id.arn.clone()), short].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests;
