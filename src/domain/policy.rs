//! The least IAM policy that secdash needs, made from the operations that it calls.

use serde::{Serialize, Serializer};

use super::permission::{Grant, Operation, Resource};

/// Which secrets a policy is about: a part of ARN where one is given, all where none is.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The partition, as `aws`.
    pub partition: &'a str,
    /// The Region, as `eu-west-1`.
    pub region: Option<&'a str>,
    /// The twelve digits of the account.
    pub account: Option<&'a str>,
    /// Log groups that functions write to by their own choice, beside Lambda's default ones.
    pub log_groups: &'a [String],
}

/// An identity-based policy, in the grammar of IAM.
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Policy {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: &'static str,
    effect: &'static str,
    action: Vec<&'static str>,
    #[serde(serialize_with = "one_or_many")]
    resource: Vec<String>,
}

impl Policy {
    /// What secdash needs to show what it can; with `write` also what it needs to change anything.
    pub fn least(scope: Scope<'_>, write: bool) -> Self {
        Self::granting(Operation::ALL.into_iter().flat_map(Operation::grants), scope, write)
    }

    /// One statement for each kind of resource.
    fn granting<'a>(grants: impl Iterator<Item = &'a Grant>, scope: Scope<'_>, write: bool) -> Self {
        let mut statements: Vec<Statement> = Vec::new();
        for grant in grants.filter(|grant| write || !grant.changes) {
            let (sid, resource) = (sid(grant.resource), scope.arns(grant.resource));
            match statements.iter_mut().find(|statement| statement.sid == sid) {
                Some(statement) if statement.action.contains(&grant.action) => {}
                Some(statement) => statement.action.push(grant.action),
                None => statements.push(Statement { sid, effect: "Allow", action: vec![grant.action], resource }),
            }
        }
        Self { version: "2012-10-17", statement: statements }
    }
}

impl Scope<'_> {
    fn arns(&self, resource: Resource) -> Vec<String> {
        let (region, account) = (self.region.unwrap_or("*"), self.account.unwrap_or("*"));
        let arn = |service: &str, rest: &str| format!("arn:{}:{service}:{region}:{account}:{rest}", self.partition);
        match resource {
            Resource::Any => vec!["*".to_owned()],
            Resource::Secrets => vec![arn("secretsmanager", "secret:*")],
            // The group itself, and what is in it: the pages of the service name the one, some actions ask for the other.
            Resource::LogGroups => {
                let names = ["/aws/lambda/*"].into_iter().chain(self.log_groups.iter().map(String::as_str));
                names.flat_map(|name| ["", ":*"].map(|end| arn("logs", &format!("log-group:{name}{end}")))).collect()
            }
            Resource::Functions => vec![arn("lambda", "function:*")],
        }
    }
}

/// A list of one is written as IAM's examples write it: as that one.
fn one_or_many<S: Serializer>(list: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    match list {
        [one] => one.serialize(serializer),
        many => many.serialize(serializer),
    }
}

/// The statement's id: letters and digits are all that IAM takes.
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html>
fn sid(resource: Resource) -> &'static str {
    match resource {
        Resource::Any => "List",
        Resource::Secrets => "Secrets",
        Resource::LogGroups => "Logs",
        Resource::Functions => "Functions",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Scope<'_> = Scope { partition: "aws", region: None, account: None, log_groups: &[] };

    fn json(policy: &Policy) -> serde_json::Value {
        serde_json::to_value(policy).unwrap()
    }

    #[test]
    fn each_operation_stands_under_the_resource_that_it_takes() {
        let statement = json(&Policy::least(ALL, false))["Statement"].clone();
        let expected = serde_json::json!([
            {
                "Sid": "List", "Effect": "Allow", "Resource": "*",
                "Action": [
                    "secretsmanager:ListSecrets", "cloudtrail:LookupEvents", "logs:DescribeLogGroups",
                    "cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "events:ListRules",
                    "events:TestEventPattern", "events:ListTargetsByRule",
                ],
            },
            {
                "Sid": "Secrets", "Effect": "Allow", "Resource": "arn:aws:secretsmanager:*:*:secret:*",
                "Action": ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"],
            },
            {
                "Sid": "Logs", "Effect": "Allow",
                "Resource": ["arn:aws:logs:*:*:log-group:/aws/lambda/*", "arn:aws:logs:*:*:log-group:/aws/lambda/*:*"],
                "Action": ["logs:FilterLogEvents", "logs:StartLiveTail"],
            },
            {
                "Sid": "Functions", "Effect": "Allow", "Resource": "arn:aws:lambda:*:*:function:*",
                "Action": [
                    "lambda:GetFunctionConfiguration", "lambda:GetPolicy", "lambda:GetFunctionConcurrency",
                ],
            },
        ]);
        assert_eq!(statement, expected);
    }

    #[test]
    fn the_arn_of_secrets_is_as_narrow_as_the_scope() {
        let log_groups = ["/team/rotation".to_owned()];
        let (region, account) = (Some("cn-north-1"), Some("111122223333"));
        let scope = Scope { partition: "aws-cn", region, account, log_groups: &log_groups };
        let statement = json(&Policy::least(scope, false))["Statement"].clone();
        assert_eq!(statement[0]["Resource"], "*");
        assert_eq!(statement[1]["Resource"], "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:*");
        assert_eq!(statement[2]["Resource"][3], "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/team/rotation:*");
        assert_eq!(statement[3]["Resource"], "arn:aws-cn:lambda:cn-north-1:111122223333:function:*");
    }

    #[test]
    fn no_action_reads_a_value_and_none_is_a_pattern() {
        for grant in Operation::ALL.into_iter().flat_map(Operation::grants) {
            let action = grant.action.to_lowercase();
            let reads_a_value = action.contains("value") || action.starts_with("kms:");
            assert!(!reads_a_value && !action.contains(['*', '?']), "{action}");
        }
    }

    #[test]
    fn what_changes_something_is_for_write_only_and_nothing_stands_twice() {
        let grant = |action, changes| Grant { action, resource: Resource::Secrets, changes };
        let grants = [grant("a:Look", false), grant("a:Change", true), grant("a:Look", false)];
        for (write, actions) in [(false, vec!["a:Look"]), (true, vec!["a:Look", "a:Change"])] {
            let policy = Policy::granting(grants.iter(), ALL, write);
            assert_eq!(policy.statement.len(), 1);
            assert_eq!(policy.statement[0].action, actions);
        }
    }

    #[test]
    fn a_statement_has_an_id_of_its_own_of_letters_and_digits() {
        let mut sids: Vec<_> = Policy::least(ALL, true).statement.iter().map(|statement| statement.sid).collect();
        let number = sids.len();
        sids.sort_unstable();
        sids.dedup();
        assert_eq!(sids.len(), number);
        assert!(sids.iter().all(|sid| sid.chars().all(|c| c.is_ascii_alphanumeric())), "{sids:?}");
    }
}
