//! Why AWS refused a call, in few words. The words of AWS stay with the event.

/// What AWS's messages say, and that in few words.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring_cloudwatch_deleted-secrets.html>,
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>
const MESSAGES: [(&str, &str); 6] = [
    ("was marked for deletion", "marked for deletion"),
    ("currently marked deleted", "marked for deletion"),
    ("Access to KMS is not allowed", "no access to the KMS key"),
    ("can't find the specified secret value for staging label", "no value with this label"),
    ("can't find the specified secret value for VersionId", "no value of this version"),
    ("previous rotation isn't complete", "a previous rotation isn't complete"),
];

/// The reason by the message, else by the code; a code that isn't known stays what it is.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html>
pub(super) fn reason(code: &str, message: &str) -> String {
    let by_message = MESSAGES.iter().find(|(said, _)| message.contains(said)).map(|(_, words)| *words);
    let words = by_message.or(match code {
        "AccessDenied" | "AccessDeniedException" => Some("not allowed"),
        "ResourceNotFoundException" => Some("not found"),
        _ => None,
    });
    words.map_or_else(|| crate::text::safe(code), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_says_more_than_the_code() {
        for (code, message, expected) in [
            (
                "InvalidRequestException",
                "You can't perform this operation on the secret because it was marked for deletion.",
                "marked for deletion",
            ),
            ("AccessDeniedException", "Access to KMS is not allowed", "no access to the KMS key"),
            ("AccessDenied", "User: x is not authorized to perform: secretsmanager:DeleteSecret", "not allowed"),
            (
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
                "no value with this label",
            ),
            ("ResourceNotFoundException", "Secrets Manager can't find the specified secret.", "not found"),
            ("InvalidRequestException", "", "InvalidRequestException"),
            ("Odd\u{1b}[31m", "", "Odd␛[31m"),
        ] {
            assert_eq!(reason(code, message), expected);
        }
    }
}
