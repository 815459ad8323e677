//! LookupEvents (API_LookupEvents.html).
//!
//! The texts of the errors are the model's descriptions of them; AWS's own are not known.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{identity, record};
use crate::demo::page::{Page, Place};
use crate::demo::seed::Seed;
use crate::demo::trail::{Event, Stretch};
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

/// The largest page, which is also the default (API_LookupEvents.html).
const PAGE: i64 = 50;

/// The longest AttributeValue. These characters count twice (API_LookupAttribute.html).
const LONGEST_VALUE: usize = 2000;
const COUNT_TWICE: [char; 4] = ['_', ' ', ',', '\n'];

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Input {
    lookup_attributes: Option<Vec<Attribute>>,
    /// Seconds since 1970, as is EndTime; both belong to the range.
    start_time: Option<f64>,
    end_time: Option<f64>,
    event_category: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Attribute {
    attribute_key: Option<String>,
    attribute_value: Option<String>,
}

/// The one attribute that events are looked up by.
#[derive(Debug, Clone, PartialEq, Eq)]
struct By {
    key: Key,
    value: String,
}

/// `LookupAttributeKey` of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Key {
    EventId,
    EventName,
    ReadOnly,
    Username,
    ResourceType,
    ResourceName,
    EventSource,
    AccessKeyId,
}

pub(super) fn answer(world: &Inner, call: &Call, input: Input) -> Result<Value, Refusal> {
    let by = input.by()?;
    let limit = input.limit()?;
    let (from, to) = input.range()?;
    let insight = input.is_insight()?;
    let page = Page::open(
        format!("LookupEvents {by:?} {from} {to} {insight}"),
        world.page_size(Some(limit)),
        input.next_token,
        call.twist,
        world.roll(Seed::next),
    )?;
    // No world has Insights events, nor events in another Region.
    let is_here = !insight && call.region == world.region;
    let (events, now) = (world.trail.events(), world.clock.utc());
    let after = page.after().map(|place| (place.key, place.name.as_str()));
    let stretch = Stretch { from, to, after };
    // The records of a reader are all alike, but for their ids.
    let admits =
        |sample: &Event| is_here && by.as_ref().is_none_or(|by| by.key == Key::EventId || by.finds(world, sample));
    let shown = world.trail.walk(&events, now, stretch, admits).filter(|event| {
        is_here && by.as_ref().is_none_or(|by| by.finds(world, event)) && record::happened(world, event)
    });
    let (found, token) = page.take(shown, |event| {
        let (key, id) = event.place();
        Place { key, name: id.to_owned() }
    });
    let events: Value = found.iter().map(|event| record::event(world, event)).collect();
    let mut body = json!({ "Events": events });
    if let (Some(token), Some(body)) = (token, body.as_object_mut()) {
        body.insert("NextToken".to_owned(), Value::from(token));
    }
    Ok(body)
}

impl Input {
    fn by(&self) -> Result<Option<By>, Refusal> {
        let text = "Occurs when a lookup attribute is specified that is not valid.";
        let invalid = || Refusal::of_model("InvalidLookupAttributesException", text);
        match self.lookup_attributes.as_deref() {
            None | Some([]) => Ok(None),
            Some([one]) => one.read().map(Some).ok_or_else(invalid),
            Some(_) => Err(invalid()),
        }
    }

    fn limit(&self) -> Result<i64, Refusal> {
        let text = "This exception is thrown if the limit specified is not valid.";
        Some(self.max_results.unwrap_or(PAGE))
            .filter(|limit| (1..=PAGE).contains(limit))
            .ok_or_else(|| Refusal::of_model("InvalidMaxResultsException", text))
    }

    /// Both ends in milliseconds since 1970.
    fn range(&self) -> Result<(i64, i64), Refusal> {
        let text = "Occurs if the timestamp values are not valid. Either the start time occurs after the end time, \
                    or the time range is outside the range of possible values.";
        let from = self.start_time.map_or(i64::MIN, millis);
        let to = self.end_time.map_or(i64::MAX, millis);
        if from > to { Err(Refusal::of_model("InvalidTimeRangeException", text)) } else { Ok((from, to)) }
    }

    fn is_insight(&self) -> Result<bool, Refusal> {
        let text = "Occurs if an event category that is not valid is specified as a value of EventCategory.";
        match self.event_category.as_deref() {
            None => Ok(false),
            Some("insight") => Ok(true),
            Some(_) => Err(Refusal::of_model("InvalidEventCategoryException", text)),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast of a float to an integer stops at the integer's ends")]
fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

impl Attribute {
    fn read(&self) -> Option<By> {
        let key = Key::deserialize(Value::from(self.attribute_key.as_deref()?)).ok()?;
        let value = self.attribute_value.as_deref()?;
        let twice = value.matches(COUNT_TWICE).count();
        let length = value.chars().count() + twice;
        (1..=LONGEST_VALUE).contains(&length).then(|| By { key, value: value.to_owned() })
    }
}

impl By {
    /// Values are compared whole and to the letter; a name finds no event that was called by ARN.
    fn finds(&self, world: &Inner, event: &Event) -> bool {
        let value = self.value.as_str();
        match self.key {
            Key::EventId => event.id == value,
            Key::EventName => event.name() == value,
            Key::ReadOnly => value == record::read_only(event),
            Key::Username => identity::username(world, event) == Some(value),
            Key::ResourceType => record::resource(world, event).is_some_and(|(kind, _)| kind == value),
            Key::ResourceName => record::resource(world, event).is_some_and(|(_, name)| name == value),
            Key::EventSource => value == record::source(event),
            Key::AccessKeyId => identity::access_key(world, event).as_deref() == Some(value),
        }
    }
}
