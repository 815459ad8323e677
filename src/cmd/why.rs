//! `secdash why SECRET`: why its rotation isn't done, what that rests on, and the safe ways out.

use super::config::catalogue;
use super::{Failure, Output, Streams, beside_identity, foot};
use crate::aws::Aws;
use crate::config::Sources;
use crate::domain::change::{Fix, Tested};
use crate::domain::doctor::Diagnosis;
use crate::domain::plan::Under;
use crate::exit::Exit;
use crate::ops::diagnose::{Wish, diagnosis};
use crate::ops::lookup::lookup;
use crate::ops::plans::under_way;
use crate::output::toned::{self, Tone};
use crate::output::{json, why};

/// Arguments of `secdash why`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, ARN, or an unambiguous part of the name
    #[arg(value_name = "SECRET", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    secret: String,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    pub(super) output: Output,
}

/// Says why. Exit code 3 where there is something to do about its rotation.
pub async fn run(args: Args, aws: &Aws, sources: &Sources, mut streams: Streams<'_>) -> Result<Exit, Failure> {
    let catalogue = catalogue(&sources.load()?)?;
    let context = aws.open().await?;
    let secret = lookup(aws, &context, &args.secret).await?;
    let (diagnosis, identity) =
        beside_identity(aws, &context, Box::pin(diagnosis(aws, &secret, None, &catalogue, Wish::Story))).await;
    let diagnosis = diagnosis?;
    match args.output {
        Output::Json => {
            let source = json::Source::new(&context, identity.as_ref().ok());
            let under = under_way(aws, &diagnosis.secret);
            json::write(streams.out, &why::Why::new(source, &diagnosis, under.as_ref()))?;
            streams.out.flush()?;
        }
        Output::Table => {
            half_done(aws, &diagnosis, &mut streams)?;
            write(&diagnosis, &mut streams)?;
            writeln!(streams.err, "\n{}", foot(&context, identity.as_ref().ok(), diagnosis.at))?;
        }
    }
    Ok(if diagnosis.is_well() { Exit::Fine } else { Exit::Findings })
}

/// Says that a plan is under way, or that one was left half done.
fn half_done(aws: &Aws, diagnosis: &Diagnosis, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let secret = &diagnosis.secret;
    let Some(under) = under_way(aws, secret) else { return Ok(()) };
    let sentence = under.sentence(secret);
    let text = match &under {
        Under::Way(_) => sentence,
        Under::Half(_) => format!("{sentence} {}.", under.ways(diagnosis)),
        Under::Unread { .. } => format!("{sentence} Try: {}.", under.ways(diagnosis)),
    };
    streams.line(&vec![(Tone::Warn, "! ".to_owned()), (Tone::Strong, text)], 2)?;
    Ok(())
}

/// Writes a diagnosis for people.
pub(super) fn write(diagnosis: &Diagnosis, streams: &mut Streams<'_>) -> Result<(), Failure> {
    toned::write(streams.out, &vec![(Tone::Strong, diagnosis.secret.name.to_string())])?;
    let name = &diagnosis.secret.name;
    let way = |fix: Fix, tested: Option<Tested>| {
        let tested = tested.map_or_else(String::new, |tested| format!(" --tested {}", tested.word()));
        format!("`secdash fix {name} --{}{tested}`", fix.word())
    };
    for row in why::rows(diagnosis, &way, None) {
        streams.line(&row.line, row.indent)?;
    }
    streams.out.flush()?;
    Ok(())
}
