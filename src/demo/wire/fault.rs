//! Faults a scenario asks for: which request one strikes, how often, and what it does.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;

use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::{Call, End, Ending, Service, Twist};
use crate::demo::wire::policy::Denial;
use crate::demo::world::Inner;
use crate::demo::{cloudwatchlogs, lambda};

/// What a fault does to a request it strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::demo) enum Kind {
    /// ThrottlingException.
    Throttle,
    /// AccessDeniedException for the caller and the action.
    Deny,
    /// 500, InternalServiceError.
    Error,
    /// 503, ServiceUnavailable.
    Unavailable,
    /// The connection breaks in the middle of the answer.
    Reset,
    /// 200 with half of the body.
    Malformed,
    /// The answer comes late.
    Latency,
    /// The answer never comes.
    Hang,
    /// There is no connection: no route, no such name.
    Unreachable,
    /// Pages without entries for ever, each with a new token.
    EndlessToken,
    /// The same token for ever.
    RepeatToken,
    /// A page without entries; its token goes on where the page would have begun.
    EmptyPage,
    /// The last page has a token, and it is "".
    EmptyToken,
    /// The session's token has expired.
    Expired,
    /// The access key is unknown.
    BadCredentials,
    /// The client's clock is behind: the signature is too old.
    ClockSkew,
    /// 400, InvalidParameterException: declared, but brought about by no request here.
    InvalidParameter,
    /// 400, InvalidRequestException: the same.
    InvalidRequest,
    /// 400, ResourceNotFoundException: the secret is gone since it was listed.
    NotFound,
    /// 400, OperationNotPermittedException of CloudTrail: declared, but brought about by no request here.
    NotPermitted,
    /// 400, UnsupportedOperationException of CloudTrail: the same.
    Unsupported,
    /// 400, LimitExceededException: too many of what is asked for are there already.
    LimitExceeded,
    /// A Live Tail session ends early, and without a word.
    StreamEnd,
    /// The connection of a Live Tail session breaks.
    StreamReset,
    /// The connection of a Live Tail session stays, and nothing comes any more.
    StreamSilent,
    /// A Live Tail session ends with SessionTimeoutException, as it does after three hours.
    SessionTimeout,
    /// A Live Tail session ends with SessionStreamingException.
    SessionStreaming,
}

impl Kind {
    /// An endless listing is an empty page each time: its token holds the place it began with and
    /// a number of its own.
    pub(in crate::demo) fn twist(self) -> Option<Twist> {
        match self {
            Self::EndlessToken | Self::EmptyPage => Some(Twist::EmptyPage),
            Self::RepeatToken => Some(Twist::RepeatToken),
            Self::EmptyToken => Some(Twist::EmptyToken),
            _ => None,
        }
    }

    /// How it ends a Live Tail session, for the kinds that do.
    pub(in crate::demo) fn end(self) -> Option<End> {
        match self {
            Self::StreamEnd => Some(End::Clean),
            Self::StreamReset => Some(End::Reset),
            Self::StreamSilent => Some(End::Silent),
            Self::SessionTimeout => Some(End::Timeout),
            Self::SessionStreaming => Some(End::Streaming),
            _ => None,
        }
    }
}

/// When a Live Tail session ends, in world time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum When {
    /// So long after it was opened.
    After(Duration),
    /// So long after the start of the world; sessions that are opened later do not end so.
    At(Duration),
}

#[derive(Debug)]
pub(in crate::demo) struct Rule {
    /// `None`: every operation.
    pub(in crate::demo) operation: Option<String>,
    /// Only requests about the secret of this name.
    pub(in crate::demo) secret: Option<String>,
    pub(in crate::demo) kind: Kind,
    /// So many matching requests pass first.
    pub(in crate::demo) after: u32,
    /// So many are struck then; `None`: all.
    pub(in crate::demo) times: Option<u32>,
    /// World time since the start of the world.
    pub(in crate::demo) from: Duration,
    pub(in crate::demo) until: Option<Duration>,
    /// World time.
    pub(in crate::demo) delay: Duration,
    pub(in crate::demo) message: Option<String>,
    /// When a session ends, for the kinds that end one.
    pub(in crate::demo) when: Option<When>,
    /// Matching requests so far.
    pub(in crate::demo) seen: u32,
}

#[derive(Debug)]
pub(in crate::demo) struct Strike {
    pub(in crate::demo) kind: Kind,
    message: Option<String>,
    /// World time since the start of the world.
    ends: Option<Duration>,
}

#[derive(Debug, Default)]
pub(in crate::demo) struct Verdict {
    pub(in crate::demo) delay: Duration,
    pub(in crate::demo) strike: Option<Strike>,
}

/// The rules of a world with their counts.
#[derive(Debug, Default)]
pub(in crate::demo) struct Faults(Mutex<Vec<Rule>>);

impl Faults {
    pub(in crate::demo) fn new(rules: Vec<Rule>) -> Self {
        Self(Mutex::new(rules))
    }

    /// The first rule that strikes decides; delays of latency rules before it add up. Rules behind
    /// it do not see the request.
    pub(in crate::demo) fn judge(&self, elapsed: Duration, call: &Call) -> Verdict {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut verdict = Verdict::default();
        for rule in rules.iter_mut().filter(|rule| rule.matches(elapsed, call)) {
            if !rule.count() {
                continue;
            }
            verdict.delay += rule.delay;
            if rule.kind != Kind::Latency {
                let (kind, message, ends) = (rule.kind, rule.message.clone(), rule.ends(elapsed));
                verdict.strike = Some(Strike { kind, message, ends });
                break;
            }
        }
        verdict
    }
}

impl Rule {
    fn matches(&self, elapsed: Duration, call: &Call) -> bool {
        let operation = self.operation.as_ref();
        let about = |name: &String| call.secret.as_ref().is_some_and(|s| s.name == *name);
        operation.is_none_or(|operation| *operation == call.operation)
            && self.secret.as_ref().is_none_or(about)
            && elapsed >= self.from
            && self.until.is_none_or(|until| elapsed < until)
            && !matches!(self.when, Some(When::At(at)) if at <= elapsed)
    }

    /// When a session that is opened now ends.
    fn ends(&self, elapsed: Duration) -> Option<Duration> {
        self.when.map(|when| match when {
            When::After(span) => elapsed.saturating_add(span),
            When::At(at) => at,
        })
    }

    /// Counts a matching request and says whether it is struck.
    fn count(&mut self) -> bool {
        let nth = self.seen;
        self.seen = self.seen.saturating_add(1);
        nth >= self.after && self.times.is_none_or(|times| nth - self.after < times)
    }
}

impl Strike {
    /// How and when it ends a Live Tail session, for the kinds that do.
    pub(in crate::demo) fn ending(&self) -> Option<Ending> {
        self.kind.end().zip(self.ends).map(|(end, at)| Ending { end, at })
    }

    /// The error that takes the place of an answer, for the kinds that are one.
    pub(in crate::demo) fn refusal(self, world: &Inner, call: &Call) -> Option<Refusal> {
        let mut refusal = match self.kind {
            Kind::Throttle => Refusal::throttled(call),
            Kind::Deny => Refusal::denied(world, call, Denial::Implicit),
            Kind::Error => Refusal::internal(call),
            Kind::Unavailable => Refusal::unavailable(call),
            Kind::Expired => Refusal::expired(call),
            Kind::BadCredentials => Refusal::bad_credentials(call),
            Kind::ClockSkew => Refusal::clock_skew(world, call),
            Kind::InvalidParameter => {
                Refusal::of_model("InvalidParameterException", "The parameter name or value is invalid.")
            }
            Kind::InvalidRequest => Refusal::of_model(
                "InvalidRequestException",
                "A parameter value is not valid for the current state of the resource.",
            ),
            Kind::NotFound if call.service == Some(Service::Logs) => cloudwatchlogs::no_such_group(),
            Kind::NotFound if call.service == Some(Service::Lambda) => lambda::no_such_function(call),
            Kind::NotFound => Refusal::no_such_secret(),
            // The words of the model of CloudWatch Logs, for all.
            Kind::LimitExceeded => Refusal::common(
                "LimitExceededException",
                "You have reached the maximum number of resources that can be created.",
            ),
            Kind::NotPermitted => Refusal::of_model(
                "OperationNotPermittedException",
                "This exception is thrown when the requested operation is not permitted.",
            ),
            Kind::Unsupported => Refusal::of_model(
                "UnsupportedOperationException",
                "This exception is thrown when the requested operation is not supported.",
            ),
            _ => return None,
        };
        if self.message.is_some() {
            refusal.message = self.message;
        }
        Some(refusal)
    }
}
