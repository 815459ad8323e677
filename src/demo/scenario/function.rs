//! The functions of a scenario: those that it describes, and those that its secrets name.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use toml::Spanned;

use super::Flaw;
use super::moment::{Moment, Span};
use crate::demo::function::{Format, Function, Functions, Strategy};
use crate::demo::secret::Text;

/// A function was deployed so long before the start of the clock, where a scenario doesn't say when.
const AGE: TimeDelta = TimeDelta::days(200);

/// Longest time-out, and the memory there is to choose from (gettingstarted-limits.html).
const LONGEST: u64 = 900;
const MEMORY: std::ops::RangeInclusive<u32> = 128..=10_240;

/// Whom the policy of the word `other-account` admits.
const OTHER_ACCOUNT: &str = "999999999999";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FunctionKeys {
    name: Spanned<String>,
    /// Secrets name it, and Lambda doesn't know it any more.
    #[serde(default)]
    missing: bool,
    /// By default `python3.12`; "" is a container image.
    runtime: Option<String>,
    /// By default 30 s.
    timeout: Option<Spanned<Span>>,
    /// Megabytes; by default 128.
    memory: Option<Spanned<u32>>,
    /// By default `Active`.
    state: Option<String>,
    reason_code: Option<String>,
    reason: Option<String>,
    last_modified: Option<Moment>,
    /// Reserved; by default none is.
    concurrency: Option<u32>,
    /// `none`, `other-account`, or JSON; by default Secrets Manager may invoke it for this account.
    policy: Option<Spanned<String>>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    #[serde(default)]
    vpc: bool,
    /// How its code rotates: by default as AWS's template for one user does.
    #[serde(default)]
    strategy: StrategyKeys,
    #[serde(default)]
    log: LogKeys,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LogKeys {
    group: Option<String>,
    #[serde(default)]
    format: FormatKeys,
    level: Option<String>,
    system_level: Option<String>,
}

#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StrategyKeys {
    #[default]
    Single,
    Alternating,
    Custom,
}

/// `LogFormat` of the model.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
enum FormatKeys {
    #[default]
    Text,
    #[serde(rename = "JSON")]
    Json,
}

/// What functions need to know of their world.
pub(super) struct Around<'a> {
    pub(super) start: DateTime<Utc>,
    pub(super) region: &'a str,
    pub(super) account: &'a str,
}

impl Around<'_> {
    /// The functions that are described, and those of these names or ARNs.
    pub(super) fn functions<'a>(
        &self,
        described: Vec<FunctionKeys>,
        named: impl Iterator<Item = &'a str>,
    ) -> Result<Functions, Flaw> {
        let mut functions = BTreeMap::new();
        for keys in described {
            let place = keys.name.span();
            let function = self.function(keys)?;
            if functions.insert(function.name.clone(), function).is_some() {
                return Err(Flaw { span: place, message: "another function has this name".to_owned() });
            }
        }
        for name in named.filter_map(|id| self.name(id)) {
            functions.entry(name.to_owned()).or_insert_with(|| self.plain(name));
        }
        Ok(Functions(functions))
    }

    /// Functions of these names that nobody describes.
    pub(super) fn plain_ones(&self, names: impl IntoIterator<Item = &'static str>) -> Functions {
        Functions(names.into_iter().map(|name| (name.to_owned(), self.plain(name))).collect())
    }

    /// The name of a function of this account and Region.
    fn name<'a>(&self, id: &'a str) -> Option<&'a str> {
        if !id.starts_with("arn:") {
            return Some(id);
        }
        let prefix = format!("arn:aws:lambda:{}:{}:function:", self.region, self.account);
        id.strip_prefix(&prefix)?.split(':').next()
    }

    fn plain(&self, name: &str) -> Function {
        let policy = Some(self.policy(name, self.account));
        Function { policy, ..Function::plain(name, self.start - AGE) }
    }

    fn function(&self, keys: FunctionKeys) -> Result<Function, Flaw> {
        let mut function = self.plain(keys.name.get_ref());
        function.exists = !keys.missing;
        function.runtime = keys.runtime.map_or(function.runtime, Text::from);
        function.timeout = seconds(keys.timeout)?.unwrap_or(function.timeout);
        if let Some(memory) = &keys.memory {
            function.memory = Some(*memory.get_ref())
                .filter(|size| MEMORY.contains(size))
                .ok_or_else(|| Flaw::at(memory, "must be from 128 to 10240"))?;
        }
        function.state = keys.state.map_or(function.state, Text::from);
        function.state_reason =
            keys.reason_code.zip(keys.reason).map(|(code, reason)| (Text::from(code), Text::from(reason)));
        function.last_modified = keys.last_modified.map_or(function.last_modified, |at| at.utc(self.start));
        function.concurrency = keys.concurrency;
        if let Some(policy) = &keys.policy {
            function.policy = self.given(&function.name, policy)?;
        }
        function.environment =
            keys.environment.into_iter().map(|(name, value)| (Text::from(name), Text::from(value))).collect();
        function.vpc = keys.vpc;
        function.strategy = match keys.strategy {
            StrategyKeys::Single => Strategy::Single,
            StrategyKeys::Alternating => Strategy::Alternating,
            StrategyKeys::Custom => Strategy::Custom,
        };
        let log = &mut function.log;
        log.group = keys.log.group.unwrap_or_else(|| std::mem::take(&mut log.group));
        log.format = match keys.log.format {
            FormatKeys::Text => Format::Text,
            FormatKeys::Json => Format::Json,
        };
        log.application_level = keys.log.level.map_or_else(|| log.application_level.clone(), Text::from);
        log.system_level = keys.log.system_level.map_or_else(|| log.system_level.clone(), Text::from);
        Ok(function)
    }

    fn given(&self, name: &str, policy: &Spanned<String>) -> Result<Option<String>, Flaw> {
        match policy.get_ref().as_str() {
            "none" => Ok(None),
            "other-account" => Ok(Some(self.policy(name, OTHER_ACCOUNT))),
            text => match serde_json::from_str::<serde_json::Value>(text) {
                Ok(policy) if policy.is_object() => Ok(Some(policy.to_string())),
                _ => Err(Flaw::at(policy, "must be \"none\", \"other-account\" or a policy in JSON")),
            },
        }
    }

    /// As `add-permission` makes it (rotating-secrets-required-permissions-function.html).
    fn policy(&self, name: &str, source: &str) -> String {
        let (region, account) = (self.region, self.account);
        serde_json::json!({
            "Version": "2012-10-17",
            "Id": "default",
            "Statement": [{
                "Sid": "SecretsManagerAccess",
                "Effect": "Allow",
                "Principal": { "Service": "secretsmanager.amazonaws.com" },
                "Action": "lambda:InvokeFunction",
                "Resource": format!("arn:aws:lambda:{region}:{account}:function:{name}"),
                "Condition": { "StringEquals": { "AWS:SourceAccount": source } },
            }],
        })
        .to_string()
    }
}

fn seconds(timeout: Option<Spanned<Span>>) -> Result<Option<u32>, Flaw> {
    let Some(timeout) = timeout else { return Ok(None) };
    let span = timeout.get_ref().0;
    match u32::try_from(span.as_secs()) {
        Ok(seconds) if (1..=LONGEST).contains(&span.as_secs()) => Ok(Some(seconds)),
        _ => Err(Flaw::at(&timeout, "a time-out is from 1s to 15m")),
    }
}
