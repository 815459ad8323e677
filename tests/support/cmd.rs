//! Commands in this process, over a demo world.

use clap::{CommandFactory, Parser};
use secdash::aws::Aws;
use secdash::cli::Cli;
use secdash::cmd::{self, Streams, Surroundings};
use secdash::config::Sources;
use secdash::demo::World;
use secdash::exit::Exit;

/// What a command said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub out: String,
    pub err: String,
    pub exit: Exit,
}

/// Runs a command over a world.
pub async fn run(args: &[&str], world: &World) -> Said {
    let cli = Cli::try_parse_from(std::iter::once("secdash").chain(args.iter().copied())).unwrap();
    let aws = Aws::demo(world.sdk_config());
    let sources = Sources { flags: cli.flags(), ..Sources::default() };
    let around = Surroundings { aws, world: String::new(), sources, grammar: Cli::command() };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let ended = cmd::run(cli.command.unwrap(), around, Streams { out: &mut out, err: &mut err }).await;
    let exit = ended.unwrap_or_else(|failure| {
        failure.tell(&mut err).unwrap();
        failure.exit()
    });
    let plain = |bytes: &[u8]| anstream::adapter::strip_str(&String::from_utf8_lossy(bytes)).to_string();
    Said { out: plain(&out), err: plain(&err), exit }
}
