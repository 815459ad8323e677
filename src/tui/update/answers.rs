//! Replies from AWS. A late one is ignored: it would stand under another secret or behind another door.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{agenda, alerts, change, history, inspect, list, log, look, watch, why};
use crate::domain::context::{Context, Identity};
use crate::domain::fault::Fault;
use crate::domain::inspection::Inspection;
use crate::domain::preflight::Purpose;
use crate::domain::secret::SecretId;
use crate::text::{AwsText, count, safe};
use crate::tui::known::{Fetch, Inspected, Remote, Rotation, Trail};
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::{Effect, Ending, Reply, Request, Slot, Ticket};
use crate::tui::sheet::LOOK_AGAIN;

/// Takes in a reply, unless it is late.
pub(super) fn answer(model: &mut Model, slot: Slot, ticket: Ticket, reply: Reply) -> Vec<Effect> {
    if !model.awaits(slot, ticket) {
        return Vec::new();
    }
    // The slots of rotations and logs are answered many times.
    let goes_on = matches!(reply, Reply::Page(_) | Reply::Failures(_) | Reply::Cancellations(_) | Reply::Deletions(_))
        || matches!(&reply, Reply::Checked(checked) if checked.preflight.purpose == Purpose::Rotate);
    if !goes_on
        && !matches!(slot, Slot::Rotation(_) | Slot::Log | Slot::Why | Slot::Fix | Slot::History | Slot::Changes)
    {
        model.answered(slot);
    }
    let now = model.now;
    match reply {
        Reply::Opened(opened) => self::opened(model, opened),
        Reply::Identity(identity) => self::identity(model, identity),
        Reply::Page(secrets) => {
            let changed = model.known.secrets.page(secrets, now);
            model.secrets.changed(&changed, &model.known.secrets);
            // The history may have told of a secret before the list did.
            let rows = changed.iter().map(|number| model.known.secrets.row(*number)).filter(|row| row.is_pending());
            let concerned = rows.map(|row| row.secret.id.arn.clone()).collect();
            retell(model, concerned);
            look::further(model)
        }
        Reply::Listed(ended) => listed(model, ended),
        Reply::Failures(failures) => {
            let new = model.known.trail.failed(failures);
            history::told_of_failures(model, &new);
            retell(model, new.into_iter().map(|failure| failure.secret).collect());
            Vec::new()
        }
        Reply::Cancellations(cancellations) => {
            model.known.trail.cancelled(cancellations);
            Vec::new()
        }
        Reply::Deletions(deletions) => {
            let new = model.known.trail.deleted(deletions);
            history::told_of_deletions(model, &new);
            Vec::new()
        }
        Reply::Trailed(ended) => {
            model.known.trail.is_first_over |= ended.is_ok();
            model.known.trail.state = ended.map_or_else(Fetch::Failed, |()| Fetch::Idle);
            Vec::new()
        }
        Reply::Inspected(id, inspection) => inspected(model, &id, *inspection),
        Reply::Checked(checked) => change::checked(model, *checked),
        Reply::Readers(check) => {
            change::readers(model, &check);
            Vec::new()
        }
        Reply::Paused => change::paused(model),
        reply @ (Reply::Why(..) | Reply::Fix(_) | Reply::Left(_)) => why::answer(model, reply),
        reply @ (Reply::History(_) | Reply::Searched) if slot == Slot::Changes => {
            history::changes(model, reply);
            Vec::new()
        }
        reply @ (Reply::History(_) | Reply::Searched | Reply::Record(_)) => history::answer(model, reply),
        Reply::Alerts(coverage) => {
            alerts::answer(model, *coverage);
            Vec::new()
        }
        reply => of_log(model, slot, reply),
    }
}

/// What is told of a rotation, of a log, or of a file that its lines were saved to.
fn of_log(model: &mut Model, slot: Slot, reply: Reply) -> Vec<Effect> {
    match (slot, reply) {
        (Slot::Rotation(number), Reply::Changed(changed)) => return change::changed(model, number, &changed),
        (Slot::Rotation(number), reply) => return watch::answer(model, number, reply),
        (Slot::Log, reply) => log::answer(model, reply),
        (_, Reply::Saved(Ok((file, number, what)))) => {
            model.notify(format!("saved {} to {}", count(number, what), safe(&file.to_string_lossy())));
        }
        (_, Reply::Saved(Err(why))) => model.notify(format!("not saved: {}", safe(&why))),
        _ => {}
    }
    Vec::new()
}

fn opened(model: &mut Model, opened: Result<Arc<Context>, Fault>) -> Vec<Effect> {
    let before = model.known.context.get().cloned();
    let heals = opened.as_ref().err().is_some_and(Fault::heals_elsewhere);
    model.known.context.settle(opened, model.now);
    if model.known.context.state.fault().is_some() {
        return if heals { vec![look_again(model)] } else { Vec::new() };
    }
    let Some(context) = model.known.context.get().cloned() else { return Vec::new() };
    let mut effects = Vec::new();
    // Where the account was never learned, nobody can tell whether this is the same one.
    let is_nameless = model.known.identity.get().is_none();
    if before.is_some_and(|before| before != context || is_nameless) {
        model.known.identity = Remote::default();
        effects = forget(model);
    }
    model.known.identity.state = Fetch::Loading;
    effects.push(model.ask(Slot::Identity, Request::Identity(context)));
    effects.extend(list(model));
    // What stood beside a secret may have been the very fault that is healed now.
    effects.extend(model.selected_id().map(|id| inspect(model, id, Duration::ZERO)));
    effects
}

/// Another account may answer under the same profile and Region: nothing of the one before may stand under its number.
fn identity(model: &mut Model, answer: Result<Identity, Fault>) -> Vec<Effect> {
    let account = |identity: &Identity| identity.account.clone();
    let before = model.known.identity.get().map(account);
    if answer.is_err() {
        // The number was learned behind an earlier door; behind this one it may be another.
        model.known.identity = Remote::default();
    }
    model.known.identity.settle(answer, model.now);
    let after = model.known.identity.get().map(account);
    if before.is_none() || before == after {
        return Vec::new();
    }
    let mut effects = forget(model);
    effects.extend(list(model));
    effects
}

/// The history, or a rotation that was watched, has told more about some secrets: what their pending versions are a sign of is judged again.
pub(super) fn retell(model: &mut Model, concerned: Vec<AwsText>) {
    let Some(context) = model.known.context.get().cloned() else { return };
    let mut changed = Vec::new();
    for arn in concerned {
        let id = SecretId { context: Arc::clone(&context), arn };
        let Some(number) = model.known.secrets.find(&id) else { continue };
        let row = model.known.secrets.row(number);
        let signs = model.known.trail.signs(&row.secret, row.signs().clone());
        let signs = model.known.rotations.signs(&row.secret, signs);
        changed.extend(model.known.secrets.sign(&id, signs, model.now));
    }
    changed.sort_unstable();
    changed.dedup();
    model.secrets.changed(&changed, &model.known.secrets);
}

/// Forgets all that was told of secrets, and what is still being asked of them: its answer would come from where
/// nobody looks any more, and stand under secrets of the same name.
fn forget(model: &mut Model) -> Vec<Effect> {
    model.known.secrets.clear();
    model.known.inspected = Inspected::default();
    model.known.trail = Trail::default();
    model.secrets.arrange(&model.known.secrets);
    // What was open was about a secret of the account before.
    model.way.retain(|screen| !matches!(screen, Screen::Secret | Screen::Why | Screen::History | Screen::Alerts));
    history::forget(model);
    model.known.alerts = Remote::default();
    model.known.why = None;
    model.overlay.take_if(|overlay| matches!(overlay, Overlay::Copy(..) | Overlay::Confirm(_) | Overlay::Save(_)));
    agenda::renew(model);
    let mut effects = watch::forget(model);
    let slots = [
        Slot::Trail,
        Slot::Secret,
        Slot::Why,
        Slot::Confirm,
        Slot::Pause,
        Slot::History,
        Slot::Changes,
        Slot::Record,
        Slot::Alerts,
    ]
    .into_iter()
    .chain(look::slots());
    let asked: Vec<Slot> = slots.filter(|slot| !model.is_free(*slot)).collect();
    effects.extend(asked.into_iter().map(|slot| model.drop_question(slot)));
    effects
}

fn listed(model: &mut Model, ended: Result<(), Fault>) -> Vec<Effect> {
    let heals = ended.as_ref().err().is_some_and(Fault::heals_elsewhere) && model.is_free(Slot::Door);
    // With other numbers nobody can tell any more where a secret stood that is gone.
    let place = model.secrets.place(&model.known.secrets);
    if model.known.secrets.end(ended, model.now) {
        model.secrets.renumbered(place, &model.known.secrets);
    }
    let mut effects = look::further(model);
    effects.extend(heals.then(|| look_again(model)));
    effects
}

/// Leaves, if the user has left and nothing more is waited for.
pub(super) fn left(model: &Model) -> Option<Effect> {
    let is_calling = model.known.rotations.iter().any(Rotation::is_calling);
    let is_fixing = model.known.fix.as_ref().is_some_and(|fix| fix.end().is_none());
    (model.is_leaving && !is_calling && !is_fixing).then_some(Effect::Quit(Ending::Done))
}

fn look_again(model: &mut Model) -> Effect {
    model.ask(Slot::Door, Request::Open(LOOK_AGAIN))
}

pub(super) fn inspected(model: &mut Model, id: &SecretId, inspection: Inspection) -> Vec<Effect> {
    let now = model.now;
    let heals = inspection.faults().any(Fault::heals_elsewhere) && model.is_free(Slot::Door);
    let mut changed = Vec::new();
    // A fault tells nothing: what was found out before, and what the history told, stands.
    if let Ok(secret) = &inspection.secret {
        changed.extend(model.known.secrets.described(secret.clone(), now));
        let signs = model.known.trail.signs(secret, inspection.signs());
        let signs = model.known.rotations.signs(secret, signs);
        changed.extend(model.known.secrets.sign(id, signs, now));
    }
    changed.extend(model.known.secrets.looked(id, now));
    model.known.inspected.entry(id).settle(Ok(inspection), now);
    changed.dedup();
    model.secrets.changed(&changed, &model.known.secrets);
    let mut effects = look::further(model);
    effects.extend(heals.then(|| look_again(model)));
    effects
}

/// Takes in whether a secret is marked for deletion, as it was seen right after the call.
pub(super) fn marked(model: &mut Model, id: &SecretId, deleted: Option<DateTime<Utc>>) {
    let changed: Vec<_> = model.known.secrets.marked(id, deleted, model.now).into_iter().collect();
    model.secrets.changed(&changed, &model.known.secrets);
    if let Some((Inspection { secret: Ok(secret), .. }, _)) = &mut model.known.inspected.entry(id).value {
        secret.deleted = deleted;
    }
}
