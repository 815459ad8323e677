//! Answers and refusals on the wire: status, headers, and the error texts that all services share.

use aws_smithy_types::body::SdkBody;
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::demo::sts;
use crate::demo::wire::call::{Call, Service};
use crate::demo::wire::policy::Denial;
use crate::demo::world::Inner;

/// An HTTP answer. Its body may be a stream, if a service makes one.
#[derive(Debug)]
pub(in crate::demo) struct Answer {
    pub(in crate::demo) status: u16,
    pub(in crate::demo) content_type: &'static str,
    pub(in crate::demo) request_id: String,
    /// The world's time as an HTTP date: SDKs correct their clock by it.
    pub(in crate::demo) date: String,
    /// `x-amzn-errortype`: the code of an error in a REST protocol.
    error_type: Option<String>,
    pub(in crate::demo) body: SdkBody,
}

impl Answer {
    pub(in crate::demo) fn json(world: &Inner, request_id: &str, body: &Value) -> Self {
        Self::ok(world, request_id, "application/x-amz-json-1.1", body.to_string())
    }

    pub(in crate::demo) fn xml(world: &Inner, request_id: &str, body: String) -> Self {
        Self::ok(world, request_id, "text/xml", body)
    }

    pub(in crate::demo) fn rest(world: &Inner, request_id: &str, body: &Value, error: Option<&str>) -> Self {
        let answer = Self::ok(world, request_id, "application/json", body.to_string());
        Self { error_type: error.map(str::to_owned), ..answer }
    }

    /// An event stream.
    pub(in crate::demo) fn events(world: &Inner, request_id: &str, body: SdkBody) -> Self {
        Self::ok(world, request_id, "application/vnd.amazon.eventstream", body)
    }

    fn ok(world: &Inner, request_id: &str, content_type: &'static str, body: impl Into<SdkBody>) -> Self {
        let date = world.clock.utc().format("%a, %d %b %Y %H:%M:%S GMT");
        let (body, request_id) = (body.into(), request_id.to_owned());
        Self { status: 200, content_type, request_id, date: date.to_string(), error_type: None, body }
    }

    /// The first half of the body; a stream stays as it is.
    pub(in crate::demo) fn half(&self) -> Option<Vec<u8>> {
        let body = self.body.bytes()?;
        body.get(..body.len() / 2).map(<[u8]>::to_vec)
    }

    /// The same answer with half of its body, as if that were all.
    pub(in crate::demo) fn truncated(mut self) -> Self {
        if let Some(half) = self.half() {
            self.body = half.into();
        }
        self
    }

    pub(in crate::demo) fn into_http(self) -> http::Result<http::Response<SdkBody>> {
        let mut response = http::Response::builder()
            .status(self.status)
            .header(http::header::CONTENT_TYPE, self.content_type)
            .header(http::header::DATE, self.date)
            .header("x-amzn-requestid", self.request_id);
        if let Some(code) = self.error_type {
            response = response.header("x-amzn-errortype", code);
        }
        response.body(self.body)
    }
}

/// An error answer, not yet in the shape of a protocol.
#[derive(Debug)]
pub(in crate::demo) struct Refusal {
    pub(in crate::demo) status: u16,
    pub(in crate::demo) code: String,
    pub(in crate::demo) message: Option<String>,
    /// Spelled `Message` in JSON: errors of the service's own model and AccessDeniedException do
    /// so, errors of AWS's common front write `message`.
    capital: bool,
}

impl Refusal {
    /// An error of the service's own model.
    pub(in crate::demo) fn of_model(code: &str, message: &str) -> Self {
        Self { capital: true, ..Self::common(code, message) }
    }

    /// An error of the front that all AWS services share (SMAPI/CommonErrors.html).
    pub(in crate::demo) fn common(code: &str, message: &str) -> Self {
        Self { status: 400, code: code.to_owned(), message: Some(message.to_owned()), capital: false }
    }

    /// The same with the code of a JSON service, or of a query service and its status, which REST services share.
    fn either(call: &Call, json: &str, query: &str, message: &str) -> Self {
        if call.query {
            let status = 403;
            return Self { status, ..Self::common(query, message) };
        }
        if call.service == Some(Service::Lambda) {
            let status = 403;
            return Self { status, ..Self::common(json, message) };
        }
        Self::common(json, message)
    }

    /// What the secret's state doesn't allow.
    pub(in crate::demo) fn invalid_request(message: &str) -> Self {
        Self::of_model("InvalidRequestException", message)
    }

    /// There is no secret of that name, ARN or partial ARN.
    pub(in crate::demo) fn no_such_secret() -> Self {
        Self::of_model("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    }

    /// The body is not what the protocol asks for. AWS's wording varies with what is wrong, so
    /// there is no message \[unverified\].
    pub(in crate::demo) fn serialization() -> Self {
        Self { message: None, ..Self::common("SerializationException", "") }
    }

    /// No such operation; a bare code, status 400 \[unverified\].
    pub(in crate::demo) fn unknown_operation(call: &Call) -> Self {
        if call.query {
            let message = format!("Could not find operation {} for version {}", call.operation, sts::API_VERSION);
            return Self::common("InvalidAction", &message);
        }
        let status = if call.service == Some(Service::Lambda) { 404 } else { 400 };
        Self { status, message: None, ..Self::common("UnknownOperationException", "") }
    }

    pub(in crate::demo) fn missing_token(call: &Call) -> Self {
        let (json, query) = ("MissingAuthenticationTokenException", "MissingAuthenticationToken");
        let message = "Request is missing Authentication Token";
        Self::either(call, json, query, message)
    }

    pub(in crate::demo) fn throttled(call: &Call) -> Self {
        let (status, code) = match call.service {
            Some(Service::Lambda) => (429, "TooManyRequestsException"),
            _ => (400, "ThrottlingException"),
        };
        let refusal = Self::either(call, code, "Throttling", "Rate exceeded");
        Self { status, ..refusal }
    }

    /// With the resource where the action has one: `ListSecrets` has none, so AWS names none
    /// (observed, <https://github.com/terraform-aws-modules/terraform-aws-iam/pull/305>; with a
    /// resource, <https://github.com/binbashar/le-tf-infra-aws/pull/874>). The two ways to end are
    /// those of IAM/latest/UserGuide/troubleshoot_access-denied.html.
    pub(in crate::demo) fn denied(world: &Inner, call: &Call, denial: Denial) -> Self {
        Self::denied_on(world, call, call.resource(), denial)
    }

    /// The same where a request is about several resources, and this one is the first that it may not have.
    pub(in crate::demo) fn denied_on(world: &Inner, call: &Call, resource: Option<&str>, denial: Denial) -> Self {
        let refusal = Self::not_authorized(world, &call.action(), resource, denial);
        let message = refusal.message.as_deref().unwrap_or_default();
        Self { capital: true, ..Self::either(call, "AccessDeniedException", "AccessDenied", message) }
    }

    /// Of a JSON service, and any action.
    pub(in crate::demo) fn not_authorized(world: &Inner, action: &str, resource: Option<&str>, denial: Denial) -> Self {
        let resource = resource.map_or_else(String::new, |resource| format!(" on resource: {resource}"));
        let because = match denial {
            Denial::Implicit => format!("because no identity-based policy allows the {action} action"),
            Denial::Explicit => "with an explicit deny in an identity-based policy".to_owned(),
            Denial::Foreign => format!("because no resource-based policy allows the {action} action"),
        };
        let message = format!("User: {} is not authorized to perform: {action}{resource} {because}", world.caller);
        Self::of_model("AccessDeniedException", &message)
    }

    /// The text is the model's description of InternalServiceError, which only Secrets Manager declares;
    /// the others have the code of AWS's common front.
    pub(in crate::demo) fn internal(call: &Call) -> Self {
        let text = "An error occurred on the server side.";
        let declared = matches!(call.service, Some(Service::SecretsManager) | None);
        let json = match call.service {
            Some(Service::Lambda) => "ServiceException",
            _ if declared => "InternalServiceError",
            _ => "InternalFailure",
        };
        let refusal = Self::either(call, json, "InternalFailure", text);
        Self { status: 500, capital: declared, ..refusal }
    }

    /// CloudWatch Logs declares an error of its own for it.
    pub(in crate::demo) fn unavailable(call: &Call) -> Self {
        let (code, text) = match call.service {
            Some(Service::Logs) => ("ServiceUnavailableException", "The service cannot complete the request."),
            _ => ("ServiceUnavailable", "The request has failed due to a temporary failure of the server."),
        };
        Self { status: 503, ..Self::common(code, text) }
    }

    pub(in crate::demo) fn expired(call: &Call) -> Self {
        let text = "The security token included in the request is expired";
        Self::either(call, "ExpiredTokenException", "ExpiredToken", text)
    }

    pub(in crate::demo) fn bad_credentials(call: &Call) -> Self {
        let (json, query) = ("UnrecognizedClientException", "InvalidClientTokenId");
        let text = "The security token included in the request is invalid.";
        Self::either(call, json, query, text)
    }

    /// A signature an hour old; AWS allows five minutes
    /// (text observed, <https://github.com/boto/botocore/issues/3587>).
    pub(in crate::demo) fn clock_skew(world: &Inner, call: &Call) -> Self {
        let now = world.clock.utc();
        let stamp = |at: chrono::DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ");
        let message = format!(
            "Signature expired: {} is now earlier than {} ({} - 5 min.)",
            stamp(now - TimeDelta::hours(1)),
            stamp(now - TimeDelta::minutes(5)),
            stamp(now)
        );
        let (json, query) = ("InvalidSignatureException", "SignatureDoesNotMatch");
        Self::either(call, json, query, &message)
    }

    /// Without the code, which is in a header, but with whose fault it is (API_InvokeFunction.html, "Errors").
    pub(in crate::demo) fn to_rest(&self) -> Value {
        let mut body = self.to_json();
        if let Some(fields) = body.as_object_mut() {
            fields.remove("__type");
            let blame = if self.status < 500 { "User" } else { "Service" };
            fields.insert("Type".to_owned(), Value::from(blame));
        }
        body
    }

    pub(in crate::demo) fn to_json(&self) -> Value {
        let mut body = json!({ "__type": self.code });
        if let (Some(message), Some(fields)) = (&self.message, body.as_object_mut()) {
            let key = if self.capital { "Message" } else { "message" };
            fields.insert(key.to_owned(), Value::from(message.as_str()));
        }
        body
    }
}
