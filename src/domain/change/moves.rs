//! A staging label that moves: for which fix, from where to where, and what the labels are then.

use super::{Change, Fix, Ground, Move, Seen, Tested};
use crate::domain::change::ChangeKind;
use crate::domain::handles::quoted;
use crate::domain::version::{LabelMap, Pending, StagingLabel, VersionId};

impl Fix {
    /// The word for it in records and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Drop => "drop-pending",
            Self::Promote => "promote",
            Self::RollBack => "roll-back",
            Self::PutBack => "put-back",
        }
    }

    /// The fix for its word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Drop, Self::Promote, Self::RollBack, Self::PutBack].into_iter().find(|fix| fix.word() == word)
    }
}

impl Tested {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Current => "current",
            Self::Previous => "previous",
        }
    }

    /// The statement for its word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Pending, Self::Current, Self::Previous].into_iter().find(|tested| tested.word() == word)
    }

    /// What the person says, as a sentence.
    pub fn statement(self) -> String {
        let label = match self {
            Self::Pending => "AWSPENDING",
            Self::Current => "AWSCURRENT",
            Self::Previous => "AWSPREVIOUS",
        };
        format!("You say that you logged in with the password of the version with {label}.")
    }
}

impl Ground {
    /// On what the change rests, as a sentence.
    pub fn sentence(&self) -> String {
        self.tested.map_or_else(|| "It rests on what was seen.".to_owned(), Tested::statement)
    }
}

impl Move {
    /// The move that a fix needs of the labels as they were seen; `None` where there is nothing to move.
    pub fn of(fix: Fix, labels: &LabelMap) -> Option<Self> {
        let current = labels.version_with(&StagingLabel::Current).cloned();
        let pending = match labels.pending() {
            Pending::Other(version) => Some(version),
            Pending::None | Pending::Same => None,
        };
        match fix {
            Fix::Drop => Some(Self { fix, to: None, from: Some(pending?) }),
            Fix::Promote => Some(Self { fix, to: Some(pending?), from: current }),
            Fix::RollBack => {
                let previous = labels.version_with(&StagingLabel::Previous).cloned()?;
                (Some(&previous) != current.as_ref()).then_some(Self { fix, to: Some(previous), from: current })
            }
            // Where it goes back to isn't told by the labels.
            Fix::PutBack => None,
        }
    }

    /// The label that moves.
    pub fn label(&self) -> StagingLabel {
        match self.fix {
            Fix::Drop | Fix::PutBack => StagingLabel::Pending,
            Fix::Promote | Fix::RollBack => StagingLabel::Current,
        }
    }

    /// The options of the AWS CLI for it.
    pub(super) fn options(&self) -> String {
        let option = |name: &str, id: &Option<VersionId>| {
            id.as_ref().map_or_else(String::new, |id| format!(" --{name} {}", quoted(id.0.raw())))
        };
        let label = self.label().text();
        let (to, from) = (option("move-to-version-id", &self.to), option("remove-from-version-id", &self.from));
        format!(" --version-stage {}{to}{from}", label.raw())
    }

    /// The labels once it is made: AWSPREVIOUS follows AWSCURRENT by itself.
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html>
    pub fn after(&self, labels: &LabelMap) -> LabelMap {
        let label = self.label();
        let moves = |id: &VersionId, had: &[StagingLabel]| -> Box<[StagingLabel]> {
            let is_to = self.to.as_ref() == Some(id);
            let is_from = self.from.as_ref() == Some(id);
            let is_previous = |label: &StagingLabel| *label == StagingLabel::Previous;
            let moves_current = label == StagingLabel::Current;
            let mut has: Vec<_> =
                had.iter().filter(|had| **had != label && !(moves_current && is_previous(had))).cloned().collect();
            has.extend(is_to.then(|| label.clone()));
            has.extend((moves_current && is_from).then_some(StagingLabel::Previous));
            has.into()
        };
        let mut all: Vec<_> = labels.0.iter().map(|(id, had)| (id.clone(), moves(id, had))).collect();
        if let Some(to) = self.to.as_ref().filter(|to| labels.0.get(to).is_none()) {
            all.push((to.clone(), Box::from([label])));
        }
        LabelMap(all.into_iter().filter(|(_, labels)| !labels.is_empty()).collect())
    }
}

impl Seen {
    /// Whether two looks saw the same, in whatever order a server names a version's labels.
    pub fn is_as(&self, other: &Self) -> bool {
        (self.rotation_enabled, self.deleted) == (other.rotation_enabled, other.deleted)
            && sorted(&self.labels) == sorted(&other.labels)
    }
}

/// The labels that sit on versions, in one order.
fn sorted(labels: &LabelMap) -> Vec<(&VersionId, Vec<&StagingLabel>)> {
    let each = labels.0.iter().filter(|(_, labels)| !labels.is_empty());
    let mut all: Vec<_> = each.map(|(id, labels)| (id, labels.iter().collect::<Vec<_>>())).collect();
    for (_, labels) in &mut all {
        labels.sort();
    }
    all.sort();
    all
}

impl Change {
    /// The same, on this ground.
    #[must_use]
    pub fn on_ground(self, ground: Ground) -> Self {
        Self { ground: Some(ground), ..self }
    }

    /// The move that it makes, if it is one.
    pub fn movement(&self) -> Option<&Move> {
        match &self.kind {
            ChangeKind::Move(movement) => Some(movement),
            _ => None,
        }
    }
}
