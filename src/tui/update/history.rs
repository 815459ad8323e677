//! The event history: opened for a secret or for the account, searched, filtered, unfolded, copied from, saved.

mod told;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;

pub(super) use self::told::{changes, keep_up, refill, told_of_deletions, told_of_failures};
use super::change;
use crate::domain::handles::Handle;
use crate::domain::secret::{Secret, SecretId};
use crate::domain::trail::{Depth, News, Place, Scope, TrailEvent, became_current, since};
use crate::text::count;
use crate::tui::history;
use crate::tui::keymap::{Action, Scope as Keys};
use crate::tui::known::Fetch;
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::{Effect, Export, Reply, Request, Slot};
use crate::tui::screen::history::History;
use crate::tui::screen::scroll::Scroll;

/// How old what was read may be before opening the screen asks for the new part.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// Opens the history of the secret that is looked at.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(secret) = change::subject(model) else {
        model.notify("there is no secret here whose history could be read");
        return Vec::new();
    };
    show(model, &Scope::Secret(Box::new(secret)))
}

/// Opens the history of the account and Region.
pub(super) fn activity(model: &mut Model) -> Vec<Effect> {
    let Some(context) = model.known.context.get().cloned() else {
        model.notify("the door to AWS isn't open yet");
        return Vec::new();
    };
    show(model, &Scope::Account(context))
}

fn show(model: &mut Model, scope: &Scope) -> Vec<Effect> {
    model.way.retain(|screen| *screen != Screen::History);
    model.way.push(Screen::History);
    let is_same = model.history.scope.as_ref().is_some_and(|shown| shown.is_same(scope));
    if !is_same {
        let function = secret_of(scope).and_then(Secret::function_name);
        model.history = History::open(scope.clone(), function, model.history.range);
    }
    let known = &model.known.history;
    let is_asked = known.scope.as_ref().is_some_and(|asked| asked.is_same(scope));
    let is_read = match known.state {
        Fetch::Loading => true,
        Fetch::Idle => known.asked.is_some_and(|asked| model.now - asked < FRESH),
        Fetch::Failed(_) => false,
    };
    arrange(model);
    if is_same && is_asked && is_read { Vec::new() } else { search(model) }
}

fn secret_of(scope: &Scope) -> Option<&Secret> {
    match scope {
        Scope::Secret(secret) => Some(secret),
        Scope::Account(_) => None,
    }
}

/// Searches for what isn't there yet, as far back as the screen looks.
pub(super) fn search(model: &mut Model) -> Vec<Effect> {
    let Some(scope) = model.history.scope.clone() else { return Vec::new() };
    let since = model.now - model.history.range.length();
    let covered = model.known.history.covered.clone();
    model.known.history.begin(scope.clone(), model.now);
    vec![model.ask(Slot::History, Request::History(Box::new(scope), Depth::Whole, since, covered))]
}

/// Another filter, another scope, another time: everything is arranged anew.
fn arrange(model: &mut Model) {
    model.history.arrange(&model.known.history.events, model.now);
    arrived(model, &[]);
}

/// Takes in what has come, and how far that is whole.
fn arrived(model: &mut Model, new: &[Place]) {
    let whole_from = model.known.history.whole_from(&model.history.depth());
    model.history.arrived(new, whole_from, &model.known.history.events);
    retell(model);
}

/// Where the readers stand, by all that is known.
fn retell(model: &mut Model) {
    let events = &model.known.history.events;
    // Its labels may have moved since its history was opened.
    let opened = model.history.scope.as_ref().and_then(secret_of);
    let secret = opened.map(|secret| model.known.secret(&secret.id).unwrap_or(secret));
    let followers = secret.and_then(|secret| {
        let moved = became_current(secret, events.iter())?;
        Some((moved, since(secret, moved, secret.function_name().as_deref(), events.iter())))
    });
    model.history.followers = followers;
}

/// Takes in what was found.
pub(super) fn answer(model: &mut Model, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::History(news) => match *news {
            News::Found { events, unplaced, reached } => {
                model.known.history.slowed = false;
                let new = model.known.history.found(events, unplaced, reached);
                arrived(model, &new);
            }
            News::Slowed => model.known.history.slowed = true,
            News::Failed(fault) => model.known.history.state = Fetch::Failed(fault),
        },
        Reply::Searched => {
            model.answered(Slot::History);
            if model.known.history.state == Fetch::Loading {
                model.known.history.state = Fetch::Idle;
            }
        }
        Reply::Record(answer) => match *answer {
            Ok(Some(event)) => drop(model.known.history.events.add(event)),
            Ok(None) => model.notify("CloudTrail keeps this record no more"),
            Err(fault) => model.notify(format!("{} Try: {}", fault.sentence(), fault.next_step())),
        },
        _ => {}
    }
    Vec::new()
}

/// An action of the screen; `None`: it is none of its own.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::Filter => model.history.typing = true,
        Action::Kind => choose(model, History::next_kind),
        Action::ByReader => choose(model, |history| {
            history.by_reader = !history.by_reader;
            history.unfolded = None;
        }),
        Action::Metadata => choose(model, |history| history.metadata = !history.metadata),
        Action::NoFunction if matches!(model.history.scope, Some(Scope::Account(_))) => {
            model.notify("this hides the function of one secret: open that one's history");
        }
        Action::NoFunction => choose(model, |history| history.no_function = !history.no_function),
        Action::ZoomIn | Action::ZoomOut => return Some(zoom(model, action)),
        Action::Open => return Some(unfold(model)),
        Action::Stop => return Some(stop(model).into_iter().collect()),
        Action::Refresh => return Some(search(model)),
        Action::Copy => copy(model),
        Action::Save => save(model),
        Action::Back if model.history.unfolded.is_some() => model.history.unfolded = None,
        // What was narrowed down is widened before the screen is left.
        Action::Back if model.history.back() => arrange(model),
        _ => return None,
    }
    Some(Vec::new())
}

fn choose(model: &mut Model, then: impl FnOnce(&mut History)) {
    then(&mut model.history);
    arrange(model);
}

/// Looks back further, or less far. What was read is not read again.
fn zoom(model: &mut Model, action: Action) -> Vec<Effect> {
    if !model.history.zoom(action) {
        return Vec::new();
    }
    arrange(model);
    search(model)
}

/// Ends the search; what was read stays, and stays true.
fn stop(model: &mut Model) -> Option<Effect> {
    if model.is_free(Slot::History) {
        model.notify("nothing is being read");
        return None;
    }
    model.known.history.state = Fetch::Idle;
    let key = model.start.keymap.key(Keys::Any, Action::Refresh);
    model.notify(format!("stopped; {key} reads on"));
    Some(model.drop_question(Slot::History))
}

/// Unfolds what is chosen, or folds it again; of a reader its events.
fn unfold(model: &mut Model) -> Vec<Effect> {
    if model.history.by_reader {
        if model.history.into_reader() {
            arrange(model);
        }
        return Vec::new();
    }
    if model.history.unfolded.take().is_some() {
        return Vec::new();
    }
    let Some(event) = chosen(model).cloned() else { return Vec::new() };
    model.history.unfolded = Some(Scroll::default());
    let scope = model.history.scope.as_ref();
    match (&event.record, scope) {
        (None, Some(scope)) => {
            let context = Arc::clone(scope.context());
            vec![model.ask(Slot::Record, Request::Record(context, event.id.clone()))]
        }
        _ => Vec::new(),
    }
}

/// The secret whose events are shown; of the account's events that of the chosen one.
pub(super) fn subject(model: &Model) -> Option<SecretId> {
    let (scope, known) = (model.history.scope.as_ref()?, &model.known.secrets);
    if let Some(secret) = secret_of(scope) {
        return Some(secret.id.clone());
    }
    let event = chosen(model)?;
    if let Some(arn) = &event.scene.whose.arn {
        return Some(SecretId { context: Arc::clone(scope.context()), arn: arn.clone() });
    }
    let mut rows = known.by_name().iter().map(|number| &known.row(*number).secret);
    rows.find(|secret| event.names(secret)).map(|secret| secret.id.clone())
}

/// The event that is chosen.
fn chosen(model: &Model) -> Option<&Arc<TrailEvent>> {
    model.known.history.events.get(model.history.chosen()?)
}

/// A key while the filter is typed.
pub(super) fn on_filter(model: &mut Model, action: Action) {
    match action {
        Action::Open => model.history.typing = false,
        Action::Back => {
            model.history.typing = false;
            model.history.input = tui_input::Input::default();
            arrange(model);
        }
        _ => go(model, action),
    }
}

/// What was typed has changed.
pub(super) fn refilter(model: &mut Model) {
    arrange(model);
}

/// Moves among the lines, or in the record that is unfolded.
pub(super) fn go(model: &mut Model, action: Action) {
    let page = model.lines();
    let records = matches!(action, Action::PageUp | Action::PageDown | Action::HalfUp | Action::HalfDown);
    if let (true, Some(mut scroll)) = (records, model.history.unfolded) {
        let (lines, room) = history::record_size(model);
        scroll.go(action, lines, room);
        model.history.unfolded = Some(scroll);
        return;
    }
    model.history.go(action, page);
}

fn copy(model: &mut Model) {
    let reader = model
        .history
        .reader()
        .map(|reader| vec![Handle { what: "who".to_owned(), text: reader.name.raw().to_owned() }]);
    let event = || chosen(model).map(|event| history::handles(event));
    let handles: Vec<Handle> = reader.or_else(event).unwrap_or_default();
    if handles.is_empty() {
        model.notify("there is no event to copy from");
    } else {
        model.overlay = Some(Overlay::Copy(handles, 0));
    }
}

/// Asks for the name of a file.
fn save(model: &mut Model) {
    if model.history.rows().is_empty() {
        return model.notify("there are no events to save yet");
    }
    let name = model.history.scope.as_ref().and_then(secret_of).map_or("activity", |secret| secret.name.raw());
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name: String = name.chars().map(plain).collect();
    let file = format!("secdash-history-{}-{}.json", name.trim_matches('-'), model.now.format("%Y%m%dT%H%M%SZ"));
    model.overlay = Some(Overlay::Save(file.into()));
}

/// Writes the events that are shown to a file.
pub(super) fn write(model: &mut Model, file: &str) -> Vec<Effect> {
    let file = file.trim();
    let Some(about) = history::about(model).filter(|_| !file.is_empty()) else { return Vec::new() };
    if !model.is_free(Slot::Save) {
        model.notify("not saved: an earlier file is still being written");
        return Vec::new();
    }
    let events = model.history.rows().iter().filter_map(|place| model.known.history.events.get(place)).cloned();
    let events: Vec<_> = events.collect();
    model.notify(format!("saving {}…", count(events.len(), "event")));
    vec![model.ask(Slot::Save, Request::Export(PathBuf::from(file), Box::new(Export { about, events })))]
}

/// Nothing of another account may stand here.
pub(super) fn forget(model: &mut Model) {
    model.history = History::default();
    model.known.history = crate::tui::known::History::default();
}
