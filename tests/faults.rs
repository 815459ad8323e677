//! Each way to fail has its own true sentence, next step and exit code in the command, and its own words in the
//! panel of the dashboard, which goes on working.
#![expect(clippy::unwrap_used, reason = "what can't be set up fails the test")]

mod support;

use std::time::Duration;

use secdash::demo::World;
use secdash::exit::Exit;
use support::home::{Home, binary};
use support::pty::{Pty, flat};
use support::tui::Tui;

/// A failure on the way into an account: a machine, what is called there, and what must be said.
struct Account {
    home: fn() -> Home,
    args: &'static [&'static str],
    sentence: &'static str,
    next_step: &'static str,
    exit: i32,
}

const PROFILES: &str = "\
[default]
region = eu-west-1
[profile prod]
region = eu-west-1
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
[profile old]
region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = Admin
[profile no-region]
aws_access_key_id = AKIDTEST
aws_secret_access_key = test
[profile mfa]
region = eu-west-1
role_arn = arn:aws:iam::111122223333:role/on-call
source_profile = no-region
mfa_serial = arn:aws:iam::111122223333:mfa/me
[profile above-mfa]
region = eu-west-1
role_arn = arn:aws:iam::111122223333:role/above
source_profile = mfa
[profile broken]
region = eu-west-1
credential_process = /bin/sh -c 'exit 3'
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
";

/// Where the token of the session `corp` is kept: the SHA-1 of its name.
const TOKEN: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

fn with_profiles() -> Home {
    Home::new().file(".aws/config", PROFILES)
}

fn with_expired_token() -> Home {
    let token = r#"{"accessToken":"t","expiresAt":"2020-01-01T00:00:00Z","region":"us-east-1","startUrl":"https://corp.awsapps.com/start"}"#;
    with_profiles().file(&token_file(), token)
}

fn token_file() -> String {
    TOKEN.to_owned()
}

const ACCOUNTS: &[Account] = &[
    Account {
        home: with_profiles,
        args: &["--profile", "nosuch"],
        sentence: "There is no profile `nosuch` in ~/.aws.",
        next_step: "use --profile with one of: above-mfa, broken, default, mfa, no-region, old, prod",
        exit: 2,
    },
    Account {
        home: || Home::new().keys(),
        args: &[],
        sentence: "No Region is set.",
        next_step: "add --region eu-west-1, set AWS_REGION, or `region` in the profile",
        exit: 2,
    },
    Account {
        home: with_profiles,
        args: &["--profile", "no-region"],
        sentence: "No Region is set, neither in the environment nor in the profile `no-region`.",
        next_step: "add --region eu-west-1, set AWS_REGION, or `region` in the profile",
        exit: 2,
    },
    Account {
        home: Home::new,
        args: &["--region", "eu-west-1"],
        sentence: "No AWS credentials were found.",
        next_step: "run `aws configure` or `aws sso login`, or name a profile with --profile",
        exit: 1,
    },
    Account {
        home: with_expired_token,
        args: &["--profile", "prod"],
        sentence: "The sign-in of the profile `prod` (IAM Identity Center) has expired or was never made.",
        next_step: "run `aws sso login --profile prod`",
        exit: 1,
    },
    Account {
        home: with_profiles,
        args: &["--profile", "prod"],
        sentence: "The sign-in of the profile `prod` (IAM Identity Center) has expired or was never made.",
        next_step: "run `aws sso login --profile prod`",
        exit: 1,
    },
    Account {
        home: || with_profiles().var("AWS_DEFAULT_PROFILE", "prod"),
        args: &[],
        sentence: "The sign-in of the profile `prod` (IAM Identity Center) has expired or was never made.",
        next_step: "run `aws sso login --profile prod`",
        exit: 1,
    },
    Account {
        home: with_profiles,
        args: &["--profile", "old"],
        sentence: "The sign-in of the profile `old` (IAM Identity Center) has expired or was never made.",
        next_step: "run `aws sso login --profile old`",
        exit: 1,
    },
    Account {
        home: with_profiles,
        args: &["--profile", "mfa"],
        sentence: "The profile `mfa` wants a one-time password (mfa_serial), which secdash can't ask for.",
        next_step: "run `eval \"$(aws configure export-credentials --profile mfa --format env)\"`",
        exit: 1,
    },
    Account {
        home: || with_profiles().var("AWS_PROFILE", "above-mfa"),
        args: &[],
        sentence: "The profile `mfa` wants a one-time password (mfa_serial), which secdash can't ask for.",
        next_step: "run `eval \"$(aws configure export-credentials --profile mfa --format env)\"`",
        exit: 1,
    },
    Account {
        home: with_profiles,
        args: &["--profile", "broken"],
        sentence: "The source of the AWS credentials failed:",
        next_step: "check the profile with `aws sts get-caller-identity`",
        exit: 1,
    },
    Account {
        home: || Home::new().keys(),
        args: &["--region", "EU WEST"],
        sentence: "`EU WEST` is no Region.",
        next_step: "give it as eu-west-1",
        exit: 2,
    },
    Account {
        home: || Home::new().keys(),
        args: &["--region", "eu-west-1", "--endpoint-url", "foo"],
        sentence: "The endpoint `foo` is no URL.",
        next_step: "give it as http://HOST:PORT or https://HOST",
        exit: 2,
    },
    Account {
        home: || Home::new().keys().var("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:1"),
        args: &["--region", "eu-west-1"],
        sentence: "Nothing listens at http://127.0.0.1:1.",
        next_step: "start what should listen there, or change --endpoint-url",
        exit: 1,
    },
    Account {
        home: || Home::new().keys(),
        args: &["--region", "eu-west-1", "--endpoint-url", "http://127.0.0.1:1"],
        sentence: "Nothing listens at http://127.0.0.1:1.",
        next_step: "start what should listen there, or change --endpoint-url",
        exit: 1,
    },
];

#[test]
fn the_command_says_what_is_in_the_way_to_an_account() {
    for case in ACCOUNTS {
        let home = (case.home)();
        let output = home.secdash(case.args).arg("list").output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with(&format!("error: {}", case.sentence)), "{:?}: {said}", case.args);
        assert!(said.contains(&format!("\n  try: {}", case.next_step)), "{:?}: {said}", case.args);
        assert_eq!(output.status.code(), Some(case.exit), "{:?}: {said}", case.args);
        assert!(output.stdout.is_empty(), "{:?}", case.args);
    }
}

#[test]
fn the_dashboard_says_what_is_in_the_way_to_an_account_and_goes_on() {
    for case in ACCOUNTS {
        let home = (case.home)();
        let mut pty = Pty::start(&home, &binary(), case.args, 80, 24);
        pty.wait(case.sentence);
        let screen = flat(&pty.wait(case.next_step));
        assert!(screen.contains("r asks again") || screen.contains("r looks now"), "{screen}");
        pty.keys("?");
        pty.wait("page down");
        pty.keys("qq");
        assert_eq!(pty.end().1.exit_code(), 0, "{:?}", case.args);
    }
}

#[test]
fn a_sign_in_in_another_window_heals_without_a_restart() {
    let url = support::server::serve(|head| {
        match head {
        _ if head.starts_with("get /federation/credentials") => {
            r#"{"roleCredentials":{"accessKeyId":"AKIDSSO","secretAccessKey":"s","sessionToken":"t","expiration":4070908800000}}"#
        }
        _ if head.contains("listsecrets") => r#"{"SecretList":[{"Name":"healed","ARN":"arn:aws:secretsmanager:eu-west-1:1:secret:healed-AbCdEf"}]}"#,
        _ => "{}",
    }.to_owned()
    });
    let home = with_expired_token().var("AWS_ENDPOINT_URL", &url);
    let mut pty = Pty::start(&home, &binary(), &["--profile", "prod"], 100, 30);
    pty.wait("has expired or was never made");
    let token = r#"{"accessToken":"t","expiresAt":"2099-01-01T00:00:00Z","region":"us-east-1","startUrl":"https://corp.awsapps.com/start"}"#;
    std::fs::write(home.folder().join(token_file()), token).unwrap();
    pty.keys("r");
    pty.wait("healed");
    pty.keys("q");
    assert_eq!(pty.end().1.exit_code(), 0);
}

#[test]
fn a_source_of_credentials_is_asked_once() {
    let url = support::server::serve(|head| {
        if head.contains("listsecrets") { r#"{"SecretList":[]}"# } else { "{}" }.to_owned()
    });
    let home = Home::new();
    let script = home.folder().join("keys");
    let asked = home.folder().join("asked");
    let keys = r#"{"Version":1,"AccessKeyId":"AKIDTEST","SecretAccessKey":"s"}"#;
    std::fs::write(&script, format!("echo asked >> {}; echo '{keys}'", asked.display())).unwrap();
    let home = home.file(
        ".aws/config",
        &format!("[default]\nregion = eu-west-1\ncredential_process = /bin/sh {}\n", script.display()),
    );
    let output = home.secdash(&["--endpoint-url", &url, "list"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(std::fs::read_to_string(asked).unwrap().lines().count(), 1);
}

/// A failure of AWS itself: a world, a command, and what must be said by it and by the panel.
struct Service {
    world: &'static str,
    command: &'static [&'static str],
    sentence: &'static str,
    next_step: &'static str,
    exit: Exit,
}

const SERVICES: &[Service] = &[
    Service {
        world: "not-found",
        command: &["show", "nosuch"],
        sentence: "There is no secret `nosuch` in this account and Region.",
        next_step: "see `secdash list`; check --profile and --region",
        exit: Exit::Failed,
    },
    Service {
        world: "deny-list",
        command: &["list"],
        sentence: "AWS denied ListSecrets.",
        next_step: "ask for the IAM action secretsmanager:ListSecrets",
        exit: Exit::Failed,
    },
    Service {
        world: "deny-describe",
        command: &["show", "prod/payments/db"],
        sentence: "AWS denied DescribeSecret.",
        next_step: "ask for the IAM action secretsmanager:DescribeSecret",
        exit: Exit::Failed,
    },
    Service {
        world: "deny-versions",
        command: &["show", "prod/payments/db"],
        sentence: "AWS denied ListSecretVersionIds.",
        next_step: "ask for the IAM action secretsmanager:ListSecretVersionIds",
        exit: Exit::NotKnown,
    },
    Service {
        world: "throttle-minute",
        command: &["list"],
        sentence: "AWS throttled ListSecrets, and every retry of it.",
        next_step: "wait a minute, then try again",
        exit: Exit::Failed,
    },
    Service {
        world: "malformed",
        command: &["list"],
        sentence: "The answer to ListSecrets can't be read:",
        next_step: "check that the endpoint is AWS and no proxy in between",
        exit: Exit::Failed,
    },
    Service {
        world: "reset",
        command: &["list"],
        sentence: "The connection was cut in the middle of the answer to ListSecrets.",
        next_step: "check the network (VPN, proxy), then try again",
        exit: Exit::Failed,
    },
    Service {
        world: "repeat-token",
        command: &["list"],
        sentence: "ListSecrets keeps sending page tokens that lead nowhere; secdash stopped after page 2.",
        next_step: "check that the endpoint is AWS",
        exit: Exit::NotKnown,
    },
    Service {
        world: "endless",
        command: &["list"],
        sentence: "ListSecrets keeps sending page tokens that lead nowhere; secdash stopped after page 101.",
        next_step: "check that the endpoint is AWS",
        exit: Exit::NotKnown,
    },
    Service {
        world: "hang",
        command: &["show", "prod/payments/db"],
        sentence: "DescribeSecret got no answer in time.",
        next_step: "check the network (VPN, proxy), then try again",
        exit: Exit::Failed,
    },
    Service {
        world: "expired",
        command: &["show", "prod/payments/db"],
        sentence: "The AWS session has expired.",
        next_step: "set new AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, and start secdash again",
        exit: Exit::Failed,
    },
    Service {
        world: "bad-credentials",
        command: &["list"],
        sentence: "AWS does not accept the credentials (UnrecognizedClientException:",
        next_step: "check the access key, the session token and the clock of this machine",
        exit: Exit::Failed,
    },
    Service {
        world: "error-500",
        command: &["list"],
        sentence: "ListSecrets failed with InternalServiceError:",
        next_step: "try again; AWS's health page tells of outages",
        exit: Exit::Failed,
    },
];

fn world(name: &str) -> World {
    World::load(&format!("{}/tests/worlds/{name}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_command_says_what_is_wrong_with_aws() {
    for case in SERVICES {
        let said = support::cmd::run(case.command, &world(case.world)).await;
        assert!(said.err.contains(&format!("error: {}", case.sentence)), "{}: {said:?}", case.world);
        assert!(said.err.contains(&format!("\n  try: {}", case.next_step)), "{}: {said:?}", case.world);
        assert_eq!(said.exit, case.exit, "{}: {said:?}", case.world);
        assert_eq!(said.out.is_empty(), case.exit == Exit::Failed, "{}: {said:?}", case.world);
    }
}

#[tokio::test(start_paused = true)]
async fn the_panel_says_what_is_wrong_with_aws_and_the_dashboard_goes_on() {
    for case in SERVICES {
        let tui = Tui::over(world(case.world), 80, 24);
        // The dashboard learns that a secret is gone when it describes one that it has listed.
        tui.wait(if case.world == "not-found" { "There is no secret `arn:aws:" } else { case.sentence }).await;
        tui.wait(case.next_step).await;
        tui.keys("?");
        tui.wait("page down").await;
        tui.keys("<esc> q");
        assert_eq!(tui.end().await, Exit::Fine, "{}", case.world);
    }
}

#[tokio::test(start_paused = true)]
async fn a_minute_of_throttling_passes_and_the_header_counts_it() {
    let tui = Tui::over(world("throttle-minute"), 120, 40);
    tui.wait("AWS throttled ListSecrets").await;
    tui.wait("throttled 4×").await;
    tui.pass(Duration::from_mins(1)).await;
    tui.keys("r");
    tui.wait("3 secrets").await;
    assert!(!tui.text().contains("AWS throttled"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn a_session_that_expires_beside_a_secret_heals_too() {
    let text = "name = 'e'\n[[secret]]\nname = 'a'\ndescription = 'well again'\n\
        [[fault]]\noperation = 'DescribeSecret'\nkind = 'expired'\ntimes = 1\n";
    let tui = Tui::over(World::from_toml("e", text).unwrap(), 120, 40);
    tui.wait("The AWS session has expired.").await;
    tui.keys("r");
    tui.rest().await;
    assert!(!tui.text().contains("expired"), "{}", tui.text());
}

#[tokio::test(start_paused = true)]
async fn what_came_before_a_fault_stays_and_says_that_it_is_not_whole() {
    let tui = Tui::over(world("repeat-token"), 120, 40);
    tui.wait("not up to date, see below").await;
    tui.wait("prod/orders/db").await;
    tui.rest().await;
    insta::assert_snapshot!("partial_list_120x40", tui.snapshot());
}

#[tokio::test(start_paused = true)]
async fn pages_that_are_empty_and_a_token_that_is_empty_are_no_fault() {
    for name in ["empty-page", "empty-token", "pages", "empty"] {
        let said = support::cmd::run(&["list", "--output", "json"], &world(name)).await;
        assert_eq!(said.exit, Exit::Fine, "{name}: {said:?}");
        let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(json["complete"], true, "{name}");
    }
}
