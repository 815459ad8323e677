//! The record of actions: one JSON line for each confirmed change, in a file of the user's own that nobody else reads.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;

use crate::domain::action::Action;
use crate::private::private;

/// Where the record is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record(Option<PathBuf>);

/// What the record says.
#[derive(Debug, Default)]
pub struct Recorded {
    /// The actions, the earliest first.
    pub actions: Vec<Action>,
    /// How many lines can't be read.
    pub unreadable: usize,
}

impl Record {
    /// A record in this file, which need not be there yet.
    pub fn at(file: PathBuf) -> Self {
        Self(Some(file))
    }

    /// The file.
    pub fn file(&self) -> Option<&PathBuf> {
        self.0.as_ref()
    }

    /// Adds a line, in one write: two programs at once don't mix theirs.
    pub(super) fn add(&self, action: &Action) -> io::Result<()> {
        let file = self.0.as_ref().ok_or_else(|| io::Error::other("there is no folder for it"))?;
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut line = serde_json::to_vec(action)?;
        line.push(b'\n');
        private(OpenOptions::new().append(true).create(true)).open(file)?.write_all(&line)
    }

    /// Reads it whole. One that isn't there is empty.
    pub fn read(&self) -> io::Result<Recorded> {
        let file = match self.0.as_ref().map(File::open) {
            None => return Ok(Recorded::default()),
            Some(Err(e)) if e.kind() == io::ErrorKind::NotFound => return Ok(Recorded::default()),
            Some(file) => file?,
        };
        let mut recorded = Recorded::default();
        for line in BufReader::new(file).split(b'\n') {
            match serde_json::from_slice(&line?) {
                Ok(action) => recorded.actions.push(action),
                Err(_) => recorded.unreadable += 1,
            }
        }
        Ok(recorded)
    }
}
