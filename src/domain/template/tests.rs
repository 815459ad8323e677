//! Every line of AWS's rotation templates, logged and raised, in both log formats.

use chrono::DateTime;
use serde_json::json;

use super::What::{AlreadyDone, Failed, Refused, Setback, Succeeded, Underway};
use super::*;
use crate::domain::log::LogEvent;
use crate::domain::rotation::Step::{Create, Finish, Set, Test};

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-a1B2c3";
const OTHER: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!cluster-0b1c-d4E5f6";
const VERSION: &str = "7d0c2f7e-1111-4222-8333-94445555f2e1";
const ID: &str = "8f507cfc-xmpl-4697-b07a-ac58fc914c95";

fn read(message: &str) -> Line {
    let (at, message) = (DateTime::UNIX_EPOCH, message.into());
    Line::read(&LogEvent { id: None, stream: "s".into(), at, ingested: None, message })
}

fn said(message: &str) -> Option<Said> {
    Said::of(&read(message))
}

/// The line as the logger writes it, in both formats.
fn logged(level: &str, message: &str) -> [String; 2] {
    let json = json!({ "timestamp": "2026-11-20T09:13:22Z", "level": level, "message": message, "requestId": ID });
    [format!("[{level}]\t2026-11-20T09:13:22.104Z\t{ID}\t{message}\n"), json.to_string()]
}

/// The line as the runtime writes it when nobody caught the exception, in both formats and spellings.
fn raised(error: &str, message: &str, frame: &str) -> [String; 3] {
    let text = format!("[ERROR] {error}: {message}\nTraceback (most recent call last):\n  {frame}");
    let json = |level: &str| {
        let object = json!({ level: "ERROR", "errorMessage": message, "errorType": error, "stackTrace": [frame] });
        object.to_string()
    };
    [text, json("log_level"), json("level")]
}

/// A line of the templates, and what it says.
struct Row {
    text: String,
    said: Said,
}

fn rows() -> Vec<Row> {
    let lines = include_str!("lines.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(row).collect()
}

fn row(line: &str) -> Row {
    let [what, step, names, text] = line.splitn(4, " | ").map(str::trim).collect::<Vec<_>>()[..] else {
        panic!("{line}");
    };
    let whats = [
        ("succeeded", Succeeded),
        ("already done", AlreadyDone),
        ("underway", Underway),
        ("setback", Setback),
        ("refused", Refused),
        ("failed", Failed),
    ];
    let said = Said {
        what: whats.into_iter().find(|(word, _)| *word == what).unwrap().1,
        step: (step != "-").then(|| Step::from_aws(step).unwrap()),
        secret: names.contains("secret").then(|| ARN.into()),
        version: names.contains("version").then(|| VersionId(VERSION.into())),
        is_template: true,
    };
    let text = text.replace("{arn}", ARN).replace("{other}", OTHER).replace("{version}", VERSION);
    Row { text: text.replace("\\n", "\n"), said }
}

#[test]
fn every_expression_compiles_and_has_a_line() {
    let (set, each) = &*EXPRESSIONS;
    assert_eq!((set.len(), each.len()), (RULES.len(), RULES.len()));
    assert!(CALLED.is_some() && FRAME.is_some());
    let mut hit = vec![false; RULES.len()];
    for Row { text, .. } in rows() {
        let (_, rest) = Named::of(text.strip_suffix('.').unwrap_or(&text));
        set.matches(rest).into_iter().for_each(|at| hit[at] = true);
    }
    let idle: Vec<_> = RULES.iter().zip(hit).filter(|(_, hit)| !hit).map(|(rule, _)| rule.2).collect();
    assert!(idle.is_empty(), "{idle:#?}");
}

#[test]
fn every_line_of_the_templates_says_its_step_and_how_it_went() {
    let rows = rows();
    assert!(rows.len() > 100, "only {} lines were read", rows.len());
    for row in rows {
        for level in ["INFO", "ERROR"] {
            for line in logged(level, &row.text) {
                assert_eq!(said(&line).as_ref(), Some(&row.said), "{line}");
            }
        }
    }
}

#[test]
fn what_is_raised_says_the_same_without_the_name_of_the_step() {
    for row in rows().into_iter().filter(|row| matches!(row.said.what, Refused | Failed | Setback)) {
        // Two raise the step's name too.
        let is_whole = ["did not reached", "Connection failure"].iter().any(|words| row.text.contains(words));
        let (_, bare) = if is_whole { (None, &*row.text) } else { Named::of(&row.text) };
        let what = if row.said.what == Refused { Refused } else { Failed };
        for line in raised("ValueError", bare, "") {
            assert_eq!(said(&line), Some(Said { what, ..row.said.clone() }), "{line}");
        }
    }
}

#[test]
fn both_spellings_of_a_step_are_read() {
    for (text, step) in [
        (format!("create_secret: Successfully retrieved secret for {ARN}."), Create),
        (format!("set_secret: AWSPENDING secret is already set as password in MySQL DB for secret arn {ARN}."), Set),
        (format!("finish_secret: Version {VERSION} already marked as AWSCURRENT for {ARN}"), Finish),
        (format!("test_secret: Successfully signed into MySQL DB with AWSPENDING secret in {ARN}."), Test),
    ] {
        let said = said(&logged("INFO", &text)[0]).unwrap();
        assert_eq!((said.step, said.secret.unwrap().raw()), (Some(step), ARN));
        assert_ne!(said.what, Underway);
    }
}

#[test]
fn a_line_that_only_begins_like_theirs_names_its_step() {
    for (text, step) in [
        ("createSecret: Generating an SSH key pair", Some(Create)),
        ("create_secret: x", Some(Create)),
        ("createsecret: x", Some(Create)),
        ("setKeytab: x", Some(Set)),
        ("testSecret: Successfully put secret", Some(Test)),
        ("finishSecret:no space", None),
        ("I call setSecret: now", None),
        ("resetSecret: x", None),
    ] {
        let named = step.map(|step| Said::underway(Some(step)));
        assert_eq!(said(text), named, "{text}");
        assert_eq!(said(&logged("INFO", text)[1]), named, "{text}");
    }
}

#[test]
fn a_line_of_one_step_is_none_of_another() {
    let line = format!("testSecret: Successfully set password for user app in MySQL DB for secret arn {ARN}.");
    assert_eq!(said(&line), Some(Said::underway(Some(Test))));
    let line = format!("Successfully set password for user app in MySQL DB for secret arn {ARN}.");
    assert_eq!(said(&line), None);
}

#[test]
fn secrets_beside_the_one_that_rotates_are_not_taken_for_it() {
    for text in [
        format!("setSecret: Unable to log into database using credentials in master secret {OTHER}"),
        format!(
            "setSecret: Successfully fetched connection params for Master Secret {OTHER} from DescribeDBInstances API."
        ),
        format!("setKeytab: Successfully put keytab secret for ARN {OTHER} and version {VERSION}."),
        format!("finishKeytab: Successfully set AWSCURRENT stage to version {VERSION} for secret {OTHER}."),
        format!("finishKeytab: Version {VERSION} already marked as AWSCURRENT for {OTHER}"),
    ] {
        let said = said(&text).unwrap();
        assert_eq!((said.secret, said.version), (None, None), "{text}");
    }
}

#[test]
fn the_event_that_a_function_logs_tells_everything() {
    let whole = Said {
        step: Some(Set),
        secret: Some(ARN.into()),
        version: Some(VersionId(VERSION.into())),
        ..Said::underway(None)
    };
    let event = json!({ "Step": "set_secret", "SecretId": ARN, "ClientRequestToken": VERSION, "RotationToken": "x" });
    let python = event.to_string().replace("\":\"", "': '").replace('"', "'");
    let quoted = json!(event.to_string()).to_string();
    for text in [event.to_string(), python, format!("setSecret: called with {quoted}")] {
        for line in logged("INFO", &text).into_iter().chain([text]) {
            assert_eq!(said(&line), Some(whole.clone()), "{line}");
        }
    }
    let by_name = r#"{"Step": "rotate", "SecretId": "prod/db"}"#;
    assert_eq!(said(by_name), None);
}

#[test]
fn a_traceback_tells_the_step_where_the_message_does_not() {
    let frame = "File \"/var/task/lambda_function.py\", line 150, in set_secret";
    for (error, message) in [
        ("KeyError", "'masterarn'"),
        ("KeyError", "'SecretString'"),
        ("NotImplementedError", ""),
        ("JSONDecodeError", "Expecting value: line 1 column 1 (char 0)"),
        ("KeyError", "\"host key is missing from secret JSON\""),
        ("ProgrammingError", "ERROR:  permission denied to create role"),
    ] {
        for line in raised(error, message, frame) {
            let said = said(&line).unwrap();
            assert_eq!((said.what, said.step, said.secret), (Failed, Some(Set), None), "{line}");
        }
        for line in raised(error, message, "File \"/var/task/lambda_function.py\", line 60, in lambda_handler") {
            assert_eq!(said(&line).and_then(|said| said.step), None, "{line}");
        }
    }
    let [named, ..] = raised("KeyError", "'setSecret: no such key'", "");
    assert_eq!(said(&named), Some(Said { what: Failed, ..Said::underway(Some(Set)) }));
}

#[test]
fn a_traceback_of_a_container_image_tells_the_step_too() {
    let rows = "[ERROR] KeyError: 'masterarn'\rTraceback (most recent call last):\r\u{a0}\u{a0}File \"a.py\", line 1, in set_secret";
    assert_eq!(said(rows).unwrap().step, Some(Set));
}

#[test]
fn lines_of_the_platform_and_of_others_say_nothing() {
    for text in [
        &format!("START RequestId: {ID} Version: $LATEST"),
        &format!("2026-11-20T09:13:52.134Z {ID} Task timed out after 30.03 seconds"),
        "Unable to log into something else",
        "[WARNING]\t2026-11-20T09:13:22.104Z\t\tLAMBDA_WARNING: Unhandled exception.",
        "[ERROR] Runtime.ImportModuleError: Unable to import module 'lambda_function': No module named '_pg'",
        "{}",
        "",
    ] {
        assert_eq!(said(text), None, "{text}");
    }
}
