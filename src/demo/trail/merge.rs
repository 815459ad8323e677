//! Several orders of events made one, no further than it is asked for.

use std::borrow::Cow;
use std::iter::Peekable;

use super::Event;

/// Newest first, as each of its sources is.
pub(super) struct Merge<'a> {
    sources: Vec<Peekable<Source<'a>>>,
}

type Source<'a> = Box<dyn Iterator<Item = Cow<'a, Event>> + 'a>;

impl<'a> Merge<'a> {
    pub(super) fn of(source: impl Iterator<Item = Cow<'a, Event>> + 'a) -> Self {
        let mut merge = Self { sources: Vec::new() };
        merge.add(source);
        merge
    }

    pub(super) fn add(&mut self, source: impl Iterator<Item = Cow<'a, Event>> + 'a) {
        let source: Source<'a> = Box::new(source);
        self.sources.push(source.peekable());
    }
}

impl<'a> Iterator for Merge<'a> {
    type Item = Cow<'a, Event>;

    fn next(&mut self) -> Option<Self::Item> {
        let firsts = self.sources.iter_mut().enumerate();
        let firsts = firsts.filter_map(|(at, source)| Some((source.peek()?.place(), at)));
        let (_, at) = firsts.min()?;
        self.sources.get_mut(at)?.next()
    }
}
