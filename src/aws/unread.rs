//! Pages of the list that are read later: the next page can be on its way while one is read.

use std::sync::{Arc, OnceLock};

use aws_sdk_secretsmanager::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_secretsmanager::config::{ConfigBag, Intercept};
use aws_sdk_secretsmanager::error::BoxError;
use aws_sdk_secretsmanager::operation::list_secrets::{ListSecrets, ListSecretsOutput};
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};
use serde::Deserialize;

use super::error;
use crate::domain::fault::Fault;
use crate::domain::permission::Operation;

/// The answer to one ListSecrets. Only what is no success is read by the SDK at once, which may have to ask again.
#[derive(Debug, Clone, Default)]
pub(super) struct Unread(Arc<OnceLock<HttpResponse>>);

/// An answer from its token on.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rest {
    next_token: String,
}

impl Unread {
    /// The token of the next page, where it can be told without reading the entries.
    pub(super) fn token(&self) -> Option<String> {
        self.0.get().and_then(|answer| token(answer.body().bytes()?))
    }

    /// The page, as the SDK reads it.
    pub(super) fn read(&self) -> Result<ListSecretsOutput, Fault> {
        let answer = self.0.get();
        let page = match answer {
            Some(answer) => read(answer, &ConfigBag::base()),
            None => Err(OrchestratorError::other("the answer was lost")),
        };
        let page = page.and_then(|page| page.downcast().map_err(|_| OrchestratorError::other("it is another answer")));
        page.map_err(|e| error::unreadable(Operation::ListSecrets, answer, &e))
    }
}

/// The token of an answer, looked for from the end: entries before it cost nothing then.
fn token(body: &[u8]) -> Option<String> {
    const KEY: &[u8] = br#""NextToken""#;
    let at = body.windows(KEY.len()).rposition(|part| part == KEY)?;
    // What begins with it is an object to the end of the answer, so it is the answer's own and not an entry's.
    let rest: Rest = serde_json::from_slice(&[b"{", &body[at..]].concat()).ok()?;
    Some(rest.next_token)
}

/// Reads with the SDK's own reader of ListSecrets.
fn read(answer: &HttpResponse, bag: &ConfigBag) -> Result<Output, OrchestratorError<Error>> {
    let operation = ListSecrets::new().config();
    let reader = operation.as_ref().and_then(|operation| operation.load::<SharedResponseDeserializer>());
    let reader = reader.ok_or_else(|| OrchestratorError::other("the SDK has no reader of ListSecrets"))?;
    reader.deserialize_nonstreaming_with_config(answer, bag)
}

impl Intercept for Unread {
    fn name(&self) -> &'static str {
        "Unread"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        bag.interceptor_state().store_put(SharedResponseDeserializer::new(self.clone()));
        Ok(())
    }
}

impl DeserializeResponse for Unread {
    fn deserialize_nonstreaming_with_config(
        &self,
        answer: &HttpResponse,
        bag: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        let body = answer.body().try_clone().filter(|_| answer.status().is_success());
        let Some(body) = body else { return read(answer, bag) };
        let mut kept = HttpResponse::new(answer.status(), body);
        *kept.headers_mut() = answer.headers().clone();
        // A call has one success only: it ends with it.
        let _ = self.0.set(kept);
        Ok(Output::erase(ListSecretsOutput::builder().build()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_answers_own_and_no_entrys() {
        for (body, found) in [
            (r#"{"SecretList":[],"NextToken":"a"}"#, Some("a")),
            (" { \"NextToken\" : \"a\\u0062\\\"\" } \n", Some("ab\"")),
            (r#"{"SecretList":[],"NextToken":""}"#, Some("")),
            (r#"{"SecretList":[]}"#, None),
            (r#"{"NextToken":"a","SecretList":[]}"#, Some("a")),
            (r#"{"SecretList":[],"NextToken":null}"#, None),
            (r#"{"SecretList":[{"NextToken":"a"}]}"#, None),
            (r#"{"SecretList":[{"Name":"\"NextToken\":\"a\"}"}]}"#, None),
            (r#"{"NextToken":"a","SecretList":[{"Name":"NextToken"}]}"#, None),
            (r#"{"SecretList":[],"NextToken":"a"}}"#, None),
            (r#"{"SecretList":[],"NextToken":"a"#, None),
            ("", None),
        ] {
            assert_eq!(token(body.as_bytes()).as_deref(), found, "{body}");
        }
    }
}
