//! Past invocations of a function, as its log has them: lines of Lambda's own, of the code's logger, and of what nobody
//! caught (python-logging.html, telemetry-schema-reference.html).

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use toml::Spanned;

use super::Flaw;
use super::log::Around;
use super::moment::{Moment, Span};

/// Most repetitions of an invocation.
const MOST_TIMES: u32 = 10_000;

/// Megabytes: what the console gives a function, and what Python and its SDK take of it.
const MEMORY: (u32, u32) = (128, 81);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InvocationKeys {
    at: Moment,
    /// It happened so often, `every` apart, the first time at `at`; by default once.
    times: Option<Spanned<u32>>,
    every: Option<Span>,
    took: Span,
    /// Messages of the logger, evenly over the time that it took; `[ERROR] ` in front names another level than INFO.
    #[serde(default)]
    lines: Vec<Spanned<String>>,
    /// An exception that nobody caught: `ValueError: …`.
    raised: Option<Spanned<String>>,
    /// Lambda ended it.
    #[serde(default)]
    timed_out: bool,
    /// The function logs in JSON.
    #[serde(default)]
    json: bool,
}

/// An invocation of these.
struct Invocation<'a> {
    keys: &'a InvocationKeys,
    request: String,
    lines: &'a [String],
    raised: Option<&'a str>,
    began: DateTime<Utc>,
    ended: DateTime<Utc>,
}

/// A line of a log, and when.
type Line = (DateTime<Utc>, String);

impl Around<'_> {
    /// The lines of all repetitions, in order.
    pub(super) fn invocations(&self, group: &str, keys: &Spanned<InvocationKeys>) -> Result<Vec<Line>, Flaw> {
        let given = keys.get_ref();
        let times = given.times.as_ref().map_or(1, |times| *times.get_ref());
        let every = given.every.and_then(|span| TimeDelta::from_std(span.0).ok());
        if !(1..=MOST_TIMES).contains(&times) || (times > 1 && every.is_none()) {
            return Err(Flaw::at(keys, "it happens from 1 to 10000 `times`, and `every` so often if more than once"));
        }
        let lines: Vec<String> = given.lines.iter().map(|line| self.filled(line)).collect::<Result<_, _>>()?;
        let raised = given.raised.as_ref().map(|text| self.filled(text)).transpose()?;
        let took = TimeDelta::from_std(given.took.0).unwrap_or_default();
        let (mut all, mut began) = (Vec::new(), given.at.utc(self.start));
        for _ in 0..times {
            let seed = self.seed.fork("invocation").fork(group).fork(&began.to_rfc3339());
            let request = seed.clone().uuid().to_string();
            let (lines, raised, ended) = (lines.as_slice(), raised.as_deref(), began + took);
            all.extend(Invocation { keys: given, request, lines, raised, began, ended }.lines());
            began += every.unwrap_or_default();
        }
        Ok(all)
    }
}

impl Invocation<'_> {
    fn lines(&self) -> Vec<Line> {
        let request = &self.request;
        let start = json!({ "requestId": request, "version": "$LATEST" });
        let mut all =
            vec![self.own(self.began, &format!("START RequestId: {request} Version: $LATEST"), "start", &start)];
        let parts = i64::try_from(self.lines.len() + 1).unwrap_or(1);
        let share = TimeDelta::milliseconds((self.ended - self.began).num_milliseconds() / parts);
        let mut at = self.began;
        for line in self.lines {
            at += share;
            all.push((at, self.said(at, line)));
        }
        all.extend(self.raised.map(|raised| (self.ended, self.exception(raised))));
        if self.keys.timed_out && !self.keys.json {
            let seconds = duration(self.ended - self.began) / 1000.0;
            all.push((
                self.ended,
                format!("{} {request} Task timed out after {seconds:.2} seconds\n\n", stamp(self.ended)),
            ));
        }
        if !self.keys.json {
            all.push((self.ended, format!("END RequestId: {request}\n")));
        }
        all.push(self.report());
        all
    }

    fn report(&self) -> Line {
        let (took, (memory, used), request) = (duration(self.ended - self.began), MEMORY, &self.request);
        let billed = took.ceil();
        let end = if self.keys.timed_out { "\tStatus: timeout" } else { "" };
        let text = format!(
            "REPORT RequestId: {request}\tDuration: {took:.2} ms\tBilled Duration: {billed} ms\t\
             Memory Size: {memory} MB\tMax Memory Used: {used} MB{end}"
        );
        let status = match (self.keys.timed_out, self.raised) {
            (true, _) => "timeout",
            (false, Some(_)) => "error",
            (false, None) => "success",
        };
        let metrics = json!({ "durationMs": took, "billedDurationMs": billed, "memorySizeMB": memory,
            "maxMemoryUsedMB": used });
        let record = json!({ "requestId": request, "status": status, "metrics": metrics });
        self.own(self.ended, &text, "report", &record)
    }

    /// A line of Lambda's own.
    fn own(&self, at: DateTime<Utc>, text: &str, kind: &str, record: &Value) -> Line {
        if !self.keys.json {
            return (at, format!("{text}\n"));
        }
        let line = json!({ "time": stamp(at), "type": format!("platform.{kind}"), "record": record });
        (at, line.to_string())
    }

    fn said(&self, at: DateTime<Utc>, line: &str) -> String {
        let levelled = line.strip_prefix('[').and_then(|line| line.split_once("] "));
        let (level, message) = levelled.unwrap_or(("INFO", line));
        if self.keys.json {
            return json!({ "timestamp": seconds(at), "level": level, "message": message, "logger": "root",
                "requestId": self.request })
            .to_string();
        }
        format!("[{level}]\t{}\t{}\t{message}\n", stamp(at), self.request)
    }

    /// Without level, time and request in text; the blanks of the traceback are U+00A0 there.
    fn exception(&self, raised: &str) -> String {
        let (kind, message) = raised.split_once(": ").unwrap_or((raised, ""));
        let place = "File \"/var/task/lambda_function.py\", line 68, in lambda_handler";
        if self.keys.json {
            return json!({ "timestamp": seconds(self.ended), "level": "ERROR", "errorMessage": message,
                "errorType": kind, "requestId": self.request, "stackTrace": [format!("  {place}\n")] })
            .to_string();
        }
        format!("[ERROR] {raised}\nTraceback (most recent call last):\n\u{a0}\u{a0}{place}")
    }
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Python's JSON has whole seconds.
fn seconds(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Milliseconds.
#[expect(clippy::cast_precision_loss, reason = "no invocation lasts longer than a quarter of an hour")]
fn duration(took: TimeDelta) -> f64 {
    took.num_microseconds().unwrap_or_default() as f64 / 1000.0
}
