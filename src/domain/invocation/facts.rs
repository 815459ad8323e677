//! What the lines of one invocation tell, put together in any order.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::{Entry, Failure, Invocation, Outcome, Place};
use crate::domain::log::{Kind, Line, Platform, Report, Status};
use crate::domain::rotation::Step;
use crate::domain::template::{Said, What};
use crate::domain::version::VersionId;
use crate::text::AwsText;

/// The earliest that tells a thing; of one millisecond the smallest, so that no order of arrival matters.
type Earliest<T> = Option<(DateTime<Utc>, T)>;

/// What the lines that were added tell.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    step: Earliest<Step>,
    secret: Earliest<AwsText>,
    version: Earliest<VersionId>,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    /// The first line with the request's id, and the first at all.
    own: Option<DateTime<Utc>>,
    first: Option<DateTime<Utc>>,
    report: Option<(Place, Box<Report>)>,
    ending: Ending,
}

/// What tells how it went.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether a line of a kind was there")]
struct Ending {
    is_timed_out: bool,
    is_success: bool,
    is_error: bool,
    /// The type of error that Lambda reported.
    error: Option<(Place, AwsText)>,
    /// The exception that nobody caught, and one from before the request.
    raised: Earliest<Failure>,
    raised_early: Earliest<Failure>,
    /// Whether the function was heard after the request began.
    was_heard: bool,
    /// The line of a template by which a step failed or was refused; the exception that follows it may be missing.
    said: Earliest<Failure>,
}

/// Puts a value in a slot, if it is less than what is there.
fn least<T: Ord>(slot: &mut Option<T>, value: Option<T>) {
    if let Some(value) = value
        && slot.as_ref().is_none_or(|there| value < *there)
    {
        *slot = Some(value);
    }
}

/// As [`least`], for what is compared by its place.
fn first<T>(slot: &mut Option<(Place, T)>, place: Place, value: Option<T>) {
    if let Some(value) = value
        && slot.as_ref().is_none_or(|(there, _)| place < *there)
    {
        *slot = Some((place, value));
    }
}

/// Whether the line says that its invocation is over.
fn is_end(kind: &Kind) -> bool {
    matches!(kind, Kind::Platform(Platform::Done(_) | Platform::Report(_) | Platform::TimedOut(_)))
}

impl Facts {
    /// Takes in what an entry tells, and whether it came before the request began.
    pub(super) fn add(&mut self, entry: &Entry, is_early: bool) {
        let at = entry.event.at;
        let kind = &entry.line.kind;
        if let Some(said) = &entry.said {
            least(&mut self.step, said.step.map(|step| (at, step)));
            least(&mut self.secret, said.secret.clone().map(|secret| (at, secret)));
            least(&mut self.version, said.version.clone().map(|version| (at, version)));
        }
        let begins = matches!(kind, Kind::Platform(Platform::Start));
        least(&mut self.start, begins.then_some(at));
        least(&mut self.end, is_end(kind).then_some(at));
        least(&mut self.own, entry.line.request_id.is_some().then_some(at));
        least(&mut self.first, Some(at));
        if let Kind::Platform(Platform::Report(report)) = kind {
            first(&mut self.report, entry.place(), Some(Box::new(report.clone())));
        }
        self.ending.add(entry, is_early);
    }

    /// Whether a line says that the invocation is over.
    pub(super) fn is_closed(&self) -> bool {
        self.end.is_some()
    }

    /// An invocation that has no entries yet.
    pub(super) fn invocation(&self, request_id: AwsText, stream: AwsText) -> Invocation {
        let mut invocation = Invocation {
            request_id,
            stream,
            step: None,
            secret: None,
            version: None,
            started: DateTime::default(),
            ended: None,
            outcome: Outcome::Running,
            report: None,
            entries: VecDeque::new(),
        };
        self.tell(&mut invocation);
        invocation
    }

    /// Has an invocation tell what is known.
    pub(super) fn tell(&self, invocation: &mut Invocation) {
        invocation.step = self.step.map(|(_, step)| step);
        invocation.secret = self.secret.as_ref().map(|(_, secret)| secret.clone());
        invocation.version = self.version.as_ref().map(|(_, version)| version.clone());
        invocation.started = self.start.or(self.own).or(self.first).unwrap_or_default();
        invocation.ended = self.end;
        invocation.outcome = self.ending.outcome(self.is_closed());
        invocation.report = self.report.as_ref().map(|(_, report)| (**report).clone());
    }
}

impl Ending {
    fn add(&mut self, entry: &Entry, is_early: bool) {
        let (at, line) = (entry.event.at, &entry.line);
        if let Kind::Platform(Platform::Done(report) | Platform::Report(report)) = &line.kind {
            self.is_timed_out |= report.status == Some(Status::Timeout);
            self.is_success |= report.status == Some(Status::Success);
            self.is_error |= matches!(report.status, Some(Status::Error | Status::Failure));
            first(&mut self.error, entry.place(), report.error.clone());
        }
        self.is_timed_out |= matches!(line.kind, Kind::Platform(Platform::TimedOut(_)));
        self.was_heard |= line.kind == Kind::Logged && !is_early;
        if line.kind == Kind::Uncaught {
            let slot = if is_early { &mut self.raised_early } else { &mut self.raised };
            least(slot, Some((at, failure(line.error.clone(), line))));
        }
        let is_bad = |said: &Said| said.is_template && matches!(said.what, What::Failed | What::Refused);
        if entry.said.as_ref().is_some_and(is_bad) {
            least(&mut self.said, Some((at, failure(None, line))));
        }
    }

    fn outcome(&self, is_over: bool) -> Outcome {
        if self.is_timed_out {
            return Outcome::TimedOut;
        }
        // An exception from before the request counts only if the function was not heard after it: Lambda tries the
        // start once more within the request.
        let early = self.raised_early.as_ref().filter(|_| !self.was_heard);
        if let Some((_, failure)) = self.raised.iter().chain(early).min() {
            return Outcome::Failed(failure.clone());
        }
        if self.is_error {
            let error = self.error.as_ref().map(|(_, error)| error.clone());
            return Outcome::Failed(Failure { error, message: AwsText::default() });
        }
        match self.said.as_ref().filter(|_| !self.is_success) {
            Some((_, failure)) => Outcome::Failed(failure.clone()),
            None if is_over => Outcome::Finished,
            None => Outcome::Running,
        }
    }
}

fn failure(error: Option<AwsText>, line: &Line) -> Failure {
    Failure { error, message: line.message.clone() }
}
