//! What was learned about one secret by asking for it alone.

use super::fault::Fault;
use super::secret::Secret;
use super::version::Version;

/// What was learned about one secret. Each part has its own answer or its own fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// DescribeSecret's answer.
    pub secret: Result<Secret, Fault>,
    /// The versions that have a value, by ListSecretVersionIds.
    pub versions: Result<Vec<Version>, Fault>,
}
