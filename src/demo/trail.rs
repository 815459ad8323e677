//! What CloudTrail has recorded in a world: its events, how late they show, and how often they may be looked up.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::demo::secret::Text;

/// How long an event stays in the event history (API_LookupEvents.html: "within the last 90 days").
const KEPT: TimeDelta = TimeDelta::days(90);

/// Look-ups that may come at once, and the time that brings back one of them: two a second per account and Region
/// (API_LookupEvents.html).
const BURST: u32 = 2;
const EACH: Duration = Duration::from_millis(500);

/// An event of Secrets Manager, about one secret of the world.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Event {
    /// A UUID.
    pub(in crate::demo) id: String,
    /// To the second, as `eventTime` has it.
    pub(in crate::demo) at: DateTime<Utc>,
    /// The secret's name.
    pub(in crate::demo) secret: String,
    pub(in crate::demo) act: Act,
    /// The whole CloudTrailEvent, where a scenario writes it by hand.
    pub(in crate::demo) record: Option<String>,
}

/// What happened.
#[derive(Debug, Clone)]
pub(in crate::demo) enum Act {
    /// What the service did by itself.
    Service {
        name: Service,
        /// The version that is being rotated in.
        version: String,
        /// Of a failure.
        why: Option<Why>,
    },
    /// A request that arrived in this world.
    Call(Request),
    /// A scenario tells it.
    CancelRotateSecret {
        /// Session name of a person who signed in through IAM Identity Center.
        by: Text,
        called: Called,
        /// The version of the rotation that was going on.
        version: Option<String>,
    },
}

/// The service events of rotations (cloudtrail_log_entries.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Service {
    Started,
    Succeeded,
    Failed,
    Abandoned,
    TestStarted,
    TestSucceeded,
    TestFailed,
}

/// A call as CloudTrail keeps it.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Request {
    pub(in crate::demo) name: &'static str,
    pub(in crate::demo) by: By,
    /// `requestParameters`; null where IAM refused the call.
    pub(in crate::demo) input: Value,
    /// `responseElements`.
    pub(in crate::demo) answer: Value,
    /// Code and message, where the call was refused.
    pub(in crate::demo) error: Option<(String, String)>,
}

/// Who called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::demo) enum By {
    /// Whoever calls in this world.
    Caller,
    /// A rotation function, by its name.
    Function(String),
}

/// The words of a failure.
#[derive(Debug, Clone)]
pub(in crate::demo) enum Why {
    /// The step in which the function failed, as AWS spells it.
    Step(&'static str),
    /// The whole message.
    Message(String),
}

/// How the caller spelled the secret's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Called {
    Name,
    Arn,
    /// The ARN without its six random characters.
    PartialArn,
}

#[derive(Debug)]
pub(in crate::demo) struct Trail {
    /// Newest first; at the same second by id.
    events: RwLock<Vec<Event>>,
    /// So long after it happened an event shows.
    delay: TimeDelta,
    /// For each Region, the world time at which all of its look-ups are there again.
    spent: Mutex<HashMap<String, Duration>>,
}

impl Event {
    /// What events are sorted by: the newest first, those of one second by id.
    pub(in crate::demo) fn place(&self) -> (i64, &str) {
        (-self.at.timestamp_millis(), &self.id)
    }

    pub(in crate::demo) fn name(&self) -> &'static str {
        match &self.act {
            Act::Service { name, .. } => name.word(),
            Act::Call(request) => request.name,
            Act::CancelRotateSecret { .. } => "CancelRotateSecret",
        }
    }
}

impl Service {
    fn word(self) -> &'static str {
        match self {
            Self::Started => "RotationStarted",
            Self::Succeeded => "RotationSucceeded",
            Self::Failed => "RotationFailed",
            Self::Abandoned => "RotationAbandoned",
            Self::TestStarted => "TestRotationStarted",
            Self::TestSucceeded => "TestRotationSucceeded",
            Self::TestFailed => "TestRotationFailed",
        }
    }

    /// The same of a rotation with RotateImmediately=false.
    pub(in crate::demo) fn of_trial(self) -> Self {
        match self {
            Self::Started => Self::TestStarted,
            Self::Succeeded => Self::TestSucceeded,
            Self::Failed => Self::TestFailed,
            other => other,
        }
    }
}

impl Trail {
    /// How late an event shows where a world doesn't say so
    /// (how-cloudtrail-works.html: "typically within an average of about 5 minutes").
    pub(in crate::demo) const DELAY: TimeDelta = TimeDelta::minutes(5);

    pub(in crate::demo) fn new(mut events: Vec<Event>, delay: TimeDelta) -> Self {
        events.sort_by(|a, b| a.place().cmp(&b.place()));
        Self { events: RwLock::new(events), delay, spent: Mutex::default() }
    }

    /// All events, newest first, whether they show yet or not.
    pub(in crate::demo) fn events(&self) -> RwLockReadGuard<'_, Vec<Event>> {
        self.events.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a look-up at `now` finds the event.
    pub(in crate::demo) fn shows(&self, event: &Event, now: DateTime<Utc>) -> bool {
        event.at <= now - self.delay && event.at >= now - KEPT
    }

    /// One more event, at its place in the order.
    pub(in crate::demo) fn record(&self, event: Event) {
        let mut events = self.events.write().unwrap_or_else(PoisonError::into_inner);
        let at = events.partition_point(|before| before.place() < event.place());
        events.insert(at, event);
    }

    /// Takes one look-up from the Region's ration; false if there is none left at this world time.
    pub(in crate::demo) fn admits(&self, region: &str, elapsed: Duration) -> bool {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let full = spent.entry(region.to_owned()).or_default();
        if full.saturating_sub(elapsed) > EACH * (BURST - 1) {
            return false;
        }
        *full = (*full).max(elapsed) + EACH;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lookups_a_second_pass_in_each_region() {
        let trail = Trail::new(Vec::new(), Trail::DELAY);
        let at = |millis| trail.admits("eu-west-1", Duration::from_millis(millis));
        let passed: Vec<_> = [0, 0, 0, 499, 500, 999, 1_000, 9_000, 9_000, 9_000].map(at).into();
        assert_eq!(passed, [true, true, false, false, true, false, true, true, true, false]);
        assert!(trail.admits("us-east-1", Duration::from_secs(9)));
    }
}
