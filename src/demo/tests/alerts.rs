//! Who notices something, through the real SDK: trails, rules, their targets, and what a pattern catches.

use aws_sdk_cloudtrail as cloudtrail;
use aws_sdk_eventbridge as eventbridge;
use cloudtrail::config::Region;
use cloudtrail::error::ProvideErrorMetadata;
use eventbridge::types::{RuleState, Target};
use serde_json::json;

use super::world;
use crate::demo::World;

const WORLD: &str = r#"
page_limit = 2
[[cloud_trail]]
name = "here"
multi_region = false
logging = false
[[cloud_trail]]
name = "everywhere"
home = "us-east-1"
[[cloud_trail]]
name = "there"
home = "us-east-1"
multi_region = false
[[cloud_trail]]
name = "organization"
home = "us-east-1"
account = "111122223333"
organization = true
selectors = true
[[rule]]
name = "a"
pattern = '{"source":["aws.secretsmanager"]}'
state = "DISABLED"
targets = ["arn:aws:sns:eu-west-1:000000000000:one", "arn:aws:sns:eu-west-1:000000000000:two", "arn:aws:sns:eu-west-1:000000000000:three"]
[[rule]]
name = "b"
schedule = "rate(1 day)"
[[rule]]
name = "managed"
pattern = '{"source":["aws.ec2"]}'
managed_by = "autoscaling.amazonaws.com"
"#;

fn trails(world: &World, region: &'static str) -> cloudtrail::Client {
    let config = cloudtrail::config::Builder::from(&world.sdk_config()).region(Region::from_static(region));
    cloudtrail::Client::from_conf(config.build())
}

fn bus(world: &World) -> eventbridge::Client {
    eventbridge::Client::new(&world.sdk_config())
}

#[tokio::test(start_paused = true)]
async fn a_trail_shows_in_every_region_that_it_records() {
    let world = world(WORLD);
    for (region, shadows, names) in [
        ("eu-west-1", None, &["here", "everywhere", "organization"][..]),
        ("eu-west-1", Some(false), &["here"]),
        ("us-east-1", None, &["everywhere", "there", "organization"]),
        ("eu-north-1", Some(true), &["everywhere", "organization"]),
    ] {
        let answer = trails(&world, region).describe_trails().set_include_shadow_trails(shadows).send().await.unwrap();
        let found: Vec<_> = answer.trail_list().iter().map(|trail| trail.name().unwrap()).collect();
        assert_eq!(found, names, "{region} {shadows:?}");
    }
    let answer = trails(&world, "eu-west-1").describe_trails().trail_name_list("everywhere").send().await.unwrap();
    assert!(answer.trail_list().is_empty(), "its name is known at home alone");
    let arn = "arn:aws:cloudtrail:us-east-1:111122223333:trail/organization";
    let answer = trails(&world, "eu-west-1").describe_trails().trail_name_list(arn).send().await.unwrap();
    let trail = &answer.trail_list()[0];
    assert_eq!((trail.trail_arn(), trail.home_region()), (Some(arn), Some("us-east-1")));
    assert_eq!((trail.is_organization_trail(), trail.has_custom_event_selectors()), (Some(true), Some(true)));
}

#[tokio::test(start_paused = true)]
async fn the_status_of_a_shadow_trail_is_told_by_its_arn() {
    let world = world(WORLD);
    let client = trails(&world, "eu-west-1");
    let error = client.get_trail_status().name("everywhere").send().await.unwrap_err();
    let text = "Unknown trail: everywhere for the user: 000000000000";
    assert_eq!((error.code(), error.message()), (Some("TrailNotFoundException"), Some(text)));
    let arn = "arn:aws:cloudtrail:us-east-1:000000000000:trail/everywhere";
    assert_eq!(client.get_trail_status().name(arn).send().await.unwrap().is_logging(), Some(true));
    assert_eq!(client.get_trail_status().name("here").send().await.unwrap().is_logging(), Some(false));
}

#[tokio::test(start_paused = true)]
async fn a_trail_is_made_silent_and_logs_when_it_is_told_to_at_home() {
    let world = world(WORLD);
    let (client, elsewhere) = (trails(&world, "eu-west-1"), trails(&world, "eu-north-1"));
    let new = client.create_trail().name("new").s3_bucket_name("bucket").is_multi_region_trail(true);
    let arn = new.clone().send().await.unwrap().trail_arn.unwrap();
    assert!(new.send().await.unwrap_err().as_service_error().unwrap().is_trail_already_exists_exception());
    assert_eq!(client.get_trail_status().name(&arn).send().await.unwrap().is_logging(), Some(false));
    let error = elsewhere.start_logging().name(&arn).send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_invalid_home_region_exception());
    client.start_logging().name("new").send().await.unwrap();
    let status = elsewhere.get_trail_status().name(&arn).send().await.unwrap();
    assert_eq!(status.is_logging(), Some(true));
    assert_eq!(status.start_logging_time().unwrap().secs(), world.now().timestamp());
    client.stop_logging().name(&arn).send().await.unwrap();
    assert_eq!(client.get_trail_status().name("new").send().await.unwrap().is_logging(), Some(false));
    for name in ["ab", "-abc", "a__b", "a b"] {
        let error = client.create_trail().name(name).s3_bucket_name("bucket").send().await.unwrap_err();
        assert!(error.as_service_error().unwrap().is_invalid_trail_name_exception(), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn rules_and_targets_come_page_by_page_as_they_were_put() {
    let client = bus(&world(WORLD));
    let page = client.list_rules().event_bus_name("default").send().await.unwrap();
    let names: Vec<_> = page.rules().iter().map(|rule| rule.name().unwrap()).collect();
    assert_eq!(names, ["a", "b"]);
    let first = &page.rules()[0];
    assert_eq!(first.arn(), Some("arn:aws:events:eu-west-1:000000000000:rule/a"));
    assert_eq!((first.state(), first.event_bus_name()), (Some(&RuleState::Disabled), Some("default")));
    assert_eq!(page.rules()[1].event_pattern(), None);
    let last = client.list_rules().set_next_token(page.next_token).send().await.unwrap();
    assert_eq!((last.rules()[0].managed_by(), last.next_token()), (Some("autoscaling.amazonaws.com"), None));
    let page = client.list_targets_by_rule().rule("a").send().await.unwrap();
    let last = client.list_targets_by_rule().rule("a").set_next_token(page.next_token.clone()).send().await.unwrap();
    assert_eq!((page.targets().len(), last.targets()[0].arn()), (2, "arn:aws:sns:eu-west-1:000000000000:three"));
    let error = client.list_rules().event_bus_name("other").send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_resource_not_found_exception());
    let error = client.list_targets_by_rule().rule("c").send().await.unwrap_err();
    assert_eq!(error.message(), Some("Rule c does not exist on EventBus default."));
}

#[tokio::test(start_paused = true)]
async fn a_rule_is_put_turned_off_emptied_and_deleted() {
    let client = bus(&world(WORLD));
    let put = client.put_rule().name("c").event_pattern(r#"{"source":["aws.kms"]}"#).description("one");
    assert!(put.clone().send().await.unwrap().rule_arn().unwrap().ends_with(":rule/c"));
    let target = |id: &str| Target::builder().id(id).arn("arn:aws:sns:eu-west-1:000000000000:t").build().unwrap();
    let targets = (1..=6).map(|n| target(&n.to_string())).collect();
    let answer = client.put_targets().rule("c").set_targets(Some(targets)).send().await.unwrap();
    assert_eq!((answer.failed_entry_count(), answer.failed_entries()[0].target_id()), (1, Some("6")));
    put.set_description(None).send().await.unwrap();
    client.disable_rule().name("c").send().await.unwrap();
    let rule = client.describe_rule().name("c").send().await.unwrap();
    assert_eq!((rule.state(), rule.description()), (Some(&RuleState::Disabled), None));
    client.enable_rule().name("c").send().await.unwrap();
    assert_eq!(client.describe_rule().name("c").send().await.unwrap().state(), Some(&RuleState::Enabled));
    assert!(client.delete_rule().name("c").send().await.is_err(), "it has targets");
    client.remove_targets().rule("c").ids("1").ids("2").ids("3").ids("4").ids("5").send().await.unwrap();
    client.delete_rule().name("c").send().await.unwrap();
    assert!(client.describe_rule().name("c").send().await.is_err());
    let error = client.disable_rule().name("managed").send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_managed_rule_exception());
    let error = client.put_rule().name("d").event_pattern(r#"{"a":"b"}"#).send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_invalid_event_pattern_exception());
}

#[tokio::test(start_paused = true)]
async fn a_pattern_is_tested_with_an_event_that_is_whole() {
    let client = bus(&world(WORLD));
    let event = json!({
        "id": "1", "account": "000000000000", "source": "aws.secretsmanager", "time": "2026-11-20T09:14:00Z",
        "region": "eu-west-1", "resources": [], "detail-type": "AWS API Call via CloudTrail",
        "detail": { "eventName": "DeleteSecret" },
    });
    for (pattern, result) in [
        (r#"{"detail":{"eventName":["DeleteSecret"]}}"#, true),
        (r#"{"detail":{"eventName":["RestoreSecret"]}}"#, false),
    ] {
        let answer = client.test_event_pattern().event_pattern(pattern).event(event.to_string()).send().await.unwrap();
        assert_eq!(answer.result(), result, "{pattern}");
    }
    let test = client.test_event_pattern().event_pattern(r#"{"detail":{"eventName":["DeleteSecret"]}}"#);
    for key in ["id", "account", "source", "time", "region", "resources", "detail-type"] {
        let mut event = event.clone();
        event.as_object_mut().unwrap().remove(key);
        assert!(test.clone().event(event.to_string()).send().await.is_err(), "without {key}");
    }
}

#[test]
fn a_scenario_names_trails_and_rules_once_and_right() {
    for wrong in [
        "[[cloud_trail]]\nname = \"a\"\n[[cloud_trail]]\nname = \"a\"",
        "[[rule]]\nname = \"a\"",
        "[[rule]]\nname = \"a\"\nschedule = \"rate(1 day)\"\n[[rule]]\nname = \"a\"\nschedule = \"rate(1 day)\"",
        "[[rule]]\nname = \"a\"\npattern = '{\"a\": 1}'",
        "[[rule]]\nname = \"a\"\nschedule = \"rate(1 day)\"\nstate = \"ON\"",
    ] {
        assert!(World::from_toml("wrong.toml", wrong).is_err(), "{wrong}");
    }
}
