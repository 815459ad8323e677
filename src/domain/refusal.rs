//! What Secrets Manager's refusals of a change mean. Several share a code, so the words tell them apart.

use super::fault::{Cause, Fault};
use super::permission::Operation;

/// A part of AWS's words, and what to do next.
type Rule = (&'static str, &'static str);

/// Sources: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>,
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>,
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring_cloudwatch_deleted-secrets.html>
const RULES: [Rule; 7] = [
    (
        "A previous rotation isn't complete",
        "see how far it came with `secdash follow`, and its lines with `secdash logs`",
    ),
    (
        "No Lambda rotation function ARN",
        "set a rotation function and a schedule first; `aws secretsmanager rotate-secret help` tells how",
    ),
    (
        "doesn't already have a Lambda function ARN",
        "set a rotation function and a schedule first; `aws secretsmanager rotate-secret help` tells how",
    ),
    (
        "cannot invoke the specified Lambda function",
        "let Secrets Manager invoke it: `aws lambda add-permission --function-name FUNCTION --statement-id SecretsManagerAccess \
         --action lambda:InvokeFunction --principal secretsmanager.amazonaws.com --source-account ACCOUNT`",
    ),
    ("marked for deletion", "restore the secret first: `aws secretsmanager restore-secret`"),
    ("currently marked deleted", "restore the secret first: `aws secretsmanager restore-secret`"),
    ("replica secret", "change it in its primary Region, which `secdash show` names"),
];

/// What to do about a change that AWS refused; `None` where its words aren't known.
pub(super) fn next_step(fault: &Fault) -> Option<String> {
    if !matches!(fault.operation, Operation::RotateSecret | Operation::CancelRotateSecret) {
        return None;
    }
    let words = match &fault.cause {
        Cause::Service { message, .. } | Cause::Denied { message } => message.raw(),
        _ => return None,
    };
    RULES.iter().find(|(part, _)| words.contains(part)).map(|(_, step)| (*step).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_a_change_is_known_by_its_words() {
        let service =
            |message: &str| Cause::Service { code: "InvalidRequestException".into(), message: message.into() };
        let denied = |message: &str| Cause::Denied { message: message.into() };
        for (cause, begins) in [
            (service("A previous rotation isn't complete. That rotation will be reattempted."), "see how far"),
            (service("No Lambda rotation function ARN is associated with this secret."), "set a rotation function"),
            (service("You can't perform this operation on the secret because it was marked for deletion."), "restore"),
            (
                service("Operation not permitted on a replica secret. Call must be made in primary secret's region."),
                "change it in",
            ),
            (
                denied("Secrets Manager cannot invoke the specified Lambda function. Ensure that …"),
                "let Secrets Manager",
            ),
            (
                denied(
                    "User: arn:aws:iam::1:user/a is not authorized to perform: lambda:InvokeFunction on resource: arn:…",
                ),
                "ask for the IAM action lambda:InvokeFunction",
            ),
            (
                denied("User: arn:aws:iam::1:user/a is not authorized to perform: secretsmanager:RotateSecret on …"),
                "ask for the IAM action secretsmanager:RotateSecret",
            ),
        ] {
            let step = Fault::new(Operation::RotateSecret, cause).next_step();
            assert!(step.starts_with(begins), "{step}");
        }
        let other = Fault::new(Operation::DescribeSecret, service("replica secret"));
        assert_eq!(next_step(&other), None);
    }
}
