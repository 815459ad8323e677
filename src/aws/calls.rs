//! Every attempt to call AWS is counted here, and every throttle, also those that a retry hides.

use std::sync::Arc;

use aws_runtime::retries::classifiers::THROTTLING_ERRORS;
use aws_sdk_secretsmanager::config::interceptors::FinalizerInterceptorContextRef;
use aws_sdk_secretsmanager::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_secretsmanager::error::BoxError;
use tokio::sync::watch;

use crate::domain::calls::Calls;

/// Counts as an interceptor of the SDK; all clients of the program share one.
#[derive(Debug, Clone)]
pub(super) struct Counter(Arc<watch::Sender<Calls>>);

impl Default for Counter {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Calls::default())))
    }
}

impl Counter {
    pub(super) fn watch(&self) -> watch::Receiver<Calls> {
        self.0.subscribe()
    }
}

impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "Calls"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let throttled = context.response().is_some_and(|response| {
            let status = response.status().as_u16();
            status == 429 || (status >= 400 && names_throttling(response.body().bytes().unwrap_or_default()))
        });
        self.0.send_modify(|calls| {
            calls.attempts += 1;
            calls.throttles += u64::from(throttled);
        });
        Ok(())
    }
}

/// Whether an error's body carries one of AWS's codes for throttling.
fn names_throttling(body: &[u8]) -> bool {
    let body = String::from_utf8_lossy(body);
    THROTTLING_ERRORS.iter().any(|code| body.contains(code))
}
