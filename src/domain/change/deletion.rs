//! A secret that is marked for deletion, or restored: how long it can be restored, and what is different then.

use super::words::Difference;
use super::{Change, ChangeKind, Seen};
use crate::text::{count, moment};

/// For how many days a deleted secret can be restored. There is no deletion without such a window.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RecoveryWindow(u8);

impl RecoveryWindow {
    /// The fewest days that AWS takes.
    pub const LEAST: u8 = 7;
    /// The most, which is also what AWS takes where nobody says it.
    pub const MOST: u8 = 30;
    /// Those that a key chooses from.
    const CHOICES: [u8; 3] = [7, 14, 30];

    /// A window of so many days; `None` where AWS takes none of that length.
    pub fn of_days(days: u8) -> Option<Self> {
        (Self::LEAST..=Self::MOST).contains(&days).then_some(Self(days))
    }

    /// Its days.
    pub fn days(self) -> u8 {
        self.0
    }

    /// Its days in words: `30 days`.
    pub fn words(self) -> String {
        count(usize::from(self.0), "day")
    }

    /// The next one that a key chooses: after the longest the shortest.
    #[must_use]
    pub fn next(self) -> Self {
        Self(Self::CHOICES.into_iter().find(|days| *days > self.0).unwrap_or(Self::LEAST))
    }
}

impl Default for RecoveryWindow {
    /// The longest.
    fn default() -> Self {
        Self(Self::MOST)
    }
}

impl Seen {
    /// Whether it is marked for deletion, in words behind others; nothing where it isn't.
    pub fn mark(&self) -> String {
        self.deleted.map_or_else(String::new, |date| format!(", {}", due(date)))
    }
}

impl Change {
    /// The recovery window, where the secret is to be deleted.
    pub fn window(&self) -> Option<RecoveryWindow> {
        match self.kind {
            ChangeKind::Delete { window } => Some(window),
            _ => None,
        }
    }

    /// What is different once it is marked for deletion, or the mark is gone.
    ///
    /// AWS's pages say that it can't be used while it is marked, not what becomes of its schedule: that nothing rotates it
    /// then, and that it goes on afterwards, is \[unverified\].
    pub(super) fn mark_differences(&self) -> Vec<Difference> {
        if self.window().is_none() && self.seen.deleted.is_none() {
            // Nothing is there to be taken off.
            return Vec::new();
        }
        let is_on = self.seen.rotation_enabled == Some(true);
        let (deletion, reads, rotation) = match self.window() {
            Some(window) => (
                ("not marked".to_owned(), format!("marked, restorable for {}", window.words())),
                ("answered", "refused from the call on"),
                ("on", "on, but it stands still while the secret is marked"),
            ),
            None => (
                (self.seen.deleted.map_or_else(|| "not marked".to_owned(), due), "not marked".to_owned()),
                ("refused", "answered again"),
                ("on, but it stands still while the secret is marked", "on"),
            ),
        };
        let mut differences = vec![Difference::new("Deletion", deletion.0, deletion.1)];
        differences.push(Difference::new("Reads", reads.0, reads.1));
        differences.extend(is_on.then(|| Difference::new("Rotation", rotation.0, rotation.1)));
        differences
    }
}

/// How a mark is told of.
fn due(date: chrono::DateTime<chrono::Utc>) -> String {
    format!("marked, restorable until {}", moment(date))
}
