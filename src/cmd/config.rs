//! `secdash config`: the default configuration file to begin with, or what holds here and where it is from.

use std::io::{self, Write};

use serde::Serialize;

use super::keys::keymap;
use super::{Failure, Output, Streams};
use crate::aws::Options;
use crate::config::{Aws, Config, ConfigError, DEFAULT_FILE, Place, Row, Source, Sources, Value};
use crate::domain::catalogue::{Catalogue, SignatureError};
use crate::exit::Exit;
use crate::output::{json, table};
use crate::text::safe;

/// Arguments of `secdash config`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Show what holds here, setting by setting, and where each is from
    #[arg(long)]
    effective: bool,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t, requires = "effective")]
    pub(super) output: Output,
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage(error.to_string(), error.next_step())
    }
}

/// What the SDK is to be told of the configuration.
pub fn options(config: &Config) -> Options {
    let told = |setting| Aws::told(setting);
    Options {
        profile: told(&config.aws.profile),
        region: told(&config.aws.region),
        endpoint_url: told(&config.aws.endpoint_url),
        live_tail_endpoint_url: told(&config.aws.live_tail_endpoint_url),
    }
}

impl From<SignatureError> for Failure {
    fn from(error: SignatureError) -> Self {
        let next_step = "mend that line, or take `signatures` out of the configuration";
        Self::Usage(error.to_string(), next_step.to_owned())
    }
}

/// The signatures of failures, with those of the user's own file.
pub fn catalogue(config: &Config) -> Result<Catalogue, Failure> {
    match config.own_signatures()? {
        Some(own) => Ok(Catalogue::with_own(&own.file, &own.text)?),
        None => Ok(Catalogue::builtin()),
    }
}

/// Prints the configuration; needs no AWS.
pub fn run(args: &Args, sources: &Sources, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let place = sources.place();
    if !args.effective {
        // The file isn't read: whoever has broken theirs must still get a whole one.
        write_default(place.as_ref(), streams.out)?;
        return Ok(Exit::Fine);
    }
    let config = sources.load()?;
    keymap(&config)?;
    catalogue(&config)?;
    match args.output {
        Output::Table => {
            let rows: Vec<_> = config.rows().into_iter().map(cells).collect();
            table::write(streams.out, ["SETTING", "VALUE", "FROM"], &rows)?;
        }
        Output::Json => json::write(streams.out, &Effective::new(place.as_ref(), &config))?,
    }
    Ok(Exit::Fine)
}

fn write_default(place: Option<&Place>, out: &mut dyn Write) -> io::Result<()> {
    match place {
        Some(place) => {
            let file = safe(&place.path.to_string_lossy());
            let named_by = place.named_by.map_or_else(String::new, |by| format!(", which {by} names"));
            let found = if place.is_there() { "It is there." } else { "There is no such file." };
            writeln!(out, "# secdash reads {file}{named_by}.\n# {found}")?;
        }
        None => writeln!(out, "# secdash reads no file: there is no home folder.")?,
    }
    writeln!(out, "# --config PATH, or the variable SECDASH_CONFIG, names another one.\n")?;
    out.write_all(DEFAULT_FILE.as_bytes())
}

fn cells((key, value, source): Row) -> [table::Cell; 3] {
    let value = match value {
        Value::Absent => "–".to_owned(),
        Value::Texts(texts) if texts.is_empty() => "–".to_owned(),
        Value::Switch(on) => on.to_string(),
        Value::Text(text) if text.is_empty() => "\"\"".to_owned(),
        Value::Text(text) => safe(&text),
        Value::Texts(texts) => safe(&texts.join(" ")),
    };
    [safe(&key).into(), value.into(), source.to_string().into()]
}

#[derive(Debug, Serialize)]
struct Effective {
    file: Option<FileJson>,
    settings: Vec<SettingJson>,
}

#[derive(Debug, Serialize)]
struct FileJson {
    path: String,
    named_by: Option<&'static str>,
    found: bool,
}

#[derive(Debug, Serialize)]
struct SettingJson {
    name: String,
    value: Value,
    source: SourceJson,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum SourceJson {
    Default,
    File { path: String, line: usize },
    Variable { name: &'static str },
    Flag { name: &'static str },
}

impl Effective {
    fn new(place: Option<&Place>, config: &Config) -> Self {
        let file = place.map(|place| FileJson {
            path: place.path.to_string_lossy().into_owned(),
            named_by: place.named_by,
            found: place.is_there(),
        });
        let setting = |(name, value, source): Row| SettingJson { name, value, source: source.into() };
        Self { file, settings: config.rows().into_iter().map(setting).collect() }
    }
}

impl From<Source> for SourceJson {
    fn from(source: Source) -> Self {
        match source {
            Source::Default => Self::Default,
            Source::File { file, line } => Self::File { path: file.to_string(), line },
            Source::Variable(name) => Self::Variable { name },
            Source::Flag(name) => Self::Flag { name },
        }
    }
}
