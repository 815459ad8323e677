//! The last line: the keys that matter here, or a notice.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::text::safe;
use crate::tui::keymap::{Row, Scope};
use crate::tui::model::{Model, Screen};

/// Draws the footer.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    if let Some(notice) = &model.notice {
        let line = Line::from(Span::styled(format!(" {}", notice.text), model.start.theme.warn()));
        return frame.render_widget(line, area);
    }
    if let Some(bad) = bad_filter(model) {
        let line = Line::from(Span::styled(format!(" {}", safe(&bad)), model.start.theme.bad()));
        return frame.render_widget(line, area);
    }
    let scope = model.scope();
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
            Span::raw(format!(" {} ", binding.help)),
        ]
    });
    frame.render_widget(spans.collect::<Line<'_>>(), area);
}

/// What is wrong with the filter that is being typed; with that of the history also afterwards, for it filters nothing.
fn bad_filter(model: &Model) -> Option<String> {
    match (model.screen(), model.scope()) {
        (Screen::History, Scope::Typing | Scope::History) => model.history.bad.as_ref().map(ToString::to_string),
        (_, Scope::Typing) => model.secrets.bad.as_ref().map(ToString::to_string),
        _ => None,
    }
}

/// The bindings that fit, in the order of the table; high numbers are dropped first.
fn fitting<'a>(model: &'a Model, scopes: &[Scope], width: u16) -> Vec<&'a Row> {
    let mut shown: Vec<_> = model
        .start
        .keymap
        .rows()
        .filter(|row| scopes.contains(&row.scope) && row.priority < 9 && !row.keys.is_empty())
        .collect();
    let room = |shown: &[&Row]| shown.iter().map(|b| first_key(b).len() + b.help.len() + 3).sum::<usize>();
    while room(&shown) > usize::from(width)
        && let Some(last) = (0..shown.len()).max_by_key(|i| shown[*i].priority)
    {
        shown.remove(last);
    }
    shown
}

fn first_key(row: &Row) -> &str {
    row.first_key().unwrap_or_default()
}
