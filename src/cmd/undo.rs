//! `secdash fix SECRET --undo`: the label's way back, as long as it is open.

use super::confirm::{self, Terminal};
use super::fix::{Args, Looked, in_the_way, tell_half};
use super::interrupt::Interrupt;
use super::{Failure, Output, Streams};
use crate::aws::Aws;
use crate::domain::change::{Change, ChangeKind, Outcome, Word};
use crate::domain::plan::Half;
use crate::domain::undo::{back, undo};
use crate::domain::version::Pending;
use crate::exit::Exit;
use crate::ops::plans::{Under, forget};
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
        Some(under @ Under::Way(_)) => return Err(in_the_way(under, &looked)),
        Some(Under::Half(half)) => Some(half),
        None => None,
    };
    let versions = aws.versions(&secret.id).await;
    let versions = versions.as_deref().ok();
    let movement = match half {
        Some(half) => {
            tell_half(half, &looked, &mut streams)?;
            half.is_moved(secret).then(|| back(half.plan.movement(), secret, versions)).transpose()
        }
        None => undo(&aws.guard().record.read()?.actions, secret, versions).map(Some),
    };
    let refused =
        |why| Failure::Refused(format!("Nothing was changed. {why}"), format!("see `secdash show {}`", secret.name));
    let Some(movement) = movement.map_err(refused)? else {
        return turn_on_and_forget(half, args, aws, &looked, terminal, streams).await;
    };
    let change = Change::of(secret, ChangeKind::Move(movement));
    let (word, output) = ask(&change, args, aws, &looked, &mut terminal, &mut streams)?;
    let _interrupt = Interrupt::hear()?;
    let confirmed = change.confirmed(word).map_err(|not| refused(not.to_string()))?;
    let changed = aws.carry_out(&confirmed).await;
    if let Some(exit) = confirm::not_accepted(&changed, secret.name.raw(), &mut streams)? {
        return Ok(exit);
    }
    tell_accepted(aws, &changed.outcome, output, "the label is back where it was", &mut streams)?;
    if let Some(half) = half {
        forget(aws, &half.plan)?;
        let text =
            "The plan is forgotten. Rotation stays as it is: AWS turns it on only once no AWSPENDING is in the way.";
        streams.line(&vec![(Tone::Plain, text.to_owned())], 0)?;
    }
    Ok(Exit::Fine)
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

/// No label has moved: what is left is rotation, if the plan turned it off.
async fn turn_on_and_forget(
    half: Option<&Half>,
    args: Args,
    aws: &Aws,
    looked: &Looked,
    terminal: Terminal,
    mut streams: Streams<'_>,
) -> Result<Exit, Failure> {
    let secret = &looked.diagnosis.secret;
    let Some(half) = half else { return Ok(Exit::Fine) };
    let is_off = half.plan.turns_off && secret.rotation_enabled != Some(true);
    if let (true, Pending::Other(version)) = (is_off, secret.labels.pending()) {
        let sentence = format!(
            "Nothing was changed: no label has moved, and AWS turns rotation on only once AWSPENDING is off {}.",
            version.short()
        );
        return Err(Failure::Refused(sentence, format!("`secdash fix {} --resume` finishes the plan", secret.name)));
    }
    if is_off {
        let done =
            super::rotation::turn_on(secret.id.arn.raw(), args.given, args.output, aws, terminal, streams).await?;
        forget(aws, &half.plan)?;
        return Ok(done);
    }
    forget(aws, &half.plan)?;
    let text = "Nothing to take back: no label has moved, and rotation is as it was. The plan is forgotten.";
    streams.line(&vec![(Tone::Good, text.to_owned())], 0)?;
    Ok(Exit::Fine)
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
