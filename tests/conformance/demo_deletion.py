"""DeleteSecret and RestoreSecret as boto3 sees them: what they answer, what they refuse, and when a secret is gone."""

import datetime
import time

from botocore.exceptions import ClientError

from wire import Wire

ONE, REPLICATED, OWNED = "prod/one", "prod/replicated", "prod/owned"  # of worlds/deletion.toml
DAY = 0.864  # of that world, in seconds: it runs a hundred thousand times as fast

MARKED = "You can't perform this operation on the secret because it was marked for deletion."
REFUSED = (
    ({"SecretId": "no/such/secret"}, "ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
    ({"SecretId": ONE, "RecoveryWindowInDays": 6}, "InvalidParameterException", "between 7 and 30 days"),
    ({"SecretId": ONE, "RecoveryWindowInDays": 31}, "InvalidParameterException", "between 7 and 30 days"),
    (
        {"SecretId": ONE, "RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True},
        "InvalidParameterException",
        "in conjunction with RecoveryWindowInDays",
    ),
    ({"SecretId": REPLICATED}, "InvalidParameterException", "that still has replica regions [us-east-1]"),
    ({"SecretId": OWNED}, "InvalidRequestException", "managed by another service"),
)


def check_deletion(session, config, opened, report):
    """`opened(name)` runs the world of that name."""
    with opened("deletion") as url:
        sm = Wire(session, config, url, report).client("secretsmanager")
        for args, code, words in REFUSED:
            _refused(lambda args=args: sm.delete_secret(**args), code, words, report)
        _refused(lambda: sm.restore_secret(SecretId="no/such/secret"), "ResourceNotFoundException", "can't find", report)
        _restored(sm, report)
        _gone(sm, report)


def _refused(call, code, words, report):
    try:
        told = call()
    except ClientError as error:
        told = error.response["Error"]
    report.check(told.get("Code") == code and words in told["Message"], f"{told} is not {code} with {words!r}")


def _restored(sm, report):
    """Marked, refused, and as before."""
    before = _described(sm)
    deleted = sm.delete_secret(SecretId=ONE)
    marked = _described(sm)
    report.check(marked["DeletedDate"] == deleted["DeletionDate"], f"{marked} was to be deleted at {deleted['DeletionDate']}")
    _refused(lambda: sm.delete_secret(SecretId=ONE), "InvalidRequestException", MARKED, report)
    _refused(lambda: sm.rotate_secret(SecretId=ONE), "InvalidRequestException", MARKED, report)
    restored = sm.restore_secret(SecretId=ONE)
    same = (restored["ARN"], restored["Name"]) == (deleted["ARN"], deleted["Name"]) == (before["ARN"], ONE)
    report.check(same, f"restored as {restored}, deleted as {deleted}")
    after = _described(sm)
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    report.check(changed <= {"LastChangedDate"}, f"restored, it differs in {sorted(changed)}")


def _gone(sm, report):
    """It is there until its window has passed, and not a day longer."""
    deleted = sm.delete_secret(SecretId=ONE, RecoveryWindowInDays=7)
    changed = _described(sm)["LastChangedDate"]
    window = deleted["DeletionDate"] - changed
    report.check(abs(window - datetime.timedelta(days=7)) < datetime.timedelta(days=1), f"a window of {window}")
    time.sleep(9 * DAY)
    _refused(lambda: sm.describe_secret(SecretId=ONE), "ResourceNotFoundException", "can't find", report)
    _refused(lambda: sm.restore_secret(SecretId=ONE), "ResourceNotFoundException", "can't find", report)
    nobody = sm.delete_secret(SecretId="no/such/secret", ForceDeleteWithoutRecovery=True)
    report.check(nobody["Name"] == "no/such/secret", f"without recovery, what isn't there is answered with {nobody}")


def _described(sm):
    described = sm.describe_secret(SecretId=ONE)
    return {key: value for key, value in described.items() if key != "ResponseMetadata"}
