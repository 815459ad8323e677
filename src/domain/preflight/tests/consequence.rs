//! What happens besides.

use super::*;

use Grade::{Notice, Warning};
use Purpose::{Rotate, TestOnly, TurnOff, TurnOn};

fn with_schedule(expression: Option<&str>) -> Case {
    Case::with(|case| {
        let rules = RotationRules { schedule_expression: expression.map(Into::into), ..RotationRules::default() };
        case.secret.rotation_rules =
            Some(RotationRules { automatically_after_days: expression.is_none().then_some(30), ..rules });
    })
}

#[test]
fn a_test_makes_an_awspending_and_a_rate_may_still_rotate() {
    let test =
        (Notice, "Only testSecret runs, with an AWSPENDING that AWS makes for it and takes away again.".to_owned());
    let rate = "Its schedule is a rate: a rotation that is planned already may still happen. → give it a cron schedule if \
                that must not be";
    let both = [test.clone(), (Notice, rate.to_owned())];
    for expression in [None, Some("rate(30 days)"), Some("RATE(8 hours)")] {
        assert_eq!(with_schedule(expression).says(TestOnly, Rule::Consequence), both, "{expression:?}");
    }
    for expression in ["cron(0 16 1,15 * ? *)", "CRON(0 16 1,15 * ? *)"] {
        assert_eq!(with_schedule(Some(expression)).says(TestOnly, Rule::Consequence), std::slice::from_ref(&test));
    }
    Case::healthy().is_silent(Rotate, Rule::Consequence);
}

#[test]
fn turning_off_and_on_say_what_they_mean() {
    let said = Case::healthy().says(TurnOff, Rule::Consequence);
    let sentences = [
        "It doesn't rotate by itself any more; its schedule and its function stay set.",
        "DescribeSecret no longer tells when it last rotated and when it rotates next.",
        "The next RotateSecret turns rotation on again, whoever calls it.",
    ];
    assert_eq!(said, sentences.map(|sentence| (Notice, sentence.to_owned())));
    let off = |rules| {
        Case::with(|case| {
            (case.secret.rotation_enabled, case.secret.last_rotated, case.secret.next_rotation) =
                (Some(false), None, None);
            case.secret.rotation_rules = rules;
        })
    };
    let at_once =
        "Turning it on is a RotateSecret with RotateImmediately=false: testSecret runs, and nothing rotates now.";
    let rules = Case::healthy().secret.rotation_rules;
    let said = off(rules).says(TurnOn, Rule::Consequence);
    assert_eq!(said, [(Notice, at_once.to_owned()), (Notice, "Its schedule counts again: every 30 days.".to_owned())]);
    assert_eq!(off(None).says(TurnOn, Rule::Consequence), [(Notice, at_once.to_owned())]);
}

#[test]
fn when_it_rotates_by_itself() {
    let by = |next: &str, duration: &str| {
        Case::with(|case| {
            case.secret.next_rotation = Some(at(next));
            case.secret.rotation_rules.as_mut().unwrap().duration = Some(duration.into());
        })
    };
    for purpose in [Rotate, TestOnly] {
        let words = "It rotates by itself within 11 d, by 2026-12-01 23:59:59Z at the latest.";
        Case::healthy().is(purpose, Rule::Window, Notice, words);
        let words = "Its rotation window is open: AWS rotates it by itself by 2026-11-20 11:59:59Z, at any moment.";
        by("2026-11-20T11:59:59Z", "3h").is(purpose, Rule::Window, Notice, words);
        let words = "It rotates by itself within 2 h, by 2026-11-20 11:59:59Z at the latest.";
        by("2026-11-20T11:59:59Z", "2h").is(purpose, Rule::Window, Notice, words);
        by("2026-11-18T02:59:59Z", "3h").is(
            purpose,
            Rule::Window,
            Warning,
            "It is overdue by 2 d: AWS was to rotate it by 2026-11-18 02:59:59Z. → find out why AWS's own attempts don't \
             succeed",
        );
    }
    for purpose in [TurnOff, TurnOn] {
        Case::healthy().is_silent(purpose, Rule::Window);
    }
    Case::with(|case| case.secret.rotation_enabled = Some(false)).is_silent(Rotate, Rule::Window);
    Case::with(|case| case.secret.next_rotation = None).is_silent(Rotate, Rule::Window);
    Case::with(|case| case.secret.deleted = Some(now())).is_silent(Rotate, Rule::Window);
}

#[test]
fn a_tool_may_undo_it() {
    let tagged = |key: &str, value: &str| {
        Case::with(|case| case.secret.tags = [(key.into(), value.into())].into_iter().collect())
    };
    let stack = tagged("aws:cloudformation:stack-name", "prod-db");
    for purpose in [Rotate, TestOnly] {
        stack.is(purpose, Rule::Manager, Notice, "Its settings belong to the CloudFormation stack prod-db.");
    }
    let words = "Its settings belong to the CloudFormation stack prod-db: the next deploy may turn rotation on again. → \
                 change it there too";
    stack.is(TurnOff, Rule::Manager, Warning, words);
    let words = "Its settings belong to Terraform, by its tags: the next deploy may turn rotation off again. → change it \
                 there too";
    tagged("managed-by", "Terraform").is(TurnOn, Rule::Manager, Warning, words);
    tagged("team", "payments").is_silent(TurnOff, Rule::Manager);
}
