//! Paging: opaque tokens that name a place in an order, so that they hold when entries come or go
//! between two pages.

use aws_smithy_types::base64;

use crate::demo::seed::hash;
use crate::demo::wire::answer::Refusal;
use crate::demo::wire::call::Twist;

/// A place in a listing: behind the entry with this date in milliseconds and this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::demo) struct Place {
    pub(in crate::demo) key: i64,
    pub(in crate::demo) name: String,
}

/// One page of one listing.
#[derive(Debug)]
pub(in crate::demo) struct Page {
    /// What is listed in which order; a token is good for no other listing.
    scope: String,
    limit: usize,
    /// `None`: from the beginning.
    after: Option<Place>,
    came: Option<String>,
    twist: Option<Twist>,
    nonce: u64,
}

impl Page {
    pub(in crate::demo) fn open(
        scope: String,
        limit: usize,
        came: Option<String>,
        twist: Option<Twist>,
        nonce: u64,
    ) -> Result<Self, Refusal> {
        let after = match &came {
            None => None,
            Some(token) => decode(&scope, token)?,
        };
        Ok(Self { scope, limit, after, came, twist, nonce })
    }

    pub(in crate::demo) fn after(&self) -> Option<&Place> {
        self.after.as_ref()
    }

    /// Takes a page from the entries behind `after`, and says with which token to go on.
    pub(in crate::demo) fn take<T>(
        &self,
        mut entries: impl Iterator<Item = T>,
        place: impl Fn(&T) -> Place,
    ) -> (Vec<T>, Option<String>) {
        if self.is_emptied() {
            return (Vec::new(), Some(self.stay()));
        }
        let page: Vec<T> = entries.by_ref().take(self.limit).collect();
        let more = entries.next().is_some();
        let token = self.close(page.last().map(&place), more);
        (page, token)
    }

    /// Whether a fault takes the entries of this page away; its token is that of [`Page::stay`].
    pub(in crate::demo) fn is_emptied(&self) -> bool {
        self.twist == Some(Twist::EmptyPage)
    }

    /// A token that goes on where this page would have begun.
    pub(in crate::demo) fn stay(&self) -> String {
        self.token(self.after.as_ref())
    }

    /// With which token to go on behind `last`, if there is more.
    pub(in crate::demo) fn close(&self, last: Option<Place>, more: bool) -> Option<String> {
        let next = || self.token(last.or(self.after.clone()).as_ref());
        match self.twist {
            Some(Twist::RepeatToken) => Some(self.came.clone().unwrap_or_else(next)),
            Some(Twist::EmptyToken) if !more => Some(String::new()),
            _ => more.then(next),
        }
    }

    fn token(&self, after: Option<&Place>) -> String {
        let place = after.map_or(String::from("start"), |place| format!("{}\n{}", place.key, place.name));
        let text = format!("{:016x}\n{place}", self.nonce);
        base64::encode(format!("{:016x}\n{text}", seal(&self.scope, &text)))
    }
}

/// The place a token names. AWS's text for a token that is none of its own is not known; this is
/// the model's description of the error.
fn decode(scope: &str, token: &str) -> Result<Option<Place>, Refusal> {
    let text = "The NextToken value is invalid.";
    let place = opened(scope, token).ok_or_else(|| Refusal::of_model("InvalidNextTokenException", text))?;
    let named = place.split_once('\n').and_then(|(key, name)| {
        let key = key.parse().ok()?;
        let name = name.to_owned();
        Some(Place { key, name })
    });
    Ok(named)
}

/// What is sealed in a token, behind its nonce.
fn opened(scope: &str, token: &str) -> Option<String> {
    let text = String::from_utf8(base64::decode(token).ok()?).ok()?;
    let (sealed, text) = text.split_once('\n')?;
    let (_nonce, place) = text.split_once('\n')?;
    (sealed == format!("{:016x}", seal(scope, text))).then(|| place.to_owned())
}

fn seal(scope: &str, text: &str) -> u64 {
    hash(format!("{scope}\n{text}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(came: Option<String>) -> Page {
        Page::open("test".to_owned(), 2, came, None, 7).unwrap()
    }

    fn numbers(page: &Page, all: &[i64]) -> (Vec<i64>, Option<String>) {
        let after = page.after().map_or(i64::MIN, |place| place.key);
        let behind = all.iter().copied().filter(|number| *number > after);
        page.take(behind, |number| Place { key: *number, name: "two\nlines".to_owned() })
    }

    #[test]
    fn a_token_holds_its_place_when_entries_come_and_go() {
        let (first, token) = numbers(&page(None), &[10, 30, 50]);
        assert_eq!(first, [10, 30]);
        // 20 is too late for this walk, 30 is gone, 40 is seen.
        let (second, token) = numbers(&page(token), &[10, 20, 40, 50, 60]);
        assert_eq!(second, [40, 50]);
        let (third, token) = numbers(&page(token), &[60]);
        assert_eq!((third, token), (vec![60], None));
    }

    #[test]
    fn a_page_that_ends_with_the_last_entry_has_no_token() {
        let (all, token) = numbers(&page(None), &[1, 2]);
        assert_eq!((all, token), (vec![1, 2], None));
    }
}
