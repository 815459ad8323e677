//! How often an operation may be called in a Region, by the world's clock.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// For each operation and Region, the world time at which all of its calls are there again.
#[derive(Debug, Default)]
pub(in crate::demo) struct Rations(Mutex<HashMap<String, Duration>>);

impl Rations {
    /// Takes a call from a ration of so many a second, which may all come at once; false if none is left.
    pub(in crate::demo) fn admits(&self, of: &str, per_second: u32, elapsed: Duration) -> bool {
        let each = Duration::from_secs(1) / per_second.max(1);
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full = spent.entry(of.to_owned()).or_default();
        if full.saturating_sub(elapsed) > each * per_second.saturating_sub(1) {
            return false;
        }
        *full = (*full).max(elapsed) + each;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ration_comes_back_bit_by_bit() {
        let rations = Rations::default();
        let at = |millis| rations.admits("this", 5, Duration::from_millis(millis));
        let passed: Vec<_> = [0, 0, 0, 0, 0, 0, 199, 200, 200, 1_000].map(at).into();
        assert_eq!(passed, [true, true, true, true, true, false, false, true, false, true]);
        assert!(rations.admits("that", 5, Duration::ZERO));
    }
}
