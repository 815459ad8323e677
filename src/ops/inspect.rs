//! Everything that metadata tells about one secret, asked side by side.

use crate::aws::Aws;
use crate::domain::inspection::Inspection;
use crate::domain::secret::SecretId;

/// Looks at a secret whose id is known.
pub async fn inspect(aws: &Aws, id: &SecretId) -> Inspection {
    let (answer, versions) = tokio::join!(aws.describe_raw(&id.context, id.arn.raw()), aws.versions(id));
    let (secret, raw) = match answer {
        Ok((secret, raw)) => (Ok(secret), raw.lines().map(Into::into).collect()),
        Err(fault) => (Err(fault), Vec::new()),
    };
    Inspection { secret, raw, versions }
}
