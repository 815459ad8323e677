//! One session of Live Tail: how it opens, what it sends, how it ends.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_cloudwatchlogs as cloudwatchlogs;
use aws_smithy_types::event_stream::RawMessage;
use chrono::DateTime;
use cloudwatchlogs::config::interceptors::BeforeTransmitInterceptorContextRef;
use cloudwatchlogs::config::{ConfigBag, Intercept, RuntimeComponents};
use cloudwatchlogs::error::{BoxError, ProvideErrorMetadata, SdkError};
use cloudwatchlogs::operation::start_live_tail::StartLiveTailOutput;
use cloudwatchlogs::types::error::StartLiveTailResponseStreamError;
use cloudwatchlogs::types::{LiveTailSessionLogEvent, StartLiveTailResponseStream};
use futures::future::BoxFuture;
use futures::{Stream, StreamExt, stream};
use tokio::time::{Instant, timeout};

use super::about_group;
use crate::aws::{Aws, error};
use crate::domain::fault::{Cause, Fault};
use crate::domain::log::LogEvent;
use crate::domain::permission::Operation;
use crate::domain::tail::{Broken, LogGroup};

const OPERATION: Operation = Operation::StartLiveTail;

/// Too many sessions are open in the account.
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html>
pub(super) const LIMIT: &str = "LimitExceededException";

/// How long the first frame may take. The SDK's own limits end with the head of the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long an open session may be without a frame: an update is due every second, also an empty one. Nothing else
/// tells of a connection that is half dead. By real time, as the connection is real.
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html>
const QUIET: Duration = Duration::from_secs(15);

/// What a session sends: updates, and then why it ended. Dropped, it is closed.
pub(super) type Session = Pin<Box<dyn Stream<Item = Result<Update, Broken>> + Send>>;

/// What came in during about a second.
#[derive(Debug, Default)]
pub(super) struct Update {
    pub(super) events: Vec<LogEvent>,
    /// Whether more came in than is here.
    pub(super) is_sampled: bool,
}

/// Live Tail, as it stands.
pub(super) enum Live {
    /// Opened at that moment; at none where nothing but the group's coming can help.
    Closed(Option<Instant>),
    Opening(BoxFuture<'static, Result<Session, Fault>>),
    /// Open since that moment.
    Open(Session, Instant),
}

/// What Live Tail has come up with.
pub(super) enum Moved {
    Opened(Result<Session, Fault>),
    Told(Result<Update, Broken>),
}

impl Live {
    /// Waits for ever where nothing can come. Given up in between, it misses nothing.
    pub(super) async fn next(&mut self) -> Moved {
        match self {
            Self::Closed(_) => std::future::pending().await,
            Self::Opening(opening) => Moved::Opened(opening.await),
            Self::Open(session, _) => Moved::Told(session.next().await.unwrap_or(Err(Broken::Ended))),
        }
    }
}

/// Opens a session.
pub(super) async fn open(aws: Aws, group: LogGroup) -> Result<Session, Fault> {
    let clients = aws.clients(&group.context, OPERATION)?;
    let asked = Asked::default();
    let question = clients.live_tail.start_live_tail().log_group_identifiers(group.arn.raw());
    let answer = timeout(PATIENCE, question.customize().interceptor(asked.clone()).send()).await;
    let answer = answer.map_err(|_| Fault::new(OPERATION, Cause::TimedOut))?;
    let answer = answer.map_err(|e| {
        let mut fault = about_group(OPERATION, &group, &e);
        // The SDK takes it for a throttle, but here it says that too many sessions are open.
        if let Some(code) = e.code().filter(|code| *code == LIMIT) {
            let message = e.message().unwrap_or_default().into();
            fault.cause = Cause::Service { code: code.into(), message };
        }
        // The name that was called isn't that of the other operations, and may be the one thing that is wrong.
        if let Cause::NoAddress { endpoint, .. } | Cause::Refused { endpoint } = &mut fault.cause {
            *endpoint = asked.url().or(endpoint.take());
        }
        fault
    })?;
    Ok(Box::pin(stream::unfold(Some(answer), |answer| async {
        let mut answer = answer?;
        let update = next(&mut answer).await;
        let answer = update.is_ok().then_some(answer);
        Some((update, answer))
    })))
}

async fn next(answer: &mut StartLiveTailOutput) -> Result<Update, Broken> {
    match timeout(QUIET, answer.response_stream.recv()).await {
        Err(_) => Err(Broken::Quiet(QUIET)),
        Ok(Err(e)) => Err(broken(&e)),
        Ok(Ok(None)) => Err(Broken::Ended),
        Ok(Ok(Some(StartLiveTailResponseStream::SessionUpdate(update)))) => {
            let is_sampled = update.session_metadata.is_some_and(|metadata| metadata.sampled);
            let events = update.session_results.unwrap_or_default().into_iter().filter_map(from_event).collect();
            Ok(Update { events, is_sampled })
        }
        // The beginning, and what is newer than this program.
        Ok(Ok(Some(_))) => Ok(Update::default()),
    }
}

fn broken(e: &SdkError<StartLiveTailResponseStreamError, RawMessage>) -> Broken {
    use StartLiveTailResponseStreamError as Error;
    let detail = || error::chain(e).into();
    let cause = match e {
        SdkError::ServiceError(answer) => match answer.err() {
            Error::SessionTimeoutException(_) => return Broken::SessionOver,
            Error::SessionStreamingException(e) => Cause::Service {
                code: "SessionStreamingException".into(),
                message: e.message().unwrap_or_default().into(),
            },
            _ => Cause::Malformed { detail: detail() },
        },
        SdkError::DispatchFailure(_) => Cause::Cut,
        SdkError::TimeoutError(_) => Cause::TimedOut,
        _ => Cause::Malformed { detail: detail() },
    };
    Broken::Fault(Fault::new(OPERATION, cause))
}

/// An event of Live Tail, which has no id; `None` where it has no time, which AWS's always have.
fn from_event(event: LiveTailSessionLogEvent) -> Option<LogEvent> {
    Some(LogEvent {
        id: None,
        stream: event.log_stream_name.unwrap_or_default().into(),
        at: event.timestamp.and_then(DateTime::from_timestamp_millis)?,
        ingested: event.ingestion_time.and_then(DateTime::from_timestamp_millis),
        message: event.message.unwrap_or_default().into(),
    })
}

/// Notes where a request goes.
#[derive(Debug, Clone, Default)]
struct Asked(Arc<Mutex<Option<String>>>);

impl Asked {
    /// Scheme and host.
    fn url(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Intercept for Asked {
    fn name(&self) -> &'static str {
        "Asked"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let url = context.request().uri().trim_end_matches('/').to_owned();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(url);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use aws_config::BehaviorVersion;
    use aws_credential_types::Credentials;
    use aws_credential_types::provider::SharedCredentialsProvider;
    use aws_smithy_async::rt::sleep::TokioSleep;
    use aws_smithy_runtime_api::client::http::{
        HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
    };
    use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
    use aws_smithy_runtime_api::client::result::ConnectorError;
    use aws_types::SdkConfig;
    use aws_types::region::Region;

    use super::*;
    use crate::aws::Options;
    use crate::aws::config::LiveTail;
    use crate::domain::context::{Context, Origin};

    /// A network in which no name has an address.
    #[derive(Debug)]
    struct Nowhere;

    impl HttpConnector for Nowhere {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            let e = io::Error::other("failed to lookup address information: Name or service not known");
            HttpConnectorFuture::ready(Err(ConnectorError::io(e.into())))
        }
    }

    /// What is said of Live Tail where its name has no address.
    async fn said(endpoint: Option<&str>, live_tail: LiveTail) -> Fault {
        let aws = Aws::account(Options::default());
        let context = Context {
            origin: Origin::Account,
            profile: None,
            region: "eu-west-1".to_owned(),
            endpoint: endpoint.map(ToOwned::to_owned),
        };
        let keys = Credentials::new("AKIDTEST", "test", None, None, "test");
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(SharedCredentialsProvider::new(keys))
            .sleep_impl(TokioSleep::new())
            .http_client(http_client_fn(|_, _| SharedHttpConnector::new(Nowhere)));
        config.set_endpoint_url(endpoint.map(ToOwned::to_owned));
        let context = aws.admit(context, &config.build(), &live_tail);
        let arn = "arn:aws:lambda:eu-west-1:111122223333:function:f".into();
        let function = crate::domain::function::FunctionArn::parse(&arn).unwrap();
        open(aws, LogGroup::of_function(&context, &function, &"/aws/lambda/f".into())).await.err().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn the_name_that_is_called_is_the_one_that_is_told() {
        let plain = |endpoint: Option<&str>| LiveTail { endpoint: endpoint.map(Into::into), is_plain: true };
        for (endpoint, live_tail, url) in [
            (None, LiveTail::default(), "https://stream-logs.eu-west-1.amazonaws.com"),
            (None, plain(None), "https://logs.eu-west-1.amazonaws.com"),
            (None, plain(Some("https://vpce-1.example")), "https://vpce-1.example"),
            (Some("http://proxy:80"), LiveTail::default(), "http://stream-proxy"),
            (Some("http://127.0.0.1:4566"), plain(None), "http://127.0.0.1:4566"),
        ] {
            let fault = said(endpoint, live_tail).await;
            let sentence = fault.sentence();
            assert!(sentence.starts_with(&format!("The name in {url}")), "{sentence}");
            assert!(fault.next_step().contains("--live-tail-endpoint-url"), "{}", fault.next_step());
        }
    }
}
