//! What the handler finds when it looks at the secret: whether it goes on, and which versions the step will work with.

use super::Step;
use super::invocation::Invocation;
use crate::demo::function::Strategy;
use crate::demo::labels::{self, CURRENT, PENDING, PREVIOUS};
use crate::demo::secret::Secret;

/// The versions that the step has read when it began. Labels that move later are nothing to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Read {
    pub(super) current: Option<String>,
    pub(super) previous: Option<String>,
}

impl Read {
    pub(super) fn of(secret: &Secret) -> Self {
        let of = |label| labels::holder(&secret.versions, label).map(|version| version.id.clone());
        Self { current: of(CURRENT), previous: of(PREVIOUS) }
    }
}

impl Invocation {
    /// Whether the template goes on to the step: `Ok(false)` where that is done already, and its words and line where it
    /// refuses.
    pub(super) fn judge(&self, secret: &Secret) -> Result<bool, (String, u32)> {
        let version = secret.versions.iter().find(|version| version.id == self.run.version);
        let labels = version.map(|version| version.labels.as_slice()).unwrap_or_default();
        if secret.rotation.as_ref().is_some_and(|rules| !rules.enabled) {
            return Err((self.lines.is_off(), 46));
        }
        if labels.is_empty() {
            return Err((self.lines.has_no_stage(), 50));
        }
        if labels.iter().any(|label| label == CURRENT) {
            return Ok(false);
        }
        if labels.iter().any(|label| label == PENDING) { Ok(true) } else { Err((self.lines.is_not_pending(), 57)) }
    }

    /// How many passwords the step tries before it gives up.
    pub(super) fn logins(&self) -> i32 {
        match (self.run.step, self.called.function.strategy) {
            (Step::Set, Strategy::Alternating) => 2,
            (Step::Set, _) => 2 + i32::from(self.read.previous.is_some()),
            _ => 1,
        }
    }
}
