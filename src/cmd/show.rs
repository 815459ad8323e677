//! `secdash show SECRET`: one secret's rotation, versions, labels and tags.

use std::io::Write;
use std::time::Duration;

use anstyle::Style;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Failure, Output, Streams, beside_identity, foot, span, tell};
use crate::aws::Aws;
use crate::domain::fault::Fault;
use crate::domain::inspection::Inspection;
use crate::domain::pending::Signs;
use crate::domain::rotation::RotationState;
use crate::domain::secret::Secret;
use crate::domain::timeline::{self, Sources, Timeline, Trail};
use crate::domain::trail::{Covered, TrailEvent};
use crate::domain::version::{Labelled, labelled};
use crate::domain::{facts, schedule, words};
use crate::exit::Exit;
use crate::ops::attempts::{self, Attempts};
use crate::ops::history::changes;
use crate::ops::lookup::lookup;
use crate::output::table::{self, Cell};
use crate::output::timeline::{self as drawing, Wish, Zoom};
use crate::output::{json, toned};
use crate::text::{day, moment, rfc3339};

/// The columns of a timeline.
const WIDTH: usize = 100;

/// Arguments of `secdash show`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, ARN, or an unambiguous part of the name
    #[arg(value_name = "SECRET", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    secret: String,
    /// How far back the timeline reaches: 24h, 7d, 30d, 90d or all; by default to the versions with labels
    #[arg(long, value_name = "TIME", value_parser = zoom)]
    zoom: Option<Zoom>,
    /// Show versions without labels in the timeline too
    #[arg(long)]
    deprecated: bool,
    /// Complete the timeline with what CloudTrail tells, so far back: such as 24h or 30d; a look-up takes a second
    #[arg(long, value_name = "SPAN", value_parser = span::parse)]
    trail: Option<Duration>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    pub(super) output: Output,
}

fn zoom(word: &str) -> Result<Zoom, String> {
    let spelled = |zoom: Zoom| zoom.word().replace(' ', "");
    let found = Zoom::ALL.into_iter().find(|zoom| spelled(*zoom) == word);
    found.ok_or_else(|| format!("none of {}", Zoom::ALL.map(spelled).join(", ")))
}

/// What was learned.
struct Seen {
    inspection: Inspection,
    secret: Secret,
    attempts: Attempts,
    /// What CloudTrail tells of it, and of which times all.
    trail: Option<(Vec<TrailEvent>, Covered)>,
    at: DateTime<Utc>,
}

/// Shows. What could not be learned is told as a fault beside the rest, with exit code 4.
pub async fn run(args: Args, aws: &Aws, streams: Streams<'_>) -> Result<Exit, Failure> {
    let context = aws.open().await?;
    let secret = lookup(aws, &context, &args.secret).await?;
    let (seen, identity) = beside_identity(aws, &context, Box::pin(look(aws, secret, args.trail))).await;
    let mut faults: Vec<&Fault> = seen.inspection.faults().chain(&seen.attempts.fault).collect();
    match args.output {
        Output::Table => {
            write_facts(streams.out, &seen, &args)?;
            streams.out.flush()?;
            writeln!(streams.err, "\n{}", foot(&context, identity.as_ref().ok(), seen.at))?;
        }
        Output::Json => {
            let (signs, timeline) = (seen.signs(), seen.timeline());
            let versions = seen.inspection.versions.as_ref().ok();
            let show = json::Show {
                context: json::Source::new(&context, identity.as_ref().ok()),
                as_of: rfc3339(seen.at),
                secret: json::Described::new(&seen.secret, &signs, seen.at),
                versions: versions.map(|versions| versions.iter().map(Into::into).collect()),
                timeline: timeline.lanes.iter().map(Into::into).collect(),
                faults: faults.iter().copied().chain(identity.as_ref().err()).map(Into::into).collect(),
            };
            json::write(streams.out, &show)?;
        }
    }
    streams.out.flush()?;
    if faults.is_empty() {
        return Ok(Exit::Fine);
    }
    faults.drain(..).try_for_each(|fault| tell(streams.err, fault))?;
    Ok(Exit::NotKnown)
}

/// Asks for the versions, and for what the event history can tell if the secret's state is one that it explains.
async fn look(aws: &Aws, secret: Secret, back: Option<Duration>) -> Seen {
    let versions = aws.versions(&secret.id).await;
    let inspection = Inspection { secret: Ok(secret.clone()), raw: Vec::new(), versions };
    let state = RotationState::of(&secret, &inspection.signs(), aws.now());
    let since = attempts::worth_asking_since(&secret, inspection.versions.as_deref().ok(), state);
    let mut attempts = match since {
        Some(since) => attempts::attempts(aws, &secret, since).await,
        None => Attempts::default(),
    };
    let back = back.and_then(|back| TimeDelta::from_std(back).ok());
    let trail = match back {
        Some(back) => {
            let (events, covered, fault) = changes(aws, &secret, aws.now() - back).await;
            attempts.fault = attempts.fault.or(fault);
            Some((events, covered))
        }
        None => None,
    };
    Seen { inspection, secret, attempts, trail, at: aws.now() }
}

impl Seen {
    fn signs(&self) -> Signs {
        timeline::signs(&self.secret, self.inspection.signs(), &self.attempts.failed)
    }

    fn timeline(&self) -> Timeline {
        let (events, covered) =
            self.trail.as_ref().map_or((&[][..], None), |(events, covered)| (events, Some(covered)));
        let events: Vec<_> = events.iter().collect();
        Timeline::of(Sources {
            secret: &self.secret,
            versions: self.inspection.versions.as_deref().ok(),
            attempts: &self.attempts.failed,
            cancelled: &self.attempts.cancelled,
            trail: covered.map(|covered| Trail { events: &events, covered }),
            seen: self.at,
            by_list: false,
        })
    }
}

fn write_facts(out: &mut dyn Write, seen: &Seen, args: &Args) -> Result<(), Failure> {
    let bold = Style::new().bold();
    let (secret, signs, now) = (&seen.secret, &seen.signs(), seen.at);
    let state = RotationState::of(secret, signs, now);
    writeln!(out, "{bold}{}{bold:#}", secret.name)?;
    writeln!(out, "{} {} · {}\n", state.symbol(), state.word(), words::verdict(secret, signs, now))?;
    for (name, value) in facts::of(secret, now, false) {
        writeln!(out, "{name:<18}{value}")?;
    }
    writeln!(out)?;
    let versions = seen.inspection.versions.as_deref().ok();
    let rows: Vec<_> = labelled(&secret.labels, versions).into_iter().map(|row| version_row(&row)).collect();
    table::write(out, ["VERSION", "LABELS", "CREATED", "LAST ACCESSED"], &rows)?;
    writeln!(out)?;
    write_timeline(out, seen, args)
}

/// The timeline as letters. It is as wide as a page, for a script's output has no width of its own.
fn write_timeline(out: &mut dyn Write, seen: &Seen, args: &Args) -> Result<(), Failure> {
    let timeline = seen.timeline();
    let zoom = args.zoom.unwrap_or_else(|| Zoom::reaching(timeline.begin(args.deprecated), timeline.until));
    let wish = Wish {
        zoom,
        width: WIDTH,
        height: usize::MAX,
        ascii: false,
        deprecated: args.deprecated,
        chosen: None,
        cursor: None,
        window: schedule::next(&seen.secret, seen.at),
    };
    let (bold, title) = (Style::new().bold(), format!("VERSIONS OVER TIME · {}", zoom.word()));
    writeln!(out, "{bold}{title}{bold:#}")?;
    let lines = drawing::picture(&timeline, &wish).into_iter().chain(drawing::legend(&timeline, &wish));
    lines.into_iter().try_for_each(|line| toned::write(out, &line))?;
    Ok(())
}

fn version_row(row: &Labelled) -> [Cell; 4] {
    let labels: Vec<_> = row.labels.iter().map(|label| label.text().to_string()).collect();
    let labels = if labels.is_empty() { "(deprecated)".to_owned() } else { labels.join(" ") };
    [
        row.id.0.to_string().into(),
        labels.into(),
        row.created_words(moment).into(),
        row.last_accessed.map_or_else(|| words::NOTHING.to_owned(), day).into(),
    ]
}
