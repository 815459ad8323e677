//! A rotation function, as Lambda describes it. Never its code, and of its environment only names that are known.

mod arn;
mod policy;
mod runtime;

use std::time::Duration;

use chrono::{DateTime, Utc};

pub use self::arn::{BadArn, FunctionArn};
pub use self::policy::{Admission, ResourcePolicy};
pub use self::runtime::{DEPRECATIONS, Deprecation};
use super::fault::Fault;
use super::few::Few;
use crate::text::AwsText;

/// What was learned about a rotation function. Each part has its own answer or its own fault.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionFacts {
    /// Which function was asked about.
    pub arn: FunctionArn,
    /// GetFunctionConfiguration's answer.
    pub configuration: Result<Function, Fault>,
    /// GetPolicy's answer; `None` where the function has no policy.
    pub policy: Result<Option<ResourcePolicy>, Fault>,
    /// The reserved concurrency, by GetFunctionConcurrency; `None` where none is reserved.
    pub concurrency: Result<Option<u32>, Fault>,
}

/// A function's configuration. All times are UTC; `None` means that the answer had no such member.
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its ARN, as it was asked for.
    pub arn: FunctionArn,
    /// Whether it can be invoked.
    pub state: Option<State>,
    /// Why it is in that state.
    pub state_reason: Reason,
    /// How its last update ended.
    pub last_update: Option<LastUpdate>,
    /// Why it ended so.
    pub last_update_reason: Reason,
    /// What runs its code.
    pub code: Code,
    /// How long one invocation may take.
    pub timeout: Option<Duration>,
    /// Its memory, in megabytes.
    pub memory: Option<u32>,
    /// When its code or configuration last changed.
    pub modified: Option<DateTime<Utc>>,
    /// Whether it runs in a VPC.
    pub in_vpc: bool,
    /// What may be told of its environment.
    pub environment: Environment,
    /// Where and what it logs.
    pub log: Logging,
}

/// Whether a function can be invoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Its resources are being made.
    Pending,
    /// It can be invoked.
    Active,
    /// Nobody invoked it for weeks; the next invocation makes it active again.
    Inactive,
    /// It can't be invoked.
    Failed,
    /// It is on its way out of use.
    Deactivating,
    /// It is out of use.
    Deactivated,
    /// It is active and can't be invoked.
    ActiveNonInvocable,
    /// It is being deleted.
    Deleting,
    /// A state that secdash doesn't know.
    Other(AwsText),
}

impl State {
    /// The state for AWS's word.
    pub fn from_aws(word: &str) -> Self {
        match word {
            "Pending" => Self::Pending,
            "Active" => Self::Active,
            "Inactive" => Self::Inactive,
            "Failed" => Self::Failed,
            "Deactivating" => Self::Deactivating,
            "Deactivated" => Self::Deactivated,
            "ActiveNonInvocable" => Self::ActiveNonInvocable,
            "Deleting" => Self::Deleting,
            other => Self::Other(other.into()),
        }
    }

    /// AWS's word for it, safe to show.
    pub fn word(&self) -> String {
        match self {
            Self::Other(word) => word.to_string(),
            known => format!("{known:?}"),
        }
    }
}

/// How the last update of a function ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LastUpdate {
    /// Well.
    Successful,
    /// It failed.
    Failed,
    /// It hasn't ended.
    InProgress,
    /// In a way that secdash doesn't know.
    Other(AwsText),
}

impl LastUpdate {
    /// The status for AWS's word.
    pub fn from_aws(word: &str) -> Self {
        match word {
            "Successful" => Self::Successful,
            "Failed" => Self::Failed,
            "InProgress" => Self::InProgress,
            other => Self::Other(other.into()),
        }
    }
}

/// Why a function is as it is. The codes are an open set: `SubnetOutOfIPAddresses`, `InvalidRuntime` and more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reason {
    /// AWS's code.
    pub code: Option<AwsText>,
    /// AWS's words.
    pub words: Option<AwsText>,
}

impl Reason {
    /// The reason behind a sentence: ` (SubnetOutOfIPAddresses: …)`; nothing where AWS gave none.
    pub fn in_brackets(&self) -> String {
        match (&self.code, &self.words) {
            (Some(code), Some(words)) => format!(" ({code}: {words})"),
            (Some(only), None) | (None, Some(only)) => format!(" ({only})"),
            (None, None) => String::new(),
        }
    }
}

/// What runs a function's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// A runtime of Lambda's, as `python3.12`.
    Runtime(AwsText),
    /// A container image, which has no runtime.
    Image,
    /// AWS didn't tell.
    Unknown,
}

/// What may be told of a function's environment: any value may be a password.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Environment {
    /// The values of variables whose names are among [`SHOWN`].
    pub shown: Few<AwsText, AwsText>,
    /// The names of variables that are set to nothing.
    pub empty: Vec<AwsText>,
    /// How many more there are.
    pub hidden: usize,
    /// Why Lambda could not read them: it may not use the key that encrypts them.
    pub error: Option<AwsText>,
}

/// The variables that AWS's rotation templates read; none of them holds a password.
/// Source: <https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas>
pub const SHOWN: [&str; 8] = [
    "SECRETS_MANAGER_ENDPOINT",
    "EXCLUDE_CHARACTERS",
    "EXCLUDE_LOWERCASE",
    "EXCLUDE_NUMBERS",
    "EXCLUDE_PUNCTUATION",
    "EXCLUDE_UPPERCASE",
    "PASSWORD_LENGTH",
    "REQUIRE_EACH_INCLUDED_TYPE",
];

impl Environment {
    /// Keeps of all variables what may be told.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>, error: Option<AwsText>) -> Self {
        let (shown, others): (Vec<_>, Vec<_>) =
            variables.into_iter().partition(|(name, _)| SHOWN.contains(&name.as_str()));
        let mut empty: Vec<AwsText> =
            others.iter().filter(|(_, value)| value.is_empty()).map(|(name, _)| name.as_str().into()).collect();
        empty.sort();
        let hidden = others.len() - empty.len();
        let shown = shown.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { shown, empty, hidden, error }
    }
}

/// Where and what a function logs.
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logging {
    /// Its log group.
    pub group: AwsText,
    /// Whether its lines are JSON.
    pub is_json: bool,
    /// `TRACE`, `DEBUG`, `INFO`, `WARN`, `ERROR` or `FATAL`: the lowest level that its own lines need.
    pub application_level: Option<AwsText>,
    /// `DEBUG`, `INFO` or `WARN`: the lowest level that Lambda's lines need.
    pub system_level: Option<AwsText>,
}

impl Logging {
    /// The log group of a function for which nobody set one.
    /// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html>
    pub fn usual_group(arn: &FunctionArn) -> AwsText {
        format!("/aws/lambda/{}", arn.name.raw()).into()
    }
}

impl Function {
    /// Whether the lines that tell the steps of AWS's templates are left out of the log: they are INFO, and levels count
    /// in the JSON format only.
    pub fn hides_steps(&self) -> bool {
        let level = self.log.application_level.as_ref().map_or("", AwsText::raw);
        self.log.is_json && ["WARN", "ERROR", "FATAL"].contains(&level)
    }
}

#[cfg(test)]
impl Function {
    /// A healthy function, for tests to say what isn't.
    pub(super) fn plain(arn: &FunctionArn) -> Self {
        Self {
            arn: arn.clone(),
            state: Some(State::Active),
            state_reason: Reason::default(),
            last_update: Some(LastUpdate::Successful),
            last_update_reason: Reason::default(),
            code: Code::Runtime("python3.12".into()),
            timeout: Some(Duration::from_secs(30)),
            memory: Some(128),
            modified: None,
            in_vpc: false,
            environment: Environment::default(),
            log: Logging {
                group: Logging::usual_group(arn),
                is_json: false,
                application_level: None,
                system_level: None,
            },
        }
    }
}

#[cfg(test)]
mod tests;
