//! The one place that reads the SDK's errors and makes [`Fault`]s of them.

use std::error::Error;
use std::io::ErrorKind;

use aws_credential_types::provider::error::CredentialsError;
use aws_runtime::retries::classifiers::THROTTLING_ERRORS;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_types::request_id::RequestId;

use crate::domain::context::Context;
use crate::domain::fault::{Cause, Fault};
use crate::domain::function::FunctionArn;
use crate::domain::permission::Operation;
use crate::text::AwsText;

/// Codes with which services say that a session is over.
const EXPIRED: [&str; 2] = ["ExpiredTokenException", "ExpiredToken"];

/// Codes with which services say that they don't know the key, or that the signature or its time is wrong.
const BAD_CREDENTIALS: [&str; 9] = [
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "MissingAuthenticationTokenException",
    "RequestExpired",
    "RequestTimeTooSkewed",
];

/// Codes with which services say no. None of them is in the models, so the SDK has no type for them.
const DENIED: [&str; 3] = ["AccessDeniedException", "AccessDenied", "UnauthorizedOperation"];

/// What a failed operation means. Never judged by the HTTP status: servers differ in it.
pub(super) fn fault<E>(operation: Operation, context: &Context, e: &SdkError<E, Response>) -> Fault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let request_id = e.request_id().map(AwsText::from);
    Fault { operation, cause: cause(context, e), request_id }
}

/// As [`fault`], for a question about one secret, which may not be there.
pub(super) fn about_secret<E>(operation: Operation, context: &Context, secret: &str, e: &SdkError<E, Response>) -> Fault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let mut fault = fault(operation, context, e);
    if e.code() == Some("ResourceNotFoundException") {
        fault.cause = Cause::NotFound { what: secret.into() };
    }
    fault
}

/// As [`fault`], for a question about one function, which may not be there.
pub(super) fn about_function<E>(
    operation: Operation,
    context: &Context,
    arn: &FunctionArn,
    e: &SdkError<E, Response>,
) -> Fault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let mut fault = fault(operation, context, e);
    if e.code() == Some("ResourceNotFoundException") {
        fault.cause = Cause::NoFunction { arn: arn.whole.clone() };
    }
    fault
}

/// An answer that came as a success and can't be read.
pub(super) fn unreadable(operation: Operation, answer: Option<&Response>, e: &(dyn Error + 'static)) -> Fault {
    let request_id = answer.and_then(RequestId::request_id).map(AwsText::from);
    Fault { operation, cause: Cause::Malformed { detail: detail(e) }, request_id }
}

fn cause<E>(context: &Context, e: &SdkError<E, Response>) -> Cause
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match e {
        SdkError::ServiceError(answer) => match e.code() {
            Some(code) => service(context, code, e.message().unwrap_or_default()),
            None if answer.raw().status().is_success() => Cause::Malformed { detail: detail(e) },
            None => {
                Cause::Service { code: format!("HTTP {}", answer.raw().status().as_u16()).into(), message: detail(e) }
            }
        },
        SdkError::TimeoutError(_) => Cause::TimedOut,
        SdkError::ResponseError(_) if find::<std::io::Error>(e).is_some() || is_cut(e) => Cause::Cut,
        SdkError::ResponseError(_) => Cause::Malformed { detail: detail(e) },
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Cause::TimedOut,
        _ => connection(context, e),
    }
}

/// A modelled or unmodelled error of the service, by its code.
fn service(context: &Context, code: &str, message: &str) -> Cause {
    let profile = context.profile.clone();
    match code {
        _ if DENIED.contains(&code) => Cause::Denied { message: message.into() },
        _ if EXPIRED.contains(&code) => Cause::Expired { profile },
        _ if BAD_CREDENTIALS.contains(&code) => Cause::BadCredentials { code: code.into(), message: message.into() },
        _ if THROTTLING_ERRORS.contains(&code) => Cause::Throttled,
        _ => Cause::Service { code: code.into(), message: message.into() },
    }
}

/// A failure before any answer: credentials, or the way to the endpoint.
fn connection(context: &Context, e: &(dyn Error + 'static)) -> Cause {
    if let Some(credentials) = find::<CredentialsError>(e) {
        return sign_in(credentials, context.profile.as_deref());
    }
    let endpoint = context.endpoint.clone();
    if let Some(io) = find::<std::io::Error>(e) {
        return match io.kind() {
            ErrorKind::ConnectionRefused => Cause::Refused { endpoint },
            ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe => Cause::Cut,
            // The resolver's errors have no kind of their own.
            _ if io.to_string().contains("lookup address") => {
                Cause::NoAddress { endpoint, region: context.region.clone() }
            }
            _ => Cause::Unreachable { detail: detail(e) },
        };
    }
    if is_cut(e) { Cause::Cut } else { Cause::Unreachable { detail: detail(e) } }
}

/// Why the source of credentials gave none.
pub(super) fn sign_in(e: &CredentialsError, profile: Option<&str>) -> Cause {
    let words = chain(e);
    // The SDK keeps the reason in private types; its words are the only way to tell.
    // Checked against aws-config 1.13 by tests/faults.rs.
    let is_sso = ["SSO token", "sso/cache", "UnauthorizedException"].iter().any(|sign| words.contains(sign));
    match e {
        _ if is_sso => Cause::SsoExpired { profile: profile.map(ToOwned::to_owned) },
        CredentialsError::CredentialsNotLoaded(_) => Cause::NoCredentials,
        // The chain asks the metadata of an instance last, after everything a laptop has; that it has none is no news.
        CredentialsError::ProviderError(_) if profile.is_none() && words.contains("IMDS") => Cause::NoCredentials,
        _ => Cause::SignInFailed { detail: words.into() },
    }
}

/// Whether hyper says that the other side hung up before its message was whole.
fn is_cut(e: &(dyn Error + 'static)) -> bool {
    let words = chain(e);
    words.contains("before message completed")
        || words.contains("end of file before")
        || words.contains("unexpected EOF")
}

fn detail(e: &(dyn Error + 'static)) -> AwsText {
    chain(e).into()
}

/// The words of an error and of its sources, each once: the SDK's own repeat what lies below them.
pub(super) fn chain(e: &(dyn Error + 'static)) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut next = Some(e);
    while let Some(e) = next {
        let said = e.to_string();
        match words.last_mut() {
            Some(last) if last.contains(&said) => {}
            Some(last) if said.contains(last.as_str()) => *last = said,
            _ => words.push(said),
        }
        next = e.source();
    }
    words.join(": ")
}

/// The first error of this type among an error and its sources.
fn find<'a, T: Error + 'static>(e: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(e);
    while let Some(e) = next {
        if let Some(found) = e.downcast_ref::<T>() {
            return Some(found);
        }
        next = e.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_without_credentials_is_no_source_that_failed() {
        let e = CredentialsError::provider_error("failed to load IMDS session token");
        assert_eq!(sign_in(&e, None), Cause::NoCredentials);
        assert!(matches!(sign_in(&e, Some("ec2")), Cause::SignInFailed { .. }));
        let e = CredentialsError::provider_error("the process ended with 3");
        assert!(matches!(sign_in(&e, None), Cause::SignInFailed { .. }));
    }
}
