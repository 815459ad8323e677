//! Functions taken apart: ARNs, environments, log levels, runtimes.

use chrono::{NaiveDate, NaiveTime};

use super::*;

fn arn() -> FunctionArn {
    FunctionArn::parse(&"arn:aws:lambda:eu-west-1:123456789012:function:rotate-x".into()).unwrap()
}

#[test]
fn arns_are_taken_apart_and_bad_ones_are_told() {
    let whole = "arn:aws-cn:lambda:cn-north-1:123456789012:function:rotate-x:live";
    let arn = FunctionArn::parse(&whole.into()).unwrap();
    let parts = [&arn.partition, &arn.region, &arn.account, &arn.name].map(AwsText::raw);
    assert_eq!(parts, ["aws-cn", "cn-north-1", "123456789012", "rotate-x"]);
    assert_eq!(arn.qualifier, Some("live".into()));
    assert_eq!(arn.unqualified(), "arn:aws-cn:lambda:cn-north-1:123456789012:function:rotate-x");
    let version = FunctionArn::parse(&"arn:aws:lambda:eu-west-1:123456789012:function:rotate-x:$LATEST".into());
    assert_eq!(version.unwrap().qualifier, Some("$LATEST".into()));
    for bad in [
        "",
        "rotate-x",
        "arn:aws:lambda:…",
        "arn:aws:lambda:eu-west-1:123456789012:function",
        "arn:aws:lambda:eu-west-1:123456789012:function:",
        "arn:aws:lambda:eu-west-1:123456789012:function:rotate-x:",
        "arn:aws:lambda:eu-west-1:123456789012:function:rotate-x:1:2",
        "arn:aws:lambda::123456789012:function:rotate-x",
        "arn:aws:lambda:eu-west-1::function:rotate-x",
        "arn:aws:lambda:eu-west-1:123456789012:layer:rotate-x",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x",
    ] {
        assert_eq!(FunctionArn::parse(&bad.into()), Err(BadArn(bad.into())));
    }
    assert_eq!(BadArn("x\x1b[2J".into()).to_string(), "`x␛[2J` is no ARN of a Lambda function");
}

#[test]
fn of_an_environment_only_known_names_keep_their_values() {
    let variables = [
        ("EXCLUDE_CHARACTERS", "/@\"'\\"),
        ("SECRET_NAME", ""),
        ("DB_PASSWORD", "hunter2"),
        ("PASSWORD_LENGTH", "32"),
        ("A", ""),
    ];
    let owned = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let environment = Environment::of(owned, None);
    let shown: Vec<_> = environment.shown.iter().map(|(name, value)| (name.raw(), value.raw())).collect();
    assert_eq!(shown, [("EXCLUDE_CHARACTERS", "/@\"'\\"), ("PASSWORD_LENGTH", "32")]);
    assert_eq!((environment.empty.clone(), environment.hidden), (vec!["A".into(), "SECRET_NAME".into()], 1));
    assert!(!format!("{environment:?}").contains("hunter2"));
}

#[test]
fn steps_are_hidden_by_a_level_above_info_in_json() {
    for (is_json, level, hides) in [
        (true, Some("WARN"), true),
        (true, Some("ERROR"), true),
        (true, Some("FATAL"), true),
        (true, Some("INFO"), false),
        (true, Some("DEBUG"), false),
        (true, Some("TRACE"), false),
        (true, None, false),
        (false, Some("WARN"), false),
    ] {
        let group = Logging::usual_group(&arn());
        let log = Logging { group, is_json, application_level: level.map(Into::into), system_level: None };
        let function = Function { log, ..Function::plain(&arn()) };
        assert_eq!(function.hides_steps(), hides, "{is_json} {level:?}");
    }
}

#[test]
fn the_usual_log_group_has_the_functions_name() {
    let whole = "arn:aws:lambda:eu-west-1:123456789012:function:rotate-x:live";
    assert_eq!(Logging::usual_group(&FunctionArn::parse(&whole.into()).unwrap()).raw(), "/aws/lambda/rotate-x");
}

#[test]
fn states_keep_awss_words() {
    for word in [
        "Pending",
        "Active",
        "Inactive",
        "Failed",
        "Deactivating",
        "Deactivated",
        "ActiveNonInvocable",
        "Deleting",
        "Hibernating",
    ] {
        assert_eq!(State::from_aws(word).word(), word);
        assert_eq!(matches!(State::from_aws(word), State::Other(_)), word == "Hibernating");
    }
}

#[test]
fn a_reason_stands_in_brackets() {
    let reason = |code: &str, words: &str| {
        let some = |text: &str| (!text.is_empty()).then(|| text.into());
        Reason { code: some(code), words: some(words) }.in_brackets()
    };
    assert_eq!(reason("InvalidSubnet", "It is gone."), " (InvalidSubnet: It is gone.)");
    assert_eq!(
        (reason("InvalidSubnet", ""), reason("", "It is gone.")),
        (" (InvalidSubnet)".into(), " (It is gone.)".into())
    );
    assert_eq!(reason("", ""), "");
}

#[test]
fn runtimes_are_deprecated_from_their_day_on() {
    let of = |runtime: &str, now: &str| Deprecation::of(runtime, now.parse().unwrap()).map(|found| found.runtime);
    assert_eq!(of("python3.9", "2025-12-14T23:59:59Z"), None);
    assert_eq!(of("python3.9", "2025-12-15T00:00:00Z"), Some("python3.9"));
    assert_eq!(of("python3.12", "2026-11-21T00:00:00Z"), None);
    for deprecation in DEPRECATIONS {
        assert_ne!(deprecation.since(), NaiveDate::default().and_time(NaiveTime::MIN).and_utc(), "{deprecation:?}");
    }
}
