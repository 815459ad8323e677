//! Commands in this process, over a demo world.

use clap::{CommandFactory, Parser};
use secdash::aws::{Aws, Guard, Record};
use secdash::cli::Cli;
use secdash::cmd::{self, Streams, Surroundings, Terminal};
use secdash::config::Sources;
use secdash::demo::World;
use secdash::domain::action::Action;
use secdash::exit::Exit;

use super::home::Home;

/// What a command said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub out: String,
    pub err: String,
    pub exit: Exit,
    /// What stands in the record of actions afterwards, line by line as it was written.
    pub actions: Vec<Action>,
}

/// Runs a command over a world.
pub async fn run(args: &[&str], world: &World) -> Said {
    run_at(args, world, &Home::new()).await
}

/// The same with a home that was there before, and stays.
pub async fn run_at(args: &[&str], world: &World, home: &Home) -> Said {
    run_as(1, args, world, home).await
}

/// The same by one of several clients, whose tokens are their own.
pub async fn run_as(client: u64, args: &[&str], world: &World, home: &Home) -> Said {
    let cli = Cli::try_parse_from(std::iter::once("secdash").chain(args.iter().copied())).unwrap();
    let sources = Sources { flags: cli.flags(), ..Sources::default() };
    let record = Record::at(home.folder().join("state/secdash/actions.jsonl"));
    let read_only = sources.load().unwrap().read_only.value;
    // Another client than whoever else is in the world: its tokens are its own.
    let aws = Aws::demo_seeded(world.sdk_config(), world.client_seed() ^ client);
    let aws = aws.guarded(Guard { read_only, record: record.clone() });
    let terminal = Terminal::default();
    let around = Surroundings { aws, world: String::new(), sources, terminal, grammar: Cli::command() };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let ended = cmd::run(cli.command.unwrap(), around, Streams { out: &mut out, err: &mut err, columns: None }).await;
    let exit = ended.unwrap_or_else(|failure| {
        failure.tell(&mut err).unwrap();
        failure.exit()
    });
    let plain = |bytes: &[u8]| anstream::adapter::strip_str(&String::from_utf8_lossy(bytes)).to_string();
    let recorded = record.read().unwrap();
    assert_eq!(recorded.unreadable, 0);
    Said { out: plain(&out), err: plain(&err), exit, actions: recorded.actions }
}
