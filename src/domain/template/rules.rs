//! The lines of AWS's rotation templates, each as an expression over what stands behind the name of its step.
//!
//! Made from every message that the templates log or raise:
//! <https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas>. What is raised is what was logged without
//! the name of the step in front, so that name is optional in errors.

use super::What::{AlreadyDone, Failed, Refused, Setback, Succeeded, Underway};
use super::{Named, What};
use crate::domain::rotation::Step::{self, Create, Finish, Set, Test};

/// What must stand before the expression, what it says, and the expression. It captures the secret as `arn` and the
/// version as `ver`; a full stop at the end is taken off before.
pub(super) struct Rule(pub(super) Before, pub(super) What, pub(super) &'static str);

/// The name of a step before an expression.
#[derive(Clone, Copy)]
pub(super) enum Before {
    /// This step's.
    The(Step),
    /// This step's or none: it is that step in any case.
    Maybe(Step),
    /// Any step's, which it then is, or none.
    Any,
}

use Before::{Any, Maybe, The};

impl Before {
    pub(super) fn fits(self, named: Option<&Named>) -> bool {
        match (self, named) {
            (The(step), named) => named.is_some_and(|named| named.step == step),
            (Maybe(step), Some(named)) => named.step == step,
            (Maybe(_), None) | (Any, _) => true,
        }
    }

    pub(super) fn step(self) -> Option<Step> {
        match self {
            The(step) | Maybe(step) => Some(step),
            Any => None,
        }
    }
}

/// The rules; the first that fits counts.
pub(super) const RULES: &[Rule] = &[
    // The normal course.
    Rule(The(Create), AlreadyDone, r"^Successfully retrieved secret for (?<arn>\S+)$"),
    Rule(The(Create), Succeeded, r"^Successfully put secret for ARN (?<arn>\S+) and version (?<ver>\S+)$"),
    Rule(
        The(Create),
        Succeeded,
        r"^Successfully (?:created new authorization|generated new password and staged) for ARN (?<arn>\S+) and version (?<ver>\S+)$",
    ),
    Rule(The(Set), AlreadyDone, r"^AWSPENDING secret is already set as password in .+ for secret arn (?<arn>\S+)$"),
    Rule(The(Set), Succeeded, r"^Successfully set password for .+ in .+ for secret arn (?<arn>\S+)$"),
    Rule(
        The(Set),
        Succeeded,
        r"^Successfully (?:completed|updated the password for ARN (?<arn>\S+)(?: and version (?<ver>\S+))?)",
    ),
    // Keytabs come after the password.
    Rule(The(Set), Succeeded, r"^Successfully put keytab secret for ARN \S+ and version \S+$"),
    Rule(
        The(Set),
        Underway,
        r"^Successfully fetched connection params for (?:Master Secret|the admin secret) \S+ from ",
    ),
    Rule(The(Test), Succeeded, r"^Successfully signed into .+ with AWSPENDING secret in (?<arn>\S+)$"),
    Rule(The(Test), Succeeded, r"^User \S+ is active in elasticache after password update for secret arn (?<arn>\S+)$"),
    Rule(The(Test), Succeeded, r"^Successfully tested (?:authentication|token) rotation$"),
    Rule(The(Finish), Succeeded, r"^Successfully set AWSCURRENT stage to version (?<ver>\S+) for secret (?<arn>\S+)$"),
    Rule(The(Finish), AlreadyDone, r"^Version (?<ver>\S+) already marked as AWSCURRENT for (?<arn>\S+)$"),
    Rule(Maybe(Create), Underway, r"^Creating Secret$"),
    Rule(Maybe(Set), Underway, r"^Setting Secret$"),
    Rule(Maybe(Test), Underway, r"^Testing Secret$"),
    Rule(Maybe(Finish), Underway, r"^Finishing Secret$"),
    Rule(Any, AlreadyDone, r"^Secret version (?<ver>\S+) already set as AWSCURRENT for secret (?<arn>\S+)$"),
    Rule(
        Any,
        Underway,
        r"^Successfully established (?:SSL/TLS |non SSL/TLS )?connection as user '[^']*' with host: '[^']*'$",
    ),
    Rule(Any, Underway, r"^Found credentials in environment variables$"),
    Rule(Any, Underway, r"^user \S+ (?:active, exiting|not active, waiting)$"),
    // Refusals.
    Rule(Any, Refused, r"^Secret (?<arn>\S+) is not enabled for rotation$"),
    Rule(
        Any,
        Refused,
        r"^Secret version (?<ver>\S+) (?:has no stage|not set as AWSPENDING) for rotation of secret (?<arn>\S+)$",
    ),
    Rule(Any, Refused, r"^(?:lambda_handler: )?Invalid step parameter(?: \S+ for secret (?<arn>\S+))?$"),
    Rule(Any, Refused, r"^(?:Secret (?<arn>\S+)|User \S+) is not allowed to use this Lambda function for rotation$"),
    Rule(Any, Refused, r"^Username \S+ in current dict does not match username \S+ in pending dict$"),
    Rule(Any, Refused, r"^Current directory name list .+ does not match pending directory name list "),
    // Errors of steps.
    Rule(
        Maybe(Set),
        Failed,
        r"^Unable to log into database with previous, current, or pending secret of secret (?:arn|ARN) (?<arn>\S+)$",
    ),
    Rule(Maybe(Set), Failed, r"^Unable to log into database using current credentials for secret (?<arn>\S+)$"),
    Rule(
        Maybe(Set),
        Failed,
        r"^Unable to log into (?:rdsadmin )?database using credentials in (?:master|admin) secret \S+$",
    ),
    Rule(
        Maybe(Set),
        Failed,
        r"^Attempting to modify user \S+ other than (?:current|previous valid|last valid) user(?: or clone)? \S+$",
    ),
    Rule(
        Maybe(Set),
        Failed,
        r"^Attempting to modify user for (?:host|a DB|DB) \S+ other than (?:current|previous)(?: previous)?(?: valid)?(?: host| DB)? \S+$",
    ),
    Rule(
        Maybe(Set),
        Failed,
        r"^Current database host \S+ is not the same host as(?:/rds replica of)? (?:master|admin) \S+$",
    ),
    Rule(
        Maybe(Set),
        Failed,
        r"^Encountered API error while fetching connection parameters from .+? (?:RDS|Redshift|Redshift Serverless) API: ",
    ),
    Rule(Maybe(Set), Failed, r"^.+ is not a valid DB (?:Instance|Cluster) ARN\. "),
    Rule(Maybe(Set), Setback, r"^The secret \S+ is not a service-linked secret, so it does not have a tag "),
    Rule(Maybe(Set), Setback, r"^DB Instance ARN not present in Metadata System Tags for secret \S+$"),
    Rule(Maybe(Test), Failed, r"^Unable to log into database with pending secret of secret ARN (?<arn>\S+)$"),
    Rule(Any, Failed, r"\S+ key is missing from secret JSON"),
    Rule(
        Any,
        Failed,
        r"Database engine must be set to '[^']+' in order to use this (?:rotation lambda|Lambda rotation function)",
    ),
    Rule(
        Maybe(Create),
        Failed,
        r"^Unable to clone user, username length with _(?:clone|CLONE) appended would exceed \S+ characters$",
    ),
    Rule(
        Any,
        Setback,
        r"^Unable to establish SSL/TLS handshake, (?:SSL/TLS is (?:not enabled|enforced) on|check that SSL/TLS is enabled on) the host: \S+$",
    ),
    Rule(Any, Setback, r"^Hostname verification failed when estlablishing SSL/TLS Handshake with host: \S+$"), // AWS's spelling
    Rule(Any, Setback, r"^Unable to establish database connection$"),
    Rule(Maybe(Set), Failed, r"^Error encountered when attempting to set password in database for user \S+$"),
    Rule(Maybe(Set), Failed, r"^(?:Unable to create user \S+|User \S+ does not exist in database)$"),
    Rule(Maybe(Set), Setback, r"^Encountered error while verifying rds replica status: "),
    Rule(Maybe(Set), Setback, r"^Cannot verify replica status - no RDS instance found with identifier: "),
    Rule(Maybe(Set), Failed, r"^Unable to reset the users?'?s? password in Directory Services"),
    Rule(Any, Failed, r"kinit failed"),
    Rule(Any, Failed, r"Invalid secret value (?:JSON|json) for secret \S+"),
    Rule(Any, Failed, r"(?:^user \S+ associated with secret (?<arn>\S+) )?did not reached the active status$"), // AWS's grammar
    Rule(
        Maybe(Create),
        Failed,
        r"Authentication creation has not been enabled to allow the [Ll]ambda function to create tokens",
    ),
    Rule(Maybe(Set), Failed, r"^The secret has a tag aws:redshift(?::primaryclusterarn|-serverless:namespacearn)"),
    Rule(Any, Setback, r"^(?:\S+: )?Connection failure(?: with secret ARN (?<arn>\S+).*)?$"),
    Rule(Any, Failed, r"Invalid endpoint info for (?:InfluxDB|influxdb) instance"),
    Rule(
        Maybe(Set),
        Failed,
        r"^Current and pending (?:secrets do not have the same token types|tokens failed user equality test) for secret ARN (?<arn>\S+)",
    ),
    Rule(Maybe(Set), Failed, r"^Rotation is attempting to use a new DB instance "),
    Rule(Any, Failed, r"^Principals in secret do not match principals in keytab"),
    Rule(Any, Failed, r"^Failed to create keytab with new password$"),
    Rule(Maybe(Test), Failed, r"^One or more keytabs failed validation "),
    Rule(Any, Failed, r"^check_inputs: Invalid character in (?:username|password)$"),
    Rule(Maybe(Set), Failed, r"^Invalid database (?:permission class|principal permission type) "),
    Rule(Maybe(Create), Failed, r"^Invalid username, username must not be empty after _clone suffix is removed$"),
];
