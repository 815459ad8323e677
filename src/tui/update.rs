//! What happens next: a message changes the model and may ask for effects. Pure.

mod agenda;
mod alerts;
mod answers;
mod change;
mod history;
mod keys;
mod log;
mod look;
mod watch;
mod why;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::known::Fetch;
use super::model::Model;
use super::msg::{Effect, Msg, Request, Slot};
use super::screen;
use crate::domain::fault::Fault;
use crate::domain::inspection::Inspection;
use crate::domain::secret::SecretId;

/// How long the cursor must rest on a secret before AWS is asked about it.
const SETTLE: Duration = Duration::from_millis(150);

/// How often the list is asked for again by itself, and how many pages it may have for that.
const LIST_EVERY: TimeDelta = TimeDelta::minutes(5);
const LIST_PAGES: usize = 20;

/// The first effects: opening the door, and a look for what was left half done.
pub fn start(model: &mut Model) -> Vec<Effect> {
    vec![open(model), model.ask(Slot::Left, Request::Left)]
}

/// Takes in a message. Whatever it does, the secret that is selected after it is asked about if it is another one.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let before = model.selected_id();
    let mut effects = match msg {
        Msg::Key(key) => keys::press(model, key),
        Msg::Paste(text) => keys::paste(model, &text),
        Msg::Mouse(event) => keys::mouse(model, event),
        Msg::Resize(size) => {
            model.size = size;
            log::settle(model);
            change::resized(model)
        }
        Msg::Tick(now) => tick(model, now),
        Msg::Call(call) => {
            model.known.called(call);
            Vec::new()
        }
        Msg::Drawn => change::drawn(model),
        Msg::Reply(slot, ticket, reply) => answers::answer(model, slot, ticket, reply),
    };
    effects.extend(inspect_if_moved(model, before.as_ref()));
    effects.extend(watch::settle(model));
    effects.extend(history::keep_up(model));
    effects.extend(history::refill(model));
    agenda::keep_young(model);
    effects
}

/// Asks about the selected secret if it is another one than before.
fn inspect_if_moved(model: &mut Model, before: Option<&SecretId>) -> Option<Effect> {
    match model.selected_id() {
        Some(id) if before != Some(&id) => {
            model.known.inspected.kept = Some(id.clone());
            model.secret.top = 0;
            model.timeline = screen::timeline::Timeline::default();
            Some(inspect(model, id, SETTLE))
        }
        None if before.is_some() => Some(model.drop_question(Slot::Secret)),
        _ => None,
    }
}

fn inspect(model: &mut Model, id: SecretId, settle: Duration) -> Effect {
    model.known.inspected.entry(&id).state = Fetch::Loading;
    model.ask(Slot::Secret, Request::Inspect(id, settle))
}

fn open(model: &mut Model) -> Effect {
    model.known.context.state = Fetch::Loading;
    model.ask(Slot::Door, Request::Open(Duration::ZERO))
}

/// Asks AWS again: for everything that is shown, or first for a way in where that is what is missing.
fn refresh(model: &mut Model) -> Vec<Effect> {
    if model.known.context.state == Fetch::Loading {
        // A second sign-in beside the first would ask twice for what a person may have to type.
        return Vec::new();
    }
    let needs_door = faults(model).any(Fault::is_sign_in);
    match model.known.context.get().cloned() {
        Some(context) if !needs_door && model.known.context.state.fault().is_none() => {
            if model.known.trail.state.fault().is_some() {
                model.known.trail.asked = None;
            }
            if model.known.history.changes_state.fault().is_some() {
                model.known.history.changes_asked = None;
            }
            let mut effects: Vec<_> = list(model).into_iter().collect();
            if model.known.identity.state.fault().is_some() {
                effects.push(model.ask(Slot::Identity, Request::Identity(context)));
            }
            effects.extend(model.selected_id().map(|id| inspect(model, id, Duration::ZERO)));
            effects
        }
        _ => vec![open(model)],
    }
}

/// Asks for the list.
fn list(model: &mut Model) -> Option<Effect> {
    let context = model.known.context.get().cloned()?;
    model.known.secrets.begin();
    Some(model.ask(Slot::Secrets, Request::List(context)))
}

/// Every fault that stands on the screen.
fn faults(model: &Model) -> impl Iterator<Item = &Fault> {
    let inspection = model.selected().and_then(|row| model.known.inspected.get(&row.secret.id)?.get());
    model.list_fault().into_iter().chain(inspection.into_iter().flat_map(Inspection::faults))
}

fn tick(model: &mut Model, now: DateTime<Utc>) -> Vec<Effect> {
    model.now = now;
    if model.notice.as_ref().is_some_and(|notice| notice.until <= now) {
        model.notice = None;
    }
    let changed = model.known.secrets.tick(now);
    model.secrets.changed(&changed, &model.known.secrets);
    let mut effects = look::further(model);
    effects.extend(change::keep_young(model));
    let secrets = &model.known.secrets;
    let old = secrets.as_of.is_some_and(|as_of| now - as_of >= LIST_EVERY);
    if old && secrets.state == Fetch::Idle && secrets.pages <= LIST_PAGES {
        effects.extend(list(model));
    }
    effects
}
