//! Lines of text whose pieces say how they are to be read; the dashboard and the commands colour them each in its way.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::domain::rotation::RotationState;

/// How a piece of text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// The most important words of the line.
    Strong,
    /// Less important than what stands beside it.
    Dim,
    /// Something to press or to do.
    Key,
    /// Something is broken.
    Bad,
    /// Something wants a look.
    Warn,
    /// Something is as it should be.
    Good,
    /// Where the cursor is.
    Cursor,
    /// What was searched.
    Found,
    /// A secret's state.
    State(RotationState),
}

/// A line: its pieces, from left to right.
pub type Line = Vec<(Tone, String)>;

/// The columns that a line takes.
pub fn width(line: &Line) -> usize {
    line.iter().map(|(_, text)| crate::text::width(text)).sum()
}

/// Writes a line, in colour only where the writer shows it.
pub fn write(out: &mut dyn Write, line: &Line) -> io::Result<()> {
    for (tone, text) in line {
        let style = style(*tone);
        write!(out, "{style}{text}{style:#}")?;
    }
    writeln!(out)
}

/// Writes a line as [`write()`] does; where the columns of a terminal are known, in several rows that break between words,
/// each after the first so far to the right.
pub fn write_within(out: &mut dyn Write, line: &Line, columns: Option<usize>, indent: usize) -> io::Result<()> {
    match columns {
        Some(columns) if width(line) > columns => {
            wrapped(line, columns, indent).iter().try_for_each(|row| write(out, row))
        }
        _ => write(out, line),
    }
}

/// A line in as many rows as it takes, which break between words, each after the first so far to the right.
pub fn within(line: &Line, columns: usize, indent: usize) -> Vec<Line> {
    if width(line) <= columns {
        return vec![line.clone()];
    }
    // Where there is no terminal that would break it, a word that is longer than a row is broken too.
    let room = columns.saturating_sub(indent).max(8);
    wrapped(&line.iter().map(|(tone, text)| (*tone, pieces(text, room))).collect(), columns, indent)
        .into_iter()
        .map(|row| row.into_iter().map(|(tone, text)| (tone, text.replace(CUT, "").replace(ZERO, ""))).collect())
        .collect()
}

/// A space of no width.
const ZERO: &str = "\u{200b}";

/// Where a long word may be broken: it takes no column, and ends a word.
const CUT: &str = "\u{200b} ";

/// The text with a place to break in words that are longer than a row.
fn pieces(text: &str, room: usize) -> String {
    let mut broken = String::new();
    for word in text.split_inclusive(' ') {
        let mut column = 0;
        for letter in word.chars() {
            let takes = crate::text::width(letter.encode_utf8(&mut [0; 4]));
            if column + takes > room && letter != ' ' {
                broken.push_str(CUT);
                column = 0;
            }
            broken.push(letter);
            column += takes;
        }
    }
    broken
}

/// The rows of a line. A word that is longer than a row is left for the terminal to break.
fn wrapped(line: &Line, columns: usize, indent: usize) -> Vec<Line> {
    let (mut rows, mut column) = (vec![Line::new()], 0);
    for (tone, text) in line {
        for word in text.split_inclusive(' ') {
            if column > indent && column + crate::text::width(word.trim_end()) > columns {
                if let Some((_, text)) = rows.last_mut().and_then(|row| row.last_mut()) {
                    // One space too many would make the terminal begin a row of its own.
                    text.truncate(text.trim_end().len());
                }
                rows.push(vec![(Tone::Plain, " ".repeat(indent))]);
                column = indent;
            }
            column += crate::text::width(word);
            let Some(row) = rows.last_mut() else { continue };
            match row.last_mut() {
                Some((last, before)) if last == tone => before.push_str(word),
                _ => row.push((*tone, word.to_owned())),
            }
        }
    }
    rows
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain | Tone::Cursor => Style::new(),
        Tone::Found => Style::new().bold().underline(),
        Tone::Strong => Style::new().bold(),
        Tone::Dim => Style::new().dimmed(),
        Tone::Key => AnsiColor::Cyan.on_default(),
        Tone::Bad => AnsiColor::Red.on_default(),
        Tone::Warn => AnsiColor::Yellow.on_default(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::State(state) => state_style(state),
    }
}

/// The colour of a secret's state.
pub fn state_style(state: RotationState) -> Style {
    match state {
        RotationState::Stuck | RotationState::Failed | RotationState::Overdue => AnsiColor::Red.on_default(),
        RotationState::Cancelled | RotationState::Pending | RotationState::Rotating => AnsiColor::Yellow.on_default(),
        RotationState::Due | RotationState::Ok => AnsiColor::Green.on_default(),
        RotationState::Off | RotationState::Deleting => Style::new().dimmed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_longer_than_a_row_is_broken_where_no_terminal_does_it() {
        let line = vec![(Tone::Dim, "call ".to_owned()), (Tone::Plain, "SecretId=arn:aws:secretsmanager x".to_owned())];
        let rows = within(&line, 20, 5).into_iter();
        let rows: Vec<String> = rows.map(|row| row.into_iter().map(|(_, text)| text).collect()).collect();
        assert_eq!(rows, ["call SecretId=arn:aw", "     s:secretsmanage", "     r x"]);
        assert!(rows.iter().all(|row| crate::text::width(row) <= 20));
    }

    #[test]
    fn a_line_breaks_between_words_and_hangs_below_its_text() {
        let line = vec![(Tone::Dim, "09:14  ".to_owned()), (Tone::Bad, "one two three".to_owned())];
        let text = |columns| -> Vec<String> {
            let rows = wrapped(&line, columns, 7);
            rows.into_iter().map(|row| row.into_iter().map(|(_, text)| text).collect()).collect()
        };
        assert_eq!(text(20), ["09:14  one two three"]);
        assert_eq!(text(15), ["09:14  one two", "       three"]);
        assert_eq!(text(3), ["09:14  one", "       two", "       three"]);
    }
}
