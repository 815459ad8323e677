//! `secdash show SECRET`: one secret's rotation, versions, labels and tags.

use std::io::Write;

use chrono::{DateTime, Utc};

use super::{Failure, Output, Streams, beside_identity, foot, tell};
use crate::aws::Aws;
use crate::domain::facts;
use crate::domain::inspection::Inspection;
use crate::domain::pending::Signs;
use crate::domain::rotation::RotationState;
use crate::domain::secret::Secret;
use crate::domain::version::{Version, labelled};
use crate::domain::words;
use crate::exit::Exit;
use crate::ops::lookup::lookup;
use crate::output::json;
use crate::output::table::{self, Cell};
use crate::text::{day, moment, rfc3339};

/// Arguments of `secdash show`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, ARN, or an unambiguous part of the name
    #[arg(value_name = "SECRET", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    secret: String,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Shows. Versions that could not be learned are told as a fault beside the rest, with exit code 4.
pub async fn run(args: Args, aws: &Aws, streams: Streams<'_>) -> Result<Exit, Failure> {
    let context = aws.open().await?;
    let secret = lookup(aws, &context, &args.secret).await?;
    let (versions, identity) = beside_identity(aws, &context, aws.versions(&secret.id)).await;
    let at = aws.now();
    let seen = Inspection { secret: Ok(secret.clone()), raw: Vec::new(), versions };
    let versions = seen.versions.as_deref().ok();
    match args.output {
        Output::Table => {
            write_facts(streams.out, &secret, &seen.signs(), versions, at)?;
            streams.out.flush()?;
            writeln!(streams.err, "\n{}", foot(&context, identity.as_ref().ok(), at))?;
        }
        Output::Json => {
            let show = json::Show {
                context: json::Source::new(&context, identity.as_ref().ok()),
                as_of: rfc3339(at),
                secret: json::Described::new(&secret, &seen.signs(), at),
                versions: versions.map(|versions| versions.iter().map(Into::into).collect()),
                faults: seen.faults().chain(identity.as_ref().err()).map(Into::into).collect(),
            };
            streams.out.write_all(json::to_text(&show)?.as_bytes())?;
        }
    }
    streams.out.flush()?;
    let Some(fault) = seen.faults().next() else { return Ok(Exit::Fine) };
    tell(streams.err, fault)?;
    Ok(Exit::NotKnown)
}

fn write_facts(
    out: &mut dyn Write,
    secret: &Secret,
    signs: &Signs,
    versions: Option<&[Version]>,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let bold = anstyle::Style::new().bold();
    let state = RotationState::of(secret, signs, now);
    writeln!(out, "{bold}{}{bold:#}", secret.name)?;
    writeln!(out, "{} {} · {}\n", state.symbol(), state.word(), words::verdict(secret, signs, now))?;
    for (name, value) in facts::of(secret, now, false) {
        writeln!(out, "{name:<18}{value}")?;
    }
    writeln!(out)?;
    let rows: Vec<_> = labelled(&secret.labels, versions).into_iter().map(|row| version_row(&row)).collect();
    table::write(out, ["VERSION", "LABELS", "CREATED", "LAST ACCESSED"], &rows)?;
    Ok(())
}

fn version_row(row: &crate::domain::version::Labelled) -> [Cell; 4] {
    let labels: Vec<_> = row.labels.iter().map(|label| label.text().to_string()).collect();
    let labels = if labels.is_empty() { "(deprecated)".to_owned() } else { labels.join(" ") };
    [
        row.id.0.to_string().into(),
        labels.into(),
        row.created_words(moment).into(),
        row.last_accessed.map_or_else(|| words::NOTHING.to_owned(), day).into(),
    ]
}
