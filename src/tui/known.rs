//! What is known of AWS so far. Facts live here once, by [`SecretId`]; screens hold cursors only.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::calls::Calls;
use crate::domain::context::{Context, Identity};
use crate::domain::fault::Fault;
use crate::domain::inspection::Inspection;
use crate::domain::rotation::{RotationState, trouble};
use crate::domain::secret::{Secret, SecretId};

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
    /// How often AWS was asked.
    pub calls: Calls,
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

/// A secret in the list, with what the order needs of it.
#[derive(Debug)]
struct Row {
    secret: Secret,
    state: RotationState,
    trouble: (usize, i64),
    listing: u64,
}

impl Row {
    fn new(secret: Secret, listing: u64, now: DateTime<Utc>) -> Self {
        Self { state: RotationState::of(&secret, now), trouble: trouble(&secret, now), secret, listing }
    }
}

/// The secrets of the list, and their order of trouble.
#[derive(Debug, Default)]
pub struct Secrets {
    rows: Vec<Row>,
    index: HashMap<SecretId, u32>,
    order: Vec<u32>,
    numbers: HashMap<RotationState, usize>,
    listing: u64,
    /// Pages of the listing that runs or ran last.
    pub pages: usize,
    /// When the last page came (UTC).
    pub as_of: Option<DateTime<Utc>>,
    /// Whether the last listing that ended came to its end.
    pub complete: bool,
    /// Where the listing stands.
    pub state: Fetch,
}

impl Secrets {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// How many are in a state, as of when the order was last put right.
    pub fn number(&self, state: RotationState) -> usize {
        self.numbers.get(&state).copied().unwrap_or(0)
    }

    /// The secret at a place in the order.
    pub fn at(&self, place: usize) -> Option<&Secret> {
        self.order.get(place).map(|row| &self.rows[*row as usize].secret)
    }

    /// The place of a secret in the order.
    pub fn place(&self, id: &SecretId) -> Option<usize> {
        let row = self.index.get(id)?;
        self.order.iter().position(|other| other == row)
    }

    /// The secrets in order, from a place on.
    pub fn from(&self, place: usize) -> impl Iterator<Item = &Secret> {
        self.order.iter().skip(place).map(|row| &self.rows[*row as usize].secret)
    }

    /// A new listing begins; what is known stays until it has ended.
    pub fn begin(&mut self) {
        self.listing += 1;
        self.pages = 0;
        self.state = Fetch::Loading;
    }

    /// Takes a page in: known secrets are renewed in place, new ones merged into the order.
    pub fn page(&mut self, secrets: Vec<Secret>, now: DateTime<Utc>) {
        self.pages += 1;
        self.as_of = Some(now);
        let mut new = Vec::new();
        for secret in secrets {
            let row = Row::new(secret, self.listing, now);
            if let Some(known) = self.index.get(&row.secret.id) {
                self.rows[*known as usize] = row;
            } else if let Ok(number) = u32::try_from(self.rows.len()) {
                self.index.insert(row.secret.id.clone(), number);
                new.push(number);
                self.rows.push(row);
            }
        }
        self.merge(new);
        self.count();
    }

    /// The listing has ended. Only a complete one tells that a secret is gone.
    pub fn end(&mut self, answer: Result<(), Fault>, now: DateTime<Utc>) {
        self.complete = answer.is_ok();
        match answer {
            Ok(()) => {
                self.state = Fetch::Idle;
                self.as_of = Some(now);
                self.drop_gone();
            }
            Err(fault) => self.state = Fetch::Failed(fault),
        }
        self.sort(now);
    }

    /// Renews one secret that was described since.
    pub fn renew(&mut self, secret: &Secret, now: DateTime<Utc>) {
        let Some(number) = self.index.get(&secret.id) else { return };
        let row = &mut self.rows[*number as usize];
        *row = Row::new(secret.clone(), row.listing, now);
        self.arrange();
    }

    /// Puts all in order again, since time makes trouble of its own.
    pub fn sort(&mut self, now: DateTime<Utc>) {
        for row in &mut self.rows {
            (row.state, row.trouble) = (RotationState::of(&row.secret, now), trouble(&row.secret, now));
        }
        self.arrange();
    }

    fn arrange(&mut self) {
        self.order.sort_by(|a, b| compare(&self.rows, *a, *b));
        self.count();
    }

    fn count(&mut self) {
        self.numbers.clear();
        for row in &self.rows {
            *self.numbers.entry(row.state).or_default() += 1;
        }
    }

    /// Forgets everything: another account answers from here on.
    pub fn clear(&mut self) {
        *self = Self { listing: self.listing, ..Self::default() };
    }

    fn drop_gone(&mut self) {
        let listing = self.listing;
        self.rows.retain(|row| row.listing == listing);
        let numbered = || (0_u32..).zip(&self.rows);
        self.index = numbered().map(|(number, row)| (row.secret.id.clone(), number)).collect();
        self.order = numbered().map(|(number, _)| number).collect();
    }

    fn merge(&mut self, mut new: Vec<u32>) {
        new.sort_by(|a, b| compare(&self.rows, *a, *b));
        let old = std::mem::take(&mut self.order);
        let mut merged = Vec::with_capacity(old.len() + new.len());
        let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
        while let (Some(a), Some(b)) = (old.peek(), new.peek()) {
            let next = if compare(&self.rows, *a, *b).is_le() { old.next() } else { new.next() };
            merged.extend(next);
        }
        merged.extend(old);
        merged.extend(new);
        self.order = merged;
    }
}

fn compare(rows: &[Row], a: u32, b: u32) -> std::cmp::Ordering {
    let (a, b) = (&rows[a as usize], &rows[b as usize]);
    a.trouble.cmp(&b.trouble).then_with(|| a.secret.name.cmp(&b.secret.name))
}
