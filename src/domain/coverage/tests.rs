//! The judge, as a table: what is known of trails and rules, and what follows.

use serde_json::json;

use super::*;
use crate::domain::context::Origin;
use crate::domain::fault::Cause;
use crate::domain::permission::Operation;

const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:on-call";

fn denied(operation: Operation) -> Fault {
    Fault::new(operation, Cause::Denied { message: "no".into() })
}

fn trail(home: &str, is_multi_region: bool, logging: Result<bool, Fault>) -> Trail {
    let arn = format!("arn:aws:cloudtrail:{home}:111122223333:trail/t").as_str().into();
    let (name, home) = ("t".into(), home.into());
    Trail { name, arn, home, is_multi_region, is_organization: false, has_selectors: false, logging }
}

fn logs() -> Trail {
    trail("eu-west-1", false, Ok(true))
}

/// A rule that catches these events, and is tested with all.
fn rule(name: &str, state: RuleState, caught: &[(Watched, Catch)], targets: &[&str]) -> Rule {
    let mut catches: BTreeMap<_, _> = Watched::ALL.map(|watched| (watched, Catch::No)).into();
    catches.extend(caught.iter().cloned());
    Rule {
        name: name.into(),
        arn: format!("arn:aws:events:eu-west-1:111122223333:rule/{name}").as_str().into(),
        pattern: "{}".into(),
        state,
        schedule: None,
        description: None,
        role: None,
        managed_by: None,
        catches: Ok(catches),
        targets: Some(Ok(targets.iter().map(|arn| (*arn).into()).collect())),
    }
}

fn catching(name: &str, watched: Watched) -> Rule {
    rule(name, RuleState::Enabled, &[(watched, Catch::All)], &[TOPIC])
}

fn facts(trails: Result<Vec<Trail>, Fault>, rules: Vec<Rule>) -> Facts {
    let context = Context { origin: Origin::Account, profile: None, region: "eu-west-1".to_owned(), endpoint: None };
    let at = DateTime::UNIX_EPOCH;
    let (secret, account, others, unread) = (None, None, Vec::new(), None);
    Facts { context: Arc::new(context), secret, account, trails, rules, others, unread, untested: 0, at }
}

fn standing(facts: Facts) -> Standing {
    Coverage::of(facts).alert(Watched::DeleteSecret).unwrap().standing
}

#[test]
fn the_region_is_recorded_where_a_trail_of_it_logs() {
    let unknown = || Err(denied(Operation::GetTrailStatus));
    for (trails, recorded) in [
        (vec![], Recorded::NoTrail),
        (vec![trail("us-east-1", false, Ok(true))], Recorded::NoTrail),
        (vec![trail("us-east-1", true, Ok(true))], Recorded::Logging),
        (vec![trail("us-east-1", true, Ok(false))], Recorded::Stopped),
        (vec![trail("eu-west-1", false, Ok(false)), logs()], Recorded::Logging),
        (vec![trail("eu-west-1", false, unknown()), logs()], Recorded::Logging),
        (vec![trail("eu-west-1", false, unknown()), trail("us-east-1", true, Ok(false))], Recorded::Unknown),
        (vec![trail("us-east-1", false, unknown())], Recorded::NoTrail),
    ] {
        assert_eq!(Coverage::of(facts(Ok(trails.clone()), vec![])).recorded, recorded, "{trails:?}");
    }
    let coverage = Coverage::of(facts(Err(denied(Operation::DescribeTrails)), vec![]));
    assert_eq!(coverage.recorded, Recorded::Unknown);
}

#[test]
fn the_best_rule_counts() {
    use Watched::{DeleteSecret, RotationFailed};
    let some = || (DeleteSecret, Catch::Only(Only::Secrets("prod/…".into())));
    let all = || (DeleteSecret, Catch::All);
    let untargeted = Rule { targets: Some(Err(denied(Operation::ListTargetsByRule))), ..catching("a", DeleteSecret) };
    let untested = Rule { catches: Err(denied(Operation::TestEventPattern)), ..catching("a", DeleteSecret) };
    let new_state = RuleState::Other("PAUSED".into());
    let in_order = [
        (catching("a", DeleteSecret), Ruled::Covered),
        (rule("a", RuleState::EnabledForAll, &[all()], &[TOPIC]), Ruled::Covered),
        (untargeted, Ruled::Unknown),
        (untested, Ruled::Unknown),
        (rule("a", new_state, &[all()], &[TOPIC]), Ruled::Unknown),
        (rule("a", RuleState::Enabled, &[some()], &[TOPIC]), Ruled::SomeOnly),
        (rule("a", RuleState::Enabled, &[all()], &[]), Ruled::NoTarget),
        (rule("a", RuleState::Enabled, &[some()], &[]), Ruled::NoTarget),
        (rule("a", RuleState::Disabled, &[all()], &[TOPIC]), Ruled::Disabled),
        (rule("a", RuleState::Disabled, &[all()], &[]), Ruled::Disabled),
        (catching("a", RotationFailed), Ruled::OtherEvent),
        (rule("a", RuleState::Enabled, &[], &[]), Ruled::NoRule),
    ];
    for (at, (better, ruled)) in in_order.iter().enumerate() {
        let coverage = Coverage::of(facts(Ok(vec![logs()]), vec![better.clone()]));
        assert_eq!(coverage.alert(DeleteSecret).unwrap().ruled, *ruled, "{better:?}");
        for (worse, _) in &in_order[at..] {
            let coverage = Coverage::of(facts(Ok(vec![logs()]), vec![worse.clone(), better.clone()]));
            assert_eq!(coverage.alert(DeleteSecret).unwrap().ruled, *ruled, "{better:?} and {worse:?}");
        }
    }
    assert_eq!(standing(facts(Ok(vec![logs()]), vec![])), Standing::Rules(Ruled::NoRule));
}

#[test]
fn what_is_missing_for_certain_goes_before_what_is_not_known() {
    let unknown = || Err(denied(Operation::DescribeTrails));
    let untested =
        || Rule { catches: Err(denied(Operation::TestEventPattern)), ..catching("a", Watched::DeleteSecret) };
    let stopped = || trail("eu-west-1", true, Ok(false));
    for (trails, rules, expected) in [
        (Ok(vec![logs()]), vec![catching("a", Watched::DeleteSecret)], Standing::Covered),
        (unknown(), vec![catching("a", Watched::DeleteSecret)], Standing::Unknown),
        (unknown(), vec![], Standing::Rules(Ruled::NoRule)),
        (unknown(), vec![untested()], Standing::Unknown),
        (Ok(vec![logs()]), vec![untested()], Standing::Unknown),
        (Ok(vec![]), vec![untested()], Standing::NoTrail),
        (Ok(vec![stopped()]), vec![catching("a", Watched::DeleteSecret)], Standing::NotLogging),
    ] {
        assert_eq!(standing(facts(trails.clone(), rules.clone())), expected, "{trails:?} {rules:?}");
    }
}

#[test]
fn rules_that_nobody_saw_may_be_the_ones() {
    let with = |facts: Facts| {
        [Facts { unread: Some(denied(Operation::ListRules)), ..facts.clone() }, Facts { untested: 1, ..facts }]
    };
    for facts in with(facts(Ok(vec![logs()]), vec![])) {
        assert_eq!(standing(facts), Standing::Unknown);
    }
    for facts in with(facts(Ok(vec![logs()]), vec![catching("a", Watched::DeleteSecret)])) {
        assert_eq!(standing(facts), Standing::Covered);
    }
}

#[test]
fn nothing_is_proposed_that_is_not_known_to_be_missing() {
    let coverage = Coverage::of(Facts {
        unread: Some(denied(Operation::ListRules)),
        ..facts(Err(denied(Operation::DescribeTrails)), vec![])
    });
    assert_eq!((coverage.steps(None), coverage.cloudformation(None)), (vec![], None));
    assert!(coverage.is_unknown() && !coverage.has_gap());
    let all = Watched::ALERTS.map(|watched| (watched, Catch::All));
    let covered = Coverage::of(facts(Ok(vec![logs()]), vec![rule("a", RuleState::Enabled, &all, &[TOPIC])]));
    assert_eq!((covered.steps(None), covered.notes(None), covered.cloudformation(None)), (vec![], vec![], None));
    assert_eq!(covered.remarks(), Vec::<String>::new());
}

#[test]
fn a_rule_that_is_made_takes_no_other_rule_s_place() {
    let mine = catching("secdash-DeleteSecret", Watched::RotationFailed);
    let scheduled = vec!["secdash-DeleteSecret-2".into()];
    let facts = Facts { others: scheduled, ..facts(Ok(vec![logs()]), vec![mine]) };
    let steps = Coverage::of(facts).steps(Some(TOPIC));
    assert!(steps[0].lines[0].starts_with("aws events put-rule --name secdash-DeleteSecret-3 "), "{steps:?}");
    assert!(steps[0].lines[1].starts_with("aws events put-targets --rule secdash-DeleteSecret-3 "), "{steps:?}");
}

#[test]
fn what_is_nearly_there_is_mended_and_a_service_s_rule_is_left_alone() {
    let all = [(Watched::DeleteSecret, Catch::All)];
    let lines = |rule: Rule| {
        let steps = Coverage::of(facts(Ok(vec![logs()]), vec![rule])).steps(Some(TOPIC));
        let names = |line: &String| line.split(' ').skip(2).take(3).map(str::to_owned).collect::<Vec<_>>().join(" ");
        let needed = steps.iter().filter(|step| !step.does.contains("RotationFailed"));
        needed.flat_map(|step| &step.lines).map(names).collect::<Vec<_>>()
    };
    let off = rule("a", RuleState::Disabled, &all, &[TOPIC]);
    assert_eq!(lines(off.clone()), ["enable-rule --name a"]);
    assert_eq!(lines(rule("a", RuleState::Enabled, &all, &[])), ["put-targets --rule a"]);
    assert_eq!(lines(rule("a", RuleState::Disabled, &all, &[])), ["put-targets --rule a", "enable-rule --name a"]);
    let made = ["put-rule --name secdash-DeleteSecret", "put-targets --rule secdash-DeleteSecret"];
    assert_eq!(lines(Rule { managed_by: Some("aws".into()), ..off }), made);
    let some = [(Watched::DeleteSecret, Catch::Only(Only::ByName))];
    assert_eq!(lines(rule("a", RuleState::Disabled, &some, &[TOPIC])), made);
}

#[test]
fn logging_is_turned_on_where_the_trail_is_at_home() {
    let steps = Coverage::of(facts(Ok(vec![trail("us-east-1", true, Ok(false))]), vec![])).steps(None);
    let line =
        "aws cloudtrail start-logging --name arn:aws:cloudtrail:us-east-1:111122223333:trail/t --region us-east-1";
    assert_eq!(steps[0].lines, [line]);
}

#[test]
fn a_rule_hears_of_reads_with_all_that_it_had() {
    let reads = [(Watched::DeleteSecret, Catch::All), (Watched::Read, Catch::All)];
    let told = Rule {
        pattern: json!({ "source": ["aws.secretsmanager"] }).to_string().as_str().into(),
        schedule: Some("rate(1 day)".into()),
        description: Some("it's ours".into()),
        role: Some("arn:aws:iam::111122223333:role/r".into()),
        ..rule("a", RuleState::Enabled, &reads, &[TOPIC])
    };
    let coverage = Coverage::of(facts(Ok(vec![logs()]), vec![told]));
    let step = coverage.steps(Some(TOPIC)).into_iter().next_back().unwrap();
    assert!(step.is_extra && step.does.starts_with("let reads of secrets come"), "{step:?}");
    assert_eq!(
        step.lines,
        [concat!(
            r#"aws events put-rule --name a --event-pattern '{"source":["aws.secretsmanager"]}' "#,
            r"--state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS --schedule-expression 'rate(1 day)' --description 'it'\''s ours' ",
            "--role-arn arn:aws:iam::111122223333:role/r --region eu-west-1",
        )]
    );
    let heard = rule("a", RuleState::EnabledForAll, &reads, &[TOPIC]);
    assert_eq!(Coverage::of(facts(Ok(vec![logs()]), vec![heard])).deaf_to_reads().count(), 0);
}

#[test]
fn the_place_is_that_of_an_arn_or_of_the_region() {
    for (region, arn, partition, account) in [
        ("eu-west-1", Some("arn:aws:events:eu-west-1:123456789012:rule/a"), "aws", "123456789012"),
        ("cn-north-1", Some("arn:aws-cn:events:cn-north-1:123456789012:rule/a"), "aws-cn", "123456789012"),
        ("cn-north-1", None, "aws-cn", "111122223333"),
        ("us-gov-west-1", Some(""), "aws-us-gov", "111122223333"),
    ] {
        let place = event::Place::of(region, arn);
        assert_eq!((place.partition.as_str(), place.account.as_str()), (partition, account), "{region} {arn:?}");
    }
}

#[test]
fn each_fault_is_told_once() {
    let untested =
        || Rule { catches: Err(denied(Operation::TestEventPattern)), ..catching("a", Watched::DeleteSecret) };
    let coverage = Coverage::of(facts(Err(denied(Operation::DescribeTrails)), vec![untested(), untested()]));
    let operations: Vec<_> = coverage.faults().iter().map(|fault| fault.operation).collect();
    assert_eq!(operations, [Operation::DescribeTrails, Operation::TestEventPattern]);
}
