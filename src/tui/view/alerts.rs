//! Who notices a deletion or a failed rotation.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{panel, sheet};
use crate::text::time_of_day;
use crate::tui::alerts;
use crate::tui::keymap::{Action, Scope};
use crate::tui::known::Fetch;
use crate::tui::layout;
use crate::tui::model::Model;

/// Draws it.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let lines = alerts::lines(model, usize::from(layout::inside(area).width));
    let page = layout::lines(area);
    let top = model.alerts.top.min(lines.len().saturating_sub(page));
    let more = lines.len().saturating_sub(top + page);
    let known = &model.known.alerts;
    let state = match (&known.state, &known.value) {
        (Fetch::Loading, _) => " · asking ".to_owned(),
        (_, Some((_, at))) => format!(" · as of {} ", time_of_day(*at)),
        (_, None) => " ".to_owned(),
    };
    let title = Line::from(vec![Span::styled(" Alert coverage", model.start.theme.strong()), Span::raw(state)]);
    let block = panel(model).title(title);
    let down = model.start.keymap.key(Scope::Alerts, Action::Down);
    let block = if more > 0 {
        block.title_bottom(Line::from(format!(" {down}: {more} more lines ")).right_aligned())
    } else {
        block
    };
    let inner = block.inner(area);
    frame.render_widget(block, area);
    sheet::draw(model, lines, top, inner, frame);
}
