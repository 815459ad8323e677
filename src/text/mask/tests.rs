//! Values in every form, texts without any, and what holds for all of them.

use proptest::prelude::*;

use super::*;

#[test]
fn values_are_masked_in_every_form() {
    for (text, masked) in [
        ("password = hunter2", "password = ***"),
        ("password=hunter2 user=app", "password=*** user=app"),
        ("user=app,password=a,b;c&d", "user=app,password=***"),
        ("PGPASSWORD=x PASSWD=y MYSQL_PWD=z", "PGPASSWORD=*** PASSWD=*** MYSQL_PWD=***"),
        ("password == hunter2, secret => x", "password == *** secret => ***"),
        (r#"password="two words" user="app""#, r#"password="***" user="app""#),
        (r#"password="a\"b" c"#, r#"password="***" c"#),
        (r#"password="a\\" c"#, r#"password="***" c"#),
        ("password='two words', b", "password='***', b"),
        ("password=b'two words' c", "password=b'***' c"),
        (r#"{"password": "x", "user": "y"}"#, r#"{"password": "***", "user": "y"}"#),
        (r#"{"password":"x","user":"y"}"#, r#"{"password":"***","user":"y"}"#),
        ("{\"password\":\n  \"x\"}", "{\"password\":\n  \"***\"}"),
        ("{'username': 'y', 'password': 'it\\'s'}", "{'username': 'y', 'password': '***'}"),
        (r#""{\"password\": \"x\", \"user\": \"y\"}""#, r#""{\"password\": \"***\", \"user\": \"y\"}""#),
        (r#"{\"password\": \"a\\\"b\", \"c\": 1}"#, r#"{\"password\": \"***\", \"c\": 1}"#),
        (r#"{\"password\": \"a\\\\\", \"c\": 1}"#, r#"{\"password\": \"***\", \"c\": 1}"#),
        (r#"{\\\"token\\\": \\\"x\\\", \\\"c\\\": 1}"#, r#"{\\\"token\\\": \\\"***\\\", \\\"c\\\": 1}"#),
        (r#"{"pin": 1, "password": 1234, "n": 2}"#, r#"{"pin": 1, "password": ***, "n": 2}"#),
        (r#"{"Master Password": "x"}"#, r#"{"Master Password": "***"}"#),
        (r#"{"SecretString": "{\"username\": \"a\"}", "n": 2}"#, r#"{"SecretString": "***", "n": 2}"#),
        (r#"{"credentials": ["a", "b]"], "n": 2}"#, r#"{"credentials": ***, "n": 2}"#),
        ("credentials=('app', 'hunter2')", "credentials=***"),
        ("secret={'a': {'b': 1}} n=2", "secret=*** n=2"),
        ("secret={a}b c", "secret=*** c"),
        ("password=a\",b c", "password=*** c"),
        (r#"{"msg": "login password=x", "n": 2}"#, r#"{"msg": "login password=***", "n": 2}"#),
        (r#"{"msg":"password=x","n":2}"#, r#"{"msg":"password=***","n":2}"#),
        (r#"say "hi" password=a"b c"#, r#"say "hi" password=*** c"#),
        (r#"{"password": "cut of"#, r#"{"password": "***"#),
        (
            "File \"a.py\", line 1, in f\n    connect(user=u, password='x')\npassword=y",
            "File \"a.py\", line 1, in f\n    connect(user=u, password='***')\npassword=***",
        ),
        (r#"{"RotationToken": "x"}"#, r#"{"RotationToken": "***"}"#),
        ("api_key=x API-KEY=y apikey=z", "api_key=*** API-KEY=*** apikey=***"),
        ("aws_secret_access_key = x", "aws_secret_access_key = ***"),
        (r#"{"PublicKey": "ssh-rsa A", "PrivateKey": "B"}"#, r#"{"PublicKey": "ssh-rsa A", "PrivateKey": "***"}"#),
        ("postgresql://app:hunter2@db:5432/orders", "postgresql://app:***@db:5432/orders"),
        ("\"redis://:p@ss/w@db\" x@y", "\"redis://:***@db\" x@y"),
        ("http://h/?u=amqp://a:b@c", "http://h/?u=amqp://a:***@c"),
        ("http://a:b@c http://d:e@f", "http://a:***@c http://d:***@f"),
        ("secret=arn:aws:secretsmanager:e:1:secret:x,password=y", "secret=***"),
    ] {
        assert_eq!(mask(text), masked, "{text}");
        assert_eq!(AwsText::from(text).masked().raw(), masked);
    }
}

#[test]
fn what_is_no_value_stays() {
    for text in [
        "",
        "the password is wrong",
        "password: hunter2",
        "setSecret: \"x\"",
        "password =",
        "password =\nnext row",
        "password=None token=null",
        r#"{"password": "", "token": null, "ok": true}"#,
        r#"{"passwordLength": 32, "max_tokens": 5, "token_type": "Bearer"}"#,
        "PASSWORD_LENGTH=32 SECRETS_MANAGER_ENDPOINT=https://secretsmanager.eu-west-1.amazonaws.com",
        r#"{"Step": "createSecret", "SecretId": "arn:x", "ClientRequestToken": "7d0c2f7e"}"#,
        "client_request_token=7d0c2f7e createSecret=done",
        "secret = arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1B2c3, then",
        r#"{"secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1B2c3"}"#,
        "https://db.example.com:5432/a@b",
        "https://db.example.com/a:b@c",
        "http://[::1]:80/a@b",
        "http://user@host and a@b:c",
        "  File \"/var/task/lambda_function.py\", line 9, in set_secret\n    secret = client.describe_secret(SecretId=arn)",
        "\u{a0}\u{a0}File \"a.py\", line 9, in f\r\u{a0}\u{a0}password=secret_dict['password'], database=dbname",
    ] {
        assert_eq!(mask(text), text);
        assert!(matches!(mask(text), Cow::Borrowed(_)), "{text}");
    }
}

#[test]
fn no_line_of_the_templates_changes() {
    let rows = include_str!("../../domain/template/lines.txt").lines().filter_map(|line| line.splitn(4, " | ").nth(3));
    let arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/token=password-a1B2c3";
    let version = "7d0c2f7e-1111-4222-8333-94445555f2e1";
    let fill = |row: &str| row.replace("{arn}", arn).replace("{other}", arn).replace("{version}", version);
    let others = [
        "Task timed out after 30.03 seconds",
        "Unable to import module 'lambda_function': No module named '_pg'",
        "An error occurred (AccessDeniedException) when calling the DescribeSecret operation: User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: secretsmanager:DescribeSecret on resource: x",
        "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
        "Connect timeout on endpoint URL: \"https://secretsmanager.eu-west-1.amazonaws.com/\"",
        "KeyError: 'SecretString'",
        "KeyError: 'SECRETS_MANAGER_ENDPOINT'",
        "ValueError: invalid literal for int() with base 10: '5432/tcp'",
        "OperationalError: (1142, \"SELECT command denied to user 'app'\")",
        "INIT_START Runtime Version: python:3.12.v38\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:1",
        "REPORT RequestId: 8f50\tDuration: 812.34 ms\tBilled Duration: 813 ms\tMemory Size: 128 MB",
    ];
    let rows: Vec<String> = rows.map(fill).chain(others.map(str::to_owned)).collect();
    assert!(rows.len() > 110, "only {} lines were read", rows.len());
    for row in rows {
        let json = serde_json::json!({ "level": "ERROR", "message": row, "errorMessage": row, "requestId": "8f50" });
        let texts = [row.clone(), format!("[INFO]\t2026-11-20T09:13:22.104Z\t8f50\t{row}\n"), json.to_string()];
        for text in texts {
            assert_eq!(mask(&text), text);
        }
    }
}

/// Pieces that values are made of and that stand around them.
const PIECES: &[&str] = &[
    "password",
    "ClientRequestToken",
    "Token",
    "secret",
    "=",
    " = ",
    ": ",
    "\"",
    "'",
    "\\\"",
    "\\",
    "{",
    "}",
    "[",
    "(",
    ")",
    " ",
    "\n",
    ",",
    "://",
    "http://a:",
    "@",
    ":",
    "/",
    "x",
    "7",
    "é",
    "None",
    "arn:a:b:c:d:e",
    "File \"",
    "\", line ",
    "***",
    "b'",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_is_masked_is_masked_for_good(text in prop_oneof![pieces(), any::<String>()]) {
        let masked = mask(&text).into_owned();
        prop_assert_eq!(mask(&masked), masked.as_str(), "from {:?}", text);
    }

    #[test]
    fn a_value_goes_and_all_else_stays(
        (before, after) in ("[a-z .:\\[\\]]{0,12}", "[ ,}\\])][a-z .:\\[\\]]{0,12}"),
        key in prop_oneof![
            Just("password"), Just("db_password"), Just("Token"), Just("client_secret"), Just("API-Key"), Just("pwd"),
        ],
        value in "[!-~]{1,3}[A-Z0-9!-~é ]{1,20}[!-~]",
    ) {
        let quoted = serde_json::Value::from(value.as_str()).to_string();
        let quoted = &quoted[1..quoted.len() - 1];
        let twice = serde_json::Value::from(quoted).to_string();
        let twice = &twice[1..twice.len() - 1];
        let bare: String = value.chars().filter(|c| !c.is_whitespace() && !"\"'\\{[(".contains(*c)).collect();
        let plain: String = bare.chars().filter(|c| !"/@?#:<>`".contains(*c)).collect();
        for (open, value, close) in [
            (format!("{key}=\""), quoted, "\""),
            (format!("{key} = \""), quoted, "\""),
            (format!("\"{key}\": \""), quoted, "\""),
            (format!("'{key}': \""), quoted, "\""),
            (format!("\\\"{key}\\\": \\\""), twice, "\\\""),
            (format!("{key} = x"), &bare, " "),
            ("mysql://app:x".to_owned(), &plain, "@db"),
        ] {
            let text = format!("{before} {open}{value}{close}{after}");
            let open = open.strip_suffix('x').unwrap_or(&open);
            prop_assert_eq!(mask(&text), format!("{before} {open}***{close}{after}"));
        }
    }

    #[test]
    fn without_a_key_or_a_user_nothing_changes(text in "[^=@\"']{0,40}") {
        prop_assert!(matches!(mask(&text), Cow::Borrowed(_)));
    }
}
