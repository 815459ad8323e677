//! The label timeline as JSON: known and inferred spans under names of their own.

use serde::Serialize;

use crate::domain::timeline::{Attempt, Inferred, Known, Lane, Source, Why};
use crate::domain::version::{StagingLabel, VersionId};
use crate::text::rfc3339;

/// One version's labels over time. All times are UTC.
#[derive(Debug, Serialize)]
pub struct LaneJson<'a> {
    version_id: &'a VersionId,
    known: Vec<Span<'a>>,
    inferred: Vec<Span<'a>>,
    failed_attempts: Vec<AttemptJson>,
}

/// A label that a version had, from then to then, and on what that rests.
#[derive(Debug, Serialize)]
struct Span<'a> {
    label: &'a StagingLabel,
    from: String,
    until: String,
    because: &'static str,
}

#[derive(Debug, Serialize)]
struct AttemptJson {
    at: String,
    step: Option<&'static str>,
}

impl<'a> From<&'a Lane> for LaneJson<'a> {
    fn from(lane: &'a Lane) -> Self {
        Self {
            version_id: &lane.version.id,
            known: lane.known.iter().map(Into::into).collect(),
            inferred: lane.inferred.iter().map(Into::into).collect(),
            failed_attempts: lane.attempts.iter().map(Into::into).collect(),
        }
    }
}

impl<'a> From<&'a Known> for Span<'a> {
    fn from(known: &'a Known) -> Self {
        let because = match known.source {
            Source::Unchanged => "unchanged",
            Source::Seen => "seen",
            Source::Trail => "trail",
        };
        Self { label: &known.label, from: rfc3339(known.from), until: rfc3339(known.until), because }
    }
}

impl<'a> From<&'a Inferred> for Span<'a> {
    fn from(inferred: &'a Inferred) -> Self {
        let because = match inferred.why {
            Why::ValuePut => "value_put",
            Why::Attempted => "attempted",
            Why::Rotated => "rotated",
            Why::Put => "put",
            Why::Preceded => "preceded",
            Why::Succeeded => "succeeded",
            Why::Succession => "succession",
            Why::GivenUp => "given_up",
            Why::RolledBack => "rolled_back",
            Why::Stayed => "stayed",
        };
        Self { label: &inferred.label, from: rfc3339(inferred.from), until: rfc3339(inferred.until), because }
    }
}

impl From<&Attempt> for AttemptJson {
    fn from(attempt: &Attempt) -> Self {
        Self { at: rfc3339(attempt.at), step: attempt.step.map(crate::domain::rotation::Step::word) }
    }
}
