//! Rules about a function's configuration.

use std::time::Duration;

use super::{Check, Facts, Purpose, Rule};
use crate::domain::function::{Code, Deprecation, Function, LastUpdate, State};
use crate::domain::preflight::Grade;
use crate::text::{AwsText, ago, day, moment};

/// The least time-out: AWS's advice for functions that stop in the middle.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>
const TIMEOUT: Duration = Duration::from_secs(30);

pub(super) fn checks(purpose: Option<Purpose>, facts: &Facts<'_>, function: &Function) -> Vec<Check> {
    let rules = [
        Some(state(function)),
        update(function),
        runtime(function, facts),
        timeout(function),
        changed(purpose, facts, function),
        endpoint(function),
        log(function),
    ];
    rules.into_iter().flatten().collect()
}

/// Whether it can be invoked.
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html>
fn state(function: &Function) -> Check {
    let name = &function.arn.name;
    let why = function.state_reason.in_brackets();
    let Some(state) = &function.state else {
        return Rule::State.check(Grade::Unknown, format!("Lambda doesn't tell the state of the function {name}."));
    };
    let said = format!("The function {name} is in the state {}{why}", state.word());
    match state {
        State::Active => Rule::State.fine(format!("The function {name} is active.")),
        State::Inactive => Rule::State.notice(format!(
            "The function {name} is inactive, for nobody has invoked it for weeks: the next invocation makes it active \
             again."
        )),
        State::Pending => Rule::State.warns(format!("{said}: it isn't ready yet.")).then("wait until it is active"),
        State::Deactivating | State::Other(_) => Rule::State.warns(format!("{said}.")).then("look at it in Lambda"),
        State::Failed | State::Deactivated | State::ActiveNonInvocable | State::Deleting => {
            Rule::State.stops(format!("{said}: it can't be invoked.")).then("mend the function first")
        }
    }
}

/// How its last update ended, same source.
fn update(function: &Function) -> Option<Check> {
    let why = function.last_update_reason.in_brackets();
    match function.last_update.as_ref()? {
        LastUpdate::Successful => None,
        LastUpdate::Failed => {
            let check = Rule::Update.warns(format!("The function's last update failed{why}."));
            Some(check.then("see whether the function is what you take it for"))
        }
        LastUpdate::InProgress => {
            Some(Rule::Update.warns("The function is being updated just now.").then("wait until that is done"))
        }
        LastUpdate::Other(status) => {
            Some(Rule::Update.notice(format!("The function's last update has the status {status}{why}.")))
        }
    }
}

/// Whether its runtime is looked after.
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>
fn runtime(function: &Function, facts: &Facts<'_>) -> Option<Check> {
    let runtime = match &function.code {
        Code::Runtime(runtime) => runtime,
        Code::Image => return Some(Rule::Runtime.fine("The function is a container image.")),
        Code::Unknown => return None,
    };
    Some(match Deprecation::of(runtime.raw(), facts.now) {
        Some(deprecation) => Rule::Runtime
            .warns(format!("The function's runtime {runtime} is deprecated since {}.", day(deprecation.since())))
            .then("move the function to a newer runtime"),
        None => Rule::Runtime.fine(format!("The function's runtime is {runtime}.")),
    })
}

/// Whether its time-out is sane.
fn timeout(function: &Function) -> Option<Check> {
    let timeout = function.timeout?;
    let seconds = timeout.as_secs();
    Some(if timeout < TIMEOUT {
        let sentence = format!("The function's time-out is {seconds} s: a step that takes longer is cut off.");
        Rule::Timeout.warns(sentence).then(format!("raise it to {} s or more", TIMEOUT.as_secs()))
    } else {
        Rule::Timeout.fine(format!("The function's time-out is {seconds} s."))
    })
}

/// Whether its code or configuration has changed since it last rotated this secret.
fn changed(purpose: Option<Purpose>, facts: &Facts<'_>, function: &Function) -> Option<Check> {
    let (modified, rotated) = (function.modified?, facts.secret.last_rotated?);
    if modified <= rotated {
        return None;
    }
    let when = |then| format!("{} ({})", ago(then, facts.now), moment(then));
    let sentence = format!("The function changed {}, after the last good rotation {}.", when(modified), when(rotated));
    let check = Rule::Changed.warns(sentence);
    Some(if purpose.is_none_or(|purpose| purpose == Purpose::TestOnly) {
        check
    } else {
        check.then("run a test only, before you rotate")
    })
}

/// Whether the Secrets Manager that it asks is that of its own Region.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/vpc-endpoint-overview.html>
fn endpoint(function: &Function) -> Option<Check> {
    let endpoint = function.environment.shown.get(&"SECRETS_MANAGER_ENDPOINT".into())?;
    let (theirs, ours) = (AwsText::from(region_of(endpoint.raw())?), &function.arn.region);
    (theirs != *ours).then(|| {
        let sentence =
            format!("The function's SECRETS_MANAGER_ENDPOINT leads to {theirs}, and the secret is in {ours}.");
        Rule::Endpoint.warns(sentence).then(format!("set it to the endpoint of {ours}"))
    })
}

/// The Region that the name of an endpoint of Secrets Manager has in it.
fn region_of(endpoint: &str) -> Option<&str> {
    let mut labels = endpoint.split(['.', '/', ':']);
    labels.find(|label| ["secretsmanager", "secretsmanager-fips"].contains(label))?;
    labels.next().filter(|region| region.ends_with(|c: char| c.is_ascii_digit()) && region.contains('-'))
}

/// Whether its log tells the steps.
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>
fn log(function: &Function) -> Option<Check> {
    let level = function.log.application_level.as_ref().filter(|_| function.hides_steps())?;
    let check = Rule::Log.notice(format!("The function's log level is {level}, so its log doesn't tell the steps."));
    Some(check.then("set its application log level to INFO"))
}
