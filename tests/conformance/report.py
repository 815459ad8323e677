"""The tally: what was checked, what held, and the plain lines that say so."""

import sys


class Report:
    """Counts checks; only failures and summary lines are printed, so that they are read."""

    def __init__(self, out=sys.stdout):
        self.out = out
        self.passed = 0
        self.failed = 0

    def say(self, line):
        """Print one plain line at once, so that a run that hangs shows where."""
        print(line, file=self.out, flush=True)

    def check(self, holds, what):
        """Count one check; name it when it does not hold."""
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            self.say(f"FAILED {what}")
        return bool(holds)

    @property
    def total(self):
        return self.passed + self.failed

    def finish(self):
        """Print the last line and return the exit code. A run that checked nothing has failed."""
        if self.total == 0:
            self.check(False, "nothing was checked")
        self.say(f"conformance: {self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0
