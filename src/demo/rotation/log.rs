//! What an invocation leaves in the function's log: Lambda's own lines and those of the Python runtime, in text or JSON
//! (python-logging.html, telemetry-schema-reference.html).

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::millis;
use super::raised::Raised;
use crate::demo::function::{Format, Function};
use crate::demo::logs::Written;
use crate::demo::rotation::Environments;
use crate::demo::seed::{Seed, hash};
use crate::demo::world::Inner;

/// What Lambda's runtime prints before an exception that nobody caught in the init phase.
const WARNING: &str = "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. \
    However, in rare cases, a Lambda runtime update can cause unexpected function behavior. For functions using managed \
    runtimes, runtime updates can be triggered by a function change, or can be applied automatically. To determine if \
    the runtime has been updated, check the runtime version in the INIT_START log entry. If this error correlates with \
    a change in the runtime version, you may be able to mitigate this error by temporarily rolling back to the previous \
    runtime version. For more information, see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html\r";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Debug,
    Info,
    Warning,
    Error,
}

/// How an invocation ended, for its REPORT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Success,
    /// The code has raised an exception.
    Failure,
    /// The runtime has failed, with this type.
    Error(&'static str),
    Timeout {
        is_told: bool,
    },
}

/// The log of one invocation.
pub(super) struct Log<'a> {
    pub(super) world: &'a Inner,
    pub(super) function: &'a Function,
    pub(super) environments: &'a mut Environments,
    pub(super) stream: &'a str,
    pub(super) request: &'a str,
    pub(super) dice: &'a mut Seed,
    /// When this is written. A reader may have seen all that arrived before.
    pub(super) now: DateTime<Utc>,
    /// The function is of another account: its log is there.
    pub(super) is_elsewhere: bool,
}

impl Log<'_> {
    pub(super) fn init_start(&mut self, at: DateTime<Utc>) {
        let runtime = self.function.runtime.as_ref();
        let (short, region) = (runtime.replacen("python", "python:", 1), self.world.region.clone());
        let seed = hash(runtime.as_bytes());
        let hex = [0, 13, 26, 39].map(|by| format!("{:016x}", seed.rotate_left(by))).concat();
        let (version, arn) =
            (format!("{short}.v{}", 40 + seed % 60), format!("arn:aws:lambda:{region}::runtime:{hex}"));
        let text = format!("INIT_START Runtime Version: {version}\tRuntime Version ARN: {arn}\n");
        let name = &self.function.name;
        let record = json!({ "initializationType": "on-demand", "phase": "init", "runtimeVersion": version,
            "runtimeVersionArn": arn, "functionName": name, "functionVersion": "$LATEST" });
        self.platform(at, Level::Info, text, "initStart", &record);
    }

    /// The init phase has failed.
    pub(super) fn init_report(&mut self, at: DateTime<Utc>, took: TimeDelta, phase: &str, kind: &str) {
        let took = duration(took);
        let text =
            format!("INIT_REPORT Init Duration: {took:.2} ms\tPhase: {phase}\tStatus: error\tError Type: {kind}\n");
        let record = json!({ "initializationType": "on-demand", "phase": phase, "status": "error", "errorType": kind,
            "metrics": { "durationMs": took } });
        self.platform(at, Level::Warning, text, "initReport", &record);
    }

    pub(super) fn start(&mut self, at: DateTime<Utc>) {
        let text = format!("START RequestId: {} Version: $LATEST\n", self.request);
        let record = json!({ "requestId": self.request, "version": "$LATEST" });
        self.platform(at, Level::Info, text, "start", &record);
    }

    /// A line of the code's logger; `logger` is its name.
    pub(super) fn said(&mut self, at: DateTime<Utc>, level: Level, logger: &str, message: &str) {
        if level < threshold(&self.function.log.application_level) {
            return;
        }
        let (word, request) = (level.word(), self.request);
        let text = match self.function.log.format {
            Format::Text => format!("[{word}]\t{}\t{request}\t{message}\n", stamp(at)),
            Format::Json => json!({ "timestamp": seconds(at), "level": word, "message": message, "logger": logger,
                "requestId": request })
            .to_string(),
        };
        self.write(at, text);
    }

    /// An exception, with its traceback.
    pub(super) fn raised(&mut self, at: DateTime<Utc>, raised: &Raised) {
        let text = match self.function.log.format {
            Format::Text => raised.text(),
            Format::Json => raised.json(at, self.request, self.function.runtime.as_ref()),
        };
        self.write(at, text);
    }

    /// What the runtime says first of an exception in the init phase: no request has come yet.
    pub(super) fn warning(&mut self, at: DateTime<Utc>) {
        let text = match self.function.log.format {
            Format::Text => format!("[WARNING]\t{}\t\t{WARNING}", stamp(at)),
            Format::Json => json!({ "timestamp": seconds(at), "level": "WARNING", "message": WARNING.trim_end(),
                "logger": "root", "requestId": "" })
            .to_string(),
        };
        self.write(at, text);
    }

    /// `Task timed out`, which is a line of Lambda in both formats.
    pub(super) fn timed_out(&mut self, at: DateTime<Utc>, took: TimeDelta) {
        if self.function.log.format == Format::Text {
            let seconds = duration(took) / 1000.0;
            self.write(at, format!("{} {} Task timed out after {seconds:.2} seconds\n\n", stamp(at), self.request));
        }
    }

    /// END and REPORT.
    pub(super) fn report(&mut self, at: DateTime<Utc>, took: TimeDelta, init: Option<TimeDelta>, status: Status) {
        // Lambda measures more finely than the log's dates are.
        let finer = TimeDelta::microseconds(i64::try_from(self.dice.below(100)).unwrap_or_default() * 10);
        let finer = if matches!(status, Status::Timeout { .. }) { TimeDelta::zero() } else { finer };
        let (took, memory) = (duration(took + finer), self.function.memory);
        let billed = took.ceil();
        let used = self.environments.get(self.function, self.stream).map_or(80, |environment| environment.memory_used);
        let mut text = format!(
            "REPORT RequestId: {}\tDuration: {took:.2} ms\tBilled Duration: {billed} ms\tMemory Size: {memory} MB\t\
             Max Memory Used: {used} MB",
            self.request
        );
        let mut metrics = json!({ "durationMs": took, "billedDurationMs": billed, "memorySizeMB": memory,
            "maxMemoryUsedMB": used });
        let init = init.map(|init| duration(init + finer));
        let init_text = init.map_or_else(String::new, |init| format!("\tInit Duration: {init:.2} ms"));
        text.push_str(&init_text);
        if let (Some(init), Some(metrics)) = (init, metrics.as_object_mut()) {
            metrics.insert("initDurationMs".to_owned(), Value::from(init));
        }
        let (word, kind, behind) = status.words();
        text.push_str(&behind);
        text.push('\n');
        let level = if status == Status::Success { Level::Info } else { Level::Warning };
        let (request, end) = (self.request.to_owned(), format!("END RequestId: {}\n", self.request));
        let of = |metrics: &Value| {
            let mut record = json!({ "requestId": request, "status": word, "metrics": metrics });
            if let (Some(kind), Some(record)) = (kind, record.as_object_mut()) {
                record.insert("errorType".to_owned(), Value::from(kind));
            }
            record
        };
        // DEBUG where all went well.
        let done = if status == Status::Success { Level::Debug } else { Level::Warning };
        self.platform(at, done, end, "runtimeDone", &of(&json!({ "durationMs": took, "producedBytes": 4 })));
        self.platform(at, level, text, "report", &of(&metrics));
    }

    /// A line of Lambda's own; in text all of them are written.
    fn platform(&mut self, at: DateTime<Utc>, level: Level, text: String, kind: &str, record: &Value) {
        match self.function.log.format {
            Format::Text => self.write(at, text),
            Format::Json if level >= threshold(&self.function.log.system_level) => {
                let line = json!({ "time": stamp(at), "type": format!("platform.{kind}"), "record": record });
                self.write(at, line.to_string());
            }
            Format::Json => {}
        }
    }

    /// Readers see a line soon, and those of a stream in their order.
    fn write(&mut self, at: DateTime<Utc>, message: String) {
        if self.is_elsewhere {
            return;
        }
        let mut ingested = (at + millis(self.dice, 300, 1200)).max(self.now);
        if let Some(environment) = self.environments.get(self.function, self.stream) {
            ingested = ingested.max(environment.ingested);
            environment.ingested = ingested;
        }
        let stream = self.stream.to_owned();
        self.world.logs.write(&self.function.log.group, Written { stream, at, ingested, message });
    }
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }
}

impl Status {
    /// The status in JSON, its errorType, and what stands behind REPORT in text.
    fn words(self) -> (&'static str, Option<&'static str>, String) {
        match self {
            Self::Success => ("success", None, String::new()),
            Self::Failure => ("error", None, String::new()),
            Self::Error(kind) => ("error", Some(kind), format!("\tStatus: error\tError Type: {kind}")),
            Self::Timeout { is_told: true } => ("timeout", None, "\tStatus: timeout".to_owned()),
            Self::Timeout { is_told: false } => ("timeout", None, String::new()),
        }
    }
}

/// The least level that is written.
fn threshold(word: &str) -> Level {
    match word {
        "TRACE" | "DEBUG" => Level::Debug,
        "WARN" | "WARNING" => Level::Warning,
        "ERROR" | "FATAL" | "CRITICAL" => Level::Error,
        _ => Level::Info,
    }
}

/// Milliseconds.
#[expect(clippy::cast_precision_loss, reason = "no invocation lasts longer than a quarter of an hour")]
fn duration(took: TimeDelta) -> f64 {
    took.num_microseconds().unwrap_or_default() as f64 / 1000.0
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(super) fn seconds(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
