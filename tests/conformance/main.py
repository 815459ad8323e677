"""Run the judges: `main.py SECDASH_BINARY [moto|ministack|boto3 ...]`; all of them when none is named."""

import signal
import sys
import tempfile

from process import REGION, forget_the_machine
from report import Report


def main(binary, names):
    report = Report()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that children are ended then, too
    with tempfile.TemporaryDirectory(prefix="secdash-conformance-") as home:
        forget_the_machine(home)
        for name, run in judges(binary, home, report).items():
            if names and name not in names:
                continue
            try:
                run()
            except Exception as error:  # one judge that breaks must not hide what the others say
                report.check(False, f"{name}: {type(error).__name__}: {error}")
    return report.finish()


def judges(binary, home, report):
    """Name → what to run. boto3 is loaded only here, after the environment has been cleaned."""
    import boto3
    from botocore.config import Config

    from client_judge import judge_client
    from demo_judge import judge_demo
    from judges import JUDGES
    from secdash import Secdash

    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    # One attempt: a fault that is raised once must be seen, not retried away.
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30)
    secdash = Secdash(binary, home)
    runs = {judge.name: lambda judge=judge: judge_client(judge, session, config, secdash, report) for judge in JUDGES}
    runs["boto3"] = lambda: judge_demo(session, secdash, report)
    return runs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
