"""Judge (a): other people's servers. What boto3 reads from them, secdash must read too."""

import concurrent.futures
import os
import tempfile
import time

import fields
from compare import blind_spots, compare
from judges import ABROAD, LIST, REPLICAS, SHOW, VERSIONS
from process import REGION, REPLICA_REGION, serving
from secdash import list_complaints, show_complaints
from seed import SECRETS, Seeder

SHOWN_DIFFERENCES = 5  # per field; the count is always complete


def judge_client(judge, session, config, secdash, report):
    """Start one emulator, fill it, compare everything, end it."""
    with tempfile.TemporaryDirectory(prefix=f"{judge.name}-") as home, serving(judge.name, judge.command, home) as url:
        judge.prepare(url)
        started = time.monotonic()
        seeder = Seeder(session, url, config, judge.traits)
        seeder.fill()
        report.say(f"{judge.name}: {SECRETS} secrets made in {time.monotonic() - started:.0f} s")
        bench = Bench(judge, secdash, url, report)
        bench.list(LIST, REGION, seeder.sm)
        bench.list(ABROAD, REPLICA_REGION, session.client("secretsmanager", region_name=REPLICA_REGION, endpoint_url=url, config=config))
        bench.show_all(seeder.sm)
        report.say(f"{judge.name}: judged in {time.monotonic() - started:.0f} s")


class Bench:
    """One judge, one client, and the lines they leave behind."""

    def __init__(self, judge, secdash, url, report):
        self.judge, self.secdash, self.url, self.report = judge, secdash, url, report

    def list(self, scope, region, client):
        """`list` over everything, against ListSecrets read to the end."""
        pages = client.get_paginator("list_secrets").paginate(IncludePlannedDeletion=True)
        theirs = [entry for page in pages for entry in page["SecretList"]]
        answer = self.secdash.json(region, self.url, "list")
        self._form(scope, list_complaints(answer, region, self.url))
        self._once(scope, [secret["arn"] for secret in answer["secrets"]])
        expected = {entry["ARN"]: fields.aws_row(entry, fields.SECRET) for entry in theirs}
        actual = {secret["arn"]: fields.secdash_row(secret, fields.SECRET) for secret in answer["secrets"]}
        self._compare(scope, expected, actual, fields.SECRET)

    def show_all(self, client):
        """`show` of every secret, by name and by ARN in turn, against DescribeSecret and ListSecretVersionIds."""
        pages = client.get_paginator("list_secrets").paginate(IncludePlannedDeletion=True)
        entries = [entry for page in pages for entry in page["SecretList"]]
        asked = [entry["ARN"] if n % 2 else entry["Name"] for n, entry in enumerate(entries)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            answers = list(pool.map(lambda secret: self.secdash.json(REGION, self.url, "show", secret), asked))
        self._form(SHOW, [f"{secret}: {c}" for secret, answer in zip(asked, answers) for c in show_complaints(answer, REGION, self.url)])
        arns = [entry["ARN"] for entry in entries]
        described = {arn: client.describe_secret(SecretId=arn) for arn in arns}
        listed = {arn: client.list_secret_version_ids(SecretId=arn, IncludeDeprecated=True)["Versions"] for arn in arns}
        shown = dict(zip(arns, answers))
        self._compare(
            SHOW,
            {arn: fields.aws_row(described[arn], fields.SECRET) for arn in arns},
            {arn: fields.secdash_row(shown[arn]["secret"], fields.SECRET) for arn in arns},
            fields.SECRET,
        )
        self._compare(
            VERSIONS,
            {f"{arn} {v['VersionId']}": fields.aws_row(v, fields.VERSION) for arn in arns for v in listed[arn]},
            {f"{arn} {v['version_id']}": fields.secdash_row(v, fields.VERSION) for arn in arns for v in shown[arn]["versions"] or []},
            fields.VERSION,
        )
        self._compare(
            REPLICAS,
            {f"{arn} {r['Region']}": fields.aws_row(r, fields.REPLICA) for arn in arns for r in described[arn].get("ReplicationStatus", [])},
            {f"{arn} {r['region']}": fields.secdash_row(r, fields.REPLICA) for arn in arns for r in shown[arn]["secret"]["replicas"] or []},
            fields.REPLICA,
        )

    def _form(self, scope, complaints):
        self.report.check(not complaints, f"{self.judge.name} {scope}: form of the answer: {complaints[:3]} and {len(complaints[3:])} more")

    def _once(self, scope, arns):
        self.report.check(len(arns) == len(set(arns)), f"{self.judge.name} {scope}: a secret is listed twice")

    def _compare(self, scope, expected, actual, compared):
        """One line and two checks per field; then the proof that the comparator would have seen a difference."""
        compared = [field for field in compared if self._comparable(scope, field)]
        for name, count in compare(expected, actual, compared).items():
            self._line(scope, name, count)
        blind = blind_spots(expected, actual, compared)
        self.report.check(not blind, f"{self.judge.name} {scope}: self-check: {blind}")

    def _comparable(self, scope, field):
        why = self.judge.skipped(scope, field.name)
        if why:
            self.report.say(f"{self.judge.name} {scope} {field.name}: not compared ({why})")
        return not why

    def _line(self, scope, name, count):
        where = f"{self.judge.name} {scope} {name}"
        lowest, highest, reason = self.judge.demand(scope, name)
        note = f" ({reason})" if reason else ""
        self.report.say(f"{where}: {count.compared} compared, {count.not_null} not null, {len(count.differences)} differences{note}")
        for key, want, got in count.differences[:SHOWN_DIFFERENCES]:
            self.report.say(f"  {key}: {name}: the judge has {want!r}, secdash has {got!r}")
        self.report.check(not count.differences, f"{where}: {len(count.differences)} differences")
        self.report.check(lowest <= count.not_null <= highest, f"{where}: {count.not_null} not null, wanted {lowest} to {highest}{note}")
