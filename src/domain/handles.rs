//! By what a secret can be taken elsewhere: its name, its ARN, version ids, `aws` command lines, the console's page.

use super::context::Context;
use super::invocation::Entry;
use super::secret::{Secret, SecretId};
use super::tail::LogGroup;
use super::version::VersionId;
use crate::text::AwsText;

/// What it is, and the text to copy. The text is AWS's to the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// What it is.
    pub what: String,
    /// The text.
    pub text: String,
}

/// Everything about a secret that can be copied.
pub fn of(secret: &Secret) -> Vec<Handle> {
    let arn = secret.id.arn.raw();
    let handle = |what: &str, text: String| Handle { what: what.to_owned(), text };
    let mut handles = vec![
        handle("name", secret.name.raw().to_owned()),
        handle("ARN", arn.to_owned()),
        handle("aws describe-secret", aws(secret, "describe-secret")),
        handle("aws list-secret-version-ids", aws(secret, "list-secret-version-ids --include-deprecated")),
    ];
    handles.extend(console(secret).map(|url| handle("console page", url)));
    handles.extend(secret.rotation_function.as_ref().map(|arn| handle("rotation function", arn.raw().to_owned())));
    handles.extend(secret.labels.0.iter().map(|(version, labels)| {
        let labels: Vec<_> = labels.iter().map(|label| label.text().to_string()).collect();
        handle(&format!("version {}", labels.join(" ")), version.0.raw().to_owned())
    }));
    handles
}

/// Everything about a line of a log that can be copied. What looks like a value is masked.
pub fn log_lines(
    entry: &Entry,
    request_id: Option<&AwsText>,
    group: Option<&LogGroup>,
    version: Option<&VersionId>,
) -> Vec<Handle> {
    let handle = |what: &str, text: &str| Handle { what: what.to_owned(), text: text.to_owned() };
    let at = crate::text::rfc3339(entry.event.at);
    let mut handles = vec![
        handle("line", &format!("{at} {}", entry.line.readable().masked().raw())),
        handle("event, values masked", entry.event.message.masked().raw()),
    ];
    let request_id = request_id.or(entry.line.request_id.as_ref());
    handles.extend(request_id.map(|id| handle("request id", id.raw())));
    handles.extend(version.map(|version| handle("version id (the token)", version.0.raw())));
    handles.push(handle("log stream", entry.event.stream.raw()));
    if let Some(group) = group {
        handles.push(handle("log group", group.name.raw()));
        let around = |seconds: i64| entry.event.at.timestamp_millis().saturating_add(seconds * 1_000);
        let options = format!(
            " --log-group-name {} --start-time {} --end-time {}",
            quoted(group.name.raw()),
            around(-60),
            around(60)
        );
        let line = placed(format!("aws logs filter-log-events{options}"), &group.context);
        handles.push(handle("aws logs filter-log-events", &line));
    }
    handles
}

/// The command line of the AWS CLI that asks the same question in the same place.
fn aws(secret: &Secret, command: &str) -> String {
    cli(&secret.id, command, "")
}

/// The command line of the AWS CLI for a secret, with what stands behind the secret's id.
pub(super) fn cli(id: &SecretId, command: &str, options: &str) -> String {
    placed(format!("aws secretsmanager {command} --secret-id {}{options}", quoted(id.arn.raw())), &id.context)
}

/// The command line with what makes it go to the same place.
pub(super) fn placed(mut line: String, context: &Context) -> String {
    line.push_str(&format_args!(" --region {}", quoted(&context.region)).to_string());
    for (flag, value) in [("--profile", &context.profile), ("--endpoint-url", &context.endpoint)] {
        if let Some(value) = value {
            line.push_str(&format_args!(" {flag} {}", quoted(value)).to_string());
        }
    }
    line
}

/// A word for a POSIX shell.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The secret's page in the AWS console; only for accounts of the partition `aws`.
fn console(secret: &Secret) -> Option<String> {
    let context = &secret.id.context;
    if context.is_demo() || context.endpoint.is_some() || !secret.id.arn.raw().starts_with("arn:aws:") {
        return None;
    }
    let region = &context.region;
    let name = encoded(secret.name.raw());
    Some(format!("https://{region}.console.aws.amazon.com/secretsmanager/secret?name={name}&region={region}"))
}

/// A value for a query string.
fn encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let encode = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(encode).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_the_shell_only_where_they_must_be() {
        for (word, line) in [
            ("prod/db", "prod/db"),
            ("rds!cluster", "'rds!cluster'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
            ("a b;c", "'a b;c'"),
        ] {
            assert_eq!(quoted(word), line);
        }
    }

    #[test]
    fn names_are_encoded_for_the_console() {
        assert_eq!(encoded("prod/db!ü"), "prod%2Fdb%21%C3%BC");
    }
}
