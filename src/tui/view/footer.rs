//! The last line: the keys that matter here, or a notice.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::keymap::{BINDINGS, Binding, Scope};
use crate::tui::model::Model;

/// Draws the footer.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    if let Some(notice) = &model.notice {
        let line = Line::from(Span::styled(format!(" {}", notice.text), model.start.theme.warn()));
        return frame.render_widget(line, area);
    }
    let scope = model.scope();
    let scopes: &[Scope] = match scope {
        Scope::Typing | Scope::Copy | Scope::Help => &[scope],
        _ => &[scope, Scope::Any],
    };
    let spans = fitting(scopes, area.width).into_iter().flat_map(|binding| {
        [
            Span::styled(format!(" {}", first_key(binding)), model.start.theme.key()),
            Span::raw(format!(" {} ", binding.help)),
        ]
    });
    frame.render_widget(spans.collect::<Line<'_>>(), area);
}

/// The bindings that fit, in the order of the table; high numbers are dropped first.
fn fitting(scopes: &[Scope], width: u16) -> Vec<&'static Binding> {
    let mut shown: Vec<_> =
        BINDINGS.iter().filter(|binding| scopes.contains(&binding.scope) && binding.priority < 9).collect();
    let room = |shown: &[&Binding]| shown.iter().map(|b| first_key(b).len() + b.help.len() + 3).sum::<usize>();
    while room(&shown) > usize::from(width)
        && let Some(last) = (0..shown.len()).max_by_key(|i| shown[*i].priority)
    {
        shown.remove(last);
    }
    shown
}

fn first_key(binding: &Binding) -> &'static str {
    binding.keys.split(' ').next().unwrap_or_default()
}
