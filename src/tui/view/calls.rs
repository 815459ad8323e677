//! The calls of AWS, the latest first.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Cell, Row, Table};

use super::panel;
use crate::domain::calls::Call;
use crate::text::{count, time_of_day};
use crate::tui::known::CALLS;
use crate::tui::model::Model;

const COLUMNS: [&str; 7] = ["ENDED", "OPERATION", "TOOK", "RETRIES", "THROTTLED", "OUTCOME", "REQUEST ID"];

/// The width from which on there is room for the request id, and that of an outcome beside it.
const WIDE: u16 = 100;
const OUTCOME: u16 = 22;

/// Draws the calls.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.start.theme;
    let calls = &model.known.calls;
    let number = count(calls.len(), "call");
    let number = if calls.len() < CALLS { number } else { format!("the last {number}") };
    let block = panel(model).title(Line::from(vec![
        Span::styled(" API calls ", theme.strong()),
        Span::raw(format!("· {number}, the latest first ")),
    ]));
    let rows = calls.iter().skip(model.calls.top).take(model.lines().saturating_sub(1)).map(|call| row(model, call));
    // The outcome is whole before there is a request id: nobody reads one out while the other is cut.
    let outcome = if area.width < WIDE { Constraint::Fill(1) } else { Constraint::Length(OUTCOME) };
    let widths = [9, 20, 8, 7, 9].map(Constraint::Length).into_iter().chain([outcome, Constraint::Fill(1)]);
    let columns = if area.width < WIDE { COLUMNS.len() - 1 } else { COLUMNS.len() };
    let titles = Row::new(COLUMNS.into_iter().take(columns)).style(theme.dim());
    let table = Table::new(rows, widths.take(columns)).header(titles).block(block);
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
