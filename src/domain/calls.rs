//! Calls of AWS: what was asked, how long it took, and how often it had to be asked.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::text::AwsText;

/// One call of an API operation, with all of its attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// When it ended (UTC).
    pub at: DateTime<Utc>,
    /// The service, in the SDK's spelling.
    pub service: AwsText,
    /// The operation.
    pub operation: AwsText,
    /// From the first attempt to the end of the last.
    pub took: Duration,
    /// How often it was tried.
    pub attempts: u32,
    /// How many of the attempts AWS throttled.
    pub throttles: u32,
    /// AWS's id of the last attempt.
    pub request_id: Option<AwsText>,
    /// How it ended: nothing for a fine one, else AWS's error code or the SDK's word.
    pub error: Option<AwsText>,
}
