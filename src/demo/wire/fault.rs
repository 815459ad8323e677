//! Faults a scenario asks for: which request one strikes, how often, and what it does.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;

use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::{Call, Twist};
use crate::demo::wire::policy::Denial;
use crate::demo::world::Inner;

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
    /// Matching requests so far.
    pub(in crate::demo) seen: u32,
}

#[derive(Debug)]
pub(in crate::demo) struct Strike {
    pub(in crate::demo) kind: Kind,
    message: Option<String>,
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
                let (kind, message) = (rule.kind, rule.message.clone());
                verdict.strike = Some(Strike { kind, message });
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
    }

    /// Counts a matching request and says whether it is struck.
    fn count(&mut self) -> bool {
        let nth = self.seen;
        self.seen = self.seen.saturating_add(1);
        nth >= self.after && self.times.is_none_or(|times| nth - self.after < times)
    }
}

impl Strike {
    /// The error that takes the place of an answer, for the kinds that are one.
    pub(in crate::demo) fn refusal(self, world: &Inner, call: &Call) -> Option<Refusal> {
        let mut refusal = match self.kind {
            Kind::Throttle => Refusal::throttled(call),
            Kind::Deny => Refusal::denied(world, call, Denial::Implicit),
            Kind::Error => Refusal::internal(call),
            Kind::Unavailable => Refusal::unavailable(),
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
            Kind::NotFound => Refusal::no_such_secret(),
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
