"""Every error that the model declares, and those of AWS's common front, as boto3 raises them."""

from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from wire import Wire

UNKNOWN = "no/such/secret"
ONE = "prod/one"

CALLS = {
    "ListSecrets": lambda sm, **args: sm.list_secrets(**args),
    "DescribeSecret": lambda sm, **args: sm.describe_secret(**{"SecretId": ONE, **args}),
    "ListSecretVersionIds": lambda sm, **args: sm.list_secret_version_ids(**{"SecretId": ONE, **args}),
}

# How a declared error is brought about: by a request, or (None) by a fault of worlds/declared.toml.
# InternalServiceError is a fault of worlds/faults.toml, among the common ones.
DECLARED = {
    ("ListSecrets", "InvalidParameterException"): {"Filters": [{"Key": "name"}]},
    ("ListSecrets", "InvalidRequestException"): None,
    ("ListSecrets", "InvalidNextTokenException"): {"NextToken": "no token of ours"},
    ("DescribeSecret", "ResourceNotFoundException"): {"SecretId": UNKNOWN},
    ("DescribeSecret", "InvalidParameterException"): None,
    ("ListSecretVersionIds", "InvalidNextTokenException"): {"NextToken": "no token of ours"},
    ("ListSecretVersionIds", "ResourceNotFoundException"): {"SecretId": UNKNOWN},
    ("ListSecretVersionIds", "InvalidParameterException"): None,
}
IN_FAULTS = "InternalServiceError"

# worlds/faults.toml, in its order: status, code of the JSON services, code of STS.
FAULTS = (
    (400, "ThrottlingException", "Throttling"),
    (400, "AccessDeniedException", "AccessDenied"),
    (400, "ExpiredTokenException", "ExpiredToken"),
    (500, "InternalServiceError", "InternalFailure"),
    (400, "UnrecognizedClientException", "InvalidClientTokenId"),
    (400, "InvalidSignatureException", "SignatureDoesNotMatch"),
    (503, "ServiceUnavailable", "ServiceUnavailable"),
)
DENIED = "AccessDeniedException"

# Against a constraint of the model. Which of the two codes AWS takes is not documented per case.
AGAINST_CONSTRAINTS = (
    ("ListSecrets", {"MaxResults": 0}),
    ("ListSecrets", {"MaxResults": 101}),
    ("ListSecrets", {"NextToken": ""}),
    ("ListSecrets", {"NextToken": "t" * 4097}),
    ("ListSecrets", {"SortBy": "size"}),
    ("ListSecrets", {"SortOrder": "up"}),
    ("ListSecrets", {"Filters": [{"Key": "colour", "Values": ["red"]}]}),
    ("ListSecrets", {"Filters": [{"Key": "name", "Values": []}]}),
    ("ListSecrets", {"Filters": [{"Key": "name", "Values": ["a"] * 11}]}),
    ("ListSecrets", {"Filters": [{"Key": "name", "Values": ["a#b"]}]}),
    ("ListSecrets", {"Filters": [{"Key": "name", "Values": ["a"]}] * 11}),
    ("DescribeSecret", {"SecretId": ""}),
    ("DescribeSecret", {"SecretId": "s" * 2049}),
    ("ListSecretVersionIds", {"MaxResults": 101}),
    ("ListSecretVersionIds", {"SecretId": ""}),
)


def check_errors(session, config, opened, report):
    """`opened(name)` runs the world of that name."""
    with opened("faults") as url:
        wire = Wire(session, config, url, report)
        _faults(wire, report)
        sm = wire.client("secretsmanager")
        _declared(sm, {key: args for key, args in DECLARED.items() if args is not None}, report)
        _unknown_ids(sm, wire, report)
        _constraints(sm, report)
        _unsigned(wire, config, report)
    with opened("declared") as url:
        sm = Wire(session, config, url, report).client("secretsmanager")
        _declared(sm, {key: {} for key, args in DECLARED.items() if args is None}, report)
    with opened("policy") as url:
        _policy(Wire(session, config, url, report), report)


def _raised(call):
    """The ClientError that a call raises; None if it succeeds."""
    try:
        call()
    except ClientError as error:
        return error
    return None


def _is(error, code, status=400):
    if error is None:
        return False
    said = error.response
    return said["Error"]["Code"] == code and said["Error"].get("Message") and said["ResponseMetadata"]["HTTPStatusCode"] == status


def _declared(sm, cases, report):
    """As the typed exception of the client, not just as a code. An error the model gained is a failure here."""
    for name in CALLS:
        for shape in sm.meta.service_model.operation_model(name).error_shapes:
            known = (name, shape.name) in DECLARED or shape.name == IN_FAULTS
            report.check(known, f"{name} declares {shape.name}, which nothing brings about here")
    for (name, code), args in cases.items():
        error = _raised(lambda: CALLS[name](sm, **args))
        typed = error is not None and type(error) is getattr(sm.exceptions, code)
        report.check(typed and _is(error, code), f"{name} raises {error!r}, not {code}")


def _faults(wire, report):
    """The faults that every operation can meet; after the last one all is well again."""
    sm, sts = wire.client("secretsmanager"), wire.client("sts")
    for status, code, query_code in FAULTS:
        for name, call in CALLS.items():
            error = _raised(lambda: call(sm))
            report.check(_is(error, code, status), f"{name} raises {error!r}, not {code} with {status}")
            if code == IN_FAULTS:
                report.check(type(error) is sm.exceptions.InternalServiceError, f"{name} raises {type(error)}")
            if code == DENIED:
                report.check(f"secretsmanager:{name}" in str(error), f"{name}: the denial names no action: {error}")
        error = _raised(sts.get_caller_identity)
        said = error and error.response["Error"]["Code"]
        report.check(said == query_code, f"GetCallerIdentity raises {error!r}, not {query_code}")
    for name, call in CALLS.items():
        report.check(_raised(lambda: call(sm)) is None, f"{name} still fails after the last fault")
    report.check(_raised(sts.get_caller_identity) is None, "GetCallerIdentity still fails after the last fault")


def _policy(wire, report):
    """What the world's policy allows passes; a denial names the action, the secret, and which kind of denial it is."""
    sm = wire.client("secretsmanager")
    arns = {entry["Name"]: entry["ARN"] for entry in sm.list_secrets()["SecretList"]}
    implicit, explicit = "because no identity-based policy allows the", "with an explicit deny in an identity-based policy"
    for name, why in (("prod/one", None), ("test/one", implicit), ("prod/two", explicit)):
        error = _raised(lambda: sm.describe_secret(SecretId=name))
        if why is None:
            report.check(error is None, f"DescribeSecret of {name} is allowed, but raises {error!r}")
            continue
        words = f"perform: secretsmanager:DescribeSecret on resource: {arns[name]} {why}"
        report.check(_is(error, DENIED) and words in str(error), f"DescribeSecret of {name} raises {error!r}, not {words}")
    error = _raised(wire.client("cloudtrail").lookup_events)
    report.check(_is(error, DENIED) and "cloudtrail:LookupEvents" in str(error), f"LookupEvents raises {error!r}")
    report.check(_raised(wire.client("sts").get_caller_identity) is None, "GetCallerIdentity needs a permission")


def _unknown_ids(sm, wire, report):
    """What is nearly the id of a secret, and the right ARN asked for in another Region."""
    arn = sm.describe_secret(SecretId=ONE)["ARN"]
    wrong = (arn[:-1] + ("a" if arn[-1] != "a" else "b"), arn.replace("eu-west-1", "eu-west-2"), ONE.upper(), ONE[:-1], arn + "x")
    abroad = wire.client("secretsmanager", region_name="us-east-1")
    for client, ids in ((sm, wrong), (abroad, (arn, ONE))):
        for name in ("DescribeSecret", "ListSecretVersionIds"):
            for secret_id in ids:
                error = _raised(lambda: CALLS[name](client, SecretId=secret_id))
                report.check(_is(error, "ResourceNotFoundException"), f"{name} of {secret_id} raises {error!r}")
    report.check(abroad.list_secrets()["SecretList"] == [], "another Region lists the same secrets")


def _constraints(sm, report):
    for name, args in AGAINST_CONSTRAINTS:
        error = _raised(lambda: CALLS[name](sm, **args))
        good = _is(error, "ValidationException") or _is(error, "InvalidParameterException")
        report.check(good, f"{name} with {str(args)[:80]} raises {error!r}")


def _unsigned(wire, config, report):
    anonymous = wire.client("secretsmanager", config=config.merge(Config(signature_version=UNSIGNED)))
    for name, call in CALLS.items():
        error = _raised(lambda: call(anonymous))
        report.check(_is(error, "MissingAuthenticationTokenException"), f"{name} without a signature raises {error!r}")
