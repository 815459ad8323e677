//! Time-outs: what the function wrote last, and the step, decide.

use secdash::domain::invocation::Invocations;
use secdash::domain::log::LogEvent;
use secdash::domain::rotation::Step;

use super::made::{ARN, ID, Log, causes, event, moment};

const FOUND: &str = "Found credentials in environment variables.";
const WAITS: &str = "setSecret: user orders not active, waiting.";

pub struct Case {
    pub id: &'static str,
    step: Option<Step>,
    lines: &'static [&'static str],
}

const fn case(id: &'static str, step: Option<Step>, lines: &'static [&'static str]) -> Case {
    Case { id, step, lines }
}

pub const CASES: &[Case] = &[
    case("time-out-without-a-word", None, &[FOUND]),
    case("secrets-manager-not-reached", Some(Step::Create), &[FOUND]),
    case("silent-time-out", Some(Step::Create), &[]),
    case("time-out-before-login", Some(Step::Set), &[]),
    case("time-out-before-login", Some(Step::Set), &[FOUND]),
    case("time-out-in-test", Some(Step::Test), &[]),
    case("time-out-in-test", Some(Step::Test), &[FOUND]),
    case("time-out-in-finish", Some(Step::Finish), &[]),
    case("time-out-in-finish", Some(Step::Finish), &[FOUND]),
    case("time-out-without-a-word", None, &[]),
    case("time-out-at-work", None, &[FOUND, WAITS]),
    case("time-out-at-work", Some(Step::Set), &[WAITS]),
    case("time-out-at-work", None, &["Encountered error while verifying rds replica status: no answer"]),
    case("time-out-at-work", None, &["Found 3 users"]),
];

/// The marks of a time-out, all of which were seen: Lambda's line before END, after REPORT, or REPORT's status alone.
fn marked(lines: &[&str], marks: usize, is_json: bool) -> Vec<LogEvent> {
    let log = Log { id: ID, is_json };
    let task = format!("2026-11-20T09:13:52.134Z {ID} Task timed out after 30.03 seconds\n\n");
    let end = format!("END RequestId: {ID}\n");
    let mut all = vec![log.start()];
    all.extend(lines.iter().map(|line| log.said("INFO", line)));
    match (is_json, marks) {
        (true, _) => all.push(log.report(30_000, "timeout")),
        (false, 0) => all.extend([task, end, log.report(30_000, "")]),
        (false, 1) => all.extend([end, log.report(30_000, ""), task]),
        (false, _) => all.extend([end, log.report(30_000, "timeout")]),
    }
    all.iter().zip(0..).map(|(line, nth)| event(moment(nth * 10), line)).collect()
}

fn ids(events: &[LogEvent], step: Option<Step>) -> Vec<String> {
    let mut invocations = Invocations::default();
    invocations.take(events.to_vec());
    causes(invocations.iter().next().unwrap(), step)
}

#[test]
fn every_time_out_has_its_signature_and_no_other() {
    for case in CASES {
        for (marks, is_json) in [(0, false), (1, false), (2, false), (2, true)] {
            let found = ids(&marked(case.lines, marks, is_json), case.step);
            println!("{:30} {:?} {:?}", found.join(" "), case.step, case.lines);
            assert_eq!(found, [case.id], "{:?} {:?}, marks {marks}", case.step, case.lines);
        }
    }
}

#[test]
fn a_step_that_lines_name_goes_before_the_one_that_was_due() {
    let waits = format!("setSecret: AWSPENDING secret is already set as password in Db2 for secret arn {ARN}.");
    let log = marked(&[&waits], 0, false);
    assert_eq!(ids(&log, Some(Step::Create)), ["time-out-at-work"]);
}

#[test]
fn a_time_out_is_explained_by_its_last_line_only() {
    let tls = "Unable to establish SSL/TLS handshake, SSL/TLS is not enabled on the host: h";
    let log = marked(&[FOUND, tls], 0, false);
    assert_eq!(ids(&log, Some(Step::Set)), ["time-out-at-work"]);
}
