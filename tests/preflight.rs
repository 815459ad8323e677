//! The pre-flight over a demo world: what is asked, how often, and what is made of the answers.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use secdash::aws::Aws;
use secdash::demo::World;
use secdash::domain::context::Context;
use secdash::domain::preflight::{Grade, Preflight, Purpose, Rule};
use secdash::domain::secret::Secret;
use secdash::ops::preflight::{Found, preflight};
use tokio::time::Instant;

/// A secret that rotates, and its function.
const SECRET: &str = "
[[secret]]
name = \"prod/db\"
function = \"rotate-x\"
rotation = { days = 30 }
last_rotated = \"-12d\"
";

struct Door {
    world: World,
    aws: Aws,
    context: Arc<Context>,
}

/// A world with more than the secret in it.
async fn over(more: &str) -> Door {
    let world = World::from_toml("test.toml", &format!("{SECRET}{more}")).unwrap();
    let aws = Aws::demo(world.sdk_config());
    let context = aws.open().await.unwrap();
    Door { world, aws, context }
}

impl Door {
    async fn secret(&self) -> Secret {
        self.aws.describe(&self.context, "prod/db").await.unwrap()
    }

    async fn check(&self, purpose: Purpose) -> (Found, Preflight) {
        let secret = self.secret().await;
        preflight(&self.aws, &secret, purpose, &[]).await
    }

    /// How often each operation was asked for.
    fn asked(&self) -> BTreeMap<String, usize> {
        let mut asked = BTreeMap::new();
        for entry in self.world.journal() {
            *asked.entry(entry.operation).or_default() += 1;
        }
        asked
    }
}

/// The worst check of a world with this function, as `grade rule: sentence`.
async fn worst(more: &str) -> String {
    let (_, preflight) = over(more).await.check(Purpose::Rotate).await;
    let first = &preflight.checks[0];
    format!("{} {}: {}", first.grade.word(), first.rule.word(), first.sentence)
}

#[tokio::test(start_paused = true)]
async fn each_question_is_asked_once_and_nothing_else() {
    let door = over("").await;
    let secret = door.secret().await;
    let before = door.asked();
    let (found, preflight) = preflight(&door.aws, &secret, Purpose::Rotate, &[]).await;
    assert_eq!(preflight.verdict(), "all clear", "{preflight:#?}");
    assert!(found.function.is_some());
    let mut asked = door.asked();
    for (operation, times) in before {
        *asked.get_mut(&operation).unwrap() -= times;
    }
    asked.retain(|_, times| *times > 0);
    let questions =
        ["DescribeSecret", "GetFunctionConcurrency", "GetFunctionConfiguration", "GetPolicy", "ListSecretVersionIds"];
    // The event history is asked by each name that the secret has, within CloudTrail's ration, and not for more.
    assert_eq!(asked.remove("LookupEvents"), Some(3));
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), questions.map(|operation| (operation.to_owned(), 1)));
}

#[tokio::test(start_paused = true)]
async fn turning_off_asks_nothing_of_the_function() {
    let door = over("").await;
    let (found, preflight) = door.check(Purpose::TurnOff).await;
    assert_eq!((found.function, preflight.verdict().as_str()), (None, "all clear"));
    assert!(!door.asked().contains_key("GetPolicy"));
}

#[tokio::test(start_paused = true)]
async fn questions_go_side_by_side() {
    let late =
        |operation: &str| format!("[[fault]]\noperation = \"{operation}\"\nkind = \"latency\"\ndelay = \"1s\"\n");
    let all = ["GetFunctionConcurrency", "GetFunctionConfiguration", "GetPolicy", "ListSecretVersionIds"].map(late);
    let door = over(&all.concat()).await;
    let secret = door.secret().await;
    let start = Instant::now();
    preflight(&door.aws, &secret, Purpose::TestOnly, &[]).await;
    let took = start.elapsed();
    assert!(took >= Duration::from_secs(1) && took < Duration::from_millis(1_500), "{took:?}");
    // Who reads it is looked up beside them, three look-ups at one a second.
    let start = Instant::now();
    preflight(&door.aws, &secret, Purpose::Rotate, &[]).await;
    let took = start.elapsed();
    assert!(took >= Duration::from_secs(1) && took < Duration::from_millis(2_500), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_with_a_function_is_found() {
    let function = |keys: &str| format!("[[function]]\nname = \"rotate-x\"\n{keys}\n");
    for (keys, words) in [
        (
            "missing = true",
            "stops state: There is no function `arn:aws:lambda:eu-west-1:000000000000:function:rotate-x`: it was deleted \
             or renamed.",
        ),
        (
            "policy = \"none\"",
            "stops policy: The function has no policy, so Secrets Manager may not invoke it. AWS would answer \
             AccessDeniedException.",
        ),
        (
            "policy = \"other-account\"",
            "stops policy: The function's policy doesn't admit Secrets Manager: aws:SourceAccount asks for 999999999999, \
             and the secret is in 000000000000. AWS would answer AccessDeniedException.",
        ),
        (
            "concurrency = 0",
            "stops concurrency: The function's reserved concurrency is 0, so it can't run. AWS would take the call, and \
             an AWSPENDING without a value would stay behind.",
        ),
        ("concurrency = 5", "warning concurrency: The function's reserved concurrency is 5; AWS asks for at least 10."),
        ("timeout = \"3s\"", "warning timeout: The function's time-out is 3 s: a step that takes longer is cut off."),
        (
            "runtime = \"python3.9\"",
            "warning runtime: The function's runtime python3.9 is deprecated since 2025-12-15.",
        ),
        (
            "state = \"Failed\"\nreason_code = \"InvalidSubnet\"\nreason = \"It is gone.\"",
            "stops state: The function rotate-x is in the state Failed (InvalidSubnet: It is gone.): it can't be invoked.",
        ),
        (
            "log = { format = \"JSON\", level = \"ERROR\" }",
            "notice log: The function's log level is ERROR, so its log doesn't tell the steps.",
        ),
        (
            "environment = { SECRETS_MANAGER_ENDPOINT = \"https://secretsmanager.us-east-1.amazonaws.com\" }",
            "warning endpoint: The function's SECRETS_MANAGER_ENDPOINT leads to us-east-1, and the secret is in \
             eu-west-1.",
        ),
    ] {
        assert_eq!(worst(&function(keys)).await, words, "{keys}");
    }
    let changed = worst(&function("last_modified = \"-3h\"")).await;
    assert!(changed.starts_with("warning changed: The function changed 3 h ago ("), "{changed}");
}

#[tokio::test(start_paused = true)]
async fn each_denied_question_names_its_action_and_leaves_the_rest() {
    for (operation, action, rule) in [
        ("GetFunctionConfiguration", "lambda:GetFunctionConfiguration", Rule::State),
        ("GetPolicy", "lambda:GetPolicy", Rule::Policy),
        ("GetFunctionConcurrency", "lambda:GetFunctionConcurrency", Rule::Concurrency),
    ] {
        let door = over(&format!("[[fault]]\noperation = \"{operation}\"\nkind = \"deny\"\n")).await;
        let (_, preflight) = door.check(Purpose::Rotate).await;
        let unknown: Vec<_> = preflight.of_grade(Grade::Unknown).map(|check| (check.rule, check.missing)).collect();
        assert_eq!(unknown, [(rule, Some(action))]);
        assert_eq!((preflight.verdict().as_str(), preflight.stops()), ("1 check not made", false));
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_function_in_another_account_little_can_be_seen() {
    let theirs = "arn:aws:lambda:eu-west-1:999999999999:function:rotate-x";
    let world = World::from_toml("test.toml", &SECRET.replace("\"rotate-x\"", &format!("\"{theirs}\""))).unwrap();
    let aws = Aws::demo(world.sdk_config());
    let context = aws.open().await.unwrap();
    let (_, preflight) = Door { world, aws, context }.check(Purpose::Rotate).await;
    let unknown: Vec<_> = preflight.of_grade(Grade::Unknown).filter_map(|check| check.missing).collect();
    assert_eq!(unknown, ["lambda:GetFunctionConfiguration", "lambda:GetFunctionConcurrency", "lambda:GetPolicy"]);
    let notice = preflight.of_grade(Grade::Notice).find(|check| check.rule == Rule::Account).unwrap();
    assert_eq!(notice.sentence, "The function is in another account, 999999999999, and its log is there too.");
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_cant_be_described_is_judged_by_what_was_known() {
    let known = over("").await.secret().await;
    let denied = "[[fault]]\noperation = \"DescribeSecret\"\nkind = \"deny\"\n\
                  [[fault]]\noperation = \"ListSecretVersionIds\"\nkind = \"deny\"\n";
    let door = over(denied).await;
    let (found, preflight) = preflight(&door.aws, &known, Purpose::Rotate, &[]).await;
    assert!(found.inspection.secret.is_err() && found.function.is_some());
    let missing: Vec<_> = preflight.of_grade(Grade::Unknown).filter_map(|check| check.missing).collect();
    assert_eq!(missing, ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"]);
}

#[tokio::test(start_paused = true)]
async fn a_function_set_in_the_last_minutes_is_the_one_that_is_asked() {
    let door = over("[[function]]\nname = \"rotate-old\"\nmissing = true\n").await;
    let mut listed = door.secret().await;
    listed.rotation_function = Some("arn:aws:lambda:eu-west-1:000000000000:function:rotate-old".into());
    let (found, preflight) = preflight(&door.aws, &listed, Purpose::Rotate, &[]).await;
    assert_eq!(found.function.unwrap().arn.name.raw(), "rotate-x");
    assert_eq!(preflight.verdict(), "all clear");
}

#[tokio::test(start_paused = true)]
async fn a_pending_version_stops_it() {
    let more = "versions = [{ labels = [\"AWSPENDING\"], created = \"-2d\" }, { labels = [\"AWSCURRENT\"], created = \"-12d\" }]\n";
    let (_, preflight) = over(more).await.check(Purpose::Rotate).await;
    let first = &preflight.checks[0];
    assert_eq!((first.grade, first.rule), (Grade::Stops, Rule::Pending));
    let words = "has been AWSPENDING for 2 d: AWS answers “A previous rotation isn't complete. That rotation will be \
                 reattempted.”";
    assert!(preflight.verdict().starts_with("can't be rotated: Version "), "{}", preflight.verdict());
    assert!(first.sentence.ends_with(words), "{}", first.sentence);
}
