//! The command line: global options, and the commands' own arguments from their files. Nothing runs here.

use clap::Parser;

use crate::aws::Options;
use crate::cmd::Command;

/// A terminal dashboard for the rotation of AWS Secrets Manager secrets.
///
/// Without a command it opens the dashboard. It never reads a secret's value.
#[derive(Debug, Parser)]
#[command(name = "secdash", version, max_term_width = 100)]
pub struct Cli {
    /// What decides where AWS is.
    #[command(flatten)]
    pub door: DoorArgs,
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
    /// Work on an AWS that lives in memory: no account needed
    ///
    /// WORLD is a built-in world, `secrets:N` for N generated secrets, or a path to a TOML file.
    #[arg(long, global = true, value_name = "WORLD", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub demo: Option<String>,
}

impl DoorArgs {
    /// What the user set for an account.
    pub fn options(&self) -> Options {
        Options { profile: self.profile.clone(), region: self.region.clone(), endpoint_url: self.endpoint_url.clone() }
    }
}
