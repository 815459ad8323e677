//! Rotations as they are logged, lines that nobody can attribute, and every order of arrival.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::json;

use super::Attribution::{OtherSecret, ThisRotation, ThisSecret};
use super::*;

mod laws;
mod lines;

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-a1B2c3";
const OTHER: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/users/db-d4E5f6";
const VERSION: &str = "7d0c2f7e-1111-4222-8333-94445555f2e1";
const OLDER: &str = "51aa2f7e-1111-4222-8333-944455550090";

/// A moment, in milliseconds from the beginning of the test's time.
fn moment(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_800_000_000_000 + ms).unwrap()
}

fn event(id: impl Into<Option<usize>>, stream: &str, ms: i64, message: &str) -> LogEvent {
    let id = id.into().map(|id: usize| AwsText::from(format!("e{id}")));
    LogEvent { id, stream: stream.into(), at: moment(ms), ingested: None, message: message.into() }
}

/// What was logged in one stream, a line every ten milliseconds.
fn logged(lines: &[&str]) -> Invocations {
    let mut invocations = Invocations::default();
    let events = lines.iter().zip(0..).map(|(line, at)| event(None, "s", at * 10, line));
    invocations.take(events);
    invocations
}

fn only(invocations: &Invocations) -> &Invocation {
    let all: Vec<_> = invocations.iter().collect();
    let [invocation] = all[..] else { panic!("{all:#?}") };
    invocation
}

fn logs(id: &str, message: &str) -> String {
    format!("[INFO]\t2026-11-20T09:13:22.104Z\t{id}\t{message}\n")
}

fn errs(id: &str, message: &str) -> String {
    format!("[ERROR]\t2026-11-20T09:13:22.104Z\t{id}\t{message}\n")
}

fn start(id: &str) -> String {
    format!("START RequestId: {id} Version: $LATEST\n")
}

fn end(id: &str) -> String {
    format!("END RequestId: {id}\n")
}

fn report(id: &str, status: &str) -> String {
    format!("REPORT RequestId: {id}\tDuration: 812.34 ms\tBilled Duration: 813 ms\tMemory Size: 128 MB\t{status}\n")
}

fn failed(error: Option<&str>, message: &str) -> Outcome {
    Outcome::Failed(Failure { error: error.map(Into::into), message: message.into() })
}

fn run() -> Run {
    Run { secret: ARN.into(), version: Some(VersionId(VERSION.into())), from: moment(0), until: None }
}

#[test]
fn a_rotation_is_four_invocations() {
    let put = format!("createSecret: Successfully put secret for ARN {ARN} and version {VERSION}.");
    let set = format!("setSecret: Successfully set password for user app in PostgreSQL DB for secret arn {ARN}.");
    let test = format!("testSecret: Successfully signed into PostgreSQL DB with AWSPENDING secret in {ARN}.");
    let done = format!("finishSecret: Successfully set AWSCURRENT stage to version {VERSION} for secret {ARN}.");
    let mut lines = vec!["INIT_START Runtime Version: python:3.12.v38".to_owned()];
    for (id, message) in [("r1", put), ("r2", set), ("r3", test), ("r4", done)] {
        let found = logs(id, "Found credentials in environment variables.");
        lines.extend([start(id), found, logs(id, &message), end(id), report(id, "")]);
    }
    let invocations = logged(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let all: Vec<_> = invocations.iter().collect();
    assert_eq!(all.iter().map(|one| one.step.unwrap()).collect::<Vec<_>>(), Step::ALL);
    for (one, id) in all.iter().zip(["r1", "r2", "r3", "r4"]) {
        assert_eq!((one.request_id.raw(), one.secret.as_ref().unwrap().raw()), (id, ARN));
        assert_eq!((&one.outcome, one.attribution(&run())), (&Outcome::Finished, ThisRotation));
        assert_eq!(one.report.as_ref().unwrap().duration.unwrap().as_micros(), 812_340);
    }
    assert_eq!(all[0].version.as_ref().unwrap().0.raw(), VERSION);
    assert_eq!(all[1].version, None);
    assert_eq!((all[0].entries.len(), all[0].started), (6, moment(10)));
    assert_eq!((all[0].ended, all[0].last()), (Some(moment(40)), moment(50)));
    assert_eq!(invocations.loose().count(), 0);
}

#[test]
fn errors_on_the_way_are_no_failure() {
    let tls = "Unable to establish SSL/TLS handshake, SSL/TLS is not enabled on the host: db";
    let plain = "Successfully established non SSL/TLS connection as user 'app' with host: 'db'";
    let set = format!("setSecret: AWSPENDING secret is already set as password in PostgreSQL DB for secret arn {ARN}.");
    let (bad, good, set) = (errs("r", tls), logs("r", plain), logs("r", &set));
    let invocations = logged(&[&start("r"), &bad, &bad, &bad, &good, &set, &end("r"), &report("r", "")]);
    assert_eq!(only(&invocations).outcome, Outcome::Finished);
    assert_eq!(only(&invocations).entries.len(), 8);
}

#[test]
fn what_nobody_caught_is_the_failure() {
    let words = format!("Unable to log into database with previous, current, or pending secret of secret arn {ARN}");
    let (said, thrown) = (
        errs("r", &format!("setSecret: {words}")),
        format!("[ERROR] ValueError: {words}\nTraceback (most recent call last):"),
    );
    let (start, end, report) = (start("r"), end("r"), report("r", ""));
    let whole = logged(&[&start, &said, &thrown, &end, &report]);
    assert_eq!(only(&whole).outcome, failed(Some("ValueError"), &words));
    assert_eq!((only(&whole).step, only(&whole).ended), (Some(Step::Set), Some(moment(30))));
    let without = logged(&[&start, &said, &end, &report]);
    assert_eq!(only(&without).outcome, failed(None, &format!("setSecret: {words}")));
    let open = logged(&[&start, &thrown]);
    assert_eq!((&only(&open).outcome, only(&open).ended), (&failed(Some("ValueError"), &words), None));
}

#[test]
fn a_time_out_is_seen_wherever_it_stands() {
    let (begin, end, stop) =
        (start("r"), end("r"), "2026-11-20T09:13:52.134Z r Task timed out after 30.03 seconds\n\n");
    let (plain, status) = (report("r", ""), report("r", "Status: timeout"));
    for lines in [
        vec![&begin, stop, &end, &plain],
        vec![&begin, &end, &plain, stop],
        vec![&begin, &end, &status],
        vec![&begin, &status],
        vec![&begin, stop],
    ] {
        let invocations = logged(&lines);
        let one = only(&invocations);
        assert_eq!(one.outcome, Outcome::TimedOut, "{lines:?}");
        assert!(one.ended.is_some());
        assert_eq!(one.attribution(&run()), Attribution::Unattributed { within: true });
        let before = Run { until: Some(moment(-1)), ..run() };
        assert_eq!(one.attribution(&before), Attribution::Unattributed { within: false });
    }
}

#[test]
fn an_error_before_the_request_belongs_to_the_request_that_waited() {
    let warning = "[WARNING]\t2026-11-20T09:13:22.104Z\t\tLAMBDA_WARNING: Unhandled exception.";
    let words = "Unable to import module 'lambda_function': No module named '_pg'";
    let thrown = format!("[ERROR] Runtime.ImportModuleError: {words}\nTraceback (most recent call last):");
    let init = "INIT_REPORT Init Duration: 12.00 ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError";
    let before = ["INIT_START Runtime Version: python:3.12.v38", warning, &thrown, init];
    let twice = [before, before].concat();
    assert_eq!(logged(&twice).loose().count(), 8);
    let (start, end, report) = (start("r"), end("r"), report("r", ""));
    let invocations = logged(&[&twice[..], &[&start, &end, &report]].concat());
    let one = only(&invocations);
    assert_eq!(one.outcome, failed(Some("Runtime.ImportModuleError"), words));
    assert_eq!((one.entries.len(), one.started, one.step), (11, moment(80), None));
    // Lambda starts the function once more within the request, and then it may work.
    let heard = logs("r", "testSecret: hello");
    let invocations = logged(&[&before[..], &[&start, &heard, &end, &report]].concat());
    assert_eq!(only(&invocations).outcome, Outcome::Finished);
}

#[test]
fn the_start_of_the_next_environment_belongs_to_the_next_request() {
    let stop = "2026-11-20T09:13:52.134Z a Task timed out after 30.03 seconds";
    let init = "INIT_START Runtime Version: python:3.12.v38";
    let (a, b) = (start("a"), start("b"));
    let invocations = logged(&["printed before", &a, "printed in a", &report("a", ""), init, stop, &b, "printed in b"]);
    let of_each: Vec<_> = invocations.iter().map(|one| (one.request_id.raw(), one.entries.len())).collect();
    assert_eq!(of_each, [("a", 5), ("b", 3)]);
}

#[test]
fn json_logs_make_up_invocations_too() {
    let platform = |kind: &str, status: &str| {
        let record = json!({ "type": format!("platform.{kind}"), "record": { "requestId": "r", "status": status } });
        record.to_string()
    };
    let set = format!("setSecret: Successfully set password for user app in MySQL DB for secret arn {ARN}.");
    let set = json!({ "level": "INFO", "message": set, "requestId": "r" }).to_string();
    let start = platform("start", "");
    let done = logged(&[&start, &set, &platform("report", "success")]);
    assert_eq!((&only(&done).outcome, only(&done).step), (&Outcome::Finished, Some(Step::Set)));
    let timeout = logged(&[&start, &set, &platform("runtimeDone", "timeout")]);
    assert_eq!(only(&timeout).outcome, Outcome::TimedOut);
    let status = logged(&[&start, &set, &platform("report", "error")]);
    assert_eq!(only(&status).outcome, failed(None, ""));
    // At WARN nothing tells of the end.
    let quiet = logged(&[&set]);
    assert_eq!((&only(&quiet).outcome, only(&quiet).ended), (&Outcome::Running, None));
    for key in ["level", "log_level"] {
        let thrown = json!({ key: "ERROR", "errorType": "KeyError", "errorMessage": "'masterarn'", "requestId": "r" });
        let failing = logged(&[&set, &thrown.to_string(), &platform("report", "error")]);
        assert_eq!(only(&failing).outcome, failed(Some("KeyError"), "'masterarn'"));
        let init = json!({ key: "ERROR", "errorType": "E", "errorMessage": "", "requestId": "" }).to_string();
        assert_eq!(only(&logged(&[&init, &start])).outcome, failed(Some("E"), ""));
    }
}

#[test]
fn a_success_that_lambda_reports_outweighs_an_error_that_was_logged() {
    let words = format!("testSecret: Unable to log into database with pending secret of secret ARN {ARN}");
    let said = json!({ "level": "ERROR", "message": words, "requestId": "r" }).to_string();
    let record = json!({ "type": "platform.report", "record": { "requestId": "r", "status": "success" } });
    assert_eq!(only(&logged(&[&said, &record.to_string()])).outcome, Outcome::Finished);
    assert_eq!(only(&logged(&[&said])).outcome, failed(None, &words));
}

#[test]
fn environments_that_run_at_the_same_time_are_kept_apart() {
    let mut invocations = Invocations::default();
    let lines = [("a", start("ra")), ("b", start("rb")), ("a", "printed in a".into()), ("b", "printed in b".into())];
    invocations.take(lines.iter().zip(0..).map(|((stream, line), at)| event(None, stream, at, line)));
    for (one, stream) in invocations.iter().zip(["a", "b"]) {
        let printed = format!("printed in {stream}");
        assert_eq!((one.stream.raw(), one.entries[1].event.message.raw()), (stream, &*printed));
    }
}

#[test]
fn whose_an_invocation_is() {
    let done =
        |version: &str, arn: &str| format!("finishSecret: Version {version} already marked as AWSCURRENT for {arn}");
    let master = format!("setSecret: Unable to log into database using credentials in master secret {OTHER}");
    let denied = format!(
        "[ERROR] ClientError: An error occurred (AccessDeniedException) on resource: {OTHER}\nTraceback (most recent call last):"
    );
    let (own, other) = (format!("rotating {ARN} now"), format!("rotating {OTHER}, then"));
    let version = format!("new version: {VERSION}.");
    let within = Run { until: Some(moment(100)), ..run() };
    let over = Run { until: Some(moment(-1)), ..run() };
    let unknown = |within| Attribution::Unattributed { within };
    for (line, in_time, out_of_time) in [
        (logs("r", &done(VERSION, ARN)), ThisRotation, ThisRotation),
        (logs("r", &done(OLDER, ARN)), ThisSecret, ThisSecret),
        (logs("r", &done(VERSION, OTHER)), OtherSecret, OtherSecret),
        (logs("r", &format!("createSecret: Successfully retrieved secret for {ARN}.")), ThisRotation, ThisSecret),
        (logs("r", &own), ThisRotation, ThisSecret),
        (logs("r", &other), OtherSecret, OtherSecret),
        (logs("r", &format!("{other} {own}")), ThisRotation, ThisSecret),
        (logs("r", &version), ThisRotation, ThisRotation),
        (logs("r", &format!("{other} {version}")), ThisRotation, ThisRotation),
        (logs("r", &format!("version {VERSION}0 or x-{VERSION}")), unknown(true), unknown(false)),
        (logs("r", &format!("{{\"ClientRequestToken\": \"{OLDER}\"}}")), unknown(false), unknown(false)),
        (
            logs("r", &format!("{{\"ClientRequestToken\": \"{OLDER}\", \"SecretId\": \"{ARN}\"}}")),
            ThisSecret,
            ThisSecret,
        ),
        (errs("r", &master), unknown(true), unknown(false)),
        (denied, unknown(true), unknown(false)),
        (logs("r", "Found credentials in environment variables."), unknown(true), unknown(false)),
    ] {
        let invocations = logged(&[&start("r"), &line]);
        assert_eq!(only(&invocations).attribution(&within), in_time, "{line}");
        assert_eq!(only(&invocations).attribution(&over), out_of_time, "{line}");
        // A line that belongs to no invocation is judged in the same way.
        if line.starts_with('[') && line.contains('\t') {
            let loose = logged(&[&line.replace("\tr\t", "\t\t")]);
            assert_eq!(loose.cut(&within)[0].0, in_time, "{line}");
        }
    }
    let any = Run { version: None, ..within };
    let older = logged(&[&start("r"), &logs("r", &done(OLDER, ARN))]);
    assert_eq!(only(&older).attribution(&any), ThisRotation);
}

#[test]
fn the_cut_has_every_line_in_order_of_time() {
    let mut invocations = Invocations::default();
    let lines = [
        (3, "b", end("rb")),
        (1, "a", start("ra")),
        (0, "c", "nobody's".to_owned()),
        (2, "b", start("rb")),
        (2, "a", logs("ra", &format!("createSecret: Successfully retrieved secret for {ARN}."))),
    ];
    invocations.take(lines.iter().map(|(at, stream, line)| event(None, stream, *at, line)));
    let cut = invocations.cut(&Run { from: moment(1), ..run() });
    let told: Vec<_> = cut.iter().map(|(whose, entry)| (*whose, entry.event.stream.raw())).collect();
    let (own, unknown) = (ThisRotation, Attribution::Unattributed { within: true });
    let nobodys = Attribution::Unattributed { within: false };
    assert_eq!(told, [(nobodys, "c"), (own, "a"), (unknown, "b"), (own, "a"), (unknown, "b")]);
}

#[test]
fn each_event_counts_once_across_both_sources() {
    let count = |events: &[(Option<usize>, i64, &str)]| {
        let mut invocations = Invocations::default();
        let new = invocations.take(events.iter().map(|(id, at, text)| event(*id, "s", *at, text)));
        assert_eq!(new, invocations.len());
        new
    };
    for (events, distinct) in [
        (&[(Some(1), 0, "x"), (Some(1), 0, "x")][..], 1),
        (&[(Some(1), 0, "x"), (Some(2), 0, "x")], 2),
        (&[(None, 0, "x"), (None, 0, "x")], 2),
        (&[(None, 0, "x"), (Some(1), 0, "x")], 1),
        (&[(Some(1), 0, "x\n"), (None, 0, "x")], 1),
        (&[(Some(1), 0, "x"), (None, 1, "x")], 2),
        (&[(Some(1), 0, "x"), (None, 0, "y")], 2),
        (&[(None, 0, "x"), (Some(1), 0, "x"), (Some(2), 0, "x"), (None, 0, "x")], 2),
        (&[(None, 0, "x"), (None, 0, "x"), (Some(1), 0, "x"), (None, 0, "x")], 3),
    ] {
        assert_eq!(count(events), distinct, "{events:?}");
    }
}

#[test]
fn the_oldest_go_when_there_is_too_much() {
    let mut few = Invocations::within(Bound { events: 3, bytes: 1_000 });
    few.take([5, 1, 4, 2, 3].map(|at| event(at, "s", i64::try_from(at).unwrap(), "ten bytes.")));
    let kept: Vec<_> = few.entries().map(|entry| entry.event.at).collect();
    assert_eq!(kept, [3, 4, 5].map(moment));
    assert_eq!(few.dropped(), Dropped { events: 2, until: Some(moment(2)) });
    // It comes once more, is new again, and is the oldest again.
    assert_eq!((few.take([event(2, "s", 2, "ten bytes.")]), few.len(), few.dropped().events), (1, 3, 3));
    let mut short = Invocations::within(Bound { events: 1_000, bytes: 25 });
    for (id, stream) in [(1, "a"), (2, "b"), (3, "b")] {
        short.take([event(id, stream, 0, "ten bytes.")]);
    }
    assert_eq!((short.len(), short.dropped().events), (2, 1));
    assert_eq!(short.loose().count(), 2);
    // One that is too long by itself stays: something is there to be seen.
    short.take([event(9, "b", 9, &"long ".repeat(9))]);
    assert_eq!((short.len(), short.dropped().events), (1, 3));
}
