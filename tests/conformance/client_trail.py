"""`secdash history` against ministack's event history: what boto3 reads from LookupEvents, secdash must read too.

ministack keeps what was called, by whom and when. It has neither NextToken nor Resources nor error codes, answers
responseElements null, and spells requestParameters as the request does (`SecretId`; AWS writes `secretId`): so pages, the
history of one secret, refusals and service events are judged by the demo world alone, and no more than one page is here.
"""

import contextlib
import json

import fields
from botocore.exceptions import ClientError
from process import REGION, post

NAME = "trailed/here"
SOURCE = "secretsmanager.amazonaws.com"
PAGE = 50  # ministack gives the newest and tells of no others
READS = 9
# What each call is to a person who looks for it.
KINDS = {
    "CreateSecret": "write",
    "PutSecretValue": "write",
    "UpdateSecret": "write",
    "GetSecretValue": "read",
    "UpdateSecretVersionStage": "other",  # its label is in `VersionStage`, which AWS spells `versionStage`
    "TagResource": "settings",
    "DescribeSecret": "metadata",
    "ListSecrets": "metadata",
    "DeleteSecret": "deletion",
    "RestoreSecret": "restore",
}


def judge_trail(place):
    with _recording(place.url):
        _act(place.client("secretsmanager"))
        theirs = _looked_up(place.client("cloudtrail"))
        answer = place.secdash.json(REGION, place.url, "history", "--since", "1h", "--all")
    place.check({event["EventName"] for event in theirs} == set(KINDS), f"ministack recorded {sorted({e['EventName'] for e in theirs})}")
    place.check(len(theirs) < PAGE, f"{len(theirs)} events are more than ministack tells of")
    complaints = _complaints(theirs, answer)
    place.check(not complaints, f"history: {complaints[:3]} and {len(complaints[3:])} more")
    place.report.say(f"{place.judge} history: {len(theirs)} events compared, {len(complaints)} differences")
    blind = [what for what, spoiled in _spoiled(answer) if not _complaints(theirs, spoiled)]
    place.check(not blind, f"history: self-check: {blind}")


@contextlib.contextmanager
def _recording(url):
    """Only meanwhile: what the other judges do would push all of it off the one page."""
    post(f"{url}/_ministack/config", {"cloudtrail._recording_enabled": "true"})
    try:
        yield
    finally:
        post(f"{url}/_ministack/config", {"cloudtrail._recording_enabled": "false"})


def _act(sm):
    """Each kind of call, by name and by ARN."""
    arn = sm.create_secret(Name=NAME, SecretString="v0")["ARN"]
    first = sm.describe_secret(SecretId=arn)["VersionIdsToStages"].popitem()[0]
    second = sm.put_secret_value(SecretId=NAME, SecretString="v1")["VersionId"]
    for n in range(READS - 2):
        sm.get_secret_value(SecretId=arn if n % 2 else NAME)
    sm.get_secret_value(SecretId=NAME, VersionStage="AWSPREVIOUS")
    with contextlib.suppress(ClientError):
        sm.get_secret_value(SecretId="trailed/nowhere")
    move = {"SecretId": NAME, "VersionStage": "AWSCURRENT", "MoveToVersionId": first, "RemoveFromVersionId": second}
    sm.update_secret_version_stage(**move)
    sm.update_secret(SecretId=arn, Description="told of")
    sm.tag_resource(SecretId=NAME, Tags=[{"Key": "team", "Value": "payments"}])
    sm.list_secrets(MaxResults=1)
    sm.delete_secret(SecretId=NAME, RecoveryWindowInDays=7)
    sm.restore_secret(SecretId=NAME)


def _looked_up(trail):
    by_source = [{"AttributeKey": "EventSource", "AttributeValue": SOURCE}]
    return trail.lookup_events(LookupAttributes=by_source)["Events"]


def _row(event):
    """What an event of secdash says, in the form of what its record says."""
    who = (event["who"]["name"], event["who"]["caller"])
    names = (event["event_id"], event["event_name"], event["event_source"], event["kind"])
    return (*names, fields.instant(event["time"]), who, event["source_ip"], event["outcome"], event["record"])


def _wanted(event):
    record = json.loads(event["CloudTrailEvent"])
    names = (event["EventId"], event["EventName"], event["EventSource"], KINDS.get(event["EventName"]))
    who = (record["userIdentity"]["userName"], "user")
    return (*names, fields.instant(record["eventTime"]), who, record["sourceIPAddress"], "done", event["CloudTrailEvent"])


def _complaints(theirs, answer):
    """Each event once and as it is recorded, the newest first, and one reader with each of its reads."""
    got = [_row(event) for event in answer["events"]]
    wanted = {_wanted(event) for event in theirs}
    complaints = [f"missing or wrong: {row}" for row in sorted(wanted - set(got), key=repr)]
    complaints += [f"not recorded: {row}" for row in sorted(set(got) - wanted, key=repr)]
    complaints += ["an event is there twice"] if len(set(got)) != len(got) else []
    times = [event["time"] for event in answer["events"]]
    complaints += [f"in the order {times}"] if times != sorted(times, reverse=True) else []
    others = len(theirs) - READS
    tallies = [(reader["name"], reader["reads"], reader["refused"], reader["others"]) for reader in answer["readers"]]
    complaints += [f"readers: {tallies}"] if tallies != [(theirs[0]["Username"], READS, 0, others)] else []
    return complaints


def _spoiled(answer):
    """The answer with one thing wrong in it, each in turn."""
    for member in ("event_id", "event_name", "event_source", "kind", "source_ip", "outcome", "record"):
        yield member, _with_event(answer, {member: "spoiled"})
    yield "time", _with_event(answer, {"time": "2026-01-01T00:00:00Z"})
    yield "who", _with_event(answer, {"who": {"name": "spoiled", "caller": "user"}})
    yield "missing", {**answer, "events": answer["events"][1:]}
    yield "twice", {**answer, "events": [answer["events"][0], *answer["events"]]}
    yield "readers", {**answer, "readers": []}


def _with_event(answer, changes):
    first, *rest = answer["events"]
    return {**answer, "events": [{**first, **changes}, *rest]}
