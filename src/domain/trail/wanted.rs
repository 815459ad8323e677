//! Which events of a scope are wanted: by kind or name, by who, by how they ended.

use super::depth::Depth;
use super::event::TrailEvent;
use super::kind::Kind;
use super::scene::Scene;
use super::store::Kept;
use super::who::Reader;

/// A filter of events. What is not set lets everything pass.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Kinds, or names of events in AWS's words; any of them. Empty: every kind but [`Kind::Metadata`].
    pub what: Vec<What>,
    /// Words in small letters, each a part of who it was, of the address, the client or the secret; all of them.
    pub who: Vec<String>,
    /// The one whose doings alone are wanted.
    pub reader: Option<Reader>,
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
    /// How much must be looked up for it: where only kinds are wanted that have names, their names are enough.
    pub fn depth(&self) -> Depth {
        let kinds = self.what.iter().map(|what| match what {
            What::Kind(kind) => Some(vec![*kind]),
            What::Name(name) => Kind::ALL.into_iter().find(|kind| kind.has_name(name)).map(|kind| vec![kind]),
        });
        kinds.collect::<Option<Vec<_>>>().map_or(Depth::Whole, |kinds| Depth::of_kinds(&kinds.concat()))
    }

    /// Whether an event is wanted.
    pub fn has(&self, event: &TrailEvent) -> bool {
        let is_deed = self.has_deed(event.kind(), event.has_failed(), event);
        is_deed && self.has_scene(&event.scene, &event.scene.words())
    }

    /// Whether an event that is kept is wanted for what was done, whoever did it.
    pub fn has_kept(&self, kept: &Kept) -> bool {
        self.has_deed(kept.kind, kept.has_failed, &kept.event)
    }

    /// Whether who did it and whose secret it was is wanted; `words` are those of the scene. Events have their scenes in
    /// common: judge each once.
    pub fn has_scene(&self, scene: &Scene, words: &str) -> bool {
        let is_hidden = self.without.as_deref().is_some_and(|name| scene.who.is_function(name));
        let is_other = self.reader.as_ref().is_some_and(|reader| scene.who.reader() != *reader);
        !is_hidden && !is_other && self.who.iter().all(|word| words.contains(word.as_str()))
    }

    fn has_deed(&self, kind: Kind, has_failed: bool, event: &TrailEvent) -> bool {
        if self.outcome.is_some_and(|ended| (ended == Ended::Failed) != has_failed) {
            return false;
        }
        if self.what.is_empty() {
            return self.metadata || kind != Kind::Metadata;
        }
        self.what.iter().any(|what| match what {
            What::Kind(wanted) => *wanted == kind,
            What::Name(name) => event.name.raw().eq_ignore_ascii_case(name),
        })
    }
}
