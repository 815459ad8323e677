//! Why one secret's rotation isn't done, and the ways out.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{panel, sheet};
use crate::text::time_of_day;
use crate::tui::keymap::{Action, Scope};
use crate::tui::known::Fetch;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::why;

/// Draws it.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let Some(known) = &model.known.why else { return };
    let lines = why::lines(model, model.areas().map_or(1, |areas| areas.columns()));
    let page = layout::lines(area);
    let top = model.why.scroll.top.min(lines.len().saturating_sub(page));
    let more = lines.len().saturating_sub(top + page);
    let state = match (&known.diagnosis.state, &known.diagnosis.value) {
        (Fetch::Loading, Some(_)) => " · still asking ".to_owned(),
        (Fetch::Loading, None) => " · asking ".to_owned(),
        (_, Some((_, at))) => format!(" · as of {} ", time_of_day(*at)),
        (_, None) => " ".to_owned(),
    };
    let title =
        Line::from(vec![Span::styled(format!(" Why · {}", known.name), model.start.theme.strong()), Span::raw(state)]);
    let block = panel(model).title(title);
    let block = if more > 0 {
        let down = model.start.keymap.key(Scope::Why, Action::Down);
        block.title_bottom(Line::from(format!(" {down}: {more} more lines ")).right_aligned())
    } else {
        block
    };
    let inner = block.inner(area);
    frame.render_widget(block, area);
    sheet::draw(model, lines, top, inner, frame);
}
