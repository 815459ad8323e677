//! Who called: a person or a workload, in the words in which colleagues speak of them.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>

use super::SOURCE;
use super::record::Record;
use crate::text::AwsText;

/// What the role names of IAM Identity Center begin with; the permission set's name and a random end follow.
const SSO: &str = "AWSReservedSSO_";

/// What kind of caller it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caller {
    /// A person who signed in through IAM Identity Center.
    Person,
    /// A Lambda function: its session is named after it.
    Function,
    /// A task of a container: its client says so.
    Container,
    /// An EC2 instance: its session is named by the instance's id.
    Instance,
    /// Somebody in another role.
    Role,
    /// An IAM user.
    User,
    /// The account's root user.
    Root,
    /// An AWS service.
    Service,
    /// Somebody in another account, of whom the record tells no more.
    Account,
    /// The record doesn't say it in a way that is known here.
    Unknown,
}

impl Caller {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Function => "function",
            Self::Container => "container",
            Self::Instance => "instance",
            Self::Role => "role",
            Self::User => "user",
            Self::Root => "root",
            Self::Service => "service",
            Self::Account => "account",
            Self::Unknown => "unknown",
        }
    }
}

/// Who called.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Who {
    /// What kind of caller.
    pub caller: Caller,
    /// The person, function, instance, session or user; as the record has it.
    pub name: AwsText,
    /// The role, where there is one; of a person the permission set.
    pub role: Option<AwsText>,
    /// The account of a caller from another one than the secret's.
    pub account: Option<AwsText>,
}

/// Callers who are the same reader: sessions of a role that come and go are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reader {
    /// The name that stays: the person, the function, the role, the user.
    pub name: AwsText,
    /// What kind of caller.
    pub caller: Caller,
    /// The account of a reader in another one than the secret's.
    pub account: Option<AwsText>,
}

impl Who {
    /// The caller of a record.
    pub(super) fn of(record: &Record) -> Self {
        let identity = |name: &str| record.text(&["userIdentity", name]);
        let home = record.text(&["recipientAccountId"]);
        let account = identity("accountId").filter(|account| home.is_some_and(|home| home != *account));
        // The principal id of a session is the role's own id and the session's name.
        let name = record.caller().or(identity("accountId")).unwrap_or("unknown");
        let name = name.split_once(':').map_or(name, |(id, session)| if is_role_id(id) { session } else { name });
        let (caller, role) = match identity("type") {
            Some("Root") => (Caller::Root, None),
            Some("IAMUser") => (Caller::User, None),
            Some("IdentityCenterUser") => (Caller::Person, None),
            Some("AWSService") => (Caller::Service, None),
            Some("AWSAccount") => (Caller::Account, None),
            Some("AssumedRole" | "FederatedUser" | "Role") => session(record),
            None if identity("invokedBy").is_some() => (Caller::Service, None),
            _ => (Caller::Unknown, None),
        };
        Self { caller, name: name.into(), role: role.map(Into::into), account: account.map(Into::into) }
    }

    /// Nobody that the record tells of; `name` is what LookupEvents lists beside it.
    pub(super) fn listed(name: Option<&str>) -> Self {
        Self { caller: Caller::Unknown, name: name.unwrap_or("unknown").into(), role: None, account: None }
    }

    /// Whether it is this function, whose sessions are named after it. Its client need not say so: functions on runtimes
    /// of one's own have no `exec-env` in their user agents.
    pub fn is_function(&self, name: &str) -> bool {
        matches!(self.caller, Caller::Function | Caller::Role) && self.name.raw() == name
    }

    /// The reader whose call it is.
    pub fn reader(&self) -> Reader {
        let name = match (self.caller, &self.role) {
            (Caller::Container | Caller::Instance | Caller::Role, Some(role)) => role.clone(),
            _ => self.name.clone(),
        };
        Reader { name, caller: self.caller, account: self.account.clone() }
    }

    /// Who it is in one line: `orders-api`, `sam (OnCall)`, `i-0a1b (web-role)`, `reader of 444455556666`.
    pub fn words(&self) -> String {
        let role = self.role.as_ref().filter(|role| **role != self.name);
        let name = match (self.caller, role) {
            (Caller::Service, _) => service(&self.name),
            (Caller::Function | Caller::User | Caller::Root, _) | (_, None) => self.name.to_string(),
            (Caller::Container, Some(role)) => role.to_string(),
            (_, Some(role)) => format!("{} ({role})", self.name),
        };
        match &self.account {
            Some(account) => format!("{name} of {account}"),
            None => name,
        }
    }
}

/// The unique id of a role.
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
fn is_role_id(id: &str) -> bool {
    id.starts_with("AROA") && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

impl Reader {
    /// The reader in one line.
    pub fn words(&self) -> String {
        let name = if self.caller == Caller::Service { service(&self.name) } else { self.name.to_string() };
        match &self.account {
            Some(account) => format!("{name} of {account}"),
            None => name,
        }
    }
}

/// A service by the name that people know; others by the first word of their host.
fn service(host: &AwsText) -> String {
    match host.raw() {
        SOURCE => "Secrets Manager".to_owned(),
        other => AwsText::from(other.strip_suffix(".amazonaws.com").unwrap_or(other)).to_string(),
    }
}

/// Whose session of a role it is, and the role.
fn session(record: &Record) -> (Caller, Option<&str>) {
    let arn = record.text(&["userIdentity", "arn"]).unwrap_or_default();
    let issuer = record.text(&["userIdentity", "sessionContext", "sessionIssuer", "userName"]);
    let role = arn.rsplit_once(":assumed-role/").and_then(|(_, rest)| rest.split('/').next()).or(issuer);
    let agent = record.text(&["userAgent"]).unwrap_or_default();
    let is_instance = |name: &str| {
        let id = name.strip_prefix("i-").filter(|id| !id.is_empty());
        id.is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if let Some(set) = role.and_then(|role| role.strip_prefix(SSO)) {
        return (Caller::Person, Some(set.rsplit_once('_').map_or(set, |(name, _)| name)));
    }
    let caller = match record.caller() {
        _ if agent.contains("exec-env/AWS_Lambda") => Caller::Function,
        _ if agent.contains("exec-env/AWS_ECS") => Caller::Container,
        Some(name) if is_instance(name) => Caller::Instance,
        _ => Caller::Role,
    };
    (caller, role)
}

#[cfg(test)]
mod tests;
