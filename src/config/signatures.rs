//! The user's own file of signatures: where it is, and its text, read when it is needed.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Config, ConfigError, Source};

/// A file of signatures as it was read; what is in it is for the doctor to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSignatures {
    /// The file, as it is named in errors.
    pub file: String,
    /// Its text.
    pub text: String,
}

impl Config {
    /// Reads the user's own file of signatures; `None` where none is named. A relative path counts from the folder of
    /// the configuration file.
    pub fn own_signatures(&self) -> Result<Option<OwnSignatures>, ConfigError> {
        let (Some(named), Source::File { file, line }) = (&self.signatures.value, &self.signatures.source) else {
            return Ok(None);
        };
        let path = beside(file, named);
        let shown = path.to_string_lossy().into_owned();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(OwnSignatures { file: shown, text })),
            Err(error) => Err(ConfigError::Invalid {
                file: file.to_string(),
                line: *line,
                key: "signatures".to_owned(),
                message: format!("{shown} can't be read: {error}"),
            }),
        }
    }
}

/// A path as a file names it.
fn beside(file: &str, named: &str) -> PathBuf {
    Path::new(file).parent().unwrap_or(Path::new("")).join(named)
}
