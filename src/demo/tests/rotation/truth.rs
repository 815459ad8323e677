//! Which passwords the database takes, whatever labels and lines say: one user, and AWS's template or code of one's own.

use super::{CURRENT, PREVIOUS, TOKEN, events, labels, live, prepared, relabel, rotate, said, secret, wait};
use crate::demo::World;
use crate::demo::tests::{client, world};

const E1: &str = "setSecret: Unable to log into database with previous, current, or pending secret of secret arn ARN";
const SET: &str = "setSecret: Successfully set password for user orders in PostgreSQL DB for secret arn ARN.";
const ALREADY: &str = "setSecret: AWSPENDING secret is already set as password in PostgreSQL DB for secret arn ARN.";
const DONE: &str = "T: AWSCURRENT+AWSPENDING, current: AWSPREVIOUS";

fn works(world: &World) -> bool {
    world.works("prod/orders/db")
}

fn has_failed_in(world: &World, step: &str) -> bool {
    events(world).contains(&format!("RotationFailed: Error when executing lambda rotate-orders during {step} step"))
}

#[tokio::test(start_paused = true)]
async fn each_step_leaves_the_database_as_it_should() {
    for strategy in ["single", "custom"] {
        let world = prepared(strategy, "", "outcome = { step = \"10s\" }");
        assert_eq!((live(&world).as_str(), works(&world)), ("current", true), "{strategy}: before");
        rotate(&world).await;
        wait(15).await;
        assert_eq!((live(&world).as_str(), works(&world)), ("current", true), "{strategy}: createSecret");
        wait(10).await;
        assert_eq!((live(&world).as_str(), works(&world)), ("T", false), "{strategy}: setSecret");
        wait(30).await;
        assert_eq!((live(&world).as_str(), works(&world)), ("T", true), "{strategy}: finishSecret");
    }
}

#[tokio::test(start_paused = true)]
async fn each_ending_leaves_the_database_as_it_should() {
    for (ending, passwords) in [
        ("\"succeeds\"", "T"),
        ("\"without-tls\"", "T"),
        ("\"denied\"", "current"),
        ("\"throttled\"", "current"),
        ("{ fails_at = \"createSecret\" }", "current"),
        ("{ fails_at = \"setSecret\" }", "current"),
        ("{ fails_at = \"setSecret\", unreachable = true }", "current"),
        ("{ fails_at = \"setSecret\", changed = true }", "T"),
        ("{ times_out_at = \"setSecret\" }", "current"),
        ("{ times_out_at = \"setSecret\", changed = true }", "T"),
        ("{ fails_at = \"testSecret\" }", "T"),
        ("{ fails_at = \"testSecret\", unreachable = true }", "T"),
        ("{ times_out_at = \"testSecret\" }", "T"),
        ("{ fails_at = \"finishSecret\" }", "T"),
    ] {
        for strategy in ["single", "custom"] {
            let world = prepared(strategy, "", &format!("outcome = {ending}"));
            rotate(&world).await;
            wait(120).await;
            assert_eq!(live(&world), passwords, "{strategy} {ending}");
            let is_done = labels(&world).await.starts_with("T: AWSCURRENT");
            assert_eq!(works(&world), is_done || passwords == "current", "{strategy} {ending}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_may_die_between_the_change_and_the_line_that_says_so() {
    let login = "Successfully established SSL/TLS connection as user 'orders' with host: 'HOST'";
    let lost = "[ERROR] OperationalError: server closed the connection unexpectedly";
    for (ending, last) in [
        ("fails_at = \"setSecret\"", &[login, lost][..]),
        ("fails_at = \"setSecret\", with = \"OSError: gone\"", &[login, "[ERROR] OSError: gone"]),
        ("times_out_at = \"setSecret\", marks = \"report\"", &[login]),
    ] {
        let keys = format!("outcome = {{ {ending}, changed = true }}\nretry = {{ after = \"10m\" }}");
        let world = world(&secret(&keys));
        rotate(&world).await;
        wait(120).await;
        assert_eq!(said(&world)[1..], *last, "{ending}");
        assert!(has_failed_in(&world, "setSecret") && !works(&world), "{ending}");
        assert_eq!(live(&world), "T", "{ending}");
        wait(600).await;
        let again = said(&world).split_off(1 + last.len());
        assert_eq!(again[..3], ["createSecret: Successfully retrieved secret for ARN.", login, ALREADY], "{ending}");
        assert_eq!((labels(&world).await.as_str(), works(&world)), (DONE, true), "{ending}");
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_packets_cost_time_and_tell_nothing() {
    let function = |seconds: u32| format!("[[function]]\nname = \"rotate-orders\"\ntimeout = \"{seconds}s\"\n");
    let out = "outcome = { fails_at = \"setSecret\", unreachable = true }\n";
    // Without AWSPREVIOUS two logins, of 10 s each.
    let alone = world(&secret(&format!("{out}{}", function(30))));
    rotate(&alone).await;
    wait(15).await;
    assert_eq!(said(&alone).len(), 1);
    wait(15).await;
    assert_eq!(said(&alone)[1], E1);
    let again = || format!("outcome = {{ fails_at = \"testSecret\", unreachable = true }}\n{}", function(30));
    let test = world(&secret(&again()));
    rotate(&test).await;
    wait(30).await;
    assert_eq!(
        said(&test)[3],
        "testSecret: Unable to log into database with pending secret of secret ARN ARN",
        "{:?}",
        said(&test)
    );

    let short = prepared("single", "", "outcome = { fails_at = \"setSecret\", unreachable = true }");
    rotate(&short).await;
    wait(60).await;
    let told = super::lines(&short);
    assert!(told.iter().any(|line| line.contains("R2 Task timed out after 30.0")), "{told:?}");
    assert_eq!((said(&short).len(), has_failed_in(&short, "setSecret")), (1, true));
}

#[tokio::test(start_paused = true)]
async fn setsecret_tries_pending_current_and_previous() {
    for (truth, pending, told, after) in [
        ("AWSPENDING", "created = \"-1h\"", ALREADY, "T"),
        ("AWSCURRENT", "created = \"-1h\"", SET, "T"),
        ("AWSPREVIOUS", "created = \"-1h\"", SET, "T"),
        ("AWSPREVIOUS", "empty = true", SET, "T"),
        ("none", "created = \"-1h\"", E1, ""),
        ("none", "empty = true", E1, ""),
    ] {
        let keys = format!("live = \"{truth}\"\nretry = {{ after = \"2m\" }}");
        let world = prepared("single", pending, &keys);
        let before = truth.trim_start_matches("AWS").to_lowercase().replace("pending", "t").replace("none", "");
        assert_eq!(live(&world).to_lowercase(), before, "{truth}");
        assert_eq!(works(&world), truth == "AWSCURRENT");
        wait(200).await;
        assert!(said(&world).contains(&told.to_owned()), "{truth} {pending}: {:?}", said(&world));
        assert_eq!((live(&world).as_str(), works(&world)), (after, after == "T"), "{truth}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_behind_setsecret_means_that_the_pending_password_is_live() {
    for (outcome, passwords) in [
        ("{ fails_at = \"testSecret\" }", "T"),
        ("{ fails_at = \"finishSecret\" }", "T"),
        ("{ fails_at = \"setSecret\", changed = true }", "T"),
        ("[{ fails_at = \"testSecret\" }, \"denied\"]", "T"),
        ("{ fails_at = \"setSecret\" }", "current"),
        ("{ times_out_at = \"setSecret\" }", "current"),
        ("\"throttled\"", "current"),
    ] {
        let world = prepared("single", "created = \"-1h\"", &format!("outcome = {outcome}"));
        assert_eq!(live(&world), passwords, "{outcome}");
    }
    let told =
        prepared("single", "created = \"-1h\"", "outcome = { fails_at = \"testSecret\" }\nlive = \"AWSCURRENT\"");
    assert_eq!(live(&told), "current");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_drop_locks_rotations_out_until_the_version_becomes_current() {
    for strategy in ["single", "custom"] {
        let world = prepared(strategy, "", "outcome = [{ fails_at = \"testSecret\" }, \"succeeds\"]");
        rotate(&world).await;
        wait(60).await;
        relabel(&world, "AWSPENDING", None, Some(TOKEN)).await;
        assert_eq!((live(&world).as_str(), works(&world)), ("T", false), "{strategy}: labels are nothing to it");
        let next = client(&world).rotate_secret().secret_id("prod/orders/db").send().await.unwrap();
        wait(60).await;
        assert!(has_failed_in(&world, "setSecret"), "{strategy}: {:?}", events(&world));
        let last = said(&world).pop().unwrap();
        let words =
            if strategy == "single" { E1.trim_start_matches("setSecret: ") } else { "RuntimeError: HOST refuses all" };
        assert!(last.contains(words), "{last}");
        assert_eq!((live(&world).as_str(), works(&world)), ("T", false));

        relabel(&world, "AWSPENDING", None, next.version_id()).await;
        relabel(&world, "AWSCURRENT", Some(TOKEN), Some(CURRENT)).await;
        assert!(works(&world), "{strategy}");
        client(&world).rotate_secret().secret_id("prod/orders/db").send().await.unwrap();
        wait(60).await;
        assert_eq!((live(&world).as_str(), works(&world)), ("", true), "{strategy}: the new version's");
    }
}

#[tokio::test(start_paused = true)]
async fn a_drop_before_setsecret_costs_nothing() {
    let world = prepared("single", "", "outcome = [{ fails_at = \"createSecret\" }, \"succeeds\"]");
    rotate(&world).await;
    wait(60).await;
    relabel(&world, "AWSPENDING", None, Some(TOKEN)).await;
    client(&world).rotate_secret().secret_id("prod/orders/db").send().await.unwrap();
    wait(60).await;
    assert!(works(&world));
}

#[tokio::test(start_paused = true)]
async fn a_world_without_a_word_of_it_keeps_its_password_when_labels_move() {
    let world = prepared("single", "created = \"-1h\"", "outcome = { fails_at = \"testSecret\" }");
    relabel(&world, "AWSPENDING", None, Some(TOKEN)).await;
    assert_eq!((live(&world).as_str(), works(&world)), ("T", false));
    let other = prepared("single", "", "");
    relabel(&other, "AWSCURRENT", Some(PREVIOUS), Some(CURRENT)).await;
    assert_eq!((live(&other).as_str(), works(&other)), ("current", false));
    rotate(&other).await;
    wait(60).await;
    assert_eq!((live(&other).as_str(), works(&other)), ("T", true), "setSecret got in with AWSPREVIOUS");
}

#[tokio::test(start_paused = true)]
async fn a_value_put_by_hand_is_unknown_to_the_database() {
    for (step, passwords) in [("createSecret", "current"), ("setSecret", "T")] {
        let world = prepared("single", "", &format!("outcome = {{ abandoned_at = \"{step}\" }}"));
        rotate(&world).await;
        wait(60).await;
        assert_eq!((live(&world).as_str(), works(&world)), (passwords, false), "{step}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_trial_has_the_current_password() {
    let world = prepared("single", "", "");
    let call = client(&world).rotate_secret().secret_id("prod/orders/db").client_request_token(TOKEN);
    call.rotate_immediately(false).send().await.unwrap();
    assert_eq!((live(&world).as_str(), works(&world)), ("T+current", true));
    wait(60).await;
    assert!(events(&world).contains(&"TestRotationSucceeded".to_owned()));
}

#[test]
fn what_is_not_there_works_nowhere() {
    let world = World::from_toml("w", "[[secret]]\nname = \"a\"\nversions = []\n[[secret]]\nname = \"b\"\n").unwrap();
    assert!(!world.works("a") && !world.works("none") && !world.accepts("none", TOKEN) && !world.accepts("b", TOKEN));
    assert!(world.works("b"));
}

#[tokio::test(start_paused = true)]
async fn code_of_one_s_own_has_its_own_words() {
    let world =
        prepared("custom", "", "outcome = [{ fails_at = \"testSecret\" }, \"succeeds\"]\nretry = { after = \"2m\" }");
    rotate(&world).await;
    wait(200).await;
    let words = [
        "createSecret: stored a new value for ARN",
        "Changed the password of orders on HOST for ARN",
        "[ERROR] RuntimeError: testSecret: HOST refuses the new password of orders",
        "The new version has a value, keeping it",
        "HOST takes the new password, nothing to do",
        "testSecret: signed in as orders",
        "Version T is in use",
    ];
    assert_eq!(said(&world), words);
    assert_eq!((live(&world).as_str(), works(&world)), ("T", true));
}
