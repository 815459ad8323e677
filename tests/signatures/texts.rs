//! Each text of AWS's, as it is logged and raised in both formats, has its own signature and no other.

use std::collections::BTreeSet;

use secdash::domain::catalogue::Catalogue;
use secdash::domain::invocation::Invocations;
use secdash::text::AwsText;

use super::made::{ARN, SUPERUSER, Wrong, filled, texts};

#[test]
fn every_text_has_its_signature_and_no_other() {
    let mut wrong = Vec::new();
    for text in texts() {
        let words = filled(text.words);
        for is_json in [false, true] {
            let whole = Wrong::by(&text, &words, is_json);
            // Some functions log without the name of the step, and others log nothing at all.
            let bare = Wrong { logged: whole.logged.iter().map(|_| words.clone()).collect(), ..whole.clone() };
            let raised = Wrong { logged: Vec::new(), ..whole.clone() };
            let is_raised = text.error.is_some() && text.took.is_some();
            let each = [Some(whole), Some(bare), Some(raised).filter(|_| is_raised)];
            for one in each.into_iter().flatten() {
                let found = one.ids();
                println!("{:30} {}", found.join(" "), words.replace('\n', " "));
                if found != [text.id] {
                    wrong.push(format!("{} became {found:?}: {one:?}", text.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_signature_has_a_text() {
    let time_outs = super::timeouts::CASES.iter().map(|case| case.id);
    let tried: BTreeSet<_> = texts().into_iter().map(|text| text.id).chain(time_outs).collect();
    let known: Vec<_> = Catalogue::builtin().signatures().map(|signature| signature.id().to_owned()).collect();
    assert!(known.len() > 60, "{known:?}");
    assert_eq!(tried, known.iter().map(String::as_str).collect());
}

#[test]
fn every_signature_says_one_sentence_each_and_where_it_is_from() {
    for signature in Catalogue::builtin().signatures() {
        let (id, cause, remedy) = (signature.id(), signature.cause(), signature.remedy());
        for sentence in [&cause, &remedy] {
            assert!(sentence.ends_with('.') && !sentence.trim_end_matches('.').contains(". "), "{id}: {sentence}");
            assert!(sentence.starts_with(|c: char| c.is_uppercase() || c == '{'), "{id}: {sentence}");
        }
        assert!(signature.source().is_some_and(|source| source.starts_with("https://")), "{id}");
        let pattern = signature.pattern();
        assert!(pattern.starts_with('^') && pattern.ends_with('$'), "{id} fits within other words");
    }
}

#[test]
fn cause_and_remedy_are_filled_and_name_the_line() {
    let own = AwsText::from(ARN);
    for text in texts() {
        let words = filled(text.words);
        let mut invocations = Invocations::default();
        invocations.take(Wrong::by(&text, &words, false).events(0));
        let found = Catalogue::builtin().cause(invocations.iter().next().unwrap(), Some(&own), None).unwrap();
        for sentence in [&found.cause, &found.remedy] {
            assert!(!sentence.raw().contains(['{', '}', '…']), "{sentence}");
        }
        let line = found.entry.event.message.raw();
        // JSON aside, the very text stands in it.
        assert!(line.contains(&words), "{line}\n{words}");
        let is_raised = line.starts_with("[ERROR] ");
        assert_eq!(is_raised, text.error.is_some(), "of what was logged and raised it is the latter: {line}");
        if text.words.contains("{superuser}") {
            assert!(found.cause.raw().contains(SUPERUSER), "{}", found.cause);
        }
    }
}

#[test]
fn what_the_log_says_is_quoted() {
    for (id, part) in [
        ("module-missing", "_pg"),
        ("key-missing", "`host`"),
        ("wrong-template", "postgres"),
        ("user-name-too-long", "63"),
        ("superuser-login-failed", SUPERUSER),
        ("host-name-mismatch", "orders.c1a2b3.eu-west-1.rds.amazonaws.com"),
        ("aws-error", "InternalServiceError"),
        ("no-route-to-endpoint", "https://secretsmanager.eu-west-1.amazonaws.com/"),
    ] {
        let text = texts().into_iter().find(|text| text.id == id).unwrap();
        let mut invocations = Invocations::default();
        invocations.take(Wrong::by(&text, &filled(text.words), true).events(0));
        let found = Catalogue::builtin().cause(invocations.iter().next().unwrap(), None, None).unwrap();
        assert_eq!(found.signature.id(), id);
        assert!(found.cause.raw().contains(part), "{}", found.cause);
    }
}
