"""What is compared, and which judge can answer for it.

A field has one name (secdash's), one place in AWS's answer and one kind. Values of both
sides are brought into one canonical form here, and nowhere else, so that the comparator
needs no exceptions.
"""

import datetime
import re
from dataclasses import dataclass

ENOUGH = 200  # non-null values a judge must have answered for, else its silence would look like agreement


@dataclass(frozen=True)
class Field:
    """`name` is the path in secdash's JSON, `aws` the path in AWS's answer."""

    name: str
    aws: str
    kind: str = "text"


SECRET = (
    Field("arn", "ARN"),
    Field("name", "Name"),
    Field("description", "Description"),
    Field("tags", "Tags", "tags"),
    Field("labels", "SecretVersionsToStages|VersionIdsToStages", "labels"),
    Field("created", "CreatedDate", "date"),
    Field("last_changed", "LastChangedDate", "date"),
    Field("last_accessed", "LastAccessedDate", "date"),
    Field("last_rotated", "LastRotatedDate", "date"),
    Field("next_rotation", "NextRotationDate", "date"),
    Field("deleted", "DeletedDate", "date"),
    Field("rotation_enabled", "RotationEnabled", "bool"),
    Field("rotation_function", "RotationLambdaARN"),
    Field("rotation_rules.automatically_after_days", "RotationRules.AutomaticallyAfterDays", "int"),
    Field("rotation_rules.duration", "RotationRules.Duration"),
    Field("rotation_rules.schedule_expression", "RotationRules.ScheduleExpression"),
    Field("kms_key", "KmsKeyId"),
    Field("owning_service", "OwningService"),
    Field("primary_region", "PrimaryRegion"),
    Field("type", "Type"),
)
VERSION = (
    Field("version_id", "VersionId"),
    Field("labels", "VersionStages", "words"),
    Field("created", "CreatedDate", "date"),
    Field("last_accessed", "LastAccessedDate", "date"),
    Field("kms_keys", "KmsKeyIds", "words"),
)
REPLICA = (
    Field("region", "Region"),
    Field("status", "Status"),
    Field("status_message", "StatusMessage"),
    Field("kms_key", "KmsKeyId"),
    Field("last_accessed", "LastAccessedDate", "date"),
)

# Exactly these members, no more and no fewer: scripts rely on them.
LIST_MEMBERS = {"context", "as_of", "complete", "secrets", "faults"}
SHOW_MEMBERS = {"context", "as_of", "secret", "versions", "timeline", "faults"}
CONTEXT_MEMBERS = {"profile", "account", "region", "endpoint", "demo"}
SECRET_MEMBERS = {field.name.partition(".")[0] for field in SECRET} | {"state", "kinds", "rotation_rules"}
SHOWN_MEMBERS = SECRET_MEMBERS | {"replicas", "external_rotation"}
VERSION_MEMBERS = {field.name for field in VERSION}
LANE_MEMBERS = {"version_id", "known", "inferred", "failed_attempts"}
REPLICA_MEMBERS = {field.name for field in REPLICA}

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")


def instant(text):
    """Milliseconds since the epoch of an RFC 3339 UTC text; anything else is an error, not a guess."""
    if not isinstance(text, str) or not _RFC3339.fullmatch(text):
        raise ValueError(f"not an RFC 3339 UTC time: {text!r}")
    whole, _, fraction = text.rstrip("Z").partition(".")
    seconds = datetime.datetime.fromisoformat(whole + "+00:00").timestamp()
    return round(seconds) * 1000 + int((fraction + "000")[:3])


def canonical_aws(value, kind):
    """One value of boto3's answer in canonical form; None when AWS left it out."""
    if kind == "labels":
        # A version without labels is not in this map (the model: at least one); moto lists it with [].
        return {version: sorted(labels) for version, labels in (value or {}).items() if labels}
    if kind == "tags":
        return {tag["Key"]: tag.get("Value", "") for tag in value or []}
    if kind == "words":
        return sorted(value or [])
    if kind == "date" and value is not None:
        return round(value.timestamp() * 1_000_000) // 1000
    return value


def canonical_secdash(value, kind):
    """One value of secdash's JSON in canonical form; a wrong type is kept, so that it differs."""
    if kind == "labels" and isinstance(value, dict):
        return {version: sorted(labels) for version, labels in value.items() if labels}
    if kind == "words" and isinstance(value, list):
        return sorted(value)
    if kind == "date" and value is not None:
        try:
            return instant(value)
        except ValueError:
            return value
    return value


def _at(record, path):
    for step in path.split("."):
        if record is None:
            return None
        record = record.get(step)
    return record


def aws_row(record, fields):
    """{field: canonical value} of one record of boto3; `A|B` is whichever of the two names is there."""
    row = {}
    for field in fields:
        found = (_at(record, path) for path in field.aws.split("|"))
        row[field.name] = canonical_aws(next((value for value in found if value is not None), None), field.kind)
    return row


def secdash_row(record, fields):
    """{field: canonical value} of one record of secdash."""
    return {field.name: canonical_secdash(_at(record, field.name), field.kind) for field in fields}
