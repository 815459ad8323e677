//! A request as the services see it: which service and operation, in which Region, about which
//! secret, with what input.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Map, Value};

use crate::demo::wire::OPERATIONS;
use crate::demo::wire::answer::{Answer, Refusal};
use crate::demo::world::Inner;
use crate::demo::{cloudtrail, cloudwatchlogs, eventbridge, lambda, secretsmanager, sts};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Service {
    SecretsManager,
    CloudTrail,
    Events,
    Lambda,
    Logs,
    Sts,
}

/// How a fault bends the pages of a listing; see [`crate::demo::wire::fault::Kind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Twist {
    /// No entries, and a token that goes on where this page would have begun.
    EmptyPage,
    /// The token that came in goes out again.
    RepeatToken,
    /// The last page has a token, and it is "".
    EmptyToken,
}

/// How a fault ends a Live Tail session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum End {
    /// The stream ends without a word.
    Clean,
    /// The connection breaks.
    Reset,
    /// The connection stays, and nothing comes any more.
    Silent,
    /// SessionTimeoutException, which ends a session after three hours otherwise.
    Timeout,
    /// SessionStreamingException.
    Streaming,
}

/// The end of a session, and when: world time since the start of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) struct Ending {
    pub(in crate::demo) end: End,
    pub(in crate::demo) at: Duration,
}

/// The secret a request is about, where the world knows it.
#[derive(Debug)]
pub(in crate::demo) struct Subject {
    pub(in crate::demo) name: String,
    pub(in crate::demo) arn: String,
}

#[derive(Debug)]
pub(in crate::demo) struct Call {
    pub(in crate::demo) service: Option<Service>,
    pub(in crate::demo) operation: String,
    pub(in crate::demo) region: String,
    /// `None`: the request is not signed.
    pub(in crate::demo) access_key: Option<String>,
    /// `None`: the body could not be read.
    pub(in crate::demo) input: Option<Value>,
    pub(in crate::demo) secret: Option<Subject>,
    /// ARNs of what else a request is about, as IAM names it.
    pub(in crate::demo) resources: Vec<String>,
    pub(in crate::demo) twist: Option<Twist>,
    pub(in crate::demo) ending: Option<Ending>,
    /// Sent as a query body, so refusals go back as XML.
    pub(in crate::demo) query: bool,
}

impl Service {
    /// The service's `endpointPrefix` of the API model.
    pub(in crate::demo) fn prefix(self) -> &'static str {
        match self {
            Self::SecretsManager => "secretsmanager",
            Self::CloudTrail => "cloudtrail",
            Self::Events => "events",
            Self::Lambda => "lambda",
            Self::Logs => "logs",
            Self::Sts => "sts",
        }
    }
}

impl Call {
    pub(in crate::demo) fn read(world: &Inner, request: &http::Request<Bytes>) -> Self {
        let (access_key, scope) = signature(request).unzip();
        let region = scope.unwrap_or_else(|| world.region.clone());
        let (service, operation, input, query) = target(request);
        let id = input.as_ref().and_then(|input| input.get("SecretId")?.as_str());
        let secret = id.filter(|_| region == world.region).and_then(|id| {
            let shelf = world.vault.read();
            let secret = shelf.find(id)?;
            Some(Subject { name: secret.name.clone(), arn: world.vault.arn(secret) })
        });
        let resources = match (service, &input) {
            (Some(Service::Lambda), Some(input)) => lambda::resource(world, &region, input).into_iter().collect(),
            (Some(Service::CloudTrail), Some(input)) => {
                cloudtrail::resource(world, &operation, &region, input).into_iter().collect()
            }
            (Some(Service::Events), Some(input)) => {
                eventbridge::resource(world, &operation, &region, input).into_iter().collect()
            }
            (Some(Service::Logs), Some(input)) => cloudwatchlogs::resources(world, &operation, &region, input),
            _ => Vec::new(),
        };
        Self { service, operation, region, access_key, input, secret, resources, twist: None, ending: None, query }
    }

    /// The action as IAM names it.
    pub(in crate::demo) fn action(&self) -> String {
        format!("{}:{}", self.service.map_or("", Service::prefix), self.operation)
    }

    /// The resource as IAM names it: the secret's ARN. A secret that does not exist is named as the
    /// request names it: permissions are judged first. Whether IAM is asked about that name or about
    /// an ARN made of it is \[unverified\]; the name is what is harder on a client.
    pub(in crate::demo) fn resource(&self) -> Option<&str> {
        let asked = || self.input.as_ref()?.get("SecretId")?.as_str();
        let secret = self.secret.as_ref().map(|secret| secret.arn.as_str()).or_else(asked);
        secret.or(self.resources.first().map(String::as_str))
    }

    /// Whether IAM is asked at all: not about what is no request, nor about GetCallerIdentity
    /// (STS/latest/APIReference/API_GetCallerIdentity.html).
    pub(in crate::demo) fn needs_permission(&self) -> bool {
        let known = self.service.is_some() && OPERATIONS.contains(&self.operation.as_str());
        known && self.input.is_some() && self.service != Some(Service::Sts)
    }

    pub(in crate::demo) fn answer(&self, world: &Arc<Inner>, request_id: &str) -> Result<Answer, Refusal> {
        let input = self.input.as_ref().ok_or_else(Refusal::serialization)?;
        match self.service {
            Some(Service::SecretsManager) => {
                secretsmanager::answer(world, self, input).map(|body| Answer::json(world, request_id, &body))
            }
            Some(Service::CloudTrail) => {
                cloudtrail::answer(world, self, input).map(|body| Answer::json(world, request_id, &body))
            }
            Some(Service::Events) => {
                eventbridge::answer(world, self, input).map(|body| Answer::json(world, request_id, &body))
            }
            Some(Service::Lambda) => {
                lambda::answer(world, self, input).map(|body| Answer::rest(world, request_id, &body, None))
            }
            Some(Service::Logs) => cloudwatchlogs::answer(world, self, input, request_id),
            Some(Service::Sts) => sts::answer(world, self, request_id).map(|body| Answer::xml(world, request_id, body)),
            None => Err(Refusal::unknown_operation(self)),
        }
    }

    /// The refusal in the protocol of the request.
    pub(in crate::demo) fn refuse(&self, world: &Inner, refusal: &Refusal, request_id: &str) -> Answer {
        let mut answer = if self.query {
            Answer::xml(world, request_id, sts::refuse(refusal, request_id))
        } else if self.service == Some(Service::Lambda) {
            Answer::rest(world, request_id, &refusal.to_rest(), Some(&refusal.code))
        } else {
            Answer::json(world, request_id, &refusal.to_json())
        };
        answer.status = refusal.status;
        answer
    }
}

/// Access key id and Region of the credential scope:
/// `AWS4-HMAC-SHA256 Credential=<key>/<date>/<Region>/<service>/aws4_request, …`.
fn signature(request: &http::Request<Bytes>) -> Option<(String, String)> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (_, scope) = header.split_once("Credential=")?;
    let mut parts = scope.split([',', ' ']).next()?.split('/');
    let (key, _date, region) = (parts.next()?, parts.next()?, parts.next()?);
    Some((key.to_owned(), region.to_owned()))
}

/// Service, operation, input, and whether it is a query body. JSON services name the operation in
/// `x-amz-target`, query services in the form field `Action`, REST services by method and path.
fn target(request: &http::Request<Bytes>) -> (Option<Service>, String, Option<Value>, bool) {
    let header = |name| request.headers().get(name)?.to_str().ok();
    if let Some(target) = header(http::HeaderName::from_static("x-amz-target")) {
        let (prefix, operation) = target.rsplit_once('.').unwrap_or(("", target));
        let service = match prefix {
            "secretsmanager" => Some(Service::SecretsManager),
            cloudwatchlogs::TARGET => Some(Service::Logs),
            eventbridge::TARGET => Some(Service::Events),
            _ if cloudtrail::TARGETS.contains(&prefix) => Some(Service::CloudTrail),
            _ => None,
        };
        let input = serde_json::from_slice(request.body()).ok();
        let input = input.filter(Value::is_object);
        return (service, operation.to_owned(), input, false);
    }
    let form = header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form"));
    if !form {
        return match lambda::route(request) {
            Some((operation, input)) => (Some(Service::Lambda), operation, Some(input), false),
            None => (None, String::new(), None, false),
        };
    }
    let fields = form_fields(request.body());
    let field = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
    let service = (field("Version") == sts::API_VERSION).then_some(Service::Sts);
    let operation = field("Action").to_owned();
    (service, operation, Some(Value::Object(fields)), true)
}

/// The fields of `a=b&c=d` as they were sent: no field of the operations here has anything to
/// percent-decode.
fn form_fields(body: &[u8]) -> Map<String, Value> {
    String::from_utf8_lossy(body)
        .split('&')
        .filter_map(|field| field.split_once('='))
        .map(|(key, value)| (key.to_owned(), Value::from(value)))
        .collect()
}
