//! What `secdash history` prints as JSON. Field names are stable; every date is RFC 3339 in UTC.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::About;
use crate::domain::trail::{Covered, Deed, Follower, Outcome, Span, Tally, TrailEvent};
use crate::domain::version::{StagingLabel, VersionId};
use crate::output::json::{FaultJson, Source, write_events};
use crate::text::{AwsText, rfc3339};

/// The whole answer.
#[derive(Debug, Serialize)]
pub struct History<'a> {
    /// Where it is from.
    pub context: Source<'a>,
    /// When the last page came.
    pub as_of: String,
    /// The secret's full ARN; null for the account and Region.
    pub secret: Option<&'a AwsText>,
    /// How far back was asked.
    pub since: String,
    /// The times of which every record was read, the latest first.
    pub complete: Vec<SpanJson>,
    /// The place of the events, the newest first; there may be many.
    pub events: [EventJson<'a>; 0],
    /// Since when the events of `readers` are counted, which is as far back as all were read; null: none are.
    pub readers_counted_from: Option<String>,
    /// The events by who they are of.
    pub readers: Vec<ReaderJson<'a>>,
    /// Where readers stand since AWSCURRENT moved; null where that isn't known, or for the account and Region.
    pub since_rotation: Option<SinceJson<'a>>,
    /// How many events had neither an id nor a time, and so no place.
    pub unplaced: usize,
    /// Up to when events are missing for want of room; null if none are.
    pub dropped_until: Option<String>,
    /// What could not be learned.
    pub faults: Vec<FaultJson>,
}

impl History<'_> {
    /// Writes it with these events.
    pub fn write(&self, out: &mut dyn Write, events: &[&TrailEvent], covered: &Covered) -> io::Result<()> {
        write_events(out, self, events, |event| EventJson::new(event, covered))
    }
}

/// A list of events by itself, for a file.
#[derive(Debug, Serialize)]
struct List<'a> {
    context: Source<'a>,
    as_of: String,
    secret: Option<&'a AwsText>,
    since: String,
    /// What alone is in it, in words; null: everything.
    filter: Option<&'a str>,
    /// How many events of the same time are not in it.
    not_shown: usize,
    complete: Vec<SpanJson>,
    events: [EventJson<'a>; 0],
}

/// Writes events, what they are of, and what of their time is complete.
pub fn write_list(out: &mut dyn Write, about: &About, events: &[&TrailEvent]) -> io::Result<()> {
    let list = List {
        context: Source::new(&about.context, about.identity.as_ref()),
        as_of: rfc3339(about.at),
        secret: about.arn.as_ref(),
        since: rfc3339(about.since),
        filter: about.filter.as_deref(),
        not_shown: about.hidden,
        complete: about.covered.spans().map(Into::into).collect(),
        events: [],
    };
    write_events(out, &list, events, |event| EventJson::new(event, &about.covered))
}

/// A span of time, both ends belonging to it.
#[derive(Debug, Serialize)]
pub struct SpanJson {
    from: String,
    to: String,
}

impl From<Span> for SpanJson {
    fn from(span: Span) -> Self {
        Self { from: rfc3339(span.from), to: rfc3339(span.to) }
    }
}

/// An event.
#[derive(Debug, Serialize)]
pub struct EventJson<'a> {
    event_id: &'a AwsText,
    time: String,
    event_name: &'a AwsText,
    event_source: &'a AwsText,
    kind: &'static str,
    secret_arn: Option<&'a AwsText>,
    secret_ids: &'a [AwsText],
    who: WhoJson<'a>,
    source_ip: Option<&'a AwsText>,
    client: Option<&'a AwsText>,
    outcome: &'static str,
    error_code: Option<&'a AwsText>,
    error_message: Option<&'a AwsText>,
    version_stage: Option<&'a StagingLabel>,
    version_id: Option<&'a VersionId>,
    detail: Option<String>,
    /// Whether others from about that time may be missing.
    provisional: bool,
    /// What is wrong with the record, where it can't be read.
    unreadable: Option<String>,
    /// The record as CloudTrail has it, a string of JSON.
    record: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct WhoJson<'a> {
    name: &'a AwsText,
    caller: &'static str,
    role: Option<&'a AwsText>,
    account: Option<&'a AwsText>,
}

impl<'a> EventJson<'a> {
    /// An event, seen with what is covered.
    pub fn new(event: &'a TrailEvent, covered: &Covered) -> Self {
        let (outcome, error_code, error_message) = match &event.outcome {
            Outcome::Done => ("done", None, None),
            Outcome::Failed { code, message } => ("failed", code.as_ref(), message.as_ref()),
            Outcome::Unknown => ("unknown", None, None),
        };
        let (version_stage, version_id) = asked(&event.deed);
        Self {
            event_id: &event.id,
            time: rfc3339(event.at),
            event_name: &event.name,
            event_source: &event.source,
            kind: event.kind().word(),
            secret_arn: event.scene.whose.arn.as_ref(),
            secret_ids: &event.scene.whose.given,
            who: WhoJson {
                name: &event.scene.who.name,
                caller: event.scene.who.caller.word(),
                role: event.scene.who.role.as_ref(),
                account: event.scene.who.account.as_ref(),
            },
            source_ip: event.scene.from.as_ref(),
            client: event.scene.client.as_ref(),
            outcome,
            error_code,
            error_message,
            version_stage,
            version_id,
            detail: event.deed.words(),
            provisional: !covered.has(event.at),
            unreadable: event.unreadable.map(|unreadable| format!("the record {}", unreadable.words())),
            record: event.record.as_deref(),
        }
    }
}

/// The label and the version that an event is about.
fn asked(deed: &Deed) -> (Option<&StagingLabel>, Option<&VersionId>) {
    match deed {
        Deed::Read { label, version } => (label.as_ref(), version.as_ref()),
        Deed::Put { labels, version } => (labels.first(), version.as_ref()),
        Deed::Move { label, to, .. } => (Some(label), to.as_ref()),
        Deed::Decrypt { version }
        | Deed::Create { version }
        | Deed::Update { version }
        | Deed::Rotate { version, .. }
        | Deed::Cancel { version }
        | Deed::Rotation { version, .. } => (None, version.as_ref()),
        _ => (None, None),
    }
}

/// A reader.
#[derive(Debug, Serialize)]
pub struct ReaderJson<'a> {
    name: &'a AwsText,
    caller: &'static str,
    account: Option<&'a AwsText>,
    reads: usize,
    refused: usize,
    others: usize,
    /// The others by their kinds.
    kinds: BTreeMap<&'static str, usize>,
    first: String,
    last: String,
    last_asked_for_previous: Option<String>,
    versions: Vec<&'a VersionId>,
}

impl<'a> From<&'a Tally> for ReaderJson<'a> {
    fn from(tally: &'a Tally) -> Self {
        Self {
            name: &tally.reader.name,
            caller: tally.reader.caller.word(),
            account: tally.reader.account.as_ref(),
            reads: tally.reads,
            refused: tally.refused,
            others: tally.others.values().sum(),
            kinds: tally.others.iter().map(|(kind, number)| (kind.word(), *number)).collect(),
            first: rfc3339(tally.first),
            last: rfc3339(tally.last),
            last_asked_for_previous: tally.previous.map(rfc3339),
            versions: tally.versions.iter().collect(),
        }
    }
}

/// Where readers stand.
#[derive(Debug, Serialize)]
pub struct SinceJson<'a> {
    /// When AWSCURRENT moved.
    pub moved: String,
    /// The readers.
    pub readers: Vec<StandingJson<'a>>,
}

/// Where one stands.
#[derive(Debug, Serialize)]
pub struct StandingJson<'a> {
    name: &'a AwsText,
    account: Option<&'a AwsText>,
    standing: &'static str,
    at: String,
}

impl<'a> From<&'a Follower> for StandingJson<'a> {
    fn from(follower: &'a Follower) -> Self {
        Self {
            name: &follower.reader.name,
            account: follower.reader.account.as_ref(),
            standing: follower.standing.word(),
            at: rfc3339(follower.standing.at()),
        }
    }
}
