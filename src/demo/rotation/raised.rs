//! An exception that the function's code doesn't catch, as the Python runtime logs it (awslambdaric).

use chrono::{DateTime, Utc};
use serde_json::json;

use super::log::seconds;

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
