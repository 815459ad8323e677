"""What Lambda tells in the demo world about functions, those that are gone, and those without a policy."""

import json

WELL, CLOSED, GONE = "rotate-well", "rotate-closed", "rotate-gone"
ACCOUNT = "000000000000"
NO_POLICY = "The resource you requested does not exist."


def check_functions(client, report):
    for name in (WELL, CLOSED):
        _configuration(client, name, report)
    _policy(client, report)
    reserved = [client.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions") for name in (WELL, CLOSED)]
    report.check(reserved == [None, 5], f"reserved are {reserved}")
    calls = (client.get_function_configuration, client.get_policy, client.get_function_concurrency)
    for name in (GONE, "rotate-never-was"):
        for call in calls:
            _missing(client, lambda: call(FunctionName=name), f"Function not found: {_arn(name)}", report)
    _missing(client, lambda: client.get_policy(FunctionName=CLOSED), NO_POLICY, report)


def _arn(name):
    return f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{name}"


def _configuration(client, name, report):
    """By name and by ARN the same."""
    found = [client.get_function_configuration(FunctionName=one) for one in (name, _arn(name))]
    for answer in found:
        del answer["ResponseMetadata"]
    report.check(found[0] == found[1], f"{name} is another by its ARN")
    said = (found[0]["FunctionName"], found[0]["FunctionArn"], found[0]["State"], found[0]["LoggingConfig"]["LogGroup"])
    report.check(said == (name, _arn(name), "Active", f"/aws/lambda/{name}"), f"the configuration of {name} says {said}")


def _policy(client, report):
    """The policy is JSON, and admits Secrets Manager for this account."""
    statement = json.loads(client.get_policy(FunctionName=WELL)["Policy"])["Statement"][0]
    said = (statement["Effect"], statement["Principal"], statement["Action"], statement["Resource"])
    wanted = ("Allow", {"Service": "secretsmanager.amazonaws.com"}, "lambda:InvokeFunction", _arn(WELL))
    report.check(said == wanted, f"the policy says {said}")


def _missing(client, call, words, report):
    """As the client's typed exception, with the status of the model."""
    try:
        call()
    except client.exceptions.ResourceNotFoundException as error:
        said = (error.response["Error"]["Message"], error.response["ResponseMetadata"]["HTTPStatusCode"])
        report.check(said == (words, 404), f"what is missing is told as {said}, not {words}")
        return
    report.check(False, f"found what is missing: {words}")
