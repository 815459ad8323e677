//! The log groups of a scenario: what stands in them, and what will.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use toml::Spanned;

use super::Flaw;
use super::invocation::InvocationKeys;
use super::moment::{Moment, Span};
use crate::demo::labels;
use crate::demo::logs::{Class, Flood, Logs, Written};
use crate::demo::secret::Secret;
use crate::demo::seed::Seed;

/// So long after it happened an event can be seen where a scenario doesn't say so; AWS promises nothing.
const LATE: TimeDelta = TimeDelta::milliseconds(800);

/// Most equal lines, and most lines in a second of a flood.
const MOST_LINES: u32 = 10_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupKeys {
    name: Spanned<String>,
    #[serde(default)]
    class: Class,
    /// By default the start of the clock, or its first event if that is earlier.
    created: Option<Moment>,
    #[serde(default)]
    events: Vec<Spanned<EventKeys>>,
    /// What a function has logged.
    #[serde(default)]
    invocations: Vec<Spanned<InvocationKeys>>,
    flood: Option<Spanned<FloodKeys>>,
    burst: Option<Spanned<BurstKeys>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventKeys {
    at: Moment,
    /// By default one of the day's own.
    stream: Option<String>,
    /// `{arn:NAME}` stands for the ARN of a secret, `{version:NAME LABEL}` for the id of a version.
    message: Spanned<String>,
    /// From when on it can be seen; by default 800 ms later.
    ingested: Option<Moment>,
    /// The same as a span behind `at`.
    late: Option<Span>,
    /// It is written so often, all in the same millisecond; by default once.
    times: Option<Spanned<u32>>,
}

/// Lines at a steady rate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FloodKeys {
    from: Moment,
    until: Moment,
    per_second: Spanned<u32>,
    stream: Option<String>,
    /// `{n}` stands for the number of the line.
    message: String,
    late: Option<Span>,
}

/// So many lines in one second.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BurstKeys {
    at: Moment,
    lines: Spanned<u32>,
    stream: Option<String>,
    message: String,
    late: Option<Span>,
}

/// What log groups need to know of their world.
pub(super) struct Around<'a> {
    pub(super) start: DateTime<Utc>,
    /// What the ARN of a secret begins with.
    pub(super) prefix: String,
    pub(super) secrets: &'a [Secret],
    pub(super) seed: &'a Seed,
}

impl Around<'_> {
    /// The logs of a world as its clock starts.
    pub(super) fn logs(&self, groups: Vec<GroupKeys>) -> Result<Logs, Flaw> {
        let logs = Logs::default();
        let mut names = BTreeSet::new();
        for keys in groups {
            if !names.insert(keys.name.get_ref().clone()) {
                return Err(Flaw::at(&keys.name, "another log group has this name"));
            }
            self.group(&logs, keys)?;
        }
        Ok(logs)
    }

    fn group(&self, logs: &Logs, keys: GroupKeys) -> Result<(), Flaw> {
        let name = keys.name.get_ref().as_str();
        logs.declare(name, keys.class, keys.created.map_or(self.start, |at| at.utc(self.start)));
        for keys in &keys.events {
            self.event(logs, name, keys)?;
        }
        for keys in &keys.invocations {
            for (at, message) in self.invocations(name, keys)? {
                let (stream, ingested) = (self.stream(name, at), at + LATE);
                logs.write(name, Written { stream, at, ingested, message });
            }
        }
        if let Some(keys) = keys.flood {
            logs.plan(self.flood(name, keys)?);
        }
        if let Some(keys) = keys.burst {
            logs.plan(self.burst(name, keys)?);
        }
        Ok(())
    }

    fn event(&self, logs: &Logs, group: &str, keys: &Spanned<EventKeys>) -> Result<(), Flaw> {
        let given = keys.get_ref();
        let at = given.at.utc(self.start);
        let ingested = match (given.ingested, given.late) {
            (Some(_), Some(_)) => return Err(Flaw::at(keys, "`ingested` and `late` say the same")),
            (Some(ingested), None) => ingested.utc(self.start),
            (None, late) => at + delay(late),
        };
        let stream = given.stream.clone().unwrap_or_else(|| self.stream(group, at));
        let message = self.filled(&given.message)?;
        let event = Written { stream, at, ingested, message };
        for _ in 0..times(given.times.as_ref())? {
            logs.write(group, event.clone());
        }
        Ok(())
    }

    fn flood(&self, group: &str, keys: Spanned<FloodKeys>) -> Result<Flood, Flaw> {
        let (from, until) = (keys.get_ref().from.utc(self.start), keys.get_ref().until.utc(self.start));
        if until <= from {
            return Err(Flaw::at(&keys, "it ends before it begins"));
        }
        let keys = keys.into_inner();
        let per_second = times(Some(&keys.per_second))?;
        let stream = keys.stream.unwrap_or_else(|| self.stream(group, from));
        let (group, late) = (group.to_owned(), delay(keys.late));
        Ok(Flood { group, stream, message: keys.message, from, until, per_second, late, written: 0 })
    }

    fn burst(&self, group: &str, keys: Spanned<BurstKeys>) -> Result<Flood, Flaw> {
        let keys = keys.into_inner();
        let from = keys.at.utc(self.start);
        let per_second = times(Some(&keys.lines))?;
        let stream = keys.stream.unwrap_or_else(|| self.stream(group, from));
        let (group, late) = (group.to_owned(), delay(keys.late));
        let until = from + TimeDelta::seconds(1);
        Ok(Flood { group, stream, message: keys.message, from, until, per_second, late, written: 0 })
    }

    /// A stream as Lambda names it, one a day (monitoring-cloudwatchlogs.html).
    fn stream(&self, group: &str, at: DateTime<Utc>) -> String {
        let day = at.format("%Y/%m/%d").to_string();
        let instance = self.seed.fork("stream").fork(group).fork(&day).uuid().simple();
        format!("{day}/[$LATEST]{instance}")
    }

    /// A message with what depends on the seed put in.
    pub(super) fn filled(&self, message: &Spanned<String>) -> Result<String, Flaw> {
        let (mut text, mut rest) = (String::new(), message.get_ref().as_str());
        while let Some((before, word, behind)) = placeholder(rest) {
            let found = self.word(word).ok_or_else(|| Flaw::at(message, format!("there is no `{{{word}}}`")))?;
            text.push_str(before);
            text.push_str(&found);
            rest = behind;
        }
        Ok(text + rest)
    }

    fn word(&self, word: &str) -> Option<String> {
        let by_name = |name: &str| self.secrets.iter().find(|secret| secret.name == name);
        if let Some(name) = word.strip_prefix("arn:") {
            return by_name(name).map(|secret| format!("{}{}", self.prefix, secret.resource()));
        }
        let (name, label) = word.strip_prefix("version:")?.rsplit_once(' ')?;
        labels::holder(&by_name(name)?.versions, label).map(|version| version.id.clone())
    }
}

/// The first placeholder of a text, with what is before and behind it. Other braces are text.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let at = ["{arn:", "{version:"].into_iter().filter_map(|word| text.find(word)).min()?;
    let (before, rest) = text.split_at_checked(at)?;
    let (word, behind) = rest.strip_prefix('{')?.split_once('}')?;
    Some((before, word, behind))
}

fn delay(late: Option<Span>) -> TimeDelta {
    late.and_then(|span: Span| TimeDelta::from_std(span.0).ok()).unwrap_or(LATE)
}

fn times(keys: Option<&Spanned<u32>>) -> Result<u32, Flaw> {
    match keys {
        Some(keys) if !(1..=MOST_LINES).contains(keys.get_ref()) => Err(Flaw::at(keys, "must be from 1 to 10000")),
        keys => Ok(keys.map_or(1, |keys| *keys.get_ref())),
    }
}
