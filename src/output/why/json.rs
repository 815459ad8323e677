//! A diagnosis as JSON. Field names are stable; text from AWS is kept to the letter.

use serde::Serialize;

use crate::domain::change::{Change, Fix, Tested};
use crate::domain::doctor::{Clue, Diagnosis, Gap, Offer, Origin};
use crate::domain::plan::{PlanStep, Under};
use crate::domain::version::{Value, VersionId};
use crate::output::json::Source;
use crate::output::rotation::{CallJson, CheckJson};
use crate::text::{AwsText, rfc3339};

/// What is known of why a secret's rotation isn't done.
#[derive(Debug, Serialize)]
pub struct Why<'a> {
    #[serde(flatten)]
    context: Source<'a>,
    as_of: String,
    secret: &'a AwsText,
    name: &'a AwsText,
    rotation_enabled: Option<bool>,
    pending: Option<Pending<'a>>,
    verdict: Option<&'static str>,
    sentence: String,
    advice: Option<String>,
    sure: Option<&'static str>,
    quiet: Option<bool>,
    cause: Option<CauseJson<'a>>,
    evidence: Vec<Evidence>,
    findings: Vec<CheckJson<'a>>,
    not_checked: Vec<NotChecked<'a>>,
    ways_out: Vec<Way>,
    plan: Option<PlanJson>,
}

/// The plan that somebody began and that isn't at its end.
#[derive(Debug, Serialize)]
struct PlanJson {
    /// `half-done`, `under-way` (another program carries it out), `unreadable`.
    state: &'static str,
    sentence: String,
    /// What can be done about it.
    next_step: String,
    /// The file that can't be read.
    file: Option<String>,
    /// All `null` where the file can't be read.
    begun: Option<String>,
    fix: Option<&'static str>,
    tested: Option<&'static str>,
    /// Whether the label has moved; `null` where the labels are where the plan never put them.
    moved: Option<bool>,
    /// Whether rotation is off by it.
    rotation_off: Option<bool>,
    /// The steps that are left, where it can be finished.
    steps_left: Option<Vec<&'static str>>,
}

#[derive(Debug, Serialize)]
struct CauseJson<'a> {
    signature: &'a str,
    cause: &'a AwsText,
    remedy: Option<String>,
    source: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Pending<'a> {
    version: &'a VersionId,
    value: &'static str,
    attempts_failed: usize,
}

#[derive(Debug, Serialize)]
struct Evidence {
    at: Option<String>,
    sentence: String,
    source: &'static str,
    line: Option<Text>,
}

#[derive(Debug, Serialize)]
struct Text {
    at: String,
    stream: AwsText,
    message: AwsText,
}

#[derive(Debug, Serialize)]
struct NotChecked<'a> {
    what: &'a str,
    why: &'a str,
    next_step: Option<&'a str>,
    permission: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Way {
    fix: &'static str,
    tested: Option<&'static str>,
    waits: bool,
    /// What becomes of rotation itself by it; null: it stays on.
    rotation: Option<&'static str>,
    sentence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<CallJson>,
    call: String,
    aws_form: String,
    differences: Vec<[String; 3]>,
    undo: String,
    if_wrong: Option<String>,
}

impl<'a> Why<'a> {
    /// All of a diagnosis, and the plan that somebody began.
    pub fn new(context: Source<'a>, diagnosis: &'a Diagnosis, under: Option<&Under>) -> Self {
        let case = diagnosis.stuck.as_ref().map(|(_, case)| case);
        Self {
            context,
            as_of: rfc3339(diagnosis.at),
            secret: &diagnosis.secret.id.arn,
            name: &diagnosis.secret.name,
            rotation_enabled: diagnosis.secret.rotation_enabled,
            pending: diagnosis.stuck.as_ref().map(|(version, case)| Pending {
                version,
                value: match case.value {
                    Value::Unknown => "unknown",
                    Value::Empty => "empty",
                    Value::Put(_) => "put",
                },
                attempts_failed: diagnosis.failures.len(),
            }),
            verdict: diagnosis.verdict().map(crate::domain::doctor::Verdict::word),
            sentence: diagnosis.headline(),
            advice: diagnosis.advice(),
            sure: diagnosis.surety(),
            cause: diagnosis.cause.as_ref().map(|cause| CauseJson {
                signature: &cause.id,
                cause: &cause.cause,
                remedy: diagnosis.remedy(),
                source: cause.source.as_deref(),
            }),
            quiet: case.map(|case| case.quiet.is_quiet()),
            evidence: diagnosis.clues().into_iter().map(Evidence::of).collect(),
            findings: diagnosis.function.iter().map(Into::into).collect(),
            not_checked: diagnosis.gaps.iter().map(NotChecked::of).collect(),
            ways_out: ways_out(diagnosis),
            plan: under.map(|under| PlanJson::of(under, diagnosis)),
        }
    }
}

impl PlanJson {
    fn of(under: &Under, diagnosis: &Diagnosis) -> Self {
        let secret = &diagnosis.secret;
        let (state, half, file) = match under {
            Under::Half(half) => ("half-done", Some(half), None),
            Under::Way(half) => ("under-way", Some(half), None),
            Under::Unread { path, .. } => ("unreadable", None, Some(path.to_string_lossy().into_owned())),
        };
        let place = half.map(|half| (half, half.goes_on(secret).is_ok()));
        Self {
            state,
            sentence: under.sentence(secret),
            next_step: under.ways(diagnosis),
            file,
            begun: half.map(|half| rfc3339(half.plan.begun)),
            fix: half.map(|half| half.plan.fix().word()),
            tested: half.and_then(|half| half.plan.tested()).map(crate::domain::change::Tested::word),
            moved: place.filter(|(_, is_known)| *is_known).map(|(half, _)| half.is_moved(secret)),
            rotation_off: half.map(|half| half.plan.turns_off && secret.rotation_enabled != Some(true)),
            steps_left: place
                .filter(|(_, is_known)| *is_known)
                .map(|(half, _)| half.left(secret).into_iter().map(PlanStep::word).collect()),
        }
    }
}

impl Evidence {
    fn of(clue: Clue) -> Self {
        let source = clue.origin.word();
        let line = match clue.origin {
            Origin::Line(entry) => Some(Text {
                at: rfc3339(entry.event.at),
                stream: entry.event.stream.clone(),
                message: entry.event.message.masked(),
            }),
            _ => None,
        };
        Self { at: clue.at.map(rfc3339), sentence: clue.sentence, source, line }
    }
}

impl<'a> NotChecked<'a> {
    fn of(gap: &'a Gap) -> Self {
        Self { what: gap.what, why: &gap.why, next_step: gap.next_step.as_deref(), permission: gap.missing }
    }
}

/// What may be done now; where nothing is pending, what may be moved back on a person's word.
fn ways_out(diagnosis: &Diagnosis) -> Vec<Way> {
    let Some((_, case)) = &diagnosis.stuck else {
        let back = super::back(diagnosis);
        return back
            .map(|change| Way::of(diagnosis, Fix::RollBack, Some(Tested::Previous), false, &change))
            .into_iter()
            .collect();
    };
    let offers = case.offers().into_iter().filter(|_| diagnosis.immovable().is_none());
    let way = |offer: Offer| {
        let change = diagnosis.change(offer.fix, offer.tested)?;
        Some(Way::of(diagnosis, offer.fix, offer.tested, offer.waits, &change))
    };
    offers.filter_map(way).collect()
}

impl Way {
    fn of(diagnosis: &Diagnosis, fix: Fix, tested: Option<Tested>, waits: bool, change: &Change) -> Self {
        let first = diagnosis.first(change);
        Self {
            fix: fix.word(),
            tested: tested.map(Tested::word),
            waits,
            rotation: diagnosis.rotation(change),
            sentence: change.sentence(),
            first: first.as_ref().map(Into::into),
            call: change.call(),
            aws_form: change.aws_form(),
            differences: change
                .differences_behind(first.as_ref())
                .into_iter()
                .map(|one| [one.what.to_owned(), one.before, one.after])
                .collect(),
            undo: change.undo(),
            if_wrong: change.if_wrong(),
        }
    }
}
