//! Which log group a secret's rotation function writes to, or why none can be read.

use std::time::Duration;

use crate::aws::Aws;
use crate::domain::fault::{Cause, Fault};
use crate::domain::function::{Function, FunctionArn, Logging};
use crate::domain::permission::Operation;
use crate::domain::secret::Secret;
use crate::domain::tail::{Found, LogGroup, NoLog};

/// Finds the log group of a secret's function. The name is the one that the function's configuration sets, else
/// Lambda's default.
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html>
pub async fn log_group(aws: &Aws, secret: &Secret, function: Option<&Result<Function, Fault>>) -> Result<Found, NoLog> {
    let unseen = unseen(secret, function)?;
    let answer = aws.log_group(&secret.id.context, unseen.group.name.raw()).await;
    Ok(unseen.seen(answer))
}

/// The same, for whoever can't wait for it longer than that: then nobody knows whether the group is there.
pub async fn log_group_within(
    aws: &Aws,
    secret: &Secret,
    function: Option<&Result<Function, Fault>>,
    patience: Duration,
) -> Result<Found, NoLog> {
    let unseen = unseen(secret, function)?;
    let answer = tokio::select! {
        answer = aws.log_group(&secret.id.context, unseen.group.name.raw()) => answer,
        () = aws.sleep(patience) => Err(Fault::new(Operation::DescribeLogGroups, Cause::TimedOut)),
    };
    Ok(unseen.seen(answer))
}

/// The group as its name tells, before anybody was asked about it.
fn unseen(secret: &Secret, function: Option<&Result<Function, Fault>>) -> Result<Found, NoLog> {
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
    Ok(Found { group: LogGroup::of_function(&secret.id.context, &arn, &name), guessed, unlisted: None })
}

/// What Lambda says about a secret's function; `None` where it has none that could be asked about.
pub async fn configuration(aws: &Aws, secret: &Secret) -> Option<Result<Function, Fault>> {
    let arn = FunctionArn::parse(secret.rotation_function.as_ref()?).ok()?;
    Some(aws.function(&secret.id.context, &arn).await)
}
