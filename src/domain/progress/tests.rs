//! Rotations told by labels, events and lines in all their mixtures: how far they have come, and how they ended.

use super::*;
use crate::domain::invocation::{Attribution, Invocations, Run};
use crate::domain::log::LogEvent;
use crate::domain::version::StagingLabel::{Current, Pending, Previous};

const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:prod/db-AbCdEf";
const NEW: &str = "7d0c2f7e-1111-4222-8333-94445555f2e1";
const OLD: &str = "51aa0000-1111-4222-8333-94445555aa90";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn followed() -> Followed {
    Followed {
        secret: SECRET.into(),
        version: VersionId(NEW.into()),
        is_trial: false,
        since: at(0),
        watched: at(0),
        is_whole: true,
        timeout: Some(Duration::from_secs(30)),
        hides_steps: false,
    }
}

fn labels(pairs: &[(&str, &[StagingLabel])]) -> LabelMap {
    LabelMap(pairs.iter().map(|(id, labels)| (VersionId((*id).into()), (*labels).into())).collect())
}

/// The lines of an invocation `id` from `from` on, a second apart, in a stream of its own.
fn invocation(id: u32, from: i64, lines: &[&str]) -> Vec<LogEvent> {
    let request = format!("00000000-0000-4000-8000-{id:012}");
    let lines = lines.iter().zip(from..).map(|(line, second)| {
        let message = match *line {
            "START" => format!("START RequestId: {request} Version: $LATEST"),
            "END" => format!("END RequestId: {request}"),
            "REPORT" => format!("REPORT RequestId: {request}\tDuration: 812.34 ms\tBilled Duration: 813 ms\tMemory Size: 128 MB\tMax Memory Used: 79 MB"),
            "TIMEOUT" => format!("{} {request} Task timed out after 30.03 seconds", "2027-01-15T08:00:30.000Z"),
            raised if raised.starts_with("[ERROR] ") => raised.to_owned(),
            said => format!("[INFO]\t2027-01-15T08:00:00.000Z\t{request}\t{said}"),
        };
        LogEvent { id: None, stream: format!("stream-{id}").as_str().into(), at: at(second), ingested: None, message: message.into() }
    });
    lines.collect()
}

fn created(id: u32, from: i64) -> Vec<LogEvent> {
    let put = format!("createSecret: Successfully put secret for ARN {SECRET} and version {NEW}.");
    invocation(id, from, &["START", &put, "END", "REPORT"])
}

fn set(id: u32, from: i64) -> Vec<LogEvent> {
    let set = format!("setSecret: Successfully set password for user app in PostgreSQL DB for secret arn {SECRET}.");
    invocation(id, from, &["START", &set, "END", "REPORT"])
}

/// A step of the progress in one word.
fn word(step: &StepProgress) -> String {
    let proof = match &step.proof {
        None => "",
        Some(Proof::Labels) => " by labels",
        Some(Proof::Value) => " by value",
        Some(Proof::Event(_)) => " by event",
        Some(Proof::Line(_)) => " by line",
        Some(Proof::Inferred(_)) => " inferred",
    };
    format!("{}{proof}", step.state.word())
}

fn judge(followed: &Followed, evidence: &Evidence, events: Vec<LogEvent>, now: i64) -> Progress {
    let mut invocations = Invocations::default();
    invocations.take(events);
    let run = Run {
        secret: followed.secret.clone(),
        version: Some(followed.version.clone()),
        from: followed.since,
        until: None,
    };
    let of = |wanted: Attribution| {
        let of_it = invocations.iter().filter(|one| one.attribution(&run) == wanted);
        of_it.cloned().collect::<Vec<_>>()
    };
    let (ours, nameless) = (of(Attribution::ThisRotation), of(Attribution::Unattributed { within: true }));
    Progress::of(followed, evidence, &ours, &nameless, at(now))
}

fn words(progress: &Progress) -> Vec<String> {
    progress.steps.iter().map(word).collect()
}

#[test]
fn steps_are_told_by_their_lines_and_before_them_inferred() {
    let lines =
        [created(1, 1), set(2, 6), invocation(3, 11, &["START", &format!("testSecret: hello {SECRET}")])].concat();
    let progress = judge(&followed(), &Evidence::default(), lines, 14);
    assert_eq!(words(&progress), ["done by line", "done by line", "running by line", "waiting"]);
    assert_eq!((progress.attempt, progress.end), (1, None));
    assert_eq!(progress.steps[0].took, Some(Duration::from_micros(812_340)));
    let progress = judge(&followed(), &Evidence::default(), set(2, 6), 14);
    assert_eq!(words(&progress), ["done inferred", "done by line", "waiting", "waiting"]);
}

#[test]
fn nothing_but_the_label_is_success() {
    let finish = format!("finishSecret: Successfully set AWSCURRENT stage to version {NEW} for secret {SECRET}.");
    let lines = [created(1, 1), set(2, 6), invocation(4, 11, &["START", &finish, "END", "REPORT"])].concat();
    let mut evidence = Evidence::default();
    evidence.saw(&followed(), at(15), &labels(&[(OLD, &[Current]), (NEW, &[Pending])]), Some(true), None);
    let progress = judge(&followed(), &evidence, lines.clone(), 16);
    assert_eq!(words(&progress), ["done by line", "done by line", "done inferred", "done by line"]);
    assert_eq!(progress.end, None, "the log says so, and the labels don't");
    evidence.saw(&followed(), at(18), &labels(&[(OLD, &[Previous]), (NEW, &[Current, Pending])]), Some(true), None);
    assert_eq!(judge(&followed(), &evidence, lines, 19).end, Some(End::Succeeded { at: at(18) }));
    let blind = judge(&followed(), &evidence, Vec::new(), 19);
    assert_eq!(words(&blind), ["done inferred", "done inferred", "done inferred", "done by labels"]);
}

#[test]
fn a_failed_step_ends_it_after_a_minute_without_another_attempt() {
    let raised =
        "[ERROR] ValueError: Unable to log into database with pending secret of secret ARN ".to_owned() + SECRET;
    let test = invocation(3, 11, &["START", &format!("testSecret: {}", &raised[20..]), &raised, "END", "REPORT"]);
    let lines = [created(1, 1), set(2, 6), test].concat();
    let early = judge(&followed(), &Evidence::default(), lines.clone(), 16);
    assert_eq!(words(&early), ["done by line", "done by line", "failed by line", "waiting"]);
    assert_eq!(early.end, None, "AWS may try again");
    let Some(End::Failed { step, proof: Proof::Line(line), is_ours }) =
        judge(&followed(), &Evidence::default(), lines.clone(), 75).end
    else {
        panic!("it has not failed")
    };
    assert_eq!((step, is_ours), (Some(Step::Test), true));
    assert!(line.event.message.raw().starts_with("[ERROR] ValueError: Unable to log into"), "{line:?}");
    // A second attempt: the same token, and createSecret finds its value there already.
    let again = format!("createSecret: Successfully retrieved secret for {SECRET}.");
    let again = [lines, invocation(5, 40, &["START", &again, "END", "REPORT"])].concat();
    let progress = judge(&followed(), &Evidence::default(), again, 75);
    assert_eq!((progress.attempt, progress.end.clone()), (2, None));
    assert_eq!(words(&progress), ["done by line", "waiting", "waiting", "waiting"]);
}

#[test]
fn a_time_out_that_names_nothing_is_told_with_doubt_and_the_step_that_was_due() {
    let silent =
        invocation(3, 11, &["START", "Found credentials in environment variables.", "TIMEOUT", "END", "REPORT"]);
    let progress = judge(&followed(), &Evidence::default(), [created(1, 1), silent.clone()].concat(), 90);
    let Some(End::TimedOut { step, is_ours, .. }) = &progress.end else { panic!("{:?}", progress.end) };
    assert_eq!((*step, *is_ours), (Some(Step::Set), false));
    let first = judge(&followed(), &Evidence::default(), silent.clone(), 90);
    assert_eq!(first.end.and_then(|end| end.step()), Some(Step::Create));
    // One that came before what is known to be ours can't be the end of it.
    let before = judge(&followed(), &Evidence::default(), [silent, created(9, 40)].concat(), 80);
    assert_eq!(before.end, None);
}

#[test]
fn cloudtrail_tells_what_no_line_does() {
    let mut evidence = Evidence::default();
    let failure = |id: &str, version: &str| RotationFailure {
        secret: SECRET.into(),
        version: Some(VersionId(version.into())),
        at: at(30),
        step: Some(Step::Create),
        message: "Error when executing lambda x during createSecret step".into(),
        event_id: id.into(),
    };
    evidence.told(&followed(), [failure("e1", NEW), failure("e1", NEW), failure("e2", OLD)]);
    assert_eq!(evidence.failures.len(), 1, "once, and of this version alone");
    let progress = judge(&followed(), &evidence, Vec::new(), 400);
    assert!(matches!(
        progress.end,
        Some(End::Failed { step: Some(Step::Create), proof: Proof::Event(_), is_ours: true })
    ));
}

#[test]
fn silence_is_called_never_invoked_only_where_it_was_heard() {
    for (log, nameless, hides_steps, now, expected) in [
        (Sight::Complete(at(90)), false, false, 95, Some("never-invoked")),
        (Sight::Complete(at(90)), false, false, 80, None),
        (Sight::Complete(at(60)), false, false, 95, None),
        (Sight::Complete(at(60)), false, false, 300, Some("silent")),
        (Sight::Blind, false, false, 80, None),
        (Sight::Blind, false, false, 95, Some("silent")),
        (Sight::Complete(at(900)), true, false, 900, Some("silent")),
        (Sight::Complete(at(900)), false, true, 100, None),
        (Sight::Complete(at(900)), false, true, 900, Some("silent")),
    ] {
        let evidence = Evidence { log, ..Evidence::default() };
        let followed = Followed { hides_steps, ..followed() };
        let fine = invocation(3, 11, &["START", "hello", "END", "REPORT"]);
        let lines = if nameless { fine } else { Vec::new() };
        let end = judge(&followed, &evidence, lines, now).end;
        assert_eq!(end.as_ref().map(End::word), expected, "{log:?} {nameless} {hides_steps} {now}");
    }
}

#[test]
fn a_step_that_has_begun_and_a_time_out_that_nobody_told_are_silence() {
    let lines = invocation(1, 1, &["START", &format!("createSecret: hello {SECRET}")]);
    let evidence = Evidence { log: Sight::Complete(at(900)), ..Evidence::default() };
    assert_eq!(judge(&followed(), &evidence, lines.clone(), 80).end, None);
    let end = judge(&followed(), &evidence, lines, 120).end;
    assert_eq!(end, Some(End::Silent { since: at(2), step: Some(Step::Create) }));
}

#[test]
fn a_label_that_is_taken_off_gives_it_up_and_an_old_answer_does_not() {
    let mut evidence = Evidence::default();
    let (on, off) = (labels(&[(OLD, &[Current]), (NEW, &[Pending])]), labels(&[(OLD, &[Current])]));
    evidence.saw(&followed(), at(1), &off, Some(true), None);
    assert_eq!(judge(&followed(), &evidence, Vec::new(), 2).end, None, "it has not been put there yet");
    evidence.saw(&followed(), at(3), &on, Some(true), None);
    evidence.saw(&followed(), at(6), &off, Some(true), None);
    assert_eq!(judge(&followed(), &evidence, Vec::new(), 7).end, None, "AWS may answer from an older state");
    assert_eq!(judge(&followed(), &evidence, Vec::new(), 15).end, Some(End::Removed { at: at(6) }));
    evidence.saw(&followed(), at(9), &on, Some(true), None);
    assert_eq!(judge(&followed(), &evidence, Vec::new(), 10).end, None);
}

#[test]
fn rotation_that_is_turned_off_goes_on_no_further() {
    let mut evidence = Evidence::default();
    let pending = labels(&[(OLD, &[Current]), (NEW, &[Pending])]);
    evidence.saw(&followed(), at(3), &pending, Some(false), None);
    assert_eq!(judge(&followed(), &evidence, created(1, 1), 30).end, None);
    assert_eq!(judge(&followed(), &evidence, created(1, 1), 70).end, Some(End::TurnedOff { at: at(3) }));
}

#[test]
fn a_trial_has_one_step_and_ends_when_its_label_goes() {
    let trial = Followed { is_trial: true, ..followed() };
    let signed = format!("testSecret: Successfully signed into PostgreSQL DB with AWSPENDING secret in {SECRET}.");
    let lines = invocation(1, 1, &["START", &signed, "END", "REPORT"]);
    let mut evidence = Evidence::default();
    evidence.saw(&trial, at(1), &labels(&[(OLD, &[Current]), (NEW, &[Pending])]), Some(true), None);
    let running = judge(&trial, &evidence, lines.clone(), 5);
    assert_eq!((words(&running), running.end), (vec!["done by line".to_owned()], None));
    evidence.saw(&trial, at(6), &labels(&[(OLD, &[Current])]), Some(true), None);
    assert_eq!(judge(&trial, &evidence, lines, 7).end, Some(End::Succeeded { at: at(6) }));
    assert_eq!(judge(&trial, &evidence, Vec::new(), 30).end, None, "its lines may be late");
    assert_eq!(judge(&trial, &evidence, Vec::new(), 70).end, Some(End::Removed { at: at(6) }));
}

#[test]
fn every_end_is_a_sentence_about_this_rotation() {
    let line = Arc::clone(
        judge(&followed(), &Evidence::default(), created(1, 1), 3).steps[0]
            .proof
            .as_ref()
            .and_then(|proof| match proof {
                Proof::Line(line) => Some(line),
                _ => None,
            })
            .unwrap(),
    );
    let progress = judge(&followed(), &Evidence::default(), Vec::new(), 3);
    let told = |end: End| end.sentence(&followed(), &progress, at(200));
    assert_eq!(
        told(End::Succeeded { at: at(0) }),
        "The rotation succeeded: AWSCURRENT moved to 7d0c…f2e1, seen at 2027-01-15 08:00:00Z."
    );
    let failed = End::Failed { step: Some(Step::Set), proof: Proof::Line(Arc::clone(&line)), is_ours: false };
    assert!(told(failed).starts_with("The rotation failed at setSecret: createSecret: Successfully put"));
    let silent = End::Silent { since: at(0), step: Some(Step::Test) };
    assert_eq!(
        told(silent),
        "No sign of life for 3 min, since 2027-01-15 08:00:00Z. testSecret had begun. It may still go on."
    );
}

#[test]
fn durations_are_as_fine_as_they_matter() {
    for (millis, words) in [
        (812, "0.8 s"),
        (586, "0.6 s"),
        (960, "1.0 s"),
        (9_949, "9.9 s"),
        (9_950, "9 s"),
        (41_300, "41 s"),
        (125_000, "2 min 5 s"),
    ] {
        assert_eq!(took_words(Duration::from_millis(millis)), words);
    }
}

#[test]
fn of_a_rotation_that_is_watched_late_silence_counts_from_then_on() {
    let late = Followed { watched: at(3_600), is_whole: false, ..followed() };
    let evidence = Evidence { log: Sight::Complete(at(3_600)), ..Evidence::default() };
    assert_eq!(judge(&late, &evidence, created(1, 1), 3_610).end, None);
    assert_eq!(judge(&late, &evidence, created(1, 1), 3_700).end, Some(End::Silent { since: at(4), step: None }));
    let raised =
        invocation(2, 10, &["START", &format!("testSecret: hello {SECRET}"), "[ERROR] KeyError: 'x'", "END", "REPORT"]);
    let reading = Evidence { log: Sight::Reading, ..Evidence::default() };
    assert_eq!(judge(&late, &reading, raised.clone(), 3_610).end, None, "more of the log may be on its way");
    assert!(matches!(judge(&late, &evidence, raised, 3_610).end, Some(End::Failed { .. })));
}

#[test]
fn a_value_does_not_undo_a_failure_of_the_step_that_put_it() {
    let put = format!("createSecret: Successfully put secret for ARN {SECRET} and version {NEW}.");
    let lines = invocation(1, 1, &["START", &put, "[ERROR] KeyError: 'x'", "END", "REPORT"]);
    let evidence = Evidence { value: Some(at(2)), ..Evidence::default() };
    let progress = judge(&followed(), &evidence, lines, 80);
    assert_eq!(words(&progress)[0], "failed by line");
    assert!(matches!(progress.end, Some(End::Failed { step: Some(Step::Create), .. })));
}

#[test]
fn an_event_of_an_earlier_attempt_does_not_end_a_later_one() {
    let mut evidence = Evidence::default();
    let failure = RotationFailure {
        secret: SECRET.into(),
        version: Some(VersionId(NEW.into())),
        at: at(30),
        step: Some(Step::Set),
        message: "Error when executing lambda x during setSecret step".into(),
        event_id: "e1".into(),
    };
    evidence.told(&followed(), [failure]);
    let again = format!("createSecret: Successfully retrieved secret for {SECRET}.");
    let lines = invocation(5, 240, &["START", &again, "END", "REPORT"]);
    assert_eq!(judge(&followed(), &evidence, lines, 310).end, None);
}

#[test]
fn while_a_step_runs_a_time_out_that_names_nobody_is_another_s() {
    let running = invocation(2, 5, &["START", &format!("setSecret: hello {SECRET}")]);
    let other = invocation(3, 10, &["START", "TIMEOUT", "END", "REPORT"]);
    let slow = Followed { timeout: Some(Duration::from_mins(5)), ..followed() };
    assert_eq!(judge(&slow, &Evidence::default(), [running, other].concat(), 90).end, None);
}

#[test]
fn a_trial_of_which_no_line_says_that_it_went_well_is_not_called_a_success() {
    let trial = Followed { is_trial: true, ..followed() };
    let mut evidence = Evidence::default();
    evidence.saw(&trial, at(4), &labels(&[(OLD, &[Current])]), Some(true), None);
    let quiet = invocation(1, 1, &["START", &format!("2027 ERROR Invoke Error {SECRET}"), "END", "REPORT"]);
    assert_eq!(judge(&trial, &evidence, quiet, 70).end, Some(End::Removed { at: at(4) }));
    let signed = format!("testSecret: Successfully signed into PostgreSQL DB with AWSPENDING secret in {SECRET}.");
    let good = invocation(1, 1, &["START", &signed, "END", "REPORT"]);
    assert_eq!(judge(&trial, &evidence, good, 5).end, Some(End::Succeeded { at: at(4) }), "nobody saw its label");
}

#[test]
fn a_version_that_was_followed_by_another_had_its_time() {
    let mut evidence = Evidence::default();
    evidence.saw(&followed(), at(3), &labels(&[(OLD, &[Current]), (NEW, &[Pending])]), Some(true), None);
    evidence.saw(&followed(), at(900), &labels(&[("another", &[Current]), (NEW, &[Previous])]), Some(true), None);
    assert_eq!(judge(&followed(), &evidence, Vec::new(), 901).end, Some(End::Succeeded { at: at(900) }));
}
