//! Flags over variables over the file over the defaults.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use toml::Spanned;

use super::choice::{Name, NotAmong, Switch};
use super::file::{DisplayKeys, File, ListKeys};
use super::{Aws, Borders, Config, ConfigError, Display, List, Place, Setting, Source, Theme};

/// The environment variables that are read; an empty one counts as not set.
///
/// `AWS_*` is for the SDK to read. They are here because they go before what the file says.
pub const VARIABLES: [&str; 13] = [
    "SECDASH_CONFIG",
    "SECDASH_READ_ONLY",
    "SECDASH_THEME",
    "SECDASH_BORDERS",
    "SECDASH_TIMES",
    "SECDASH_MOUSE",
    "SECDASH_BELL",
    "NO_COLOR",
    "AWS_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
];

/// What was given on the command line.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--profile`
    pub profile: Option<String>,
    /// `--region`
    pub region: Option<String>,
    /// `--endpoint-url`
    pub endpoint_url: Option<String>,
    /// `--live-tail-endpoint-url`
    pub live_tail_endpoint_url: Option<String>,
    /// `--read-only`
    pub read_only: Option<bool>,
    /// `--theme`
    pub theme: Option<Theme>,
    /// `--borders`
    pub borders: Option<Borders>,
    /// `--mouse`
    pub mouse: Option<bool>,
}

/// Everything that a [`Config`] is made from. The default is nothing at all: no flag, no variable, no file.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// What was given on the command line.
    pub flags: Flags,
    /// Those of [`VARIABLES`] that are set.
    pub variables: BTreeMap<&'static str, OsString>,
    /// Where the file is looked for when nobody names one.
    pub default_file: Option<PathBuf>,
}

impl Sources {
    /// Where the file is looked for; nowhere, where nobody names one and there isn't even a home folder.
    pub fn place(&self) -> Option<Place> {
        let flag = self.flags.config.clone().map(|path| (path, Some("--config")));
        let variable = || Some((self.set("SECDASH_CONFIG")?.1.into(), Some("SECDASH_CONFIG")));
        let named = flag.or_else(variable).or_else(|| Some((self.default_file.clone()?, None)));
        named.map(|(path, named_by)| Place { path, named_by })
    }

    /// Reads the file, and lays variables and flags over it.
    pub fn load(&self) -> Result<Config, ConfigError> {
        let mut file = File::read(self.place().as_ref())?;
        let keys = std::mem::take(&mut file.keys);
        Ok(Config {
            aws: self.aws(&file, [keys.profile, keys.region, keys.endpoint_url, keys.live_tail_endpoint_url]),
            read_only: Setting::first([
                given(self.flags.read_only, "--read-only"),
                self.switch("SECDASH_READ_ONLY")?,
                file.setting(keys.read_only),
            ]),
            signatures: Setting::first([named(&file, keys.signatures)]),
            display: self.display(&file, keys.display)?,
            list: list(&file, keys.list),
            keys: file.rebindings(keys.keys),
        })
    }

    fn aws(&self, file: &File, keys: [Option<Spanned<Name>>; 4]) -> Aws {
        let [profile, region, endpoint_url, live_tail_endpoint_url] = keys;
        let flag = |value: &Option<String>, name| given(value.clone().map(Some), name);
        Aws {
            profile: Setting::first([
                flag(&self.flags.profile, "--profile"),
                // Keys in the environment are somebody: a file must not quietly make them somebody else.
                self.sdk("AWS_PROFILE").or_else(|| Some(self.sdk("AWS_ACCESS_KEY_ID")?.map(|_| None))),
                named(file, profile),
            ]),
            region: Setting::first([
                flag(&self.flags.region, "--region"),
                self.sdk("AWS_REGION").or_else(|| self.sdk("AWS_DEFAULT_REGION")),
                named(file, region),
            ]),
            endpoint_url: Setting::first([
                flag(&self.flags.endpoint_url, "--endpoint-url"),
                self.sdk("AWS_ENDPOINT_URL"),
                named(file, endpoint_url),
            ]),
            live_tail_endpoint_url: Setting::first([
                flag(&self.flags.live_tail_endpoint_url, "--live-tail-endpoint-url"),
                named(file, live_tail_endpoint_url),
            ]),
        }
    }

    fn display(&self, file: &File, keys: DisplayKeys) -> Result<Display, ConfigError> {
        let theme = self.variable("SECDASH_THEME")?;
        // <https://no-color.org>: only what was asked for in so many words goes before it.
        let no_colour = self.set("NO_COLOR").map(|(name, _)| from_variable(Theme::Mono, name));
        Ok(Display {
            theme: Setting::first([given(self.flags.theme, "--theme"), no_colour.or(theme), file.setting(keys.theme)]),
            borders: Setting::first([
                given(self.flags.borders, "--borders"),
                self.variable("SECDASH_BORDERS")?,
                file.setting(keys.borders),
            ]),
            times: Setting::first([self.variable("SECDASH_TIMES")?, file.setting(keys.times)]),
            mouse: Setting::first([
                given(self.flags.mouse, "--mouse"),
                self.switch("SECDASH_MOUSE")?,
                file.setting(keys.mouse),
            ]),
            bell: Setting::first([self.switch("SECDASH_BELL")?, file.setting(keys.bell)]),
        })
    }

    /// A variable that is set to something.
    fn set(&self, name: &'static str) -> Option<(&'static str, OsString)> {
        self.variables.get(name).filter(|value| !value.is_empty()).map(|value| (name, value.clone()))
    }

    fn variable<T: FromStr<Err = NotAmong>>(&self, name: &'static str) -> Result<Option<Setting<T>>, ConfigError> {
        let Some((name, value)) = self.set(name) else { return Ok(None) };
        let word = value.to_string_lossy();
        let value = word.parse().map_err(|source| ConfigError::Variable { name, source })?;
        Ok(Some(from_variable(value, name)))
    }

    fn switch(&self, name: &'static str) -> Result<Option<Setting<bool>>, ConfigError> {
        Ok(self.variable(name)?.map(|switch: Setting<Switch>| switch.map(|switch| switch.0)))
    }

    /// A variable that the SDK reads.
    fn sdk(&self, name: &'static str) -> Option<Setting<Option<String>>> {
        let (name, value) = self.set(name)?;
        Some(from_variable(Some(value.to_string_lossy().into_owned()), name))
    }
}

impl<T: Default> Setting<T> {
    /// The first that there is, or else the default.
    fn first<const N: usize>(layers: [Option<Self>; N]) -> Self {
        layers.into_iter().flatten().next().unwrap_or_default()
    }
}

impl<T> Setting<T> {
    fn map<U>(self, into: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: into(self.value), source: self.source }
    }
}

fn named(file: &File, name: Option<Spanned<Name>>) -> Option<Setting<Option<String>>> {
    file.setting(name).map(|name| name.map(|name| Some(name.0)))
}

fn list(file: &File, keys: ListKeys) -> List {
    List { sort: Setting::first([file.setting(keys.sort)]), filter: Setting::first([file.setting(keys.filter)]) }
}

fn given<T>(value: Option<T>, flag: &'static str) -> Option<Setting<T>> {
    value.map(|value| Setting { value, source: Source::Flag(flag) })
}

fn from_variable<T>(value: T, name: &'static str) -> Setting<T> {
    Setting { value, source: Source::Variable(name) }
}
