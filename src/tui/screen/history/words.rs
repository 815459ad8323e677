//! The words of the history's filter.

use std::fmt;

use crate::domain::trail::{Ended, Kind, Wanted, What};

/// Why a filter isn't understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadWords(String);

impl fmt::Display for BadWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = Kind::ALL.map(Kind::word).join(" ");
        write!(f, "`{}`: kind:KIND ({kinds}), event:NAME, is:done, is:failed, or words of who and from where", self.0)
    }
}

/// What is wanted: words that must all be a part of who, from where, with what, or of the secret; `kind:` and `event:`, of
/// which one must be so; `is:done` or `is:failed`.
pub(super) fn parse(typed: &str) -> Result<Wanted, BadWords> {
    let mut wanted = Wanted::default();
    let mut words = typed.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let bad = || BadWords(word.to_owned());
        // The word that is still being typed is no mistake yet.
        let is_last = words.peek().is_none() && !typed.ends_with(' ');
        match word.split_once(':') {
            Some(("kind", kind)) => match Kind::from_word(kind) {
                Some(kind) => wanted.what.push(What::Kind(kind)),
                None if is_last && Kind::ALL.iter().any(|known| known.word().starts_with(kind)) => {}
                None => return Err(bad()),
            },
            Some(("event", name)) if !name.is_empty() => wanted.what.push(What::Name(name.to_owned())),
            Some(("event", _)) if is_last => {}
            Some(("is", "done")) => wanted.outcome = Some(Ended::Done),
            Some(("is", "failed" | "refused")) => wanted.outcome = Some(Ended::Failed),
            Some(("is", begun))
                if is_last && ["done", "failed", "refused"].iter().any(|word| word.starts_with(begun)) => {}
            Some(("is" | "event", _)) => return Err(bad()),
            _ => wanted.who.push(word.to_lowercase()),
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_who_and_the_rest_has_a_name() {
        let wanted = parse("orders kind:deletion event:PutSecret is:failed 10.0.3").unwrap();
        assert_eq!(wanted.who, ["orders", "10.0.3"]);
        assert_eq!(wanted.what, [What::Kind(Kind::Deletion), What::Name("PutSecret".to_owned())]);
        assert_eq!(wanted.outcome, Some(Ended::Failed));
    }

    #[test]
    fn a_word_that_is_being_typed_is_no_mistake_yet() {
        for typed in ["kind:", "kind:del", "event:", "is:", "is:fa", "x is:d"] {
            assert!(parse(typed).is_ok_and(|wanted| wanted.what.is_empty() && wanted.outcome.is_none()), "{typed}");
        }
        for typed in ["kind:x", "kind:del ", "is:open", "event: x", "is: x"] {
            assert!(parse(typed).is_err(), "{typed}");
        }
    }
}
