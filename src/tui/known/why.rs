//! What is known of why a secret's rotation isn't done, and of the fix that is carried out from here.

use chrono::{DateTime, Utc};

use super::Remote;
use crate::domain::doctor::Diagnosis;
use crate::domain::plan::{Plan, PlanEnd, Told, Under};
use crate::domain::secret::SecretId;
use crate::text::AwsText;

/// A diagnosis, and what it is of.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The secret.
    pub id: SecretId,
    /// Its name.
    pub name: AwsText,
    /// What was learned so far.
    pub diagnosis: Remote<Diagnosis>,
    /// The plan that somebody has left half done, or that another program carries out.
    pub under: Option<Under>,
}

/// A fix that is carried out from here.
#[derive(Debug, Clone, PartialEq)]
pub struct FixRun {
    /// The secret.
    pub id: SecretId,
    /// Its name.
    pub name: AwsText,
    /// The plan.
    pub plan: Plan,
    /// When it was begun (UTC): what was learned before is from before it.
    pub began: DateTime<Utc>,
    /// What was told, in order; of waiting only the last.
    pub told: Vec<Told>,
}

impl Why {
    /// A secret of which nothing is known yet.
    pub fn of(id: SecretId, name: AwsText) -> Self {
        Self { id, name, diagnosis: Remote::default(), under: None }
    }
}

impl FixRun {
    /// Takes news in.
    pub fn tell(&mut self, told: Told) {
        let is_again = matches!(
            (self.told.last(), &told),
            (Some(Told::Waits(_)), Told::Waits(_)) | (Some(Told::Looks(_)), Told::Looks(_))
        );
        if is_again {
            self.told.pop();
        }
        self.told.push(told);
    }

    /// How it ended, if it has.
    pub fn end(&self) -> Option<&PlanEnd> {
        match self.told.last() {
            Some(Told::Ended(end)) => Some(end),
            _ => None,
        }
    }
}
