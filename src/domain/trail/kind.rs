//! The kinds of events by which people look for them.

use super::deed::{DELETE_SECRET, Deed, Phase};

/// What kind of event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A value was read.
    Read,
    /// A value was asked for, and AWS refused it.
    Refused,
    /// A value was put.
    Write,
    /// A staging label was moved.
    Labels,
    /// A rotation began, ended, was tried or turned off.
    Rotation,
    /// A secret was scheduled for deletion, or its versions were deleted.
    Deletion,
    /// A secret was restored.
    Restore,
    /// Tags, policies, replicas.
    Settings,
    /// Metadata was read.
    Metadata,
    /// An event that isn't known here.
    Other,
}

impl Kind {
    /// Every kind, those first that people look for first.
    pub const ALL: [Self; 10] = [
        Self::Read,
        Self::Refused,
        Self::Write,
        Self::Labels,
        Self::Rotation,
        Self::Deletion,
        Self::Restore,
        Self::Settings,
        Self::Metadata,
        Self::Other,
    ];

    /// The word for it, the same in tables, filters and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Refused => "refused",
            Self::Write => "write",
            Self::Labels => "labels",
            Self::Rotation => "rotation",
            Self::Deletion => "deletion",
            Self::Restore => "restore",
            Self::Settings => "settings",
            Self::Metadata => "metadata",
            Self::Other => "other",
        }
    }

    /// Whether events of this kind change something.
    pub fn is_change(self) -> bool {
        !matches!(self, Self::Read | Self::Refused | Self::Metadata)
    }

    /// The kind that is called so.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The names of its events, by which they are found however much else there is; `None` where they can't be told all, or
    /// other services have events of the same names, or there are as many as of everything else.
    pub fn names(self) -> Option<Vec<&'static str>> {
        Some(match self {
            Self::Write => vec!["PutSecretValue", "UpdateSecret", "CreateSecret"],
            Self::Labels => vec!["UpdateSecretVersionStage"],
            Self::Rotation => {
                let told = Phase::EVENTS.into_iter().map(|(_, name)| name);
                told.chain(["RotateSecret", "CancelRotateSecret"]).collect()
            }
            Self::Deletion => {
                vec![DELETE_SECRET, "StartSecretVersionDelete", "SecretVersionDeletion", "EndSecretVersionDelete"]
            }
            Self::Restore => vec!["RestoreSecret", "CancelSecretVersionDelete"],
            Self::Read | Self::Refused | Self::Settings | Self::Metadata | Self::Other => return None,
        })
    }

    /// Whether an event of this name, in small letters or large ones, is of this kind and found by it.
    pub(super) fn has_name(self, name: &str) -> bool {
        self.names().into_iter().flatten().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// The kind of what was done or refused. A refusal of anything but a read stays with its kind: who tried to delete
    /// a secret is looked for among the deletions.
    pub(super) fn of(deed: &Deed, is_refused: bool) -> Self {
        match deed {
            Deed::Read { .. } | Deed::Batch { .. } if is_refused => Self::Refused,
            Deed::Read { .. } | Deed::Batch { .. } | Deed::Decrypt { .. } => Self::Read,
            Deed::Create { .. } | Deed::Put { .. } | Deed::Update { .. } => Self::Write,
            Deed::Move { .. } => Self::Labels,
            Deed::Rotate { .. } | Deed::Cancel { .. } | Deed::Rotation { .. } => Self::Rotation,
            Deed::Delete { .. } | Deed::VersionsGo { .. } => Self::Deletion,
            Deed::Restore | Deed::VersionsStay => Self::Restore,
            Deed::Settings => Self::Settings,
            Deed::Look => Self::Metadata,
            Deed::Other => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::trail::{Listed, SOURCE, TrailEvent};

    #[test]
    fn each_kind_is_known_by_its_word_alone() {
        let words = Kind::ALL.map(Kind::word);
        let all = "read refused write labels rotation deletion restore settings metadata other";
        assert_eq!(words.join(" "), all);
        assert_eq!(Kind::ALL.map(|kind| Kind::from_word(kind.word())), Kind::ALL.map(Some));
        for word in ["", "Read", "reads", "read "] {
            assert_eq!(Kind::from_word(word), None, "{word}");
        }
    }

    #[test]
    fn each_name_of_a_kind_is_of_that_kind() {
        for kind in Kind::ALL {
            for name in kind.names().into_iter().flatten() {
                let text = format!(
                    r#"{{"eventID": "e", "eventTime": "2026-06-15T09:00:00Z", "eventName": "{name}",
                        "eventSource": "{SOURCE}", "requestParameters": {{"versionStage": "AWSCURRENT"}}}}"#
                );
                let event = TrailEvent::read(Listed { record: Some(text), ..Listed::default() }).unwrap();
                assert_eq!(event.kind(), kind, "{name}");
            }
        }
    }

    #[test]
    fn a_refusal_is_a_kind_of_its_own_only_where_a_value_was_asked_for() {
        let read = Deed::Read { label: None, version: None };
        let refused = [read, Deed::Batch { ids: None }].map(|deed| Kind::of(&deed, true));
        assert_eq!(refused, [Kind::Refused; 2]);
        let delete = Deed::Delete { days: None, at_once: false, due: None };
        for deed in [delete, Deed::Restore, Deed::Look, Deed::Settings, Deed::Other] {
            assert_eq!(Kind::of(&deed, true), Kind::of(&deed, false));
        }
    }
}
