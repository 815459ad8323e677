//! What was learned about one secret by asking for it alone.

use super::fault::Fault;
use super::pending::Signs;
use super::secret::Secret;
use super::version::{Pending, Value, Version};
use crate::text::AwsText;

/// What was learned about one secret. Each part has its own answer or its own fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// DescribeSecret's answer.
    pub secret: Result<Secret, Fault>,
    /// That answer to the letter, line by line, as indented JSON.
    pub raw: Vec<AwsText>,
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

    /// What it tells about the pending version, if that is another one than the current.
    ///
    /// A version that has a label but isn't listed has no value; that is known only where both answers came.
    pub fn signs(&self) -> Signs {
        let (Ok(secret), Ok(versions)) = (&self.secret, &self.versions) else { return Signs::UNKNOWN };
        let Pending::Other(pending) = secret.labels.pending() else { return Signs::UNKNOWN };
        match versions.iter().find(|version| version.id == pending) {
            Some(version) => Signs { value: Value::Put(version.created), failure: None, since: version.created },
            None => Signs { value: Value::Empty, ..Signs::UNKNOWN },
        }
    }
}
