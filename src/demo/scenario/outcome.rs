//! How a secret's rotations end, as a scenario writes it: a word or a table, or a list of these, one for each attempt
//! since the world began, of whichever rotation; those behind the list end like its last.
//!
//! ```toml
//! outcome = "cannot-import"
//! outcome = { fails_at = "setSecret", with = "KeyError: 'masterarn'", flaky = 2 }
//! outcome = { times_out_at = "setSecret", changed = true, marks = "report" }
//! outcome = { slow = "40s", at = "testSecret" }
//! outcome = [{ fails_at = "testSecret" }, { fails_at = "setSecret", unreachable = true }, "succeeds"]
//! retry = { after = "15m", times = 5 }
//! ```

use std::fmt;

use chrono::TimeDelta;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

use super::Flaw;
use super::ending::TableKeys;
use super::moment::Span;
use crate::demo::rotation::behaviour::{Behaviour, Ending, Retry, Way};

#[derive(Debug)]
pub(super) enum OutcomeKeys {
    Word(Word),
    Table(Box<TableKeys>),
    List(Vec<Spanned<OutcomeKeys>>),
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
        deserializer.deserialize_any(Shape)
    }
}

struct Shape;

impl<'de> Visitor<'de> for Shape {
    type Value = OutcomeKeys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word, a table or a list of these")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<OutcomeKeys, E> {
        Word::deserialize(word.into_deserializer()).map(OutcomeKeys::Word)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OutcomeKeys, A::Error> {
        let table = TableKeys::deserialize(MapAccessDeserializer::new(map))?;
        Ok(OutcomeKeys::Table(Box::new(table)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<OutcomeKeys, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(OutcomeKeys::List)
    }
}

/// What the keys say; `None` where they say nothing that is not so anyway.
pub(super) fn behaviour(
    outcome: Option<Spanned<OutcomeKeys>>,
    retry: Option<RetryKeys>,
) -> Result<Option<Box<Behaviour>>, Flaw> {
    let is_list = outcome.as_ref().is_some_and(|outcome| matches!(outcome.get_ref(), OutcomeKeys::List(_)));
    let mut behaviour = Behaviour { retry: retry.map(RetryKeys::read), ..Behaviour::default() };
    for outcome in outcome.map(each).transpose()?.into_iter().flatten() {
        let (way, flaky) = read(outcome)?;
        if let Some(flaky) = flaky.as_ref().filter(|_| is_list) {
            return Err(Flaw::at(flaky, "in a list each attempt has its own outcome"));
        }
        behaviour.attempts.push(way);
        behaviour.flaky = flaky.map(Spanned::into_inner);
    }
    let is_usual = behaviour.attempts.iter().all(|way| *way == Way::default()) && behaviour.retry.is_none();
    Ok((!is_usual).then(|| Box::new(behaviour)))
}

/// The outcomes of the attempts, in their order.
fn each(outcome: Spanned<OutcomeKeys>) -> Result<Vec<Spanned<OutcomeKeys>>, Flaw> {
    let span = outcome.span();
    match outcome.into_inner() {
        OutcomeKeys::List(list) if list.is_empty() => {
            Err(Flaw { span, message: "a list has one outcome at least".to_owned() })
        }
        OutcomeKeys::List(list) => Ok(list),
        one => Ok(vec![Spanned::new(span, one)]),
    }
}

/// How one attempt goes, and how many of them do.
fn read(outcome: Spanned<OutcomeKeys>) -> Result<(Way, Option<Spanned<u32>>), Flaw> {
    let span = outcome.span();
    match outcome.into_inner() {
        OutcomeKeys::Word(word) => Ok((Way { ending: word.ending(), pace: None }, None)),
        OutcomeKeys::Table(table) => table.read(),
        OutcomeKeys::List(_) => Err(Flaw { span, message: "a list has no lists in it".to_owned() }),
    }
}

impl Word {
    pub(super) fn ending(self) -> Ending {
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

impl RetryKeys {
    fn read(self) -> Retry {
        let default = Retry::default();
        let after = self.after.and_then(|span| TimeDelta::from_std(span.0).ok()).unwrap_or(default.after);
        Retry { after: after.max(TimeDelta::seconds(1)), times: self.times.unwrap_or(default.times) }
    }
}
