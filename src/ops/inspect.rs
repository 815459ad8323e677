//! Everything that metadata tells about one secret, asked side by side.

use crate::aws::Aws;
use crate::domain::inspection::Inspection;
use crate::domain::secret::SecretId;

/// Looks at a secret whose id is known.
pub async fn inspect(aws: &Aws, id: &SecretId) -> Inspection {
    let (secret, versions) = tokio::join!(aws.describe(&id.context, id.arn.raw()), aws.versions(id));
    Inspection { secret, versions }
}
