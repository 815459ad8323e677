//! `secdash fix SECRET`: a way out that the verdict allows, carried out as one plan and verified.

use std::pin::pin;
use std::sync::Arc;

use clap::ValueEnum;
use futures::{Stream, StreamExt};

use super::confirm::{self, Given, Terminal};
use super::interrupt::Interrupt;
use super::{Failure, Output, Streams, beside_identity, rotation as turn, undo};
use crate::aws::Aws;
use crate::domain::catalogue::Catalogue;
use crate::domain::change::{Change, ChangeKind, Fix, Tested};
use crate::domain::context::{Context, Identity};
use crate::domain::doctor::Diagnosis;
use crate::domain::fault::Fault;
use crate::domain::plan::{Half, Plan, PlanEnd, PlanStep, Told};
use crate::domain::secret::Secret;
use crate::exit::Exit;
use crate::ops::diagnose::diagnosis;
use crate::ops::fix;
use crate::ops::lookup::lookup;
use crate::ops::plans::{Under, under_way, unread};
use crate::output::rotation::{self, Asked, Event};
use crate::output::toned::{self, Tone};
use crate::output::why::{self, PlanEvent};
use crate::text::moment;

/// Arguments of `secdash fix`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true)))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag, and the group lets one of them through")]
pub struct Args {
    /// Name, ARN, or an unambiguous part of the name
    #[arg(value_name = "SECRET", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    secret: String,
    /// Take AWSPENDING off the pending version: its rotation is given up
    #[arg(long, group = "what")]
    drop_pending: bool,
    /// Move AWSCURRENT to the pending version
    #[arg(long, group = "what")]
    promote: bool,
    /// Move AWSCURRENT back to the version with AWSPREVIOUS
    #[arg(long, group = "what")]
    roll_back: bool,
    /// Finish a plan that is half done; without one, turn rotation on again
    #[arg(long, group = "what")]
    resume: bool,
    /// Bring the labels back to where they were before the last fix, or before a plan that is half done
    #[arg(long, group = "what")]
    undo: bool,
    /// The version with whose password you have logged in yourself
    #[arg(long, value_enum, value_name = "VERSION")]
    tested: Option<Which>,
    #[command(flatten)]
    pub(super) given: Given,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    pub(super) output: Output,
}

/// A version by its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// That with AWSPENDING
    Pending,
    /// That with AWSCURRENT
    Current,
    /// That with AWSPREVIOUS
    Previous,
}

impl From<Which> for Tested {
    fn from(which: Which) -> Self {
        match which {
            Which::Pending => Self::Pending,
            Which::Current => Self::Current,
            Which::Previous => Self::Previous,
        }
    }
}

/// What was learned before anything is asked.
pub(super) struct Looked {
    pub(super) context: Arc<Context>,
    pub(super) identity: Result<Identity, Fault>,
    pub(super) diagnosis: Diagnosis,
    pub(super) under: Option<Under>,
}

/// Carries a fix out, if the evidence allows it and somebody confirms it.
pub async fn run(args: Args, aws: &Aws, terminal: Terminal, streams: Streams<'_>) -> Result<Exit, Failure> {
    let looked = look(aws, &args.secret).await?;
    let fix = match () {
        () if args.drop_pending => Fix::Drop,
        () if args.promote => Fix::Promote,
        () if args.roll_back => Fix::RollBack,
        () if args.undo => return Box::pin(undo::run(args, aws, looked, terminal, streams)).await,
        () => return Box::pin(resume(args, aws, looked, terminal, streams)).await,
    };
    Box::pin(begin(fix, args, aws, &looked, terminal, streams)).await
}

async fn look(aws: &Aws, typed: &str) -> Result<Looked, Failure> {
    let context = aws.open().await?;
    let secret = lookup(aws, &context, typed).await?;
    let (under, catalogue) = (under_way(aws, &secret), Catalogue::builtin());
    let (diagnosis, identity) =
        beside_identity(aws, &context, Box::pin(diagnosis(aws, &secret, None, &catalogue))).await;
    Ok(Looked { context, identity, diagnosis: diagnosis?, under })
}

async fn begin(
    fix: Fix,
    args: Args,
    aws: &Aws,
    looked: &Looked,
    mut terminal: Terminal,
    mut streams: Streams<'_>,
) -> Result<Exit, Failure> {
    let (diagnosis, tested) = (&looked.diagnosis, args.tested.map(Tested::from));
    let name = &diagnosis.secret.name;
    let planned = Plan::of(diagnosis, fix, tested);
    let instead = match (&looked.under, planned.clone()) {
        (None, _) => None,
        (Some(Under::Half(half)), Some(plan)) => {
            Some(half.instead(plan, &diagnosis.secret).ok_or_else(|| in_the_way(&Under::Half(half.clone()), looked))?)
        }
        (Some(under), _) => return Err(in_the_way(under, looked)),
    };
    if args.output == Output::Table {
        why::verdict(diagnosis).iter().try_for_each(|row| streams.line(&row.line, row.indent))?;
        streams.out.flush()?;
    }
    let refused = |why: String| {
        Failure::Refused(format!("Nothing was changed. {why}"), format!("`secdash why {name}` has the evidence"))
    };
    diagnosis.allows(fix, tested).map_err(refused)?;
    let planned = instead.as_ref().map(|half| half.plan.clone()).or(planned).zip(diagnosis.change(fix, tested));
    let (plan, change) = planned.ok_or_else(|| refused("There is nothing to move.".to_owned()))?;
    let left = instead.as_ref().map_or_else(|| plan.steps(), |half| half.left(&diagnosis.secret));
    if let (Some(Under::Half(half)), Output::Table) = (&looked.under, args.output) {
        let text = format!("{} This one takes its place.", half.sentence(&diagnosis.secret));
        streams.line(&vec![(Tone::Warn, "! ".to_owned()), (Tone::Strong, text)], 2)?;
    }
    show(&plan, &left, &change, looked, args.output, &mut streams)?;
    let said = tested.map_or_else(String::new, |tested| format!(" --tested {}", tested.word()));
    let command = format!("secdash fix {name} --{}{said}", fix.word());
    let confirmed = confirm::confirm(change, args.given, aws.guard().read_only, &mut terminal, &command)?;
    let (secret, word) = (&diagnosis.secret, confirmed.word().clone());
    match instead {
        Some(half) => follow(fix::finish(aws, half, secret, word), &plan, args.output, &mut streams).await,
        None => follow(fix::carry_out(aws, plan.clone(), secret, word), &plan, args.output, &mut streams).await,
    }
}

/// Finishes what is half done; where nothing is, turns rotation on again.
async fn resume(
    args: Args,
    aws: &Aws,
    looked: Looked,
    mut terminal: Terminal,
    mut streams: Streams<'_>,
) -> Result<Exit, Failure> {
    let secret = &looked.diagnosis.secret;
    let half = match &looked.under {
        None => return turn::turn_on(secret.id.arn.raw(), args.given, args.output, aws, terminal, streams).await,
        Some(Under::Half(half)) => half,
        Some(under) => return Err(in_the_way(under, &looked)),
    };
    half.goes_on(secret).map_err(|_| elsewhere(half, &looked))?;
    let left = half.left(secret);
    tell_half(half, secret, args.output, &mut streams)?;
    match args.output {
        Output::Json => rotation::write_line(streams.out, &PlanEvent::of(&half.plan, &left))?,
        Output::Table => steps(&half.plan, &left, &mut streams)?,
    }
    streams.out.flush()?;
    // What is confirmed is the whole plan once more, by the name.
    let change = Change::of(secret, ChangeKind::Move(half.plan.movement()));
    let command = format!("secdash fix {} --resume", secret.name);
    let confirmed = confirm::confirm(change, args.given, aws.guard().read_only, &mut terminal, &command)?;
    let told = fix::finish(aws, half.clone(), secret, confirmed.word().clone());
    follow(told, &half.plan, args.output, &mut streams).await
}

/// Why nothing else may begin.
pub(super) fn in_the_way(under: &Under, looked: &Looked) -> Failure {
    let name = &looked.diagnosis.secret.name;
    match under {
        Under::Way(half) => Failure::Refused(
            format!("Nothing was changed: a plan begun {} is being carried out just now.", moment(half.plan.begun)),
            format!("wait until it is done; `secdash why {name}` shows where it stands"),
        ),
        Under::Half(half) => Failure::Refused(
            format!("Nothing was changed. {}", half.sentence(&looked.diagnosis.secret)),
            ways_on(half, &looked.diagnosis.secret),
        ),
        Under::Unread { path, why } => Failure::Refused(
            format!("Nothing was changed. {}", unread(path, why)),
            format!("see with `secdash show {name}` whether rotation is off, then remove the file"),
        ),
    }
}

/// What can be done about a plan that is half done.
pub(super) fn ways_on(half: &Half, secret: &Secret) -> String {
    let name = &secret.name;
    match half.goes_on(secret) {
        Err(_) => format!("`secdash fix {name} --undo` forgets it"),
        Ok(PlanStep::TurnOn | PlanStep::Verify) => {
            format!("`secdash fix {name} --resume` finishes it, `--undo` takes it back")
        }
        Ok(_) => format!("`secdash fix {name} --resume` finishes it, `--undo` takes it back; {OTHER}"),
    }
}

/// What is left where no label has moved, and neither finishing nor taking back is right any more.
const OTHER: &str = "another way out takes its place";

/// The labels are where the plan never put them.
fn elsewhere(half: &Half, looked: &Looked) -> Failure {
    let name = &looked.diagnosis.secret.name;
    let sentence = half.sentence(&looked.diagnosis.secret);
    Failure::Refused(
        format!("Nothing was changed. {sentence} So it can't be finished."),
        format!("`secdash fix {name} --undo` forgets it and turns rotation on again if it is off"),
    )
}

/// Says what is half done, to people.
pub(super) fn tell_half(
    half: &Half,
    secret: &Secret,
    output: Output,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let line = vec![(Tone::Warn, "! ".to_owned()), (Tone::Strong, half.sentence(secret))];
    if output == Output::Table {
        streams.line(&line, 2)?;
        if let Some(word) = half.plan.word() {
            streams.line(&vec![(Tone::Warn, "! ".to_owned()), (Tone::Plain, word)], 2)?;
        }
    }
    Ok(())
}

/// The change and the plan, before they are confirmed.
fn show(
    plan: &Plan,
    left: &[PlanStep],
    change: &Change,
    looked: &Looked,
    output: Output,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let account = looked.identity.as_ref().ok().map(|identity| identity.account.raw());
    if output == Output::Json {
        rotation::write_line(streams.out, &Event::Change(Asked::of(change, &looked.context, account)))?;
        rotation::write_line(streams.out, &PlanEvent::of(plan, left))?;
        streams.out.flush()?;
        return Ok(());
    }
    for line in rotation::change(change, &looked.context, account) {
        let is_form = line.iter().any(|(_, text)| text.contains("aws form") || text.contains("  call "));
        if is_form { toned::write(streams.out, &line)? } else { streams.line(&line, rotation::ROW)? }
    }
    let row = |name: &str, text: String| vec![(Tone::Dim, format!("  {name:<13}")), (Tone::Plain, text)];
    let wrong = looked.diagnosis.if_wrong(change).map(|text| row("if wrong", text));
    let ground =
        change.ground.filter(|ground| ground.tested.is_some()).map(|ground| row("your word", ground.sentence()));
    wrong.into_iter().chain(ground).try_for_each(|line| streams.line(&line, rotation::ROW))?;
    steps(plan, left, streams)?;
    if let Some(warning) = plan.warning() {
        streams.line(&vec![(Tone::Warn, "  ! ".to_owned()), (Tone::Plain, warning.to_owned())], 4)?;
    }
    streams.out.flush()?;
    Ok(())
}

fn steps(plan: &Plan, steps: &[PlanStep], streams: &mut Streams<'_>) -> Result<(), Failure> {
    streams.line(&vec![(Tone::Strong, "Plan".to_owned())], 0)?;
    for (number, step) in (1..).zip(steps) {
        let line = vec![(Tone::Key, format!("  {number} ")), (Tone::Plain, plan.words(*step))];
        streams.line(&line, 4)?;
    }
    Ok(())
}

/// Tells how the plan goes, and how it ended. Ctrl-c stops it between two steps.
pub(super) async fn follow(
    told: impl Stream<Item = Told>,
    plan: &Plan,
    output: Output,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let (mut told, mut interrupt) = (pin!(told), Interrupt::hear()?);
    let mut waits = None;
    loop {
        let told = tokio::select! {
            // A step that was begun is told to its end: the stream is asked first.
            biased;
            told = told.next() => told,
            () = interrupt.came() => {
                let next = format!("`secdash fix {} --resume` goes on, `--undo` takes it back", plan.name);
                super::failure::write(streams.err, "Stopped by you in the middle of the plan.", &next)?;
                return Ok(Exit::Interrupted);
            }
        };
        let Some(told) = told else { return Ok(Exit::NotKnown) };
        if output == Output::Json {
            rotation::write_line(streams.out, &PlanEvent::told(&told))?;
        } else {
            let is_new = !matches!(&told, Told::Waits(until) | Told::Looks(until) if waits == Some(*until));
            for line in why::told(plan, &told).into_iter().filter(|_| is_new) {
                streams.line(&line, 4)?;
            }
        }
        streams.out.flush()?;
        match told {
            Told::Waits(until) | Told::Looks(until) => waits = Some(until),
            Told::Ended(end) => return ended(&end, plan, output, streams),
            _ => {}
        }
    }
}

fn ended(end: &PlanEnd, plan: &Plan, output: Output, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let first = end.next_step().map_or_else(String::new, |step| format!("{step}; "));
    let name = &plan.name;
    match end {
        PlanEnd::Healed { still_off: None, .. } => Ok(Exit::Fine),
        PlanEnd::Healed { .. } => {
            let next = format!("{first}`secdash fix {name} --resume` tries to turn it on once more");
            super::failure::write(streams.err, "Rotation is still off.", &next)?;
            Ok(Exit::NotKnown)
        }
        PlanEnd::Stopped { .. } => {
            let next = if end.is_left() {
                let other = if end.is_moved() { String::new() } else { format!("; {OTHER}") };
                format!("{first}`secdash fix {name} --resume` goes on, `--undo` takes it back{other}")
            } else {
                format!("{first}`secdash why {name}` has the evidence")
            };
            if output == Output::Json {
                return Ok(Exit::Failed);
            }
            super::failure::write(streams.err, &end.sentence(), &next)?;
            Ok(Exit::Failed)
        }
    }
}
