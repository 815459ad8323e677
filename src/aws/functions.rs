//! Lambda's word on a rotation function: its configuration, its policy and its reserved concurrency.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_lambda::error::ProvideErrorMetadata;
use aws_sdk_lambda::operation::get_function_configuration::GetFunctionConfigurationOutput;
use aws_sdk_lambda::types::{EnvironmentResponse, LogFormat, LoggingConfig, PackageType};
use chrono::{DateTime, Utc};

use super::{Aws, error};
use crate::domain::context::Context;
use crate::domain::fault::Fault;
use crate::domain::function::{
    Code, Environment, Function, FunctionArn, LastUpdate, Logging, Reason, ResourcePolicy, State,
};
use crate::domain::permission::Operation;
use crate::text::AwsText;

/// How Lambda's words begin where the function itself is missing, and not only its policy.
const NO_FUNCTION: &str = "Function not found";

impl Aws {
    /// The configuration of a function, of the version or alias that its ARN names.
    pub async fn function(&self, context: &Arc<Context>, arn: &FunctionArn) -> Result<Function, Fault> {
        let operation = Operation::GetFunctionConfiguration;
        let clients = self.clients(context, operation)?;
        let call = clients.lambda.get_function_configuration().function_name(arn.whole.raw());
        let answer = call.send().await.map_err(|e| error::about_function(operation, context, arn, &e))?;
        Ok(from_configuration(arn, answer))
    }

    /// The resource policy of a function, of the version or alias that its ARN names; `None` if it has none.
    pub async fn function_policy(
        &self,
        context: &Arc<Context>,
        arn: &FunctionArn,
    ) -> Result<Option<ResourcePolicy>, Fault> {
        let operation = Operation::GetPolicy;
        let clients = self.clients(context, operation)?;
        let qualifier = arn.qualifier.as_ref().map(|qualifier| qualifier.raw().to_owned());
        let call = clients.lambda.get_policy().function_name(arn.unqualified()).set_qualifier(qualifier);
        match call.send().await {
            Ok(answer) => Ok(answer.policy.map(|policy| ResourcePolicy(policy.into()))),
            Err(e) => {
                let is_missing = e.code() == Some("ResourceNotFoundException");
                // Lambda has one code for both; only its words tell a missing policy from a missing function.
                if is_missing && !e.message().unwrap_or_default().starts_with(NO_FUNCTION) {
                    return Ok(None);
                }
                Err(error::about_function(operation, context, arn, &e))
            }
        }
    }

    /// How much concurrency is reserved for a function; `None` if none is. Versions and aliases share it.
    pub async fn function_concurrency(&self, context: &Arc<Context>, arn: &FunctionArn) -> Result<Option<u32>, Fault> {
        let operation = Operation::GetFunctionConcurrency;
        let clients = self.clients(context, operation)?;
        let call = clients.lambda.get_function_concurrency().function_name(arn.unqualified());
        let answer = call.send().await.map_err(|e| error::about_function(operation, context, arn, &e))?;
        Ok(answer.reserved_concurrent_executions.and_then(|number| u32::try_from(number).ok()))
    }
}

fn from_configuration(arn: &FunctionArn, answer: GetFunctionConfigurationOutput) -> Function {
    let code = match (answer.runtime, answer.package_type) {
        (Some(runtime), _) => Code::Runtime(runtime.as_str().into()),
        (None, Some(PackageType::Image)) => Code::Image,
        (None, _) => Code::Unknown,
    };
    Function {
        arn: arn.clone(),
        state: answer.state.map(|state| State::from_aws(state.as_str())),
        state_reason: Reason {
            code: answer.state_reason_code.map(|code| code.as_str().into()),
            words: answer.state_reason.map(Into::into),
        },
        last_update: answer.last_update_status.map(|status| LastUpdate::from_aws(status.as_str())),
        last_update_reason: Reason {
            code: answer.last_update_status_reason_code.map(|code| code.as_str().into()),
            words: answer.last_update_status_reason.map(Into::into),
        },
        code,
        timeout: answer.timeout.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs),
        memory: answer.memory_size.and_then(|megabytes| u32::try_from(megabytes).ok()),
        modified: answer.last_modified.as_deref().and_then(time),
        in_vpc: answer.vpc_config.and_then(|vpc| vpc.vpc_id).is_some_and(|id| !id.is_empty()),
        environment: answer.environment.map(from_environment).unwrap_or_default(),
        log: from_logging(arn, answer.logging_config),
    }
}

/// Only what may be told of it: the values of other variables end here.
fn from_environment(environment: EnvironmentResponse) -> Environment {
    let words = |error: aws_sdk_lambda::types::EnvironmentError| -> AwsText {
        let parts: Vec<_> = error.error_code.into_iter().chain(error.message).collect();
        parts.join(": ").into()
    };
    Environment::of(environment.variables.unwrap_or_default(), environment.error.map(words))
}

fn from_logging(arn: &FunctionArn, logging: Option<LoggingConfig>) -> Logging {
    let usual = || Logging::usual_group(arn);
    let Some(logging) = logging else {
        return Logging { group: usual(), is_json: false, application_level: None, system_level: None };
    };
    Logging {
        group: logging.log_group.filter(|group| !group.is_empty()).map_or_else(usual, Into::into),
        is_json: logging.log_format == Some(LogFormat::Json),
        application_level: logging.application_log_level.map(|level| level.as_str().into()),
        system_level: logging.system_log_level.map(|level| level.as_str().into()),
    }
}

/// A date as Lambda writes it: `2026-11-20T09:14:03.000+0000`.
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html>
fn time(text: &str) -> Option<DateTime<Utc>> {
    let read = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").or_else(|_| DateTime::parse_from_rfc3339(text));
    read.ok().map(|time| time.with_timezone(&Utc))
}

#[cfg(test)]
mod tests;
