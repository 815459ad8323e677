//! A log: opened, read further back, moved in, searched, copied from, saved.

mod cursor;
mod search;

use std::path::PathBuf;

use super::change;
use crate::domain::handles::{Handle, log_lines};
use crate::domain::progress::LogUpdate;
use crate::domain::secret::Secret;
use crate::text::{count, span};
use crate::tui::keymap::{Action, Scope};
use crate::tui::known::Log;
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::{Effect, Reply, Request, Slot};
use crate::tui::screen::log::Pane;
use chrono::TimeDelta;

pub(super) use self::cursor::settle;
pub(super) use self::search::{edit, on_search};

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
        let key = model.start.keymap.key(Scope::Secret, Action::Logs);
        model.notify(format!("this log begins with the rotation; back on the secret, {key} reads its function's log"));
        return Vec::new();
    };
    let from = model.known.log.as_ref().and_then(|(_, log)| log.from).unwrap_or(model.now);
    // What was read a moment ago is the same step as before.
    let so_far = model.now - from + TimeDelta::minutes(1);
    if let Some(back) = BACK.into_iter().find(|back| *back > so_far) {
        let key = model.start.keymap.key(Scope::Log, Action::Top);
        model.notify(format!("reading the last {}; {key} goes to the first line", span(back)));
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
        Action::Hold => cursor::hold(model),
        Action::Evidence => cursor::evidence(model),
        Action::Whose => choose(model, |model| {
            let has_rotation = model.watched().is_some();
            with_log(model, |pane, log| pane.next_whose(has_rotation, log));
        }),
        Action::Level => choose(model, |model| with_log(model, Pane::next_level)),
        Action::Step => choose(model, |model| with_log(model, Pane::next_step)),
        Action::Wrap => choose(model, |model| model.pane.cut = !model.pane.cut),
        Action::Stamps => choose(model, |model| model.pane.next_stamps()),
        Action::Raw => choose(model, |model| model.pane.json = !model.pane.json),
        Action::Open => cursor::unfold(model),
        Action::Search => model.pane.typing = true,
        Action::NextMatch => search::search(model, true),
        Action::PreviousMatch => search::search(model, false),
        Action::Further => return Some(further(model)),
        Action::Copy => copy(model),
        Action::Save => save(model),
        _ if !cursor::go(model, action) => return None,
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
    if !model.is_free(Slot::Save) {
        model.notify("not saved: an earlier file is still being written");
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
