//! ListSecrets through the SDK with no answer read: what is left is its work for each call.

use aws_sdk_secretsmanager::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_secretsmanager::config::{ConfigBag, Intercept};
use aws_sdk_secretsmanager::error::BoxError;
use aws_sdk_secretsmanager::operation::list_secrets::ListSecretsOutput;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};

/// In place of the SDK's reader: it takes the next page's token out of an answer, and nothing else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unread;

impl Intercept for Unread {
    fn name(&self) -> &'static str {
        "Unread"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        bag: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        bag.interceptor_state().store_put(SharedResponseDeserializer::new(*self));
        Ok(())
    }
}

impl DeserializeResponse for Unread {
    fn deserialize_nonstreaming_with_config(
        &self,
        answer: &HttpResponse,
        _: &ConfigBag,
    ) -> std::result::Result<Output, OrchestratorError<Error>> {
        let body = answer.body().bytes().filter(|_| answer.status().is_success());
        let body = body.ok_or_else(|| OrchestratorError::other("it is no page"))?;
        Ok(Output::erase(ListSecretsOutput::builder().set_next_token(next_token(body)).build()))
    }
}

/// The token of the next page. It stands after the entries, so it is looked for from the end.
pub(crate) fn next_token(body: &[u8]) -> Option<String> {
    const KEY: &[u8] = br#""NextToken":""#;
    let at = body.windows(KEY.len()).rposition(|part| part == KEY)? + KEY.len();
    let rest = &body[at..];
    let end = rest.iter().position(|byte| *byte == b'"')?;
    String::from_utf8(rest[..end].to_vec()).ok()
}
