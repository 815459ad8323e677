//! The ARN of a function, taken apart.

use std::fmt;

use crate::domain::secret::Secret;
use crate::text::AwsText;

/// The ARN of a function: `arn:aws:lambda:eu-west-1:123456789012:function:rotate`, maybe with a version or an alias.
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html>
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FunctionArn {
    /// All of it, as a secret has it.
    pub whole: AwsText,
    /// `aws`, `aws-cn` or the like.
    pub partition: AwsText,
    /// Its Region.
    pub region: AwsText,
    /// The account that it is in, which may be another one than the secret's.
    pub account: AwsText,
    /// Its name.
    pub name: AwsText,
    /// A version or an alias, where one is named.
    pub qualifier: Option<AwsText>,
}

/// A text that is no ARN of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadArn(pub AwsText);

impl Secret {
    /// The name of its rotation function, which is also the name of that one's sessions.
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>
    pub fn function_name(&self) -> Option<String> {
        let arn = FunctionArn::parse(self.rotation_function.as_ref()?).ok()?;
        Some(arn.name.raw().to_owned())
    }
}

impl FunctionArn {
    /// Takes an ARN apart.
    pub fn parse(text: &AwsText) -> Result<Self, BadArn> {
        let parts: Vec<&str> = text.raw().split(':').collect();
        let (parts, qualifier) = match parts.as_slice() {
            [first @ .., qualifier] if first.len() == 7 => (first, Some(*qualifier)),
            all => (all, None),
        };
        let ["arn", partition, "lambda", region, account, "function", name] = parts else {
            return Err(BadArn(text.clone()));
        };
        let is_empty = [*partition, *region, *account, *name].iter().any(|part| part.is_empty());
        if is_empty || qualifier.is_some_and(str::is_empty) {
            return Err(BadArn(text.clone()));
        }
        Ok(Self {
            whole: text.clone(),
            partition: (*partition).into(),
            region: (*region).into(),
            account: (*account).into(),
            name: (*name).into(),
            qualifier: qualifier.map(Into::into),
        })
    }

    /// The ARN of the function itself, without a version or an alias.
    pub fn unqualified(&self) -> String {
        let Self { partition, region, account, name, .. } = self;
        format!("arn:{}:lambda:{}:{}:function:{}", partition.raw(), region.raw(), account.raw(), name.raw())
    }
}

impl fmt::Display for BadArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no ARN of a Lambda function", self.0)
    }
}
