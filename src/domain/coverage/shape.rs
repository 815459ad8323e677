//! What of an event pattern can tell two events of one kind apart: a rule that asks for a client, for a caller or for a
//! parameter catches some of them only, though it may catch the one that it is tested with.

use serde_json::{Map, Value};

use super::narrow::FIELDS;

/// What is the same in every event of a kind of one account and Region, by where it stands.
const SAME: [&str; 14] = [
    "source",
    "detail-type",
    "account",
    "region",
    "version",
    "detail.eventSource",
    "detail.eventName",
    "detail.eventType",
    "detail.eventCategory",
    "detail.managementEvent",
    "detail.readOnly",
    "detail.awsRegion",
    "detail.recipientAccountId",
    // What AWS refused has deleted nothing.
    "detail.errorCode",
];

/// A pattern without what tells events of one kind apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxed {
    /// The rest of the pattern.
    pub pattern: String,
    /// What was left out, by where it stands.
    pub fields: Vec<String>,
}

/// Takes from a pattern what tells events of one kind apart; `None` where there is nothing of it. `is_call`: the event is one
/// of a call, whose errorMessage stands with its errorCode. `is_any`: the event stands for any secret's.
pub fn relaxed(pattern: &str, is_call: bool, is_any: bool) -> Option<Relaxed> {
    let Ok(Value::Object(members)) = serde_json::from_str(pattern) else { return None };
    let mut reading = Reading { is_call, is_any, fields: Vec::new() };
    let rest = reading.object("", members);
    let Reading { mut fields, .. } = reading;
    fields.sort_unstable();
    fields.dedup();
    (!fields.is_empty()).then(|| Relaxed { pattern: Value::Object(rest).to_string(), fields })
}

struct Reading {
    is_call: bool,
    is_any: bool,
    fields: Vec<String>,
}

impl Reading {
    fn object(&mut self, path: &str, members: Map<String, Value>) -> Map<String, Value> {
        members.into_iter().filter_map(|(key, value)| Some((key.clone(), self.member(path, &key, value)?))).collect()
    }

    /// What is left of a member; `None`: nothing.
    fn member(&mut self, path: &str, key: &str, value: Value) -> Option<Value> {
        // Alternatives stand where they are written.
        let here = match (path, key) {
            (path, "$or") => path.to_owned(),
            ("", key) => key.to_owned(),
            (path, key) => format!("{path}.{key}"),
        };
        match value {
            Value::Object(members) => {
                let rest = self.object(&here, members);
                (!rest.is_empty()).then_some(Value::Object(rest))
            }
            Value::Array(several) if key == "$or" => {
                let rest: Vec<_> = several.into_iter().map(|one| self.alternative(&here, one)).collect();
                // An alternative that asks for nothing more lets everything pass.
                let is_open = rest.iter().any(|one| one.as_object().is_some_and(Map::is_empty));
                (!is_open).then_some(Value::Array(rest))
            }
            tests if self.is_same(&here, &tests) => Some(tests),
            _ => {
                self.fields.push(here);
                None
            }
        }
    }

    fn alternative(&mut self, path: &str, one: Value) -> Value {
        match one {
            Value::Object(members) => Value::Object(self.object(path, members)),
            other => other,
        }
    }

    fn is_same(&self, path: &str, tests: &Value) -> bool {
        let last = path.rsplit('.').next().unwrap_or(path);
        let is_secret = FIELDS.contains(&last) && !(self.is_any && excludes(tests));
        SAME.contains(&path) || is_secret || (self.is_call && path == "detail.errorMessage")
    }
}

/// Whether some secrets are left out.
fn excludes(tests: &Value) -> bool {
    let tests = tests.as_array().map(Vec::as_slice).unwrap_or_default();
    tests.iter().any(|test| test.as_object().is_some_and(|test| test.contains_key("anything-but")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_event_of_a_kind_has_tells_none_apart() {
        let detail = r#""eventSource": ["secretsmanager.amazonaws.com"], "eventName": ["DeleteSecret"]"#;
        for more in [
            "",
            r#", "errorCode": [{ "exists": false }]"#,
            r#", "errorMessage": [{ "exists": false }]"#,
            r#", "requestParameters": { "secretId": [{ "prefix": "prod/" }] }"#,
        ] {
            let pattern = format!(r#"{{ "source": ["aws.secretsmanager"], "detail": {{ {detail}{more} }} }}"#);
            assert_eq!(relaxed(&pattern, true, true), None, "{more}");
        }
        assert_eq!(relaxed("no pattern", true, true), None);
    }

    #[test]
    fn what_differs_from_event_to_event_is_named_and_left_out() {
        for (more, field) in [
            (r#""userAgent": [{ "prefix": "aws-cli" }]"#, "detail.userAgent"),
            (r#""userIdentity": { "type": ["Root"] }"#, "detail.userIdentity.type"),
            (
                r#""requestParameters": { "recoveryWindowInDays": [{ "exists": true }] }"#,
                "detail.requestParameters.recoveryWindowInDays",
            ),
            (
                r#""requestParameters": { "secretId": [{ "anything-but": { "prefix": "dev/" } }] }"#,
                "detail.requestParameters.secretId",
            ),
            (r#""$or": [{ "userAgent": ["a"] }, { "errorCode": ["b"] }]"#, "detail.userAgent"),
        ] {
            let pattern = format!(r#"{{ "detail": {{ "eventName": ["DeleteSecret"], {more} }} }}"#);
            let Some(Relaxed { pattern, fields }) = relaxed(&pattern, true, true) else { panic!("{more}") };
            assert_eq!(
                (fields, pattern.as_str()),
                (vec![field.to_owned()], r#"{"detail":{"eventName":["DeleteSecret"]}}"#)
            );
        }
        let message = r#"{ "detail": { "errorMessage": [{ "wildcard": "*setSecret*" }] } }"#;
        assert_eq!(
            relaxed(message, false, true).map(|relaxed| relaxed.fields),
            Some(vec!["detail.errorMessage".to_owned()])
        );
        let one = r#"{ "detail": { "requestParameters": { "secretId": [{ "anything-but": "a" }] } } }"#;
        assert_eq!(relaxed(one, true, false), None, "of one secret the test itself tells");
    }
}
