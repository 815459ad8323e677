//! Why an AWSPENDING is stuck, and the safe way out: what was seen, what it comes to, and what may be done then.
//!
//! The one question that decides is whether setSecret changed the password:
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>.

mod advice;
mod after_set;
mod by_hand;
mod causes;
mod clues;
mod code;
mod course;
mod decision;
mod diagnosis;
mod facts;
mod failed;
mod findings;
mod judged;
mod lost;
mod mend;
mod not_set;
mod overdue;
mod quiet;
mod standing;
mod sure;
mod unknown;
mod unlogged;
mod untouched;
mod words;

pub use by_hand::BY_HAND;
pub use code::Code;
pub use course::{Course, Failing, Ran, Sight, Unclear};
pub use decision::{Case, Offer, Verdict};
pub use diagnosis::{Cause, Clue, Diagnosis, Gap, Origin};
pub use facts::{Facts, failures_since, first};
pub use judged::refused;
pub use overdue::{BEGUN, looked_since};
pub use quiet::{Quiet, patience};
pub use standing::Standing;
pub use unknown::{FAILURES, LOG};
pub use unlogged::Unlogged;

#[cfg(test)]
mod tests;
