//! The imaginary database behind a secret: which version's password each of its users has now.
//!
//! It changes where a rotation sets a password, and nowhere else: staging labels that move and values that are put say
//! what clients will use, not what the database takes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::demo::function::Strategy;
use crate::demo::labels::{self, CURRENT, PENDING, PREVIOUS};
use crate::demo::secret::Version;

/// A user of the database. Where two take turns, the clone has `_clone` behind its name
/// (AWS's templates for alternating users).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum User {
    Own,
    Clone,
}

/// Whose password was set last when the world begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Live {
    Pending,
    Current,
    Previous,
    /// Nobody's: somebody has changed it by hand.
    None,
}

/// One password per user.
#[derive(Debug, Clone, Default)]
pub(in crate::demo) struct Database {
    /// The version whose password the user has; `None`: one that is in no version, or there is no such user.
    own: Option<String>,
    clone: Option<String>,
    /// The versions that are made for the clone; all others are for the user itself.
    clones: BTreeSet<String>,
    /// Versions that have the value of another one.
    copies: BTreeMap<String, String>,
    /// Name of the secret that the passwords of two users are set with; `None`: one that always works.
    pub(in crate::demo) superuser: Option<String>,
}

impl User {
    pub(in crate::demo) fn other(self) -> Self {
        match self {
            Self::Own => Self::Clone,
            Self::Clone => Self::Own,
        }
    }
}

impl Database {
    /// As rotations have left it that had come so far. Of two users, the other one keeps the password of before.
    pub(in crate::demo) fn of(versions: &[Version], strategy: Strategy, live: Live) -> Self {
        let clones = if strategy == Strategy::Alternating { clones(versions) } else { BTreeSet::new() };
        let mut database = Self { clones, ..Self::default() };
        let set: &[&str] = match live {
            Live::Pending => &[PREVIOUS, CURRENT, PENDING],
            Live::Current => &[PREVIOUS, CURRENT],
            Live::Previous => &[PREVIOUS],
            Live::None => &[],
        };
        for version in
            set.iter().filter_map(|label| labels::holder(versions, label)).filter(|version| version.has_value)
        {
            database.set(&version.id);
        }
        database
    }

    /// Whether somebody who has this version can sign in.
    pub(in crate::demo) fn accepts(&self, version: &str) -> bool {
        let password = match self.user(version) {
            User::Own => &self.own,
            User::Clone => &self.clone,
        };
        password.as_deref() == Some(self.original(version))
    }

    /// Whom the value of a version names.
    pub(in crate::demo) fn user(&self, version: &str) -> User {
        if self.clones.contains(self.original(version)) { User::Clone } else { User::Own }
    }

    /// The version whose value this one has.
    fn original<'a>(&'a self, version: &'a str) -> &'a str {
        self.copies.get(version).map_or(version, String::as_str)
    }

    /// A version gets a value, with a password that nobody has yet.
    pub(in crate::demo) fn put(&mut self, version: &str, user: User) {
        if user == User::Clone {
            self.clones.insert(version.to_owned());
        }
    }

    /// A version gets the value of another one.
    pub(in crate::demo) fn copy(&mut self, version: &str, of: &str) {
        self.copies.insert(version.to_owned(), of.to_owned());
    }

    /// The user's password becomes that of this version.
    pub(in crate::demo) fn set(&mut self, version: &str) {
        let password = match self.user(version) {
            User::Own => &mut self.own,
            User::Clone => &mut self.clone,
        };
        *password = Some(version.to_owned());
    }
}

/// The versions for the clone, where the current one is for the user itself: each version is made for the other user
/// than that which was current then.
fn clones(versions: &[Version]) -> BTreeSet<String> {
    let Some(current) = labels::holder(versions, CURRENT) else { return BTreeSet::new() };
    let pending = labels::incomplete(versions).map(|version| version.id.as_str());
    let is_made_of_it = |version: &Version| version.created > current.created || pending == Some(&version.id);
    let (newer, mut older): (Vec<_>, Vec<_>) = versions.iter().partition(|version| is_made_of_it(version));
    older.sort_by_key(|version| {
        let is_previous = version.labels.iter().any(|label| label == PREVIOUS);
        (version.id != current.id, !is_previous, Reverse(version.created))
    });
    newer.into_iter().chain(older.into_iter().skip(1).step_by(2)).map(|version| version.id.clone()).collect()
}
