//! Log events written to a file of the user's own.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::domain::invocation::Entry;
use crate::private::private;
use crate::text::rfc3339;

/// Writes one event after the other, each with its time (UTC), what looks like a value masked. Answers the whole path and
/// the number of events; a file that is there already is left alone.
pub fn save(file: &Path, entries: &[Arc<Entry>]) -> Result<(PathBuf, usize), String> {
    let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let words = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AlreadyExists => format!("there already: {}", whole.display()),
        _ => format!("{}: {e}", whole.display()),
    };
    let mut options = OpenOptions::new();
    private(options.write(true).create_new(true));
    let mut out = BufWriter::new(options.open(file).map_err(words)?);
    for entry in entries {
        let text = entry.event.message.masked();
        // Rows after the first are indented, so that each event is told from the next.
        let rows: Vec<_> = text.rows().map(|row| row.to_string().trim_end().to_owned()).collect();
        let text = rows.join("\n    ");
        writeln!(out, "{} {}", rfc3339(entry.event.at), text.trim_end()).map_err(words)?;
    }
    out.flush().map_err(words)?;
    Ok((whole, entries.len()))
}
