//! `secdash logs SECRET`: the log events of the rotation function, cut to this secret.

use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt};

use super::interrupt::Interrupt;
use super::rotate::tell_log;
use super::{Failure, Output, Streams, beside_identity, span};
use crate::aws::Aws;
use crate::domain::invocation::{Attribution, Invocations, Lines, Run, Shown};
use crate::domain::log::LogEvent;
use crate::domain::tail::{Found, LogGroup, NoEvents, Range, Source, TailUpdate};
use crate::exit::Exit;
use crate::ops::log_group::{configuration, log_group};
use crate::ops::lookup::lookup;
use crate::output::rotation::{self, Event, LogLine};
use crate::output::toned::{self, Tone};
use crate::text::{count, moment, rfc3339};

/// Arguments of `secdash logs`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name, ARN, or an unambiguous part of the name
    #[arg(value_name = "SECRET", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    secret: String,
    /// Go on with what is written from now on, by Live Tail
    #[arg(long, short)]
    follow: bool,
    /// How far back to begin: seconds, minutes, hours or days, such as 15m, 1h or 7d
    #[arg(long, value_name = "SPAN", default_value = "1h", value_parser = span::parse)]
    since: Duration,
    /// Show every event of the log group, those of other secrets too
    #[arg(long)]
    all: bool,
    /// Show log events as they are: what looks like a value is not masked
    #[arg(long)]
    raw: bool,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    pub(super) output: Output,
}

/// The events that came in, each counted once.
enum Taken {
    /// All of them: each is printed as it comes.
    All(Invocations),
    /// Those of one secret: each is printed as soon as it is known whose it is.
    Cut(Lines),
}

/// How long a line is held back until it is known whose it is, where its invocation's end isn't logged.
const HELD: TimeDelta = TimeDelta::seconds(60);

/// How often it is looked for lines that are held back so long.
const LOOK: Duration = Duration::from_secs(10);

/// What is printed of a log group, and how.
struct Printer {
    taken: Taken,
    raw: bool,
    output: Output,
    /// The day (UTC) of the last line: times of day are of another one without it.
    day: NaiveDate,
    /// Whether a gap was told of that is to be filled.
    has_gap: bool,
    /// How many events were printed, and how many there were.
    printed: usize,
    seen: usize,
}

/// Prints what was written since then; with `--follow` also what is written from now on.
pub async fn run(args: Args, aws: &Aws, mut streams: Streams<'_>) -> Result<Exit, Failure> {
    let context = aws.open().await?;
    let work = async {
        let secret = lookup(aws, &context, &args.secret).await?;
        let function = configuration(aws, &secret).await;
        let log = log_group(aws, &secret, function.as_ref()).await;
        Ok::<_, Failure>((secret, function, log))
    };
    let (done, _) = beside_identity(aws, &context, Box::pin(work)).await;
    let (secret, function, log) = done?;
    let Found { group, .. } = match &log {
        Ok(found) => found.clone(),
        Err(none) => {
            return Err(Failure::Refused(none.to_string(), format!("see `secdash show {}`", secret.name)));
        }
    };
    tell_log(&log, args.output, &mut streams)?;
    if let Some(Ok(function)) = &function
        && function.hides_steps()
    {
        let text = "this function's log level leaves out the lines of steps that go well";
        remark(args.output, text, &mut streams)?;
    }
    let now = aws.now();
    let from = TimeDelta::from_std(args.since).map_or(now, |since| now - since);
    let run = Run { secret: secret.id.arn.clone(), version: None, from, until: None };
    let taken = if args.all { Taken::All(Invocations::default()) } else { Taken::Cut(Lines::new(run)) };
    let printer = Printer {
        taken,
        raw: args.raw,
        output: args.output,
        day: now.date_naive(),
        has_gap: false,
        printed: 0,
        seen: 0,
    };
    if args.follow {
        printer.follow(aws, group, from, &mut streams).await
    } else {
        printer.print(aws, &group, Range { from, until: now }, &mut streams).await
    }
}

fn remark(output: Output, text: &str, streams: &mut Streams<'_>) -> Result<(), Failure> {
    match output {
        Output::Table => streams.line(&rotation::remark(text), rotation::REMARK)?,
        Output::Json => rotation::write_line(streams.out, &Event::Source { source: text.to_owned() })?,
    }
    Ok(())
}

fn rows(lines: &[toned::Line], streams: &mut Streams<'_>) -> Result<(), Failure> {
    lines.iter().try_for_each(|line| streams.line(line, rotation::EVENT))?;
    Ok(())
}

impl Printer {
    /// What was written in a range, read once.
    async fn print(
        mut self,
        aws: &Aws,
        group: &LogGroup,
        range: Range,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        let mut pages = pin!(aws.log_events(group, range));
        loop {
            match pages.try_next().await {
                Ok(Some(events)) => self.take(events, streams)?,
                Ok(None) => break,
                Err(fault) => {
                    self.write_rest(streams)?;
                    return Err(fault.into());
                }
            }
        }
        self.write_rest(streams)?;
        if self.output == Output::Table {
            writeln!(streams.err, "{}", self.last_line(group, range.from, range.until))?;
        }
        Ok(Exit::Fine)
    }

    fn last_line(&self, group: &LogGroup, from: DateTime<Utc>, until: DateTime<Utc>) -> String {
        let of = if matches!(self.taken, Taken::All(_)) {
            format!(" in {}", group.name)
        } else {
            format!(" of {} in {}", count(self.seen, "event"), group.name)
        };
        let hint = match self.seen - self.printed.min(self.seen) {
            0 => "",
            _ => " · --all shows those of others too",
        };
        format!("{}{of} · {} to {}{hint}", count(self.printed, "line"), moment(from), moment(until))
    }

    /// What was written since then, and what is written from now on, until ctrl-c.
    async fn follow(
        mut self,
        aws: &Aws,
        group: LogGroup,
        from: DateTime<Utc>,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        let name = group.name.to_string();
        let mut interrupt = Interrupt::hear()?;
        let mut tail = pin!(aws.tail(group, from));
        let mut overdue = pin!(aws.sleep(LOOK));
        loop {
            let update = tokio::select! {
                biased;
                // First, so that no flood is in its way.
                () = interrupt.came() => {
                    self.write_rest(streams)?;
                    return Ok(Exit::Interrupted);
                }
                () = &mut overdue => {
                    overdue.set(aws.sleep(LOOK));
                    self.give_up(aws.now() - HELD, streams)?;
                    continue;
                }
                update = tail.next() => update,
            };
            match update {
                None => {
                    self.write_rest(streams)?;
                    return Ok(Exit::Fine);
                }
                Some(TailUpdate::Source(Source::None(NoEvents::Fault(fault)))) if fault.permission().is_some() => {
                    self.write_rest(streams)?;
                    return Err(fault.into());
                }
                Some(TailUpdate::Source(Source::None(NoEvents::InfrequentAccess))) => {
                    let sentence = rotation::source(&Source::None(NoEvents::InfrequentAccess));
                    return Err(Failure::Refused(
                        format!("{name} can't be read: {sentence}."),
                        "query it with CloudWatch Logs Insights".to_owned(),
                    ));
                }
                Some(TailUpdate::Events(events)) => {
                    self.take(events, streams)?;
                }
                Some(TailUpdate::Source(Source::Opening) | TailUpdate::Complete(_)) => {}
                Some(TailUpdate::Source(source)) => {
                    self.has_gap |= matches!(source, Source::Reconnecting { .. });
                    remark(self.output, &format!("{name} · {}", rotation::source(&source)), streams)?;
                }
                Some(TailUpdate::Unread { range, because }) => match self.output {
                    Output::Table => remark(self.output, &rotation::unread(&range, &because), streams)?,
                    Output::Json => {
                        rotation::write_line(streams.out, &Event::Unread(rotation::Gap::of(&range, &because)))?;
                    }
                },
                Some(TailUpdate::Sampled(range)) => self.range(range, true, streams)?,
                Some(TailUpdate::Filled(range)) => self.range(range, false, streams)?,
            }
            streams.out.flush()?;
        }
    }

    fn range(&mut self, range: Range, is_sampled: bool, streams: &mut Streams<'_>) -> Result<(), Failure> {
        if self.output == Output::Json {
            let (from, until) = (rfc3339(range.from), rfc3339(range.until));
            let event = if is_sampled { Event::Sampled { from, until } } else { Event::Filled { from, until } };
            rotation::write_line(streams.out, &event)?;
            return Ok(());
        }
        self.has_gap |= is_sampled;
        if !self.has_gap {
            return Ok(());
        }
        let range = rotation::range(&range);
        let text = if is_sampled {
            format!("Live Tail sent a sample only, {range}; the rest is read")
        } else {
            format!("{range} is read whole")
        };
        streams.line(&rotation::remark(&text), rotation::REMARK)?;
        Ok(())
    }

    fn take(&mut self, events: Vec<LogEvent>, streams: &mut Streams<'_>) -> Result<(), Failure> {
        self.seen += events.len();
        let entries = match &mut self.taken {
            Taken::All(invocations) => invocations.take_new(events),
            Taken::Cut(lines) => {
                let shown = lines.take(events);
                return self.write(&shown, streams);
            }
        };
        for entry in entries {
            self.printed += 1;
            match self.output {
                Output::Json => rotation::write_line(streams.out, &Event::Line(LogLine::of_anyone(&entry, self.raw)))?,
                Output::Table => {
                    self.dated(entry.event.at, streams)?;
                    rows(&rotation::entry(&entry, self.raw), streams)?;
                }
            }
        }
        Ok(())
    }

    /// The date, before the first line of another day.
    fn dated(&mut self, at: DateTime<Utc>, streams: &mut Streams<'_>) -> Result<(), Failure> {
        let date = at.date_naive();
        if date != std::mem::replace(&mut self.day, date) {
            toned::write(streams.out, &vec![(Tone::Strong, format!("── {date} ──"))])?;
        }
        Ok(())
    }

    /// What is still held back, at the end.
    fn write_rest(&mut self, streams: &mut Streams<'_>) -> Result<(), Failure> {
        self.give_up(DateTime::<Utc>::MAX_UTC, streams)
    }

    /// Prints what was held back too long.
    fn give_up(&mut self, before: DateTime<Utc>, streams: &mut Streams<'_>) -> Result<(), Failure> {
        let Taken::Cut(lines) = &mut self.taken else { return Ok(()) };
        let shown = lines.overdue(before);
        self.write(&shown, streams)?;
        streams.out.flush()?;
        Ok(())
    }

    fn write(&mut self, shown: &[Shown], streams: &mut Streams<'_>) -> Result<(), Failure> {
        for shown in shown.iter().filter(|shown| shown.attribution != Attribution::OtherSecret) {
            self.printed += 1;
            match self.output {
                Output::Json => rotation::write_line(streams.out, &Event::Line(LogLine::of(shown, self.raw)))?,
                Output::Table => {
                    self.dated(shown.entry.event.at, streams)?;
                    rows(&rotation::event(shown, self.raw), streams)?;
                }
            }
        }
        Ok(())
    }
}
