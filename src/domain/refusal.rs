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
    ("marked for deletion", "restore the secret first: `secdash restore`"),
    ("currently marked deleted", "restore the secret first: `secdash restore`"),
    ("replica secret", "change it in its primary Region, which `secdash show` names"),
];

/// Of a deletion. Replicas: text observed, <https://github.com/getmoto/moto>.
const DELETION: [Rule; 4] = [
    ("marked for deletion", "it is marked already: `secdash show` tells until when it can be restored"),
    ("currently marked deleted", "it is marked already: `secdash show` tells until when it can be restored"),
    (
        "replica regions",
        "take its replicas out of the replication first: `aws secretsmanager remove-regions-from-replication`",
    ),
    ("managed by another service", "delete it with the service that owns it, which `secdash show` names"),
];

/// What to do about a change that AWS refused; `None` where its words aren't known.
pub(super) fn next_step(fault: &Fault) -> Option<String> {
    let rules: [&[Rule]; 2] = match fault.operation {
        Operation::RotateSecret | Operation::CancelRotateSecret | Operation::RestoreSecret => [&RULES, &[]],
        Operation::DeleteSecret => [&DELETION, &RULES],
        _ => return None,
    };
    let words = match &fault.cause {
        Cause::Service { message, .. } | Cause::Denied { message } => message.raw(),
        _ => return None,
    };
    rules.into_iter().flatten().find(|(part, _)| words.contains(part)).map(|(_, step)| (*step).to_owned())
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
        for (message, begins) in [
            (
                "You can't perform this operation on the secret because it was marked for deletion.",
                "it is marked already",
            ),
            ("You can't delete secret prod/db that still has replica regions [us-east-1]", "take its replicas out"),
            ("The secret is managed by another service. You must use that service to update it.", "delete it with"),
            (
                "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
                "change it in",
            ),
        ] {
            let step = Fault::new(Operation::DeleteSecret, service(message)).next_step();
            assert!(step.starts_with(begins), "{step}");
        }
        let other = Fault::new(Operation::DescribeSecret, service("replica secret"));
        assert_eq!(next_step(&other), None);
    }
}
