//! How a command fails: a sentence, what to do next, and the exit code.

use std::io::{self, Write};

use crate::domain::fault::{Cause, Fault};
use crate::exit::Exit;
use crate::ops::lookup::NotOne;
use crate::text::safe;

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// AWS gave no answer.
    Fault(Fault),
    /// It isn't clear which secret is meant.
    NotOne(NotOne),
    /// Nothing was changed, and that is what the command was for: a sentence and the next step.
    Refused(String, String),
    /// The command line asks for something that can't be: a sentence and the next step.
    Usage(String, String),
    /// Writing failed.
    Io(io::Error),
    /// Whoever read the answer hung up, of a command whose exit code tells the outcome: nobody knows it now.
    Unread,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<NotOne> for Failure {
    fn from(not_one: NotOne) -> Self {
        match not_one {
            NotOne::Fault(fault) => Self::Fault(fault),
            other => Self::NotOne(other),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

impl Failure {
    /// The same for a command whose exit code tells an outcome: that of one who hung up isn't fine.
    #[must_use]
    pub fn of_outcome(self) -> Self {
        match self {
            Self::Io(e) if e.kind() == io::ErrorKind::BrokenPipe => Self::Unread,
            other => other,
        }
    }

    /// The exit code. A reader that hung up has had enough: that is no failure.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Fault(fault) => match fault.cause {
                Cause::NoSuchProfile { .. }
                | Cause::NoRegion { .. }
                | Cause::BadRegion { .. }
                | Cause::BadEndpoint { .. } => Exit::Usage,
                _ => Exit::Failed,
            },
            Self::NotOne(NotOne::Ambiguous { .. }) | Self::Usage(..) => Exit::Usage,
            Self::Io(e) if e.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
            Self::Unread => Exit::NotKnown,
            Self::NotOne(_) | Self::Refused(..) | Self::Io(_) => Exit::Failed,
        }
    }

    /// Says what happened and what to do next.
    pub fn tell(&self, err: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Fault(fault) => {
                write(err, &fault.sentence(), &fault.next_step())?;
                if let Some(words) = fault.aws_says() {
                    writeln!(err, "  AWS says: {words}")?;
                }
                match &fault.request_id {
                    Some(id) => writeln!(err, "  request id: {id}"),
                    None => Ok(()),
                }
            }
            Self::NotOne(not_one) => write(err, &not_one.to_string(), &not_one.next_step()),
            Self::Usage(sentence, next_step) | Self::Refused(sentence, next_step) => write(err, sentence, next_step),
            Self::Io(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Self::Unread => Ok(()),
            Self::Io(e) => writeln!(err, "error: {}", safe(&e.to_string())),
        }
    }
}

/// `error: …` and `  try: …`.
pub(super) fn write(err: &mut dyn Write, sentence: &str, next_step: &str) -> io::Result<()> {
    let red = anstyle::AnsiColor::Red.on_default().bold();
    // A world's file, or an argument, may say anything; the lines of a list of candidates are secdash's own.
    let sentence = sentence.lines().map(safe).collect::<Vec<_>>().join("\n");
    writeln!(err, "{red}error:{red:#} {sentence}")?;
    writeln!(err, "  try: {}", safe(next_step))
}
