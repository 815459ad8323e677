//! `secdash actions`: what secdash itself has changed, or was refused, by its own record.

use super::{Failure, Output, Streams};
use crate::aws::Aws;
use crate::domain::action::{Action, Ending};
use crate::exit::Exit;
use crate::output::json;
use crate::output::table::{self, Cell};
use crate::text::{count, grouped, mask, moment, safe};

/// Arguments of `secdash actions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only those on secrets whose name or ARN has this in it
    #[arg(value_name = "SECRET")]
    secret: Option<String>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    pub(super) output: Output,
}

/// Prints the record, the earliest action first; those on demo worlds only with `--demo`.
pub fn run(args: &Args, aws: &Aws, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let record = &aws.guard().record;
    let recorded = record.read()?;
    let part = args.secret.as_deref().unwrap_or_default();
    let is_meant =
        |action: &&Action| action.demo == aws.is_demo() && (action.name.contains(part) || action.secret.contains(part));
    let actions: Vec<_> = recorded.actions.iter().filter(is_meant).collect();
    match args.output {
        Output::Json => json::write(streams.out, &actions)?,
        Output::Table => {
            let rows: Vec<_> = actions.iter().map(|action| row(action)).collect();
            table::write(streams.out, ["TIME", "WHO", "ACCOUNT", "REGION", "SECRET", "CHANGE", "OUTCOME"], &rows)?;
        }
    }
    streams.out.flush()?;
    let place = record.file().map_or_else(|| "no file".to_owned(), |file| safe(&file.to_string_lossy()));
    let (others, whose) = if aws.is_demo() { (false, "in accounts") } else { (true, "on demo worlds: add --demo") };
    let hidden = recorded.actions.iter().filter(|action| action.demo == others).count();
    let hidden = if hidden == 0 { String::new() } else { format!(" ({} more {whose})", grouped(hidden)) };
    writeln!(streams.err, "{} in {place}{hidden}", count(actions.len(), "action"))?;
    if recorded.unreadable > 0 {
        writeln!(streams.err, "{} of it can't be read", count(recorded.unreadable, "line"))?;
        return Ok(Exit::NotKnown);
    }
    Ok(Exit::Fine)
}

fn row(action: &Action) -> [Cell; 7] {
    let unknown = || "unknown".to_owned();
    let outcome = match (&action.error, action.outcome) {
        (Some(error), Ending::Refused | Ending::Unknown | Ending::NotSent | Ending::NotDescribed) => {
            format!("{}: {}", action.outcome.words(), safe(&mask(error)))
        }
        _ => action.outcome.words().to_owned(),
    };
    let who = action.who.as_deref().map(|arn| safe(arn.rsplit(':').next().unwrap_or(arn)));
    [
        moment(action.at).into(),
        who.unwrap_or_else(unknown).into(),
        action.account.as_deref().map_or_else(unknown, safe).into(),
        safe(&action.region).into(),
        safe(&action.name).into(),
        safe(&action.change).into(),
        outcome.into(),
    ]
}
