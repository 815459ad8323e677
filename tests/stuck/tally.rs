//! What became of all the worlds, in numbers.

use std::collections::BTreeMap;
use std::fmt;

/// Counts, by a table and a row.
#[derive(Debug, Default)]
pub(crate) struct Tally(BTreeMap<(&'static str, String), u64>);

/// The table in which every world stands once.
const WORLDS: &str = "1 verdicts";

impl Tally {
    /// A world, by its verdict.
    pub(super) fn world(&mut self, row: impl Into<String>) {
        self.count(WORLDS, row);
    }

    pub(super) fn count(&mut self, table: &'static str, row: impl Into<String>) {
        *self.0.entry((table, row.into())).or_default() += 1;
    }

    pub(super) fn add(&mut self, other: Self) {
        for (key, number) in other.0 {
            *self.0.entry(key).or_default() += number;
        }
    }

    /// How many worlds are in it.
    pub(crate) fn worlds(&self) -> u64 {
        self.0.iter().filter(|((table, _), _)| *table == WORLDS).map(|(_, number)| number).sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = "";
        for ((table, row), number) in &self.0 {
            if *table != last {
                writeln!(f, "\n{table}")?;
                last = table;
            }
            writeln!(f, "{number:>7}  {row}")?;
        }
        Ok(())
    }
}
