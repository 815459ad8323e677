//! What is searched in a log: typed, and found before or behind the cursor.

use crossterm::event::{Event, KeyEvent};
use tui_input::backend::crossterm::EventHandler;

use super::cursor::{put, settle};
use crate::text::safe;
use crate::tui::keymap::{Action, Scope};
use crate::tui::model::Model;

/// A key while something is typed that is to be searched.
pub(in crate::tui::update) fn edit(model: &mut Model, key: KeyEvent) {
    model.pane.search.handle_event(&Event::Key(key));
    settle(model);
}

/// An action while something is typed that is to be searched.
pub(in crate::tui::update) fn on_search(model: &mut Model, action: Action) {
    match action {
        Action::Open => {
            model.pane.typing = false;
            search(model, model.pane.held.is_some());
        }
        Action::Back => {
            model.pane.typing = false;
            model.pane.search.reset();
            settle(model);
        }
        _ => {}
    }
}

/// Goes to the next line with what is searched, or to the one before; from the other end where there is none.
pub(super) fn search(model: &mut Model, forward: bool) {
    let Some(wanted) = model.pane.wanted().map(ToOwned::to_owned) else {
        let key = model.start.keymap.key(Scope::Log, Action::Search);
        model.notify(format!("nothing is searched: {key} types it"));
        return;
    };
    let found = model.look().and_then(|look| {
        let (number, has) = (look.pane.len(), |at: &usize| look.has(*at, &wanted));
        let from = look.pane.held.as_ref().map(|held| look.pane.number(held.cursor));
        let found = if forward {
            let from = from.map_or(0, |from| from + 1);
            (from..number)
                .find(has)
                .map(|at| (at, false))
                .or_else(|| (0..from.min(number)).find(has).map(|at| (at, true)))
        } else {
            let from = from.unwrap_or(number);
            let before = (0..from).rev().find(has).map(|at| (at, false));
            before.or_else(|| (from..number).rev().find(has).map(|at| (at, true)))
        };
        found.and_then(|(at, around)| Some((look.pane.at(at)?, around)))
    });
    match found {
        Some((place, around)) => {
            put(model, place);
            if around {
                model.notify(if forward {
                    "the search went on from the first line"
                } else {
                    "the search went on from the last line"
                });
            }
        }
        None => model.notify(format!("no line that is shown has `{}`", safe(&wanted))),
    }
}
