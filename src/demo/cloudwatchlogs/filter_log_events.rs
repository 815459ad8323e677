//! FilterLogEvents (API_FilterLogEvents.html).
//!
//! A page ends with its limit, with a megabyte, and where it has looked at a day of UTC or at 10,000 events: so there
//! are pages without events, and only one without a token is the last.

use std::ops::Bound;

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

use super::pattern::Pattern;
use super::{check_class, find, invalid, name, no_such_group, open, within};
use crate::demo::logs::{self, Event, Group, Key};
use crate::demo::page::{Page, Place};
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Call;
use crate::demo::world::Inner;

/// The largest page, which is also the default, and as many events are looked at for one.
const PAGE: i64 = 10_000;
const MOST_BYTES: usize = 1 << 20;
const MOST_SEEN: usize = 10_000;

const DAY: i64 = TimeDelta::days(1).num_milliseconds();

/// 2024-01-01T00:00:00Z: the newest first only from here on.
const FROM_TAIL: i64 = 1_704_067_200_000;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Input {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    /// Milliseconds since 1970, as is `endTime`; both belong to the range.
    start_time: Option<i64>,
    end_time: Option<i64>,
    filter_pattern: Option<String>,
    next_token: Option<String>,
    limit: Option<i64>,
    start_from_head: Option<bool>,
}

/// What is asked for.
struct Search<'a> {
    input: &'a Input,
    pattern: Pattern,
    newest_first: bool,
    now: i64,
    limit: usize,
}

/// The part of the range that a page looks at, without its ends.
struct Stretch {
    from: Key,
    to: Key,
    is_last: bool,
}

pub(super) fn answer(world: &Inner, call: &Call, mut input: Input) -> Result<Value, Refusal> {
    let group = input.group(world, call)?.to_owned();
    let limit = within("limit", input.limit.unwrap_or(PAGE), 1, PAGE)?;
    let newest_first = input.is_newest_first()?;
    let pattern = Pattern::parse(input.filter_pattern.as_deref().unwrap_or_default())?;
    let class = find(world, call, &group, |group| group.class)?;
    check_class(call, &group, class)?;
    let token = input.next_token.take();
    // What only the first page says, and the size of a page, may change on the way.
    let scope = Input { limit: None, start_from_head: None, ..input.clone() };
    let page = open(world, call, format!("FilterLogEvents {scope:?}"), limit, token)?;
    let now = world.clock.utc();
    let limit = world.page_size(Some(limit));
    let search = Search { input: &input, pattern, newest_first, now: now.timestamp_millis(), limit };
    let (events, token) = find(world, call, &group, |group| search.page(group, &page))?;
    let mut body = json!({ "events": events, "searchedLogStreams": [] });
    if let (Some(token), Some(body)) = (token, body.as_object_mut()) {
        body.insert("nextToken".to_owned(), Value::from(token));
    }
    Ok(body)
}

impl Input {
    /// The name of the group that is asked for by name or by ARN.
    fn group<'a>(&'a self, world: &Inner, call: &Call) -> Result<&'a str, Refusal> {
        match (&self.log_group_name, &self.log_group_identifier) {
            (Some(name), None) => Ok(name),
            (None, Some(id)) => name(world, call, id).ok_or_else(no_such_group),
            _ => Err(invalid("Either logGroupName or logGroupIdentifier must be specified, but not both.")),
        }
    }

    fn is_newest_first(&self) -> Result<bool, Refusal> {
        if self.log_stream_names.is_some() && self.log_stream_name_prefix.is_some() {
            return Err(invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters."));
        }
        let newest_first = self.start_from_head == Some(false);
        if newest_first && self.start_time.is_none_or(|from| from < FROM_TAIL) {
            return Err(invalid("startFromHead can be false only when startTime is on or after 2024-01-01."));
        }
        Ok(newest_first)
    }

    fn has_stream(&self, stream: &str) -> bool {
        self.log_stream_names.as_ref().is_none_or(|names| names.iter().any(|name| name == stream))
            && self.log_stream_name_prefix.as_ref().is_none_or(|prefix| stream.starts_with(prefix))
    }
}

impl Search<'_> {
    fn page(&self, group: &Group, page: &Page) -> (Vec<Value>, Option<String>) {
        if page.is_emptied() {
            return (Vec::new(), Some(page.stay()));
        }
        let after = page.after().and_then(Self::read);
        // The token goes on in the direction that it came from.
        let newest_first = after.map_or(self.newest_first, |(newest_first, _)| newest_first);
        let stretch = self.stretch(group, newest_first, after.map(|(_, key)| key));
        let events = group.between(Bound::Excluded(stretch.from), Bound::Excluded(stretch.to));
        let (found, rest) = if newest_first { self.scan(events.rev()) } else { self.scan(events) };
        let end = if newest_first { stretch.from } else { stretch.to };
        let more = rest.is_some() || !stretch.is_last;
        (found, page.close(Some(Self::place(newest_first, rest.unwrap_or(end))), more))
    }

    /// From the place that the page before came to, to the end of that day or of the range.
    fn stretch(&self, group: &Group, newest_first: bool, after: Option<Key>) -> Stretch {
        let start = |millis| (millis, i64::MIN, 0);
        let first = group.created.timestamp_millis();
        let from = self.input.start_time.map_or(first, |from| from.max(first));
        let behind = self.input.end_time.map_or(self.now, |to| to.min(self.now)).saturating_add(1);
        if newest_first {
            let to = after.unwrap_or(start(behind));
            let midnight = (to.0 - 1).div_euclid(DAY) * DAY;
            return Stretch { from: start(midnight.max(from)), to, is_last: midnight <= from };
        }
        let from = after.unwrap_or(start(from));
        let midnight = (from.0.div_euclid(DAY) + 1) * DAY;
        Stretch { from, to: start(midnight.min(behind)), is_last: midnight >= behind }
    }

    /// The events of a page, and where it stopped if not at the end.
    fn scan<'a>(&self, events: impl Iterator<Item = (Key, &'a Event)>) -> (Vec<Value>, Option<Key>) {
        let (mut found, mut bytes, mut last) = (Vec::new(), 0, None);
        for (seen, (key, event)) in events.enumerate() {
            let admitted =
                key.1 <= self.now && self.input.has_stream(&event.stream) && self.pattern.admits(&event.message);
            let size = if admitted { event.message.len() } else { 0 };
            if found.len() == self.limit || seen == MOST_SEEN || (bytes + size > MOST_BYTES && bytes > 0) {
                return (found, last);
            }
            bytes += size;
            last = Some(key);
            found.extend(admitted.then(|| shape(key, event)));
        }
        (found, None)
    }

    fn place(newest_first: bool, (at, ingested, number): Key) -> Place {
        Place { key: at, name: format!("{newest_first} {ingested} {number}") }
    }

    fn read(place: &Place) -> Option<(bool, Key)> {
        let mut parts = place.name.split(' ');
        let newest_first = parts.next()?.parse().ok()?;
        Some((newest_first, (place.key, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?)))
    }
}

/// FilteredLogEvent of the model.
fn shape(key: Key, event: &Event) -> Value {
    let (timestamp, ingestion, _) = key;
    json!({
        "logStreamName": event.stream,
        "timestamp": timestamp,
        "message": event.message,
        "ingestionTime": ingestion,
        "eventId": logs::id(key),
    })
}
