//! `secdash upcoming`: what rotates within a time to come, window by window, day by day.

use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;

use anstyle::AnsiColor;
use chrono::TimeDelta;

use super::list::{collect, passes};
use super::{Failure, Output, Streams, beside_identity, foot, tell};
use crate::aws::Aws;
use crate::config::{Sources, Times};
use crate::domain::agenda::{Agenda, Entry, Subject};
use crate::domain::context::{Context, Identity};
use crate::domain::fault::Fault;
use crate::domain::filter::Filter;
use crate::exit::Exit;
use crate::output::table::{self, Cell, Group};
use crate::output::{json, upcoming};
use crate::text::zone::Zone;
use crate::text::{count, fit, rfc3339};

/// Arguments of `secdash upcoming`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Take these secrets alone, as in `secdash list`
    #[arg(value_name = "FILTER")]
    filter: Vec<String>,
    /// How far to look ahead: hours, days or weeks, such as 24h, 7d or 2w
    #[arg(long, value_name = "SPAN", default_value = "7d", value_parser = within)]
    within: TimeDelta,
    /// Clocks to go by: utc, local, or an IANA name such as America/New_York; without it as `display.times` says
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<Zone>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    pub(super) output: Output,
}

/// The farthest that can be looked ahead.
const FARTHEST: TimeDelta = TimeDelta::days(366);

/// A span of whole hours, days or weeks.
fn within(text: &str) -> Result<TimeDelta, &'static str> {
    let wrong = "write hours, days or weeks, such as 24h, 7d or 2w, 366d at most";
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number: u32 = digits.parse().map_err(|_| wrong)?;
    let span = match &text[digits.len()..] {
        "h" => TimeDelta::hours(number.into()),
        "d" => TimeDelta::days(number.into()),
        "w" => TimeDelta::weeks(number.into()),
        _ => return Err(wrong),
    };
    if span > TimeDelta::zero() && span <= FARTHEST { Ok(span) } else { Err(wrong) }
}

/// What came, and the fault that ended it early if one did.
struct Listing {
    context: Arc<Context>,
    identity: Result<Identity, Fault>,
    agenda: Agenda,
    within: TimeDelta,
    is_filtered: bool,
    fault: Option<Fault>,
}

/// Prints the agenda. What came before a fault is in it, with exit code 4; a fault before the first secret is a failure.
pub async fn run(args: Args, aws: &Aws, sources: &Sources, streams: Streams<'_>) -> Result<Exit, Failure> {
    let filter = Filter::parse(&args.filter.join(" ")).map_err(|bad| {
        Failure::Usage(format!("The filter is not understood: {bad}."), "see `secdash list --help`".into())
    })?;
    let zone = match args.time_zone {
        Some(zone) => zone,
        None if sources.load()?.display.times.value == Times::Local => Zone::Local,
        None => Zone::Utc,
    };
    let context = aws.open().await?;
    let ((mut secrets, fault), identity) = beside_identity(aws, &context, Box::pin(collect(aws, &context))).await;
    let (now, found_none) = (aws.now(), secrets.is_empty());
    let fault = match fault {
        Some(fault) if found_none => return Err(fault.into()),
        fault => fault,
    };
    secrets.sort_by(|a, b| a.name.cmp(&b.name));
    let mut agenda = Agenda::of(&secrets, now, args.within);
    if !filter.is_empty() {
        // Windows of a function are counted before: those that don't pass need it too.
        let mut passes = passes(&filter, now);
        let passing: HashSet<_> = secrets.iter().filter(|secret| passes(secret)).map(|secret| &secret.id).collect();
        agenda.retain(|subject| passing.contains(&subject.id));
    }
    let (within, is_filtered) = (args.within, !filter.is_empty());
    let listing = Listing { context, identity, agenda, within, is_filtered, fault };
    match args.output {
        Output::Table => write_table(&listing, zone, streams.out)?,
        Output::Json => write_json(&listing, streams.out)?,
    }
    streams.out.flush()?;
    if args.output == Output::Table {
        writeln!(streams.err, "{}", last_line(&listing))?;
    }
    let Some(fault) = &listing.fault else { return Ok(Exit::Fine) };
    tell(streams.err, fault)?;
    writeln!(streams.err, "  the list is incomplete: what rotates may be missing here")?;
    Ok(Exit::NotKnown)
}

fn last_line(listing: &Listing) -> String {
    let agenda = &listing.agenda;
    let windows = format!("{} in {}", count(agenda.entries.len(), "window"), upcoming::horizon(listing.within));
    let overdue = (!agenda.overdue.is_empty()).then(|| format!(" · {} overdue", agenda.overdue.len()));
    let unknown = (!agenda.unknown.is_empty()).then(|| format!(" · {} not known", agenda.unknown.len()));
    let foot = foot(&listing.context, listing.identity.as_ref().ok(), agenda.now);
    format!("{windows}{}{} · {foot}", overdue.unwrap_or_default(), unknown.unwrap_or_default())
}

fn write_json(listing: &Listing, out: &mut dyn Write) -> Result<(), Failure> {
    let agenda = &listing.agenda;
    let answer = upcoming::json::Upcoming {
        context: json::Source::new(&listing.context, listing.identity.as_ref().ok()),
        as_of: rfc3339(agenda.now),
        complete: listing.fault.is_none(),
        until: rfc3339(agenda.until),
        overdue: upcoming::json::overdue(agenda),
        windows: upcoming::json::windows(agenda),
        unknown: upcoming::json::unknown(agenda),
        functions: upcoming::json::functions(agenda),
        faults: listing.fault.iter().chain(listing.identity.as_ref().err()).map(Into::into).collect(),
    };
    json::write(out, &answer)?;
    Ok(())
}

fn write_table(listing: &Listing, zone: Zone, out: &mut dyn Write) -> Result<(), Failure> {
    let agenda = &listing.agenda;
    if agenda.is_empty() {
        writeln!(out, "{}", upcoming::nothing(listing.within, listing.is_filtered))?;
        return Ok(());
    }
    let title = if zone.is_utc() { "UTC".to_owned() } else { beside(zone.name(), "UTC", zone) };
    table::write_groups(out, [&title, "NAME", "FUNCTION", "LENGTH", "NOTE"], &groups(agenda, zone))?;
    if !agenda.crowds.is_empty() {
        let bold = anstyle::Style::new().bold();
        writeln!(out, "\n{bold}{}{bold:#}", upcoming::CROWDED)?;
    }
    for crowd in &agenda.crowds {
        let words = upcoming::crowd(agenda, crowd, zone);
        writeln!(out, "{}: {words}", agenda.rotators[crowd.rotator].name)?;
    }
    Ok(())
}

/// Overdue ones, then day by day, then what isn't known.
fn groups(agenda: &Agenda, zone: Zone) -> Vec<Group<5>> {
    let red = AnsiColor::Red.on_default();
    let overdue = agenda.overdue.iter().map(|overdue| {
        let (since, now) = (overdue.since, agenda.now);
        let date = beside(&upcoming::date(since, now, zone), &upcoming::date_in_utc(since), zone);
        let note = Cell::styled(upcoming::late(since, now), red);
        cells(agenda, &agenda.subjects[overdue.subject], (date, String::new(), note))
    });
    let days = upcoming::days(agenda, zone).into_iter().map(|day| {
        let heading = upcoming::day(day.date, day.entries.len(), agenda.now, zone);
        let rows = agenda.entries[day.entries].iter().map(|entry| row(agenda, entry, zone)).collect();
        Group { heading, rows }
    });
    let unknown = agenda.unknown.iter().map(|unknown| {
        let note = upcoming::why(&unknown.why).into();
        cells(agenda, &agenda.subjects[unknown.subject], (String::new(), String::new(), note))
    });
    let overdue = Group { heading: upcoming::OVERDUE.to_owned(), rows: overdue.collect() };
    let unknown = Group { heading: upcoming::UNKNOWN.to_owned(), rows: unknown.collect() };
    [overdue].into_iter().chain(days).chain([unknown]).filter(|group| !group.rows.is_empty()).collect()
}

fn row(agenda: &Agenda, entry: &Entry, zone: Zone) -> [Cell; 5] {
    let clock = beside(&upcoming::clock(entry, zone), &upcoming::clock_in_utc(entry, zone), zone);
    let note = upcoming::notes(entry, agenda.now).join(", ").into();
    cells(agenda, agenda.subject(entry), (clock, upcoming::length(entry), note))
}

fn cells(agenda: &Agenda, subject: &Subject, (clock, length, note): (String, String, Cell)) -> [Cell; 5] {
    let name = subject.name.to_string().into();
    [clock.into(), name, agenda.rotator(subject).name.to_string().into(), length.into(), note]
}

/// Two columns: what the zone's clocks say, and UTC where they say something else.
fn beside(clock: &str, utc: &str, zone: Zone) -> String {
    if zone.is_utc() {
        return clock.to_owned();
    }
    let clock =
        if crate::text::width(clock) > upcoming::CLOCK { clock.to_owned() } else { fit(clock, upcoming::CLOCK) };
    format!("{clock}  {utc}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_whole_hours_days_or_weeks() {
        for (text, hours) in
            [("1h", Some(1)), ("24h", Some(24)), ("7d", Some(168)), ("2w", Some(336)), ("366d", Some(8_784))]
        {
            assert_eq!(within(text).ok().map(|span| span.num_hours()), hours, "{text}");
        }
        for text in ["", "0h", "367d", "9999999999d", "7", "d", "-1d", "1.5d", "7 d", "7days", "7é", "١d"] {
            assert!(within(text).is_err(), "{text}");
        }
    }
}
