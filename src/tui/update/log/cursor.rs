//! The cursor in a log, and the picture that stands still around it.

use super::with_log;
use crate::domain::log::Level;
use crate::tui::keymap::Action;
use crate::tui::known::Place;
use crate::tui::model::{Model, Screen};
use crate::tui::pane::Look;
use crate::tui::screen::log::{Held, Pane};
use crate::tui::screen::scroll::moved;
use crate::tui::update::watch;

/// Lays a picture that is held out anew.
pub(in crate::tui::update) fn settle(model: &mut Model) {
    let Some(held) = model.pane.held.clone() else { return };
    let number = model.pane.number(held.cursor);
    // On too small a screen it is laid out when there is room again; with no line that passes it waits for some.
    let laid = model.look().and_then(|look| laid(&look, &held, number));
    model.pane.held = laid.or(Some(held));
}

/// Holds the picture, or follows the end again.
pub(super) fn hold(model: &mut Model) {
    let held = match model.pane.held {
        Some(_) => None,
        None => model.look().and_then(|look| look.hold()),
    };
    if held.is_none() && model.pane.held.is_none() {
        model.notify("there are no lines to hold yet");
    }
    model.pane.held = held;
}

/// Moves among the lines. `false`: it is no movement.
pub(super) fn go(model: &mut Model, action: Action) -> bool {
    if moved(action, 0, 1).is_none() {
        return false;
    }
    if action == Action::Bottom || (action == Action::Down && model.pane.held.is_none()) {
        model.pane.held = None;
        return true;
    }
    let held = model.look().and_then(|look| {
        let held = look.pane.held.clone().or_else(|| look.hold())?;
        let cursor = look.pane.number(held.cursor);
        if let Some(held) = within(&look, &held, cursor, action) {
            return Some(held);
        }
        let wanted = moved(action, cursor, held.shown.len().max(1))?.min(look.pane.last());
        laid(&look, &held, wanted)
    });
    model.pane.held = held;
    true
}

/// A line that is higher than the screen is read half a screen after the other.
fn within(look: &Look<'_>, held: &Held, cursor: usize, action: Action) -> Option<Held> {
    let is_first = held.shown.first() == Some(&held.cursor);
    let (rows, stride) = (look.height_of(cursor), (look.height / 2).max(1));
    let skip = match action {
        Action::Down | Action::PageDown | Action::HalfDown if is_first && held.skip + look.height < rows => {
            held.skip + stride
        }
        Action::Up | Action::PageUp | Action::HalfUp if is_first && held.skip > 0 => held.skip.saturating_sub(stride),
        _ => return None,
    };
    Some(look.held(held.cursor, look.from(cursor, skip), skip))
}

/// The picture with the cursor on another line; it moves only as far as it must.
fn laid(look: &Look<'_>, held: &Held, wanted: usize) -> Option<Held> {
    let cursor = look.pane.at(wanted)?;
    let (mut top, mut skip) = (held.shown.first().map_or(wanted, |first| look.pane.number(*first)), held.skip);
    if wanted < top || (wanted == top && skip > 0) {
        (top, skip) = (wanted, 0);
    } else if wanted - top > look.height
        || (top..=wanted).map(|number| look.height_of(number)).sum::<usize>() > look.height + skip
    {
        (top, skip) = (first_that_fits(look, wanted), 0);
    }
    if skip == 0 {
        // No room is left empty below the last line while there are lines above.
        top = top.min(first_that_fits(look, look.pane.last()));
    }
    let shown = look.from(top, skip);
    Some(look.held(cursor, shown, skip))
}

/// The line with which the screen must begin so that another one stands whole at its end.
fn first_that_fits(look: &Look<'_>, last: usize) -> usize {
    let mut taken = look.height_of(last);
    let mut first = last;
    while first > 0 {
        taken += look.height_of(first - 1);
        if taken > look.height {
            break;
        }
        first -= 1;
    }
    first
}

/// Puts the cursor on a line, with some lines before it where there are any.
pub(super) fn put(model: &mut Model, place: Place) {
    let held = model.look().and_then(|look| {
        let number = look.pane.number(place);
        let mut top = number;
        let mut above = 0;
        while top > 0 && above + look.height_of(top - 1) <= look.height / 2 {
            above += look.height_of(top - 1);
            top -= 1;
        }
        let start = look.held(place, look.from(top, 0), 0);
        laid(&look, &start, number)
    });
    model.pane.held = held;
}

/// Goes to the line that says why: of a rotation the one that proves how it ended, else the last that tells of an error.
pub(super) fn evidence(model: &mut Model) {
    let last_error = |model: &Model| {
        let mut lines = model.log()?.lines().rev();
        let is_theirs = |place: Place| model.screen() != Screen::Log || model.pane.shows(place);
        lines.find(|(place, line)| line.grade() >= Some(Level::Error) && is_theirs(*place)).map(|(place, _)| place)
    };
    let place = match model.screen() {
        Screen::Watch(_) => watch::evidence(model),
        _ => last_error(model),
    };
    let Some(place) = place else {
        model.notify("no line says why: none tells of a failure");
        return;
    };
    if !model.pane.shows(place) {
        with_log(model, Pane::show_all);
    }
    if model.pane.shows(place) {
        put(model, place);
    } else {
        model.notify("that line made room for newer ones");
    }
}

/// Unfolds the line with the cursor, or folds it again.
pub(super) fn unfold(model: &mut Model) {
    if model.pane.held.is_none() {
        hold(model);
    }
    let Some(cursor) = model.pane.held.as_ref().map(|held| held.cursor) else { return };
    if !model.pane.unfolded.remove(&cursor) {
        model.pane.unfolded.insert(cursor);
    }
    settle(model);
}
