//! Where a fact comes from: profile, Region and endpoint. The account is learned later and compared.

use crate::text::AwsText;

/// Whether there is an account behind a [`Context`], or an AWS that lives in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// An AWS account, or any endpoint that speaks like one.
    Account,
    /// The demo world.
    Demo,
}

/// The door through which a fact came, and through which every question about it goes.
///
/// Every id carries one, so that an answer never shows under another profile, Region or endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Context {
    /// An account or the demo.
    pub origin: Origin,
    /// The profile of `~/.aws` that was selected; `None` where credentials come from elsewhere and no profile exists.
    pub profile: Option<String>,
    /// The Region, as `eu-west-1`.
    pub region: String,
    /// The endpoint URL that the user set in place of AWS's own.
    pub endpoint: Option<String>,
}

impl Context {
    /// Whether the AWS behind it lives in memory.
    pub fn is_demo(&self) -> bool {
        self.origin == Origin::Demo
    }
}

/// Whether a text can be the name of a Region: it becomes a part of names and of ARNs.
pub fn can_be_region(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// Who secdash is to AWS: the answer of `sts:GetCallerIdentity`.
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The twelve digits of the account.
    pub account: AwsText,
    /// The ARN of the user, role session or root that calls.
    pub arn: AwsText,
}
