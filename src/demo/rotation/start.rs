//! What makes a rotation begin: RotateSecret, the schedule, and the service's re-attempts.

use chrono::{DateTime, TimeDelta, Utc};

use super::attempt::{begin, is_rotated};
use super::function::Called;
use super::schedule::{self, Window};
use super::{Course, Happening, Kind, record};
use crate::demo::labels::{self, CURRENT, Refused};
use crate::demo::life::Queue;
use crate::demo::secret::Secret;
use crate::demo::seed::Seed;
use crate::demo::trail::Service;
use crate::demo::world::Inner;

/// RotateSecret was called while a rotation isn't complete: "That rotation will be reattempted." How soon isn't documented.
const SOON: TimeDelta = TimeDelta::seconds(10);

/// What RotateSecret has accepted, or the schedule begins: AWSPENDING goes to a new version. For a rotation it has no value
/// yet; for a trial (RotateImmediately=false) it is there for testSecret only, with the value in use.
pub(in crate::demo) fn start(
    world: &Inner,
    queue: &mut Queue,
    secret: &str,
    version: &str,
    kind: Kind,
    at: DateTime<Utc>,
) -> Result<(), Refused> {
    let moved = world.vault.change(secret, |secret| {
        let moves = labels::rotate(&mut secret.versions, version, at)?;
        if kind == Kind::Trial {
            labels::fill(&mut secret.versions, version, at)?;
            let current = labels::holder(&secret.versions, CURRENT).map(|current| current.id.clone());
            secret.database().copy(version, current.as_deref().unwrap_or_default());
        }
        secret.moves.extend(moves);
        secret.last_changed = Some(at);
        Ok(())
    });
    moved.unwrap_or(Ok(()))?;
    let ever = queue.courses.get(secret).map_or(0, |course| course.ever);
    let id = version.to_owned();
    let course = Course { version: id, attempts: 0, ever, repeated: 0, is_running: true, is_given_up: false };
    queue.courses.insert(secret.to_owned(), course);
    begin(world, queue, secret, version, kind, at);
    Ok(())
}

/// The re-attempt that AWS announces when it refuses a rotation because an earlier one isn't complete.
pub(in crate::demo) fn announce(world: &Inner, queue: &mut Queue, secret: &str, at: DateTime<Utc>) {
    let pending = world.vault.read().by_name(secret).and_then(pending);
    let is_running = queue.courses.get(secret).is_some_and(|course| course.is_running);
    if let Some(version) = pending.filter(|_| !is_running) {
        queue.put(at + SOON, Happening::Attempt { secret: secret.to_owned(), version });
    }
}

/// An attempt for the version that is pending still, if none is running. Where somebody has moved its label meanwhile
/// there is nothing to attempt again: the schedule goes on.
pub(super) fn again(world: &Inner, queue: &mut Queue, secret: &str, version: &str, at: DateTime<Utc>) {
    let is_due = world
        .vault
        .read()
        .by_name(secret)
        .is_some_and(|secret| is_rotated(world, secret) && pending(secret).as_deref() == Some(version));
    let is_running = queue.courses.get(secret).is_some_and(|course| course.is_running);
    match (is_running, is_due) {
        (true, _) => {}
        (false, true) => begin(world, queue, secret, version, Kind::Rotation, at),
        (false, false) => plan(world, queue, secret, at),
    }
}

/// The schedule fires. A rotation that isn't complete is attempted again, in place of a new one; one that a scenario
/// brings along only if it says when.
pub(super) fn fire(world: &Inner, queue: &mut Queue, secret: &str, next: DateTime<Utc>, at: DateTime<Utc>) {
    let known = world.vault.read().by_name(secret).filter(|secret| is_rotated(world, secret)).and_then(|secret| {
        let admits =
            secret.function.as_deref().is_none_or(|id| Called::of(world, id).admits(world, &world.vault.arn(secret)));
        let is_due = secret.next_rotation == Some(next) && labels::holder(&secret.versions, CURRENT).is_some();
        is_due.then(|| (pending(secret), admits, secret.behaviour().retry.is_some()))
    });
    let Some((pending, admits, retries)) = known else { return };
    let course = queue.courses.get(secret);
    let is_running = course.is_some_and(|course| course.is_running);
    match pending {
        _ if is_running || !admits => plan(world, queue, secret, at),
        Some(version) if retries || course.is_some_and(|course| course.version == version) => {
            queue.courses.entry(secret.to_owned()).and_modify(|course| course.repeated = 0);
            begin(world, queue, secret, &version, Kind::Rotation, at);
        }
        Some(_) => {}
        None => {
            let version = dice(world, secret, at).uuid().to_string();
            // Nothing but an id that is in use already could refuse it.
            drop(start(world, queue, secret, &version, Kind::Rotation, at));
        }
    }
}

/// The next rotation counts from `at`: the last one, or a value set by hand (rotate-secrets_schedule.html).
pub(in crate::demo) fn count_from(world: &Inner, queue: &mut Queue, secret: &str, at: DateTime<Utc>) {
    world.vault.change(secret, |secret| {
        let window = secret.rotation.as_ref().filter(|rules| rules.enabled).and_then(|rules| schedule::next(rules, at));
        secret.next_rotation = window.map(|(_, last)| last);
    });
    plan(world, queue, secret, at);
}

/// Plans all schedules of a world that begins.
pub(super) fn plan_all(world: &Inner, queue: &mut Queue, at: DateTime<Utc>) {
    let shelf = world.vault.read();
    for secret in shelf.all() {
        if let Some(when) = window(world, secret).and_then(|window| moment(world, &secret.name, window, at)) {
            queue.put(when, fire_of(secret));
        }
        // What should be gone already is there as long as the scenario says so: the background job has no fixed time.
        if let Some(deleted) = secret.deleted.filter(|deleted| *deleted > at) {
            queue.put(deleted, Happening::Gone { secret: secret.name.clone(), deleted });
        }
        let Some((version, retry)) = pending(secret).zip(secret.behaviour().retry) else { continue };
        let since = labels::incomplete(&secret.versions).map_or(at, |version| version.created);
        // As if it had been attempted at this distance ever since.
        let every = retry.after.max(TimeDelta::seconds(1));
        let passed = ((at - since).num_milliseconds() / every.num_milliseconds()).max(0) + 1;
        let when = i32::try_from(passed).map_or(at + every, |passed| since + every * passed);
        queue.put(when, Happening::Attempt { secret: secret.name.clone(), version });
    }
}

/// Plans the next rotation of a secret: in the window that ends with its NextRotationDate, or where that has passed in
/// the next one.
pub(in crate::demo) fn plan(world: &Inner, queue: &mut Queue, secret: &str, at: DateTime<Utc>) {
    let shelf = world.vault.read();
    let Some(secret) = shelf.by_name(secret) else { return };
    let later = || schedule::next(secret.rotation.as_ref()?, at);
    // In a window that is open it has been tried.
    let window = window(world, secret).filter(|window| window.0 > at).or_else(later);
    if let Some(when) = window.and_then(|window| moment(world, &secret.name, window, at)) {
        queue.put(when, fire_of(secret));
    }
}

/// The secret is deleted for good, unless somebody has restored it.
pub(super) fn gone(world: &Inner, secret: &str, deleted: DateTime<Utc>, at: DateTime<Utc>) {
    let is_due = world.vault.read().by_name(secret).is_some_and(|secret| secret.deleted == Some(deleted));
    if is_due {
        record::record(world, Some(secret), Service::EndDelete.act(None, None), at);
        world.vault.remove(secret, at);
    }
}

fn fire_of(secret: &Secret) -> Happening {
    Happening::Fire { secret: secret.name.clone(), next: secret.next_rotation.unwrap_or_default() }
}

fn window(world: &Inner, secret: &Secret) -> Option<Window> {
    let rules = secret.rotation.as_ref().filter(|_| is_rotated(world, secret))?;
    schedule::ending(rules, secret.next_rotation?)
}

/// When in the window, or in what is left of it, the service rotates: at any time (rotate-secrets_schedule.html), in its
/// first quarter here.
fn moment(world: &Inner, secret: &str, (opens, closes): Window, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let opens = opens.max(now);
    let room = u64::try_from((closes - opens).num_milliseconds()).ok()?;
    let after = dice(world, secret, closes).below(room / 4 + 1) + room / 50 + 1;
    Some(opens + TimeDelta::milliseconds(after.try_into().ok()?))
}

fn dice(world: &Inner, secret: &str, at: DateTime<Utc>) -> Seed {
    world.seed.fork(secret).fork(&format!("rotates {at}"))
}

/// The id of the version that is being rotated in, or was when that failed.
fn pending(secret: &Secret) -> Option<String> {
    labels::incomplete(&secret.versions).map(|version| version.id.clone())
}
