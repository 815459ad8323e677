//! From the keys of an event to what CloudTrail recorded: repeated attempts counted out, contradictions refused.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use serde_json::{Value, json};
use toml::Spanned;

use super::Flaw;
use super::file::{CalledBy, EventKeys, Name};
use crate::demo::labels;
use crate::demo::secret::{Secret, Text};
use crate::demo::seed::Seed;
use crate::demo::trail::{Act, Answer, By, Called, Event, Request, Service, Why};

/// Most events that one entry may stand for.
const MOST_TIMES: u32 = 10_000;

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
        let is_call = given.name == Name::CancelRotateSecret;
        if is_call && (given.step.is_some() || given.message.is_some()) {
            return Err(Flaw::at(keys, "`step` and `message` go with RotationFailed"));
        }
        if !is_call && (given.by.is_some() || given.called.is_some()) {
            return Err(Flaw::at(keys, "`by` and `called` go with CancelRotateSecret"));
        }
        let version = given.version.as_ref().map(|version| version_of(self.secret, version)).transpose()?;
        if is_call {
            let by = given.by.clone().unwrap_or_else(|| self.caller.to_owned());
            let called = given.called.map_or(Called::Name, called_as);
            return Ok(cancelled(by.into(), called, version));
        }
        let version = version.or_else(|| labelled(self.secret, labels::PENDING));
        let why = match (&given.message, given.step) {
            (Some(message), None) => Why::Message(message.clone()),
            (None, Some(step)) => Why::Step(step.word()),
            _ => return Err(Flaw::at(keys, "RotationFailed has either a `step` or a `message`")),
        };
        Ok(failed(version.unwrap_or_else(|| dice.uuid().to_string()), why))
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
