//! The orders in which secrets can stand: each makes a number of a secret, and names break ties.

use chrono::{DateTime, Utc};

use super::rotation::Trouble;
use super::secret::Secret;
use super::version::Pending;

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum SortBy {
    /// Worst first.
    #[default]
    Trouble,
    /// By name.
    Name,
    /// The soonest next rotation first.
    Next,
    /// The longest ago rotated first.
    Last,
    /// By schedule, the shortest first.
    Schedule,
    /// Those with AWSPENDING elsewhere first.
    Pending,
}

/// An order: a column, and which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    /// The column.
    pub by: SortBy,
    /// From the other end.
    pub reversed: bool,
}

impl SortBy {
    /// Every column, in the order in which a key goes through them.
    pub const ALL: [Self; 6] = [Self::Trouble, Self::Name, Self::Next, Self::Last, Self::Schedule, Self::Pending];

    /// The word for it in the title, in commands and in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Trouble => "trouble",
            Self::Name => "name",
            Self::Next => "next",
            Self::Last => "last",
            Self::Schedule => "schedule",
            Self::Pending => "pending",
        }
    }
}

impl Sort {
    /// From a word: `name`, or `-name` for the other end first.
    pub fn from_word(word: &str) -> Option<Self> {
        let (reversed, word) = word.strip_prefix('-').map_or((false, word), |rest| (true, rest));
        SortBy::ALL.into_iter().find(|by| by.word() == word).map(|by| Self { by, reversed })
    }

    /// The word for it.
    pub fn word(self) -> String {
        format!("{}{}", if self.reversed { "-" } else { "" }, self.by.word())
    }

    /// A secret's place in this order; equal numbers are told apart by name.
    pub fn key(self, secret: &Secret, trouble: Trouble) -> u64 {
        let key = match self.by {
            SortBy::Name => 0,
            SortBy::Trouble => (u64::from(trouble.rank) << DATE_BITS) | date(trouble.date),
            SortBy::Next => date(secret.next_rotation),
            SortBy::Last => date(secret.last_rotated),
            SortBy::Schedule => secret
                .rotation_rules
                .as_ref()
                .and_then(|rules| rules.automatically_after_days)
                .map_or(u64::MAX, i64::unsigned_abs),
            SortBy::Pending => match secret.labels.pending() {
                Pending::Other(_) => 0,
                Pending::Same => 1,
                Pending::None => 2,
            },
        };
        if self.reversed { u64::MAX - key } else { key }
    }
}

/// How many bits a date takes in seconds; more than nine thousand years.
const DATE_BITS: u32 = 40;

/// A date as a number in the order of time; none comes last.
fn date(date: Option<DateTime<Utc>>) -> u64 {
    let last = (1 << DATE_BITS) - 1;
    date.map_or(last, |date| u64::try_from(date.timestamp()).unwrap_or(0).min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_there_and_back() {
        for by in SortBy::ALL {
            for reversed in [false, true] {
                let sort = Sort { by, reversed };
                assert_eq!(Sort::from_word(&sort.word()), Some(sort));
            }
        }
        assert_eq!(Sort::from_word("nothing"), None);
    }
}
