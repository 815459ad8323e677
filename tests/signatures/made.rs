//! Invocations that fail, as Lambda logs them in both formats, and the texts by which they do.

use chrono::{DateTime, Utc};
use secdash::domain::catalogue::Catalogue;
use secdash::domain::invocation::{Invocation, Invocations};
use secdash::domain::log::LogEvent;
use secdash::domain::rotation::Step;
use secdash::text::AwsText;
use serde_json::json;

pub const ARN: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-a1B2c3";
pub const OTHER: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/users/db-d4E5f6";
pub const SUPERUSER: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/root-g7H8i9";
pub const VERSION: &str = "7d0c2f7e-1111-4222-8333-94445555f2e1";
pub const ID: &str = "8f507cfc-1111-4697-b07a-ac58fc914c95";

/// Words that no signature has.
pub const UNKNOWN: &str = "it went wrong";

/// A text of `texts.txt`.
#[derive(Debug, Clone)]
pub struct Text {
    pub id: &'static str,
    pub step: Option<Step>,
    /// The type of the exception; `None` where the text is logged only.
    pub error: Option<&'static str>,
    pub is_logged: bool,
    pub is_bound_to_error: bool,
    /// Milliseconds; `None` where no line tells.
    pub took: Option<u32>,
    /// With its places still open.
    pub words: &'static str,
}

pub fn texts() -> Vec<Text> {
    let lines = include_str!("texts.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(text).collect()
}

fn text(line: &'static str) -> Text {
    let parts: Vec<_> = line.splitn(4, '|').map(str::trim).collect();
    let [id, step, how, words] = parts[..] else { panic!("{line}") };
    let step = Step::ALL.into_iter().find(|known| known.word() == step);
    let (how, took) = how.split_once(' ').unwrap_or((how, "1s"));
    let took = took.strip_suffix('s').map(|seconds| seconds.parse::<u32>().unwrap() * 1_000 + 50);
    let error = how.trim_matches(['+', '!']);
    Text {
        id,
        step,
        error: Some(error).filter(|error| *error != "logged"),
        is_logged: how.starts_with('+') || how == "logged",
        is_bound_to_error: how.ends_with('!'),
        took,
        words,
    }
}

/// The text with its places filled in.
pub fn filled(text: &str) -> String {
    let names = [
        ("{arn}", ARN),
        ("{superuser}", SUPERUSER),
        ("{version}", VERSION),
        ("{user}", "orders_app"),
        ("{other}", "orders_old"),
        ("{host}", "orders.c1a2b3.eu-west-1.rds.amazonaws.com"),
        ("{word}", "host"),
        ("{head}", "arn:aws:rds:eu-west-1:111122223333:db:orders"),
        ("{tail}", " whatever\nit says"),
    ];
    let text = names.into_iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
    text.replace("{=", "").replace('}', "")
}

/// An invocation that goes wrong.
#[derive(Debug, Clone)]
pub struct Wrong {
    pub step: Option<Step>,
    pub logged: Vec<String>,
    pub error: String,
    pub message: String,
    pub took: Option<u32>,
    pub is_json: bool,
}

impl Wrong {
    /// What fails by words that nobody knows.
    pub fn unknown() -> Self {
        Self {
            step: None,
            logged: Vec::new(),
            error: "RuntimeError".to_owned(),
            message: UNKNOWN.to_owned(),
            took: Some(1_000),
            is_json: false,
        }
    }

    /// How a text shows; `words` is the text.
    pub fn by(text: &Text, words: &str, is_json: bool) -> Self {
        let prefix = text.step.map_or_else(String::new, |step| format!("{}: ", step.word()));
        let logged = text.is_logged.then(|| format!("{prefix}{words}"));
        let unknown = Self::unknown();
        let (error, message) =
            text.error.map_or((unknown.error, unknown.message), |error| (error.to_owned(), words.to_owned()));
        Self { step: text.step, logged: logged.into_iter().collect(), error, message, took: text.took, is_json }
    }

    /// Its events; the invocation of this number in a stream, from 0.
    pub fn events(&self, number: u32) -> Vec<LogEvent> {
        let (id, from) = (id(number), i64::from(number) * 100_000);
        let log = Log { id: &id, is_json: self.is_json };
        let mut lines = Vec::new();
        lines.extend(self.took.map(|_| log.start()));
        lines.extend(self.logged.iter().map(|line| log.said("ERROR", line)));
        lines.push(log.raised(&self.error, &self.message, self.step));
        let end = self.took.map(|took| log.report(took, "error"));
        let at = |line: i64| moment(from + 10 * line);
        let ended = from + i64::from(self.took.unwrap_or_default()) + 100;
        let mut events: Vec<_> = lines.iter().zip(0..).map(|(line, nth)| event(at(nth), line)).collect();
        events.extend(end.iter().map(|line| event(moment(ended), line)));
        events
    }

    /// The signatures that fit.
    pub fn ids(&self) -> Vec<String> {
        ids(&self.events(0))
    }
}

pub fn id(number: u32) -> String {
    format!("{}{number:02}", &ID[..ID.len() - 2])
}

/// Lines of one invocation.
pub struct Log<'a> {
    pub id: &'a str,
    pub is_json: bool,
}

impl Log<'_> {
    pub fn start(&self) -> String {
        if self.is_json {
            let record = json!({ "requestId": self.id, "version": "$LATEST" });
            return json!({ "time": "2026-11-20T09:13:22.104Z", "type": "platform.start", "record": record })
                .to_string();
        }
        format!("START RequestId: {} Version: $LATEST\n", self.id)
    }

    pub fn said(&self, level: &str, message: &str) -> String {
        if self.is_json {
            return json!({ "timestamp": "2026-11-20T09:13:22Z", "level": level, "message": message, "logger": "root",
                "requestId": self.id })
            .to_string();
        }
        format!("[{level}]\t2026-11-20T09:13:22.104Z\t{}\t{message}\n", self.id)
    }

    /// An exception with a traceback that has the step's function.
    pub fn raised(&self, error: &str, message: &str, step: Option<Step>) -> String {
        let quote = if message.contains('\'') { '"' } else { '\'' };
        let message = if error == "KeyError" { format!("{quote}{message}{quote}") } else { message.to_owned() };
        let function = step.map_or("helper".to_owned(), |step| step.word().replace("Secret", "_secret"));
        let frames = [("lambda_handler", 71), (function.as_str(), 188)];
        let file = "/var/task/lambda_function.py";
        let rows =
            frames.map(|(function, line)| format!("  File \"{file}\", line {line}, in {function}\n    x(arn)\n"));
        if self.is_json {
            return json!({ "timestamp": "2026-11-20T09:13:22Z", "log_level": "ERROR", "errorMessage": message,
                "errorType": error, "requestId": self.id, "stackTrace": rows })
            .to_string();
        }
        let colon = if message.is_empty() { "" } else { ": " };
        let rows = rows.concat().replace("  ", "\u{a0}\u{a0}");
        format!("[ERROR] {error}{colon}{message}\nTraceback (most recent call last):\n{rows}")
    }

    pub fn report(&self, took: u32, status: &str) -> String {
        if self.is_json {
            let metrics =
                json!({ "durationMs": took, "billedDurationMs": took, "memorySizeMB": 128, "maxMemoryUsedMB": 79 });
            let record = json!({ "requestId": self.id, "status": status, "metrics": metrics });
            return json!({ "time": "2026-11-20T09:13:52.104Z", "type": "platform.report", "record": record })
                .to_string();
        }
        let status = if status == "timeout" { "\tStatus: timeout" } else { "" };
        format!(
            "REPORT RequestId: {}\tDuration: {took}.00 ms\tBilled Duration: {took} ms\tMemory Size: 128 MB\tMax Memory Used: 79 MB{status}\n",
            self.id
        )
    }
}

pub fn moment(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_800_000_000_000 + ms).unwrap()
}

pub fn event(at: DateTime<Utc>, message: &str) -> LogEvent {
    LogEvent { id: None, stream: "s".into(), at, ingested: None, message: message.into() }
}

/// The signatures that fit the only invocation of these events.
pub fn ids(events: &[LogEvent]) -> Vec<String> {
    let mut invocations = Invocations::default();
    invocations.take(events.to_vec());
    let all: Vec<_> = invocations.iter().collect();
    let [invocation] = all[..] else { panic!("{all:#?}") };
    causes(invocation, None)
}

pub fn causes(invocation: &Invocation, step: Option<Step>) -> Vec<String> {
    let found = Catalogue::builtin().causes(invocation, Some(&AwsText::from(ARN)), step);
    found.into_iter().map(|found| found.signature.id().to_owned()).collect()
}
