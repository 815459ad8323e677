//! The client in short, from a user agent that may be anything.

use super::record::Record;
use crate::text::AwsText;

/// What a user agent may be told by; longer ones are told by their beginning.
const LONGEST: usize = 60;

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
        place.replacen('_', " ", 1)
    });
    let short: String = product.chars().take(LONGEST).collect();
    Some(place.map_or_else(|| short.clone(), |place| format!("{short} on {place}")).into())
}
