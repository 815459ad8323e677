"""The proof that the strict reader is strict: true answers, spoiled one way at a time, must be refused."""

import copy
import json

from shapes import Reader
from wire import answer_complaints


def _set(*path_and_value):
    """A spoil that puts a value at a path."""
    *path, last, value = path_and_value

    def spoil(body):
        for step in path:
            body = body[step]
        body[last] = value

    return spoil


def _without(*path):
    def spoil(body):
        for step in path[:-1]:
            body = body[step]
        del body[path[-1]]

    return spoil


SPOILS = {
    "an unknown member": _set("Extra", 1),
    "a missing ARN": _without("ARN"),
    "a number for a string": _set("ARN", 5),
    "null for a string": _set("Description", None),
    "an ARN too short": _set("ARN", "arn"),
    "a name too long": _set("Name", "n" * 257),
    "an empty name": _set("Name", ""),
    "a date as text": _set("CreatedDate", "2026-11-20T09:14:00Z"),
    "a date in milliseconds": _set("CreatedDate", 1795166040000),
    "a date that is a boolean": _set("CreatedDate", True),
    "a boolean as text": _set("RotationEnabled", "true"),
    "a boolean as number": _set("RotationEnabled", 1),
    "tags as an object": _set("Tags", {"team": "payments"}),
    "a tag without value": _without("Tags", 0, "Value"),
    "a tag key too long": _set("Tags", 0, "Key", "k" * 129),
    "days that are a fraction": _set("RotationRules", "AutomaticallyAfterDays", 1.5),
    "days below the least": _set("RotationRules", "AutomaticallyAfterDays", 0),
    "days above the most": _set("RotationRules", "AutomaticallyAfterDays", 1001),
    "a duration off its pattern": _set("RotationRules", "Duration", "2d"),
    "a schedule off its pattern": _set("RotationRules", "ScheduleExpression", "_"),
    "an unknown member inside": _set("RotationRules", "Extra", "x"),
    "a Region off its pattern": _set("PrimaryRegion", "Frankfurt"),
    "a status outside of the enum": _set("ReplicationStatus", 0, "Status", "Detached"),
    "a replica without Region": _without("ReplicationStatus", 0, "Region"),
    "a version id too short": _set("VersionIdsToStages", "short", ["AWSCURRENT"]),
    "a version with no labels": _set("VersionIdsToStages", "v" * 32, []),
    "labels as text": _set("VersionIdsToStages", "v" * 32, "AWSCURRENT"),
    "the name of the other operation": _set("SecretVersionsToStages", {}),
}


def check_reader(wire, client, secret, report):
    """Spoil the answer of DescribeSecret, then its frame, then an error and its frame."""
    client.describe_secret(SecretId=secret)
    operation, response = wire.raw
    _must_pass(operation, response, report)
    for what, spoil in SPOILS.items():
        _must_refuse(operation, _respoken(response, spoil), what, report)
    _spoil_frame(operation, response, report)
    try:
        client.describe_secret(SecretId="no/such/secret")
    except client.exceptions.ResourceNotFoundException:
        operation, response = wire.raw
    _must_refuse(operation, _respoken(response, _without("__type")), "an error without __type", report)
    _must_refuse(operation, _respoken(response, _without("Message")), "an error without Message", report)
    _must_refuse(operation, _respoken(response, _set("Extra", 1)), "an error with an unknown member", report)
    _must_refuse(operation, {**response, "status_code": 500}, "a client's error with status 500", report)
    _spoil_frame(operation, response, report)


def _spoil_frame(operation, response, report):
    headers = dict(response["headers"].items())
    kind = next(name for name in headers if name.lower() == "content-type")
    request_id = next(name for name in headers if name.lower() == "x-amzn-requestid")
    _must_refuse(operation, {**response, "headers": {**headers, kind: "text/html"}}, "another content-type", report)
    bare = {name: value for name, value in headers.items() if name != request_id}
    _must_refuse(operation, {**response, "headers": bare}, "no request id", report)
    _must_refuse(operation, {**response, "body": response["body"][:-1]}, "a body cut short", report)


def _respoken(response, spoil):
    body = copy.deepcopy(json.loads(response["body"]))
    spoil(body)
    return {**response, "body": json.dumps(body).encode()}


def _must_pass(operation, response, report):
    found = answer_complaints(Reader(), operation, response)
    report.check(not found, f"self-check: the answer to be spoiled is not clean: {found[:3]}")


def _must_refuse(operation, response, what, report):
    report.check(answer_complaints(Reader(), operation, response), f"self-check: the reader accepts {what}")
