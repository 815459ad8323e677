//! Changes: asked about, read, confirmed, begun. Nothing here makes a change; it asks for one that a person has confirmed.

use std::time::Duration;

use chrono::TimeDelta;
use crossterm::event::{Event, KeyEvent};
use tui_input::backend::crossterm::EventHandler;

use super::{answers, watch, why};
use crate::domain::change::{Changed, RecoveryWindow, Word};
use crate::domain::preflight::{Begin, Check, Checked, Purpose};
use crate::domain::secret::Secret;
use crate::tui::board;
use crate::tui::keymap::{Action, Scope};
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::{Effect, Request, Slot};
use crate::tui::screen::confirm::{Confirm, Stage};

/// How long the pre-flight must have stood on the screen before a key counts, without any key in between. Nobody reads
/// faster, and what was typed ahead has been read by then.
const READING: Duration = Duration::from_millis(400);

/// The same after a key that would have confirmed: it may be held down, and keyboards repeat a key after up to a second.
const HELD_DOWN: Duration = Duration::from_millis(1_500);

/// How long after a key that confirms, or a letter of a name, no other key may come: what is pasted comes at once, also
/// where a terminal doesn't tell a paste from typing.
const ALONE: Duration = Duration::from_millis(100);

/// How old a pre-flight may be.
const FRESH: TimeDelta = TimeDelta::minutes(2);

/// Asks about a change of the secret that is looked at.
pub(super) fn ask(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(secret) = subject(model) else {
        model.notify("there is no secret here to change");
        return Vec::new();
    };
    let purpose = match action {
        Action::TestOnly => Purpose::TestOnly,
        Action::Turn if secret.rotation_enabled == Some(true) => Purpose::TurnOff,
        Action::Turn => Purpose::TurnOn,
        Action::Restore => Purpose::Restore,
        Action::Mark if secret.deleted.is_some() => Purpose::Restore,
        Action::Mark | Action::Delete => Purpose::Delete(RecoveryWindow::default()),
        _ => Purpose::Rotate,
    };
    ask_for(model, secret, purpose)
}

/// The secret that is looked at: that of the rotation or log that is shown, else the selected one.
pub(super) fn subject(model: &Model) -> Option<Secret> {
    let id = match model.screen() {
        Screen::Watch(_) => model.watched().map(|rotation| rotation.id.clone()),
        Screen::Log => model.known.log.as_ref().map(|(id, _)| id.clone()),
        Screen::Secrets | Screen::Secret => model.selected_id(),
        Screen::Why => model.known.why.as_ref().map(|why| why.id.clone()),
        Screen::Upcoming => model.upcoming.chosen().and_then(|item| model.upcoming.secret(item).cloned()),
        Screen::History => super::history::subject(model),
        Screen::Alerts | Screen::Calls => None,
    }?;
    model.known.secret(&id).cloned()
}

/// Asks about a way out of the secret whose diagnosis is shown.
pub(super) fn ask_way_out(model: &mut Model, purpose: Purpose) -> Vec<Effect> {
    if let Some(run) = model.known.fix.as_ref().filter(|run| run.end().is_none()) {
        let text = format!("a fix of {} is under way: one at a time", run.name);
        model.notify(text);
        return Vec::new();
    }
    match subject(model) {
        Some(secret) => ask_for(model, secret, purpose),
        None => Vec::new(),
    }
}

fn ask_for(model: &mut Model, secret: Secret, purpose: Purpose) -> Vec<Effect> {
    // One whose call got no answer may not have begun; the pre-flight tells.
    let live = model.known.rotations.live(&secret.id).filter(|rotation| rotation.in_doubt.is_none());
    if let Some(live) = live.filter(|_| purpose.begins()) {
        let key = model.start.keymap.key(model.scope(), Action::Watch);
        let is_here = model.screen() == Screen::Watch(live.number);
        let where_it_is = if is_here { "it is this one".to_owned() } else { format!("{key} shows it") };
        model.notify(format!("{} is being rotated already: {where_it_is}", secret.name));
        return Vec::new();
    }
    let attempts = model.known.trail.attempts(&secret);
    let request = Request::Preflight(Box::new(secret.clone()), purpose, attempts);
    let mut confirm = Confirm::of(secret, purpose);
    // With another key for it than its own, the key that opened this may be the same, and held down.
    confirm.was_hasty = model.start.keymap.key(Scope::Confirm, Action::Confirm) != "y";
    model.overlay = Some(Overlay::Confirm(Box::new(confirm)));
    let pause = model.drop_question(Slot::Pause);
    vec![pause, model.ask(Slot::Confirm, request)]
}

/// Takes in what the pre-flight learned.
pub(super) fn checked(model: &mut Model, checked: Checked) -> Vec<Effect> {
    let (id, inspection) = (checked.change.on.clone(), checked.inspection.clone());
    if let Some(Overlay::Confirm(confirm)) = &mut model.overlay
        && *confirm.id() == id
        && confirm.called().is_none()
    {
        confirm.checked = Some(Box::new(checked));
        (confirm.stage, confirm.seen) = (Stage::Unread, 0);
    }
    // What was just learned is worth knowing elsewhere too.
    match inspection {
        Some(inspection) => answers::inspected(model, &id, inspection),
        None => Vec::new(),
    }
}

/// Takes in who reads the secret. Nothing stops for it, so what was read so far counts as before.
pub(super) fn readers(model: &mut Model, check: &Check) {
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return };
    let checks = confirm.checked.iter_mut().flat_map(|checked| &mut checked.preflight.checks);
    checks.filter(|one| one.rule == check.rule).for_each(|one| *one = check.clone());
}

/// The model stands on the screen: whoever asked for a change may begin to read now.
pub(super) fn drawn(model: &mut Model) -> Vec<Effect> {
    let Some((proposal, page)) = model.proposal() else { return Vec::new() };
    let is_too_small = model.areas().is_none();
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    if confirm.stage != Stage::Unread || confirm.checked.is_none() || is_too_small {
        return Vec::new();
    }
    // Lines that were jumped over have been seen by nobody.
    if confirm.scroll.top <= confirm.seen {
        confirm.seen = confirm.seen.max(confirm.scroll.top + page);
    }
    if confirm.seen < proposal.must {
        return Vec::new();
    }
    confirm.stage = Stage::Reading;
    pause(model)
}

/// Waits anew until a key counts.
fn pause(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    let time = if confirm.was_hasty { HELD_DOWN } else { READING };
    vec![model.ask(Slot::Pause, Request::Pause(time))]
}

/// The time has passed that a key must wait for.
pub(super) fn paused(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    confirm.is_alone = true;
    match confirm.stage {
        Stage::Reading => {
            (confirm.stage, confirm.was_hasty, confirm.remark) = (Stage::Ready, false, None);
            Vec::new()
        }
        Stage::Given => carry_out(model),
        Stage::Unread | Stage::Ready | Stage::Called(_) => Vec::new(),
    }
}

/// What was read begins anew: on a screen of another size it may not be there, and whoever comes back from the shell may
/// have typed there.
pub(super) fn resized(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    if confirm.called().is_some() {
        return Vec::new();
    }
    (confirm.stage, confirm.seen, confirm.was_hasty) = (Stage::Unread, 0, true);
    vec![model.drop_question(Slot::Pause)]
}

/// A pre-flight that has become old is asked again: others may have come to read or to change the secret.
pub(super) fn keep_young(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(Overlay::Confirm(confirm)) = &model.overlay else { return Vec::new() };
    let is_old = confirm.checked.as_ref().is_some_and(|checked| now - checked.at > FRESH);
    if !is_old || matches!(confirm.stage, Stage::Called(_) | Stage::Given) {
        return Vec::new();
    }
    let (secret, purpose) = ((*confirm.secret).clone(), confirm.purpose);
    let effects = ask_for(model, secret, purpose);
    if let Some(Overlay::Confirm(confirm)) = &mut model.overlay {
        confirm.remark = Some("the pre-flight was two minutes old and is asked again".to_owned());
    }
    effects
}

/// A paste confirms nothing, whatever it holds.
pub(super) fn pasted(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    if confirm.called().is_some() {
        return Vec::new();
    }
    confirm.remark = Some("a paste confirms nothing: it takes a key, or the name typed by hand".to_owned());
    unready(model)
}

/// A key that isn't the one which confirms.
pub(super) fn typed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    confirm.remark = None;
    if confirm.is_typed() && confirm.stage == Stage::Ready {
        confirm.typed.handle_event(&Event::Key(key));
        confirm.is_alone = false;
        return vec![model.ask(Slot::Pause, Request::Pause(ALONE))];
    }
    if confirm.is_typed() && confirm.stage != Stage::Given {
        confirm.remark = Some("too soon: what is typed before this was read doesn't count".to_owned());
    }
    unready(model)
}

/// From here on a key doesn't count for a while.
fn unready(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    match confirm.stage {
        Stage::Given => {
            confirm.remark = Some("several keys at once confirm nothing: press it once".to_owned());
            (confirm.stage, confirm.was_hasty) = (Stage::Reading, true);
            pause(model)
        }
        Stage::Reading | Stage::Ready => {
            confirm.stage = Stage::Reading;
            pause(model)
        }
        Stage::Unread | Stage::Called(_) => Vec::new(),
    }
}

/// An action of the dialog.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = model.proposal().map_or(1, |(_, page)| page);
    let lines = model.proposal().map_or(0, |(proposal, _)| proposal.lines.len());
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    confirm.remark = None;
    match action {
        Action::Back => leave(model),
        Action::Confirm | Action::Open => give_word(model),
        Action::CopyForm => match &confirm.checked {
            Some(checked) if !(confirm.is_stopped() && confirm.purpose.is_way_out()) => {
                let form = checked.aws_form();
                confirm.remark = Some("copied the aws form".to_owned());
                vec![Effect::Copy(form)]
            }
            Some(_) | None => Vec::new(),
        },
        Action::NextChoice if confirm.called().is_none() && confirm.has_choice() => {
            if let (Purpose::Delete(window), Some(_)) = (confirm.next_purpose(), &confirm.checked) {
                confirm.choose_window(window);
                return vec![model.drop_question(Slot::Pause)];
            }
            let (secret, purpose) = ((*confirm.secret).clone(), confirm.next_purpose());
            ask_for(model, secret, purpose)
        }
        action if confirm.scroll.go(action, lines, page) => unready(model),
        _ => unready(model),
    }
}

/// Leaves the dialog. What was called goes on.
fn leave(model: &mut Model) -> Vec<Effect> {
    model.overlay = None;
    vec![model.drop_question(Slot::Confirm), model.drop_question(Slot::Pause)]
}

/// Takes a person's word for it, if it counts by now; it holds when no other key follows at once.
fn give_word(model: &mut Model) -> Vec<Effect> {
    let (is_read_only, is_too_small) = (model.start.read_only, model.areas().is_none());
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    if confirm.called().is_some() {
        return Vec::new();
    }
    if is_read_only {
        confirm.remark = Some("read-only: `secdash config --effective` tells what sets it".to_owned());
        return Vec::new();
    }
    if confirm.is_stopped() {
        let lacks_word = confirm.checked.as_ref().is_some_and(|checked| checked.preflight.lacks_word());
        let what = if lacks_word { "it needs your word first" } else { "it can't be done" };
        confirm.remark = Some(format!("{what}: the pre-flight says why"));
        return Vec::new();
    }
    if confirm.stage != Stage::Ready || is_too_small || !confirm.is_alone {
        let why = match (&confirm.checked, confirm.stage) {
            (None, _) => "too soon: the pre-flight hasn't answered yet",
            (_, Stage::Unread) => "too soon: the pre-flight isn't read yet",
            _ => "too soon: read it, then press the key once",
        };
        confirm.remark = Some(why.to_owned());
        let effects = unready(model);
        if let Some(Overlay::Confirm(confirm)) = &mut model.overlay {
            confirm.was_hasty = true;
        }
        return effects;
    }
    confirm.stage = Stage::Given;
    vec![model.ask(Slot::Pause, Request::Pause(ALONE))]
}

/// Makes of a person's word the change that they confirmed.
fn carry_out(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    let Some(checked) = confirm.checked.clone() else { return Vec::new() };
    let word = if confirm.is_typed() { Word::Typed(confirm.typed.value().to_owned()) } else { Word::Yes };
    match checked.change.clone().confirmed(word.clone()) {
        Ok(_) if checked.plan.is_some() => why::begin(model, *checked, word),
        Ok(confirmed) => {
            let begin = Begin { confirmed, secret: checked.secret, function: checked.function };
            self::begin(model, begin)
        }
        Err(not) => {
            (confirm.remark, confirm.stage) = (Some(not.to_string()), Stage::Ready);
            confirm.typed.reset();
            Vec::new()
        }
    }
}

/// Asks for what was confirmed, and goes where it can be seen.
fn begin(model: &mut Model, begin: Begin) -> Vec<Effect> {
    let Some(Overlay::Confirm(confirm)) = &mut model.overlay else { return Vec::new() };
    let purpose = confirm.purpose;
    let mut effects = Vec::new();
    if let Some(doubted) = model.known.rotations.live(&begin.secret.id).filter(|_| purpose.begins()) {
        // It was watched in the hope that its call had been taken after all.
        let number = doubted.number;
        model.known.rotations.remove(number);
        effects.push(model.drop_question(Slot::Rotation(number)));
    }
    let shown = watch::shown(model);
    let number = model.known.rotations.begin(&begin.secret, Some(purpose), shown, model.now);
    effects.extend([model.drop_question(Slot::Confirm), model.drop_question(Slot::Pause)]);
    effects.push(model.ask(Slot::Rotation(number), Request::Change(Box::new(begin))));
    if purpose.begins() {
        model.overlay = None;
        effects.extend(watch::show(model, number));
    } else if let Some(Overlay::Confirm(confirm)) = &mut model.overlay {
        (confirm.stage, confirm.scroll.top) = (Stage::Called(number), 0);
    }
    effects
}

/// Takes in what came of a call.
pub(super) fn changed(model: &mut Model, number: u32, changed: &Changed) -> Vec<Effect> {
    let Some(rotation) = model.known.rotations.get_mut(number) else { return Vec::new() };
    rotation.answered(changed.clone());
    let (id, name, is_over) = (rotation.id.clone(), rotation.name.clone(), !rotation.is_live());
    let (is_foreign, marks) = (rotation.is_foreign, rotation.purpose.is_some_and(Purpose::marks));
    let mut effects = Vec::new();
    if is_foreign {
        // Nobody can follow it with another account's credentials.
        model.notify(format!("{name}, of the account before: {}", board::in_short(changed)));
        model.known.rotations.remove(number);
        effects.push(model.drop_question(Slot::Rotation(number)));
    } else if is_over {
        model.answered(Slot::Rotation(number));
        let in_dialog = matches!(&model.overlay, Some(Overlay::Confirm(confirm)) if confirm.called() == Some(number));
        if model.screen() != Screen::Watch(number) && !in_dialog {
            model.notify_of(format!("{name}: {}", board::in_short(changed)), number);
        }
    }
    if let Some(after) = changed.after.as_ref().filter(|_| marks && !is_foreign) {
        answers::marked(model, &id, after.deleted);
    }
    if model.selected_id() == Some(id.clone()) {
        effects.push(super::inspect(model, id.clone(), Duration::ZERO));
    }
    effects.extend(answers::left(model));
    if changed.is_accepted() && model.known.why.as_ref().is_some_and(|why| why.id == id) {
        // What a fix came to, and what was said before it, is so no longer.
        model.known.fix = model.known.fix.take().filter(|run| run.id != id || run.end().is_none());
        effects.extend(why::ask(model));
    }
    effects
}
