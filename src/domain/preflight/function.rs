//! Rules about the rotation function: whether it is there, may be invoked, and can do its work.

mod running;

use super::{Check, Facts, Purpose, Rule};
use crate::domain::fault::{Cause, Fault};
use crate::domain::function::{Admission, FunctionArn, FunctionFacts, ResourcePolicy};
use crate::domain::secret::Secret;
use crate::text::AwsText;

/// The least concurrency that AWS asks for where any is reserved.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>
const CONCURRENCY: u32 = 10;

/// The rules, for what is about to be done; without a purpose none says what AWS would answer.
pub(super) fn checks(purpose: Option<Purpose>, facts: &Facts<'_>) -> Vec<Check> {
    let Some(function) = facts.function else {
        return not_asked(facts.secret).into_iter().collect();
    };
    let mut checks: Vec<_> = account(facts.secret, &function.arn).into_iter().collect();
    if let Some(fault) = gone(function) {
        checks.push(Rule::State.stops(fault.sentence()).then(fault.next_step()));
        return checks;
    }
    match &function.configuration {
        Ok(configuration) => checks.extend(running::checks(purpose, facts, configuration)),
        Err(fault) => {
            let what = "whether the function can be invoked, its time-out, its runtime, when it changed, what it logs";
            checks.push(Rule::State.unseen(what, fault));
        }
    }
    checks.push(concurrency(purpose, function));
    checks.push(policy(purpose, facts.secret, function));
    checks
}

/// A function that a secret names and that nothing is known of.
fn not_asked(secret: &Secret) -> Option<Check> {
    let why = match FunctionArn::parse(secret.rotation_function.as_ref()?) {
        Ok(_) => "nothing is known of it".to_owned(),
        Err(bad) => bad.to_string(),
    };
    let unknown = super::Grade::Unknown;
    Some(Rule::State.check(unknown, format!("Not checked: the rotation function; {why}.")))
}

/// The answer that says that there is no such function; one is enough, whatever the others could not tell.
fn gone(function: &FunctionFacts) -> Option<&Fault> {
    let FunctionFacts { configuration, policy, concurrency, .. } = function;
    let faults = [configuration.as_ref().err(), policy.as_ref().err(), concurrency.as_ref().err()];
    faults.into_iter().flatten().find(|fault| matches!(fault.cause, Cause::NoFunction { .. }))
}

/// A function of another account, of which little can be seen from here.
fn account(secret: &Secret, arn: &FunctionArn) -> Option<Check> {
    let account = secret.id.account()?;
    (account != arn.account.raw()).then(|| {
        let theirs = &arn.account;
        Rule::Account.notice(format!("The function is in another account, {theirs}, and its log is there too."))
    })
}

/// Reserved concurrency. AWS takes the call even where it is 0, makes AWSPENDING, and then can't run the function.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>
fn concurrency(purpose: Option<Purpose>, function: &FunctionFacts) -> Check {
    let rule = Rule::Concurrency;
    let way = "raise or remove the function's reserved concurrency";
    match &function.concurrency {
        Ok(Some(0)) => {
            let would = "AWS would take the call, and an AWSPENDING without a value would stay behind.";
            let would = purpose.map_or_else(String::new, |_| format!(" {would}"));
            rule.stops(format!("The function's reserved concurrency is 0, so it can't run.{would}")).then(way)
        }
        Ok(Some(number)) if *number < CONCURRENCY => {
            let asks = format!("AWS asks for at least {CONCURRENCY}");
            rule.warns(format!("The function's reserved concurrency is {number}; {asks}.")).then(way)
        }
        Ok(Some(number)) => rule.fine(format!("The function's reserved concurrency is {number}.")),
        Ok(None) => rule.fine("No concurrency is reserved for the function; it has its share of the account's."),
        Err(fault) => rule.unseen("the function's reserved concurrency", fault),
    }
}

/// The function's policy. Where it doesn't admit Secrets Manager, AWS refuses the call itself.
/// Sources: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html>,
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>
fn policy(purpose: Option<Purpose>, secret: &Secret, function: &FunctionFacts) -> Check {
    let rule = Rule::Policy;
    let what = "whether the function's policy admits Secrets Manager";
    let policy = match &function.policy {
        Ok(policy) => policy.as_ref(),
        Err(fault) => return rule.unseen(what, fault),
    };
    let Some(account) = secret.id.account() else {
        return rule.check(super::Grade::Unknown, format!("Not checked: {what}; the secret's ARN names no account."));
    };
    let refuses = purpose.map_or("", |_| " AWS would answer AccessDeniedException.");
    match Admission::of(policy, secret.id.arn.raw(), account) {
        Admission::Admits { unguarded: false } => rule.fine("The function's policy admits Secrets Manager."),
        Admission::Admits { unguarded: true } => rule
            .notice("The function's policy admits Secrets Manager for the secrets of any account.")
            .then(format!("give its statement the condition aws:SourceAccount = {account}")),
        Admission::NotAdmitted(why) => rule
            .stops(format!("The function's policy doesn't admit Secrets Manager: {why}.{refuses}"))
            .then(permit(&function.arn, &account.into(), policy)),
        Admission::Denied(statement) => rule
            .stops(format!("The function's policy denies it to Secrets Manager with its {statement}.{refuses}"))
            .then("remove or narrow that statement"),
        Admission::NoPolicy => rule
            .stops(format!("The function has no policy, so Secrets Manager may not invoke it.{refuses}"))
            .then(permit(&function.arn, &account.into(), None)),
        Admission::CantTell(why) => rule
            .check(super::Grade::Unknown, format!("Not checked: {what}; {why}."))
            .then("read the policy with `aws lambda get-policy`"),
    }
}

/// The command that lets Secrets Manager invoke a function. AWS takes no statement under an id that its policy has already.
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html>
fn permit(arn: &FunctionArn, account: &AwsText, policy: Option<&ResourcePolicy>) -> String {
    let is_free = |id: &String| !policy.is_some_and(|policy| policy.has_statement(id));
    let numbered = (2..100).map(|number| format!("SecretsManagerAccess{number}"));
    let id = std::iter::once("SecretsManagerAccess".to_owned()).chain(numbered).find(is_free).unwrap_or_default();
    let name = AwsText::from(arn.unqualified());
    let qualifier = arn.qualifier.as_ref().map_or_else(String::new, |qualifier| format!(" --qualifier {qualifier}"));
    format!(
        "run `aws lambda add-permission --function-name {name}{qualifier} --statement-id {id} \
         --action lambda:InvokeFunction --principal secretsmanager.amazonaws.com --source-account {account}`"
    )
}
