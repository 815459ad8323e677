//! Every API operation that secdash calls, and what IAM must grant for it.

/// An API operation that secdash calls. What is not here is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub enum Operation {
    /// `secretsmanager:ListSecrets`
    ListSecrets,
    /// `secretsmanager:DescribeSecret`
    DescribeSecret,
    /// `secretsmanager:ListSecretVersionIds`
    ListSecretVersionIds,
    /// `cloudtrail:LookupEvents`
    LookupEvents,
    /// `secretsmanager:RotateSecret`
    RotateSecret,
    /// `secretsmanager:CancelRotateSecret`
    CancelRotateSecret,
    /// `secretsmanager:UpdateSecretVersionStage`
    UpdateSecretVersionStage,
    /// `secretsmanager:DeleteSecret`
    DeleteSecret,
    /// `secretsmanager:RestoreSecret`
    RestoreSecret,
    /// `logs:DescribeLogGroups`
    DescribeLogGroups,
    /// `logs:FilterLogEvents`
    FilterLogEvents,
    /// `logs:StartLiveTail`
    StartLiveTail,
    /// `lambda:GetFunctionConfiguration`
    GetFunctionConfiguration,
    /// `lambda:GetPolicy`
    GetPolicy,
    /// `lambda:GetFunctionConcurrency`
    GetFunctionConcurrency,
    /// `cloudtrail:DescribeTrails`
    DescribeTrails,
    /// `cloudtrail:GetTrailStatus`
    GetTrailStatus,
    /// `events:ListRules`
    ListRules,
    /// `events:TestEventPattern`
    TestEventPattern,
    /// `events:ListTargetsByRule`
    ListTargetsByRule,
    /// `sts:GetCallerIdentity`, which needs no permission.
    GetCallerIdentity,
    /// Not a call of secdash's own: whatever the credentials' source asks of AWS while signing in.
    SignIn,
}

/// What a statement of an IAM policy can limit an action to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Nothing: the action takes no resource, so the statement has `*`.
    Any,
    /// Secrets, by their ARNs.
    Secrets,
    /// Log groups of functions, by their ARNs.
    LogGroups,
    /// Functions, by their ARNs.
    Functions,
}

/// An IAM action that must be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The action, as `secretsmanager:ListSecrets`.
    pub action: &'static str,
    /// What it can be limited to.
    pub resource: Resource,
    /// Whether it lets secdash change something.
    pub changes: bool,
}

/// A grant to look at something.
const fn reads(action: &'static str, resource: Resource) -> Grant {
    Grant { action, resource, changes: false }
}

/// A grant to change something.
const fn changes(action: &'static str, resource: Resource) -> Grant {
    Grant { action, resource, changes: true }
}

impl Operation {
    /// All of them, in the order in which a policy names them.
    pub const ALL: [Self; 22] = [
        Self::ListSecrets,
        Self::DescribeSecret,
        Self::ListSecretVersionIds,
        Self::LookupEvents,
        Self::RotateSecret,
        Self::CancelRotateSecret,
        Self::UpdateSecretVersionStage,
        Self::DeleteSecret,
        Self::RestoreSecret,
        Self::DescribeLogGroups,
        Self::FilterLogEvents,
        Self::StartLiveTail,
        Self::GetFunctionConfiguration,
        Self::GetPolicy,
        Self::GetFunctionConcurrency,
        Self::DescribeTrails,
        Self::GetTrailStatus,
        Self::ListRules,
        Self::TestEventPattern,
        Self::ListTargetsByRule,
        Self::GetCallerIdentity,
        Self::SignIn,
    ];

    /// AWS's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ListSecrets => "ListSecrets",
            Self::DescribeSecret => "DescribeSecret",
            Self::ListSecretVersionIds => "ListSecretVersionIds",
            Self::LookupEvents => "LookupEvents",
            Self::RotateSecret => "RotateSecret",
            Self::CancelRotateSecret => "CancelRotateSecret",
            Self::UpdateSecretVersionStage => "UpdateSecretVersionStage",
            Self::DeleteSecret => "DeleteSecret",
            Self::RestoreSecret => "RestoreSecret",
            Self::DescribeLogGroups => "DescribeLogGroups",
            Self::FilterLogEvents => "FilterLogEvents",
            Self::StartLiveTail => "StartLiveTail",
            Self::GetFunctionConfiguration => "GetFunctionConfiguration",
            Self::GetPolicy => "GetPolicy",
            Self::GetFunctionConcurrency => "GetFunctionConcurrency",
            Self::DescribeTrails => "DescribeTrails",
            Self::GetTrailStatus => "GetTrailStatus",
            Self::ListRules => "ListRules",
            Self::TestEventPattern => "TestEventPattern",
            Self::ListTargetsByRule => "ListTargetsByRule",
            Self::GetCallerIdentity => "GetCallerIdentity",
            Self::SignIn => "sign-in",
        }
    }

    /// What IAM must grant for it; first the action that allows the operation itself.
    ///
    /// Sources: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html>,
    /// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html>,
    /// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html>,
    /// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html>; RotateSecret asks for
    /// the right to invoke the function too: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_now.html>
    ///
    /// What asks who notices something is not limited to resources: a trail may be at home in another Region or account.
    pub fn grants(self) -> &'static [Grant] {
        match self {
            Self::ListSecrets => const { &[reads("secretsmanager:ListSecrets", Resource::Any)] },
            Self::DescribeSecret => const { &[reads("secretsmanager:DescribeSecret", Resource::Secrets)] },
            Self::ListSecretVersionIds => const { &[reads("secretsmanager:ListSecretVersionIds", Resource::Secrets)] },
            Self::LookupEvents => const { &[reads("cloudtrail:LookupEvents", Resource::Any)] },
            Self::RotateSecret => {
                const {
                    &[
                        changes("secretsmanager:RotateSecret", Resource::Secrets),
                        changes("lambda:InvokeFunction", Resource::Functions),
                    ]
                }
            }
            Self::CancelRotateSecret => const { &[changes("secretsmanager:CancelRotateSecret", Resource::Secrets)] },
            Self::UpdateSecretVersionStage => {
                const { &[changes("secretsmanager:UpdateSecretVersionStage", Resource::Secrets)] }
            }
            Self::DeleteSecret => const { &[changes("secretsmanager:DeleteSecret", Resource::Secrets)] },
            Self::RestoreSecret => const { &[changes("secretsmanager:RestoreSecret", Resource::Secrets)] },
            Self::DescribeLogGroups => const { &[reads("logs:DescribeLogGroups", Resource::Any)] },
            Self::FilterLogEvents => const { &[reads("logs:FilterLogEvents", Resource::LogGroups)] },
            Self::StartLiveTail => const { &[reads("logs:StartLiveTail", Resource::LogGroups)] },
            Self::GetFunctionConfiguration => {
                const { &[reads("lambda:GetFunctionConfiguration", Resource::Functions)] }
            }
            Self::GetPolicy => const { &[reads("lambda:GetPolicy", Resource::Functions)] },
            Self::GetFunctionConcurrency => const { &[reads("lambda:GetFunctionConcurrency", Resource::Functions)] },
            Self::DescribeTrails => const { &[reads("cloudtrail:DescribeTrails", Resource::Any)] },
            Self::GetTrailStatus => const { &[reads("cloudtrail:GetTrailStatus", Resource::Any)] },
            Self::ListRules => const { &[reads("events:ListRules", Resource::Any)] },
            Self::TestEventPattern => const { &[reads("events:TestEventPattern", Resource::Any)] },
            Self::ListTargetsByRule => const { &[reads("events:ListTargetsByRule", Resource::Any)] },
            Self::GetCallerIdentity | Self::SignIn => &[],
        }
    }

    /// The IAM action that allows it, where one is needed.
    pub fn permission(self) -> Option<&'static str> {
        self.grants().first().map(|grant| grant.action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_operation_is_missing_among_all() {
        // serde's derive knows every variant, and names them all to whoever gives it another one.
        let told = serde_json::from_str::<Operation>("\"?\"").unwrap_err().to_string();
        let variants: Vec<_> = told.split('`').skip(1).step_by(2).filter(|word| *word != "?").collect();
        assert_eq!(Operation::ALL.map(|operation| format!("{operation:?}")).to_vec(), variants);
    }

    #[test]
    fn the_first_action_is_that_of_the_operation_itself() {
        for operation in Operation::ALL {
            let action = operation.permission().map(|action| action.split_once(':').unwrap());
            assert!(action.is_none_or(|(_, name)| name == operation.name()), "{operation:?}: {action:?}");
        }
    }
}
