//! A person's word for a change: what it takes, and the one way to give it.

use std::fmt;

use super::{Change, ChangeKind};
use crate::text::safe;

/// A change that a person has confirmed. It has one maker, [`Change::confirmed`], and that asks for their word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed<T> {
    confirmed: T,
    word: Word,
}

/// How a person gave their word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// `y` in the dialog after the pre-flight was drawn, or `--yes`.
    Yes,
    /// The last part of the secret's name, typed, or `--yes --confirm NAME`.
    Typed(String),
}

/// What it takes to confirm a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Danger {
    /// A yes is enough.
    Plain,
    /// The last part of the secret's name must be typed.
    Typed,
}

/// Why a word doesn't confirm a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotConfirmed {
    /// The name that must be typed.
    pub wanted: String,
    /// What was typed in its place; `None` where only a yes was given.
    pub typed: Option<String>,
}

impl Change {
    /// What it takes to confirm it.
    pub fn danger(&self) -> Danger {
        match self.kind {
            ChangeKind::Rotate { .. }
            | ChangeKind::TestOnly { .. }
            | ChangeKind::TurnOn { .. }
            | ChangeKind::Restore => Danger::Plain,
            ChangeKind::TurnOff | ChangeKind::Move(_) | ChangeKind::Delete { .. } => Danger::Typed,
        }
    }

    /// What must be typed where a yes is not enough: the last part of the secret's name.
    pub fn last_part(&self) -> &str {
        let name = self.name.raw();
        name.rsplit('/').find(|part| !part.is_empty()).unwrap_or(name)
    }

    /// Takes a person's word for it. A name that is typed confirms what a yes would, too; the whole name is as good as
    /// its last part.
    pub fn confirmed(self, word: Word) -> Result<Confirmed<Self>, NotConfirmed> {
        let wanted = self.last_part().to_owned();
        let typed = match (&word, self.danger()) {
            (Word::Yes, Danger::Plain) => return Ok(Confirmed { confirmed: self, word }),
            (Word::Yes, Danger::Typed) => None,
            (Word::Typed(typed), _) if *typed == wanted || typed == self.name.raw() => {
                return Ok(Confirmed { confirmed: self, word });
            }
            (Word::Typed(typed), _) => Some(typed.clone()),
        };
        Err(NotConfirmed { wanted, typed })
    }
}

impl<T> Confirmed<T> {
    /// What was confirmed.
    pub fn get(&self) -> &T {
        &self.confirmed
    }

    /// How.
    pub fn word(&self) -> &Word {
        &self.word
    }
}

impl fmt::Display for NotConfirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.typed {
            None => write!(f, "This needs the last part of the secret's name, typed: {}", safe(&self.wanted)),
            Some(typed) => write!(f, "`{}` is not the last part of the secret's name", safe(typed)),
        }
    }
}

impl std::error::Error for NotConfirmed {}
