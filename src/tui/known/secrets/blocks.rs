//! Rows by their numbers, in blocks. A vector that grows moves everything in it, and 100,000 rows are 50 MB: a key that
//! was pressed meanwhile would wait.

use std::ops::{Index, IndexMut};

/// The rows of one block.
const BLOCK: usize = 1_024;

/// Anything by number, from 0.
#[derive(Debug)]
pub(super) struct Blocks<T>(Vec<Vec<T>>);

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Blocks<T> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * BLOCK + last.len())
    }

    /// Adds one at the end.
    pub(super) fn push(&mut self, one: T) {
        if self.0.last().is_none_or(|last| last.len() == BLOCK) {
            self.0.push(Vec::with_capacity(BLOCK));
        }
        if let Some(last) = self.0.last_mut() {
            last.push(one);
        }
    }

    /// All of them, by number.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten()
    }

    /// Keeps some, in their order; those behind the ones that go have other numbers then.
    pub(super) fn retain(&mut self, keeps: impl Fn(&T) -> bool) {
        let all = std::mem::take(&mut self.0);
        all.into_iter().flatten().filter(keeps).for_each(|one| self.push(one));
    }
}

impl<T> Index<u32> for Blocks<T> {
    type Output = T;

    fn index(&self, number: u32) -> &T {
        &self.0[number as usize / BLOCK][number as usize % BLOCK]
    }
}

impl<T> IndexMut<u32> for Blocks<T> {
    fn index_mut(&mut self, number: u32) -> &mut T {
        &mut self.0[number as usize / BLOCK][number as usize % BLOCK]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_from_block_to_block() {
        let mut blocks = Blocks::default();
        assert_eq!(blocks.len(), 0);
        let all: Vec<usize> = (0..2 * BLOCK + 3).collect();
        for (before, one) in all.iter().enumerate() {
            assert_eq!(blocks.len(), before);
            blocks.push(*one);
        }
        assert!(blocks.iter().eq(&all));
        assert!((0..).zip(&all).all(|(number, one)| blocks[number] == *one));
        blocks[1_024] = 0;
        blocks.retain(|one| one % 3 != 0);
        assert!(blocks.iter().eq(all.iter().filter(|one| **one % 3 != 0 && **one != 1_024)));
        assert_eq!(blocks.len(), blocks.iter().count());
    }
}
