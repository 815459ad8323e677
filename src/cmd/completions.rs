//! `secdash completions SHELL`.

use clap_complete::Shell;

use super::{Failure, Streams};
use crate::exit::Exit;

/// Arguments of `secdash completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Prints the completions; needs no AWS.
pub fn run(args: &Args, mut grammar: clap::Command, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    // The generator panics where it can't write, so it writes where it always can.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut grammar, "secdash", &mut script);
    streams.out.write_all(&script)?;
    Ok(Exit::Fine)
}
