//! Signatures out of a file. An error says the file, the line, the signature and the key.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor, value::SeqAccessDeserializer};
use toml::Spanned;

use super::place::{Place, line, place};
use super::sentence::Sentence;
use super::signature::{Signature, Took, When};
use crate::domain::rotation::Step;
use crate::text::safe;

/// What is wrong with a file of signatures.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}: {}{}{}.", safe(file), of(id.as_deref(), "signature "), of(key.as_deref(), ""), safe(message))]
pub struct SignatureError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The id of the signature, where it is known.
    pub id: Option<String>,
    /// The key, where it is one.
    pub key: Option<String>,
    /// What is wrong, and what is allowed.
    pub message: String,
}

fn of(name: Option<&str>, what: &str) -> String {
    name.map_or_else(String::new, |name| format!("{what}`{}`: ", safe(name)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    signature: Vec<Spanned<Keys>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    id: Option<Spanned<String>>,
    pattern: Option<Spanned<String>>,
    #[serde(default)]
    step: List<StepWord>,
    #[serde(default)]
    error: List<String>,
    duration: Option<TookWords>,
    #[serde(default)]
    setback: bool,
    unless: Option<Spanned<String>>,
    #[serde(default)]
    timed_out: bool,
    cause: Option<Spanned<String>>,
    remedy: Option<Spanned<String>>,
    source: Option<String>,
}

/// One or several of a thing.
struct List<T>(Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// By hand, since an untagged enum forgets where in the file its parts stand.
impl<'de, T: Deserialize<'de> + TryFrom<String, Error: fmt::Display>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de> + TryFrom<String, Error: fmt::Display>> Visitor<'de> for OneOrMore<T> {
            type Value = List<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word or a list of words")
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<List<T>, E> {
                Ok(List(vec![T::try_from(word.to_owned()).map_err(E::custom)?]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, words: A) -> Result<List<T>, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(words)).map(List)
            }
        }
        deserializer.deserialize_any(OneOrMore(std::marker::PhantomData))
    }
}

/// The name of a step; `None` for `unknown`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct StepWord(Option<Step>);

impl TryFrom<String> for StepWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let step = Step::ALL.into_iter().find(|step| step.word() == word);
        let allowed = "`createSecret`, `setSecret`, `testSecret`, `finishSecret`, `unknown`";
        if step.is_none() && word != "unknown" {
            return Err(format!("`{word}` is not among {allowed}"));
        }
        Ok(Self(step))
    }
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct TookWords(Took);

impl TryFrom<String> for TookWords {
    type Error = String;

    fn try_from(words: String) -> Result<Self, String> {
        let seconds = |text: &str| text.trim().strip_suffix('s')?.trim_end().parse().ok().map(Duration::from_secs);
        let took = match words.trim() {
            "unknown" => Some(Took::Unknown),
            text => {
                let least = text.strip_prefix(">=").and_then(seconds).map(Took::AtLeast);
                least.or_else(|| text.strip_prefix('<').and_then(seconds).map(Took::Below))
            }
        };
        took.map(Self).ok_or_else(|| format!("`{words}` is none of `>= N s`, `< N s`, `unknown`"))
    }
}

/// Reads the signatures of a file; `file` is its name for errors.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Arc<Signature>>, SignatureError> {
    let parsed: File = toml::from_str(text).map_err(|error| {
        let Place { line, id, key } = place(text, error.span().unwrap_or_default().start);
        SignatureError { file: file.to_owned(), line, id, key, message: error.message().replace('\n', ", ") }
    })?;
    let mut ids = BTreeSet::new();
    let each = parsed.signature.into_iter().map(|keys| {
        let (at, keys) = (keys.span().start, keys.into_inner());
        let id = keys.id.as_ref().map(|id| id.as_ref().clone());
        Reading { file, text, id, at }.signature(keys, &mut ids).map(Arc::new)
    });
    each.collect()
}

/// A signature that is being read.
struct Reading<'a> {
    file: &'a str,
    text: &'a str,
    id: Option<String>,
    /// Where it begins.
    at: usize,
}

impl Reading<'_> {
    fn wrong(&self, at: usize, key: &str, message: impl Into<String>) -> SignatureError {
        let (file, id, key) = (self.file.to_owned(), self.id.clone(), Some(key.to_owned()));
        SignatureError { file, line: line(self.text, at), id, key, message: message.into() }
    }

    /// A text that must be there.
    fn given(&self, key: &str, value: Option<Spanned<String>>) -> Result<Spanned<String>, SignatureError> {
        let value = value.ok_or_else(|| self.wrong(self.at, key, "the key is missing"))?;
        let is_empty = value.as_ref().trim().is_empty();
        if is_empty { Err(self.wrong(value.span().start, key, "the text may not be empty")) } else { Ok(value) }
    }

    fn regex(&self, key: &str, value: Option<Spanned<String>>) -> Result<Regex, SignatureError> {
        let value = self.given(key, value)?;
        compile(value.as_ref()).map_err(|message| self.wrong(value.span().start, key, message))
    }

    fn sentence(&self, key: &str, value: Option<Spanned<String>>, pattern: &Regex) -> Result<Sentence, SignatureError> {
        let value = self.given(key, value)?;
        Sentence::read(value.as_ref(), pattern).map_err(|message| self.wrong(value.span().start, key, message))
    }

    /// Its id, which no other one may have.
    fn id(&self, value: Option<Spanned<String>>, ids: &mut BTreeSet<String>) -> Result<String, SignatureError> {
        let id = self.given("id", value)?;
        let wrong = |message| Err(self.wrong(id.span().start, "id", message));
        if !is_kebab(id.as_ref()) {
            return wrong("only small letters, digits and single hyphens between them are allowed");
        }
        if !ids.insert(id.as_ref().clone()) {
            return wrong("another signature has this id");
        }
        Ok(id.into_inner())
    }

    fn signature(&self, keys: Keys, ids: &mut BTreeSet<String>) -> Result<Signature, SignatureError> {
        let id = self.id(keys.id, ids)?;
        let pattern = self.regex("pattern", keys.pattern)?;
        let when = When {
            steps: keys.step.0.into_iter().map(|word| word.0).collect(),
            errors: keys.error.0,
            took: keys.duration.map(|words| words.0),
            is_setback: keys.setback,
            unless: keys.unless.map(|unless| self.regex("unless", Some(unless))).transpose()?,
            timed_out: keys.timed_out,
        };
        let cause = self.sentence("cause", keys.cause, &pattern)?;
        let remedy = self.sentence("remedy", keys.remedy, &pattern)?;
        Ok(Signature { id, pattern, when, cause, remedy, source: keys.source })
    }
}

/// Texts of errors may have several rows, so `.` matches line ends.
fn compile(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text).dot_matches_new_line(true).build().map_err(|error| {
        let words = error.to_string();
        let last = words.lines().last().unwrap_or_default().trim_start_matches("error: ");
        format!("not a regular expression: {last}")
    })
}

fn is_kebab(id: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    id.split('-').all(is_part)
}
