//! A log: opened, read further back, moved in, searched, copied from, saved.

use std::path::PathBuf;

use chrono::TimeDelta;
use crossterm::event::{Event, KeyEvent};
use tui_input::backend::crossterm::EventHandler;

use super::{change, watch};
use crate::domain::handles::{Handle, log_lines};
use crate::domain::log::Level;
use crate::domain::progress::LogUpdate;
use crate::domain::secret::Secret;
use crate::text::{count, safe};
use crate::tui::keymap::Action;
use crate::tui::known::{Log, Place};
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::{Effect, Reply, Request, Slot};
use crate::tui::pane::Look;
use crate::tui::screen::log::{Held, Pane};
use crate::tui::screen::scroll::moved;

/// How far back a log is read: at first so much at least, and then further at a key.
const BACK: [TimeDelta; 4] = [TimeDelta::hours(1), TimeDelta::hours(24), TimeDelta::days(7), TimeDelta::days(30)];

/// What is read before the last sign of a rotation: its first lines come before what tells of it.
const BEFORE: TimeDelta = TimeDelta::minutes(15);

/// Opens the log of the secret that is looked at, with history before now.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(secret) = change::subject(model) else {
        model.notify("there is no secret here whose log could be read");
        return Vec::new();
    };
    let back = first_look(model, &secret);
    model.way.retain(|screen| !matches!(screen, Screen::Watch(_) | Screen::Log));
    model.way.push(Screen::Log);
    read(model, secret, back)
}

/// Reads a log from so far back on, in place of what was read.
fn read(model: &mut Model, secret: Secret, back: TimeDelta) -> Vec<Effect> {
    let since = model.now - back;
    model.known.log = Some((secret.id.clone(), Log::since(since)));
    model.pane_of = None;
    vec![model.ask(Slot::Log, Request::Log(Box::new(secret), since))]
}

/// An hour, or as far as the last sign of a rotation lies back, but no further than a day: a log may be long.
fn first_look(model: &Model, secret: &Secret) -> TimeDelta {
    let [least, most, ..] = BACK;
    let known = &model.known.secrets;
    let pending = known.find(&secret.id).and_then(|number| known.row(number).signs().since);
    let sign = pending.into_iter().chain(secret.last_rotated).max().or(secret.last_changed);
    let back = sign.map_or(least, |sign| model.now - sign + BEFORE);
    if back > most { least } else { back.max(least) }
}

/// Reads the log from further back.
fn further(model: &mut Model) -> Vec<Effect> {
    let Some(secret) = change::subject(model).filter(|_| model.screen() == Screen::Log) else {
        model.notify("this log begins with the rotation; back on the secret, l reads its function's log");
        return Vec::new();
    };
    let from = model.known.log.as_ref().and_then(|(_, log)| log.from).unwrap_or(model.now);
    // What was read a moment ago is the same step as before.
    let so_far = model.now - from + TimeDelta::minutes(1);
    if let Some(back) = BACK.into_iter().find(|back| *back > so_far) {
        return read(model, secret, back);
    }
    model.notify("30 days is as far back as it goes here; `secdash logs --since` reads further");
    Vec::new()
}

/// Takes in what is told of the log that is read by itself.
pub(super) fn answer(model: &mut Model, reply: Reply) {
    let (now, is_shown) = (model.now, model.screen() == Screen::Log);
    let Some((_, log)) = &mut model.known.log else { return };
    match reply {
        Reply::Found(found) => log.found = Some(*found),
        Reply::Log(update) => match *update {
            LogUpdate::Lines(dealt) => {
                let looked_at = if is_shown { model.pane.looked_at() } else { &[] };
                let news = log.take(dealt, looked_at);
                if is_shown {
                    model.pane.changed(log, &news);
                }
            }
            update => log.told(update, now),
        },
        Reply::LogEnded => {
            log.close(now);
            model.answered(Slot::Log);
        }
        _ => {}
    }
}

/// An action on the screen of a log. `None`: it is none of a log.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::Hold => hold(model),
        Action::Evidence => evidence(model),
        Action::Whose => choose(model, |model| {
            let has_rotation = model.watched().is_some();
            with_log(model, |pane, log| pane.next_whose(has_rotation, log));
        }),
        Action::Level => choose(model, |model| with_log(model, Pane::next_level)),
        Action::Step => choose(model, |model| with_log(model, Pane::next_step)),
        Action::Wrap => choose(model, |model| model.pane.cut = !model.pane.cut),
        Action::Stamps => choose(model, |model| model.pane.next_stamps()),
        Action::Raw => choose(model, |model| model.pane.json = !model.pane.json),
        Action::Open => unfold(model),
        Action::Search => model.pane.typing = true,
        Action::NextMatch => search(model, true),
        Action::PreviousMatch => search(model, false),
        Action::Further => return Some(further(model)),
        Action::Copy => copy(model),
        Action::Save => save(model),
        _ if !go(model, action) => return None,
        _ => {}
    }
    Some(Vec::new())
}

fn with_log(model: &mut Model, then: impl FnOnce(&mut Pane, &Log)) {
    let log = match model.screen() {
        Screen::Watch(number) => model.known.rotations.get(number).map(|rotation| &rotation.log),
        _ => model.known.log.as_ref().map(|(_, log)| log),
    };
    if let Some(log) = log {
        then(&mut model.pane, log);
    }
}

/// Chooses other lines or looks; the cursor stays on its line, or on the one before it.
fn choose(model: &mut Model, then: impl FnOnce(&mut Model)) {
    then(model);
    settle(model);
}

/// Lays a picture that is held out anew.
pub(super) fn settle(model: &mut Model) {
    let Some(held) = model.pane.held.clone() else { return };
    let number = model.pane.number(held.cursor);
    let laid = model.look().and_then(|look| laid(&look, &held, number));
    model.pane.held = laid;
}

fn hold(model: &mut Model) {
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
fn go(model: &mut Model, action: Action) -> bool {
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
    Some(Held { skip, shown: look.from(cursor, skip), ..held.clone() })
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
    let has_newer = shown.last() != look.pane.at(look.pane.last()).as_ref();
    Some(Held { cursor, shown, skip, has_newer, counts: (look.pane.len(), look.log.len()) })
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
fn put(model: &mut Model, place: Place) {
    let held = model.look().and_then(|look| {
        let number = look.pane.number(place);
        let mut top = number;
        let mut above = 0;
        while top > 0 && above + look.height_of(top - 1) <= look.height / 2 {
            above += look.height_of(top - 1);
            top -= 1;
        }
        let start = Held {
            cursor: place,
            shown: look.from(top, 0),
            skip: 0,
            has_newer: false,
            counts: (look.pane.len(), look.log.len()),
        };
        laid(&look, &start, number)
    });
    model.pane.held = held;
}

/// Goes to the line that says why: of a rotation the one that proves how it ended, else the last that tells of an error.
fn evidence(model: &mut Model) {
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

fn unfold(model: &mut Model) {
    if model.pane.held.is_none() {
        hold(model);
    }
    let Some(cursor) = model.pane.held.as_ref().map(|held| held.cursor) else { return };
    if !model.pane.unfolded.remove(&cursor) {
        model.pane.unfolded.insert(cursor);
    }
    settle(model);
}

/// A key while something is typed that is to be searched.
pub(super) fn edit(model: &mut Model, key: KeyEvent) {
    model.pane.search.handle_event(&Event::Key(key));
}

/// An action while something is typed that is to be searched.
pub(super) fn on_search(model: &mut Model, action: Action) {
    match action {
        Action::Open => {
            model.pane.typing = false;
            search(model, model.pane.held.is_some());
        }
        Action::Back => {
            model.pane.typing = false;
            model.pane.search.reset();
        }
        _ => {}
    }
}

/// Goes to the next line with what is searched, or to the one before; from the other end where there is none.
fn search(model: &mut Model, forward: bool) {
    let Some(wanted) = model.pane.wanted().map(ToOwned::to_owned) else {
        model.notify("nothing is searched: / types it");
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

/// What can be copied: the line with the cursor, or the last one, and where it is from.
fn copy(model: &mut Model) {
    let handles = model.look().and_then(|look| {
        let place = match &look.pane.held {
            Some(held) => held.cursor,
            None => look.pane.at(look.pane.last())?,
        };
        let line = look.log.line(place)?;
        let group = look.log.found.as_ref().and_then(|found| found.as_ref().ok()).map(|found| &found.group);
        let version = model.watched().and_then(|rotation| rotation.followed.as_ref()).map(|followed| &followed.version);
        Some(log_lines(&line.entry, line.request_id.as_ref(), group, version))
    });
    let handles: Vec<Handle> = handles.unwrap_or_default();
    if handles.is_empty() {
        model.notify("there is no line to copy yet");
    } else {
        model.overlay = Some(Overlay::Copy(handles, 0));
    }
}

/// Asks for the name of a file.
fn save(model: &mut Model) {
    if model.pane.is_empty() {
        model.notify("there are no lines to save yet");
        return;
    }
    let name = change::subject(model).map_or_else(|| "log".to_owned(), |secret| secret.name.raw().to_owned());
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name: String = name.chars().map(plain).collect();
    let file = format!("secdash-{}-{}.log", name.trim_matches('-'), model.now.format("%Y%m%dT%H%M%SZ"));
    model.overlay = Some(Overlay::Save(file.into()));
}

/// Writes the lines that are shown to a file.
pub(super) fn write(model: &mut Model, file: &str) -> Vec<Effect> {
    let file = file.trim();
    if file.is_empty() {
        return Vec::new();
    }
    let entries = model.log().map(|log| {
        let places = (0..model.pane.len()).filter_map(|number| model.pane.at(number));
        places.filter_map(|place| log.line(place)).map(|line| line.entry.clone()).collect::<Vec<_>>()
    });
    let Some(entries) = entries else { return Vec::new() };
    model.notify(format!("saving {}…", count(entries.len(), "line")));
    vec![model.ask(Slot::Save, Request::Save(PathBuf::from(file), entries))]
}
