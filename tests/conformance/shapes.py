"""A strict reading of raw answers against botocore's service model.

botocore's own parser forgives: it skips unknown members, takes null, and never looks at
lengths, patterns or enums. This one complains about all of them, and about what the model
leaves optional although AWS always sends it.
"""

import re
from xml.etree import ElementTree

# The model marks no member of an answer as required; these are there in every answer of AWS.
ALWAYS = {
    "ListSecretsResponse": {"SecretList"},
    "SecretListEntry": {"ARN", "Name", "CreatedDate"},
    "DescribeSecretResponse": {"ARN", "Name", "CreatedDate"},
    "ListSecretVersionIdsResponse": {"ARN", "Name", "Versions"},
    "SecretVersionsListEntry": {"VersionId", "CreatedDate"},
    "ReplicationStatusType": {"Region", "Status"},
    "ExternalSecretRotationMetadataItem": {"Key", "Value"},
    "Tag": {"Key", "Value"},
    "GetCallerIdentityResponse": {"UserId", "Account", "Arn"},
    "RotateSecretResponse": {"ARN", "Name", "VersionId"},
    "CancelRotateSecretResponse": {"ARN", "Name"},
    "UpdateSecretVersionStageResponse": {"ARN", "Name"},
    "FilterLogEventsResponse": {"events", "searchedLogStreams"},
    "FilteredLogEvent": {"logStreamName", "timestamp", "message", "ingestionTime", "eventId"},
    "DescribeLogGroupsResponse": {"logGroups"},
    "LogGroup": {"logGroupName", "creationTime", "arn", "logGroupArn", "storedBytes", "logGroupClass"},
    "LiveTailSessionStart": {"requestId", "sessionId", "logGroupIdentifiers"},
    "LiveTailSessionUpdate": {"sessionMetadata", "sessionResults"},
    "LiveTailSessionMetadata": {"sampled"},
    "LiveTailSessionLogEvent": {"logStreamName", "logGroupIdentifier", "message", "timestamp", "ingestionTime"},
    "FunctionConfiguration": {"FunctionName", "FunctionArn", "Runtime", "Timeout", "LastModified", "State", "Version", "LoggingConfig"},
    "GetPolicyResponse": {"Policy", "RevisionId"},
}
YEAR_2000, YEAR_2100 = 946_684_800, 4_102_444_800  # a date outside was sent in another unit


class Reader:
    """Collects complaints, and which members of which shapes it has ever seen."""

    def __init__(self):
        self.seen = set()

    def complaints(self, value, shape, path="answer"):
        """Everything that is wrong with `value` as `shape`; an empty list when nothing is."""
        check = getattr(self, f"_{shape.type_name}", None)
        if check is None:
            return [f"{path}: no rule for the type {shape.type_name}"]
        return check(value, shape, path)

    def _structure(self, value, shape, path):
        if not isinstance(value, dict):
            return [_wrong(value, "an object", path)]
        needed = ALWAYS.get(shape.name, set()) | set(shape.required_members)
        found = [f"{path}: {name} is missing" for name in sorted(needed - set(value))]
        found += [f"{path}: {name} is not in the model" for name in sorted(set(value) - set(shape.members))]
        for name in sorted(set(value) & set(shape.members)):
            self.seen.add((shape.name, name))
            found += self.complaints(value[name], shape.members[name], f"{path}.{name}")
        return found

    def _list(self, value, shape, path):
        if not isinstance(value, list):
            return [_wrong(value, "a list", path)]
        found = _size(len(value), shape, path)
        for n, item in enumerate(value):
            found += self.complaints(item, shape.member, f"{path}[{n}]")
        return found

    def _map(self, value, shape, path):
        if not isinstance(value, dict):
            return [_wrong(value, "an object", path)]
        found = _size(len(value), shape, path)
        for key, item in value.items():
            found += self.complaints(key, shape.key, f"{path} key")
            found += self.complaints(item, shape.value, f"{path}[{key}]")
        return found

    def _string(self, value, shape, path):
        if not isinstance(value, str):
            return [_wrong(value, "a string", path)]
        found = _size(len(value), shape, path)
        pattern, allowed = shape.metadata.get("pattern"), shape.metadata.get("enum")
        if pattern and not re.search(pattern, value):
            found.append(f"{path}: {value!r} does not match {pattern}")
        if allowed and value not in allowed:
            found.append(f"{path}: {value!r} is none of {allowed}")
        return found

    def _integer(self, value, shape, path):
        if type(value) is not int:
            return [_wrong(value, "an integer", path)]
        return _size(value, shape, path)

    _long = _integer

    def _boolean(self, value, shape, path):
        return [] if isinstance(value, bool) else [_wrong(value, "a boolean", path)]

    def _timestamp(self, value, shape, path):
        if type(value) not in (int, float):
            return [_wrong(value, "a number of seconds", path)]
        return [] if YEAR_2000 < value < YEAR_2100 else [f"{path}: {value} is no date in seconds since 1970"]


def _wrong(value, wanted, path):
    return f"{path}: {value!r} is not {wanted}"


def _size(size, shape, path):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    found = [f"{path}: {size} is less than {least}"] if least is not None and size < least else []
    return found + ([f"{path}: {size} is more than {most}"] if most is not None and size > most else [])


def reachable_members(shape, found=None):
    """Every (shape, member) that an answer of this shape can have."""
    found = set() if found is None else found
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if (shape.name, name) not in found:
                found.add((shape.name, name))
                reachable_members(member, found)
    elif shape.type_name == "list":
        reachable_members(shape.member, found)
    elif shape.type_name == "map":
        reachable_members(shape.value, found)
    return found


def xml_value(element):
    """An XML element as the JSON it would be: text, or an object of its children; no attributes, no twins."""
    names = [_local(child.tag) for child in element]
    if element.attrib or len(names) != len(set(names)):
        raise ValueError(f"unexpected attributes or repeated elements in {element.tag}")
    return {name: xml_value(child) for name, child in zip(names, element)} if names else element.text or ""


def query_result(body, operation):
    """The result of an answer in the query protocol, out of its wrapper; the frame is checked here."""
    root = ElementTree.fromstring(body)
    namespace = operation.service_model.metadata["xmlNamespace"]
    frame = xml_value(root)
    wrapper = operation.output_shape.serialization["resultWrapper"]
    if root.tag != f"{{{namespace}}}{operation.name}Response" or set(frame) != {wrapper, "ResponseMetadata"}:
        raise ValueError(f"not a frame of {operation.name}: {root.tag} with {sorted(frame)}")
    if set(frame["ResponseMetadata"]) != {"RequestId"}:
        raise ValueError(f"ResponseMetadata holds {sorted(frame['ResponseMetadata'])}")
    return frame[wrapper]


def _local(tag):
    return tag.rpartition("}")[2]
