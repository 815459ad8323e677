//! Policies that admit Secrets Manager and policies that don't.

use proptest::prelude::*;

use super::condition::matches;
use super::*;

const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf";
const ACCOUNT: &str = "123456789012";

fn judge(document: &str) -> Admission {
    ResourcePolicy(document.into()).admits(SECRET, ACCOUNT)
}

/// A policy with these statements.
fn policy(statements: &[&str]) -> Admission {
    judge(&format!(r#"{{"Version":"2012-10-17","Id":"default","Statement":[{}]}}"#, statements.join(",")))
}

/// A statement that allows, with more members.
fn allow(members: &str) -> String {
    format!(r#"{{"Sid":"A","Effect":"Allow",{members}}}"#)
}

const SERVICE: &str = r#""Principal":{"Service":"secretsmanager.amazonaws.com"}"#;
const INVOKE: &str =
    r#""Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:eu-west-1:123456789012:function:f""#;
const ADMITS: Admission = Admission::Admits { unguarded: true };
const GUARDED: Admission = Admission::Admits { unguarded: false };

fn nobody() -> Admission {
    Admission::NotAdmitted("no statement allows secretsmanager.amazonaws.com to invoke it".into())
}

fn cant_tell(why: &str) -> Admission {
    Admission::CantTell(why.into())
}

#[test]
fn the_principal_must_be_secrets_manager() {
    let odd = "its statement `A` names actions or principals in a way secdash can't judge";
    for (principal, admission) in [
        (SERVICE, ADMITS),
        (r#""Principal":{"Service":["lambda.amazonaws.com","secretsmanager.amazonaws.com"]}"#, ADMITS),
        (r#""Principal":"*""#, ADMITS),
        (r#""Principal":{"AWS":"*"}"#, ADMITS),
        (r#""Principal":{"AWS":["123456789012","*"]}"#, ADMITS),
        (r#""Principal":{"Service":"s3.amazonaws.com"}"#, nobody()),
        (r#""Principal":{"Service":[]}"#, nobody()),
        (r#""Principal":{"AWS":"arn:aws:iam::123456789012:root"}"#, nobody()),
        (r#""Principal":{"AWS":"secretsmanager.amazonaws.com"}"#, nobody()),
        (r#""Principal":"secretsmanager.amazonaws.com""#, nobody()),
        (r#""Principal":{"Service":"secretsmanager.eu-west-1.amazonaws.com"}"#, cant_tell(odd)),
        (r#""NotPrincipal":{"Service":"s3.amazonaws.com"}"#, cant_tell(odd)),
        (r#""Principal":7"#, cant_tell(odd)),
    ] {
        assert_eq!(policy(&[&allow(&format!("{principal},{INVOKE}"))]), admission, "{principal}");
    }
}

#[test]
fn the_action_must_be_to_invoke() {
    let odd = cant_tell("its statement `A` names actions or principals in a way secdash can't judge");
    for (action, admission) in [
        (r#""Action":"lambda:InvokeFunction""#, ADMITS),
        (r#""Action":"lambda:invokefunction""#, ADMITS),
        (r#""Action":["lambda:GetFunction","lambda:InvokeFunction"]"#, ADMITS),
        (r#""Action":"lambda:*""#, ADMITS),
        (r#""Action":"lambda:Invoke*""#, ADMITS),
        (r#""Action":"*""#, ADMITS),
        (r#""Action":"lambda:InvokeFunctionUrl""#, nobody()),
        (r#""Action":"lambda:GetFunction""#, nobody()),
        (r#""Action":[]"#, nobody()),
        (r#""NotAction":"lambda:GetFunction""#, odd.clone()),
        (r#""Resource":"*""#, odd),
    ] {
        assert_eq!(policy(&[&allow(&format!("{SERVICE},{action}"))]), admission, "{action}");
    }
}

/// What a statement with this condition comes to.
fn under(condition: &str) -> Admission {
    policy(&[&allow(&format!(r#"{SERVICE},{INVOKE},"Condition":{condition}"#))])
}

#[test]
fn conditions_that_hold_admit() {
    for (condition, admission) in [
        ("{}", ADMITS),
        (r#"{"StringEquals":{"AWS:SourceAccount":"123456789012"}}"#, GUARDED),
        (r#"{"StringEquals":{"aws:SourceAccount":["999999999999","123456789012"]}}"#, GUARDED),
        (r#"{"StringEquals":{"aws:sourceaccount":123456789012}}"#, GUARDED),
        (r#"{"StringEqualsIfExists":{"aws:SourceAccount":"123456789012"}}"#, GUARDED),
        (r#"{"StringLike":{"aws:SourceAccount":"123456789012"}}"#, GUARDED),
        (r#"{"StringLike":{"aws:SourceAccount":"*"}}"#, ADMITS),
        (
            r#"{"StringEquals":{"aws:SourceArn":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf"}}"#,
            GUARDED,
        ),
        (r#"{"ArnLike":{"AWS:SourceArn":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/*"}}"#, GUARDED),
        (r#"{"ArnEquals":{"aws:SourceArn":"arn:aws:secretsmanager:*:123456789012:secret:*"}}"#, GUARDED),
        (r#"{"StringLike":{"aws:SourceArn":"arn:aws:secretsmanager:*"}}"#, ADMITS),
        (r#"{"ArnLike":{"aws:SourceArn":"arn:aws:secretsmanager:*:*:*"}}"#, ADMITS),
        (
            r#"{"StringEquals":{"aws:SourceAccount":"123456789012"},"ArnLike":{"aws:SourceArn":"arn:aws:secretsmanager:*:*:secret:prod/??-*"}}"#,
            GUARDED,
        ),
    ] {
        assert_eq!(under(condition), admission, "{condition}");
    }
}

#[test]
fn conditions_that_do_not_hold_say_why() {
    let account = |asked: &str| format!("aws:SourceAccount asks for {asked}, and the secret is in 123456789012");
    let arn = |asked: &str| format!("aws:SourceArn asks for {asked}, which isn't this secret");
    let other = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/other-AbCdEf";
    for (condition, why) in [
        (r#"{"StringEquals":{"aws:SourceAccount":"999999999999"}}"#.to_owned(), account("999999999999")),
        (r#"{"StringEquals":{"aws:SourceAccount":["999999999999","1"]}}"#.to_owned(), account("999999999999 or 1")),
        // without a comparison that knows them, stars are stars
        (r#"{"StringEquals":{"aws:SourceAccount":"*"}}"#.to_owned(), account("*")),
        (format!(r#"{{"ArnLike":{{"aws:SourceArn":"{other}"}}}}"#), arn(other)),
        (r#"{"ArnLike":{"aws:SourceArn":"arn:aws:secretsmanager:*"}}"#.to_owned(), arn("arn:aws:secretsmanager:*")),
        (r#"{"StringEquals":{"aws:SourceAccount":"123456789012","aws:SourceArn":"x"}}"#.to_owned(), arn("x")),
        // one that can't be judged and one that doesn't hold: it doesn't hold
        (
            r#"{"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:SourceAccount":"9\u001b"}}"#.to_owned(),
            account("9␛"),
        ),
    ] {
        assert_eq!(under(&condition), Admission::NotAdmitted(why), "{condition}");
    }
}

#[test]
fn other_conditions_cant_be_told() {
    for (condition, named) in [
        (r#"{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#, "StringEquals aws:PrincipalOrgID"),
        (r#"{"StringNotEquals":{"aws:SourceAccount":"1"}}"#, "StringNotEquals aws:SourceAccount"),
        (r#"{"ArnLike":{"aws:SourceAccount":"1"}}"#, "ArnLike aws:SourceAccount"),
        (r#"{"StringEquals":{"aws:SourceAccount":[]}}"#, "StringEquals aws:SourceAccount"),
        (r#"{"StringLike":{"aws:SourceArn":"${aws:PrincipalArn}"}}"#, "StringLike aws:SourceArn"),
        (r#"{"Null":{"aws:Source\u202eArn":"false"}}"#, "Null aws:Source␦Arn"),
    ] {
        assert_eq!(under(condition), cant_tell(&format!("its statement `A` has the condition {named}")), "{condition}");
    }
}

#[test]
fn statements_are_weighed_together() {
    let plain = allow(&format!("{SERVICE},{INVOKE}"));
    let guarded =
        allow(&format!(r#"{SERVICE},{INVOKE},"Condition":{{"StringEquals":{{"aws:SourceAccount":"{ACCOUNT}"}}}}"#));
    let other = allow(&format!(r#"{SERVICE},{INVOKE},"Condition":{{"StringEquals":{{"aws:SourceAccount":"9"}}}}"#));
    let odd = allow(&format!(r#"{SERVICE},{INVOKE},"Condition":{{"Bool":{{"a":"b"}}}}"#));
    let s3 = allow(&format!(r#""Principal":{{"Service":"s3.amazonaws.com"}},{INVOKE}"#));
    let denies = |members: &str| format!(r#"{{"Sid":"D","Effect":"Deny",{members}}}"#);
    let no = denies(&format!(r#""Principal":"*",{INVOKE}"#));
    let no_for_others =
        denies(&format!(r#""Principal":"*",{INVOKE},"Condition":{{"StringEquals":{{"aws:SourceAccount":"9"}}}}"#));
    let no_maybe = denies(&format!(r#""Principal":"*",{INVOKE},"Condition":{{"Bool":{{"a":"b"}}}}"#));
    let doubt = |sid: &str| cant_tell(&format!("its statement `{sid}` has the condition Bool a"));
    for (statements, admission) in [
        (vec![], nobody()),
        (vec![&s3], nobody()),
        (vec![&s3, &guarded], GUARDED),
        (vec![&guarded, &plain], ADMITS),
        (vec![&other, &guarded], GUARDED),
        (vec![&odd, &guarded], GUARDED),
        (vec![&guarded, &odd], GUARDED),
        (vec![&odd], doubt("A")),
        (vec![&other, &odd], doubt("A")),
        (vec![&guarded, &no], Admission::Denied("statement `D`".into())),
        (vec![&no, &odd], Admission::Denied("statement `D`".into())),
        (vec![&guarded, &no_for_others], GUARDED),
        (vec![&guarded, &no_maybe], doubt("D")),
        (vec![&no_maybe], nobody()),
        (vec![&no_maybe, &s3], nobody()),
        (vec![&no_maybe, &odd], doubt("A")),
        (vec![&no_maybe, &no], Admission::Denied("statement `D`".into())),
    ] {
        let statements: Vec<&str> = statements.into_iter().map(String::as_str).collect();
        assert_eq!(policy(&statements), admission, "{statements:?}");
    }
}

#[test]
fn a_policy_may_be_of_another_form_or_none() {
    let one = format!(r#"{{"Effect":"Allow",{SERVICE},{INVOKE}}}"#);
    assert_eq!(judge(&format!(r#"{{"Statement":{one}}}"#)), ADMITS);
    for (document, why) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("{}", "it has no statements"),
        ("[]", "it has no statements"),
        (r#"{"Statement":"x"}"#, "it has no statements"),
        (r#"{"Statement":[7]}"#, "invalid type: integer `7`, expected struct Statement"),
        (r#"{"Statement":[{}]}"#, "missing field `Effect`"),
        (r#"{"Statement":[{"Effect":"Maybe"}]}"#, "unknown variant `Maybe`, expected `Allow` or `Deny`"),
    ] {
        assert_eq!(judge(document), cant_tell(&format!("the policy can't be read: {why}")), "{document}");
    }
    assert_eq!(Admission::of(None, SECRET, ACCOUNT), Admission::NoPolicy);
}

#[test]
fn stars_and_question_marks_stand_for_what_they_stand_for() {
    for (pattern, text, is_meant) in [
        ("", "", true),
        ("", "a", false),
        ("*", "", true),
        ("a", "a", true),
        ("a", "A", false),
        ("a*", "abc", true),
        ("*c", "abc", true),
        ("a*c*e", "abcde", true),
        ("a*c*e", "abcdef", false),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("?", "é", true),
        ("*ab", "aab", true),
        ("**", "x", true),
    ] {
        assert_eq!(matches(pattern, text), is_meant, "{pattern} {text}");
    }
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(document in any::<String>()) {
        judge(&document);
    }

    #[test]
    fn a_text_is_meant_by_itself_and_by_what_replaces_parts_of_it(
        text in "[a-c]{0,8}",
        from in 0_usize..9,
        length in 0_usize..9,
    ) {
        let from = from.min(text.len());
        let to = (from + length).min(text.len());
        let marks = "?".repeat(to - from);
        for middle in ["*", marks.as_str(), &text[from..to]] {
            let pattern = format!("{}{middle}{}", &text[..from], &text[to..]);
            prop_assert!(matches(&pattern, &text), "{} {}", pattern, text);
        }
    }

    #[test]
    fn matching_agrees_with_a_simple_one(pattern in "[ab*?]{0,8}", text in "[ab]{0,8}") {
        fn simply(pattern: &[u8], text: &[u8]) -> bool {
            match (pattern.first(), text.first()) {
                (None, first) => first.is_none(),
                (Some(b'*'), _) => (0..=text.len()).any(|at| simply(&pattern[1..], &text[at..])),
                (Some(p), Some(t)) => (*p == b'?' || p == t) && simply(&pattern[1..], &text[1..]),
                (Some(_), None) => false,
            }
        }
        prop_assert_eq!(matches(&pattern, &text), simply(pattern.as_bytes(), text.as_bytes()));
    }
}
