//! What `secdash upcoming` prints as JSON. Field names are stable; every date is RFC 3339 in UTC.

use serde::Serialize;

use super::why;
use crate::domain::agenda::{Agenda, Entry, Known, Subject, Why};
use crate::output::json::{FaultJson, Source};
use crate::text::{AwsText, rfc3339};

/// The whole answer.
#[derive(Debug, Serialize)]
pub struct Upcoming<'a> {
    /// Where it is from.
    pub context: Source<'a>,
    /// When the last page came.
    pub as_of: String,
    /// Whether every page came.
    pub complete: bool,
    /// The horizon: no window is in it that opens then or later.
    pub until: String,
    /// Secrets whose date has passed, the worst first.
    pub overdue: Vec<OverdueJson<'a>>,
    /// Windows by their start.
    pub windows: Vec<WindowJson<'a>>,
    /// Secrets of which not everything is known.
    pub unknown: Vec<UnknownJson<'a>>,
    /// Functions that several windows may need at once, the worst first.
    pub functions: Vec<FunctionJson<'a>>,
    /// What could not be learned.
    pub faults: Vec<FaultJson>,
}

/// Which secret, and what rotates it.
#[derive(Debug, Serialize)]
struct Whose<'a> {
    arn: &'a AwsText,
    name: &'a AwsText,
    function: Option<&'a AwsText>,
    rotated_by: &'a AwsText,
}

/// A secret whose date has passed.
#[derive(Debug, Serialize)]
pub struct OverdueJson<'a> {
    #[serde(flatten)]
    whose: Whose<'a>,
    next_rotation: String,
}

/// A window. `start` is null where only its end is known.
#[derive(Debug, Serialize)]
pub struct WindowJson<'a> {
    #[serde(flatten)]
    whose: Whose<'a>,
    start: Option<String>,
    end: String,
    computed: bool,
    open: bool,
    concurrent: u32,
}

/// A secret of which not everything is known.
#[derive(Debug, Serialize)]
pub struct UnknownJson<'a> {
    #[serde(flatten)]
    whose: Whose<'a>,
    reason: &'static str,
    sentence: String,
}

/// How many windows of a function are open together at the worst moment, and since when.
#[derive(Debug, Serialize)]
pub struct FunctionJson<'a> {
    function: Option<&'a AwsText>,
    concurrent: u32,
    from: String,
}

/// The overdue ones.
pub fn overdue(agenda: &Agenda) -> Vec<OverdueJson<'_>> {
    let one = |overdue: &crate::domain::agenda::Overdue| OverdueJson {
        whose: whose(agenda, &agenda.subjects[overdue.subject]),
        next_rotation: rfc3339(overdue.since),
    };
    agenda.overdue.iter().map(one).collect()
}

/// The windows.
pub fn windows(agenda: &Agenda) -> Vec<WindowJson<'_>> {
    let one = |entry: &Entry| WindowJson {
        whose: whose(agenda, agenda.subject(entry)),
        start: (entry.known != Known::AwsEnd).then(|| rfc3339(entry.window.start)),
        end: rfc3339(entry.window.end),
        computed: entry.known == Known::Computed,
        open: entry.is_open(agenda.now),
        concurrent: entry.at_once,
    };
    agenda.entries.iter().map(one).collect()
}

/// Those of which not everything is known.
pub fn unknown(agenda: &Agenda) -> Vec<UnknownJson<'_>> {
    let one = |unknown: &crate::domain::agenda::Unknown| UnknownJson {
        whose: whose(agenda, &agenda.subjects[unknown.subject]),
        reason: match unknown.why {
            Why::NoDate => "no_date",
            Why::NoSchedule => "no_schedule",
            Why::NotUnderstood(_) => "not_understood",
            Why::Ends(_) => "ends",
        },
        sentence: why(&unknown.why),
    };
    agenda.unknown.iter().map(one).collect()
}

/// The functions.
pub fn functions(agenda: &Agenda) -> Vec<FunctionJson<'_>> {
    let one = |crowd: &crate::domain::agenda::Crowd| FunctionJson {
        function: agenda.rotators[crowd.rotator].function.as_ref(),
        concurrent: crowd.at_once,
        from: rfc3339(crowd.from),
    };
    agenda.crowds.iter().map(one).collect()
}

fn whose<'a>(agenda: &'a Agenda, subject: &'a Subject) -> Whose<'a> {
    let rotator = agenda.rotator(subject);
    Whose { arn: &subject.id.arn, name: &subject.name, function: rotator.function.as_ref(), rotated_by: &rotator.name }
}
