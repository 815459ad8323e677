//! Who notices a deletion or a failed rotation: asked, scrolled, copied from.

use crate::domain::coverage::Coverage;
use crate::tui::alerts;
use crate::tui::keymap::Action;
use crate::tui::known::Fetch;
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::{Effect, Request, Slot};

/// Opens the screen.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.way.retain(|screen| *screen != Screen::Alerts);
    model.way.push(Screen::Alerts);
    if model.known.alerts.get().is_some() { Vec::new() } else { ask(model).into_iter().collect() }
}

/// Asks, or asks anew.
pub(super) fn ask(model: &mut Model) -> Option<Effect> {
    let context = model.known.context.get().cloned()?;
    model.known.alerts.state = Fetch::Loading;
    Some(model.ask(Slot::Alerts, Request::Alerts(context)))
}

/// Takes in who notices what. The account is part of what would help.
pub(super) fn answer(model: &mut Model, mut coverage: Coverage) {
    if let Some(identity) = model.known.identity.get() {
        coverage.facts.account = Some(identity.account.clone());
    }
    model.known.alerts.settle(Ok(coverage), model.now);
}

/// An action of the screen; `None`: it is none of its own.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::Refresh => return Some(ask(model).into_iter().collect()),
        Action::Copy => {
            let handles = model.known.alerts.get().map(alerts::handles).unwrap_or_default();
            if handles.is_empty() {
                model.notify("there is no command to copy: nothing is missing, or it isn't known yet");
            } else {
                model.overlay = Some(Overlay::Copy(handles, 0));
            }
        }
        _ => return None,
    }
    Some(Vec::new())
}
