//! What only looks like a failure that is known: other secrets, other steps, other words, lines of others, success.

use std::collections::BTreeSet;

use secdash::domain::catalogue::Catalogue;
use secdash::domain::invocation::{Invocations, Outcome};
use secdash::domain::rotation::Step;
use secdash::domain::template::What;
use secdash::text::AwsText;

use super::made::{ARN, Log, OTHER, Text, UNKNOWN, Wrong, causes, event, filled, id, ids, moment, texts};

/// A small generator, the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// The places of a text that are AWS's own words: what stands outside of braces.
fn literal(text: &str) -> Vec<usize> {
    let mut depth = 0;
    let outside = text.char_indices().filter(|(_, c)| {
        depth += i32::from(*c == '{');
        let is_outside = depth == 0;
        depth -= i32::from(*c == '}');
        is_outside
    });
    outside.map(|(at, _)| at).collect()
}

/// The text cut off before its last word is whole.
fn truncated(text: &str, dice: &mut Dice) -> Option<String> {
    // Behind these words any word may be the name that comes next.
    let places = literal(text.split(" other than current ").next()?);
    let last = places.iter().rposition(|at| text[*at..].starts_with(char::is_alphanumeric))?;
    let cut = places.get(1 + dice.below(last.checked_sub(1)?.max(1)))?;
    Some(filled(&text[..*cut]).trim().to_owned())
}

/// The text with another word of AWS's changed.
fn changed(text: &str, dice: &mut Dice) -> Option<String> {
    let places: BTreeSet<_> = literal(text).into_iter().collect();
    let is_letter = |at: usize| places.contains(&at) && text[at..].starts_with(char::is_alphabetic);
    let begins = |at: usize| is_letter(at) && is_letter(at + 1) && is_letter(at + 2) && (at == 0 || !is_letter(at - 1));
    let words: Vec<_> = (0..text.len().saturating_sub(2)).filter(|at| begins(*at)).collect();
    if words.is_empty() {
        return None;
    }
    let at = words[dice.below(words.len())];
    Some(filled(&format!("{}q{}", &text[..at], &text[at..])))
}

/// The text about another secret, or with the secret that rotates where another one is meant.
fn of_another(text: &str) -> Option<String> {
    let words = filled(text);
    let other = match () {
        () if text.contains("{arn}") => words.replace(ARN, OTHER),
        () if text.contains("{superuser}") => filled(&text.replace("{superuser}", "{arn}")),
        () => return None,
    };
    Some(other)
}

/// The text within other words, where any words may not stand there anyway.
fn wrapped(text: &str) -> Vec<String> {
    let words = filled(text);
    let before = (!text.starts_with("{head}")).then(|| format!("The runbook says: {words}"));
    let behind = (!text.ends_with("{tail}")).then(|| format!("{words} is what the runbook says"));
    let quoted = (!text.starts_with("{head}") && !words.is_empty()).then(|| format!("{{\"note\": \"{words}\"}}"));
    [before, behind, quoted].into_iter().flatten().collect()
}

/// A more general signature may fit what isn't the special case any more.
fn is_general(found: &str, words: &str) -> bool {
    let of_aws = ["aws-error", "access-denied", "read-denied", "superuser-read-denied", "put-denied"];
    (words.contains("An error occurred (") && of_aws.contains(&found))
        || (words.contains("Unable to import module '") && found == "code-not-loaded")
}

/// What is wrong with what was found for words that are no longer those of a text.
fn judge(text: &Text, how: &str, one: &Wrong, words: &str) -> Option<String> {
    let found = one.ids();
    let is_so = found.iter().all(|id| id != text.id && is_general(id, words));
    (!is_so).then(|| format!("{how}: {} and {found:?}: {one:?}", text.id))
}

#[test]
fn nothing_that_only_looks_alike_is_explained() {
    let (mut dice, mut wrong, mut tried) = (Dice(7), Vec::new(), 0);
    let known: BTreeSet<_> = texts().iter().map(|text| filled(text.words).trim().to_owned()).collect();
    for text in texts() {
        let mut misses: Vec<(&str, String)> = Vec::new();
        misses.extend(of_another(text.words).map(|words| ("of another secret", words)));
        misses.extend(wrapped(text.words).into_iter().map(|words| ("wrapped", words)));
        for _ in 0..4 {
            misses.extend(truncated(text.words, &mut dice).map(|words| ("truncated", words)));
            misses.extend(changed(text.words, &mut dice).map(|words| ("changed", words)));
        }
        let others = Step::ALL.into_iter().filter(|step| text.step.is_some_and(|own| own != *step));
        let words = filled(text.words);
        // The words of some are those of several steps.
        let is_of_several = ["tls-mismatch", "host-name-mismatch", "db2-not-connected", "pending-without-value"];
        let is_bound = text.step.is_some() && text.id != "keytab-failed";
        let others: Vec<_> = others
            .filter(|step| *step == Step::Create || !(is_of_several.contains(&text.id) || is_database(&text)))
            .filter(|_| is_bound)
            .map(|step| ("of another step", format!("{}: {words}", step.word())))
            .collect();
        misses.extend(others.into_iter().filter(|(_, words)| !words.ends_with(": ")));
        misses.retain(|(_, words)| !known.contains(words) && !words.is_empty());
        misses.sort();
        misses.dedup();
        for (how, words) in misses {
            let text = Text { step: text.step.filter(|_| how != "of another step"), ..text.clone() };
            for is_json in [false, true] {
                tried += 1;
                wrong.extend(judge(&text, how, &Wrong::by(&text, &words, is_json), &words));
            }
        }
    }
    println!("{tried} near misses");
    assert!(tried >= 500, "{tried}");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Whether the words are those of setSecret and testSecret alike.
fn is_database(text: &Text) -> bool {
    ["port-is-no-number", "elasticache-user-not-active", "template-not-filled-in"].contains(&text.id)
}

#[test]
fn a_type_of_exception_is_part_of_what_it_says() {
    let bound: Vec<_> = texts().into_iter().filter(|text| text.is_bound_to_error).collect();
    assert!(bound.len() > 10);
    for text in bound {
        for (error, is_json) in [("RuntimeError", false), ("RuntimeError", true), ("IndexError", false)] {
            let words = filled(text.words);
            let one = Wrong { error: error.to_owned(), ..Wrong::by(&text, &words, is_json) };
            assert_eq!(one.ids(), Vec::<String>::new(), "{one:?}");
            let logged =
                Wrong { logged: vec![format!("KeyError: '{words}'"), words], step: text.step, ..Wrong::unknown() };
            assert_eq!(logged.ids(), Vec::<String>::new(), "{logged:?}");
        }
    }
}

#[test]
fn another_invocation_explains_nothing() {
    for text in texts() {
        for is_json in [false, true] {
            let theirs =
                Wrong { took: Some(text.took.unwrap_or(1_000)), ..Wrong::by(&text, &filled(text.words), is_json) };
            let ours = Wrong { is_json, ..Wrong::unknown() };
            let after = Wrong { is_json, ..Wrong::unknown() };
            let events = [after.events(0), theirs.events(1), ours.events(2)].concat();
            let mut invocations = Invocations::default();
            invocations.take(events);
            let found: Vec<_> = invocations.iter().map(|invocation| causes(invocation, None)).collect();
            let [before, own, behind] = &found[..] else { panic!("{found:?}") };
            assert!(before.is_empty() && behind.is_empty(), "{text:?}: {found:?}");
            assert_eq!(own.len(), 1, "{text:?}");
        }
    }
}

#[test]
fn an_invocation_of_another_secret_explains_nothing() {
    let (own, other) = (AwsText::from(ARN), AwsText::from(OTHER));
    for (error, message, id) in [
        ("KeyError", "SecretString", "value-is-binary"),
        ("KeyError", "host key is missing from secret JSON", "key-missing"),
        ("JSONDecodeError", "Expecting value: line 1 column 1 (char 0)", "no-json"),
    ] {
        let logged = vec![format!("createSecret: Successfully retrieved secret for {ARN}.")];
        let one = Wrong { logged, error: error.to_owned(), message: message.to_owned(), ..Wrong::unknown() };
        let mut invocations = Invocations::default();
        invocations.take(one.events(0));
        let invocation = invocations.iter().next().unwrap();
        let found =
            |secret| Catalogue::builtin().cause(invocation, secret, None).map(|found| found.signature.id().to_owned());
        assert_eq!((found(Some(&own)).as_deref(), found(None).as_deref()), (Some(id), Some(id)));
        assert_eq!(found(Some(&other)), None);
    }
}

#[test]
fn what_was_logged_on_the_way_counts_only_where_it_is_a_setback_or_templates_raise_after_it() {
    let mut counts = [0, 0];
    for text in texts().into_iter().filter(|text| text.error.is_some() && text.took == Some(1_050)) {
        let prefix = text.step.map_or_else(String::new, |step| format!("{}: ", step.word()));
        let logged = vec![format!("{prefix}{}", filled(text.words))];
        let one = Wrong { logged, step: text.step, ..Wrong::unknown() };
        let mut invocations = Invocations::default();
        invocations.take(one.events(0));
        let said = invocations.iter().next().unwrap().entries[1].said.clone().filter(|said| said.is_template);
        let is_end = said.is_some_and(|said| matches!(said.what, What::Failed | What::Refused));
        let counted = (is_end || text.id == "influxdb-not-reached") && !text.is_bound_to_error;
        let expected = if counted { vec![text.id.to_owned()] } else { Vec::new() };
        assert_eq!(one.ids(), expected, "{one:?}");
        counts[usize::from(counted)] += 1;
    }
    assert!(counts.iter().all(|count| *count > 15), "{counts:?}");
}

#[test]
fn success_is_never_explained() {
    let mut of_templates = 0;
    for text in texts() {
        let words = filled(text.words);
        let log = Log { id: &id(0), is_json: true };
        let prefix = text.step.map_or_else(String::new, |step| format!("{}: ", step.word()));
        let logged = [words.clone(), format!("{prefix}{words}")];
        let mut lines = vec![log.start()];
        lines.extend(logged.iter().map(|line| log.said("ERROR", line)));
        lines.push(log.report(20_000, "success"));
        let events: Vec<_> = lines.iter().zip(0..).map(|(line, nth)| event(moment(nth), line)).collect();
        assert_eq!(ids(&events), Vec::<String>::new(), "{words}");
        // The same without the good end fails, where it is a line after which templates raise.
        let mut invocations = Invocations::default();
        invocations.take(events[..events.len() - 1].to_vec());
        of_templates += usize::from(matches!(invocations.iter().next().unwrap().outcome, Outcome::Failed(_)));
    }
    assert!(of_templates > 30, "{of_templates}");
}

#[test]
fn an_error_on_the_way_to_a_login_explains_nothing() {
    let tls = "Unable to establish SSL/TLS handshake, SSL/TLS is not enabled on the host: h";
    let name = "Hostname verification failed when estlablishing SSL/TLS Handshake with host: h";
    let login = "Successfully established non SSL/TLS connection as user 'orders' with host: 'h'";
    let unknown = |logged: &[&str]| Wrong {
        step: Some(Step::Set),
        logged: logged.iter().map(|line| (*line).to_owned()).collect(),
        ..Wrong::unknown()
    };
    assert_eq!(unknown(&[tls]).ids(), ["tls-mismatch"]);
    assert_eq!(unknown(&[tls, login]).ids(), Vec::<String>::new());
    assert_eq!(unknown(&[name, tls, login]).ids(), Vec::<String>::new());
    let failed = format!("Unable to log into database with previous, current, or pending secret of secret arn {ARN}");
    let fails = |logged: &[&str]| Wrong { error: "ValueError".into(), message: failed.clone(), ..unknown(logged) };
    assert_eq!(fails(&[tls, tls]).ids(), ["tls-mismatch"], "TLS goes before what it ends in");
    assert_eq!(fails(&[name]).ids(), ["host-name-mismatch"]);
    assert_eq!(fails(&["something else"]).ids(), ["no-password-works"]);
    let host = "host key is missing from secret JSON";
    let managed = format!("setSecret: The secret {OTHER} is not a service-linked secret, so it does not have a tag x");
    let missing = |logged: &[&str]| Wrong { error: "KeyError".into(), message: host.into(), ..unknown(logged) };
    assert_eq!(missing(&[&managed]).ids(), ["superuser-not-managed"], "it is the superuser secret's JSON");
    assert_eq!(missing(&[]).ids(), ["key-missing"]);
}

/// What functions and Lambda write every day.
const ORDINARY: &[&str] = &[
    "Found credentials in environment variables.",
    "Found credentials in environment variables",
    "Traceback (most recent call last):",
    "  File \"/var/task/lambda_function.py\", line 71, in lambda_handler",
    "    set_secret(service_client, arn, token)",
    "KeyError: 'masterarn'",
    "ValueError: host key is missing from secret JSON",
    "During handling of the above exception, another exception occurred:",
    "botocore.exceptions.ClientError: An error occurred (AccessDeniedException) when calling the GetSecretValue operation: x",
    "{\"level\":\"ERROR\",\"event\":\"rotation\",\"reason\":\"host key is missing from secret JSON\"}",
    "{\"msg\":\"An error occurred (AccessDeniedException) when calling the PutSecretValue operation: denied\"}",
    "{'Step': 'setSecret', 'SecretId': 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-a1B2c3'}",
    "Previous rotation request is still in progress.",
    "An error occurred (InvalidRequestException): Previous rotation request is still in progress.",
    "A previous rotation isn't complete. That rotation will be reattempted.",
    "Unable to log into database",
    "Secret is not enabled for rotation",
    "Task timed out after 30.03 seconds",
    "RequestId: 8f507cfc-1111-4697-b07a-ac58fc914c95 Error: Runtime exited with error: signal: killed",
    "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout",
    "EXTENSION\tName: collector\tState: Ready\tEvents: [INVOKE, SHUTDOWN]",
    "[WARNING] retrying",
    "Starting new HTTPS connection (1): secretsmanager.eu-west-1.amazonaws.com:443",
    "permission denied to create role",
    "No module named '_pg'",
    "password authentication failed for user \"orders\"",
    "Connection failure.",
    "the user could not log in: key is missing from secret JSON",
    "",
];

#[test]
fn what_is_written_every_day_explains_nothing() {
    for line in ORDINARY {
        for is_json in [false, true] {
            let one = Wrong { logged: vec![(*line).to_owned()], is_json, ..Wrong::unknown() };
            assert_eq!(one.ids(), Vec::<String>::new(), "{line}");
            // As a line that was printed, and as that by which it failed.
            let mut events = Wrong { is_json, ..Wrong::unknown() }.events(0);
            events.push(event(moment(15), line));
            assert_eq!(ids(&events), Vec::<String>::new(), "{line}");
        }
        let raised = Wrong { message: (*line).to_owned(), ..Wrong::unknown() };
        assert_eq!(raised.ids(), Vec::<String>::new(), "{line}");
    }
    assert_eq!(Wrong { message: UNKNOWN.to_owned(), ..Wrong::unknown() }.ids(), Vec::<String>::new());
}
