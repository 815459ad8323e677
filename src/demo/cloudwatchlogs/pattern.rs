//! Filter patterns (FilterAndPatternSyntaxUnstructured): terms and quoted phrases. Patterns for JSON, for columns and
//! regular expressions are refused: to pass them over would be to show what AWS doesn't.

use super::invalid;
use crate::demo::wire::answer::Refusal;

/// What a message must hold, and what not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pattern {
    /// All of these.
    all: Vec<String>,
    /// One of these, unless others are asked for as well: then they do not count.
    any: Vec<String>,
    none: Vec<String>,
}

impl Pattern {
    /// Reads a pattern; an empty one matches everything.
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        let mut pattern = Self::default();
        let mut rest = text.trim();
        while let Some(first) = rest.chars().next() {
            let (list, behind) = match first {
                '{' | '[' | '%' => return Err(invalid("Invalid filter pattern: this world knows terms and phrases.")),
                '?' => (&mut pattern.any, rest.get(1..)),
                '-' => (&mut pattern.none, rest.get(1..)),
                _ => (&mut pattern.all, Some(rest)),
            };
            let (term, behind) = term(behind.unwrap_or_default()).ok_or_else(|| invalid("Invalid filter pattern"))?;
            list.push(term.to_owned());
            rest = behind.trim_start();
        }
        Ok(pattern)
    }

    /// Case counts.
    pub(super) fn admits(&self, message: &str) -> bool {
        let has = |term: &String| message.contains(term.as_str());
        let any = self.any.is_empty() || !self.all.is_empty() || self.any.iter().any(has);
        any && self.all.iter().all(has) && !self.none.iter().any(has)
    }
}

/// The first term, and what is behind it. Only letters, digits and underscores go without quotes.
fn term(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted.split_once('"').filter(|(term, _)| !term.is_empty());
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (term, behind) = text.split_at_checked(end)?;
    let is_plain = term.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_plain && !term.is_empty()).then_some((term, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_joined_as_the_syntax_says() {
        let table = [
            ("", true),
            ("ERROR", true),
            ("error", false),
            ("ERROR missing", false),
            ("\"setSecret: Unable\" ERROR", true),
            ("?missing ?Unable", true),
            ("?missing ?absent", false),
            // Beside others, those with a question mark do not count.
            ("?missing ERROR", true),
            ("ERROR -Unable", false),
            ("-missing", true),
        ];
        for (text, admitted) in table {
            let message = "[ERROR]\tsetSecret: Unable to log into database";
            assert_eq!(Pattern::parse(text).unwrap().admits(message), admitted, "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for text in ["{ $.level = \"ERROR\" }", "[a, b]", "%err.r%", "\"open", "two-words", "?", "\"\""] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
    }
}
