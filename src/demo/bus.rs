//! The default event bus of each Region of a world: its rules and their targets. No event is delivered in a world; what
//! can be asked is which rule would catch one.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The only bus of a world.
pub(in crate::demo) const DEFAULT: &str = "default";

/// A rule (API_Rule.html).
#[derive(Debug, Clone)]
pub(in crate::demo) struct Rule {
    pub(in crate::demo) name: String,
    pub(in crate::demo) region: String,
    /// The event pattern, as it was put.
    pub(in crate::demo) pattern: Option<String>,
    pub(in crate::demo) schedule: Option<String>,
    pub(in crate::demo) state: State,
    pub(in crate::demo) description: Option<String>,
    pub(in crate::demo) role: Option<String>,
    /// The service that made it, and alone may change it.
    pub(in crate::demo) managed_by: Option<String>,
    /// Each as it was put: a world does nothing with them.
    pub(in crate::demo) targets: Vec<Value>,
}

/// Which events come as far as a rule (EB/userguide/eb-service-event-cloudtrail-management.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(in crate::demo) enum State {
    #[default]
    Enabled,
    Disabled,
    EnabledWithAllCloudtrailManagementEvents,
}

impl Rule {
    pub(in crate::demo) fn arn(&self, account: &str) -> String {
        format!("arn:aws:events:{}:{account}:rule/{}", self.region, self.name)
    }
}

/// All rules.
#[derive(Debug, Default)]
pub(in crate::demo) struct Bus(Mutex<Vec<Rule>>);

impl Bus {
    pub(in crate::demo) fn new(rules: Vec<Rule>) -> Self {
        Self(Mutex::new(rules))
    }

    pub(in crate::demo) fn all(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
