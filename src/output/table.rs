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

/// Writes a header and rows, each column as wide as its widest cell, the last one as long as it is.
pub fn write<const N: usize>(out: &mut dyn Write, header: [&str; N], rows: &[[Cell; N]]) -> io::Result<()> {
    let mut widths = header.map(width);
    for row in rows {
        for (column, cell) in widths.iter_mut().zip(row) {
            *column = (*column).max(width(&cell.text));
        }
    }
    let bold = Style::new().bold();
    write_row(out, &header.map(|title| Cell::styled(title, bold)), widths)?;
    rows.iter().try_for_each(|row| write_row(out, row, widths))
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
