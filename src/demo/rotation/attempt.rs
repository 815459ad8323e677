//! An attempt to rotate: how it begins, goes on from step to step, and ends.

use chrono::{DateTime, TimeDelta, Utc};

use super::behaviour::Ending;
use super::function::Called;
use super::{Course, Happening, Kind, Outcome, Run, invocation, millis, record, start};
use crate::demo::database::User;
use crate::demo::labels::{self, CURRENT, PENDING};
use crate::demo::life::Queue;
use crate::demo::secret::Secret;
use crate::demo::trail::{Service, Why};
use crate::demo::world::Inner;

/// So long after LastChangedDate LastRotatedDate was seen to lie
/// (observed, <https://github.com/cloud-custodian/cloud-custodian/issues/9254>).
const RECORDED: TimeDelta = TimeDelta::milliseconds(50);

/// Begins an attempt; AWSPENDING is on the version already.
pub(super) fn begin(world: &Inner, queue: &mut Queue, secret: &str, version: &str, kind: Kind, at: DateTime<Utc>) {
    let Some((behaviour, has_function)) =
        world.vault.read().by_name(secret).map(|secret| (secret.behaviour(), secret.function.is_some()))
    else {
        return;
    };
    let before = queue.courses.remove(secret);
    let ever = before.as_ref().map_or(0, |course| course.ever) + 1;
    let before = before.filter(|course| course.version == version);
    let (attempts, repeated) = before.map_or((1, 0), |course| (course.attempts + 1, course.repeated));
    let is_heard_of = behaviour.way(attempts, ever).ending != Ending::NeverInvoked;
    let course =
        Course { version: version.to_owned(), attempts, ever, repeated, is_running: is_heard_of, is_given_up: false };
    queue.courses.insert(secret.to_owned(), course);
    if !is_heard_of {
        return;
    }
    let mut dice = world.seed.fork(secret).fork(version).fork(&format!("attempt {attempts}"));
    let waits = millis(&mut dice, 300, 1_200);
    let (secret, version, step) = (secret.to_owned(), version.to_owned(), invocation::first(kind));
    let run = Run { secret, version, kind, attempt: attempts, ever, step, dice };
    record::service(world, &run, Service::Started, None, at);
    if has_function {
        return queue.put(at + waits, Happening::Invoke(run));
    }
    // A managed rotation takes about a minute (rotate-secrets_managed.html).
    queue.put(at + waits * 50, Happening::Managed(run));
}

/// An invocation is over: the next step, or the end of the attempt.
pub(super) fn over(world: &Inner, queue: &mut Queue, mut run: Run, outcome: Outcome, at: DateTime<Utc>) {
    let is_of = |course: &Course| (&course.version, course.attempts) == (&run.version, run.attempt);
    if queue.courses.get(&run.secret).is_none_or(|course| !is_of(course) || course.is_given_up) {
        return;
    }
    match (outcome, run.kind, run.step.next()) {
        (Outcome::Failed, ..) => fail(world, queue, &run, at),
        (Outcome::Done, Kind::Rotation, Some(next)) => {
            run.step = next;
            let waits = millis(&mut run.dice, 40, 160);
            queue.put(at + waits, Happening::Invoke(run));
        }
        (Outcome::Done, Kind::Rotation, None) => succeed(world, queue, &run, at),
        (Outcome::Done, Kind::Trial, _) => {
            give_back(world, queue, &run, at);
            record::service(world, &run, Service::Succeeded, None, at);
        }
    }
}

/// A rotation without a function: value and labels change at once.
pub(super) fn managed(world: &Inner, queue: &mut Queue, run: Run, at: DateTime<Utc>) {
    if run.kind == Kind::Rotation {
        let is_done = world.vault.change(&run.secret, |secret| {
            let before = labels::holder(&secret.versions, CURRENT).map(|version| version.id.clone());
            // It may have been cancelled meanwhile, or its label taken off.
            let is_on = secret.rotation.as_ref().is_some_and(|rules| rules.enabled);
            if !is_on || labels::incomplete(&secret.versions).is_none_or(|version| version.id != run.version) {
                return false;
            }
            drop(labels::fill(&mut secret.versions, &run.version, at));
            let database = secret.database();
            database.put(&run.version, before.as_deref().map_or(User::Own, |before| database.user(before)));
            database.set(&run.version);
            let moved = labels::update(&mut secret.versions, CURRENT, Some(&run.version), before.as_deref(), at);
            secret.moves.extend(moved.unwrap_or_default());
            secret.last_changed = Some(at);
            true
        });
        if is_done != Some(true) {
            return rest(queue, &run);
        }
    }
    let run = Run { step: super::Step::Finish, ..run };
    over(world, queue, run, Outcome::Done, at);
}

fn succeed(world: &Inner, queue: &mut Queue, run: &Run, at: DateTime<Utc>) {
    rest(queue, run);
    record::service(world, run, Service::Succeeded, None, at);
    world.vault.change(&run.secret, |secret| {
        let rotated = secret.last_changed.map_or(at, |changed| changed + RECORDED);
        secret.last_rotated = Some(rotated);
        labels::prune(&mut secret.versions, at);
    });
    start::count_from(world, queue, &run.secret, at);
}

/// The service says where the function failed, and tries again after a while.
fn fail(world: &Inner, queue: &mut Queue, run: &Run, at: DateTime<Utc>) {
    let told = world.vault.read().by_name(&run.secret).map(|secret| {
        let function = secret.function.as_deref().map(|id| Called::of(world, id).arn);
        (secret.behaviour(), function.unwrap_or_default())
    });
    let Some((behaviour, function)) = told else { return };
    let message = format!("Error when executing lambda {function} during {} step", run.step.word());
    record::service(world, run, Service::Failed, Some(Why::Message(message)), at);
    if run.kind == Kind::Trial {
        return give_back(world, queue, run, at);
    }
    rest(queue, run);
    let retry = behaviour.retry();
    if let Some(course) = queue.courses.get_mut(&run.secret).filter(|course| course.repeated < retry.times) {
        course.repeated += 1;
        let (secret, version) = (run.secret.clone(), run.version.clone());
        return queue.put(at + retry.after, Happening::Attempt { secret, version });
    }
    start::plan(world, queue, &run.secret, at);
}

/// PutSecretValue by hand during a rotation: the service gives that up, and takes AWSPENDING off
/// (cloudtrail_log_entries.html). The database doesn't know the password, and the invocation that runs goes on.
pub(super) fn abandon(world: &Inner, queue: &mut Queue, run: &Run, at: DateTime<Utc>) {
    let id = world.seed.fork(&run.secret).fork(&run.version).fork("by hand").uuid().to_string();
    let moves = world.vault.change(&run.secret, |secret| {
        let user = labels::holder(&secret.versions, CURRENT).map(|version| version.id.clone());
        let user = user.map_or(User::Own, |current| secret.database().user(&current));
        secret.database().put(&id, user);
        let moves = labels::put(&mut secret.versions, &id, at);
        secret.last_changed = Some(at);
        secret.moves.extend(moves.clone().unwrap_or_default());
        moves
    });
    let Some(Ok(_)) = moves else { return };
    queue.cancel(&run.secret);
    record::by_hand(world, run, &id, at);
    record::service(world, run, Service::Abandoned, None, at);
    start::count_from(world, queue, &run.secret, at);
}

/// The version of a trial goes again (API_RotateSecret.html, RotateImmediately).
fn give_back(world: &Inner, queue: &mut Queue, run: &Run, at: DateTime<Utc>) {
    rest(queue, run);
    world.vault.change(&run.secret, |secret| {
        let moved = labels::update(&mut secret.versions, PENDING, None, Some(&run.version), at);
        secret.moves.extend(moved.unwrap_or_default());
        secret.versions.retain(|version| version.id != run.version || !version.labels.is_empty());
        secret.last_changed = Some(at);
    });
}

/// No attempt of this rotation is running any more.
fn rest(queue: &mut Queue, run: &Run) {
    if let Some(course) = queue.courses.get_mut(&run.secret) {
        course.is_running = false;
    }
}

/// Whether the service rotates this secret by itself.
pub(super) fn is_rotated(world: &Inner, secret: &Secret) -> bool {
    let is_on = secret.rotation.as_ref().is_some_and(|rules| rules.enabled);
    is_on && secret.deleted.is_none() && !secret.is_replica(&world.region)
}
