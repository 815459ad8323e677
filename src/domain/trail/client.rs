//! The client in short, from a user agent that may be anything.

use super::record::Record;
use crate::text::AwsText;

/// How many characters each part of it may have; longer ones are told by their beginning.
const LONGEST: usize = 60;

fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// With what it was called: the first product of the user agent with its version, and where that ran.
///
/// `Boto3/1.40.4 md/Botocore#… exec-env/AWS_Lambda_python3.12` is `Boto3 1.40.4 on Lambda python3.12`.
pub(super) fn client(record: &Record) -> Option<AwsText> {
    let agent = record.text(&["userAgent"])?;
    if record.truth(&["sessionCredentialFromConsole"]) == Some(true) || agent.contains("console.amazonaws.com") {
        return Some("console".into());
    }
    let words = || agent.split([' ', '\t']).map(|word| word.trim_matches(['[', ']'])).filter(|word| !word.is_empty());
    let product = words().next()?;
    let product = match product.split_once('/') {
        Some((name, version)) if !name.is_empty() => format!("{name} {version}"),
        _ => product.to_owned(),
    };
    let place = words().find_map(|word| word.strip_prefix("exec-env/")).map(|place| {
        let place = place.strip_prefix("AWS_").unwrap_or(place);
        short(&place.replacen('_', " ", 1))
    });
    let product = short(&product);
    Some(place.map_or_else(|| product.clone(), |place| format!("{product} on {place}")).into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(record: &serde_json::Value) -> Option<String> {
        client(&Record::parse(&record.to_string()).unwrap()).map(|client| client.to_string())
    }

    #[test]
    fn a_user_agent_is_told_in_short() {
        for (agent, short) in [
            (
                "Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0 exec-env/AWS_Lambda_python3.12",
                "Boto3 1.34.0 on Lambda python3.12",
            ),
            ("aws-sdk-java/2.25.1 Linux/5.10 exec-env/AWS_ECS_FARGATE", "aws-sdk-java 2.25.1 on ECS FARGATE"),
            ("aws-cli/2.15.0 Python/3.11.6 Linux/6.1 exe/x86_64", "aws-cli 2.15.0"),
            ("[aws-sdk-go/1.44.0 (go1.19; linux; amd64)]", "aws-sdk-go 1.44.0"),
            ("  \t Boto3/1.0", "Boto3 1.0"),
            ("secretsmanager.amazonaws.com", "secretsmanager.amazonaws.com"),
            ("curl", "curl"),
            ("/7", "/7"),
            ("x exec-env/", "x on "),
            ("signin.console.amazonaws.com", "console"),
        ] {
            assert_eq!(told(&json!({ "userAgent": agent })).as_deref(), Some(short), "{agent}");
        }
        for record in
            [json!({}), json!({ "userAgent": null }), json!({ "userAgent": 7 }), json!({ "userAgent": " [] " })]
        {
            assert_eq!(told(&record), None, "{record}");
        }
    }

    #[test]
    fn the_console_is_known_by_its_session() {
        for (flag, short) in [(json!("true"), "console"), (json!(true), "console"), (json!("false"), "Mozilla 5.0")] {
            let record = json!({ "userAgent": "Mozilla/5.0 (X11)", "sessionCredentialFromConsole": flag });
            assert_eq!(told(&record).as_deref(), Some(short));
        }
    }
}
