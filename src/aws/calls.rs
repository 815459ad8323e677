//! Every call of AWS is noted here with its attempts and throttles, also those that a retry hides.

use std::sync::Arc;

use aws_runtime::retries::classifiers::THROTTLING_ERRORS;
use aws_sdk_secretsmanager::config::interceptors::{
    BeforeSerializationInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_sdk_secretsmanager::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_secretsmanager::error::BoxError;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, Metadata};
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use aws_types::request_id::RequestId;
use tokio::sync::broadcast;
use tokio::time::Instant;

use crate::domain::calls::Call;

/// How many calls may wait for a reader that is slow; older ones are dropped for it, and it is told how many.
const WAITING: usize = 256;

/// Notes calls as an interceptor of the SDK; all clients of the program share one.
#[derive(Debug, Clone)]
pub(super) struct Notebook {
    sender: Arc<broadcast::Sender<Call>>,
    clock: SharedTimeSource,
}

/// What is known of a call while it runs.
#[derive(Debug, Clone)]
struct Running {
    since: Instant,
    attempts: u32,
    throttles: u32,
    error: Option<String>,
    request_id: Option<String>,
}

impl Storable for Running {
    type Storer = StoreReplace<Self>;
}

impl Notebook {
    pub(super) fn new(clock: SharedTimeSource) -> Self {
        Self { sender: Arc::new(broadcast::Sender::new(WAITING)), clock }
    }

    pub(super) fn read(&self) -> broadcast::Receiver<Call> {
        self.sender.subscribe()
    }
}

impl Intercept for Notebook {
    fn name(&self) -> &'static str {
        "Notebook"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (since, error, request_id) = (Instant::now(), None, None);
        bag.interceptor_state().store_put(Running { since, attempts: 0, throttles: 0, error, request_id });
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(mut running) = bag.load::<Running>().cloned() else { return Ok(()) };
        running.attempts += 1;
        running.error = context.response().map_or_else(|| Some("no answer".to_owned()), error_code);
        running.throttles += u32::from(running.error.as_deref().is_some_and(|code| THROTTLING_ERRORS.contains(&code)));
        running.request_id = context.response().and_then(RequestId::request_id).map(ToOwned::to_owned);
        bag.interceptor_state().store_put(running);
        Ok(())
    }

    fn read_after_execution(
        &self,
        _: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (Some(running), Some(metadata)) = (bag.load::<Running>(), bag.load::<Metadata>()) else { return Ok(()) };
        let call = Call {
            at: self.clock.now().into(),
            service: metadata.service().into(),
            operation: metadata.name().into(),
            took: running.since.elapsed(),
            attempts: running.attempts,
            throttles: running.throttles,
            request_id: running.request_id.as_deref().map(Into::into),
            error: running.error.as_deref().map(Into::into),
        };
        // Nobody may be reading: a command doesn't.
        let _ = self.sender.send(call);
        Ok(())
    }
}

/// The code of an error's header or body, or its HTTP status; nothing for an answer that is fine.
fn error_code(response: &HttpResponse) -> Option<String> {
    let status = response.status();
    if status.is_success() {
        return None;
    }
    // Lambda has it in a header, maybe with the address of its meaning behind it.
    if let Some(code) = response.headers().get("x-amzn-errortype") {
        return Some(code.split(':').next().unwrap_or(code).to_owned());
    }
    let body = response.body().bytes().unwrap_or_default();
    let json: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let code = json.as_ref().and_then(|json| json.get("__type")).and_then(serde_json::Value::as_str);
    // AWS may put a namespace before the code: `com.amazonaws.…#ThrottlingException`.
    let code = code.map(|code| code.rsplit('#').next().unwrap_or(code).to_owned());
    let text = String::from_utf8_lossy(body);
    let in_xml =
        || text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>")).map(|(code, _)| code.to_owned());
    Some(code.or_else(in_xml).unwrap_or_else(|| format!("HTTP {}", status.as_u16())))
}
