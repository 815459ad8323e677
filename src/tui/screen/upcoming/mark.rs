//! What the agenda's cursor stands on, so that it is found again in another agenda.

use chrono::{DateTime, Utc};

use super::{Item, Upcoming};
use crate::domain::agenda::Agenda;
use crate::domain::secret::SecretId;
use crate::text::AwsText;

/// What the cursor stands on, whatever its number is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    Overdue(SecretId),
    Window(SecretId, DateTime<Utc>),
    Unknown(SecretId),
    Crowd(Option<AwsText>),
}

impl Upcoming {
    /// What the cursor stands on.
    pub(super) fn mark(&self) -> Option<Mark> {
        let item = self.chosen()?;
        let secret = self.secret(item).cloned();
        Some(match (item, secret) {
            (Item::Overdue(_), Some(id)) => Mark::Overdue(id),
            (Item::Entry(number), Some(id)) => Mark::Window(id, self.agenda.entries[number].window.start),
            (Item::Unknown(_), Some(id)) => Mark::Unknown(id),
            (Item::Crowd(number), _) => {
                Mark::Crowd(self.agenda.rotators[self.agenda.crowds[number].rotator].function.clone())
            }
            _ => return None,
        })
    }

    /// The place of what the cursor stood on. A window that was missed has become an overdue secret.
    pub(super) fn find(&self, mark: &Mark) -> Option<usize> {
        let Agenda { overdue, entries, unknown, crowds, subjects, rotators, .. } = &self.agenda;
        let late = |id: &SecretId| overdue.iter().position(|one| subjects[one.subject].id == *id);
        match mark {
            Mark::Overdue(id) => late(id),
            Mark::Window(id, start) => {
                let from = entries.partition_point(|entry| entry.window.start < *start);
                let mut same = entries[from..].iter().take_while(|entry| entry.window.start == *start);
                let place = same.position(|entry| subjects[entry.subject as usize].id == *id);
                place.map(|place| overdue.len() + from + place).or_else(|| late(id))
            }
            Mark::Unknown(id) => {
                let place = unknown.iter().position(|one| subjects[one.subject].id == *id);
                place.map(|place| overdue.len() + entries.len() + place)
            }
            Mark::Crowd(function) => {
                let place = crowds.iter().position(|crowd| rotators[crowd.rotator].function == *function);
                place.map(|place| overdue.len() + entries.len() + unknown.len() + place)
            }
        }
    }
}
