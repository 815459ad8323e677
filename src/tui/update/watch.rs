//! Rotations that are watched: opened, followed while the user is elsewhere, and told of when they end.

use super::{answers, change};
use crate::domain::progress::{Proof, StepState, Update};
use crate::domain::version::Pending;
use crate::tui::board;
use crate::tui::keymap::{Action, Scope};
use crate::tui::known::{Place, Stage};
use crate::tui::model::{Model, Screen};
use crate::tui::msg::{Effect, Reply, Request, Slot};
use crate::tui::screen::log::{Pane, Stamps, Whose};

/// The rotation that is shown, or was when something else was opened over it.
pub(super) fn shown(model: &Model) -> Option<u32> {
    match model.pane_of {
        Some(Screen::Watch(number)) => Some(number),
        _ => None,
    }
}

/// Shows a rotation, in the place of a log or another one.
pub(super) fn show(model: &mut Model, number: u32) -> Vec<Effect> {
    model.way.retain(|screen| !matches!(screen, Screen::Watch(_) | Screen::Log));
    model.way.push(Screen::Watch(number));
    Vec::new()
}

/// Shows the rotation of the secret that is looked at: one that is watched already, or one that runs, whoever began it.
///
/// While the notice stands that one has ended, it is that one.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if let Some(number) = model.told_of.filter(|number| model.known.rotations.get(*number).is_some()) {
        return show(model, number);
    }
    let Some(secret) = change::subject(model) else {
        model.notify("there is no secret here whose rotation could be watched");
        return Vec::new();
    };
    let rotations = &model.known.rotations;
    let pending = match secret.labels.pending() {
        Pending::Other(version) => Some(version),
        Pending::None | Pending::Same => None,
    };
    let is_of_it = |version| pending.as_ref().is_none_or(|pending| pending == version);
    let known = rotations.live(&secret.id).or_else(|| {
        let latest = rotations.latest(&secret.id).filter(|latest| model.screen() != Screen::Watch(latest.number));
        latest.filter(|latest| latest.followed.as_ref().is_some_and(|followed| is_of_it(&followed.version)))
    });
    match (known.map(|rotation| rotation.number), pending) {
        (Some(number), _) => show(model, number),
        (None, Some(_)) => {
            let number = model.known.rotations.begin(&secret, None, shown(model), model.now);
            let mut effects = vec![model.ask(Slot::Rotation(number), Request::Follow(Box::new(secret)))];
            effects.extend(show(model, number));
            effects
        }
        (None, None) => {
            let name = &secret.name;
            let key = model.start.keymap.key(Scope::Secret, Action::Rotate);
            model.notify(format!("no rotation of {name} runs · {key} starts one"));
            Vec::new()
        }
    }
}

/// Takes in what is told of a rotation.
pub(super) fn answer(model: &mut Model, number: u32, reply: Reply) -> Vec<Effect> {
    let Some(rotation) = model.known.rotations.get_mut(number) else { return Vec::new() };
    match reply {
        Reply::Found(found) => {
            rotation.log.from = Some(model.now);
            rotation.log.found = Some(*found);
        }
        Reply::Begun(followed) => {
            rotation.log.from = Some(followed.since);
            (rotation.followed, rotation.stage) = (Some(*followed), Stage::Following);
        }
        Reply::NotRunning => {
            rotation.stage = Stage::NotRunning;
            model.answered(Slot::Rotation(number));
        }
        Reply::Rotation(update) => return told(model, number, *update),
        _ => {}
    }
    Vec::new()
}

fn told(model: &mut Model, number: u32, update: Update) -> Vec<Effect> {
    // The pane may be on it while something else lies over it or is looked at.
    let (now, is_on_pane) = (model.now, model.pane_of == Some(Screen::Watch(number)));
    let Some(rotation) = model.known.rotations.get_mut(number) else { return Vec::new() };
    let is_end = matches!(update, Update::Ended(..));
    if let Update::Looked(inspection) = update {
        let id = rotation.id.clone();
        rotation.looked(&inspection);
        return answers::inspected(model, &id, *inspection);
    }
    let arn = rotation.id.arn.clone();
    let looked_at = if is_on_pane { model.pane.looked_at() } else { &[] };
    let news = rotation.told(update, now, looked_at);
    if is_on_pane {
        model.pane.changed(&rotation.log, &news);
    }
    if !is_end {
        return Vec::new();
    }
    model.answered(Slot::Rotation(number));
    answers::retell(model, vec![arn]);
    let notice = model.known.rotations.get(number).and_then(board::notice);
    if let Some(notice) = notice.filter(|_| model.screen() != Screen::Watch(number)) {
        let key = model.start.keymap.key(Scope::Secrets, Action::Watch);
        model.notify_of(format!("{notice} · {key} shows it"), number);
    }
    if model.start.bell { vec![Effect::Bell] } else { Vec::new() }
}

/// Where the line stands that says how the rotation ended, or why a step failed.
pub(super) fn evidence(model: &Model) -> Option<Place> {
    let rotation = model.watched()?;
    let end = match &rotation.stage {
        Stage::Ended(end) => end.proof(),
        _ => None,
    };
    let of_step = || {
        let step = rotation.step().filter(|step| matches!(step.state, StepState::Failed | StepState::TimedOut));
        step.and_then(|step| step.proof.clone())
    };
    match end.or_else(of_step)? {
        Proof::Line(entry) => Some(entry.place()),
        _ => None,
    }
}

/// Forgets the rotations of another account: nobody can follow them from here. They go on in AWS.
pub(super) fn forget(model: &mut Model) -> Vec<Effect> {
    let gone = model.known.rotations.forget();
    model.way.retain(|screen| !matches!(screen, Screen::Watch(_) | Screen::Log));
    if !gone.is_empty() {
        let words = if gone.len() == 1 { "a rotation is" } else { "several rotations are" };
        model.notify(format!("signed in anew: {words} not watched any more, and goes on in AWS"));
    }
    gone.into_iter().map(|number| model.drop_question(Slot::Rotation(number))).collect()
}

/// The pane is on the log that is shown; one that nobody watches any more is closed.
pub(super) fn settle(model: &mut Model) -> Option<Effect> {
    let screen = model.screen();
    if model.pane_of != Some(screen) && matches!(screen, Screen::Watch(_) | Screen::Log) {
        let stamps = if model.start.local_times { Stamps::Local } else { Stamps::Utc };
        let whose = if screen == Screen::Log { Whose::Secret } else { Whose::Rotation };
        let pane = model.log().map(|log| Pane::on(log, whose, stamps));
        (model.pane, model.pane_of) = (pane.unwrap_or_default(), Some(screen));
    }
    if model.known.log.is_none() || model.way.contains(&Screen::Log) {
        return None;
    }
    model.known.log = None;
    model.pane_of = model.pane_of.filter(|of| *of != Screen::Log);
    Some(model.drop_question(Slot::Log))
}
