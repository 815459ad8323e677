//! Every API operation that secdash calls, and the IAM action that allows it.

/// An API operation that secdash calls. What is not here is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// `secretsmanager:ListSecrets`
    ListSecrets,
    /// `secretsmanager:DescribeSecret`
    DescribeSecret,
    /// `secretsmanager:ListSecretVersionIds`
    ListSecretVersionIds,
    /// `cloudtrail:LookupEvents`
    LookupEvents,
    /// `sts:GetCallerIdentity`, which needs no permission.
    GetCallerIdentity,
    /// Not a call of secdash's own: whatever the credentials' source asks of AWS while signing in.
    SignIn,
}

impl Operation {
    /// AWS's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ListSecrets => "ListSecrets",
            Self::DescribeSecret => "DescribeSecret",
            Self::ListSecretVersionIds => "ListSecretVersionIds",
            Self::LookupEvents => "LookupEvents",
            Self::GetCallerIdentity => "GetCallerIdentity",
            Self::SignIn => "sign-in",
        }
    }

    /// The IAM action that allows it, where one is needed.
    ///
    /// Sources: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html>,
    /// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html>
    pub fn permission(self) -> Option<&'static str> {
        match self {
            Self::ListSecrets => Some("secretsmanager:ListSecrets"),
            Self::DescribeSecret => Some("secretsmanager:DescribeSecret"),
            Self::ListSecretVersionIds => Some("secretsmanager:ListSecretVersionIds"),
            Self::LookupEvents => Some("cloudtrail:LookupEvents"),
            Self::GetCallerIdentity | Self::SignIn => None,
        }
    }
}
