//! The events of the trail as Markdown, to be pasted into a ticket.

use std::io::{self, Write};

use chrono::{DateTime, Utc};

use super::{About, detail, reads, secret, since, standing};
use crate::domain::trail::{Follower, KnownReads, Tally, TrailEvent};
use crate::text::{grouped, moment};

/// Writes a table of events under a heading, what they are of, and what is complete of them.
pub fn write(out: &mut dyn Write, about: &About, events: &[&TrailEvent]) -> io::Result<()> {
    head(out, about)?;
    writeln!(out, "| Time (UTC) | Event | Secret | Who | From | Detail |")?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    for event in events {
        let provisional = if about.covered.has(event.at) { "" } else { " (provisional)" };
        let cells = [
            format!("{}{provisional}", moment(event.at)),
            event.name.to_string(),
            secret(event),
            event.scene.who.words(),
            event.scene.from.as_ref().map_or_else(String::new, ToString::to_string),
            detail(event),
        ];
        writeln!(out, "| {} |", cells.map(|text| cell(&text)).join(" | "))?;
    }
    Ok(())
}

/// Writes a table of readers under a heading, what is complete of it, and where they stand since AWSCURRENT moved (UTC).
pub fn write_readers(
    out: &mut dyn Write,
    about: &About,
    tallies: &[Tally],
    since_rotation: Option<(DateTime<Utc>, &[Follower])>,
    known: KnownReads,
) -> io::Result<()> {
    let now = about.at;
    head(out, about)?;
    if let Some(from) = known.all.filter(|from| *from > about.since) {
        writeln!(out, "Counted from {}: what is earlier was not read whole.\n", moment(from))?;
    }
    writeln!(out, "| Who | Caller | Events | Detail |")?;
    writeln!(out, "|---|---|---|---|")?;
    for tally in tallies {
        let events = grouped(tally.times.len());
        let cells = [tally.reader.words(), tally.reader.caller.word().to_owned(), events, reads(tally, now)];
        writeln!(out, "| {} |", cells.map(|text| cell(&text)).join(" | "))?;
    }
    if let Some((moved, followers)) = since_rotation.filter(|(_, followers)| !followers.is_empty()) {
        writeln!(out, "\n{}\n", cell(&since(moved, followers, known, now)))?;
        for follower in followers {
            let words: String = standing(follower, now).into_iter().map(|(_, words)| words).collect();
            writeln!(out, "- {}", cell(&words))?;
        }
    }
    Ok(())
}

fn head(out: &mut dyn Write, about: &About) -> io::Result<()> {
    writeln!(out, "## {}\n", cell(&about.heading()))?;
    about.lines().iter().try_for_each(|line| writeln!(out, "{}\n", sentence(&cell(line))))
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// Text from anybody in a cell: what Markdown would read as its own is escaped.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '#' => cell.extend(['\\', letter]),
            '\n' | '\r' => cell.push(' '),
            _ => cell.push(letter),
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_anybody_stays_in_its_cell() {
        assert_eq!(cell("a|b <img> [x](y)\n# z"), "a\\|b \\<img\\> \\[x\\](y) \\# z");
    }
}
