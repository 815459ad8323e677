//! A change to AWS before it is made: what is asked of which secret, seen in which state, and the person's word for it.

use super::secret::SecretId;
use super::version::LabelMap;

/// What can be changed. Nothing yet: this type has no values, so no [`Change`] can be made and none carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {}

/// A change that somebody asks for, together with the labels that they saw when they asked.
///
/// The labels travel along so that the secret can be described again right before the write and
/// nothing be written when they have moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The secret, with the context in which it was seen.
    pub on: SecretId,
    /// The labels that the person saw.
    pub seen: LabelMap,
    /// What is to be different.
    pub kind: ChangeKind,
}

/// Something that a person has confirmed. It has one maker, [`Confirmed::by`], and that asks for their word.
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

impl<T> Confirmed<T> {
    /// What was confirmed, with the word that was given for it.
    pub fn by(word: Word, confirmed: T) -> Self {
        Self { confirmed, word }
    }

    /// What was confirmed.
    pub fn get(&self) -> &T {
        &self.confirmed
    }

    /// How.
    pub fn word(&self) -> &Word {
        &self.word
    }
}
