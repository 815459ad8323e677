//! The list: one line a secret, worst trouble first, and under it why it is not whole.

use chrono::{DateTime, Utc};
use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Cell, Paragraph, Row, Table};

use super::fault;
use crate::domain::rotation::RotationState;
use crate::domain::secret::{Kind, Secret};
use crate::domain::words;
use crate::text::{grouped, safe, truncate, width};
use crate::tui::known::Fetch;
use crate::tui::model::Model;

/// The width of the list from which on a column is shown; narrower, what matters less goes first.
const WIDE: u16 = 110;
const MIDDLE: u16 = 76;

/// The width of the column with the state's symbol: some are two cells wide.
const SYMBOL: usize = 2;

/// Draws the list with its border.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let page = model.page();
    let block = Block::bordered().title(title(model));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    if model.known.secrets.is_empty() {
        return empty(model, inner, frame);
    }
    let top = model.secrets.top(&model.known.secrets, page);
    let selected = model.secrets.place(&model.known.secrets);
    let columns = columns(inner.width);
    let taken: usize = SYMBOL + 1 + columns.iter().map(|column| column.width() + 1).sum::<usize>();
    let name_width = usize::from(inner.width).saturating_sub(taken);
    let rows = model.known.secrets.from(top).take(page).enumerate().map(|(line, secret)| {
        let style = if top + line == selected { model.start.theme.selected() } else { Style::new() };
        row(model, secret, &columns, name_width, top + line == selected).style(style)
    });
    let widths = std::iter::once(Constraint::Length(2)).chain(columns.iter().flat_map(|column| {
        let name = matches!(column, Column::State).then_some(Constraint::Fill(1));
        [Some(Constraint::Length(u16::try_from(column.width()).unwrap_or(u16::MAX))), name].into_iter().flatten()
    }));
    let titles = std::iter::once("").chain(columns.iter().flat_map(|column| {
        let name = matches!(column, Column::State).then_some("NAME");
        [Some(column.title()), name].into_iter().flatten()
    }));
    let header = Row::new(titles.map(Cell::from)).style(model.start.theme.dim());
    frame.render_widget(Table::new(rows, widths).header(header).column_spacing(1), inner);
    if let Some(fault) = model.list_fault() {
        fault::foot(model, fault, inner, frame);
    }
}

#[derive(Debug, Clone, Copy)]
enum Column {
    State,
    Next,
    Last,
    Schedule,
    Pending,
}

impl Column {
    fn title(self) -> &'static str {
        match self {
            Self::State => "STATE",
            Self::Next => "NEXT ROTATION",
            Self::Last => "LAST ROTATED",
            Self::Schedule => "SCHEDULE",
            Self::Pending => "PENDING",
        }
    }

    fn width(self) -> usize {
        match self {
            Self::State | Self::Pending => 11,
            Self::Next => 17,
            Self::Last => 12,
            Self::Schedule => 24,
        }
    }

    fn cell(self, secret: &Secret, now: DateTime<Utc>) -> String {
        let text = match self {
            Self::State => RotationState::of(secret, now).word().to_owned(),
            Self::Next => words::next_rotation(secret, now),
            Self::Last => words::last_rotated(secret, now),
            Self::Schedule => words::schedule(secret),
            Self::Pending => words::pending(secret, now),
        };
        truncate(&text, self.width())
    }
}

fn columns(width: u16) -> Vec<Column> {
    use Column::{Last, Next, Pending, Schedule, State};
    match width {
        WIDE.. => vec![State, Next, Last, Schedule, Pending],
        MIDDLE..WIDE => vec![State, Next, Last, Pending],
        _ => vec![State, Next],
    }
}

fn row<'a>(model: &Model, secret: &Secret, columns: &[Column], name_width: usize, selected: bool) -> Row<'a> {
    let now = model.now;
    let state = RotationState::of(secret, now);
    let style = if selected { Style::new() } else { model.start.theme.state(state) };
    let mut cells = vec![Cell::from(Span::styled(state.symbol().to_string(), style))];
    for column in columns {
        match column {
            Column::State => {
                cells.push(Cell::from(Span::styled(column.cell(secret, now), style)));
                cells.push(Cell::from(name(model, secret, name_width, selected)));
            }
            _ => cells.push(Cell::from(column.cell(secret, now))),
        }
    }
    Row::new(cells)
}

/// The name, and behind it what the secret is. Where both don't fit, the name is cut.
fn name<'a>(model: &Model, secret: &Secret, room: usize, selected: bool) -> Line<'a> {
    let kinds = secret.kinds().into_iter().filter(|kind| *kind != Kind::Deleting);
    let badges = kinds.map(|kind| format!(" ⧉{}", kind.word())).collect::<Vec<_>>().concat();
    let name = truncate(&secret.name.to_string(), room.saturating_sub(width(&badges)));
    let style = if selected { Style::new() } else { model.start.theme.dim() };
    Line::from(vec![Span::raw(name), Span::styled(badges, style)])
}

fn title(model: &Model) -> Line<'static> {
    let secrets = &model.known.secrets;
    let progress = match (&model.known.context.state, &secrets.state) {
        (Fetch::Loading, _) => " · signing in…".to_owned(),
        (_, Fetch::Loading) if secrets.pages == 0 => " · asking AWS…".to_owned(),
        (_, Fetch::Loading) => format!(" · page {} has come, more to come…", grouped(secrets.pages)),
        (Fetch::Failed(_), _) | (_, Fetch::Failed(_)) if !secrets.is_empty() => {
            " · not up to date, see below".to_owned()
        }
        _ => String::new(),
    };
    Line::from(vec![Span::styled(" Secrets", model.start.theme.strong()), Span::raw(format!("{progress} "))])
}

fn empty(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    if let Some(fault) = model.list_fault() {
        return fault::whole(model, fault, area, frame);
    }
    let profile = model.start.profile.as_ref().map_or_else(String::new, |profile| format!(" as {}", safe(profile)));
    let words = match (&model.known.context.state, &model.known.secrets.state) {
        (Fetch::Loading, _) => format!("Signing in{profile}…"),
        (_, Fetch::Loading) => "Asking AWS for the secrets…".to_owned(),
        (_, Fetch::Idle) if model.known.secrets.complete => {
            "There are no secrets in this account and Region.".to_owned()
        }
        _ => String::new(),
    };
    frame.render_widget(Paragraph::new(format!(" {words}")), area);
}
