//! The values that a setting takes: a word out of few, an order, a switch.

use std::str::FromStr;

use serde::Deserialize;

/// A value that a setting does not take, with those that it does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not among {allowed}")]
pub struct NotAmong {
    found: String,
    allowed: String,
}

impl NotAmong {
    fn new(found: &str, words: &[&str]) -> Self {
        let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
        Self { found: found.to_owned(), allowed: words.join(", ") }
    }
}

/// An enum whose variants are words of the configuration.
macro_rules! choice {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
        #[serde(try_from = "String")]
        pub enum $name { $($(#[$inner])* $variant,)+ }

        impl $name {
            /// The words, the default first.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// Its word.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl FromStr for $name {
            type Err = NotAmong;

            fn from_str(word: &str) -> Result<Self, NotAmong> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(NotAmong::new(word, Self::WORDS)),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAmong;

            fn try_from(word: String) -> Result<Self, NotAmong> {
                word.parse()
            }
        }
    };
}

choice! {
    /// The colours.
    Theme {
        /// The terminal's own sixteen, which fit its background.
        #[default]
        Auto = "auto",
        /// For a dark background.
        Dark = "dark",
        /// For a light background.
        Light = "light",
        /// None.
        Mono = "mono",
    }
}

choice! {
    /// What frames and signs are drawn with.
    Borders {
        /// Box-drawing characters.
        #[default]
        Unicode = "unicode",
        /// ASCII only: for terminals and fonts that have nothing else.
        Ascii = "ascii",
    }
}

choice! {
    /// The clock by which moments are shown.
    Times {
        /// UTC, as AWS has it.
        #[default]
        Utc = "utc",
        /// That of this machine.
        Local = "local",
    }
}

choice! {
    /// What the list of secrets is sorted by.
    SortBy {
        /// The worst first.
        #[default]
        Trouble = "trouble",
        /// The name.
        Name = "name",
        /// The next rotation.
        Next = "next",
        /// The last rotation.
        Last = "last",
        /// The schedule.
        Schedule = "schedule",
        /// The age of AWSPENDING.
        Pending = "pending",
    }
}

/// The order of the list of secrets: `name`, or `-name` for the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct Sort {
    /// What it goes by.
    pub by: SortBy,
    /// Whether it goes the other way round.
    pub descending: bool,
}

impl std::fmt::Display for Sort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.by.word())
    }
}

impl TryFrom<String> for Sort {
    type Error = NotAmong;

    fn try_from(text: String) -> Result<Self, NotAmong> {
        let (descending, word) = text.strip_prefix('-').map_or((false, text.as_str()), |word| (true, word));
        let by = word.parse().map_err(|not_among: NotAmong| NotAmong {
            found: text.clone(),
            allowed: format!("{}, or one of them with `-` in front for the other way round", not_among.allowed),
        })?;
        Ok(Self { by, descending })
    }
}

/// A switch as an environment variable has it.
pub(super) struct Switch(pub(super) bool);

impl FromStr for Switch {
    type Err = NotAmong;

    fn from_str(word: &str) -> Result<Self, NotAmong> {
        match word {
            "1" | "true" => Ok(Self(true)),
            "0" | "false" => Ok(Self(false)),
            _ => Err(NotAmong::new(word, &["1", "true", "0", "false"])),
        }
    }
}

/// A name that may be left out, but not be empty.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Name(pub(super) String);

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, &'static str> {
        if name.is_empty() { Err("the text may not be empty; leave the key out instead") } else { Ok(Self(name)) }
    }
}
