//! A Live Tail session: a stream of updates, one each second of the world, until three hours are over, the reader is
//! gone, or a fault ends it (API_StartLiveTail.html).

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, Sender};

use super::frame;
use super::pattern::Pattern;
use crate::demo::logs::{Event, Key};
use crate::demo::wire::body;
use crate::demo::wire::call::{End, Ending};
use crate::demo::world::Inner;

const SECOND: TimeDelta = TimeDelta::seconds(1);

/// How long a session lasts.
const LONGEST: TimeDelta = TimeDelta::hours(3);

/// Most events of an update; of more, a sample is sent.
const MOST_EVENTS: usize = 500;

/// So many updates wait for a slow reader, with those on their way; then the oldest are dropped.
const WAITING: usize = 8;
const ON_THEIR_WAY: usize = 2;

/// What is followed.
#[derive(Debug)]
pub(super) struct Tail {
    /// Names and ARNs.
    pub(super) groups: Vec<(String, String)>,
    pub(super) streams: Vec<String>,
    pub(super) prefixes: Vec<String>,
    /// The pattern as it was sent.
    pub(super) text: String,
    pub(super) pattern: Pattern,
}

pub(super) struct Session {
    world: Arc<Inner>,
    tail: Tail,
    /// What arrived before this moment has been sent.
    told: DateTime<Utc>,
    end: End,
    ends: DateTime<Utc>,
    _place: Place,
}

/// A place among the sessions that may be open at once.
struct Place(Arc<Inner>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.logs.close_session();
    }
}

impl Session {
    /// Opens a session and gives its stream; `None` if too many are open.
    pub(super) fn open(world: &Arc<Inner>, tail: Tail, ending: Option<&Ending>, request_id: &str) -> Option<SdkBody> {
        let place = world.logs.open_session().then(|| Place(Arc::clone(world)))?;
        let told = world.clock.utc().trunc_subsecs(3);
        let (end, ends) = ending.map_or((End::Timeout, told + LONGEST), |ending| {
            let left = ending.at.saturating_sub(world.clock.elapsed());
            (ending.end, told + TimeDelta::from_std(left).unwrap_or(LONGEST).min(LONGEST))
        });
        let (sender, receiver) = mpsc::channel(ON_THEIR_WAY);
        let start = tail.start(request_id, &world.roll(|dice| dice.uuid().to_string()));
        // There is room for both.
        for frame in [frame::event("initial-response", &json!({})), frame::event("sessionStart", &start)] {
            sender.try_send(Ok(frame)).ok()?;
        }
        let session = Self { world: Arc::clone(world), tail, told, end, ends, _place: place };
        tokio::spawn(session.run(sender));
        Some(body::stream(receiver))
    }

    async fn run(mut self, sender: Sender<io::Result<Bytes>>) {
        let mut waiting = VecDeque::new();
        loop {
            let next = (self.told + SECOND).min(self.ends);
            tokio::select! {
                biased;
                () = sender.closed() => return,
                permit = sender.reserve(), if !waiting.is_empty() => match (permit, waiting.pop_front()) {
                    (Ok(permit), Some(frame)) => permit.send(Ok(frame)),
                    _ => return,
                },
                () = tokio::time::sleep(self.until(next)) => {
                    let now = self.world.clock.utc();
                    if now >= self.ends {
                        break;
                    }
                    self.tell(now, &mut waiting);
                }
            }
        }
        self.finish(&sender, waiting).await;
    }

    /// Real time until a moment of the world.
    fn until(&self, moment: DateTime<Utc>) -> Duration {
        let left = moment - self.world.clock.utc();
        self.world.clock.real(left.to_std().unwrap_or_default())
    }

    /// The updates of the seconds that are over. Where the world is faster than this task, or leaps, an update tells
    /// more than a second, so that no reader is too slow for it.
    fn tell(&mut self, now: DateTime<Utc>, waiting: &mut VecDeque<Bytes>) {
        let step = SECOND.max((now - self.told) / i32::try_from(WAITING).unwrap_or(1));
        while self.told + SECOND <= now {
            let until = (self.told + step).min(now).trunc_subsecs(3);
            waiting.push_back(frame::event("sessionUpdate", &self.update(until, now)));
            self.told = until;
        }
        while waiting.len() > WAITING {
            waiting.pop_front();
        }
    }

    /// What arrived since the last update and before this moment.
    fn update(&self, until: DateTime<Utc>, now: DateTime<Utc>) -> Value {
        let logs = &self.world.logs;
        self.world.live();
        logs.advance(now);
        let (from, until) = (self.told.timestamp_millis(), until.timestamp_millis());
        let mut found: Vec<(Key, Value)> = Vec::new();
        for (name, arn) in &self.tail.groups {
            logs.read(name, now, |group| {
                let events = group.arrived(from, until).filter(|(_, event)| self.tail.admits(event));
                found.extend(events.map(|(key, event)| (key, shape(arn, key, event))));
            });
        }
        found.sort_by_key(|((at, ingested, number), _)| (*ingested, *at, *number));
        let sampled = found.len() > MOST_EVENTS;
        let events: Value = sample(found).map(|(_, event)| event).collect();
        json!({ "sessionMetadata": { "sampled": sampled }, "sessionResults": events })
    }

    /// The end, as the fault or the three hours have it.
    async fn finish(self, sender: &Sender<io::Result<Bytes>>, waiting: VecDeque<Bytes>) {
        let (end, open) = (self.end, self);
        let mut last: Vec<_> = waiting.into_iter().map(Ok).collect();
        match end {
            End::Clean => {}
            End::Reset => last.push(Err(io::Error::from(io::ErrorKind::ConnectionReset))),
            // The connection stays, and nothing comes any more.
            End::Silent => return sender.closed().await,
            End::Timeout => last.push(Ok(frame::exception("SessionTimeoutException", TIMED_OUT))),
            End::Streaming => last.push(Ok(frame::exception("SessionStreamingException", FAILED))),
        }
        drop(open);
        for frame in last {
            if sender.send(frame).await.is_err() {
                return;
            }
        }
    }
}

/// The model's descriptions of the two errors.
const TIMED_OUT: &str = "This exception is returned in a Live Tail stream when the Live Tail session times out. \
                         Live Tail sessions time out after three hours.";
const FAILED: &str = "This exception is returned if an unknown error occurs during a Live Tail session.";

impl Tail {
    fn start(&self, request_id: &str, session_id: &str) -> Value {
        let arns: Vec<&str> = self.groups.iter().map(|(_, arn)| arn.as_str()).collect();
        let mut start = json!({ "requestId": request_id, "sessionId": session_id, "logGroupIdentifiers": arns });
        // Listed where the request had them (API_LiveTailSessionStart.html); neither list is ever empty.
        let lists = [("logStreamNames", &self.streams), ("logStreamNamePrefixes", &self.prefixes)];
        for (key, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
            start[key] = json!(names);
        }
        if !self.text.is_empty() {
            start["logEventFilterPattern"] = json!(self.text);
        }
        start
    }

    fn admits(&self, event: &Event) -> bool {
        let begins = |prefix: &String| event.stream.starts_with(prefix.as_str());
        (self.streams.is_empty() || self.streams.contains(&event.stream))
            && (self.prefixes.is_empty() || self.prefixes.iter().any(begins))
            && self.pattern.admits(&event.message)
    }
}

/// As many as an update may have, evenly apart.
fn sample<T>(found: Vec<T>) -> impl Iterator<Item = T> {
    let (count, most) = (found.len(), found.len().min(MOST_EVENTS));
    let is_taken = move |at: usize| at * most / count != (at + 1) * most / count;
    found.into_iter().enumerate().filter(move |(at, _)| is_taken(*at)).map(|(_, event)| event)
}

/// LiveTailSessionLogEvent of the model: without an event id.
fn shape(arn: &str, (timestamp, ingestion, _): Key, event: &Event) -> Value {
    json!({
        "logStreamName": event.stream,
        "logGroupIdentifier": arn,
        "message": event.message,
        "timestamp": timestamp,
        "ingestionTime": ingestion,
    })
}
