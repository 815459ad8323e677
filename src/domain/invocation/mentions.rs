//! ARNs of secrets that any text mentions.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::AwsText;

/// An ARN of a secret up to a character that ends a word or a quotation.
static ARN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"arn:[\w-]+:secretsmanager:[\w-]*:\d*:secret:[^\s"'\\,;()\[\]{}<>]+"#).ok());

/// The ARNs of secrets in the text, each once.
pub(in crate::domain) fn of(text: &str) -> Box<[AwsText]> {
    let Some(regex) = ARN.as_ref().filter(|_| text.contains(":secretsmanager:")) else { return Box::default() };
    // An ARN ends with letters and digits; what follows belongs to the sentence.
    let arns = regex.find_iter(text).map(|found| found.as_str().trim_end_matches(|c: char| !c.is_ascii_alphanumeric()));
    let mut arns: Vec<AwsText> = arns.map(Into::into).collect();
    arns.sort();
    arns.dedup();
    arns.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_found_wherever_they_stand() {
        let arn = |name: &str| format!("arn:aws:secretsmanager:eu-west-1:111122223333:secret:{name}");
        let (one, two) = (arn("prod/db-a1B2c3"), arn("rds!x_y+z=.@-d4E5f6"));
        for (text, found) in [
            (format!("rotating {one}."), vec![&one]),
            (format!("rotating {one}: {two}, then"), vec![&one, &two]),
            (format!("{{\\\"SecretId\\\": \\\"{one}\\\"}}"), vec![&one]),
            (format!("['{one}'] ({two}) {one}"), vec![&one, &two]),
            ("arn:aws:rds:eu-west-1:111122223333:db:x".to_owned(), vec![]),
            ("arn:aws:secretsmanager:eu-west-1:111122223333:other".to_owned(), vec![]),
        ] {
            let arns = of(&text);
            let mentioned: Vec<&str> = arns.iter().map(AwsText::raw).collect();
            assert_eq!(mentioned, found, "{text}");
        }
    }
}
