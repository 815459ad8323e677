//! `secdash rotation off|on SECRET`: turns the schedule off, with what that really means, or on again.

use clap::Subcommand;

use super::confirm::{self, Given, Terminal};
use super::interrupt::Interrupt;
use super::rotate::look;
use super::{Failure, Output, Streams};
use crate::aws::Aws;
use crate::domain::change::{Change, ChangeKind, Outcome};
use crate::domain::preflight::Purpose;
use crate::exit::Exit;
use crate::output::rotation::{self, Accepted, Event};
use crate::output::toned::{self, Tone};
use crate::text::{moment, rfc3339};

/// Arguments of `secdash rotation`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    turn: Turn,
}

/// Which way.
#[derive(Debug, Subcommand)]
pub enum Turn {
    /// Turn it off: the schedule stops, a rotation that runs is cancelled, and AWSPENDING stays
    Off(Of),
    /// Turn it on again: the schedule counts, and the step testSecret is run once
    On(Of),
}

/// Of which secret.
#[derive(Debug, clap::Args)]
pub struct Of {
    /// Name, ARN, or an unambiguous part of the name
    #[arg(value_name = "SECRET", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    secret: String,
    #[command(flatten)]
    given: Given,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

impl Args {
    pub(super) fn output(&self) -> Output {
        match &self.turn {
            Turn::Off(of) | Turn::On(of) => of.output,
        }
    }
}

/// Turns it off or on.
pub async fn run(args: Args, aws: &Aws, terminal: Terminal, streams: Streams<'_>) -> Result<Exit, Failure> {
    match args.turn {
        Turn::Off(of) => turn(of, Purpose::TurnOff, aws, terminal, streams).await,
        Turn::On(of) => turn(of, Purpose::TurnOn, aws, terminal, streams).await,
    }
}

/// Turns it on, for another command.
pub(super) async fn turn_on(
    secret: &str,
    given: Given,
    output: Output,
    aws: &Aws,
    terminal: Terminal,
    streams: Streams<'_>,
) -> Result<Exit, Failure> {
    let of = Of { secret: secret.to_owned(), given, output };
    turn(of, Purpose::TurnOn, aws, terminal, streams).await
}

async fn turn(
    of: Of,
    purpose: Purpose,
    aws: &Aws,
    mut terminal: Terminal,
    mut streams: Streams<'_>,
) -> Result<Exit, Failure> {
    let word = if purpose == Purpose::TurnOff { "off" } else { "on" };
    let looked = look(aws, &of.secret, purpose).await?;
    let kind =
        if purpose == Purpose::TurnOff { ChangeKind::TurnOff } else { ChangeKind::TurnOn { token: aws.token() } };
    let change = Change::of(&looked.secret, kind);
    let place = (&*looked.context, looked.identity.as_ref().ok());
    confirm::show(&change, &looked.preflight, place, of.output, &mut streams)?;
    if looked.preflight.stops() && !aws.guard().read_only {
        return Err(confirm::stopped(&looked.preflight));
    }
    let name = looked.secret.name.clone();
    let command = format!("secdash rotation {word} {name}");
    let confirmed = confirm::confirm(change, of.given, aws.guard().read_only, &mut terminal, &command)?;
    // What is under way is to be recorded and told: ctrl-c doesn't end it any more.
    let _interrupt = Interrupt::hear()?;
    let changed = aws.carry_out(&confirmed).await;
    if let Some(exit) = confirm::not_accepted(&changed, name.raw(), &mut streams)? {
        return Ok(exit);
    }
    let (at, version) = (aws.now(), confirmed.get().kind.token());
    if let (Outcome::Accepted { request_id }, Output::Json) = (&changed.outcome, of.output) {
        let accepted = Accepted { at: rfc3339(at), version, request_id: request_id.as_ref(), deleted: None };
        rotation::write_line(streams.out, &Event::Accepted(accepted))?;
    } else {
        let text = format!("AWS took it at {}: the rotation of {name} is {word}.", moment(at));
        toned::write(streams.out, &vec![(Tone::Good, text)])?;
        if let Some(version) = version {
            let text = format!("  The trial has the version {}; `secdash logs {name}` shows its lines.", version.0);
            toned::write(streams.out, &vec![(Tone::Plain, text)])?;
        }
    }
    streams.out.flush()?;
    Ok(Exit::Fine)
}
