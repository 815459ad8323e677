//! Files of one's own, and which signature goes before which.

use super::*;
use crate::domain::invocation::Invocations;
use crate::domain::log::LogEvent;

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-a1B2c3";
const ID: &str = "8f507cfc-1111-4697-b07a-ac58fc914c95";

/// A file with one signature: these lines, and whatever must be there besides.
fn file(lines: &str) -> String {
    let needed = [("id", "own"), ("pattern", "^x$"), ("cause", "Why."), ("remedy", "Do."), ("source", "https://x")];
    let missing = needed.iter().filter(|(key, _)| !lines.lines().any(|line| line.starts_with(&format!("{key} ="))));
    let missing: Vec<_> = missing.map(|(key, value)| format!("{key} = \"{value}\"\n")).collect();
    format!("[[signature]]\n{}{lines}", missing.concat())
}

/// An invocation that failed by an exception after it had logged these lines.
fn failed(logged: &[&str], raised: &str) -> Invocations {
    let mut lines = vec![format!("START RequestId: {ID} Version: $LATEST\n")];
    lines.extend(logged.iter().map(|line| format!("[INFO]\t2026-11-20T09:13:22.104Z\t{ID}\t{line}\n")));
    lines.push(format!("[ERROR] {raised}\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f"));
    lines.push(format!("END RequestId: {ID}\n"));
    of(&lines)
}

fn of(lines: &[String]) -> Invocations {
    let mut invocations = Invocations::default();
    let at = |nth: i64| chrono::DateTime::from_timestamp_millis(1_800_000_000_000 + nth).unwrap();
    let event = |(line, nth): (&String, i64)| {
        let message = line.as_str().into();
        LogEvent { id: None, stream: "s".into(), at: at(nth), ingested: None, message }
    };
    invocations.take(lines.iter().zip(0..).map(event));
    invocations
}

fn cause(catalogue: &Catalogue, invocations: &Invocations) -> Option<(String, AwsText, AwsText)> {
    let found = catalogue.cause(invocations.iter().next().unwrap(), Some(&ARN.into()), None)?;
    Some((found.signature.id().to_owned(), found.cause, found.remedy))
}

fn with(lines: &str) -> Catalogue {
    Catalogue::with_own("own.toml", &file(lines)).unwrap()
}

fn explains(lines: &str, logged: &[&str], raised: &str) -> bool {
    cause(&with(lines), &failed(logged, raised)).is_some_and(|(id, ..)| id == "own")
}

#[test]
fn the_built_in_signatures_can_be_read() {
    let read = read::read("signatures.toml", BUILTIN).unwrap();
    assert_eq!(read.len(), BUILTIN.lines().filter(|line| *line == "[[signature]]").count());
    assert_eq!(Catalogue::builtin().signatures().count(), read.len());
}

#[test]
fn each_error_says_file_line_signature_and_key() {
    let keys =
        "`id`, `pattern`, `step`, `error`, `duration`, `setback`, `unless`, `timed_out`, `cause`, `remedy`, `source`";
    let steps = "`createSecret`, `setSecret`, `testSecret`, `finishSecret`, `unknown`";
    for (text, says) in [
        (file("pattern = '('"), "6: signature `own`: `pattern`: not a regular expression: unclosed group"),
        (
            file("unless = '[z-a]'"),
            "7: signature `own`: `unless`: not a regular expression: invalid character class range, the start must be <= the end",
        ),
        (
            file("patern = 'x'"),
            &format!("7: signature `own`: `patern`: unknown field `patern`, expected one of {keys}"),
        ),
        ("[[signature]]\nid = 'own'\npattern = 'x'\n".to_owned(), "1: signature `own`: `cause`: the key is missing"),
        ("\n[[signature]]\npattern = 'x'\n".to_owned(), "2: `id`: the key is missing"),
        (
            file("") + "\n" + &file("id = 'two'\ncause = 'Because of {what}.'"),
            "13: signature `two`: `cause`: the pattern captures no `what`",
        ),
        (
            file("pattern = '^(?<a>x)$'\nremedy = 'Take {a} and {b}.'"),
            "6: signature `own`: `remedy`: the pattern captures no `b`",
        ),
        (file("cause = 'Take {a.'"), "6: signature `own`: `cause`: `{` has no `}` behind it"),
        (file("") + "\n" + &file(""), "9: signature `own`: `id`: another signature has this id"),
        (file("pattern = ''"), "6: signature `own`: `pattern`: the text may not be empty"),
        (file("unless = ' '"), "7: signature `own`: `unless`: the text may not be empty"),
        (file("step = 'setsecret'"), &format!("7: signature `own`: `step`: `setsecret` is not among {steps}")),
        (
            file("step = [\n 'setSecret',\n 'rotate']"),
            &format!("7: signature `own`: `step`: `rotate` is not among {steps}"),
        ),
        (file("step = 1"), "7: signature `own`: `step`: invalid type: integer `1`, expected a word or a list of words"),
        (file("duration = '10 s'"), "7: signature `own`: `duration`: `10 s` is none of `>= N s`, `< N s`, `unknown`"),
        (file("setback = 'yes'"), "7: signature `own`: `setback`: invalid type: string \"yes\", expected a boolean"),
        (
            file("id = 'Own One'"),
            "6: signature `Own One`: `id`: only small letters, digits and single hyphens between them are allowed",
        ),
        (file("cause = 1"), "6: signature `own`: `cause`: invalid type: integer `1`, expected a string"),
        ("[[signatures]]\nid = 'own'".to_owned(), "1: `signatures`: unknown field `signatures`, expected `signature`"),
        (file("source = x"), "6: signature `own`: `source`: "),
        ("id = \u{1b}".to_owned(), "1: `id`: "),
    ] {
        let error = Catalogue::with_own("own\u{1b}.toml", &text).unwrap_err();
        let told = error.to_string();
        assert!(told.starts_with(&format!("own␛.toml:{says}")), "{text}\n{told}\nown␛.toml:{says}");
        assert!(told.ends_with('.') && !told.contains(['\n', '\u{1b}']), "{told}");
    }
}

#[test]
fn a_file_may_be_empty_and_a_source_left_out() {
    assert_eq!(Catalogue::with_own("own.toml", "").unwrap().signatures().count(), READ.len());
    let text = "[[signature]]\nid = 'a'\npattern = 'x'\ncause = 'c'\nremedy = 'r'";
    let catalogue = Catalogue::with_own("own.toml", text).unwrap();
    let own = catalogue.signatures().next().unwrap();
    assert_eq!((own.id(), own.source(), own.cause().as_str(), own.remedy().as_str()), ("a", None, "c", "r"));
}

#[test]
fn own_signatures_go_before_the_built_in_ones_and_take_their_place() {
    let raised = "KeyError: 'host key is missing from secret JSON'";
    let builtin = cause(&Catalogue::builtin(), &failed(&[], raised)).unwrap();
    assert_eq!(builtin.0, "key-missing");
    let own = "pattern = '^(?<key>\\w+) key is missing from secret JSON$'\ncause = 'No {key}.'";
    let (id, cause_, remedy) = cause(&with(own), &failed(&[], raised)).unwrap();
    assert_eq!((id.as_str(), cause_.raw(), remedy.raw()), ("own", "No host.", "Do."));
    // Its own entry is looked for in every line before the built-in ones are.
    assert!(explains("pattern = '^the vault is shut$'\nsetback = true", &["the vault is shut"], raised));
    let replaced = with("id = 'key-missing'\npattern = '^never$'");
    assert!(cause(&replaced, &failed(&[], raised)).is_none());
    assert_eq!(replaced.signatures().count(), READ.len());
}

#[test]
fn what_it_failed_by_counts_and_what_came_before_only_as_a_setback() {
    let (line, raised) = ("the vault is shut", "RuntimeError: it went wrong");
    let pattern = format!("pattern = '^{line}$'\n");
    assert!(explains(&pattern, &[], &format!("RuntimeError: {line}")));
    assert!(explains(&pattern, &[], &format!("RuntimeError: setSecret: {line}")), "behind the name of a step");
    assert!(!explains(&pattern, &[line], raised));
    assert!(explains(&format!("{pattern}setback = true"), &[line], raised));
    assert!(explains(&format!("{pattern}setback = true"), &[&format!("createSecret: {line}")], raised));
    assert!(explains("pattern = '^createSecret: x$'\nsetback = true", &["createSecret: x"], raised));
    // The line by which it failed goes before an earlier one, whichever signature stands first.
    let both = file(&format!("{pattern}setback = true")) + "\n" + &file("id = 'two'\npattern = '^it went wrong$'");
    let catalogue = Catalogue::with_own("own.toml", &both).unwrap();
    assert_eq!(cause(&catalogue, &failed(&[line], raised)).unwrap().0, "two");
}

#[test]
fn each_condition_must_hold() {
    let raised = "RuntimeError: x";
    assert!(explains("error = 'RuntimeError'", &[], raised));
    assert!(explains("error = ['KeyError', 'RuntimeError']", &[], raised));
    assert!(!explains("error = 'KeyError'", &[], raised));
    assert!(explains("step = 'unknown'", &[], raised));
    assert!(!explains("step = 'setSecret'", &[], raised));
    assert!(explains("step = 'setSecret'", &[], "RuntimeError: setSecret: x"));
    assert!(!explains("step = ['createSecret', 'unknown']", &[], "RuntimeError: setSecret: x"));
    assert!(!explains("unless = '^y$'", &["setSecret: y"], raised));
    assert!(explains("unless = '^y$'", &["yy"], raised));
    assert!(explains("duration = '< 1s'", &[], raised));
    assert!(!explains("duration = '>= 1 s'", &[], raised));
    assert!(explains("duration = '>= 0 s'", &[], raised));
    assert!(!explains("duration = 'unknown'", &[], raised));
    assert!(!explains("timed_out = true", &[], raised));
}

#[test]
fn a_line_about_another_secret_explains_nothing() {
    let other = ARN.replace("orders", "users");
    let raised = |arn: &str| format!("RuntimeError: cannot read {arn}, sorry");
    assert!(explains("pattern = '^cannot read '", &[], &raised(ARN)));
    assert!(!explains("pattern = '^cannot read '", &[], &raised(&other)));
    assert!(!explains("pattern = '^cannot read (?<arn>\\S+), sorry$'", &[], &raised(&other)));
    assert!(explains("pattern = '^cannot read (?<superuser>\\S+), sorry$'", &[], &raised(&other)));
    assert!(!explains("pattern = '^cannot read (?<superuser>\\S+), sorry$'", &[], &raised(ARN)));
    let both = format!("RuntimeError: cannot read {ARN} for {other}");
    assert!(!explains("pattern = '^cannot read '", &[], &both));
}

#[test]
fn what_is_quoted_of_a_log_is_masked() {
    let catalogue = with("pattern = '(?s)password=(?<value>\\S+) (?<all>.*)$'\ncause = 'It was {value}: {all}.'");
    let raised = "RuntimeError: no login with password=hunter2 at db://a:pw@h/ and \u{1b}[31m token=x";
    let (_, cause, _) = cause(&catalogue, &failed(&[], raised)).unwrap();
    assert_eq!(cause.raw(), "It was ***: at db://a:***@h/ and \u{1b}[31m token=***.");
    assert!(!cause.to_string().contains('\u{1b}'));
}

#[test]
fn the_entry_is_the_very_line() {
    let invocations = failed(&["the vault is shut"], "RuntimeError: it went wrong");
    let catalogue = with("pattern = '^the vault is shut$'\nsetback = true");
    let invocation = invocations.iter().next().unwrap();
    let found = catalogue.cause(invocation, None, None).unwrap();
    assert!(Arc::ptr_eq(&found.entry, &invocation.entries[1]));
}

#[test]
fn a_silent_time_out_is_told_by_its_mark() {
    let lines = [
        format!("START RequestId: {ID} Version: $LATEST"),
        format!("END RequestId: {ID}"),
        format!("REPORT RequestId: {ID}\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tStatus: timeout"),
    ];
    let invocations = of(&lines);
    let invocation = invocations.iter().next().unwrap();
    let found = Catalogue::builtin().cause(invocation, None, Some(Step::Set)).unwrap();
    assert_eq!(found.signature.id(), "time-out-before-login");
    assert!(Arc::ptr_eq(&found.entry, &invocation.entries[2]));
    let running = of(&lines[..1]);
    assert!(Catalogue::builtin().cause(running.iter().next().unwrap(), None, Some(Step::Set)).is_none());
    let fine = of(&lines[..2]);
    assert!(Catalogue::builtin().cause(fine.iter().next().unwrap(), None, Some(Step::Set)).is_none());
}
