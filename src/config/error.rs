//! What can be wrong with the configuration: each error says where, what is allowed, and what to do next.

use std::io;

use super::choice::NotAmong;
use crate::text::safe;

/// Why there is no configuration to work with.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read, or was named and is not there.
    #[error("{}: the configuration file{} can't be read: {source}.", safe(file), named(*named_by))]
    Unreadable {
        /// The file.
        file: String,
        /// The flag or the variable that names it.
        named_by: Option<&'static str>,
        /// Why not.
        source: io::Error,
    },
    /// The file says something that it may not.
    #[error("{}:{line}: {}{}.", safe(file), of(key), safe(message))]
    Invalid {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The key; empty where there is none yet.
        key: String,
        /// What is wrong, and what is allowed.
        message: String,
    },
    /// A variable says something that it may not.
    #[error("{name}: {}.", safe(&source.to_string()))]
    Variable {
        /// The variable.
        name: &'static str,
        /// What is wrong, and what is allowed.
        source: NotAmong,
    },
}

impl ConfigError {
    /// What to do next.
    pub fn next_step(&self) -> String {
        match self {
            Self::Unreadable { named_by: Some(named_by), .. } => {
                format!("name another file with {named_by}; `secdash config` prints one to begin with")
            }
            Self::Unreadable { named_by: None, .. } => {
                "make the file readable, or name another one with --config".to_owned()
            }
            Self::Invalid { .. } => "mend that line; `secdash config` prints every key with what it takes".to_owned(),
            Self::Variable { name, .. } => format!("set {name} to one of these, or unset it"),
        }
    }
}

fn named(by: Option<&str>) -> String {
    by.map_or_else(String::new, |by| format!(", which {by} names,"))
}

fn of(key: &str) -> String {
    if key.is_empty() { String::new() } else { format!("`{}`: ", safe(key)) }
}
