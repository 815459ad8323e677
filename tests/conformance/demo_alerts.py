"""`secdash alerts`: what it prints is carried out by boto3, as a shell and the AWS CLI would, and then somebody is told.

CloudFormation's own linter reads the template, and moto's reader of event patterns judges beside the demo world's.
"""

import json
import pathlib
import shlex
import subprocess

from botocore import xform_name
from moto.events.models import EventPattern

from process import REGION, clean_env, installed
from wire import Wire

TARGET = f"arn:aws:sns:{REGION}:000000000000:on-call"
COVERED = ["covered"] * 4
FAILURES = ("RotationFailed", "RotationAbandoned", "TestRotationFailed")
PLACEHOLDERS = {"YOUR-BUCKET": "management-events"}

# World, how each event stands before, and how many things would help.
WORLDS = (("bare", ["no-trail"] * 4, 3), ("unnoticed", ["not-logging"] * 4, 3))

# Operators, what fits, and what doesn't: moto and the demo world must agree.
TESTS = (
    ('{"prefix": "eu-"}', "eu-west-1", "us-east-1"),
    ('{"suffix": "-1"}', "eu-west-1", "eu-west-2"),
    ('{"wildcard": "eu-*-1"}', "eu-west-1", "eu-west-2"),
    ('{"equals-ignore-case": "EU"}', "eu", "eu-"),
    ('{"anything-but": ["a", "b"]}', "c", "b"),
    ('{"anything-but": {"prefix": "a"}}', "b", "ab"),
    ('{"numeric": [">", 1, "<=", 2]}', 2, 1),
    ('{"exists": true}', "a", {"deeper": 1}),
    ('"a"', "a", "b"),
    ("3", 3, "3"),
    ("null", None, "null"),
)


def check_alerts(session, config, secdash, opened, report):
    """`opened(name)` runs the world of that name."""
    for name, before, helps in WORLDS:
        with opened(name) as url:
            wire = Wire(session, config, url, report)
            answer = _asked(secdash, url, report, 3)
            _template(answer["cloudformation"], wire, secdash.home, name, report)
            found = [event["standing"] for event in answer["events"]]
            needed = [step for step in answer["steps"] if step["needed"]]
            report.check((found, len(needed)) == (before, helps), f"{name}: {found} with {len(needed)} steps before")
            _carry_out_all(answer, wire, url, report)
            answer = _asked(secdash, url, report, 0)
            found = [event["standing"] for event in answer["events"]]
            report.check(found == COVERED, f"{name}: {found} after its own commands")
            report.check(not any(step["needed"] for step in answer["steps"]), f"{name}: {answer['steps']} would be needed still")
            # A rule that was turned on by that may not hear of reads yet.
            _carry_out_all(answer, wire, url, report)
            answer = _asked(secdash, url, report, 0)
            report.check(answer["steps"] == [] and answer["cloudformation"] is None, f"{name}: more would help: {answer['steps']}")
            _left_alone(wire, name, report)
    with opened("bare") as url:
        _patterns(Wire(session, config, url, report).client("events"), report)


def _asked(secdash, url, report, code):
    done = secdash.ended(REGION, url, "alerts", "--target", TARGET)
    report.check(done.returncode == code, f"alerts ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
    return json.loads(done.stdout)


def _carry_out_all(answer, wire, url, report):
    for step in answer["steps"]:
        for line in step["commands"]:
            _carry_out(line, wire, url, report)


def _carry_out(line, wire, url, report):
    """One line as a POSIX shell splits it and the AWS CLI reads it."""
    program, service, command, *options = shlex.split(line)
    given = _options(options)
    place = (given.pop("endpoint-url"), given.pop("region"))
    report.check((program, place[0]) == ("aws", url), f"it goes elsewhere: {line}")
    client = wire.client(service, region_name=place[1])
    operation = next(name for name in client.meta.service_model.operation_names if xform_name(name, "-") == command)
    members = client.meta.service_model.operation_model(operation).input_shape.members
    named = {xform_name(member, "-"): (member, shape) for member, shape in members.items()}
    report.check(set(given) <= set(named), f"{operation} has not all of {sorted(given)}")
    args = {named[option][0]: _value(named[option][1], value) for option, value in given.items()}
    answer = getattr(client, xform_name(operation))(**args)
    report.check(not answer.get("FailedEntryCount"), f"{line} answered {answer}")


def _options(words):
    """--name VALUE, and flags without a value."""
    given = {}
    while words:
        option, *words = words
        has_value = words and not words[0].startswith("--")
        given[option.removeprefix("--")], words = (words[0], words[1:]) if has_value else (True, words)
    return given


def _value(shape, text):
    """The CLI's shorthand for a list of structures, and texts as they are."""
    if shape.type_name == "list":
        return [dict(part.split("=", 1) for part in text.split(","))]
    return PLACEHOLDERS.get(text, text)


def _template(template, wire, home, name, report):
    """cfn-lint has nothing to say of it, and its patterns catch what they should and nothing more."""
    path = pathlib.Path(home) / f"{name}.template.json"
    path.write_text(json.dumps(template), encoding="utf-8")
    lint = [installed("cfn-lint"), "--regions", REGION, "--template", str(path)]
    done = subprocess.run(lint, env=clean_env(home), cwd=home, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    report.check(done.returncode == 0, f"{name}: cfn-lint says {done.stdout.decode()} {done.stderr.decode()}")
    bus, caught = wire.client("events"), {"SecretDeleted": ("DeleteSecret",), "RotationFailed": FAILURES}
    for resource, events in caught.items():
        pattern = template["Resources"][resource]["Properties"]["EventPattern"]
        for event in ("DeleteSecret", *FAILURES, "RotationSucceeded", "RestoreSecret", "GetSecretValue"):
            _judged(bus, pattern, _event(event), event in events, report)


def _event(name, **more):
    is_call = not name.startswith(("Rotation", "TestRotation"))
    return {
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": f"AWS {'API Call' if is_call else 'Service Event'} via CloudTrail",
        "source": "aws.secretsmanager",
        "account": "000000000000",
        "time": "2026-11-20T09:14:00Z",
        "region": REGION,
        "resources": [],
        "detail": {"eventSource": "secretsmanager.amazonaws.com", "eventName": name, **more},
    }


def _judged(bus, pattern, event, expected, report):
    """By the demo world and by moto."""
    result = bus.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(event))["Result"]
    other = EventPattern.load(json.dumps(pattern)).matches_event(event)
    what = f"{pattern} of {event['detail']}"
    report.check((result, other) == (expected, expected), f"{what}: the world says {result}, moto {other}, and it is {expected}")


def _patterns(bus, report):
    for test, fits, fails in TESTS:
        pattern = {"detail": {"field": [json.loads(test)]}}
        _judged(bus, pattern, _event("DeleteSecret", field=fits), True, report)
        _judged(bus, pattern, _event("DeleteSecret", field=fails), False, report)
    either = {"detail": {"$or": [{"a": [1]}, {"b": {"c": [{"exists": False}]}}], "d": [2]}}
    for more, expected in (({"a": 1, "d": 2}, True), ({"b": {"c": 1}, "d": 2}, False), ({"d": 2}, True), ({"a": 1}, False)):
        _judged(bus, either, _event("DeleteSecret", **more), expected, report)
    for wrong in ("", "[]", '{"a": "b"}', '{"a": []}', '{"a": [{"sounds-like": "b"}]}'):
        try:
            bus.test_event_pattern(EventPattern=wrong, Event=json.dumps(_event("DeleteSecret")))
        except bus.exceptions.InvalidEventPatternException:
            continue
        report.check(False, f"{wrong} passes for a pattern")


def _left_alone(wire, name, report):
    """What was there is there still: no new rule took another one's place."""
    if name != "unnoticed":
        return
    bus = wire.client("events")
    rules = {rule["Name"]: rule for page in bus.get_paginator("list_rules").paginate() for rule in page["Rules"]}
    report.check(rules["secdash-RotationFailed"]["ScheduleExpression"] == "rate(1 day)", f"the rules are {rules}")
    daily = bus.list_targets_by_rule(Rule="secdash-RotationFailed")["Targets"]
    report.check([target["Arn"].rsplit(":", 1)[1] for target in daily] == ["daily"], f"its targets are {daily}")
    report.check(rules["deletions"]["Description"] == "it's ours", f"the rules are {rules}")
