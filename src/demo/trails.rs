//! The trails of a world: where each is at home, and whether it logs. What the event history keeps is in
//! [`trail`](super::trail): that needs no trail.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

/// A trail (API_Trail.html).
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "they are the members of the model")]
pub(in crate::demo) struct Trail {
    pub(in crate::demo) name: String,
    /// The Region in which it was made.
    pub(in crate::demo) home: String,
    /// The account whose trail it is; of an organization's trail its management account.
    pub(in crate::demo) account: String,
    pub(in crate::demo) bucket: String,
    pub(in crate::demo) multi_region: bool,
    pub(in crate::demo) organization: bool,
    /// Whether it has event selectors of its own.
    pub(in crate::demo) selectors: bool,
    pub(in crate::demo) logging: bool,
    /// When logging was last turned on or off since the world began.
    pub(in crate::demo) turned: Option<DateTime<Utc>>,
}

impl Trail {
    pub(in crate::demo) fn arn(&self) -> String {
        format!("arn:aws:cloudtrail:{}:{}:trail/{}", self.home, self.account, self.name)
    }

    /// Whether DescribeTrails of this Region has it: at home, or as a shadow trail.
    pub(in crate::demo) fn shows_in(&self, region: &str) -> bool {
        self.home == region || self.multi_region
    }

    /// Whether a request of this Region means it: its name is known at home only, its ARN wherever it shows
    /// (API_GetTrailStatus.html).
    pub(in crate::demo) fn is_called(&self, id: &str, region: &str) -> bool {
        let at_home = self.home == region && !id.starts_with("arn:");
        (at_home && self.name == id) || (self.arn() == id && self.shows_in(region))
    }
}

/// All of them, in the order in which they were made.
#[derive(Debug, Default)]
pub(in crate::demo) struct Trails(Mutex<Vec<Trail>>);

impl Trails {
    pub(in crate::demo) fn new(trails: Vec<Trail>) -> Self {
        Self(Mutex::new(trails))
    }

    pub(in crate::demo) fn all(&self) -> MutexGuard<'_, Vec<Trail>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
