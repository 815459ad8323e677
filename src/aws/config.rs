//! Settings of the SDK: what the user may choose, time-outs, retries, and the clients made from them.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_cloudtrail as cloudtrail;
use aws_sdk_cloudwatchlogs as cloudwatchlogs;
use aws_sdk_cloudwatchlogs::config::interceptors::BeforeSerializationInterceptorContextMut;
use aws_sdk_cloudwatchlogs::config::{ConfigBag, Intercept, RuntimeComponents, StalledStreamProtectionConfig};
use aws_sdk_cloudwatchlogs::error::BoxError;
use aws_sdk_eventbridge as eventbridge;
use aws_sdk_lambda as lambda;
use aws_sdk_secretsmanager::{self as secretsmanager, config::retry::RetryPartition};
use aws_sdk_sts as sts;
use aws_smithy_runtime_api::client::endpoint::EndpointPrefix;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;

use super::Clients;
use super::calls::Notebook;
use super::pace::Rations;
use crate::domain::context::Context;

/// What the user may set by flag; everything else comes from `AWS_*` and `~/.aws`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// `--profile`
    pub profile: Option<String>,
    /// `--region`
    pub region: Option<String>,
    /// `--endpoint-url`
    pub endpoint_url: Option<String>,
    /// `--live-tail-endpoint-url`
    pub live_tail_endpoint_url: Option<String>,
}

/// How Live Tail is reached.
#[derive(Debug, Clone, Default)]
pub(super) struct LiveTail {
    /// In place of the endpoint of CloudWatch Logs.
    pub(super) endpoint: Option<String>,
    /// Whether the endpoint's name stays as it is; else the SDK puts `stream-` in front of it.
    pub(super) is_plain: bool,
}

/// Takes away the `stream-` that AWS's model of StartLiveTail puts in front of any endpoint's name.
///
/// The SDK for Rust doesn't read the setting that AWS has for this.
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-host-prefix.html>
#[derive(Debug)]
struct NoHostPrefix;

impl Intercept for NoHostPrefix {
    fn name(&self) -> &'static str {
        "NoHostPrefix"
    }

    fn modify_before_serialization(
        &self,
        _: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        bag.interceptor_state().unset::<EndpointPrefix>();
        Ok(())
    }
}

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_millis(3_100);

/// How long one attempt may take. The SDK's default has no limit at all.
const ATTEMPT: Duration = Duration::from_secs(10);

/// How long an operation may take with its retries.
const OPERATION: Duration = Duration::from_secs(20);

/// How often an operation is tried, whatever `AWS_MAX_ATTEMPTS` says.
pub(super) const ATTEMPTS: u32 = 4;

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .read_timeout(ATTEMPT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build()
}

/// The clients of a context. Each context has a retry budget of its own, so that a throttled account starves no other.
pub(super) fn clients(
    context: Arc<Context>,
    config: &SdkConfig,
    live_tail: &LiveTail,
    calls: &Notebook,
    rations: Rations,
) -> Clients {
    let budget = format!("{context:?}");
    let partition = || RetryPartition::custom(budget.clone()).build();
    let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS);
    let secretsmanager = secretsmanager::config::Builder::from(config)
        .retry_config(retries.clone())
        .retry_partition(partition())
        .timeout_config(timeouts())
        .interceptor(calls.clone())
        .build();
    // One attempt: LookupEvents is rationed, so what is asked again waits for its turn again, in `trail`.
    let cloudtrail = cloudtrail::config::Builder::from(config)
        .retry_config(RetryConfig::standard().with_max_attempts(1))
        .retry_partition(partition())
        .timeout_config(timeouts())
        .interceptor(calls.clone())
        .build();
    let cloudwatchlogs = cloudwatchlogs::config::Builder::from(config)
        .retry_config(retries.clone())
        .retry_partition(partition())
        .timeout_config(timeouts())
        .interceptor(calls.clone())
        .build();
    // Two attempts: whoever waits for lines is better off with asking for them again and again meanwhile.
    let mut tail = cloudwatchlogs::config::Builder::from(config)
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .retry_partition(partition())
        .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).build())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .interceptor(calls.clone());
    if live_tail.is_plain {
        tail = tail.interceptor(NoHostPrefix);
    }
    if let Some(url) = &live_tail.endpoint {
        tail = tail.endpoint_url(url);
    }
    let eventbridge = eventbridge::config::Builder::from(config)
        .retry_config(retries.clone())
        .retry_partition(partition())
        .timeout_config(timeouts())
        .interceptor(calls.clone())
        .build();
    let lambda = lambda::config::Builder::from(config)
        .retry_config(retries.clone())
        .retry_partition(partition())
        .timeout_config(timeouts())
        .interceptor(calls.clone())
        .build();
    let sts = sts::config::Builder::from(config)
        .retry_config(retries)
        .retry_partition(partition())
        .timeout_config(timeouts())
        .interceptor(calls.clone())
        .build();
    Clients {
        context,
        secretsmanager: secretsmanager::Client::from_conf(secretsmanager),
        cloudtrail: cloudtrail::Client::from_conf(cloudtrail),
        cloudwatchlogs: cloudwatchlogs::Client::from_conf(cloudwatchlogs),
        live_tail: cloudwatchlogs::Client::from_conf(tail.build()),
        eventbridge: eventbridge::Client::from_conf(eventbridge),
        lambda: lambda::Client::from_conf(lambda),
        sts: sts::Client::from_conf(sts),
        rations,
    }
}
