"""Judge (b): another client. boto3 reads the demo world, raw and strictly, to the last member."""

import contextlib
import pathlib
import re

from botocore.config import Config
from botocore.exceptions import ClientError

from demo_alerts import check_alerts
from demo_deletion import check_deletion
from demo_errors import check_errors
from demo_filters import check_filters
from demo_rotation import check_rotation
from demo_spoils import check_reader
from demo_trail import check_trail
from process import clean_env, poll, running, tail
from shapes import Reader, reachable_members
from wire import Wire

WORLDS = pathlib.Path(__file__).parent / "worlds"
READY = re.compile(r"^listening on (http://127\.0\.0\.1:\d+)$", re.MULTILINE)
EVERYTHING = "prod/everything"  # in worlds/members.toml: the secret that has every member
PAGE_SIZES = (1, 7, 100, None)
SORT_KEYS = {
    "created-date": "CreatedDate",
    "last-accessed-date": "LastAccessedDate",
    "last-changed-date": "LastChangedDate",
    "name": "Name",
}

# One attempt, so that a fault that strikes once is seen; nothing checked before it is sent.
CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20, parameter_validation=False)


@contextlib.contextmanager
def demo(secdash, world):
    """`secdash demo --listen` on a port of its own choice; yields the URL that it prints."""
    args = [secdash.binary, f"--demo={world}", "demo", "--listen", "127.0.0.1:0"]
    log = pathlib.Path(secdash.home) / f"demo-{pathlib.Path(str(world)).stem.replace(':', '-')}.log"

    def ready():
        line = READY.search(log.read_text(errors="replace"))
        return line and line.group(1)

    with running(args, clean_env(secdash.home), log) as child:
        try:
            url = poll(ready, f"secdash --demo={world}", child)
        except (RuntimeError, TimeoutError) as error:
            raise RuntimeError(f"{error}\n{tail(log)}") from error
        yield url


def judge_demo(session, secdash, report):
    """All worlds, all checks; says their number at the end, come what may."""
    before = report.total
    try:
        _judge_members(session, secdash, report)
        _judge_pages(session, secdash, report)
        _judge_world(session, secdash, "default", PAGE_SIZES, report)
        _judge_world(session, secdash, "secrets:1000", (7, 100, None), report)
        check_errors(session, CONFIG, lambda name: demo(secdash, WORLDS / f"{name}.toml"), report)
        check_trail(session, CONFIG, lambda name: demo(secdash, WORLDS / f"{name}.toml"), report)
        check_deletion(session, CONFIG, lambda name: demo(secdash, WORLDS / f"{name}.toml"), report)
        check_rotation(session, CONFIG, lambda name: demo(secdash, WORLDS / f"{name}.toml"), report)
        check_alerts(session, CONFIG, secdash, lambda name: demo(secdash, WORLDS / f"{name}.toml"), report)
    finally:
        report.say(f"boto3: {report.total - before} checks of the demo world")


def _judge_members(session, secdash, report):
    """The world that has everything; the reader is spoiled here, where it has everything to refuse."""
    reader = Reader()
    with demo(secdash, WORLDS / "members.toml") as url:
        world = World(Wire(session, CONFIG, url, report, reader), report)
        world.check_all()
        world.check_empty_pending("prod/empty-pending")
        check_filters(world.names, world.entries, report)
        check_reader(world.wire, world.sm, EVERYTHING, report)
        check_every_member(reader, world, report)


def _judge_pages(session, secdash, report):
    """Short pages and an empty one: botocore's paginator must come to the end all the same."""
    with demo(secdash, WORLDS / "pages.toml") as url:
        client = Wire(session, CONFIG, url, report).client("secretsmanager")
        pages = [[entry["Name"] for entry in page["SecretList"]] for page in client.get_paginator("list_secrets").paginate()]
        report.check(pages == [["a", "b"], [], ["c", "d"], ["e"]], f"pages came as {pages}")


def _judge_world(session, secdash, which, sizes, report):
    """A world of the program's own; what it lacks is no fault of the wire."""
    with demo(secdash, which) as url:
        world = World(Wire(session, CONFIG, url, report), report)
        world.check_all(sizes, may_deny=0.1)
        check_filters(world.names, world.entries, report, telling=False)


def check_every_member(reader, world, report):
    """The model's members that no answer has had yet would have been judged by nobody."""
    asked = [(world.sm, name) for name in ("ListSecrets", "DescribeSecret", "ListSecretVersionIds")]
    asked.append((world.sts, "GetCallerIdentity"))
    shapes = [client.meta.service_model.operation_model(name).output_shape for client, name in asked]
    missing = sorted({member for shape in shapes for member in reachable_members(shape)} - reader.seen)
    report.check(not missing, f"members of the model that no answer had: {missing}")


class World:
    """One running demo world and what boto3 finds in it."""

    def __init__(self, wire, report):
        self.wire, self.report = wire, report
        self.sm, self.sts = wire.client("secretsmanager"), wire.client("sts")
        self.entries = self.pages()

    def check_all(self, sizes=PAGE_SIZES, sample=40, may_deny=0.0):
        """Everything but the filters; `may_deny` is the share of secrets that a world may refuse to show."""
        self.check_identity()
        self.check_paging(sizes)
        self.check_deleted()
        self.check_orders()
        asked = self.entries[:: max(1, len(self.entries) // sample)]
        denied = [entry["Name"] for entry in asked if not self.readable(entry, sizes)]
        self.report.check(len(denied) <= len(asked) * may_deny, f"{len(denied)} of {len(asked)} secrets denied: {denied[:5]}")

    def pages(self, size=None, **args):
        """ListSecrets to the end by botocore's paginator; by default also what is deleted."""
        args = {"IncludePlannedDeletion": True, **args, "PaginationConfig": {"PageSize": size}}
        found = []
        for page in self.sm.get_paginator("list_secrets").paginate(**args):
            self.report.check(len(page["SecretList"]) <= (size or 100), f"a page of {len(page['SecretList'])}, MaxResults={size}")
            found += page["SecretList"]
        return found

    def names(self, filters):
        return {entry["Name"] for entry in self.pages(Filters=filters)}

    def check_identity(self):
        caller = self.sts.get_caller_identity()
        accounts = {entry["ARN"].split(":")[4] for entry in self.entries} | {caller["Account"]}
        self.report.check(accounts == {caller["Account"]} and re.fullmatch(r"\d{12}", caller["Account"]), f"accounts differ: {accounts}")
        self.report.check(caller["Arn"].startswith(f"arn:aws:sts::{caller['Account']}:"), f"caller {caller['Arn']}")

    def check_paging(self, sizes):
        """Every page size tells the same story; botocore itself refuses a token that repeats."""
        arns = [entry["ARN"] for entry in self.entries]
        self.report.check(arns and len(arns) == len(set(arns)), "the world is empty or lists a secret twice")
        for size in sizes:
            got = [entry["ARN"] for entry in self.pages(size)]
            self.report.check(got == arns, f"MaxResults={size}: {len(got)} secrets in another order or number than {len(arns)}")

    def check_deleted(self):
        """Without IncludePlannedDeletion exactly the deleted ones are left out."""
        live = {entry["ARN"] for entry in self.entries if "DeletedDate" not in entry}
        for args in ({"IncludePlannedDeletion": False}, {}):
            pages = self.sm.get_paginator("list_secrets").paginate(**args)
            got = {entry["ARN"] for page in pages for entry in page["SecretList"]}
            self.report.check(got == live, f"ListSecrets with {args}: differs in {sorted(got ^ live)[:3]}")

    def check_orders(self):
        """SortBy and SortOrder; secrets without the date have no documented place."""
        for by, member in SORT_KEYS.items():
            for order in ("asc", "desc"):
                got = self.pages(SortBy=by, SortOrder=order)
                values = [entry[member] for entry in got if member in entry]
                self.report.check(values == sorted(values, reverse=order == "desc"), f"SortBy={by} SortOrder={order} is not sorted")
                same = {entry["ARN"] for entry in got} == {entry["ARN"] for entry in self.entries}
                self.report.check(same, f"SortBy={by} SortOrder={order} lists other secrets")
        created = [entry["CreatedDate"] for entry in self.entries]
        self.report.check(created in (sorted(created), sorted(created, reverse=True)), "without SortBy it is not by CreatedDate")

    def readable(self, entry, sizes):
        """Check one secret; False if the world denies it, as a world may that shows what a denial looks like."""
        try:
            self.check_secret(entry, sizes)
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDeniedException":
                raise
            return False
        return True

    def check_secret(self, entry, sizes):
        """DescribeSecret by name, ARN and partial ARN says what ListSecrets said, and nothing else."""
        name, arn = entry["Name"], entry["ARN"]
        self.report.check(re.fullmatch(re.escape(name) + "-[A-Za-z0-9]{6}", arn.split(":", 6)[6]), f"the ARN {arn} is not of {name}")
        ids = [name, arn, arn[:-7]]
        if re.search("-[A-Za-z0-9]{6}$", name):
            ids.pop()  # such a partial ARN is read as a whole one, by AWS too
        listed = {("VersionIdsToStages" if key == "SecretVersionsToStages" else key): value for key, value in entry.items()}
        for secret_id in ids:
            described = self.sm.describe_secret(SecretId=secret_id)
            shared = {key: value for key, value in described.items() if key not in ("ResponseMetadata", "ReplicationStatus")}
            self.report.check(shared == listed, f"DescribeSecret {secret_id} differs from ListSecrets in {_differing(shared, listed)}")
            self.check_versions(secret_id, described, sizes)

    def check_versions(self, secret_id, described, sizes):
        """Labelled versions, then the deprecated ones too; the same at every page size."""
        labels = {version: sorted(stages) for version, stages in described.get("VersionIdsToStages", {}).items()}
        labelled, everything = self.versions(secret_id, None, False), self.versions(secret_id, None, True)
        for version in everything:
            same = sorted(version.get("VersionStages", [])) == labels.get(version["VersionId"], [])
            self.report.check(same, f"{secret_id}: labels of {version['VersionId']} are not those of DescribeSecret")
        with_labels = [version for version in everything if version.get("VersionStages")]
        self.report.check(labelled == with_labels, f"{secret_id}: without IncludeDeprecated not exactly the versions with labels")
        for size in sizes:
            got = self.versions(secret_id, size, True)
            self.report.check(got == everything, f"{secret_id}: versions differ with MaxResults={size}")

    def versions(self, secret_id, size, deprecated):
        """ListSecretVersionIds to the end, by hand: botocore has no paginator for it."""
        args = {"SecretId": secret_id, "IncludeDeprecated": deprecated, **({"MaxResults": size} if size else {})}
        found, tokens = [], set()
        while True:
            page = self.sm.list_secret_version_ids(**args)
            found += page["Versions"]
            self.report.check(len(page["Versions"]) <= (size or 100), f"a page of {len(page['Versions'])} versions, MaxResults={size}")
            token = page.get("NextToken")
            if token is None or not self.report.check(token not in tokens, f"the token {token} repeats"):
                return found
            tokens.add(token)
            args["NextToken"] = token

    def check_empty_pending(self, name):
        """A version without a value is in DescribeSecret and is not listed, not even as deprecated."""
        described = self.sm.describe_secret(SecretId=name)["VersionIdsToStages"]
        listed = {version["VersionId"] for version in self.versions(name, None, True)}
        hidden = [stages for version, stages in described.items() if version not in listed]
        self.report.check(hidden == [["AWSPENDING"]], f"{name}: hidden versions have the labels {hidden}")


def _differing(one, other):
    return sorted(key for key in {*one, *other} if one.get(key) != other.get(key))
