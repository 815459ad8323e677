//! What the user has set: flags, environment variables and one file become a [`Config`] that knows where each value is from.

mod choice;
mod error;
mod file;
mod signatures;
mod sources;

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

pub use self::choice::{Borders, NotAmong, Sort, SortBy, Theme, Times};
pub use self::error::ConfigError;
pub use self::file::{Place, default_file, record_file};
pub use self::signatures::OwnSignatures;
pub use self::sources::{Flags, Sources, VARIABLES};

/// The default configuration, as a file with a comment on every key.
pub const DEFAULT_FILE: &str = include_str!("../../assets/config.toml");

/// Where a value is from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// Nobody set it.
    #[default]
    Default,
    /// A line of the file.
    File {
        /// The file.
        file: Arc<str>,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Variable(&'static str),
    /// A flag.
    Flag(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { file, line } => write!(f, "{}:{line}", crate::text::safe(file)),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A value, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it is from.
    pub source: Source,
}

/// What is set, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// Where AWS is, and as whom.
    pub aws: Aws,
    /// Whether whatever would change something in AWS is refused.
    pub read_only: Setting<bool>,
    /// A file of the user's own signatures of failures, as it was written.
    pub signatures: Setting<Option<String>>,
    /// How things look.
    pub display: Display,
    /// The list of secrets at the start.
    pub list: List,
    /// The user's own keys, in the order of their lines; not yet held against the actions that there are.
    pub keys: Vec<Rebinding>,
}

/// Where AWS is, and as whom. What is from a variable is the SDK's to read; it is here to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aws {
    /// The profile.
    pub profile: Setting<Option<String>>,
    /// The Region.
    pub region: Setting<Option<String>>,
    /// The endpoint in place of AWS's own.
    pub endpoint_url: Setting<Option<String>>,
    /// The endpoint of Live Tail, which has one of its own.
    pub live_tail_endpoint_url: Setting<Option<String>>,
}

/// How things look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Display {
    /// The colours.
    pub theme: Setting<Theme>,
    /// What frames are drawn with.
    pub borders: Setting<Borders>,
    /// The clock of what is shown.
    pub times: Setting<Times>,
    /// Whether the mouse is taken.
    pub mouse: Setting<bool>,
    /// Whether the bell rings when a rotation that is watched has ended.
    pub bell: Setting<bool>,
}

/// The list of secrets at the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// Its order.
    pub sort: Setting<Sort>,
    /// Its filter.
    pub filter: Setting<String>,
}

/// An action with the keys that the user gives it in place of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebinding {
    /// The name of the action, as it was written.
    pub action: String,
    /// The names of the keys, as they were written.
    pub keys: Vec<String>,
    /// Where it was written.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
}

/// A value in the form in which it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Not set.
    Absent,
    /// On or off.
    Switch(bool),
    /// A text.
    Text(String),
    /// Several.
    Texts(Vec<String>),
}

/// A setting as it is printed: its key in the file, its value, and where that is from.
pub type Row = (String, Value, Source);

impl Config {
    /// Every setting, in the order of the file.
    pub fn rows(&self) -> Vec<Row> {
        let Self { aws, read_only, signatures, display, list, keys } = self;
        let Aws { profile, region, endpoint_url, live_tail_endpoint_url } = aws;
        let Display { theme, borders, times, mouse, bell } = display;
        let List { sort, filter } = list;
        let name = |value: &Option<String>| value.clone().map_or(Value::Absent, Value::Text);
        let switch = |on: &bool| Value::Switch(*on);
        let mut rows = vec![
            profile.row("profile", name),
            region.row("region", name),
            endpoint_url.row("endpoint_url", name),
            live_tail_endpoint_url.row("live_tail_endpoint_url", name),
            read_only.row("read_only", switch),
            signatures.row("signatures", name),
            theme.row("display.theme", |theme| Value::Text(theme.word().to_owned())),
            borders.row("display.borders", |borders| Value::Text(borders.word().to_owned())),
            times.row("display.times", |times| Value::Text(times.word().to_owned())),
            mouse.row("display.mouse", switch),
            bell.row("display.bell", switch),
            sort.row("list.sort", |sort| Value::Text(sort.to_string())),
            filter.row("list.filter", |filter| Value::Text(filter.clone())),
        ];
        rows.extend(keys.iter().map(Rebinding::row));
        rows
    }
}

impl<T> Setting<T> {
    fn row(&self, key: &str, value: impl Fn(&T) -> Value) -> Row {
        (key.to_owned(), value(&self.value), self.source.clone())
    }
}

impl Rebinding {
    fn row(&self) -> Row {
        let source = Source::File { file: Arc::clone(&self.file), line: self.line };
        (format!("keys.{}", self.action), Value::Texts(self.keys.clone()), source)
    }
}

impl Aws {
    /// What the SDK must be told; what is from a variable it finds by itself.
    ///
    /// A profile that it is told goes before keys in the environment, and one from `AWS_PROFILE` must not.
    pub fn told(setting: &Setting<Option<String>>) -> Option<String> {
        if matches!(setting.source, Source::Variable(_)) { None } else { setting.value.clone() }
    }
}
