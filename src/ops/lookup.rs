//! From what a person types to the secret they mean: a name, an ARN, or an unambiguous part of a name.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;

use futures::TryStreamExt;

use crate::aws::Aws;
use crate::domain::context::Context;
use crate::domain::fault::{Cause, Fault};
use crate::domain::secret::Secret;
use crate::text::{AwsText, count};

/// Why no one secret is meant.
#[derive(Debug, Clone, PartialEq)]
pub enum NotOne {
    /// AWS gave no answer, or there is no such secret.
    Fault(Fault),
    /// There is no secret of that name, and the names could not be searched for the part.
    NotSearched {
        /// What was typed.
        part: AwsText,
        /// Why the names could not be read.
        fault: Fault,
    },
    /// Several names have the part in them.
    Ambiguous {
        /// What was typed.
        part: AwsText,
        /// The names, sorted.
        candidates: Vec<AwsText>,
    },
}

/// Finds the secret that is meant. A name or ARN goes before a part of a name.
///
/// Where IAM allows secrets by their ARNs only, AWS may deny what it doesn't find: a name that no secret has is no ARN.
/// So a denied name is looked for among the names too, and only where a secret has it was it the secret that was denied.
pub async fn lookup(aws: &Aws, context: &Arc<Context>, typed: &str) -> Result<Secret, NotOne> {
    let refused = match aws.describe(context, typed).await {
        Ok(secret) => return Ok(secret),
        Err(fault) if may_be_a_part(&fault) && !typed.starts_with("arn:") => fault,
        Err(fault) => return Err(NotOne::Fault(fault)),
    };
    let denied = matches!(refused.cause, Cause::Denied { .. });
    let mut candidates = match names_with(aws, context, typed).await {
        Ok(candidates) => candidates,
        Err(_) if denied => return Err(NotOne::Fault(refused)),
        Err(fault) => return Err(NotOne::NotSearched { part: typed.into(), fault }),
    };
    if denied && candidates.iter().any(|secret| secret.name.raw() == typed) {
        return Err(NotOne::Fault(refused));
    }
    match candidates.len() {
        0 if denied => Err(NotOne::Fault(Fault::new(refused.operation, Cause::NotFound { what: typed.into() }))),
        0 => Err(NotOne::Fault(refused)),
        1 => {
            let arn = candidates.remove(0).id.arn;
            aws.describe(context, arn.raw()).await.map_err(NotOne::Fault)
        }
        _ => {
            let mut candidates: Vec<_> = candidates.into_iter().map(|secret| secret.name).collect();
            candidates.sort();
            Err(NotOne::Ambiguous { part: typed.into(), candidates })
        }
    }
}

fn may_be_a_part(fault: &Fault) -> bool {
    matches!(fault.cause, Cause::NotFound { .. } | Cause::Denied { .. })
}

async fn names_with(aws: &Aws, context: &Arc<Context>, part: &str) -> Result<Vec<Secret>, Fault> {
    let part = part.to_lowercase();
    let mut pages = pin!(aws.list(context));
    let mut found = Vec::new();
    while let Some(page) = pages.try_next().await? {
        found.extend(page.secrets.into_iter().filter(|secret| secret.name.raw().to_lowercase().contains(&part)));
    }
    Ok(found)
}

impl NotOne {
    /// What to do next, as an imperative.
    pub fn next_step(&self) -> String {
        match self {
            Self::Fault(fault) => fault.next_step(),
            Self::NotSearched { fault, .. } => format!("give the whole name or ARN, or {}", fault.next_step()),
            Self::Ambiguous { .. } => "give more of the name, or the ARN".to_owned(),
        }
    }
}

impl fmt::Display for NotOne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => fault.fmt(f),
            Self::NotSearched { part, fault } => {
                write!(f, "There is no secret named `{part}`, and the names could not be searched for it. {fault}")
            }
            Self::Ambiguous { part, candidates } => {
                const SHOWN: usize = 20;
                write!(f, "`{part}` is part of {}:", count(candidates.len(), "name"))?;
                for name in candidates.iter().take(SHOWN) {
                    write!(f, "\n  {name}")?;
                }
                match candidates.len().saturating_sub(SHOWN) {
                    0 => Ok(()),
                    more => write!(f, "\n  … and {more} more"),
                }
            }
        }
    }
}
