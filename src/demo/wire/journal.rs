//! What happened on the wire: one entry for each request that arrived, whatever became of it.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use serde_json::Value;

/// One request as it arrived, and what was answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When it arrived, by the world's clock, in UTC.
    pub at: DateTime<Utc>,
    /// The endpoint prefix of the service: `secretsmanager`, `sts`; empty if not recognized.
    pub service: String,
    /// The operation as the request spelled it, known or not.
    pub operation: String,
    /// The Region of the signature's credential scope; the world's if there is none.
    pub region: String,
    /// The access key id that signed the request.
    pub access_key: Option<String>,
    /// The body as JSON; a query body as an object of strings; null if it was neither.
    pub request: Value,
    /// ARN of the secret the request named, if the world knows it.
    pub secret: Option<String>,
    /// HTTP status of the answer; `None` if the client never got one (a hang, a cut connection).
    pub status: Option<u16>,
    /// AWS's error code; `None` when all was well.
    pub error: Option<String>,
    /// The request id the answer carries in `x-amzn-requestid`.
    pub request_id: String,
}

/// The entries in order of arrival.
#[derive(Debug, Default)]
pub(in crate::demo) struct Journal(Mutex<Vec<Entry>>);

impl Journal {
    pub(in crate::demo) fn record(&self, entry: Entry) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    pub(in crate::demo) fn entries(&self) -> Vec<Entry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
