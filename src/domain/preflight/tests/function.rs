//! Rules about the rotation function.

use std::time::Duration;

use super::*;
use crate::domain::function::{Code, Environment, LastUpdate, Reason, State};

use Grade::{Fine, Notice, Stops, Unknown, Warning};
use Purpose::{Rotate, TestOnly, TurnOff, TurnOn};

#[test]
fn a_function_must_be_there() {
    let gone = |operation| Fault::new(operation, Cause::NoFunction { arn: FUNCTION.into() });
    let words = "There is no function `arn:aws:lambda:eu-west-1:123456789012:function:rotate-x`: it was deleted or \
                 renamed. → deploy the function again, or set the secret's rotation function anew";
    let all_say_so = Case::with_function(|function| {
        function.configuration = Err(gone(Operation::GetFunctionConfiguration));
        function.policy = Err(gone(Operation::GetPolicy));
        function.concurrency = Err(gone(Operation::GetFunctionConcurrency));
    });
    let one_says_so = Case::with_function(|function| {
        function.configuration = Err(denied(Operation::GetFunctionConfiguration));
        function.policy = Err(gone(Operation::GetPolicy));
    });
    for case in [all_say_so, one_says_so] {
        for purpose in [Rotate, TestOnly, TurnOn] {
            case.is(purpose, Rule::State, Stops, words);
            for rule in [Rule::Policy, Rule::Concurrency, Rule::Runtime] {
                case.is_silent(purpose, rule);
            }
        }
        assert_eq!(case.check(TurnOff).verdict(), "all clear");
    }
}

#[test]
fn a_function_that_nothing_is_known_of_is_told() {
    let named = |arn: &str| {
        Case::with(|case| {
            case.function = None;
            case.secret.rotation_function = Some(arn.into());
        })
    };
    let bad = "Not checked: the rotation function; `rotate-x` is no ARN of a Lambda function.";
    named("rotate-x").is(Rotate, Rule::State, Unknown, bad);
    named(FUNCTION).is(Rotate, Rule::State, Unknown, "Not checked: the rotation function; nothing is known of it.");
    named(FUNCTION).is_silent(TurnOff, Rule::State);
}

#[test]
fn state() {
    let reason = || Reason { code: Some("SubnetOutOfIPAddresses".into()), words: Some("No address is free.".into()) };
    for (state, grade, words) in [
        (State::Active, Fine, "The function rotate-x is active."),
        (
            State::Inactive,
            Notice,
            "The function rotate-x is inactive, for nobody has invoked it for weeks: the next invocation makes it active \
             again.",
        ),
        (
            State::Pending,
            Warning,
            "The function rotate-x is in the state Pending (SubnetOutOfIPAddresses: No address is free.): it isn't ready \
             yet. → wait until it is active",
        ),
        (
            State::Deactivating,
            Warning,
            "The function rotate-x is in the state Deactivating (SubnetOutOfIPAddresses: No address is free.). → look at \
             it in Lambda",
        ),
        (
            State::Other("Asleep".into()),
            Warning,
            "The function rotate-x is in the state Asleep (SubnetOutOfIPAddresses: No address is free.). → look at it in \
             Lambda",
        ),
    ] {
        let case = Case::configured(|function| (function.state, function.state_reason) = (Some(state), reason()));
        case.is(Rotate, Rule::State, grade, words);
    }
    for state in [State::Failed, State::Deactivated, State::ActiveNonInvocable, State::Deleting] {
        let words =
            format!("The function rotate-x is in the state {state:?}: it can't be invoked. → mend the function first");
        Case::configured(|function| function.state = Some(state)).is(Rotate, Rule::State, Stops, &words);
    }
    let words = "Lambda doesn't tell the state of the function rotate-x.";
    Case::configured(|function| function.state = None).is(Rotate, Rule::State, Unknown, words);
}

#[test]
fn last_update() {
    let updated = |status| {
        Case::configured(|function| {
            function.last_update = status;
            function.last_update_reason = Reason { code: Some("InvalidRuntime".into()), words: None };
        })
    };
    updated(Some(LastUpdate::Failed)).is(
        Rotate,
        Rule::Update,
        Warning,
        "The function's last update failed (InvalidRuntime). → see whether the function is what you take it for",
    );
    let words = "The function is being updated just now. → wait until that is done";
    updated(Some(LastUpdate::InProgress)).is(Rotate, Rule::Update, Warning, words);
    let words = "The function's last update has the status Odd (InvalidRuntime).";
    updated(Some(LastUpdate::Other("Odd".into()))).is(Rotate, Rule::Update, Notice, words);
    for quiet in [Some(LastUpdate::Successful), None] {
        updated(quiet).is_silent(Rotate, Rule::Update);
    }
}

#[test]
fn reserved_concurrency() {
    let way = "raise or remove the function's reserved concurrency";
    for (reserved, grade, words) in [
        (
            Some(0),
            Stops,
            format!(
                "The function's reserved concurrency is 0, so it can't run. AWS would take the call, and an AWSPENDING \
                 without a value would stay behind. → {way}"
            ),
        ),
        (Some(1), Warning, format!("The function's reserved concurrency is 1; AWS asks for at least 10. → {way}")),
        (Some(9), Warning, format!("The function's reserved concurrency is 9; AWS asks for at least 10. → {way}")),
        (Some(10), Fine, "The function's reserved concurrency is 10.".to_owned()),
        (None, Fine, "No concurrency is reserved for the function; it has its share of the account's.".to_owned()),
    ] {
        Case::with_function(|function| function.concurrency = Ok(reserved)).is(
            Rotate,
            Rule::Concurrency,
            grade,
            &words,
        );
    }
}

#[test]
fn a_statement_is_proposed_under_an_id_that_is_free() {
    let other = r#"{ "StringEquals": { "aws:SourceAccount": "999999999999" } }"#;
    let taken = |ids: &[&str]| {
        let statements: Vec<_> = ids
            .iter()
            .map(|id| {
                format!(
                    r#"{{"Sid":"{id}","Effect":"Allow","Principal":{{"Service":"secretsmanager.amazonaws.com"}},
                    "Action":"lambda:InvokeFunction","Condition":{other}}}"#
                )
            })
            .collect();
        ResourcePolicy(format!(r#"{{"Statement":[{}]}}"#, statements.join(",")).as_str().into())
    };
    for (ids, free) in [
        (&["S"][..], "SecretsManagerAccess "),
        (&["SecretsManagerAccess"], "SecretsManagerAccess2 "),
        (&["SecretsManagerAccess", "SecretsManagerAccess2"], "SecretsManagerAccess3 "),
    ] {
        let checks = Case::with_function(|function| function.policy = Ok(Some(taken(ids)))).check(Rotate).checks;
        let step = checks.into_iter().find(|check| check.rule == Rule::Policy).and_then(|check| check.next_step);
        assert!(step.is_some_and(|step| step.contains(&format!("--statement-id {free}"))), "{ids:?}");
    }
}

#[test]
fn the_policy_must_admit_secrets_manager() {
    let refuses = "AWS would answer AccessDeniedException.";
    let permit = |name: &str| {
        format!(
            "run `aws lambda add-permission --function-name arn:aws:lambda:eu-west-1:123456789012:function:rotate-x{name} \
             --statement-id SecretsManagerAccess --action lambda:InvokeFunction --principal secretsmanager.amazonaws.com \
             --source-account 123456789012`"
        )
    };
    let deny =
        ResourcePolicy(r#"{"Statement":{"Sid":"Stop","Effect":"Deny","Principal":"*","Action":"lambda:*"}}"#.into());
    for (policy, grade, words) in [
        (
            Some(policy("{}")),
            Notice,
            "The function's policy admits Secrets Manager for the secrets of any account. → give its statement the \
             condition aws:SourceAccount = 123456789012"
                .to_owned(),
        ),
        (
            Some(policy(r#"{"StringEquals":{"aws:SourceAccount":"999999999999"}}"#)),
            Stops,
            format!(
                "The function's policy doesn't admit Secrets Manager: aws:SourceAccount asks for 999999999999, and the \
                 secret is in 123456789012. {refuses} → {}",
                permit("")
            ),
        ),
        (
            Some(deny),
            Stops,
            format!(
                "The function's policy denies it to Secrets Manager with its statement `Stop`. {refuses} → remove or \
                 narrow that statement"
            ),
        ),
        (
            None,
            Stops,
            format!("The function has no policy, so Secrets Manager may not invoke it. {refuses} → {}", permit("")),
        ),
        (
            Some(policy(r#"{"Bool":{"aws:SecureTransport":"true"}}"#)),
            Unknown,
            "Not checked: whether the function's policy admits Secrets Manager; its statement `S` has the condition Bool \
             aws:SecureTransport. → read the policy with `aws lambda get-policy`"
                .to_owned(),
        ),
    ] {
        Case::with_function(|function| function.policy = Ok(policy)).is(Rotate, Rule::Policy, grade, &words);
    }
    Case::healthy().is(Rotate, Rule::Policy, Fine, "The function's policy admits Secrets Manager.");
    let alias = Case::with_function(|function| {
        (function.arn, function.policy) = (arn(&format!("{FUNCTION}:live")), Ok(None));
    });
    let (_, words) = alias.says(Rotate, Rule::Policy).remove(0);
    assert!(words.contains(&permit(" --qualifier live")), "{words}");
    let words = "Not checked: whether the function's policy admits Secrets Manager; the secret's ARN names no account.";
    Case::with(|case| case.secret.id.arn = "prod/db".into()).is(Rotate, Rule::Policy, Unknown, words);
}

#[test]
fn runtime() {
    let on = |code| Case::configured(|function| function.code = code);
    let words =
        "The function's runtime python3.9 is deprecated since 2025-12-15. → move the function to a newer runtime";
    on(Code::Runtime("python3.9".into())).is(Rotate, Rule::Runtime, Warning, words);
    Case::healthy().is(Rotate, Rule::Runtime, Fine, "The function's runtime is python3.12.");
    on(Code::Image).is(Rotate, Rule::Runtime, Fine, "The function is a container image.");
    on(Code::Unknown).is_silent(Rotate, Rule::Runtime);
}

#[test]
fn timeout() {
    let after = |seconds| Case::configured(|function| function.timeout = Some(Duration::from_secs(seconds)));
    for seconds in [3, 29] {
        let words = format!(
            "The function's time-out is {seconds} s: a step that takes longer is cut off. → raise it to 30 s or more"
        );
        after(seconds).is(Rotate, Rule::Timeout, Warning, &words);
    }
    after(30).is(Rotate, Rule::Timeout, Fine, "The function's time-out is 30 s.");
    Case::configured(|function| function.timeout = None).is_silent(Rotate, Rule::Timeout);
}

#[test]
fn a_change_since_the_last_good_rotation() {
    let changed = |when| Case::configured(|function| function.modified = Some(at(when)));
    let words = "The function changed 3 h ago (2026-11-20 06:14:00Z), after the last good rotation 19 d ago (2026-11-01 \
                 03:00:00Z).";
    let case = changed("2026-11-20T06:14:00Z");
    case.is(Rotate, Rule::Changed, Warning, &format!("{words} → run a test only, before you rotate"));
    case.is(TestOnly, Rule::Changed, Warning, words);
    changed("2026-11-01T03:00:00Z").is_silent(Rotate, Rule::Changed);
    let mut never = changed("2026-11-20T06:14:00Z");
    never.secret.last_rotated = None;
    never.is_silent(Rotate, Rule::Changed);
}

#[test]
fn the_endpoint_must_be_in_the_same_region() {
    let asks = |endpoint: &str| {
        let variables = [("SECRETS_MANAGER_ENDPOINT".to_owned(), endpoint.to_owned())];
        Case::configured(|function| function.environment = Environment::of(variables, None))
    };
    let words = "The function's SECRETS_MANAGER_ENDPOINT leads to eu-central-1, and the secret is in eu-west-1. → set it to \
                 the endpoint of eu-west-1";
    for wrong in [
        "https://secretsmanager.eu-central-1.amazonaws.com",
        "https://vpce-0a1b-2c3d.secretsmanager.eu-central-1.vpce.amazonaws.com",
        "https://secretsmanager-fips.eu-central-1.amazonaws.com:443/",
    ] {
        asks(wrong).is(Rotate, Rule::Endpoint, Warning, words);
    }
    for right in [
        "https://secretsmanager.eu-west-1.amazonaws.com",
        "https://vpce-0a1b-2c3d.secretsmanager.eu-west-1.vpce.amazonaws.com",
        "https://secrets.example.com",
        "https://secretsmanager.internal",
        "",
    ] {
        asks(right).is_silent(Rotate, Rule::Endpoint);
    }
}

#[test]
fn a_log_without_steps() {
    let case = Case::configured(|function| {
        (function.log.is_json, function.log.application_level) = (true, Some("ERROR".into()));
    });
    let words = "The function's log level is ERROR, so its log doesn't tell the steps. → set its application log level to \
                 INFO";
    case.is(Rotate, Rule::Log, Notice, words);
    Case::healthy().is_silent(Rotate, Rule::Log);
}

#[test]
fn a_function_of_another_account() {
    let theirs = arn("arn:aws:lambda:eu-west-1:999999999999:function:rotate-x");
    let case = Case::with_function(|function| {
        function.arn = theirs;
        function.configuration = Err(denied(Operation::GetFunctionConfiguration));
    });
    let words = "The function is in another account, 999999999999, and its log is there too.";
    case.is(Rotate, Rule::Account, Notice, words);
    Case::healthy().is_silent(Rotate, Rule::Account);
}

#[test]
fn each_denied_question_is_told_with_its_action() {
    let case = Case::with_function(|function| {
        function.configuration = Err(denied(Operation::GetFunctionConfiguration));
        function.policy = Err(denied(Operation::GetPolicy));
        function.concurrency = Err(denied(Operation::GetFunctionConcurrency));
    });
    let preflight = case.check(Rotate);
    let told: Vec<_> = preflight
        .of_grade(Unknown)
        .map(|check| (check.sentence.as_str(), check.missing.unwrap(), check.next_step.clone().unwrap()))
        .collect();
    let ask = |action| format!("ask for the IAM action {action}");
    assert_eq!(
        told,
        [
            (
                "Not checked: whether the function can be invoked, its time-out, its runtime, when it changed, what it \
                 logs. AWS denied GetFunctionConfiguration.",
                "lambda:GetFunctionConfiguration",
                ask("lambda:GetFunctionConfiguration"),
            ),
            (
                "Not checked: the function's reserved concurrency. AWS denied GetFunctionConcurrency.",
                "lambda:GetFunctionConcurrency",
                ask("lambda:GetFunctionConcurrency"),
            ),
            (
                "Not checked: whether the function's policy admits Secrets Manager. AWS denied GetPolicy.",
                "lambda:GetPolicy",
                ask("lambda:GetPolicy"),
            ),
        ]
    );
    assert_eq!((preflight.stops(), preflight.verdict().as_str()), (false, "3 checks not made"));
}
