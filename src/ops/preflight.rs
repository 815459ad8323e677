//! What must be known before a rotation is started, tested, turned off or on, or a secret deleted or restored: asked side by side, each question once.

use chrono::{DateTime, Utc};

use super::inspect::inspect;
use super::readers::readers;
use crate::aws::Aws;
use crate::domain::fault::Fault;
use crate::domain::function::{FunctionArn, FunctionFacts};
use crate::domain::inspection::Inspection;
use crate::domain::pending::Signs;
use crate::domain::preflight::{Facts, Preflight, Purpose, Readers};
use crate::domain::secret::Secret;
use crate::domain::timeline::{self, Attempt};

/// What was learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The secret and its versions.
    pub inspection: Inspection,
    /// Its function; `None` where it has none, or none is needed.
    pub function: Option<FunctionFacts>,
    /// Who reads it; `None` where that doesn't matter.
    pub readers: Option<Readers>,
    /// When the last answer came (UTC).
    pub at: DateTime<Utc>,
}

/// Asks, and judges. Changes nothing. The attempts are those that are known already: the event history is asked only for
/// who reads the secret, where that matters, and not for long.
pub async fn preflight(aws: &Aws, secret: &Secret, purpose: Purpose, attempts: &[Attempt]) -> (Found, Preflight) {
    let (mut found, readers) =
        tokio::join!(Box::pin(find(aws, secret, purpose)), Box::pin(readers(aws, secret, purpose)));
    (found.at, found.readers) = (aws.now(), readers);
    let preflight = found.judge(secret, purpose, attempts);
    (found, preflight)
}

/// The same, but doesn't wait for who reads the secret: that is asked for beside it, and said to be.
pub async fn preflight_at_once(
    aws: &Aws,
    secret: &Secret,
    purpose: Purpose,
    attempts: &[Attempt],
) -> (Found, Preflight) {
    let found = Found { readers: Some(Readers::asked()), ..Box::pin(find(aws, secret, purpose)).await };
    let preflight = found.judge(secret, purpose, attempts);
    (found, preflight)
}

async fn find(aws: &Aws, secret: &Secret, purpose: Purpose) -> Found {
    // Boxed, for the SDK's futures are large and whoever calls this would have them all inside of its own.
    let (inspection, function) =
        tokio::join!(Box::pin(inspect(aws, &secret.id)), Box::pin(function_for(aws, secret, purpose)));
    // The list may not have heard of another function that was set in the last minutes.
    let described = inspection.secret.as_ref().unwrap_or(secret);
    let function = if described.rotation_function == secret.rotation_function {
        function
    } else {
        Box::pin(function_for(aws, described, purpose)).await
    };
    Found { inspection, function, readers: None, at: aws.now() }
}

/// What invokes no function needs none.
async fn function_for(aws: &Aws, secret: &Secret, purpose: Purpose) -> Option<FunctionFacts> {
    if purpose.rotates() { about_function(aws, secret).await } else { None }
}

/// What Lambda says about a secret's function.
pub(super) async fn about_function(aws: &Aws, secret: &Secret) -> Option<FunctionFacts> {
    let arn = FunctionArn::parse(secret.rotation_function.as_ref()?).ok()?;
    let context = &secret.id.context;
    let (configuration, policy, concurrency) = tokio::join!(
        aws.function(context, &arn),
        aws.function_policy(context, &arn),
        aws.function_concurrency(context, &arn)
    );
    Some(FunctionFacts { arn, configuration, policy, concurrency })
}

impl Found {
    /// Judges what was learned; `known` is the secret as it was known before, where AWS didn't describe it.
    pub fn judge(&self, known: &Secret, purpose: Purpose, attempts: &[Attempt]) -> Preflight {
        let secret = self.inspection.secret.as_ref().unwrap_or(known);
        let signs: Signs = timeline::signs(secret, self.inspection.signs(), attempts);
        let faults: Vec<&Fault> = self.inspection.faults().collect();
        let function = self.function.as_ref();
        let readers = self.readers.as_ref();
        let facts = Facts { secret, signs: &signs, function, attempts, readers, faults: &faults, now: self.at };
        Preflight::of(purpose, facts)
    }
}
