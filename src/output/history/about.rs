//! What a list of events is of: whoever reads it later must be able to tell what it holds, and what it doesn't.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::complete;
use crate::domain::context::{Context, Identity};
use crate::domain::trail::Covered;
use crate::text::{AwsText, count, moment};

/// What a list of events is of. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// Where it is from.
    pub context: Arc<Context>,
    /// Whose account that is, where it is known.
    pub identity: Option<Identity>,
    /// When it was put together.
    pub at: DateTime<Utc>,
    /// The name of the secret; `None` for the account and Region.
    pub name: Option<AwsText>,
    /// Its full ARN.
    pub arn: Option<AwsText>,
    /// How far back it goes.
    pub since: DateTime<Utc>,
    /// The times of which every record was read.
    pub covered: Covered,
    /// Whether nothing is left to be read.
    pub done: bool,
    /// What alone is in it, in words; `None`: everything.
    pub filter: Option<String>,
    /// How many events of the same time are not in it.
    pub hidden: usize,
}

impl About {
    /// Its heading.
    pub fn heading(&self) -> String {
        let whose = self.name.as_ref().map_or_else(|| "all secrets".to_owned(), ToString::to_string);
        format!("CloudTrail events of {whose}")
    }

    /// What stands under the heading: where and when, what is complete, what was left out.
    pub(super) fn lines(&self) -> Vec<String> {
        let account =
            self.identity.as_ref().map_or_else(String::new, |identity| format!("Account {}, ", identity.account));
        let demo = if self.context.is_demo() { "DEMO. " } else { "" };
        let place = format!("{demo}{account}{}, as of {}", self.context.region, moment(self.at));
        let left_out = (self.hidden > 0).then(|| {
            let only = self.filter.as_ref().map_or_else(String::new, |filter| format!("Only {filter}: "));
            format!("{only}{} of the time not in this table", count(self.hidden, "event"))
        });
        [Some(place), Some(complete(&self.covered, self.since, self.done)), left_out].into_iter().flatten().collect()
    }
}
