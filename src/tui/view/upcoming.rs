//! The agenda: what is overdue, windows day by day, what isn't known, and what functions are needed for at once.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line as Title, Span};
use ratatui::widgets::Paragraph;

use super::{panel, sheet};
use crate::domain::agenda::{Agenda, Entry, Known, Subject};
use crate::output::upcoming as words;
use crate::text::{fit, grouped, time_of_day, truncate, width};
use crate::tui::known::Fetch;
use crate::tui::model::Model;
use crate::tui::screen::upcoming::{Item, Line, Part};
use crate::tui::sheet::{self as toned, Tone};

/// The columns that tell how many lines stand below, with what parts them from others.
const MORE: usize = 24;

/// The columns of the mark before a line, with the space behind it.
const MARK: usize = 2;

/// The columns that a secret's name has at least, as long as something else can make room.
const NAME: usize = 24;

/// Draws the agenda.
pub(super) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let page = model.lines();
    let block = panel(model).title(title(model, area.width));
    let below = model.upcoming.below(page);
    let block = block.title_bottom(worst(model, area.width, below > 0));
    let more = (below > 0).then(|| Title::from(format!(" {below} more lines ")).right_aligned());
    let block = more.into_iter().fold(block, ratatui::widgets::Block::title_bottom);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    if model.upcoming.agenda().is_empty() {
        return empty(model, inner, frame);
    }
    let columns = Columns::of(model, usize::from(inner.width));
    let lines = model.upcoming.window(page).map(|line| columns.line(model, line));
    let lines = std::iter::once(columns.header(model)).chain(lines).collect();
    sheet::draw(model, lines, 0, inner, frame);
    if let Some(fault) = model.list_fault() {
        sheet::foot(model, fault, inner, frame);
    }
}

/// How far it looks, how much there is, of what, and how old that is.
fn title(model: &Model, width: u16) -> Title<'static> {
    let (secrets, agenda) = (&model.known.secrets, model.upcoming.agenda());
    let more = if secrets.complete { "" } else { "+" };
    let horizon = words::horizon(model.upcoming.horizon.length());
    let number = agenda.entries.len();
    let plural = if number == 1 { "" } else { "s" };
    let windows = format!("{}{more} window{plural}", grouped(number));
    let state = match (secrets.as_of, &secrets.state) {
        (_, Fetch::Loading) if !secrets.complete => "still loading, more may come".to_owned(),
        (_, _) if !secrets.complete => "the list is not complete".to_owned(),
        (Some(as_of), _) => format!("of all secrets as of {}", time_of_day(as_of)),
        (None, _) => "of all secrets".to_owned(),
    };
    let zoom = if width >= 80 { "· + - zoom " } else { "" };
    Title::from(vec![
        Span::styled(" Upcoming ", model.start.theme.strong()),
        Span::raw(format!("· next {horizon} · {windows} · {state} {zoom}")),
    ])
}

/// The function that most windows need at once.
fn worst(model: &Model, width: u16, has_more: bool) -> Title<'static> {
    let agenda = model.upcoming.agenda();
    let Some(crowd) = agenda.crowds.first() else { return Title::default() };
    // The number of lines below stands on the same border.
    let room = if has_more { MORE } else { 4 };
    let words = format!("{}: {}", agenda.rotators[crowd.rotator].name, words::crowd(agenda, crowd, model.zone()));
    Title::from(format!(" {} ", truncate(&words, usize::from(width).saturating_sub(room))))
}

fn empty(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let secrets = &model.known.secrets;
    if let Some(fault) = model.list_fault().filter(|_| secrets.is_empty()) {
        return sheet::fault(model, fault, area, frame);
    }
    let nothing = words::nothing(model.upcoming.horizon.length(), false);
    let lines = match (secrets.complete, &secrets.state) {
        (true, _) => vec![nothing],
        (false, Fetch::Failed(_)) => vec!["The list is not complete: what rotates may be missing here.".to_owned()],
        (false, _) => vec!["Nothing yet. The list is still loading, more may come.".to_owned()],
    };
    let lines: Vec<_> = lines.into_iter().map(|line| Title::from(format!(" {line}"))).collect();
    frame.render_widget(Paragraph::new(lines), area);
    if let Some(fault) = model.list_fault() {
        sheet::foot(model, fault, area, frame);
    }
}

/// The columns of each piece of a line; 0 where there is no room for it.
#[derive(Clone, Copy)]
struct Columns {
    utc: usize,
    name: usize,
    by: usize,
    length: usize,
    note: usize,
}

impl Columns {
    fn of(model: &Model, width: usize) -> Self {
        let utc = if model.zone().is_utc() { 0 } else { words::UTC + 1 };
        // What rotates matters more than how long, and by what.
        let narrower =
            [(utc, 42, 7, 32), (utc, 23, 7, 32), (utc, 23, 0, 24), (utc, 17, 0, 12), (utc, 0, 0, 12), (0, 0, 0, 12)];
        let fitted = narrower.map(|(utc, by, length, note)| {
            let taken = MARK + words::CLOCK + 1 + utc + by + length + note;
            Self { utc, name: width.saturating_sub(taken), by, length, note }
        });
        let [.., narrowest] = fitted;
        fitted.into_iter().find(|columns| columns.name >= NAME).unwrap_or(narrowest)
    }

    /// A line: its mark, by the clocks of the zone and of UTC, name, what rotates it, length and note.
    fn joined(&self, clocks: (&str, &str), name: &str, by: &str, length: &str, note: &str) -> String {
        let column = |text: &str, columns: usize| match columns {
            0 => String::new(),
            _ => format!("{} ", fit(text, columns - 1)),
        };
        let clocks = column(clocks.0, words::CLOCK + 1) + &column(clocks.1, self.utc);
        let note = fit(note, self.note);
        format!("{clocks}{}{}{}{note}", column(name, self.name), column(by, self.by), column(length, self.length))
    }

    fn header(&self, model: &Model) -> toned::Line {
        let zone = model.zone();
        let text = self.joined((zone.name(), "UTC"), "NAME", "FUNCTION", "LENGTH", "NOTE");
        vec![(Tone::Dim, format!("{}{text}", " ".repeat(MARK)))]
    }

    fn line(&self, model: &Model, line: Line<'_>) -> toned::Line {
        match line {
            Line::Heading(part, number) => vec![(Tone::Strong, heading(model, part, number))],
            Line::Item(item, is_chosen) => {
                let (mark, tone, text) = self.item(model, item);
                let tone = if is_chosen { Tone::Cursor } else { tone };
                let plain = if is_chosen { Tone::Cursor } else { Tone::Plain };
                vec![(tone, format!("{} ", shape(mark, model.start.ascii))), (plain, text)]
            }
        }
    }

    fn item(&self, model: &Model, item: Item) -> (char, Tone, String) {
        let (agenda, zone, now) = (model.upcoming.agenda(), model.zone(), model.now);
        match item {
            Item::Overdue(number) => {
                let overdue = agenda.overdue[number];
                let clocks = (words::date(overdue.since, now, zone), words::date_in_utc(overdue.since));
                let late = words::late(overdue.since, now);
                let late = if self.note < late.len() { late.replace("overdue by", "late") } else { late };
                let text = self.about(agenda, &agenda.subjects[overdue.subject], &clocks, "", &late);
                ('!', Tone::Bad, text)
            }
            Item::Entry(number) => {
                let entry = &agenda.entries[number];
                let clocks = (words::clock(entry, zone), words::clock_in_utc(entry, zone));
                let note = fitting(words::notes(entry, now), self.note);
                let text = self.about(agenda, agenda.subject(entry), &clocks, &words::length(entry), &note);
                let (mark, tone) = mark(entry, model);
                (mark, tone, text)
            }
            Item::Unknown(number) => {
                let unknown = &agenda.unknown[number];
                let name = fit(&agenda.subjects[unknown.subject].name.to_string(), NAME);
                ('?', Tone::Warn, self.whole(&format!("{name} {}", words::why(&unknown.why))))
            }
            Item::Crowd(number) => {
                let crowd = &agenda.crowds[number];
                let name = fit(&agenda.rotators[crowd.rotator].name.to_string(), NAME);
                ('≡', Tone::Warn, self.whole(&format!("{name} {}", words::crowd(agenda, crowd, zone))))
            }
        }
    }

    fn about(&self, agenda: &Agenda, of: &Subject, clocks: &(String, String), length: &str, note: &str) -> String {
        let by = agenda.rotator(of).name.to_string();
        self.joined((&clocks.0, &clocks.1), &of.name.to_string(), &by, length, note)
    }

    /// A text over all columns.
    fn whole(&self, text: &str) -> String {
        fit(text, words::CLOCK + 1 + self.utc + self.name + self.by + self.length + self.note)
    }
}

/// As many notes as there is room for; the first matters most.
fn fitting(mut notes: Vec<String>, columns: usize) -> String {
    while notes.len() > 1 && width(&notes.join(", ")) > columns {
        notes.pop();
    }
    notes.join(", ")
}

fn heading(model: &Model, part: &Part, number: usize) -> String {
    match part {
        Part::Overdue => words::OVERDUE.to_owned(),
        Part::Day(date) => words::day(*date, number, model.now, model.zone()),
        Part::Unknown => words::UNKNOWN.to_owned(),
        Part::Crowds => words::CROWDED.to_owned(),
    }
}

/// A window's mark: open now, by AWS's date, computed.
fn mark(entry: &Entry, model: &Model) -> (char, Tone) {
    match entry.known {
        Known::Aws | Known::Computed if entry.is_open(model.now) => ('▶', Tone::Good),
        Known::Aws | Known::AwsEnd => ('●', Tone::Plain),
        Known::Computed => ('○', Tone::Dim),
    }
}

/// A mark, in ASCII where that is wished for.
fn shape(mark: char, ascii: bool) -> char {
    match mark {
        '▶' if ascii => '>',
        '●' if ascii => '*',
        '○' if ascii => 'o',
        '≡' if ascii => '=',
        other => other,
    }
}
