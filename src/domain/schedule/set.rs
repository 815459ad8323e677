//! A set of small numbers: the hours, days, months or weekdays that a field of a cron expression names.

/// Numbers from 0 to 31, a bit for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Set(u32);

impl Set {
    /// Whether a number is in it; none above 31 is.
    pub(super) fn contains(self, number: u32) -> bool {
        self.0 & bit(number) != 0
    }

    /// Its numbers, the smallest first.
    pub(super) fn iter(self) -> impl Iterator<Item = u32> + Clone {
        (0..u32::BITS).filter(move |number| self.contains(*number))
    }

    /// The smallest number.
    pub(super) fn first(self) -> Option<u32> {
        self.iter().next()
    }

    /// How many numbers there are.
    pub(super) fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether there are none.
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl Extend<u32> for Set {
    fn extend<I: IntoIterator<Item = u32>>(&mut self, numbers: I) {
        self.0 = numbers.into_iter().fold(self.0, |bits, number| bits | bit(number));
    }
}

impl FromIterator<u32> for Set {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut set = Self::default();
        set.extend(numbers);
        set
    }
}

fn bit(number: u32) -> u32 {
    1_u32.checked_shl(number).unwrap_or(0)
}
