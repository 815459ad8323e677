//! Where worlds come from: an embedded file, a file on disk, or a number of secrets to make up.

mod alert;
mod build;
mod database;
mod ending;
mod event;
mod file;
mod function;
mod generate;
mod history;
mod invocation;
mod life;
mod log;
mod moment;
mod moves;
mod outcome;
mod reader;
mod schedule;
mod secret;

use std::io;
use std::ops::Range;

use toml::Spanned;

use crate::demo::world::World;

/// The worlds inside the program.
const EMBEDDED: [(&str, &str); 1] = [("default", include_str!("../../../assets/worlds/default.toml"))];

/// Secrets per Region and account (reference_limits.html).
const MOST_SECRETS: usize = 500_000;

/// Why a world could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// Neither embedded, nor generated, nor a file that can be read.
    #[error("no world `{which}`: it is none of {known}, and as a file: {source}")]
    NotFound {
        /// What was asked for.
        which: String,
        /// The names there are.
        known: String,
        /// Why it could not be read as a file.
        source: io::Error,
    },
    /// `secrets:N` with an N that is none.
    #[error("`secrets:{count}`: the number of secrets must be from 0 to 500000")]
    Count {
        /// What stood in place of the number.
        count: String,
    },
    /// The file says something it may not.
    #[error("{file}:{line}: `{key}`: {message}")]
    Invalid {
        /// File or name of the scenario.
        file: String,
        /// Line, from 1.
        line: usize,
        /// The key whose value is wrong, or the table in which one is missing.
        key: String,
        /// What is wrong.
        message: String,
    },
}

/// What is wrong with a scenario, and where in its text.
#[derive(Debug)]
struct Flaw {
    span: Range<usize>,
    message: String,
}

pub(in crate::demo) fn load(which: &str) -> Result<World, ScenarioError> {
    if let Some(count) = which.strip_prefix("secrets:") {
        return generated(count);
    }
    let name = if which.is_empty() { "default" } else { which };
    if let Some((_, text)) = EMBEDDED.iter().find(|(embedded, _)| *embedded == name) {
        return from_toml(name, text);
    }
    let text = std::fs::read_to_string(which).map_err(|source| ScenarioError::NotFound {
        which: which.to_owned(),
        known: known(),
        source,
    })?;
    from_toml(which, &text)
}

pub(in crate::demo) fn from_toml(name: &str, text: &str) -> Result<World, ScenarioError> {
    let file = toml::from_str::<file::File>(text)
        .map_err(|error| Flaw { span: error.span().unwrap_or_default(), message: error.message().to_owned() });
    file.and_then(|file| build::world(name, file)).map_err(|flaw| flaw.located(name, text))
}

fn generated(count: &str) -> Result<World, ScenarioError> {
    let number = count.replace('_', "").parse().ok();
    let Some(number) = number.filter(|number| *number <= MOST_SECRETS) else {
        let count = count.to_owned();
        return Err(ScenarioError::Count { count });
    };
    Ok(generate::world(number))
}

fn known() -> String {
    let names = EMBEDDED.iter().map(|(name, _)| *name);
    names.chain(["secrets:N"]).collect::<Vec<_>>().join(", ")
}

impl Flaw {
    fn at<T>(value: &Spanned<T>, message: impl Into<String>) -> Self {
        Self { span: value.span(), message: message.into() }
    }

    fn located(self, file: &str, text: &str) -> ScenarioError {
        let before = text.get(..self.span.start).unwrap_or_default();
        ScenarioError::Invalid {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            key: key_at(text, self.span.start),
            message: self.message,
        }
    }
}

/// The key whose value begins at `at`, or the key or table name that stands there itself.
fn key_at(text: &str, at: usize) -> String {
    let bare = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
    let line = before.rsplit('\n').next().unwrap_or_default();
    let Some((key, value)) = line.rsplit_once('=') else {
        let word = behind.trim_start_matches(['[', ' ']);
        return word.split(|c| !bare(c)).next().unwrap_or_default().to_owned();
    };
    // Behind a comma or a brace that is no longer the value of the key, but the next key.
    if value.contains([',', '{']) && behind.starts_with(bare) {
        return behind.split(|c| !bare(c)).next().unwrap_or_default().to_owned();
    }
    key.trim_end().rsplit(|c| !bare(c)).next().unwrap_or_default().to_owned()
}
