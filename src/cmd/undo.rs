//! `secdash fix SECRET --undo`: the label's way back, as long as it is open.

use super::confirm::{self, Terminal};
use super::fix::{Args, Looked};
use super::interrupt::Interrupt;
use super::plan::{in_the_way, tell_half};
use super::{Failure, Output, Streams};
use crate::aws::Aws;
use crate::domain::change::{Change, ChangeKind, Move, Outcome, Word};
use crate::domain::plan::{Half, Under, Undoing};
use crate::domain::secret::Secret;
use crate::domain::undo::undo;
use crate::domain::version::VersionId;
use crate::exit::Exit;
use crate::ops::plans::forget;
use crate::output::rotation::{self, Accepted, Asked, Event};
use crate::output::toned::{self, Tone};
use crate::text::{moment, rfc3339};

/// Takes back a plan that is half done, else the last fix that the record tells of.
pub(super) async fn run(
    args: Args,
    aws: &Aws,
    looked: Looked,
    mut terminal: Terminal,
    mut streams: Streams<'_>,
) -> Result<Exit, Failure> {
    let secret = &looked.diagnosis.secret;
    let half = match &looked.under {
        Some(Under::Half(half)) => Some(half),
        Some(under) => return Err(in_the_way(under, &looked)),
        None => None,
    };
    if let Some(half) = half {
        tell_half(half, secret, args.output, &mut streams)?;
    }
    let movement = match half.map(|half| (half, half.undoing(&looked.diagnosis))) {
        None => recorded(aws, secret).await?,
        Some((_, Undoing::Label { movement, .. })) => movement,
        Some((half, undoing)) => return without_label(half, undoing, args, aws, secret, terminal, streams).await,
    };
    let change = Change::of(secret, ChangeKind::Move(movement));
    let (word, output) = ask(&change, args, aws, &looked, &mut terminal, &mut streams)?;
    let _interrupt = Interrupt::hear()?;
    let done = change_done(&change);
    let confirmed = change.confirmed(word).map_err(|not| refused(&format!("{not}."), String::new()))?;
    let changed = aws.carry_out(&confirmed).await;
    if let Some(exit) = confirm::not_accepted(&changed, secret.name.raw(), &mut streams)? {
        return Ok(exit);
    }
    tell_accepted(aws, &changed.outcome, output, &done, &mut streams)?;
    if let Some(half) = half {
        forget(aws, &half.plan)?;
        let is_off = half.plan.turns_off && secret.rotation_enabled != Some(true);
        let name = &secret.name;
        let on = format!(
            " Rotation is still off: `secdash rotation on {name}` turns it on once nothing else has AWSPENDING."
        );
        let text = format!("The plan is forgotten.{}", if is_off { on.as_str() } else { "" });
        note(&text, output, &mut streams)?;
    }
    Ok(Exit::Fine)
}

/// The way back of the last fix in the record.
async fn recorded(aws: &Aws, secret: &Secret) -> Result<Move, Failure> {
    let versions = aws.versions(&secret.id).await;
    let way = undo(&aws.guard().record.read()?.actions, secret, versions.as_deref().ok());
    way.map_err(|why| refused(&why, format!("see `secdash show {}`", secret.name)))
}

/// Shows the way back, and takes the person's word for it.
fn ask(
    change: &Change,
    args: Args,
    aws: &Aws,
    looked: &Looked,
    terminal: &mut Terminal,
    streams: &mut Streams<'_>,
) -> Result<(Word, Output), Failure> {
    let account = looked.identity.as_ref().ok().map(|identity| identity.account.raw());
    if args.output == Output::Json {
        rotation::write_line(streams.out, &Event::Change(Asked::of(change, &looked.context, account)))?;
    } else {
        for line in rotation::change(change, &looked.context, account) {
            streams.line(&line, rotation::ROW)?;
        }
        let wrong =
            change.if_wrong().map(|text| vec![(Tone::Dim, format!("  {:<13}", "if wrong")), (Tone::Plain, text)]);
        wrong.into_iter().try_for_each(|line| streams.line(&line, rotation::ROW))?;
    }
    streams.out.flush()?;
    let command = format!("secdash fix {} --undo", looked.diagnosis.secret.name);
    let output = args.output;
    let confirmed = confirm::confirm(change.clone(), args.given, aws.guard().read_only, terminal, &command)?;
    Ok((confirmed.word().clone(), output))
}

fn refused(why: &str, next: String) -> Failure {
    Failure::Refused(format!("Nothing was changed. {why}"), next)
}

/// No label goes back: what is left is rotation, and the plan itself.
async fn without_label(
    half: &Half,
    undoing: Undoing,
    args: Args,
    aws: &Aws,
    secret: &Secret,
    terminal: Terminal,
    mut streams: Streams<'_>,
) -> Result<Exit, Failure> {
    let (name, plan, output) = (&secret.name, &half.plan, args.output);
    let resume = || format!("`secdash fix {name} --resume` finishes the plan");
    let off = |version: &VersionId| {
        let pending = version.short();
        format!("Rotation is off, and AWS turns it on only once AWSPENDING is off {pending}, or promoted.")
    };
    match undoing {
        Undoing::Closed(why) => Err(refused(&why, resume())),
        _ if aws.guard().read_only => Err(confirm::read_only()),
        Undoing::Kept(version) => Err(refused(&format!("No label has moved. {}", off(&version)), resume())),
        Undoing::StaysOff(version) => {
            forget(aws, plan)?;
            let next =
                format!("`secdash why {name}` has the ways out; `secdash rotation on {name}` turns it on after that");
            Err(refused(&format!("The plan is forgotten. {}", off(&version)), next))
        }
        Undoing::TurnsOn => {
            let arn = secret.id.arn.raw();
            let done = super::rotation::turn_on(arn, args.given, output, aws, terminal, streams).await?;
            if done == Exit::Fine {
                forget(aws, plan)?;
            }
            Ok(done)
        }
        Undoing::Label { .. } | Undoing::Forgets => {
            forget(aws, plan)?;
            let text = match half.goes_on(secret) {
                Ok(_) => "Nothing to take back: no label has moved, and rotation is as it was. The plan is forgotten.",
                Err(_) => "Nothing is taken back: somebody else has moved the labels since. The plan is forgotten.",
            };
            note(text, output, &mut streams)?;
            Ok(Exit::Fine)
        }
    }
}

/// Where the labels are that the call has moved.
fn change_done(change: &Change) -> String {
    let each = change.differences().into_iter().map(|one| format!("{} is {}", one.what, one.after));
    each.collect::<Vec<_>>().join(", ")
}

/// Says something beside the answer.
fn note(text: &str, output: Output, streams: &mut Streams<'_>) -> Result<(), Failure> {
    match output {
        Output::Table => streams.line(&vec![(Tone::Plain, text.to_owned())], 0)?,
        Output::Json => writeln!(streams.err, "{text}")?,
    }
    Ok(())
}

fn tell_accepted(
    aws: &Aws,
    outcome: &Outcome,
    output: Output,
    what: &str,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let (Outcome::Accepted { request_id }, at) = (outcome, aws.now()) else { return Ok(()) };
    if output == Output::Json {
        let accepted = Accepted { at: rfc3339(at), version: None, request_id: request_id.as_ref(), deleted: None };
        rotation::write_line(streams.out, &Event::Accepted(accepted))?;
    } else {
        toned::write(streams.out, &vec![(Tone::Good, format!("AWS took it at {}: {what}.", moment(at)))])?;
    }
    streams.out.flush()?;
    Ok(())
}
