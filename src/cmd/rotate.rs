//! `secdash rotate SECRET`: rotates a secret now, and follows that to its end.

use std::sync::Arc;

use super::confirm::{self, Given, Terminal};
use super::interrupt::Interrupt;
use super::watch::{How, Watching};
use super::{Failure, Output, Streams, beside_identity};
use crate::aws::Aws;
use crate::domain::change::{Change, ChangeKind, Confirmed, Outcome};
use crate::domain::context::{Context, Identity};
use crate::domain::fault::Fault;
use crate::domain::preflight::{Preflight, Purpose};
use crate::domain::secret::Secret;
use crate::domain::tail::{Found as FoundLog, NoLog};
use crate::exit::Exit;
use crate::ops::follow::{Start, follow};
use crate::ops::log_group::log_group;
use crate::ops::lookup::lookup;
use crate::ops::preflight::{Found, preflight};
use crate::ops::rotate::{begin, listen};
use crate::output::rotation::{self, Accepted, Event};
use crate::output::toned::{self, Tone};
use crate::text::{moment, rfc3339};

/// Arguments of `secdash rotate`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, ARN, or an unambiguous part of the name
    #[arg(value_name = "SECRET", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    secret: String,
    /// Follow it to its end: steps and log events as they come, the outcome as exit code
    #[arg(long)]
    wait: bool,
    /// Run the step testSecret only: nothing is rotated
    #[arg(long)]
    test_only: bool,
    #[command(flatten)]
    given: Given,
    /// How it is watched.
    #[command(flatten)]
    pub(super) how: How,
}

/// A secret that was looked at before a change.
pub(super) struct Looked {
    pub(super) context: Arc<Context>,
    pub(super) identity: Result<Identity, Fault>,
    pub(super) secret: Secret,
    pub(super) found: Found,
    pub(super) preflight: Preflight,
}

/// Finds the secret, and learns what must be known before the change.
pub(super) async fn look(aws: &Aws, typed: &str, purpose: Purpose) -> Result<Looked, Failure> {
    let context = aws.open().await?;
    let work = async {
        let secret = lookup(aws, &context, typed).await?;
        let (found, preflight) = preflight(aws, &secret, purpose, &[]).await;
        let secret = found.inspection.secret.clone().unwrap_or(secret);
        Ok::<_, Failure>((secret, found, preflight))
    };
    let (done, identity) = beside_identity(aws, &context, Box::pin(work)).await;
    let (secret, found, preflight) = done?;
    Ok(Looked { context, identity, secret, found, preflight })
}

/// Rotates, or tests.
pub async fn run(args: Args, aws: &Aws, mut terminal: Terminal, mut streams: Streams<'_>) -> Result<Exit, Failure> {
    let purpose = if args.test_only { Purpose::TestOnly } else { Purpose::Rotate };
    let looked = look(aws, &args.secret, purpose).await?;
    let kind = if args.test_only {
        ChangeKind::TestOnly { token: aws.token() }
    } else {
        ChangeKind::Rotate { token: aws.token() }
    };
    let change = Change::of(&looked.secret, kind);
    let place = (&*looked.context, looked.identity.as_ref().ok());
    confirm::show(&change, &looked.preflight, place, args.how.output, &mut streams)?;
    if looked.preflight.stops() && !aws.guard().read_only {
        return Err(confirm::stopped(&looked.preflight));
    }
    let name = looked.secret.name.clone();
    let test = if args.test_only { " --test-only" } else { "" };
    let command = format!("secdash rotate {name}{test}");
    let confirmed = confirm::confirm(change, args.given, aws.guard().read_only, &mut terminal, &command)?;
    if args.wait && !aws.guard().read_only {
        return begin_and_watch(aws, &looked, &confirmed, args.how, &mut streams).await;
    }
    // What is under way is to be recorded and told: ctrl-c doesn't end it any more.
    let _interrupt = Interrupt::hear()?;
    let changed = aws.carry_out(&confirmed).await;
    let done = confirm::not_accepted(&changed, name.raw(), &mut streams)?;
    accepted(aws, &changed.outcome, confirmed.get(), args.how.output, &mut streams)?;
    if done.is_none() {
        let step = if args.test_only { format!("secdash logs {name}") } else { format!("secdash follow {name}") };
        writeln!(streams.err, "  try: `{step}` shows how it goes")?;
    }
    Ok(done.unwrap_or(Exit::Fine))
}

/// Makes the call, with the log open already, and watches what comes of it.
async fn begin_and_watch(
    aws: &Aws,
    looked: &Looked,
    confirmed: &Confirmed<Change>,
    how: How,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let (secret, change) = (&looked.secret, confirmed.get());
    let configuration = looked.found.function.as_ref().map(|function| &function.configuration);
    let log = log_group(aws, secret, configuration).await;
    tell_log(&log, how.output, streams)?;
    let group = log.as_ref().ok().map(|found| found.group.clone());
    let ear = listen(aws, &log).await;
    // From here on ctrl-c stops the watching; before, it stops everything, and nothing was changed.
    let mut interrupt = Interrupt::hear()?;
    let function = configuration.and_then(|configuration| configuration.as_ref().ok());
    let (changed, start) = begin(aws, ear, secret, function, confirmed).await;
    confirm::not_accepted(&changed, secret.name.raw(), streams)?;
    accepted(aws, &changed.outcome, change, how.output, streams)?;
    let watching = Watching::of(aws, secret, start.followed.clone(), group.as_ref(), how);
    watching.watch(follow(aws, Start { usual: None, ..start }), &mut interrupt, streams).await
}

/// Says what can't be known of the log.
pub(super) fn tell_log(
    log: &Result<FoundLog, NoLog>,
    output: Output,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let mut say = |text: String| match output {
        Output::Json => rotation::write_line(streams.out, &Event::Source { source: text }),
        Output::Table => streams.line(&rotation::remark(&text), rotation::REMARK),
    };
    match log {
        Err(none) => say(none.to_string())?,
        Ok(found) => {
            if let Some(fault) = &found.guessed {
                let (sentence, step) = (fault.sentence(), fault.next_step());
                say(format!("{sentence} Its log group is taken to be {}. Try: {step}", found.group.name))?;
            }
            if let Some(fault) = &found.unlisted {
                let (sentence, step) = (fault.sentence(), fault.next_step());
                say(format!("{sentence} The class of {} is not known. Try: {step}", found.group.name))?;
            }
        }
    }
    streams.out.flush()?;
    Ok(())
}

fn accepted(
    aws: &Aws,
    outcome: &Outcome,
    change: &Change,
    output: Output,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let (Outcome::Accepted { request_id }, at) = (outcome, aws.now()) else { return Ok(()) };
    let version = change.kind.token();
    if output == Output::Json {
        let accepted = Accepted { at: rfc3339(at), version, request_id: request_id.as_ref(), deleted: None };
        rotation::write_line(streams.out, &Event::Accepted(accepted))?;
    } else {
        let what = if change.kind.rotates() { "the new version" } else { "the trial's version" };
        let version = version.map_or_else(String::new, |version| version.0.to_string());
        let text = format!("AWS took it at {}: {what} is {version}.", moment(at));
        toned::write(streams.out, &vec![(Tone::Strong, text)])?;
    }
    streams.out.flush()?;
    Ok(())
}
