//! The file: its keys, where it is looked for, and the line of whatever is in it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::choice::{Borders, Name, Sort, Theme, Times};
use super::{ConfigError, Rebinding, Setting, Source};

/// The keys of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Top {
    pub(super) profile: Option<Spanned<Name>>,
    pub(super) region: Option<Spanned<Name>>,
    pub(super) endpoint_url: Option<Spanned<Name>>,
    pub(super) live_tail_endpoint_url: Option<Spanned<Name>>,
    pub(super) read_only: Option<Spanned<bool>>,
    pub(super) signatures: Option<Spanned<Name>>,
    #[serde(default)]
    pub(super) display: DisplayKeys,
    #[serde(default)]
    pub(super) list: ListKeys,
    /// By action; which actions there are is for the dashboard to know.
    #[serde(default)]
    pub(super) keys: BTreeMap<Spanned<String>, KeyNames>,
}

/// The keys of `[display]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DisplayKeys {
    pub(super) theme: Option<Spanned<Theme>>,
    pub(super) borders: Option<Spanned<Borders>>,
    pub(super) times: Option<Spanned<Times>>,
    pub(super) mouse: Option<Spanned<bool>>,
    pub(super) bell: Option<Spanned<bool>>,
}

/// The keys of `[list]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListKeys {
    pub(super) sort: Option<Spanned<Sort>>,
    pub(super) filter: Option<Spanned<String>>,
}

/// Names of keys of the keyboard.
#[derive(Debug)]
pub(super) struct KeyNames(Vec<String>);

impl<'de> Deserialize<'de> for KeyNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self(Vec::new()))
    }
}

impl<'de> Visitor<'de> for KeyNames {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of key names, such as [\"r\", \"ctrl-r\"]")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut names: A) -> Result<Self, A::Error> {
        while let Some(name) = names.next_element()? {
            self.0.push(name);
        }
        Ok(self)
    }
}

/// Where the file is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The path.
    pub path: PathBuf,
    /// The flag or the variable that names it; none does for the default place.
    pub named_by: Option<&'static str>,
}

impl Place {
    /// Whether there is a file.
    pub fn is_there(&self) -> bool {
        self.path.exists()
    }

    /// Its text; `None` where there is none and need not be one.
    fn read(&self) -> Result<Option<String>, ConfigError> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(e) if self.named_by.is_none() && e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(ConfigError::Unreadable { file: words(&self.path), named_by: self.named_by, source }),
        }
    }
}

/// The default place: `secdash/config.toml` in `$XDG_CONFIG_HOME`, or else in `~/.config`, on macOS too.
pub fn default_file() -> Option<PathBuf> {
    use etcetera::base_strategy::{BaseStrategy, Xdg};
    Xdg::new().ok().map(|folders| folders.config_dir().join("secdash").join("config.toml"))
}

/// Where the record of actions is kept: `secdash/actions.jsonl` in `$XDG_STATE_HOME`, or else in `~/.local/state`.
pub fn record_file() -> Option<PathBuf> {
    use etcetera::base_strategy::{BaseStrategy, Xdg};
    Xdg::new().ok()?.state_dir().map(|folder| folder.join("secdash").join("actions.jsonl"))
}

/// A file that was read.
#[derive(Debug, Default)]
pub(super) struct File {
    name: Arc<str>,
    text: String,
    pub(super) keys: Top,
}

impl File {
    /// Reads the file of a place; what isn't there is empty.
    pub(super) fn read(place: Option<&Place>) -> Result<Self, ConfigError> {
        let Some(place) = place else { return Ok(Self::default()) };
        match place.read()? {
            Some(text) => Self::parse(&words(&place.path), text),
            None => Ok(Self::default()),
        }
    }

    /// Reads a text.
    pub(super) fn parse(name: &str, text: String) -> Result<Self, ConfigError> {
        match toml::from_str(&text) {
            Ok(keys) => Ok(Self { name: name.into(), text, keys }),
            Err(error) => {
                let at = error.span().unwrap_or_default().start;
                Err(ConfigError::Invalid {
                    file: name.to_owned(),
                    line: line(&text, at),
                    key: key_at(&text, at),
                    message: error.message().replace('\n', ", "),
                })
            }
        }
    }

    /// A setting with its line.
    pub(super) fn setting<T>(&self, value: Option<Spanned<T>>) -> Option<Setting<T>> {
        let value = value?;
        let line = line(&self.text, value.span().start);
        Some(Setting { value: value.into_inner(), source: Source::File { file: Arc::clone(&self.name), line } })
    }

    /// The bindings in the order of their lines.
    pub(super) fn rebindings(&self, keys: BTreeMap<Spanned<String>, KeyNames>) -> Vec<Rebinding> {
        let rebinding = |(action, KeyNames(keys)): (Spanned<String>, _)| {
            let line = line(&self.text, action.span().start);
            Rebinding { action: action.into_inner(), keys, file: Arc::clone(&self.name), line }
        };
        let mut rebindings: Vec<_> = keys.into_iter().map(rebinding).collect();
        rebindings.sort_by_key(|rebinding| rebinding.line);
        rebindings
    }
}

fn words(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn line(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// The whole key at a place of a text, such as `display.theme`. Where the text is no TOML, what begins the line.
fn key_at(text: &str, at: usize) -> String {
    let (table, _) = DeTable::parse_recoverable(text);
    path_to(table.get_ref(), at).unwrap_or_else(|| {
        let begin = text.get(..at).unwrap_or(text).rfind('\n').map_or(0, |end| end + 1);
        let line = text.get(begin..).unwrap_or_default().lines().next().unwrap_or_default();
        line.split('=').next().unwrap_or_default().trim().to_owned()
    })
}

fn path_to(table: &DeTable<'_>, at: usize) -> Option<String> {
    table.iter().find_map(|(key, value)| match value.get_ref() {
        // The span of a table is that of its header only, so what is in it is asked first.
        DeValue::Table(inner) => path_to(inner, at)
            .map(|rest| format!("{}.{rest}", key.get_ref()))
            .or_else(|| (key.span().contains(&at) || value.span().contains(&at)).then(|| key.get_ref().to_string())),
        _ => (key.span().contains(&at) || value.span().contains(&at)).then(|| key.get_ref().to_string()),
    })
}
