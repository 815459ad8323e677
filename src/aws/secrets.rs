//! Secrets Manager's metadata: one secret, its versions, and what the SDK's types say in ours. Nothing here can read a value.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_sdk_secretsmanager::types::{
    ExternalSecretRotationMetadataItem, ReplicationStatusType, RotationRulesType, SecretListEntry,
    SecretVersionsListEntry, Tag,
};
use aws_smithy_types::DateTime as SdkTime;
use chrono::{DateTime, Utc};

use super::copy::Copy;
use super::intern::Words;
use super::reading::Reading;
use super::{Aws, error};
use crate::domain::context::Context;
use crate::domain::fault::Fault;
use crate::domain::few::Few;
use crate::domain::permission::Operation;
use crate::domain::secret::{ExternalRotation, Replica, RotationRules, Secret, SecretId};
use crate::domain::version::{LabelMap, StagingLabel, Version, VersionId};
use crate::text::AwsText;

/// AWS's largest page of ListSecrets and ListSecretVersionIds.
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html>
pub(super) const PAGE: i32 = 100;

impl Aws {
    /// One secret, by name, ARN or partial ARN.
    pub async fn describe(&self, context: &Arc<Context>, secret: &str) -> Result<Secret, Fault> {
        self.describe_raw(context, secret).await.map(|(secret, _)| secret)
    }

    /// One secret, and AWS's answer to the letter, as indented JSON.
    pub async fn describe_raw(&self, context: &Arc<Context>, secret: &str) -> Result<(Secret, String), Fault> {
        let clients = self.clients(context, Operation::DescribeSecret)?;
        let copy = Copy::default();
        let call = clients.secretsmanager.describe_secret().secret_id(secret).customize().interceptor(copy.clone());
        match call.send().await {
            Ok(answer) => Ok((from_description(context, answer), copy.indented())),
            Err(e) => Err(error::about_secret(Operation::DescribeSecret, context, secret, &e)),
        }
    }

    /// The versions of a secret that have a value, deprecated ones too.
    pub async fn versions(&self, id: &SecretId) -> Result<Vec<Version>, Fault> {
        let operation = Operation::ListSecretVersionIds;
        let clients = self.clients(&id.context, operation)?;
        let mut reading = Reading::default();
        let mut versions: BTreeMap<VersionId, Version> = BTreeMap::new();
        while !reading.is_done() {
            let answer = clients
                .secretsmanager
                .list_secret_version_ids()
                .secret_id(id.arn.raw())
                .include_deprecated(true)
                .max_results(PAGE)
                .set_next_token(reading.next(operation)?)
                .send()
                .await
                .map_err(|e| error::about_secret(operation, &id.context, id.arn.raw(), &e))?;
            let before = versions.len();
            let page = answer.versions.unwrap_or_default().into_iter().map(from_version);
            versions.extend(page.map(|version| (version.id.clone(), version)));
            reading.turn(answer.next_token, versions.len() > before);
        }
        Ok(versions.into_values().collect())
    }
}

/// A [`Secret`] from ListSecrets' entry or DescribeSecret's answer, which share their members but for those named here.
macro_rules! secret {
    ($context:expr, $words:expr, $answer:ident, labels: $labels:ident, replicas: $replicas:expr) => {{
        // AWS always sends both. A server that leaves one out must not make one secret of several.
        let arn = $answer.arn.or_else(|| $answer.name.clone()).unwrap_or_default();
        Secret {
            name: $answer.name.unwrap_or_else(|| arn.clone()).into(),
            id: SecretId { context: Arc::clone($context), arn: arn.into() },
            description: text($answer.description),
            rotation_enabled: $answer.rotation_enabled,
            rotation_function: $words.some($answer.rotation_lambda_arn),
            rotation_rules: $answer.rotation_rules.map(|rules| from_rules($words, rules)),
            external_rotation: from_external(
                $answer.external_secret_rotation_role_arn,
                $answer.external_secret_rotation_metadata,
            ),
            created: time($answer.created_date),
            last_changed: time($answer.last_changed_date),
            last_accessed: time($answer.last_accessed_date),
            last_rotated: time($answer.last_rotated_date),
            next_rotation: time($answer.next_rotation_date),
            deleted: time($answer.deleted_date),
            labels: from_labels($answer.$labels),
            tags: from_tags($words, $answer.tags),
            kms_key: $words.some($answer.kms_key_id),
            owning_service: $words.some($answer.owning_service),
            primary_region: $words.some($answer.primary_region),
            external_type: $words.some($answer.r#type),
            replicas: $replicas,
        }
    }};
}

pub(super) fn from_entry(context: &Arc<Context>, words: &mut Words, entry: SecretListEntry) -> Secret {
    secret!(context, words, entry, labels: secret_versions_to_stages, replicas: Vec::new())
}

fn from_description(context: &Arc<Context>, answer: DescribeSecretOutput) -> Secret {
    let replicas = answer.replication_status.unwrap_or_default().into_iter().map(from_replica).collect();
    secret!(context, &mut Words::default(), answer, labels: version_ids_to_stages, replicas: replicas)
}

fn from_rules(words: &mut Words, rules: RotationRulesType) -> RotationRules {
    RotationRules {
        automatically_after_days: rules.automatically_after_days,
        duration: words.some(rules.duration),
        schedule_expression: words.some(rules.schedule_expression),
    }
}

fn from_external(
    role: Option<String>,
    metadata: Option<Vec<ExternalSecretRotationMetadataItem>>,
) -> Option<ExternalRotation> {
    if role.is_none() && metadata.as_ref().is_none_or(Vec::is_empty) {
        return None;
    }
    let items = metadata.unwrap_or_default().into_iter();
    let metadata = items.map(|item| (pair(item.key), pair(item.value))).collect();
    Some(ExternalRotation { role: text(role), metadata })
}

fn from_tags(words: &mut Words, tags: Option<Vec<Tag>>) -> Few<AwsText, AwsText> {
    let mut word = |text: Option<String>| words.share(text.unwrap_or_default());
    tags.unwrap_or_default().into_iter().map(|tag| (word(tag.key), word(tag.value))).collect()
}

fn from_labels(labels: Option<HashMap<String, Vec<String>>>) -> LabelMap {
    let versions = labels.unwrap_or_default().into_iter();
    LabelMap(versions.map(|(version, labels)| (VersionId(version.into()), staging_labels(&labels))).collect())
}

fn staging_labels(words: &[String]) -> Box<[StagingLabel]> {
    let mut labels: Box<[_]> = words.iter().map(|word| StagingLabel::from_aws(word)).collect();
    labels.sort();
    labels
}

fn from_version(entry: SecretVersionsListEntry) -> Version {
    Version {
        id: VersionId(entry.version_id.unwrap_or_default().into()),
        labels: staging_labels(&entry.version_stages.unwrap_or_default()).into_vec(),
        created: time(entry.created_date),
        last_accessed: time(entry.last_accessed_date),
        kms_keys: entry.kms_key_ids.unwrap_or_default().into_iter().map(Into::into).collect(),
    }
}

fn from_replica(status: ReplicationStatusType) -> Replica {
    Replica {
        region: pair(status.region),
        status: status.status.map(|status| status.as_str().into()),
        status_message: text(status.status_message),
        kms_key: text(status.kms_key_id),
        last_accessed: time(status.last_accessed_date),
    }
}

fn text(text: Option<String>) -> Option<AwsText> {
    text.map(Into::into)
}

fn pair(text: Option<String>) -> AwsText {
    text.unwrap_or_default().into()
}

/// A date, to the microsecond: on the wire it is a number of seconds with a fraction, and what is finer is what the
/// binary fraction adds to it.
fn time(time: Option<SdkTime>) -> Option<DateTime<Utc>> {
    let time = time?;
    let fraction = (time.subsec_nanos() + 500) / 1000;
    DateTime::from_timestamp_micros(time.secs().checked_mul(1_000_000)?.checked_add(fraction.into())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_one_that_was_sent() {
        for (sent, millis) in [(1_793_668_360.55, 550), (1_793_668_360.08, 80), (1_793_668_360.0, 0)] {
            let read = time(Some(SdkTime::from_secs_f64(sent)));
            assert_eq!(read, DateTime::from_timestamp_millis(1_793_668_360_000 + millis), "{sent}");
        }
        assert_eq!(time(Some(SdkTime::from_secs(i64::MAX))), None);
    }
}
