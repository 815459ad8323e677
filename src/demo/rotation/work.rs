//! What a step does once the handler has let it: values, labels and passwords that change, and its words about them.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::behaviour::Ending;
use super::invocation::Invocation;
use super::lines::Said;
use super::raised::Raised;
use super::{Kind, Step, attempt, record};
use crate::demo::labels::{self, CURRENT, PENDING, PREVIOUS};
use crate::demo::life::Queue;
use crate::demo::secret::Secret;
use crate::demo::world::Inner;

/// What was said, and whether an exception ended it.
type Told = (Vec<Said>, Result<(), Raised>);

/// The step's work at the moment at which it is done.
pub(super) fn work(world: &Inner, queue: &mut Queue, invocation: &mut Invocation, at: DateTime<Utc>) -> Told {
    let (step, lines) = (invocation.run.step, &invocation.lines);
    match &invocation.ending {
        Ending::Fails { at, with } if *at == step => {
            let (said, raised) = lines.failure(step, with.as_deref());
            return (said.into_iter().collect(), Err(raised));
        }
        Ending::Denied if step == Step::Create => return (Vec::new(), Err(lines.denied(step, "PutSecretValue"))),
        _ => {}
    }
    match step {
        Step::Create => create(world, invocation, at),
        Step::Set => set(world, queue, invocation, at),
        Step::Test => test(world, queue, invocation, at),
        Step::Finish => finish(world, invocation, at),
    }
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
        // The label is there already, unless somebody took it off a moment ago (API_PutSecretValue.html).
        let sits = labels::holder(&secret.versions, PENDING).map(|version| version.id.clone());
        let moved = labels::update(&mut secret.versions, PENDING, Some(&run.version), sits.as_deref(), at);
        secret.moves.extend(moved.unwrap_or_default());
        secret.last_changed = Some(at);
        true
    });
    if is_new != Some(true) {
        return (vec![lines.retrieved()], Ok(()));
    }
    let input = json!({ "clientRequestToken": run.version, "versionStages": [PENDING] });
    record::call(world, run, &invocation.called.function.name, "PutSecretValue", input, at);
    (vec![lines.put()], Ok(()))
}

/// The first of the three passwords that the database takes: the pending one, so that nothing is left to do, the current
/// or the previous one.
fn set(world: &Inner, queue: &mut Queue, invocation: &Invocation, at: DateTime<Utc>) -> Told {
    let (run, lines) = (&invocation.run, &invocation.lines);
    let live = database(world, queue, invocation);
    let opens = world.vault.change(&run.secret, |secret| {
        touch(secret, CURRENT, at);
        let is = |label: &str| {
            labels::holder(&secret.versions, label).is_some_and(|version| Some(&version.id) == live.as_ref())
        };
        (live.as_ref() == Some(&run.version), is(CURRENT) || is(PREVIOUS))
    });
    let is_plain = invocation.ending == Ending::WithoutTls;
    let mut said = if is_plain { vec![lines.no_tls()] } else { Vec::new() };
    match opens {
        Some((true, _)) => said.extend([lines.connected(!is_plain), lines.already_set()]),
        Some((false, true)) => {
            said.extend(is_plain.then(|| lines.no_tls()));
            said.extend([lines.connected(!is_plain), lines.set()]);
            queue.databases.insert(run.secret.clone(), run.version.clone());
        }
        _ => {
            let (words, raised) = lines.failure(Step::Set, None);
            said.extend(words);
            return (said, Err(raised));
        }
    }
    (said, Ok(()))
}

/// Logs in with the pending password. A trial's version has the value of the current one.
fn test(world: &Inner, queue: &mut Queue, invocation: &Invocation, at: DateTime<Utc>) -> Told {
    let (run, lines) = (&invocation.run, &invocation.lines);
    let live = database(world, queue, invocation);
    let is_plain = invocation.ending == Ending::WithoutTls;
    let mut said = if is_plain { vec![lines.no_tls()] } else { Vec::new() };
    let opens = world.vault.change(&run.secret, |secret| {
        touch(secret, PENDING, at);
        let current = labels::holder(&secret.versions, CURRENT).map(|version| version.id.clone());
        let same = if run.kind == Kind::Trial { current } else { Some(run.version.clone()) };
        same == live
    });
    if opens != Some(true) {
        let (words, raised) = lines.failure(Step::Test, None);
        said.extend(words);
        return (said, Err(raised));
    }
    said.extend([lines.connected(!is_plain), lines.tested()]);
    (said, Ok(()))
}

/// UpdateSecretVersionStage: from now on the new version is the one in use.
fn finish(world: &Inner, invocation: &Invocation, at: DateTime<Utc>) -> Told {
    let (run, lines) = (&invocation.run, &invocation.lines);
    let before = world.vault.change(&run.secret, |secret| {
        let before = labels::holder(&secret.versions, CURRENT).map(|version| version.id.clone());
        let moved = labels::update(&mut secret.versions, CURRENT, Some(&run.version), before.as_deref(), at);
        secret.moves.extend(moved.unwrap_or_default());
        secret.last_changed = Some(at);
        before
    });
    let input = json!({ "versionStage": CURRENT, "moveToVersionId": run.version,
        "removeFromVersionId": before.flatten() });
    record::call(world, run, &invocation.called.function.name, "UpdateSecretVersionStage", input, at);
    (vec![lines.finished()], Ok(()))
}

/// Somebody sets a value by hand while this step runs, if the scenario says so.
pub(super) fn interrupt(world: &Inner, queue: &mut Queue, invocation: &Invocation, at: DateTime<Utc>) {
    let run = &invocation.run;
    if matches!(&invocation.ending, Ending::Abandoned { at } if *at == run.step) && run.kind == Kind::Rotation {
        attempt::abandon(world, queue, run, at);
    }
}

/// The version whose password the database takes. Of a pending one that the scenario brings along it is that, if it is
/// said to fail behind setSecret.
fn database(world: &Inner, queue: &Queue, invocation: &Invocation) -> Option<String> {
    let run = &invocation.run;
    if let Some(version) = queue.databases.get(&run.secret) {
        return Some(version.clone());
    }
    let is_behind = matches!(&invocation.behaviour.ending, Ending::Fails { at: Step::Test | Step::Finish, .. });
    if is_behind && run.is_inherited {
        return Some(run.version.clone());
    }
    let shelf = world.vault.read();
    let secret = shelf.by_name(&run.secret)?;
    labels::holder(&secret.versions, CURRENT).map(|version| version.id.clone())
}

/// The function has read the version with this label.
fn touch(secret: &mut Secret, label: &str, at: DateTime<Utc>) {
    let today = Some(at.date_naive());
    secret.last_accessed = today;
    if let Some(version) = secret.versions.iter_mut().find(|version| version.labels.iter().any(|found| found == label))
    {
        version.accessed = today;
    }
}
