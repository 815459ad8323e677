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
