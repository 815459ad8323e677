//! One secret: in short under the list, and whole on a screen of its own.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{panel, sheet};
use crate::domain::inspection::Inspection;
use crate::text::{time_of_day, truncate};
use crate::tui::known::{Fetch, Remote, Row};
use crate::tui::lanes;
use crate::tui::model::Model;

/// Draws the selected secret under the list.
pub(super) fn preview(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let Some(row) = model.selected() else { return frame.render_widget(panel(model), area) };
    let block = panel(model).title(title(model, row, area.width));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    sheet::draw(model, model.preview_of(row, usize::from(inner.width)), 0, inner, frame);
}

/// Draws the selected secret on a screen of its own.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let Some(row) = model.selected() else { return frame.render_widget(panel(model), area) };
    let area = if model.raw { area } else { timeline(model, row, area, frame) };
    let lines = model.sheet();
    let (top, page) = (model.secret.top, model.lines());
    let block = panel(model).title(title(model, row, area.width));
    let more = lines.len().saturating_sub(top + page);
    let block =
        if more > 0 { block.title_bottom(Line::from(format!(" {more} more lines ")).right_aligned()) } else { block };
    let inner = block.inner(area);
    frame.render_widget(block, area);
    sheet::draw(model, lines, top, inner, frame);
}

/// Draws the timeline; the area that is left below it.
fn timeline(model: &Model, row: &Row, area: Rect, frame: &mut Frame<'_>) -> Rect {
    let drawn = lanes::drawn(model, row, area);
    let facts = lanes::timeline(model, row);
    let title = format!("· {} · + - zoom · {} ", model.timeline.zoom(&facts).word(), by_trail(model));
    let title = vec![Span::styled(" Versions over time ", model.start.theme.strong()), Span::raw(title)];
    let block = panel(model).title(Line::from(title));
    let inner = block.inner(drawn.area);
    frame.render_widget(block, drawn.area);
    sheet::draw(model, drawn.lines, 0, inner, frame);
    drawn.below
}

/// How far CloudTrail tells of labels.
fn by_trail(model: &Model) -> String {
    let known = &model.known.history;
    let back =
        known.changes_covered().latest().map(|span| format!("CloudTrail back to {}", span.from.format("%m-%d %H:%MZ")));
    match (&known.changes_state, back) {
        (Fetch::Loading, Some(back)) => format!("{back}, reading on"),
        (Fetch::Loading, None) => "asking CloudTrail…".to_owned(),
        (Fetch::Failed(_), None) => "without CloudTrail".to_owned(),
        (_, Some(back)) => back,
        (Fetch::Idle, None) => "CloudTrail not asked yet".to_owned(),
    }
}

fn title(model: &Model, row: &Row, width: u16) -> Line<'static> {
    let remote = model.known.inspected.get(&row.secret.id);
    let listed = model.known.secrets.as_of.map(|at| format!("from the list, as of {}", time_of_day(at)));
    let asked = match remote {
        Some(Remote { state: Fetch::Loading, .. }) | None => Some("asking…".to_owned()),
        Some(Remote { value: Some((Inspection { secret: Ok(_), .. }, at)), .. }) => {
            Some(format!("as of {}", time_of_day(*at)))
        }
        Some(_) => listed,
    };
    let name = truncate(&row.secret.name.to_string(), usize::from(width).saturating_sub(40));
    Line::from(vec![
        Span::styled(format!(" {name} "), model.start.theme.strong()),
        Span::raw(asked.map_or_else(String::new, |asked| format!("· {asked} "))),
    ])
}
