//! What there is to tell of a rotation that is followed, and of a log that is read, in the order in which it becomes known.

use std::time::Duration;

use super::{End, Progress};
use crate::domain::fault::Fault;
use crate::domain::inspection::Inspection;
use crate::domain::invocation::Dealt;
use crate::domain::permission::Operation;
use crate::domain::rotation::Step;
use crate::domain::tail::{Range, Source};
use crate::domain::version::LabelMap;

/// What there is to tell of a rotation.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// The secret was looked at.
    Looked(Box<Inspection>),
    /// The labels have moved, or are seen for the first time.
    Labels(LabelMap),
    /// Of its function's log, but for its lines.
    Log(LogUpdate),
    /// Log events that came in, and how far the rotation has come with them.
    News(Dealt, Progress),
    /// How long the steps took when the secret was last rotated well.
    Usual(Vec<(Step, Duration)>),
    /// Something can't be learned; told once for each operation.
    Trouble(Fault),
    /// That operation answers again.
    Recovered(Operation),
    /// It has ended.
    Ended(End, Progress),
}

/// What there is to tell of a log group that is read.
#[derive(Debug, Clone, PartialEq)]
pub enum LogUpdate {
    /// From where log events come from now on.
    Source(Source),
    /// Live Tail sent only a sample of this range.
    Sampled(Range),
    /// A range was read whole.
    Filled(Range),
    /// Lines of a range may be missing.
    Unread(Range, Fault),
    /// Log events that came in. Of a rotation they come with [`Update::News`].
    Lines(Dealt),
}
