//! What a policy lets pass, case by case, and its patterns against the plainest way to match them.

use proptest::prelude::*;

use super::*;

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/x-AbCdEf";

fn policy(statements: &str) -> Policy {
    Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)).unwrap()
}

fn allow(action: &str, resource: &str) -> String {
    format!(r#"{{"Effect":"Allow","Action":{action},"Resource":{resource}}}"#)
}

#[test]
fn patterns_match_as_iam_matches_them() {
    for (pattern, text, fits) in [
        ("*", "", true),
        ("*", ARN, true),
        ("", "", true),
        ("", "a", false),
        ("a", "a", true),
        ("a", "A", false),
        ("a", "ab", false),
        ("?", "", false),
        ("?", "a", true),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("*:secret:prod/*", ARN, true),
        ("arn:aws:secretsmanager:*:*:secret:*", ARN, true),
        ("arn:aws:secretsmanager:*:secret:*", ARN, true),
        ("arn:aws:secretsmanager:eu-west-2:*:secret:*", ARN, false),
        ("arn:*:secret:prod/x-??????", ARN, true),
        ("arn:*:secret:prod/x", ARN, false),
        ("arn:*:secret:prod/x-?????", ARN, false),
        ("*ab*ab*c", "abxabxabc", true),
        ("*ab*ab*c", "abxc", false),
        ("é?", "éà", true),
    ] {
        assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
    }
}

#[test]
fn a_statement_needs_both_the_action_and_the_resource() {
    for (action, resource, allowed) in [
        (r#""secretsmanager:DescribeSecret""#, r#""*""#, true),
        (r#""SecretsManager:describesecret""#, r#""*""#, true),
        (r#""secretsmanager:*""#, r#""*""#, true),
        (r#""secretsmanager:Describe*""#, r#""*""#, true),
        (r#""*""#, r#""arn:*:secret:prod/x-??????""#, true),
        (r#"["logs:*", "secretsmanager:DescribeSecret"]"#, r#"["arn:aws:logs:*", "*"]"#, true),
        (r#""secretsmanager:ListSecrets""#, r#""*""#, false),
        (r#""secretsmanager:DescribeSecret""#, r#""arn:aws:secretsmanager:*:*:secret:test/*""#, false),
        (r#""secretsmanager:DescribeSecret""#, r#""arn:aws:secretsmanager:*:*:SECRET:*""#, false),
        ("[]", r#""*""#, false),
    ] {
        let judged = policy(&allow(action, resource)).judge("secretsmanager:DescribeSecret", ARN);
        assert_eq!(judged, if allowed { Ok(()) } else { Err(Denial::Implicit) }, "{action} {resource}");
    }
}

#[test]
fn what_takes_no_resource_needs_a_statement_for_all() {
    let list = |resource| policy(&allow(r#""secretsmanager:ListSecrets""#, resource));
    let arns = list(r#""arn:aws:secretsmanager:*:*:secret:*""#);
    assert_eq!(arns.judge("secretsmanager:ListSecrets", "*"), Err(Denial::Implicit));
    assert_eq!(list(r#""*""#).judge("secretsmanager:ListSecrets", "*"), Ok(()));
}

#[test]
fn a_deny_goes_before_every_allow_wherever_it_stands() {
    let allow = allow(r#""*""#, r#""*""#);
    let deny = r#"{"Effect":"Deny","Action":"secretsmanager:Describe*","Resource":"arn:*:secret:prod/*"}"#;
    for statements in [format!("{allow},{deny}"), format!("{deny},{allow}")] {
        let policy = policy(&statements);
        assert_eq!(policy.judge("secretsmanager:DescribeSecret", ARN), Err(Denial::Explicit));
        assert_eq!(policy.judge("secretsmanager:ListSecretVersionIds", ARN), Ok(()));
        assert_eq!(policy.judge("secretsmanager:DescribeSecret", &ARN.replace("prod", "test")), Ok(()));
    }
}

/// The same, in the plainest way.
fn plainly(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|taken| plainly(rest, &text[taken..])),
        Some((c, rest)) => text.split_first().is_some_and(|(t, left)| (*c == '?' || c == t) && plainly(rest, left)),
    }
}

proptest! {
    #[test]
    fn patterns_match_what_they_mean(pattern in "[ab?*]{0,8}", text in "[ab]{0,10}") {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        prop_assert_eq!(matches(&pattern, &text), plainly(&chars(&pattern), &chars(&text)));
    }
}
