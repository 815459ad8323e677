//! Keys, pastes and the mouse: what they ask for, by where the user is.

use crossterm::event::{Event, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;
use tui_input::backend::crossterm::EventHandler;

use super::{agenda, alerts, change, history, log, refresh, watch, why};
use crate::domain::handles;
use crate::domain::sort::Sort;
use crate::text::safe;
use crate::tui::keymap::{self, Action, Scope};
use crate::tui::known::Rotation;
use crate::tui::lanes;
use crate::tui::layout;
use crate::tui::model::{Model, Overlay, Screen};
use crate::tui::msg::{Effect, Ending};
use crate::tui::screen::command::{self, Command};
use crate::tui::screen::scroll::Scroll;

/// Takes in a key.
pub(super) fn press(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    model.told_of = model.notice.take().and_then(|notice| notice.about);
    let Some(action) = model.start.keymap.action(model.scope(), key) else {
        return edit(model, key);
    };
    match (action, &model.overlay) {
        (Action::Interrupt, _) => vec![Effect::Quit(Ending::Interrupted)],
        (Action::Suspend, _) => vec![Effect::Suspend],
        (_, Some(Overlay::Confirm(_))) => change::act(model, action),
        (_, Some(_)) => on_overlay(model, action),
        (_, None) if model.pane.typing && is_log(model) => {
            log::on_search(model, action);
            Vec::new()
        }
        (_, None) if model.secrets.typing && model.screen() == Screen::Secrets => on_filter(model, action),
        (_, None) if model.history.typing && model.screen() == Screen::History => {
            history::on_filter(model, action);
            Vec::new()
        }
        (_, None) => act(model, action),
    }
}

/// A paste is text for what is being typed, and nothing else: it never presses keys.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if matches!(model.overlay, Some(Overlay::Confirm(_))) {
        return change::pasted(model);
    }
    let keys = safe(text).chars().map(|c| KeyEvent::from(crossterm::event::KeyCode::Char(c))).collect::<Vec<_>>();
    keys.into_iter().flat_map(|key| edit(model, key)).collect()
}

/// Takes in a click or a turn of the wheel.
pub(super) fn mouse(model: &mut Model, event: MouseEvent) -> Vec<Effect> {
    match event.kind {
        MouseEventKind::ScrollDown => scroll(model, Action::Down),
        MouseEventKind::ScrollUp => scroll(model, Action::Up),
        MouseEventKind::Down(MouseButton::Left) => click(model, Position::new(event.column, event.row)),
        _ => Vec::new(),
    }
}

fn scroll(model: &mut Model, action: Action) -> Vec<Effect> {
    const LINES: usize = 3;
    (0..LINES)
        .flat_map(|_| match &model.overlay {
            Some(Overlay::Confirm(_)) => change::act(model, action),
            Some(_) => on_overlay(model, action),
            None => act(model, action),
        })
        .collect()
}

fn click(model: &mut Model, at: Position) -> Vec<Effect> {
    let Some(areas) = model.areas().filter(|_| model.overlay.is_none() && model.screen() == Screen::Secrets) else {
        return Vec::new();
    };
    if let Some(line) = areas.row_at(at).filter(|line| *line < model.page()) {
        let page = model.page();
        let place = model.secrets.top(&model.known.secrets, page) + line;
        if place < model.secrets.len() {
            model.secrets.put(place, &model.known.secrets, page);
        }
    }
    Vec::new()
}

/// What no action takes goes to what is being typed.
fn edit(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let event = Event::Key(key);
    let (in_log, in_list, in_history) =
        (is_log(model), model.screen() == Screen::Secrets, model.screen() == Screen::History);
    match &mut model.overlay {
        Some(Overlay::Command(input) | Overlay::Save(input)) => drop(input.handle_event(&event)),
        Some(Overlay::Confirm(_)) => return change::typed(model, key),
        None if model.pane.typing && in_log => log::edit(model, key),
        None if model.history.typing && in_history => {
            model.history.input.handle_event(&event);
            history::refilter(model);
        }
        None if model.secrets.typing && in_list => {
            model.secrets.input.handle_event(&event);
            model.secrets.refilter(&model.known.secrets);
        }
        Some(_) | None => {}
    }
    Vec::new()
}

fn is_log(model: &Model) -> bool {
    matches!(model.screen(), Screen::Watch(_) | Screen::Log)
}

/// Leaves; where the answer to a call is under way, only once that has come: what was done must be known and recorded.
fn quit(model: &mut Model) -> Vec<Effect> {
    if model.known.fix.as_ref().is_some_and(|fix| fix.end().is_none()) {
        model.is_leaving = true;
        let key = model.start.keymap.key(Scope::Any, Action::Interrupt);
        model.notify(format!("waiting for the fix to end; {key} leaves it half done, and the next start tells"));
        return Vec::new();
    }
    if model.known.rotations.iter().any(Rotation::is_calling) {
        model.is_leaving = true;
        let key = model.start.keymap.key(Scope::Any, Action::Interrupt);
        model.notify(format!("waiting for AWS's answer to the call; {key} leaves without it"));
        return Vec::new();
    }
    vec![Effect::Quit(Ending::Done)]
}

fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.screen() == Screen::Why
        && let Some(effects) = why::act(model, action)
    {
        return effects;
    }
    if model.screen() == Screen::History
        && let Some(effects) = history::act(model, action)
    {
        return effects;
    }
    if model.screen() == Screen::Alerts
        && let Some(effects) = alerts::act(model, action)
    {
        return effects;
    }
    match action {
        Action::Quit => return quit(model),
        Action::History => return history::open(model),
        Action::Activity => return history::activity(model),
        Action::Alerts => return alerts::open(model),
        Action::Rotate | Action::TestOnly | Action::Turn | Action::Mark | Action::Delete | Action::Restore => {
            return change::ask(model, action);
        }
        Action::Watch => return watch::open(model),
        Action::Logs => return log::open(model),
        Action::Why => return why::open(model),
        Action::Refresh => return refresh(model),
        // It begins with what holds on this screen.
        Action::Help => model.overlay = Some(Overlay::Help(Scroll { top: keymap::line_of(model.scope()) })),
        Action::Command => model.overlay = Some(Overlay::Command(tui_input::Input::default())),
        Action::Copy if !is_log(model) => choose_copy(model),
        Action::Upcoming => agenda::open(model),
        Action::Calls if model.screen() != Screen::Calls => model.way.push(Screen::Calls),
        Action::Back => back(model),
        Action::Open if model.screen() == Screen::Secrets && model.selected().is_some() => {
            model.way.push(Screen::Secret);
        }
        Action::Open if model.screen() == Screen::Upcoming => agenda::choose(model),
        Action::Raw if !is_log(model) => (model.raw, model.secret.top) = (!model.raw, 0),
        Action::Filter => model.secrets.begin_typing(),
        Action::Sort => sort(model, Sort { by: model.secrets.next_column(), reversed: false }),
        Action::Reverse => sort(model, Sort { reversed: !model.secrets.sort.reversed, ..model.secrets.sort }),
        action if is_log(model) => return log::act(model, action).unwrap_or_default(),
        _ => go(model, action),
    }
    Vec::new()
}

fn go(model: &mut Model, action: Action) {
    let (page, lines) = (model.page(), model.lines());
    match model.screen() {
        Screen::Upcoming => agenda::go(model, action),
        Screen::History => {
            history::go(model, action);
            true
        }
        Screen::Secrets => model.secrets.go(action, &model.known.secrets, page),
        Screen::Secret => {
            travel(model, action) || {
                let length = model.sheet().len();
                model.secret.go(action, length, lines)
            }
        }
        Screen::Why => {
            let length = crate::tui::why::lines(model, model.areas().map_or(1, |areas| areas.columns())).len();
            model.why.scroll.go(action, length, lines)
        }
        Screen::Alerts => {
            let length = crate::tui::alerts::lines(model, model.areas().map_or(1, |areas| areas.columns())).len();
            model.alerts.go(action, length, lines)
        }
        Screen::Calls => model.calls.go(action, model.known.calls.len(), lines),
        Screen::Watch(_) | Screen::Log => false,
    };
}

/// Moves in the selected secret's timeline. `false`: it is no such movement.
fn travel(model: &mut Model, action: Action) -> bool {
    let (Some(row), Some(areas)) = (model.selected(), model.areas()) else { return false };
    let facts = lanes::timeline(model, row);
    let axis = lanes::drawn(model, row, areas.body).axis;
    let before = model.timeline.lane(&facts);
    let moved = model.timeline.go(action, &facts, &axis);
    if model.timeline.lane(&facts) != before {
        // What is said about another version begins at its begin.
        model.secret.top = 0;
    }
    moved
}

fn sort(model: &mut Model, sort: Sort) {
    model.secrets.sort_by(sort, &model.known.secrets);
}

/// One step back: to the screen before, or from a filtered list to the whole one.
fn back(model: &mut Model) {
    if model.screen() == Screen::Secret && model.timeline.moment.is_some() {
        model.timeline.moment = None;
    } else if model.screen() == Screen::Secret && model.raw {
        (model.raw, model.secret.top) = (false, 0);
    } else if model.way.len() > 1 {
        model.way.pop();
    } else if !model.secrets.input.value().is_empty() {
        filter(model, String::new());
    }
}

fn filter(model: &mut Model, typed: String) {
    if typed.is_empty() {
        // Whoever takes the filter away stays on the secret that it led to.
        model.secrets.stay(&model.known.secrets);
    }
    model.secrets.input = typed.into();
    model.secrets.refilter(&model.known.secrets);
}

fn on_filter(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Open => model.secrets.end_typing(&model.known.secrets),
        Action::Back => {
            // Nothing has been typed: the cursor is where it was.
            model.secrets.input = tui_input::Input::default();
            model.secrets.refilter(&model.known.secrets);
            model.secrets.typing = false;
        }
        _ => go(model, action),
    }
    Vec::new()
}

fn choose_copy(model: &mut Model) {
    match model.selected() {
        Some(row) => model.overlay = Some(Overlay::Copy(handles::of(&row.secret), 0)),
        None => model.notify("there is no secret to copy from"),
    }
}

fn on_overlay(model: &mut Model, action: Action) -> Vec<Effect> {
    let lines = keymap::lines();
    let page = layout::help_lines(model.size);
    match (model.overlay.take(), action) {
        (None, _) | (Some(_), Action::Back) => {}
        (Some(Overlay::Help(mut scroll)), action) => {
            scroll.go(action, lines, page);
            model.overlay = Some(Overlay::Help(scroll));
        }
        (Some(Overlay::Copy(handles, at)), Action::Open) => {
            let Some(handle) = handles.into_iter().nth(at) else { return Vec::new() };
            model.notify(format!("copied {}: {}", handle.what, safe(&handle.text)));
            return vec![Effect::Copy(handle.text)];
        }
        (Some(Overlay::Copy(handles, at)), action) => {
            let at = match action {
                Action::Down => (at + 1).min(handles.len().saturating_sub(1)),
                Action::Up => at.saturating_sub(1),
                _ => at,
            };
            model.overlay = Some(Overlay::Copy(handles, at));
        }
        (Some(Overlay::Command(input)), Action::Open) => return run(model, input.value()),
        (Some(Overlay::Command(input)), Action::Complete) => {
            let completed = command::complete(input.value()).map_or(input, Into::into);
            model.overlay = Some(Overlay::Command(completed));
        }
        (Some(Overlay::Save(input)), Action::Open) if model.screen() == Screen::History => {
            return history::write(model, input.value());
        }
        (Some(Overlay::Save(input)), Action::Open) => return log::write(model, input.value()),
        (Some(other), _) => model.overlay = Some(other),
    }
    Vec::new()
}

/// Carries out a typed command.
fn run(model: &mut Model, typed: &str) -> Vec<Effect> {
    if typed.trim().is_empty() {
        return Vec::new();
    }
    match command::parse(typed) {
        Ok(Command::Do(action)) => return act(model, action),
        Ok(Command::Home) => model.way.truncate(1),
        Ok(Command::Sort(by)) => sort(model, by),
        Ok(Command::Filter(words)) => filter(model, words),
        Ok(Command::Theme(theme)) => model.start.theme = theme,
        Ok(Command::Mouse(on)) => {
            model.start.mouse = on;
            return vec![Effect::Mouse(on)];
        }
        Err(why) => model.notify(safe(&why)),
    }
    Vec::new()
}
