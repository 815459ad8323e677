//! A rotation watched on the command line, to its end, to the end of patience, or to ctrl-c.

use std::cell::Cell;
use std::io::Write;
use std::pin::pin;
use std::time::Duration;

use chrono::TimeDelta;
use futures::{Stream, StreamExt};

use super::interrupt::Interrupt;
use super::{Failure, Output, Streams, span, tell};
use crate::aws::Aws;
use crate::domain;
use crate::domain::invocation::Shown;
use crate::domain::log::{Kind, Platform};
use crate::domain::progress::{End, Followed, LogUpdate, Progress, Proof, StepProgress, StepState, Update, Ways};
use crate::domain::secret::Secret;
use crate::domain::tail::{LogGroup, Source};
use crate::exit::Exit;
use crate::output::rotation::{self, Ended, Event, LogLine, Step};
use crate::output::toned::Tone;
use crate::text::{rfc3339, safe};

/// How a rotation is watched.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct How {
    /// How long to follow it at most: seconds, minutes, hours or days, such as 90s, 15m or 1h
    #[arg(long, value_name = "SPAN", default_value = "15m", value_parser = span::parse)]
    timeout: Duration,
    /// Show log events as they are: what looks like a value is not masked
    #[arg(long)]
    raw: bool,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    pub(super) output: Output,
}

/// What is watched, and how.
pub(super) struct Watching<'a> {
    aws: &'a Aws,
    /// The secret's name.
    name: String,
    followed: Followed,
    /// The log group's name, where there is a log.
    group: Option<String>,
    timeout: Duration,
    output: Output,
    raw: bool,
    /// Whether a gap was told of that is to be filled.
    gaps: Cell<bool>,
}

/// What is said while it isn't known whether an attempt that failed was the last.
const WAITING: &str = "waiting a minute for AWS to try again; ctrl-c stops the watching only";

/// A gap that is shorter is no news.
const GAP: TimeDelta = TimeDelta::seconds(1);

/// Which steps were told of, and how far they were then.
#[derive(Default)]
struct Ticks {
    attempt: u32,
    told: Vec<(domain::rotation::Step, StepState)>,
}

impl Ticks {
    /// Tells of steps that are further than they were told to be.
    fn write(
        &mut self,
        progress: &Progress,
        is_due: impl Fn(&StepProgress) -> bool,
        is_last: bool,
        streams: &mut Streams<'_>,
    ) -> std::io::Result<()> {
        if self.attempt != progress.attempt {
            (self.attempt, self.told) = (progress.attempt, Vec::new());
            if progress.attempt > 1 {
                streams.line(&rotation::remark(&format!("attempt {}", progress.attempt)), rotation::REMARK)?;
            }
        }
        let is_passed = |step: &StepProgress| {
            progress.steps.iter().any(|one| one.step > step.step && one.state != StepState::Waiting)
        };
        for step in progress.steps.iter().filter(|step| is_due(step)) {
            // How long a step took is told a moment after that it is done, and labels are ahead of the log: then it is
            // told once.
            let is_seen = matches!(step.proof, Some(Proof::Line(_)));
            let is_whole =
                step.state != StepState::Done || step.took.is_some() || is_last || (is_seen && is_passed(step));
            let news = (step.step, step.state);
            if step.state != StepState::Waiting && is_whole && !self.told.contains(&news) {
                streams.line(&rotation::step(step), rotation::REMARK)?;
                self.told.push(news);
                if matches!(step.state, StepState::Failed | StepState::TimedOut) && !is_last {
                    streams.line(&rotation::remark(WAITING), rotation::REMARK)?;
                }
            }
        }
        Ok(())
    }
}

/// The commands by which a rotation's end is looked into.
fn ways(name: &str) -> Ways {
    let name = safe(name);
    Ways {
        lines: format!("`secdash logs {name}` has the lines"),
        secret: format!("`secdash show {name}`"),
        turn_on: format!("`secdash rotation on {name}` turns it on"),
    }
}

/// What ended the watching.
enum Next {
    Update(Option<Box<Update>>),
    Interrupted,
    TimeOut,
}

impl<'a> Watching<'a> {
    /// A rotation of this secret, whose function writes to this log group.
    pub(super) fn of(aws: &'a Aws, secret: &Secret, followed: Followed, group: Option<&LogGroup>, how: How) -> Self {
        let group = group.map(|group| group.name.raw().to_owned());
        let How { timeout, raw, output } = how;
        Self { aws, name: secret.name.raw().to_owned(), followed, group, timeout, output, raw, gaps: Cell::default() }
    }

    /// Watches. Each update is written out as it comes.
    pub(super) async fn watch(
        self,
        updates: impl Stream<Item = Update>,
        interrupt: &mut Interrupt,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        let (mut updates, mut deadline) = (pin!(updates), pin!(self.aws.sleep(self.timeout)));
        let (mut told, mut ticks) = (None, Ticks::default());
        loop {
            let next = tokio::select! {
                biased;
                // First, so that no flood is in its way.
                () = interrupt.came() => Next::Interrupted,
                () = &mut deadline => Next::TimeOut,
                update = updates.next() => Next::Update(update.map(Box::new)),
            };
            let update = match next {
                Next::Update(Some(update)) => *update,
                Next::Update(None) | Next::TimeOut => return self.still_going(told.as_ref(), streams),
                Next::Interrupted => return self.interrupted(told.as_ref(), streams),
            };
            match update {
                Update::Ended(end, progress) => return self.ended(&end, &progress, streams),
                Update::News(dealt, progress) => {
                    let lines: Vec<_> = dealt.shown.into_iter().filter(Shown::is_ours).collect();
                    let is_last = progress.end.is_some();
                    match self.output {
                        Output::Json => self.objects(&lines, told.as_ref(), &progress, streams.out)?,
                        Output::Table => self.rows(&lines, &progress, &mut ticks, is_last, streams)?,
                    }
                    told = Some(progress);
                }
                update => self.update(&update, streams)?,
            }
            streams.out.flush()?;
        }
    }

    fn update(&self, update: &Update, streams: &mut Streams<'_>) -> Result<(), Failure> {
        match (update, self.output) {
            (Update::Labels(labels), Output::Table) => {
                streams.line(&rotation::remark(&rotation::labels(labels)), rotation::REMARK)?;
            }
            (Update::Labels(labels), Output::Json) => rotation::write_line(streams.out, &Event::Labels { labels })?,
            (Update::Log(log), _) => self.log(log, streams)?,
            (Update::Trouble(fault), Output::Table) => tell(streams.err, fault)?,
            (Update::Trouble(fault), Output::Json) => rotation::write_line(streams.out, &Event::Fault(fault.into()))?,
            (Update::News(..) | Update::Ended(..) | Update::Looked(_) | Update::Usual(_) | Update::Recovered(_), _) => {
            }
        }
        Ok(())
    }

    /// What is told of the log, but for its lines.
    fn log(&self, update: &LogUpdate, streams: &mut Streams<'_>) -> Result<(), Failure> {
        match (update, self.output) {
            (LogUpdate::Source(source), _) => self.source(source, streams)?,
            (LogUpdate::Sampled(range), Output::Table) => {
                self.gaps.set(true);
                let text = format!("Live Tail sent a sample only, {}; the rest is read", rotation::range(range));
                streams.line(&rotation::remark(&text), rotation::REMARK)?;
            }
            // The range from before the beginning is read too; only one that was told to have a gap is worth a word.
            (LogUpdate::Filled(range), Output::Table) if !self.gaps.get() || range.until - range.from < GAP => {}
            (LogUpdate::Filled(range), Output::Table) => {
                let text = format!("{} is read whole", rotation::range(range));
                streams.line(&rotation::remark(&text), rotation::REMARK)?;
            }
            (LogUpdate::Sampled(range), Output::Json) => {
                let (from, until) = (rfc3339(range.from), rfc3339(range.until));
                rotation::write_line(streams.out, &Event::Sampled { from, until })?;
            }
            (LogUpdate::Filled(range), Output::Json) => {
                let (from, until) = (rfc3339(range.from), rfc3339(range.until));
                rotation::write_line(streams.out, &Event::Filled { from, until })?;
            }
            (LogUpdate::Unread(range, fault), Output::Table) => {
                streams.line(&rotation::remark(&rotation::unread(range, fault)), rotation::REMARK)?;
            }
            (LogUpdate::Unread(range, fault), Output::Json) => {
                rotation::write_line(streams.out, &Event::Unread(rotation::Gap::of(range, fault)))?;
            }
            (LogUpdate::Lines(_), _) => {}
        }
        Ok(())
    }

    fn source(&self, source: &Source, streams: &mut Streams<'_>) -> Result<(), Failure> {
        self.gaps.set(self.gaps.get() || matches!(source, Source::Reconnecting { .. }));
        let words = rotation::source(source);
        match self.output {
            Output::Json => rotation::write_line(streams.out, &Event::Source { source: words })?,
            Output::Table if *source == Source::Opening => {}
            Output::Table => {
                let group = self.group.as_deref().map(safe).unwrap_or_default();
                streams.line(&rotation::remark(&format!("{group} · {words}")), rotation::REMARK)?;
            }
        }
        Ok(())
    }

    /// Log events, each step's tick behind the line that ends it.
    fn rows(
        &self,
        lines: &[Shown],
        progress: &Progress,
        ticks: &mut Ticks,
        is_last: bool,
        streams: &mut Streams<'_>,
    ) -> Result<(), Failure> {
        for shown in lines {
            for line in rotation::event(shown, self.raw) {
                streams.line(&line, rotation::EVENT)?;
            }
            if let (Kind::Platform(Platform::Report(_)), Some(step)) = (&shown.entry.line.kind, shown.step) {
                ticks.write(progress, |one| one.step <= step, false, streams)?;
            }
        }
        ticks.write(progress, |_| true, is_last, streams)?;
        Ok(())
    }

    /// The same as objects.
    fn objects(
        &self,
        lines: &[Shown],
        told: Option<&Progress>,
        progress: &Progress,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        for shown in lines {
            rotation::write_line(out, &Event::Line(LogLine::of(shown, self.raw)))?;
        }
        let told = told.filter(|told| told.attempt == progress.attempt);
        let is_new = |step: &&StepProgress| {
            let was = told.and_then(|told| told.steps.iter().find(|was| was.step == step.step));
            was.map_or(step.state != StepState::Waiting, |was| was.state != step.state || was.took != step.took)
        };
        for step in progress.steps.iter().filter(is_new) {
            rotation::write_line(out, &Event::Step(Step::of(progress, step)))?;
        }
        Ok(())
    }

    fn ended(&self, end: &End, progress: &Progress, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let sentence = end.sentence(&self.followed, progress, self.aws.now());
        let next_step = end.next_step(&self.followed, &ways(&self.name));
        let exit = match end {
            End::Succeeded { .. } => Exit::Fine,
            end if end.is_known(&self.followed) => Exit::Failed,
            _ => Exit::NotKnown,
        };
        if self.output == Output::Json {
            let ended = Ended::of(end, progress.attempt, sentence, next_step);
            rotation::write_line(streams.out, &Event::End(ended))?;
        } else {
            let tone = if exit == Exit::Fine { Tone::Good } else { Tone::Bad };
            streams.line(&vec![(tone, sentence)], 0)?;
            if let Some(step) = next_step {
                streams.line(&vec![(Tone::Dim, format!("  try: {step}"))], 2)?;
            }
        }
        streams.out.flush()?;
        Ok(exit)
    }

    fn still_going(&self, told: Option<&Progress>, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let sentence = format!("Still going: {}", self.where_it_is(told));
        self.left("still-going", sentence, told, streams)?;
        Ok(Exit::NotKnown)
    }

    fn interrupted(&self, told: Option<&Progress>, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let sentence = format!("Stopped watching, not the rotation: {}", self.where_it_is(told));
        self.left("left", sentence, told, streams)?;
        Ok(Exit::Interrupted)
    }

    /// Says how to come back to a rotation that goes on.
    fn left(
        &self,
        outcome: &str,
        sentence: String,
        told: Option<&Progress>,
        streams: &mut Streams<'_>,
    ) -> Result<(), Failure> {
        let next_step = format!("`secdash follow {}`", safe(&self.name));
        if self.output == Output::Json {
            let step = told.and_then(|told| told.next()).map(|step| step.step.word());
            let attempt = told.map(|told| told.attempt);
            let ended = Ended { outcome, step, attempt, sentence, next_step: Some(next_step) };
            rotation::write_line(streams.out, &Event::End(ended))?;
        } else {
            streams.line(&vec![(Tone::Warn, sentence)], 0)?;
            streams.line(&vec![(Tone::Dim, format!("  try: {next_step}"))], 2)?;
        }
        streams.out.flush()?;
        Ok(())
    }

    /// How far it was when nobody looked any more.
    fn where_it_is(&self, told: Option<&Progress>) -> String {
        let goes_on = "It has not been seen to end.";
        match told.map(|told| (told, told.next())) {
            None => format!("nothing is known of its steps yet. {goes_on}"),
            Some((_, Some(step))) => match step.state {
                StepState::Waiting => format!("{} comes next. {goes_on}", step.step.word()),
                StepState::Running => format!("{} is running. {goes_on}", step.step.word()),
                StepState::Done => format!("{} is done. {goes_on}", step.step.word()),
                StepState::Failed => format!("{} failed, and AWS may try again.", step.step.word()),
                StepState::TimedOut => format!("{} timed out, and AWS may try again.", step.step.word()),
            },
            Some((_, None)) if self.followed.is_trial => {
                "testSecret is done, and AWSPENDING has not been seen to go yet.".to_owned()
            }
            Some((_, None)) => "every step is done, and AWSCURRENT has not been seen to move yet.".to_owned(),
        }
    }
}
