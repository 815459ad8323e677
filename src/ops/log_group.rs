//! Which log group a secret's rotation function writes to, or why none can be read.

use std::fmt;

use crate::aws::Aws;
use crate::domain::fault::Fault;
use crate::domain::function::{Function, FunctionArn, Logging};
use crate::domain::secret::Secret;
use crate::domain::tail::LogGroup;
use crate::text::AwsText;

/// A log group, and how sure it is that it is the one.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The group. It need not be there yet: it comes with the function's first invocation.
    pub group: LogGroup,
    /// Why its name is only Lambda's default: the function's configuration couldn't be read.
    pub guessed: Option<Fault>,
    /// Why nobody knows whether it is there, and of which class.
    pub unlisted: Option<Fault>,
}

/// Why there is no log to read.
#[derive(Debug, Clone, PartialEq)]
pub enum NoLog {
    /// No function rotates the secret.
    NoFunction,
    /// What names the function is no ARN of one.
    NotAnArn(AwsText),
    /// The function is of another account, and so is its log.
    OtherAccount {
        /// The account.
        account: AwsText,
        /// The function's name.
        function: AwsText,
    },
}

impl fmt::Display for NoLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFunction => f.write_str("No function rotates this secret, so there is no function's log."),
            Self::NotAnArn(text) => write!(f, "`{text}` is not the ARN of a function, so its log can't be found."),
            Self::OtherAccount { account, function } => write!(
                f,
                "The rotation function {function} is of account {account}: its log is there, and can't be read from here."
            ),
        }
    }
}

/// Finds the log group of a secret's function. The name is the one that the function's configuration sets, else
/// Lambda's default.
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html>
pub async fn log_group(aws: &Aws, secret: &Secret, function: Option<&Result<Function, Fault>>) -> Result<Found, NoLog> {
    let arn = secret.rotation_function.as_ref().ok_or(NoLog::NoFunction)?;
    let arn = FunctionArn::parse(arn).map_err(|_| NoLog::NotAnArn(arn.clone()))?;
    if secret.id.account().is_some_and(|account| account != arn.account.raw()) {
        return Err(NoLog::OtherAccount { account: arn.account.clone(), function: arn.name.clone() });
    }
    let (name, guessed) = match function {
        Some(Ok(function)) => (function.log.group.clone(), None),
        Some(Err(fault)) => (Logging::usual_group(&arn), Some(fault.clone())),
        None => (Logging::usual_group(&arn), None),
    };
    let context = &secret.id.context;
    let unseen = || LogGroup::of_function(context, &arn, &name);
    let (group, unlisted) = match aws.log_group(context, name.raw()).await {
        Ok(group) => (group.unwrap_or_else(unseen), None),
        Err(fault) => (unseen(), Some(fault)),
    };
    Ok(Found { group, guessed, unlisted })
}

/// What Lambda says about a secret's function; `None` where it has none that could be asked about.
pub async fn configuration(aws: &Aws, secret: &Secret) -> Option<Result<Function, Fault>> {
    let arn = FunctionArn::parse(secret.rotation_function.as_ref()?).ok()?;
    Some(aws.function(&secret.id.context, &arn).await)
}
