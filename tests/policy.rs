//! The printed IAM policy is enough, and each of its actions is needed: with it everything works, and without one of
//! them the panel that needs it names it, and that panel alone.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::collections::BTreeSet;

use secdash::demo::World;
use secdash::exit::Exit;
use serde_json::Value;
use support::cmd::run;
use support::pty::flat;
use support::tui::Tui;

/// A secret of the default world with AWSPENDING on a version of its own, and one without.
const STUCK: &str = "prod/crm/oracle";
const IDLE: &str = "prod/ledger/db";

/// The default world under a policy, without the denial that it has of its own.
fn under(policy: &str) -> World {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/worlds/default.toml");
    let mut file: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    assert_eq!(file.remove("fault").unwrap().as_array().unwrap().len(), 1);
    file.insert("policy".to_owned(), policy.into());
    World::from_toml("policy", &toml::to_string(&file).unwrap()).unwrap()
}

/// What `secdash policy` prints.
async fn printed() -> String {
    run(&["policy"], &World::load("").unwrap()).await.out
}

fn statements(policy: &Value) -> impl Iterator<Item = &Value> {
    policy["Statement"].as_array().unwrap().iter()
}

/// The actions of a policy.
fn actions(policy: &str) -> Vec<String> {
    let policy: Value = serde_json::from_str(policy).unwrap();
    let actions = statements(&policy).flat_map(|statement| statement["Action"].as_array().unwrap());
    actions.map(|action| action.as_str().unwrap().to_owned()).collect()
}

/// The policy without one of its actions.
fn without(policy: &str, action: &str) -> String {
    let mut policy: Value = serde_json::from_str(policy).unwrap();
    for statement in policy["Statement"].as_array_mut().unwrap() {
        statement["Action"].as_array_mut().unwrap().retain(|other| other != action);
    }
    policy.to_string()
}

/// The actions of the requests that a world refused, and of those that it answered.
fn asked(world: &World) -> [BTreeSet<String>; 2] {
    let of = |refused: bool| {
        let journal = world.journal().into_iter().filter(|entry| entry.error.is_some() == refused);
        journal.map(|entry| format!("{}:{}", entry.service, entry.operation)).collect()
    };
    [of(true), of(false)]
}

/// Above and below the border between the list and the panel of the selected secret.
fn halves(screen: &str) -> (String, String) {
    let (list, panel) = screen[screen.find('┌').unwrap()..].split_once("\n┌").unwrap();
    (flat(list), flat(panel))
}

/// What a dashboard shows: the whole list, a secret's panel below the list, and the secret's own screen.
async fn look(world: &World, name: &str) -> [String; 3] {
    let tui = Tui::over(world.clone(), 120, 50);
    tui.rest().await;
    let (list, _) = halves(&tui.text());
    tui.keys(&format!("/ {name} <enter>"));
    tui.rest().await;
    let (_, panel) = halves(&tui.text());
    tui.keys("<enter>");
    tui.rest().await;
    [list, panel, flat(&tui.text())]
}

/// What stands on the screens where one action is missing.
struct Without {
    action: &'static str,
    /// Whether the list says so.
    list_says_so: bool,
    /// Whether the panels of a stuck and of an idle secret say so.
    panels_say_so: [bool; 2],
    /// Whether a secret's own screen names it whatever its state: it asks more than the panel does.
    own_says_so: bool,
    /// What the list still shows.
    list: &'static [&'static str],
    /// What the stuck secret's panel still shows.
    panel: &'static [&'static str],
    /// What its own screen shows beside that.
    own: &'static [&'static str],
    /// What nobody can know any more.
    gone: &'static [&'static str],
    /// How `secdash list` and `secdash show` end.
    exits: [Exit; 2],
}

const WITHOUT: &[Without] = &[
    Without {
        action: "secretsmanager:ListSecrets",
        list_says_so: true,
        panels_say_so: [false, false],
        own_says_so: false,
        list: &[],
        panel: &[],
        own: &[],
        gone: &["✖ stuck", "AWSCURRENT"],
        exits: [Exit::Failed, Exit::Fine],
    },
    Without {
        action: "secretsmanager:DescribeSecret",
        list_says_so: false,
        panels_say_so: [true, true],
        own_says_so: false,
        list: &["✖ stuck prod/crm/oracle overdue by 6 d", "! overdue prod/ledger/db", "✔ ok prod/users/db"],
        panel: &["1881…15f4", "did so at setSecret", "Schedule every 90 days", "from the list"],
        own: &["AWSPENDING 1881…15f4 7 d ago", "59 attempts to bring it in failed"],
        gone: &[],
        exits: [Exit::Fine, Exit::Failed],
    },
    Without {
        action: "secretsmanager:ListSecretVersionIds",
        list_says_so: false,
        panels_say_so: [true, true],
        own_says_so: false,
        list: &["✖ stuck prod/crm/oracle overdue by 6 d", "! overdue prod/ledger/db", "✔ ok prod/users/db"],
        panel: &["1881…15f4", "did so at setSecret", "Schedule every 90 days"],
        own: &["AWSPENDING 1881…15f4 unknown", "versions not listed: dates are missing"],
        gone: &["from the list", "AWSPENDING 1881…15f4 7 d ago"],
        exits: [Exit::Fine, Exit::NotKnown],
    },
    Without {
        action: "cloudtrail:LookupEvents",
        list_says_so: false,
        panels_say_so: [true, false],
        own_says_so: true,
        list: &["? pending prod/search/api-key in 11 d", "◐ rotating prod/orders/db", "✔ ok prod/users/db"],
        panel: &["1881…15f4", "Schedule every 90 days"],
        own: &["AWSPENDING 1881…15f4 7 d ago"],
        gone: &["from the list", "did so at setSecret", "attempts to bring it in failed"],
        exits: [Exit::Fine, Exit::NotKnown],
    },
];

impl Without {
    /// The list, the panel and the secret's own screen name the action, or don't.
    fn is_told_of(&self, shown: &[String; 3], by_panel: bool) {
        let step = format!("try: ask for the IAM action {} ", self.action);
        let told = shown.each_ref().map(|text| text.contains(&step));
        let own = self.list_says_so || by_panel || self.own_says_so;
        assert_eq!(told, [self.list_says_so, by_panel, own], "{}: {shown:#?}", self.action);
    }

    fn leaves_the_rest(&self, shown: &[String; 3]) {
        let [list, panel, own] = shown;
        assert!(self.list.iter().all(|text| list.contains(text)), "{}: {list}", self.action);
        assert!(self.panel.iter().all(|text| panel.contains(text) && own.contains(text)), "{}: {own}", self.action);
        assert!(self.own.iter().all(|text| own.contains(text)), "{}: {own}", self.action);
        let is_gone = |text: &&str| shown.iter().all(|shown| !shown.contains(*text));
        assert!(self.gone.iter().all(is_gone), "{}: {shown:#?}", self.action);
    }
}

#[tokio::test(start_paused = true)]
async fn with_the_printed_policy_everything_works() {
    let policy = printed().await;
    let world = under(&policy);
    let tui = Tui::over(world.clone(), 120, 50);
    tui.wait("6 stuck · 4 overdue · 3 cancelled · 1 rotating").await;
    let list: Value = serde_json::from_str(&run(&["list", "--output", "json"], &world).await.out).unwrap();
    for secret in list["secrets"].as_array().unwrap() {
        let name = secret["name"].as_str().unwrap();
        tui.keys(&format!("/ {name} <enter> <enter>"));
        tui.rest().await;
        let screen = tui.text();
        assert!(screen.contains(&format!("┌ {name}")) && !screen.contains("denied"), "{name}:\n{screen}");
        let versions = flat(&screen).contains("AWSCURRENT") || name == "dev/sandbox/new-service";
        assert!(versions && !screen.contains("unknown"), "{name}:\n{screen}");
        tui.keys("<esc> <esc>");
    }
    for args in [&["list"][..], &["show", STUCK], &["show", IDLE], &["logs", STUCK]] {
        let said = run(args, &world).await;
        assert_eq!(said.exit, Exit::Fine, "{said:?}");
    }
    // Nobody said yes, so this is only the pre-flight; and a stuck rotation can be followed to where it ends.
    run(&["rotate", IDLE], &world).await;
    run(&["follow", STUCK], &world).await;
    run(&["alerts"], &world).await;
    let [refused, answered] = asked(&world);
    let needed = actions(&policy).into_iter().chain(["sts:GetCallerIdentity".to_owned()]);
    assert_eq!((refused, answered), (BTreeSet::new(), needed.collect()), "what is granted is what is asked for");
}

#[tokio::test(start_paused = true)]
async fn without_one_of_its_actions_only_the_panel_that_needs_it_says_so() {
    let policy = printed().await;
    let actions = actions(&policy);
    let is_told = |action: &&String| WITHOUT.iter().any(|case| case.action == *action);
    let (told, others): (Vec<_>, Vec<_>) = actions.iter().partition(is_told);
    assert_eq!(
        (told.len(), others),
        (WITHOUT.len(), APART.map(|(action, _)| action.to_owned()).iter().collect::<Vec<_>>())
    );
    for action in told {
        let case = WITHOUT.iter().find(|case| case.action == action).unwrap();
        let world = under(&without(&policy, action));
        for (name, expected) in [STUCK, IDLE].into_iter().zip(case.panels_say_so) {
            let shown = look(&world, name).await;
            case.is_told_of(&shown, expected);
            for other in actions.iter().filter(|other| *other != action) {
                assert!(shown.iter().all(|text| !text.contains(other)), "{other} is told of: {shown:#?}");
            }
            if name == STUCK {
                case.leaves_the_rest(&shown);
            }
        }
        let [refused, answered] = asked(&world);
        assert_eq!(refused, BTreeSet::from([action.clone()]));
        assert!(!answered.contains(action) && answered.contains("sts:GetCallerIdentity"));
    }
}

#[tokio::test(start_paused = true)]
async fn without_one_of_its_actions_the_commands_say_so_where_they_need_it() {
    let policy = printed().await;
    for case in WITHOUT {
        let world = under(&without(&policy, case.action));
        for (args, exit) in [&["list"][..], &["show", STUCK]].into_iter().zip(case.exits) {
            let said = run(args, &world).await;
            assert_eq!(said.exit, exit, "{}: {said:?}", case.action);
            let step = format!("try: ask for the IAM action {}\n", case.action);
            assert_eq!(said.err.contains(&step), exit != Exit::Fine, "{}: {said:?}", case.action);
            assert_eq!(said.out.is_empty(), exit == Exit::Failed, "{}: {said:?}", case.action);
        }
    }
}

/// The actions that only following a rotation, the pre-flight of one, or the question who notices needs; and the command
/// that tells of it.
const APART: [(&str, &[&str]); 11] = [
    ("logs:DescribeLogGroups", &["follow", STUCK]),
    ("cloudtrail:DescribeTrails", &["alerts", IDLE]),
    ("cloudtrail:GetTrailStatus", &["alerts", IDLE]),
    ("events:ListRules", &["alerts", IDLE]),
    ("events:TestEventPattern", &["alerts", IDLE]),
    ("events:ListTargetsByRule", &["alerts", IDLE]),
    ("logs:FilterLogEvents", &["follow", STUCK]),
    ("logs:StartLiveTail", &["follow", STUCK]),
    ("lambda:GetFunctionConfiguration", &["follow", STUCK]),
    ("lambda:GetPolicy", &["rotate", IDLE]),
    ("lambda:GetFunctionConcurrency", &["rotate", IDLE]),
];

#[tokio::test(start_paused = true)]
async fn without_one_of_its_actions_what_needs_it_says_so_and_goes_on() {
    let policy = printed().await;
    for (action, args) in APART {
        let world = under(&without(&policy, action));
        let said = run(args, &world).await;
        let text = format!("{}{}", said.out, said.err);
        assert!(text.contains(&format!("ask for the IAM action {action}")), "{action}: {text}");
        let [refused, answered] = asked(&world);
        assert_eq!(refused, BTreeSet::from([action.to_owned()]), "{text}");
        assert!(answered.contains("secretsmanager:DescribeSecret"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn with_what_is_printed_for_changes_a_secret_rotates_and_without_one_of_them_it_does_not() {
    let policy = run(&["policy", "--write"], &World::load("").unwrap()).await.out;
    let args = ["rotate", "prod/users/db", "--yes", "--wait"];
    let said = run(&args, &under(&policy)).await;
    assert_eq!(said.exit, Exit::Fine, "{}\n{}", said.out, said.err);
    for action in ["secretsmanager:RotateSecret", "lambda:InvokeFunction"] {
        let said = run(&args, &under(&without(&policy, action))).await;
        assert!(
            said.exit == Exit::Failed && said.err.contains(&format!("ask for the IAM action {action}")),
            "{said:?}"
        );
    }
    let off = ["rotation", "off", "prod/users/db", "--yes", "--confirm", "db"];
    assert_eq!(run(&off, &under(&policy)).await.exit, Exit::Fine);
    let said = run(&off, &under(&without(&policy, "secretsmanager:CancelRotateSecret"))).await;
    assert!(said.err.contains("ask for the IAM action secretsmanager:CancelRotateSecret"), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn with_what_is_printed_for_changes_a_secret_is_deleted_and_restored_and_without_it_is_not() {
    let policy = run(&["policy", "--write"], &World::load("").unwrap()).await.out;
    let delete: &[&str] = &["delete", IDLE, "--yes", "--confirm", "db"];
    let restore: &[&str] = &["restore", "old/crm", "--yes"];
    for (args, action) in [(delete, "secretsmanager:DeleteSecret"), (restore, "secretsmanager:RestoreSecret")] {
        assert_eq!(run(args, &under(&policy)).await.exit, Exit::Fine);
        let said = run(args, &under(&without(&policy, action))).await;
        assert!(said.err.contains(&format!("ask for the IAM action {action}")), "{said:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_no_secret_has_is_still_searched_for_where_iam_knows_arns_only() {
    let policy = printed().await;
    let world = under(&policy);
    let part = run(&["show", "crm/ora"], &world).await;
    assert!(part.exit == Exit::Fine && part.out.starts_with(STUCK), "{part:?}");
    let several = run(&["show", "payments/db"], &world).await;
    assert!(several.exit == Exit::Usage && several.err.contains("is part of 2 names"), "{several:?}");
    let none = run(&["show", "nosuch"], &world).await;
    assert!(none.exit == Exit::Failed && none.err.contains("There is no secret `nosuch`"), "{none:?}");
    assert!(run(&["show", "nosuch"], &World::load("").unwrap()).await.err.contains("There is no secret `nosuch`"));
    let blind = under(&without(&policy, "secretsmanager:DescribeSecret"));
    for named in ["crm/ora", STUCK] {
        let said = run(&["show", named], &blind).await;
        assert!(said.err.contains("error: AWS denied DescribeSecret.") && said.err.contains(STUCK), "{said:?}");
    }
    let deaf = under(&without(&policy, "secretsmanager:ListSecrets"));
    let said = run(&["show", "crm/ora"], &deaf).await;
    assert!(
        said.err.contains("error: AWS denied DescribeSecret.") && said.err.contains("resource: crm/ora"),
        "{said:?}"
    );
}
