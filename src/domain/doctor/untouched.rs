//! The words with which setSecret ends before it has changed any password.

use std::sync::LazyLock;

use regex::RegexSet;

use crate::domain::invocation::Entry;
use crate::domain::log::Kind;

/// What is said before the first password is changed: read in the order of each template's statements,
/// <https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas>. Words that come from the database or service
/// while it changes one, as `Error encountered when attempting to set password`, are not among them.
const BEFORE: &[&str] = &[
    // No password that it may try was taken.
    NO_LOGIN,
    // The superuser's was not taken.
    r"^Unable to log into (?:rdsadmin )?database using credentials in (?:master|admin) secret \S+$",
    // The secret's own values don't go together.
    r"^Attempting to modify user \S+ other than (?:current|previous valid|last valid) user(?: or clone)? \S+$",
    r"^Attempting to modify user for (?:host|a DB|DB) \S+ other than (?:current|previous)(?: previous)?(?: valid)?(?: host| DB)? \S+$",
    r"^Current database host \S+ is not the same host as(?:/rds replica of)? (?:master|admin) \S+$",
    r"^Encountered API error while fetching connection parameters from ",
    r"^.+ is not a valid DB (?:Instance|Cluster) ARN\. ",
    r"^\S+ key is missing from secret JSON$",
    r"^Database engine must be set to '[^']+' in order to use this ",
    // A superuser secret isn't named: the raw exception of Python.
    r"^masterarn$",
    // The handler refuses before any step.
    r"^Secret \S+ is not enabled for rotation$",
    r"^Secret version \S+ (?:has no stage|not set as AWSPENDING) for rotation of secret \S+$",
    // The code was never loaded.
    r"^Unable to import module '[^']+'",
];

/// No password was taken: wrong ones, a port that refuses, a name that doesn't resolve and a mismatch of TLS look alike.
const NO_LOGIN: &str = r"^Unable to log into database (?:with previous, current, or pending secret of secret (?:arn|ARN)|using current credentials for secret) \S+$";

static EXPRESSIONS: LazyLock<RegexSet> = LazyLock::new(|| RegexSet::new(BEFORE).unwrap_or_default());

/// So many of the expressions are said only after the pending password was tried and not taken: it comes first in every
/// template.
const TRIED: usize = 5;

/// The first of these expressions that a line is.
fn told(entry: &Entry) -> Option<usize> {
    let text = entry.line.message.raw().trim().trim_matches(['"', '\'']);
    let text = text.strip_prefix("setSecret: ").unwrap_or(text);
    let found = EXPRESSIONS.matches(text.strip_suffix('.').unwrap_or(text));
    found.into_iter().next()
}

/// Whether the words of an exception that nobody caught say that no password was changed.
pub(super) fn is_untouched(entry: &Entry) -> bool {
    let is_raised = entry.line.kind == Kind::Uncaught;
    let is_bare = entry.line.message.raw().trim_matches(['"', '\'']) == "masterarn";
    let fits = told(entry).is_some();
    fits && is_raised && (!is_bare || entry.line.error.as_ref().is_some_and(|error| error.raw() == "KeyError"))
}

/// Whether the line says that no password was taken.
pub(super) fn is_no_login(entry: &Entry) -> bool {
    told(entry) == Some(0)
}

/// Whether the line says that the pending password was not taken either.
pub(super) fn is_untaken(entry: &Entry) -> bool {
    told(entry).is_some_and(|at| at < TRIED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expression_is_one() {
        assert_eq!(EXPRESSIONS.len(), BEFORE.len());
    }
}
