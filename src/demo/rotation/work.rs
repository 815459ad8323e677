//! What a step does once the handler has let it: values, labels and passwords that change, and its words about them.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::behaviour::Ending;
use super::fault::Fault;
use super::invocation::Invocation;
use super::lines::Said;
use super::raised::Raised;
use super::set::{self, Logins};
use super::{Kind, Step, attempt, record};
use crate::demo::database::User;
use crate::demo::function::Strategy;
use crate::demo::labels::{self, CURRENT, PENDING};
use crate::demo::life::Queue;
use crate::demo::secret::Secret;
use crate::demo::world::Inner;

/// How a step's work ends.
pub(super) enum End {
    Done,
    Raised(Raised),
    /// It doesn't, until Lambda ends it.
    Hangs,
}

/// What was said, and how it ended.
pub(super) type Told = (Vec<Said>, End);

/// The step's work at the moment at which it is done.
pub(super) fn work(world: &Inner, invocation: &Invocation, at: DateTime<Utc>) -> Told {
    let (step, lines) = (invocation.run.step, &invocation.lines);
    match &invocation.way.ending {
        Ending::Fails { at, with } | Ending::Unreachable { at, with } if *at == step => {
            let (said, raised) = lines.failure(step, with.as_deref());
            return (said.into_iter().collect(), End::Raised(raised));
        }
        Ending::Denied if step == Step::Create && is_empty(world, invocation) => {
            let (run, function) = (&invocation.run, &invocation.called.function.name);
            record::random(world, function, at);
            record::denied(world, run, function, "PutSecretValue", &lines.not_authorized("PutSecretValue"), at);
            return (Vec::new(), End::Raised(lines.denied(step, "PutSecretValue")));
        }
        _ => {}
    }
    match step {
        Step::Create => create(world, invocation, at),
        Step::Set => set::set(world, invocation, at),
        Step::Test => test(world, invocation, at),
        Step::Finish => finish(world, invocation, at),
    }
}

/// Whether createSecret has something to put.
fn is_empty(world: &Inner, invocation: &Invocation) -> bool {
    let run = &invocation.run;
    let shelf = world.vault.read();
    let mut versions = shelf.by_name(&run.secret).into_iter().flat_map(|secret| &secret.versions);
    versions.any(|version| version.id == run.version && !version.has_value)
}

/// PutSecretValue, unless an earlier attempt has done it.
fn create(world: &Inner, invocation: &Invocation, at: DateTime<Utc>) -> Told {
    let (run, lines) = (&invocation.run, &invocation.lines);
    let is_new = world.vault.change(&run.secret, |secret| {
        touch(secret, CURRENT, at);
        let kms_keys = labels::holder(&secret.versions, CURRENT).map(|version| version.kms_keys.clone());
        if labels::fill(&mut secret.versions, &run.version, at).is_err() {
            return false;
        }
        if let Some(version) = secret.versions.iter_mut().find(|version| version.id == run.version) {
            version.kms_keys = kms_keys.unwrap_or_default();
        }
        let database = secret.database();
        let user = invocation.read.current.as_deref().map_or(User::Own, |current| database.user(current));
        let takes_turns = invocation.called.function.strategy == Strategy::Alternating;
        database.put(&run.version, if takes_turns { user.other() } else { user });
        // The label is there already, unless somebody took it off a moment ago (API_PutSecretValue.html).
        let sits = labels::holder(&secret.versions, PENDING).map(|version| version.id.clone());
        let moved = labels::update(&mut secret.versions, PENDING, Some(&run.version), sits.as_deref(), at);
        secret.moves.extend(moved.unwrap_or_default());
        secret.last_changed = Some(at);
        true
    });
    if is_new != Some(true) {
        return (vec![lines.retrieved()], End::Done);
    }
    record::random(world, &invocation.called.function.name, at);
    let input = json!({ "clientRequestToken": run.version, "versionStages": [PENDING] });
    record::call(world, run, &invocation.called.function.name, "PutSecretValue", input, at);
    (vec![lines.put()], End::Done)
}

/// Logs in with the pending password.
fn test(world: &Inner, invocation: &Invocation, at: DateTime<Utc>) -> Told {
    let (run, lines) = (&invocation.run, &invocation.lines);
    let database = world.vault.change(&run.secret, |secret| {
        touch(secret, PENDING, at);
        secret.database().clone()
    });
    let database = database.unwrap_or_default();
    let mut logins = Logins::of(invocation, &database);
    if logins.enters(&run.version) {
        logins.said.push(lines.tested());
        return (logins.said, End::Done);
    }
    let (words, raised) = lines.fault(Step::Test, &Fault::PendingFails);
    logins.said.extend(words);
    (logins.said, End::Raised(raised))
}

/// UpdateSecretVersionStage: from now on the new version is the one in use.
fn finish(world: &Inner, invocation: &Invocation, at: DateTime<Utc>) -> Told {
    let (run, lines) = (&invocation.run, &invocation.lines);
    let before = world.vault.change(&run.secret, |secret| {
        let before = labels::holder(&secret.versions, CURRENT).map(|version| version.id.clone());
        if before.as_ref() == Some(&run.version) {
            return before;
        }
        let moved = labels::update(&mut secret.versions, CURRENT, Some(&run.version), before.as_deref(), at);
        secret.moves.extend(moved.unwrap_or_default());
        secret.last_changed = Some(at);
        before
    });
    if before.as_ref().is_some_and(|before| before.as_ref() == Some(&run.version)) {
        return (vec![lines.already_finished()], End::Done);
    }
    let input = json!({ "versionStage": CURRENT, "moveToVersionId": run.version,
        "removeFromVersionId": before.flatten() });
    record::call(world, run, &invocation.called.function.name, "UpdateSecretVersionStage", input, at);
    (vec![lines.finished()], End::Done)
}

/// Somebody sets a value by hand while this step runs, if the scenario says so.
pub(super) fn interrupt(world: &Inner, queue: &mut Queue, invocation: &Invocation, at: DateTime<Utc>) {
    let run = &invocation.run;
    if matches!(&invocation.way.ending, Ending::Abandoned { at } if *at == run.step) && run.kind == Kind::Rotation {
        attempt::abandon(world, queue, run, at);
    }
}

/// The function has read the version with this label.
pub(super) fn touch(secret: &mut Secret, label: &str, at: DateTime<Utc>) {
    let today = Some(at.date_naive());
    secret.last_accessed = today;
    if let Some(version) = secret.versions.iter_mut().find(|version| version.labels.iter().any(|found| found == label))
    {
        version.accessed = today;
    }
}
