//! From the keys of an event to what CloudTrail recorded: repeated attempts counted out, contradictions refused.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use serde_json::{Map, Value, json};
use toml::Spanned;

use super::Flaw;
use super::file::{ArnKeys, CalledBy, EventKeys};
use crate::demo::cloudtrail::local;
use crate::demo::labels::{self, CURRENT, PENDING};
use crate::demo::secret::{Secret, Text};
use crate::demo::seed::Seed;
use crate::demo::trail::{Act, Answer, By, Called, Event, Request, Service, Why};

/// Most events that one entry may stand for.
const MOST_TIMES: u32 = 10_000;

/// Days of a recovery window that nobody chose (API_DeleteSecret.html).
const WINDOW: TimeDelta = TimeDelta::days(30);

/// What the service does by itself begins like one of these where it rotates, and then it is about a version, and ends
/// like one of those where it deletes (cloudtrail_log_entries.html).
const OF_ROTATION: [&str; 2] = ["Rotation", "TestRotation"];
const OF_DELETION: [&str; 2] = ["SecretVersionDelete", "SecretVersionDeletion"];

/// Calls whose answer has neither the secret's ARN nor anything else.
const SILENT: [&str; 8] = [
    "Get",
    "List",
    "Describe",
    "BatchGet",
    "TagResource",
    "UntagResource",
    "PutResourcePolicy",
    "DeleteResourcePolicy",
];

/// The calls that are known; of the others a key says that they are calls (retrieve-ct-entries.html).
const CALLS: [&str; 26] = [
    "AssociateCrossAccountReplica",
    "BatchGetSecretValue",
    "CancelRotateSecret",
    "CreateSecret",
    "DeleteResourcePolicy",
    "DeleteSecret",
    "DescribeSecret",
    "DisassociateCrossAccountReplica",
    "GetRandomPassword",
    "GetResourcePolicy",
    "GetSecretValue",
    "ListResourcePolicies",
    "ListSecretVersionIds",
    "ListSecrets",
    "PutResourcePolicy",
    "PutSecretValue",
    "RemoveRegionsFromReplication",
    "ReplicateSecretToRegions",
    "RestoreSecret",
    "RotateSecret",
    "StopReplicationToReplica",
    "TagResource",
    "UntagResource",
    "UpdateSecret",
    "UpdateSecretVersionStage",
    "ValidateResourcePolicy",
];

/// What an event needs to know of its world and of its secret.
pub(super) struct Around<'a> {
    pub(super) start: DateTime<Utc>,
    /// Session name of whoever calls, unless the event says otherwise.
    pub(super) caller: &'a str,
    pub(super) secret: &'a Secret,
}

impl Around<'_> {
    /// The events of an entry: `times` of them, from its date on.
    pub(super) fn events(&self, keys: Spanned<EventKeys>, dice: &mut Seed) -> Result<Vec<Event>, Flaw> {
        let act = self.act(&keys, dice)?;
        let keys = keys.into_inner();
        let times = keys.times.as_ref().map_or(1, |times| *times.get_ref());
        if let Some(wrong) = keys.times.as_ref().filter(|_| !(1..=MOST_TIMES).contains(&times)) {
            return Err(Flaw::at(wrong, "an event happens from 1 to 10000 times"));
        }
        let every = keys.every.map_or(Duration::ZERO, |span| span.0);
        if let Some(times) = keys.times.as_ref().filter(|_| times > 1 && every.is_zero()) {
            return Err(Flaw::at(times, "say how far apart: `every`"));
        }
        let every = TimeDelta::from_std(every).unwrap_or_default();
        let first = keys.at.utc(self.start);
        let at = |nth: u32| every.checked_mul(nth.try_into().ok()?).and_then(|after| first.checked_add_signed(after));
        let moments = (0..times).filter_map(at);
        Ok(moments.map(|at| event(self.secret, at, act.clone(), keys.record.clone(), dice)).collect())
    }

    fn act(&self, keys: &Spanned<EventKeys>, dice: &mut Seed) -> Result<Act, Flaw> {
        let given = keys.get_ref();
        let name = given.name.get_ref();
        let is_word =
            name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric());
        if !is_word {
            return Err(Flaw::at(&given.name, "an event's name is one word, such as \"RotationFailed\""));
        }
        let version = given.version.as_ref().map(|version| version_of(self.secret, version)).transpose()?;
        if given.is_service() { self.service(keys, version, dice) } else { self.call(keys, version) }
    }

    fn service(&self, keys: &Spanned<EventKeys>, version: Option<String>, dice: &mut Seed) -> Result<Act, Flaw> {
        let given = keys.get_ref();
        let name = given.name.get_ref().clone();
        if given.is_called() {
            let text = format!("`by` and `called` go with calls, and nobody calls {name}");
            return Err(Flaw::at(keys, text));
        }
        let why = match (&given.message, given.step, name.ends_with("Failed")) {
            (Some(message), None, _) => Some(Why::Message(message.clone())),
            (None, Some(step), true) => Some(Why::Step(step.word())),
            (None, None, false) => None,
            (_, _, true) => return Err(Flaw::at(keys, format!("{name} has either a `step` or a `message`"))),
            _ => return Err(Flaw::at(keys, "`step` goes with failures")),
        };
        if !OF_ROTATION.iter().any(|begin| name.starts_with(begin)) {
            return Ok(Act::Service { name: name.into(), version, why });
        }
        let label = if name.ends_with("Succeeded") { CURRENT } else { PENDING };
        let version = version.or_else(|| labelled(self.secret, label)).unwrap_or_else(|| dice.uuid().to_string());
        Ok(Act::Service { name: name.into(), version: Some(version), why })
    }

    fn call(&self, keys: &Spanned<EventKeys>, version: Option<String>) -> Result<Act, Flaw> {
        let given = keys.get_ref();
        let name = given.name.get_ref().as_str();
        if given.step.is_some() || (given.message.is_some() && given.error.is_none()) {
            let text = "`step` and `message` go with failures; of a call that was refused say the `error` too";
            return Err(Flaw::at(keys, text));
        }
        let by = By::Person(given.by.clone().unwrap_or_else(|| self.caller.to_owned()).into());
        let error = given.error.clone().map(|code| (code, given.message.clone().unwrap_or_default()));
        // What IAM refuses has no parameters (observed, <https://github.com/DataDog/stratus-red-team>).
        let is_denied = given.error.as_deref() == Some("AccessDenied");
        let mut input = self.input(name, version.as_deref());
        input.extend(given.parameters.clone().unwrap_or_default());
        let is_named = name == "CreateSecret" || is_denied;
        let is_silent = SILENT.iter().any(|verb| name.starts_with(verb));
        let mut more = self.more(name, version, given.at.utc(self.start));
        more.extend(given.answer.clone().unwrap_or_default());
        let is_old = given.arn_spelling == Some(ArnKeys::Old);
        Ok(Act::Call(Box::new(Request {
            name: name.to_owned().into(),
            by,
            called: (!is_named).then(|| given.called.map_or(Called::Name, called_as)),
            input: if is_denied { Value::Null } else { Value::Object(input) },
            answer: match is_silent {
                true if more.is_empty() => Answer::Whole(Value::Null),
                true => Answer::Whole(Value::Object(more)),
                false => Answer::Told { more: Value::Object(more), is_old },
            },
            error,
        })))
    }

    /// `requestParameters` but for the secret's id, as far as the operation's name tells.
    fn input(&self, name: &str, version: Option<&str>) -> Map<String, Value> {
        let key = match name {
            "CreateSecret" | "PutSecretValue" | "UpdateSecret" | "RotateSecret" => "clientRequestToken",
            name if name.starts_with("Get") => "versionId",
            _ => "",
        };
        let version = version.filter(|_| !key.is_empty()).map(|id| (key.to_owned(), Value::from(id)));
        let own = (name == "CreateSecret").then(|| ("name".to_owned(), Value::from(self.secret.name.as_str())));
        own.into_iter().chain(version).collect()
    }

    /// `responseElements` but for ARN and name.
    fn more(&self, name: &str, version: Option<String>, at: DateTime<Utc>) -> Map<String, Value> {
        let version = version.map(|id| ("versionId", Value::from(id)));
        let more = match name {
            "CreateSecret" | "UpdateSecret" | "RotateSecret" | "CancelRotateSecret" => version,
            "DeleteSecret" => Some(("deletionDate", Value::from(local(self.secret.deleted.unwrap_or(at + WINDOW))))),
            _ => None,
        };
        more.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }
}

impl EventKeys {
    /// Whether nobody called: a name that isn't known is one of the service, unless a key says that somebody did.
    fn is_service(&self) -> bool {
        let name = self.name.get_ref();
        let is_known = OF_ROTATION.iter().any(|begin| name.starts_with(begin))
            || OF_DELETION.iter().any(|end| name.ends_with(end));
        is_known || !(self.is_called() || CALLS.contains(&name.as_str()))
    }

    fn is_called(&self) -> bool {
        let has_told = self.parameters.is_some() || self.answer.is_some() || self.arn_spelling.is_some();
        self.by.is_some() || self.called.is_some() || self.error.is_some() || has_told
    }
}

/// The version by label or by id; an id may be that of a version AWS has deleted since.
pub(super) fn version_of(secret: &Secret, given: &Spanned<String>) -> Result<String, Flaw> {
    let word = given.get_ref();
    let id = labelled(secret, word).or_else(|| Some(word.clone()).filter(|id| (32..=64).contains(&id.chars().count())));
    id.ok_or_else(|| Flaw::at(given, "no version of this secret has this label, and it is no version id"))
}

/// An event, to the second.
pub(super) fn event(secret: &Secret, at: DateTime<Utc>, act: Act, record: Option<String>, dice: &mut Seed) -> Event {
    let at = at.with_nanosecond(0).unwrap_or(at);
    Event { id: dice.uuid().to_string(), at, secret: Some(secret.name.clone()), act, record }
}

/// RotationFailed.
pub(super) fn failed(version: String, why: Why) -> Act {
    Service::Failed.act(Some(version), Some(why))
}

/// CancelRotateSecret, by a person.
pub(super) fn cancelled(by: Text, called: Called, version: Option<String>) -> Act {
    let more = version.map_or(Value::Null, |version| json!({ "versionId": version }));
    told("CancelRotateSecret", By::Person(by), called, Value::Null, more)
}

/// A call that was not refused.
pub(super) fn told(name: &'static str, by: By, called: Called, input: Value, more: Value) -> Act {
    let (name, answer) = (name.into(), Answer::told(more));
    Act::Call(Box::new(Request { name, by, called: Some(called), input, answer, error: None }))
}

/// The id of the version with a label.
fn labelled(secret: &Secret, label: &str) -> Option<String> {
    labels::holder(&secret.versions, label).map(|version| version.id.clone())
}

pub(super) fn called_as(keys: CalledBy) -> Called {
    match keys {
        CalledBy::Name => Called::Name,
        CalledBy::Arn => Called::Arn,
        CalledBy::PartialArn => Called::PartialArn,
    }
}
