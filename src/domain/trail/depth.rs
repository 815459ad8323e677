//! How much of the event history is wanted.

use super::kind::Kind;

/// How much of the event history is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Depth {
    /// Every event, reads among them: there may be hundreds in a minute.
    Whole,
    /// Those of a few names: a look-up or two for each, however much is read.
    Named(Vec<&'static str>),
}

/// The kinds of events that change a secret's value, labels, rotation or being, those first that tell most.
const CHANGES: [Kind; 5] = [Kind::Labels, Kind::Write, Kind::Rotation, Kind::Deletion, Kind::Restore];

impl Depth {
    /// What changes a secret's value, labels, rotation or being.
    pub fn changes() -> Self {
        Self::Named(CHANGES.into_iter().filter_map(Kind::names).flatten().collect())
    }

    /// What is enough for events of these kinds.
    pub fn of_kinds(kinds: &[Kind]) -> Self {
        let names: Option<Vec<_>> = kinds.iter().map(|kind| kind.names()).collect();
        names.filter(|names| !names.is_empty()).map_or(Self::Whole, |names| {
            let mut names = names.concat();
            names.sort_unstable();
            names.dedup();
            Self::Named(names)
        })
    }

    /// Whether it finds all of one that wants less.
    pub fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Whole, _) => true,
            (Self::Named(_), Self::Whole) => false,
            (Self::Named(names), Self::Named(others)) => others.iter().all(|other| names.contains(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_that_have_names_are_looked_up_by_them() {
        let expected = Depth::Named(vec!["CancelSecretVersionDelete", "RestoreSecret", "UpdateSecretVersionStage"]);
        assert_eq!(Depth::of_kinds(&[Kind::Restore, Kind::Labels]), expected);
        for whole in [&[][..], &[Kind::Read], &[Kind::Deletion, Kind::Refused], &[Kind::Other]] {
            assert_eq!(Depth::of_kinds(whole), Depth::Whole, "{whole:?}");
        }
    }

    #[test]
    fn changes_include_every_kind_that_has_names() {
        for kind in Kind::ALL {
            let depth = Depth::of_kinds(&[kind]);
            assert_eq!(Depth::changes().includes(&depth), kind.names().is_some(), "{kind:?}");
            assert!(Depth::Whole.includes(&depth) && depth.includes(&depth));
        }
        assert!(!Depth::of_kinds(&[Kind::Labels]).includes(&Depth::changes()));
    }
}
