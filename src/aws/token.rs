//! ClientRequestTokens, which become the ids of new versions: by chance, or the same each time in a demo world.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::{Builder, Uuid};

use super::Aws;
use crate::domain::version::VersionId;

/// Where tokens come from.
#[derive(Debug, Default)]
pub(super) enum Tokens {
    /// From the operating system.
    #[default]
    Random,
    /// From a number: what is done twice in the same world gets the same tokens.
    Seeded(AtomicU64),
}

impl Tokens {
    pub(super) fn seeded(seed: u64) -> Self {
        Self::Seeded(AtomicU64::new(seed))
    }

    fn next(&self) -> Uuid {
        /// The step of SplitMix64 (<https://doi.org/10.1145/2714064.2660195>).
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let Self::Seeded(state) = self else { return Uuid::new_v4() };
        let half = || {
            let state = state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (mixed ^ (mixed >> 31)).to_be_bytes()
        };
        let (first, second) = (half(), half());
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&first);
        bytes[8..].copy_from_slice(&second);
        Builder::from_random_bytes(bytes).into_uuid()
    }
}

impl Aws {
    /// A new version's id. Secrets Manager takes whatever token has 32 to 64 characters.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
    pub fn token(&self) -> VersionId {
        VersionId(self.tokens().next().to_string().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_those_of_a_seed_are_the_same_each_time() {
        let (one, other) = (Tokens::seeded(3), Tokens::seeded(3));
        let first: Vec<_> = (0..9).map(|_| one.next()).collect();
        assert_eq!(first, (0..9).map(|_| other.next()).collect::<Vec<_>>());
        assert!(first.windows(2).all(|pair| pair[0] != pair[1]) && first[0].get_version_num() == 4);
        assert_ne!(Tokens::Random.next(), Tokens::Random.next());
        assert_ne!(Tokens::seeded(4).next(), first[0]);
    }
}
