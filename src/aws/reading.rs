//! A list read page by page: where it stands, and the guard against one that never ends.

use std::collections::HashSet;

use crate::domain::fault::{Cause, Fault};
use crate::domain::permission::Operation;

/// How many pages in a row may bring nothing new. AWS may send an empty page with a token;
/// a server that does so for ever is not AWS.
const BARREN_PAGES: usize = 100;

/// Where a list stands between two pages, and the guard against one that never ends.
#[derive(Debug, Default)]
pub(super) struct Reading {
    token: Option<String>,
    pages: usize,
    barren: usize,
    tokens: HashSet<String>,
    done: bool,
    endless: bool,
}

impl Reading {
    /// Whether the last page has come.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// How many pages have come.
    pub(super) fn pages(&self) -> usize {
        self.pages
    }

    /// Whether a page may be asked for before the one in front of it is read: whatever that one brings,
    /// [`next`](Self::next) would give this token afterwards.
    pub(super) fn may_follow(&self, token: &str) -> bool {
        !token.is_empty() && !self.tokens.contains(token) && self.barren + 1 < BARREN_PAGES
    }

    /// Takes note of a page and of the token behind it.
    pub(super) fn turn(&mut self, token: Option<String>, brought_news: bool) {
        self.pages += 1;
        self.barren = if brought_news { 0 } else { self.barren + 1 };
        // Some servers end a list with an empty token instead of none.
        self.token = token.filter(|token| !token.is_empty());
        self.done = self.token.is_none();
        let is_new = self.token.clone().is_none_or(|token| self.tokens.insert(token));
        self.endless = !is_new || self.barren >= BARREN_PAGES;
    }

    /// The token of the next page, `None` for the first; a fault where going on would lead nowhere.
    pub(super) fn next(&mut self, operation: Operation) -> Result<Option<String>, Fault> {
        if self.endless {
            return Err(Fault::new(operation, Cause::EndlessPages { pages: self.pages }));
        }
        Ok(self.token.take())
    }

    /// The page of this token did not come: it is the next one still.
    pub(super) fn put_back(&mut self, token: Option<String>) {
        self.token = token;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OPERATION: Operation = Operation::ListSecrets;

    #[test]
    fn a_list_ends_at_no_token_and_at_an_empty_one() {
        for last in [None, Some(String::new())] {
            let mut reading = Reading::default();
            reading.turn(Some("a".into()), true);
            assert!(!reading.done);
            assert_eq!(reading.next(OPERATION), Ok(Some("a".into())));
            reading.turn(last, true);
            assert!(reading.done);
        }
    }

    #[test]
    fn a_token_that_comes_twice_and_pages_that_stay_empty_lead_nowhere() {
        let mut reading = Reading::default();
        reading.turn(Some("a".into()), true);
        reading.turn(Some("a".into()), true);
        assert!(reading.next(OPERATION).is_err());

        let mut reading = Reading::default();
        for n in 1..BARREN_PAGES {
            reading.turn(Some(n.to_string()), false);
            assert!(reading.next(OPERATION).is_ok(), "{n} pages");
        }
        reading.turn(Some("last".into()), false);
        assert!(reading.next(OPERATION).is_err());
    }

    proptest! {
        #[test]
        fn what_may_follow_is_asked_for_whatever_the_page_before_brings(
            pages in prop::collection::vec((0_u8..50, any::<bool>()), 0..20),
            barren in 0..BARREN_PAGES,
            token in 0_u8..60,
            news: bool,
        ) {
            let mut reading = Reading::default();
            for (token, news) in pages {
                reading.turn(Some(token.to_string()), news);
            }
            (0..barren).for_each(|n| reading.turn(Some(format!("barren {n}")), false));
            let token = token.to_string();
            prop_assume!(!reading.endless && reading.may_follow(&token));
            reading.turn(Some(token.clone()), news);
            prop_assert!(!reading.is_done());
            prop_assert_eq!(reading.next(OPERATION), Ok(Some(token)));
        }
    }
}
