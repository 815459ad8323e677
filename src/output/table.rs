//! Tables for people: columns aligned by display width, a header, colour only where the writer shows it.

use std::io::{self, Write};

use anstyle::Style;

use crate::text::width;

/// One cell: its text, and the style that it has on a terminal.
#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A cell in a style.
    pub fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::styled(text, Style::new())
    }
}

/// Rows under a heading of their own.
#[derive(Debug, Clone)]
pub struct Group<const N: usize> {
    /// What they have in common.
    pub heading: String,
    /// The rows.
    pub rows: Vec<[Cell; N]>,
}

/// Writes a header and rows, each column as wide as its widest cell, the last one as long as it is.
pub fn write<const N: usize>(out: &mut dyn Write, header: [&str; N], rows: &[[Cell; N]]) -> io::Result<()> {
    let widths = widths(header, rows);
    write_header(out, header, widths)?;
    rows.iter().try_for_each(|row| write_row(out, row, widths))
}

/// Writes a header and groups of rows, all of them in the same columns.
pub fn write_groups<const N: usize>(out: &mut dyn Write, header: [&str; N], groups: &[Group<N>]) -> io::Result<()> {
    let widths = widths(header, groups.iter().flat_map(|group| &group.rows));
    write_header(out, header, widths)?;
    let bold = Style::new().bold();
    for group in groups {
        writeln!(out, "\n{bold}{}{bold:#}", group.heading)?;
        group.rows.iter().try_for_each(|row| write_row(out, row, widths))?;
    }
    Ok(())
}

fn widths<'a, const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = &'a [Cell; N]>) -> [usize; N] {
    let mut widths = header.map(width);
    for row in rows {
        for (column, cell) in widths.iter_mut().zip(row) {
            *column = (*column).max(width(&cell.text));
        }
    }
    widths
}

fn write_header<const N: usize>(out: &mut dyn Write, header: [&str; N], widths: [usize; N]) -> io::Result<()> {
    write_row(out, &header.map(|title| Cell::styled(title, Style::new().bold())), widths)
}

fn write_row<const N: usize>(out: &mut dyn Write, row: &[Cell; N], widths: [usize; N]) -> io::Result<()> {
    let mut gap = 0;
    for (cell, column) in row.iter().zip(widths) {
        if !cell.text.is_empty() {
            write!(out, "{:gap$}{}{}{}", "", cell.style, cell.text, cell.style.render_reset())?;
            gap = 0;
        }
        gap += column - width(&cell.text) + 2;
    }
    writeln!(out)
}
