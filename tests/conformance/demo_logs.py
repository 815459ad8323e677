"""CloudWatch Logs of the demo world as boto3 sees it: groups, pages, Live Tail, and the log of a rotation."""

import collections
import json
import re
import time

from botocore.exceptions import ClientError

from shapes import Reader
from wire import message_complaints

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
REQUEST = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
REPORT = "REPORT RequestId: "
PAUSE = 0.02  # 0.4 s of worlds/rotation.toml: no call is throttled
MOST_MESSAGES = 1200  # of a stream, one a second of the world: a minute of the judge's
LATE = 60  # messages that may come after the last line of the rotation was seen
LIMITS = (1, 3, 10000, None)


def check_groups(logs, report):
    """The groups there are, by prefix, page by page; their lines; and what isn't possible."""
    page = logs.describe_log_groups(logGroupNamePrefix="/quiet")["logGroups"]
    report.check([group["logGroupName"] for group in page] == ["/quiet"], f"the prefix /quiet finds {page}")
    report.check(page[0]["arn"] == page[0]["logGroupArn"] + ":*", f"the ARNs of a group are {page[0]}")
    pages = logs.get_paginator("describe_log_groups").paginate(PaginationConfig={"PageSize": 1})
    found = [[group["logGroupName"] for group in page["logGroups"]] for page in pages]
    names = sorted(name for page in found for name in page)
    report.check(len(names) == len(set(names)) >= 3 and all(len(page) <= 1 for page in found), f"one by one there are {found}")
    for limit in LIMITS:
        events, sizes = walk(logs, report, logGroupName="/quiet", **({"limit": limit} if limit else {}))
        said = [event["message"] for event in events]
        report.check(said == ["old"] * 5 + ["new"] * 3, f"limit={limit}: {said}")
        report.check(0 in sizes, f"limit={limit}: days without events, and no page without any: {sizes}")
    report.check(len({event["eventId"] for event in events}) == len(events), "equal lines share an event id")
    for args, code in (
        ({"logGroupName": "/none"}, "ResourceNotFoundException"),
        ({"logGroupName": "/rare"}, "InvalidOperationException"),
        ({"logGroupName": "/quiet", "limit": 0}, "InvalidParameterException"),
        ({"logGroupName": "/quiet", "nextToken": "no token of ours"}, "InvalidParameterException"),
    ):
        said = _raised(logs.filter_log_events, **args)
        report.check(said == code, f"FilterLogEvents {args} raises {said}, not {code}")
    for ids, code in (
        ([], "InvalidParameterException"),
        (["/quiet"], "InvalidParameterException"),
        ([page[0]["arn"]], "InvalidParameterException"),
        ([page[0]["logGroupArn"] + "x"], "ResourceNotFoundException"),
    ):
        said = _raised(logs.start_live_tail, logGroupIdentifiers=ids)
        report.check(said == code, f"StartLiveTail of {ids} raises {said}, not {code}")


def _raised(call, **args):
    time.sleep(PAUSE)
    try:
        call(**args)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def walk(logs, report, **args):
    """FilterLogEvents to the page without a token: all events, and how many each page had."""
    events, sizes, tokens = [], [], set()
    while True:
        time.sleep(PAUSE)
        page = logs.filter_log_events(**args)
        events += page["events"]
        sizes.append(len(page["events"]))
        report.check(sizes[-1] <= args.get("limit", 10000), f"a page of {sizes[-1]} events, limit={args.get('limit')}")
        token = page.get("nextToken")
        if token is None or not report.check(token not in tokens, f"the token {token} repeats"):
            return events, sizes
        tokens.add(token)
        args["nextToken"] = token


def reported(logs, group):
    """Whether the log has the last line of all four steps."""
    time.sleep(PAUSE)
    events = logs.filter_log_events(logGroupIdentifier=group, filterPattern="REPORT")["events"]
    return len(events) >= len(STEPS)


def check_stream(stream, operation, group_and_act, wire, report):
    """Reads Live Tail raw and strictly beside botocore's own parsing; `act` is done when the session has begun."""
    (group, act), reader = group_and_act, Reader()
    shape = operation.get_event_stream_output()
    raw, live, late = [], [], None
    # What botocore's own iteration does, with the message in between.
    for message in stream._event_generator:
        found = message_complaints(reader, shape, message.headers, message.payload)
        report.check(not found, f"StartLiveTail sent {found[:3]}")
        raw.append((message.headers, message.payload))
        event = stream._parse_event(message)
        if len(raw) == 1:
            start = event.get("sessionStart", {})
            report.check(start.get("logGroupIdentifiers") == [group], f"Live Tail begins with {event}")
            act()
            continue
        update = event["sessionUpdate"]
        report.check(update["sessionMetadata"]["sampled"] is False, "so few lines are sampled")
        live += update["sessionResults"]
        late = late or (len(raw) if sum(REPORT in line["message"] for line in live) >= len(STEPS) else None)
        if len(raw) >= MOST_MESSAGES or (late and len(raw) >= late + LATE):
            break
    stream.close()
    report.check(late, f"Live Tail had no end of the rotation after {len(raw)} messages")
    _spoil(shape, raw, report)
    return live


def _spoil(shape, raw, report):
    """The proof that messages are read strictly: true ones, spoiled one way at a time, must be refused."""
    headers, payload = next((h, p) for h, p in raw if json.loads(p).get("sessionResults"))
    body = json.loads(payload)
    first, *rest = body["sessionResults"]
    for what, spoiled in {
        "an unknown member": {**body, "Extra": 1},
        "no metadata": {"sessionResults": []},
        "a line with a date as text": {**body, "sessionResults": [{**first, "timestamp": "now"}, *rest]},
        "a line without its group": {
            **body,
            "sessionResults": [{key: value for key, value in first.items() if key != "logGroupIdentifier"}],
        },
    }.items():
        found = message_complaints(Reader(), shape, headers, json.dumps(spoiled))
        report.check(found, f"self-check: the reader accepts {what} in a stream")
    for name, value in ((":event-type", "sessionEnd"), (":message-type", "exception"), (":content-type", "text/html")):
        found = message_complaints(Reader(), shape, {**headers, name: value}, payload)
        report.check(found, f"self-check: the reader accepts {name} {value} in a stream")


def check_rotation_log(logs, group, rotation, report):
    """Four invocations with ids of their own, one a step, in order; the same at every page size, and live."""
    arn, token, live = rotation
    events, _ = walk(logs, report, logGroupIdentifier=group)
    for limit in (1, 4):
        again, _ = walk(logs, report, logGroupIdentifier=group, limit=limit)
        report.check(again == events, f"limit={limit}: other events than without")
    key = ("logStreamName", "timestamp", "message", "ingestionTime")
    filtered, tailed = (collections.Counter(tuple(line[k] for k in key) for line in lines) for lines in (events, live))
    report.check(tailed == filtered, f"Live Tail and FilterLogEvents differ in {list((tailed - filtered) + (filtered - tailed))[:3]}")
    messages = [event["message"] for event in events]
    ids = {word: [REQUEST.search(m)[0] for m in messages if m.startswith(f"{word} RequestId: ")] for word in ("START", "END", "REPORT")}
    started = ids["START"]
    report.check(len(started) == len(set(started)) == len(STEPS), f"the invocations {started}")
    report.check(ids["END"] == ids["REPORT"] == started, f"the invocations end as {ids}")
    for request, step in zip(started, STEPS):
        own = [message for message in messages if request in message and f"{step}: " in message]
        report.check(own and all(arn in message for message in own), f"{step} is not told by its invocation {request}: {own}")
    report.check(any(token in message for message in messages), f"no line names the version {token}")
