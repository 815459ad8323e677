"""Child processes on loopback, cut off from the machine's own AWS set-up."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

LOOPBACK = "127.0.0.1"
REGION = "eu-west-1"
REPLICA_REGION = "eu-central-1"
KEY_ID, KEY_SECRET = "test", "test"

POLL_SECONDS = 0.05
POLL_TRIES = 600  # 30 s: an order of magnitude above what any judge needs on a busy machine
START_TRIES = 3  # a port that was free may be taken before the server binds it


def clean_env(home, **extra):
    """An environment made from nothing: AWS_*, proxies and profiles of the machine must not decide a result."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": KEY_SECRET,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        **extra,
    }


def forget_the_machine(home):
    """The same for this very process: boto3 reads os.environ and the files under HOME."""
    kept = clean_env(home)
    os.environ.clear()
    os.environ.update(kept)


def free_port():
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def poll(question, what, child=None):
    """Ask until the answer is not None, a bounded number of times; a dead child ends it early."""
    for _ in range(POLL_TRIES):
        answer = question()
        if answer is not None:
            return answer
        if child is not None and child.poll() is not None:
            raise ChildDied(f"{what}: the process ended with exit code {child.returncode}")
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f"{what}: no answer after {POLL_TRIES} tries")


class ChildDied(RuntimeError):
    """The process ended before it was ready."""


@contextlib.contextmanager
def running(args, env, log):
    """Run one child; end that very process afterwards, whatever happens."""
    with open(log, "wb") as sink:
        child = subprocess.Popen(args, env=env, cwd=env["HOME"], stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def http_answers(url):
    """True once something answers HTTP at all; None (ask again) until then. No proxy is asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(url, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return None
    return True


def post(url, body):
    """Emulator set-up calls; straight to loopback, through no proxy."""
    return _open(urllib.request.Request(url, data=json.dumps(body).encode(), method="POST"))


def get(url):
    return _open(url)


def _open(request):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=5) as answer:
        return answer.read()


@contextlib.contextmanager
def serving(name, command, home):
    """Start an emulator on a free port and yield its URL. `command(port)` gives (arguments, environment)."""
    for attempt in range(1, START_TRIES + 1):
        port = free_port()
        args, extra = command(port)
        log = pathlib.Path(home) / f"{name}-{attempt}.log"
        url = f"http://{LOOPBACK}:{port}"
        with running(args, clean_env(home, **extra), log) as child:
            try:
                poll(lambda: http_answers(url), f"{name} on {url}", child)
            except ChildDied as died:
                if attempt == START_TRIES:
                    raise RuntimeError(f"{died}\n{tail(log)}") from died
                continue
            yield url
            return


def tail(log, lines=20):
    return "\n".join(pathlib.Path(log).read_text(errors="replace").splitlines()[-lines:])


def installed(program):
    """A program of the same virtual environment as this Python."""
    return str(pathlib.Path(sys.executable).parent / program)
