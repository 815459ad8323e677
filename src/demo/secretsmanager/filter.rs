//! The filters of ListSecrets (API_Filter.html).
//!
//! Filters are joined by AND, the values of one filter by OR. A value behind `!` must not match;
//! how AWS joins several of those is not documented: here none of them may match \[unverified\].

use serde::Deserialize;

use super::check::Check;
use crate::demo::secret::Secret;
use crate::demo::wire::answer::Refusal;

/// `FilterNameStringType` of the model.
const KEYS: [&str; 7] = ["description", "name", "tag-key", "tag-value", "primary-region", "owning-service", "all"];

/// The pattern of `FilterValueStringType`, for the message.
const PATTERN: &str = r"^\!?[a-zA-Z0-9 :_@\/\+\=\.\-\!]*$";

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Filter {
    key: Option<String>,
    values: Option<Vec<String>>,
}

impl Filter {
    /// `number` counts from 1.
    pub(super) fn check(&self, number: usize, check: &mut Check) {
        let at = format!("filters.{number}.member");
        check.one_of(&format!("{at}.key"), self.key.as_deref(), &KEYS);
        let Some(values) = &self.values else { return };
        let at = format!("{at}.values");
        let shown = format!("Value '[{}]'", values.join(", "));
        check.size(&shown, &at, values.len(), 1, 10);
        if !values.iter().all(|value| is_allowed(value)) {
            let rule = format!(
                "Member must satisfy constraint: [Member must have length less than or equal to \
                 512, Member must have length greater than or equal to 0, Member must satisfy \
                 regular expression pattern: {PATTERN}]"
            );
            check.add(&shown, &at, &rule);
        }
    }

    /// A filter without key or without values: the texts are moto's \[unverified\].
    pub(super) fn complete(&self) -> Result<(), Refusal> {
        let text = match (&self.key, &self.values) {
            (None, _) => "Invalid filter key".to_owned(),
            (Some(key), None) => format!("Invalid filter values for key: {key}"),
            (Some(_), Some(_)) => return Ok(()),
        };
        Err(Refusal::of_model("InvalidParameterException", &text))
    }

    pub(super) fn admits(&self, secret: &Secret) -> bool {
        let values = self.values.as_deref().unwrap_or_default();
        let mut wanted = values.iter().filter(|value| !value.starts_with('!')).peekable();
        let mut unwanted = values.iter().filter_map(|value| value.strip_prefix('!'));
        let any_wanted = wanted.peek().is_none() || wanted.any(|value| self.hits(secret, value));
        any_wanted && !unwanted.any(|value| self.hits(secret, value))
    }

    /// Prefixes keep case, except in descriptions; `all` looks for words in any case.
    fn hits(&self, secret: &Secret, value: &str) -> bool {
        let mut keys = secret.tags.iter().map(|(key, _)| key.as_ref());
        let mut values = secret.tags.iter().map(|(_, value)| value.as_ref());
        let begins = |text: Option<&str>| text.is_some_and(|text| text.starts_with(value));
        match self.key.as_deref() {
            Some("name") => begins(Some(&secret.name)),
            Some("tag-key") => keys.any(|key| key.starts_with(value)),
            Some("tag-value") => values.any(|text| text.starts_with(value)),
            Some("primary-region") => begins(secret.primary_region.as_deref()),
            Some("owning-service") => begins(secret.owning_service.as_deref()),
            Some("description") => {
                secret.description.as_ref().is_some_and(|text| text.to_lowercase().starts_with(&value.to_lowercase()))
            }
            _ => [Some(secret.name.as_str()), secret.description.as_deref()]
                .into_iter()
                .flatten()
                .chain(keys)
                .chain(values)
                .any(|field| holds_words(field, value)),
        }
    }
}

/// FilterValueStringType: at most 512 characters, of a small set.
fn is_allowed(value: &str) -> bool {
    value.len() <= 512 && value.chars().all(|c| c.is_ascii_alphanumeric() || " :_@/+=.-!".contains(c))
}

/// Whether each word of `value` begins a word of the field. All words must be in the same field
/// (AWS's blog, "Identify, arrange, and manage secrets easily using enhanced search").
fn holds_words(field: &str, value: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (field, value) = (words(field), words(value));
    !value.is_empty() && value.iter().all(|sought| field.iter().any(|word| word.starts_with(sought.as_str())))
}
