"""The secrets that a judge is filled with: wide enough that every field it supports has hundreds of values.

Which secret gets what follows from its number alone, so that a difference can be found again.
"""

import io
import json
import zipfile

from process import REPLICA_REGION

SECRETS = 480  # five pages of 100; half of them deleted

_FOLDERS = ("prod/payments", "prod/search.v2", "stage_eu", "a+b=c", "team@example.org", "UPPER/lower/Mixed", "dots...and--dashes", "rds!cluster")
_DESCRIPTIONS = (
    None,
    "login of the orders service",
    "Zugangsdaten für Müller & Söhne – ключ, 鍵, مفتاح",
    'quotes " and \\ backslash, tab\t and newline\n, slash / and <tag>',
    "emoji 🔑👩‍💻, combining e\u0301, zero\u200bwidth, override \u202eabc",
    "control \x1b[31mred\x1b[0m, bell \x07, nul \x00, delete \x7f, c1 \x9b",
    " leading and trailing space ",
    "x" * 2048,
)
_TAG_VALUES = ("payments", "", "true", "Grüße aus Köln", "a/b:c=d+e@f", "  spaced  ", "鍵" * 40)
_KEYS = (
    "alias/prod",
    "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
    "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
    None,
)


def deleted(i):
    return (i // 5) % 2 == 1


def rotating(i):
    return i % 7 < 5


def replicated(i):
    return not deleted(i) and i % 8 != 0


def name(i):
    """Every legal character occurs; one name has a single character and one has 256."""
    if i == 0:
        return "z"
    if i == 1:
        return "long/" + "n" * 251
    return f"{_FOLDERS[i % len(_FOLDERS)]}/{i:03}-{'key' if i % 3 else 'AbCdEf'}"


def tags(i, owned):
    """Zero to five tags, and the one tag from which moto derives OwningService."""
    own = [{"Key": f"tag-{n}" if n else "Größe:aws/cf", "Value": _TAG_VALUES[(i + n) % len(_TAG_VALUES)]} for n in range(i % 6)]
    return own + ([{"Key": "aws:secretsmanager:owningService", "Value": "rds"}] if owned and i % 2 else [])


def rules(i):
    """Days alone, a schedule alone, or both with a window, which is what AWS answers for a schedule."""
    if i % 46 == 5:
        return {"ScheduleExpression": "cron(0 16 1,15 * ? *)"}
    if i % 6 == 5:
        return {"AutomaticallyAfterDays": 1 + i % 1000}
    expression = "rate(4 hours)" if i % 2 else f"cron(0 {i % 21} ? * SUN#{1 + i % 4} *)"
    return {"AutomaticallyAfterDays": 1 + i * 2, "ScheduleExpression": expression, "Duration": f"{1 + i % 24}h"}


def token(i, n):
    """A version id; AWS takes any 32 to 64 characters, so some of them are no UUIDs."""
    if i % 2:
        return f"terraform-2026010203040506{i:05}{n:03}"
    return f"{i:08x}-{n:04x}-4000-8000-{i * 7919 + n:012x}"


class Seeder:
    """Fills one emulator. What it cannot do is left out by `traits`, the set of things it can."""

    def __init__(self, session, endpoint, config, traits):
        self._client = lambda service: session.client(service, endpoint_url=endpoint, config=config)
        self.sm = self._client("secretsmanager")
        self.traits = traits

    def fill(self):
        """In passes, so that created, rotated, changed and accessed fall into different seconds."""
        functions = self.functions() if "functions" in self.traits else [_function_arn(n) for n in range(5)]
        for i in range(SECRETS):
            self._create(i)
        for i in filter(rotating, range(SECRETS)):
            self._rotate(i, functions[i % len(functions)])
        for i in range(SECRETS):
            self._versions(i)
        for i in range(SECRETS):
            self._finish(i)

    def _create(self, i):
        more = {"Description": _DESCRIPTIONS[i % len(_DESCRIPTIONS)], "KmsKeyId": _KEYS[i % len(_KEYS)]}
        more = {key: value for key, value in more.items() if value is not None}
        self.sm.create_secret(
            Name=name(i), SecretString="v0", ClientRequestToken=token(i, 0), Tags=tags(i, "owner tag" in self.traits), **more
        )

    def _rotate(self, i, function):
        """Configure without a rotation. moto leaves AWSPENDING behind; it stays on one secret in four."""
        self.sm.rotate_secret(SecretId=name(i), RotationLambdaARN=function, RotationRules=rules(i), RotateImmediately=False)
        if i % 4:
            for version, labels in self._labels(i).items():
                if "AWSPENDING" in labels:
                    self.sm.update_secret_version_stage(SecretId=name(i), VersionStage="AWSPENDING", RemoveFromVersionId=version)
        if "cancel" in self.traits and i % 11 == 2:
            self.sm.cancel_rotate_secret(SecretId=name(i))

    def _versions(self, i):
        """Five stories of labels: one version; a previous one; custom labels; a pending one; a roll-back."""
        story = i % 5
        if story in (1, 2, 4):
            self._put(i, 1, "AWSCURRENT")
        if story == 2:
            self._put(i, 2, "blue", "release/2026.11 ü")
            self._put(i, 3, "green")
        if story == 3:
            self._put(i, 1, "AWSPENDING")
        if story == 4:
            self._put(i, 2, "canary")
            before = next(version for version, labels in self._labels(i).items() if "AWSPREVIOUS" in labels)
            self._move(i, "AWSCURRENT", before, token(i, 1))
            self._move(i, "canary", before, token(i, 2))

    def _finish(self, i):
        """What a deleted secret would refuse comes before its deletion."""
        if "accessed" in self.traits and i % 4:
            self.sm.get_secret_value(SecretId=name(i))  # the emulator sets LastAccessedDate; the value is thrown away
        if replicated(i):
            to = [{"Region": REPLICA_REGION, "KmsKeyId": "alias/replica"}]
            self.sm.replicate_secret_to_regions(SecretId=name(i), AddReplicaRegions=to)
        if deleted(i):
            self.sm.delete_secret(SecretId=name(i), RecoveryWindowInDays=7 + i % 24)

    def _put(self, i, n, *labels):
        self.sm.put_secret_value(SecretId=name(i), ClientRequestToken=token(i, n), SecretString=f"v{n}", VersionStages=list(labels))

    def _move(self, i, label, to, source):
        self.sm.update_secret_version_stage(SecretId=name(i), VersionStage=label, MoveToVersionId=to, RemoveFromVersionId=source)

    def _labels(self, i):
        return self.sm.describe_secret(SecretId=name(i))["VersionIdsToStages"]

    def functions(self):
        """moto refuses to rotate with a function that it does not have, and a function without a role."""
        return [make_function(self._client, f"rotate-{n}") for n in range(5)]


def make_function(client, name):
    """A function that is never to run, and its role; its ARN."""
    role = client("iam").create_role(RoleName=f"role-{name}", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17"}))
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("rotate.py", "def handler(event, context):\n    pass\n")
    kind = {"Runtime": "python3.13", "Role": role["Role"]["Arn"], "Handler": "rotate.handler", "Code": {"ZipFile": code.getvalue()}}
    return client("lambda").create_function(FunctionName=name, **kind)["FunctionArn"]


def _function_arn(n):
    return f"arn:aws:lambda:eu-west-1:000000000000:function:rotate-{n}"
