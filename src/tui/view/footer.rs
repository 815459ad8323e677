//! The last line: the keys that matter here, or a notice.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::filter::BadFilter;
use crate::text::safe;
use crate::tui::keymap::{Action, Row, Scope};
use crate::tui::known::Fetch;
use crate::tui::model::{Model, Screen};

/// What a filter may say, until something is typed.
const FILTER: &str = " part of a name  ~letters  state: kind: tag: region: function:  !not";

/// Draws the footer.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    if let Some(notice) = &model.notice {
        let line = Line::from(Span::styled(format!(" {}", notice.text), model.start.theme.warn()));
        return frame.render_widget(line, area);
    }
    if let Some(bad) = bad_filter(model, usize::from(area.width)) {
        let line = Line::from(Span::styled(format!(" {}", safe(&bad)), model.start.theme.bad()));
        return frame.render_widget(line, area);
    }
    let scope = model.scope();
    if model.screen() == Screen::Secrets && scope == Scope::Typing && model.secrets.input.value().is_empty() {
        let line = Line::from(Span::styled(FILTER, model.start.theme.dim()));
        return frame.render_widget(line, area);
    }
    if matches!(scope, Scope::Confirm | Scope::ConfirmName) {
        // The dialog's own last line says what a key does now.
        return;
    }
    let scopes: &[Scope] = match scope {
        Scope::Typing | Scope::Copy | Scope::Help => &[scope],
        _ => &[scope, Scope::Any],
    };
    let spans = fitting(model, scopes, area.width).into_iter().flat_map(|binding| {
        [
            Span::styled(format!(" {}", first_key(binding)), model.start.theme.key()),
            Span::raw(format!(" {} ", words(model, binding))),
        ]
    });
    frame.render_widget(spans.collect::<Line<'_>>(), area);
}

/// What is wrong with the filter that is being typed or stands there: it filters nothing, or what the last one did.
fn bad_filter(model: &Model, width: usize) -> Option<String> {
    match (model.screen(), model.scope()) {
        (Screen::History, Scope::Typing | Scope::History) => model.history.bad.as_ref().map(ToString::to_string),
        (Screen::Secrets, Scope::Typing | Scope::Secrets) => model.secrets.bad.as_ref().map(|bad| match bad {
            // What may be is what helps; the title says already that it isn't understood.
            BadFilter::Value { test, allowed, .. } if bad.to_string().len() >= width => format!("{test}: {allowed}"),
            _ => bad.to_string(),
        }),
        _ => None,
    }
}

/// The bindings that fit, in the order of the table; high numbers are dropped first.
fn fitting<'a>(model: &'a Model, scopes: &[Scope], width: u16) -> Vec<&'a Row> {
    let mut shown: Vec<_> = model
        .start
        .keymap
        .rows()
        .filter(|row| scopes.contains(&row.scope) && priority(model, row) < 9 && !row.keys.is_empty())
        .collect();
    let room = |shown: &[&Row]| shown.iter().map(|b| first_key(b).len() + words(model, b).len() + 3).sum::<usize>();
    while room(&shown) > usize::from(width)
        && let Some(last) = (0..shown.len()).max_by_key(|i| priority(model, shown[*i]))
    {
        shown.remove(last);
    }
    shown
}

/// How much a key matters now: the one that ends what is going on, while it goes on.
fn priority(model: &Model, row: &Row) -> u8 {
    let is_read = model.known.history.state == Fetch::Loading;
    if (row.scope, row.action) == (Scope::History, Action::Stop) && is_read { 1 } else { row.priority }
}

/// What a key does now.
fn words<'a>(model: &Model, row: &'a Row) -> &'a str {
    match (row.scope, row.action) {
        (Scope::History, Action::Open) if model.history.by_reader => "its events",
        (Scope::History, Action::ByReader) if model.history.by_reader => "each event",
        (Scope::History, Action::Back) if model.history.unfolded.is_some() => "fold",
        (Scope::History, Action::Back) => model.history.way_back().unwrap_or(row.help),
        _ => row.help,
    }
}

fn first_key(row: &Row) -> &str {
    row.first_key().unwrap_or_default()
}
