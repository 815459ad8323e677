"""What a judge needs that asks for more than lists: one emulator, and the two who talk to it."""

from dataclasses import dataclass

from process import REGION


@dataclass(frozen=True)
class Place:
    """`client(service)` is boto3's client of the emulator at `url`."""

    judge: str
    secdash: object
    client: object
    url: str
    report: object

    def run(self, *args):
        """(exit code, events, stderr) of a command that ends."""
        return self.secdash.lines(REGION, self.url, *args)

    def going(self, *args):
        """A command that goes on."""
        return self.secdash.going(REGION, self.url, *args)

    def check(self, holds, what):
        return self.report.check(holds, f"{self.judge}: {what}")
