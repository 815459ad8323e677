//! What happens next: a message changes the model and may ask for effects. Pure.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::KeyEvent;

use super::keymap::{self, Action, Scope};
use super::known::Fetch;
use super::model::{LOOK_AGAIN, Model, Overlay};
use super::msg::{Effect, Ending, Msg, Reply, Request, Slot, Ticket};
use crate::domain::fault::{Cause, Fault};
use crate::domain::inspection::Inspection;
use crate::domain::secret::SecretId;

/// How long the cursor must rest on a secret before AWS is asked about it.
const SETTLE: Duration = Duration::from_millis(150);

/// How often the order is put right for what time alone changes.
const SORT_EVERY: TimeDelta = TimeDelta::seconds(30);

/// The first effects: opening the door.
pub fn start(model: &mut Model) -> Vec<Effect> {
    vec![open(model)]
}

/// Takes in a message.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => press(model, key),
        Msg::Resize(size) => {
            model.size = size;
            Vec::new()
        }
        Msg::Tick(now) => tick(model, now),
        Msg::Calls(calls) => {
            model.known.calls = calls;
            Vec::new()
        }
        Msg::Reply(ticket, reply) => answer(model, ticket, reply),
    }
}

fn press(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    model.notice = None;
    let scope = if model.overlay.is_some() { Scope::Help } else { Scope::Secrets };
    let Some(action) = keymap::action(scope, key) else { return Vec::new() };
    match (action, model.overlay) {
        (Action::Interrupt, _) => vec![Effect::Quit(Ending::Interrupted)],
        (Action::Suspend, _) => vec![Effect::Suspend],
        (Action::Dismiss, Some(_)) => {
            model.overlay = None;
            Vec::new()
        }
        (action, Some(Overlay::Help(line))) => {
            model.overlay = Some(Overlay::Help(scroll(action, line)));
            Vec::new()
        }
        (Action::Quit, None) => vec![Effect::Quit(Ending::Done)],
        (Action::Help, None) => {
            model.overlay = Some(Overlay::Help(0));
            Vec::new()
        }
        (Action::Refresh, None) => refresh(model),
        (action, None) => go(model, action),
    }
}

fn scroll(action: Action, line: u16) -> u16 {
    match action {
        Action::Down => line.saturating_add(1).min(keymap::lines()),
        Action::Up => line.saturating_sub(1),
        _ => line,
    }
}

fn go(model: &mut Model, action: Action) -> Vec<Effect> {
    let before = selected(model);
    if !model.secrets.go(action, &model.known.secrets, model.page()) {
        return Vec::new();
    }
    inspect_if_moved(model, before.as_ref())
}

fn selected(model: &Model) -> Option<SecretId> {
    model.secrets.selected(&model.known.secrets)
}

/// Asks about the selected secret if it is another one than before.
fn inspect_if_moved(model: &mut Model, before: Option<&SecretId>) -> Vec<Effect> {
    match selected(model) {
        Some(id) if before != Some(&id) => vec![inspect(model, id, SETTLE)],
        None if before.is_some() => vec![model.drop_question(Slot::Secret)],
        _ => Vec::new(),
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
    let needs_door = faults(model).any(Fault::is_sign_in);
    match model.known.context.get().cloned() {
        Some(context) if !needs_door && model.known.context.state.fault().is_none() => {
            model.known.secrets.begin();
            let mut effects = vec![model.ask(Slot::Secrets, Request::List(context.clone()))];
            if model.known.identity.state.fault().is_some() {
                effects.push(model.ask(Slot::Identity, Request::Identity(context)));
            }
            effects.extend(selected(model).map(|id| inspect(model, id, Duration::ZERO)));
            effects
        }
        _ => vec![open(model)],
    }
}

/// Every fault that stands on the screen.
fn faults(model: &Model) -> impl Iterator<Item = &Fault> {
    let inspection = selected(model).and_then(|id| model.known.inspected.get(&id)?.get());
    model.list_fault().into_iter().chain(inspection.into_iter().flat_map(Inspection::faults))
}

fn tick(model: &mut Model, now: DateTime<Utc>) -> Vec<Effect> {
    model.now = now;
    if now - model.sorted < SORT_EVERY {
        return Vec::new();
    }
    model.sorted = now;
    let before = selected(model);
    model.known.secrets.sort(now);
    inspect_if_moved(model, before.as_ref())
}

/// Takes in a reply, unless it is late: then it would stand under another secret or another door.
fn answer(model: &mut Model, ticket: Ticket, reply: Reply) -> Vec<Effect> {
    if !model.awaits(reply.slot(), ticket) {
        return Vec::new();
    }
    let now = model.now;
    match reply {
        Reply::Opened(opened) => self::opened(model, opened),
        Reply::Identity(identity) => {
            model.known.identity.settle(identity, now);
            Vec::new()
        }
        Reply::Page(secrets) => list_changed(model, |model| model.known.secrets.page(secrets, now)),
        Reply::Listed(ended) => {
            let expired = ended.as_ref().err().is_some_and(heals_elsewhere);
            let mut effects = list_changed(model, |model| model.known.secrets.end(ended, now));
            effects.extend(expired.then(|| look_again(model)));
            effects
        }
        Reply::Inspected(id, inspection) => {
            inspected(model, &id, *inspection);
            Vec::new()
        }
    }
}

fn opened(model: &mut Model, opened: Result<std::sync::Arc<crate::domain::context::Context>, Fault>) -> Vec<Effect> {
    let before = model.known.context.get().cloned();
    let heals = opened.as_ref().err().is_some_and(heals_elsewhere);
    model.known.context.settle(opened, model.now);
    if model.known.context.state.fault().is_some() {
        return if heals { vec![look_again(model)] } else { Vec::new() };
    }
    let Some(context) = model.known.context.get().cloned() else { return Vec::new() };
    if before.is_some_and(|before| before != context) {
        model.known.secrets.clear();
        model.known.identity = super::known::Remote::default();
    }
    model.known.secrets.begin();
    model.known.identity.state = Fetch::Loading;
    vec![
        model.ask(Slot::Secrets, Request::List(context.clone())),
        model.ask(Slot::Identity, Request::Identity(context)),
    ]
}

/// Whether somebody may be healing it in another window right now.
fn heals_elsewhere(fault: &Fault) -> bool {
    matches!(fault.cause, Cause::SsoExpired { .. } | Cause::Expired { .. })
}

fn look_again(model: &mut Model) -> Effect {
    model.ask(Slot::Door, Request::Open(LOOK_AGAIN))
}

fn list_changed(model: &mut Model, change: impl FnOnce(&mut Model)) -> Vec<Effect> {
    let before = selected(model);
    let place = model.secrets.place(&model.known.secrets);
    change(model);
    model.secrets.keep(place, &model.known.secrets);
    inspect_if_moved(model, before.as_ref())
}

fn inspected(model: &mut Model, id: &SecretId, inspection: Inspection) {
    let now = model.now;
    if let Ok(secret) = &inspection.secret {
        model.known.secrets.renew(secret, now);
    }
    model.known.inspected.entry(id).settle(Ok(inspection), now);
}
