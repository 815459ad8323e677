//! Who notices a deletion or a rotation that fails: each state as a world, each right taken away, and the answers of AWS
//! that are no answers.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use aws_sdk_eventbridge as eventbridge;
use secdash::demo::World;
use secdash::exit::Exit;
use serde_json::Value;
use support::cmd::{Said, run};

const TRAIL: &str = "[[cloud_trail]]\nname = \"all\"\n";
const TOPIC: &str = "arn:aws:sns:eu-west-1:000000000000:on-call";
const SECRET: &str = "[[secret]]\nname = \"prod/db\"\n[[secret]]\nname = \"dev/db\"\n";

/// A rule of this pattern, with more keys.
fn rule(name: &str, pattern: &str, keys: &str) -> String {
    format!("[[rule]]\nname = \"{name}\"\npattern = '{pattern}'\n{keys}\n")
}

/// The same with a target.
fn told(name: &str, pattern: &str) -> String {
    rule(name, pattern, &format!("targets = [\"{TOPIC}\"]"))
}

/// A pattern that catches these events, with more in its detail.
fn pattern(names: &str, more: &str) -> String {
    format!(r#"{{"source":["aws.secretsmanager"],"detail":{{"eventName":[{names}]{more}}}}}"#)
}

const DELETIONS: &str = r#""DeleteSecret""#;
const FAILURES: &str = r#""RotationFailed","RotationAbandoned","TestRotationFailed""#;

fn world(parts: &[&str]) -> World {
    World::from_toml("alerts.toml", &format!("{}\n{SECRET}", parts.join("\n"))).unwrap()
}

async fn json(args: &[&str], world: &World) -> (Value, Exit) {
    let said = run(&[&["alerts", "--output", "json"][..], args].concat(), world).await;
    (serde_json::from_str(&said.out).unwrap(), said.exit)
}

/// How each event stands, in their order.
fn standings(answer: &Value) -> Vec<&str> {
    answer["events"].as_array().unwrap().iter().map(|alert| alert["standing"].as_str().unwrap()).collect()
}

/// How a deletion and a failed rotation stand, and how the command ends.
async fn judged(args: &[&str], world: &World) -> (String, String, Exit) {
    let (answer, exit) = json(args, world).await;
    let standings = standings(&answer);
    (standings[0].to_owned(), standings[1].to_owned(), exit)
}

#[tokio::test(start_paused = true)]
async fn each_state_is_told_apart_for_each_event() {
    let both = pattern(&format!("{DELETIONS},{FAILURES}"), "");
    let stopped = format!("{TRAIL}logging = false\n");
    let shadow =
        "[[cloud_trail]]\nname = \"theirs\"\nhome = \"us-east-1\"\naccount = \"111122223333\"\norganization = true\n";
    let elsewhere = "[[cloud_trail]]\nname = \"there\"\nhome = \"us-east-1\"\nmulti_region = false\n";
    let all = told("all", &both);
    let narrow =
        r#","responseElements":{"arn":[{"prefix":"arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/"}]}"#;
    for (what, parts, deletion, failure, exit) in [
        ("covered", vec![TRAIL.to_owned(), all.clone()], "covered", "covered", Exit::Fine),
        ("by a shadow trail", vec![shadow.to_owned(), all.clone()], "covered", "covered", Exit::Fine),
        ("no trail", vec![all.clone()], "no-trail", "no-trail", Exit::Findings),
        ("a trail of another Region", vec![elsewhere.to_owned(), all.clone()], "no-trail", "no-trail", Exit::Findings),
        ("logging stopped", vec![stopped.clone(), all.clone()], "not-logging", "not-logging", Exit::Findings),
        ("one of two logs", vec![stopped, shadow.to_owned(), all.clone()], "covered", "covered", Exit::Fine),
        ("no rule", vec![TRAIL.to_owned()], "no-rule", "no-rule", Exit::Findings),
        (
            "a rule of another service",
            vec![TRAIL.to_owned(), told("ec2", r#"{"source":["aws.ec2"]}"#)],
            "no-rule",
            "no-rule",
            Exit::Findings,
        ),
        (
            "for another event",
            vec![TRAIL.to_owned(), told("deletions", &pattern(DELETIONS, ""))],
            "covered",
            "other-event",
            Exit::Findings,
        ),
        (
            "for reads alone",
            vec![TRAIL.to_owned(), told("reads", &pattern(r#""GetSecretValue""#, ""))],
            "other-event",
            "other-event",
            Exit::Findings,
        ),
        (
            "disabled",
            vec![TRAIL.to_owned(), rule("off", &both, &format!("state = \"DISABLED\"\ntargets = [\"{TOPIC}\"]"))],
            "disabled",
            "disabled",
            Exit::Findings,
        ),
        ("no target", vec![TRAIL.to_owned(), rule("mute", &both, "")], "no-target", "no-target", Exit::Findings),
        (
            "some secrets",
            vec![TRAIL.to_owned(), told("prod", &pattern(DELETIONS, narrow)), told("all", &pattern(FAILURES, ""))],
            "some-only",
            "covered",
            Exit::Findings,
        ),
        (
            "deletions that can be undone alone",
            vec![
                TRAIL.to_owned(),
                told(
                    "some",
                    &pattern(DELETIONS, r#","requestParameters":{"forceDeleteWithoutRecovery":[{"exists":false}]}"#),
                ),
                told("all", &pattern(FAILURES, "")),
            ],
            "some-only",
            "covered",
            Exit::Findings,
        ),
        (
            "those of one kind of caller, whom the test is not, and failures of one step",
            vec![
                TRAIL.to_owned(),
                told("root", &pattern(DELETIONS, r#","userIdentity":{"type":["Root"]}"#)),
                told("set", &pattern(FAILURES, r#","errorMessage":[{"wildcard":"*setSecret*"}]"#)),
            ],
            "some-only",
            "some-only",
            Exit::Findings,
        ),
        (
            "a rule of everything",
            vec![TRAIL.to_owned(), told("x", r#"{"source":[{"prefix":""}]}"#)],
            "covered",
            "covered",
            Exit::Fine,
        ),
    ] {
        let parts: Vec<_> = parts.iter().map(String::as_str).collect();
        let found = judged(&[], &world(&parts)).await;
        assert_eq!(found, (deletion.to_owned(), failure.to_owned(), exit), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rule_for_some_secrets_is_judged_for_the_one_that_is_meant() {
    let arn = r#"{"prefix":"arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/"}"#;
    let by_arn = format!(r#","responseElements":{{"arn":[{arn}]}}"#);
    let failed = format!(r#","additionalEventData":{{"SecretId":[{arn}]}}"#);
    let by_name = r#","requestParameters":{"secretId":["prod/db"]}"#;
    let rules = [told("a", &pattern(DELETIONS, &by_arn)), told("b", &pattern(FAILURES, &failed))];
    let world_of_arns = world(&[TRAIL, &rules[0], &rules[1]]);
    for (args, expected, exit) in [
        (&[][..], "some-only", Exit::Findings),
        (&["prod/db"], "covered", Exit::Fine),
        (&["dev/db"], "no-rule", Exit::Findings),
    ] {
        let found = judged(args, &world_of_arns).await;
        assert_eq!(found, (expected.to_owned(), expected.to_owned(), exit), "{args:?}");
    }
    let (answer, _) = json(&[], &world_of_arns).await;
    assert_eq!(answer["rules"][0]["catches"]["DeleteSecret"]["secrets"], "prod/…");
    assert_eq!(answer["rules"][1]["catches"]["RotationFailed"]["secrets"], "prod/…");
    // AWS records what the caller typed, so that this rule misses who types the ARN.
    let world_of_names = world(&[TRAIL, &told("c", &pattern(DELETIONS, by_name)), &told("d", &pattern(FAILURES, ""))]);
    let said = run(&["alerts", "prod/db"], &world_of_names).await;
    let text = "EventBridge doesn't tell of every DeleteSecret of `prod/db`: rule `c` catches it only where the caller names the secret by \
                its name.";
    assert!(said.exit == Exit::Findings && said.out.contains(text), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn reads_that_never_reach_a_rule_are_remarked_upon() {
    let any = r#"{"source":["aws.secretsmanager"]}"#;
    let (answer, exit) = json(&[], &world(&[TRAIL, &told("any", any)])).await;
    assert_eq!((answer["remarks"].as_array().unwrap().len(), exit), (1, Exit::Fine));
    assert!(answer["remarks"][0].as_str().unwrap().contains("reads never do"), "{answer}");
    let keys = format!("state = \"ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS\"\ntargets = [\"{TOPIC}\"]");
    let (answer, exit) = json(&[], &world(&[TRAIL, &rule("any", any, &keys)])).await;
    assert_eq!((answer["remarks"].as_array().unwrap().len(), answer["steps"].as_array().unwrap().len()), (0, 0));
    assert_eq!((&answer["rules"][0]["catches"]["GetSecretValue"]["catches"], exit), (&Value::from("all"), Exit::Fine));
}

#[tokio::test(start_paused = true)]
async fn what_else_a_rotation_may_do_and_a_trail_s_selectors_are_remarked_upon() {
    let rules = [told("a", &pattern(DELETIONS, "")), told("b", &pattern(r#""RotationFailed""#, ""))];
    let (answer, exit) = json(&[], &world(&[TRAIL, "selectors = true", &rules[0], &rules[1]])).await;
    assert_eq!(standings(&answer), ["covered", "covered", "other-event", "other-event"]);
    let remarks: Vec<_> = answer["remarks"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    assert_eq!((remarks.len(), exit), (3, Exit::Fine), "{remarks:?}");
    assert!(remarks[0].contains("RotationAbandoned") && remarks[1].contains("TestRotationFailed"), "{remarks:?}");
    assert!(remarks[2].contains("event selectors of its own"), "{remarks:?}");
    let step = &answer["steps"][0];
    assert_eq!(step["needed"], false);
    assert!(step["commands"][0].as_str().unwrap().contains(r#"["RotationAbandoned","TestRotationFailed"]"#), "{step}");
}

/// The default world for whoever may do everything but this.
fn without(action: &str) -> World {
    let policy = format!(
        r#"policy = '{{ "Statement": [{{ "Effect": "Allow", "Action": "*", "Resource": "*" }}, {{ "Effect": "Deny", "Action": "{action}", "Resource": "*" }}] }}'"#
    );
    let rules = [told("a", &pattern(DELETIONS, "")), told("b", &pattern(FAILURES, ""))];
    world(&[&policy, TRAIL, &rules[0], &rules[1]])
}

#[tokio::test(start_paused = true)]
async fn without_a_right_the_verdict_is_not_known_and_the_right_is_named() {
    for action in [
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetTrailStatus",
        "events:ListRules",
        "events:TestEventPattern",
        "events:ListTargetsByRule",
    ] {
        let world = without(action);
        let said = run(&["alerts"], &world).await;
        assert_eq!(said.exit, Exit::NotKnown, "{action}: {said:?}");
        assert!(said.out.contains(&format!("try: ask for the IAM action {action}\n")), "{action}: {said:?}");
        let (answer, exit) = json(&[], &world).await;
        assert_eq!((standings(&answer), exit), (vec!["unknown"; 4], Exit::NotKnown), "{action}");
        assert_eq!(
            (answer["faults"][0]["permission"].as_str(), answer["faults"].as_array().unwrap().len()),
            (Some(action), 1)
        );
        assert_eq!((&answer["steps"], &answer["cloudformation"]), (&Value::from(Vec::<Value>::new()), &Value::Null));
        let said = run(&["alerts", "--cloudformation"], &world).await;
        assert!(said.out.is_empty() && said.err.contains(action), "{action}: {said:?}");
    }
    // Nobody may test, so that it is asked once and not once more for every rule.
    let world = without("events:TestEventPattern");
    run(&["alerts"], &world).await;
    assert_eq!(world.journal().iter().filter(|entry| entry.operation == "TestEventPattern").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_gap_that_is_certain_stays_one_whatever_else_is_not_known() {
    let policy = r#"policy = '{ "Statement": [{ "Effect": "Allow", "Action": ["secretsmanager:*", "cloudtrail:*"], "Resource": "*" }] }'"#;
    let (answer, exit) = json(&[], &world(&[policy])).await;
    assert_eq!((standings(&answer), exit), (vec!["no-trail"; 4], Exit::Findings));
    assert_eq!(answer["events"][0]["rules_standing"], "unknown");
    assert_eq!(answer["steps"].as_array().unwrap().len(), 1, "only the trail is known to be missing: {answer}");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_breaks_off_keeps_what_it_found() {
    let fault = "[[fault]]\noperation = \"ListRules\"\nkind = \"deny\"\nafter = 1\n";
    let rules = [told("a", &pattern(DELETIONS, "")), told("b", &pattern(FAILURES, ""))];
    let (answer, exit) = json(&[], &world(&["page_limit = 1", fault, TRAIL, &rules[0], &rules[1]])).await;
    assert_eq!((standings(&answer), exit), (vec!["covered", "unknown", "unknown", "unknown"], Exit::NotKnown));
    for kind in ["empty-page", "repeat-token", "endless-token", "throttle", "malformed"] {
        let fault = format!("[[fault]]\noperation = \"ListRules\"\nkind = \"{kind}\"\ntimes = 1\n");
        let (answer, _) = json(&[], &world(&["page_limit = 1", &fault, TRAIL, &rules[0], &rules[1]])).await;
        let standings = standings(&answer);
        assert!(standings[1] == "covered" || standings[1] == "unknown", "{kind}: {standings:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttle_is_waited_out_and_a_pattern_that_breaks_leaves_the_others() {
    let rules = [told("a", &pattern(DELETIONS, "")), told("b", &pattern(FAILURES, ""))];
    for operation in ["DescribeTrails", "GetTrailStatus", "ListRules", "TestEventPattern", "ListTargetsByRule"] {
        let fault = format!("[[fault]]\noperation = \"{operation}\"\nkind = \"throttle\"\ntimes = 2\n");
        let found = judged(&[], &world(&[&fault, TRAIL, &rules[0], &rules[1]])).await;
        assert_eq!(found, ("covered".to_owned(), "covered".to_owned(), Exit::Fine), "{operation}");
    }
    let fault = "[[fault]]\noperation = \"TestEventPattern\"\nkind = \"malformed\"\ntimes = 1\n";
    let found = judged(&[], &world(&[fault, TRAIL, &rules[0], &rules[1]])).await;
    assert_eq!(found, ("unknown".to_owned(), "covered".to_owned(), Exit::NotKnown));
}

#[tokio::test(start_paused = true)]
async fn no_more_rules_are_tested_than_is_said() {
    let many: Vec<_> = (0..302).map(|n| told(&format!("rule-{n:03}"), r#"{"source":["aws.ec2"]}"#)).collect();
    let last = told("zz", &pattern(&format!("{DELETIONS},{FAILURES}"), ""));
    let world = world(&[TRAIL, &many.join("\n"), &last]);
    let (answer, exit) = json(&[], &world).await;
    assert_eq!((standings(&answer), exit), (vec!["unknown"; 4], Exit::NotKnown));
    assert_eq!(answer["rules_not_tested"], 3);
    assert_eq!(answer["remarks"][0], "There are 3 more rules, which secdash didn't test: it tests 300 at most.");
}

/// What the world's own judge says of a pattern.
async fn catches(world: &World, pattern: &Value, event: &str) -> bool {
    let event = serde_json::json!({
        "id": "1", "account": "000000000000", "source": "aws.secretsmanager", "time": "2026-11-20T09:14:00Z",
        "region": "eu-west-1", "resources": [], "detail-type": if event == "DeleteSecret" { "AWS API Call via CloudTrail" }
            else { "AWS Service Event via CloudTrail" },
        "detail": { "eventSource": "secretsmanager.amazonaws.com", "eventName": event },
    });
    let client = eventbridge::Client::new(&world.sdk_config());
    let test = client.test_event_pattern().event_pattern(pattern.to_string()).event(event.to_string());
    test.send().await.unwrap().result()
}

#[tokio::test(start_paused = true)]
async fn the_template_has_what_is_missing_and_its_patterns_catch_it() {
    let world = world(&[]);
    let said = run(&["alerts", "--cloudformation", "--target", TOPIC], &world).await;
    let template: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(said.exit, Exit::Findings);
    assert_eq!(template["Parameters"]["TargetArn"]["Default"], TOPIC);
    let resources = template["Resources"].as_object().unwrap();
    assert_eq!(resources.keys().collect::<Vec<_>>(), ["Trail", "SecretDeleted", "RotationFailed"]);
    for (name, events) in [
        ("SecretDeleted", &["DeleteSecret"][..]),
        ("RotationFailed", &["RotationFailed", "RotationAbandoned", "TestRotationFailed"]),
    ] {
        let pattern = &resources[name]["Properties"]["EventPattern"];
        for event in events {
            assert!(catches(&world, pattern, event).await, "{name} {event}");
        }
        assert!(
            !catches(&world, pattern, "RotationSucceeded").await && !catches(&world, pattern, "RestoreSecret").await
        );
    }
    let complete = self::world(&[TRAIL, &told("x", r#"{"source":["aws.secretsmanager"]}"#)]);
    let said = run(&["alerts", "--cloudformation"], &complete).await;
    assert!(said.out.is_empty() && said.exit == Exit::Fine, "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_changed_and_no_value_read() {
    let world = World::load("").unwrap();
    let said: Said = run(&["alerts", "prod/users/db", "--target", TOPIC], &world).await;
    assert!(said.actions.is_empty(), "{said:?}");
    let looks = ["Describe", "Get", "List", "Test"];
    for entry in world.journal() {
        assert!(looks.iter().any(|look| entry.operation.starts_with(look)), "{entry:?}");
        assert!(!entry.operation.contains("Value"), "{entry:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_text_of_a_rule_does_not_drive_the_terminal() {
    let pattern = "{\"source\":[\"aws.secretsmanager\"],\"detail\":{\"eventName\":[\"DeleteSecret\",\"GetSecretValue\",\"a\u{202e}b\"]}}";
    let keys = "description = \"\\u001b]52;c;aGk=\\u0007\"\n";
    let world = world(&[TRAIL, &rule("hostile", pattern, keys)]);
    let said = run(&["alerts"], &world).await;
    let drives = |c: char| c != '\n' && (c.is_control() || secdash::text::is_hostile(c));
    assert!(said.out.contains("put-rule --name hostile") && said.out.contains("a␦b"), "{said:?}");
    assert!(!said.out.chars().any(drives), "{said:?}");
}
