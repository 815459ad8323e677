//! `secdash delete SECRET`: marks a secret for deletion, always with a recovery window in which it can be restored.

use super::confirm::{self, Given, Terminal};
use super::interrupt::Interrupt;
use super::rotate::look;
use super::{Failure, Output, Streams};
use crate::aws::Aws;
use crate::domain::change::{Change, ChangeKind, Changed, Outcome, RecoveryWindow};
use crate::domain::preflight::Purpose;
use crate::exit::Exit;
use crate::output::rotation::{self, Accepted, Event};
use crate::output::toned::{self, Tone};
use crate::text::{moment, rfc3339};

/// Arguments of `secdash delete`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    of: Of,
    /// For how many days it can be restored: 7 to 30
    #[arg(long, value_name = "N", default_value = "30", value_parser = window)]
    days: RecoveryWindow,
}

/// Which secret, by whose word.
#[derive(Debug, clap::Args)]
pub(super) struct Of {
    /// Name, ARN, or an unambiguous part of the name
    #[arg(value_name = "SECRET", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    secret: String,
    #[command(flatten)]
    given: Given,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    pub(super) output: Output,
}

impl Args {
    pub(super) fn output(&self) -> Output {
        self.of.output
    }
}

fn window(text: &str) -> Result<RecoveryWindow, String> {
    let (least, most) = (RecoveryWindow::LEAST, RecoveryWindow::MOST);
    let wrong = || format!("a recovery window has {least} to {most} days");
    text.parse().ok().and_then(RecoveryWindow::of_days).ok_or_else(wrong)
}

/// Marks it for deletion.
pub async fn run(args: Args, aws: &Aws, terminal: Terminal, streams: Streams<'_>) -> Result<Exit, Failure> {
    let window = args.days;
    writeln!(streams.err, "Looking up who reads it, for 10 s at most.")?;
    mark(args.of, Purpose::Delete(window), ChangeKind::Delete { window }, aws, terminal, streams).await
}

/// Marks a secret, or takes the mark off, once it was looked at and somebody has given their word.
pub(super) async fn mark(
    of: Of,
    purpose: Purpose,
    kind: ChangeKind,
    aws: &Aws,
    mut terminal: Terminal,
    mut streams: Streams<'_>,
) -> Result<Exit, Failure> {
    let looked = look(aws, &of.secret, purpose).await?;
    let change = Change::of(&looked.secret, kind);
    let place = (&*looked.context, looked.identity.as_ref().ok());
    confirm::show(&change, &looked.preflight, place, of.output, &mut streams)?;
    if looked.preflight.stops() && !aws.guard().read_only {
        return Err(confirm::stopped(&looked.preflight));
    }
    let name = looked.secret.name.clone();
    let days = change.window().map_or_else(String::new, |window| format!(" --days {}", window.days()));
    let command = format!("secdash {} {name}{days}", change.kind.word());
    let confirmed = confirm::confirm(change, of.given, aws.guard().read_only, &mut terminal, &command)?;
    // What is under way is to be recorded and told: ctrl-c doesn't end it any more.
    let _interrupt = Interrupt::hear()?;
    let changed = aws.carry_out(&confirmed).await;
    if let Some(exit) = confirm::not_accepted(&changed, name.raw(), &mut streams)? {
        return Ok(exit);
    }
    accepted(aws, confirmed.get(), &changed, of.output, &mut streams)?;
    Ok(Exit::Fine)
}

fn accepted(
    aws: &Aws,
    change: &Change,
    changed: &Changed,
    output: Output,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let at = aws.now();
    if let (Outcome::Accepted { request_id }, Output::Json) = (&changed.outcome, output) {
        let deleted = changed.after.as_ref().and_then(|after| after.deleted).map(rfc3339);
        let accepted = Accepted { at: rfc3339(at), version: None, request_id: request_id.as_ref(), deleted };
        rotation::write_line(streams.out, &Event::Accepted(accepted))?;
    } else {
        let text =
            format!("AWS took it at {}: {}.", moment(at), changed.mark_words(change.name.raw(), change.window()));
        toned::write(streams.out, &vec![(Tone::Good, text)])?;
        if change.window().is_some() {
            let text = format!("  `secdash restore {}` restores it until then.", change.name);
            toned::write(streams.out, &vec![(Tone::Plain, text)])?;
        }
    }
    streams.out.flush()?;
    Ok(())
}
