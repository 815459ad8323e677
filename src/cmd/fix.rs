//! `secdash fix SECRET`: a way out that the verdict allows, carried out as one plan and verified.

use std::sync::Arc;

use clap::ValueEnum;

use super::confirm::{self, Given, Terminal};
use super::plan::{elsewhere, follow, in_the_way, show, steps, tell_half};
use super::{Failure, Output, Streams, beside_identity, rotation as turn, undo};
use crate::aws::Aws;
use crate::domain::catalogue::Catalogue;
use crate::domain::change::{Change, ChangeKind, Fix, Tested};
use crate::domain::context::{Context, Identity};
use crate::domain::doctor::Diagnosis;
use crate::domain::fault::Fault;
use crate::domain::plan::{Plan, Under};
use crate::exit::Exit;
use crate::ops::diagnose::{Wish, diagnosis};
use crate::ops::fix;
use crate::ops::lookup::lookup;
use crate::ops::plans::under_way;
use crate::output::rotation;
use crate::output::toned::Tone;
use crate::output::why::{self, PlanEvent};

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
    /// Move the label of the last fix back, or that of a plan that is half done; AWSPREVIOUS goes where AWS puts it, on the
    /// version that AWSCURRENT leaves
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
        beside_identity(aws, &context, Box::pin(diagnosis(aws, &secret, None, &catalogue, Wish::Verdict))).await;
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
