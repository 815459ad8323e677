"""`secdash logs` against ministack: what boto3 writes into the function's log group, through its Live Tail, each line once.

ministack's RotateSecret runs no function, and keeps the one that it is given; so the lines are ours.
"""

import collections
import time

import fields
from secdash import of_type
from seed import make_function

NAME, OTHER, GONE = "logged/here", "logged/other", "logged/gone"
FUNCTION = "rotate-logged"
STREAMS = ("2026/11/21/[$LATEST]" + "a" * 32, "2026/11/21/[$LATEST]" + "b" * 32)
BEFORE_MS = 10 * 60 * 1000  # how long before the rest the first lines were written
BATCHES = 4


def judge_logs(place):
    function = make_function(place.client, FUNCTION)
    gone = function.replace(FUNCTION, "rotate-gone")
    sm = place.client("secretsmanager")
    arns = {name: _configured(sm, name, arn) for name, arn in ((NAME, function), (OTHER, function), (GONE, gone))}
    writer = Writer(place.client("logs"), f"/aws/lambda/{FUNCTION}")
    now = round(time.time() * 1000)
    own = writer.put(STREAMS[0], _invocation("before", arns[NAME], now - BEFORE_MS))
    own += _follow(place, writer, arns, own)
    _read(place, (NAME,), own)
    _read(place, (NAME, "--all"), writer.written)
    _guessed(place, place.client("logs"), arns[GONE])


def _configured(sm, name, function):
    arn = sm.create_secret(Name=name, SecretString="v0")["ARN"]
    sm.rotate_secret(SecretId=name, RotationLambdaARN=function, RotationRules={"AutomaticallyAfterDays": 30})
    return arn


def _invocation(word, arn, at, equal=1):
    """(milliseconds, message) of an invocation about a secret, as Lambda logs one; its middle line `equal` times."""
    request = f"{word:0>8.8}-0000-4000-8000-000000000000".translate({ord(c): "e" for c in "fghijklmnopqrstuvwxyz"})
    said = f"[INFO]\t2026-11-21T12:00:00.000Z\t{request}\tcreateSecret: Successfully retrieved secret for {arn}."
    end = f"REPORT RequestId: {request}\tDuration: 12.50 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 51 MB\t"
    lines = [f"START RequestId: {request} Version: $LATEST\n", *[said] * equal, f"END RequestId: {request}\n", end]
    return [(at + (0 < n <= equal) + 2 * (n > equal), line) for n, line in enumerate(lines)]


class Writer:
    """Puts events as a function does, and knows what it has put."""

    def __init__(self, logs, group):
        self.logs, self.group, self.written = logs, group, []
        logs.create_log_group(logGroupName=group)
        for stream in STREAMS:
            logs.create_log_stream(logGroupName=group, logStreamName=stream)

    def put(self, stream, lines):
        """In one call; what is to be read of it."""
        events = [{"timestamp": at, "message": message} for at, message in lines]
        self.logs.put_log_events(logGroupName=self.group, logStreamName=stream, logEvents=events)
        put = [(stream, at, message) for at, message in lines]
        self.written += put
        return put


def _seen(events):
    """The lines that secdash told, in the same form."""
    return [(line["stream"], fields.instant(line["at"]), line["message"]) for line in of_type(events, "line")]


def _compare(place, what, wanted, events):
    """Each line as often as it was written, no more and no less."""
    wanted, got = collections.Counter(wanted), collections.Counter(_seen(events))
    missing, surplus = wanted - got, got - wanted
    place.check(wanted and not missing and not surplus, f"{what}: {sorted(missing)[:3]} missing, {sorted(surplus)[:3]} too many")


def _follow(place, writer, arns, before):
    """What is written while `logs --follow` runs; invocations of the other secret, and equal lines, between them."""
    own = []
    with place.going("logs", NAME, "--follow", "--since", "1h") as follow:
        follow.until(lambda events: any("live" in _words(source["source"]) for source in of_type(events, "source")))
        for n in range(BATCHES):
            now = round(time.time() * 1000)
            own += writer.put(STREAMS[0], _invocation(f"a{n}", arns[NAME], now, equal=n + 1))
            writer.put(STREAMS[1], _invocation(f"b{n}", arns[OTHER], now))
        follow.until(lambda events: len(_seen(events)) >= len(before + own))
        # Of no invocation: it may be held until the end, and is told then.
        own += writer.put(STREAMS[0], [(round(time.time() * 1000), "a line of nobody's")])
        # One more invocation: what was written before it has arrived when its lines are told.
        own += writer.put(STREAMS[1], _invocation("c", arns[NAME], round(time.time() * 1000)))
        follow.until(lambda events: len(_seen(events)) >= len(before + own) - 1)
        code, events = follow.interrupt(), follow.events()
    place.check(code == 130, f"logs --follow ended with {code} at ctrl-c")
    _compare(place, "logs --follow", before + own, events)
    kinds = {event["type"] for event in events}
    place.check(kinds <= {"line", "source", "filled"}, f"logs --follow told of {kinds}")
    return own


def _words(text):
    return text.replace("·", " ").split()


def _read(place, args, wanted):
    """Without --follow: the same lines, by FilterLogEvents."""
    code, events, said = place.run("logs", *args, "--since", "1h")
    place.check(code == 0, f"logs {args} ended with {code}: {said}")
    _compare(place, f"logs {args}", wanted, events)


def _guessed(place, logs, arn):
    """A function that Lambda doesn't know: the group that it has by default is read all the same, and that is said."""
    group = "/aws/lambda/rotate-gone"
    writer = Writer(logs, group)
    own = writer.put(STREAMS[0], _invocation("gone", arn, round(time.time() * 1000)))
    code, events, said = place.run("logs", GONE, "--since", "1h")
    told = [source["source"] for source in of_type(events, "source")]
    place.check(code == 0 and any(group in text for text in told), f"logs of a function that is gone: {code}, {told}, {said}")
    _compare(place, "logs of a function that is gone", own, events)
