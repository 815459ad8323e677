//! The keys, drawn from the one table of them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};

use crate::text::fit;
use crate::tui::keymap::{BINDINGS, SCOPES, lines};
use crate::tui::model::Model;

/// Draws the help over what is there, from a line on.
pub(super) fn draw(model: &Model, line: u16, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.start.theme;
    let mut text: Vec<Line<'_>> = Vec::new();
    for scope in SCOPES {
        text.push(Line::from(Span::styled(scope.title(), theme.strong())));
        let rows = BINDINGS.iter().filter(|binding| binding.scope == scope);
        text.extend(rows.map(|binding| {
            Line::from(vec![Span::styled(format!("  {}", fit(binding.keys, 16)), theme.key()), Span::raw(binding.help)])
        }));
        text.push(Line::default());
    }
    let block = Block::bordered().title(" Keys ");
    let last = lines().saturating_sub(block.inner(area).height);
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(text).scroll((line.min(last), 0)).block(block), area);
}
