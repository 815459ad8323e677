//! Which secrets an event pattern names: only from them can it be told whether a rule that doesn't catch the event of any
//! secret catches that of some. What is found here is only a secret to test with; EventBridge itself judges.

use serde_json::Value;

use super::event::{Place, Subject};
use crate::text::AwsText;

/// How many secrets of a pattern are tested with.
const MOST: usize = 3;

/// The fields in which an event has its secret.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html>
pub(super) const FIELDS: [&str; 5] = ["secretId", "SecretId", "arn", "name", "resources"];

/// What stands in the place of what a pattern leaves open.
const ANY: &str = "example";

/// A secret that a pattern seems to be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The pattern's own text, with a gap (`prod/…`).
    pub shown: AwsText,
    /// A secret that fits it.
    pub subject: Subject,
}

/// Whether the pattern can tell the calls apart that name a secret by its name from those that name it by its ARN: only
/// this field differs, and EventBridge compares the names of fields to the letter.
pub fn tells_callers_apart(pattern: &str) -> bool {
    fn has_field(value: &Value) -> bool {
        match value {
            Value::Object(members) => members.iter().any(|(key, value)| key == "secretId" || has_field(value)),
            Value::Array(list) => list.iter().any(has_field),
            _ => false,
        }
    }
    serde_json::from_str(pattern).is_ok_and(|value| has_field(&value))
}

/// Secrets that the pattern names, some of them where there are many.
pub fn candidates(pattern: &str, place: &Place) -> Vec<Candidate> {
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(pattern) {
        walk("", &value, place, &mut found);
    }
    found.truncate(MOST);
    found
}

/// Of a field's tests, those on texts; fields and alternatives may lie deeper.
fn walk(field: &str, value: &Value, place: &Place, found: &mut Vec<Candidate>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| walk(key, value, place, found)),
        Value::Array(tests) if FIELDS.contains(&field) => {
            let candidates = tests.iter().filter_map(|test| candidate(test, place));
            found.extend(candidates);
        }
        Value::Array(list) => list.iter().for_each(|one| walk(field, one, place, found)),
        _ => {}
    }
}

/// A secret that passes a test on a text.
fn candidate(test: &Value, place: &Place) -> Option<Candidate> {
    let (shown, id) = filled(test)?;
    let name_of = |id: &str| id.split_once(":secret:").map(|(_, name)| name.to_owned());
    let subject = match name_of(&id) {
        // What leaves its end open leaves the six characters behind the name open too.
        Some(name) if shown.ends_with('…') => Subject { arn: format!("{id}-AbCdEf"), name },
        Some(whole) => {
            let name = whole.rsplit_once('-').filter(|(_, end)| end.len() == 6).map(|(name, _)| name.to_owned());
            Subject { name: name.unwrap_or(whole), arn: id }
        }
        None if id.starts_with("arn:") => return None,
        None => place.secret(&id),
    };
    Some(Candidate { shown: name_of(&shown).unwrap_or(shown).into(), subject })
}

/// The text of a test as it is shown, and as an id that passes it.
fn filled(test: &Value) -> Option<(String, String)> {
    if let Some(exactly) = test.as_str() {
        return Some((exactly.to_owned(), exactly.to_owned()));
    }
    let (operator, given) = test.as_object()?.iter().next()?;
    let part = given.as_str().or_else(|| given.get("equals-ignore-case")?.as_str())?;
    match operator.as_str() {
        "prefix" => Some((format!("{part}…"), format!("{part}{ANY}"))),
        "suffix" => Some((format!("…{part}"), format!("{ANY}{part}"))),
        "wildcard" => Some((part.replace('*', "…"), part.replace('*', ANY))),
        "equals-ignore-case" => Some((part.to_owned(), part.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place::of("eu-west-1", Some("arn:aws:events:eu-west-1:111122223333:rule/a"))
    }

    #[test]
    fn the_secrets_that_a_pattern_names_are_found() {
        let arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1B2c3";
        for (detail, shown, name, whole) in [
            (
                r#""additionalEventData":{"SecretId":[{"prefix":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/"}]}"#,
                "prod/…",
                "prod/example",
                "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/example-AbCdEf",
            ),
            (&format!(r#""responseElements":{{"arn":["{arn}"]}}"#), "prod/db-a1B2c3", "prod/db", arn),
            (
                r#""requestParameters":{"secretId":["prod/db"]}"#,
                "prod/db",
                "prod/db",
                "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf",
            ),
            (
                r#""$or":[{"responseElements":{"name":[{"wildcard":"prod/*/db"}]}},{"x":[1]}]"#,
                "prod/…/db",
                "prod/example/db",
                "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/example/db-AbCdEf",
            ),
            (
                r#""responseElements":{"name":[{"prefix":{"equals-ignore-case":"PROD/"}}]}"#,
                "PROD/…",
                "PROD/example",
                "arn:aws:secretsmanager:eu-west-1:111122223333:secret:PROD/example-AbCdEf",
            ),
            (
                r#""responseElements":{"name":[{"suffix":"/db"}]}"#,
                "…/db",
                "example/db",
                "arn:aws:secretsmanager:eu-west-1:111122223333:secret:example/db-AbCdEf",
            ),
        ] {
            let found = candidates(&format!("{{\"detail\":{{{detail}}}}}"), &place());
            assert_eq!(found.len(), 1, "{detail}");
            let subject = Subject { name: name.to_owned(), arn: whole.to_owned() };
            assert_eq!(found[0], Candidate { shown: shown.into(), subject }, "{detail}");
        }
    }

    #[test]
    fn a_pattern_about_any_secret_names_none_and_one_about_many_some() {
        for pattern in [
            "",
            r#"{"source":["aws.secretsmanager"]}"#,
            r#"{"detail":{"eventName":["DeleteSecret"],"userIdentity":{"arn":[{"exists":true}]}}}"#,
            r#"{"detail":{"requestParameters":{"secretId":[{"anything-but":"a"},null,3,{"prefix":"arn:"}]}}}"#,
        ] {
            assert_eq!(candidates(pattern, &place()), [], "{pattern}");
        }
        let many = r#"{"detail":{"requestParameters":{"secretId":["a","b","c","d"]}}}"#;
        assert_eq!(candidates(many, &place()).len(), MOST);
    }

    #[test]
    fn only_the_field_that_the_caller_fills_tells_callers_apart() {
        assert!(tells_callers_apart(r#"{"detail":{"$or":[{"requestParameters":{"secret\u0049d":["a"]}},{"b":[1]}]}}"#));
        assert!(!tells_callers_apart(r#"{"detail":{"additionalEventData":{"SecretId":["secretId"]}}}"#));
    }
}
