//! The list: one line a secret, and under it why it is not whole.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Cell, Paragraph, Row as TableRow, Table};

use super::{panel, sheet};
use crate::domain::secret::Kind;
use crate::domain::sort::SortBy;
use crate::domain::words;
use crate::text::{grouped, safe, truncate, width};
use crate::tui::board;
use crate::tui::keymap::{Action, Scope};
use crate::tui::known::{Fetch, Row};
use crate::tui::model::Model;
use crate::tui::sheet::symbol;

/// The width of the list from which on a column is shown; narrower, what matters less goes first.
const WIDE: u16 = 110;
const MIDDLE: u16 = 76;

/// The width of the column with the state's symbol.
const SYMBOL: usize = 1;

/// Draws the list with its border.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let block = panel(model).title(title(model)).title(Line::from(order(model)).right_aligned());
    let inner = block.inner(area);
    frame.render_widget(block, area);
    if model.secrets.is_empty() {
        return empty(model, inner, frame);
    }
    let (page, known) = (model.page(), &model.known.secrets);
    let top = model.secrets.top(known, page);
    let selected = model.secrets.place(known);
    let columns = columns(inner.width);
    let taken: usize = SYMBOL + 1 + columns.iter().map(|column| column.width() + 1).sum::<usize>();
    let name_width = usize::from(inner.width).saturating_sub(taken);
    let rows = model.secrets.rows(known, top).take(page).enumerate().map(|(line, row)| {
        let is_selected = top + line == selected;
        let style = if is_selected { model.start.theme.selected() } else { Style::new() };
        self::row(model, row, &columns, name_width, is_selected).style(style)
    });
    let length = |column: &Column| Constraint::Length(u16::try_from(column.width()).unwrap_or(u16::MAX));
    let widths = [Constraint::Length(1), length(&Column::State), Constraint::Fill(1)].into_iter();
    let titles = ["", Column::State.title(), "NAME"].into_iter();
    let rest = || columns.iter().skip(1);
    let header = TableRow::new(titles.chain(rest().map(|column| column.title()))).style(model.start.theme.dim());
    let table = Table::new(rows, widths.chain(rest().map(length))).header(header).column_spacing(1);
    frame.render_widget(table, inner);
    if let Some(fault) = model.list_fault() {
        sheet::foot(model, fault, inner, frame);
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
            Self::State => 9,
            Self::Pending => 13,
            Self::Next => 17,
            Self::Last => 12,
            Self::Schedule => 24,
        }
    }

    fn cell(self, model: &Model, row: &Row) -> String {
        let now = model.now;
        let text = match self {
            Self::State => row.state.word().to_owned(),
            Self::Next => words::next_rotation(&row.secret, now),
            Self::Last => words::last_rotated(&row.secret, now),
            Self::Schedule => words::schedule(&row.secret),
            Self::Pending => match model.known.rotations.live(&row.secret.id) {
                Some(rotation) => board::short(rotation, model.start.ascii),
                None => words::pending(&row.secret, row.signs(), now),
            },
        };
        truncate(&text, self.width())
    }
}

/// The columns beside the name; the state always comes first.
fn columns(width: u16) -> Vec<Column> {
    use Column::{Last, Next, Pending, Schedule, State};
    match width {
        WIDE.. => vec![State, Next, Last, Schedule, Pending],
        MIDDLE..WIDE => vec![State, Next, Pending],
        _ => vec![State, Next],
    }
}

fn row<'a>(model: &Model, row: &Row, columns: &[Column], name_width: usize, selected: bool) -> TableRow<'a> {
    let style = if selected { Style::new() } else { model.start.theme.state(row.state) };
    let cell = |column: &Column| Cell::from(column.cell(model, row));
    let symbol = symbol(row.state, model.start.ascii).to_string();
    let first = [
        Cell::from(Span::styled(symbol, style)),
        cell(&Column::State).style(style),
        Cell::from(name(model, row, name_width, selected)),
    ];
    TableRow::new(first.into_iter().chain(columns.iter().skip(1).map(cell)))
}

/// The name with what the filter found in it, and behind it what the secret is. Where both don't fit, the name is cut.
fn name<'a>(model: &Model, row: &Row, room: usize, selected: bool) -> Line<'a> {
    let mark = if model.start.ascii { ' ' } else { '⧉' };
    let kinds = row.secret.kinds().into_iter().filter(|kind| *kind != Kind::Deleting);
    let badges = kinds.map(|kind| format!(" {mark}{}", kind.word())).collect::<Vec<_>>().concat();
    let shown = truncate(&row.secret.name.to_string(), room.saturating_sub(width(&badges)));
    let mut line = highlighted(model, row, &shown);
    let style = if selected { Style::new() } else { model.start.theme.dim() };
    line.push_span(Span::styled(badges, style));
    line
}

/// The shown name with the filter's finds marked, as far as they are shown.
fn highlighted<'a>(model: &Model, row: &Row, shown: &str) -> Line<'a> {
    let filter = model.secrets.filter();
    if filter.is_empty() {
        return Line::from(shown.to_owned());
    }
    let lower = row.secret.name.raw().to_lowercase();
    // Where lower case or safe text has other bytes than the name itself, the places would be wrong.
    let end = shown.trim_end_matches('…').len();
    let is_same = lower.get(..end).is_some_and(|front| front.eq_ignore_ascii_case(&shown[..end]));
    if !is_same || !lower.is_ascii() {
        return Line::from(shown.to_owned());
    }
    let (mut spans, mut done) = (Vec::new(), 0);
    for range in filter.highlights(&lower) {
        let (start, stop) = (range.start.clamp(done, end), range.end.clamp(done, end));
        spans.push(Span::raw(shown[done..start].to_owned()));
        spans.push(Span::styled(shown[start..stop].to_owned(), model.start.theme.found()));
        done = stop;
    }
    spans.push(Span::raw(shown[done..].to_owned()));
    Line::from(spans)
}

fn title(model: &Model) -> Line<'static> {
    let theme = model.start.theme;
    let mut spans = vec![Span::styled(" Secrets ", theme.strong())];
    let typed = safe(model.secrets.input.value());
    if model.secrets.typing || !typed.is_empty() {
        spans.extend([Span::styled("/ ", theme.key()), Span::raw(typed)]);
        spans.extend(model.secrets.typing.then(|| Span::styled(" ", theme.selected())));
        let (shown, all) = (grouped(model.secrets.len()), grouped(model.known.secrets.len()));
        spans.push(match &model.secrets.bad {
            Some(_) => Span::styled(" · not understood ".to_owned(), theme.bad()),
            None => Span::raw(format!(" · {shown} of {all} ")),
        });
    }
    spans.extend(progress(model).map(|words| Span::raw(format!("· {words} "))));
    Line::from(spans)
}

fn progress(model: &Model) -> Option<String> {
    let secrets = &model.known.secrets;
    match (&model.known.context.state, &secrets.state) {
        (Fetch::Loading, _) => Some("signing in…".to_owned()),
        (_, Fetch::Loading) if secrets.pages == 0 => Some("asking AWS…".to_owned()),
        (_, Fetch::Loading) => Some(format!("page {} has come, more to come…", grouped(secrets.pages))),
        _ if model.list_fault().is_some() && !secrets.is_empty() => Some("not up to date, see below".to_owned()),
        _ => None,
    }
}

/// By what the list is sorted.
fn order(model: &Model) -> Vec<Span<'static>> {
    let sort = model.secrets.sort;
    let by = if sort.by == SortBy::Trouble && !sort.reversed {
        "trouble first".to_owned()
    } else {
        format!("by {}", sort.word())
    };
    vec![Span::styled(format!(" {by} "), model.start.theme.dim())]
}

fn empty(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    if let Some(fault) = model.list_fault() {
        return sheet::fault(model, fault, area, frame);
    }
    let profile = model.start.profile.as_ref().map_or_else(String::new, |profile| format!(" as {}", safe(profile)));
    let words = match (&model.known.context.state, &model.known.secrets.state) {
        (Fetch::Loading, _) => format!("Signing in{profile}…"),
        _ if model.secrets.bad.is_some() && model.secrets.typing => String::new(),
        _ if model.secrets.bad.is_some() => {
            let key = model.start.keymap.key(Scope::Secrets, Action::Back);
            format!("This filter isn't understood; {key} takes it away.")
        }
        _ if model.secrets.is_filtered() && !model.known.secrets.is_empty() => {
            let key = model.start.keymap.key(Scope::Secrets, Action::Back);
            format!("Nothing passes this filter; {key} takes it away.")
        }
        (_, Fetch::Loading) => "Asking AWS for the secrets…".to_owned(),
        (_, Fetch::Idle) if model.known.secrets.complete => {
            "There are no secrets in this account and Region.".to_owned()
        }
        _ => String::new(),
    };
    frame.render_widget(Paragraph::new(format!(" {words}")), area);
}
