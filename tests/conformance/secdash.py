"""The program under judgement, as a script sees it: arguments in, JSON out."""

import contextlib
import json
import pathlib
import signal
import subprocess

import fields
from process import clean_env, poll, running, tail

SECONDS = 120


class Secdash:
    """One binary, one home directory without any AWS configuration."""

    def __init__(self, binary, home):
        self.binary = str(pathlib.Path(binary).resolve())
        self.home = home

    def json(self, region, endpoint, *args, without=()):
        """Run a command with --output json; whatever is not exit code 0 and JSON is an error with its text.

        `without` names operations that the server doesn't have: an answer may lack what they would tell (exit code 4).
        """
        command = [self.binary, "--region", region, "--endpoint-url", endpoint, *args, "--output", "json"]
        env = clean_env(self.home)
        done = subprocess.run(command, env=env, cwd=self.home, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
        answer = json.loads(done.stdout.decode("utf-8")) if done.returncode in (0, 4) else {}
        lacks = {fault["operation"] for fault in answer.get("faults", [])}
        if done.returncode not in (0, 4) or (done.returncode == 4) != bool(lacks) or not lacks <= set(without):
            raise RuntimeError(f"secdash {' '.join(args)!r} ended with {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
        return answer

    def ended(self, region, endpoint, *args):
        """Run a command with --output json to its end, whatever that is."""
        return subprocess.run(
            self._lines_of(region, endpoint, args),
            env=clean_env(self.home),
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
        )

    def lines(self, region, endpoint, *args):
        """Run a command whose answer is one JSON object a line: its exit code, those objects, and what stderr says."""
        done = self.ended(region, endpoint, *args)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode(errors="replace")

    @contextlib.contextmanager
    def going(self, region, endpoint, *args):
        """The same of a command that goes on; it is ended at the latest with this block."""
        log = pathlib.Path(self.home) / f"{args[0]}.jsonl"
        with running(self._lines_of(region, endpoint, args), clean_env(self.home), log) as child:
            yield Going(child, log, f"secdash {' '.join(args)}")

    def _lines_of(self, region, endpoint, args):
        return [self.binary, "--region", region, "--endpoint-url", endpoint, *args, "--output", "json"]


class Going:
    """A command that goes on, and what it has written until now."""

    def __init__(self, child, log, what):
        self.child, self.log, self.what = child, log, what

    def events(self):
        """Whole lines only: the last one may still be on its way."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]

    def until(self, holds):
        """Wait until `holds` of what it has written."""
        try:
            poll(lambda: holds(self.events()) or None, self.what, self.child)
        except (RuntimeError, TimeoutError) as error:
            raise RuntimeError(f"{error}\n{tail(self.log)}") from error

    def interrupt(self):
        """ctrl-c, to this very process; its exit code."""
        self.child.send_signal(signal.SIGINT)
        return self.ended()

    def ended(self):
        return self.child.wait(timeout=SECONDS)


def of_type(events, kind):
    return [event for event in events if event["type"] == kind]


def _members(what, record, wanted):
    """Complaints about members that are missing or unknown."""
    have = set(record) if isinstance(record, dict) else set()
    return [f"{what}: missing {sorted(wanted - have)}, unknown {sorted(have - wanted)}"] if have != wanted else []


def _frame(answer, members, region, endpoint, account):
    complaints = _members("answer", answer, members)
    complaints += _members("context", answer.get("context"), fields.CONTEXT_MEMBERS)
    context = answer.get("context") or {}
    true = {"region": region, "endpoint": endpoint, "account": account, "demo": False, "profile": None}
    complaints += [f"context: {name} is {context.get(name)!r}, not {value!r}" for name, value in true.items() if context.get(name) != value]
    try:
        fields.instant(answer.get("as_of"))
    except ValueError as error:
        complaints.append(f"as_of: {error}")
    return complaints


def list_complaints(answer, *place):
    """What is wrong with the form of `list --output json`, before any value is compared; `place` as for `_frame`."""
    complaints = _frame(answer, fields.LIST_MEMBERS, *place)
    if answer.get("complete") is not True:
        complaints.append(f"complete is {answer.get('complete')!r}")
    for secret in answer.get("secrets", []):
        complaints += _members(f"secret {secret.get('name')!r}", secret, fields.SECRET_MEMBERS)
    return complaints


def _timeline(answer):
    """Every version has a lane, and what is known of it now is what its labels say."""
    lanes = answer.get("timeline") or []
    complaints = [complaint for lane in lanes for complaint in _members("lane", lane, fields.LANE_MEMBERS)]
    labels = {version["version_id"]: version["labels"] for version in answer.get("versions") or []}
    labels |= {version: labels for version, labels in ((answer.get("secret") or {}).get("labels") or {}).items() if labels}
    known = {lane["version_id"]: [span["label"] for span in lane["known"]] for lane in lanes}
    if {version: sorted(known.get(version, [])) for version in labels} != {version: sorted(on) for version, on in labels.items()}:
        complaints.append(f"timeline: {known} is known, and the labels are {labels}")
    return complaints


def show_complaints(answer, *place):
    """The same for `show --output json`."""
    complaints = _frame(answer, fields.SHOW_MEMBERS, *place)
    secret = answer.get("secret") or {}
    complaints += _members("secret", secret, fields.SHOWN_MEMBERS)
    for version in answer.get("versions") or []:
        complaints += _members("version", version, fields.VERSION_MEMBERS)
    complaints += _timeline(answer)
    for replica in secret.get("replicas") or []:
        complaints += _members("replica", replica, fields.REPLICA_MEMBERS)
    return complaints
