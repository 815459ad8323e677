//! The filter's language: words that must all be part of the name, and tests of what a secret is.

use memchr::memmem::Finder;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::rotation::RotationState;
use super::secret::{Kind, Secret};

mod names;

pub use names::Names;

/// A filter as it was typed, understood.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    words: String,
    terms: Vec<Term>,
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

#[derive(Debug, Clone)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    /// A part of the name, in lower case.
    Name(Box<Finder<'static>>),
    /// Letters of the name in this order.
    Fuzzy(Fuzzy),
    State(Vec<RotationState>),
    Kind(Vec<Kind>),
    Tag(String, Option<String>),
    Region(String),
    Function(String),
}

#[derive(Debug, Clone)]
struct Fuzzy {
    pattern: Pattern,
    /// The letters in lower case, where they are nothing but that: then no matcher is needed to see whether they are there.
    plain: Option<Box<[u8]>>,
}

/// Why a filter can't be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFilter {
    /// A word before a colon that is none of the tests.
    #[error("`{0}:` is none of state: kind: tag: region: function:")]
    Test(String),
    /// A value that no state or kind begins with.
    #[error("no {test} begins with `{value}`: {allowed}")]
    Value {
        /// `state` or `kind`.
        test: &'static str,
        /// What was typed.
        value: String,
        /// What may be.
        allowed: String,
    },
}

/// What a filter needs from one secret to the next.
#[derive(Debug)]
pub struct Scratch {
    matcher: Matcher,
    letters: Vec<char>,
}

impl Default for Scratch {
    fn default() -> Self {
        Self { matcher: Matcher::new(Config::DEFAULT), letters: Vec::new() }
    }
}

impl Filter {
    /// Understands what was typed. Words are separated by white space; `!` before one turns it round.
    pub fn parse(typed: &str) -> Result<Self, BadFilter> {
        typed
            .split_whitespace()
            .filter_map(|word| term(word).transpose())
            .collect::<Result<_, _>>()
            .map(|terms| Self { words: typed.trim().to_owned(), terms })
    }

    /// Whether this is another filter with letters added to its end, so that nothing passes which didn't pass that one.
    pub fn narrows(&self, other: &Self) -> bool {
        let Some(added) = self.words.strip_prefix(other.words.as_str()).filter(|added| !added.is_empty()) else {
            return false;
        };
        let last = self.words.split_whitespace().next_back().unwrap_or_default();
        let is_word = |c: char| c.is_ascii_alphanumeric() || "-_/.".contains(c);
        // A negated word lets more through the longer it is; a test's value may mean another thing with a letter more.
        added.chars().all(is_word) && last.trim_start_matches('~').chars().all(is_word)
    }

    /// Whether everything passes.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a secret passes. `name` is its name in lower case; the rest of it is asked for only where it matters,
    /// since a filter reads every name at each key.
    pub fn passes<'a>(
        &self,
        name: &str,
        scratch: &mut Scratch,
        secret: impl Fn() -> (&'a Secret, RotationState),
    ) -> bool {
        self.terms.iter().all(|term| term.test.holds(name, scratch, &secret) != term.negated)
    }

    /// Which of all secrets pass, by number: the same as [`passes`](Self::passes) of each, and sooner.
    pub fn passing<'a>(
        &self,
        names: &Names,
        scratch: &mut Scratch,
        secret: impl Fn(u32) -> (&'a Secret, RotationState),
    ) -> Vec<bool> {
        let mut passing = vec![true; names.len()];
        let (words, others): (Vec<_>, Vec<_>) = self.terms.iter().partition(|term| term.test.word().is_some());
        for (word, negated) in words.iter().filter_map(|term| Some((term.test.word()?, term.negated))) {
            let have = names.with(word);
            passing.iter_mut().zip(have).for_each(|(passes, has)| *passes &= has != negated);
        }
        // The others look at one secret after the other, and only at those that are still in question.
        if !others.is_empty() {
            for (number, passes) in (0..).zip(&mut passing).filter(|(_, passes)| **passes) {
                let (name, secret) = (names.get(number), || secret(number));
                *passes = others.iter().all(|term| term.test.holds(name, scratch, &secret) != term.negated);
            }
        }
        passing
    }

    /// The ranges of bytes of a name, in lower case, that made it pass: what is highlighted.
    pub fn highlights(&self, name: &str) -> Vec<std::ops::Range<usize>> {
        let words = self.terms.iter().filter(|term| !term.negated).filter_map(|term| match &term.test {
            Test::Name(word) => word.find(name.as_bytes()).map(|at| at..at + word.needle().len()),
            _ => None,
        });
        let mut ranges: Vec<_> = words.collect();
        ranges.extend(self.terms.iter().filter(|term| !term.negated).flat_map(|term| fuzzy_letters(&term.test, name)));
        ranges.sort_by_key(|range| range.start);
        ranges
    }
}

fn fuzzy_letters(test: &Test, name: &str) -> Vec<std::ops::Range<usize>> {
    let Test::Fuzzy(Fuzzy { pattern, .. }) = test else { return Vec::new() };
    let (mut letters, mut at) = (Vec::new(), Vec::new());
    let mut matcher = Matcher::new(Config::DEFAULT);
    pattern.indices(Utf32Str::new(name, &mut letters), &mut matcher, &mut at);
    // The matcher counts graphemes' first letters; names of secrets are ASCII, and where they aren't, chars come near.
    let starts: Vec<_> = name.char_indices().map(|(start, c)| start..start + c.len_utf8()).collect();
    at.into_iter().filter_map(|index| starts.get(index as usize).cloned()).collect()
}

fn term(word: &str) -> Result<Option<Term>, BadFilter> {
    let (negated, word) = word.strip_prefix('!').map_or((false, word), |rest| (true, rest));
    let test = match (word.strip_prefix('~'), word.split_once(':')) {
        (Some(letters), _) => Test::Fuzzy(Fuzzy::parse(letters)),
        // An ARN has colons too, and none of its parts is a test.
        (None, Some(("arn", _)) | None) => {
            Test::Name(Box::new(Finder::new(word.to_lowercase().as_bytes()).into_owned()))
        }
        (None, Some((test, value))) => named(test, value)?,
    };
    let nothing = word.is_empty() || word == "~" || word.ends_with(':');
    Ok((!nothing).then_some(Term { negated, test }))
}

fn named(test: &str, value: &str) -> Result<Test, BadFilter> {
    let value = value.to_lowercase();
    match test {
        "state" => begin_with("state", &value, &RotationState::ALL, RotationState::word).map(Test::State),
        "kind" => begin_with("kind", &value, &Kind::ALL, Kind::word).map(Test::Kind),
        "tag" => Ok(match value.split_once('=') {
            Some((key, value)) => Test::Tag(key.to_owned(), Some(value.to_owned())),
            None => Test::Tag(value, None),
        }),
        "region" => Ok(Test::Region(value)),
        "function" => Ok(Test::Function(value)),
        other => Err(BadFilter::Test(other.to_owned())),
    }
}

/// Those of a list whose word begins with what was typed: so that a word that is being typed is no mistake.
fn begin_with<T: Copy>(
    test: &'static str,
    value: &str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Result<Vec<T>, BadFilter> {
    let found: Vec<T> = all.iter().copied().filter(|one| word(*one).starts_with(value)).collect();
    if found.is_empty() {
        let allowed = all.iter().map(|one| word(*one)).collect::<Vec<_>>().join(" ");
        return Err(BadFilter::Value { test, value: value.to_owned(), allowed });
    }
    Ok(found)
}

impl Test {
    /// The part of a name that decides alone. Part of an ARN may be one too, and is none of the name's.
    fn word(&self) -> Option<&Finder<'static>> {
        match self {
            Self::Name(word) if !word.needle().starts_with(b"arn:") => Some(word),
            _ => None,
        }
    }

    fn holds<'a>(&self, name: &str, scratch: &mut Scratch, secret: &impl Fn() -> (&'a Secret, RotationState)) -> bool {
        let part = |text: &str, part: &str| text.to_lowercase().contains(part);
        match self {
            Self::Name(word) => {
                let in_arn = || word.find(secret().0.id.arn.raw().to_lowercase().as_bytes()).is_some();
                word.find(name.as_bytes()).is_some() || (word.needle().starts_with(b"arn:") && in_arn())
            }
            Self::Fuzzy(fuzzy) => fuzzy.holds(name, scratch),
            Self::State(states) => states.contains(&secret().1),
            Self::Kind(kinds) => secret().0.kinds().iter().any(|kind| kinds.contains(kind)),
            Self::Tag(key, value) => secret()
                .0
                .tags
                .iter()
                .any(|(k, v)| part(k.raw(), key) && value.as_ref().is_none_or(|value| part(v.raw(), value))),
            Self::Region(region) => part(&secret().0.id.context.region, region),
            Self::Function(function) => {
                secret().0.rotation_function.as_ref().is_some_and(|arn| part(arn.raw(), function))
            }
        }
    }
}

impl Fuzzy {
    fn parse(letters: &str) -> Self {
        let is_plain = letters.bytes().all(|letter| letter.is_ascii_alphanumeric());
        let plain = is_plain.then(|| letters.to_ascii_lowercase().into_bytes().into());
        Self { pattern: Pattern::parse(letters, CaseMatching::Ignore, Normalization::Smart), plain }
    }

    fn holds(&self, name: &str, scratch: &mut Scratch) -> bool {
        match &self.plain {
            Some(letters) if name.is_ascii() => {
                let mut name = name.bytes();
                letters.iter().all(|letter| name.any(|other| other == *letter))
            }
            _ => self.pattern.score(Utf32Str::new(name, &mut scratch.letters), &mut scratch.matcher).is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_letters_added_to_a_plain_word_narrow() {
        for (before, after, narrows) in [
            ("", "p", true),
            ("pay", "paym", true),
            ("prod pay", "prod paym", true),
            ("~py", "~pym", true),
            ("!pay", "!paym", false),
            ("state:o", "state:ov", false),
            ("pay", "pay db", false),
            ("pay", "pay", false),
            ("paym", "pay", false),
            ("colour", "colour:", false),
        ] {
            let filter = |typed| Filter::parse(typed).unwrap_or_default();
            assert_eq!(filter(after).narrows(&filter(before)), narrows, "{before:?} {after:?}");
        }
    }

    proptest! {
        #[test]
        fn plain_letters_are_found_where_the_matcher_finds_them(letters in "[a-zA-Z0-9]{1,4}", name in "[a-e0-2é/-]{0,12}") {
            let (fuzzy, mut scratch) = (Fuzzy::parse(&letters), Scratch::default());
            let by_matcher = Fuzzy { plain: None, ..fuzzy.clone() };
            prop_assert!(fuzzy.plain.is_some());
            prop_assert_eq!(fuzzy.holds(&name, &mut scratch), by_matcher.holds(&name, &mut scratch));
        }
    }

    #[test]
    fn what_is_not_understood_says_why() {
        for (typed, why) in [
            ("colour:red", "`colour:` is none of state: kind: tag: region: function:"),
            (
                "state:x",
                "no state begins with `x`: stuck failed overdue cancelled pending rotating due ok off deleting",
            ),
            ("kind:x", "no kind begins with `x`: managed managed-external replica deleting"),
        ] {
            assert_eq!(Filter::parse(typed).map_err(|bad| bad.to_string()).err().as_deref(), Some(why));
        }
        for typed in ["", "  ", "!", "~", "state:", "tag:", "arn:aws:secretsmanager"] {
            assert!(Filter::parse(typed).is_ok(), "{typed}");
        }
    }
}
