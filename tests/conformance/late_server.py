"""A server whose clock is an hour ahead: a `wrapper` of ServerProcess, so its arguments are the server's own command line."""

import sys
import time
from datetime import UTC, datetime, timedelta

from ossicle.app import wiring

AHEAD = timedelta(hours=1)


def main(arguments: list[str]) -> None:
    """Move what tells the server and its `Date` header the time, and serve."""
    seconds = time.time
    time.time = lambda: seconds() + AHEAD.total_seconds()
    wiring.system_clock = lambda: datetime.now(UTC) + AHEAD
    from ossicle.cli import main as ossicle

    sys.argv = ["ossicle", *arguments]
    ossicle()


if __name__ == "__main__":
    main(sys.argv[sys.argv.index("ossicle") + 1 :])
