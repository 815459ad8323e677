//! Every rule, with its sentences to the letter.

mod consequence;
mod deletion;
mod function;
mod readers;
mod secret;

use super::*;
use crate::domain::fault::Cause;
use crate::domain::function::{Function, FunctionArn, ResourcePolicy};
use crate::domain::permission::Operation;
use crate::domain::secret::RotationRules;
use crate::domain::version::{LabelMap, StagingLabel, VersionId};

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:rotate-x";

/// Everything that a pre-flight is made of, for a test to change.
struct Case {
    secret: Secret,
    signs: Signs,
    function: Option<FunctionFacts>,
    attempts: Vec<Attempt>,
    readers: Option<Readers>,
    faults: Vec<Fault>,
}

fn now() -> DateTime<Utc> {
    at("2026-11-20T09:14:00Z")
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn arn(text: &str) -> FunctionArn {
    FunctionArn::parse(&text.into()).unwrap()
}

fn denied(operation: Operation) -> Fault {
    Fault::new(operation, Cause::Denied { message: "no".into() })
}

fn policy(condition: &str) -> ResourcePolicy {
    let document = format!(
        r#"{{"Statement":[{{"Sid":"S","Effect":"Allow","Principal":{{"Service":"secretsmanager.amazonaws.com"}},
        "Action":"lambda:InvokeFunction","Condition":{condition}}}]}}"#
    );
    ResourcePolicy(document.into())
}

impl Case {
    /// A healthy secret that rotates by days, with a healthy function.
    fn healthy() -> Self {
        let mut secret = Secret::plain("prod/db");
        secret.id.arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf".into();
        secret.rotation_enabled = Some(true);
        secret.rotation_function = Some(FUNCTION.into());
        secret.rotation_rules = Some(RotationRules { automatically_after_days: Some(30), ..RotationRules::default() });
        secret.last_rotated = Some(at("2026-11-01T03:00:00Z"));
        secret.next_rotation = Some(at("2026-12-01T23:59:59Z"));
        let version = |id: &str, label| (VersionId(id.into()), Box::from([label]));
        let current = version("11111111-1111-4111-8111-111111111111", StagingLabel::Current);
        secret.labels = LabelMap([current].into_iter().collect());
        let function = FunctionFacts {
            arn: arn(FUNCTION),
            configuration: Ok(Function::plain(&arn(FUNCTION))),
            policy: Ok(Some(policy(r#"{"StringEquals":{"aws:SourceAccount":"123456789012"}}"#))),
            concurrency: Ok(None),
        };
        Self {
            secret,
            signs: Signs::UNKNOWN,
            function: Some(function),
            attempts: Vec::new(),
            readers: None,
            faults: Vec::new(),
        }
    }

    /// The same with something else about it.
    fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut case = Self::healthy();
        change(&mut case);
        case
    }

    /// The same with something else about its function.
    fn with_function(change: impl FnOnce(&mut FunctionFacts)) -> Self {
        Self::with(|case| change(case.function.as_mut().unwrap()))
    }

    /// The same with something else about its function's configuration.
    fn configured(change: impl FnOnce(&mut Function)) -> Self {
        Self::with_function(|function| change(function.configuration.as_mut().unwrap()))
    }

    fn check(&self, purpose: Purpose) -> Preflight {
        let faults: Vec<&Fault> = self.faults.iter().collect();
        let facts = Facts {
            secret: &self.secret,
            signs: &self.signs,
            function: self.function.as_ref(),
            attempts: &self.attempts,
            readers: self.readers.as_ref(),
            faults: &faults,
            now: now(),
        };
        Preflight::of(purpose, facts)
    }

    /// What one rule says: its grade, its sentence, and behind an arrow what to do.
    fn says(&self, purpose: Purpose, rule: Rule) -> Vec<(Grade, String)> {
        let checks = self.check(purpose).checks.into_iter().filter(|check| check.rule == rule);
        let words = |check: Check| match check.next_step {
            Some(next_step) => format!("{} → {next_step}", check.sentence),
            None => check.sentence,
        };
        checks.map(|check| (check.grade, words(check))).collect()
    }

    /// The same where the rule says one thing.
    #[track_caller]
    fn is(&self, purpose: Purpose, rule: Rule, grade: Grade, words: &str) {
        assert_eq!(self.says(purpose, rule), [(grade, words.to_owned())]);
    }

    #[track_caller]
    fn is_silent(&self, purpose: Purpose, rule: Rule) {
        assert_eq!(self.says(purpose, rule), []);
    }
}

const ALL: [Purpose; 4] = [Purpose::Rotate, Purpose::TestOnly, Purpose::TurnOff, Purpose::TurnOn];

#[test]
fn a_healthy_secret_is_all_clear() {
    let preflight = Case::healthy().check(Purpose::Rotate);
    let told: Vec<_> = preflight.checks.iter().map(|check| (check.grade, check.rule)).collect();
    assert_eq!(
        told,
        [
            (Grade::Notice, Rule::Window),
            (Grade::Fine, Rule::Deletion),
            (Grade::Fine, Rule::Pending),
            (Grade::Fine, Rule::State),
            (Grade::Fine, Rule::Runtime),
            (Grade::Fine, Rule::Timeout),
            (Grade::Fine, Rule::Concurrency),
            (Grade::Fine, Rule::Policy),
        ]
    );
    assert_eq!((preflight.verdict().as_str(), preflight.stops()), ("all clear", false));
    assert_eq!((preflight.warnings(), preflight.unknown()), (0, 0));
}

#[test]
fn the_worst_comes_first_and_makes_the_verdict() {
    let case = Case::with(|case| {
        let function = case.function.as_mut().unwrap();
        function.configuration.as_mut().unwrap().timeout = Some(std::time::Duration::from_secs(3));
        function.policy = Err(denied(Operation::GetPolicy));
    });
    let preflight = case.check(Purpose::Rotate);
    assert_eq!(preflight.verdict(), "1 warning, 1 check not made");
    let grades: Vec<_> = preflight.checks.iter().map(|check| check.grade.word()).collect();
    assert_eq!(grades, ["warning", "unknown", "notice", "fine", "fine", "fine", "fine", "fine"]);
    let case = Case::with(|case| {
        case.secret.deleted = Some(at("2026-11-26T09:14:00Z"));
        case.function.as_mut().unwrap().concurrency = Ok(Some(0));
    });
    let sentence =
        "It is marked for deletion, and gone in 6 d, after 2026-11-26 09:14:00Z: AWS refuses until it is restored.";
    for (purpose, cant) in ALL.into_iter().zip([
        "can't be rotated",
        "can't be tested",
        "rotation can't be turned off",
        "rotation can't be turned on",
    ]) {
        let preflight = case.check(purpose);
        assert!(preflight.stops());
        assert_eq!(preflight.verdict(), format!("{cant}: {sentence}"));
        // Turning it off needs no function, and it is on already.
        let stops = match purpose {
            Purpose::TurnOff => 1,
            Purpose::Rotate | Purpose::TestOnly => 2,
            Purpose::TurnOn => 3,
            _ => unreachable!("it is none of all"),
        };
        assert_eq!(preflight.of_grade(Grade::Stops).count(), stops);
    }
}

#[test]
fn rules_and_grades_have_words_of_their_own() {
    let rules = [
        Rule::Deletion,
        Rule::Replica,
        Rule::Managed,
        Rule::External,
        Rule::Configured,
        Rule::Enabled,
        Rule::Pending,
        Rule::Attempts,
        Rule::Account,
        Rule::State,
        Rule::Update,
        Rule::Concurrency,
        Rule::Policy,
        Rule::Runtime,
        Rule::Timeout,
        Rule::Changed,
        Rule::Endpoint,
        Rule::Log,
        Rule::Window,
        Rule::Replicas,
        Rule::Readers,
        Rule::Manager,
        Rule::Consequence,
        Rule::Unseen,
    ];
    let words: std::collections::BTreeSet<_> = rules.map(Rule::word).into_iter().collect();
    assert_eq!(words.len(), rules.len());
}
