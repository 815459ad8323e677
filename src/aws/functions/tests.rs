//! What Lambda is asked, and what is made of its answers: to the letter, below the SDK.

use std::sync::{Mutex, PoisonError};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_lambda::config::http::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_types::SdkConfig;
use aws_types::region::Region;

use super::*;
use crate::domain::calls::Call;
use crate::domain::fault::Cause;

/// A Lambda that has one answer, and remembers what it was asked.
#[derive(Debug, Clone)]
struct Lambda {
    status: u16,
    code: &'static str,
    body: &'static str,
    asked: Arc<Mutex<Vec<String>>>,
}

impl HttpConnector for Lambda {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.uri().to_owned());
        let mut answer = HttpResponse::new(self.status.try_into().unwrap(), SdkBody::from(self.body));
        answer.headers_mut().insert("x-amzn-requestid", "1-2-3");
        if !self.code.is_empty() {
            answer.headers_mut().insert("x-amzn-errortype", self.code);
        }
        HttpConnectorFuture::ready(Ok(answer))
    }
}

/// A door to a Lambda with this answer.
async fn door(status: u16, code: &'static str, body: &'static str) -> (Aws, Arc<Context>, Lambda) {
    let lambda = Lambda { status, code, body, asked: Arc::default() };
    let theirs = lambda.clone();
    let client = http_client_fn(move |_: &HttpConnectorSettings, _: &RuntimeComponents| {
        SharedHttpConnector::new(theirs.clone())
    });
    let config = SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("AKID", "test", None, None, "test")))
        .http_client(client)
        .build();
    let aws = Aws::demo(config);
    let context = aws.open().await.unwrap();
    (aws, context, lambda)
}

impl Lambda {
    /// The path and query of its last request.
    fn path(&self) -> String {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let uri = asked.last().cloned().unwrap_or_default();
        uri.strip_prefix("https://lambda.eu-west-1.amazonaws.com").unwrap_or(&uri).to_owned()
    }
}

fn arn(qualifier: &str) -> FunctionArn {
    let whole = format!("arn:aws:lambda:eu-west-1:123456789012:function:rotate-x{qualifier}");
    FunctionArn::parse(&whole.into()).unwrap()
}

const CONFIGURATION: &str = r#"{"FunctionName":"rotate-x","Runtime":"python3.12","Timeout":30,"MemorySize":128,
    "LastModified":"2026-11-20T09:14:03.000+0000","State":"Failed","StateReasonCode":"InvalidSubnet",
    "StateReason":"It is gone.","LastUpdateStatus":"Failed","LastUpdateStatusReasonCode":"KMSKeyNotFound",
    "PackageType":"Zip","VpcConfig":{"VpcId":"vpc-1","SubnetIds":["subnet-1"]},
    "Environment":{"Variables":{"EXCLUDE_CHARACTERS":"/@","DB_PASSWORD":"hunter2","EMPTY":""}},
    "LoggingConfig":{"LogFormat":"JSON","ApplicationLogLevel":"WARN","SystemLogLevel":"INFO","LogGroup":"/rotations"}}"#;

#[tokio::test(start_paused = true)]
async fn a_configuration_is_read() {
    let (aws, context, lambda) = door(200, "", CONFIGURATION).await;
    let function = aws.function(&context, &arn(":live")).await.unwrap();
    assert_eq!(
        lambda.path(),
        "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Arotate-x%3Alive/configuration"
    );
    let reason = |code: &str, words: Option<&str>| Reason { code: Some(code.into()), words: words.map(Into::into) };
    assert_eq!((function.state.clone(), function.last_update.clone()), (Some(State::Failed), Some(LastUpdate::Failed)));
    assert_eq!(function.state_reason, reason("InvalidSubnet", Some("It is gone.")));
    assert_eq!(function.last_update_reason, reason("KMSKeyNotFound", None));
    assert_eq!(function.code, Code::Runtime("python3.12".into()));
    assert_eq!((function.timeout, function.memory), (Some(Duration::from_secs(30)), Some(128)));
    assert_eq!(function.modified, Some("2026-11-20T09:14:03Z".parse().unwrap()));
    assert_eq!((function.in_vpc, function.environment.hidden), (true, 1));
    assert_eq!((function.log.group.raw(), function.hides_steps()), ("/rotations", true));
    assert!(!format!("{function:?}").contains("hunter2"));
}

#[tokio::test(start_paused = true)]
async fn what_a_configuration_leaves_out_is_not_made_up() {
    let body = r#"{"PackageType":"Image","VpcConfig":{"VpcId":"","SubnetIds":[]},"LastModified":"yesterday"}"#;
    let (aws, context, _) = door(200, "", body).await;
    let function = aws.function(&context, &arn(":7")).await.unwrap();
    assert_eq!((&function.state, &function.last_update, &function.code), (&None, &None, &Code::Image));
    assert_eq!((function.timeout, function.memory, function.modified), (None, None, None));
    assert!(!function.in_vpc && !function.log.is_json);
    assert_eq!((function.log.group.raw(), &function.environment), ("/aws/lambda/rotate-x", &Environment::default()));
}

#[tokio::test(start_paused = true)]
async fn a_policy_is_that_of_the_qualifier() {
    let (aws, context, lambda) = door(200, "", r#"{"Policy":"{\"Statement\":[]}","RevisionId":"1"}"#).await;
    let policy = aws.function_policy(&context, &arn(":live")).await;
    assert_eq!(policy, Ok(Some(ResourcePolicy(r#"{"Statement":[]}"#.into()))));
    let path = "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Arotate-x/policy";
    assert_eq!(lambda.path(), format!("{path}?Qualifier=live"));
    assert!(aws.function_policy(&context, &arn("")).await.is_ok());
    assert_eq!(lambda.path(), path);
}

#[tokio::test(start_paused = true)]
async fn a_missing_policy_is_no_missing_function() {
    let code = "ResourceNotFoundException:http://internal.amazon.com/coral/com.amazonaws.awsgirapi/";
    let (aws, context, _) =
        door(404, code, r#"{"Message":"The resource you requested does not exist.","Type":"User"}"#).await;
    assert_eq!(aws.function_policy(&context, &arn("")).await, Ok(None));
    let body =
        r#"{"Type":"User","Message":"Function not found: arn:aws:lambda:eu-west-1:123456789012:function:rotate-x"}"#;
    let (aws, context, _) = door(404, code, body).await;
    let mut calls = aws.calls();
    let gone = |operation| {
        let cause = Cause::NoFunction { arn: arn("").whole };
        Fault { operation, cause, request_id: Some("1-2-3".into()) }
    };
    assert_eq!(aws.function_policy(&context, &arn("")).await, Err(gone(Operation::GetPolicy)));
    assert_eq!(aws.function(&context, &arn("")).await, Err(gone(Operation::GetFunctionConfiguration)));
    assert_eq!(aws.function_concurrency(&context, &arn("")).await, Err(gone(Operation::GetFunctionConcurrency)));
    let Call { error, operation, .. } = calls.recv().await.unwrap();
    assert_eq!((operation.raw(), error), ("GetPolicy", Some("ResourceNotFoundException".into())));
}

#[tokio::test(start_paused = true)]
async fn concurrency_is_the_functions_own() {
    for (body, reserved) in [("{}", None), (r#"{"ReservedConcurrentExecutions":0}"#, Some(0))] {
        let (aws, context, lambda) = door(200, "", body).await;
        assert_eq!(aws.function_concurrency(&context, &arn(":live")).await, Ok(reserved));
        assert_eq!(
            lambda.path(),
            "/2019-09-30/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Arotate-x/concurrency"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_denial_names_its_action() {
    let body = r#"{"Message":"User: x is not authorized to perform: lambda:GetPolicy on resource: y"}"#;
    let (aws, context, _) = door(403, "AccessDeniedException", body).await;
    let faults = [
        aws.function(&context, &arn("")).await.err(),
        aws.function_policy(&context, &arn("")).await.err(),
        aws.function_concurrency(&context, &arn("")).await.err(),
    ];
    let actions = faults.map(|fault| fault.and_then(|fault| fault.permission()));
    let expected = ["lambda:GetFunctionConfiguration", "lambda:GetPolicy", "lambda:GetFunctionConcurrency"];
    assert_eq!(actions, expected.map(Some));
}

#[tokio::test(start_paused = true)]
async fn a_throttled_question_is_asked_again() {
    let body = r#"{"Reason":"CallerRateLimitExceeded","Type":"User","message":"Rate exceeded"}"#;
    let (aws, context, lambda) = door(429, "TooManyRequestsException", body).await;
    let mut calls = aws.calls();
    let fault = aws.function_policy(&context, &arn("")).await.unwrap_err();
    assert_eq!(fault.cause, Cause::Throttled);
    let Call { attempts, throttles, .. } = calls.recv().await.unwrap();
    let asked = lambda.asked.lock().unwrap_or_else(PoisonError::into_inner).len();
    assert_eq!((attempts, throttles, asked), (4, 4, 4));
}

#[test]
fn dates_of_lambda_are_read() {
    for (text, read) in [
        ("2026-11-20T09:14:03.000+0000", Some("2026-11-20T09:14:03Z")),
        ("2026-11-20T09:14:03.123+0000", Some("2026-11-20T09:14:03.123Z")),
        ("2026-11-20T10:14:03+0100", Some("2026-11-20T09:14:03Z")),
        ("2026-11-20T09:14:03.123Z", Some("2026-11-20T09:14:03.123Z")),
        ("yesterday", None),
    ] {
        assert_eq!(time(text), read.and_then(|read| read.parse().ok()), "{text}");
    }
}
