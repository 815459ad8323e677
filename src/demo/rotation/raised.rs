//! An exception that the function's code doesn't catch, as the Python runtime logs it (awslambdaric).

use chrono::{DateTime, Utc};
use serde_json::json;

use super::Step;
use super::log::seconds;

pub(super) const CODE: &str = "/var/task/lambda_function.py";
const BOTOCORE: &str = "/var/lang/lib/python3.12/site-packages/botocore/client.py";

/// Where the handler calls a step, and where that raises.
const CALLS: [(Step, u32, u32); 4] =
    [(Step::Create, 68, 109), (Step::Set, 71, 188), (Step::Test, 74, 249), (Step::Finish, 77, 283)];

/// An exception that nobody caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raised {
    pub(super) kind: String,
    pub(super) message: String,
    pub(super) frames: Vec<Frame>,
}

/// A place in the code, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) file: &'static str,
    pub(super) line: u32,
    pub(super) function: &'static str,
    pub(super) code: String,
}

impl Raised {
    /// Raised in a step, as far as the handler.
    pub(super) fn by(step: Step, kind: &str, message: &str) -> Self {
        let (_, call, raise) = CALLS.into_iter().find(|(found, ..)| *found == step).unwrap_or((step, 68, 109));
        let called = format!("{}(service_client, arn, token)", step.function());
        let of_code = |line, function, code| Frame { file: CODE, line, function, code };
        let mut frames = vec![of_code(call, "lambda_handler", called)];
        match kind {
            "ValueError" => frames.push(of_code(raise, step.function(), format!("raise ValueError({message:?})"))),
            "ClientError" => {
                frames.push(of_code(raise, step.function(), "response = call(SecretId=arn)".to_owned()));
                let code = "raise error_class(parsed_response, operation_name)".to_owned();
                frames.push(Frame { file: BOTOCORE, line: 1078, function: "_make_api_call", code });
            }
            _ => {
                let code = "secret_dict = get_secret_dict(service_client, arn, stage, token)".to_owned();
                frames.push(of_code(raise, step.function(), code));
            }
        }
        Self { kind: kind.to_owned(), message: message.to_owned(), frames }
    }

    /// The runtime makes the blanks of the traceback U+00A0 (awslambdaric).
    pub(super) fn text(&self) -> String {
        let colon = if self.message.is_empty() { "" } else { ": " };
        let mut text = format!("[ERROR] {}{colon}{}\nTraceback (most recent call last):", self.kind, self.message);
        for frame in self.trace() {
            for line in frame.trim_end().lines() {
                let words = line.trim_start();
                text.push('\n');
                text.push_str(&"\u{a0}".repeat(line.len() - words.len()));
                text.push_str(words);
            }
        }
        text
    }

    /// The level has another name since version 4.0.4 of the runtime client, which the newer runtimes have.
    pub(super) fn json(&self, at: DateTime<Utc>, request: &str, runtime: &str) -> String {
        let level = if matches!(runtime, "python3.12" | "python3.13" | "python3.14") { "level" } else { "log_level" };
        json!({ "timestamp": seconds(at), level: "ERROR", "errorMessage": self.message, "errorType": self.kind,
            "requestId": request, "stackTrace": self.trace() })
        .to_string()
    }

    fn trace(&self) -> Vec<String> {
        let frame = |Frame { file, line, function, code }: &Frame| {
            format!("  File \"{file}\", line {line}, in {function}\n    {code}\n")
        };
        self.frames.iter().map(frame).collect()
    }
}
