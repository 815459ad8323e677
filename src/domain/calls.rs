//! How often AWS was asked.

/// How often AWS was called, and how often it said no for want of room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls {
    /// Attempts, retries among them.
    pub attempts: u64,
    /// Attempts that AWS throttled.
    pub throttles: u64,
}
