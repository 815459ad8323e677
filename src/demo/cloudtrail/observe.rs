//! What CloudTrail keeps of the requests that arrive here, refused or not (cloudtrail_log_entries.html).

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::demo::rotation::record::record;
use crate::demo::trail::{self, Act, By, Request};
use crate::demo::wire::answer::{Answer, Refusal};
use crate::demo::wire::call::{Call, Service};
use crate::demo::world::Inner;

/// The operations whose answer CloudTrail keeps, since they change something.
const WRITES: [&str; 5] =
    ["RotateSecret", "CancelRotateSecret", "UpdateSecretVersionStage", "DeleteSecret", "RestoreSecret"];

/// The others: of them it keeps the question alone.
const READS: [&str; 3] = ["DescribeSecret", "ListSecretVersionIds", "ListSecrets"];

pub(in crate::demo) fn observe(world: &Inner, call: &Call, result: &Result<Answer, Refusal>) {
    let name = WRITES.into_iter().chain(READS).find(|name| *name == call.operation);
    let is_here = call.service == Some(Service::SecretsManager) && call.region == world.region;
    let (Some(name), Some(input), true) = (name, &call.input, is_here) else { return };
    let asked = input.get("SecretId").and_then(Value::as_str);
    let secret = call.secret.as_ref().map(|secret| secret.name.as_str()).or(asked);
    let (input, answer, error) = match result {
        Ok(_) if READS.contains(&name) => (spelled(input), Value::Null, None),
        Ok(answer) => {
            let body = answer.body.bytes().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
            (spelled(input), spelled(&body), None)
        }
        Err(refusal) => {
            let message = refusal.message.clone().unwrap_or_default();
            let is_denied = refusal.code == "AccessDeniedException" && message.starts_with("User: ");
            // The code loses its end, and the parameters are left out (observed, <https://github.com/DataDog/stratus-red-team>).
            let (code, input) =
                if is_denied { ("AccessDenied", Value::Null) } else { (refusal.code.as_str(), spelled(input)) };
            (input, Value::Null, Some((code.to_owned(), message)))
        }
    };
    let (name, by, answer) = (name.into(), By::Caller, trail::Answer::Whole(answer));
    let request = Request { name, by, called: None, input, answer, error };
    record(world, secret, Act::Call(Box::new(request)), world.clock.utc());
}

/// The members as CloudTrail spells them: with a small letter first, and `arn`.
fn spelled(value: &Value) -> Value {
    let members = match value {
        Value::Object(members) => members,
        Value::Array(list) => return list.iter().map(spelled).collect(),
        other => return other.clone(),
    };
    let small = |key: &str| match key {
        "ARN" => "arn".to_owned(),
        _ => key.chars().take(1).flat_map(char::to_lowercase).chain(key.chars().skip(1)).collect(),
    };
    let told = |(key, value): (&String, &Value)| {
        let date = value.as_f64().filter(|_| key == "DeletionDate").and_then(dated);
        (small(key), date.unwrap_or_else(|| spelled(value)))
    };
    Value::Object(members.iter().map(told).collect::<Map<_, _>>())
}

#[expect(clippy::cast_possible_truncation, reason = "a date of a world fits into an integer")]
fn dated(seconds: f64) -> Option<Value> {
    let at = DateTime::<Utc>::from_timestamp(seconds as i64, 0)?;
    Some(Value::from(local(at)))
}

/// A date as the trail has it in `responseElements`: in words, and without a time zone (cloudtrail_log_entries.html).
pub(in crate::demo) fn local(at: DateTime<Utc>) -> String {
    at.format("%b %-d, %Y %-I:%M:%S %p").to_string()
}
