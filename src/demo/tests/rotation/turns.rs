//! Two users who take turns: each has a password of his own, and a superuser sets it.

use super::{CURRENT, PREVIOUS, TOKEN, labels, live, prepared, relabel, rotate, said, wait};
use crate::demo::World;
use crate::demo::tests::client;

const LOGIN: &str = "Successfully established SSL/TLS connection as user 'orders' with host: 'HOST'";
const CLONE: &str = "Successfully established SSL/TLS connection as user 'orders_clone' with host: 'HOST'";
const SUPER: &str = "Successfully established SSL/TLS connection as user 'postgres' with host: 'HOST'";
const SET: &str = "setSecret: Successfully set password for orders_clone in PostgreSQL DB for secret arn ARN.";
const E2: &str = "setSecret: Unable to log into database using current credentials for secret ARN";

fn works(world: &World) -> bool {
    world.works("prod/orders/db")
}

async fn rotate_anew(world: &World) -> String {
    let told = client(world).rotate_secret().secret_id("prod/orders/db").send().await.unwrap();
    wait(60).await;
    told.version_id().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn the_current_password_works_all_the_time() {
    let world = prepared("alternating", "", "outcome = { step = \"10s\" }");
    assert_eq!(live(&world), "current+previous");
    rotate(&world).await;
    for (seconds, passwords) in [(15, "current+previous"), (10, "T+current"), (10, "T+current"), (20, "T+current")] {
        wait(seconds).await;
        assert_eq!((live(&world).as_str(), works(&world)), (passwords, true));
    }
    assert_eq!(labels(&world).await, "T: AWSCURRENT+AWSPENDING, current: AWSPREVIOUS");
    let words = [
        "createSecret: Successfully put secret for ARN ARN and version T.",
        LOGIN,
        SUPER,
        SET,
        CLONE,
        "testSecret: Successfully signed into PostgreSQL DB with AWSPENDING secret in ARN.",
        "finishSecret: Successfully set AWSCURRENT stage to version T for secret ARN.",
    ];
    assert_eq!(said(&world), words);
}

#[tokio::test(start_paused = true)]
async fn the_users_take_turns() {
    let world = prepared("alternating", "", "");
    rotate(&world).await;
    wait(60).await;
    let next = rotate_anew(&world).await;
    let set = "setSecret: Successfully set password for orders in PostgreSQL DB for secret arn ARN.";
    assert!(said(&world).split_off(7).contains(&set.to_owned()), "{:?}", said(&world));
    assert_eq!(live(&world), "T");
    assert!(world.accepts("prod/orders/db", &next) && works(&world));
}

#[tokio::test(start_paused = true)]
async fn each_ending_leaves_the_database_as_it_should() {
    for (ending, passwords) in [
        ("{ fails_at = \"setSecret\" }", "current+previous"),
        ("{ fails_at = \"setSecret\", unreachable = true }", "current+previous"),
        ("{ fails_at = \"setSecret\", changed = true }", "T+current"),
        ("{ times_out_at = \"setSecret\", changed = true }", "T+current"),
        ("{ fails_at = \"testSecret\" }", "T+current"),
        ("{ fails_at = \"finishSecret\" }", "T+current"),
    ] {
        let world = prepared("alternating", "", &format!("outcome = {ending}"));
        rotate(&world).await;
        wait(60).await;
        assert_eq!((live(&world).as_str(), works(&world)), (passwords, true), "{ending}");
        assert_eq!(said(&world).contains(&E2.to_owned()), passwords == "current+previous", "{ending}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_drop_leaves_the_current_password_working() {
    let world = prepared("alternating", "", "outcome = [{ fails_at = \"testSecret\" }, \"succeeds\"]");
    rotate(&world).await;
    wait(60).await;
    relabel(&world, "AWSPENDING", None, Some(TOKEN)).await;
    assert_eq!((live(&world).as_str(), works(&world)), ("T+current", true));
    let next = client(&world).rotate_secret().secret_id("prod/orders/db").send().await.unwrap();
    wait(60).await;
    assert_eq!(live(&world), "current");
    assert!(world.accepts("prod/orders/db", next.version_id().unwrap()) && works(&world));
}

#[tokio::test(start_paused = true)]
async fn a_rollback_goes_to_a_password_that_works() {
    let world = prepared("alternating", "", "");
    relabel(&world, "AWSCURRENT", Some(PREVIOUS), Some(CURRENT)).await;
    assert!(works(&world));
    rotate(&world).await;
    wait(60).await;
    assert_eq!((live(&world).as_str(), works(&world)), ("T+previous", true));
}

#[tokio::test(start_paused = true)]
async fn without_the_current_password_nothing_is_set() {
    for (truth, passwords) in [("none", ""), ("AWSPREVIOUS", "previous")] {
        let world = prepared("alternating", "", &format!("live = \"{truth}\""));
        assert_eq!((live(&world).as_str(), works(&world)), (passwords, false));
        rotate(&world).await;
        wait(60).await;
        assert_eq!(said(&world)[1], E2, "{truth}");
        assert_eq!((live(&world).as_str(), works(&world)), (passwords, false));
    }
    let set = prepared("alternating", "created = \"-1h\"", "live = \"AWSPENDING\"");
    assert_eq!((live(&set).as_str(), works(&set)), ("T+current", true));
}

#[tokio::test(start_paused = true)]
async fn the_superuser_s_password_may_be_wrong_too() {
    let other = "superuser = \"prod/orders/db-admin\"\n[[secret]]\nname = \"prod/orders/db-admin\"\n";
    let broken = prepared("alternating", "", &format!("{other}live = \"none\""));
    rotate(&broken).await;
    wait(60).await;
    let told = &said(&broken)[1..3];
    let e3 = "setSecret: Unable to log into database using credentials in master secret ARN-admin-";
    assert!(
        told[0] == LOGIN
            && told[1]
                .replace("arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/orders/db", "ARN")
                .starts_with(e3),
        "{told:?}"
    );
    assert_eq!(live(&broken), "current+previous");
    let well = prepared("alternating", "", other);
    rotate(&well).await;
    wait(60).await;
    assert_eq!(live(&well), "T+current");
}

#[tokio::test(start_paused = true)]
async fn a_version_for_the_wrong_user_is_refused() {
    // Made while the user himself was current; now the clone is.
    let world = prepared("alternating", "created = \"-1h\"", "live = \"AWSCURRENT\"\nretry = { after = \"62m\" }");
    relabel(&world, "AWSCURRENT", Some(PREVIOUS), Some(CURRENT)).await;
    wait(600).await;
    let e4 = "setSecret: Attempting to modify user orders_clone other than current user or clone orders_clone";
    assert!(said(&world).contains(&e4.to_owned()), "{:?}", said(&world));
    assert_eq!(live(&world), "current+previous");
}

#[tokio::test(start_paused = true)]
async fn a_trial_tests_the_user_who_is_current() {
    let world = prepared("alternating", "", "");
    rotate(&world).await;
    wait(60).await;
    client(&world).rotate_secret().secret_id("prod/orders/db").rotate_immediately(false).send().await.unwrap();
    wait(60).await;
    assert_eq!(said(&world)[7], CLONE, "{:?}", said(&world));
}
