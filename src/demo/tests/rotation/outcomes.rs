//! Each way for a rotation to end.

use super::{events, labels, lines, rotate, secret, wait};
use crate::demo::tests::world;

const INIT: &str = "INIT_START Runtime Version: …";
const KEYS: &str = "[INFO]|AT|R1|Found credentials in environment variables.";
const PUT: &str = "[INFO]|AT|R1|createSecret: Successfully put secret for ARN ARN and version T.";
const LOGIN: &str = "Successfully established SSL/TLS connection as user 'orders' with host: 'HOST'";
const SET: &str = "setSecret: Successfully set password for user orders in PostgreSQL DB for secret arn ARN.";
const TESTED: &str = "testSecret: Successfully signed into PostgreSQL DB with AWSPENDING secret in ARN.";
const FINISHED: &str = "finishSecret: Successfully set AWSCURRENT stage to version T for secret ARN.";

/// An invocation in an environment that is there; a line that begins with `[` stands as it is, others are the logger's.
fn run(number: usize, lines: &[&str]) -> Vec<String> {
    let logged = |line: &&str| {
        if line.starts_with('[') { (*line).to_owned() } else { format!("[INFO]|AT|R{number}|{line}") }
    };
    let mut all = vec![format!("START RequestId: R{number} Version: $LATEST")];
    all.extend(lines.iter().map(logged));
    all.push(format!("END RequestId: R{number}"));
    all.push(format!("REPORT RequestId: R{number}|Duration: N ms|Billed Duration: N ms"));
    all
}

/// The first one, in a new environment.
fn first(lines: &[&str]) -> Vec<String> {
    let mut all = run(1, &[&[KEYS], lines].concat());
    all.insert(0, INIT.to_owned());
    all.last_mut().unwrap().push_str("|Init Duration: N ms");
    all
}

/// A traceback of two frames.
fn raised(what: &str, at: (u32, &str), from: (u32, &str, &str)) -> String {
    let file = "\u{a0}\u{a0}File \"/var/task/lambda_function.py\", line";
    let indent = "\u{a0}".repeat(4);
    format!(
        "[ERROR] {what}\nTraceback (most recent call last):\n{file} {}, in lambda_handler\n{indent}{}\n{file} {}, in {}\n{indent}{}",
        at.0, at.1, from.0, from.1, from.2
    )
}

fn failed(step: &str) -> String {
    format!("RotationFailed: Error when executing lambda rotate-orders during {step} step")
}

const PENDING: &str = "T: AWSPENDING, current: AWSCURRENT";
const EMPTY: &str = "T (empty): AWSPENDING, current: AWSCURRENT";
const DONE: &str = "T: AWSCURRENT+AWSPENDING, current: AWSPREVIOUS";

/// Rotates, and compares lines, labels and events after a minute: those behind the beginning.
async fn check(keys: &str, expected: &[Vec<String>], stages: &str, recorded: &[&str]) {
    let world = world(&secret(keys));
    assert_eq!(rotate(&world).await, None, "{keys}");
    wait(60).await;
    assert_eq!(lines(&world), expected.concat(), "{keys}");
    assert_eq!(labels(&world).await, stages, "{keys}");
    let mut all = events(&world);
    // Those of one second stand in the order of their ids.
    all[..2].sort();
    assert_eq!(all, [&["RotateSecret", "RotationStarted"], recorded].concat(), "{keys}");
}

#[tokio::test(start_paused = true)]
async fn a_rotation_succeeds_in_four_invocations() {
    let steps = [first(&[PUT]), run(2, &[LOGIN, SET]), run(3, &[LOGIN, TESTED]), run(4, &[FINISHED])];
    check("", &steps, DONE, &["PutSecretValue", "UpdateSecretVersionStage", "RotationSucceeded"]).await;
}

#[tokio::test(start_paused = true)]
async fn errors_on_the_way_are_no_failure() {
    let no_tls =
        |n| format!("[ERROR]|AT|R{n}|Unable to establish SSL/TLS handshake, SSL/TLS is not enabled on the host: HOST");
    let plain = LOGIN.replace("SSL/TLS", "non SSL/TLS");
    let steps = [
        first(&[PUT]),
        run(2, &[&no_tls(2), &no_tls(2), &plain, SET]),
        run(3, &[&no_tls(3), &plain, TESTED]),
        run(4, &[FINISHED]),
    ];
    check(
        "outcome = \"without-tls\"",
        &steps,
        DONE,
        &["PutSecretValue", "UpdateSecretVersionStage", "RotationSucceeded"],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_step_fails_in_the_template_s_words_or_in_the_scenario_s() {
    let e11 = raised(
        "KeyError: 'host key is missing from secret JSON'",
        (68, "create_secret(service_client, arn, token)"),
        (109, "create_secret", "secret_dict = get_secret_dict(service_client, arn, stage, token)"),
    );
    check("outcome = { fails_at = \"createSecret\" }", &[first(&[&e11])], EMPTY, &[&failed("createSecret")]).await;

    let words = "password authentication failed for user \"orders\"";
    let own = [
        &format!("[ERROR]|AT|R2|setSecret: {words}"),
        &raised(
            &format!("ValueError: {words}"),
            (71, "set_secret(service_client, arn, token)"),
            (188, "set_secret", &format!("raise ValueError({words:?})")),
        ),
    ];
    let keys = "outcome = { fails_at = \"setSecret\", with = 'password authentication failed for user \"{user}\"' }";
    check(keys, &[first(&[PUT]), run(2, &own.map(String::as_str))], PENDING, &["PutSecretValue", &failed("setSecret")])
        .await;

    let e10 = "Unable to log into database with pending secret of secret ARN ARN";
    let own = [
        &format!("[ERROR]|AT|R3|testSecret: {e10}"),
        &raised(
            &format!("ValueError: {e10}"),
            (74, "test_secret(service_client, arn, token)"),
            (249, "test_secret", &format!("raise ValueError({e10:?})")),
        ),
    ];
    let steps = [first(&[PUT]), run(2, &[LOGIN, SET]), run(3, &own.map(String::as_str))];
    check("outcome = { fails_at = \"testSecret\" }", &steps, PENDING, &["PutSecretValue", &failed("testSecret")]).await;
}

#[tokio::test(start_paused = true)]
async fn a_time_out_says_nothing_but_that() {
    let report = "REPORT RequestId: R1|Duration: N ms|Billed Duration: N ms|Init Duration: N ms";
    let start = [INIT, "START RequestId: R1 Version: $LATEST", KEYS];
    let told = "AT R1 Task timed out after 30.0";
    for (marks, last) in [
        ("task", &["END RequestId: R1", report, told][..]),
        ("report", &["END RequestId: R1", &format!("{report}|Status: timeout")]),
        ("both", &[told, "END RequestId: R1", &format!("{report}|Status: timeout")]),
    ] {
        let world = world(&secret(&format!("outcome = {{ times_out_at = \"createSecret\", marks = \"{marks}\" }}")));
        rotate(&world).await;
        wait(60).await;
        let found: Vec<_> =
            lines(&world).into_iter().map(|line| if line.starts_with(told) { told.to_owned() } else { line }).collect();
        assert_eq!(found, [&start[..], last].concat(), "{marks}");
        assert_eq!((labels(&world).await.as_str(), events(&world).pop()), (EMPTY, Some(failed("createSecret"))));
    }
}

#[tokio::test(start_paused = true)]
async fn what_takes_longer_than_the_function_may_times_out() {
    let world = world(&secret("outcome = { slow = \"40s\", at = \"finishSecret\" }"));
    rotate(&world).await;
    wait(60).await;
    let last: Vec<_> = lines(&world).into_iter().skip(16).collect();
    assert!(
        last[0].starts_with("START RequestId: R4") && last[1].starts_with("AT R4 Task timed out after 30.0"),
        "{last:?}"
    );
    assert_eq!((last.len(), labels(&world).await.as_str()), (4, PENDING));
}

#[tokio::test(start_paused = true)]
async fn a_module_that_is_missing_is_told_before_the_request() {
    let again = |phase: &str| {
        [
            INIT.to_owned(),
            "[WARNING]|AT||LAMBDA_WARNING: …".to_owned(),
            "[ERROR] Runtime.ImportModuleError: Unable to import module 'lambda_function': No module named '_pg'\nTraceback (most recent call last):".to_owned(),
            format!("INIT_REPORT Init Duration: N ms|Phase: {phase}|Status: error|Error Type: Runtime.ImportModuleError"),
        ]
        .to_vec()
    };
    let mut last = run(1, &[]);
    last[2].push_str("|Status: error|Error Type: Runtime.ImportModuleError");
    check("outcome = \"cannot-import\"", &[again("init"), again("invoke"), last], EMPTY, &[&failed("createSecret")])
        .await;
}

#[tokio::test(start_paused = true)]
async fn iam_may_refuse_the_function() {
    let world = world(&secret("outcome = \"denied\""));
    rotate(&world).await;
    wait(60).await;
    let line = &lines(&world)[3];
    let begins = "[ERROR] ClientError: An error occurred (AccessDeniedException) when calling the PutSecretValue operation: User: arn:aws:sts::000000000000:assumed-role/rotate-orders-role/rotate-orders is not authorized to perform: secretsmanager:PutSecretValue on resource: ARN because no identity-based policy allows the secretsmanager:PutSecretValue action\nTraceback (most recent call last):\n";
    assert!(line.starts_with(begins), "{line}");
    // Both within one second, whose order is open.
    let mut last = events(&world).split_off(2);
    last.sort();
    assert_eq!(
        (labels(&world).await.as_str(), last),
        (EMPTY, vec!["PutSecretValue".to_owned(), failed("createSecret")])
    );
}

#[tokio::test(start_paused = true)]
async fn a_function_that_is_never_started_says_nothing() {
    check("outcome = \"throttled\"", &[], EMPTY, &[&failed("createSecret")]).await;
    for function in ["concurrency = 0", "missing = true"] {
        let keys = format!("[[function]]\nname = \"rotate-orders\"\n{function}\n");
        check(&keys, &[], EMPTY, &[&failed("createSecret")]).await;
    }
    let world = world(&secret("outcome = \"never-invoked\""));
    rotate(&world).await;
    wait(60).await;
    assert_eq!((lines(&world).len(), labels(&world).await.as_str()), (0, EMPTY));
    assert_eq!(events(&world), ["RotateSecret"]);
}

#[tokio::test(start_paused = true)]
async fn a_value_set_by_hand_ends_a_rotation() {
    let world = world(&secret("outcome = { abandoned_at = \"setSecret\" }"));
    rotate(&world).await;
    wait(60).await;
    let stages = labels(&world).await;
    assert!(stages.starts_with("current: AWSPREVIOUS, ") && stages.ends_with(": AWSCURRENT"), "{stages}");
    let all = events(&world);
    assert!(
        all.contains(&"RotationAbandoned".to_owned()) && !all.iter().any(|event| event.contains("Failed")),
        "{all:?}"
    );
    assert_eq!(lines(&world).last().map(|line| line.contains("R2")), Some(true), "no third invocation");
}

#[tokio::test(start_paused = true)]
async fn a_failed_rotation_is_attempted_again_with_the_same_version() {
    let keys = "outcome = { fails_at = \"testSecret\", flaky = 1 }\nretry = { after = \"9m\", times = 2 }";
    let world = world(&secret(keys));
    rotate(&world).await;
    wait(300).await;
    assert_eq!((lines(&world).len(), labels(&world).await.as_str()), (16, PENDING));
    wait(360).await;
    let set = "setSecret: AWSPENDING secret is already set as password in PostgreSQL DB for secret arn ARN.";
    let retrieved = "createSecret: Successfully retrieved secret for ARN.";
    let mut again = run(4, &[retrieved]);
    // The environment is still there.
    again.extend([run(5, &[LOGIN, set]), run(6, &[LOGIN, TESTED]), run(7, &[FINISHED])].concat());
    assert_eq!(lines(&world).split_off(16), again);
    assert_eq!(labels(&world).await, DONE);
    let all: Vec<_> = events(&world).into_iter().filter(|event| event.starts_with("Rotation")).collect();
    assert_eq!(all, ["RotationStarted", &failed("testSecret"), "RotationStarted", "RotationSucceeded"]);
}

#[tokio::test(start_paused = true)]
async fn after_so_many_re_attempts_the_service_gives_up() {
    let world = world(&secret("outcome = \"throttled\"\nretry = { after = \"1m\", times = 3 }"));
    rotate(&world).await;
    wait(3600).await;
    assert_eq!(events(&world).iter().filter(|event| **event == failed("createSecret")).count(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_rotation_that_the_scenario_brings_along_goes_on_only_if_it_says_when() {
    let text = |retry: &str| {
        format!(
            "[[secret]]\nname = \"prod/orders/db\"\nfunction = \"rotate-orders\"\nrotation = {{ days = 30 }}\n\
             outcome = {{ fails_at = \"testSecret\" }}\n{retry}\nversions = [\n\
             {{ id = \"{}\", labels = [\"AWSPENDING\"], created = \"-55m\" }},\n\
             {{ id = \"current-current-current-current-0\", labels = [\"AWSCURRENT\"] }}]",
            super::TOKEN
        )
    };
    let still = world(&text(""));
    wait(900).await;
    assert_eq!((lines(&still).len(), labels(&still).await.as_str()), (0, PENDING));
    let again = world(&text("retry = { after = \"20m\" }"));
    wait(290).await;
    assert_eq!(lines(&again).len(), 0, "the third attempt is an hour after it began");
    wait(60).await;
    let set = "setSecret: AWSPENDING secret is already set as password in PostgreSQL DB for secret arn ARN.";
    assert_eq!(lines(&again)[7..9], run(2, &[LOGIN, set])[1..3]);
}

#[test]
fn a_wrong_outcome_names_its_line() {
    for (keys, message) in [
        (
            "outcome = \"fails\"",
            "w.toml:3: `outcome`: unknown variant `fails`, expected one of `succeeds`, `without-tls`",
        ),
        ("outcome = 3", "w.toml:3: `outcome`: invalid type: integer `3`, expected a word, a table or a list of these"),
        ("outcome = { fail_at = \"setSecret\" }", "w.toml:3: `fail_at`: unknown field `fail_at`"),
        ("outcome = { fails_at = \"set\" }", "w.toml:3: `fails_at`: unknown variant `set`"),
        (
            "outcome = { fails_at = \"setSecret\", times_out_at = \"setSecret\" }",
            "w.toml:3: `times_out_at`: a rotation ends in one way",
        ),
        ("outcome = { with = \"x\" }", "w.toml:3: `with`: `with` goes with `fails_at`"),
        ("outcome = { marks = \"task\" }", "w.toml:3: `marks`: `marks` goes with `times_out_at`"),
        ("outcome = { step = \"1s\", at = \"setSecret\" }", "w.toml:3: `at`: `at` goes with `slow`"),
        ("outcome = { step = \"1s\", slow = \"2s\" }", "w.toml:3: `slow`: leave out either `slow` or `step`"),
        (
            "outcome = { changed = true }",
            "w.toml:3: `changed`: `changed` goes with `fails_at` or `times_out_at` setSecret",
        ),
        (
            "outcome = { fails_at = \"testSecret\", changed = true }",
            "w.toml:3: `changed`: `changed` goes with `fails_at` or `times_out_at` setSecret",
        ),
        (
            "outcome = { times_out_at = \"setSecret\", unreachable = true }",
            "w.toml:3: `unreachable`: `unreachable` goes with `fails_at` setSecret or testSecret",
        ),
        (
            "outcome = { fails_at = \"setSecret\", changed = true, unreachable = true }",
            "w.toml:3: `unreachable`: leave out either `changed` or `unreachable`",
        ),
        ("outcome = []", "w.toml:3: `outcome`: a list has one outcome at least"),
        ("outcome = [\"denied\", [\"denied\"]]", "w.toml:3: `outcome`: a list has no lists in it"),
        ("outcome = [\"denied\", \"fails\"]", "w.toml:3: `outcome`: unknown variant `fails`"),
        (
            "outcome = [\n  { fails_at = \"setSecret\" },\n  { fails_at = \"setSecret\", flaky = 2 },\n]",
            "w.toml:5: `flaky`: in a list each attempt has its own outcome",
        ),
        ("live = \"AWSPREVIOUS\"", "w.toml:3: `live`: no version has this label"),
        ("live = \"AWSPENDING\"", "w.toml:3: `live`: no version with a value is being rotated in by AWSPENDING"),
        ("live = \"nobody\"", "w.toml:3: `live`: unknown variant `nobody`, expected one of `AWSPENDING`"),
        ("superuser = \"b\"", "w.toml:3: `superuser`: no secret of this world has this name"),
        ("[[function]]\nname = \"f\"\nstrategy = \"two\"", "w.toml:5: `strategy`: unknown variant `two`"),
        ("retry = { every = \"1h\" }", "w.toml:3: `every`: unknown field `every`"),
    ] {
        let text = format!("[[secret]]\nname = \"a\"\n{keys}\n");
        let error = crate::demo::World::from_toml("w.toml", &text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}\n{message}");
    }
}
