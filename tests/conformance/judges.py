"""The emulators that judge our client: how each starts, and what it can and cannot answer for.

An unsupported field is still compared, as null against null; only an incomparable one,
where two readings of the same emulator differ, is left out.
"""

import math
from dataclasses import dataclass, field

from client_logs import judge_logs
from client_rotation import judge_rotation
from client_trail import judge_trail
from fields import ENOUGH
from process import LOOPBACK, installed, post

LIST, SHOW, VERSIONS, REPLICAS, ABROAD = "list", "show", "show versions", "show replicas", "list in the replica Region"

# Fields that a command's comparison cannot fill by nature, with any emulator.
_NEITHER_KNOWS = {
    "type": "no emulator has managed external secrets",
}
_JUDGED_ABROAD = {"present", "arn", "name", "primary_region"}
_AT_HOME = {"primary_region": "only replicas have one; they are listed in the replica Region"}


@dataclass(frozen=True)
class Judge:
    """`unsupported[scope][field]` is the reason why the emulator answers null there, always.

    `without` are the operations that it doesn't have at all; `also` is what it judges besides list and show.
    """

    name: str
    command: object
    traits: frozenset
    unsupported: dict
    incomparable: dict = field(default_factory=dict)
    prepare: object = lambda url: None
    without: tuple = ()
    also: object = lambda place: None

    def demand(self, scope, name):
        """(lowest, highest, reason): how many non-null values this field must have had in this scope.

        An unsupported field must have had none: once the emulator learns it, the excuse has to go.
        """
        if scope == ABROAD and name not in _JUDGED_ABROAD:
            return 0, math.inf, "no minimum: judged in the home Region"
        why = self.unsupported.get(scope, {}).get(name)
        return (0, 0, f"unsupported: {why}") if why else (ENOUGH, math.inf, "")

    def skipped(self, scope, name):
        """Why this field cannot even be compared here; None when it is."""
        return self.incomparable.get(scope, {}).get(name)


_MOTO_SECRET = {
    **_NEITHER_KNOWS,
    **_AT_HOME,
    "last_accessed": "moto answers null always",
    "rotation_rules.duration": "moto drops Duration",
    "rotation_rules.schedule_expression": "moto drops ScheduleExpression",
}
_MINISTACK_SECRET = {
    **_NEITHER_KNOWS,
    **_AT_HOME,
    "next_rotation": "ministack never sets NextRotationDate",
    "last_rotated": "ministack never sets LastRotatedDate",
    "owning_service": "ministack has no OwningService",
}
_NOT_IN_ITS_LIST = "ministack leaves it out of ListSecrets; judged in show"
_MINISTACK_LIST = {
    **_MINISTACK_SECRET,
    "rotation_function": _NOT_IN_ITS_LIST,
    "rotation_rules.automatically_after_days": _NOT_IN_ITS_LIST,
    "rotation_rules.duration": _NOT_IN_ITS_LIST,
    "rotation_rules.schedule_expression": _NOT_IN_ITS_LIST,
    "kms_key": _NOT_IN_ITS_LIST,
}
_REPLICA = {"last_accessed": "no emulator sets a replica's LastAccessedDate"}
_VERSION = {"kms_keys": "no emulator answers KmsKeyIds"}


def _logs_and_trail(place):
    judge_logs(place)
    judge_trail(place)


JUDGES = (
    Judge(
        name="moto",
        command=lambda port: ([installed("moto_server"), "-H", LOOPBACK, "-p", str(port)], {}),
        traits=frozenset({"functions", "cancel", "owner tag"}),
        unsupported={LIST: _MOTO_SECRET, SHOW: _MOTO_SECRET, VERSIONS: _VERSION, REPLICAS: _REPLICA},
        incomparable={
            VERSIONS: {
                "created": "moto answers the time of the request",
                "last_accessed": "moto answers the time of the request",
            }
        },
        prepare=lambda url: post(f"{url}/moto-api/config", {"lambda": {"use_docker": False}}),
        without=("LookupEvents",),
        also=judge_rotation,
    ),
    Judge(
        name="ministack",
        command=lambda port: ([installed("ministack")], {"BIND_HOST": LOOPBACK, "GATEWAY_PORT": str(port)}),
        traits=frozenset({"accessed"}),
        unsupported={
            LIST: _MINISTACK_LIST,
            SHOW: _MINISTACK_SECRET,
            VERSIONS: {**_VERSION, "last_accessed": "ministack has it for the secret only"},
            REPLICAS: _REPLICA,
        },
        also=_logs_and_trail,
    ),
)
