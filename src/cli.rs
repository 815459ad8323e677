//! The command line: global options, and the commands' own arguments from their files. Nothing runs here.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Parser;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::cmd::Command;
use crate::config::{Borders, Flags, NotAmong, Theme};

/// A terminal dashboard for the rotation of AWS Secrets Manager secrets.
///
/// Without a command it opens the dashboard. It never reads a secret's value.
#[derive(Debug, Parser)]
#[command(name = "secdash", version, max_term_width = 100)]
pub struct Cli {
    /// What decides where AWS is.
    #[command(flatten)]
    pub door: DoorArgs,
    /// What goes before the configuration file.
    #[command(flatten)]
    pub settings: SettingArgs,
    /// The command; none is the dashboard.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Where AWS is, and as whom.
#[derive(Debug, clap::Args)]
pub struct DoorArgs {
    /// Profile of ~/.aws to use; goes before keys in the environment
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Region to look at
    #[arg(long, global = true, value_name = "REGION")]
    pub region: Option<String>,
    /// Endpoint to call in place of AWS's own
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Endpoint to call for Live Tail, whose own is `stream-` and that of CloudWatch Logs
    #[arg(long, global = true, value_name = "URL")]
    pub live_tail_endpoint_url: Option<String>,
    /// Work on an AWS that lives in memory: no account needed
    ///
    /// WORLD is a built-in world, `secrets:N` for N generated secrets, or a path to a TOML file.
    #[arg(long, global = true, value_name = "WORLD", num_args = 0..=1, require_equals = true,
          default_missing_value = "", conflicts_with_all = ["profile", "region", "endpoint_url", "live_tail_endpoint_url"])]
    pub demo: Option<String>,
}

/// What goes before the configuration file.
#[derive(Debug, clap::Args)]
pub struct SettingArgs {
    /// Configuration file to read in place of the usual one
    #[arg(long, global = true, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// Refuse whatever would change something in AWS
    #[arg(long, global = true, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub read_only: Option<bool>,
    /// Colours of the dashboard
    #[arg(long, global = true, value_name = "THEME", value_parser = word::<Theme>(Theme::WORDS))]
    pub theme: Option<Theme>,
    /// What frames are drawn with
    #[arg(long, global = true, value_name = "BORDERS", value_parser = word::<Borders>(Borders::WORDS))]
    pub borders: Option<Borders>,
    /// Let the dashboard take the mouse
    #[arg(long, global = true, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub mouse: Option<bool>,
}

/// One of a setting's words.
fn word<T: FromStr<Err = NotAmong> + Clone + Send + Sync + 'static>(
    words: &'static [&'static str],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words).try_map(|word| word.parse::<T>())
}

impl Cli {
    /// What was given on the command line and may stand in the configuration file too.
    pub fn flags(&self) -> Flags {
        let (door, settings) = (&self.door, &self.settings);
        Flags {
            config: settings.config.clone(),
            profile: door.profile.clone(),
            region: door.region.clone(),
            endpoint_url: door.endpoint_url.clone(),
            live_tail_endpoint_url: door.live_tail_endpoint_url.clone(),
            read_only: settings.read_only,
            theme: settings.theme,
            borders: settings.borders,
            mouse: settings.mouse,
        }
    }
}
