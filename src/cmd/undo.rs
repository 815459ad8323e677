//! `secdash fix SECRET --undo`: the label's way back, as long as it is open.

use super::confirm::{self, Terminal};
use super::fix::{Args, Looked};
use super::interrupt::Interrupt;
use super::plan::{in_the_way, tell_half};
use super::{Failure, Output, Streams};
use crate::aws::Aws;
use crate::domain::change::{Change, ChangeKind, Move, Outcome, Word};
use crate::domain::plan::{Half, Under};
use crate::domain::secret::Secret;
use crate::domain::undo::{back, undo};
use crate::domain::version::{Pending, VersionId};
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
    let Some(movement) = way_back(half, aws, secret).await? else {
        return turn_on_and_forget(half, args, aws, &looked, terminal, streams).await;
    };
    let change = Change::of(secret, ChangeKind::Move(movement));
    let (word, output) = ask(&change, args, aws, &looked, &mut terminal, &mut streams)?;
    let _interrupt = Interrupt::hear()?;
    let confirmed = change.confirmed(word).map_err(|not| refused(&format!("{not}."), String::new()))?;
    let changed = aws.carry_out(&confirmed).await;
    if let Some(exit) = confirm::not_accepted(&changed, secret.name.raw(), &mut streams)? {
        return Ok(exit);
    }
    tell_accepted(aws, &changed.outcome, output, "the label is back where it was", &mut streams)?;
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

/// The label's way back: of the plan that is half done, else of the last fix in the record. `None`: none has moved.
async fn way_back(half: Option<&Half>, aws: &Aws, secret: &Secret) -> Result<Option<Move>, Failure> {
    let versions = aws.versions(&secret.id).await;
    let versions = versions.as_deref().ok();
    let Some(half) = half else {
        let way = undo(&aws.guard().record.read()?.actions, secret, versions);
        return way.map(Some).map_err(|why| refused(&why, format!("see `secdash show {}`", secret.name)));
    };
    let way = half.is_moved(secret).then(|| back(half.plan.movement(), secret, versions)).transpose();
    way.map_err(|why| refused(&why, format!("`secdash fix {} --resume` finishes the plan", secret.name)))
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

/// No label can be taken back: what is left is rotation, if the plan turned it off.
async fn turn_on_and_forget(
    half: Option<&Half>,
    args: Args,
    aws: &Aws,
    looked: &Looked,
    terminal: Terminal,
    mut streams: Streams<'_>,
) -> Result<Exit, Failure> {
    let (secret, output) = (&looked.diagnosis.secret, args.output);
    let Some(half) = half else { return Ok(Exit::Fine) };
    if aws.guard().read_only {
        return Err(confirm::read_only());
    }
    let is_off = half.plan.turns_off && secret.rotation_enabled != Some(true);
    if let (true, Pending::Other(version)) = (is_off, secret.labels.pending()) {
        return Err(stays_off(half, aws, looked, &version)?);
    }
    if is_off {
        let done = super::rotation::turn_on(secret.id.arn.raw(), args.given, output, aws, terminal, streams).await?;
        if done == Exit::Fine {
            forget(aws, &half.plan)?;
        }
        return Ok(done);
    }
    forget(aws, &half.plan)?;
    let text = match half.goes_on(secret) {
        Ok(_) => "Nothing to take back: no label has moved, and rotation is as it was. The plan is forgotten.",
        Err(_) => "Nothing is taken back: somebody else has moved the labels since. The plan is forgotten.",
    };
    note(text, output, &mut streams)?;
    Ok(Exit::Fine)
}

/// AWS doesn't turn rotation on. A plan that can be finished is kept for that; one that can't would only be in the way.
fn stays_off(half: &Half, aws: &Aws, looked: &Looked, pending: &VersionId) -> Result<Failure, Failure> {
    let (secret, plan) = (&looked.diagnosis.secret, &half.plan);
    let (name, pending) = (&secret.name, pending.short());
    let off = format!("Rotation is off, and AWS turns it on only once AWSPENDING is off {pending}, or promoted.");
    // What a person said that they tested may be no longer so; then another way out may be the right one by now, and the plan
    // must not be in its way.
    let rests_on_word = plan.tested().is_some();
    let is_allowed = looked.diagnosis.allows(plan.fix(), plan.tested()).is_ok();
    let can_go_on = half.goes_on(secret).is_ok() && is_allowed && !rests_on_word;
    if can_go_on {
        return Ok(refused(
            &format!("No label has moved. {off}"),
            format!("`secdash fix {name} --resume` finishes the plan"),
        ));
    }
    forget(aws, plan)?;
    let next = format!("`secdash why {name}` has the ways out; `secdash rotation on {name}` turns it on after that");
    Ok(refused(&format!("The plan is forgotten. {off}"), next))
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
        let accepted = Accepted { at: rfc3339(at), version: None, request_id: request_id.as_ref() };
        rotation::write_line(streams.out, &Event::Accepted(accepted))?;
    } else {
        toned::write(streams.out, &vec![(Tone::Good, format!("AWS took it at {}: {what}.", moment(at)))])?;
    }
    streams.out.flush()?;
    Ok(())
}
