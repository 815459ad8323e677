//! How a secret's rotations end, as a scenario writes it: a word, or a table.
//!
//! ```toml
//! outcome = "cannot-import"
//! outcome = { fails_at = "setSecret", with = "KeyError: 'masterarn'", flaky = 2 }
//! outcome = { times_out_at = "createSecret", marks = "report" }
//! outcome = { slow = "40s", at = "testSecret" }
//! retry = { after = "15m", times = 5 }
//! ```

use std::fmt;

use chrono::TimeDelta;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IntoDeserializer, MapAccess, Visitor};
use toml::Spanned;

use super::Flaw;
use super::moment::Span;
use crate::demo::rotation::Step;
use crate::demo::rotation::behaviour::{Behaviour, Ending, Marks, Pace, Retry};

#[derive(Debug)]
pub(super) enum OutcomeKeys {
    Word(Word),
    Table(Box<TableKeys>),
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Word {
    Succeeds,
    /// The server has no TLS: errors are logged, and it succeeds.
    WithoutTls,
    CannotImport,
    /// The function's role may not put the value.
    Denied,
    /// Lambda has no concurrency for the function.
    Throttled,
    /// Accepted, and never heard of again.
    NeverInvoked,
}

/// One of `fails_at`, `times_out_at`, `abandoned_at` and `ends`, or none: then it succeeds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableKeys {
    fails_at: Option<Spanned<Step>>,
    /// What the function raises; `{arn}`, `{version}`, `{user}` and `{host}` stand for what they are. Words that begin
    /// with a type of exception are raised only, others logged first. By default AWS's template's own.
    with: Option<Spanned<String>>,
    times_out_at: Option<Spanned<Step>>,
    marks: Option<Spanned<MarksKeys>>,
    /// Somebody sets a value by hand meanwhile.
    abandoned_at: Option<Spanned<Step>>,
    /// One of the words.
    ends: Option<Spanned<Word>>,
    /// So many attempts end like that, and the next one succeeds.
    flaky: Option<u32>,
    /// How long each step takes.
    step: Option<Spanned<Span>>,
    /// The same, of the step `at`; without it of each.
    slow: Option<Spanned<Span>>,
    at: Option<Spanned<Step>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum MarksKeys {
    Task,
    Report,
    Both,
}

/// When a failed rotation is attempted again; a pending version that the scenario brings along only where this is given.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RetryKeys {
    after: Option<Span>,
    times: Option<u32>,
}

/// By hand, since an untagged enum forgets where in the file its keys stand.
impl<'de> Deserialize<'de> for OutcomeKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordOrTable)
    }
}

struct WordOrTable;

impl<'de> Visitor<'de> for WordOrTable {
    type Value = OutcomeKeys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word or a table")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<OutcomeKeys, E> {
        Word::deserialize(word.into_deserializer()).map(OutcomeKeys::Word)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OutcomeKeys, A::Error> {
        let table = TableKeys::deserialize(MapAccessDeserializer::new(map))?;
        Ok(OutcomeKeys::Table(Box::new(table)))
    }
}

/// What the keys say; `None` where they say nothing that is not so anyway.
pub(super) fn behaviour(
    outcome: Option<Spanned<OutcomeKeys>>,
    retry: Option<RetryKeys>,
) -> Result<Option<Box<Behaviour>>, Flaw> {
    let mut behaviour = match outcome.map(Spanned::into_inner) {
        None => Behaviour::default(),
        Some(OutcomeKeys::Word(word)) => Behaviour { ending: word.ending(), ..Behaviour::default() },
        Some(OutcomeKeys::Table(table)) => table.behaviour()?,
    };
    behaviour.retry = retry.map(RetryKeys::read);
    Ok(Some(Box::new(behaviour)).filter(|behaviour| **behaviour != Behaviour::default()))
}

impl Word {
    fn ending(self) -> Ending {
        match self {
            Self::Succeeds => Ending::Succeeds,
            Self::WithoutTls => Ending::WithoutTls,
            Self::CannotImport => Ending::CannotImport,
            Self::Denied => Ending::Denied,
            Self::Throttled => Ending::Throttled,
            Self::NeverInvoked => Ending::NeverInvoked,
        }
    }
}

impl TableKeys {
    fn behaviour(self) -> Result<Behaviour, Flaw> {
        self.check()?;
        let marks = self.marks.map_or(Marks::Both, |marks| match marks.into_inner() {
            MarksKeys::Task => Marks::Task,
            MarksKeys::Report => Marks::Report,
            MarksKeys::Both => Marks::Both,
        });
        let step = |step: Option<Spanned<Step>>| step.map(Spanned::into_inner);
        let ending = match (step(self.fails_at), step(self.times_out_at), step(self.abandoned_at), self.ends) {
            (Some(at), ..) => Ending::Fails { at, with: self.with.map(Spanned::into_inner) },
            (_, Some(at), ..) => Ending::TimesOut { at, marks },
            (_, _, Some(at), _) => Ending::Abandoned { at },
            (.., Some(word)) => word.into_inner().ending(),
            _ => Ending::Succeeds,
        };
        let takes = self.slow.or(self.step).map(|span| span.into_inner().0);
        let pace = takes.map(|takes| Pace { takes, step: step(self.at) });
        Ok(Behaviour { ending, flaky: self.flaky, pace, retry: None })
    }

    /// Refuses two endings at once, and keys that go with something else.
    fn check(&self) -> Result<(), Flaw> {
        let endings = [
            self.fails_at.as_ref().map(Spanned::span),
            self.times_out_at.as_ref().map(Spanned::span),
            self.abandoned_at.as_ref().map(Spanned::span),
            self.ends.as_ref().map(Spanned::span),
        ];
        if let Some(span) = endings.iter().flatten().nth(1) {
            return Err(Flaw { span: span.clone(), message: "a rotation ends in one way".to_owned() });
        }
        let wrong = |message: &str| message.to_owned();
        if let Some(with) = self.with.as_ref().filter(|_| self.fails_at.is_none()) {
            return Err(Flaw::at(with, wrong("`with` goes with `fails_at`")));
        }
        if let Some(marks) = self.marks.as_ref().filter(|_| self.times_out_at.is_none()) {
            return Err(Flaw::at(marks, wrong("`marks` goes with `times_out_at`")));
        }
        if let Some(at) = self.at.as_ref().filter(|_| self.slow.is_none()) {
            return Err(Flaw::at(at, wrong("`at` goes with `slow`")));
        }
        match (&self.slow, &self.step) {
            (Some(slow), Some(_)) => Err(Flaw::at(slow, wrong("leave out either `slow` or `step`"))),
            _ => Ok(()),
        }
    }
}

impl RetryKeys {
    fn read(self) -> Retry {
        let default = Retry::default();
        let after = self.after.and_then(|span| TimeDelta::from_std(span.0).ok()).unwrap_or(default.after);
        Retry { after: after.max(TimeDelta::seconds(1)), times: self.times.unwrap_or(default.times) }
    }
}
