//! Keeps an answer of AWS to the letter, beside what the SDK makes of it.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_secretsmanager::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_secretsmanager::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_secretsmanager::error::BoxError;

/// The body of the last answer of one call.
#[derive(Debug, Clone, Default)]
pub(super) struct Copy(Arc<Mutex<Vec<u8>>>);

impl Copy {
    /// The body as indented JSON; as it is where it is none.
    pub(super) fn indented(&self) -> String {
        let body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let json =
            serde_json::from_slice::<serde_json::Value>(&body).and_then(|json| serde_json::to_string_pretty(&json));
        json.unwrap_or_else(|_| String::from_utf8_lossy(&body).into_owned())
    }
}

impl Intercept for Copy {
    fn name(&self) -> &'static str {
        "Copy"
    }

    // Before this the body may still be on its way: the SDK reads it in order to deserialise it.
    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = body.to_vec();
        Ok(())
    }
}
