//! What is known of AWS so far. Facts live here once, by [`SecretId`]; screens hold cursors only.

mod history;
mod log;
mod rotations;
mod secrets;
mod trail;
mod why;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::calls::Call;
use crate::domain::context::{Context, Identity};
use crate::domain::coverage::Coverage;
use crate::domain::fault::Fault;
use crate::domain::inspection::Inspection;
use crate::domain::plan::Half;
use crate::domain::secret::{Secret, SecretId};

pub use self::history::History;
pub use self::log::{Gap, Line, Log, News, Place};
pub use self::rotations::{Rotation, Rotations, Stage};
pub use self::secrets::{Row, Secrets, merge};
pub use self::trail::Trail;
pub use self::why::{FixRun, Why};

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
    /// The events that were looked up.
    pub history: History,
    /// Whether anything notices a deletion or a failed rotation.
    pub alerts: Remote<Coverage>,
    /// Rotations that were begun from here or are watched.
    pub rotations: Rotations,
    /// The log that is read by itself, and the secret whose function writes it.
    pub log: Option<(SecretId, Log)>,
    /// Why one secret's rotation isn't done.
    pub why: Option<Why>,
    /// Plans that somebody has left half done, in any account.
    pub left: Vec<Half>,
    /// The fix that is carried out from here, or was last.
    pub fix: Option<FixRun>,
    /// The calls of AWS, the latest first.
    pub calls: VecDeque<Call>,
    /// How many attempts AWS throttled since the start.
    pub throttles: u64,
}

/// How many calls are kept.
pub const CALLS: usize = 500;

impl Known {
    /// A secret as it is known: by its own description or by the list, whichever has it changed later.
    pub fn secret(&self, id: &SecretId) -> Option<&Secret> {
        let described = self.inspected.get(id).and_then(Remote::get).and_then(|one| one.secret.as_ref().ok());
        let listed = self.secrets.find(id).map(|number| &self.secrets.row(number).secret);
        listed.into_iter().chain(described).max_by_key(|secret| secret.last_changed)
    }

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
    /// The one that is looked at: it doesn't make room.
    pub kept: Option<SecretId>,
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
            let is_free = |other: &SecretId| Some(other) != self.kept.as_ref() && other != id;
            if self.oldest.len() > INSPECTIONS
                && let Some(at) = self.oldest.iter().position(is_free)
                && let Some(oldest) = self.oldest.remove(at)
            {
                self.known.remove(&oldest);
            }
        }
        self.known.entry(id.clone()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::context::Origin;

    #[test]
    fn old_inspections_make_room_but_never_the_one_that_is_looked_at() {
        let context = Context { origin: Origin::Demo, profile: None, region: "eu-west-1".into(), endpoint: None };
        let context = Arc::new(context);
        let id = |number: usize| SecretId { context: Arc::clone(&context), arn: number.to_string().into() };
        let mut inspected = Inspected { kept: Some(id(0)), ..Inspected::default() };
        for number in 0..INSPECTIONS + 10 {
            inspected.entry(&id(number));
        }
        assert_eq!(inspected.known.len(), INSPECTIONS);
        let known = |number| inspected.get(&id(number)).is_some();
        assert_eq!(
            [known(0), known(1), known(10), known(11), known(INSPECTIONS + 9)],
            [true, false, false, true, true]
        );
    }
}
