//! `secdash restore SECRET`: takes the mark for deletion off a secret, while its recovery window lasts.

use super::confirm::Terminal;
use super::delete::{Of, mark};
use super::{Failure, Output, Streams};
use crate::aws::Aws;
use crate::domain::change::ChangeKind;
use crate::domain::preflight::Purpose;
use crate::exit::Exit;

/// Arguments of `secdash restore`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    of: Of,
}

impl Args {
    pub(super) fn output(&self) -> Output {
        self.of.output
    }
}

/// Restores it.
pub async fn run(args: Args, aws: &Aws, terminal: Terminal, streams: Streams<'_>) -> Result<Exit, Failure> {
    mark(args.of, Purpose::Restore, ChangeKind::Restore, aws, terminal, streams).await
}
