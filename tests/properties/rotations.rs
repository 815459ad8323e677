//! Changes, rotations and logs as AWS might answer them: in any order, for any secret, true or not.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secdash::domain::catalogue::Catalogue;
use secdash::domain::change::{Change, ChangeKind, Changed, Fix, Move, Outcome, Seen};
use secdash::domain::doctor::{Diagnosis, Facts, Gap};
use secdash::domain::invocation::{Dealt, Entry, Invocations, Lines, Run};
use secdash::domain::log::LogEvent;
use secdash::domain::permission::Operation;
use secdash::domain::plan::{PlanEnd, PlanStep, Stop, Told};
use secdash::domain::preflight::{Check, Checked, Grade, Preflight, Purpose, Rule};
use secdash::domain::progress::{End, Followed, LogUpdate, Progress, Proof, StepProgress, StepState, Update};
use secdash::domain::rotation::Step;
use secdash::domain::secret::{Secret, SecretId};
use secdash::domain::tail::{Broken, Found, LogGroup, NoEvents, NoLog, NotLive, Range, Source};
use secdash::domain::version::{LabelMap, StagingLabel, VersionId};
use secdash::tui::msg::{Reply, Request};

use super::made::{self, Dice, mark_of};

/// An answer to a request about a change, a rotation or a log; `None` where it is another request.
pub fn reply(request: &Request, now: DateTime<Utc>, dice: &mut Dice) -> Option<Reply> {
    Some(match request {
        Request::Preflight(secret, purpose, _) => Reply::Checked(Box::new(checked(secret, *purpose, now, dice))),
        Request::Pause(_) => Reply::Paused,
        Request::Change(begin) => of_rotation(&begin.secret.id, now, dice),
        Request::Follow(secret) => of_rotation(&secret.id, now, dice),
        Request::Log(secret, _) => match dice.below(5) {
            0 => Reply::Found(Box::new(found(&secret.id, dice))),
            1 if dice.once_in(4) => Reply::LogEnded,
            _ => Reply::Log(Box::new(log(&secret.id, now, dice))),
        },
        Request::Left => Reply::Left(Vec::new()),
        Request::Why(secret) if dice.once_in(6) => Reply::Why(Err(made::fault(dice, &mark_of(&secret.id))), None),
        Request::Why(secret) => Reply::Why(Ok(Box::new(diagnosis(secret, now, dice))), None),
        Request::Fix(_, secret, _) | Request::Finish(_, secret, _) => Reply::Fix(Box::new(told(secret, now, dice))),
        Request::Save(file, entries) if dice.once_in(2) => Reply::Saved(Ok((file.clone(), entries.len(), "line"))),
        Request::Save(..) => Reply::Saved(Err("disk\u{1b} full".to_owned())),
        _ => return None,
    })
}

fn version(id: &SecretId, number: u64) -> VersionId {
    VersionId(format!("version-{number}-of-{}", mark_of(id)).into())
}

fn checked(secret: &Secret, purpose: Purpose, now: DateTime<Utc>, dice: &mut Dice) -> Checked {
    let inspection = made::inspection(&secret.id, now, dice);
    let secret = inspection.secret.clone().unwrap_or_else(|_| secret.clone());
    let token = version(&secret.id, 9);
    let kind = match purpose {
        Purpose::Rotate => ChangeKind::Rotate { token },
        Purpose::TestOnly => ChangeKind::TestOnly { token },
        Purpose::TurnOn => ChangeKind::TurnOn { token },
        Purpose::TurnOff => ChangeKind::TurnOff,
        Purpose::Delete(window) => ChangeKind::Delete { window },
        Purpose::Restore => ChangeKind::Restore,
        Purpose::Fix(..) | Purpose::Finish | Purpose::Undo => return way_out(&secret, purpose, now, dice),
    };
    let grades = [Grade::Fine, Grade::Notice, Grade::Warning, Grade::Unknown, Grade::Stops];
    let check = |grade| Check {
        rule: Rule::State,
        grade,
        sentence: format!("something of {}", mark_of(&secret.id)),
        next_step: Some("do something".to_owned()),
        missing: None,
    };
    let sides = if dice.once_in(4) { 5 } else { 4 };
    let checks = (0..dice.below(9)).map(|_| check(grades[usize::try_from(dice.below(sides)).unwrap()])).collect();
    Checked {
        change: Change::of(&secret, kind),
        preflight: Preflight { purpose, checks },
        function: None,
        inspection: Some(inspection),
        plan: None,
        half: None,
        at: now,
        secret,
    }
}

/// What a diagnosis says to a way out.
fn way_out(secret: &Secret, purpose: Purpose, now: DateTime<Utc>, dice: &mut Dice) -> Checked {
    let diagnosis = diagnosis(secret, now, dice);
    match purpose {
        Purpose::Fix(fix, tested) => diagnosis.checked(fix, tested),
        _ if dice.once_in(2) => diagnosis.checked_undo(Err("no\u{1b} way back".to_owned())),
        _ => {
            let movement = Move { fix: Fix::PutBack, to: Some(version(&secret.id, 8)), from: None };
            diagnosis.checked_undo(Ok(movement))
        }
    }
}

/// What might be known of why a secret's rotation isn't done.
fn diagnosis(secret: &Secret, now: DateTime<Utc>, dice: &mut Dice) -> Diagnosis {
    let inspection = made::inspection(&secret.id, now, dice);
    let secret = inspection.secret.as_ref().unwrap_or(secret);
    let mut log = Invocations::default();
    let arn = secret.id.arn.raw().to_owned();
    let version = version(&secret.id, dice.below(4)).0.raw().to_owned();
    let lines = [
        format!("createSecret: Successfully put secret for ARN {arn} and version {version}."),
        format!("setSecret: Successfully set password for user app in PostgreSQL DB for secret arn {arn}."),
        format!("[ERROR] ValueError: Unable to log into database with pending secret of secret ARN {arn}\u{1b}[2J"),
    ];
    let events = (0..dice.below(6)).map(|_| LogEvent {
        id: None,
        stream: "stream\u{1b}".into(),
        at: now - TimeDelta::milliseconds(i64::try_from(dice.below(90_000_000)).unwrap()),
        ingested: None,
        message: lines[usize::try_from(dice.below(3)).unwrap()].as_str().into(),
    });
    log.take(events.collect::<Vec<_>>());
    let failures: Vec<_> = (0..dice.below(3)).map(|_| made::failure(&secret.id, now, dice)).collect();
    let facts = Facts {
        secret,
        versions: inspection.versions.as_deref().ok(),
        function: None,
        log: Some(&log).filter(|_| !dice.once_in(3)),
        failures: &failures,
        cancelled: &[],
        changes: &[],
        actions: &[],
        off_since: None,
        now,
    };
    let gap = Gap::of("something", &made::fault(dice, &mark_of(&secret.id)));
    let awaited = if dice.once_in(2) { vec!["its function"] } else { Vec::new() };
    Diagnosis::of(&facts, &Catalogue::builtin(), vec![gap], awaited)
}

/// News of a fix.
fn told(secret: &Secret, now: DateTime<Utc>, dice: &mut Dice) -> Told {
    let step = [PlanStep::TurnOff, PlanStep::Wait, PlanStep::Look, PlanStep::Move, PlanStep::TurnOn, PlanStep::Verify]
        [usize::try_from(dice.below(6)).unwrap()];
    let labels = labels(&secret.id, dice);
    match dice.below(8) {
        0 => Told::Waits(now + TimeDelta::seconds(9)),
        1 => Told::Looks(now),
        2 => Told::Done(step),
        3 => Told::Looked(Box::new(diagnosis(secret, now, dice))),
        4 => Told::Ended(PlanEnd::Healed { labels, still_off: None, at: now }),
        5 => {
            let why = Stop::Fault(made::fault(dice, &mark_of(&secret.id)));
            Told::Ended(PlanEnd::Stopped { step, why, is_off: dice.once_in(2), is_moved: dice.once_in(2) })
        }
        _ => Told::Begins(step),
    }
}

fn of_rotation(id: &SecretId, now: DateTime<Utc>, dice: &mut Dice) -> Reply {
    match dice.below(12) {
        0 => Reply::Found(Box::new(found(id, dice))),
        1 | 2 => Reply::Changed(Box::new(changed(id, dice))),
        3 if dice.once_in(3) => Reply::NotRunning,
        3 | 4 => Reply::Begun(Box::new(followed(id, now, dice))),
        _ => Reply::Rotation(Box::new(update(id, now, dice))),
    }
}

fn changed(id: &SecretId, dice: &mut Dice) -> Changed {
    let fault = made::fault(dice, &mark_of(id));
    let deleted = dice.once_in(2).then(|| DateTime::from_timestamp(1_800_000_000, 0).unwrap());
    let seen = Seen { labels: labels(id, dice), rotation_enabled: None, deleted };
    let outcome = match dice.below(9) {
        0 => Outcome::Refused(fault),
        1 => Outcome::NotSent(fault),
        2 => Outcome::Moved(seen.clone()),
        3 => Outcome::ReadOnly,
        4 => Outcome::NotDescribed(fault),
        5 => Outcome::Unknown(fault),
        _ => Outcome::Accepted { request_id: Some("id\u{1b}".into()) },
    };
    Changed {
        outcome,
        before: None,
        after: dice.once_in(2).then_some(seen),
        unrecorded: dice.once_in(5).then(|| "no\u{7} room".to_owned()),
    }
}

fn followed(id: &SecretId, now: DateTime<Utc>, dice: &mut Dice) -> Followed {
    Followed {
        secret: id.arn.clone(),
        version: version(id, 9),
        is_trial: dice.once_in(3),
        since: now - TimeDelta::seconds(i64::try_from(dice.below(90)).unwrap()),
        watched: now,
        is_whole: true,
        timeout: dice.once_in(2).then(|| Duration::from_secs(dice.below(900))),
        hides_steps: false,
    }
}

fn labels(id: &SecretId, dice: &mut Dice) -> LabelMap {
    let all =
        [StagingLabel::Current, StagingLabel::Pending, StagingLabel::Previous, StagingLabel::Custom("x\u{1b}".into())];
    let number = dice.below(5);
    let label = |dice: &mut Dice| all[usize::try_from(dice.below(4)).unwrap()].clone();
    LabelMap((0..number).map(|at| (version(id, at), Box::from([label(dice)]))).collect())
}

fn update(id: &SecretId, now: DateTime<Utc>, dice: &mut Dice) -> Update {
    match dice.below(14) {
        0 => Update::Looked(Box::new(made::inspection(id, now, dice))),
        1 => Update::Labels(labels(id, dice)),
        2 => Update::Log(log(id, now, dice)),
        3 => Update::Usual(vec![(Step::Set, Duration::from_millis(dice.below(9_000)))]),
        4 => Update::Trouble(made::fault(dice, &mark_of(id))),
        5 => Update::Recovered(Operation::DescribeSecret),
        6 if dice.once_in(2) => {
            let entry = dealt(id, now, dice).new.pop();
            Update::Ended(end(entry, now, dice), progress(id, now, dice))
        }
        _ => Update::News(dealt(id, now, dice), progress(id, now, dice)),
    }
}

fn end(entry: Option<Arc<Entry>>, now: DateTime<Utc>, dice: &mut Dice) -> End {
    let Some(entry) = entry else { return End::Silent { since: now, step: Some(Step::Test) } };
    match dice.below(6) {
        0 => End::Failed { step: None, proof: Proof::Line(entry), is_ours: false },
        1 => End::TimedOut { step: Some(Step::Create), line: entry, is_ours: true },
        2 => End::Removed { at: now },
        3 => End::TurnedOff { at: now },
        4 => End::NeverInvoked { until: now },
        _ => End::Succeeded { at: now },
    }
}

fn progress(id: &SecretId, now: DateTime<Utc>, dice: &mut Dice) -> Progress {
    let states = [StepState::Waiting, StepState::Running, StepState::Done, StepState::Failed, StepState::TimedOut];
    let mut steps = Vec::new();
    for step in Step::ALL {
        let proof = match dice.below(4) {
            0 => dealt(id, now, dice).new.pop().map(Proof::Line),
            1 => Some(Proof::Inferred(step)),
            2 => Some(Proof::Event(made::failure(id, now, dice))),
            _ => None,
        };
        steps.push(StepProgress {
            step,
            state: states[usize::try_from(dice.below(5)).unwrap()],
            began: dice.once_in(2).then_some(now),
            took: dice.once_in(2).then(|| Duration::from_millis(dice.below(200_000))),
            proof,
        });
    }
    if dice.once_in(6) {
        steps.truncate(1);
    }
    let attempt = u32::try_from(1 + dice.below(3)).unwrap();
    let begun = dice.once_in(3).then_some((Step::Set, now));
    Progress { attempt, steps, begun, last_sign: dice.once_in(2).then_some(now), end: None }
}

/// Events of which some are told whose they are; the messages may be hostile, long, of several rows, or JSON.
fn dealt(id: &SecretId, now: DateTime<Utc>, dice: &mut Dice) -> Dealt {
    let (mark, version) = (mark_of(id), version(id, 9));
    let run =
        Run { secret: id.arn.clone(), version: Some(version.clone()), from: now - TimeDelta::hours(1), until: None };
    let words = |dice: &mut Dice| match dice.below(7) {
        0 => "START RequestId: 1ab2e64a-936d-4dfe-b7c9-0768f7fe33b4 Version: $LATEST".to_owned(),
        1 => format!("createSecret: Successfully put secret for ARN {} and version {}.", id.arn.raw(), version.0.raw()),
        2 => format!("[ERROR] ValueError: \u{1b}[2J of {mark}\nTraceback\r  File \"x\"\u{202e}"),
        3 => format!("{{\"level\":\"WARN\",\"message\":\"of {mark}\",\"password\":\"hunter2\"}}"),
        4 => String::new(),
        5 => "秘密 ".repeat(200),
        _ => "REPORT RequestId: 1ab2e64a-936d-4dfe-b7c9-0768f7fe33b4 Duration: 1225.25 ms Billed Duration: 1226 ms"
            .to_owned(),
    };
    let event = |dice: &mut Dice| LogEvent {
        id: None,
        stream: "stream\u{1b}".into(),
        at: now - TimeDelta::milliseconds(i64::try_from(dice.below(90_000_000)).unwrap()),
        ingested: None,
        message: words(dice).into(),
    };
    let events = (0..dice.below(30)).map(|_| event(dice)).collect();
    let mut lines = Lines::new(run);
    let mut dealt = lines.take_all(events);
    if dice.once_in(2) {
        dealt.shown.extend(lines.rest());
    }
    dealt
}

fn group(id: &SecretId) -> LogGroup {
    let name = format!("/aws/lambda/of-{}", mark_of(id));
    LogGroup { context: id.context.clone(), name: name.as_str().into(), arn: name.as_str().into(), class: None }
}

fn found(id: &SecretId, dice: &mut Dice) -> Result<Found, NoLog> {
    match dice.below(4) {
        0 => Err(NoLog::NotAnArn("x\u{1b}".into())),
        1 => Err(NoLog::NoFunction),
        _ => {
            let fault = |dice: &mut Dice| dice.once_in(3).then(|| made::fault(dice, &mark_of(id)));
            Ok(Found { group: group(id), guessed: fault(dice), unlisted: fault(dice) })
        }
    }
}

fn log(id: &SecretId, now: DateTime<Utc>, dice: &mut Dice) -> LogUpdate {
    let range = Range { from: now - TimeDelta::seconds(9), until: now };
    let fault = made::fault(dice, &mark_of(id));
    match dice.below(12) {
        0 => LogUpdate::Source(Source::Opening),
        1 | 2 => LogUpdate::Source(Source::Live),
        3 => LogUpdate::Source(Source::Reconnecting { wait: Duration::from_secs(4), because: Broken::Fault(fault) }),
        4 => LogUpdate::Source(Source::Polling { every: Duration::from_secs(2), because: NotLive::Fault(fault) }),
        5 => LogUpdate::Source(Source::None(NoEvents::Fault(fault))),
        6 => LogUpdate::Sampled(range),
        7 => LogUpdate::Unread(range, fault),
        8 => LogUpdate::Filled(range),
        _ => LogUpdate::Lines(dealt(id, now, dice)),
    }
}
