//! A screen as SVG: one text element for each run of cells of the same look, at its place to the cell.

use std::fmt::Write;
use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// A cell's size, and what surrounds the screen, in pixels.
const CELL: (f32, f32) = (8.4, 17.0);
const MARGIN: f32 = 12.0;

const GROUND: &str = "#16181d";
const LETTERS: &str = "#d7dae0";

/// The look of a cell: letters, ground, and whether they are bold, dim and underlined.
#[derive(PartialEq)]
struct Look {
    letters: String,
    ground: Option<String>,
    bold: bool,
    dim: bool,
    underlined: bool,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let (letters, ground) = (colour(cell.fg).unwrap_or_else(|| LETTERS.to_owned()), colour(cell.bg));
        let has = |modifier| cell.modifier.contains(modifier);
        let (letters, ground) = if has(Modifier::REVERSED) {
            (ground.unwrap_or_else(|| GROUND.to_owned()), Some(letters))
        } else {
            (letters, ground)
        };
        let (bold, dim, underlined) = (has(Modifier::BOLD), has(Modifier::DIM), has(Modifier::UNDERLINED));
        Self { letters, ground, bold, dim, underlined }
    }

    fn attributes(&self) -> String {
        let mut attributes = format!(r#" fill="{}""#, self.letters);
        for (is_set, attribute) in [
            (self.bold, r#" font-weight="bold""#),
            (self.dim, r#" opacity="0.6""#),
            (self.underlined, r#" text-decoration="underline""#),
        ] {
            attributes.push_str(if is_set { attribute } else { "" });
        }
        attributes
    }
}

/// The picture of a screen.
pub fn picture(buffer: &Buffer, title: &str) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let (width, height) =
        (2.0f32.mul_add(MARGIN, f32::from(columns) * CELL.0), 2.0f32.mul_add(MARGIN, f32::from(rows) * CELL.1));
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1} {height:.1}" role="img" aria-label="{title}">
<rect width="{width:.1}" height="{height:.1}" rx="8" fill="{GROUND}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve" style="white-space: pre">
"#
    );
    for (row, cells) in buffer.content().chunks(usize::from(columns)).enumerate() {
        for run in runs(cells) {
            draw(&mut svg, row, cells, run);
        }
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// Runs of cells of one look. Wide gaps end a run too: not every viewer stretches a text to its length.
fn runs(cells: &[Cell]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in 0..cells.len() {
        match runs.last_mut() {
            Some(run) if Look::of(&cells[run.start]) == Look::of(&cells[at]) && !ends_gap(cells, at) => {
                run.end = at + 1;
            }
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// Whether a cell stands behind two empty ones, and isn't empty itself.
fn ends_gap(cells: &[Cell], at: usize) -> bool {
    let is_empty = |cell: &Cell| cell.symbol() == " ";
    at >= 2 && !is_empty(&cells[at]) && cells[at - 2..at].iter().all(is_empty)
}

fn draw(svg: &mut String, row: usize, cells: &[Cell], run: Range<usize>) {
    let look = Look::of(&cells[run.start]);
    let place = |column: usize| f32::from(u16::try_from(column).unwrap()).mul_add(CELL.0, MARGIN);
    let (left, top) = (place(run.start), f32::from(u16::try_from(row).unwrap()).mul_add(CELL.1, MARGIN));
    let width = place(run.end) - left;
    if let Some(ground) = &look.ground {
        let height = CELL.1;
        writeln!(svg, r#"<rect x="{left:.1}" y="{top:.1}" width="{width:.1}" height="{height:.1}" fill="{ground}" shape-rendering="crispEdges"/>"#)
            .unwrap();
    }
    let text: String = cells[run].iter().map(Cell::symbol).collect();
    let (shown, blank) = (text.trim_end(), text.len() - text.trim_start().len());
    if shown.is_empty() {
        return;
    }
    let columns = u16::try_from(shown.chars().count() - blank).unwrap();
    let (left, length) = (f32::from(u16::try_from(blank).unwrap()).mul_add(CELL.0, left), f32::from(columns) * CELL.0);
    let escaped = shown.trim_start().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let base = top + 13.0;
    let attributes = look.attributes();
    writeln!(svg, r#"<text x="{left:.1}" y="{base:.1}" textLength="{length:.1}"{attributes}>{escaped}</text>"#)
        .unwrap();
}

/// The colour of one of the 256 that terminals have by number; `None` where a cell leaves it to the terminal.
fn colour(colour: Color) -> Option<String> {
    let Color::Indexed(number) = colour else { return None };
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    let cube = number.checked_sub(16)?;
    Some(format!("#{:02x}{:02x}{:02x}", level(cube / 36), level(cube / 6 % 6), level(cube % 6)))
}
