//! A log, by itself or under the rotation that writes it.

use chrono::{DateTime, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{panel, sheet};
use crate::domain::log::Level;
use crate::domain::tail::Source;
use crate::text::{count, grouped, moment, safe, span, time_of_day, truncate, width};
use crate::tui::board;
use crate::tui::keymap::{Action, Scope};
use crate::tui::known::Log;
use crate::tui::model::Model;
use crate::tui::pane;
use crate::tui::screen::log::{Stamps, Whose};
use crate::tui::sheet::{Line as Toned, Tone, hanging};

/// Draws a rotation that is watched.
pub(super) fn watch(model: &Model, body: Rect, frame: &mut Frame<'_>) {
    let (Some(rotation), Some((lines, above, below))) = (model.watched(), model.board()) else {
        return frame.render_widget(panel(model), body);
    };
    let theme = model.start.theme;
    let room = usize::from(above.width).saturating_sub(4);
    let title = truncate(&board::title(rotation, model.now), room);
    let block = panel(model).title(Line::from(Span::styled(format!(" {title} "), theme.strong())));
    let inner = block.inner(above);
    frame.render_widget(block, above);
    sheet::draw(model, lines, 0, inner, frame);
    panel_of(model, &rotation.log, below, frame);
}

/// Draws the log of the selected secret's function.
pub(super) fn draw(model: &Model, body: Rect, frame: &mut Frame<'_>) {
    match model.log() {
        Some(log) => panel_of(model, log, body, frame),
        None => frame.render_widget(panel(model), body),
    }
}

fn panel_of(model: &Model, log: &Log, area: Rect, frame: &mut Frame<'_>) {
    let Some(look) = model.look() else { return frame.render_widget(panel(model), area) };
    let columns = usize::from(area.width).saturating_sub(4);
    let block = panel(model)
        .title(title(model, log, columns))
        .title_bottom(choices(model, look.since, columns))
        .title_bottom(standing(model, log).right_aligned());
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let notes = pane::notes(log, usize::from(inner.width));
    let rows = Rect { height: u16::try_from(look.height).unwrap_or(inner.height).min(inner.height), ..inner };
    if model.pane.is_empty() {
        sheet::draw(model, empty(model, log, look.width), 0, rows, frame);
    } else {
        sheet::draw(model, look.window().rows, 0, rows, frame);
    }
    let foot = Rect { y: rows.bottom(), height: inner.bottom().saturating_sub(rows.bottom()), ..inner };
    sheet::draw(model, notes, 0, foot, frame);
}

/// Which log, from where its events come, and how many of its lines are shown.
fn title(model: &Model, log: &Log, columns: usize) -> Line<'static> {
    let theme = model.start.theme;
    let group = match &log.found {
        None => "the function's log".to_owned(),
        Some(Ok(found)) => found.group.name.to_string(),
        Some(Err(_)) => "no log".to_owned(),
    };
    let source = source(log);
    let rest = |number: &str| width(&source) + width(number) + 8;
    let (number, short) = (counts(model, log, true), counts(model, log, false));
    let number = if width(&group) + rest(&number) <= columns { number } else { short };
    let rest = rest(&number);
    let group = truncate(&group, columns.saturating_sub(rest).max(10));
    let words = truncate(&format!("{source} · {number}"), columns.saturating_sub(width(&group) + 5));
    Line::from(vec![Span::styled(format!(" {group} "), theme.strong()), Span::raw(format!("· {words} "))])
}

/// How many of the lines are shown, and where there is room also how many may be shown later.
fn counts(model: &Model, log: &Log, has_room: bool) -> String {
    let (pane, undecided) = (&model.pane, log.undecided());
    let (shown, all) = pane.held.as_ref().map_or((pane.len(), log.len()), |held| held.counts);
    // A picture that is held doesn't count on.
    let is_told = has_room && undecided > 0 && pane.held.is_none() && pane.whose != Whose::Group;
    let undecided = if is_told { format!(", {} not known yet", grouped(undecided)) } else { String::new() };
    format!("{} {} (of {}{undecided})", count(shown, "line"), pane.whose.words(), grouped(all))
}

/// From where events come, in few words.
fn source(log: &Log) -> String {
    match &log.source {
        None if log.found.is_none() => "looking for it…".to_owned(),
        None => "closed".to_owned(),
        Some(Source::Opening) => "opening Live Tail…".to_owned(),
        Some(Source::Live) => "live".to_owned(),
        Some(Source::Reconnecting { wait, .. }) => format!("reconnecting in {} s", wait.as_secs()),
        Some(Source::Polling { every, .. }) => format!("polling every {} s", every.as_secs()),
        Some(Source::None(_)) => "no events".to_owned(),
    }
}

/// What of the lines is chosen, where that isn't everything, and how times are to be read.
fn choices(model: &Model, since: DateTime<Utc>, columns: usize) -> Line<'static> {
    let pane = &model.pane;
    let mut spans = Vec::new();
    if pane.typing || pane.wanted().is_some() {
        spans.push(Span::styled(" /", model.start.theme.key()));
        spans.push(Span::raw(truncate(&safe(pane.search.value()), columns / 3)));
        spans.extend(pane.typing.then(|| Span::styled(" ", model.start.theme.selected())));
    }
    let level = pane.level.map(|level| match level {
        Level::Error | Level::Fatal => "errors only".to_owned(),
        level => format!("{} and graver", level.word()),
    });
    let words = [
        Some(match pane.stamps {
            Stamps::Relative => format!("since {}", time_of_day(since)),
            stamps => stamps.word().to_owned(),
        }),
        level,
        pane.step.map(|step| format!("{} only", step.word())),
        pane.cut.then(|| "long lines cut".to_owned()),
        pane.json.then(|| "JSON unfolded".to_owned()),
    ];
    let words: Vec<_> = words.into_iter().flatten().collect();
    let words = truncate(&words.join(" · "), columns / 2);
    spans.push(Span::raw(format!(" {words} ")));
    Line::from(spans)
}

/// Whether the picture follows or stands still, and what the log has cost and lost.
fn standing(model: &Model, log: &Log) -> Line<'static> {
    let theme = model.start.theme;
    let held = model.pane.held.as_ref();
    let live = log.live(model.now);
    let words = |from: DateTime<Utc>| {
        if from.date_naive() == model.now.date_naive() { time_of_day(from) } else { moment(from) }
    };
    let from = log.from.map(|from| format!("from {}", words(from)));
    // A picture that is held doesn't count on.
    let minutes = (live.num_minutes() >= 1 && held.is_none()).then(|| format!("Live Tail {}", span(live)));
    let dropped = (log.dropped > 0 && held.is_none()).then(|| format!("{} dropped, the oldest", grouped(log.dropped)));
    let words: Vec<_> = [from, minutes, dropped].into_iter().flatten().collect();
    let (style, state) = match held {
        None if log.source.is_some() => (theme.good(), "following".to_owned()),
        None => (theme.dim(), "at its end".to_owned()),
        // The same words whatever comes in meanwhile: nothing of a picture that is held moves.
        Some(_) => (theme.warn(), format!("held, {} follows again", key(model, Action::Bottom))),
    };
    Line::from(vec![Span::raw(format!(" {} · ", words.join(" · "))), Span::styled(format!("{state} "), style)])
}

/// What is said where no line is shown.
fn empty(model: &Model, log: &Log, width: usize) -> Vec<Toned> {
    let said = |text: &str| hanging((Tone::Plain, " "), (Tone::Plain, text), width);
    if model.watched().is_some_and(|rotation| !rotation.is_live() && rotation.followed.is_none()) {
        return said("Nothing has begun, so there is no line of it.");
    }
    match &log.found {
        None => said("Asking which log group the function writes to…"),
        Some(Err(none)) => said(&none.to_string()),
        Some(Ok(_)) if !log.is_empty() => said(&hidden(model, log)),
        Some(Ok(_)) if matches!(log.source, Some(Source::None(_))) => said("No line can be read."),
        Some(Ok(_)) if log.is_closed => said("No line came."),
        Some(Ok(_)) if model.watched().is_some() => {
            said("No line yet. Lines take a second or more from the function to here.")
        }
        Some(Ok(_)) if !log.is_filled && matches!(log.source, None | Some(Source::Opening | Source::Live)) => {
            said("Reading what was written…")
        }
        Some(Ok(_)) => {
            let from = log.from.map_or_else(String::new, |from| format!(" since {}", moment(from)));
            said(&format!("Nothing was written{from}. {} reads from further back.", key(model, Action::Further)))
        }
    }
}

/// The key for something in a log.
fn key(model: &Model, action: Action) -> &str {
    model.start.keymap.key(Scope::Log, action)
}

/// Why none of the lines that there are is shown.
fn hidden(model: &Model, log: &Log) -> String {
    let lines = count(log.len(), "line");
    let pane = &model.pane;
    let [whose, level, step] = [Action::Whose, Action::Level, Action::Step].map(|action| key(model, action));
    let filters =
        [pane.level.map(|_| format!("{level} shows other levels")), pane.step.map(|_| format!("{step} other steps"))];
    let filters: Vec<_> = filters.into_iter().flatten().collect();
    if !filters.is_empty() {
        return format!("None of {lines} passes: {}, {whose} those of others.", filters.join(", "));
    }
    let unknown = log.undecided();
    if unknown > 0 {
        return format!("{lines} so far, and it isn't known yet whose {} are. {whose} shows them.", grouped(unknown));
    }
    format!("{lines}, and none {}. {whose} shows those of others.", pane.whose.words())
}
