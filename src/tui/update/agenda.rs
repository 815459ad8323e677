//! The agenda: opened, made anew when it must be, and left for one of its secrets.

use chrono::TimeDelta;

use crate::domain::agenda::Agenda;
use crate::output::upcoming;
use crate::tui::keymap::Action;
use crate::tui::known::Fetch;
use crate::tui::model::{Model, Screen};
use crate::tui::screen::upcoming::Item;

/// How old the agenda may become while the list comes in.
const WHILE_LOADING: TimeDelta = TimeDelta::seconds(1);

/// Opens the agenda, or goes back to it.
pub(super) fn open(model: &mut Model) {
    match model.way.iter().position(|screen| *screen == Screen::Upcoming) {
        Some(at) => model.way.truncate(at + 1),
        None => model.way.push(Screen::Upcoming),
    }
}

/// Makes the agenda of all secrets, which stand by name where they rotate together.
pub(super) fn renew(model: &mut Model) {
    let known = &model.known.secrets;
    let secrets = known.by_name().iter().map(|number| &known.row(*number).secret);
    let agenda = Agenda::of(secrets, model.now, model.upcoming.horizon.length());
    let days = upcoming::days(&agenda, model.zone());
    model.upcoming.renew(agenda, days, known.revision());
}

/// Makes it anew where it is shown and something in it may be different. Pages of a list come faster than that is of use.
pub(super) fn keep_young(model: &mut Model) {
    let secrets = &model.known.secrets;
    let patience = if secrets.state == Fetch::Loading { WHILE_LOADING } else { TimeDelta::zero() };
    if model.screen() == Screen::Upcoming && model.upcoming.is_stale(secrets.revision(), model.now, patience) {
        renew(model);
    }
}

/// A key on its screen. `false`: it asks for nothing here.
pub(super) fn go(model: &mut Model, action: Action) -> bool {
    let page = model.lines();
    if model.upcoming.go(action, page) {
        return true;
    }
    let is_other = model.upcoming.zoom(action);
    if is_other {
        renew(model);
    }
    is_other
}

/// Does what is chosen: opens the secret, or goes to the windows that a function is needed for at once.
pub(super) fn choose(model: &mut Model) {
    let (rows, page) = (model.lines(), model.page());
    match model.upcoming.chosen() {
        None => {}
        Some(Item::Crowd(number)) => model.upcoming.put_on_crowd(number, rows),
        Some(item) => {
            let Some(id) = model.upcoming.secret(item).cloned() else { return };
            let known = &model.known.secrets;
            if known.find(&id).is_none() {
                return model.notify("this secret is gone");
            }
            if !model.secrets.choose(&id, known, page) {
                // The list's filter holds it back.
                model.secrets.input = tui_input::Input::default();
                model.secrets.refilter(known);
                model.secrets.choose(&id, known, page);
                model.notify("the list's filter is taken away: it holds this secret back");
            }
            model.way.push(Screen::Secret);
        }
    }
}
