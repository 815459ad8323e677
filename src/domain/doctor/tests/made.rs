//! Attempts written as AWS's templates and other people's code write them, for the tests of the verdict.

use chrono::{DateTime, Utc};

use super::*;
use crate::domain::function::{Function, FunctionArn, FunctionFacts, ResourcePolicy};
use crate::domain::invocation::Invocations;
use crate::domain::log::LogEvent;
use crate::domain::rotation::Step;
use crate::domain::secret::Secret;
use crate::domain::trail::RotationFailure;
use crate::domain::version::{LabelMap, StagingLabel, Version, VersionId};

pub(super) const PENDING: &str = "7d0c2f7e-1111-4222-8333-94445555f2e1";
pub(super) const CURRENT: &str = "51aa0000-1111-4222-8333-94445555aa90";

pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap_or_default()
}

pub(super) fn pending() -> VersionId {
    VersionId(PENDING.into())
}

/// The secret, with AWSPENDING on another version than AWSCURRENT.
pub(super) fn secret() -> Secret {
    let label = |id: &str, label| (VersionId(id.into()), Box::from([label]));
    let labels = [label(CURRENT, StagingLabel::Current), label(PENDING, StagingLabel::Pending)];
    let labels = LabelMap(labels.into_iter().collect());
    let mut secret =
        Secret { labels, rotation_enabled: Some(true), last_changed: Some(at(1)), ..Secret::plain("prod/db") };
    secret.id.arn = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/db-a1B2c3".into();
    secret
}

pub(super) fn versions(has_value: bool) -> Vec<Version> {
    let version = |id: &str, label, seconds| Version {
        id: VersionId(id.into()),
        labels: vec![label],
        created: Some(at(seconds)),
        last_accessed: None,
        kms_keys: Vec::new(),
    };
    let pending = has_value.then(|| version(PENDING, StagingLabel::Pending, 1));
    [version(CURRENT, StagingLabel::Current, -3_000_000)].into_iter().chain(pending).collect()
}

/// The function, whose time-out is 30 s, and which nothing keeps from running.
pub(super) fn function(hides: bool) -> FunctionFacts {
    let arn = "arn:aws:lambda:eu-west-1:000000000000:function:rotate".into();
    let Ok(arn) = FunctionArn::parse(&arn) else { unreachable!("it is one") };
    let mut configuration = Function::plain(&arn);
    if hides {
        configuration.log.is_json = true;
        configuration.log.application_level = Some("WARN".into());
    }
    let policy = r#"{"Statement":[{"Effect":"Allow","Principal":{"Service":"secretsmanager.amazonaws.com"},
        "Action":"lambda:InvokeFunction","Condition":{"StringEquals":{"aws:SourceAccount":"000000000000"}}}]}"#;
    let policy = Ok(Some(ResourcePolicy(policy.into())));
    FunctionFacts { arn, configuration: Ok(configuration), policy, concurrency: Ok(None) }
}

/// Nothing is known but the secret, at this second.
pub(super) fn facts(secret: &Secret, now: i64) -> Facts<'_> {
    Facts {
        secret,
        versions: None,
        function: None,
        log: None,
        failures: &[],
        cancelled: &[],
        changes: &[],
        actions: &[],
        off_since: None,
        now: at(now),
    }
}

pub(super) fn failure(step: Step, seconds: i64) -> RotationFailure {
    RotationFailure {
        secret: secret().id.arn,
        version: Some(pending()),
        at: at(seconds),
        step: Some(step),
        message: "".into(),
        event_id: format!("event {seconds}").into(),
    }
}

/// What an invocation says and how it ends.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) lines: Vec<(&'static str, String)>,
    pub(super) raised: Option<String>,
    pub(super) ends: Ends,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Well,
    Raises,
    TimesOut,
    NotYet,
}

/// A log that is being written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) events: Vec<LogEvent>,
    requests: u32,
}

impl Writer {
    /// Writes an invocation of 2 s; of a time-out, of 30 s. `hides` leaves out what is only INFO.
    pub(super) fn write(&mut self, began: i64, told: &Told, hides: bool) {
        self.requests += 1;
        let id = format!("{:08x}-0000-4000-8000-000000000000", self.requests);
        let ended = began + if told.ends == Ends::TimesOut { 30 } else { 2 };
        let mut texts = vec![(began, format!("START RequestId: {id} Version: $LATEST"))];
        for (level, text) in &told.lines {
            if !hides || *level != "INFO" {
                texts.push((began + 1, format!("[{level}]\t2027-01-15T08:00:00.000Z\t{id}\t{text}")));
            }
        }
        if let Some(raised) = &told.raised {
            texts.push((ended, format!("[ERROR] {raised}\nTraceback (most recent call last):")));
        }
        if told.ends == Ends::TimesOut {
            texts.push((ended, format!("2027-01-15T08:00:00.000Z {id} Task timed out after 30.00 seconds")));
        }
        if told.ends != Ends::NotYet {
            let status = if told.ends == Ends::TimesOut { "\tStatus: timeout" } else { "" };
            texts.push((ended, format!("END RequestId: {id}")));
            let took = (ended - began) * 1000;
            texts.push((
                ended,
                format!("REPORT RequestId: {id}\tDuration: {took}.00 ms\tBilled Duration: {took} ms{status}"),
            ));
        }
        let event = |(seconds, text): (i64, String)| LogEvent {
            id: None,
            stream: "2027/01/15/[$LATEST]0".into(),
            at: at(seconds),
            ingested: None,
            message: text.into(),
        };
        self.events.extend(texts.into_iter().map(event));
    }

    /// What is read of it from a moment on.
    pub(super) fn read_from(&self, seconds: i64) -> Invocations {
        let mut invocations = Invocations::default();
        invocations.take(self.events.iter().filter(|event| event.at >= at(seconds)).cloned());
        invocations
    }
}

/// What the code says when a step goes well.
pub(super) fn well(code: Code, step: Step, again: bool) -> Told {
    let arn = secret().id.arn.raw().to_owned();
    let connected = "Successfully established SSL/TLS connection as user 'app' with host: 'db'".to_owned();
    let lines = match (code, step) {
        (Code::Custom, _) => vec![format!("{}: working on {arn}", step.word())],
        (_, Step::Create) if again => vec![format!("createSecret: Successfully retrieved secret for {arn}.")],
        (_, Step::Create) => {
            vec![format!("createSecret: Successfully put secret for ARN {arn} and version {PENDING}.")]
        }
        (_, Step::Set) if again => vec![
            connected,
            format!("setSecret: AWSPENDING secret is already set as password in PostgreSQL DB for secret arn {arn}."),
        ],
        (Code::Alternating, Step::Set) => {
            vec![
                connected,
                format!("setSecret: Successfully set password for app_clone in PostgreSQL DB for secret arn {arn}."),
            ]
        }
        (_, Step::Set) => {
            vec![
                connected,
                format!("setSecret: Successfully set password for user app in PostgreSQL DB for secret arn {arn}."),
            ]
        }
        (_, Step::Test) => vec![
            connected,
            format!("testSecret: Successfully signed into PostgreSQL DB with AWSPENDING secret in {arn}."),
        ],
        (_, Step::Finish) => {
            vec![format!("finishSecret: Successfully set AWSCURRENT stage to version {PENDING} for secret {arn}.")]
        }
    };
    Told { lines: lines.into_iter().map(|line| ("INFO", line)).collect(), raised: None, ends: Ends::Well }
}

/// A step that logs an error, and raises it.
pub(super) fn fails(step: Step, words: &str) -> Told {
    let lines = vec![("ERROR", format!("{}: {words}", step.word()))];
    Told { lines, raised: Some(format!("ValueError: {words}")), ends: Ends::Raises }
}

/// No password was taken.
pub(super) fn no_login(code: Code) -> Told {
    let arn = secret().id.arn.raw().to_owned();
    match code {
        Code::Custom => Told {
            lines: vec![("INFO", format!("setSecret: signing in for {arn}"))],
            raised: Some("error_perm: 530 Login incorrect.".to_owned()),
            ends: Ends::Raises,
        },
        Code::Alternating => {
            fails(Step::Set, &format!("Unable to log into database using current credentials for secret {arn}"))
        }
        _ => fails(
            Step::Set,
            &format!("Unable to log into database with previous, current, or pending secret of secret arn {arn}"),
        ),
    }
}

/// It ended before it touched a password.
pub(super) fn refused(code: Code) -> Told {
    let arn = secret().id.arn.raw().to_owned();
    match code {
        Code::Custom => Told {
            lines: vec![("INFO", format!("setSecret: asking for {arn}"))],
            raised: Some("HTTPError: 502 Bad Gateway".to_owned()),
            ends: Ends::Raises,
        },
        Code::Alternating => {
            fails(Step::Set, "Current database host db is not the same host as/rds replica of master other")
                .naming(&arn)
        }
        _ => fails(Step::Set, "Attempting to modify user app other than current user other").naming(&arn),
    }
}

/// Lambda stopped it, and nobody knows at what.
pub(super) fn unclear(step: Step, code: Code) -> Told {
    let arn = secret().id.arn.raw().to_owned();
    let line = match code {
        Code::Custom => format!("{}: working on {arn}", step.word()),
        _ => "Successfully established SSL/TLS connection as user 'app' with host: 'db'".to_owned(),
    };
    Told { lines: vec![("INFO", line)], raised: None, ends: Ends::TimesOut }
}

impl Told {
    /// With a line of a template that names the secret, which other lines of the step don't.
    fn naming(mut self, arn: &str) -> Self {
        let line =
            format!("setSecret: Successfully fetched connection params for Master Secret {arn} from the RDS API");
        self.lines.insert(0, ("INFO", line));
        self
    }
}
