//! Which events of a scope are wanted: by kind or name, by who, by how they ended.

use super::event::TrailEvent;
use super::kind::Kind;
use super::scene::Scene;
use super::who::Caller;

/// A filter of events. What is not set lets everything pass.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Kinds, or names of events in AWS's words; any of them. Empty: every kind but [`Kind::Metadata`].
    pub what: Vec<What>,
    /// Words, each a part of who it was, of the address, the client or the secret; all of them.
    pub who: Vec<String>,
    /// How it ended.
    pub outcome: Option<Ended>,
    /// The rotation function whose own calls are hidden.
    pub without: Option<String>,
    /// Whether reads of metadata pass where no kind is set.
    pub metadata: bool,
}

/// A kind of events, or one of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A kind.
    Kind(Kind),
    /// An event's name, small letters and large ones alike.
    Name(String),
}

/// How an event ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Well.
    Done,
    /// Refused or failed.
    Failed,
}

impl What {
    /// A kind by its word, else a name.
    pub fn of(word: &str) -> Self {
        Kind::from_word(&word.to_lowercase()).map_or_else(|| Self::Name(word.to_owned()), Self::Kind)
    }
}

impl Wanted {
    /// Whether an event is wanted.
    pub fn has(&self, event: &TrailEvent) -> bool {
        self.has_deed(event) && self.has_scene(&event.scene)
    }

    /// Whether what was done is wanted, whoever did it.
    pub fn has_deed(&self, event: &TrailEvent) -> bool {
        self.has_kind(event) && self.outcome.is_none_or(|ended| (ended == Ended::Failed) == event.has_failed())
    }

    /// Whether who did it and whose secret it was is wanted. Events have their scenes in common: judge each once.
    pub fn has_scene(&self, scene: &Scene) -> bool {
        let is_hidden = self.without.as_deref().is_some_and(|name| scene.who.is_function(name));
        !is_hidden && self.who.iter().all(|word| has_word(scene, &word.to_lowercase()))
    }

    fn has_kind(&self, event: &TrailEvent) -> bool {
        let kind = event.kind();
        if self.what.is_empty() {
            return self.metadata || kind != Kind::Metadata;
        }
        self.what.iter().any(|what| match what {
            What::Kind(wanted) => *wanted == kind,
            What::Name(name) => event.name.raw().eq_ignore_ascii_case(name),
        })
    }
}

/// Whether a word in small letters is a part of who it was, from where, with what, or of the secret's name.
fn has_word(scene: &Scene, word: &str) -> bool {
    let Scene { who, whose, from, client } = scene;
    let mut places = [Some(&who.name), who.role.as_ref(), who.account.as_ref(), from.as_ref(), client.as_ref()]
        .into_iter()
        .flatten()
        .chain(&whose.arn)
        .chain(&whose.given);
    let is_kind = who.caller != Caller::Unknown && who.caller.word() == word;
    is_kind || places.any(|place| place.raw().to_lowercase().contains(word))
}
