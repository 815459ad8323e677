//! The `secdash` program: decides where AWS is, then hands over to a command or the dashboard.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use secdash::aws::{Aws, Guard, Options, Record};
use secdash::cli::Cli;
use secdash::cmd::{self, Failure, Output, Streams, Surroundings, Terminal};
use secdash::config::{self, Config, Sources};
use secdash::exit::Exit;
use secdash::tui;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut err = anstream::stderr();
    let runtime = match threads(&cli).enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return report(&Failure::Io(e), &mut err),
    };
    let ended = runtime.block_on(run(cli, &mut err));
    // Whoever is still waiting for a name server or a sign-in is not waited for.
    runtime.shutdown_background();
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => report(&failure, &mut err),
    }
}

/// A command that asks AWS does one thing after the other: a second thread would mostly be woken and wait. The dashboard
/// has one for its loop and one for what AWS answers: more of them would take processors from the keys. What keeps that one
/// busy holds up timers, and so frames of data, but no key. The demo world may have many callers.
fn threads(cli: &Cli) -> Builder {
    let workers = match &cli.command {
        Some(command) if command.needs_aws() => return Builder::new_current_thread(),
        Some(_) => 2,
        None => 1,
    };
    let mut threads = Builder::new_multi_thread();
    threads.worker_threads(workers);
    threads
}

async fn run(cli: Cli, err: &mut dyn Write) -> Result<Exit, Failure> {
    let (sources, demo) = (sources(&cli), cli.door.demo.as_deref());
    let Some(command) = cli.command else { return dashboard(demo, &sources).await };
    let aws = if command.needs_aws() { door(demo, &sources.load()?)? } else { Aws::account(Options::default()) };
    let mut out = io::BufWriter::new(stdout(command.output()));
    let world = demo.unwrap_or_default().to_owned();
    let around = Surroundings { aws, world, sources, terminal: terminal(), grammar: Cli::command() };
    let exit = cmd::run(command, around, Streams { out: &mut out, err, columns: columns() }).await?;
    out.flush()?;
    Ok(exit)
}

/// Whoever sits at the terminal. What was typed ahead confirms nothing: it is thrown away before the question is put.
fn terminal() -> Terminal {
    // What the question is about goes to standard output: nobody may be asked who doesn't see it.
    if !(io::stdin().is_terminal() && io::stdout().is_terminal() && io::stderr().is_terminal()) {
        return Terminal::default();
    }
    Terminal::with(|question| {
        rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush)?;
        let mut err = io::stderr().lock();
        err.write_all(question.as_bytes())?;
        err.flush()?;
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        Ok(line)
    })
}

/// The columns of the terminal that standard output is.
fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0 && io::stdout().is_terminal())
}

/// JSON has no styles that a file would have to be spared, and there may be a hundred megabytes of it.
fn stdout(output: Output) -> Box<dyn Write> {
    match output {
        Output::Table => Box::new(anstream::stdout()),
        Output::Json => Box::new(io::stdout()),
    }
}

async fn dashboard(demo: Option<&str>, sources: &Sources) -> Result<Exit, Failure> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(Failure::Usage(
            "The dashboard needs a terminal, for its keys and for its screen.".to_owned(),
            "`secdash list` prints the secrets anywhere".to_owned(),
        ));
    }
    let config = sources.load()?;
    // Keys that can't be are told here, where there still is a shell to read it in.
    let keymap = cmd::keys::keymap(&config)?;
    let catalogue = cmd::config::catalogue(&config)?;
    Ok(tui::start(door(demo, &config)?, &config, keymap, catalogue).await?)
}

/// The one place that reads what the user has set outside of the command line.
fn sources(cli: &Cli) -> Sources {
    let variables = config::VARIABLES.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    Sources { flags: cli.flags(), variables: variables.collect(), default_file: config::default_file() }
}

/// The one place that decides whether AWS is an account or the demo world. Opens nothing.
fn door(demo: Option<&str>, config: &Config) -> Result<Aws, Failure> {
    match demo {
        Some(world) => {
            let world = cmd::demo::load(world)?;
            Ok(Aws::demo_seeded(world.sdk_config(), world.client_seed()).guarded(guard(config)))
        }
        None => Ok(Aws::account(cmd::config::options(config)).guarded(guard(config))),
    }
}

/// What stands before changes: `--read-only`, and the record of them.
fn guard(config: &Config) -> Guard {
    let record = config::record_file().map_or_else(Record::default, Record::at);
    Guard { read_only: config.read_only.value, record }
}

fn report(failure: &Failure, err: &mut dyn Write) -> ExitCode {
    // Where standard error is gone there is nobody to tell.
    let _ = failure.tell(err);
    failure.exit().into()
}
