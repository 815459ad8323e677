//! All secrets of a world, with the orders that ListSecrets can be asked for kept ready.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock, RwLockReadGuard};

use chrono::{DateTime, NaiveTime, Utc};

use crate::demo::secret::Secret;

/// `SortByType` of the API, in the order of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum SortBy {
    CreatedDate,
    LastAccessedDate,
    LastChangedDate,
    Name,
}

/// A place in an order: behind the secret with this date (0 if sorted by name) and name.
pub(in crate::demo) type Place<'a> = (i64, &'a str);

/// The secrets behind a lock. Whoever has it asks neither for the trail nor for what is due: those who have these may
/// ask for the secrets.
#[derive(Debug)]
pub(in crate::demo) struct Vault {
    /// `arn:aws:secretsmanager:<Region>:<account>:secret:`
    prefix: String,
    shelf: RwLock<Shelf>,
}

#[derive(Debug)]
pub(in crate::demo) struct Shelf {
    prefix: String,
    secrets: Vec<Secret>,
    /// Made on first use, as the orders are: a page must cost what a page costs, and a look-up what
    /// a look-up costs, also with 500,000 secrets.
    names: OnceLock<HashMap<String, u32>>,
    orders: [OnceLock<Vec<u32>>; 4],
    /// What was deleted for good; the trail tells of it still.
    gone: Vec<Secret>,
}

impl Vault {
    pub(in crate::demo) fn new(region: &str, account: &str, secrets: Vec<Secret>) -> Self {
        let prefix = format!("arn:aws:secretsmanager:{region}:{account}:secret:");
        let shelf = Shelf {
            prefix: prefix.clone(),
            secrets,
            names: OnceLock::new(),
            orders: Default::default(),
            gone: Vec::new(),
        };
        Self { prefix, shelf: RwLock::new(shelf) }
    }

    pub(in crate::demo) fn arn(&self, secret: &Secret) -> String {
        format!("{}{}", self.prefix, secret.resource())
    }

    /// The secrets as they are; nothing changes until this is dropped.
    pub(in crate::demo) fn read(&self) -> RwLockReadGuard<'_, Shelf> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the secret of this name; `None`: there is none. An order by a date that has changed is made anew when
    /// somebody asks for it. Name and date of creation never change, nor does the database by labels that move.
    pub(in crate::demo) fn change<T>(&self, name: &str, act: impl FnOnce(&mut Secret) -> T) -> Option<T> {
        let mut all = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        let at = usize::try_from(all.index(name)?).ok()?;
        let secret = all.secrets.get_mut(at)?;
        let before = (secret.last_accessed, secret.last_changed);
        secret.database();
        let told = act(secret);
        let is_moved = (secret.last_accessed != before.0, secret.last_changed != before.1);
        let [_, accessed, changed, _] = &mut all.orders;
        if is_moved.0 {
            accessed.take();
        }
        if is_moved.1 {
            changed.take();
        }
        Some(told)
    }

    /// Deletes the secret of this name for good.
    pub(in crate::demo) fn remove(&self, name: &str, at: DateTime<Utc>) {
        let mut all = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = all.index(name).and_then(|found| usize::try_from(found).ok()) else { return };
        let secret = Secret { gone: Some(at), ..all.secrets.remove(found) };
        all.gone.push(secret);
        (all.names, all.orders) = (OnceLock::new(), Default::default());
    }
}

impl Shelf {
    pub(in crate::demo) fn all(&self) -> &[Secret] {
        &self.secrets
    }

    pub(in crate::demo) fn by_name(&self, name: &str) -> Option<&Secret> {
        self.at(self.index(name)?)
    }

    /// The secret of this name, also if it was deleted for good.
    pub(in crate::demo) fn ever(&self, name: &str) -> Option<&Secret> {
        self.by_name(name).or_else(|| self.gone.iter().rfind(|secret| secret.name == name))
    }

    fn index(&self, name: &str) -> Option<u32> {
        let names = self.names.get_or_init(|| {
            let names = self.secrets.iter().map(|secret| secret.name.clone());
            names.zip(0..).collect()
        });
        names.get(name).copied()
    }

    /// Finds a secret as `SecretId` may spell it: name, whole ARN, or ARN without its suffix.
    ///
    /// An ARN that ends in a hyphen and six characters is always taken for a whole one, even if
    /// that is the end of the name (troubleshoot.html, "Finding a secret from a partial ARN").
    pub(in crate::demo) fn find(&self, id: &str) -> Option<&Secret> {
        let Some(resource) = id.strip_prefix(&self.prefix) else {
            return self.by_name(id);
        };
        match resource.split_at_checked(resource.len().saturating_sub(7)) {
            Some((name, suffix)) if suffix.len() == 7 && suffix.starts_with('-') => {
                self.by_name(name).filter(|secret| suffix.as_bytes().get(1..) == Some(&secret.suffix[..]))
            }
            _ => self.by_name(resource),
        }
    }

    /// The secrets behind `after` in the given order; ties are broken by name.
    pub(in crate::demo) fn walk(
        &self,
        by: SortBy,
        descending: bool,
        after: Option<Place<'_>>,
    ) -> Box<dyn Iterator<Item = &Secret> + '_> {
        let order = self.order(by);
        let cut = |keep: fn(Ordering) -> bool| {
            after.map(|place| {
                order.partition_point(|&at| self.at(at).is_some_and(|secret| keep(place_of(secret, by).cmp(&place))))
            })
        };
        if descending {
            let end = cut(Ordering::is_lt).unwrap_or(order.len());
            let order = order.get(..end).unwrap_or_default();
            Box::new(order.iter().rev().filter_map(|&at| self.at(at)))
        } else {
            let start = cut(Ordering::is_le).unwrap_or(0);
            let order = order.get(start..).unwrap_or_default();
            Box::new(order.iter().filter_map(|&at| self.at(at)))
        }
    }

    fn order(&self, by: SortBy) -> &[u32] {
        let slot = match by {
            SortBy::CreatedDate => 0,
            SortBy::LastAccessedDate => 1,
            SortBy::LastChangedDate => 2,
            SortBy::Name => 3,
        };
        let Some(order) = self.orders.get(slot) else {
            return &[];
        };
        order.get_or_init(|| {
            let places = self.secrets.iter().map(|secret| place_of(secret, by));
            let mut places: Vec<(Place<'_>, u32)> = places.zip(0..).collect();
            places.sort_unstable();
            places.into_iter().map(|(_, at)| at).collect()
        })
    }

    fn at(&self, at: u32) -> Option<&Secret> {
        self.secrets.get(usize::try_from(at).ok()?)
    }
}

/// Where a secret stands in an order. A secret without the date stands before all others.
pub(in crate::demo) fn place_of(secret: &Secret, by: SortBy) -> Place<'_> {
    let date = match by {
        SortBy::CreatedDate => Some(secret.created),
        SortBy::LastChangedDate => secret.last_changed,
        SortBy::LastAccessedDate => secret.last_accessed.map(|date| date.and_time(NaiveTime::MIN).and_utc()),
        SortBy::Name => return (0, &secret.name),
    };
    let millis = date.as_ref().map_or(i64::MIN, DateTime::<Utc>::timestamp_millis);
    (millis, &secret.name)
}
