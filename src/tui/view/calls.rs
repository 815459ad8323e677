//! The calls of AWS, the latest first.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Cell, Row, Table};

use super::panel;
use crate::domain::calls::Call;
use crate::text::{count, time_of_day};
use crate::tui::model::Model;

/// Draws the calls.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.start.theme;
    let calls = &model.known.calls;
    let block = panel(model).title(Line::from(vec![
        Span::styled(" API calls ", theme.strong()),
        Span::raw(format!("· {}, the latest first ", count(calls.len(), "call"))),
    ]));
    let rows = calls.iter().skip(model.calls.top).take(model.lines().saturating_sub(1)).map(|call| row(model, call));
    let widths = [9, 21, 8, 7, 9, 20].map(Constraint::Length).into_iter().chain([Constraint::Fill(1)]);
    let titles = ["ENDED", "OPERATION", "TOOK", "RETRIES", "THROTTLED", "OUTCOME", "REQUEST ID"];
    let table = Table::new(rows, widths).header(Row::new(titles).style(theme.dim())).block(block);
    frame.render_widget(table, area);
}

fn row<'a>(model: &Model, call: &Call) -> Row<'a> {
    let theme = model.start.theme;
    let (outcome, style) = match &call.error {
        None => ("fine".to_owned(), Style::new()),
        Some(error) => (error.to_string(), theme.bad()),
    };
    let number = |number: u32| if number == 0 { "–".to_owned() } else { number.to_string() };
    Row::new(vec![
        Cell::from(time_of_day(call.at)),
        Cell::from(Span::styled(call.operation.to_string(), theme.strong())),
        Cell::from(format!("{} ms", call.took.as_millis())),
        Cell::from(number(call.attempts.saturating_sub(1))),
        Cell::from(Span::styled(number(call.throttles), if call.throttles > 0 { theme.warn() } else { Style::new() })),
        Cell::from(Span::styled(outcome, style)),
        Cell::from(call.request_id.as_ref().map_or_else(String::new, ToString::to_string)),
    ])
}
