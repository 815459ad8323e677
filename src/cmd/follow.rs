//! `secdash follow SECRET`: a rotation that runs already, by schedule or by somebody else, followed to its end.

use super::interrupt::Interrupt;
use super::rotate::tell_log;
use super::watch::{How, Watching};
use super::{Failure, Streams};
use crate::aws::Aws;
use crate::exit::Exit;
use crate::ops::follow::{Start, follow};
use crate::ops::join::{Running, join};
use crate::ops::lookup::lookup;

/// Arguments of `secdash follow`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, ARN, or an unambiguous part of the name
    #[arg(value_name = "SECRET", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    secret: String,
    /// How it is watched.
    #[command(flatten)]
    pub(super) how: How,
}

/// Follows the version that has AWSPENDING.
pub async fn run(args: Args, aws: &Aws, mut streams: Streams<'_>) -> Result<Exit, Failure> {
    let context = aws.open().await?;
    let secret = lookup(aws, &context, &args.secret).await?;
    let name = &secret.name;
    let Some(Running { secret, log, start }) = join(aws, &secret).await else {
        return Err(Failure::Refused(
            format!("No rotation of {name} runs: AWSPENDING is on no version but the current one."),
            format!("`secdash rotate {name} --wait` starts one; `secdash logs {name}` has the lines of the last"),
        ));
    };
    tell_log(&log, args.how.output, &mut streams)?;
    let mut interrupt = Interrupt::hear()?;
    let group = log.ok().map(|found| found.group);
    let watching = Watching::of(aws, &secret, start.followed.clone(), group.as_ref(), args.how);
    watching.watch(follow(aws, Start { usual: None, ..start }), &mut interrupt, &mut streams).await
}
