//! The `secdash` program: decides where AWS is, then hands over to a command or the dashboard.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use secdash::aws::Aws;
use secdash::cli::{Cli, DoorArgs};
use secdash::cmd::{self, Failure, Streams, Surroundings};
use secdash::exit::Exit;
use secdash::tui;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut err = anstream::stderr();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
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

async fn run(cli: Cli, err: &mut dyn Write) -> Result<Exit, Failure> {
    let Some(command) = cli.command else { return dashboard(&cli.door).await };
    let aws = if command.needs_aws() { door(&cli.door)? } else { Aws::account(cli.door.options()) };
    let mut out = io::BufWriter::new(anstream::stdout());
    let around = Surroundings { aws, world: cli.door.demo.unwrap_or_default(), grammar: Cli::command() };
    let exit = cmd::run(command, around, Streams { out: &mut out, err }).await?;
    out.flush()?;
    Ok(exit)
}

async fn dashboard(args: &DoorArgs) -> Result<Exit, Failure> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(Failure::Usage(
            "The dashboard needs a terminal, for its keys and for its screen.".to_owned(),
            "`secdash list` prints the secrets anywhere".to_owned(),
        ));
    }
    Ok(tui::start(door(args)?).await?)
}

/// The one place that decides whether AWS is an account or the demo world. Opens nothing.
fn door(args: &DoorArgs) -> Result<Aws, Failure> {
    match &args.demo {
        Some(world) => Ok(Aws::demo(cmd::demo::load(world)?.sdk_config())),
        None => Ok(Aws::account(args.options())),
    }
}

fn report(failure: &Failure, err: &mut dyn Write) -> ExitCode {
    // Where standard error is gone there is nobody to tell.
    let _ = failure.tell(err);
    failure.exit().into()
}
