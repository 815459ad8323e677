//! Lines in Lambda's JSON format, of the platform and of the function.
//!
//! Sources: <https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html>,
//! <https://github.com/aws/aws-lambda-python-runtime-interface-client>

use serde_json::{Map, Value};

use super::{Format, Kind, Level, Line, platform, request_id, trace};

/// Reads a JSON line; `None` if it is no JSON object, or one of another form.
pub(super) fn read(text: &str) -> Option<Line> {
    if !text.starts_with('{') {
        return None;
    }
    let object: Map<String, Value> = serde_json::from_str(text).ok()?;
    match (words(&object, "type"), object.get("record")) {
        (Some(kind), Some(record)) if kind.starts_with("platform.") => Some(platform::of_record(kind, record)),
        _ => application(&object),
    }
}

/// A line of the function: what it logged, or an exception that nobody caught, which has no `message`.
fn application(object: &Map<String, Value>) -> Option<Line> {
    let (error, reason) = (words(object, "errorType"), words(object, "errorMessage"));
    let (kind, message) = match object.get("message") {
        Some(Value::String(message)) => (Kind::Logged, message.clone()),
        Some(message) => (Kind::Logged, message.to_string()),
        None => (Kind::Uncaught, error.and(reason)?.to_owned()),
    };
    let mut rows: Vec<&str> = object.get("stackTrace").and_then(Value::as_array).map_or_else(Vec::new, |rows| {
        rows.iter().filter_map(Value::as_str).map(|row| row.trim_end_matches('\n')).collect()
    });
    let last = error.filter(|_| kind == Kind::Logged).map(|error| format!("{error}: {}", reason.unwrap_or_default()));
    rows.extend(last.as_deref());
    Some(Line {
        format: Format::Json,
        // Runtime clients up to 4.0.1 call the level of an exception `log_level`.
        level: words(object, "level").or_else(|| words(object, "log_level")).and_then(Level::from_aws),
        request_id: words(object, "requestId").and_then(request_id),
        message: message.trim_end_matches(['\n', '\r']).into(),
        error: error.map(Into::into),
        trace: trace(&rows.join("\n")),
        kind,
    })
}

fn words<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}
