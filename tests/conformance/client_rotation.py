"""Rotations against moto: what we say that we ask for is what it knows, and what we refuse never reaches it.

moto rotates in another way than AWS. It takes a RotateSecret without RotationLambdaARN, which for AWS means the
function that is set, as one without any: it moves AWSCURRENT to the new version at once, and forgets the function. With
RotationLambdaARN it runs the steps within the call. So nothing that secdash asks for leaves AWSPENDING there; what does
is a RotateSecret by somebody else with RotationLambdaARN and RotateImmediately=false, whose version AWS would have
taken AWSPENDING from after the trial, and moto leaves.
"""

import concurrent.futures
import json

from process import REGION, get, post
from secdash import of_type
from seed import make_function

FRESH, PENDING = "rotated/by-us", "rotated/by-others"
FIRST, NEXT = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
INCOMPLETE = "A previous rotation isn't complete. That rotation will be reattempted."
WITHOUT = ("LookupEvents",)


def judge_rotation(place):
    function = make_function(place.client, "rotate-one")
    place.client("lambda").add_permission(
        FunctionName=function, StatementId="rotation", Action="lambda:InvokeFunction", Principal="secretsmanager.amazonaws.com"
    )
    sm = place.client("secretsmanager")
    post(f"{place.url}/moto-api/recorder/start-recording", {})
    _rotated(place, sm, function)
    _refused(place, sm, function)
    _followed(place, sm)


def _configured(sm, name, function):
    """A secret with a function, and with the version that moto leaves pending."""
    sm.create_secret(Name=name, SecretString="v0", ClientRequestToken=FIRST)
    rules = {"AutomaticallyAfterDays": 30}
    sm.rotate_secret(
        SecretId=name, RotationLambdaARN=function, RotationRules=rules, RotateImmediately=False, ClientRequestToken=NEXT
    )


def _described(sm, name):
    """What DescribeSecret says, and the labels that are there."""
    described = sm.describe_secret(SecretId=name)
    del described["ResponseMetadata"]
    return described, {version: labels for version, labels in described["VersionIdsToStages"].items() if labels}


def _asked(place, name):
    """The requests of RotateSecret for this secret that moto has had from secdash."""
    lines = get(f"{place.url}/moto-api/recorder/download-recording").decode().splitlines()
    entries = [{**entry, "headers": {key.lower(): value for key, value in entry["headers"].items()}} for entry in map(json.loads, lines)]
    targets = [entry["headers"].get("x-amz-target", "") for entry in entries if "aws-sdk-rust" in entry["headers"].get("user-agent", "")]
    place.check("secretsmanager.DescribeSecret" in targets, "the recording has no call of secdash")
    return targets.count("secretsmanager.RotateSecret")


def _rotated(place, sm, function):
    """The version that moto has made is the token that we told of."""
    _configured(sm, FRESH, function)
    sm.update_secret_version_stage(SecretId=FRESH, VersionStage="AWSPENDING", RemoveFromVersionId=NEXT)
    code, events, said = place.run("rotate", FRESH, "--yes")
    accepted = of_type(events, "accepted")
    place.check(code == 0 and len(accepted) == 1, f"rotate ended with {code}, {events[-1:]}, {said}")
    change, version = of_type(events, "change")[0], accepted[0]["version"] if accepted else None
    described, labels = _described(sm, FRESH)
    place.check(labels == {FIRST: ["AWSPREVIOUS"], version: ["AWSCURRENT"]}, f"rotate took {version}, moto has {labels}")
    place.check(f"ClientRequestToken={version} " in change["call"], f"{version} is not in the call that was told: {change['call']}")
    place.check(change["secret"] == described["ARN"] and change["name"] == FRESH, f"another secret was told: {change}")
    place.check(_asked(place, FRESH) == 1, "not one RotateSecret came of secdash")


def _refused(place, sm, function):
    """A version is pending: we see it, and do not even ask."""
    _configured(sm, PENDING, function)
    before, labels = _described(sm, PENDING)
    place.check(labels == {FIRST: ["AWSCURRENT"], NEXT: ["AWSPENDING"]}, f"moto no longer leaves AWSPENDING: {labels}")
    code, events, said = place.run("rotate", PENDING, "--yes")
    stops = [check["rule"] for check in of_type(events, "check") if check["grade"] == "stops"]
    place.check((code, stops) == (1, ["pending"]), f"a second rotation ended with {code}, stopped by {stops}")
    place.check(not of_type(events, "accepted"), "a second rotation was accepted")
    place.check(INCOMPLETE in said and "Nothing was changed." in said, f"a second rotation is refused with {said}")
    after, _ = _described(sm, PENDING)
    place.check(after == before, "a second rotation changed the secret")
    place.check(_asked(place, PENDING) == 1, "a second rotation reached moto")


def _followed(place, sm):
    """`follow` and `show` see the pending version; when its label moves, `follow` has come to its end."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool, place.going("follow", PENDING, "--timeout", "60s") as follow:
        # Beside it, since the look-up that moto lacks is tried again for a long time.
        show = pool.submit(place.secdash.json, REGION, place.url, "show", PENDING, without=WITHOUT)
        follow.until(lambda events: of_type(events, "step"))
        shown = show.result()
        labels = shown["secret"]["labels"]
        place.check(labels == {FIRST: ["AWSCURRENT"], NEXT: ["AWSPENDING"]}, f"show has the labels {labels}")
        pending = [version["version_id"] for version in shown["versions"] if "AWSPENDING" in version["labels"]]
        place.check(pending == [NEXT], f"show has {pending} pending")
        sm.update_secret_version_stage(SecretId=PENDING, VersionStage="AWSCURRENT", MoveToVersionId=NEXT, RemoveFromVersionId=FIRST)
        code, events = follow.ended(), follow.events()
    first, ends = of_type(events, "labels")[0], of_type(events, "end")
    place.check(first["labels"] == {FIRST: ["AWSCURRENT"], NEXT: ["AWSPENDING"]}, f"follow began with {first}")
    sources = [source["source"] for source in of_type(events, "source")]
    place.check(any("polling" in source for source in sources), f"moto has no Live Tail, and follow says {sources}")
    place.check((code, [end["outcome"] for end in ends]) == (0, ["succeeded"]), f"follow ended with {code}, {ends}")
    done = {step["step"] for step in of_type(events, "step") if step["state"] == "done"}
    place.check("finishSecret" in done, f"follow saw {done} done")
