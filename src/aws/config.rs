//! Settings of the SDK: what the user may choose, time-outs, retries, and the clients made from them.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_cloudtrail as cloudtrail;
use aws_sdk_secretsmanager::{self as secretsmanager, config::retry::RetryPartition};
use aws_sdk_sts as sts;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;

use super::Clients;
use super::calls::Notebook;
use super::pace::Pace;
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
}

/// How long one attempt may take. The SDK's default has no limit at all.
const ATTEMPT: Duration = Duration::from_secs(10);

/// How long an operation may take with its retries.
const OPERATION: Duration = Duration::from_secs(20);

/// How often an operation is tried, whatever `AWS_MAX_ATTEMPTS` says.
const ATTEMPTS: u32 = 4;

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(3_100))
        .read_timeout(ATTEMPT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build()
}

/// The clients of a context. Each context has a retry budget of its own, so that a throttled account starves no other.
pub(super) fn clients(context: Arc<Context>, config: &SdkConfig, calls: &Notebook, lookups: Arc<Pace>) -> Clients {
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
        sts: sts::Client::from_conf(sts),
        lookups,
    }
}
