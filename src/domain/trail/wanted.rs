//! Which events of a scope are wanted: by kind or name, by who, by how they ended.

use super::event::TrailEvent;
use super::kind::Kind;
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
        self.has_kind(event) && self.has_end(event) && !self.hides(event) && self.has_who(event)
    }

    /// Whether an event is hidden for being the rotation function's own.
    pub fn hides(&self, event: &TrailEvent) -> bool {
        self.without.as_deref().is_some_and(|name| event.is_by_function(name))
    }

    /// Whether nothing is filtered.
    pub fn is_open(&self) -> bool {
        *self == Self { metadata: true, ..Self::default() }
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

    fn has_end(&self, event: &TrailEvent) -> bool {
        self.outcome.is_none_or(|ended| (ended == Ended::Failed) == event.has_failed())
    }

    fn has_who(&self, event: &TrailEvent) -> bool {
        self.who.iter().all(|word| {
            let word = word.to_lowercase();
            let mut places = [Some(&event.who.name), event.who.role.as_ref(), event.who.account.as_ref()]
                .into_iter()
                .chain([event.from.as_ref(), event.client.as_ref(), event.whose.arn.as_ref()])
                .chain(event.whose.given.iter().map(Some))
                .flatten();
            let is_kind = event.who.caller != Caller::Unknown && event.who.caller.word() == word;
            is_kind || places.any(|place| place.raw().to_lowercase().contains(&word))
        })
    }
}
