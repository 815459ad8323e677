//! Which log group a function writes to, and why there may be none to read.

use std::fmt;

use super::LogGroup;
use crate::domain::fault::Fault;
use crate::text::AwsText;

/// A log group, and how sure it is that it is the one.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The group. It need not be there yet: it comes with the function's first invocation.
    pub group: LogGroup,
    /// Why its name is only Lambda's default: the function's configuration couldn't be read.
    pub guessed: Option<Fault>,
    /// Why nobody knows whether it is there, and of which class.
    pub unlisted: Option<Fault>,
}

impl Found {
    /// With what AWS says of the group: that isn't there yet, or nobody could be asked.
    #[must_use]
    pub fn seen(self, answer: Result<Option<LogGroup>, Fault>) -> Self {
        match answer {
            Ok(Some(group)) => Self { group, ..self },
            Ok(None) => self,
            Err(fault) => Self { unlisted: Some(fault), ..self },
        }
    }
}

/// Why there is no log to read.
#[derive(Debug, Clone, PartialEq)]
pub enum NoLog {
    /// No function rotates the secret.
    NoFunction,
    /// What names the function is no ARN of one.
    NotAnArn(AwsText),
    /// The function is of another account, and so is its log.
    OtherAccount {
        /// The account.
        account: AwsText,
        /// The function's name.
        function: AwsText,
    },
}

impl fmt::Display for NoLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFunction => f.write_str("No function rotates this secret, so there is no log."),
            Self::NotAnArn(text) => write!(f, "`{text}` is not the ARN of a function, so its log can't be found."),
            Self::OtherAccount { account, function } => write!(
                f,
                "The rotation function {function} is of account {account}: its log is there, and can't be read from here."
            ),
        }
    }
}
