"""Judge (a): other people's servers. What boto3 reads from them, secdash must read too."""

import concurrent.futures
import functools
import os
import tempfile
import time

import fields
from compare import blind_spots, compare
from judges import ABROAD, LIST, REPLICAS, SHOW, VERSIONS
from place import Place
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
        account = session.client("sts", endpoint_url=url, config=config).get_caller_identity()["Account"]
        bench = Bench(judge, secdash, url, account, report)
        bench.list(LIST, REGION, seeder.sm)
        abroad = session.client("secretsmanager", region_name=REPLICA_REGION, endpoint_url=url, config=config)
        bench.list(ABROAD, REPLICA_REGION, abroad)
        bench.show_all(seeder.sm)
        client = functools.partial(session.client, endpoint_url=url, config=config)
        judge.also(Place(judge.name, secdash, client, url, report))
        report.say(f"{judge.name}: judged in {time.monotonic() - started:.0f} s")


class Bench:
    """One judge, one client, and the lines they leave behind."""

    def __init__(self, judge, secdash, url, account, report):
        self.judge, self.secdash, self.url, self.account, self.report = judge, secdash, url, account, report

    def list(self, scope, region, client):
        """`list` over everything, against ListSecrets read to the end."""
        pages = client.get_paginator("list_secrets").paginate(IncludePlannedDeletion=True)
        theirs = [entry for page in pages for entry in page["SecretList"]]
        answer = self.secdash.json(region, self.url, "list")
        self._form(scope, list_complaints(answer, region, self.url, self.account))
        self._once(scope, [secret["arn"] for secret in answer["secrets"]])
        expected = {entry["ARN"]: fields.aws_row(entry, fields.SECRET) for entry in theirs}
        actual = {secret["arn"]: fields.secdash_row(secret, fields.SECRET) for secret in answer["secrets"]}
        self._compare(scope, expected, actual, fields.SECRET)

    def show_all(self, client):
        """`show` of every secret, by name and by ARN in turn, against DescribeSecret and ListSecretVersionIds."""
        pages = client.get_paginator("list_secrets").paginate(IncludePlannedDeletion=True)
        entries = [entry for page in pages for entry in page["SecretList"]]
        asked = [entry["ARN"] if n % 2 else entry["Name"] for n, entry in enumerate(entries)]
        # Where an operation is missing, most of the time is spent waiting for the next try.
        workers = os.cpu_count() * (24 if self.judge.without else 1)
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            show = functools.partial(self.secdash.json, REGION, self.url, "show", without=self.judge.without)
            answers = list(pool.map(show, asked))
        lacking = {fault["operation"] for answer in answers for fault in answer["faults"]}
        excused = set(self.judge.without)
        self.report.check(lacking == excused, f"{self.judge.name} {SHOW}: {sorted(excused)} are excused, {sorted(lacking)} are missing")
        place = (REGION, self.url, self.account)
        self._form(SHOW, [f"{secret}: {c}" for secret, answer in zip(asked, answers) for c in show_complaints(answer, *place)])
        self._shown(client, {entry["ARN"]: answer for entry, answer in zip(entries, answers)})

    def _shown(self, client, shown):
        """Three comparisons: the secrets, their versions, their replicas."""
        described = {arn: client.describe_secret(SecretId=arn) for arn in shown}
        listed = {arn: client.list_secret_version_ids(SecretId=arn, IncludeDeprecated=True)["Versions"] for arn in shown}
        expected = {arn: fields.aws_row(answer, fields.SECRET) for arn, answer in described.items()}
        actual = {arn: fields.secdash_row(answer["secret"], fields.SECRET) for arn, answer in shown.items()}
        self._compare(SHOW, expected, actual, fields.SECRET)
        theirs = ((f"{arn} {v['VersionId']}", v) for arn, versions in listed.items() for v in versions)
        ours = ((f"{arn} {v['version_id']}", v) for arn, answer in shown.items() for v in answer["versions"] or [])
        self._compare_parts(VERSIONS, theirs, ours, fields.VERSION)
        theirs = ((f"{arn} {r['Region']}", r) for arn, answer in described.items() for r in answer.get("ReplicationStatus", []))
        ours = ((f"{arn} {r['region']}", r) for arn, answer in shown.items() for r in answer["secret"]["replicas"] or [])
        self._compare_parts(REPLICAS, theirs, ours, fields.REPLICA)

    def _compare_parts(self, scope, theirs, ours, compared):
        expected = {key: fields.aws_row(record, compared) for key, record in theirs}
        actual = {key: fields.secdash_row(record, compared) for key, record in ours}
        self._compare(scope, expected, actual, compared)

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
            self.report.say(f"  {key}: {name}: the judge has {_short(want)}, secdash has {_short(got)}")
        self.report.check(not count.differences, f"{where}: {len(count.differences)} differences")
        self.report.check(lowest <= count.not_null <= highest, f"{where}: {count.not_null} not null, wanted {lowest} to {highest}{note}")


def _short(value, most=200):
    """Python's spelling, which escapes what could drive a terminal."""
    text = repr(value)
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"
