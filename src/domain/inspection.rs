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

impl Inspection {
    /// What could not be learned; one cause is told once.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        let secret = self.secret.as_ref().err();
        let versions = self.versions.as_ref().err();
        let same = secret.is_some_and(|fault| versions.is_some_and(|other| other.cause == fault.cause));
        secret.into_iter().chain(versions.filter(move |_| !same))
    }
}
