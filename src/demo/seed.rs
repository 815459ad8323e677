//! All randomness of a world: a splitmix64 sequence that starts at the world's seed.

use uuid::{Builder, Uuid};

/// A deterministic sequence of numbers (splitmix64, <https://prng.di.unimi.it/splitmix64.c>).
#[derive(Debug, Clone)]
pub(in crate::demo) struct Seed(u64);

impl Seed {
    pub(in crate::demo) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A sequence of its own for `label`, so that one more secret in a world leaves the ARNs and
    /// version ids of all others as they were.
    pub(in crate::demo) fn fork(&self, label: &str) -> Self {
        Self(self.0 ^ hash(label.as_bytes()))
    }

    /// The same for a number.
    pub(in crate::demo) fn nth(&self, number: i64) -> Self {
        Self(self.0 ^ hash(&number.to_le_bytes()))
    }

    pub(in crate::demo) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which must not be 0.
    pub(in crate::demo) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    pub(in crate::demo) fn uuid(&mut self) -> Uuid {
        let (high, low) = (self.next(), self.next());
        Builder::from_u128((u128::from(high) << 64) | u128::from(low))
            .with_version(uuid::Version::Random)
            .with_variant(uuid::Variant::RFC4122)
            .into_uuid()
    }

    /// The six random characters at the end of a secret's ARN
    /// (API_CreateSecret.html: "six random characters at the end of the secret name").
    pub(in crate::demo) fn suffix(&mut self) -> [u8; 6] {
        const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut dice = self.next();
        let mut suffix = [0; 6];
        for letter in &mut suffix {
            let at = usize::try_from(dice % 62).unwrap_or_default();
            *letter = LETTERS.get(at).copied().unwrap_or(b'A');
            dice /= 62;
        }
        suffix
    }
}

/// FNV-1a, 64 bits: stable over builds and platforms, unlike the standard library's hasher.
pub(in crate::demo) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_gives_the_published_sequence() {
        let mut seed = Seed::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| seed.next()).collect();
        let published = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(first, published);
    }

    #[test]
    fn forks_depend_on_the_label_and_on_nothing_else() {
        let root = Seed::new(7);
        assert_eq!(root.fork("a").uuid(), root.fork("a").uuid());
        assert_ne!(root.fork("a").uuid(), root.fork("b").uuid());
    }

    #[test]
    fn a_uuid_is_of_version_four() {
        assert_eq!(Seed::new(1).uuid().get_version_num(), 4);
    }
}
