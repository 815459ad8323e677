"""LookupEvents as boto3 sees it: every member, every page, every declared error, and the ration."""

import datetime
import json
import time

from botocore.exceptions import ClientError

from shapes import Reader, reachable_members
from wire import Wire

SECOND = 0.01  # worlds/trail.toml runs a hundred times as fast
FAILED, CANCELLED = "RotationFailed", "CancelRotateSecret"

DECLARED = {
    "InvalidLookupAttributesException": {"LookupAttributes": [{"AttributeKey": "Colour", "AttributeValue": "red"}]},
    "InvalidTimeRangeException": {"StartTime": 2, "EndTime": 1},
    "InvalidMaxResultsException": {"MaxResults": 51},
    "InvalidNextTokenException": {"NextToken": "no token of ours"},
    "InvalidEventCategoryException": {"EventCategory": "data"},
}
BY_FAULTS = ("OperationNotPermittedException", "UnsupportedOperationException")  # in the order of the world


def check_trail(session, config, opened, report):
    """`opened(name)` runs the world of that name."""
    reader = Reader()
    with opened("trail") as url:
        trail = Wire(session, config, url, report, reader).client("cloudtrail")
        _declared(trail, report)
        failed = _found(trail, FAILED, report)
        report.check(len(failed) == 120, f"{len(failed)} failures came")
        cancelled = _found(trail, CANCELLED, report)
        report.check([event.get("Username") for event in cancelled] == ["sam", "kim"], f"cancelled by {cancelled}")
        _attributes(trail, report)
        _tokens(trail, report)
        _ration(trail, report)
        shape = trail.meta.service_model.operation_model("LookupEvents").output_shape
    missing = sorted(set(reachable_members(shape)) - reader.seen)
    report.check(not missing, f"members of LookupEvents that no answer had: {missing}")


def _asked(trail, **args):
    """The answer, or the ClientError; a world's second after the last one."""
    time.sleep(2 * SECOND)
    try:
        return trail.lookup_events(**args)
    except ClientError as error:
        return error


def _declared(trail, report):
    for code, args in [*((code, {}) for code in BY_FAULTS), *DECLARED.items()]:
        error = _asked(trail, **args)
        report.check(type(error) is getattr(trail.exceptions, code), f"LookupEvents({args}) raises {error!r}, not {code}")
    for shape in trail.meta.service_model.operation_model("LookupEvents").error_shapes:
        known = shape.name in DECLARED or shape.name in BY_FAULTS
        report.check(known, f"LookupEvents declares {shape.name}, which nothing brings about here")


def _found(trail, name, report):
    """All events of a name, to the last page: newest first, and each record says what its entry says."""
    args = {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}]}
    found = []
    while True:
        page = _asked(trail, **args)
        found += page["Events"]
        report.check(len(page["Events"]) <= 50, f"a page of {len(page['Events'])} events")
        if "NextToken" not in page:
            break
        args["NextToken"] = page["NextToken"]
    times = [event["EventTime"] for event in found]
    report.check(times == sorted(times, reverse=True), f"{name} came in the order {times}")
    for event in found:
        record = json.loads(event["CloudTrailEvent"])
        at = datetime.datetime.fromisoformat(record["eventTime"])
        same = (record["eventName"], record["eventID"], record["eventSource"], at)
        report.check(same == (name, event["EventId"], event["EventSource"], event["EventTime"]), f"{event} differs from its record")
    return found


def _attributes(trail, report):
    """Each attribute finds the read that has it, and nothing that hasn't; a value that nothing has finds nothing."""
    read = _found(trail, "GetSecretValue", report)[0]
    resource = read["Resources"][0]
    report.check(read["Username"] == "orders-api" and read["ReadOnly"] == "true", f"a read is told of as {read}")
    of = {
        "EventId": lambda event: [event["EventId"]],
        "EventName": lambda event: [event["EventName"]],
        "ReadOnly": lambda event: [event["ReadOnly"]],
        "Username": lambda event: [event.get("Username")],
        "ResourceType": lambda event: [one["ResourceType"] for one in event["Resources"]],
        "ResourceName": lambda event: [one["ResourceName"] for one in event["Resources"]],
        "EventSource": lambda event: [event["EventSource"]],
        "AccessKeyId": lambda event: [event.get("AccessKeyId")],
    }
    known = trail.meta.service_model.shape_for("LookupAttributeKey").enum
    report.check(sorted(of) == sorted(known), f"attributes that nobody looks up by: {sorted(set(known) ^ set(of))}")
    values = {**{key: read.get(key) for key in of}, "ResourceType": resource["ResourceType"], "ResourceName": resource["ResourceName"]}
    for key, value in values.items():
        page = _asked(trail, LookupAttributes=[{"AttributeKey": key, "AttributeValue": value}])
        found = page["Events"]
        report.check(found and all(value in of[key](event) for event in found), f"{key}={value} finds {found[:2]}")
        others = _asked(trail, LookupAttributes=[{"AttributeKey": key, "AttributeValue": f"{value}-"}])
        report.check(others["Events"] == [] and "NextToken" not in others, f"{key}={value}- finds {others['Events'][:2]}")


def _tokens(trail, report):
    """A token goes with the look-up that it came from, and with no other."""
    args = {"MaxResults": 7}
    first = _asked(trail, **args)
    token = first["NextToken"]
    second = _asked(trail, **args, NextToken=token)
    both = [event["EventId"] for page in (first, second) for event in page["Events"]]
    report.check(len(set(both)) == 14, f"two pages of seven have {len(set(both))} events")
    other = _asked(trail, **args, NextToken=token, LookupAttributes=[{"AttributeKey": "ReadOnly", "AttributeValue": "true"}])
    report.check(type(other) is trail.exceptions.InvalidNextTokenException, f"the token of another look-up brings {other!r}")


def _ration(trail, report):
    """A burst that no ration can hold is throttled, and all is well a world's second later."""
    errors = []
    for _ in range(200):
        try:
            trail.lookup_events(MaxResults=1)
        except ClientError as error:
            errors.append(error.response["Error"])
    throttled = {"Code": "ThrottlingException", "Message": "Rate exceeded"}
    report.check(errors and all(error == throttled for error in errors), f"a burst is answered with {errors[:3]}")
    report.check(not isinstance(_asked(trail), ClientError), "LookupEvents is throttled when the ration is there again")
