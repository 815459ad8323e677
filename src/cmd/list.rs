//! `secdash list`: the secrets with their state and dates, in the order of trouble.

use std::pin::pin;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::TryStreamExt;

use super::{Failure, Output, Streams, beside_identity, foot, tell};
use crate::aws::Aws;
use crate::domain::context::{Context, Identity};
use crate::domain::fault::Fault;
use crate::domain::filter::{Filter, Scratch};
use crate::domain::pending::Signs;
use crate::domain::rotation::{RotationState, Trouble};
use crate::domain::secret::Secret;
use crate::domain::sort::{Sort, SortBy};
use crate::domain::words;
use crate::exit::Exit;
use crate::output::json;
use crate::output::table::{self, Cell};
use crate::output::toned::state_style;
use crate::text::count;

/// Arguments of `secdash list`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Show only what passes all of these: parts of the name, `~letters`, `state:overdue`, `tag:team=pay`,
    /// `kind:managed`, `function:rotate`, `region:eu`; `!` before one turns it round
    #[arg(value_name = "FILTER")]
    filter: Vec<String>,
    /// Order: trouble, name, next, last, schedule or pending; `-name` for the other end first
    #[arg(long, value_name = "COLUMN", default_value = "trouble", allow_hyphen_values = true, value_parser = sort)]
    sort: Sort,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    pub(super) output: Output,
}

fn sort(word: &str) -> Result<Sort, String> {
    let words = SortBy::ALL.map(SortBy::word).join(", ");
    Sort::from_word(word).ok_or_else(|| format!("none of {words}, nor one of them with - before it"))
}

/// What came, and the fault that ended it early if one did.
struct Listing<'a> {
    context: Arc<Context>,
    identity: Result<Identity, Fault>,
    secrets: Vec<&'a Secret>,
    fault: Option<Fault>,
    at: DateTime<Utc>,
}

/// Lists. What came before a fault is printed, with exit code 4; a fault before the first secret is a failure.
pub async fn run(args: Args, aws: &Aws, streams: Streams<'_>) -> Result<Exit, Failure> {
    let filter = Filter::parse(&args.filter.join(" ")).map_err(|bad| {
        Failure::Usage(format!("The filter is not understood: {bad}."), "see `secdash list --help`".into())
    })?;
    let context = aws.open().await?;
    let ((secrets, fault), identity) = beside_identity(aws, &context, Box::pin(collect(aws, &context))).await;
    let (at, found_none) = (aws.now(), secrets.is_empty());
    // The program ends after this. The system takes the memory back at once; giving it back piece by piece is slow.
    let secrets = arrange(secrets.leak(), &filter, args.sort, at);
    let listing = match fault {
        Some(fault) if found_none => return Err(fault.into()),
        fault => Listing { context, identity, secrets, fault, at },
    };
    match args.output {
        Output::Table => write_table(&listing, streams.out)?,
        Output::Json => write_json(&listing, streams.out)?,
    }
    streams.out.flush()?;
    if args.output == Output::Table {
        let foot = foot(&listing.context, listing.identity.as_ref().ok(), at);
        writeln!(streams.err, "{} · {foot}", count(listing.secrets.len(), "secret"))?;
    }
    let Some(fault) = &listing.fault else { return Ok(Exit::Fine) };
    tell(streams.err, fault)?;
    writeln!(streams.err, "  the list is incomplete: it ends where that happened")?;
    Ok(Exit::NotKnown)
}

/// Every secret that comes, and the fault that ended it early if one did.
pub(super) async fn collect(aws: &Aws, context: &Arc<Context>) -> (Vec<Secret>, Option<Fault>) {
    let mut pages = pin!(aws.list(context));
    let mut secrets = Vec::new();
    let fault = loop {
        match pages.try_next().await {
            Ok(Some(page)) => secrets.extend(page.secrets),
            Ok(None) => break None,
            Err(fault) => break Some(fault),
        }
    };
    (secrets, fault)
}

/// Without a look at each, what AWSPENDING means isn't known: `pending`.
fn state(secret: &Secret, now: DateTime<Utc>) -> RotationState {
    RotationState::of(secret, &Signs::UNKNOWN, now)
}

/// Whether a secret passes.
pub(super) fn passes(filter: &Filter, now: DateTime<Utc>) -> impl FnMut(&Secret) -> bool {
    let mut scratch = Scratch::default();
    move |secret| {
        let name = secret.name.raw().to_lowercase();
        filter.is_empty() || filter.passes(&name, &mut scratch, || (secret, state(secret, now)))
    }
}

/// The secrets that pass, in order.
fn arrange<'a>(secrets: &'a [Secret], filter: &Filter, sort: Sort, now: DateTime<Utc>) -> Vec<&'a Secret> {
    let mut passes = passes(filter, now);
    let mut rows: Vec<_> = secrets
        .iter()
        .filter(|secret| passes(secret))
        .map(|secret| (sort.key(secret, Trouble::of(secret, state(secret, now), now)), secret))
        .collect();
    rows.sort_by(|(a, first), (b, second)| a.cmp(b).then_with(|| first.name.cmp(&second.name)));
    if sort == (Sort { by: SortBy::Name, reversed: true }) {
        rows.reverse();
    }
    rows.into_iter().map(|(_, secret)| secret).collect()
}

fn write_json(listing: &Listing<'_>, out: &mut dyn std::io::Write) -> Result<(), Failure> {
    let list = json::List {
        context: json::Source::new(&listing.context, listing.identity.as_ref().ok()),
        as_of: crate::text::rfc3339(listing.at),
        complete: listing.fault.is_none(),
        secrets: [],
        faults: listing.fault.iter().chain(listing.identity.as_ref().err()).map(Into::into).collect(),
    };
    list.write(out, &listing.secrets, listing.at)?;
    Ok(())
}

fn write_table(listing: &Listing<'_>, out: &mut dyn std::io::Write) -> Result<(), Failure> {
    let rows: Vec<_> = listing.secrets.iter().map(|secret| row(secret, listing.at)).collect();
    let header = ["STATE", "NAME", "NEXT ROTATION", "LAST ROTATED", "SCHEDULE", "PENDING", "KIND"];
    table::write(out, header, &rows)?;
    Ok(())
}

fn row(secret: &Secret, now: DateTime<Utc>) -> [Cell; 7] {
    let state = state(secret, now);
    let kinds: Vec<_> = secret.kinds().iter().map(|kind| kind.word()).collect();
    [
        Cell::styled(format!("{} {}", state.symbol(), state.word()), state_style(state)),
        secret.name.to_string().into(),
        words::next_rotation(secret, now).into(),
        words::last_rotated(secret, now).into(),
        words::schedule(secret).into(),
        words::pending(secret, &Signs::UNKNOWN, now).into(),
        kinds.join(" ").into(),
    ]
}
