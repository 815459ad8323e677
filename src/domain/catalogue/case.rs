//! An invocation that went wrong, as signatures look at it: the function's own lines, its step, its duration.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::invocation::{Entry, Failure, Invocation, Outcome};
use crate::domain::log::{Kind, Line, Platform};
use crate::domain::progress::is_time_out;
use crate::domain::rotation::Step;
use crate::domain::template::{What, after_step};
use crate::text::AwsText;

/// An invocation that failed or timed out.
pub(super) struct Case<'a> {
    /// The ARN of the secret that rotates, where it is known.
    pub(super) secret: Option<&'a AwsText>,
    /// The step, where it is known.
    pub(super) step: Option<Step>,
    /// How long it took, where lines tell.
    pub(super) duration: Option<Duration>,
    /// Whether Lambda ended it for its time.
    pub(super) timed_out: bool,
    /// The lines by which it failed, the most telling first; then the function's other lines, the latest first. Of a
    /// time-out only the last that the function wrote.
    pub(super) lines: Vec<Spoken<'a>>,
    /// Every line of the function.
    own: Vec<Spoken<'a>>,
}

/// What the function said in a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spoken<'a> {
    pub(super) entry: &'a Arc<Entry>,
    /// The text, without what Python puts around it.
    pub(super) whole: &'a str,
    /// The same without the name of a step in front.
    pub(super) rest: &'a str,
    /// The step that the line names in front.
    pub(super) step: Option<Step>,
    /// The type of the exception that nobody caught.
    pub(super) error: Option<&'a str>,
    /// Whether the invocation failed by it.
    pub(super) is_failing: bool,
}

impl<'a> Case<'a> {
    /// `None` if it neither failed nor timed out, or if it is known to be of another secret.
    pub(super) fn of(invocation: &'a Invocation, secret: Option<&'a AwsText>, step: Option<Step>) -> Option<Self> {
        let named = invocation.secret.as_ref();
        if secret.zip(named).is_some_and(|(secret, named)| secret != named) {
            return None;
        }
        let own: Vec<_> = invocation.entries.iter().filter_map(Spoken::of).collect();
        let (timed_out, lines) = match &invocation.outcome {
            Outcome::Failed(failure) => (false, ranked(&own, |line| is_by(line, failure))),
            Outcome::TimedOut => (true, vec![last(&own, invocation)?]),
            Outcome::Running | Outcome::Finished => return None,
        };
        let (secret, step) = (secret.or(named), invocation.step.or(step));
        Some(Self { secret, step, duration: duration(invocation), timed_out, lines, own })
    }

    /// Whether some line of the function, with or without the name of a step in front, is like that.
    pub(super) fn has(&self, is: impl Fn(&str) -> bool) -> bool {
        self.own.iter().any(|line| is(line.whole) || is(line.rest))
    }
}

impl<'a> Spoken<'a> {
    /// `None` for lines of Lambda.
    fn of(entry: &'a Arc<Entry>) -> Option<Self> {
        if matches!(entry.line.kind, Kind::Platform(_)) {
            return None;
        }
        let whole = unquoted(&entry.line);
        let (step, rest) = after_step(whole);
        let raised = entry.line.error.as_ref().filter(|_| entry.line.kind == Kind::Uncaught);
        Some(Self { entry, whole, rest, step, error: raised.map(AwsText::raw), is_failing: false })
    }

    fn failing(self) -> Self {
        Self { is_failing: true, ..self }
    }
}

/// The message; Python puts that of a KeyError into quotes.
fn unquoted(line: &Line) -> &str {
    let text = line.message.raw().trim();
    let is_key = line.kind == Kind::Uncaught && line.error.as_ref().is_some_and(|error| error.raw() == "KeyError");
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    is_key.then(|| inner('\'').or_else(|| inner('"'))).flatten().unwrap_or(text)
}

/// Whether the outcome of the invocation was told by this line.
fn is_by(line: &Spoken<'_>, failure: &Failure) -> bool {
    let raised = line.error == failure.error.as_ref().map(AwsText::raw);
    raised && line.entry.line.message == failure.message
}

/// The line that told the outcome; then lines after which templates raise; then the others. Of each the latest first.
fn ranked<'a>(own: &[Spoken<'a>], is_by: impl Fn(&Spoken<'a>) -> bool) -> Vec<Spoken<'a>> {
    let is_said = |line: &Spoken<'a>| {
        let said = line.entry.said.as_ref().filter(|said| said.is_template);
        said.is_some_and(|said| matches!(said.what, What::Failed | What::Refused))
    };
    let rank = |line: &Spoken<'a>| if is_by(line) { 0 } else { 1 + usize::from(!is_said(line)) };
    let latest = |wanted: usize| own.iter().rev().filter(move |line| rank(line) == wanted).copied();
    latest(0).chain(latest(1)).map(Spoken::failing).chain(latest(2)).collect()
}

/// What the function wrote last; nothing at the mark of the time-out where it wrote nothing.
fn last<'a>(own: &[Spoken<'a>], invocation: &'a Invocation) -> Option<Spoken<'a>> {
    if let Some(line) = own.last() {
        return Some(line.failing());
    }
    let mark = invocation.entries.iter().rev().find(|entry| is_time_out(entry));
    let entry = mark.or(invocation.entries.back())?;
    Some(Spoken { entry, whole: "", rest: "", step: None, error: None, is_failing: true })
}

/// What Lambda reported; before that, from START to the last line.
fn duration(invocation: &Invocation) -> Option<Duration> {
    let reported = invocation.report.as_ref().and_then(|report| report.duration);
    let is_start = |entry: &&Arc<Entry>| matches!(entry.line.kind, Kind::Platform(Platform::Start));
    let start = || invocation.entries.iter().find(is_start).map(|entry| entry.event.at);
    reported.or_else(|| (invocation.last() - start()?).to_std().ok())
}
