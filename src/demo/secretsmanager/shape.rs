//! A secret and its versions in the API's JSON. Only fields that have a value are there
//! (API_DescribeSecret.html); dates are seconds since 1970 with a fraction.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::{Map, Value, json};

use crate::demo::secret::{Replica, Rotation, Secret, Text, Version};
use crate::demo::world::Inner;

/// The members that SecretListEntry and the answer of DescribeSecret have in common; each adds the
/// labels under a name of its own.
pub(super) fn secret(world: &Inner, secret: &Secret) -> Map<String, Value> {
    let on = secret.rotation.as_ref().is_some_and(|rules| rules.enabled);
    let external = secret.external.as_ref();
    let function = secret.function.as_ref().map(|name| world.function_arn(name));
    // Both dates are null while rotation is off.
    let (last, next) = if on { (secret.last_rotated, secret.next_rotation) } else { (None, None) };
    fields([
        ("ARN", Some(Value::from(world.vault.arn(secret)))),
        ("Name", Some(Value::from(secret.name.as_str()))),
        ("Type", external.map(|external| text(&external.kind))),
        ("Description", secret.description.as_ref().map(text)),
        ("KmsKeyId", secret.kms_key.as_ref().map(text)),
        ("RotationEnabled", secret.rotation.as_ref().map(|r| Value::from(r.enabled))),
        ("RotationLambdaARN", function.map(Value::from)),
        ("RotationRules", secret.rotation.as_ref().and_then(rules)),
        ("ExternalSecretRotationMetadata", external.and_then(|external| pairs(&external.metadata))),
        ("ExternalSecretRotationRoleArn", external.and_then(|external| external.role.as_ref()).map(text)),
        ("LastRotatedDate", last.map(moment)),
        ("LastChangedDate", secret.last_changed.map(moment)),
        ("LastAccessedDate", secret.last_accessed.map(day)),
        ("DeletedDate", secret.deleted.map(moment)),
        ("NextRotationDate", next.map(moment)),
        ("Tags", pairs(&secret.tags)),
        ("OwningService", secret.owning_service.as_ref().map(text)),
        ("CreatedDate", Some(moment(secret.created))),
        ("PrimaryRegion", secret.primary_region.as_ref().map(text)),
    ])
}

/// Version id → labels. Versions without a label are not in it; versions without a value are.
pub(super) fn labels(secret: &Secret) -> Option<Value> {
    let map: Map<String, Value> = secret
        .versions
        .iter()
        .filter(|version| !version.labels.is_empty())
        .map(|version| (version.id.clone(), json!(version.labels)))
        .collect();
    (!map.is_empty()).then_some(Value::Object(map))
}

/// ReplicationStatusType.
pub(super) fn replicas(secret: &Secret) -> Option<Value> {
    let one = |replica: &Replica| {
        Value::Object(fields([
            ("Region", Some(Value::from(replica.region.as_str()))),
            ("KmsKeyId", replica.kms_key.clone().map(Value::from)),
            ("Status", Some(Value::from(replica.status.as_str()))),
            ("StatusMessage", replica.message.clone().map(Value::from)),
            ("LastAccessedDate", replica.last_accessed.map(day)),
        ]))
    };
    let list: Vec<Value> = secret.replicas.iter().map(one).collect();
    (!list.is_empty()).then_some(Value::Array(list))
}

/// SecretVersionsListEntry.
pub(super) fn version(version: &Version) -> Value {
    let some = |list: &[Text]| (!list.is_empty()).then(|| json!(list));
    Value::Object(fields([
        ("VersionId", Some(Value::from(version.id.as_str()))),
        ("VersionStages", some(&version.labels)),
        ("LastAccessedDate", version.accessed.map(day)),
        ("CreatedDate", Some(moment(version.created))),
        ("KmsKeyIds", some(&version.kms_keys)),
    ]))
}

/// RotationRulesType.
fn rules(rotation: &Rotation) -> Option<Value> {
    let map = fields([
        ("AutomaticallyAfterDays", rotation.days.map(Value::from)),
        ("Duration", rotation.duration.as_ref().map(text)),
        ("ScheduleExpression", rotation.expression.as_ref().map(text)),
    ]);
    (!map.is_empty()).then_some(Value::Object(map))
}

fn fields<const N: usize>(all: [(&str, Option<Value>); N]) -> Map<String, Value> {
    all.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

fn pairs(list: &[(Text, Text)]) -> Option<Value> {
    let all = list.iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
    (!list.is_empty()).then(|| all.collect())
}

fn text(text: &Text) -> Value {
    Value::from(text.as_ref())
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit into 53 bits for 285,000 years")]
pub(super) fn moment(at: DateTime<Utc>) -> Value {
    Value::from(at.timestamp_millis() as f64 / 1000.0)
}

/// A date without time: 00:00:00Z of the day.
fn day(date: NaiveDate) -> Value {
    moment(date.and_time(NaiveTime::MIN).and_utc())
}
