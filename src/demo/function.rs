//! The Lambda functions of a world: what Lambda tells about them, and how they write their log.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::demo::secret::Text;

/// A rotation function. One that a secret names and no scenario describes is as [`Function::plain`] has it.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Function {
    pub(in crate::demo) name: String,
    /// False: a secret names it, and Lambda doesn't know it any more.
    pub(in crate::demo) exists: bool,
    /// `python3.12` and the like.
    pub(in crate::demo) runtime: Text,
    /// Seconds.
    pub(in crate::demo) timeout: u32,
    /// Megabytes.
    pub(in crate::demo) memory: u32,
    /// `Active`, `Inactive`, `Pending`, `Failed` (API_GetFunctionConfiguration.html), with its reason.
    pub(in crate::demo) state: Text,
    pub(in crate::demo) state_reason: Option<(Text, Text)>,
    pub(in crate::demo) last_modified: DateTime<Utc>,
    /// Reserved concurrency; `None`: none is reserved.
    pub(in crate::demo) concurrency: Option<u32>,
    /// The resource policy, JSON; `None`: there is none.
    pub(in crate::demo) policy: Option<String>,
    /// Names and values of its environment; none is a secret's value.
    pub(in crate::demo) environment: Vec<(Text, Text)>,
    /// Whether it runs in a VPC.
    pub(in crate::demo) vpc: bool,
    pub(in crate::demo) strategy: Strategy,
    pub(in crate::demo) log: Logging,
}

/// How its code rotates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::demo) enum Strategy {
    /// AWS's template for one user, who sets his own password.
    #[default]
    Single,
    /// AWS's template for two users that take turns; a superuser sets their passwords.
    Alternating,
    /// Code of one's own, which does what the first template does and says it in other words.
    Custom,
}

/// `LoggingConfig` of the API.
#[derive(Debug, Clone)]
pub(in crate::demo) struct Logging {
    /// The log group, `/aws/lambda/<name>` if nobody set another.
    pub(in crate::demo) group: String,
    pub(in crate::demo) format: Format,
    /// `INFO`, `WARN` …; counts in the JSON format, and what the function's own logger is set to in the text format.
    pub(in crate::demo) application_level: Text,
    pub(in crate::demo) system_level: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Format {
    Text,
    Json,
}

/// All functions of a world, by name.
#[derive(Debug, Default)]
pub(in crate::demo) struct Functions(pub(in crate::demo) BTreeMap<String, Function>);

impl Functions {
    /// By name, or by ARN with or without a qualifier; of the world's own account.
    pub(in crate::demo) fn find(&self, id: &str) -> Option<&Function> {
        let name = if id.starts_with("arn:") { id.split(':').nth(6)? } else { id };
        self.0.get(name)
    }
}

impl Function {
    /// A function as the console makes it for a rotation, healthy.
    pub(in crate::demo) fn plain(name: &str, last_modified: DateTime<Utc>) -> Self {
        Self {
            name: name.to_owned(),
            exists: true,
            runtime: "python3.12".into(),
            timeout: 30,
            memory: 128,
            state: "Active".into(),
            state_reason: None,
            last_modified,
            concurrency: None,
            policy: None,
            environment: Vec::new(),
            vpc: false,
            strategy: Strategy::default(),
            log: Logging {
                group: format!("/aws/lambda/{name}"),
                format: Format::Text,
                application_level: "INFO".into(),
                system_level: "INFO".into(),
            },
        }
    }
}
