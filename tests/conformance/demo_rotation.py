"""Rotations in the demo world as boto3 sees them: asked for, refused, cancelled, and followed to their end."""

import contextlib

from botocore.config import Config
from botocore.exceptions import ClientError

from demo_functions import check_functions
from demo_logs import check_groups, check_rotation_log, check_stream, reported
from process import poll
from shapes import Reader, reachable_members
from wire import Wire

TOKEN, OTHER = "aaaaaaaa-0000-4000-8000-00000000000a", "bbbbbbbb-0000-4000-8000-00000000000b"
FIRST, SECOND, EMPTY = (f"{n * 11111111}-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
MISSING = "cccccccc-0000-4000-8000-00000000000c"
WELL, SLOW = "prod/well", "prod/slow"

# Secret, code, AWS's words.
REFUSED = (
    ("prod/incomplete", "InvalidRequestException", "A previous rotation isn't complete. That rotation will be reattempted."),
    (
        "old/deleted",
        "InvalidRequestException",
        "You can't perform this operation on the secret because it was marked for deletion.",
    ),
    (
        "prod/replica",
        "InvalidParameterException",
        "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
    ),
    (
        "prod/managed",
        "InvalidRequestException",
        "The secret is managed by another service, and you must use that service to update it.",
    ),
    ("prod/plain", "InvalidRequestException", "No Lambda rotation function ARN is associated with this secret."),
    (
        "prod/closed",
        "AccessDeniedException",
        "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the "
        "principal secretsmanager.amazonaws.com.",
    ),
    ("no/such/secret", "ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
)
_ATTACHED = (
    "The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently attached to version {version}, so "
    "you must explicitly reference that version in RemoveFromVersionId."
)
_NO_VERSION = "Secrets Manager can't find the specified secret value for VersionId: {version}"
_STAYS = "You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed."

# Of prod/labels: label, to, from, code, words.
UNMOVED = (
    ("AWSCURRENT", None, FIRST, "InvalidParameterException", _STAYS),
    ("AWSCURRENT", SECOND, None, "InvalidParameterException", _ATTACHED.format(label="AWSCURRENT", version=FIRST)),
    ("AWSCURRENT", SECOND, EMPTY, "InvalidParameterException", _ATTACHED.format(label="AWSCURRENT", version=FIRST)),
    ("AWSPENDING", None, None, "InvalidParameterException", _ATTACHED.format(label="AWSPENDING", version=EMPTY)),
    ("AWSCURRENT", EMPTY, FIRST, "ResourceNotFoundException", _NO_VERSION.format(version=EMPTY)),
    ("blue", MISSING, None, "ResourceNotFoundException", _NO_VERSION.format(version=MISSING)),
)
WHOLE = {
    "secretsmanager": ("RotateSecret", "CancelRotateSecret", "UpdateSecretVersionStage"),
    "lambda": ("GetPolicy", "GetFunctionConcurrency"),
}


def check_rotation(session, config, opened, report):
    """`opened(name)` runs the world of that name."""
    reader = Reader()
    # botocore would look for Live Tail at a host of its own, which a name for loopback doesn't have.
    config = config.merge(Config(inject_host_prefix=False))
    with opened("rotation") as url:
        wire = Wire(session, config, url, report, reader)
        clients = {service: wire.client(service) for service in ("secretsmanager", "logs", "lambda")}
        sm, logs = clients["secretsmanager"], clients["logs"]
        _refused(sm, report)
        _labels(sm, report)
        _cancelled(sm, report)
        check_groups(logs, report)
        check_functions(clients["lambda"], report)
        _rotated(sm, logs, wire, report)
        _over(sm, report)
    asked = [clients[service].meta.service_model.operation_model(name) for service, names in WHOLE.items() for name in names]
    members = {member for operation in asked for member in reachable_members(operation.output_shape)}
    report.check(members <= reader.seen, f"members that no answer had: {sorted(members - reader.seen)}")


def told(call, **args):
    """(code, message) of the ClientError that a call raises; None if it succeeds."""
    try:
        call(**args)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    return None


def _labels_of(sm, name):
    return {version: sorted(labels) for version, labels in sm.describe_secret(SecretId=name)["VersionIdsToStages"].items()}


def _listed(sm, name):
    return {version["VersionId"] for version in sm.list_secret_version_ids(SecretId=name, IncludeDeprecated=True)["Versions"]}


def _state(sm, name):
    """What a refusal must leave as it is; None where there is nothing."""
    with contextlib.suppress(sm.exceptions.ResourceNotFoundException):
        described = sm.describe_secret(SecretId=name)
        return {key: value for key, value in described.items() if key != "ResponseMetadata"}
    return None


def _refused(sm, report):
    for name, code, words in REFUSED:
        before = _state(sm, name)
        said = told(sm.rotate_secret, SecretId=name, ClientRequestToken=OTHER)
        report.check(said == (code, words), f"RotateSecret of {name} says {said}, not {code}: {words}")
        report.check(_state(sm, name) == before, f"a refused RotateSecret changed {name}")
    said = told(sm.rotate_secret, SecretId=WELL, ClientRequestToken="short")
    report.check(said and "clientRequestToken" in said[1] and "32" in said[1], f"a token of five characters: {said}")


def _labels(sm, report):
    """Labels move by name only; then one that may."""
    name, before = "prod/labels", _state(sm, "prod/labels")
    report.check(_listed(sm, name) == {FIRST, SECOND}, "a version without a value is listed")
    for label, to, source, code, words in UNMOVED:
        args = {key: value for key, value in (("MoveToVersionId", to), ("RemoveFromVersionId", source)) if value}
        said = told(sm.update_secret_version_stage, SecretId=name, VersionStage=label, **args)
        report.check(said == (code, words), f"UpdateSecretVersionStage {label} {args} says {said}, not {code}: {words}")
    report.check(_state(sm, name) == before, "a refused UpdateSecretVersionStage changed something")
    sm.update_secret_version_stage(SecretId=name, VersionStage="AWSCURRENT", MoveToVersionId=SECOND, RemoveFromVersionId=FIRST)
    sm.update_secret_version_stage(SecretId=name, VersionStage="AWSPENDING", RemoveFromVersionId=EMPTY)
    labels = {version: on for version, on in _labels_of(sm, name).items() if on}
    report.check(labels == {SECOND: ["AWSCURRENT"], FIRST: ["AWSPREVIOUS"]}, f"after the moves there are {labels}")


def _cancelled(sm, report):
    """In its first step: the version has no value yet, keeps AWSPENDING, and can be told by both."""
    before = _labels_of(sm, SLOW)
    answer = sm.rotate_secret(SecretId=SLOW, ClientRequestToken=TOKEN)
    report.check(answer["VersionId"] == TOKEN, f"RotateSecret answers {answer['VersionId']}")
    report.check(_labels_of(sm, SLOW) == {**before, TOKEN: ["AWSPENDING"]}, f"labels at the beginning: {_labels_of(sm, SLOW)}")
    report.check(TOKEN not in _listed(sm, SLOW), "a version is listed before it has a value")
    words = "A previous rotation isn't complete. That rotation will be reattempted."
    said = told(sm.rotate_secret, SecretId=SLOW, ClientRequestToken=OTHER)
    report.check(said == ("InvalidRequestException", words), f"a second rotation: {said}")
    said = told(sm.rotate_secret, SecretId=SLOW, ClientRequestToken=TOKEN)
    report.check(said is None, f"the same request once more: {said}")
    cancelled = sm.cancel_rotate_secret(SecretId=SLOW)
    report.check(cancelled.get("VersionId") == TOKEN, f"CancelRotateSecret answers {cancelled}")
    after = sm.describe_secret(SecretId=SLOW)
    report.check(after["RotationEnabled"] is False and "NextRotationDate" not in after, f"after the cancellation: {after}")
    report.check(after["VersionIdsToStages"].get(TOKEN) == ["AWSPENDING"], f"AWSPENDING went: {after['VersionIdsToStages']}")


def _rotated(sm, logs, wire, report):
    """A rotation from its request to its end, beside it Live Tail, and then what FilterLogEvents has of it."""
    current = next(version for version, labels in _labels_of(sm, WELL).items() if "AWSCURRENT" in labels)
    operation = logs.meta.service_model.operation_model("StartLiveTail")
    group = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/rotate-well")["logGroups"][0]["logGroupArn"]
    stream = logs.start_live_tail(logGroupIdentifiers=[group])["responseStream"]

    def rotate():
        sm.rotate_secret(SecretId=WELL, ClientRequestToken=TOKEN)

    live = check_stream(stream, operation, (group, rotate), wire, report)
    poll(lambda: "AWSCURRENT" in _labels_of(sm, WELL).get(TOKEN, []) or None, "the end of the rotation")
    labels = {version: set(on) - {"AWSPENDING"} for version, on in _labels_of(sm, WELL).items()}
    report.check(labels == {current: {"AWSPREVIOUS"}, TOKEN: {"AWSCURRENT"}}, f"at the end there are {labels}")
    report.check(_listed(sm, WELL) == {current, TOKEN}, f"at the end {_listed(sm, WELL)} are listed")
    arn = sm.describe_secret(SecretId=WELL)["ARN"]
    poll(lambda: reported(logs, group) or None, "the last line of the rotation")
    check_rotation_log(logs, group, (arn, TOKEN, live), report)


def _over(sm, report):
    """Nothing runs any more: there is no version to tell of."""
    cancelled = sm.cancel_rotate_secret(SecretId=WELL)
    report.check("VersionId" not in cancelled, f"CancelRotateSecret when all is done answers {cancelled}")
    report.check(sm.describe_secret(SecretId=WELL)["RotationEnabled"] is False, "RotationEnabled stayed")
    said = told(sm.cancel_rotate_secret, SecretId="no/such/secret")
    report.check(said and said[0] == "ResourceNotFoundException", f"CancelRotateSecret of no secret: {said}")
    said = told(sm.cancel_rotate_secret, SecretId="old/deleted")
    report.check(said == REFUSED[1][1:], f"CancelRotateSecret of a deleted secret: {said}")
