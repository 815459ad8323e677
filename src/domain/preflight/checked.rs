//! What was learned before a change, together with the change as it would be; and the same once it is confirmed.

use chrono::{DateTime, Utc};

use super::Preflight;
use crate::domain::change::{Change, ChangeKind, Confirmed, RecoveryWindow};
use crate::domain::fault::Fault;
use crate::domain::function::Function;
use crate::domain::inspection::Inspection;
use crate::domain::plan::{Half, Plan};
use crate::domain::secret::Secret;

/// A change that was confirmed, and what the pre-flight learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Begin {
    /// The change.
    pub confirmed: Confirmed<Change>,
    /// The secret, as it was described.
    pub secret: Secret,
    /// Its function, where it was asked about.
    pub function: Option<Result<Function, Fault>>,
}

/// What was learned before a change, and the change as it would be.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The change, with the labels that were seen.
    pub change: Change,
    /// What speaks for and against it.
    pub preflight: Preflight,
    /// The secret, as it was described.
    pub secret: Secret,
    /// Its function, where it was asked about.
    pub function: Option<Result<Function, Fault>>,
    /// What was learned about the secret, where it was looked at for this alone.
    pub inspection: Option<Inspection>,
    /// The steps by which it is carried out, where it takes several.
    pub plan: Option<Plan>,
    /// What is half done of that plan.
    pub half: Option<Half>,
    /// When the last answer came (UTC).
    pub at: DateTime<Utc>,
}

impl Checked {
    /// The call that moves a label before that of the change.
    pub fn first(&self) -> Option<Change> {
        let plan = self.plan.as_ref()?;
        let left = self.half.as_ref().map_or_else(|| plan.steps(), |half| half.left(&self.secret));
        plan.first(&self.change, &left)
    }

    /// The calls for the AWS CLI, in their order; the second one is made only if the first was.
    pub fn aws_form(&self) -> String {
        let form = self.change.aws_form();
        self.first().map_or_else(|| form.clone(), |first| format!("{} && {form}", first.aws_form()))
    }

    /// The same deletion with another recovery window: nothing else that was learned depends on it.
    #[must_use]
    pub fn with_window(self, window: RecoveryWindow) -> Self {
        let change = Change { kind: ChangeKind::Delete { window }, ..self.change };
        Self { change, preflight: self.preflight.with_window(window, self.at), ..self }
    }
}
