//! The secrets of the list: each once, by number and by id, with the state that its facts make.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use indexmap::IndexSet;

use super::Fetch;
use crate::domain::fault::Fault;
use crate::domain::filter::Names;
use crate::domain::pending::Signs;
use crate::domain::rotation::{RotationState, Trouble, changes_at};
use crate::domain::secret::{Secret, SecretId};
use crate::domain::version::Pending;

mod blocks;

use blocks::Blocks;

/// For how long the list isn't believed about a mark for deletion that is known better: ListSecrets may lack what changed
/// in the last five minutes.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html>
const LISTING_LAGS: TimeDelta = TimeDelta::minutes(6);

/// A secret, and what follows from its facts.
#[derive(Debug)]
pub struct Row {
    /// The secret as it was last listed or described.
    pub secret: Secret,
    /// Its state.
    pub state: RotationState,
    /// Its place in the order of trouble.
    pub trouble: Trouble,
    /// When its pending version was last looked at (UTC).
    pub looked: Option<DateTime<Utc>>,
    /// Until when its mark for deletion is known better than from the list (UTC).
    marked: Option<DateTime<Utc>>,
    signs: Option<Box<Signs>>,
    changes_at: Option<DateTime<Utc>>,
    listing: u64,
}

impl Row {
    fn new(secret: Secret, listing: u64, now: DateTime<Utc>) -> Self {
        let (state, trouble, changes_at) = judged(&secret, &Signs::UNKNOWN, now);
        Self { secret, state, trouble, looked: None, marked: None, signs: None, changes_at, listing }
    }

    /// What was found out about its pending version.
    pub fn signs(&self) -> &Signs {
        self.signs.as_deref().unwrap_or(&Signs::UNKNOWN)
    }

    /// Whether its AWSPENDING sits on another version than AWSCURRENT, so that looking further may tell more.
    pub fn is_pending(&self) -> bool {
        self.secret.deleted.is_none() && matches!(self.secret.labels.pending(), Pending::Other(_))
    }

    fn judge(&mut self, now: DateTime<Utc>) {
        (self.state, self.trouble, self.changes_at) = judged(&self.secret, self.signs(), now);
    }
}

/// A secret's state, its place in the order of trouble, and when time alone changes them (UTC).
fn judged(secret: &Secret, signs: &Signs, now: DateTime<Utc>) -> (RotationState, Trouble, Option<DateTime<Utc>>) {
    let state = RotationState::of(secret, signs, now);
    (state, Trouble::of(secret, state, now), changes_at(secret, signs, now))
}

/// The secrets of the list.
#[derive(Debug, Default)]
pub struct Secrets {
    rows: Blocks<Row>,
    names: Names,
    /// Every id at the place that is its row's number. Unlike a hash map it grows without reading all ids again.
    index: IndexSet<SecretId>,
    by_name: Vec<u32>,
    /// Those whose AWSPENDING sits on another version, by when they were last looked at.
    pending: BTreeSet<(Option<DateTime<Utc>>, u32)>,
    numbers: HashMap<RotationState, usize>,
    listing: u64,
    revision: u64,
    /// The earliest moment at which time alone changes a row (UTC); it may be too early, never too late.
    changes_at: Option<DateTime<Utc>>,
    /// When a secret outside of the screen was last looked at once more (UTC).
    pub looked_unseen: Option<DateTime<Utc>>,
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
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    /// How many are in a state.
    pub fn number(&self, state: RotationState) -> usize {
        self.numbers.get(&state).copied().unwrap_or(0)
    }

    /// A number that is another one whenever any row is new, different or gone.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// A row by its number; numbers hold until [`end`](Self::end) says otherwise.
    pub fn row(&self, number: u32) -> &Row {
        &self.rows[number]
    }

    /// All rows, by number.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

    /// The names of the rows' secrets, for the filter.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The number of a secret's row.
    pub fn find(&self, id: &SecretId) -> Option<u32> {
        self.index.get_index_of(id).and_then(|number| u32::try_from(number).ok())
    }

    /// The numbers of all rows, by name.
    pub fn by_name(&self) -> &[u32] {
        &self.by_name
    }

    /// How the names of two rows stand to each other, as AWS wrote them.
    pub fn compare_names(&self, a: u32, b: u32) -> Ordering {
        match (self.names.exact(a), self.names.exact(b)) {
            // They lie side by side; a row lies anywhere.
            (Some(a), Some(b)) => a.cmp(b),
            _ => self.row(a).secret.name.cmp(&self.row(b).secret.name),
        }
    }

    /// The rows whose AWSPENDING sits on another version than AWSCURRENT: those never looked at, then those whose last
    /// look is the longest ago.
    pub fn pending(&self) -> impl Iterator<Item = &Row> {
        self.pending.iter().map(|(_, number)| self.row(*number))
    }

    /// A new listing begins; what is known stays until it has ended.
    pub fn begin(&mut self) {
        self.listing += 1;
        self.pages = 0;
        self.state = Fetch::Loading;
    }

    /// Takes a page in: known secrets are renewed in place. The numbers of the rows that are new or different.
    pub fn page(&mut self, secrets: Vec<Secret>, now: DateTime<Utc>) -> Vec<u32> {
        self.pages += 1;
        if !self.complete {
            // What an earlier listing told in whole is as old as it was, until a new one has come to its end.
            self.as_of = Some(now);
        }
        let before = self.rows.len();
        let mut changed: Vec<u32> = Vec::with_capacity(secrets.len());
        for mut secret in secrets {
            if let Some(known) = self.find(&secret.id) {
                let row = self.row(known);
                if row.marked.is_some_and(|until| now < until) {
                    secret.deleted = row.secret.deleted;
                }
                changed.extend(self.renew(known, secret, self.listing, now));
            } else if let Ok(number) = u32::try_from(self.rows.len()) {
                self.index.insert(secret.id.clone());
                let row = Row::new(secret, self.listing, now);
                self.changes_at = earlier(self.changes_at, row.changes_at);
                *self.numbers.entry(row.state).or_default() += 1;
                if row.is_pending() {
                    self.pending.insert((row.looked, number));
                }
                self.revision += 1;
                self.names.push(row.secret.name.raw());
                self.rows.push(row);
                changed.push(number);
            }
        }
        // A server may put a secret into one page twice; in an order each number stands once.
        changed.sort_unstable();
        changed.dedup();
        let new = changed.iter().copied().filter(|number| *number as usize >= before).collect();
        let mut by_name = std::mem::take(&mut self.by_name);
        merge(&mut by_name, new, |a, b| self.compare_names(a, b));
        self.by_name = by_name;
        changed
    }

    /// The listing has ended. Only a complete one tells that a secret is gone: `true` if some are,
    /// and then every number is another one.
    pub fn end(&mut self, answer: Result<(), Fault>, now: DateTime<Utc>) -> bool {
        let was_complete = self.complete;
        self.complete = answer.is_ok() || was_complete;
        let Err(fault) = answer else {
            self.state = Fetch::Idle;
            self.as_of = Some(now);
            return self.drop_gone();
        };
        self.state = Fetch::Failed(fault);
        false
    }

    /// Takes in a secret that was described alone; the number of its row if that is different now.
    pub fn described(&mut self, secret: Secret, now: DateTime<Utc>) -> Option<u32> {
        let number = self.find(&secret.id)?;
        let listing = self.row(number).listing;
        self.renew(number, secret, listing, now)
    }

    /// Takes in whether a secret is marked for deletion, seen right after the call: for a while the list may not know it.
    pub fn marked(&mut self, id: &SecretId, deleted: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<u32> {
        let number = self.find(id)?;
        let row = &mut self.rows[number];
        row.marked = Some(now + LISTING_LAGS);
        let (secret, listing) = (Secret { deleted, ..row.secret.clone() }, row.listing);
        self.renew(number, secret, listing, now)
    }

    /// Takes in what was found out about a pending version; the number of the row if that is different now.
    pub fn sign(&mut self, id: &SecretId, signs: Signs, now: DateTime<Utc>) -> Option<u32> {
        let number = self.find(id)?;
        let row = &mut self.rows[number];
        if *row.signs() == signs {
            return None;
        }
        row.signs = (signs != Signs::UNKNOWN).then(|| Box::new(signs));
        self.judge(number, now);
        Some(number)
    }

    /// Takes note that a secret was looked at; nothing of it is different for that.
    pub fn looked(&mut self, id: &SecretId, now: DateTime<Utc>) -> Option<u32> {
        let number = self.find(id)?;
        let row = &mut self.rows[number];
        if self.pending.remove(&(row.looked, number)) {
            self.pending.insert((Some(now), number));
        }
        row.looked = Some(now);
        None
    }

    /// Judges again what time alone changes. The numbers of the rows that are in another state now.
    pub fn tick(&mut self, now: DateTime<Utc>) -> Vec<u32> {
        if self.changes_at.is_none_or(|at| at > now) {
            return Vec::new();
        }
        let due = (0_u32..).zip(self.rows.iter()).filter(|(_, row)| row.changes_at.is_some_and(|at| at <= now));
        let due: Vec<u32> = due.map(|(number, _)| number).collect();
        for number in &due {
            self.judge(*number, now);
        }
        self.changes_at = self.rows.iter().filter_map(|row| row.changes_at).min();
        due
    }

    /// Forgets everything: another account answers from here on.
    pub fn clear(&mut self) {
        *self = Self { listing: self.listing, revision: self.revision + 1, ..Self::default() };
    }

    fn renew(&mut self, number: u32, mut secret: Secret, listing: u64, now: DateTime<Utc>) -> Option<u32> {
        let row = &mut self.rows[number];
        row.listing = listing;
        // It is part of the ARN. A server that changes it must not bring the orders by name into disorder.
        secret.name.clone_from(&row.secret.name);
        if row.secret == secret {
            return None;
        }
        self.pending.remove(&(row.looked, number));
        if row.secret.labels != secret.labels {
            // What was found out was about labels that have moved.
            (row.signs, row.looked) = (None, None);
        }
        row.secret = secret;
        if row.is_pending() {
            self.pending.insert((row.looked, number));
        }
        self.judge(number, now);
        Some(number)
    }

    fn judge(&mut self, number: u32, now: DateTime<Utc>) {
        let row = &mut self.rows[number];
        let before = row.state;
        row.judge(now);
        self.revision += 1;
        self.changes_at = earlier(self.changes_at, row.changes_at);
        if let Some(count) = self.numbers.get_mut(&before) {
            *count = count.saturating_sub(1);
        }
        *self.numbers.entry(row.state).or_default() += 1;
    }

    fn drop_gone(&mut self) -> bool {
        let listing = self.listing;
        if self.rows.iter().all(|row| row.listing == listing) {
            return false;
        }
        self.rows.retain(|row| row.listing == listing);
        self.revision += 1;
        self.names = self.rows.iter().map(|row| row.secret.name.raw()).collect();
        self.index = self.rows.iter().map(|row| row.secret.id.clone()).collect();
        let mut by_name: Vec<u32> = (0..).take(self.rows.len()).collect();
        by_name.sort_by(|a, b| self.compare_names(*a, *b));
        self.by_name = by_name;
        let pending = (0_u32..).zip(self.rows.iter()).filter(|(_, row)| row.is_pending());
        self.pending = pending.map(|(number, row)| (row.looked, number)).collect();
        self.numbers.clear();
        for row in self.rows.iter() {
            *self.numbers.entry(row.state).or_default() += 1;
        }
        true
    }
}

/// The earlier of two moments, where there are two.
fn earlier(a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    a.into_iter().chain(b).min()
}

/// Merges new numbers into an order, behind their equals: the few are sorted, the many only moved, from the end on.
pub fn merge(order: &mut Vec<u32>, mut new: Vec<u32>, compare: impl Fn(u32, u32) -> Ordering) {
    new.sort_by(|a, b| compare(*a, *b));
    let mut end = order.len();
    order.resize(end + new.len(), 0);
    for (before, number) in new.into_iter().enumerate().rev() {
        let at = order[..end].partition_point(|other| compare(*other, number).is_le());
        order.copy_within(at..end, at + before + 1);
        order[at + before] = number;
        end = at;
    }
}

#[cfg(test)]
mod tests;
