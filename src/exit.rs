//! Exit codes.

use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Fine.
    Fine = 0,
    /// Failed, or refused by AWS.
    Failed = 1,
    /// The command line, or what it names, is wrong.
    Usage = 2,
    /// What was looked for was found: a rotation that isn't done.
    Findings = 3,
    /// Not everything could be learned; what was is printed.
    NotKnown = 4,
    /// A panic, as the Rust runtime has it.
    Panicked = 101,
    /// Hung up (SIGHUP).
    HungUp = 129,
    /// Interrupted with ctrl-c.
    Interrupted = 130,
    /// Terminated (SIGTERM).
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
