//! What is known of AWS so far. Facts live here once, by [`SecretId`]; screens hold cursors only.

mod names;
mod secrets;
mod trail;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::calls::Call;
use crate::domain::context::{Context, Identity};
use crate::domain::fault::Fault;
use crate::domain::inspection::Inspection;
use crate::domain::secret::SecretId;

pub use self::secrets::{Row, Secrets, merge};
pub use self::trail::Trail;

/// A fact that lives in AWS, as far as we know it. Old knowledge stays while new is fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct Remote<T> {
    /// The last answer, and when it came (UTC).
    pub value: Option<(T, DateTime<Utc>)>,
    /// Where the next one stands.
    pub state: Fetch,
}

impl<T> Default for Remote<T> {
    fn default() -> Self {
        Self { value: None, state: Fetch::Idle }
    }
}

impl<T> Remote<T> {
    /// Takes an answer in. A fault leaves the last value standing.
    pub fn settle(&mut self, answer: Result<T, Fault>, now: DateTime<Utc>) {
        match answer {
            Ok(value) => *self = Self { value: Some((value, now)), state: Fetch::Idle },
            Err(fault) => self.state = Fetch::Failed(fault),
        }
    }

    /// The last answer.
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref().map(|(value, _)| value)
    }
}

/// Where a question to AWS stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Fetch {
    /// Nothing is being asked.
    #[default]
    Idle,
    /// The answer is awaited.
    Loading,
    /// There is none.
    Failed(Fault),
}

impl Fetch {
    /// The fault, if that is how it ended.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Failed(fault) => Some(fault),
            _ => None,
        }
    }
}

/// Everything known.
#[derive(Debug, Default)]
pub struct Known {
    /// The open door.
    pub context: Remote<Arc<Context>>,
    /// Who we are to AWS.
    pub identity: Remote<Identity>,
    /// The list.
    pub secrets: Secrets,
    /// What was learned by asking for a secret alone.
    pub inspected: Inspected,
    /// What the event history tells.
    pub trail: Trail,
    /// The calls of AWS, the latest first.
    pub calls: VecDeque<Call>,
    /// How many attempts AWS throttled since the start.
    pub throttles: u64,
}

/// How many calls are kept.
const CALLS: usize = 500;

impl Known {
    /// Takes note of a call; the oldest make room.
    pub fn called(&mut self, call: Call) {
        self.throttles += u64::from(call.throttles);
        self.calls.push_front(call);
        self.calls.truncate(CALLS);
    }
}

/// How many inspections are kept. One is a few kilobytes; nobody goes back further by hand.
const INSPECTIONS: usize = 256;

/// Inspections by secret; the oldest make room.
#[derive(Debug, Default)]
pub struct Inspected {
    known: HashMap<SecretId, Remote<Inspection>>,
    oldest: VecDeque<SecretId>,
}

impl Inspected {
    /// What is known about a secret.
    pub fn get(&self, id: &SecretId) -> Option<&Remote<Inspection>> {
        self.known.get(id)
    }

    /// The place for what will be known about a secret.
    pub fn entry(&mut self, id: &SecretId) -> &mut Remote<Inspection> {
        if !self.known.contains_key(id) {
            self.oldest.push_back(id.clone());
            if self.oldest.len() > INSPECTIONS
                && let Some(oldest) = self.oldest.pop_front()
            {
                self.known.remove(&oldest);
            }
        }
        self.known.entry(id.clone()).or_default()
    }
}
