//! Files of the user's own, written anew: log events, and whatever else is exported.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::domain::invocation::Entry;
use crate::private::private;
use crate::text::rfc3339;

/// Writes a file that isn't there yet, for the user alone. Answers its whole path; a file that is there already is left
/// alone.
pub fn write(file: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<PathBuf, String> {
    let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let words = |e: io::Error| match e.kind() {
        io::ErrorKind::AlreadyExists => format!("there already: {}", whole.display()),
        _ => format!("{}: {e}", whole.display()),
    };
    let mut options = OpenOptions::new();
    private(options.write(true).create_new(true));
    let mut out = BufWriter::new(options.open(file).map_err(words)?);
    content(&mut out).map_err(words)?;
    out.flush().map_err(words)?;
    Ok(whole)
}

/// Writes one log event after the other, each with its time (UTC), what looks like a value masked. Answers the whole path
/// and the number of events.
pub fn save(file: &Path, entries: &[Arc<Entry>]) -> Result<(PathBuf, usize), String> {
    let whole = write(file, |out| {
        for entry in entries {
            let text = entry.event.message.masked();
            // Rows after the first are indented, so that each event is told from the next.
            let rows: Vec<_> = text.rows().map(|row| row.to_string().trim_end().to_owned()).collect();
            let text = rows.join("\n    ");
            writeln!(out, "{} {}", rfc3339(entry.event.at), text.trim_end())?;
        }
        Ok(())
    })?;
    Ok((whole, entries.len()))
}
