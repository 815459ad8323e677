//! What secdash concludes, against what is true.

use secdash::domain::change::Tested;
use secdash::domain::doctor::{Case as Evidence, Code, Diagnosis, Offer, Sight, Verdict};
use secdash::domain::version::Value;

use super::case::{Case, Hand, Log, Strategy};
use super::life::{Life, Truth};

/// What is wrong with a verdict or its offers, if anything is.
pub(super) fn flaw(case: &Case, diagnosis: &Diagnosis, life: &Life, truth: &Truth) -> Result<(), String> {
    let stuck = diagnosis.stuck.as_ref().map(|(pending, _)| pending);
    if stuck != truth.pending.as_ref() {
        // It takes some seconds to ask, and a rotation may end in them.
        if diagnosis.stuck.as_ref().is_some_and(|(_, evidence)| !evidence.quiet.is_quiet()) {
            return Ok(());
        }
        return Err(format!("it is stuck by {stuck:?}, and truly by {:?}", truth.pending));
    }
    let Some((pending, evidence)) = &diagnosis.stuck else { return Ok(()) };
    let (verdict, is_live) = (evidence.verdict(), life.accepts(pending));
    let is_quiet = evidence.quiet.is_quiet();
    if is_quiet && verdict == Verdict::Current && is_live {
        return Err("the verdict is A, and the database takes the pending password".to_owned());
    }
    if verdict == Verdict::Pending && !is_live {
        return Err("the verdict is B1, and the database doesn't take the pending password".to_owned());
    }
    match case.letter() {
        Some(letter) if is_quiet && verdict.letter() != letter => {
            Err(format!("the log tells enough for {letter}, and the verdict is {}", verdict.letter()))
        }
        _ => Ok(()),
    }
}

/// Whether what a person would have to say is true.
pub(super) fn is_true(offer: Offer, life: &Life, truth: &Truth) -> bool {
    match offer.tested {
        None => true,
        Some(Tested::Pending) => truth.pending.as_ref().is_some_and(|pending| life.accepts(pending)),
        Some(Tested::Current) => truth.works,
        Some(Tested::Previous) => false,
    }
}

/// Why nothing is offered without a person's word; what is wrong about that, if it would have been shown to be safe.
pub(super) fn refusal(
    case: &Case,
    evidence: &Evidence,
    life: &Life,
    truth: &Truth,
) -> Result<(&'static str, &'static str), String> {
    let missing = missing(case, evidence)?;
    let takes_pending = truth.pending.as_ref().is_some_and(|pending| life.accepts(pending));
    let right = match (truth.works, takes_pending) {
        (false, false) => "no label move would help",
        (false, true) => "dropping would have locked it out",
        (true, true) => "either would have been safe",
        (true, false) => "promoting would have locked it out",
    };
    Ok((right, missing))
}

/// The evidence that was missing, as the case itself has it: not only because secdash says so.
fn missing(case: &Case, evidence: &Evidence) -> Result<&'static str, String> {
    let course = &evidence.course;
    let is = |truth: bool, what: &'static str| {
        if truth { Ok(what) } else { Err(format!("refused for want of evidence, and it is there: {what}; {case:?}")) }
    };
    let is_dark = matches!(case.log, Log::Denied | Log::Missing | Log::Throttled | Log::Elsewhere);
    // What a scenario lets time out, or ends with words that no template has.
    let is_unclear = case.attempts.iter().any(|(goes, _)| {
        let ends = ["times_out_at", "changed", "OperationalError", "unreachable", "slow"];
        ends.iter().any(|word| goes.contains(word))
    });
    let meddles = matches!(case.hand, Some((_, Hand::Cancel)));
    match (evidence.verdict(), course.sight, course.code) {
        (Verdict::LikelyPending, ..) => is(true, "testSecret did not pass (B2)"),
        (Verdict::Neither, ..) => is(true, "no password was taken (C)"),
        _ if evidence.value == Value::Unknown => is(case.are_versions_denied, "versions denied"),
        // What is asked later may tell of a value that wasn't there a moment before.
        _ if evidence.value == Value::Empty => is(!evidence.quiet.is_quiet(), "it got its value meanwhile"),
        _ if evidence.is_overtaken => is(case.inherited.is_some(), "AWSCURRENT is newer"),
        // A function that logs warnings only has no group before it has one to log.
        (_, Sight::None, _) => is(is_dark || case.is_warn || case.inherited.is_some(), "the log can't be read"),
        (_, _, Code::Custom) => is(case.strategy == Strategy::Custom, "custom code"),
        (_, Sight::Hidden, _) => is(case.is_warn, "WARN hides the lines"),
        (_, Sight::Tail, _) if case.is_function_denied => is(true, "the function's settings are denied"),
        // In plain text nothing says that levels hide lines.
        (_, Sight::Tail, _) if case.is_warn => is(!case.is_json || case.is_function_denied, "WARN hides the lines"),
        // A line comes some moments after what it tells of.
        (_, Sight::Tail, _) if case.inherited.is_some() => is(true, "the log doesn't reach back"),
        (_, Sight::Tail, _) => is(!evidence.quiet.is_quiet() && case.looked < 60, "its lines aren't there yet"),
        (_, Sight::Whole, _) if course.unclear.is_some() => {
            let may_run = !evidence.quiet.is_quiet();
            is(is_unclear || meddles || may_run || case.second.is_some(), "setSecret ended without a word")
        }
        (_, Sight::Whole, _) if evidence.unlogged.is_some() => {
            // What comes after createSecret isn't there yet, or never began, as where somebody takes AWSPENDING away and
            // rotates meanwhile; or it may be the other secret's.
            let may_run = !evidence.quiet.is_quiet();
            let is_cut = matches!(case.hand, Some((_, Hand::DropAndRotate)));
            is(meddles || may_run || is_cut || case.second.is_some(), "the log has no line of setSecret")
        }
        (_, Sight::Whole, _) => is(evidence.failed_at.is_some(), "log and trail don't go together"),
    }
}
